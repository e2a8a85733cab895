package fact

import (
	"testing"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

// A Region is empty only where all that lists something there was answered.
func TestLookedAt(t *testing.T) {
	ok := snapshot.Coverage{Call: "ec2:DescribeInstances", Region: "af-south-1", Types: []string{"AWS::EC2::Instance"}, Outcome: snapshot.OK}
	gap := func(region, resource string, types ...string) snapshot.Coverage {
		return snapshot.Coverage{Call: "x:List", Region: region, Resource: snapshot.Key(resource), Types: types, Outcome: snapshot.Denied}
	}
	for name, c := range map[string]struct {
		also snapshot.Coverage
		want bool
	}{
		"all was answered":                      {ok, true},
		"a list of it was not":                  {gap("af-south-1", "", "AWS::RDS::DBInstance"), false},
		"things in it that no collector reads":  {gap("af-south-1", ""), false},
		"a part of one thing in it":             {gap("af-south-1", "arn:aws:s3:::data"), true},
		"a list of another Region":              {gap("us-east-1", "", "AWS::RDS::DBInstance"), true},
		"it is not known which Regions are on":  {gap("*", "", "AWS::RDS::DBInstance"), false},
		"other Regions were left out":           {gap("*", ""), true},
		"a list that belongs to no Region":      {gap("", "", "AWS::IAM::User"), true},
		"a list of files, which tell no Region": {gap("", "", "AWS::RDS::DBInstance"), false},
	} {
		s := &snapshot.Snapshot{Account: "111122223333", Coverage: []snapshot.Coverage{ok, c.also}}
		s.Seal()
		if got, why := LookedAt(check.Case{Snapshot: s}, "af-south-1"); got != c.want || got == (why != "") {
			t.Errorf("%s: %v, %q", name, got, why)
		}
	}
	s := &snapshot.Snapshot{Account: "111122223333", Coverage: []snapshot.Coverage{ok}}
	s.Seal()
	if got, _ := LookedAt(check.Case{Snapshot: s}, "me-south-1"); got {
		t.Error("nobody looked at it, and it is empty")
	}
}

// What AWS itself puts into a Region is no use of it; what looks alike and was made by somebody is.
func TestIn(t *testing.T) {
	at := func(typ, name string, p map[string]any) snapshot.Resource {
		return snapshot.Resource{Key: snapshot.Key(typ + name), Type: typ, Name: name, Region: "af-south-1", Properties: p}
	}
	for name, c := range map[string]struct {
		r    snapshot.Resource
		want int
	}{
		"the default network":       {at("AWS::EC2::VPC", "", map[string]any{"CidrBlock": "10.0.0.0/16", "IsDefault": true}), 0},
		"one that looks like it":    {at("AWS::EC2::VPC", "", map[string]any{"CidrBlock": "172.31.0.0/16", "IsDefault": false}), 1},
		"its usual addresses":       {at("AWS::EC2::VPC", "", map[string]any{"CidrBlock": "172.31.0.0/16"}), 0},
		"a network":                 {at("AWS::EC2::VPC", "", map[string]any{"CidrBlock": "10.0.0.0/16"}), 1},
		"a network card":            {at("AWS::EC2::NetworkInterface", "", nil), 1},
		"the default bus":           {at("AWS::Events::EventBus", "default", nil), 0},
		"a bus":                     {at("AWS::Events::EventBus", "orders", nil), 1},
		"a key of AWS":              {at("AWS::KMS::Key", "", map[string]any{"KeyManager": "AWS"}), 0},
		"a key":                     {at("AWS::KMS::Key", "", map[string]any{"KeyManager": "CUSTOMER"}), 1},
		"a key whose owner is dark": {at("AWS::KMS::Key", "", nil), 1},
		"what looks for intruders":  {at("AWS::GuardDuty::Detector", "", nil), 0},
		"a type of the long tail":   {at("AWS::FSx::Volume", "", nil), 1},
	} {
		s := &snapshot.Snapshot{Resources: []snapshot.Resource{c.r}}
		s.Seal()
		if got := In(check.Case{Snapshot: s}, "af-south-1"); got != c.want {
			t.Errorf("%s counts %d", name, got)
		}
	}
}
