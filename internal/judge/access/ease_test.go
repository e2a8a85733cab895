package access

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/footing-dev/footing/iam"
)

// What later routes leave out is what earlier ones make superfluous, and nothing else: of every resource the same easiest steps are left.
func TestEasiest(t *testing.T) {
	dropped := 0
	for seed := range uint64(400) {
		d := rand.New(rand.NewPCG(seed, 9))
		const resources, actors = 70, 2 // more than a word
		had := newEasiest(actors, resources)
		all, kept := make([][]step, actors*resources), make([][]step, actors*resources)
		for n := range 12 {
			rt := &Route{ID: string(rune('a' + n)), Gives: "acts-as", Becomes: "self", Trace: d.IntN(2) == 0, Direct: n < 3}
			actor := d.IntN(actors)
			v := newCells(resources)
			for col := range resources {
				x := cell{outcome: [...]iam.Outcome{iam.Deny, iam.Allow, iam.Conditional, iam.Unknown}[d.IntN(4)]}
				x.seen = x.outcome == iam.Unknown && d.IntN(2) == 0
				if x.outcome == iam.Conditional || x.outcome == iam.Unknown {
					x.guards = Guard(d.IntN(1 << guardCount))
				}
				v.put(col, x)
				if x.outcome != iam.Deny {
					all[actor*resources+col] = append(all[actor*resources+col], step{rt, nil, actor, x})
				}
			}
			had.take(rt, actor, v)
			for col := range resources {
				if x := v.at(col); x.outcome != iam.Deny {
					kept[actor*resources+col] = append(kept[actor*resources+col], step{rt, nil, actor, x})
				}
			}
		}
		for i := range all {
			dropped += len(all[i]) - len(kept[i])
			if want, got := needed(all[i]), needed(kept[i]); !slices.Equal(want, got) {
				t.Fatalf("seed %d: of %+v there are left %+v, want %+v", seed, all[i], got, want)
			}
		}
	}
	if dropped == 0 {
		t.Error("nothing was left out")
	}
}

// Routes to the whole account, or out of a boundary, may end at different places, and are not compared.
func TestEasiestOfOneTarget(t *testing.T) {
	for _, rt := range []Route{{Gives: "account"}, {Gives: "acts-as", Becomes: "unbounded"}} {
		if got := targetOf(&rt); got != "" {
			t.Errorf("%+v leads to %q", rt, got)
		}
	}
}
