package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Entry is one kept snapshot, as a list shows it.
type Entry struct {
	ID        string    `json:"id"`
	Account   string    `json:"account"`
	Name      string    `json:"name,omitempty"`
	Taken     time.Time `json:"taken"`
	From      string    `json:"from,omitempty"`
	Resources int       `json:"resources"`
	Gaps      int       `json:"gaps"`
	Calls     int       `json:"calls"`
}

// Sample is the From of the embedded sample account's snapshot.
const Sample = "sample"

const listHint = `"footing snapshot ls" lists what there is`

// List lists every kept snapshot, the one that was saved last first.
func (db *DB) List(ctx context.Context) ([]Entry, error) {
	rows, err := db.sql.QueryContext(ctx,
		`SELECT id, account, name, taken, source, resources, gaps, calls FROM snapshots ORDER BY seq DESC`)
	if err != nil {
		return nil, db.fail("read", err)
	}
	defer rows.Close()
	entries := []Entry{}
	for rows.Next() {
		var e Entry
		var taken string
		if err := rows.Scan(&e.ID, &e.Account, &e.Name, &taken, &e.From, &e.Resources, &e.Gaps, &e.Calls); err != nil {
			return nil, db.fail("read", err)
		}
		if e.Taken, err = time.Parse(time.RFC3339Nano, taken); err != nil {
			return nil, db.fail("read", err)
		}
		entries = append(entries, e)
	}
	if err := rows.Err(); err != nil {
		return nil, db.fail("read", err)
	}
	return entries, nil
}

// Latest is the id of the snapshot of an account that was saved last. For account "" it is the last one that is not the
// sample, and the sample's only when there is no other.
func (db *DB) Latest(ctx context.Context, account string) (string, error) {
	const hint = `read an account with "footing scan", or try --demo`
	var id string
	err := db.sql.QueryRowContext(ctx,
		`SELECT id FROM snapshots WHERE account = $1 OR $1 = ''
		 ORDER BY CASE WHEN $1 = '' AND source = $2 THEN 1 ELSE 0 END, seq DESC LIMIT 1`, account, Sample).Scan(&id)
	switch {
	case errors.Is(err, sql.ErrNoRows) && account != "":
		return "", fault.Input(hint, "there is no snapshot of account %s yet", account)
	case errors.Is(err, sql.ErrNoRows):
		return "", fault.Input(hint, "there is no snapshot yet")
	case err != nil:
		return "", db.fail("read", err)
	}
	return id, nil
}

// Load reads a snapshot by its id, or by the beginning of its id if that is the beginning of only one.
func (db *DB) Load(ctx context.Context, id string) (*snapshot.Snapshot, error) {
	var s *snapshot.Snapshot
	err := db.read(ctx, func(tx *sql.Tx) error {
		seq, err := find(ctx, tx, id)
		if err != nil {
			return err
		}
		s, err = load(ctx, tx, seq)
		return err
	})
	if err != nil {
		return nil, db.fail("read", err)
	}
	s.Seal()
	return s, nil
}

// find resolves an id or the beginning of one.
func find(ctx context.Context, tx *sql.Tx, id string) (int64, error) {
	if id == "" {
		return 0, fault.Input(listHint, "the snapshot has no id")
	}
	rows, err := tx.QueryContext(ctx,
		`SELECT seq, id FROM snapshots WHERE substr(id, 1, $1) = $2 ORDER BY seq DESC LIMIT 3`, len([]rune(id)), id)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var seqs []int64
	var ids []string
	for rows.Next() {
		var seq int64
		var full string
		if err := rows.Scan(&seq, &full); err != nil {
			return 0, err
		}
		if full == id {
			return seq, nil
		}
		seqs, ids = append(seqs, seq), append(ids, full)
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	switch len(seqs) {
	case 0:
		return 0, fault.Input(listHint, "there is no snapshot %.80s", id)
	case 1:
		return seqs[0], nil
	}
	return 0, fault.Input(listHint, "the snapshot %s is not clear: it may be %s", id, strings.Join(ids, " or "))
}

func load(ctx context.Context, tx *sql.Tx, seq int64) (*snapshot.Snapshot, error) {
	s := &snapshot.Snapshot{}
	var head, coverage, observations []byte
	var count int
	err := tx.QueryRowContext(ctx,
		`SELECT s.head, c.body, o.body, s.resources FROM snapshots s
		 JOIN blobs c ON c.hash = s.coverage JOIN blobs o ON o.hash = s.observations WHERE s.seq = $1`, seq).
		Scan(&head, &coverage, &observations, &count)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(json.Unmarshal(head, s), json.Unmarshal(coverage, &s.Coverage), json.Unmarshal(observations, &s.Observations)); err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx,
		`SELECT b.body FROM entries e JOIN blobs b ON b.hash = e.hash WHERE e.snapshot = $1 ORDER BY e.position`, seq)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	s.Resources = make([]snapshot.Resource, 0, count)
	decoder := snapshot.NewDecoder()
	var body sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&body); err != nil {
			return nil, err
		}
		r, err := decoder.Resource(body)
		if err != nil {
			return nil, fmt.Errorf("resource %d of snapshot %s: %w", len(s.Resources), s.ID, err)
		}
		s.Resources = append(s.Resources, r)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if len(s.Resources) != count {
		return nil, fmt.Errorf("snapshot %s has %d of its %d resources", s.ID, len(s.Resources), count)
	}
	return s, nil
}
