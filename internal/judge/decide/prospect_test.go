package decide

import (
	"testing"

	"github.com/footing-dev/footing/iam"
)

// A boundary that was not understood, wholly or in part, may allow anything.
func TestProspectsWithinBoundaries(t *testing.T) {
	const edge = "arn:aws:iam::" + account + ":policy/edge"
	for name, c := range map[string]struct {
		boundary []object
		want     bool
	}{
		"speaks of it":         {[]object{allow("s3:*", "*")}, true},
		"speaks of other":      {[]object{allow("ec2:*", "*")}, false},
		"denies":               {[]object{deny("s3:*", "*")}, false},
		"not understood":       {[]object{{"Effect": "Maybe"}}, true},
		"one not understood":   {[]object{allow("ec2:*", "*"), {"Effect": "Maybe"}}, true},
		"speaks of all others": {[]object{{"Effect": "Allow", "NotAction": "s3:GetObject", "Resource": "*"}}, false},
	} {
		alice := user(t, "alice", allow("s3:GetObject", "*"))
		alice.Properties["PermissionsBoundary"] = edge
		table := Compile(build(t, nil, alice, managed(t, "edge", c.boundary...), bucket(t, "logs")))
		e := table.NewEngine()
		if got := e.Prospects("s3:GetObject").Has(e.Actor("arn:aws:iam::" + account + ":user/alice")); got != c.want {
			t.Errorf("%s: a prospect %v", name, got)
		}
		if o := table.Explain(Query{Principal: "arn:aws:iam::" + account + ":user/alice", Action: "s3:GetObject", On: logs}).Outcome; (o != iam.Deny) != c.want {
			t.Errorf("%s: outcome %d", name, o)
		}
	}
}
