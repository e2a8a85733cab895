package network

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/footing-dev/footing/internal/snapshot"
)

func ingress(proto string, from, to int, cidrs ...string) []any {
	var out []any
	for _, c := range cidrs {
		name := "CidrIp"
		if netip.MustParsePrefix(c).Addr().Is6() {
			name = "CidrIpv6"
		}
		out = append(out, map[string]any{"IpProtocol": proto, "FromPort": from, "ToPort": to, name: c})
	}
	return out
}

func opened(rules []any, unknown ...string) (sure, may []Traffic) {
	s := &snapshot.Snapshot{Resources: []snapshot.Resource{{Key: "sg", Type: "AWS::EC2::SecurityGroup", Unknown: unknown, Properties: map[string]any{"GroupId": "sg-1", "SecurityGroupIngress": rules}}}}
	s.Seal()
	return Compile(s).Opens("sg-1")
}

func TestOpens(t *testing.T) {
	for _, c := range []struct {
		name  string
		rules []any
		want  string
	}{
		{"everybody", ingress("tcp", 22, 22, "0.0.0.0/0"), "[tcp 22]"},
		{"halves", ingress("tcp", 22, 22, "0.0.0.0/1", "128.0.0.0/1"), "[tcp 22]"},
		{"a /8", ingress("tcp", 22, 22, "8.0.0.0/8"), "[tcp 22]"},
		{"a /9", ingress("tcp", 22, 22, "8.0.0.0/9"), "[]"},
		{"two /9", ingress("tcp", 22, 22, "8.0.0.0/9", "11.0.0.0/9"), "[tcp 22]"},
		{"twice the same /9", ingress("tcp", 22, 22, "8.0.0.0/9", "8.0.0.0/9"), "[]"},
		{"an office", ingress("tcp", 22, 22, "198.51.100.0/24"), "[]"},
		{"private addresses", ingress("tcp", 22, 22, "10.0.0.0/8"), "[]"},
		{"IPv6", ingress("tcp", 22, 22, "::/0"), "[tcp 22]"},
		{"a range", ingress("tcp", 20, 30, "0.0.0.0/0"), "[tcp 20-30]"},
		{"everything", ingress("-1", -1, -1, "0.0.0.0/0"), "[tcp udp other protocols]"},
	} {
		if sure, may := opened(c.rules); fmt.Sprint(sure) != c.want || fmt.Sprint(may) != c.want {
			t.Errorf("%s: %v, perhaps %v, want %s", c.name, sure, may, c.want)
		}
	}
	if sure, may := opened(nil, "SecurityGroupIngress"); len(sure) != 0 || len(may) == 0 {
		t.Errorf("rules that were not read: %v, perhaps %v", sure, may)
	}
	if sure, may := opened([]any{map[string]any{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "SourcePrefixListId": "pl-1"}}); len(sure) != 0 || fmt.Sprint(may) != "[tcp 22]" {
		t.Errorf("a prefix list that was not read: %v, perhaps %v", sure, may)
	}
}

// A group that is passed over for being narrow opens nothing; and of any group what it opens is what the internet reaches on a host in it that nothing
// else keeps apart.
func TestOpensIsWhatIsReached(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		var rules []any
		for range 1 + r.IntN(4) {
			a := netip.AddrFrom4([4]byte{byte(r.IntN(224)), byte(r.IntN(256)), 0, 0})
			p := netip.PrefixFrom(a, r.IntN(17)).Masked()
			port := 20 + r.IntN(4)
			rules = append(rules, ingress("tcp", port, port+r.IntN(3), p.String())...)
		}
		s := &snapshot.Snapshot{Coverage: []snapshot.Coverage{{Call: "x:All", Outcome: snapshot.OK, Types: []string{"AWS::EC2::NetworkAcl", "AWS::EC2::RouteTable", "AWS::EC2::InternetGateway", "AWS::EC2::NetworkInterface"}}}, Resources: []snapshot.Resource{
			{Key: "sg", Type: "AWS::EC2::SecurityGroup", Properties: map[string]any{"GroupId": "sg-1", "SecurityGroupIngress": rules, "SecurityGroupEgress": ingress("-1", -1, -1, "0.0.0.0/0")}},
			{Key: "vpc", Type: "AWS::EC2::VPC", Properties: map[string]any{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}},
			{Key: "igw", Type: "AWS::EC2::InternetGateway", Properties: map[string]any{"InternetGatewayId": "igw-1", "VpcIds": []any{"vpc-1"}}},
			{Key: "subnet", Type: "AWS::EC2::Subnet", Properties: map[string]any{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"}},
			{Key: "rtb", Type: "AWS::EC2::RouteTable", Properties: map[string]any{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": []any{map[string]any{"SubnetId": "subnet-1"}},
				"Routes": []any{map[string]any{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"}, map[string]any{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}}}},
			{Key: "i", Type: "AWS::EC2::Instance", Properties: map[string]any{"InstanceId": "i-1", "SubnetId": "subnet-1", "VpcId": "vpc-1", "PrivateIpAddress": "10.0.0.5", "PublicIpAddress": "203.0.113.5", "SecurityGroupIds": []any{"sg-1"}}},
		}}
		s.Seal()
		net := Compile(s)
		all := net.Interfaces()
		sure, _ := net.Opens("sg-1")
		if reached, _ := net.Reached(all[0].Host()); fmt.Sprint(sure) != fmt.Sprint(reached) {
			t.Fatalf("%v: opens %v, and %v is reached", rules, sure, reached)
		}
		if !net.groups["sg-1"].broad() && len(sure) > 0 {
			t.Fatalf("%v: narrow, and opens %v", rules, sure)
		}
	}
}
