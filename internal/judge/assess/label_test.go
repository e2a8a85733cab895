package assess

import (
	"testing"

	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// A bind may ask what no resource tells of itself: its unit, its network, whether the internet reaches it, what it can do.
func TestLabelledBinds(t *testing.T) {
	web := host(true, 443, "required")
	list := with(append(web, user(object{"PasswordEnabled": true})...), bucket())
	var instance snapshot.Key
	for i := range list {
		if list[i].Type == "AWS::EC2::Instance" {
			instance = list[i].Key
			list[i].Tags = map[string]string{"env": "prod"}
		}
	}
	m := threatmodel.Default()
	words := func(w ...string) threatmodel.Words { return w }
	m.Resources = []threatmodel.Resource{{ID: "logs", Bind: threatmodel.Bind{ARN: words(string(logs))}}}
	a, err := Access(Input{Snapshot: sealed(list), Model: m})
	if err != nil {
		t.Fatal(err)
	}
	ann := snapshot.Key(arn("user", "ann"))
	for name, c := range map[string]struct {
		bind threatmodel.Bind
		k    snapshot.Key
		want snapshot.State
	}{
		"of the unit":             {threatmodel.Bind{Unit: words("prod")}, instance, snapshot.Known},
		"of no unit":              {threatmodel.Bind{Unit: words("prod")}, logs, snapshot.Absent},
		"one of two units":        {threatmodel.Bind{Unit: words("dev", "prod")}, instance, snapshot.Known},
		"reached":                 {threatmodel.Bind{Exposure: "internet"}, instance, snapshot.Known},
		"nobody can say":          {threatmodel.Bind{Exposure: "internet"}, logs, snapshot.Unknown},
		"who reads":               {threatmodel.Bind{Capability: words("read:logs")}, ann, snapshot.Known},
		"who reads, another type": {threatmodel.Bind{Capability: words("read:logs"), Type: words("AWS::IAM::Role")}, ann, snapshot.Absent},
		"who administers":         {threatmodel.Bind{Capability: words("admin")}, ann, snapshot.Absent},
		"in a network":            {threatmodel.Bind{VPC: words("vpc-*")}, instance, snapshot.Known},
		"in another network":      {threatmodel.Bind{VPC: words("vpc-other")}, instance, snapshot.Absent},
	} {
		r, ok := a.Snapshot.Get(c.k)
		if !ok {
			t.Fatalf("%s: %s is not there", name, c.k)
		}
		if got := c.bind.Choose(r, a.Model.Ask); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	// Who has what only may be meant, since its tags were not read, may be meant too.
	for i := range list {
		if list[i].Key == logs {
			list[i].Unknown = append(list[i].Unknown, "Tags")
		}
	}
	m.Resources[0].Bind = threatmodel.Bind{Tag: map[string]threatmodel.Words{"service": words("logs")}}
	if a, err = Access(Input{Snapshot: sealed(list), Model: m}); err != nil {
		t.Fatal(err)
	}
	if r, _ := a.Snapshot.Get(ann); (threatmodel.Bind{Capability: words("read:logs")}).Choose(r, a.Model.Ask) != snapshot.Unknown {
		t.Error("who reads what may be the logs surely does, or does not")
	}
	// What footing.yaml states by such a bind counts on the sheet.
	m.Resources = []threatmodel.Resource{{ID: "served", Bind: threatmodel.Bind{Type: words("AWS::S3::Bucket"), Unit: words("prod")}, Class: "restricted"}}
	for env, impact := range map[string]int{"prod": 5, "dev": 2} {
		b := bucket()
		b.Tags = map[string]string{"env": env}
		a, err := Of(Input{Snapshot: sealed(with(user(nil), b)), Model: m})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range a.Sheet.Rows {
			if r.Key == logs && r.Access.String() == "READ" && r.Impact.Level != impact {
				t.Errorf("a bucket of %s: impact %d, want %d", env, r.Impact.Level, impact)
			}
		}
	}
}
