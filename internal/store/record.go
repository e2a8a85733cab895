package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/footing-dev/footing/internal/fault"
)

// Record is a small dated thing that is kept beside the snapshots: a review that was signed, a bill, a digest of uses.
type Record struct {
	Kind string // what it is: "review"
	Key  string // what it is about: an account
	At   time.Time
	Body []byte
}

// Put keeps a record. One of the same kind, key and moment is replaced.
func (db *DB) Put(ctx context.Context, r Record) error {
	if r.Kind == "" {
		return fault.IO("", "a record without a kind cannot be kept")
	}
	body := r.Body
	if body == nil {
		body = []byte{}
	}
	err := db.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx,
			`INSERT INTO records (kind, key, at, body) VALUES ($1, $2, $3, $4)
			 ON CONFLICT (kind, key, at) DO UPDATE SET body = excluded.body`, r.Kind, r.Key, stamp(r.At), body)
		return err
	})
	if err != nil {
		return db.fail("written", err)
	}
	return nil
}

// Get is the record of a kind and key with the latest date; false when there is none.
func (db *DB) Get(ctx context.Context, kind, key string) (Record, bool, error) {
	r := Record{Kind: kind, Key: key}
	var at string
	err := db.sql.QueryRowContext(ctx,
		`SELECT at, body FROM records WHERE kind = $1 AND key = $2 ORDER BY at DESC LIMIT 1`, kind, key).Scan(&at, &r.Body)
	if errors.Is(err, sql.ErrNoRows) {
		return Record{}, false, nil
	}
	if err == nil {
		r.At, err = time.Parse(time.RFC3339Nano, at)
	}
	if err != nil {
		return Record{}, false, db.fail("read", err)
	}
	return r, true, nil
}

// Records lists every record of a kind and key, the oldest first.
func (db *DB) Records(ctx context.Context, kind, key string) ([]Record, error) {
	rows, err := db.sql.QueryContext(ctx, `SELECT at, body FROM records WHERE kind = $1 AND key = $2 ORDER BY at`, kind, key)
	if err != nil {
		return nil, db.fail("read", err)
	}
	return db.records(rows, kind, key)
}

// Last lists the last n records of a kind and key until a moment, the latest first.
func (db *DB) Last(ctx context.Context, kind, key string, until time.Time, n int) ([]Record, error) {
	rows, err := db.sql.QueryContext(ctx,
		`SELECT at, body FROM records WHERE kind = $1 AND key = $2 AND at <= $3 ORDER BY at DESC LIMIT $4`, kind, key, stamp(until), n)
	if err != nil {
		return nil, db.fail("read", err)
	}
	return db.records(rows, kind, key)
}

// records reads rows of a moment and a body.
func (db *DB) records(rows *sql.Rows, kind, key string) ([]Record, error) {
	defer rows.Close()
	records := []Record{}
	for rows.Next() {
		r := Record{Kind: kind, Key: key}
		var at string
		if err := rows.Scan(&at, &r.Body); err != nil {
			return nil, db.fail("read", err)
		}
		var err error
		if r.At, err = time.Parse(time.RFC3339Nano, at); err != nil {
			return nil, db.fail("read", err)
		}
		records = append(records, r)
	}
	if err := rows.Err(); err != nil {
		return nil, db.fail("read", err)
	}
	return records, nil
}
