// Package network tells which ports of a host the internet reaches: complete for public addresses behind internet gateways, unknown outside it.
package network

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Ports is an inclusive range of TCP or UDP ports; 0–65535 is all of them.
type Ports struct{ From, To int }

// Has tells whether a port is in the range.
func (p Ports) Has(port int) bool { return p.From <= port && port <= p.To }

// Way is the answer for one host.
type Way struct {
	Ports []Ports        // what the internet reaches, sorted
	State snapshot.State // Known: reached on Ports; Absent: not reached; Unknown: not enough was read
	Says  string         // why, in a few words
}

// Reach answers for one snapshot.
type Reach struct {
	snap   *snapshot.Snapshot
	groups map[string]*snapshot.Resource // security groups by id
	subnet map[string]*snapshot.Resource
	routes map[string]*snapshot.Resource // route table by subnet id
	main   map[string]*snapshot.Resource // main route table by VPC id
	acls   map[string]*snapshot.Resource // network ACL by subnet id
	fronts []*snapshot.Resource          // public network interfaces of load balancers
}

// Compile indexes a sealed snapshot.
func Compile(s *snapshot.Snapshot) *Reach {
	r := &Reach{snap: s, groups: byText(s, "AWS::EC2::SecurityGroup", "GroupId"), subnet: byText(s, "AWS::EC2::Subnet", "SubnetId"),
		routes: map[string]*snapshot.Resource{}, main: map[string]*snapshot.Resource{}, acls: map[string]*snapshot.Resource{}}
	for _, t := range s.OfType("AWS::EC2::RouteTable") {
		as, _ := t.Maps("Associations")
		for _, a := range as {
			if id, _ := a["SubnetId"].(string); id != "" {
				r.routes[id] = t
			}
			if m, _ := a["Main"].(bool); m {
				r.main[t.Text("VpcId")] = t
			}
		}
	}
	for _, i := range s.OfType("AWS::EC2::NetworkInterface") {
		if strings.HasPrefix(i.Text("Description"), "ELB ") && i.Text("PublicIp") != "" {
			r.fronts = append(r.fronts, i)
		}
	}
	for _, n := range s.OfType("AWS::EC2::NetworkAcl") {
		as, _ := n.Maps("Associations")
		for _, a := range as {
			if id, _ := a["SubnetId"].(string); id != "" {
				r.acls[id] = n
			}
		}
	}
	return r
}

func byText(s *snapshot.Snapshot, typ, property string) map[string]*snapshot.Resource {
	out := map[string]*snapshot.Resource{}
	for _, r := range s.OfType(typ) {
		out[r.Text(property)] = r
	}
	return out
}

// Host is where something listens: its subnet, its security groups, and whether it has an address that the internet can name.
type Host struct {
	Subnet string
	Groups []string // none: which ones was not read, since whatever has an address in a VPC has at least one
	Public snapshot.State
}

// Instance reads a host from an EC2 instance.
func Instance(i *snapshot.Resource) Host {
	h := Host{Subnet: i.Text("SubnetId"), Public: snapshot.Absent}
	h.Groups, _ = i.Strings("SecurityGroupIds")
	six, _ := i.Strings("Ipv6Addresses")
	if i.Text("PublicIpAddress") != "" || len(six) > 0 {
		h.Public = snapshot.Known
	}
	interfaces, _ := i.Maps("NetworkInterfaces")
	for _, n := range interfaces {
		if a, _ := n["AssociatePublicIpAddress"].(bool); a {
			h.Public = snapshot.Known
		}
	}
	if h.Public == snapshot.Absent && (i.IsUnknown("PublicIpAddress") || i.IsUnknown("Ipv6Addresses")) {
		h.Public = snapshot.Unknown
	}
	return h
}

