package wire

import (
	"context"
	"sync"
	"time"
)

// rate lets requests pass at a steady pace over all services and Regions, and at once for as long as few came before.
// It holds the moment at which the bucket would be full again (the generic cell rate algorithm): there is nothing to refill.
type rate struct {
	mu    sync.Mutex
	each  time.Duration // the time that one request takes up
	burst time.Duration // the time that may be taken up in advance
	full  time.Time
}

// newRate lets n requests pass in a second, and n at once after a rest.
func newRate(n int) *rate {
	each := time.Second / time.Duration(n)
	return &rate{each: each, burst: each * time.Duration(n-1)}
}

// wait takes one request's turn and returns when it has come.
func (r *rate) wait(ctx context.Context) error {
	r.mu.Lock()
	now := time.Now()
	if r.full.Before(now) {
		r.full = now
	}
	ahead := r.full.Sub(now) - r.burst
	r.full = r.full.Add(r.each)
	r.mu.Unlock()
	if ahead <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(ahead)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
