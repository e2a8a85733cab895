package isolation

import (
	"testing"

	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// A thing stands in the network that it names, or its subnet, cluster or security group does. What names something that was not found
// stands nobody knows where.
func TestNetwork(t *testing.T) {
	type object = map[string]any
	s := &snapshot.Snapshot{Account: "111122223333"}
	put := func(typ, key string, p object) {
		s.Resources = append(s.Resources, snapshot.Resource{Key: snapshot.Key(key), Type: typ, Region: "eu-west-1", Properties: p})
	}
	put("AWS::EC2::Subnet", "subnet", object{"SubnetId": "subnet-1", "VpcId": "vpc-1"})
	put("AWS::EC2::SecurityGroup", "group", object{"GroupId": "sg-1", "VpcId": "vpc-1"})
	put("AWS::RDS::DBCluster", "cluster", object{"DBClusterIdentifier": "c", "VpcId": "vpc-1"})
	for _, c := range []struct {
		key, typ string
		p        object
		id       string
		read     bool
	}{
		{"says so", "AWS::RDS::DBInstance", object{"VpcId": "vpc-2"}, "vpc-2", true},
		{"subnet", "AWS::EC2::Instance", object{"SubnetId": "subnet-1"}, "vpc-1", true},
		{"group", "AWS::RDS::DBInstance", object{"VPCSecurityGroups": []any{"sg-1"}}, "vpc-1", true},
		{"cluster", "AWS::RDS::DBInstance", object{"DBClusterIdentifier": "c"}, "vpc-1", true},
		{"functions are in none", "AWS::Lambda::Function", object{"VpcConfig": object{"SubnetIds": []any{}}}, "", true},
		{"a bucket", "AWS::S3::Bucket", object{}, "", true},
		{"another subnet", "AWS::EC2::Instance", object{"SubnetId": "subnet-9"}, "", false},
		{"another group", "AWS::RDS::DBInstance", object{"VPCSecurityGroups": []any{"sg-9"}}, "", false},
		{"a cache", "AWS::ElastiCache::ReplicationGroup", object{"CacheSubnetGroupName": "main"}, "", false},
	} {
		put(c.typ, "arn:x:"+c.key, c.p)
		s.Seal()
		r, _ := s.Get(snapshot.Key("arn:x:" + c.key))
		units := Of(s, &threatmodel.Model{Units: []threatmodel.Unit{{Name: "prod", Bind: []threatmodel.Bind{{VPC: threatmodel.Words{"vpc-1"}}}}}})
		if id, read := units.Network(r); id != c.id || read != c.read {
			t.Errorf("%s: %q, read %v", c.key, id, read)
		}
		want := snapshot.Absent
		if c.id == "vpc-1" {
			want = snapshot.Known
		} else if !c.read {
			want = snapshot.Unknown
		}
		if got := units.In(r.Key, "prod"); got != want {
			t.Errorf("%s: of prod %v, want %v", c.key, got, want)
		}
	}
}
