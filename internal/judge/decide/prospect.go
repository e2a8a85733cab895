package decide

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
)

// Prospects are the actors who may be allowed an action on anything at all: an Allow of their own policies, and of their permissions
// boundary if they have one, speaks of it or was not read; or what is not their own may allow it, such as a resource's policy, a grant or
// a default. Whoever is not among them is denied it everywhere, since policies of the organisation only take away. The result is to
// be read.
func (e *Engine) Prospects(action string) Set {
	if s, ok := e.prospects[action]; ok {
		return s
	}
	s := newSet(len(e.actors))
	e.prospects[action] = s
	bit := serviceBit(service(action))
	if e.given(s, action, bit) {
		s.fill(0, len(e.actors))
		return s
	}
	own, within := newSet(len(e.actors)), newSet(len(e.actors))
	for _, c := range e.attached {
		if c.allows(action, bit) {
			for _, a := range c.owners {
				own.add(int(a))
			}
			for _, a := range c.bounds {
				within.add(int(a))
			}
		}
	}
	for i, a := range e.actors {
		if a.root || (own.Has(i) || a.identityDoubt) && (within.Has(i) || !a.bound || a.boundaryDoubt) {
			s.add(i)
		}
	}
	return s
}

// allows tells whether some Allow of a policy speaks of an action.
func (c *compiled) allows(action string, bit uint64) bool {
	if c.services&bit == 0 {
		return false
	}
	for i := range c.statements {
		if st := &c.statements[i]; st.Effect == iam.EffectAllow && st.matches(action, bit) {
			return true
		}
	}
	return false
}

// giver is what may allow something to those whose own policies do not.
type giver struct {
	services uint64
	policy   *iam.Policy // nil: everybody may be meant
	compiled *compiled   // once it was asked
}

// givers lists what resources give.
func (t *Table) givers() []giver {
	out := []giver{}
	for k, r := range t.resources {
		if slices.Contains(r.unread, iam.LayerResource) || unparsed(r.policy) {
			g := giver{services: anyService}
			if strings.Contains(string(k), ":role/") {
				g.services = serviceBit("sts") // all that trust policies speak of
			}
			out = append(out, g)
		}
		if len(r.grants) > 0 || slices.Contains(r.unread, iam.LayerGrant) {
			out = append(out, giver{services: serviceBit("kms")})
		}
		for _, p := range r.policy {
			g := giver{policy: p}
			for i := range p.Statements {
				if st := &p.Statements[i]; st.Effect == iam.EffectAllow {
					g.services |= servicesOf(st)
				}
			}
			out = append(out, g)
		}
	}
	return out
}

// given adds the actors to whom resources may give an action, and tells whether that is everybody.
func (e *Engine) given(to Set, action string, bit uint64) (everybody bool) {
	p := iam.NewProbe(&iam.Request{Principal: e.neutral().text, Action: action, Resource: "arn:aws:" + service(action) + ":::any"}, false)
	if p.Traits().AlwaysAllowed || p.OpenByDefault(nil) {
		return true
	}
	if e.givers == nil {
		e.givers = e.t.givers()
		for i, g := range e.givers {
			for s := g.services; s != 0; s &= s - 1 {
				n := bits.TrailingZeros64(s)
				e.giving[n] = append(e.giving[n], int32(i))
			}
		}
	}
	for _, i := range e.giving[bits.TrailingZeros64(bit)] {
		g := &e.givers[i]
		if g.policy == nil {
			return true
		}
		if g.compiled == nil {
			g.compiled = e.compile(g.policy)
		}
		for i := range g.compiled.statements {
			st := &g.compiled.statements[i]
			if st.Effect != iam.EffectAllow || !st.matches(action, bit) {
				continue
			}
			e.name(st)
			if st.everybody.Name || st.everybody.Role {
				return true
			}
			for _, n := range st.named { // who is meant by account alone needs policies of his own
				if n.Name || n.Role || n.Session {
					to.add(int(n.actor))
				}
			}
		}
	}
	return false
}
