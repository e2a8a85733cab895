package access

import (
	"slices"
	"strings"

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
	had := newEasiest(len(t.actors), len(on))
	var out []taking
	for _, direct := range []bool{true, false} {
		for _, rt := range t.byType[on[0].Type] {
			if rt.Direct != direct || !wanted(rt) || t.isCut(rt.ID) || !t.possible(rt) {
				continue
			}
			if tk := a.take(rt, t.prospects(rt, asked), had); tk.by != nil {
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
	v := newCells(n)
	if empty(by) {
		return taking{}
	}
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
		needs[i] = a.need(need, by)
		if i < len(needs)-1 || !rt.Direct { // what is left of them is asked the next
			by.Each(func(actor int) {
				copyCells(v, needs[i](actor))
				if !rt.Direct {
					t.beside(actor, v)
				}
				if v.empty() {
					by[actor>>6] &^= 1 << (actor & 63)
				}
			})
			if empty(by) {
				return taking{}
			}
		}
	}
	tk := taking{route: rt}
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
		if !rt.Direct {
			t.beside(actor, v)
		}
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

// beside leaves of detours what an actor does not have as easily by administering the account: that is told once, in the account's row.
func (t *Table) beside(actor int, v *cells) {
	if x, is := t.administering[actor]; is {
		v.drop(&ease{sure: x.certain(), guards: x.guards})
	}
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