// Hosts lists all that an EC2 instance listens on: itself, and each network interface that is attached to it.
func (r *Reach) Hosts(i *snapshot.Resource) []Host {
	out := []Host{Instance(i)}
	for _, n := range r.snap.OfType("AWS::EC2::NetworkInterface") {
		if id := i.Text("InstanceId"); id == "" || n.Text("InstanceId") != id {
			continue
		}
		h := Host{Subnet: n.Text("SubnetId"), Public: snapshot.Absent}
		h.Groups, _ = n.Strings("GroupSet")
		six, _ := n.Strings("Ipv6Addresses")
		switch {
		case n.Text("PublicIp") != "" || len(six) > 0:
			h.Public = snapshot.Known
		case n.IsUnknown("PublicIp") || n.IsUnknown("Ipv6Addresses"):
			h.Public = snapshot.Unknown
		}
		out = append(out, h)
	}
	return out
}

// FromInternet tells on which ports the internet reaches a host: it needs a public address, a route to an internet gateway,
// a network ACL and a security group that let the packet in (Amazon VPC User Guide, "Enable internet access for a VPC using an internet gateway").
func (r *Reach) FromInternet(h Host) Way {
	switch h.Public {
	case snapshot.Absent:
		return Way{State: snapshot.Absent, Says: "no public address"}
	case snapshot.Unknown:
		return Way{Says: "whether it has a public address was not read"}
	}
	table := r.routes[h.Subnet]
	if table == nil {
		if s := r.subnet[h.Subnet]; s != nil {
			table = r.main[s.Text("VpcId")]
		}
	}
	if table == nil {
		return r.allowed(h, snapshot.Unknown, "its route table was not read")
	}
	switch state, says := toInternet(table); state {
	case snapshot.Absent:
		return Way{State: snapshot.Absent, Says: says}
	default:
		return r.allowed(h, state, says)
	}
}

// allowed adds what security groups and the network ACL say. With something unread the ports are a worst case, and the state is Unknown.
func (r *Reach) allowed(h Host, state snapshot.State, says string) Way {
	if len(h.Groups) == 0 {
		return Way{Says: "its security groups were not read"}
	}
	var open []opening
	for _, id := range h.Groups {
		g := r.groups[id]
		if g == nil {
			return Way{Says: "security group " + id + " was not read"}
		}
		rules, st := g.Maps("SecurityGroupIngress")
		if st == snapshot.Unknown {
			return Way{Says: "the rules of security group " + id + " were not read"}
		}
		for _, rule := range rules {
			o, st := fromAnywhere(rule)
			if st == snapshot.Absent {
				continue
			}
			if st == snapshot.Unknown && state == snapshot.Known {
				state, says = snapshot.Unknown, "whom security group "+id+" lets in was not read"
			}
			open = append(open, o...)
		}
	}
	if acl := r.acls[h.Subnet]; acl != nil {
		if acl.IsUnknown("Entries") && state == snapshot.Known {
			state, says = snapshot.Unknown, "the rules of its network ACL were not read"
		}
		open = through(acl, open)
	}
	if len(open) == 0 {
		return Way{State: snapshot.Absent, Says: "no security group lets the internet in"}
	}
	var ports []Ports
	for _, o := range open {
		ports = append(ports, o.Ports)
	}
	slices.SortFunc(ports, func(a, b Ports) int { return cmp.Or(a.From-b.From, a.To-b.To) })
	return Way{Ports: slices.Compact(ports), State: state, Says: says}
}

