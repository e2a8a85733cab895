package store

import (
	"context"
	"database/sql"
	"math"
	"slices"

	"github.com/footing-dev/footing/internal/fault"
)

// Prune keeps the snapshots that were saved last, keep of each account, removes the others, whatever only they held and
// what unfinished scans left, and returns the ids that are gone, the oldest first. Account "" means every account.
func (db *DB) Prune(ctx context.Context, keep int, account string) ([]string, error) {
	if keep < 0 {
		return nil, fault.Input("give the number of snapshots to keep", "%d snapshots cannot be kept", keep)
	}
	removed := []string{}
	err := db.write(ctx, func(tx *sql.Tx) error {
		if err := dropCheckpointsOf(ctx, tx, account); err != nil {
			return err
		}
		seqs, ids, err := surplus(ctx, tx, keep, account)
		if err != nil {
			return err
		}
		removed = append(removed, ids...)
		if len(seqs) == 0 {
			return nil
		}
		for i, seq := range seqs {
			if _, err := tx.ExecContext(ctx, `DELETE FROM snapshots WHERE seq = $1`, seq); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `DELETE FROM records WHERE key = $1`, ids[i]); err != nil { // what was worked out from it
				return err
			}
		}
		return sweep(ctx, tx)
	})
	if err != nil {
		return nil, db.fail("pruned", err)
	}
	if len(removed) > 0 {
		db.giveBack(ctx)
	}
	return removed, nil
}

// sweep removes the parts and bodies that no snapshot holds.
func sweep(ctx context.Context, tx *sql.Tx) error {
	parts, err := listed(ctx, tx, `SELECT parts FROM snapshots`)
	if err != nil {
		return err
	}
	if err := keepOnly(ctx, tx, `DELETE FROM parts WHERE id > $1 AND id < $2`, parts); err != nil {
		return err
	}
	bodies, err := listed(ctx, tx, `SELECT bodies FROM parts`)
	if err != nil {
		return err
	}
	singles, err := column[int64](ctx, tx,
		`SELECT id FROM bodies WHERE hash IN (SELECT coverage FROM snapshots UNION SELECT observations FROM snapshots)`)
	if err != nil {
		return err
	}
	return keepOnly(ctx, tx, `DELETE FROM bodies WHERE id > $1 AND id < $2`, append(bodies, singles...))
}

// listed are the ids in a column of lists.
func listed(ctx context.Context, tx *sql.Tx, query string) ([]int64, error) {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []int64
	var list sql.RawBytes
	for sorted := 0; rows.Next(); {
		if err := rows.Scan(&list); err != nil {
			return nil, err
		}
		if ids, err = appendIDs(ids, list); err != nil {
			return nil, err
		}
		if len(ids) > 2*sorted+1<<16 { // many lists name the same
			slices.Sort(ids)
			ids = slices.Compact(ids)
			sorted = len(ids)
		}
	}
	return ids, rows.Err()
}

// keepOnly deletes the rows between the ids that are kept.
func keepOnly(ctx context.Context, tx *sql.Tx, between string, kept []int64) error {
	slices.Sort(kept)
	statement, err := tx.PrepareContext(ctx, between)
	if err != nil {
		return err
	}
	defer statement.Close()
	last := int64(0)
	for _, id := range append(kept, math.MaxInt64) {
		if id > last+1 {
			if _, err := statement.ExecContext(ctx, last, id); err != nil {
				return err
			}
		}
		last = id
	}
	return nil
}

// giveBack makes the file smaller where more than a quarter of it is empty. That no room was given back harms nothing: the store uses it again.
func (db *DB) giveBack(ctx context.Context) {
	var free, pages int64
	if db.sql.QueryRowContext(ctx, `PRAGMA freelist_count`).Scan(&free) != nil || db.sql.QueryRowContext(ctx, `PRAGMA page_count`).Scan(&pages) != nil {
		return
	}
	if 4*free > pages {
		_, _ = db.sql.ExecContext(ctx, `VACUUM`)
	}
}

func surplus(ctx context.Context, tx *sql.Tx, keep int, account string) (seqs []int64, ids []string, err error) {
	rows, err := tx.QueryContext(ctx,
		`SELECT seq, id FROM (
			SELECT seq, id, ROW_NUMBER() OVER (PARTITION BY account ORDER BY seq DESC) AS rank
			FROM snapshots WHERE account = $1 OR $1 = '') AS ranked
		 WHERE rank > $2 ORDER BY seq`, account, keep)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		var id string
		if err := rows.Scan(&seq, &id); err != nil {
			return nil, nil, err
		}
		seqs, ids = append(seqs, seq), append(ids, id)
	}
	return seqs, ids, rows.Err()
}
