package service

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/snapshot"
)

// paginator is what every paginator of the SDK is.
type paginator[O, P any] interface {
	HasMorePages() bool
	NextPage(context.Context, ...func(*P)) (*O, error)
}

// pages reads a list to its end and records the coverage of its call. Pages that came are used even when a later one did not.
func pages[O, P any](ctx context.Context, s *Scope, call string, p paginator[O, P], page func(*O)) bool {
	n, err := turn(ctx, s, p, page)
	s.noteList(call, n, err)
	return err == nil
}

// pagesOf reads a list that belongs to one resource. When it fails, that part of the resource is unknown.
func pagesOf[O, P any](ctx context.Context, s *Scope, r *snapshot.Resource, part, call string, p paginator[O, P], page func(*O), none ...string) bool {
	_, err := turn(ctx, s, p, page)
	if err == nil || slices.Contains(none, wire.Code(err)) {
		return true
	}
	s.Miss(r, part, call, err)
	return false
}

func turn[O, P any](ctx context.Context, s *Scope, p paginator[O, P], page func(*O)) (n int, err error) {
	for p.HasMorePages() {
		if n == mostPages {
			return n, fmt.Errorf("the list does not end")
		}
		out, err := try(ctx, s, func(ctx context.Context) (*O, error) { return p.NextPage(ctx) })
		if err != nil {
			return n, err
		}
		page(out)
		n++
	}
	return n, nil
}

// one makes a call that lists everything at once and records its coverage.
func one[I, O, P any](ctx context.Context, s *Scope, call string, f func(context.Context, *I, ...func(*P)) (*O, error), in *I) (*O, bool) {
	out, err := try(ctx, s, func(ctx context.Context) (*O, error) { return f(ctx, in) })
	outcome, reason := wire.Outcome(err, s.MaybeOff)
	s.Note(call, outcome, reason)
	return out, err == nil
}

// part asks for one part of a resource ("Policy", "Tags", a property). The answer is nil when there is none: either
// one of the codes in none says so, or the call failed, which makes the part unknown and is recorded.
func part[I, O, P any](ctx context.Context, s *Scope, r *snapshot.Resource, name, call string, f func(context.Context, *I, ...func(*P)) (*O, error), in *I, none ...string) *O {
	out, err := try(ctx, s, func(ctx context.Context) (*O, error) { return f(ctx, in) })
	if err == nil {
		return out
	}
	if !slices.Contains(none, wire.Code(err)) {
		s.Miss(r, name, call, err)
	}
	return nil
}

// try makes one call in its turn and within its time.
func try[O any](ctx context.Context, s *Scope, call func(context.Context) (*O, error)) (*O, error) {
	s.step(1, 0)
	defer s.step(0, 1)
	leave, err := s.Wire.Enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	return call(ctx)
}

// sleep waits, unless the scan is over before.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// noteUnless records the coverage of a call that answers for a whole type. Codes in none are answers: there is none.
func (s *Scope) noteUnless(call string, err error, none ...string) bool {
	if err != nil && slices.Contains(none, wire.Code(err)) {
		err = nil
	}
	outcome, reason := wire.Outcome(err, s.MaybeOff)
	s.Note(call, outcome, reason)
	return err == nil
}

// noteList records the coverage of a list of which n pages came before err.
func (s *Scope) noteList(call string, n int, err error) {
	outcome, reason := wire.Outcome(err, s.MaybeOff)
	if err != nil && n > 0 {
		outcome, reason = snapshot.Truncated, fmt.Sprintf("after page %d: %s", n, reason)
	}
	s.Note(call, outcome, reason)
}
