package decide

import (
	"testing"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// TestAtAllocatesNothing: a decision is looked up in a matrix; millions of them must leave nothing to collect.
func TestAtAllocatesNothing(t *testing.T) {
	table := Compile(build(t, nil, bucket(t, "logs", allow("s3:GetObject", objects, everyone))))
	e := table.NewEngine()
	m := e.SomeObject(Asking{Action: "s3:GetObject"}, []snapshot.Key{logs}, nil)
	var met [4]int
	if n := testing.AllocsPerRun(1000, func() {
		for actor := range e.actors {
			o, _ := m.At(actor, 0)
			met[o]++
		}
	}); n != 0 {
		t.Errorf("%v allocations a run", n)
	}
	if met[iam.Allow] == 0 {
		t.Error("nothing was decided")
	}
}
