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
	Evidenced *int        `json:"evidenced,omitempty"` // of Yours: rules that hold show that it is done. Not there: no rule was judged
	Part      *int        `json:"part,omitempty"`      // of Yours: they show a part of it. Likewise
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
	Part  []string `json:"part_by"` // rules that hold and show a part
	Not   []string `json:"open_by"` // rules that fail, or of which it is not known
}

// Sum is the duties of all that was listed. Those of a service count once, however many things there are of it.
type Sum struct {
	Yours        int            `json:"yours"`
	Shared       int            `json:"shared"`
	Of           int            `json:"of"`
	Evidenced    int            `json:"evidenced"`
	Part         int            `json:"part"`
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
	Part      []string `json:"part"`
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
	out.layers = v.duties.Duties(s, r, v.evidence)
	out.Evidenced, out.Part = new(int), new(int)
	for _, d := range out.layers {
		out.Layers = append(out.Layers, DutyLayer{d.Layer.ID, d.Layer.Title, whose[d.Whose], list(d.By), list(d.Part), list(d.Not)})
		switch d.Shown() {
		case duty.Whole:
			*out.Evidenced++
		case duty.InPart:
			*out.Part++
		}
	}
	return out
}

func list(l []string) []string { return append([]string{}, l...) }

func (l *List) sumDuties(things []*snapshot.Resource, e *duty.Evidence) {
	l.sum = l.table.Sum(things, e)
	s := &l.sum
	out := &Sum{Yours: s.Yours(), Shared: s.Shared, Of: s.Of, Evidenced: s.Evidenced, Part: s.Part, Services: []SumService{}, Unclassified: []snapshot.Key{}}
	out.Unclassified = append(out.Unclassified, s.Unclassified...)
	for _, h := range s.Holdings {
		x := SumService{Service: h.Service.Name, Variant: h.Service.Variant, Things: len(h.Things), Yours: h.Yours(), Shared: h.Shared, Of: h.Of,
			Evidenced: ids(h.Evidenced), Part: ids(h.Part), Open: ids(h.Open), Moves: []Move{}, Chapter: h.Service.Chapter, Checked: h.Service.Checked}
		for _, id := range h.Service.Moves {
			to := l.table.To(id)
			less, more := l.table.Move(h.Service, to)
			x.Moves = append(x.Moves, Move{to.String(), ids(layers(less)), ids(layers(more))})
		}
		out.Services = append(out.Services, x)
	}
	l.Duties = out
}

func ids(list []duty.Layer) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = list[i].ID
	}
	return out
}

func layers(list []duty.Taken) []duty.Layer {
	out := make([]duty.Layer, len(list))
	for i := range list {
		out[i] = list[i].Layer
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
	fmt.Fprintf(w, "In %s %s yours: %d whole, %d shared.\nRules show %d to be done, and a part of %d.\n\n",
		term.Count(len(s.Holdings), "service", "services"), term.Count(s.Yours(), "duty is", "duties are"), s.Whole, s.Shared, s.Evidenced, s.Part)
	columns := []term.Column{{Head: "SERVICE", Least: 18}, {Head: "THINGS", Right: true}, {Head: "YOURS", Right: true}, {Head: "SHARED", Right: true},
		{Head: "SHOWN", Right: true}, {Head: "PART", Right: true}, {Head: "NOTHING SHOWS", Least: 24}}
	room := w.Width - 18
	for _, c := range columns[1:6] {
		room -= len(c.Head) + 2
	}
	var rows [][]string
	for _, h := range s.Holdings[:min(len(s.Holdings), mostServices)] {
		rows = append(rows, []string{h.Service.String(), fmt.Sprint(len(h.Things)), fmt.Sprint(h.Whole), fmt.Sprint(h.Shared), fmt.Sprint(len(h.Evidenced)),
			fmt.Sprint(len(h.Part)), titles(h.Open, room-2)})
	}
	if err := term.Table(w, columns, rows); err != nil {
		return err
	}
	if n := len(s.Holdings) - mostServices; n > 0 {
		fmt.Fprintf(w, "and %s more (--format json)\n", term.Count(n, "service", "services"))
	}
	l.moves(w)
	if n := len(s.Unclassified); n > 0 {
		fmt.Fprintf(w, "\n%s of no service that the table knows: nothing is said of %s.\n", term.Count(n, "thing is", "things are"), term.Count(n, "it", "them"))
	}
	fmt.Fprintln(w)
	say(w, "The table is judgement. A duty is shown where rules that ask for most of it hold, in part where they ask for less (docs/duties.md).")
	_, err := fmt.Fprintf(w, "Next   %s\n", run("check --by sec"))
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

// titles names as many layers as there is room for, and counts the rest.
func titles(list []duty.Layer, room int) string {
	var out string
	for i, l := range list {
		next := l.Title
		if i > 0 {
			next = out + ", " + l.Title
		}
		if rest := len(list) - i - 1; i > 0 && term.Width(next)+len(", +10")*min(rest, 1) > room {
			return fmt.Sprintf("%s, +%d", out, rest+1)
		}
		out = next
	}
	return out
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
	var shown, part, open []string
	for _, l := range d.layers {
		switch {
		case l.Whose == duty.AWS:
		case l.Shown() == duty.Whole:
			shown = append(shown, l.Layer.Title+" ("+strings.Join(l.By, ", ")+")")
		case l.Shown() == duty.InPart:
			part = append(part, l.Layer.Title+" ("+strings.Join(l.Part, ", ")+")")
		default:
			open = append(open, l.Layer.Title)
		}
	}
	for _, x := range []struct {
		head string
		of   []string
	}{{"shown: ", shown}, {"in part: ", part}, {"nothing shows: ", open}} {
		if len(x.of) > 0 {
			out = append(out, x.head+strings.Join(x.of, ", "))
		}
	}
	return out
}
