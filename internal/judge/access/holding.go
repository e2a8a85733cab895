package access

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/snapshot"
)

// taking is who may take one route, on a list of resources.
type taking struct {
	route *Route
	by    []*cells // by actor; nil: nobody of that actor's
}

// takings asks routes of everybody, on resources of their type. Plain uses come first: who has a capability needs no detour to it that is
// not easier, and who administers the account outright none at all. In a what-if he may: what he has may be left out.
func (t *Table) takings(on []*snapshot.Resource, asked func(actor int) bool, wanted func(*Route) bool) []taking {
	if len(on) == 0 {
		return nil
	}
	a := t.newAsker(on)
	type asking struct {
		*Route
		by decide.Set
	}
	var all []asking
	for _, rt := range t.byType[on[0].Type] {
		if !wanted(rt) || t.isCut(rt.ID) || !t.possible(rt) {
			continue
		}
		if by := t.prospects(rt, asked); !empty(by) {
			all = append(all, asking{rt, by})
			for _, n := range rt.Needs {
				a.expect(n, by)
			}
		}
	}
	had := newEasiest(len(t.actors), len(on))
	var out []taking
	for _, direct := range []bool{true, false} {
		for _, rt := range all {
			if rt.Direct != direct {
				continue
			}
			if tk := a.take(rt.Route, rt.by, had); tk.by != nil {
				out = append(out, tk)
			}
		}
	}
	return out
}

func empty(s decide.Set) bool { return !slices.ContainsFunc(s, func(w uint64) bool { return w != 0 }) }

// prospects are the actors who may take a route and gain by it.
func (t *Table) prospects(rt *Route, asked func(actor int) bool) decide.Set {
	users := slices.Contains(rt.When, callerUser)
	out := t.able(rt)
	out.Each(func(actor int) {
		if actor == t.engine.Root() || asked != nil && !asked(actor) || users && !strings.Contains(t.actors[actor], ":user/") || rt.Self && t.isChanged(actor) ||
			!rt.Direct && t.outright[t.nodes[actor]] {
			out[actor>>6] &^= 1 << (actor & 63)
		}
	})
	return out
}

// able are the actors who may have all that a route needs.
func (t *Table) able(rt *Route) decide.Set {
	out := everyActor(t)
	for _, n := range rt.Needs {
		if n.On == "key" || n.On == "attached" {
			continue // may be needed of nobody, or not be read
		}
		for i, w := range t.engine.Prospects(n.Action) {
			out[i] &= w
		}
	}
	return out
}

func everyActor(t *Table) decide.Set {
	out := make(decide.Set, (len(t.actors)+63)/64)
	for actor := range t.actors {
		out[actor>>6] |= 1 << (actor & 63)
	}
	return out
}

// take asks one route of those who may take it.
func (a *asker) take(rt *Route, by decide.Set, had *easiest) taking {
	t := a.t
	n := len(a.on)
	there, doubt := make([]uint64, (n+63)/64), make([]uint64, (n+63)/64)
	some := false
	for i, r := range a.on {
		state := t.holds(rt, r)
		if _, ok := t.target(rt, r); !ok || state == snapshot.Absent {
			continue
		}
		some = true
		there[i>>6] |= 1 << (i & 63)
		if state == snapshot.Unknown {
			doubt[i>>6] |= 1 << (i & 63)
		}
	}
	if !some {
		return taking{}
	}
	needs := make([]rows, len(rt.Needs))
	for i, need := range rt.Needs {
		needs[i] = a.need(need)
		if i == 0 && len(rt.Needs) > 1 && !anybody(by, needs[0]) {
			return taking{}
		}
	}
	tk := taking{route: rt}
	v := newCells(n)
	by.Each(func(actor int) {
		v.all(n)
		for _, row := range needs {
			if v.and(row(actor)); v.empty() {
				return
			}
		}
		v.only(there)
		if rt.Self {
			a.onlySelf(v, t.actors[actor])
		}
		v.doubt(doubt)
		if len(t.cut) == 0 {
			had.take(rt, actor, v)
		}
		if v.empty() {
			return
		}
		kept := newCells(n)
		copyCells(kept, v)
		if tk.by == nil {
			tk.by = make([]*cells, len(t.actors))
		}
		tk.by[actor] = kept
	})
	return tk
}

// anybody tells whether some actor is not denied a need everywhere.
func anybody(of decide.Set, row rows) bool {
	some := false
	of.Each(func(actor int) { some = some || !row(actor).empty() })
	return some
}

// onlySelf keeps the resources that are, or belong to, the caller.
func (a *asker) onlySelf(v *cells, principal string) {
	own := make([]uint64, len(v.allow))
	v.each(func(col int) {
		if a.t.isSelf(a.on[col], principal) {
			own[col>>6] |= 1 << (col & 63)
		}
	})
	v.only(own)
}

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
