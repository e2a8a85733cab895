package access

import (
	"math/bits"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
)

// cells is what one actor may do with each of a list of resources: sets of columns. What is in none of the three is denied.
type cells struct {
	allow, conditional, unknown []uint64
	seen                        []uint64             // of unknown: not denied on what was read
	guards                      [guardCount][]uint64 // of conditional: what nobody gets around
}

const guardCount = 3

func newCells(n int) *cells {
	words := (n + 63) / 64
	room := make([]uint64, (4+guardCount)*words)
	take := func() []uint64 {
		s := room[:words:words]
		room = room[words:]
		return s
	}
	c := &cells{allow: take(), conditional: take(), unknown: take(), seen: take()}
	for i := range c.guards {
		c.guards[i] = take()
	}
	return c
}

// all makes every one of n columns allowed, so that and has something to begin with.
func (c *cells) all(n int) {
	for i := range c.allow {
		c.allow[i], c.conditional[i], c.unknown[i], c.seen[i] = ^uint64(0), 0, 0, 0
		for g := range c.guards {
			c.guards[g][i] = 0
		}
	}
	if n&63 != 0 {
		c.allow[len(c.allow)-1] = 1<<(n&63) - 1
	}
}

func (c *cells) reset() {
	for i := range c.allow {
		c.allow[i], c.conditional[i], c.unknown[i], c.seen[i] = 0, 0, 0, 0
		for g := range c.guards {
			c.guards[g][i] = 0
		}
	}
}

// and needs both.
func (c *cells) and(o *cells) {
	for i := range c.allow {
		open := (c.allow[i] | c.conditional[i] | c.unknown[i]) & (o.allow[i] | o.conditional[i] | o.unknown[i])
		seen := (c.allow[i] | c.conditional[i] | c.seen[i]) & (o.allow[i] | o.conditional[i] | o.seen[i])
		unknown := open & (c.unknown[i] | o.unknown[i])
		allow := c.allow[i] & o.allow[i]
		c.allow[i], c.unknown[i], c.conditional[i], c.seen[i] = allow, unknown, open&^unknown&^allow, seen&unknown
		for g := range c.guards {
			c.guards[g][i] = (c.guards[g][i] | o.guards[g][i]) & open
		}
	}
}

// only keeps some columns.
func (c *cells) only(keep []uint64) {
	for i, w := range keep {
		c.allow[i] &= w
		c.conditional[i] &= w
		c.unknown[i] &= w
		c.seen[i] &= w
	}
}

// doubt makes what is there unknown in some columns, and not seen.
func (c *cells) doubt(where []uint64) {
	for i, w := range where {
		open := (c.allow[i] | c.conditional[i] | c.unknown[i]) & w
		c.unknown[i] |= open
		c.seen[i] &^= open
		c.allow[i] &^= open
		c.conditional[i] &^= open
	}
}

func (c *cells) empty() bool {
	for i := range c.allow {
		if c.allow[i]|c.conditional[i]|c.unknown[i] != 0 {
			return false
		}
	}
	return true
}

// each calls f for every column that is not denied, ascending.
func (c *cells) each(f func(col int)) {
	for i := range c.allow {
		for w := c.allow[i] | c.conditional[i] | c.unknown[i]; w != 0; w &= w - 1 {
			f(i<<6 + bits.TrailingZeros64(w))
		}
	}
}

// cell is one of cells.
type cell struct {
	outcome iam.Outcome
	seen    bool // Unknown, but not denied on what was read
	guards  Guard
}

// certain orders cells as edges are.
func (x cell) certain() certain {
	switch {
	case x.outcome == iam.Allow:
		return allowed
	case x.outcome == iam.Conditional:
		return conditional
	case x.seen:
		return seen
	}
	return unseen
}

func (c *cells) at(col int) cell {
	i, bit := col>>6, uint64(1)<<(col&63)
	out := cell{outcome: iam.Deny}
	switch {
	case c.allow[i]&bit != 0:
		return cell{outcome: iam.Allow}
	case c.conditional[i]&bit != 0:
		out.outcome = iam.Conditional
	case c.unknown[i]&bit != 0:
		out.outcome, out.seen = iam.Unknown, c.seen[i]&bit != 0
	default:
		return out
	}
	for g := range c.guards {
		if c.guards[g][i]&bit != 0 {
			out.guards |= 1 << g
		}
	}
	return out
}

// put adds one column to cells that deny it.
func (c *cells) put(col int, x cell) {
	i, bit := col>>6, uint64(1)<<(col&63)
	switch x.outcome {
	case iam.Deny:
		return
	case iam.Allow:
		c.allow[i] |= bit
	case iam.Conditional:
		c.conditional[i] |= bit
	case iam.Unknown:
		c.unknown[i] |= bit
		if x.seen {
			c.seen[i] |= bit
		}
	}
	for g := range c.guards {
		if x.guards&(1<<g) != 0 {
			c.guards[g][i] |= bit
		}
	}
}

// best is the easier of two ways: the surer outcome, and only the guards of both.
func (x cell) best(y cell) cell {
	if x.outcome == iam.Deny {
		return y
	}
	if y.outcome == iam.Deny {
		return x
	}
	out := x
	if certainty(y.outcome) > certainty(x.outcome) || y.outcome == x.outcome && y.seen {
		out = y
	}
	out.guards = x.guards & y.guards
	return out
}

// cellOf reads one outcome of a matrix.
func cellOf(m *decide.Matrix, actor, col int) cell {
	o, seen := m.At(actor, col)
	out := cell{outcome: o, seen: o == iam.Unknown && seen}
	if lacks := m.Row(actor).Lacks; o == iam.Conditional && lacks != nil {
		for g := range lacks {
			if lacks[g].Has(m.Place(col)) {
				out.guards |= 1 << g
			}
		}
	}
	return out
}
