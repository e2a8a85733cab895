package network

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/snapshot"
)

// snapshot writes a world down as a scan would.
func (w *world) snapshot() *snapshot.Snapshot {
	s := &snapshot.Snapshot{Account: "111122223333"}
	seen := map[string]bool{}
	add := func(typ string, p object) {
		seen[typ] = true
		s.Resources = append(s.Resources, snapshot.Resource{Key: snapshot.Key(fmt.Sprintf("%s/%04d", typ, len(s.Resources))), Type: "AWS::EC2::" + typ, Properties: p})
	}
	vpcs := 0
	for i, x := range w.subnets {
		vpcs = max(vpcs, x.vpc+1)
		add("Subnet", object{"SubnetId": fmt.Sprint("subnet-", i), "VpcId": fmt.Sprint("vpc-", x.vpc), "CidrBlock": x.four, "Ipv6CidrBlock": x.six, "AvailabilityZone": x.zone})
		if x.nat != "" {
			add("NatGateway", object{"NatGatewayId": fmt.Sprint("nat-", i), "SubnetId": fmt.Sprint("subnet-", i)})
			add("NetworkInterface", object{"NetworkInterfaceId": fmt.Sprint("eni-z", i), "InterfaceType": "nat_gateway", "SubnetId": fmt.Sprint("subnet-", i), "PublicIp": x.nat,
				"PrivateIpAddress": x.four[:len(x.four)-4] + "3", "Description": fmt.Sprint("Interface for NAT Gateway nat-", i)})
		}
	}
	for v := range vpcs {
		id := fmt.Sprint("vpc-", v)
		add("VPC", object{"VpcId": id, "CidrBlock": vpcFour(v), "Ipv6CidrBlock": vpcSix(v)})
		if w.igw[v] {
			add("InternetGateway", object{"InternetGatewayId": fmt.Sprint("igw-", v), "VpcIds": []any{id}})
		}
		if t, ok := w.transit[v]; ok {
			add("TransitGatewayAttachment", object{"Id": fmt.Sprint("att-", v), "TransitGatewayId": "tgw-0", "VpcId": id, "SubnetIds": []any{fmt.Sprint("subnet-", w.first(v))}})
			add("TransitGatewayRouteTableAssociation", object{"TransitGatewayAttachmentId": fmt.Sprint("att-", v), "TransitGatewayRouteTableId": fmt.Sprint("trt-", t)})
		}
	}
	support := "disable"
	if w.naming {
		support = "enable"
	}
	add("TransitGateway", object{"Id": "tgw-0", "SecurityGroupReferencingSupport": support})
	for t := range 2 {
		add("TransitGatewayRouteTable", object{"TransitGatewayRouteTableId": fmt.Sprint("trt-", t)})
		for _, v := range w.learnt[t] {
			add("TransitGatewayRouteTablePropagation", object{"TransitGatewayAttachmentId": fmt.Sprint("att-", v), "TransitGatewayRouteTableId": fmt.Sprint("trt-", t)})
		}
		for _, r := range w.static[t] {
			add("TransitGatewayRoute", object{"TransitGatewayRouteTableId": fmt.Sprint("trt-", t), "DestinationCidrBlock": r.block, "Blackhole": true})
		}
	}
	for i, p := range w.peers {
		add("VPCPeeringConnection", object{"Id": fmt.Sprint("pcx-", i), "VpcId": fmt.Sprint("vpc-", p[0]), "PeerVpcId": fmt.Sprint("vpc-", p[1])})
	}
	for i, t := range w.tables {
		vpc := w.subnets[i].vpc
		routes := []any{object{"DestinationCidrBlock": vpcFour(vpc), "GatewayId": "local"}}
		for _, r := range t.routes {
			m := object{"DestinationCidrBlock": r.block}
			if strings.Contains(r.block, ":") {
				m = object{"DestinationIpv6CidrBlock": r.block}
			}
			switch r.kind {
			case "igw":
				m["GatewayId"] = fmt.Sprint("igw-", vpc)
			case "blackhole":
				m["State"], m["VpcPeeringConnectionId"] = "blackhole", "pcx-gone"
			default:
				m[map[string]string{"eigw": "EgressOnlyInternetGatewayId", "nat": "NatGatewayId", "pcx": "VpcPeeringConnectionId", "tgw": "TransitGatewayId"}[r.kind]] = fmt.Sprint(r.kind, "-", r.to)
			}
			routes = append(routes, m)
		}
		add("RouteTable", object{"RouteTableId": fmt.Sprint("rtb-", i), "VpcId": fmt.Sprint("vpc-", vpc), "Routes": routes, "Associations": []any{object{"SubnetId": fmt.Sprint("subnet-", i)}}})
	}
	for i, a := range w.acls {
		var entries, as []any
		for _, e := range a.entries {
			m := object{"RuleNumber": e.n, "Egress": e.out, "Protocol": e.proto, "RuleAction": map[bool]string{true: "allow", false: "deny"}[e.allow], "CidrBlock": e.block}
			if strings.Contains(e.block, ":") {
				delete(m, "CidrBlock")
				m["Ipv6CidrBlock"] = e.block
			}
			if e.proto != "-1" {
				m["PortRange"] = object{"From": e.from, "To": e.to}
			}
			entries = append(entries, m)
		}
		for n, x := range w.subnets {
			if x.acl == i {
				as = append(as, object{"SubnetId": fmt.Sprint("subnet-", n)})
			}
		}
		add("NetworkAcl", object{"NetworkAclId": fmt.Sprint("acl-", i), "Entries": entries, "Associations": as})
	}
	for i, l := range w.lists {
		var entries []any
		for _, b := range l {
			entries = append(entries, object{"Cidr": b})
		}
		add("PrefixList", object{"PrefixListId": fmt.Sprint("pl-", i+1), "Entries": entries})
	}
	for i, g := range w.groups {
		rules := map[bool][]any{true: {}, false: {}}
		for _, r := range g.rules {
			m := object{"IpProtocol": r.proto, "FromPort": r.from, "ToPort": r.to}
			switch {
			case r.group > 0:
				m["SourceSecurityGroupId"] = fmt.Sprint("sg-", r.group-1)
			case r.list > 0:
				m["SourcePrefixListId"] = fmt.Sprint("pl-", r.list)
			case strings.Contains(r.block, ":"):
				m["CidrIpv6"] = r.block
			default:
				m["CidrIp"] = r.block
			}
			rules[r.out] = append(rules[r.out], m)
		}
		add("SecurityGroup", object{"GroupId": fmt.Sprint("sg-", i), "SecurityGroupIngress": rules[false], "SecurityGroupEgress": rules[true]})
	}
	for i, h := range w.hosts {
		p := object{"NetworkInterfaceId": fmt.Sprintf("eni-%02d", i), "SubnetId": fmt.Sprint("subnet-", h.subnet), "PrivateIpAddress": h.four, "InterfaceType": "interface"}
		var groups []any
		for _, g := range h.groups {
			groups = append(groups, fmt.Sprint("sg-", g))
		}
		p["GroupSet"] = groups
		if h.pub != "" {
			p["PublicIp"] = h.pub
		}
		if h.v6 != "" {
			p["Ipv6Addresses"] = []any{h.v6}
		}
		add("NetworkInterface", p)
	}
	for _, typ := range []string{"InternetGateway", "TransitGatewayAttachment", "TransitGatewayRoute", "TransitGatewayRouteTableAssociation", "TransitGatewayRouteTablePropagation", "VPCPeeringConnection"} {
		s.Coverage = append(s.Coverage, snapshot.Coverage{Service: "ec2", Call: "ec2:Describe" + typ, Types: []string{"AWS::EC2::" + typ}, Outcome: snapshot.OK})
	}
	s.Seal()
	return s
}

