package access

import (
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/snapshot"
)

// account compiles a snapshot of alice with these statements, beside resources.
func account(t *testing.T, allow []ExampleGrant, resources ...ExampleResource) *Table {
	t.Helper()
	s := (&Example{Resources: resources}).snapshot(t, allow, nil, nil)
	return Compile(s, decide.Compile(s), network.Compile(s), allRoutes(t), Options{})
}

func may(t *Table, k string, c Capability) bool {
	return slices.ContainsFunc(t.Who(snapshot.Key(k), c), func(a Answer) bool { return a.Principal == alice && !a.Path.ViaAccount })
}

// Who writes his own policies gets what his permissions boundary allows, and no more.
func TestABoundaryHoldsWhoEditsHimself(t *testing.T) {
	const queue, table = "arn:aws:sqs:eu-west-1:111122223333:orders", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
	const fence = "arn:aws:iam::111122223333:policy/fence"
	for _, c := range []struct {
		name                  string
		boundary              any
		account, queue, table bool
	}{
		{"unbounded", nil, true, false, false},
		{"a narrow boundary", []any{"iam:PutUserPolicy", "sqs:*"}, false, true, false},
		{"a boundary that holds nothing", "*", true, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			me := map[string]any{"UserName": "alice"}
			statement := map[string]any{"Effect": "Allow", "Action": c.boundary, "Resource": "*"}
			if c.boundary != nil {
				me["PermissionsBoundary"] = fence
			} else {
				statement["Action"] = "*"
			}
			tb := account(t, []ExampleGrant{{"iam:PutUserPolicy", alice}},
				ExampleResource{Key: alice, Type: "AWS::IAM::User", Properties: me},
				ExampleResource{Key: fence, Type: "AWS::IAM::ManagedPolicy", Properties: map[string]any{"PolicyDocument": map[string]any{"Version": "2012-10-17", "Statement": []any{statement}}}},
				ExampleResource{Key: queue, Type: "AWS::SQS::Queue"}, ExampleResource{Key: table, Type: "AWS::DynamoDB::Table"})
			if got := may(tb, string(tb.Account), Admin); got != c.account {
				t.Errorf("administers the account: %v", got)
			}
			if got := may(tb, queue, Read); got != c.queue {
				t.Errorf("reads the queue: %v", got)
			}
			if got := may(tb, table, Read); got != c.table {
				t.Errorf("reads the table: %v", got)
			}
			for _, a := range tb.Who(queue, Read) {
				if a.Principal == alice && (a.Direct || a.Path.Steps[0].By != "iam-put-own-user-policy" || a.Path.Traces() != 1) {
					t.Errorf("the path is %+v", a.Path)
				}
			}
		})
	}
}

// The caller chooses what a new thing is called: a policy that limits names does not stop him.
func TestNamesThatTheCallerChooses(t *testing.T) {
	const function = "arn:aws:lambda:{region}:{account}:function:{any}"
	global := &snapshot.Resource{Key: "arn:aws:iam::111122223333:role/app"}
	regional := &snapshot.Resource{Key: "arn:aws:sqs:eu-west-1:111122223333:orders", Region: "eu-west-1"}
	for _, c := range []struct {
		resource string
		of       *snapshot.Resource
		want     iam.Outcome
	}{
		{"*", global, iam.Allow},
		{"arn:aws:lambda:*:*:function:dev-*", global, iam.Allow},
		{"arn:aws:lambda:ap-south-1:111122223333:function:dev-*", global, iam.Allow},
		{"arn:aws:lambda:ap-south-1:111122223333:function:dev-*", regional, iam.Deny},
		{"arn:aws:lambda:eu-west-1:111122223333:function:${aws:username}-?", regional, iam.Allow},
		{"arn:aws:lambda:*:999988887777:function:*", global, iam.Deny},
		{"arn:aws:lambda:*:*:layer:*", global, iam.Deny},
		{"arn:aws:s3:::function/*", global, iam.Deny},
	} {
		tb := account(t, []ExampleGrant{{"lambda:CreateFunction", c.resource}})
		d := tb.chosen(decide.Query{Principal: alice, Action: "lambda:CreateFunction"}, fill(function, c.of, tb.snap.Account))
		if d.Outcome != c.want {
			t.Errorf("%s beside %s: %d, want %d", c.resource, c.of.Key, d.Outcome, c.want)
		}
	}
}

