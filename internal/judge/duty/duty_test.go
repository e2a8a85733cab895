package duty

import (
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/catalog/listing"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

func TestTables(t *testing.T) {
	table, err := read()
	if err != nil {
		t.Fatal(err)
	}
	if len(table.Layers) != 15 || len(table.Services) < 76 {
		t.Errorf("%d layers, %d services", len(table.Layers), len(table.Services))
	}
	used := map[string]bool{}
	for _, m := range table.matches {
		used[m.to] = true
	}
	for _, s := range table.Services {
		if !used[s.ID] && s.ID != "ecs-managed" && s.ID != "eks-self" && s.ID != "glacier" {
			t.Errorf("nothing matches %s", s.ID)
		}
		if s.Layers[:2] == "AA" && Whose(s.Layers[3]) == Yours && Whose(s.Layers[4]) == AWS {
			t.Errorf("%s: AWS keeps a runtime on a system that it does not keep", s.ID)
		}
		if c := s.Count(); c.Yours() == 0 || c.Yours() > c.Of {
			t.Errorf("%s: %+v", s.ID, c)
		}
		for _, m := range s.Moves {
			if less, _ := table.Move(&s, table.To(m)); len(less) == 0 {
				t.Errorf("%s to %s takes nothing over", s.ID, m)
			}
		}
	}
}

// Whatever a scan lists has a row, is a part of something that has one, or is AWS's own.
func TestEveryTypeIsClassified(t *testing.T) {
	known, table := listing.All(), Tables()
	for _, row := range known {
		if _, class, _ := table.Of(&snapshot.Resource{Type: row.Type, Unknown: []string{snapshot.Properties}}); class == Unclassified {
			t.Errorf("%s is nobody's", row.Type)
		}
	}
	if len(known) < 200 {
		t.Fatalf("only %d types", len(known))
	}
}

func TestOf(t *testing.T) {
	table := Tables()
	for _, x := range []struct {
		typ        string
		properties map[string]any
		unknown    []string
		want       string
		sure       bool
	}{
		{"AWS::EC2::Instance", map[string]any{"InstanceType": "t3.micro"}, nil, "ec2", true},
		{"AWS::EC2::Instance", map[string]any{"InstanceType": "m5.metal"}, nil, "ec2-metal", true},
		{"AWS::EC2::Instance", map[string]any{"InstanceType": "m7i.metal-24xl"}, nil, "ec2-metal", true},
		{"AWS::EC2::Instance", nil, []string{"InstanceType"}, "ec2-metal", false},
		{"AWS::EC2::Subnet", nil, nil, "vpc", true},
		{"AWS::Lambda::Function", map[string]any{"PackageType": "Image"}, nil, "lambda-image", true},
		{"AWS::Lambda::Function", map[string]any{}, nil, "lambda", true},
		{"AWS::Lambda::Function", nil, []string{"PackageType"}, "lambda-image", false},
		{"AWS::ECS::Service", map[string]any{"LaunchType": "FARGATE"}, nil, "ecs-fargate", true},
		{"AWS::ECS::Service", map[string]any{"LaunchType": "EXTERNAL"}, nil, "ecs-ec2", true},
		{"AWS::ECS::Service", nil, []string{"LaunchType"}, "ecs-ec2", false},
		{"AWS::ECS::TaskDefinition", nil, nil, "", true},
		{"AWS::RDS::DBInstance", map[string]any{"Engine": "postgres"}, nil, "rds", true},
		{"AWS::RDS::DBInstance", map[string]any{"Engine": "custom-oracle-ee"}, nil, "rds-custom", true},
		{"AWS::RDS::DBCluster", map[string]any{"Engine": "aurora-postgresql"}, nil, "aurora", true},
		{"AWS::RDS::DBInstance", nil, []string{"Engine"}, "rds-custom", false},
		{"AWS::KMS::Key", map[string]any{"KeyManager": "AWS"}, nil, "", true},
		{"AWS::KMS::Key", map[string]any{"KeyManager": "CUSTOMER"}, nil, "kms", true},
		{"AWS::KMS::Key", nil, []string{"KeyManager"}, "kms", false},
		{"AWS::EKS::Cluster", map[string]any{"ComputeConfig": map[string]any{"Enabled": true}}, nil, "eks-auto", true},
		{"AWS::EKS::Cluster", map[string]any{}, nil, "eks-nodegroup", true},
	} {
		r := &snapshot.Resource{Type: x.typ, Properties: x.properties, Unknown: x.unknown}
		got := ""
		s, _, sure := table.Of(r)
		if s != nil {
			got = s.ID
		}
		if got != x.want || sure != x.sure {
			t.Errorf("%s %v %v: %q, sure %v", x.typ, x.properties, x.unknown, got, sure)
		}
	}
	if _, class, _ := table.Of(&snapshot.Resource{Type: "AWS::Braket::Job"}); class != Unclassified {
		t.Errorf("a service that nobody knows is %v", class)
	}
}

func TestMove(t *testing.T) {
	table := Tables()
	say := func(list []Taken) (out []string) {
		for _, x := range list {
			out = append(out, x.Layer.ID+string(x.From)+string(x.To))
		}
		return out
	}
	less, more := table.Move(table.To("ec2"), table.To("lambda"))
	if got := say(less); !slices.Equal(got, []string{"GOSCA", "RTPCS", "NETCS", "EITCA", "BAKC-", "LOGCS", "AVLCS"}) || len(more) > 0 {
		t.Errorf("%v %v", got, say(more))
	}
	less, more = table.Move(table.To("rds"), table.To("dynamodb"))
	if !slices.Equal(say(less), []string{"RTPSA", "NETCS", "EITSA", "AVLSA"}) || !slices.Equal(say(more), []string{"BAKSC"}) {
		t.Errorf("%v %v", say(less), say(more))
	}
}

// A duty is shown where a rule that covers it holds of that thing, and none fails or is unknown. A rule for every type counts for every type.
func TestEvidence(t *testing.T) {
	rules := []check.Rule{
		{ID: "DAT-01", Looks: []check.Look{{Type: "AWS::EC2::Volume"}}}, // in Guard: a result for each thing
		{ID: "PUB-04", Needs: []string{"AWS::SQS::Queue"}, Judge: func(check.Case) []check.Result { return nil }},
		{ID: "LOG-01", Needs: []string{"AWS::CloudTrail::Trail"}, Judge: func(check.Case) []check.Result { return nil }},
		{ID: "ZZZ-01", Needs: []string{"AWS::SQS::Queue"}},
	}
	volume := func(k snapshot.Key) *snapshot.Resource { return &snapshot.Resource{Key: k, Type: "AWS::EC2::Volume"} }
	queue := &snapshot.Resource{Key: "q", Type: "AWS::SQS::Queue"}
	results := func(trail check.Outcome) []check.Result {
		return []check.Result{
			{Rule: "DAT-01", Target: "good", Outcome: check.Pass}, {Rule: "DAT-01", Target: "bad", Outcome: check.Fail},
			{Rule: "PUB-04", Target: "account", Outcome: check.Pass},
			{Rule: "LOG-01", Target: "trail", Outcome: trail},
			{Rule: "ZZZ-01", Target: "q", Outcome: check.Pass},
		}
	}
	table := Tables()
	shown := func(r *snapshot.Resource, e *Evidence) string {
		s, _, _ := table.Of(r)
		var out []string
		for _, d := range table.Duties(s, r, e) {
			if d.Evidenced() {
				out = append(out, d.Layer.ID)
			}
		}
		return strings.Join(out, " ")
	}
	e := table.Evidenced(rules, results(check.Pass), "account")
	for _, x := range []struct {
		r    *snapshot.Resource
		want string
	}{{volume("good"), "EAR LOG"}, {volume("bad"), "LOG"}, {volume("new"), "LOG"}, {queue, "IAM LOG"}} {
		if got := shown(x.r, e); got != x.want {
			t.Errorf("%s: %q", x.r.Key, got)
		}
		if got := shown(x.r, nil); got != "" {
			t.Errorf("%s: %q without any rule", x.r.Key, got)
		}
	}
	for _, o := range []check.Outcome{check.Fail, check.Unknown, check.Manual, check.Waived} {
		if got := shown(queue, table.Evidenced(rules, results(o), "account")); got != "IAM" {
			t.Errorf("no trail that is known to log (%s): %q", o, got)
		}
	}

	sum := table.Sum([]*snapshot.Resource{volume("good"), volume("bad"), queue, {Key: "x", Type: "AWS::Braket::Job"}, {Key: "t", Type: "AWS::ECS::TaskDefinition"}}, e)
	if len(sum.Holdings) != 2 || sum.Classified != 4 || len(sum.Unclassified) != 1 || sum.Yours() != 15 || sum.Evidenced != 3 {
		t.Errorf("%+v", sum)
	}
	if h := sum.Holdings[0]; h.Service.ID != "ebs" || len(h.Things) != 2 || len(h.Evidenced) != 1 || h.Evidenced[0].ID != "LOG" {
		t.Errorf("of two disks one is not encrypted: %+v", h)
	}
}
