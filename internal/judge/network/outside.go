package network

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// gateway is a NAT gateway.
type natGateway struct {
	subnet   *subnet
	private  bool // translates to a private address, and reaches no internet
	net, sg  run  // its public address, any where it was not read
	addrRead bool
}

// nat reads a NAT gateway: what stands behind it opens connections, and nobody opens one to it.
// "NAT gateways", https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
func (r *Reach) nat(name string) *natGateway {
	for _, x := range r.facts.types["AWS::EC2::NatGateway"] {
		if id(x, "NatGatewayId") != name || r.subnets[x.Text("SubnetId")] == nil {
			continue
		}
		n := &natGateway{subnet: r.subnets[x.Text("SubnetId")], private: strings.EqualFold(x.Text("ConnectivityType"), "private"),
			net: r.net.of(everything4), sg: r.sg.of(everything4)}
		for _, i := range r.facts.types["AWS::EC2::NetworkInterface"] {
			if isNAT(i) && i.Text("SubnetId") == n.subnet.id && strings.Contains(i.Text("Description"), name) {
				if b, ok := address(i.Text("PublicIp")); ok {
					n.net, n.sg, n.addrRead = r.net.of(b), r.sg.of(b), true
				}
			}
		}
		return n
	}
	return nil
}

// exit is a leg out to the internet with its way back, and the address under which it is seen there.
type exit struct {
	leg
	back    []filter
	net, sg run
	inside  bool // for an IPv6 address of the account the legs inside say it all
}

// exits lists how a packet leaves a place for public addresses; own is the sender's public face, if it has one.
func (r *Reach) exits(a place, own *face, to run) []exit {
	anyone := everything4
	if a.six {
		anyone = everything6
	}
	open := func(why string) []exit {
		return []exit{{leg: vagueLeg("", why), net: r.net.of(anyone), sg: r.sg.of(anyone), inside: a.six}}
	}
	switch {
	case a.subnet == nil:
		return open("its subnet was not read")
	case a.subnet.table == nil:
		return open("the route table of " + a.subnet.id + " was not read")
	case a.subnet.table.gap != "":
		return open(a.subnet.table.gap)
	}
	var out []exit
	for _, t := range r.find(a.subnet, to) {
		filters, back := []filter{{a.subnet.acl, outward, to}}, []filter{{a.subnet.acl, inward, to}}
		plain := leg{kind: passes, what: t.String(), filters: filters, refIn: snapshot.Absent, refOut: snapshot.Absent}
		switch {
		case t.kind == igw || t.kind == egressOut && a.six:
			if own == nil {
				out = append(out, exit{leg: dropLeg("it has no public address")})
				continue
			}
			e := exit{leg: plain, back: back, net: own.net, sg: own.sg}
			if !own.sure {
				e.leg = vagueLeg(e.what, "whether it has a public address was not read")
			}
			out = append(out, e)
		case t.kind == nat && !a.six:
			out = append(out, r.translated(t, a, to, plain, back))
		case t.kind == hole, t.kind == none, t.kind == local, t.kind == peer, t.kind == egressOut:
			out = append(out, exit{leg: dropLeg(t.String() + " in " + a.subnet.table.id)})
		default:
			out = append(out, open("what "+t.String()+" forwards is not modelled")...)
		}
	}
	return out
}

func (r *Reach) translated(t target, a place, to run, l leg, back []filter) exit {
	n := r.nat(t.id)
	all := exit{leg: vagueLeg(t.String(), t.String()+" was not read"), net: r.net.of(everything4), sg: r.sg.of(everything4)}
	if n == nil || n.private || n.subnet.table == nil || n.subnet.table.gap != "" {
		return all
	}
	if far := r.find(n.subnet, to); len(far) != 1 || far[0].kind != igw {
		all.why = "the way out of " + t.String() + " is not modelled"
		return all
	}
	if n.subnet.id != a.subnet.id {
		l.filters = append(l.filters, filter{n.subnet.acl, inward, a.addr}, filter{n.subnet.acl, outward, to})
		back = append([]filter{{n.subnet.acl, inward, to}, {n.subnet.acl, outward, a.addr}}, back...)
	}
	return exit{leg: l, back: back, net: n.net, sg: n.sg}
}

