package network

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/footing-dev/footing/internal/snapshot"
)

// large is one account with several VPCs that a transit gateway joins: n interfaces, 120 groups, 9 rules each.
func large(n int) *snapshot.Snapshot {
	rnd := rand.New(rand.NewPCG(1, 2))
	s := &snapshot.Snapshot{Account: "111122223333"}
	add := func(typ, id string, p object) {
		s.Resources = append(s.Resources, snapshot.Resource{Key: snapshot.Key(typ + "/" + id), Type: "AWS::EC2::" + typ, Properties: p})
	}
	const vpcs, subnets, groups = 4, 10, 120
	for v := range vpcs {
		vpc := fmt.Sprintf("vpc-%d", v)
		add("VPC", vpc, object{"VpcId": vpc, "CidrBlock": fmt.Sprintf("10.%d.0.0/16", v)})
		add("InternetGateway", vpc, object{"InternetGatewayId": "igw-" + vpc, "VpcIds": []any{vpc}})
		public := []any{leads(fmt.Sprintf("10.%d.0.0/16", v), "local"), leads("0.0.0.0/0", "igw-"+vpc), object{"DestinationCidrBlock": "10.0.0.0/8", "TransitGatewayId": "tgw-1"}}
		var all []any
		for i := range subnets {
			id := fmt.Sprintf("subnet-%d-%d", v, i)
			add("Subnet", id, object{"SubnetId": id, "VpcId": vpc, "CidrBlock": fmt.Sprintf("10.%d.%d.0/20", v, i*16), "AvailabilityZone": "a"})
			all = append(all, object{"SubnetId": id})
		}
		add("RouteTable", vpc, object{"RouteTableId": "rtb-" + vpc, "VpcId": vpc, "Routes": public, "Associations": all})
		add("NetworkAcl", vpc, object{"NetworkAclId": "acl-" + vpc, "VpcId": vpc, "Associations": all, "Entries": []any{
			decides(100, "allow", "-1", "0.0.0.0/0"), out(100, "allow", "0.0.0.0/0"), decides(50, "deny", "6", "0.0.0.0/0", 135, 139)}})
		add("TransitGatewayAttachment", vpc, object{"Id": "tgw-attach-" + vpc, "TransitGatewayId": "tgw-1", "VpcId": vpc, "SubnetIds": []any{fmt.Sprintf("subnet-%d-0", v)}})
		add("TransitGatewayRouteTableAssociation", vpc, object{"TransitGatewayAttachmentId": "tgw-attach-" + vpc, "TransitGatewayRouteTableId": "tgw-rtb"})
		add("TransitGatewayRouteTablePropagation", vpc, object{"TransitGatewayAttachmentId": "tgw-attach-" + vpc, "TransitGatewayRouteTableId": "tgw-rtb"})
	}
	add("TransitGatewayRouteTable", "tgw-rtb", object{"TransitGatewayRouteTableId": "tgw-rtb"})
	add("TransitGatewayRoute", "r", object{"TransitGatewayRouteTableId": "tgw-rtb", "DestinationCidrBlock": "192.168.0.0/16", "Blackhole": true})
	ports := []int{22, 80, 443, 3306, 5432, 6379, 8080, 8443, 9092, 9200}
	for g := range groups {
		var rules []any
		for range 9 {
			from := ports[rnd.IntN(len(ports))] + rnd.IntN(4)
			r := object{"IpProtocol": "tcp", "FromPort": from, "ToPort": from + rnd.IntN(3)*50}
			switch rnd.IntN(4) {
			case 0:
				r["CidrIp"] = fmt.Sprintf("10.%d.%d.0/20", rnd.IntN(vpcs), rnd.IntN(subnets)*16)
			case 1:
				r["CidrIp"] = fmt.Sprintf("10.%d.0.0/16", rnd.IntN(vpcs))
			default:
				r["SourceSecurityGroupId"] = fmt.Sprintf("sg-%d", rnd.IntN(groups))
			}
			rules = append(rules, r)
		}
		id := fmt.Sprintf("sg-%d", g)
		add("SecurityGroup", id, object{"GroupId": id, "SecurityGroupIngress": rules, "SecurityGroupEgress": []any{in("-1", -1, -1, "0.0.0.0/0")}})
	}
	for i := range n {
		v, sub := rnd.IntN(vpcs), rnd.IntN(subnets)
		p := object{"NetworkInterfaceId": fmt.Sprintf("eni-%05d", i), "SubnetId": fmt.Sprintf("subnet-%d-%d", v, sub),
			"PrivateIpAddress": fmt.Sprintf("10.%d.%d.%d", v, sub*16+rnd.IntN(16), 4+rnd.IntN(250)),
			"GroupSet":         []any{fmt.Sprintf("sg-%d", rnd.IntN(groups)), fmt.Sprintf("sg-%d", rnd.IntN(groups))}}
		if i%50 == 0 {
			p["PublicIp"] = fmt.Sprintf("198.51.%d.%d", i/250%250, i%250)
		}
		add("NetworkInterface", p["NetworkInterfaceId"].(string), p)
	}
	s.Seal()
	return s
}

func BenchmarkAllPairs(b *testing.B) {
	for _, n := range []int{1000, 5000} {
		s := large(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				m := Compile(s).All(1)
				classes, answers := m.Size()
				b.ReportMetric(float64(classes), "classes")
				b.ReportMetric(float64(answers), "answers")
			}
		})
	}
}

func BenchmarkFromInternet(b *testing.B) {
	s := large(1000)
	r := Compile(s)
	for b.Loop() {
		for i := range r.interfaces {
			r.FromInternet(r.interfaces[i].host)
		}
	}
}
