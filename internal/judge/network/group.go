package network

import (
	"net/netip"
)

// Directions of a rule.
const (
	inward  = 0
	outward = 1
)

// rule is one rule of a security group: what it opens, to which blocks, to which group. vague: to whom could not be read.
type rule struct {
	spec
	blocks []netip.Prefix
	group  string
	vague  bool
	sets   both
	runs   []run
}

// group is a security group. Its rules only let in, and whatever one of them lets in, gets its answer
// (Amazon VPC User Guide, "Security group rules", https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html).
type group struct {
	id    string
	rules [2][]rule
	gap   [2]string // why its rules may not be all
}

func (f *facts) groups() map[string]*group {
	out := map[string]*group{}
	in, strayIn := f.parts("AWS::EC2::SecurityGroupIngress", "GroupId")
	eg, strayOut := f.parts("AWS::EC2::SecurityGroupEgress", "GroupId")
	for _, r := range f.types["AWS::EC2::SecurityGroup"] {
		g := &group{id: id(r, "GroupId")}
		out[g.id] = g
		for dir, name := range []string{"SecurityGroupIngress", "SecurityGroupEgress"} {
			rules, whole := objects(r, name)
			more, stray := in[g.id], strayIn
			if dir == outward {
				more, stray = eg[g.id], strayOut
			}
			for _, m := range more {
				rules = append(rules, m.Properties)
				whole = whole && len(m.Unknown) == 0
			}
			if !whole || stray || r.IsUnknown(name) {
				g.gap[dir] = "the rules of security group " + g.id + " were not read"
			}
			for _, m := range rules {
				g.rules[dir] = append(g.rules[dir], f.rule(m))
			}
			// A group that says nothing of its outward rules has the one that it is made with: all to everybody
			// ("AWS::EC2::SecurityGroup", https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-securitygroup.html).
			if _, said := r.Properties[name]; dir == outward && !said && len(rules) == 0 && g.gap[dir] == "" {
				g.rules[dir] = []rule{{spec: spec{all: true}, blocks: []netip.Prefix{everything4, everything6}}}
			}
		}
	}
	return out
}

func (f *facts) rule(m map[string]any) rule {
	r := rule{spec: ported(m["IpProtocol"], m["FromPort"], m["ToPort"])}
	r.blocks, r.vague = f.blocksOf(m, "CidrIp", "CidrIpv6", "SourcePrefixListId")
	more, vague := f.blocksOf(m, "", "", "DestinationPrefixListId")
	r.blocks, r.vague = append(r.blocks, more...), r.vague || vague
	r.group = text(m, "SourceSecurityGroupId", "DestinationSecurityGroupId")
	for _, k := range []string{"SourceSecurityGroupId", "DestinationSecurityGroupId", "SourceSecurityGroupName"} {
		if v := m[k]; v != nil && v != "" && v != r.group {
			r.vague = true
		}
	}
	return r
}

// toward is what the rules of a group open to a run of addresses.
func (g *group) toward(a *atoms, dir int, to run) both {
	out := a.nothing()
	for seg := to.lo; seg <= to.hi; seg++ {
		one := a.nothing()
		for i := range g.rules[dir] {
			r := &g.rules[dir][i]
			hit := false
			for _, b := range r.runs {
				hit = hit || b.has(seg)
			}
			if hit {
				one.or(r.sets)
			} else if r.vague {
				one.may.or(r.sets.may)
			}
		}
		if seg == to.lo {
			out.must.or(one.must)
		}
		out.must.and(one.must)
		out.may.or(one.may)
	}
	if g.gap[dir] != "" {
		out.may.or(a.all)
	}
	return out
}
