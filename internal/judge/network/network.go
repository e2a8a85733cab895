// Package network tells who reaches which interface on which port: from the internet, to it, and between any two interfaces.
// It is complete for what docs/network.md lists; whatever is not modelled or was not read is unknown by name, never closed.
package network

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Reach answers for one snapshot. It does not change once compiled, and may be asked from many goroutines.
type Reach struct {
	facts      *facts
	net, sg    space // addresses, cut where routes and ACLs name blocks, and where security groups do
	atoms      *atoms
	groups     map[string]*group
	subnets    map[string]*subnet
	vpcs       map[string]*vpc
	peers      map[string]*peering
	transit    *gateways
	interfaces []Interface
	fronts     []*snapshot.Resource            // public network interfaces of load balancers
	attached   map[string][]*snapshot.Resource // network interfaces by instance
	fast       map[string]bool                 // subnets where Global Accelerator has an interface
}

// subnet is where packets are routed and filtered. A nil table or an acl with a gap: not read.
type subnet struct {
	id, vpc, zone string
	blocks        []netip.Prefix
	table         *table
	acl           *acl // nil: the one that a VPC is made with, which lets everything pass
}

type vpc struct {
	id     string
	blocks []netip.Prefix
	igw    snapshot.State // whether an internet gateway is attached
}

// Compile reads the network of a sealed snapshot.
func Compile(s *snapshot.Snapshot) *Reach {
	f := gather(s)
	r := &Reach{facts: f, groups: f.groups(), subnets: map[string]*subnet{}, vpcs: map[string]*vpc{}, peers: f.peerings(), interfaces: f.interfaces()}
	tables, acls := r.placed()
	r.transit = f.gateways()
	var specs []spec
	var sgBlocks, netBlocks []netip.Prefix
	for _, g := range r.groups {
		for d := range g.rules {
			for _, rule := range g.rules[d] {
				specs, sgBlocks = append(specs, rule.spec), append(sgBlocks, rule.blocks...)
			}
		}
	}
	for _, a := range acls {
		for d := range a.entries {
			for _, e := range a.entries[d] {
				specs = append(specs, e.spec)
				if e.block.IsValid() {
					netBlocks = append(netBlocks, e.block)
				}
			}
		}
	}
	for _, t := range tables {
		for _, rt := range t.routes {
			netBlocks = append(netBlocks, rt.blocks...)
		}
	}
	for _, v := range r.vpcs {
		netBlocks = append(netBlocks, v.blocks...)
	}
	netBlocks = append(netBlocks, r.transit.blocks()...)
	netBlocks = append(netBlocks, append(notPublic, public6)...)
	r.net, r.sg, r.atoms = newSpace(netBlocks), newSpace(sgBlocks), newAtoms(specs)
	for _, g := range r.groups {
		for d := range g.rules {
			for i := range g.rules[d] {
				rule := &g.rules[d][i]
				rule.sets = r.atoms.of(rule.spec)
				for _, b := range rule.blocks {
					rule.runs = append(rule.runs, r.sg.of(b))
				}
			}
		}
	}
	for _, a := range acls {
		for d := range a.entries {
			for i := range a.entries[d] {
				e := &a.entries[d][i]
				e.sets, e.run = r.atoms.of(e.spec), run{0, -1}
				if e.block.IsValid() {
					e.run = r.net.of(e.block)
				}
			}
		}
	}
	for i := range r.interfaces {
		r.interfaces[i].faces = r.faces(r.interfaces[i].host)
	}
	r.fast = map[string]bool{}
	r.attached, _ = f.parts("AWS::EC2::NetworkInterface", "InstanceId")
	for _, i := range f.types["AWS::EC2::NetworkInterface"] {
		if i.Text("InterfaceType") == "global_accelerator_managed" {
			r.fast[i.Text("SubnetId")] = true
		}
		if strings.HasPrefix(i.Text("Description"), "ELB ") && i.Text("PublicIp") != "" {
			r.fronts = append(r.fronts, i)
		}
	}
	return r
}

