package inventory

import (
	"fmt"
	"strings"

	"github.com/footing-dev/footing/internal/judge/duty"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Duties counts what of a resource's security is the customer's to do: layers, of those that apply.
type Duties struct {
	Yours     int         `json:"yours"`  // yours alone, and shared ones
	Shared    int         `json:"shared"` // of Yours
	Of        int         `json:"of"`
	Evidenced *int        `json:"evidenced,omitempty"` // of Yours: a rule that holds covers it. Not there: no rule was judged
	Service   string      `json:"service"`
	Sure      bool        `json:"sure"`             // false: not all was read that would tell the service, and this is the one with the most duties
	Layers    []DutyLayer `json:"layers,omitempty"` // likewise

	layers []duty.Duty
}

// DutyLayer is one layer of the duties of a resource.
type DutyLayer struct {
	Layer string   `json:"layer"`
	Title string   `json:"title"`
	Whose string   `json:"whose"` // yours, shared, aws
	By    []string `json:"evidenced_by"`
	Not   []string `json:"open_by"` // rules that fail, or of which it is not known
}

// Sum is the duties of all that was listed. Those of a service count once, however many things there are of it.
type Sum struct {
	Yours        int            `json:"yours"`
	Shared       int            `json:"shared"`
	Of           int            `json:"of"`
	Evidenced    int            `json:"evidenced"`
	Services     []SumService   `json:"services"`
	Unclassified []snapshot.Key `json:"unclassified"`
}

// SumService is one service of a Sum.
type SumService struct {
	Service   string   `json:"service"`
	Variant   string   `json:"variant"`
	Things    int      `json:"things"`
	Yours     int      `json:"yours"`
	Shared    int      `json:"shared"`
	Of        int      `json:"of"`
	Evidenced []string `json:"evidenced"`
	Open      []string `json:"open"`
	Moves     []Move   `json:"moves"`
	Chapter   string   `json:"chapter"`
	Checked   string   `json:"checked"` // the day on which the row was held against the documentation; "" for never
}

// Move is what changes where things of a service move to another.
type Move struct {
	To   string   `json:"to"`
	Less []string `json:"less"` // layers of which less is left to do
	More []string `json:"more"`
}

var whose = map[duty.Whose]string{duty.AWS: "aws", duty.Split: "shared", duty.Yours: "yours"}

// dutiesOf is nil for what is part of something else, for what AWS does alone, and for what no table knows.
func (v *viewer) dutiesOf(r *snapshot.Resource) *Duties {
	s, _, sure := v.duties.Of(r)
	if s == nil {
		return nil
	}
	c := s.Count()
	out := &Duties{Yours: c.Yours(), Shared: c.Shared, Of: c.Of, Service: s.String(), Sure: sure}
	if v.evidence == nil {
		return out
	}
	n := 0
	out.layers = v.duties.Duties(s, r, v.evidence)
	for _, d := range out.layers {
		out.Layers = append(out.Layers, DutyLayer{d.Layer.ID, d.Layer.Title, whose[d.Whose], list(d.By), list(d.Not)})
		if d.Whose != duty.AWS && d.Evidenced() {
			n++
		}
	}
	out.Evidenced = &n
	return out
}

func list(l []string) []string { return append([]string{}, l...) }

func (l *List) sumDuties(things []*snapshot.Resource, e *duty.Evidence) {
	l.sum = l.table.Sum(things, e)
	out := &Sum{Yours: l.sum.Yours(), Shared: l.sum.Shared, Of: l.sum.Of, Evidenced: l.sum.Evidenced, Services: []SumService{}, Unclassified: []snapshot.Key{}}
	out.Unclassified = append(out.Unclassified, l.sum.Unclassified...)
	for _, h := range l.sum.Holdings {
		x := SumService{Service: h.Service.Name, Variant: h.Service.Variant, Things: len(h.Things), Yours: h.Yours(), Shared: h.Shared, Of: h.Of,
			Evidenced: layerIDs(h.Evidenced), Open: layerIDs(h.Open), Moves: []Move{}, Chapter: h.Service.Chapter, Checked: h.Service.Checked}
		for _, id := range h.Service.Moves {
			to := l.table.To(id)
			less, more := l.table.Move(h.Service, to)
			x.Moves = append(x.Moves, Move{to.String(), takenIDs(less), takenIDs(more)})
		}
		out.Services = append(out.Services, x)
	}
	l.Duties = out
}

func layerIDs(list []duty.Layer) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = list[i].ID
	}
	return out
}

