package store

import (
	"context"
	"database/sql"
	"time"
)

// Checkpoint is a finished piece of a scan that is not finished: what one service in one Region gave. The store does not look into it.
type Checkpoint struct {
	Service string
	Region  string // empty for a global service
	Began   time.Time
	Body    []byte
}

// KeepCheckpoint keeps a finished piece of a scan of an account, in a transaction of its own. One of the same service and Region is replaced.
// scan says which may stand beside each other.
func (db *DB) KeepCheckpoint(ctx context.Context, account, scan string, c Checkpoint) error {
	err := db.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx,
			`INSERT INTO checkpoints (account, scan, service, region, began, body) VALUES ($1, $2, $3, $4, $5, $6)
			 ON CONFLICT (account, scan, service, region) DO UPDATE SET began = excluded.began, body = excluded.body`,
			account, scan, c.Service, c.Region, stamp(c.Began), c.Body)
		return err
	})
	if err != nil {
		return db.fail("written", err)
	}
	return nil
}

// Checkpoints lists what is kept of a scan, in order of service and Region.
func (db *DB) Checkpoints(ctx context.Context, account, scan string) ([]Checkpoint, error) {
	rows, err := db.sql.QueryContext(ctx,
		`SELECT service, region, began, body FROM checkpoints WHERE account = $1 AND scan = $2 ORDER BY service, region`, account, scan)
	if err != nil {
		return nil, db.fail("read", err)
	}
	defer rows.Close()
	var all []Checkpoint
	for rows.Next() {
		var c Checkpoint
		var began string
		if err := rows.Scan(&c.Service, &c.Region, &began, &c.Body); err != nil {
			return nil, db.fail("read", err)
		}
		if c.Began, err = time.Parse(time.RFC3339Nano, began); err != nil {
			return nil, db.fail("read", err)
		}
		all = append(all, c)
	}
	if err := rows.Err(); err != nil {
		return nil, db.fail("read", err)
	}
	return all, nil
}

// DropCheckpoints removes what is kept of a scan.
func (db *DB) DropCheckpoints(ctx context.Context, account, scan string) error {
	err := db.write(ctx, func(tx *sql.Tx) error { return dropCheckpoints(ctx, tx, account, scan) })
	if err != nil {
		return db.fail("written", err)
	}
	return nil
}

// DropCheckpointsOutside removes those, of whatever scan, that began before from or after to.
func (db *DB) DropCheckpointsOutside(ctx context.Context, from, to time.Time) error {
	err := db.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM checkpoints WHERE began < $1 OR began > $2`, stamp(from), stamp(to))
		return err
	})
	if err != nil {
		return db.fail("written", err)
	}
	return nil
}

func dropCheckpoints(ctx context.Context, tx *sql.Tx, account, scan string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM checkpoints WHERE account = $1 AND scan = $2`, account, scan)
	return err
}

// dropCheckpointsOf removes those of an account, of whatever scan; account "" means every one.
func dropCheckpointsOf(ctx context.Context, tx *sql.Tx, account string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM checkpoints WHERE account = $1 OR $1 = ''`, account)
	return err
}
