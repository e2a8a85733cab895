package network

import (
	"net/netip"
	"slices"

	"github.com/footing-dev/footing/internal/snapshot"
)

// place is where packets leave and arrive: a subnet, and the addresses in it that routes and ACLs cannot tell apart.
type place struct {
	subnet *subnet
	addr   run
	six    bool
}

// filter is a network ACL on the way, asked about the other end.
type filter struct {
	acl  *acl
	dir  int
	peer run
}

// Kinds of legs. The zero value is not known.
const (
	vague  = iota // something that is not modelled, or was not read
	passes        // packets go as far as the filters let them
	drops
)

// leg is one way that packets may go from one place to another; of several, exactly one is true, and which was not read.
type leg struct {
	kind          int
	filters       []filter
	refIn, refOut snapshot.State // whether rules that name a security group count
	what, why     string         // by what it goes; why it is dropped, or what is not known
}

func vagueLeg(what, why string) leg { return leg{what: what, why: why} }
func dropLeg(why string) leg        { return leg{kind: drops, why: why} }

func (r *Reach) find(s *subnet, to run) []target {
	var own []netip.Prefix
	if v := r.vpcs[s.vpc]; v != nil {
		own = v.blocks
	}
	return s.table.find(r.net, to, own)
}

// legs lists how a packet goes from a to the private or IPv6 address b, inside the networks of the account.
func (r *Reach) legs(a, b place) []leg {
	if a.subnet == nil || b.subnet == nil {
		return []leg{vagueLeg("", "a subnet was not read")}
	}
	here, there := a.subnet.vpc, b.subnet.vpc
	if here == "" || there == "" {
		return []leg{vagueLeg("", "the VPC of a subnet was not read")}
	}
	if a.subnet.id == b.subnet.id { // nothing filters or routes what stays within a subnet
		return []leg{{kind: passes, what: a.subnet.id, refIn: snapshot.Known, refOut: snapshot.Known}}
	}
	cross := []filter{{a.subnet.acl, outward, b.addr}, {b.subnet.acl, inward, a.addr}}
	within := leg{kind: passes, what: here, filters: cross, refIn: snapshot.Known, refOut: snapshot.Known}
	if a.subnet.table == nil {
		return []leg{vagueLeg("", "the route table of "+a.subnet.id+" was not read")}
	}
	if a.subnet.table.gap != "" {
		return []leg{vagueLeg("", a.subnet.table.gap)}
	}
	var out []leg
	for _, t := range r.find(a.subnet, b.addr) {
		switch {
		case here == there && t.kind == local:
			out = append(out, within)
		case here == there && t.kind != hole && len(r.vpcs[here].blocks) == 0:
			out = append(out, vagueLeg("", "the addresses of "+here+" were not read"))
		case here == there && t.kind == none:
			out = append(out, vagueLeg("", "the addresses of "+here+" were not all read"))
		case t.kind == hole:
			out = append(out, dropLeg("a blackhole in "+a.subnet.table.id))
		case t.kind == none:
			out = append(out, dropLeg("no route in "+a.subnet.table.id))
		case t.kind == local:
			out = append(out, dropLeg("its address is within "+here))
		case t.kind == peer:
			out = append(out, r.peered(t, here, there, cross))
		case t.kind == transit:
			out = append(out, r.across(t.id, a, b)...)
		case t.kind == igw, t.kind == egressOut, t.kind == nat && here != there && !b.six:
			out = append(out, r.outward(t, here, there, b))
		default:
			out = append(out, vagueLeg(t.String(), "what "+t.String()+" forwards is not modelled"))
		}
	}
	return out
}

// outward: a gateway to the internet leads to no private address.
func (r *Reach) outward(t target, here, there string, b place) leg {
	if here == there {
		return vagueLeg(t.String(), "a route through "+t.String()+" within "+here+" is not modelled")
	}
	if t.kind == nat {
		if n := r.nat(t.id); n == nil || n.private {
			return vagueLeg(t.String(), t.String()+" was not read, or is a private one")
		}
	}
	return dropLeg(t.String() + " leads to the internet alone")
}

func (r *Reach) peered(t target, here, there string, filters []filter) leg {
	p := r.peers[t.id]
	switch {
	case p == nil:
		return vagueLeg(t.String(), t.String()+" was not read")
	case !p.active:
		return dropLeg(t.String() + " is not active")
	case p.vpcs != [2]string{here, there} && p.vpcs != [2]string{there, here}:
		return dropLeg(t.String() + " leads to another VPC")
	}
	l := leg{kind: passes, what: t.String(), filters: filters, refIn: snapshot.Known, refOut: snapshot.Known}
	if p.afar {
		l.refIn, l.refOut = snapshot.Absent, snapshot.Absent
	}
	return l
}

// passed is what filters let pass.
func (r *Reach) passed(fs []filter) both {
	b := r.atoms.whole()
	for _, f := range fs {
		if f.acl != nil {
			b.and(f.acl.toward(r.atoms, f.dir, f.peer))
		}
	}
	return b
}

// path is all that lies between two places, for every port at once.
type path struct {
	both
	via           set // what something that is not modelled may carry over, under an address of its own
	refIn, refOut snapshot.State
	there, back   []leg
}

// between joins the way there with the way back. Only TCP needs the answer to be reached: another packet that arrives has arrived,
// so that without a way back it is unknown, not closed.
func (r *Reach) between(there, back []leg) path {
	p := path{via: r.atoms.none(), there: there, back: back}
	p.both = r.either(there, func(l leg) both { return r.passed(l.filters) })
	answer := r.either(back, func(l leg) both { return r.atoms.answered(r.passed(l.filters)) })
	p.must.and(answer.must)
	noTCP := slices.Clone(r.atoms.all)
	noTCP.without(r.atoms.tcp)
	answer.may.or(noTCP)
	p.may.and(answer.may)
	p.refIn, p.refOut = refs(there)
	for _, l := range there {
		if l.kind == vague {
			p.via.or(r.atoms.all)
		}
	}
	return p
}

func refs(legs []leg) (in, out snapshot.State) {
	for i, l := range legs {
		a, b := l.refIn, l.refOut
		if l.kind == vague {
			a, b = snapshot.Unknown, snapshot.Unknown
		}
		if i == 0 {
			in, out = a, b
		}
		if in != a {
			in = snapshot.Unknown
		}
		if out != b {
			out = snapshot.Unknown
		}
	}
	return in, out
}

// either joins legs of which exactly one is true: sure is what all let pass, possible what any may.
func (r *Reach) either(legs []leg, pass func(leg) both) both {
	out := r.atoms.nothing()
	for i, l := range legs {
		one := r.atoms.nothing()
		switch l.kind {
		case vague:
			one.may.or(r.atoms.all)
		case passes:
			one = pass(l)
		}
		if i == 0 {
			out.must.or(one.must)
		}
		out.must.and(one.must)
		out.may.or(one.may)
	}
	return out
}
