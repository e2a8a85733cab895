package network

import (
	"slices"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Facing is how the internet reaches a load balancer by its own subnets and security groups, whatever it listens on.
type Facing struct {
	ways []Way
	Says string // why it is not reached, or what was not read
}

// Balancer reads AWS::ElasticLoadBalancingV2::LoadBalancer and AWS::ElasticLoadBalancing::LoadBalancer. One that does not say its
// scheme faces the internet ("CreateLoadBalancer", Scheme,
// https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_CreateLoadBalancer.html).
func (r *Reach) Balancer(lb *snapshot.Resource) Facing {
	scheme, state := lb.Property("Scheme")
	if state == snapshot.Unknown {
		return Facing{[]Way{{}}, "whether it faces the internet was not read"}
	}
	if scheme == "internal" {
		return Facing{nil, "it is internal"}
	}
	groups, whole := texts(lb, "SecurityGroups")
	h := Host{Groups: groups, Public: snapshot.Known, unfiltered: whole && len(groups) == 0}
	switch kind := lb.Text("IpAddressType"); {
	case kind == "dualstack-without-public-ipv4":
		h.six = []string{""} // by IPv6 alone, and at an address that is not written down
	case kind != "dualstack" && !lb.IsUnknown("IpAddressType"):
		h.fourOnly = true
	}
	subnets, whole := texts(lb, "Subnets")
	mappings, mapped := objects(lb, "SubnetMappings")
	for _, m := range mappings {
		subnets = append(subnets, text(m, "SubnetId"))
	}
	var f Facing
	for _, h.Subnet = range subnets {
		w := r.FromInternet(h)
		f.ways, f.Says = append(f.ways, w), w.Says
	}
	if !whole || !mapped || len(subnets) == 0 {
		f.ways, f.Says = append(f.ways, Way{}), "its subnets were not read"
	}
	return f
}

// On tells whether the internet reaches a port of it.
func (f Facing) On(port int) snapshot.State {
	best := snapshot.Absent
	for _, w := range f.ways {
		has := slices.ContainsFunc(w.Ports, func(p Ports) bool { return p.Has(port) })
		switch {
		case has && w.State == snapshot.Known:
			return snapshot.Known
		case has || w.State == snapshot.Unknown && len(w.Ports) == 0:
			best = snapshot.Unknown
		}
	}
	return best
}

// Lets tells whether security groups let traffic in on some of these ports. Known: from anywhere; Unknown: from some, or they were
// not read; Absent: from nobody. No groups: nothing filters, where unfiltered, else they were not read.
func (r *Reach) Lets(groups []string, unfiltered bool, ports Ports) snapshot.State {
	h := Host{Groups: groups, unfiltered: unfiltered}
	sure, may := r.let(h, inward, r.sg.of(everything4), Host{unfiltered: true}, snapshot.Absent), r.anybody(h)
	if unfiltered && len(groups) == 0 {
		return snapshot.Known
	}
	best := snapshot.Absent
	for i, t := range r.atoms.list {
		if t.Protocol != tcp && t.Protocol != udp || t.To < ports.From || t.From > ports.To {
			continue
		}
		if sure.must.has(i) {
			return snapshot.Known
		}
		if may.has(i) {
			best = snapshot.Unknown
		}
	}
	return best
}

// VPC is the one that a subnet lies in, "" where it was not read, and whether an internet gateway is attached to it.
func (r *Reach) VPC(subnet string) (string, snapshot.State) {
	s := r.subnets[subnet]
	if s == nil || r.vpcs[s.vpc] == nil {
		return "", snapshot.Unknown
	}
	return s.vpc, r.vpcs[s.vpc].igw
}

// Accelerated tells whether Global Accelerator has a network interface in a subnet: it makes one wherever it hands the addresses of
// clients on ("Requirements for endpoints with client IP address preservation",
// https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints.sipp-caveats.html).
func (r *Reach) Accelerated(subnet string) bool { return r.fast[subnet] }

// Any tells whether the internet may reach it on any port.
func (f Facing) Any() bool {
	return slices.ContainsFunc(f.ways, func(w Way) bool { return w.State != snapshot.Absent })
}
