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
	out := map[node][]*edge{}
	account := node{string(t.Account), Admin}
	for _, list := range t.into {
		for _, e := range list {
			out[e.from] = append(out[e.from], e)
		}
	}
	for _, as := range t.changedSelves { // the account's administrator is whoever he likes
		out[account] = append(out[account], &edge{from: account, to: changedNode(as), by: "administers-account"})
	}
	byKind := make([]flood, len(kindOrder))
	for at, list := range t.entries {
		if e := widestOf(list); e != nil {
			rank := kindRank(e.Kind)
			byKind[rank] = append(byKind[rank], drop{at: at, from: at, entry: e})
		}
	}
	found := map[node]*Entry{}
	for _, f := range byKind {
		for heap.Init(&f); len(f) > 0; {
			d := heap.Pop(&f).(drop)
			if found[d.at] != nil {
				continue
			}
			found[d.at] = d.entry
			for _, e := range out[d.at] {
				if found[e.to] == nil {
					heap.Push(&f, d.along(e))
				}
			}
		}
	}
	return found
}

// drop is how far one entry point has come.
type drop struct {
	at, from     node
	entry        *Entry
	traces, hops int
}

func (d drop) along(e *edge) drop {
	d.at = e.to
	if e.trace {
		d.traces++
	}
	if !e.direct {
		d.hops++
	}
	return d
}

// flood is a heap: the nearest comes first.
type flood []drop

func (f flood) Len() int      { return len(f) }
func (f flood) Swap(i, j int) { f[i], f[j] = f[j], f[i] }
func (f flood) Less(i, j int) bool {
	a, b := &f[i], &f[j]
	return cmp.Or(cmp.Compare(a.traces, b.traces), cmp.Compare(a.hops, b.hops), strings.Compare(a.from.id, b.from.id)) < 0
}
func (f *flood) Push(x any) { *f = append(*f, x.(drop)) }
func (f *flood) Pop() any {
	old := *f
	d := old[len(old)-1]
	*f = old[:len(old)-1]
	return d
}
