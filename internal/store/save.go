package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/snapshot"
)

// batch is how many rows one INSERT carries: large enough to pay for parsing, small enough to keep little in memory.
const batch = 200

// Save keeps a sealed snapshot and returns its id, which it also writes into s.ID. Each call gives a new id, also for equal
// content: the moment it was taken, in UTC, then a number that only grows ("20261123T091400Z-00002a").
// A resource that some kept snapshot already holds costs a row of the index and no second copy.
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
	w, err := newWriter(ctx, tx, seq)
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
	_, err = tx.ExecContext(ctx,
		`INSERT INTO snapshots (seq, id, account, name, taken, source, resources, gaps, calls, head, coverage, observations)
		 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		seq, id, s.Account, s.Name, stamp(s.Taken), s.From, len(s.Resources), len(s.Gaps()), s.Calls,
		headJSON, coverage, observations)
	if err != nil {
		return err
	}
	for i := range s.Resources {
		if err := w.resource(i, &s.Resources[i]); err != nil {
			return err
		}
	}
	return w.flush()
}

// stamp is a moment as text that sorts by time.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000000Z") }

// writer writes blobs at once and index rows in batches.
type writer struct {
	ctx    context.Context
	tx     *sql.Tx
	seq    int64
	blob   *sql.Stmt
	rows   *sql.Stmt // one full batch
	buffer bytes.Buffer
	args   []any
}

func newWriter(ctx context.Context, tx *sql.Tx, seq int64) (*writer, error) {
	w := &writer{ctx: ctx, tx: tx, seq: seq, args: make([]any, 0, batch*entryColumns)}
	var err error
	w.blob, err = tx.PrepareContext(ctx, `INSERT INTO blobs (hash, body) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING`)
	if err != nil {
		return nil, err
	}
	if w.rows, err = tx.PrepareContext(ctx, insertEntries(batch)); err != nil {
		w.blob.Close()
		return nil, err
	}
	return w, nil
}

func (w *writer) close() {
	w.blob.Close()
	w.rows.Close()
}

const entryColumns = 6

func insertEntries(n int) string {
	var b strings.Builder
	b.WriteString(`INSERT INTO entries (snapshot, position, arn, type, region, hash) VALUES `)
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		at := i * entryColumns
		fmt.Fprintf(&b, "($%d, $%d, $%d, $%d, $%d, $%d)", at+1, at+2, at+3, at+4, at+5, at+6)
	}
	return b.String()
}

func (w *writer) resource(position int, r *snapshot.Resource) error {
	w.buffer.Reset()
	if err := snapshot.EncodeResource(&w.buffer, r); err != nil {
		return fault.IO("", "the resource %s cannot be stored: %w", r.Key, err)
	}
	hash, err := w.put(w.buffer.Bytes())
	if err != nil {
		return err
	}
	w.args = append(w.args, w.seq, position, string(r.Key), r.Type, r.Region, hash)
	if len(w.args) < batch*entryColumns {
		return nil
	}
	_, err = w.rows.ExecContext(w.ctx, w.args...)
	w.args = w.args[:0]
	return err
}

// flush writes the rows of an incomplete batch.
func (w *writer) flush() error {
	if len(w.args) == 0 {
		return nil
	}
	_, err := w.tx.ExecContext(w.ctx, insertEntries(len(w.args)/entryColumns), w.args...)
	w.args = w.args[:0]
	return err
}

// list stores a list as one blob: it is small beside the resources, and mostly the same from scan to scan.
func (w *writer) list(l any) ([]byte, error) {
	body, err := json.Marshal(l)
	if err != nil {
		return nil, err
	}
	return w.put(body)
}

func (w *writer) put(body []byte) ([]byte, error) {
	sum := sha256.Sum256(body)
	_, err := w.blob.ExecContext(w.ctx, sum[:], body)
	return sum[:], err
}
