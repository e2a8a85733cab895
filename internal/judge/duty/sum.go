package duty

import (
	"cmp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Holding is one service that an account has things of. Its duties count once, however many things there are: forty functions are one set of duties.
type Holding struct {
	Service *Service
	Things  []snapshot.Key
	Unsure  int // of Things, those that may be of a service with fewer duties
	Count
	Evidenced []Layer // layers that are not AWS's alone, and shown to be done for each of the things
	Part      []Layer // those of which a part is shown, or all of it for some of the things, and of which no rule says that it is not done
	Open      []Layer // the others
}

// Sum is the duties of a list of resources.
type Sum struct {
	Holdings        []Holding // the most duties first
	Count                     // of all services
	Evidenced, Part int       // of Count.Yours
	Classified      int       // resources that have a row, are a part of something that has, or are AWS's
	Unclassified    []snapshot.Key
}

// Sum sorts resources by whose duty they are.
func (t *Table) Sum(resources []*snapshot.Resource, e *Evidence) Sum {
	var out Sum
	at := map[*Service]*Holding{}
	tallies := map[*Service]map[string]*tally{} // by layer id
	for _, r := range resources {
		s, class, sure := t.Of(r)
		switch class {
		case Unclassified:
			out.Unclassified = append(out.Unclassified, r.Key)
			continue
		case Classified:
		default:
			out.Classified++
			continue
		}
		out.Classified++
		h := at[s]
		if h == nil {
			h = &Holding{Service: s, Count: s.Count()}
			at[s], tallies[s] = h, map[string]*tally{}
			for _, l := range t.Layers {
				tallies[s][l.ID] = &tally{}
			}
		}
		h.Things = append(h.Things, r.Key)
		if !sure {
			h.Unsure++
		}
		for _, d := range t.Duties(s, r, e) {
			tallies[s][d.Layer.ID].add(&d)
		}
	}
	for s, h := range at {
		for i, l := range t.Layers {
			if w := Whose(s.Layers[i]); w != Yours && w != Split {
				continue
			}
			switch tallies[s][l.ID].of(len(h.Things)) {
			case Whole:
				h.Evidenced = append(h.Evidenced, l)
			case InPart:
				h.Part = append(h.Part, l)
			default:
				h.Open = append(h.Open, l)
			}
		}
		out.Whole += h.Whole
		out.Shared += h.Shared
		out.Of += h.Of
		out.Evidenced += len(h.Evidenced)
		out.Part += len(h.Part)
		out.Holdings = append(out.Holdings, *h)
	}
	slices.SortFunc(out.Holdings, func(a, b Holding) int {
		return cmp.Or(b.Yours()-a.Yours(), b.Whole-a.Whole, strings.Compare(a.Service.String(), b.Service.String()))
	})
	return out
}

// tally is for how many things of a service a layer is shown.
type tally struct {
	whole, part int
	not         bool
}

func (x *tally) add(d *Duty) {
	x.not = x.not || len(d.Not) > 0
	switch d.Shown() {
	case Whole:
		x.whole++
	case InPart:
		x.part++
	}
}

func (x *tally) of(things int) Shown {
	switch {
	case x.not:
		return Nothing
	case x.whole == things:
		return Whole
	case x.whole+x.part > 0:
		return InPart
	}
	return Nothing
}
