// Package network tells which ports of a host the internet reaches: complete for public addresses behind internet gateways, unknown outside it.
package network

import (
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
	Groups []string
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
	if !toInternet(table) {
		return Way{State: snapshot.Absent, Says: "no route from an internet gateway"}
	}
	return r.allowed(h, snapshot.Known, "")
}

// allowed adds what security groups and the network ACL say. With routes unread the ports are a worst case, and the state stays Unknown.
func (r *Reach) allowed(h Host, state snapshot.State, says string) Way {
	var open []Ports
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
			if p, ok := fromAnywhere(rule); ok {
				open = append(open, p)
			}
		}
	}
	if acl := r.acls[h.Subnet]; acl != nil {
		open = through(acl, open)
	}
	if len(open) == 0 {
		return Way{State: snapshot.Absent, Says: "no security group lets the internet in"}
	}
	slices.SortFunc(open, func(a, b Ports) int { return a.From*65536 + a.To - b.From*65536 - b.To })
	return Way{Ports: slices.Compact(open), State: state, Says: says}
}

func toInternet(table *snapshot.Resource) bool {
	routes, _ := table.Maps("Routes")
	for _, rt := range routes {
		gw, _ := rt["GatewayId"].(string)
		state, _ := rt["State"].(string)
		if strings.HasPrefix(gw, "igw-") && state != "blackhole" {
			return true
		}
	}
	return false
}

// fromAnywhere tells whether an ingress rule lets in addresses that nobody has chosen: a block that holds more than a /8 of the
// public IPv4 space (so that 0.0.0.0/1 counts) or more than a /16 of IPv6. Other security groups and prefix lists do not count.
func fromAnywhere(rule map[string]any) (Ports, bool) {
	wide := false
	for _, k := range []string{"CidrIp", "CidrIpv6"} {
		s, _ := rule[k].(string)
		p, err := netip.ParsePrefix(s)
		if err != nil {
			continue
		}
		private := p.Addr().IsPrivate()
		wide = wide || !private && (p.Addr().Is4() && p.Bits() < 8 || p.Addr().Is6() && p.Bits() < 16)
	}
	if !wide {
		return Ports{}, false
	}
	proto, _ := rule["IpProtocol"].(string)
	switch strings.ToLower(proto) {
	case "-1", "all", "":
		return Ports{0, 65535}, true
	case "tcp", "6", "udp", "17":
		from, ok1 := number(rule["FromPort"])
		to, ok2 := number(rule["ToPort"])
		if !ok1 || !ok2 || from < 0 {
			return Ports{0, 65535}, true
		}
		return Ports{from, to}, true
	}
	return Ports{}, false // ICMP and the like open no port
}

func number(v any) (int, bool) {
	r := snapshot.Resource{Properties: map[string]any{"n": v}}
	f, state := r.Number("n")
	return int(f), state == snapshot.Known
}

// through keeps what a network ACL lets in from 0.0.0.0/0: rules count in order of their number, the first that matches decides.
// Only rules for all of IPv4 are followed; a narrower Deny leaves the rest of the internet in.
func through(acl *snapshot.Resource, open []Ports) []Ports {
	entries, state := acl.Maps("Entries")
	if state != snapshot.Known {
		return open
	}
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, func(a, b map[string]any) int {
		x, _ := number(a["RuleNumber"])
		y, _ := number(b["RuleNumber"])
		return x - y
	})
	var out []Ports
	for _, p := range open {
		for _, e := range entries {
			if egress, _ := e["Egress"].(bool); egress {
				continue
			}
			cidr, _ := e["CidrBlock"].(string)
			action, _ := e["RuleAction"].(string)
			r := aclPorts(e)
			if cidr != "0.0.0.0/0" && action == "deny" {
				continue
			}
			if r.From <= p.From && p.To <= r.To || action == "allow" && r.From <= p.To && p.From <= r.To {
				if action == "allow" {
					out = append(out, Ports{max(p.From, r.From), min(p.To, r.To)})
				}
				if r.From <= p.From && p.To <= r.To {
					break
				}
			}
		}
	}
	return out
}

func aclPorts(e map[string]any) Ports {
	m, _ := e["PortRange"].(map[string]any)
	from, ok1 := number(m["From"])
	to, ok2 := number(m["To"])
	if !ok1 || !ok2 {
		return Ports{0, 65535}
	}
	return Ports{from, to}
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
