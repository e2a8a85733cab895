package sheet

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/act/review"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
)

// ReviewJSON is `review --format json`.
type ReviewJSON struct {
	Footing     int              `json:"footing"`
	Account     string           `json:"account"`
	Since       *time.Time       `json:"since"` // when the last review was signed; null when none was
	Snapshot    string           `json:"snapshot"`
	Last        *SignedJSON      `json:"last"`
	Signed      *SignedJSON      `json:"signed"` // by this run
	Days        int              `json:"days"`   // between reviews
	Due         *string          `json:"due"`    // a day; null when none was signed: now
	Overdue     bool             `json:"overdue"`
	Objectives  []assess.Verdict `json:"objectives"`
	Delta       *DeltaJSON       `json:"delta"` // null when there is nothing to compare with
	Expiring    []EndingJSON     `json:"expiring"`
	Mitigations []MitigationJSON `json:"mitigations"`
	Unread      *int             `json:"unread"` // news; null: they were not looked for
	Milestone   string           `json:"milestone"`
}

// SignedJSON is a signed review without its rows.
type SignedJSON struct {
	At       time.Time `json:"at"`
	By       string    `json:"by"`
	Snapshot string    `json:"snapshot"`
	Taken    time.Time `json:"taken"`
	Digest   string    `json:"digest"`
	Table    string    `json:"table"`
}

// EndingJSON is something that people accepted until a day.
type EndingJSON struct {
	Kind   string `json:"kind"`
	About  string `json:"about"`
	Until  string `json:"until"`
	Ended  bool   `json:"ended"`
	By     string `json:"by"`
	Reason string `json:"reason"`
	Line   int    `json:"line"`
}

// MitigationJSON is what became of a mitigation.
type MitigationJSON struct {
	ID     string    `json:"id"`
	Say    string    `json:"say"`
	Status string    `json:"status"`
	State  string    `json:"state"`
	Ways   int       `json:"ways"`
	Since  time.Time `json:"since"`
}

func signedJSON(s *review.Signed) *SignedJSON {
	if s == nil {
		return nil
	}
	return &SignedJSON{s.At, s.By, s.Snapshot, s.Taken, s.Digest, s.Table}
}

// OfReview writes a review for scripts.
func OfReview(r *review.Review) ReviewJSON {
	out := ReviewJSON{Footing: 1, Account: r.Assessment.Snapshot.Account, Snapshot: r.Assessment.Snapshot.ID, Last: signedJSON(r.Last), Signed: signedJSON(r.Signed),
		Days: r.Days, Overdue: r.Overdue(r.Now), Objectives: append([]assess.Verdict{}, r.Objectives...), Expiring: []EndingJSON{}, Mitigations: []MitigationJSON{},
		Milestone: MilestoneCommand("WORKLOAD-ID", r.Assessment.Snapshot)}
	if due, ok := r.Due(); ok {
		day := due.Format(time.DateOnly)
		out.Since, out.Due = &r.Last.At, &day
	}
	if r.Delta != nil {
		d := Delta(r.Delta)
		out.Delta = &d
	}
	for _, e := range r.Endings {
		out.Expiring = append(out.Expiring, EndingJSON{e.Kind, e.About, e.Until.Format(time.DateOnly), e.Ended, e.By, e.Reason, e.Line})
	}
	for _, m := range r.Mitigations {
		out.Mitigations = append(out.Mitigations, MitigationJSON{m.ID, m.Say, m.Status, m.State, m.Ways, m.Since})
	}
	return out
}

// Milestone names a moment for the AWS Well-Architected Tool, in 3 to 100 characters, none of which means anything to a shell: the id of a snapshot in a
// file is what somebody wrote there.
// https://docs.aws.amazon.com/wellarchitected/latest/APIReference/API_CreateMilestone.html
func Milestone(s *snapshot.Snapshot) string {
	id := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.' {
			return r
		}
		return '_'
	}, s.ID)
	return "footing " + cmp.Or(id[:min(len(id), 90)], s.Taken.UTC().Format(time.DateOnly))
}

// MilestoneCommand is what keeps the answers of this moment in that tool. It is printed and never run.
func MilestoneCommand(workload string, s *snapshot.Snapshot) string {
	return fmt.Sprintf("aws wellarchitected create-milestone --workload-id %s --milestone-name %q", workload, Milestone(s))
}

// screenLines is how many lines a screen has.
const screenLines = 24

