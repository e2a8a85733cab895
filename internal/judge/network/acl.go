package network

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// entry is one rule of a network ACL; deny and allow are both true where which of them it is was not read.
type entry struct {
	spec
	number      int
	block       netip.Prefix
	allow, deny bool
	vague       bool // for which addresses was not read
	sets        both
	run         run
}

// acl is a network ACL: rules count in order of their number, the first that matches decides, what none matches is denied, and
// an answer is a packet like any other (Amazon VPC User Guide, "Control traffic to subnets using network ACLs",
// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html).
type acl struct {
	id      string
	entries [2][]entry
	gap     string
}

func (f *facts) acl(r *snapshot.Resource, parts map[string][]*snapshot.Resource, stray bool) *acl {
	a := &acl{id: id(r, "NetworkAclId")}
	entries, whole := gathered(r, "Entries", parts[a.id])
	if !whole || stray {
		a.gap = "the rules of network ACL " + a.id + " were not read"
	}
	for _, m := range entries {
		e := entry{}
		ports, _ := m["PortRange"].(map[string]any)
		e.spec = ported(m["Protocol"], ports["From"], ports["To"])
		if m["PortRange"] != nil && ports == nil {
			e.spec.vague = true
		}
		n, ok := number(m["RuleNumber"])
		if e.number = n; !ok {
			a.gap = "the rules of network ACL " + a.id + " were not read"
		}
		action := text(m, "RuleAction")
		e.allow, e.deny = !strings.EqualFold(action, "deny"), !strings.EqualFold(action, "allow")
		blocks, vague := f.blocksOf(m, "CidrBlock", "Ipv6CidrBlock", "")
		if e.vague = vague || len(blocks) != 1; len(blocks) > 0 {
			e.block = blocks[0]
		}
		dir := inward
		switch v := m["Egress"].(type) {
		case bool:
			if v {
				dir = outward
			}
		case string:
			if strings.EqualFold(v, "true") {
				dir = outward
			}
		}
		a.entries[dir] = append(a.entries[dir], e)
	}
	for d := range a.entries {
		slices.SortStableFunc(a.entries[d], func(x, y entry) int { return x.number - y.number })
	}
	return a
}

// toward is what an ACL lets pass to or from a run of addresses.
func (c *acl) toward(a *atoms, dir int, peer run) both {
	if c.gap != "" {
		return a.anything()
	}
	out := a.nothing()
	for seg := peer.lo; seg <= peer.hi; seg++ {
		left, allowed, denied := slices.Clone(a.all), a.none(), a.none() // each: in some reading of what is vague
		for i := range c.entries[dir] {
			e := &c.entries[dir][i]
			if !e.vague && !e.run.has(seg) {
				continue
			}
			hit := slices.Clone(left)
			hit.and(e.sets.may)
			if e.allow {
				allowed.or(hit)
			}
			if e.deny {
				denied.or(hit)
			}
			if !e.vague {
				left.without(e.sets.must)
			}
		}
		denied.or(left)
		out.may.or(allowed)
		allowed.without(denied)
		if seg == peer.lo {
			out.must.or(allowed)
		}
		out.must.and(allowed)
	}
	return out
}
