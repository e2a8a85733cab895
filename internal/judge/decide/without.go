package decide

import (
	"slices"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Without is the table as it would be if some statements and KMS grants did not exist. Gone is asked of each, by the names that a Ref
// gives them, and by iam.AllUnparsed for a document that was not understood. What is left keeps its number.
func (t *Table) Without(gone func(policy string, statement int) bool) *Table {
	c := cutter{gone: gone, done: map[*iam.Policy]*iam.Policy{}}
	w := *t
	w.principals = make(map[snapshot.Key]*principal, len(t.principals))
	for k, p := range t.principals {
		p := *p
		p.identity, p.boundary = c.policies(p.identity), c.policies(p.boundary)
		w.principals[k] = &p
	}
	w.resources = make(map[snapshot.Key]*resource, len(t.resources))
	for k, r := range t.resources {
		r := *r
		r.policy, r.grants = c.policies(r.policy), c.grants(r.grants)
		w.resources[k] = &r
	}
	w.scp, w.rcp = c.levels(t.scp), c.levels(t.rcp)
	return &w
}

// cutter copies policies of which something is gone, each once.
type cutter struct {
	gone func(policy string, statement int) bool
	done map[*iam.Policy]*iam.Policy
}

func (c *cutter) levels(levels [][]*iam.Policy) [][]*iam.Policy {
	out := make([][]*iam.Policy, len(levels))
	for i, l := range levels {
		out[i] = c.policies(l)
	}
	return out
}

func (c *cutter) policies(list []*iam.Policy) []*iam.Policy {
	if list == nil {
		return nil // no boundary is another thing than an empty one
	}
	out := make([]*iam.Policy, len(list))
	for i, p := range list {
		out[i] = c.policy(p)
	}
	return out
}

func (c *cutter) policy(p *iam.Policy) *iam.Policy {
	if q, ok := c.done[p]; ok {
		return q
	}
	q := *p
	q.Statements = slices.Clone(p.Statements)
	for i := range q.Statements {
		if c.gone(p.Name, i) {
			q.Statements[i] = iam.Statement{Sid: p.Statements[i].Sid, Effect: iam.EffectDeny} // names no action: matches nothing
		}
	}
	q.Unparsed = slices.DeleteFunc(slices.Clone(p.Unparsed), func(i int) bool { return c.gone(p.Name, i) })
	c.done[p] = &q
	return &q
}

// grants are all called "grant", see iam.Ref.
func (c *cutter) grants(list []iam.Grant) []iam.Grant {
	out := slices.Clone(list)
	for i := range out {
		if c.gone("grant", i) {
			out[i].Operations = nil
		}
	}
	return out
}
