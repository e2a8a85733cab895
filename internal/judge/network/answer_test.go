package network

import (
	"math/rand/v2"
	"testing"

	"github.com/footing-dev/footing/internal/snapshot"
)

// What is not modelled or was not read has a name in the answer.
func TestAnswersName(t *testing.T) {
	two := func(target string, more ...snapshot.Resource) *snapshot.Snapshot {
		s := &snapshot.Snapshot{}
		add := func(key, typ string, p object) {
			s.Resources = append(s.Resources, snapshot.Resource{Key: snapshot.Key(key), Type: "AWS::EC2::" + typ, Properties: p})
		}
		for i, v := range []string{"a", "b"} {
			cidr := []string{"10.0.0.0/16", "10.1.0.0/16"}[i]
			add("s"+v, "Subnet", object{"SubnetId": "subnet-" + v, "VpcId": "vpc-" + v, "CidrBlock": cidr})
			far := object{"DestinationCidrBlock": "10.0.0.0/8"}
			switch target[:3] {
			case "tgw":
				far["TransitGatewayId"] = target
			case "pcx":
				far["VpcPeeringConnectionId"] = target
			case "eni":
				far["NetworkInterfaceId"] = target
			default:
				far["GatewayId"] = target
			}
			add("r"+v, "RouteTable", object{"RouteTableId": "rtb-" + v, "VpcId": "vpc-" + v, "Routes": []any{leads(cidr, "local"), far}, "Associations": []any{object{"SubnetId": "subnet-" + v}}})
			add("e"+v, "NetworkInterface", object{"NetworkInterfaceId": "eni-" + v, "SubnetId": "subnet-" + v, "GroupSet": []any{"sg-1"}, "PrivateIpAddress": []string{"10.0.0.4", "10.1.0.4"}[i]})
		}
		add("g", "SecurityGroup", object{"GroupId": "sg-1", "SecurityGroupIngress": []any{in("tcp", 22, 22, "10.0.0.0/8")}})
		s.Resources = append(s.Resources, more...)
		s.Seal()
		return s
	}
	joined := snapshot.Resource{Key: "p", Type: "AWS::EC2::VPCPeeringConnection", Properties: object{"Id": "pcx-1", "VpcId": "vpc-a", "PeerVpcId": "vpc-b"}}
	for want, ask := range map[string]struct {
		s    *snapshot.Snapshot
		port int
	}{
		"reachable (peering connection pcx-1)":                            {two("pcx-1", joined), 22},
		"blocked (by the inward rules of sg-1)":                           {two("pcx-1", joined), 23},
		"unknown (peering connection pcx-1 was not read)":                 {two("pcx-1"), 22},
		"unknown (transit gateway attachments were not read)":             {two("tgw-1"), 22},
		"unknown (what eni-9 forwards is not modelled)":                   {two("eni-9"), 22},
		"unknown (what vgw-1 forwards is not modelled)":                   {two("vgw-1"), 22},
		"blocked (by internet gateway igw-1 leads to the internet alone)": {two("igw-1"), 22},
	} {
		r := Compile(ask.s)
		if got := r.Between(&r.interfaces[0], &r.interfaces[1], tcp, ask.port).String(); got != want {
			t.Errorf("%s; want %s", got, want)
		}
	}
}

// The way out: behind a NAT gateway a host reaches the internet, and is not reached.
func TestToInternet(t *testing.T) {
	nat := 0
	for seed := range uint64(60) {
		w := newWorld(rand.New(rand.NewPCG(seed, 5)))
		r := Compile(w.snapshot())
		for i, h := range w.hosts {
			if w.next(h.subnet, "8.8.8.8").kind != "nat" || h.v6 != "" || h.pub != "" {
				continue
			}
			host := r.interfaces[byID(r)["eni-"+string(rune('0'+i/10))+string(rune('0'+i%10))]].host
			if in := r.FromInternet(host); in.State != snapshot.Absent {
				t.Errorf("world %d host %d: the internet comes in through a NAT gateway: %+v", seed, i, in)
			}
			if r.ToInternet(host).State == snapshot.Known {
				nat++
			}
		}
	}
	if nat == 0 {
		t.Error("no host gets out")
	}
}
