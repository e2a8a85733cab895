package decide

import (
	"testing"

	"github.com/footing-dev/footing/catalog"
	"github.com/footing-dev/footing/iam"
)

// TestRuleGroups: what the engine finds out once for a group of actions holds for each of them.
func TestRuleGroups(t *testing.T) {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	const account = "111122223333"
	resources := []string{
		"*", "arn:aws:iam::" + account + ":role/app", "arn:aws:iam::" + account + ":role/aws-service-role/x.amazonaws.com/r",
		"arn:aws:iam::" + account + ":role/aws-reserved/sso.amazonaws.com/r", "arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::" + account + ":user/ann",
		"arn:aws:kms:eu-west-1:" + account + ":key/k", "arn:aws:kms:eu-west-1:" + account + ":alias/aws/s3", "arn:aws:s3:::b", "arn:aws:s3:::b/o",
		"arn:aws:elasticfilesystem:eu-west-1:" + account + ":file-system/fs-1", "arn:aws:lambda:eu-west-1:" + account + ":function:f",
	}
	type rules struct {
		iam.Traits
		open bool
	}
	for _, principal := range []string{"arn:aws:iam::" + account + ":root", "arn:aws:iam::" + account + ":user/bob", "arn:aws:iam::444455556666:root"} {
		for _, resource := range resources {
			first := map[string]rules{}
			groups, actions := 0, 0
			for _, s := range c.Services() {
				for _, a := range s.Actions {
					action := s.Prefix + ":" + a.Name
					p := iam.NewProbe(&iam.Request{Principal: principal, Action: action, Resource: resource, ResourceAccount: account}, false)
					got := rules{p.Traits(), p.OpenByDefault(nil)}
					actions++
					switch want, known := first[iam.RuleGroup(action)]; {
					case !known:
						first[iam.RuleGroup(action)] = got
						groups++
					case got != want:
						t.Fatalf("%s on %s by %s: %+v, others of its group %+v", action, resource, principal, got, want)
					}
				}
			}
			if groups*4 > actions {
				t.Fatalf("%d groups of %d actions", groups, actions)
			}
		}
	}
}
