package network

import (
	"net/netip"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Interface is what has an address in a subnet.
type Interface struct {
	ID    string // the network interface, or the key of what it was made up for
	Owner string // the instance or service that it belongs to, "" when none is known
	host  Host
	faces []face
}

// face is one address of an interface. A run of several segments: which of these addresses it is was not read.
type face struct {
	public  bool // an IPv4 address that an internet gateway translates to
	six     bool
	sure    bool // it surely has such an address
	net, sg run
	blocks  netip.Prefix
}

// Host is where something listens: its subnet, its security groups, and whether it has an address that the internet can name.
type Host struct {
	Subnet string
	Groups []string // none: which ones was not read, since whatever has an address in a VPC has at least one
	Public snapshot.State

	private, public string   // IPv4 addresses, "" where they were not read
	six             []string // IPv6 addresses
	fourOnly        bool     // surely no IPv6 address
	closed          bool     // accepts nothing: a NAT gateway
	unfiltered      bool     // may have no security groups, by its kind
	gap             string   // why nothing of it is known
}

// Instance reads a host from an EC2 instance.
func Instance(i *snapshot.Resource) Host {
	h := Host{Subnet: i.Text("SubnetId"), private: i.Text("PrivateIpAddress")}
	h.Groups, _ = i.Strings("SecurityGroupIds")
	h.addresses(i, "PublicIpAddress")
	interfaces, _ := i.Maps("NetworkInterfaces")
	for _, n := range interfaces {
		if a, _ := n["AssociatePublicIpAddress"].(bool); a {
			h.Public = snapshot.Known
		}
	}
	return h
}

// addresses reads the addresses of a host that the internet can name.
func (h *Host) addresses(r *snapshot.Resource, public string) {
	h.public, h.Public = r.Text(public), snapshot.Absent
	h.six, _ = r.Strings("Ipv6Addresses")
	h.fourOnly = len(h.six) == 0 && !r.IsUnknown("Ipv6Addresses")
	switch {
	case h.public != "" || len(h.six) > 0:
		h.Public = snapshot.Known
	case r.IsUnknown(public) || r.IsUnknown("Ipv6Addresses"):
		h.Public = snapshot.Unknown
	}
}

func attached(n *snapshot.Resource) Host {
	h := Host{Subnet: n.Text("SubnetId"), private: n.Text("PrivateIpAddress")}
	h.Groups, _ = n.Strings("GroupSet")
	h.addresses(n, "PublicIp")
	// "NAT gateways", https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html: nothing outside opens a connection to one.
	h.closed = isNAT(n)
	switch kind := n.Text("InterfaceType"); kind {
	case "network_load_balancer", "gateway_load_balancer", "gateway_load_balancer_endpoint", "transit_gateway":
		h.unfiltered = true
	}
	return h
}

// isNAT tells the interface of a NAT gateway: the API declares its type as natGateway, and has answered nat_gateway.
func isNAT(n *snapshot.Resource) bool {
	return n.Text("InterfaceType") == "nat_gateway" || n.Text("InterfaceType") == "natGateway"
}

// Hosts lists all that an EC2 instance listens on: itself, and each network interface that is attached to it.
func (r *Reach) Hosts(i *snapshot.Resource) []Host {
	out := []Host{Instance(i)}
	if id := i.Text("InstanceId"); id != "" {
		for _, n := range r.attached[id] {
			out = append(out, attached(n))
		}
	}
	if r.facts.refused("AWS::EC2::NetworkInterface", i.Region) {
		out = append(out, Host{Subnet: i.Text("SubnetId"), gap: "its further network interfaces were not read"})
	}
	return out
}

// interfaces lists the network interfaces, and one more for each instance and each subnet of a service of which none was listed.
func (f *facts) interfaces() []Interface {
	var out []Interface
	seen := map[string]bool{}
	for _, n := range f.types["AWS::EC2::NetworkInterface"] {
		i := Interface{ID: id(n, "NetworkInterfaceId"), Owner: n.Text("InstanceId"), host: attached(n)}
		seen[i.Owner], seen[i.host.Subnet+" "+i.host.private] = true, true
		if strings.HasPrefix(n.Text("Description"), "ECS") || n.Text("InterfaceType") == "interface" {
			seen[i.host.Subnet+" "+strings.Join(i.host.Groups, " ")] = true
		}
		out = append(out, i)
	}
	for _, r := range f.types["AWS::EC2::Instance"] {
		h := Instance(r)
		if r.Text("State") == "terminated" || seen[id(r, "InstanceId")] && seen[h.Subnet+" "+h.private] {
			continue
		}
		out = append(out, Interface{ID: string(r.Key), Owner: id(r, "InstanceId"), host: h})
	}
	for _, r := range f.types["AWS::ECS::Service"] {
		const vpc = "NetworkConfiguration.AwsvpcConfiguration"
		subnets, _ := r.Strings(vpc + ".Subnets")
		for _, s := range subnets {
			h := Host{Subnet: s, Public: snapshot.Absent}
			h.Groups, _ = r.Strings(vpc + ".SecurityGroups")
			if strings.EqualFold(r.Text(vpc+".AssignPublicIp"), "ENABLED") {
				h.Public = snapshot.Known
			} else if r.IsUnknown(vpc + ".AssignPublicIp") {
				h.Public = snapshot.Unknown
			}
			if !seen[s+" "+strings.Join(h.Groups, " ")] {
				out = append(out, Interface{ID: string(r.Key) + " in " + s, Owner: string(r.Key), host: h})
			}
		}
	}
	return out
}

// addressed gives a host the addresses that it has, or may have: what was not read may be anything that its subnet holds.
func (r *Reach) faces(h Host) []face {
	var out []face
	add := func(f face, b netip.Prefix) {
		f.blocks, f.net, f.sg = b, r.net.of(b), r.sg.of(b)
		out = append(out, f)
	}
	four, six := everything4, everything6
	if s := r.subnets[h.Subnet]; s != nil {
		for _, b := range s.blocks {
			if b.Addr().Is4() {
				four = b
			} else {
				six = b
			}
		}
	}
	if b, ok := address(h.private); ok && b.Addr().Is4() {
		add(face{sure: true}, b)
	} else {
		add(face{sure: true}, four)
	}
	whole := h.Public == snapshot.Known && h.public == "" && len(h.six) == 0
	if b, ok := address(h.public); ok && b.Addr().Is4() {
		add(face{public: true, sure: true}, b)
	} else if whole || h.public != "" || h.Public == snapshot.Unknown {
		add(face{public: true, sure: whole || h.public != ""}, everything4)
	}
	for _, a := range h.six {
		if b, ok := address(a); ok && !b.Addr().Is4() {
			add(face{six: true, sure: true}, b)
		} else {
			add(face{six: true}, six)
		}
	}
	if len(h.six) == 0 && !h.fourOnly && (h.Public == snapshot.Unknown || whole) {
		add(face{six: true, sure: whole}, six)
	}
	return out
}
