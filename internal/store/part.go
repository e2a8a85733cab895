package store

import (
	"context"
	"database/sql"
	"time"
)

// Part is a finished piece of a scan that is not finished: what one service in one Region gave. The store does not look into it.
type Part struct {
	Service string
	Region  string // empty for a global service
	Began   time.Time
	Body    []byte
}

// KeepPart keeps a part of a scan of an account, in a transaction of its own. A part of the same service and Region is replaced.
// scan says which parts may stand beside each other.
func (db *DB) KeepPart(ctx context.Context, account, scan string, p Part) error {
	err := db.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx,
			`INSERT INTO parts (account, scan, service, region, began, body) VALUES ($1, $2, $3, $4, $5, $6)
			 ON CONFLICT (account, scan, service, region) DO UPDATE SET began = excluded.began, body = excluded.body`,
			account, scan, p.Service, p.Region, stamp(p.Began), p.Body)
		return err
	})
	if err != nil {
		return db.fail("written", err)
	}
	return nil
}

// Parts lists the kept parts of a scan, in order of service and Region.
func (db *DB) Parts(ctx context.Context, account, scan string) ([]Part, error) {
	rows, err := db.sql.QueryContext(ctx,
		`SELECT service, region, began, body FROM parts WHERE account = $1 AND scan = $2 ORDER BY service, region`, account, scan)
	if err != nil {
		return nil, db.fail("read", err)
	}
	defer rows.Close()
	var parts []Part
	for rows.Next() {
		var p Part
		var began string
		if err := rows.Scan(&p.Service, &p.Region, &began, &p.Body); err != nil {
			return nil, db.fail("read", err)
		}
		if p.Began, err = time.Parse(time.RFC3339Nano, began); err != nil {
			return nil, db.fail("read", err)
		}
		parts = append(parts, p)
	}
	if err := rows.Err(); err != nil {
		return nil, db.fail("read", err)
	}
	return parts, nil
}

// DropParts removes the parts of a scan.
func (db *DB) DropParts(ctx context.Context, account, scan string) error {
	err := db.write(ctx, func(tx *sql.Tx) error { return dropParts(ctx, tx, account, scan) })
	if err != nil {
		return db.fail("written", err)
	}
	return nil
}

// DropPartsOutside removes the parts, of whatever scan, that began before from or after to.
func (db *DB) DropPartsOutside(ctx context.Context, from, to time.Time) error {
	err := db.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM parts WHERE began < $1 OR began > $2`, stamp(from), stamp(to))
		return err
	})
	if err != nil {
		return db.fail("written", err)
	}
	return nil
}

func dropParts(ctx context.Context, tx *sql.Tx, account, scan string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM parts WHERE account = $1 AND scan = $2`, account, scan)
	return err
}