// placed reads VPCs and subnets, with the route table and the network ACL of each.
func (r *Reach) placed() (tables []*table, acls []*acl) {
	f := r.facts
	vpcOf := func(id string) *vpc {
		v := r.vpcs[id]
		if v == nil && id != "" {
			v = &vpc{id: id, igw: snapshot.Absent}
			if f.unread("AWS::EC2::InternetGateway") && f.unread("AWS::EC2::VPCGatewayAttachment") {
				v.igw = snapshot.Unknown
			}
			r.vpcs[id] = v
		}
		return v
	}
	keep := func(id string, blocks ...any) {
		v := vpcOf(id)
		for _, x := range blocks {
			if b, ok := block(x); ok && v != nil && !slices.Contains(v.blocks, b) {
				v.blocks = append(v.blocks, b)
			}
		}
	}
	for _, x := range f.types["AWS::EC2::VPC"] {
		keep(id(x, "VpcId"), x.Properties["CidrBlock"], x.Properties["Ipv6CidrBlock"])
	}
	for _, x := range f.types["AWS::EC2::VPCCidrBlock"] {
		keep(x.Text("VpcId"), x.Properties["CidrBlock"], x.Properties["Ipv6CidrBlock"])
	}
	for _, x := range f.types["AWS::EC2::InternetGateway"] {
		ids, _ := x.Strings("VpcIds")
		for _, v := range ids {
			vpcOf(v).attach()
		}
	}
	for _, x := range f.types["AWS::EC2::VPCGatewayAttachment"] {
		if x.Text("InternetGatewayId") != "" || x.Properties["InternetGatewayId"] != nil {
			vpcOf(x.Text("VpcId")).attach()
		}
	}
	routes, stray := f.parts("AWS::EC2::Route", "RouteTableId")
	entries, strayEntry := f.parts("AWS::EC2::NetworkAclEntry", "NetworkAclId")
	explicit, main, aclOf, loose := map[string]*table{}, map[string]*table{}, map[string]*acl{}, false
	byID := map[string]*table{}
	for _, x := range f.types["AWS::EC2::RouteTable"] {
		t := f.table(x, routes, stray)
		tables, byID[t.id] = append(tables, t), t
		as, whole := objects(x, "Associations")
		loose = loose || !whole || x.IsUnknown("Associations")
		for _, a := range as {
			if s := text(a, "SubnetId"); s != "" {
				explicit[s] = t
			}
			if m, _ := a["Main"].(bool); m {
				main[t.vpc] = t
			}
		}
		for _, rt := range t.routes {
			if rt.target.kind == local {
				for _, b := range rt.blocks {
					keep(t.vpc, b.String())
				}
			}
			if rt.target.kind == igw {
				vpcOf(t.vpc).attach()
			}
		}
	}
	for _, x := range f.types["AWS::EC2::SubnetRouteTableAssociation"] {
		explicit[x.Text("SubnetId")] = byID[x.Text("RouteTableId")]
		loose = loose || x.Text("SubnetId") == ""
	}
	looseACL := f.gaps["AWS::EC2::NetworkAcl"]
	aclByID := map[string]*acl{}
	for _, x := range f.types["AWS::EC2::NetworkAcl"] {
		a := f.acl(x, entries, strayEntry)
		acls, aclByID[a.id] = append(acls, a), a
		as, whole := objects(x, "Associations")
		looseACL = looseACL || !whole || x.IsUnknown("Associations")
		for _, m := range as {
			aclOf[text(m, "SubnetId")] = a
		}
	}
	for _, x := range f.types["AWS::EC2::SubnetNetworkAclAssociation"] {
		aclOf[x.Text("SubnetId")] = aclByID[x.Text("NetworkAclId")]
		looseACL = looseACL || aclByID[x.Text("NetworkAclId")] == nil || x.Text("SubnetId") == ""
	}
	loose = loose || f.gaps["AWS::EC2::RouteTable"]
	unseen := &acl{gap: "the network ACL of its subnet was not read"}
	put := func(id, vpcID, zone string, blocks ...any) {
		s := &subnet{id: id, vpc: vpcID, zone: zone, table: explicit[id], acl: aclOf[id]}
		if _, named := explicit[id]; !named && !loose {
			s.table = main[vpcID]
		}
		if s.acl == nil && looseACL {
			s.acl = unseen
		}
		for _, x := range blocks {
			if b, ok := block(x); ok {
				s.blocks = append(s.blocks, b)
			}
		}
		vpcOf(vpcID)
		r.subnets[id] = s
	}
	for _, x := range f.types["AWS::EC2::Subnet"] {
		put(id(x, "SubnetId"), x.Text("VpcId"), x.Text("AvailabilityZone"), x.Properties["CidrBlock"], x.Properties["Ipv6CidrBlock"])
	}
	// A subnet that was not read is known as far as tables and ACLs name it.
	for name, t := range explicit {
		if r.subnets[name] == nil && t != nil {
			put(name, t.vpc, "")
		}
	}
	return tables, acls
}

func (v *vpc) attach() {
	if v != nil {
		v.igw = snapshot.Known
	}
}

// Front names an internet-facing load balancer whose security group one of some groups lets in; "" when there is none. Its network
// interfaces tell: those of a load balancer are described as "ELB …", and have a public address when it faces the internet
// (Elastic Load Balancing, "Find the network interfaces of your load balancer").
func (r *Reach) Front(groups []string) string {
	for _, id := range groups {
		g := r.groups[id]
		if g == nil {
			continue
		}
		for _, rule := range g.rules[inward] {
			for _, i := range r.fronts {
				if own, _ := i.Strings("GroupSet"); rule.group != "" && slices.Contains(own, rule.group) {
					return strings.TrimPrefix(i.Text("Description"), "ELB ")
				}
			}
		}
	}
	return ""
}