func takenIDs(list []duty.Taken) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = list[i].Layer.ID
	}
	return out
}

// mostServices and mostMoves are how much a screen shows; JSON has all.
const (
	mostServices = 14
	mostMoves    = 4
)

// dutiesText is `list --duties`: the services with the most to do, and which moves would take something over.
func (l *List) dutiesText(w *term.Screen, run func(verb string) string) error {
	s := &l.sum
	fmt.Fprintf(w, "In %s %s yours: %d whole, %d shared. Rules show %d to be done.\n\n",
		term.Count(len(s.Holdings), "service", "services"), term.Count(s.Yours(), "duty is", "duties are"), s.Whole, s.Shared, s.Evidenced)
	var rows [][]string
	for i, h := range s.Holdings {
		if i == mostServices {
			break
		}
		rows = append(rows, []string{h.Service.String(), fmt.Sprint(len(h.Things)), fmt.Sprint(h.Whole), fmt.Sprint(h.Shared), fmt.Sprint(h.Of - h.Yours()), fmt.Sprint(len(h.Evidenced)),
			titles(h.Open, 3)})
	}
	if err := term.Table(w, []term.Column{{Head: "SERVICE", Least: 16}, {Head: "THINGS", Right: true}, {Head: "YOURS", Right: true}, {Head: "SHARED", Right: true}, {Head: "AWS", Right: true},
		{Head: "SHOWN", Right: true}, {Head: "NOTHING SHOWS", Least: 24}}, rows); err != nil {
		return err
	}
	if n := len(s.Holdings) - mostServices; n > 0 {
		fmt.Fprintf(w, "and %s more (--format json)\n", term.Count(n, "service", "services"))
	}
	l.moves(w)
	if n := len(s.Unclassified); n > 0 {
		fmt.Fprintf(w, "\n%s of no service that the table knows: nothing is said of %s.\n", term.Count(n, "thing is", "things are"), term.Count(n, "it", "them"))
	}
	_, err := fmt.Fprintf(w, "\nThe table is judgement (docs/duties.md). A duty is shown when a rule that covers it holds.\nNext   %s\n", run("check --by sec"))
	return err
}

// moves tells what moving would take over, for the services with the most duties.
func (l *List) moves(w *term.Screen) {
	n := 0
	for _, h := range l.sum.Holdings {
		for _, id := range h.Service.Moves {
			to := l.table.To(id)
			less, more := l.table.Move(h.Service, to)
			if len(less) == 0 || n == mostMoves {
				continue
			}
			if n == 0 {
				fmt.Fprintln(w, "\nWhat a move would take off you")
			}
			n++
			says := fmt.Sprintf("%s ▸ %s: %s", h.Service, to, taken(less))
			if len(more) > 0 {
				says += "; and add " + taken(more)
			}
			for i, line := range term.Wrap(says, w.Width-4) {
				fmt.Fprintln(w, strings.Repeat(" ", 2+2*min(i, 1))+line)
			}
			break // the first move of a service is the nearest
		}
	}
}

func taken(list []duty.Taken) string {
	var out []string
	for _, t := range list {
		word := t.Layer.Title
		if t.To == duty.Split {
			word += " (half)"
		}
		out = append(out, word)
	}
	return strings.Join(out, ", ")
}

func titles(list []duty.Layer, most int) string {
	var out []string
	for i, l := range list {
		if i == most {
			out = append(out, fmt.Sprintf("%d more", len(list)-most))
			break
		}
		out = append(out, l.Title)
	}
	return strings.Join(out, ", ")
}

// dutyLines are the duties of one resource, for its page.
func dutyLines(d *Duties) []string {
	if d == nil {
		return nil
	}
	head := fmt.Sprintf("%d of %d, of them %d shared with AWS (%s)", d.Yours, d.Of, d.Shared, d.Service)
	if !d.Sure {
		head += "; perhaps fewer: not all was read"
	}
	out := []string{head}
	if d.Evidenced == nil {
		return out
	}
	var shown, open []string
	for _, l := range d.layers {
		switch {
		case l.Whose == duty.AWS:
		case l.Evidenced():
			shown = append(shown, l.Layer.Title+" ("+strings.Join(l.By, ", ")+")")
		default:
			open = append(open, l.Layer.Title)
		}
	}
	if len(shown) > 0 {
		out = append(out, "shown: "+strings.Join(shown, ", "))
	}
	if len(open) > 0 {
		out = append(out, "nothing shows: "+strings.Join(open, ", "))
	}
	return out
}
