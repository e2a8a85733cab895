package store

import (
	"context"
	"database/sql"
	"slices"

	"github.com/footing-dev/footing/internal/snapshot"
)

// LoadDiffering reads two snapshots without the resources that are the same in both, byte for byte: what snapshot.Between tells apart is
// not among them. Ids may be shortened as for Load.
func (db *DB) LoadDiffering(ctx context.Context, before, after string) (a, b *snapshot.Snapshot, err error) {
	err = db.read(ctx, func(tx *sql.Tx) error {
		var parts [2][]int64
		if a, parts[0], err = differing(ctx, tx, before); err != nil {
			return err
		}
		if b, parts[1], err = differing(ctx, tx, after); err != nil {
			return err
		}
		parts[0], parts[1] = apart(parts[0], parts[1])
		var bodies [2][]int64
		for i, p := range parts {
			if bodies[i], err = bodiesOf(ctx, tx, p); err != nil {
				return err
			}
		}
		bodies[0], bodies[1] = apart(bodies[0], bodies[1])
		if a.Resources, err = resourcesOf(ctx, tx, bodies[0], a.ID); err != nil {
			return err
		}
		b.Resources, err = resourcesOf(ctx, tx, bodies[1], b.ID)
		return err
	})
	if err != nil {
		return nil, nil, db.fail("read", err)
	}
	a.Seal()
	b.Seal()
	return a, b, nil
}

func differing(ctx context.Context, tx *sql.Tx, id string) (*snapshot.Snapshot, []int64, error) {
	seq, err := find(ctx, tx, id)
	if err != nil {
		return nil, nil, err
	}
	s, parts, _, err := load(ctx, tx, seq)
	return s, parts, err
}

// apart leaves of two lists what the other has not.
func apart(a, b []int64) (onlyA, onlyB []int64) {
	return without(a, b), without(b, a)
}

func without(list, other []int64) []int64 {
	other = slices.Sorted(slices.Values(other))
	var left []int64
	for _, id := range list {
		if _, there := slices.BinarySearch(other, id); !there {
			left = append(left, id)
		}
	}
	return left
}
