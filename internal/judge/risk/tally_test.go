package risk

import (
	"math/rand/v2"
	"testing"

	"github.com/footing-dev/footing/internal/judge/access"
)

// What a tally sums up is what the list of the same ways gives, row after row.
func TestTallyAgainstPaths(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	n := newTally()
	entries := make([]*access.Entry, 40)
	for i := range entries {
		entries[i] = randomPath(r).Entry
	}
	for row := range 2000 {
		n.reset()
		var paths []Scored
		for range r.IntN(60) {
			p := randomPath(r)
			if r.IntN(3) > 0 {
				p.Entry = entries[r.IntN(len(entries))] // several ways of one entry point
			}
			n.add(p.Entry, p.Guards, p.Traces(), p.Seen)
			paths = append(paths, Score(p))
		}
		got, want := n.likelihood(), likelihood(paths)
		same := got.Points == want.Points && got.LowPoints == want.LowPoints && got.Level == want.Level && got.LowLevel == want.LowLevel && got.Ways == want.Ways
		if !same || (got.Worst == nil) != (want.Worst == nil) || got.Worst != nil && (got.Worst.Kind != want.Worst.Kind || got.Worst.ID != want.Worst.ID) {
			t.Fatalf("row %d: summed %+v (%+v), listed %+v (%+v)", row, got, got.Worst, want, want.Worst)
		}
	}
}
