package sheet

import (
	"fmt"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/show/term"
)

// Page is what every screen of this package needs to know beside the assessment.
type Page struct {
	Assessment *assess.Assessment
	Now        time.Time
	Gate       int
	Command    func(verb string) string // how a verb is typed
	Program    string                   // how the program is typed
}

// head says which account and how old the picture is.
func (p Page) head(w *term.Screen) {
	s := p.Assessment.Snapshot
	name := strings.TrimSpace(term.Clean(s.Name) + " " + s.Account)
	fmt.Fprintf(w, "%s · scanned %s · likelihood table %s\n\n", w.Bold(name), term.Age(s.Taken, p.Now), risk.TableVersion)
}

// tall is how many lines a screen has.
const tall = 24

// Risk is the risk sheet: the matrix, and a line for each resource that is not out of mind.
func Risk(w *term.Screen, p Page, all bool) error {
	a, n := p.Assessment, names(p.Assessment)
	p.head(w)
	rows, hidden := shown(a, things(a), p.Gate, !all)
	if len(rows) == 0 {
		fmt.Fprintf(w, "Nothing to act on: %s stay below the lowest threshold.\n", term.Count(hidden, "resource", "resources"))
		p.gaps(w)
		fmt.Fprintf(w, "\n All    %s\n", p.Command("risk --all"))
		p.defaults(w)
		return nil
	}
	stale := staleOnes(a)
	room := tall - 17 // head, matrix, heads, the line, what is hidden, and what to do next
	if len(stale) > 0 {
		room--
	}
	if len(a.Snapshot.Gaps()) == 0 {
		room++
	}
	if a.File == "" {
		room--
	}
	more := 0
	if !all && len(rows) > room {
		more = len(rows) - room
		rows = rows[:room]
	}
	for _, line := range matrix(rows, p.Gate) {
		fmt.Fprintln(w, line)
	}
	fmt.Fprintf(w, "\n                     READ      WRITE     %s\n", w.Dim("by the worst path"))
	p.lines(w, rows, n.reason)
	p.rest(w, more, hidden)
	if len(stale) > 0 {
		says := fmt.Sprintf(" !  stale: %s; the higher likelihood counts, and the gate fails", strings.Join(stale, ", "))
		fmt.Fprintln(w, term.Fit(says, w.Width))
	}
	p.gaps(w)
	p.next(w, n, rows)
	return nil
}

// rest counts what a screen leaves out.
func (p Page) rest(w *term.Screen, more, hidden int) {
	switch {
	case more > 0 && hidden > 0:
		fmt.Fprintf(w, "   %d more from %d on, and %d below it that are out of mind (--all)\n", more, p.lowest(), hidden)
	case more > 0:
		fmt.Fprintf(w, "   %d more from %d on (--all)\n", more, p.lowest())
	case hidden > 0:
		fmt.Fprintf(w, "   %d more stay below %d: out of mind (--all)\n", hidden, p.lowest())
	}
}

// lines prints one line a thing, and the line of the gate between those above it and the rest.
func (p Page) lines(w *term.Screen, rows []thing, reason func(thing) string) {
	drawn := false
	for i, t := range rows {
		if !drawn && !above(stand(p.Assessment, t, p.Gate), t, p.Gate) {
			fmt.Fprintf(w, " ── %d ── act above this line %s\n", p.Gate, strings.Repeat("─", max(w.Width-36, 4)))
			drawn = true
		}
		line := fmt.Sprintf("%2d %-17s %-9s %-9s %s", i+1, term.Fit(t.id(), 17), figure(t.read), figure(t.write), reason(t))
		fmt.Fprintln(w, strings.TrimRight(term.Fit(line, w.Width), " "))
	}
}

// staleOnes names the rows whose override is stale.
func staleOnes(a *assess.Assessment) []string {
	var out []string
	for i := range a.Sheet.Rows {
		if r := &a.Sheet.Rows[i]; r.Stale() {
			out = append(out, r.ID+":"+verbOfAccess(r.Access))
		}
	}
	return out
}

func (p Page) lowest() int {
	n := p.Gate
	for _, t := range p.Assessment.Model.Thresholds {
		n = min(n, t.At)
	}
	return n
}

// gaps says in one line that something was not seen.
func (p Page) gaps(w *term.Screen) {
	if n := len(p.Assessment.Snapshot.Gaps()); n > 0 {
		fmt.Fprintf(w, " %s  %s; what depends on it is marked ?\n", w.Yellow("?"), term.Count(n, "call gave no answer", "calls gave no answer"))
	}
}

