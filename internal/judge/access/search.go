package access

import (
	"cmp"
	"container/heap"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// label is one way between a node and the place where a search began: the shortest for its set of guards and its certainty.
type label struct {
	at     node
	guards Guard
	sure   certain // of the least certain edge
	traces int
	hops   int
	edge   *edge  // the edge that led here; nil where the search began
	before *label // the label on the other side of edge
}

// less orders by length; then by names, so that which of several equal ways is shown depends on nothing else in the account.
func (l *label) less(o *label) bool {
	if n := cmp.Or(cmp.Compare(l.traces, o.traces), cmp.Compare(l.hops, o.hops), compareNodes(l.at, o.at), cmp.Compare(l.guards, o.guards), cmp.Compare(o.sure, l.sure)); n != 0 {
		return n < 0
	}
	if l.edge == nil || o.edge == nil || l.before == o.before && l.edge.by == o.edge.by {
		return false
	}
	if l.before == o.before {
		return l.edge.by < o.edge.by
	}
	if n := compareNodes(l.before.at, o.before.at); n != 0 {
		return n < 0
	}
	return l.before.less(o.before)
}

type queue []*label

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].less(q[j]) }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(*label)) }
func (q *queue) Pop() any {
	old := *q
	l := old[len(old)-1]
	*q = old[:len(old)-1]
	return l
}

// search is Dijkstra over steps that leave a trace, then over the number of steps. Guards and certainty are part of the state,
// since a longer way without MFA may weigh more than a shorter one with it.
type search struct {
	found map[node][]*label
	order []node // in the order in which they were found
	queue queue
}

// asAdmin tells whether a principal needs no other permissions than those of an administrator to get past some guards: who
// administers the account only with MFA, but reads a bucket without, has an easier way to the bucket, and that is told.
func (t *Table) asAdmin(principal string, past Guard) bool {
	g, ok := t.admins[principal]
	return ok && g&^past == 0
}

// scope says what a backward search may pass.
type scope uint8

const (
	beside scope = iota // neither administration of the account nor its administrators: that is told once, in the account's row
	own                 // administrators by their own policies, but not "who administers the account administers everything"
	whole               // all
)

func (s *search) push(l *label) {
	for _, f := range s.found[l.at] {
		if f.guards&^l.guards == 0 && f.sure >= l.sure {
			return // something at least as short, with no more guards and no less certain, is there
		}
	}
	heap.Push(&s.queue, l)
}

func (s *search) settle(l *label) bool {
	for _, f := range s.found[l.at] {
		if f.guards&^l.guards == 0 && f.sure >= l.sure {
			return false
		}
	}
	if len(s.found[l.at]) == 0 {
		s.order = append(s.order, l.at)
	}
	s.found[l.at] = append(s.found[l.at], l)
	return true
}

func (l *label) extend(to node, e *edge) *label {
	n := &label{at: to, guards: l.guards | e.guards, sure: min(l.sure, e.certain()), traces: l.traces, hops: l.hops, edge: e, before: l}
	if e.trace {
		n.traces++
	}
	if !e.direct {
		n.hops++
	}
	return n
}

// backward finds every node from which a capability can be reached.
func (t *Table) backward(to node, in scope) *search {
	s := &search{found: map[node][]*label{}}
	s.push(&label{at: to, sure: allowed})
	account := node{string(t.Account), Admin}
	for s.queue.Len() > 0 {
		l := heap.Pop(&s.queue).(*label)
		if !s.settle(l) {
			continue
		}
		if l.at.cap == Read || l.at.cap == Write {
			s.push(l.extend(node{l.at.id, Admin}, &edge{from: node{l.at.id, Admin}, to: l.at, by: "admin", direct: true, outcome: iam.Allow}))
		}
		if in == whole && !l.at.isPrincipal() && l.at != account {
			s.push(l.extend(account, &edge{from: account, to: l.at, by: "administers-account", outcome: iam.Allow}))
		}
		for _, e := range t.edgesInto(l.at) {
			if in == beside && e.from.isPrincipal() && to != account && t.asAdmin(e.from.id, e.guards) {
				continue
			}
			s.push(l.extend(e.from, e))
		}
	}
	return s
}

// forward finds everything that can be reached from one node.
func (t *Table) forward(from node) *search {
	t.exposeAll()
	out := map[node][]*edge{}
	for _, list := range t.into {
		for _, e := range list {
			out[e.from] = append(out[e.from], e)
		}
	}
	t.edgesFrom(from, out)
	for _, list := range out {
		slices.SortStableFunc(list, func(a, b *edge) int {
			return cmp.Or(strings.Compare(a.to.id, b.to.id), cmp.Compare(a.to.cap, b.to.cap), strings.Compare(a.by, b.by))
		})
	}
	s := &search{found: map[node][]*label{}}
	s.push(&label{at: from, sure: allowed})
	for s.queue.Len() > 0 {
		l := heap.Pop(&s.queue).(*label)
		if !s.settle(l) {
			continue
		}
		if l.at.cap == Admin && l.at.id != string(t.Account) {
			for _, c := range []Capability{Read, Write} {
				s.push(l.extend(node{l.at.id, c}, &edge{from: l.at, to: node{l.at.id, c}, by: "admin", direct: true, outcome: iam.Allow}))
			}
		}
		for _, e := range out[l.at] {
			s.push(l.extend(e.to, e))
		}
	}
	return s
}

