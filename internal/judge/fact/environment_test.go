package fact_test

import (
	"testing"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// The outermost unit is the environment; tags count where nobody states units, in any case of letters; what was not read is not none.
func TestEnvironments(t *testing.T) {
	s := &snapshot.Snapshot{Resources: []snapshot.Resource{
		{Key: "web", Type: "AWS::EC2::Instance", Tags: map[string]string{"env": "Prod", "team": "shop"}, Properties: fields("VpcId", "vpc-1")},
		{Key: "plain", Type: "AWS::EC2::Instance", Properties: fields("VpcId", "vpc-1")},
		{Key: "dark", Type: "AWS::EC2::Instance", Unknown: []string{"Tags"}, Properties: fields("VpcId", "vpc-1")},
		{Key: "gone", Type: "AWS::EC2::Instance", Tags: map[string]string{"env": "dev"}, Properties: fields("VpcId", "vpc-1", "State", "terminated")},
	}}
	s.Seal()
	model, err := threatmodel.Parse("footing.yaml", []byte("footing: 1\nunits:\n  - {name: live, bind: [{tag: {env: Prod, team: nobody}}]}\n  - {name: shop, parent: live, bind: [{tag: {team: shop}}], may_reach: [dev]}\n  - {name: dev, bind: [{tag: {env: dev}}]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		key   snapshot.Key
		model *threatmodel.Model
		want  string
		state snapshot.State
	}{
		{"web", nil, "prod", snapshot.Known},
		{"plain", nil, "", snapshot.Absent},
		{"dark", nil, "", snapshot.Unknown},
		{"web", model, "live", snapshot.Known},
		{"plain", model, "", snapshot.Absent},
		{"dark", model, "", snapshot.Unknown},
	} {
		if got, st := fact.EnvironmentsOf(check.Case{Snapshot: s, Model: c.model}).Of(c.key); got != c.want || st != c.state {
			t.Errorf("%s: %q %v, want %q %v", c.key, got, st, c.want, c.state)
		}
	}
	houses, _ := fact.EnvironmentsOf(check.Case{Snapshot: s}).Houses()
	if len(houses) != 1 || len(houses[0].Things["prod"]) != 1 || len(houses[0].Things[""]) != 1 || len(houses[0].Unread) != 1 || houses[0].Environment() != "prod" {
		t.Errorf("houses: %+v", houses)
	}
	if e := fact.EnvironmentsOf(check.Case{Snapshot: s, Model: model}); e.May("dev", "shop") || !e.May("shop", "dev") {
		t.Error("may_reach")
	}
}
