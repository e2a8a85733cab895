package compare

import (
	"encoding/binary"
	"unicode"
)

// wanted is a question about one text: it matches some pattern of each group in some, and none of none.
type wanted struct {
	some  [][]*pattern
	none  []*pattern
	least int // runes at least
	dull  string
}

// answer of a search or of a theory.
type answer uint8

const (
	impossible answer = iota
	possible
	unsure // out of steps, or not supported
)

// find gives a text as wanted, or says that there is none. Guesses come first; then all texts are walked at once, a rune at a time,
// through the automata of all patterns, and what leads to the same positions is walked once.
func (w *wanted) find(b *budget) (string, answer) {
	var kept [][]*pattern
	for _, group := range w.some {
		var left []*pattern
		for _, p := range group {
			if p.stars {
				left = nil
				break
			}
			if !b.covered(p, w.none) {
				left = append(left, p.loose())
			}
		}
		if left == nil && len(group) > 0 && hasStars(group) {
			if b.covered(everything, w.none) {
				return "", impossible
			}
			continue
		}
		if len(left) == 0 {
			return "", impossible
		}
		kept = append(kept, left)
	}
	none := make([]*pattern, 0, len(w.none))
	for _, p := range w.none {
		if p.stars {
			return "", impossible
		}
		if !p.vars { // for some value of a variable its pattern may not match
			none = append(none, p)
		}
	}
	q := wanted{some: kept, none: none, least: w.least, dull: w.dull}
	if s, ok := q.guess(b); ok {
		return s, possible
	}
	if q.enumerable() {
		return "", impossible // all texts of a finite group were tried
	}
	return q.walk(b)
}

var everything = newPattern([]token{{kind: many}})

func hasStars(group []*pattern) bool {
	for _, p := range group {
		if p.stars {
			return true
		}
	}
	return false
}

// ok says whether a text is as wanted.
func (w *wanted) ok(s string, b *budget) bool {
	n := 0
	for range s {
		n++
	}
	if n < w.least {
		return false
	}
	for _, group := range w.some {
		if !anyMatches(group, s, b) {
			return false
		}
	}
	return !anyMatches(w.none, s, b)
}

func anyMatches(group []*pattern, s string, b *budget) bool {
	for _, p := range group {
		b.take(2)
		if p.matches(s, b) {
			return true
		}
	}
	return false
}

var fillings = []string{"x", "x/x", "x:x", "7"}

// guess tries samples of the smallest group of patterns.
func (w *wanted) guess(b *budget) (string, bool) {
	if len(w.some) == 0 {
		for _, s := range [...]string{w.dull, "x", "zq", "7"} {
			if s != "" && w.ok(s, b) {
				return s, true
			}
		}
		return "", false
	}
	best := w.some[0]
	plain := false
	for _, group := range w.some {
		all := allPlain(group)
		if all && (!plain || len(group) < len(best)) || !plain && len(group) < len(best) {
			best, plain = group, plain || all
		}
	}
	for _, with := range fillings {
		for i, p := range best {
			if !plain && i == 20 {
				break
			}
			if s := p.sample(with); w.ok(s, b) {
				return s, true
			}
		}
		if plain {
			break
		}
	}
	return "", false
}

func allPlain(group []*pattern) bool {
	for _, p := range group {
		if !p.plain {
			return false
		}
	}
	return true
}

func (w *wanted) enumerable() bool {
	for _, group := range w.some {
		if allPlain(group) {
			return true
		}
	}
	return false
}

// node is a text so far, as the positions that it leads to. Positions stand pattern after pattern, each list ended.
type node struct {
	from  int32 // the node before it
	r     rune
	depth int32
	at    []uint16
}

const listEnd = ^uint16(0)

// walk is breadth first: the first text found is a shortest.
func (w *wanted) walk(b *budget) (string, answer) {
	var all []*pattern
	var group []int // of each pattern; -1 for none
	for i, g := range w.some {
		for _, p := range g {
			all, group = append(all, p), append(group, i)
		}
	}
	for _, p := range w.none {
		all, group = append(all, p), append(group, -1)
	}
	for _, p := range all {
		if len(p.tokens) >= int(listEnd) {
			return "", unsure
		}
	}
	v := &walker{w: w, b: b, all: all, group: group, other: w.other(all), seen: map[string]bool{}}
	var first []uint16
	for _, p := range all {
		first = append(append(first, p.reach(nil, 0)...), listEnd)
	}
	v.push(-1, 0, first)
	for i := 0; i < len(v.nodes); i++ {
		if !b.take(1) {
			return "", unsure
		}
		if v.accepts(&v.nodes[i]) {
			return v.text(i), possible
		}
		v.expand(i)
	}
	if b.spent() {
		return "", unsure
	}
	return "", impossible
}

