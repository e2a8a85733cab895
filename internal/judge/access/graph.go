package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/snapshot"
)

const accountType = "AWS::Account"

// become adds the steps from principal to principal, and to the whole account: who is administrator, who assumes which role, who takes
// over whom. Who changes the permissions of somebody that a boundary still limits becomes that one's changed self, which has steps of
// its own.
func (t *Table) become() {
	t.engine = t.decisions.NewEngine(guardLacks...)
	t.actors = t.engine.Actors()
	for _, p := range t.actors {
		t.queries = append(t.queries, decide.Query{Principal: p})
		t.nodes = append(t.nodes, node{p, None})
	}
	t.administrators()
	t.assume(nil)
	t.take(nil)
	defer t.numberActors()
	if len(t.changedSelves) == 0 {
		return
	}
	first := len(t.actors)
	for _, as := range t.changedSelves {
		if as.Unbound {
			t.engine.Unbound(as.Principal)
		} else {
			t.engine.Edited(as.Principal)
		}
		t.queries, t.nodes = append(t.queries, as), append(t.nodes, changedNode(as))
	}
	t.actors = t.engine.Actors()
	changed := func(actor int) bool { return actor >= first }
	t.assume(changed)
	t.take(changed)
}

func (t *Table) numberActors() {
	t.actorOf = make(map[node]int, len(t.nodes))
	for i, n := range t.nodes {
		t.actorOf[n] = i
	}
}

// isChanged tells whether an actor is somebody's changed self.
func (t *Table) isChanged(actor int) bool { return t.queries[actor].Edited || t.queries[actor].Unbound }

// administrators finds who is administrator by his own policies.
func (t *Table) administrators() {
	all := make([]*cells, len(t.actors))
	for _, pr := range t.adminProbes() {
		m := t.engine.Matrix(decide.Asking{Action: pr.action}, t.decisions.Columns([]decide.Column{{Resource: pr.resource}}), nil)
		for actor := range t.actors {
			x := newCells(1)
			x.put(0, cellOf(m, actor, 0))
			if all[actor] == nil {
				all[actor] = x
			} else {
				all[actor].and(x)
			}
		}
	}
	for actor, p := range t.actors {
		x := all[actor].at(0)
		if actor == t.engine.Root() || x.outcome == iam.Deny {
			continue
		}
		as := t.queries[actor]
		e := &edge{from: t.nodes[actor], to: node{string(t.Account), Admin}, by: "administrator", direct: true, outcome: x.outcome, seen: x.seen, guards: x.guards,
			why: func() (verdict, string) { return t.administers(as), "" }}
		if !t.left(e) {
			continue // in a what-if he is none, and what else he has is told
		}
		if x.outcome != iam.Unknown {
			t.admins[p], t.administering[actor] = x.guards, x
		}
		t.add(e)
	}
}

// assume adds the steps from one principal of the account to a role, both sides judged.
func (t *Table) assume(asked func(actor int) bool) {
	var roles []*snapshot.Resource
	var columns []decide.Column
	for _, r := range t.snap.OfType("AWS::IAM::Role") {
		if t.namesPrincipals(r) {
			roles, columns = append(roles, r), append(columns, decide.Column{On: r.Key})
		}
	}
	if len(roles) == 0 {
		return
	}
	m := t.engine.Matrix(decide.Asking{Action: "sts:AssumeRole"}, t.decisions.Columns(columns), asked)
	for actor, p := range t.actors {
		if actor == t.engine.Root() || m.Denied(actor) {
			continue
		}
		for i, r := range roles {
			x := cellOf(m, actor, i)
			if x.outcome == iam.Deny || p == string(r.Key) {
				continue
			}
			e := t.newEdge()
			*e = edge{from: t.nodes[actor], to: node{string(r.Key), None}, by: "assume-role", outcome: x.outcome, seen: x.seen, guards: x.guards,
				why: func() (verdict, string) {
					q := t.queries[actor]
					q.Action, q.On = "sts:AssumeRole", r.Key
					return verdict{outcome: iam.Allow, seen: true}.and(t.explain(q)), ""
				}}
			t.add(e)
		}
	}
}

// take adds the routes that lead to a principal or to the whole account.
func (t *Table) take(asked func(actor int) bool) {
	var types []string
	for typ, on := range t.byType {
		if slices.ContainsFunc(on, func(rt *Route) bool { return !holds(rt) || rt.On == accountType }) {
			types = append(types, typ)
		}
	}
	slices.Sort(types)
	steps := map[node][]step{} // by where they lead
	for _, typ := range types {
		on := t.ofType(typ)
		for _, tk := range t.takings(on, asked, func(rt *Route) bool { return !holds(rt) || rt.On == accountType }) {
			for actor, c := range tk.by {
				if c == nil {
					continue
				}
				c.each(func(col int) {
					s := step{tk.route, on[col], actor, c.at(col)}
					if to, ok := t.leads(s); ok && (len(t.cut) == 0 || t.left(t.edge(s, to))) {
						steps[to] = append(steps[to], s)
					}
				})
			}
		}
	}
	for to, list := range steps {
		slices.SortStableFunc(list, func(a, b step) int {
			return cmp.Or(compareNodes(t.nodes[a.actor], t.nodes[b.actor]), strings.Compare(a.route.ID, b.route.ID))
		})
		for len(list) > 0 {
			n := 1
			for n < len(list) && list[n].actor == list[0].actor {
				n++
			}
			for _, s := range needed(list[:n]) {
				t.add(t.edge(s, to))
			}
			list = list[n:]
		}
	}
}

// step is one actor who takes a route that is about a resource. Most turn out to be superfluous beside others, so that edges are made late.
type step struct {
	route *Route
	on    *snapshot.Resource
	actor int
	cell
}

// leads is where a step leads; not ok where it leads nowhere new.
func (t *Table) leads(s step) (to node, ok bool) {
	to, _ = t.target(s.route, s.on)
	principal := t.actors[s.actor]
	if to.id == principal && to.isPrincipal() {
		return node{}, false
	}
	if !t.isChanged(s.actor) {
		if then, limited := t.limits(s.route, s.on, principal); limited {
			return t.changed(then), true
		}
	}
	return to, true
}

// edge is a step as the table keeps it.
func (t *Table) edge(s step, to node) *edge {
	e := t.newEdge()
	*e = edge{from: t.nodes[s.actor], to: to, by: s.route.ID, direct: s.route.Direct, trace: s.route.Trace, outcome: s.outcome, seen: s.seen, guards: s.guards,
		why: func() (verdict, string) { return t.needsAs(s.route, s.on, t.queries[s.actor]) }}
	return e
}

// needed leaves out steps of one actor to one node that another of them makes superfluous.
func needed(steps []step) []step {
	if len(steps) < 2 {
		return steps
	}
	var out []step
	for i, s := range steps {
		if !slices.ContainsFunc(steps[:i], func(o step) bool { return o.covers(s) }) && !slices.ContainsFunc(steps[i+1:], func(o step) bool { return o.covers(s) && !s.covers(o) }) {
			out = append(out, s)
		}
	}
	return out
}

// covers tells whether whoever can take s can take o as easily and as surely.
func (s step) covers(o step) bool {
	return s.certain() >= o.certain() && s.guards&^o.guards == 0 && (!s.route.Trace || o.route.Trace) && (s.route.Direct || !o.route.Direct)
}