// next says what to do first and what that changes, where it is explained, and how to see what was not seen.
func (p Page) next(w *term.Screen, n *namer, rows []thing) {
	top := rows[0].top
	fmt.Fprintln(w)
	if r, after := p.first(rows); r != nil && meant(r) {
		holds := fmt.Sprintf(": it is meant, and holds %s at %d", term.Fit(r.ID, 17), r.Risk())
		fmt.Fprintf(w, " First  guard %s%s\n", term.Fit(n.trail(r.Beside.Paths[0].Path), w.Width-14-term.Width(holds)), holds)
		top = r
	} else if r != nil {
		change := fmt.Sprintf(": %s %d → %d", term.Fit(r.ID, 17), r.Risk(), after)
		if after == r.Risk() {
			change = fmt.Sprintf(": %s stays %d, by other ways", term.Fit(r.ID, 17), after)
		}
		fmt.Fprintf(w, " First  cut %s%s\n", term.Fit(n.trail(r.Beside.Paths[0].Path), w.Width-12-term.Width(change)), change)
		top = r
	}
	fmt.Fprintf(w, " Why    %s\n", p.Command("risk "+top.ID+":"+verbOfAccess(top.Access)))
	for i, t := range rows {
		if stand(p.Assessment, t, p.Gate) == unseen && !t.read.Asset {
			fmt.Fprintf(w, " See %d  attach what %q prints, and scan again\n", i+1, p.Program+" scan --print-policy")
			break
		}
	}
	p.defaults(w)
}

// defaults says by which thresholds an account is judged whose people stated nothing.
func (p Page) defaults(w *term.Screen) {
	if p.Assessment.File != "" {
		return
	}
	var at []string
	for _, t := range p.Assessment.Model.Thresholds {
		at = append(at, fmt.Sprintf("%d %s", t.At, strings.ReplaceAll(t.Action, "-", " ")))
	}
	fmt.Fprintln(w, term.Fit(fmt.Sprintf(" State  %s; until then the defaults: %s", p.Command("init"), strings.Join(at, ", ")), w.Width))
}

// meant tells whether somebody stated the worst way of a row: it is guarded, and not cut.
func meant(r *risk.Row) bool { return len(r.Beside.Paths) > 0 && r.Beside.Paths[0].Meant != "" }

// first is the first row to fix whose worst way is one that was seen and that lowers it when it is closed, and what the row is then; else
// the first that is to fix. One whose worst way is meant comes after those where it is not. nil when none is.
func (p Page) first(rows []thing) (row *risk.Row, after int) {
	for _, t := range rows {
		r := t.top
		if stand(p.Assessment, t, p.Gate) != toFix || r.State != risk.Open || spoken(r) {
			continue
		}
		p.Assessment.Sheet.Tell(r)
		if len(r.Beside.Paths) == 0 || r.Beside.Paths[0].Entry.Unknown || !r.Beside.Paths[0].Seen {
			continue
		}
		left := r.Impact.Level * r.Beside.Without(0).Level
		if row == nil || meant(row) && !meant(r) || left < r.Risk() && !meant(r) {
			row, after = r, left
		}
		if left < r.Risk() && !meant(r) {
			break
		}
	}
	return row, after
}

// figure is a risk with its two factors, or its range, with a sign when somebody's word is in it, or when it is settled.
func figure(r *risk.Row) string {
	sign := ""
	if spoken(r) {
		sign = " !"
	}
	if r.State != risk.Open {
		sign = " ="
	}
	switch {
	case r.Unknown():
		return fmt.Sprintf("%d…%d ?%s", r.Low(), r.Risk(), sign)
	case r.Risk() == 0:
		return " –"
	}
	return fmt.Sprintf("%2d %d×%d%s", r.Risk(), r.Impact.Level, r.Beside.Level, sign)
}

// spoken tells whether somebody's word stands in the place of a computed likelihood.
func spoken(r *risk.Row) bool { return r.Override != nil && r.Override.Standing == risk.InForce }

// reason is the worst path in a few words, or what was not seen, or who settled it.
func (n *namer) reason(t thing) string {
	r := t.top
	switch {
	case r.Waiver != nil:
		return fmt.Sprintf("accepted by %s until %s", short(r.Waiver.By), r.Waiver.Until)
	case r.State == risk.InForce:
		th, _ := n.a.Model.Threshold(r.Risk())
		return "in force: objective " + th.Objective
	case spoken(r):
		return fmt.Sprintf("computed %d; %s's word until %s", r.Beside.Computed(), short(r.Override.By), r.Override.Until)
	}
	n.a.Sheet.Tell(r)
	if r.Unknown() {
		if s := n.unread(r); s != "" {
			return s
		}
	}
	if len(r.Beside.Paths) == 0 {
		return "nobody, by what was read"
	}
	return n.trail(r.Beside.Paths[0].Path)
}

// short is the name in an address: "ana" of ana@acme.example.
func short(by string) string {
	name, _, _ := strings.Cut(term.Clean(by), "@")
	return name
}

// unread names what of a resource was not read.
func (n *namer) unread(r *risk.Row) string {
	if r.Asset {
		return "outside AWS: nothing of it is read"
	}
	for _, u := range r.Unread {
		if u == "Policy" {
			return "its policy could not be read"
		}
		if u == "KeyPolicy" || u == "RepositoryPolicyText" {
			return "its policy could not be read"
		}
	}
	if r.Beside.Unknown() {
		for _, p := range r.Beside.Paths {
			if p.Low != p.High {
				return p.Terms[0].Says
			}
		}
	}
	for _, t := range r.Impact.Terms {
		if r.Impact.Low != r.Impact.Level && strings.HasSuffix(t.Says, "was not read") {
			return t.Says
		}
	}
	return ""
}