type walker struct {
	w              *wanted
	b              *budget
	all            []*pattern
	group          []int
	other          rune
	nodes          []node
	seen           map[string]bool
	key            []byte
	ahead          []rune
	lists, scratch []uint16
}

// other is a rune that no pattern mentions.
func (w *wanted) other(all []*pattern) rune {
	used := func(r rune) bool {
		for _, p := range all {
			for _, t := range p.tokens {
				if t.kind == fixed && t.r == r || t.kind == folded && equalFold(t.r, r) {
					return true
				}
			}
		}
		return false
	}
	for _, r := range "xyzqwvkjbupfghnmdtlcrsioea0123456789XYZQWVKJBUPFGHNMDTLCRSIOEA_-." {
		if !used(r) {
			return r
		}
	}
	for r := rune(0x4e00); ; r++ {
		if !used(r) {
			return r
		}
	}
}

func (v *walker) push(from int32, r rune, at []uint16) {
	v.key = v.key[:0]
	depth := int32(0)
	if from >= 0 {
		depth = v.nodes[from].depth + 1
	}
	for _, x := range at {
		v.key = binary.LittleEndian.AppendUint16(v.key, x)
	}
	v.key = append(v.key, byte(min(int(depth), v.w.least)))
	if v.seen[string(v.key)] {
		return
	}
	v.b.take(4 + len(at)/2)
	v.seen[string(v.key)] = true
	v.nodes = append(v.nodes, node{from, r, depth, append([]uint16(nil), at...)})
}

func (v *walker) accepts(n *node) bool {
	if int(n.depth) < v.w.least {
		return false
	}
	met := 0 // groups come in order
	rest := n.at
	for i, p := range v.all {
		end := index(rest)
		ok := p.accepts(rest[:end])
		rest = rest[end+1:]
		switch {
		case !ok:
		case v.group[i] < 0:
			return false
		case v.group[i] == met:
			met++
		}
	}
	return met == len(v.w.some)
}

func index(list []uint16) int {
	for i, x := range list {
		if x == listEnd {
			return i
		}
	}
	return len(list)
}

// expand follows every rune that leads somewhere else than the others do.
func (v *walker) expand(i int) {
	v.ahead = append(v.ahead[:0], v.other)
	var bar bars
	rest := v.nodes[i].at
	for _, p := range v.all {
		end := index(rest)
		for _, at := range rest[:end] {
			if int(at) == len(p.tokens) {
				continue
			}
			switch t := p.tokens[at]; t.kind {
			case fixed:
				v.expect(t.r)
			case folded:
				v.cases(t.r)
			default:
				bar |= t.bar
			}
		}
		rest = rest[end+1:]
	}
	if bar&barColon != 0 {
		v.expect(':')
	}
	if bar&barSlash != 0 {
		v.expect('/')
	}
	for _, r := range v.ahead {
		v.follow(i, r)
	}
}

func (v *walker) expect(r rune) {
	for _, x := range v.ahead {
		if x == r {
			return
		}
	}
	v.ahead = append(v.ahead, r)
}

func (v *walker) follow(i int, r rune) {
	rest := v.nodes[i].at
	next := v.lists[:0]
	alive := -1 // the last group that has a pattern left
	for j, p := range v.all {
		end := index(rest)
		mark := len(next)
		v.scratch = p.step(rest[:end], v.scratch[:0], r)
		next = append(next, v.scratch...)
		v.b.take(1 + end/4)
		here := next[mark:]
		switch g := v.group[j]; {
		case g < 0 && p.settled(here):
			v.lists = next
			return
		case g > alive+1:
			v.lists = next
			return // a group died out
		case g >= 0 && len(here) > 0:
			alive = g
		}
		next = append(next, listEnd)
		rest = rest[end+1:]
	}
	v.lists = next
	if alive+1 < len(v.w.some) {
		return
	}
	v.push(int32(i), r, next)
}

func (v *walker) cases(r rune) {
	v.expect(r)
	for s := unicode.SimpleFold(r); s != r; s = unicode.SimpleFold(s) {
		v.expect(s)
	}
}

func (v *walker) text(i int) string {
	n := v.nodes[i].depth
	out := make([]rune, n)
	for at := int32(i); v.nodes[at].from >= 0; at = v.nodes[at].from {
		n--
		out[n] = v.nodes[at].r
	}
	return string(out)
}
