package sheet

import (
	"fmt"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Overview is the block that a scan and the demo end with: what is to do, the first thing in one picture, and what to type next.
func Overview(w *term.Screen, p Page) error {
	a, n := p.Assessment, names(p.Assessment)
	c := counts(a, p.Gate)
	fmt.Fprintf(w, "  %d to fix      %d to watch      %d we could not see      %d out of mind\n\n", c[toFix], c[toWatch], c[unseen], c[outOfMind])
	rows, _ := shown(a, p.Gate, false)
	var fix []thing
	for _, t := range rows {
		if stand(a, t, p.Gate) == toFix {
			fix = append(fix, t)
		}
	}
	for i, t := range fix {
		if i == 5 {
			fmt.Fprintf(w, "      and %d more\n", len(fix)-i)
			break
		}
		line := fmt.Sprintf("  %2d  %s%s", t.top().Risk(), term.Pad(term.Fit(t.id(), 17), 19), n.sentence(t.top()))
		fmt.Fprintln(w, term.Fit(line, w.Width))
	}
	if says, n := shared(fix); n >= 3 {
		fmt.Fprintln(w, term.Fit(fmt.Sprintf("\n  %d of the %d share one way in: %s.", n, len(fix), says), w.Width+1))
	}
	if len(fix) > 0 {
		fmt.Fprintf(w, "\n  Risk is impact × likelihood, 25 at most. Act at %d.\n\n", p.Gate)
		p.start(w, n, fix[0].top())
	} else {
		fmt.Fprintf(w, "  Nothing to fix that we could see. Risk is impact × likelihood; act at %d.\n", p.Gate)
		p.gaps(w)
	}
	fmt.Fprintln(w, "\nThen")
	for _, l := range [][2]string{{"risk", "every risk, and why"}, {"who admin", "who can take it over, and how"}, {"list", "what there is, and what was not seen"}} {
		suggest(w, p.Command(l[0]), l[1])
	}
	return nil
}

// shared is the way in that is the worst of most rows, and of how many: closing one closes them.
func shared(fix []thing) (says string, most int) {
	count := map[*access.Entry]int{}
	for _, t := range fix {
		if paths := t.top().Beside.Paths; len(paths) > 0 {
			e := paths[0].Entry
			if count[e]++; count[e] > most {
				says, most = e.Says, count[e]
			}
		}
	}
	return says, most
}

// suggest prints a command to type, and what it shows; a long command keeps the line to itself.
func suggest(w *term.Screen, command, shows string) {
	if term.Width(command) > commandWidth-2 {
		fmt.Fprintf(w, "  %s\n", command)
		return
	}
	fmt.Fprintf(w, "  %s%s\n", term.Pad(command, commandWidth), shows)
}

// commandWidth is the column after the commands to type next.
const commandWidth = 42

// sentence tells a row's worst path as people would.
func (n *namer) sentence(r *risk.Row) string {
	if len(r.Beside.Paths) == 0 {
		return "Nobody reaches it, by what was read."
	}
	s := r.Beside.Paths[0]
	does := "reads it"
	if r.Access == access.Write {
		does = "changes it"
	}
	if r.ID == risk.AccountID {
		return fmt.Sprintf("%d can take it over; the easiest: %s.", len(r.Beside.Actors), s.Entry.Says)
	}
	via := ""
	for _, st := range s.Steps {
		if st.By == "snapshot-of" {
			return begin(s.Entry) + " can copy its " + n.kind(st.From) + "."
		}
		if st.By == "secret-opens" {
			via = " through its " + n.kind(st.From)
		}
	}
	return begin(s.Entry) + ", " + does + via + "."
}

// begin is the way in as the first words of a sentence. A name keeps its small letter.
func begin(e *access.Entry) string {
	switch e.Kind {
	case access.ExposedHost, access.WebHost, access.PrivateHost, access.PasswordMFA, access.PasswordNoMFA:
		return e.Says
	}
	if e.Says == "" {
		return e.Says
	}
	return strings.ToUpper(e.Says[:1]) + e.Says[1:]
}

// start draws the first thing to do: the worst path, where to cut it, and what the cut leaves.
func (p Page) start(w *term.Screen, n *namer, r *risk.Row) {
	if len(r.Beside.Paths) == 0 {
		return
	}
	path := r.Beside.Paths[0].Path
	parts := append([]string{path.Entry.Says}, n.over(path)...)
	parts = append(parts, fmt.Sprintf("%s %s", r.Access, r.ID))
	strip := "  " + parts[0] + " ──x──▶ " + strings.Join(parts[1:], " ───▶ ")
	fmt.Fprintln(w, "Start here")
	fmt.Fprintln(w, term.Fit(strip, w.Width))
	if after, ok := p.without(path, r); ok {
		note := "without this way: "
		if after == r.Risk() {
			note = "others hold it there: "
		}
		fmt.Fprintf(w, "%s%s%d → %d\n", strings.Repeat(" ", 4), note, r.Risk(), after)
	}
	fmt.Fprintln(w)
	suggest(w, p.Command("risk "+r.ID+":"+verbOfAccess(r.Access)), "the arithmetic, and every way")
}

// without judges the account again as if the first edge of a path were not there.
func (p Page) without(path access.Path, r *risk.Row) (int, bool) {
	a := p.Assessment
	cut := path.Entry.ID
	if path.Entry.Kind == access.Public || path.Entry.Kind == access.AnyPrincipal {
		to := string(path.Resource)
		if len(path.Steps) > 0 {
			to = path.Steps[0].From
			if to == path.Principal {
				to = path.Steps[0].To
			}
		}
		cut = path.Principal + ">" + to
	}
	b, err := assess.Of(assess.Input{Snapshot: a.Snapshot, Model: a.Model, Cut: append([]string{cut}, a.Cut...)})
	if err != nil {
		return 0, false
	}
	return riskOf(b, r.Key, r.Access), true
}

func riskOf(a *assess.Assessment, k snapshot.Key, c access.Capability) int {
	for i := range a.Sheet.Rows {
		if r := &a.Sheet.Rows[i]; r.Key == k && r.Access == c {
			return r.Risk()
		}
	}
	return 0
}