// Review is the screen of a review: what differs since the last one, what runs out, and when the next one is due. sign is what to type to
// sign it; "" where nobody can.
func Review(w *term.Screen, p Page, r *review.Review, sign string) error {
	p.head(w)
	room := screenLines
	if r.Signed != nil {
		room -= 2 // the milestone
	}
	facts := p.facts(r, 2)
	if len(facts) > room-14 {
		facts = p.facts(r, 1)
	}
	var lines []string
	switch {
	case r.Last == nil:
		c := counts(p.Assessment, p.Gate)
		lines = append(lines, "No review is signed yet: there is nothing to compare with.", "",
			fmt.Sprintf(" There       %s, %s", term.Count(len(p.Assessment.Snapshot.Resources), "resource", "resources"), term.Count(principals(p.Assessment.Snapshot), "user or role", "users and roles")),
			fmt.Sprintf(" Risks       %d to fix, %d to watch, %d we could not see, %d out of mind", c[toFix], c[toWatch], c[unseen], c[outOfMind]))
		if len(facts) > 0 {
			lines = append(lines, "")
		}
	default:
		lines = append(lines, dueSays(r)+"; signed last on "+r.Last.At.Format(time.DateOnly)+" by "+term.Clean(r.Last.By), "")
		n := r.Delta.Counts()
		lines = append(lines, fmt.Sprintf(" %d raised   %d lowered   %d resolved   %d unchanged", n[assess.Raises], n[assess.Lowers], n[assess.Resolves], n[assess.Unchanged]), "")
		if risks := p.riskLines(r.Delta, room-10-len(facts)); len(risks) > 0 {
			lines = append(append(lines, risks...), "")
		} else if len(facts) == 0 {
			lines = append(lines, "Nothing differs since, by all that was compared.")
		}
	}
	lines = append(lines, facts...)
	for _, l := range lines {
		fmt.Fprintln(w, term.Fit(l, w.Width))
	}
	p.reviewNext(w, r, sign)
	return nil
}

// dueSays is when the next review is due, once one was signed.
func dueSays(r *review.Review) string {
	due, _ := r.Due()
	days := int(due.Sub(r.Now.UTC().Truncate(24*time.Hour)).Hours() / 24)
	switch {
	case days < 0:
		return fmt.Sprintf("Overdue since %s", due.Format(time.DateOnly))
	case days == 0:
		return "Due today"
	}
	return fmt.Sprintf("Due %s, in %s", due.Format(time.DateOnly), term.Count(days, "day", "days"))
}

func principals(s *snapshot.Snapshot) int {
	return len(s.OfType("AWS::IAM::User")) + len(s.OfType("AWS::IAM::Role"))
}

// facts are what a review tells beside the risks, so many lines a subject at most.
func (p Page) facts(r *review.Review, most int) []string {
	n := names(p.Assessment)
	var out []string
	tell := func(label string, lines ...string) {
		for i, l := range lines {
			if i == most && l != "" {
				out[len(out)-1] = term.Fit(out[len(out)-1], term.Plain-15) + fmt.Sprintf(" (and %d more)", len(lines)-i)
				break
			}
			if l != "" {
				out = append(out, " "+term.Pad(label, 12)+l)
				label = ""
			}
		}
	}
	tell("Objectives", objectives(r)...)
	if d := r.Delta; d != nil {
		if !d.Whole {
			tell("Partly", "that snapshot is not here: only risks and what is said are compared")
		}
		p.deltaFacts(d, n, tell)
		if r.Last.Table != p.Assessment.Sheet.Table {
			tell("Table", fmt.Sprintf("the likelihood table was %s then, and is %s: numbers differ by that too", term.Clean(r.Last.Table), p.Assessment.Sheet.Table))
		}
	}
	var lines []string
	for _, e := range r.Endings {
		when := "until " + e.Until.Format(time.DateOnly)
		if e.Ended {
			when = "ended " + e.Until.Format(time.DateOnly)
		}
		lines = append(lines, term.Clean(fmt.Sprintf("%s %s, %s (line %d)", e.Kind, e.About, when, e.Line)))
	}
	tell("Ends", lines...)
	if len(r.Mitigations) > 0 {
		open, done := []string{review.Regressed, review.Unproven, review.Projected}, []string{review.Proven, review.NoEffect}
		if most > 1 {
			tell("Mitigations", standings(r.Mitigations, open...), standings(r.Mitigations, done...))
		} else {
			tell("Mitigations", standings(r.Mitigations, append(open, done...)...))
		}
	}
	return out
}

// standings names mitigations by their state.
func standings(all []review.Followed, states ...string) string {
	var by []string
	for _, state := range states {
		var ids []string
		for _, m := range all {
			if m.State == state {
				ids = append(ids, term.Clean(m.ID))
			}
		}
		if len(ids) > 0 {
			by = append(by, strings.ReplaceAll(state, "-", " ")+" "+some(ids))
		}
	}
	return strings.Join(by, " · ")
}

