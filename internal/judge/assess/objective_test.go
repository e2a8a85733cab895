package assess

import (
	"testing"

	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// The action of a threshold is in force for a row where its objective holds, as far as everything was read.
func TestObjectiveInForce(t *testing.T) {
	stated := func(actors ...string) *threatmodel.Model {
		m := threatmodel.Default()
		m.Thresholds = []threatmodel.Threshold{{At: 10, Action: "restrict", Objective: "CO-1"}}
		m.Actors = []threatmodel.Actor{{ID: "ann", Bind: threatmodel.Bind{ARN: threatmodel.Words{arn("user", "ann")}}}, {ID: "root", Bind: threatmodel.Bind{ARN: threatmodel.Words{"arn:aws:iam::" + ours + ":root"}}},
			{ID: "nobody", Bind: threatmodel.Bind{ARN: threatmodel.Words{arn("user", "gone")}}}}
		must, slip := threatmodel.ParseSentence("when risk is 10 or more, only "+actors[0]+" may read type bucket", threatmodel.Names{Actors: []string{"ann", "nobody"}})
		if slip != nil {
			t.Fatal(slip)
		}
		m.Objectives = []threatmodel.Objective{{ID: "CO-1", Must: []threatmodel.Assertion{must}}}
		m.UseCases = []threatmodel.UseCase{{ID: "root", Actor: "root", Needs: map[string][]string{"account": {"admin"}}}}
		return m
	}
	unread := keyed()
	unread[len(unread)-1].Unknown = []string{"Policy"}
	other := stated("ann")
	other.Thresholds[0].Objective = "CO-2"
	for name, c := range map[string]struct {
		list []snapshot.Resource
		m    *threatmodel.Model
		want string
	}{
		"it holds":          {keyed(), stated("ann"), risk.InForce},
		"it is broken":      {keyed(), stated("nobody"), risk.Open},
		"not all was read":  {unread, stated("ann"), risk.Open},
		"nobody stated it":  {keyed(), other, risk.Open},
		"nobody states any": {keyed(), threatmodel.Default(), risk.Open},
	} {
		r, _ := rowOf(t, c.list, c.m, "2026-06-01")
		if r.State != c.want {
			t.Errorf("%s: the row is %s, want %s", name, r.State, c.want)
		}
	}
}
