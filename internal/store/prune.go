package store

import (
	"context"
	"database/sql"

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
		for _, seq := range seqs {
			if _, err := tx.ExecContext(ctx, `DELETE FROM entries WHERE snapshot = $1`, seq); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `DELETE FROM snapshots WHERE seq = $1`, seq); err != nil {
				return err
			}
		}
		removed = append(removed, ids...)
		if len(seqs) == 0 {
			return nil
		}
		_, err = tx.ExecContext(ctx,
			`DELETE FROM blobs WHERE hash NOT IN (
				SELECT hash FROM entries UNION SELECT coverage FROM snapshots UNION SELECT observations FROM snapshots)`)
		return err
	})
	if err != nil {
		return nil, db.fail("pruned", err)
	}
	return removed, nil
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
