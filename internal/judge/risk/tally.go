package risk

import (
	"cmp"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
)

// tally sums the ways to one row up without keeping them: the numbers of a Likelihood for many rows.
type tally struct {
	entries map[*access.Entry]numbers
	names   map[string]int32
	turn    int32
	way     []int32 // by entry: the turn in which it was met last
	who     []int32 // by actor: likewise, with points enough for breadth
	seen    []int32 // likewise, on what was seen alone

	high, low, ways, many, manySeen int

	worst               *access.Entry
	worstHigh, worstLow int
}

// numbers of an entry point and of its actor.
type numbers struct{ entry, actor int32 }

func newTally() *tally {
	return &tally{entries: map[*access.Entry]numbers{}, names: map[string]int32{}}
}

// reset begins another row.
func (t *tally) reset() {
	t.turn++
	t.high, t.low, t.ways, t.many, t.manySeen, t.worst = 0, 0, 0, 0, 0, nil
}

func (t *tally) of(e *access.Entry) numbers {
	n, ok := t.entries[e]
	if !ok {
		n = numbers{t.number("entry\x00" + e.Kind + "\x00" + e.ID), t.number("actor\x00" + e.Actor)}
		t.entries[e] = n
	}
	return n
}

func (t *tally) number(name string) int32 {
	n, ok := t.names[name]
	if !ok {
		n = int32(len(t.names))
		t.names[name] = n
		t.way, t.who, t.seen = append(t.way, 0), append(t.who, 0), append(t.seen, 0)
	}
	return n
}

// add weighs one way.
func (t *tally) add(e *access.Entry, guards access.Guard, traces int, seen bool) {
	high, low := points(e, guards, traces, seen)
	t.count(e, high, low)
}

// count takes one way in whose points are known.
func (t *tally) count(e *access.Entry, high, low int) {
	n := t.of(e)
	if w := t.worst; w == nil || cmp.Or(high-t.worstHigh, low-t.worstLow, strings.Compare(w.Kind, e.Kind), strings.Compare(w.ID, e.ID)) > 0 {
		t.worst, t.worstHigh, t.worstLow = e, high, low
	}
	t.high, t.low = max(t.high, high), max(t.low, low)
	once := func(list []int32, i int32, count *int) {
		if list[i] != t.turn {
			list[i] = t.turn
			*count++
		}
	}
	once(t.way, n.entry, &t.ways)
	if high >= breadthFrom {
		once(t.who, n.actor, &t.many)
	}
	if low >= breadthFrom {
		once(t.seen, n.actor, &t.manySeen)
	}
}

// likelihood is the sum so far.
func (t *tally) likelihood() Likelihood {
	l := Likelihood{Points: t.high + breadth(t.many), LowPoints: t.low + breadth(t.manySeen), Ways: t.ways, Worst: t.worst}
	l.Level, l.LowLevel = Level(l.Points), Level(l.LowPoints)
	return l
}
