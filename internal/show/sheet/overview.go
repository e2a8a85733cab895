package sheet

import (
	"cmp"
	"fmt"
	"slices"
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
	if c[settled] > 0 {
		fmt.Fprintf(w, "  %d to fix    %d to watch    %d we could not see    %d settled    %d out of mind\n\n", c[toFix], c[toWatch], c[unseen], c[settled], c[outOfMind])
	} else {
		fmt.Fprintf(w, "  %d to fix      %d to watch      %d we could not see      %d out of mind\n\n", c[toFix], c[toWatch], c[unseen], c[outOfMind])
	}
	rows, _ := shown(a, things(a), p.Gate, true)
	var fix []thing
	for _, t := range rows {
		if stand(a, t, p.Gate) == toFix {
			fix = append(fix, t)
		}
	}
	wide := slices.ContainsFunc(fix[:min(len(fix), 5)], func(t thing) bool { return t.top.Unknown() })
	for i, t := range fix {
		if i == 5 {
			fmt.Fprintf(w, "      and %d more\n", len(fix)-i)
			break
		}
		line := fmt.Sprintf("  %s  %s%s", number(t.top, wide), term.Pad(term.Fit(t.id(), 17), 19), n.sentence(t.top))
		fmt.Fprintln(w, term.Fit(line, w.Width))
	}
	first, sharing := shared(fix)
	if sharing >= 3 {
		says := first.top.Beside.Worst.Says
		fmt.Fprintln(w, term.Fit(fmt.Sprintf("\n  %d of the %d share one way in: %s.", sharing, len(fix), says), w.Width+1))
		fix = append([]thing{first}, fix...)
	}
	if len(fix) > 0 {
		fmt.Fprintf(w, "\n  Risk is impact × likelihood, 25 at most. Act at %d.\n\n", p.Gate)
		p.start(w, n, fix)
	} else {
		fmt.Fprintf(w, "  Nothing to fix that we could see. Risk is impact × likelihood; act at %d.\n", p.Gate)
		p.gaps(w)
	}
	fmt.Fprintln(w, "\nThen")
	then := [][2]string{{"risk", "every risk, and why"}, {"who admin", "who can take it over, and how"}, {"list", "what there is, and what was not seen"}}
	if len(a.Model.Resources) == 0 {
		then = append(then, [2]string{"init", "a first footing.yaml: what you mean"})
	} else {
		then = append(then, [2]string{"report -o leaflet.html", "three pages, to print"})
	}
	for _, l := range then {
		suggest(w, p.Command(l[0]), l[1])
	}
	return nil
}

// number is a risk, or its range where something of it was not read.
func number(r *risk.Row, wide bool) string {
	switch {
	case r.Unknown():
		return fmt.Sprintf("%2d…%d ?", r.Low(), r.Risk())
	case wide:
		return fmt.Sprintf("%2d     ", r.Risk())
	}
	return fmt.Sprintf("%2d", r.Risk())
}

// shared finds the way in that is the worst of most rows: the first of those rows, and how many there are. Closing one closes them.
func shared(fix []thing) (first thing, most int) {
	count, of := map[*access.Entry]int{}, map[*access.Entry]thing{}
	for _, t := range fix {
		e := t.top.Beside.Worst
		if e == nil {
			continue
		}
		if count[e] == 0 {
			of[e] = t
		}
		if count[e]++; count[e] > most {
			first, most = of[e], count[e]
		}
	}
	return first, most
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
	n.a.Sheet.Tell(r)
	switch {
	case spoken(r):
		return fmt.Sprintf("%s says how likely it is, until %s.", short(r.Override.By), r.Override.Until)
	case len(r.Beside.Paths) == 0:
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

// ourWords begin the sayings of entry points that do not begin with a name.
var ourWords = []string{"account", "another", "any", "anybody", "anyone", "key", "people", "pods", "root", "signed-up", "somebody", "the", "what"}

// begin is the way in as the first words of a sentence. A name keeps its small letter.
func begin(e *access.Entry) string {
	word, _, _ := strings.Cut(e.Says, " ")
	if !slices.Contains(ourWords, strings.TrimSuffix(word, ",")) {
		return e.Says
	}
	return strings.ToUpper(e.Says[:1]) + e.Says[1:]
}

// tries is how many rows are judged again without their worst way, to find one where closing it helps.
const tries = 3

// start draws the first thing to do: a worst path whose cut lowers its risk, where to cut it, and what the cut leaves.
// A way that was only not read is no place to start: there, reading it is.
func (p Page) start(w *term.Screen, n *namer, fix []thing) {
	fmt.Fprintln(w, "Start here")
	var row, wanted *risk.Row
	after, tried := 0, 0
	for _, t := range fix {
		r := t.top
		p.Assessment.Sheet.Tell(r)
		if meant(r) {
			wanted = cmp.Or(wanted, r)
			continue
		}
		if tried++; tried > tries {
			break
		}
		if len(r.Beside.Paths) == 0 || spoken(r) || r.Beside.Paths[0].Entry.Unknown || !r.Beside.Paths[0].Seen {
			continue
		}
		left := p.without(r.Beside.Paths[0].Path, r)
		if row == nil || left < r.Risk() {
			row, after = r, left
		}
		if after < row.Risk() {
			break
		}
	}
	if row == nil && wanted != nil {
		fmt.Fprintln(w, term.Fit(fmt.Sprintf("  The worst ways are meant, as the one to %s: guard them, or let them reach less.", wanted.ID), w.Width))
		fmt.Fprintln(w)
		suggest(w, p.Command("risk "+wanted.ID+":"+verbOfAccess(wanted.Access)), "the arithmetic, and every way")
		return
	}
	if row == nil {
		fmt.Fprintln(w, "  The worst ways are those that were not read. See them first:")
		fmt.Fprintln(w)
		suggest(w, p.Program+" scan --print-policy", "what a scan must be allowed to read")
		return
	}
	path := row.Beside.Paths[0].Path
	parts := append(n.over(path), fmt.Sprintf("%s %s", row.Access, row.ID))
	fmt.Fprintln(w, term.Fit("  "+path.Entry.Says+" ──x──▶ "+strings.Join(parts, " ───▶ "), w.Width))
	if after < row.Risk() {
		fmt.Fprintf(w, "    without this way: %d → %d\n", row.Risk(), after)
	} else {
		fmt.Fprintf(w, "    one of several that hold it at %d: each must go\n", row.Risk())
	}
	fmt.Fprintln(w)
	suggest(w, p.Command("risk "+row.ID+":"+verbOfAccess(row.Access)), "the arithmetic, and every way")
}

// without judges the account again as if the first edge of a path were not there.
func (p Page) without(path access.Path, r *risk.Row) int {
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
	return riskOf(p.Assessment.Without(cut), r.Key, r.Access)
}

func riskOf(a *assess.Assessment, k snapshot.Key, c access.Capability) int {
	for i := range a.Sheet.Rows {
		if r := &a.Sheet.Rows[i]; r.Key == k && r.Access == c {
			return r.Risk()
		}
	}
	return 0
}
