package network

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// peering joins two VPCs and no others: what comes in by it does not go on (Amazon VPC Peering Guide, "VPC peering limitations",
// https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html).
type peering struct {
	vpcs   [2]string
	active bool
	afar   bool // in another Region, where security groups cannot be named
}

func (f *facts) peerings() map[string]*peering {
	out := map[string]*peering{}
	for _, x := range f.types["AWS::EC2::VPCPeeringConnection"] {
		status := x.Text("Status")
		p := &peering{vpcs: [2]string{x.Text("VpcId"), x.Text("PeerVpcId")}, active: status == "" || strings.EqualFold(status, "active")}
		p.afar = x.Text("PeerRegion") != "" && x.Text("PeerRegion") != x.Region
		if p.vpcs[0] == "" || p.vpcs[1] == "" || x.IsUnknown("Status") {
			continue
		}
		out[id(x, "Id", "VpcPeeringConnectionId")] = p
	}
	return out
}

// attachment joins a VPC to a transit gateway by one subnet in each zone.
type attachment struct {
	id, gateway, vpc string
	subnets          []string
	table            string
	into             []string // route tables that learn the blocks of its VPC
}

type transitRoute struct {
	block      netip.Prefix
	attachment string
	hole       bool
}

// gateways is all transit gateways. A gap: which of their parts was not read.
type gateways struct {
	attachments map[string]*attachment
	routes      map[string][]transitRoute // by route table
	naming      map[string]snapshot.State // whether security groups can be named across a gateway
	gap         string
}

func (f *facts) gateways() *gateways {
	g := &gateways{attachments: map[string]*attachment{}, routes: map[string][]transitRoute{}, naming: map[string]snapshot.State{}}
	const prefix = "AWS::EC2::TransitGateway"
	miss := func(typ, plain string) {
		if g.gap == "" && f.unread(prefix+typ) {
			g.gap = plain + " were not read"
		}
	}
	if f.unread(prefix+"Attachment") && f.unread(prefix+"VpcAttachment") || f.gaps[prefix+"Attachment"] {
		g.gap = "transit gateway attachments were not read"
	}
	miss("RouteTable", "transit gateway route tables")
	miss("Route", "transit gateway routes")
	miss("RouteTableAssociation", "transit gateway route table associations")
	miss("RouteTablePropagation", "transit gateway route table propagations")
	for _, x := range f.types[prefix] {
		v, state := x.Property("SecurityGroupReferencingSupport")
		switch {
		case state == snapshot.Unknown:
			g.naming[id(x, "Id", "TransitGatewayId")] = snapshot.Unknown
		case v == "enable":
			g.naming[id(x, "Id", "TransitGatewayId")] = snapshot.Known
		default:
			g.naming[id(x, "Id", "TransitGatewayId")] = snapshot.Absent
		}
	}
	for _, kind := range []string{"Attachment", "VpcAttachment"} {
		for _, x := range f.types[prefix+kind] {
			a := &attachment{id: id(x, "Id", "TransitGatewayAttachmentId"), gateway: x.Text("TransitGatewayId"), vpc: x.Text("VpcId")}
			a.subnets, _ = texts(x, "SubnetIds")
			g.attachments[a.id] = a
		}
	}
	for _, x := range f.types[prefix+"RouteTableAssociation"] {
		if a := g.attachments[x.Text("TransitGatewayAttachmentId")]; a != nil {
			a.table = x.Text("TransitGatewayRouteTableId")
		}
	}
	for _, x := range f.types[prefix+"RouteTablePropagation"] {
		if a := g.attachments[x.Text("TransitGatewayAttachmentId")]; a != nil {
			a.into = append(a.into, x.Text("TransitGatewayRouteTableId"))
		}
	}
	// A template does not write down what is learnt by default ("AWS::EC2::TransitGateway", DefaultRouteTablePropagation).
	off := map[string]bool{}
	for _, x := range f.types[prefix] {
		off[id(x, "Id", "TransitGatewayId")] = x.Text("DefaultRouteTablePropagation") == "disable"
	}
	for _, a := range g.attachments {
		if g.gap == "" && !f.asked[prefix+"RouteTablePropagation"] && len(a.into) == 0 && !off[a.gateway] {
			g.gap = "what transit gateways learn by default was not read"
		}
	}
	for _, x := range f.types[prefix+"Route"] {
		b, ok := block(x.Properties["DestinationCidrBlock"])
		table := x.Text("TransitGatewayRouteTableId")
		hole, _ := x.Flag("Blackhole")
		if !ok || table == "" {
			g.gap = "a transit gateway route was not understood"
			continue
		}
		g.routes[table] = append(g.routes[table], transitRoute{b, x.Text("TransitGatewayAttachmentId"), hole})
	}
	return g
}

func (g *gateways) blocks() (out []netip.Prefix) {
	for _, l := range g.routes {
		for _, r := range l {
			out = append(out, r.block)
		}
	}
	return out
}

