package access

import (
	"github.com/footing-dev/footing/internal/snapshot"
)

// How is one way of reaching something, without its steps: enough to weigh it. Paths tells the steps.
type How struct {
	Guards Guard
	Traces int  // steps that leave a trace
	Hops   int  // steps
	Seen   bool // there on what was read
}

// closure is who becomes whom, for every principal that holds something: the shortest way for each set of guards and each certainty.
// Every row of a table is a holder's own way after those of whoever becomes that holder, so one backward search a principal serves
// all resources.
type closure struct {
	t      *Table
	number map[node]int32
	nodes  []node
	upTo   map[node][]link
	memo   map[node][]link // of resources that lead to others
	busy   map[node]bool
	best   [][states]uint16 // by node: traces<<8 | hops, plus one; 0 for none
	met    []int32
}

// states is how many combinations of guards and certainty there are.
const states = (1 << guardCount) * int(allowed+1)

// link leads from a node to what a closure is about.
type link struct {
	from         int32
	guards       Guard
	sure         certain
	traces, hops uint8
}

func (l link) state() int { return int(l.guards)*int(allowed+1) + int(l.sure) }

func (t *Table) newClosure() *closure {
	return &closure{t: t, number: map[node]int32{}, upTo: map[node][]link{}, memo: map[node][]link{}, busy: map[node]bool{}}
}

func (c *closure) numberOf(n node) int32 {
	i, ok := c.number[n]
	if !ok {
		i = int32(len(c.nodes))
		c.number[n] = i
		c.nodes = append(c.nodes, n)
		c.best = append(c.best, [states]uint16{})
	}
	return i
}

// Reaching calls f for every entry point and way from it to a capability on a resource that may matter: the shortest for each set of
// guards and certainty. What leads through administration of the whole account is left out. The order is stable.
func (t *Table) Reaching(k snapshot.Key, c Capability, f func(*Entry, How)) {
	if t.closed == nil {
		t.closed = t.newClosure()
	}
	for _, l := range t.closed.links(node{string(k), c}) {
		for _, at := range t.entries[t.closed.nodes[l.from]] {
			f(at.Entry, How{Guards: l.guards | at.guards, Traces: int(l.traces), Hops: int(l.hops), Seen: l.sure > unseen})
		}
	}
}

// links lists who reaches a capability of a resource.
func (c *closure) links(to node) []link {
	if c.busy[to] { // things that open each other: search step by step
		return c.search(to)
	}
	c.busy[to] = true
	defer delete(c.busy, to)
	type source struct {
		links []link
		by    link
	}
	var more []source
	for _, e := range c.t.into[to] {
		if l, ok := c.t.link(e); ok {
			more = append(more, source{c.from(e.from), l})
		}
	}
	if to.cap == Read || to.cap == Write {
		more = append(more, source{c.remembered(node{to.id, Admin}), link{sure: allowed}})
	}
	c.holders(to, func(holder node, l link) { more = append(more, source{c.upstream(holder), l}) })
	for _, s := range more {
		for _, l := range s.links {
			c.put(link{l.from, l.guards | s.by.guards, min(l.sure, s.by.sure), l.traces + s.by.traces, l.hops + s.by.hops})
		}
	}
	return c.take()
}

// from lists who reaches the place where an edge begins.
func (c *closure) from(n node) []link {
	if _, ok := c.t.snap.Get(snapshot.Key(n.id)); ok && !n.isPrincipal() {
		return c.remembered(n)
	}
	return c.upstream(n)
}

// remembered is links of a resource that leads to several others.
func (c *closure) remembered(n node) []link {
	if l, ok := c.memo[n]; ok {
		return l
	}
	l := c.links(n)
	c.memo[n] = l
	return l
}

// link is the last step of a way; false for administrators by their own policies.
func (t *Table) link(e *edge) (link, bool) {
	if e.from.isPrincipal() && t.asAdmin(e.from.id, e.guards) {
		return link{}, false
	}
	l := link{guards: e.guards, sure: e.certain()}
	if e.trace {
		l.traces = 1
	}
	if !e.direct {
		l.hops = 1
	}
	return l, true
}

// holders calls f for every way in which a principal holds a capability of a resource.
func (c *closure) holders(to node, f func(node, link)) {
	r, ok := c.t.snap.Get(snapshot.Key(to.id))
	if !ok {
		return
	}
	h := c.t.held
	if h == nil || len(h.on) == 0 || h.on[0].Type != r.Type {
		h = c.t.alone(r)
	}
	if len(c.t.cut) > 0 { // a what-if asks of each edge
		for _, e := range h.edges(c.t, h.column[r.Key], to.cap) {
			if l, ok := c.t.link(e); ok {
				f(e.from, l)
			}
		}
		return
	}
	for _, x := range h.columnsOf(c.t, to.cap)[h.column[r.Key]] {
		f(c.t.nodes[x.from], x)
	}
}

// columnsOf lists who holds a capability of each resource; from is the number of an actor.
func (h *holdings) columnsOf(t *Table, c Capability) [][]link {
	if l, ok := h.links[c]; ok {
		return l
	}
	out := make([][]link, len(h.on))
	had := make([]uint32, len(h.on)) // by resource: the states in which the actor holds it by plain use
	for actor, at := range t.nodes {
		clear(had)
		for i := range h.by {
			tk := &h.by[i]
			if tk.route.capability() != c || tk.by[actor] == nil {
				continue
			}
			tk.by[actor].each(func(col int) {
				x := tk.by[actor].at(col)
				e := edge{from: at, outcome: x.outcome, seen: x.seen, guards: x.guards, trace: tk.route.Trace, direct: tk.route.Direct}
				l, ok := t.link(&e)
				if !ok || had[col]&(1<<l.state()) != 0 {
					return
				}
				if e.direct && !e.trace {
					had[col] |= 1 << l.state()
				}
				l.from = int32(actor)
				out[col] = append(out[col], l)
			})
		}
	}
	if h.links == nil {
		h.links = map[Capability][][]link{}
	}
	h.links[c] = out
	return out
}

// upstream lists who becomes a principal, itself among them.
func (c *closure) upstream(n node) []link {
	l, ok := c.upTo[n]
	if !ok {
		l = c.search(n)
		c.upTo[n] = l
	}
	return l
}

// longest is from where on ways count as equally long. A byte holds that and the steps that follow.
const longest = 200

// search is one backward search, as Paths makes it.
func (c *closure) search(n node) []link {
	s := c.t.backward(n, beside)
	var out []link
	for _, at := range s.order {
		for _, l := range s.found[at] {
			out = append(out, link{c.numberOf(at), l.guards, l.sure, uint8(min(l.traces, longest)), uint8(min(l.hops, longest))})
		}
	}
	return out
}

// put keeps a link if it is shorter than those of its kind.
func (c *closure) put(l link) {
	b := &c.best[l.from]
	length := uint16(l.traces)<<8 | uint16(l.hops) + 1
	if *b == ([states]uint16{}) {
		c.met = append(c.met, l.from)
	}
	if at := &b[l.state()]; *at == 0 || length < *at {
		*at = length
	}
}

// take lists what was put, and forgets it.
func (c *closure) take() []link {
	var out []link
	for _, n := range c.met {
		for s, length := range c.best[n] {
			if length != 0 {
				out = append(out, link{n, Guard(s / int(allowed+1)), certain(s % int(allowed+1)), uint8((length - 1) >> 8), uint8(length - 1)})
			}
		}
		c.best[n] = [states]uint16{}
	}
	c.met = c.met[:0]
	return out
}