// edgesFrom adds to the edges from every node what the principals among those that can be reached from one node hold.
func (t *Table) edgesFrom(from node, out map[node][]*edge) {
	if t.engine == nil {
		return
	}
	reached := map[node]bool{from: true}
	for queue := []node{from}; len(queue) > 0; queue = queue[1:] {
		for _, e := range out[queue[0]] {
			if !reached[e.to] {
				reached[e.to] = true
				queue = append(queue, e.to)
			}
		}
	}
	asked := func(actor int) bool { return reached[t.nodes[actor]] }
	types := map[string]bool{}
	for i := range t.snap.Resources {
		types[t.snap.Resources[i].Type] = true
	}
	for typ := range types {
		h := t.holdings(t.ofType(typ), asked)
		if len(h.by) == 0 {
			continue
		}
		for col := range h.on {
			for _, c := range []Capability{Read, Write, Admin} {
				for _, e := range h.edges(t, col, c) {
					out[e.from] = append(out[e.from], e)
				}
			}
		}
	}
}

// edges lists the edges of a label in the direction of the attack.
func (l *label) edges(backward bool) []*edge {
	var out []*edge
	for x := l; x.edge != nil; x = x.before {
		out = append(out, x.edge)
	}
	if !backward {
		slices.Reverse(out)
	}
	return out
}

// path writes a label out, without its reasons: see Told.
func (t *Table) path(edges []*edge, sure certain, target snapshot.Key, c Capability) Path {
	p := Path{Resource: target, Capability: c, Outcome: iam.Allow, Seen: sure > unseen, edges: edges}
	for i, e := range edges {
		if i == 0 && e.from.isPrincipal() {
			p.Principal = t.principalName(e.from.id)
		}
		if e.by == "admin" {
			continue // ADMIN counts as READ and WRITE: no step
		}
		if e.direct {
			p.By = e.by
		} else {
			p.Steps = append(p.Steps, Step{By: e.by, From: t.principalName(e.from.id), To: t.principalName(e.to.id), Trace: e.trace})
		}
		p.ViaAccount = p.ViaAccount || e.by == "administers-account" || e.to.id == string(t.Account) && target != t.Account
		p.Outcome = worse(p.Outcome, e.outcome)
		p.Guards |= e.guards
	}
	return p
}

// Told is the path with its reasons: the statements behind each step, the conditions that are left open, the objects that are reached.
// They are worked out again, by the plain evaluator, since nothing of that is kept.
func (p Path) Told() Path {
	steps := append([]Step(nil), p.Steps...)
	n := 0
	for _, e := range p.edges {
		e.explain()
		switch {
		case e.by == "admin":
			continue
		case e.direct:
			p.Because = e.because
		default:
			steps[n].Because, steps[n].Open = e.because, e.open
			n++
		}
		if e.prefix != "" {
			p.Prefix = e.prefix
		}
		for _, o := range e.open {
			if !slices.ContainsFunc(p.Conditions, func(x iam.Condition) bool { return sameCondition(x, o) }) {
				p.Conditions = append(p.Conditions, o)
			}
		}
	}
	p.Steps, p.edges = steps, nil
	return p
}

// principalName drops what keeps the ways of one stranger apart.
func (t *Table) principalName(id string) string {
	if n, ok := t.kinds[id]; ok {
		return n
	}
	return id
}

// target is the node that stands for a capability on a resource; the account has only one.
func (t *Table) targetNode(k snapshot.Key, c Capability) node {
	if k == t.Account {
		c = Admin
	}
	return node{string(k), c}
}

// Paths lists the ways from every entry point to a capability on a resource: for each entry the shortest for each set of guards
// and certainty, in stable order. besideAccount leaves out what leads through administration of the whole account.
func (t *Table) Paths(k snapshot.Key, c Capability, besideAccount bool) []Path {
	in := whole
	if besideAccount {
		in = beside
	}
	s := t.backward(t.targetNode(k, c), in)
	var out []Path
	nodes := slices.Clone(s.order)
	slices.SortFunc(nodes, func(a, b node) int { return strings.Compare(a.id, b.id) })
	for _, n := range nodes {
		if !n.isPrincipal() {
			continue
		}
		for _, at := range t.entries[n] {
			for _, l := range s.found[n] {
				p := t.path(l.edges(true), l.sure, k, c)
				p.Entry = at.Entry
				p.Guards |= at.guards
				if p.Principal == "" {
					p.Principal = t.principalName(n.id)
				}
				if k != t.Account && t.asAdmin(n.id, l.guards) {
					p.ViaAccount = true
				}
				out = append(out, p)
			}
		}
	}
	return out
}
