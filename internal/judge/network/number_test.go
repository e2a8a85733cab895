package network

import (
	"math/rand/v2"
	"testing"
)

// Equal answers have one number, others another, in the order in which they are met, through every growth of the table.
func TestAnswersAreNumberedOnce(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	a, met := newAnswers(2), map[[2]uint64]int32{}
	for range 40_000 {
		x := [2]uint64{rnd.Uint64N(200), rnd.Uint64N(200) << 40}
		want, ok := met[x]
		if !ok {
			want = int32(len(met))
			met[x] = want
		}
		if got := a.number(x[:]); got != want {
			t.Fatalf("%v: number %d, want %d", x, got, want)
		}
		if got := a.at(want); got[0] != x[0] || got[1] != x[1] {
			t.Fatalf("number %d is %v, want %v", want, got, x)
		}
	}
	if a.count() != len(met) || len(met) < 10_000 {
		t.Errorf("%d answers, want %d", a.count(), len(met))
	}
}