// across lists how a packet may go from a to b by a transit gateway: exactly one of the legs is true.
// An attachment takes in and gives out only by its subnets, of the sender's zone ("Amazon VPC attachments in Amazon VPC Transit
// Gateways", https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html); its route table decides, the most specific
// route first and a static one before a learnt one ("How AWS Transit Gateway works",
// https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html).
func (r *Reach) across(gateway string, a, b place) []leg {
	g := r.transit
	what := "transit gateway " + gateway
	if g.gap != "" {
		return []leg{vagueLeg(what, g.gap)}
	}
	var from, to *attachment
	for _, x := range g.attachments {
		if x.gateway == gateway && x.vpc == a.subnet.vpc {
			from = x
		}
	}
	if from == nil {
		return []leg{dropLeg(what + " has no attachment in " + a.subnet.vpc)}
	}
	if from.table == "" {
		return []leg{vagueLeg(what, "the transit gateway route table of "+from.id+" was not read")}
	}
	for seg := b.addr.lo; seg <= b.addr.hi; seg++ {
		x, end := g.next(r, from.table, r.net.first(seg))
		switch {
		case end != nil:
			return []leg{*end}
		case to != nil && to != x:
			return []leg{vagueLeg(what, "which address it has was not read")}
		}
		to = x
	}
	if to.vpc != b.subnet.vpc {
		return []leg{vagueLeg(what, "what forwards in "+to.id+" is not modelled")}
	}
	var legs []leg
	for _, in := range r.zoned(from, a.subnet) {
		for _, out := range to.subnets {
			legs = append(legs, r.through(what, g.naming[gateway], a, b, in, out))
		}
	}
	if from.subnets == nil || to.subnets == nil {
		return []leg{vagueLeg(what, "the subnets of its attachments were not read")}
	}
	if legs == nil {
		return []leg{dropLeg(what + " has no attachment in the zone of " + a.subnet.id)}
	}
	return legs
}

// next is the attachment that a route table of a transit gateway leads to, or why there is none.
func (g *gateways) next(r *Reach, table string, to netip.Addr) (*attachment, *leg) {
	best, static := -1, false
	var hit *attachment
	var end *leg
	for _, rt := range g.routes[table] {
		if !rt.block.Contains(to) || rt.block.Bits() < best {
			continue
		}
		best, static, hit, end = rt.block.Bits(), true, g.attachments[rt.attachment], nil
		if rt.hole {
			l := dropLeg("transit gateway route table " + table + " drops it")
			hit, end = nil, &l
		} else if hit == nil {
			l := vagueLeg("transit gateway", "attachment "+rt.attachment+" was not read")
			end = &l
		}
	}
	for _, a := range g.attachments {
		if !slices.Contains(a.into, table) {
			continue
		}
		v := r.vpcs[a.vpc]
		if v == nil || len(v.blocks) == 0 {
			l := vagueLeg("transit gateway", "the addresses of "+a.vpc+" were not read")
			return nil, &l
		}
		for _, b := range v.blocks {
			if !b.Contains(to) || b.Bits() < best || b.Bits() == best && static {
				continue
			}
			if b.Bits() == best && hit != nil && hit.id < a.id {
				continue
			}
			best, static, hit, end = b.Bits(), false, a, nil
		}
	}
	if hit == nil && end == nil {
		l := dropLeg("transit gateway route table " + table + " has no route")
		end = &l
	}
	return hit, end
}

// zoned lists the subnets by which an attachment takes in what comes from a subnet: that of its zone, any where zones were not read.
func (r *Reach) zoned(a *attachment, from *subnet) []string {
	return slices.DeleteFunc(slices.Clone(a.subnets), func(id string) bool {
		s := r.subnets[id]
		return s != nil && s.zone != "" && from.zone != "" && s.zone != from.zone
	})
}

// through is the leg by one subnet of each attachment. Their ACLs count too, in the direction of the packet, and differently where
// the attachment stands in the host's own subnet ("How network ACLs work with transit gateways",
// https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html).
func (r *Reach) through(what string, naming snapshot.State, a, b place, in, out string) leg {
	l := leg{kind: passes, what: what, refIn: naming, refOut: snapshot.Absent} // no outward rule names a group across a transit gateway
	first, second := r.subnets[in], r.subnets[out]
	if first == nil || second == nil {
		return vagueLeg(what, "the subnets of its attachments were not read")
	}
	l.filters = append(l.filters, filter{a.subnet.acl, outward, b.addr}, filter{first.acl, inward, a.addr})
	if second.id != b.subnet.id {
		if second.table == nil || second.table.gap != "" {
			return vagueLeg(what, "the route table of "+second.id+" was not read")
		}
		if to := r.find(second, b.addr); len(to) != 1 || to[0].kind != local {
			return vagueLeg(what, "what forwards in "+second.id+" is not modelled")
		}
		l.filters = append(l.filters, filter{second.acl, outward, b.addr}, filter{b.subnet.acl, inward, a.addr})
	}
	return l
}
