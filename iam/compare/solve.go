package compare

import (
	"encoding/binary"
	"slices"
	"strings"
)

// problem asks for one action and one principal: the facts hold, and in each clause some literal does not.
type problem struct {
	c       *comparison
	place   *place
	clauses [][]lit
	dims    []*dimension // the resource first
	of      map[string]int
	doubt   bool // something was not decided on the way
}

// dimension is the resource or one condition key: what is asserted of it, and a value for which that holds.
type dimension struct {
	space  *keySpace // nil for the resource
	lits   []lit
	holds  value
	solved int // how many of the literals the value is for
}

// solve gives the values of a request, or says that there is none.
func (c *comparison) solve(at *place, facts []lit, clauses [][]lit) (*problem, answer) {
	p := &problem{c: c, place: at, clauses: clauses, of: map[string]int{"": 0}, dims: []*dimension{{solved: -1}}}
	for _, l := range facts {
		if p.asserted(lit{l.a, !l.want}) {
			return nil, impossible
		}
		p.assert(l)
	}
	// What is left of a clause with one literal is a fact.
	for again := true; again; {
		again = false
		for _, clause := range clauses {
			if !c.b.take(1 + len(clause)) {
				return nil, unsure
			}
			left, dead := 0, false
			var last lit
			for _, l := range clause {
				switch {
				case p.asserted(lit{l.a, !l.want}):
					dead = true
				case !p.asserted(l):
					left, last = left+1, l
				}
			}
			switch {
			case dead:
			case left == 0:
				return nil, impossible
			case left == 1:
				p.assert(lit{last.a, !last.want})
				again = true
			}
		}
	}
	for _, d := range p.dims {
		if ok := p.settle(d); ok != possible {
			return nil, ok
		}
	}
	for _, clause := range clauses {
		for _, l := range clause {
			if ok := p.settle(p.dimension(l.a)); ok != possible { // a key that only clauses speak of
				return nil, ok
			}
		}
	}
	ok := p.search(0)
	if ok == impossible && p.doubt {
		ok = unsure
	}
	return p, ok
}

func (p *problem) dimension(a *atom) *dimension {
	i, ok := p.of[a.key]
	if !ok {
		i = len(p.dims)
		p.of[a.key] = i
		p.dims = append(p.dims, &dimension{space: p.c.world.keys[a.key], solved: -1})
	}
	return p.dims[i]
}

func (p *problem) assert(l lit) {
	d := p.dimension(l.a)
	if !slices.Contains(d.lits, l) {
		d.lits = append(d.lits, l)
		d.solved = -1
	}
}

func (p *problem) asserted(l lit) bool {
	i, ok := p.of[l.a.key]
	return ok && slices.Contains(p.dims[i].lits, l)
}

// settle finds a value for what is asserted.
func (p *problem) settle(d *dimension) answer {
	if d.solved == len(d.lits) {
		return possible
	}
	v, ok := p.c.theory(p.place, d)
	if ok == possible {
		d.holds, d.solved = v, len(d.lits)
	}
	return ok
}

// truth of a literal under the values found. What hangs on the value of a variable counts as true unless the contrary is asserted.
func (p *problem) truth(l lit) bool {
	if l.a.vars {
		return !p.asserted(lit{l.a, !l.want})
	}
	d := p.dims[p.of[l.a.key]]
	if d.space == nil {
		return matchesResource(l.a, d.holds[0], p.c.b) == l.want
	}
	return d.space.holds(l.a, d.holds, p.c.b) == l.want
}

// search looks for a clause that the values break, and makes one of its literals false. In the next branch the literal is true, so that
// no two branches look at the same values.
func (p *problem) search(depth int) answer {
	if !p.c.b.take(1) || depth > 2000 {
		return unsure
	}
	var worst []lit
	open := -1
	for _, clause := range p.clauses {
		broken, left := true, 0
		for _, l := range clause {
			if !p.truth(l) {
				broken = false
				break
			}
			if !p.asserted(l) {
				left++
			}
		}
		if broken && (open < 0 || left < open) {
			worst, open = clause, left
		}
	}
	switch {
	case open < 0:
		return possible
	case open == 0:
		return impossible
	}
	type undo struct {
		d    *dimension
		lits int
	}
	var added []undo
	result := impossible
	for _, l := range worst {
		if p.asserted(l) {
			continue
		}
		d := p.dimension(l.a)
		n, holds, solved := len(d.lits), d.holds, d.solved
		d.lits = append(d.lits[:n:n], lit{l.a, !l.want})
		ok := p.settle(d)
		if ok == possible {
			ok = p.search(depth + 1)
		}
		if ok == possible {
			return possible
		}
		if ok == unsure {
			p.doubt = true
			if p.c.b.spent() {
				result = unsure
			}
		}
		d.lits, d.holds, d.solved = d.lits[:n], holds, solved
		if result == unsure {
			break
		}
		// From here on it is true, as it is under the values found.
		d.lits = append(d.lits[:n:n], l)
		added = append(added, undo{d, n})
		if l.a.vars {
			d.solved = -1
			if ok := p.settle(d); ok != possible {
				p.doubt = p.doubt || ok == unsure
				d.holds, d.solved = holds, solved
				break
			}
		} else {
			d.solved = len(d.lits)
		}
	}
	for i := len(added) - 1; i >= 0; i-- {
		added[i].d.lits = added[i].d.lits[:added[i].lits]
		added[i].d.solved = min(added[i].d.solved, added[i].lits)
	}
	return result
}

// theory answers what one dimension can be; answers are remembered.
func (c *comparison) theory(at *place, d *dimension) (value, answer) {
	c.key = c.key[:0]
	for _, l := range d.lits {
		id := uint32(l.a.id) << 1
		if l.want {
			id |= 1
		}
		c.key = binary.LittleEndian.AppendUint32(c.key, id)
	}
	slot := theoryKey{place: at, lits: string(c.key)}
	if d.space != nil {
		slot.place, slot.space = nil, d.space
	}
	if t, ok := c.theories[slot]; ok {
		return t.v, t.ok
	}
	var t theoryAnswer
	if d.space != nil {
		t.v, t.ok = d.space.solve(d.lits, c.b)
	} else {
		t.v, t.ok = c.resource(at, d.lits)
	}
	c.theories[slot] = t
	return t.v, t.ok
}

type theoryKey struct {
	place *place
	space *keySpace
	lits  string
}

type theoryAnswer struct {
	v  value
	ok answer
}

// resource finds one that the action applies to and for which the literals hold.
func (c *comparison) resource(at *place, lits []lit) (value, answer) {
	result := impossible
	if len(at.forms) > 0 {
		w := wanted{some: [][]*pattern{at.forms}, least: 1}
		for _, l := range lits {
			if l.want {
				w.some = append(w.some, l.a.patterns)
			} else {
				w.none = append(w.none, l.a.patterns...)
			}
		}
		s, ok := w.find(c.b)
		if ok == possible {
			return value{s}, possible
		}
		result = ok
	}
	if at.star {
		for _, l := range lits {
			if matchesResource(l.a, "*", c.b) != l.want {
				return nil, result
			}
		}
		return value{"*"}, possible
	}
	return nil, result
}

// matchesResource says whether a resource matches a pattern of an atom. What is no ARN, the * of actions without resources, is matched by *
// alone.
func matchesResource(a *atom, resource string, b *budget) bool {
	if strings.Trim(resource, "*") == "" {
		return hasStars(a.patterns)
	}
	return anyMatches(a.patterns, resource, b)
}
