package network

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Properties of any shape: no panic, what is sure may be, and hosts of any shape get an answer.
func FuzzCompile(f *testing.F) {
	for seed := range uint64(3) {
		s := newWorld(rand.New(rand.NewPCG(seed, 3))).snapshot()
		var list []object
		for _, r := range s.Resources {
			list = append(list, object{"type": r.Type, "p": r.Properties, "u": r.Unknown})
		}
		doc, err := json.Marshal(list)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(doc)
	}
	f.Add([]byte(`[{"type":"AWS::EC2::SecurityGroup","p":{"GroupId":{"Ref":"G"},"SecurityGroupIngress":["x",{"IpProtocol":{},"FromPort":-5,"ToPort":1e99,"CidrIp":"1.2.3.4/99"}]}}]`))
	f.Add([]byte(`[{"type":"AWS::EC2::NetworkInterface","p":{"PrivateIpAddress":"::ffff:1.2.3.4","PublicIp":"fe80::1%a","SubnetId":"s","GroupSet":["g"]}},{"type":"AWS::EC2::Instance","p":{"Ipv6Addresses":["1.2.3.4"]}}]`))
	f.Add([]byte(`[{"type":"AWS::EC2::RouteTable","p":{"VpcId":"v","Routes":[{"DestinationCidrBlock":7}],"Associations":[{"SubnetId":"s","Main":true}]}},{"type":"AWS::EC2::NetworkAcl","p":{"Entries":[{"PortRange":[],"RuleNumber":"x"}]}}]`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		var list []struct {
			Type string         `json:"type"`
			P    map[string]any `json:"p"`
			U    []string       `json:"u"`
		}
		if len(doc) > 1<<16 || json.Unmarshal(doc, &list) != nil || len(list) > 200 {
			return
		}
		s := &snapshot.Snapshot{}
		for i, x := range list {
			s.Resources = append(s.Resources, snapshot.Resource{Key: snapshot.Key(fmt.Sprint(i)), Type: x.Type, Properties: x.P, Unknown: x.U})
		}
		s.Seal()
		r := Compile(s)
		if len(r.interfaces) > 40 {
			return
		}
		m := r.All(2)
		for i := range r.interfaces {
			r.FromInternet(r.interfaces[i].host)
			r.ToInternet(r.interfaces[i].host)
			for j := range r.interfaces {
				b := m.cell(i, j)
				for a := range r.atoms.list {
					if b.must.has(a) && !b.may.has(a) {
						t.Fatalf("%d → %d %s surely passes, and may not", i, j, r.atoms.list[a])
					}
				}
				r.Between(&r.interfaces[i], &r.interfaces[j], tcp, 22)
			}
		}
	})
}