// byID finds the interfaces of a world's hosts.
func byID(r *Reach) map[string]int {
	out := map[string]int{}
	for i := range r.interfaces {
		out[r.interfaces[i].ID] = i
	}
	return out
}

func stateOf(b both, i int) snapshot.State {
	switch {
	case b.must.has(i):
		return snapshot.Known
	case b.may.has(i):
		return snapshot.Unknown
	}
	return snapshot.Absent
}

// The engine and the oracle agree on random triples; one answer, and the whole matrix, are the same; workers change nothing.
func TestAgainstOracle(t *testing.T) {
	count := map[snapshot.State]int{}
	triples := 0
	for seed := range uint64(170) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		w := newWorld(rnd)
		r := Compile(w.snapshot())
		m, at := r.All(1), byID(r)
		if seed%10 == 0 && !reflect.DeepEqual(m, r.All(3)) {
			t.Fatalf("world %d: three workers answer otherwise", seed)
		}
		for n := range 700 {
			s, d := rnd.IntN(len(w.hosts)), rnd.IntN(len(w.hosts))
			if s == d {
				continue
			}
			proto := []string{tcp, tcp, udp}[rnd.IntN(3)]
			port := []int{0, 22, 80, 85, 443, 1000, 1023, 1024, 1400, 5432, 30000, 65535, rnd.IntN(65536)}[rnd.IntN(13)]
			want := w.ask(s, d, proto, port)
			count[want]++
			triples++
			i, j := at[fmt.Sprintf("eni-%02d", s)], at[fmt.Sprintf("eni-%02d", d)]
			if got := stateOf(m.cell(i, j), r.atoms.index(proto, port)); got != want {
				t.Fatalf("world %d: %d → %d %s %d: %d, the oracle says %d; %s\n%+v\n%+v", seed, s, d, proto, port, got, want, r.Between(&r.interfaces[i], &r.interfaces[j], proto, port), w.hosts[s], w.hosts[d])
			}
			if n < 40 {
				if a := r.Between(&r.interfaces[i], &r.interfaces[j], proto, port); a.State != want || a.Says == "" {
					t.Fatalf("world %d: %d → %d %s %d: alone %s, want %d", seed, s, d, proto, port, a, want)
				}
			}
		}
	}
	if t.Logf("%d triples: %v", triples, count); triples < 100_000 || count[snapshot.Known] < 2000 || count[snapshot.Unknown] < 200 {
		t.Error("too few triples of a kind to mean anything")
	}
}