// toInternet tells whether a route table leads to an internet gateway. Where the way out is an appliance (a firewall or Gateway
// Load Balancer endpoint, a network interface), packets come in through it too, and what it lets through is not read.
func toInternet(table *snapshot.Resource) (snapshot.State, string) {
	routes, state := table.Maps("Routes")
	if state == snapshot.Unknown {
		return snapshot.Unknown, "its routes were not read"
	}
	appliance := false
	for _, rt := range routes {
		gw, _ := rt["GatewayId"].(string)
		nic, _ := rt["NetworkInterfaceId"].(string)
		if state, _ := rt["State"].(string); state == "blackhole" {
			continue
		}
		if strings.HasPrefix(gw, "igw-") {
			return snapshot.Known, ""
		}
		four, _ := rt["DestinationCidrBlock"].(string)
		six, _ := rt["DestinationIpv6CidrBlock"].(string)
		wide := four != "" && everywhere(four) || six != "" && everywhere(six)
		appliance = appliance || wide && (strings.HasPrefix(gw, "vpce-") || nic != "")
	}
	if appliance {
		return snapshot.Unknown, "its way to the internet leads through an appliance"
	}
	return snapshot.Absent, "no route from an internet gateway"
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
		rules, _ := g.Maps("SecurityGroupIngress")
		for _, rule := range rules {
			from, _ := rule["SourceSecurityGroupId"].(string)
			for _, i := range r.fronts {
				if own, _ := i.Strings("GroupSet"); from != "" && slices.Contains(own, from) {
					return strings.TrimPrefix(i.Text("Description"), "ELB ")
				}
			}
		}
	}
	return ""
}

// everywhere tells whether a block holds addresses that nobody has chosen: more than a /8 of IPv4 (so that 0.0.0.0/1 counts), or
// more than a /16 of the public IPv6 space.
func everywhere(cidr string) bool {
	p, err := netip.ParsePrefix(cidr)
	if err != nil {
		return false
	}
	if p.Addr().Is4() {
		return p.Bits() < 8
	}
	return p.Bits() < 16 && !p.Masked().Addr().IsPrivate()
}

// fromAnywhere tells what an ingress rule opens to addresses that nobody has chosen. Other security groups do not count; what a
// prefix list holds is not read, nor is a block that is not written out.
func fromAnywhere(rule map[string]any) ([]opening, snapshot.State) {
	var families []bool // IPv6?
	state := snapshot.Absent
	for i, k := range []string{"CidrIp", "CidrIpv6"} {
		v, there := rule[k]
		s, isText := v.(string)
		_, err := netip.ParsePrefix(s)
		switch {
		case !there || v == nil || isText && s == "":
		case everywhere(s):
			families, state = append(families, i == 1), snapshot.Known
		case err != nil:
			families = append(families, i == 1)
			if state == snapshot.Absent {
				state = snapshot.Unknown
			}
		}
	}
	if list, there := rule["SourcePrefixListId"]; there && list != nil && list != "" {
		families = append(families, false, true)
		if state == snapshot.Absent {
			state = snapshot.Unknown
		}
	}
	if state == snapshot.Absent {
		return nil, snapshot.Absent
	}
	ports := allPorts
	proto := protocol(rule["IpProtocol"])
	switch proto {
	case "":
	case tcp, udp:
		from, ok1 := number(rule["FromPort"])
		to, ok2 := number(rule["ToPort"])
		if ok1 && ok2 && from >= 0 {
			ports = Ports{from, to}
		}
	default:
		return nil, snapshot.Absent // ICMP and the like open no port
	}
	var out []opening
	for _, six := range families {
		for _, p := range []string{tcp, udp} {
			if proto == "" || proto == p {
				out = append(out, opening{ports, p, six})
			}
		}
	}
	return out, state
}

func number(v any) (int, bool) {
	r := snapshot.Resource{Properties: map[string]any{"n": v}}
	f, state := r.Number("n")
	return int(f), state == snapshot.Known
}

// adminPorts are where people administer a machine or a database; whoever finds one open tries passwords and known flaws.
var adminPorts = []int{21, 22, 23, 135, 139, 445, 1433, 1521, 2375, 2376, 3306, 3389, 5432, 5439, 5900, 5984, 5985, 5986, 6379, 9200, 9300, 10250, 11211, 27017, 27018}

// Admin returns the first administration or database port that the way leads to, 0 when none.
func (w Way) Admin() int {
	for _, port := range adminPorts {
		for _, p := range w.Ports {
			if p.Has(port) {
				return port
			}
		}
	}
	return 0
}
