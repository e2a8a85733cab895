package guard

import "unicode"

// matcher looks for a program in a text. Every step that it takes is paid for from steps; at zero it gives up.
type matcher struct {
	*program
	text  []rune
	caps  []int
	steps int
	depth int
}

// maxWalk bounds the depth of the walk, which recurses for each repetition of what is not a single character.
const maxWalk = 20_000

// search finds the first match that begins at from or later, and gives its groups.
func (m *matcher) search(from int) ([]int, bool) {
	for at := from; at <= len(m.text); at++ {
		m.caps = make([]int, 2*len(m.names))
		for i := range m.caps {
			m.caps[i] = -1
		}
		m.caps[0] = at
		if m.walk(m.root, at, func(end int) bool { m.caps[1] = end; return true }) {
			return m.caps, true
		}
		if m.steps <= 0 {
			return nil, false
		}
	}
	return nil, false
}

func (n *node) holds(c rune) bool {
	low, high := 0, len(n.set)/2
	for low < high {
		mid := (low + high) / 2
		switch {
		case c < n.set[2*mid]:
			high = mid
		case c > n.set[2*mid+1]:
			low = mid + 1
		default:
			return true
		}
	}
	return false
}

// walk matches n at a place and hands the place behind it to then; it is true if then was, for the first of n's ways for which it is.
func (m *matcher) walk(n *node, at int, then func(int) bool) bool {
	if m.steps--; m.steps <= 0 || m.depth > maxWalk {
		m.steps = 0
		return false
	}
	m.depth++
	defer func() { m.depth-- }()
	switch n.kind {
	case nEmpty:
		return then(at)
	case nSet:
		return at < len(m.text) && n.holds(m.text[at]) && then(at+1)
	case nSeq:
		return m.sequence(n.subs, at, then)
	case nAlt:
		for _, sub := range n.subs {
			if m.walk(sub, at, then) {
				return true
			}
		}
		return false
	case nGroup:
		from, to := m.caps[2*n.group], m.caps[2*n.group+1]
		if m.walk(n.subs[0], at, func(end int) bool {
			f, t := m.caps[2*n.group], m.caps[2*n.group+1]
			m.caps[2*n.group], m.caps[2*n.group+1] = at, end
			if then(end) {
				return true
			}
			m.caps[2*n.group], m.caps[2*n.group+1] = f, t
			return false
		}) {
			return true
		}
		m.caps[2*n.group], m.caps[2*n.group+1] = from, to
		return false
	case nRepeat:
		return m.repeat(n, at, 0, -1, then)
	case nAtomic:
		end := -1
		return m.walk(n.subs[0], at, func(e int) bool { end = e; return true }) && then(end)
	case nAhead:
		kept := append([]int(nil), m.caps...)
		ok := m.walk(n.subs[0], at, func(int) bool { return true })
		if n.not || !ok {
			copy(m.caps, kept)
		}
		return ok != n.not && then(at)
	case nBehind:
		return m.behind(n, at) != n.not && then(at)
	case nBack:
		return m.back(n, at, then)
	case nStart:
		return (at == 0 || n.lines && m.text[at-1] == '\n') && then(at)
	case nEnd:
		return (at == len(m.text) || n.lines && m.text[at] == '\n') && then(at)
	case nWordEdge:
		edge := (at > 0 && wordChar(m.text[at-1])) != (at < len(m.text) && wordChar(m.text[at]))
		return edge != n.not && then(at)
	case nReset:
		kept := m.caps[0]
		m.caps[0] = at
		if then(at) {
			return true
		}
		m.caps[0] = kept
	}
	return false
}

func (m *matcher) sequence(subs []*node, at int, then func(int) bool) bool {
	for len(subs) > 0 && subs[0].kind == nSet { // no way but one
		if m.steps--; at >= len(m.text) || !subs[0].holds(m.text[at]) {
			return false
		}
		at, subs = at+1, subs[1:]
	}
	if len(subs) == 0 {
		return then(at)
	}
	return m.walk(subs[0], at, func(end int) bool { return m.sequence(subs[1:], end, then) })
}

// repeat matches n's part once more, or goes on. last is where the round before began: a round that takes nothing ends the repetition.
func (m *matcher) repeat(n *node, at, done, last int, then func(int) bool) bool {
	if sub := n.subs[0]; sub.kind == nSet {
		return m.repeatSet(n, sub, at, then)
	}
	more := func() bool {
		if n.max >= 0 && done >= n.max || at == last && done >= n.min {
			return false
		}
		return m.walk(n.subs[0], at, func(end int) bool { return m.repeat(n, end, done+1, at, then) })
	}
	switch {
	case done < n.min:
		return more()
	case n.lazy:
		return then(at) || m.steps > 0 && more()
	}
	return more() || m.steps > 0 && then(at)
}

// repeatSet does not recurse, so that .* may be as long as the text.
func (m *matcher) repeatSet(n, sub *node, at int, then func(int) bool) bool {
	most := 0
	for (n.max < 0 || most < n.max) && at+most < len(m.text) && sub.holds(m.text[at+most]) {
		if most++; n.lazy && most >= n.min {
			break
		}
	}
	m.steps -= most
	if most < n.min {
		return false
	}
	if n.lazy {
		for k := n.min; ; k++ {
			if then(at + k) {
				return true
			}
			if m.steps--; m.steps <= 0 || n.max >= 0 && k >= n.max || at+k >= len(m.text) || !sub.holds(m.text[at+k]) {
				return false
			}
		}
	}
	for k := most; k >= n.min; k-- {
		if then(at + k) {
			return true
		}
		if m.steps--; m.steps <= 0 {
			return false
		}
	}
	return false
}

// behind says whether n's part matches some text that ends here.
func (m *matcher) behind(n *node, at int) bool {
	for from := at; from >= 0; from-- {
		if m.walk(n.subs[0], from, func(end int) bool { return end == at }) {
			return true
		}
		if m.steps <= 0 {
			return false
		}
	}
	return false
}

func (m *matcher) back(n *node, at int, then func(int) bool) bool {
	from, to := m.caps[2*n.group], m.caps[2*n.group+1]
	if from < 0 || to-from > len(m.text)-at {
		return false
	}
	for i := from; i < to; i++ {
		a, b := m.text[i], m.text[at+i-from]
		if a != b && (!n.ci || unicode.ToLower(a) != unicode.ToLower(b)) {
			return false
		}
	}
	m.steps -= to - from
	return then(at + to - from)
}

func wordChar(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.Is(unicode.M, r) || unicode.Is(unicode.Nd, r) || unicode.Is(unicode.Nl, r) || unicode.Is(unicode.Pc, r)
}
