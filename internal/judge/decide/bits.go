package decide

import "math/bits"

// Set is a set of small numbers: columns of a question.
type Set []uint64

func newSet(n int) Set { return make(Set, (n+63)/64) }

func (s Set) Has(i int) bool { return s[i>>6]>>(i&63)&1 != 0 }
func (s Set) add(i int)      { s[i>>6] |= 1 << (i & 63) }
func (s Set) remove(i int)   { s[i>>6] &^= 1 << (i & 63) }

// fill adds from up to, but without, to.
func (s Set) fill(from, to int) {
	for ; from < to && from&63 != 0; from++ {
		s.add(from)
	}
	for ; from+64 <= to; from += 64 {
		s[from>>6] = ^uint64(0)
	}
	for ; from < to; from++ {
		s.add(from)
	}
}

func (s Set) or(o Set) {
	for i, w := range o {
		s[i] |= w
	}
}

// Each calls f for every member, ascending.
func (s Set) Each(f func(int)) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			f(i<<6 + bits.TrailingZeros64(w))
		}
	}
}

func (s Set) empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

// truths is one truth value a column: true where must holds, false where may does not, else open. Must is within may.
type truths struct{ must, may Set }

func newTruths(n int) truths {
	both := make(Set, 2*len(newSet(n)))
	half := len(both) / 2
	return truths{both[:half:half], both[half:]}
}

func (x truths) clear() {
	clear(x.must)
	clear(x.may)
}

func (x truths) copy(o truths) {
	copy(x.must, o.must)
	copy(x.may, o.may)
}

// or joins o in.
func (x truths) or(o truths) {
	x.must.or(o.must)
	x.may.or(o.may)
}

// all makes every column true.
func (x truths) all() {
	for i := range x.must {
		x.must[i], x.may[i] = ^uint64(0), ^uint64(0)
	}
}

// fill makes the first n true.
func (x truths) fill(n int) {
	x.must.fill(0, n)
	x.may.fill(0, n)
}

// and keeps what holds in both.
func (x truths) and(o truths) {
	for i := range x.must {
		x.must[i] &= o.must[i]
		x.may[i] &= o.may[i]
	}
}
