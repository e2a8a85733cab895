package access

import (
	"cmp"
	"container/heap"
	"slices"
	"strings"
)

// wayInto is the widest entry point from which a principal can be become, nil when none was found; of several, the nearest.
func (t *Table) wayInto(n node) *Entry {
	if own := widestOf(t.entries[n]); own != nil {
		return own
	}
	if t.intoFrom == nil {
		t.intoFrom = t.widest()
	}
	return t.intoFrom[n]
}

func widestOf(list []*entryAt) *Entry {
	var best *Entry
	for _, at := range list {
		if best == nil || kindRank(at.Kind) < kindRank(best.Kind) {
			best = at.Entry
		}
	}
	return best
}

func kindRank(kind string) int { return slices.Index(kindOrder, kind) }

// widest finds the widest way into every principal: kind by kind, from the widest on, it goes forward from the entry points to whatever
// no wider one reached.
func (t *Table) widest() map[node]*Entry {
	g := &ground{number: make(map[node]int32, len(t.into))}
	account := g.place(node{string(t.Account), Admin})
	for _, as := range t.changedSelves { // the account's administrator is whoever he likes
		g.channel(account, g.place(changedNode(as)), 0, 1)
	}
	for to, list := range t.into {
		at := g.place(to)
		for _, e := range list {
			traces, hops := e.length()
			g.channel(g.place(e.from), at, traces, hops)
		}
	}
	byKind := make([][]drop, len(kindOrder))
	for n, list := range t.entries {
		if e := widestOf(list); e != nil {
			rank := kindRank(e.Kind)
			byKind[rank] = append(byKind[rank], drop{at: g.place(n), entry: e, from: n.id})
		}
	}
	found := make([]*Entry, len(g.nodes))
	for _, sources := range byKind {
		g.flood(sources, found)
	}
	out := make(map[node]*Entry, len(found))
	for i, e := range found {
		if e != nil {
			out[g.nodes[i]] = e
		}
	}
	return out
}

// length is how much longer an edge makes a way.
func (e *edge) length() (traces, hops int32) {
	if e.trace {
		traces = 1
	}
	if !e.direct {
		hops = 1
	}
	return traces, hops
}

// ground is the graph, forwards: nodes by number, and where each leads.
type ground struct {
	number   map[node]int32
	nodes    []node
	channels [][]channel
}

type channel struct{ to, traces, hops int32 }

func (g *ground) place(n node) int32 {
	i, ok := g.number[n]
	if !ok {
		i = int32(len(g.nodes))
		g.number[n], g.nodes, g.channels = i, append(g.nodes, n), append(g.channels, nil)
	}
	return i
}

func (g *ground) channel(from, to, traces, hops int32) {
	g.channels[from] = append(g.channels[from], channel{to, traces, hops})
}

// flood goes on from some entry points to whatever is not found yet; where two come equally far, the first by name counts.
func (g *ground) flood(sources []drop, found []*Entry) {
	h := wave(sources)
	nearest := make(map[int32]drop, len(sources)) // of what is in the heap
	for heap.Init(&h); len(h) > 0; {
		d := heap.Pop(&h).(drop)
		if found[d.at] != nil {
			continue
		}
		found[d.at] = d.entry
		for _, c := range g.channels[d.at] {
			next := drop{c.to, d.traces + c.traces, d.hops + c.hops, d.from, d.entry}
			if old, met := nearest[c.to]; found[c.to] == nil && (!met || next.before(old)) {
				nearest[c.to] = next
				heap.Push(&h, next)
			}
		}
	}
}

// drop is how far one entry point has come.
type drop struct {
	at, traces, hops int32
	from             string
	entry            *Entry
}

func (d drop) before(o drop) bool {
	return cmp.Or(cmp.Compare(d.traces, o.traces), cmp.Compare(d.hops, o.hops), strings.Compare(d.from, o.from)) < 0
}

// wave is a heap: the nearest comes first.
type wave []drop

func (w wave) Len() int           { return len(w) }
func (w wave) Swap(i, j int)      { w[i], w[j] = w[j], w[i] }
func (w wave) Less(i, j int) bool { return w[i].before(w[j]) }
func (w *wave) Push(x any)        { *w = append(*w, x.(drop)) }
func (w *wave) Pop() any {
	old := *w
	d := old[len(old)-1]
	*w = old[:len(old)-1]
	return d
}