// Whatever is hidden, what was reachable or unknown is never called blocked, and nothing becomes reachable that was not.
func TestGapsOnlyMakeUnknown(t *testing.T) {
	hidden := 0
	for seed := range uint64(250) {
		rnd := rand.New(rand.NewPCG(seed, 11))
		w := newWorld(rnd)
		s := w.snapshot()
		whole := Compile(s)
		before, at := whole.All(1), byID(whole)
		gone := hide(rnd, s)
		r := Compile(s)
		after, now := r.All(1), byID(r)
		for a := range w.hosts {
			for b := range w.hosts {
				x, y := fmt.Sprintf("eni-%02d", a), fmt.Sprintf("eni-%02d", b)
				if a == b {
					continue
				}
				for i, tr := range whole.atoms.list {
					was := stateOf(before.cell(at[x], at[y]), i)
					is := stateOf(after.cell(now[x], now[y]), r.atoms.index(tr.Protocol, tr.From))
					if is != was {
						hidden++
					}
					if is != was && is != snapshot.Unknown {
						t.Fatalf("world %d without %s: %s → %s %s was %d, is %d", seed, gone, x, y, tr, was, is)
					}
				}
			}
		}
	}
	if hidden < 1000 {
		t.Errorf("only %d answers changed: too little was hidden", hidden)
	}
}

// hide makes one thing unread: a resource with the list that it came from, or one of its properties.
func hide(rnd *rand.Rand, s *snapshot.Snapshot) string {
	for {
		i := rnd.IntN(len(s.Resources))
		r := &s.Resources[i]
		property := map[string]string{"AWS::EC2::RouteTable": "Routes", "AWS::EC2::NetworkAcl": "Entries", "AWS::EC2::SecurityGroup": "SecurityGroupIngress", "AWS::EC2::PrefixList": "Entries"}[r.Type]
		if property != "" && rnd.IntN(2) == 0 {
			delete(r.Properties, property)
			r.Unknown = []string{property}
			return string(r.Key) + " " + property
		}
		name := r.Type + " " + string(r.Key)
		if r.Type == "AWS::EC2::NetworkInterface" || r.Type == "AWS::EC2::VPC" {
			continue // who is asked about is there; the blocks of a VPC stand in its routes, too
		}
		s.Coverage = append(s.Coverage, snapshot.Coverage{Service: "ec2", Call: "hidden", Types: []string{r.Type}, Outcome: snapshot.Denied})
		s.Resources = append(s.Resources[:i], s.Resources[i+1:]...)
		s.Seal()
		return name
	}
}
