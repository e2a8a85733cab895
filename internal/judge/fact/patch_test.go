package fact_test

import (
	"testing"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

func fields(kv ...any) map[string]any {
	m := map[string]any{}
	for i := 0; i < len(kv); i += 2 {
		m[kv[i].(string)] = kv[i+1]
	}
	return m
}

func target(key string, values ...any) map[string]any { return fields("Key", key, "Values", values) }

// Whom a schedule is about, by the targets of an association ("Targets and rate controls",
// https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-state-manager-targets-and-rate-controls.html).
func TestPatchScheduleOn(t *testing.T) {
	for _, c := range []struct {
		name    string
		targets []any
		unread  bool // the machine's tags
		want    snapshot.State
	}{
		{"all", []any{target("InstanceIds", "*")}, false, snapshot.Known},
		{"by id", []any{target("InstanceIds", "i-9", "i-1")}, false, snapshot.Known},
		{"another id", []any{target("InstanceIds", "i-9")}, false, snapshot.Absent},
		{"a tag", []any{target("tag:env", "dev", "prod")}, false, snapshot.Known},
		{"another value", []any{target("tag:env", "dev")}, false, snapshot.Absent},
		{"a key", []any{target("tag-key", "env")}, false, snapshot.Known},
		{"both tags", []any{target("tag:env", "prod"), target("tag:team", "shop")}, false, snapshot.Absent},
		{"tags not read", []any{target("tag:env", "prod")}, true, snapshot.Unknown},
		{"a group of resources", []any{target("resource-groups:Name", "all")}, false, snapshot.Unknown},
		{"no target", nil, false, snapshot.Absent},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := snapshot.Resource{Key: "i", Type: "AWS::EC2::Instance", Region: "eu-west-1", Tags: map[string]string{"env": "prod"}, Properties: fields("InstanceId", "i-1", "State", "running")}
			if c.unread {
				i.Tags, i.Unknown = nil, []string{"Tags"}
			}
			a := snapshot.Resource{Key: "a", Type: "AWS::SSM::Association", Region: "eu-west-1",
				Properties: fields("Name", "AWS-RunPatchBaseline", "ScheduleExpression", "rate(1 day)", "Targets", c.targets)}
			elsewhere := a
			elsewhere.Key, elsewhere.Region = "b", "us-east-1"
			s := &snapshot.Snapshot{Resources: []snapshot.Resource{a, elsewhere, i}}
			s.Seal()
			machine, _ := s.Get("i")
			for _, p := range fact.PatchSchedules(check.Case{Snapshot: s}) {
				want := c.want
				if p.Region != machine.Region {
					want = snapshot.Absent
				}
				if got := p.On(machine); got != want {
					t.Errorf("%s: %v, want %v", p.Key, got, want)
				}
			}
		})
	}
}

// Only what patches, and again and again, is a schedule.
func TestPatchSchedules(t *testing.T) {
	all := []any{target("InstanceIds", "*")}
	for document, want := range map[string]int{
		"AWS-RunPatchBaseline": 1, "AWS-RunPatchBaselineWithHooks": 1, "AWS-RunPatchBaselineAssociation": 1,
		"arn:aws:ssm:eu-west-1::document/AWS-RunPatchBaseline": 1, "AWS-UpdateSSMAgent": 0, "our-AWS-RunPatchBaseline": 0, "": 0,
	} {
		s := &snapshot.Snapshot{Resources: []snapshot.Resource{
			{Key: "a", Type: "AWS::SSM::Association", Properties: fields("Name", document, "ScheduleExpression", "rate(1 day)", "Targets", all)},
			{Key: "once", Type: "AWS::SSM::Association", Properties: fields("Name", document, "Targets", all)},
		}}
		s.Seal()
		if got := len(fact.PatchSchedules(check.Case{Snapshot: s})); got != want {
			t.Errorf("%s: %d, want %d", document, got, want)
		}
	}
}
