package network

import (
	"fmt"
	"slices"
	"testing"

	"github.com/footing-dev/footing/internal/snapshot"
)

type object = map[string]any

// scene is one host in one subnet of one VPC; what a case does not say is as open as AWS makes it.
type scene struct {
	routes    []any
	unread    []string // of the route table
	main      bool     // the table is the VPC's main one, and the subnet names none
	noTable   bool
	ingress   []any
	unruled   bool // the group's rules were not read
	noGroup   bool
	groupless bool
	acl       []any
	unreadACL bool
	deaf      bool // the ACL lets no answer out
	endpoint  any  // what was read of the endpoint vpce-1: its type
	seen      any  // the type of a network interface that was read beside
	public    snapshot.State
}

func (v scene) reach() Way {
	s := &snapshot.Snapshot{Account: "111122223333"}
	add := func(typ, id string, p object, unknown ...string) {
		s.Resources = append(s.Resources, snapshot.Resource{Key: snapshot.Key("arn:aws:ec2:eu-west-1:111122223333:" + id), Type: typ, Properties: p, Unknown: unknown})
	}
	add("AWS::EC2::Subnet", "subnet/subnet-1", object{"SubnetId": "subnet-1", "VpcId": "vpc-1"})
	if !v.noTable {
		as := object{"SubnetId": "subnet-1"}
		if v.main {
			as = object{"Main": true}
		}
		add("AWS::EC2::RouteTable", "route-table/rtb-1", object{"VpcId": "vpc-1", "Routes": v.routes, "Associations": []any{as}}, v.unread...)
	}
	if !v.noGroup {
		var unknown []string
		if v.unruled {
			unknown = []string{"SecurityGroupIngress"}
		}
		add("AWS::EC2::SecurityGroup", "security-group/sg-1", object{"GroupId": "sg-1", "SecurityGroupIngress": v.ingress}, unknown...)
	}
	if v.acl != nil || v.unreadACL {
		var unknown []string
		if v.unreadACL {
			unknown = []string{"Entries"}
		}
		if !v.deaf { // an answer is a packet like any other
			v.acl = append(slices.Clone(v.acl), out(900, "allow", "0.0.0.0/0", 1024, 65535), out(901, "allow", "::/0", 1024, 65535))
		}
		add("AWS::EC2::NetworkAcl", "network-acl/acl-1", object{"Entries": v.acl, "Associations": []any{object{"SubnetId": "subnet-1"}}}, unknown...)
	}
	if v.endpoint != nil {
		add("AWS::EC2::VPCEndpoint", "vpc-endpoint/vpce-1", object{"VpcEndpointId": "vpce-1", "VpcEndpointType": v.endpoint})
	}
	if v.seen != nil {
		add("AWS::EC2::NetworkInterface", "network-interface/eni-9", object{"NetworkInterfaceId": "eni-9", "VpcId": "vpc-1", "InterfaceType": v.seen})
	}
	s.Seal()
	h := Host{Subnet: "subnet-1", Groups: []string{"sg-1"}, Public: v.public}
	if v.groupless {
		h.Groups = nil
	}
	return Compile(s).FromInternet(h)
}

func leads(cidr, gateway string) any {
	return object{"DestinationCidrBlock": cidr, "GatewayId": gateway, "State": "active"}
}

func in(proto string, from, to int, cidr string) any {
	return object{"IpProtocol": proto, "FromPort": from, "ToPort": to, "CidrIp": cidr}
}

func in6(proto string, from, to int, cidr string) any {
	return object{"IpProtocol": proto, "FromPort": from, "ToPort": to, "CidrIpv6": cidr}
}

func decides(n int, action, proto, cidr string, ports ...int) any {
	e := object{"RuleNumber": n, "RuleAction": action, "Protocol": proto, "Egress": false, "CidrBlock": cidr}
	if len(cidr) > 1 && slices.Contains([]byte(cidr), ':') {
		delete(e, "CidrBlock")
		e["Ipv6CidrBlock"] = cidr
	}
	if len(ports) == 2 {
		e["PortRange"] = object{"From": ports[0], "To": ports[1]}
	}
	return e
}

