package access

import (
	"testing"

	"github.com/footing-dev/footing/internal/snapshot"
)

// A trust policy may name a service of one Region, or of another partition.
func TestServiceMayHoldRole(t *testing.T) {
	for named, want := range map[string]snapshot.State{
		"logs.amazonaws.com":             snapshot.Known,
		"logs.eu-west-1.amazonaws.com":   snapshot.Known,
		"logs.cn-north-1.amazonaws.com":  snapshot.Known,
		"logs.amazonaws.com.cn":          snapshot.Known,
		"states.eu-west-1.amazonaws.com": snapshot.Absent,
		"vpc-flow-logs.amazonaws.com":    snapshot.Absent,
		"delivery.logs.amazonaws.com":    snapshot.Absent,
	} {
		a := newSample(t)
		trust := object{"Version": "2012-10-17", "Statement": []any{object{"Effect": "Allow", "Principal": object{"Service": named}, "Action": "sts:AssumeRole"}}}
		role := a.thing("AWS::IAM::Role", iamARN("role", "app"), object{"RoleName": "app", "AssumeRolePolicyDocument": trust})
		table := a.table()
		if got := table.mayHold(role, "logs.amazonaws.com"); got != want {
			t.Errorf("a role that trusts %s: %v, want %v", named, got, want)
		}
	}
}

// A deployment group has the instances of any of its filters, and of all of its groups of filters.
func TestDeploysTo(t *testing.T) {
	filter := func(key, value, kind string) any { return object{"Key": key, "Value": value, "Type": kind} }
	list := func(filters ...any) any { return object{"Ec2TagGroup": filters} }
	for name, c := range map[string]struct {
		group object
		want  bool
	}{
		"key and value":            {object{"Ec2TagFilters": []any{filter("role", "web", "KEY_AND_VALUE")}}, true},
		"another value":            {object{"Ec2TagFilters": []any{filter("role", "db", "KEY_AND_VALUE")}}, false},
		"any of two":               {object{"Ec2TagFilters": []any{filter("role", "db", "KEY_AND_VALUE"), filter("role", "", "KEY_ONLY")}}, true},
		"value only":               {object{"Ec2TagFilters": []any{filter("", "web", "VALUE_ONLY")}}, true},
		"all groups":               {object{"Ec2TagSet": object{"Ec2TagSetList": []any{list(filter("role", "web", "KEY_AND_VALUE")), list(filter("stage", "prod", "KEY_AND_VALUE"))}}}, true},
		"not all groups":           {object{"Ec2TagSet": object{"Ec2TagSetList": []any{list(filter("role", "web", "KEY_AND_VALUE")), list(filter("stage", "test", "KEY_AND_VALUE"))}}}, false},
		"its Auto Scaling group":   {object{"AutoScalingGroups": []any{"fleet"}}, true},
		"no filter, and no groups": {object{}, false},
	} {
		tags := map[string]string{"role": "web", "stage": "prod", "aws:autoscaling:groupName": "fleet"}
		if got := deploysTo(&snapshot.Resource{Properties: c.group}, tags); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if deploysTo(&snapshot.Resource{Properties: object{"AutoScalingGroups": []any{}}}, nil) {
		t.Error("an instance without tags is in no group")
	}
}

// Code that is named by digest, or by a tag that does not move, is not replaced by a push.
func TestRunsWhatATagNames(t *testing.T) {
	a := newSample(t)
	image := func(ref string) *snapshot.Resource {
		return &snapshot.Resource{Type: "AWS::Batch::JobDefinition", Properties: object{"ContainerProperties": object{"Image": ref}}}
	}
	table := a.table()
	for ref, want := range map[string]string{
		ours + ".dkr.ecr.eu-west-1.amazonaws.com/team/shop:latest":         "arn:aws:ecr:eu-west-1:" + ours + ":repository/team/shop",
		ours + ".dkr.ecr.eu-west-1.amazonaws.com/shop":                     "arn:aws:ecr:eu-west-1:" + ours + ":repository/shop",
		ours + ".dkr.ecr.eu-west-1.amazonaws.com/shop@sha256:0a1b2c3d4e5f": "",
		"public.ecr.aws/nginx/nginx:latest":                                "",
		"nginx:latest":                                                     "",
	} {
		got := ""
		if list := table.runs(image(ref)); len(list) == 1 {
			got = list[0]
		}
		if got != want {
			t.Errorf("%s: %q, want %q", ref, got, want)
		}
	}
}
