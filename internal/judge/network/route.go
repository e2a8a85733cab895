package network

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Kinds of targets of a route.
const (
	none      = "no route"
	local     = "local"
	hole      = "blackhole"
	igw       = "internet gateway"
	egressOut = "egress-only internet gateway"
	nat       = "NAT gateway"
	peer      = "peering connection"
	transit   = "transit gateway"
	service   = "gateway endpoint"
	other     = "" // something that forwards as it likes: an appliance, a virtual private gateway, a core network
)

// target is where a route leads.
type target struct{ kind, id string }

func (t target) String() string {
	if t.id == "" {
		return t.kind
	}
	return strings.TrimSpace(t.kind + " " + t.id)
}

type route struct {
	blocks []netip.Prefix
	vague  bool // for which addresses was not read
	list   bool // by a prefix list: a block that is written out goes before it
	target target
}

// table is a route table: the most specific route that matches decides
// (Amazon VPC User Guide, "How route priority works", https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html).
type table struct {
	id, vpc string
	routes  []route
	gap     string
}

func (f *facts) table(r *snapshot.Resource, parts map[string][]*snapshot.Resource, stray bool) *table {
	t := &table{id: id(r, "RouteTableId"), vpc: r.Text("VpcId")}
	routes, whole := gathered(r, "Routes", parts[t.id])
	if !whole || stray {
		t.gap = "the routes of " + t.id + " were not read"
	}
	for _, m := range routes {
		rt := route{target: targetOf(m)}
		rt.blocks, rt.vague = f.blocksOf(m, "DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
		if text(m, "DestinationPrefixListId") != "" {
			rt.list = true
			if rt.target.kind == other && strings.HasPrefix(rt.target.id, "vpce-") && f.forService(rt.target.id, t.vpc) {
				continue
			}
		}
		rt.vague = rt.vague || len(rt.blocks) == 0 && !rt.list
		t.routes = append(t.routes, rt)
	}
	return t
}

// forService tells that an endpoint which a prefix list leads to is surely a gateway endpoint: the list holds the addresses of its
// service alone ("Gateway VPC endpoints", https://docs.aws.amazon.com/vpc/latest/userguide/vpce-gateway.html),
// no host, and not the internet. The other kind that routes lead to, a Gateway Load Balancer endpoint, has a network interface in its
// VPC ("Access an inspection system using a Gateway Load Balancer endpoint",
// https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-load-balancer-endpoints.html): where none is, there is no such endpoint.
func (f *facts) forService(id, vpc string) bool {
	for _, e := range f.types["AWS::EC2::VPCEndpoint"] {
		if e.Text("Id") == id || e.Text("VpcEndpointId") == id || string(e.Key) == id {
			kind, state := e.Property("VpcEndpointType")
			return state == snapshot.Absent || kind == "Gateway"
		}
	}
	return !f.unread("AWS::EC2::NetworkInterface") && !slices.ContainsFunc(f.types["AWS::EC2::NetworkInterface"], func(n *snapshot.Resource) bool {
		own := n.Text("VpcId")
		return (n.Text("InterfaceType") == "gateway_load_balancer_endpoint" || n.IsUnknown("InterfaceType")) && (own == "" || own == vpc || vpc == "")
	})
}

func targetOf(m map[string]any) target {
	if strings.EqualFold(text(m, "State"), hole) {
		return target{hole, ""}
	}
	for _, k := range []struct{ property, kind string }{
		{"NatGatewayId", nat}, {"EgressOnlyInternetGatewayId", egressOut}, {"TransitGatewayId", transit}, {"VpcPeeringConnectionId", peer},
		{"NetworkInterfaceId", other}, {"InstanceId", other}, {"VpcEndpointId", other}, {"CarrierGatewayId", other}, {"LocalGatewayId", other}, {"CoreNetworkArn", other},
	} {
		if v := text(m, k.property); v != "" {
			return target{k.kind, v}
		}
	}
	gw := text(m, "GatewayId")
	switch {
	case gw == local:
		return target{local, ""}
	case strings.HasPrefix(gw, "igw-"):
		return target{igw, gw}
	case gw == "":
		return target{other, "a target that was not read"}
	}
	return target{other, gw}
}

// find lists where a packet to a run of addresses may be sent: one target where that is certain. own are the blocks of the VPC,
// which every table leads to unless it says otherwise of the same or a narrower block.
func (t *table) find(net space, to run, own []netip.Prefix) []target {
	var out []target
	for seg := to.lo; seg <= to.hi; seg++ {
		at, best, rank := net.first(seg), -1, 0
		var hits []target
		offer := func(bits, r int, tg target) {
			switch {
			case bits > best || bits == best && r > rank:
				best, rank, hits = bits, r, []target{tg}
			case bits == best && r == rank:
				hits = append(hits, tg)
			}
		}
		for _, b := range own {
			if b.Contains(at) {
				offer(b.Bits(), 0, target{local, ""})
			}
		}
		for _, rt := range t.routes {
			r := 2
			if rt.list {
				r = 1
			}
			for _, b := range rt.blocks {
				if b.Contains(at) {
					offer(b.Bits(), r, rt.target)
				}
			}
		}
		if hits == nil {
			hits = []target{{none, ""}}
		}
		for _, rt := range t.routes {
			if rt.vague {
				hits = append(hits, rt.target)
			}
		}
		for _, h := range hits {
			if !slices.Contains(out, h) {
				out = append(out, h)
			}
		}
	}
	return out
}
