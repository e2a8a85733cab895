package access

import (
	"slices"

	"github.com/footing-dev/footing/internal/snapshot"
)

// How is one way of reaching something, without its steps: enough to weigh it. Paths tells the steps.
type How struct {
	Principal string // as whom one comes in, as a path names it
	Guards    Guard
	Traces    int  // steps that leave a trace
	Hops      int  // steps
	Seen      bool // there on what was read
}

// closure is who becomes whom, for every principal that holds something: the shortest way for each set of guards and each certainty.
// Every row of a table is a holder's own way after those of whoever becomes that holder, so one backward search a principal serves
// all resources.
type closure struct {
	t          *Table
	number     map[node]int32
	nodes      []node
	upTo       [][]link           // by actor
	upToOthers map[node][]link    // strangers
	classes    map[uint64][]class // by hash of the holders
	memo       map[node][]link    // of resources that lead to others
	busy       map[node]bool
	best       [][states]uint16 // by node: traces<<8 | hops, plus one; 0 for none
	there      []bool           // by node: some of best
	met        []int32
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
	return &closure{t: t, number: map[node]int32{}, upToOthers: map[node][]link{}, classes: map[uint64][]class{}, memo: map[node][]link{}, busy: map[node]bool{}}
}

func (c *closure) numberOf(n node) int32 {
	i, ok := c.number[n]
	if !ok {
		i = int32(len(c.nodes))
		c.number[n] = i
		c.nodes = append(c.nodes, n)
		c.best, c.there = append(c.best, [states]uint16{}), append(c.there, false)
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
		from := t.closed.nodes[l.from]
		for _, at := range t.entries[from] {
			f(at.Entry, How{Principal: t.principalName(from.id), Guards: l.guards | at.guards, Traces: int(l.traces), Hops: int(l.hops), Seen: l.sure > unseen})
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
	// First what needs links of its own, then what is put together.
	type source struct {
		links []link
		by    link
	}
	var through []source
	for _, e := range c.t.given(to) {
		if l, ok := c.t.link(e); ok {
			through = append(through, source{c.from(e.from), l})
		}
	}
	var admins []link
	if to.cap == Read || to.cap == Write {
		admins = c.remembered(node{to.id, Admin})
	}
	holders := c.holders(to)
	alike, hash := (*class)(nil), uint64(0)
	if len(through) == 0 {
		if alike, hash = c.alike(holders, admins); alike != nil {
			return alike.result
		}
	}
	for _, l := range holders {
		c.join(c.upstreamOf(l.from), l)
	}
	c.join(admins, link{sure: allowed})
	for _, s := range through {
		c.join(s.links, s.by)
	}
	out := c.take()
	if len(through) == 0 {
		c.classes[hash] = append(c.classes[hash], class{holders, admins, out})
	}
	return out
}

// class is resources that the same hold in the same way: most of a type are alike.
type class struct {
	holders, admins []link
	result          []link
}

func (c *closure) alike(holders, admins []link) (*class, uint64) {
	h := uint64(14695981039346656037)
	for _, l := range holders {
		for _, v := range [...]uint64{uint64(uint32(l.from)), uint64(l.state())<<16 | uint64(l.traces)<<8 | uint64(l.hops)} {
			h = (h ^ v) * 1099511628211
		}
	}
	for i := range c.classes[h] {
		k := &c.classes[h][i]
		if slices.Equal(k.holders, holders) && slices.Equal(k.admins, admins) {
			return k, h
		}
	}
	return nil, h
}

// join puts ways together with the step that they end in.
func (c *closure) join(ways []link, last link) {
	for _, l := range ways {
		c.put(link{l.from, l.guards | last.guards, min(l.sure, last.sure), l.traces + last.traces, l.hops + last.hops})
	}
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

// holders lists the ways in which actors hold a capability of a resource; from is the number of an actor.
func (c *closure) holders(to node) []link {
	r, ok := c.t.snap.Get(snapshot.Key(to.id))
	if !ok || c.t.engine == nil {
		return nil
	}
	h := c.t.holdingsOf(r)
	if len(c.t.cut) == 0 {
		return h.columnsOf(c.t, to.cap)[h.column[r.Key]]
	}
	var out []link
	for _, e := range h.edges(c.t, h.column[r.Key], to.cap) { // a what-if asks of each edge
		if l, ok := c.t.link(e); ok {
			l.from = int32(c.t.actorOf[e.from])
			out = append(out, l)
		}
	}
	return out
}

// columnsOf lists who holds a capability of each resource; from is the number of an actor.
func (h *holdings) columnsOf(t *Table, c Capability) [][]link {
	if l, ok := h.links[c]; ok {
		return l
	}
	out := make([][]link, len(h.on))
	// By resource: the states in which the actor holds it already by plain use, by a step, by a step that leaves a trace.
	had := make([][3]uint32, len(h.on))
	for actor, at := range t.nodes {
		clear(had)
		asAdmin, admin := t.admins[at.id]
		admin = admin && at.isPrincipal()
		for i := range h.by {
			tk := &h.by[i]
			if tk.route.capability() != c || tk.by[actor] == nil {
				continue
			}
			way := link{from: int32(actor)}
			length := 0
			if !tk.route.Direct {
				way.hops, length = 1, 1
			}
			if tk.route.Trace {
				way.traces, length = 1, 2
			}
			tk.by[actor].each(func(col int) {
				x := tk.by[actor].at(col)
				if admin && asAdmin&^x.guards == 0 {
					return // as in link
				}
				l := way
				l.guards, l.sure = x.guards, x.certain()
				bit := uint32(1) << l.state()
				for _, shorter := range had[col][:length+1] {
					if shorter&bit != 0 {
						return
					}
				}
				had[col][length] |= bit
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

// upstreamOf lists who becomes an actor, itself among them.
func (c *closure) upstreamOf(actor int32) []link {
	if c.upTo == nil {
		c.upTo = make([][]link, len(c.t.nodes))
	}
	if c.upTo[actor] == nil {
		c.upTo[actor] = c.search(c.t.nodes[actor])
	}
	return c.upTo[actor]
}

// upstream does so for any principal.
func (c *closure) upstream(n node) []link {
	if actor, ok := c.t.actorOf[n]; ok {
		return c.upstreamOf(int32(actor))
	}
	l, ok := c.upToOthers[n]
	if !ok {
		l = c.search(n)
		c.upToOthers[n] = l
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
	if !c.there[l.from] {
		c.there[l.from] = true
		c.met = append(c.met, l.from)
	}
	length := uint16(l.traces)<<8 | uint16(l.hops) + 1
	if at := &c.best[l.from][l.state()]; *at == 0 || length < *at {
		*at = length
	}
}

// take lists what was put, and forgets it.
func (c *closure) take() []link {
	out := make([]link, 0, len(c.met))
	for _, n := range c.met {
		for s, length := range c.best[n] {
			if length != 0 {
				out = append(out, link{n, Guard(s / int(allowed+1)), certain(s % int(allowed+1)), uint8((length - 1) >> 8), uint8(length - 1)})
			}
		}
		c.best[n], c.there[n] = [states]uint16{}, false
	}
	c.met = c.met[:0]
	return out
}
