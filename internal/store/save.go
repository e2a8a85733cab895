package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Save keeps a sealed snapshot and returns its id, which it also writes into s.ID. Each call gives a new id, also for equal
// content: the moment it was taken, in UTC, then a number that only grows ("20261123T091400Z-00002a").
// A resource that some kept snapshot already holds costs no second copy, and a part of the account that did not change costs no row.
// It happens in one transaction: interrupted at any moment, it leaves the store as it was.
func (db *DB) Save(ctx context.Context, s *snapshot.Snapshot) (string, error) {
	return db.save(ctx, s, func(*sql.Tx) error { return nil })
}

// SaveWhole keeps the snapshot that a scan ended with, and removes the scan's checkpoints in the same transaction.
func (db *DB) SaveWhole(ctx context.Context, s *snapshot.Snapshot, scan string) (string, error) {
	return db.save(ctx, s, func(tx *sql.Tx) error { return dropCheckpoints(ctx, tx, s.Account, scan) })
}

func (db *DB) save(ctx context.Context, s *snapshot.Snapshot, also func(*sql.Tx) error) (string, error) {
	var id string
	err := db.write(ctx, func(tx *sql.Tx) error {
		var seq int64
		err := tx.QueryRowContext(ctx, `UPDATE counters SET value = value + 1 WHERE name = 'snapshot' RETURNING value`).Scan(&seq)
		if err != nil {
			return err
		}
		id = identify(s.Taken, seq)
		if err := save(ctx, tx, s, id, seq); err != nil {
			return err
		}
		return also(tx)
	})
	if err != nil {
		return "", db.fail("written", err)
	}
	s.ID = id
	return id, nil
}

func identify(taken time.Time, seq int64) string {
	return fmt.Sprintf("%s-%06x", taken.UTC().Format("20060102T150405Z"), seq)
}

func save(ctx context.Context, tx *sql.Tx, s *snapshot.Snapshot, id string, seq int64) error {
	w, err := newWriter(ctx, tx)
	if err != nil {
		return err
	}
	defer w.close()

	head := *s
	head.ID = id
	head.Taken = s.Taken.UTC()
	headJSON, err := json.Marshal(head)
	if err != nil {
		return err
	}
	coverage, err := w.list(s.Coverage)
	if err != nil {
		return err
	}
	observations, err := w.list(s.Observations)
	if err != nil {
		return err
	}
	parts, err := w.resources(s.Resources)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx,
		`INSERT INTO snapshots (seq, id, account, name, taken, source, resources, gaps, calls, head, coverage, observations, parts)
		 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		seq, id, s.Account, s.Name, stamp(s.Taken), s.From, len(s.Resources), len(s.Gaps()), s.Calls,
		headJSON, coverage, observations, parts)
	return err
}

// stamp is a moment as text that sorts by time.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000000Z") }

// resources writes what is new of the resources, and returns the list of their parts.
func (w *writer) resources(resources []snapshot.Resource) ([]byte, error) {
	var buffer bytes.Buffer // the part that is being filled
	for i := range resources {
		r := &resources[i]
		from := buffer.Len()
		if err := snapshot.EncodeResource(&buffer, r); err != nil {
			return nil, fault.IO("", "the resource %s cannot be stored: %w", r.Key, err)
		}
		body := buffer.Bytes()[from:]
		if err := w.add(item{string(r.Key), sha256.Sum256(body), body}); err != nil {
			return nil, err
		}
		switch {
		case len(w.open) > 0:
		case len(w.items) > 0: // they are in these bytes
			buffer = bytes.Buffer{}
		default:
			buffer.Reset()
		}
	}
	return w.end()
}

// list stores a list as one body: it is small beside the resources, and mostly the same from scan to scan.
func (w *writer) list(l any) ([]byte, error) {
	body, err := json.Marshal(l)
	if err != nil {
		return nil, err
	}
	return w.single(body)
}