// arrive lists how a public address comes in to b, and how its answers leave: by the same internet gateway
// (Amazon VPC User Guide, "Enable internet access for a VPC using an internet gateway",
// https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html).
func (r *Reach) arrive(b place, from run) (there, back []leg) {
	if b.subnet == nil {
		v := []leg{vagueLeg("", "its subnet was not read")}
		return v, v
	}
	in := leg{kind: passes, what: igw, filters: []filter{{b.subnet.acl, inward, from}}, refIn: snapshot.Absent, refOut: snapshot.Absent}
	switch v := r.vpcs[b.subnet.vpc]; {
	case v == nil || v.igw == snapshot.Unknown:
		in.kind, in.why = vague, "whether an internet gateway is attached was not read"
	case v.igw == snapshot.Absent:
		in = dropLeg("no internet gateway")
	}
	answer := leg{kind: passes, what: igw, filters: []filter{{b.subnet.acl, outward, from}}}
	switch t := b.subnet.table; {
	case t == nil:
		return []leg{in}, []leg{vagueLeg("", "its route table was not read")}
	case t.gap != "":
		return []leg{in}, []leg{vagueLeg("", t.gap)}
	}
	for _, t := range r.find(b.subnet, from) {
		switch t.kind {
		case igw:
			back = append(back, answer)
		case other:
			back = append(back, vagueLeg("", "its way to the internet leads through "+t.id))
		default:
			back = append(back, dropLeg("no route from an internet gateway"))
		}
	}
	if slices.ContainsFunc(back, func(l leg) bool { return l.kind == vague }) && in.kind == drops {
		in = vagueLeg("", "its way to the internet leads through an appliance")
	}
	return []leg{in}, back
}

// publicly is the path from one interface to a public address of another, over the internet, with the addresses that it is seen
// under. Security groups that a rule names do not count there: they stand for private addresses
// (Amazon VPC User Guide, "Security group rules").
func (r *Reach) publicly(a place, own *face, b place, to run) (path, run) {
	var p path
	seen := run{0, -1}
	for i, e := range r.exits(a, own, to) {
		if e.inside {
			e.leg = dropLeg(e.why)
		}
		one := path{both: r.atoms.nothing(), via: r.atoms.none(), there: []leg{e.leg}, refIn: snapshot.Absent, refOut: snapshot.Absent}
		switch {
		case e.kind == vague:
			one.may.or(r.atoms.all)
			one.via.or(r.atoms.all)
		case e.kind == passes:
			in, back := r.arrive(b, e.net)
			there := r.either(in, func(l leg) both { return r.passed(append(slices.Clone(e.filters), l.filters...)) })
			answer := r.either(back, func(l leg) both {
				return r.atoms.answered(r.passed(append(slices.Clone(l.filters), e.back...)))
			})
			one.must.or(there.must)
			one.must.and(answer.must)
			noTCP := slices.Clone(r.atoms.all)
			noTCP.without(r.atoms.tcp)
			answer.may.or(noTCP)
			one.may.or(there.may)
			one.may.and(answer.may)
			one.there, one.back = append(one.there, in...), back
		}
		if e.kind != drops {
			if seen.hi < seen.lo {
				seen = e.sg
			}
			seen = run{min(seen.lo, e.sg.lo), max(seen.hi, e.sg.hi)}
		}
		if i == 0 {
			p = one
			continue
		}
		p.must.and(one.must)
		p.may.or(one.may)
		p.via.or(one.via)
		p.there, p.back = append(p.there, one.there...), append(p.back, one.back...)
	}
	return p, seen
}
