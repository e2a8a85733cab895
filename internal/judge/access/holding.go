package access

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// holdings is who has the capabilities of the resources of one type.
type holdings struct {
	column map[snapshot.Key]int
	on     []*snapshot.Resource
	by     []taking
	links  map[Capability][][]link // see columnsOf
}

func holds(rt *Route) bool { return rt.capability() != None }

// Load finds out at once who has what of all resources of a type. Without it each resource is asked when it is met, which is the
// faster way for few. Load("") forgets them.
func (t *Table) Load(typ string) {
	t.held = nil
	if typ != "" {
		t.held = t.holdings(t.ofType(typ), nil)
	}
	if t.closed != nil {
		clear(t.closed.memo)
		clear(t.closed.classes)
	}
}

func (t *Table) holdings(on []*snapshot.Resource, asked func(int) bool) *holdings {
	h := &holdings{column: map[snapshot.Key]int{}, on: on, by: t.takings(on, asked, holds)}
	for i, r := range on {
		h.column[r.Key] = i
	}
	return h
}

func (t *Table) ofType(typ string) []*snapshot.Resource {
	if typ == accountType {
		return []*snapshot.Resource{{Key: t.Account, Type: accountType, Account: t.snap.Account}}
	}
	return t.snap.OfType(typ)
}

// edges lists who has one capability of one resource, in stable order. Of the ways of one actor only those are there that no other
// way makes superfluous.
func (h *holdings) edges(t *Table, col int, c Capability) []*edge {
	var out []*edge
	var mine []step
	for actor := range t.actors {
		mine = mine[:0]
		for i := range h.by {
			tk := &h.by[i]
			if tk.route.capability() != c || tk.by[actor] == nil {
				continue
			}
			s := step{tk.route, h.on[col], actor, tk.by[actor].at(col)}
			if s.outcome != iam.Deny && (len(t.cut) == 0 || t.left(t.holding(s))) {
				mine = append(mine, s)
			}
		}
		slices.SortFunc(mine, func(a, b step) int { return strings.Compare(a.route.ID, b.route.ID) })
		for _, s := range needed(mine) {
			out = append(out, t.holding(s))
		}
	}
	return out
}

// holding is the edge of one actor to a capability of a resource.
func (t *Table) holding(s step) *edge {
	to, _ := t.target(s.route, s.on)
	return t.edge(s, to)
}

// edgesInto lists the edges that lead to a node.
func (t *Table) edgesInto(n node) []*edge {
	if n.isPrincipal() {
		return t.into[n]
	}
	if list, ok := t.single[n]; ok {
		return list
	}
	list := t.given(n)
	if r, ok := t.snap.Get(snapshot.Key(n.id)); ok {
		h := t.holdingsOf(r)
		list = slices.Concat(list, h.edges(t, h.column[r.Key], n.cap))
		slices.SortStableFunc(list, compareEdges)
	}
	if len(t.single) >= remembered {
		clear(t.single)
	}
	t.single[n] = list
	return list
}

// given lists the edges to a capability of a resource from elsewhere than the account's own principals.
func (t *Table) given(n node) []*edge {
	if r, ok := t.snap.Get(snapshot.Key(n.id)); ok {
		t.expose(r)
	}
	return t.into[n]
}

// remembered is of how many resources it is kept who has their capabilities.
const remembered = 100

// holdingsOf is who has the capabilities of a resource: those that were loaded, or of that one alone.
func (t *Table) holdingsOf(r *snapshot.Resource) *holdings {
	if h := t.held; h != nil && len(h.on) > 0 && h.on[0].Type == r.Type {
		return h
	}
	return t.alone(r)
}

// alone is who has the capabilities of one resource.
func (t *Table) alone(r *snapshot.Resource) *holdings {
	h, ok := t.ones[r.Key]
	if !ok {
		if len(t.ones) >= remembered {
			clear(t.ones)
		}
		h = t.holdings([]*snapshot.Resource{r}, nil)
		t.ones[r.Key] = h
	}
	return h
}
