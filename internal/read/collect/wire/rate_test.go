package wire

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// However many ask, no second sees more than the rate and the burst; after a rest there is a burst again.
func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRate(50)
		begun := time.Now()
		var mu sync.Mutex
		var passed []time.Duration
		pass := func(n int) {
			var g sync.WaitGroup
			for range 16 {
				g.Go(func() {
					for range n / 16 {
						if err := r.wait(t.Context()); err != nil {
							t.Error(err)
						}
						mu.Lock()
						passed = append(passed, time.Since(begun))
						mu.Unlock()
					}
				})
			}
			g.Wait()
		}
		pass(320)
		if took := time.Since(begun); took != 5400*time.Millisecond {
			t.Errorf("320 requests took %s: 50 pass at once, the others in 5.4 s", took)
		}
		at := func(from, to time.Duration) (n int) {
			for _, d := range passed {
				if d >= from && d < to {
					n++
				}
			}
			return n
		}
		if n := at(0, 1); n != 50 {
			t.Errorf("%d at once", n)
		}
		for s := range 5 {
			if n := at(time.Duration(s)*time.Second+1, time.Duration(s+1)*time.Second+1); n != 50 {
				t.Errorf("%d in second %d", n, s+1)
			}
		}
		time.Sleep(time.Hour)
		begun, passed = time.Now(), nil
		pass(64)
		if n := at(0, 1); n != 50 {
			t.Errorf("%d at once after a rest", n)
		}
	})
}

func TestRateEndsWithItsScan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRate(1)
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		first, second, begun := r.wait(ctx), r.wait(ctx), time.Now()
		if first != nil || !errors.Is(second, context.DeadlineExceeded) || time.Since(begun) > time.Second {
			t.Errorf("%v, %v", first, second)
		}
		if err := r.wait(ctx); err == nil {
			t.Error("a request passed after the end")
		}
	})
}
