package sheet

import (
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/show/term"
)

// Sheets are the words of --sheet, with the kinds of rows that they ask for.
var Sheets = []struct{ Word, Kind string }{
	{"resources", risk.Resource}, {"components", risk.Component}, {"use-cases", risk.UseCase}, {"actors", risk.Actor}, {"entry-points", risk.EntryPoint},
}

// mostGroups is how many groups fit a screen of 24 lines.
const mostGroups = 15

// Groups is one of the other sheets: the same ways, by who or what they go through.
func Groups(w *term.Screen, p Page, word string, rows []risk.Row, all bool) error {
	a, n := p.Assessment, names(p.Assessment)
	p.head(w)
	for i := range rows { // as people call it
		rows[i].ID = n.group(&rows[i])
	}
	list, hidden := shown(a, pairs(a, rows), p.Gate, !all)
	if len(rows) == 0 {
		fmt.Fprintf(w, "footing.yaml states no %s.\n\n Read   docs/footing-yaml.md\n", word)
		return nil
	}
	more := 0
	if !all && len(list) > mostGroups {
		more = len(list) - mostGroups
		list = list[:mostGroups]
	}
	fmt.Fprintf(w, "   %-17s READ      WRITE     %s\n", word, w.Dim("the worst target, by the worst way"))
	p.lines(w, list, n.worst)
	p.rest(w, more, hidden)
	if slices.ContainsFunc(list, func(t thing) bool { return signed(t.read) || signed(t.write) }) {
		fmt.Fprintln(w, "    = settled, see its target   ! somebody's word for the likelihood")
	}
	p.gaps(w)
	if len(list) > 0 && list[0].top.Target != "" {
		fmt.Fprintf(w, "\n Why    %s\n", p.Command("risk "+list[0].top.Target+":"+verbOfAccess(list[0].top.Access)))
	}
	return nil
}

// group is what people call a group: as it is stated, else by the name of what it is.
func (n *namer) group(r *risk.Row) string {
	switch {
	case r.Name != "":
		return r.Name
	case r.Kind == risk.Actor:
		return n.of(r.ID)
	}
	return r.ID
}

// worst names the target of a group and the worst way to it; of an entry point, whose way in is said already, what that goes over.
func (n *namer) worst(t thing) string {
	r := t.top
	if len(r.Beside.Paths) == 0 {
		return "no way goes through it"
	}
	p := r.Beside.Paths[0].Path
	if r.Kind != risk.EntryPoint || n.group(r) != p.Entry.Says {
		return r.Target + ": " + n.trail(p)
	}
	return strings.Join(append([]string{r.Target}, n.over(p)...), ": ")
}

// signed tells whether a figure has a sign to explain.
func signed(r *risk.Row) bool { return spoken(r) || r.State != risk.Open }
