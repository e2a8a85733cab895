package service

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/snapshot"
)

// tally gathers the answers of a call that lists a type bit by bit, once for each of its parents. Such a type is complete
// only when the parents are and every one was answered for.
type tally struct {
	mu       sync.Mutex
	parents  bool // the list of parents is complete
	answered int
	failed   []failure
}

type failure struct {
	about snapshot.Key
	err   error
}

func newTally(parentsComplete bool) *tally { return &tally{parents: parentsComplete} }

func (t *tally) count(about snapshot.Key, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil {
		t.answered++
		return
	}
	t.failed = append(t.failed, failure{about, err})
}

func (t *tally) note(s *Scope, call string, types ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(types) == 0 {
		types = s.declared(call).Types
	}
	switch {
	case len(t.failed) > 0:
		slices.SortFunc(t.failed, func(a, b failure) int {
			if a.about < b.about {
				return -1
			}
			return 1
		})
		outcome, reason := wire.Outcome(t.failed[0].err, s.MaybeOff)
		if t.answered > 0 {
			outcome = snapshot.Truncated
		}
		s.NoteTypes(call, outcome, fmt.Sprintf("%d of %d failed: %s", len(t.failed), len(t.failed)+t.answered, reason), types...)
	case !t.parents:
		s.NoteTypes(call, snapshot.NotAsked, "not everything that it is asked about could be listed", types...)
	default:
		s.NoteTypes(call, snapshot.OK, "", types...)
	}
}

// askEach asks about each thing that a list named, and keeps what comes of it. The types of call are complete when the list was (listed is
// its error) and every one was answered for. What is gone meanwhile was answered for: gone are the codes that say so.
func askEach[T, O any](ctx context.Context, s *Scope, call string, items []T, listed error, ask func(context.Context, T) (*O, error), keep func(context.Context, T, *O), gone ...string) {
	all := newTally(listed == nil)
	if listed != nil {
		all.count("", listed)
	}
	Each(ctx, items, func(ctx context.Context, item T) {
		out, err := try(ctx, s, func(ctx context.Context) (*O, error) { return ask(ctx, item) })
		switch {
		case err == nil:
			keep(ctx, item, out)
		case slices.Contains(gone, wire.Code(err)):
			err = nil
		}
		all.count(snapshot.Key(fmt.Sprint(item)), err)
	})
	all.note(s, call)
}