// objectives are those that broke, those that were mended, and those that are broken as before.
func objectives(r *review.Review) []string {
	var lines, still []string
	changed := map[string]bool{}
	if r.Delta != nil {
		for _, broken := range []bool{true, false} {
			for _, o := range r.Delta.Objectives {
				if o.Broken == broken {
					changed[o.ID] = true
					lines = append(lines, term.Clean(fmt.Sprintf("%s %s → %s: %s", o.ID, cmp.Or(o.Before, "new"), o.After, o.Say)))
				}
			}
		}
	}
	for _, v := range r.Objectives {
		if v.Outcome == "fail" && !changed[v.ID] {
			still = append(still, term.Clean(v.ID))
		}
	}
	if len(still) == 0 {
		return lines
	}
	return append(lines, "broken: "+some(still))
}

func (p Page) deltaFacts(d *assess.Delta, n *namer, tell func(string, ...string)) {
	if o, c := len(d.Ways.Opened), len(d.Ways.Closed); o+c > 0 {
		says := fmt.Sprintf("%s opened, %s closed", term.Number(o), term.Number(c))
		if o > 0 {
			w := d.Ways.Opened[0]
			to := w.Access.String() + " " + w.Row
			if w.Row == risk.AccountID {
				to = w.Row
			}
			says += fmt.Sprintf("; the widest: %s ▸ %s", n.trail(w.Path), to)
		}
		tell("Ways", term.Clean(says))
	}
	if r := d.Resources; !r.Empty() {
		var says []string
		for _, l := range []struct {
			n    int
			word string
		}{{len(r.Added), "new"}, {len(r.Gone), "gone"}, {len(r.Changed), "changed"}, {len(r.Unseen), "not seen again"}} {
			if l.n > 0 {
				says = append(says, term.Number(l.n)+" "+l.word)
			}
		}
		tell("Things", strings.Join(says, ", "))
	}
	var lines []string
	for _, l := range []struct {
		word string
		keys []snapshot.Key
	}{{"new", d.Principals.New}, {"gone", d.Principals.Gone}} {
		var list []string
		for _, k := range l.keys {
			list = append(list, term.Clean(n.kind(string(k))))
		}
		if len(list) > 0 {
			lines = append(lines, l.word+": "+some(list))
		}
	}
	tell("Users", strings.Join(lines, "; "))
	lines = nil
	for _, weak := range []bool{true, false} {
		for _, s := range d.Stated {
			if s.Weakens == weak {
				lines = append(lines, term.Clean(stated(s)))
			}
		}
	}
	tell("Said", lines...)
	if len(d.Unseen) > 0 {
		tell("Unseen", fmt.Sprintf("%s then, and not now: %s", term.Count(len(d.Unseen), "call answered", "calls answered"), term.Clean(d.Unseen[0].Call)))
	}
}

// stated is one change of what people say.
func stated(s assess.StatedChange) string {
	switch {
	case s.Before == "":
		return fmt.Sprintf("%s %s: now %s", s.Kind, s.About, s.After)
	case s.After == "":
		return fmt.Sprintf("%s %s: no longer %s", s.Kind, s.About, s.Before)
	}
	return fmt.Sprintf("%s %s: %s → %s", s.Kind, s.About, s.Before, s.After)
}

// some names the first few of a list.
func some(list []string) string {
	if len(list) > 3 {
		return fmt.Sprintf("%s and %d more", strings.Join(list[:3], ", "), len(list)-3)
	}
	return strings.Join(list, ", ")
}

// reviewNext says what to type: first what rose, then the signature.
func (p Page) reviewNext(w *term.Screen, r *review.Review, sign string) {
	fmt.Fprintln(w)
	if r.Signed != nil {
		due, _ := review.Schedule{Last: r.Signed, Days: r.Days}.Due()
		fmt.Fprintf(w, " Signed      by %s; commit %s\n", term.Fit(term.Clean(r.Signed.By), w.Width-45), review.File)
		fmt.Fprintf(w, " Next        %s, or when something changes\n", due.Format(time.DateOnly))
		command, name, _ := strings.Cut(MilestoneCommand("WORKLOAD-ID", r.Assessment.Snapshot), " --milestone-name ")
		fmt.Fprintf(w, " Milestone   %s \\\n               --milestone-name %s\n", command, name)
		return
	}
	label, why := "Read", "risk"
	if r.Delta != nil && len(r.Delta.Risks) > 0 {
		if c := &r.Delta.Risks[0]; c.Verdict == assess.Raises && p.matters(c) {
			label, why = "Why ", "risk "+c.ID+":"+verbOfAccess(c.Access)
		}
	}
	fmt.Fprintf(w, " %s        %s\n", label, p.Command(why))
	switch {
	case strings.Contains(sign, "--sign"):
		fmt.Fprintf(w, " Sign        %s\n", sign)
	case sign != "":
		fmt.Fprintf(w, " Sign        beside a footing.yaml, which is not there yet: %s\n", sign)
	}
}