func out(n int, action, cidr string, ports ...int) any {
	e := decides(n, action, "6", cidr, ports...)
	e.(object)["Egress"] = true
	return e
}

func TestFromInternet(t *testing.T) {
	listed := []any{object{"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-1"}}
	igw := []any{leads("10.0.0.0/16", "local"), leads("0.0.0.0/0", "igw-1"), object{"DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1"}}
	ssh, web := in("tcp", 22, 22, "0.0.0.0/0"), in("tcp", 443, 443, "0.0.0.0/0")
	all := in("-1", -1, -1, "0.0.0.0/0")
	final := decides(32767, "deny", "-1", "0.0.0.0/0")
	const yes, no, unsure = snapshot.Known, snapshot.Absent, snapshot.Unknown
	for name, c := range map[string]struct {
		vpc   scene
		state snapshot.State
		ports string
		admin int
	}{
		"open":                             {scene{routes: igw, ingress: []any{ssh}}, yes, "[{22 22}]", 22},
		"sorted, each once":                {scene{routes: igw, ingress: []any{web, ssh, web}}, yes, "[{22 22} {443 443}]", 22},
		"web only":                         {scene{routes: igw, ingress: []any{web}}, yes, "[{443 443}]", 0},
		"no rule at all":                   {scene{routes: igw}, no, "[]", 0},
		"no address":                       {scene{routes: igw, ingress: []any{ssh}, public: no}, no, "[]", 0},
		"address not read":                 {scene{routes: igw, ingress: []any{ssh}, public: unsure}, unsure, "[]", 0},
		"no gateway":                       {scene{routes: []any{leads("10.0.0.0/16", "local")}, ingress: []any{ssh}}, no, "[]", 0},
		"NAT is no way in":                 {scene{routes: []any{object{"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}}, ingress: []any{ssh}}, no, "[]", 0},
		"egress-only gateway is no way in": {scene{routes: []any{object{"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-1"}}, ingress: []any{in6("tcp", 22, 22, "::/0")}}, no, "[]", 0},
		"a blackhole leads nowhere":        {scene{routes: []any{object{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "blackhole"}}, ingress: []any{ssh}}, no, "[]", 0},
		"an appliance may let in":          {scene{routes: []any{leads("0.0.0.0/0", "vpce-1")}, ingress: []any{ssh}}, unsure, "[{22 22}]", 22},
		"a gateway endpoint of S3 is no appliance": {scene{routes: listed, ingress: []any{ssh}, endpoint: "Gateway"}, no, "[]", 0},
		"an inspection endpoint is one":            {scene{routes: listed, ingress: []any{ssh}, endpoint: "GatewayLoadBalancer"}, unsure, "[{22 22}]", 22},
		"an unread endpoint may be one":            {scene{routes: listed, ingress: []any{ssh}}, unsure, "[{22 22}]", 22},
		"not without an interface of its own":      {scene{routes: listed, ingress: []any{ssh}, seen: "interface"}, no, "[]", 0},
		"of those in the VPC it may be any":        {scene{routes: listed, ingress: []any{ssh}, seen: "gateway_load_balancer_endpoint"}, unsure, "[{22 22}]", 22},
		"routes not read":                          {scene{unread: []string{"Routes"}, ingress: []any{ssh}}, unsure, "[{22 22}]", 22},
		"table not read":                           {scene{noTable: true, ingress: []any{ssh}}, unsure, "[{22 22}]", 22},
		"main table":                               {scene{routes: igw, main: true, ingress: []any{ssh}}, yes, "[{22 22}]", 22},
		"main table without a gateway":             {scene{routes: []any{leads("10.0.0.0/16", "local")}, main: true, ingress: []any{ssh}}, no, "[]", 0},
		"group not in the snapshot":                {scene{routes: igw, noGroup: true}, unsure, "[]", 0},
		"which groups was not read":                {scene{routes: igw, groupless: true}, unsure, "[]", 0},
		"rules not read":                           {scene{routes: igw, unruled: true}, unsure, "[]", 0},

		"everything":                 {scene{routes: igw, ingress: []any{all}}, yes, "[{0 65535}]", 21},
		"a half of the internet":     {scene{routes: igw, ingress: []any{in("tcp", 22, 22, "0.0.0.0/1"), in("tcp", 22, 22, "128.0.0.0/1")}}, yes, "[{22 22}]", 22},
		"one half is enough":         {scene{routes: igw, ingress: []any{in("tcp", 22, 22, "128.0.0.0/1")}}, yes, "[{22 22}]", 22},
		"an office":                  {scene{routes: igw, ingress: []any{in("tcp", 22, 22, "203.0.113.0/24")}}, no, "[]", 0},
		"a private block":            {scene{routes: igw, ingress: []any{in("tcp", 22, 22, "10.0.0.0/8")}}, no, "[]", 0},
		"more than a private block":  {scene{routes: igw, ingress: []any{in("tcp", 22, 22, "10.0.0.0/7")}}, yes, "[{22 22}]", 22},
		"all, not written from zero": {scene{routes: igw, ingress: []any{in("tcp", 22, 22, "10.0.0.0/0")}}, yes, "[{22 22}]", 22},
		"IPv6":                       {scene{routes: igw, ingress: []any{in6("tcp", 22, 22, "::/0")}}, yes, "[{22 22}]", 22},
		"public IPv6":                {scene{routes: igw, ingress: []any{in6("tcp", 22, 22, "2000::/3")}}, yes, "[{22 22}]", 22},
		"private IPv6":               {scene{routes: igw, ingress: []any{in6("tcp", 22, 22, "fc00::/7")}}, no, "[]", 0},
		"another group":              {scene{routes: igw, ingress: []any{object{"IpProtocol": "-1", "SourceSecurityGroupId": "sg-2"}}}, no, "[]", 0},
		"a prefix list":              {scene{routes: igw, ingress: []any{object{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "SourcePrefixListId": "pl-1"}}}, unsure, "[{443 443}]", 0},
		"a block that is no text":    {scene{routes: igw, ingress: []any{object{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": object{"Ref": "Office"}}}}, unsure, "[{22 22}]", 22},
		"ICMP opens no port":         {scene{routes: igw, ingress: []any{in("icmp", -1, -1, "0.0.0.0/0")}}, no, "[]", 0},
		"protocols by number":        {scene{routes: igw, ingress: []any{object{"IpProtocol": 6, "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}}}, yes, "[{22 22}]", 22},

		"ACL lets in":         {scene{routes: igw, ingress: []any{ssh}, acl: []any{decides(100, "allow", "-1", "0.0.0.0/0"), final}}, yes, "[{22 22}]", 22},
		"ACL lets nothing in": {scene{routes: igw, ingress: []any{ssh}, acl: []any{final}}, no, "[]", 0},
		"ACL rules count in order, not as written": {scene{routes: igw, ingress: []any{ssh}, acl: []any{final, decides(200, "allow", "-1", "0.0.0.0/0"), decides(100, "deny", "6", "0.0.0.0/0", 22, 22)}}, no, "[]", 0},
		"ACL takes a port out of all":              {scene{routes: igw, ingress: []any{all}, acl: []any{decides(100, "deny", "6", "0.0.0.0/0", 22, 22), decides(110, "allow", "6", "0.0.0.0/0", 20, 25), final}}, yes, "[{20 21} {23 25}]", 21},
		"ACL denies UDP, not TCP":                  {scene{routes: igw, ingress: []any{ssh}, acl: []any{decides(50, "deny", "17", "0.0.0.0/0"), decides(100, "allow", "-1", "0.0.0.0/0")}}, yes, "[{22 22}]", 22},
		"ACL allows pings only":                    {scene{routes: igw, ingress: []any{ssh}, acl: []any{decides(50, "allow", "1", "0.0.0.0/0"), final}}, no, "[]", 0},
		"ACL denies an attacker":                   {scene{routes: igw, ingress: []any{ssh}, acl: []any{decides(50, "deny", "-1", "198.51.100.0/24"), decides(100, "allow", "-1", "0.0.0.0/0"), final}}, yes, "[{22 22}]", 22},
		"ACL allows an office":                     {scene{routes: igw, ingress: []any{ssh}, acl: []any{decides(50, "allow", "-1", "203.0.113.0/24"), final}}, no, "[]", 0},
		"ACL allows half":                          {scene{routes: igw, ingress: []any{ssh}, acl: []any{decides(50, "allow", "-1", "0.0.0.0/1"), final}}, yes, "[{22 22}]", 22},
		"ACL closes IPv4 alone":                    {scene{routes: igw, ingress: []any{in6("tcp", 22, 22, "::/0")}, acl: []any{decides(50, "deny", "-1", "0.0.0.0/0"), decides(60, "allow", "-1", "::/0")}}, yes, "[{22 22}]", 22},
		"ACL opens IPv6 alone":                     {scene{routes: igw, ingress: []any{ssh}, acl: []any{decides(50, "allow", "-1", "::/0"), final}}, no, "[]", 0},
		"ACL lets no answer out":                   {scene{routes: igw, ingress: []any{ssh}, deaf: true, acl: []any{decides(100, "allow", "-1", "0.0.0.0/0")}}, no, "[]", 0},
		"ACL lets answers out to a part":           {scene{routes: igw, ingress: []any{ssh}, deaf: true, acl: []any{out(1, "allow", "128.0.0.0/1", 1024, 65535), decides(100, "allow", "-1", "0.0.0.0/0")}}, yes, "[{22 22}]", 22},
		"ACL lets answers out to the other part":   {scene{routes: igw, ingress: []any{in("tcp", 22, 22, "0.0.0.0/1")}, deaf: true, acl: []any{out(1, "allow", "128.0.0.0/1", 1024, 65535), decides(100, "allow", "-1", "0.0.0.0/0")}}, no, "[]", 0},
		"ACL lets answers out to low ports alone":  {scene{routes: igw, ingress: []any{ssh}, deaf: true, acl: []any{out(1, "allow", "0.0.0.0/0", 0, 1023), decides(100, "allow", "-1", "0.0.0.0/0")}}, unsure, "[{22 22}]", 22},
		"a /8 in many pieces":                      {scene{routes: igw, ingress: []any{in("tcp", 22, 22, "12.0.0.0/9"), in("tcp", 22, 22, "12.128.0.0/9")}}, yes, "[{22 22}]", 22},
		"half a /8, said twice":                    {scene{routes: igw, ingress: []any{in("tcp", 22, 22, "12.0.0.0/9"), in("tcp", 22, 22, "12.0.0.0/10")}}, no, "[]", 0},
		"all that is private":                      {scene{routes: igw, ingress: []any{in("tcp", 22, 22, "10.0.0.0/8"), in("tcp", 22, 22, "172.16.0.0/12"), in("tcp", 22, 22, "192.168.0.0/16")}}, no, "[]", 0},
		"different ports of either half":           {scene{routes: igw, ingress: []any{in("tcp", 20, 30, "0.0.0.0/1"), in("tcp", 25, 35, "128.0.0.0/1")}}, yes, "[{20 35}]", 21},
		"ACL not read":                             {scene{routes: igw, ingress: []any{ssh}, unreadACL: true}, unsure, "[{22 22}]", 22},
	} {
		t.Run(name, func(t *testing.T) {
			if c.vpc.public == snapshot.Unknown && name != "address not read" {
				c.vpc.public = snapshot.Known
			}
			w := c.vpc.reach()
			if w.State != c.state || fmt.Sprint(w.Ports) != c.ports || w.Admin() != c.admin {
				t.Errorf("state %d, ports %v, admin %d; want %d, %s, %d (%s)", w.State, w.Ports, w.Admin(), c.state, c.ports, c.admin, w.Says)
			}
			if w.State != snapshot.Known && w.Says == "" {
				t.Error("does not say why")
			}
		})
	}
}

// Whatever is not read, the answer never becomes "not reached" where it was "reached".
func TestUnreadIsNeverClosed(t *testing.T) {
	open := scene{routes: []any{leads("0.0.0.0/0", "igw-1")}, ingress: []any{in("tcp", 22, 22, "0.0.0.0/0")}, acl: []any{decides(100, "allow", "-1", "0.0.0.0/0")}, public: snapshot.Known}
	for name, hide := range map[string]func(*scene){
		"routes": func(v *scene) { v.unread = []string{"Routes"} }, "table": func(v *scene) { v.noTable = true }, "group": func(v *scene) { v.noGroup = true },
		"groups": func(v *scene) { v.groupless = true }, "rules": func(v *scene) { v.unruled = true }, "acl": func(v *scene) { v.unreadACL = true },
		"address": func(v *scene) { v.public = snapshot.Unknown },
	} {
		v := open
		hide(&v)
		if w := v.reach(); w.State != snapshot.Unknown {
			t.Errorf("%s unread: state %d (%s), want unknown", name, w.State, w.Says)
		}
	}
}

func TestInstance(t *testing.T) {
	for name, c := range map[string]struct {
		r    snapshot.Resource
		want snapshot.State
	}{
		"private":                 {snapshot.Resource{Properties: object{"PrivateIpAddress": "10.0.0.1"}}, snapshot.Absent},
		"IPv4":                    {snapshot.Resource{Properties: object{"PublicIpAddress": "203.0.113.9"}}, snapshot.Known},
		"IPv6":                    {snapshot.Resource{Properties: object{"Ipv6Addresses": []any{"2001:db8::1"}}}, snapshot.Known},
		"asks for one":            {snapshot.Resource{Properties: object{"NetworkInterfaces": []any{object{"AssociatePublicIpAddress": true}}}}, snapshot.Known},
		"IPv4 not read":           {snapshot.Resource{Unknown: []string{"PublicIpAddress"}}, snapshot.Unknown},
		"IPv6 not read":           {snapshot.Resource{Unknown: []string{"Ipv6Addresses"}}, snapshot.Unknown},
		"one of the two is there": {snapshot.Resource{Properties: object{"PublicIpAddress": "203.0.113.9"}, Unknown: []string{"Ipv6Addresses"}}, snapshot.Known},
	} {
		if h := Instance(&c.r); h.Public != c.want {
			t.Errorf("%s: %d, want %d", name, h.Public, c.want)
		}
	}
}

// Where a call that lists network interfaces failed, an instance may have more of them than were seen.
func TestUnseenInterfaces(t *testing.T) {
	for outcome, want := range map[string]int{snapshot.OK: 1, snapshot.NotAsked: 1, snapshot.Denied: 2, snapshot.Truncated: 2} {
		s := &snapshot.Snapshot{Account: "111122223333"}
		s.Resources = []snapshot.Resource{{Key: "i", Type: "AWS::EC2::Instance", Region: "eu-west-1", Properties: object{"InstanceId": "i-1", "SecurityGroupIds": []any{"sg-1"}}}}
		s.Coverage = []snapshot.Coverage{{Call: "ec2:DescribeNetworkInterfaces", Region: "eu-west-1", Types: []string{"AWS::EC2::NetworkInterface"}, Outcome: outcome},
			{Call: "ec2:DescribeNetworkInterfaces", Region: "us-east-1", Types: []string{"AWS::EC2::NetworkInterface"}, Outcome: snapshot.Denied}}
		s.Seal()
		r := Compile(s)
		hosts := r.Hosts(&s.Resources[0])
		if len(hosts) != want {
			t.Fatalf("%s: %d hosts, want %d", outcome, len(hosts), want)
		}
		if w := r.FromInternet(hosts[want-1]); want == 2 && (w.State != snapshot.Unknown || w.Says != "its further network interfaces were not read") {
			t.Errorf("%s: %+v", outcome, w)
		}
	}
}
