package practice

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/footing-dev/footing/catalog/practice"
	"github.com/footing-dev/footing/internal/judge/evidence"
	"github.com/footing-dev/footing/internal/show/term"
)

// words are the heads of the columns.
var words = map[evidence.State]string{evidence.Evidenced: "shown", evidence.Failing: "fails", evidence.Unknown: "unknown", evidence.Waived: "waived", evidence.Attested: "said",
	evidence.Unanswered: "unsaid", evidence.NotApplicable: "nothing", evidence.NotCovered: "not covered"}

const screenLines = 24

// Text is the screen: a line a group with its counts, then the worst, as many as fit.
func Text(w *term.Screen, v View) error {
	s, total, items := v.Assessment.Snapshot, v.count(), 0
	for _, n := range total {
		items += n
	}
	fmt.Fprintf(w, "%s · scanned %s\n%s %s · %d items\n", w.Bold(strings.TrimSpace(term.Clean(s.Name)+" "+s.Account)), term.Age(s.Taken, v.Now), v.Table.Title, v.Table.Edition, items)
	columns := []term.Column{{}, {Least: 12}}
	var shown []evidence.State
	for _, state := range evidence.States() {
		if total[state] > 0 {
			columns, shown = append(columns, term.Column{Head: words[state], Right: true}), append(shown, state)
		}
	}
	var rows [][]string
	for i := range v.Groups {
		g := &v.Groups[i]
		row, counts := []string{g.ID, g.Name}, g.Count()
		for _, state := range shown {
			row = append(row, number(counts[state]))
		}
		rows = append(rows, row)
	}
	if err := term.Table(w, columns, rows); err != nil {
		return err
	}
	v.list(w, screenLines-len(rows)-3-4) // three lines above the rows, and four below the list
	v.foot(w, total)
	return nil
}

func number(n int) string {
	if n == 0 {
		return "·"
	}
	return strconv.Itoa(n)
}

const idWidth = 12

// list tells the worst on so many lines.
func (v *View) list(w *term.Screen, lines int) {
	worst := v.worst()
	if len(worst) > 0 {
		fmt.Fprintln(w)
		lines--
	}
	for n, f := range worst {
		if n+1 >= lines && n+1 < len(worst) {
			fmt.Fprintf(w, "   and %s\n", term.Count(len(worst)-n, "more", "more"))
			return
		}
		sign, paint := " ✗ ", w.Red
		if f.State == evidence.Unknown {
			sign, paint = " ? ", w.Yellow
		}
		risk := ""
		if f.Worst > 0 {
			risk = fmt.Sprintf("risk %2d", f.Worst)
		}
		width := w.Width - len(" ✗ ") + 2 - idWidth - 9
		fmt.Fprintln(w, strings.TrimRight(paint(sign+term.Pad(f.ID, idWidth))+term.Pad(term.Fit(term.Clean(f.Says), width), width+2)+risk, " "))
	}
}

// foot says how much of what is shown is seen at all, and where all of it stands.
func (v *View) foot(w *term.Screen, total map[evidence.State]int) {
	most, part := 0, 0
	for g := range v.Groups {
		for i := range v.Groups[g].Findings {
			if f := &v.Groups[g].Findings[i]; f.State == evidence.Evidenced {
				most += flag(f.Sees == practice.Most)
				part += flag(f.Sees != practice.Most)
			}
		}
	}
	fmt.Fprintln(w)
	if total[evidence.Evidenced] > 0 {
		fmt.Fprintf(w, " Shown       of %d most of what it asks, of %d a part: more no scan sees\n", most, part)
	}
	if open := total[evidence.Unanswered]; open > 0 {
		fmt.Fprintf(w, " Unsaid      %s in footing.yaml: attestations\n", term.Count(open, "wants somebody's word", "want somebody's word"))
	}
	fmt.Fprintf(w, " All         %s\n", v.Command("check --by "+v.By+" --format markdown"))
}