// GetParametersByPath is allowed on a path, not on what lies below it.
func TestParameterPaths(t *testing.T) {
	const parameter = "arn:aws:ssm:eu-west-1:111122223333:parameter/shop/prod/db"
	for resource, want := range map[string]bool{
		"arn:aws:ssm:eu-west-1:111122223333:parameter/shop":      true,
		"arn:aws:ssm:eu-west-1:111122223333:parameter/shop/prod": true,
		"arn:aws:ssm:eu-west-1:111122223333:parameter/":          true,
		"*": true,
		"arn:aws:ssm:eu-west-1:111122223333:parameter/shop/prod/db": false,
		"arn:aws:ssm:eu-west-1:111122223333:parameter/other":        false,
	} {
		tb := account(t, []ExampleGrant{{"ssm:GetParametersByPath", resource}}, ExampleResource{Key: parameter, Type: "AWS::SSM::Parameter", Properties: map[string]any{"Type": "String"}})
		if got := may(tb, parameter, Read); got != want {
			t.Errorf("%s: %v", resource, got)
		}
	}
}

// A key policy that allows grants on behalf of AWS services only lets nobody hand the key on.
func TestGrantsForServicesAreNotAdministration(t *testing.T) {
	const key = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
	for condition, want := range map[string]bool{"": true, "kms:GrantIsForAWSResource": false} {
		st := map[string]any{"Effect": "Allow", "Principal": map[string]any{"AWS": alice}, "Action": "kms:CreateGrant", "Resource": "*"}
		if condition != "" {
			st["Condition"] = map[string]any{"Bool": map[string]any{condition: "true"}}
		}
		tb := account(t, nil, ExampleResource{Key: key, Type: "AWS::KMS::Key", Properties: map[string]any{
			"KeyManager": "CUSTOMER", "KeyPolicy": map[string]any{"Version": "2012-10-17", "Statement": []any{st}}}})
		if got := may(tb, key, Admin); got != want {
			t.Errorf("with condition %q: %v", condition, got)
		}
	}
}

// iam:PassRole for one service is no way to have another one hold the role.
func TestARoleIsPassedToTheServiceThatMayHaveIt(t *testing.T) {
	const role, policy = "arn:aws:iam::111122223333:role/app", "arn:aws:iam::111122223333:policy/pass"
	trust := map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
		"Effect": "Allow", "Principal": map[string]any{"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}}
	for service, want := range map[string]bool{"lambda.amazonaws.com": true, "ec2.amazonaws.com": false} {
		tb := account(t, []ExampleGrant{{"lambda:*", "*"}},
			ExampleResource{Key: alice, Type: "AWS::IAM::User", Properties: map[string]any{"UserName": "alice", "ManagedPolicyArns": []any{policy}}},
			ExampleResource{Key: role, Type: "AWS::IAM::Role", Properties: map[string]any{"RoleName": "app", "AssumeRolePolicyDocument": trust}},
			ExampleResource{Key: policy, Type: "AWS::IAM::ManagedPolicy", Properties: map[string]any{"PolicyDocument": map[string]any{
				"Version": "2012-10-17", "Statement": []any{map[string]any{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
					"Condition": map[string]any{"StringEquals": map[string]any{"iam:PassedToService": service}}}}}}})
		got := slices.ContainsFunc(tb.into[node{role, None}], func(e *edge) bool {
			return e.from == node{alice, None} && strings.HasPrefix(e.by, "pass-role-lambda-") && e.outcome == iam.Allow
		})
		if got != want {
			t.Errorf("passed to %s: %v", service, got)
		}
	}
}
