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
	Evidenced []Layer // layers that are not AWS's alone, and evidenced for each of the things
	Open      []Layer // the others
}

// Sum is the duties of a list of resources.
type Sum struct {
	Holdings     []Holding // the most duties first
	Count                  // of all services
	Evidenced    int       // of Count.Yours
	Classified   int       // resources that have a row, are a part of something that has, or are AWS's
	Unclassified []snapshot.Key
}

// Sum sorts resources by whose duty they are.
func (t *Table) Sum(resources []*snapshot.Resource, e *Evidence) Sum {
	var out Sum
	at := map[*Service]*Holding{}
	open := map[*Service]map[string]bool{} // by layer id: something lacks evidence
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
			at[s], open[s] = h, map[string]bool{}
		}
		h.Things = append(h.Things, r.Key)
		if !sure {
			h.Unsure++
		}
		for _, d := range t.Duties(s, r, e) {
			if d.Whose != AWS && !d.Evidenced() {
				open[s][d.Layer.ID] = true
			}
		}
	}
	for s, h := range at {
		for i, l := range t.Layers {
			switch w := Whose(s.Layers[i]); {
			case w != Yours && w != Split:
			case open[s][l.ID]:
				h.Open = append(h.Open, l)
			default:
				h.Evidenced = append(h.Evidenced, l)
			}
		}
		out.Whole += h.Whole
		out.Shared += h.Shared
		out.Of += h.Of
		out.Evidenced += len(h.Evidenced)
		out.Holdings = append(out.Holdings, *h)
	}
	slices.SortFunc(out.Holdings, func(a, b Holding) int {
		return cmp.Or(b.Yours()-a.Yours(), b.Whole-a.Whole, strings.Compare(a.Service.String(), b.Service.String()))
	})
	return out
}
