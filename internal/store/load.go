package store

import (
	"bytes"
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
	var entries []Entry
	err := db.read(ctx, func(tx *sql.Tx) (err error) {
		entries, err = list(ctx, tx, `TRUE`)
		return err
	})
	if err != nil {
		return nil, db.fail("read", err)
	}
	return entries, nil
}

// Find is the entry of a snapshot. Its id may be shortened as for Load.
func (db *DB) Find(ctx context.Context, id string) (Entry, error) {
	var entries []Entry
	err := db.read(ctx, func(tx *sql.Tx) error {
		seq, err := find(ctx, tx, id)
		if err == nil {
			entries, err = list(ctx, tx, `seq = $1`, seq)
		}
		return err
	})
	if err != nil {
		return Entry{}, db.fail("read", err)
	}
	return entries[0], nil
}

func list(ctx context.Context, tx *sql.Tx, which string, args ...any) ([]Entry, error) {
	rows, err := tx.QueryContext(ctx,
		`SELECT id, account, name, taken, source, resources, gaps, calls FROM snapshots WHERE `+which+` ORDER BY seq DESC`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	entries := []Entry{}
	for rows.Next() {
		var e Entry
		var taken string
		if err := rows.Scan(&e.ID, &e.Account, &e.Name, &taken, &e.From, &e.Resources, &e.Gaps, &e.Calls); err != nil {
			return nil, err
		}
		if e.Taken, err = time.Parse(time.RFC3339Nano, taken); err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, rows.Err()
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
		var parts []int64
		var count int
		if s, parts, count, err = load(ctx, tx, seq); err != nil {
			return err
		}
		ids, err := bodiesOf(ctx, tx, parts)
		if err == nil && len(ids) != count {
			err = incomplete(s.ID, len(ids), count)
		}
		if err == nil {
			s.Resources, err = resourcesOf(ctx, tx, ids, s.ID)
		}
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

// load reads everything of a snapshot but its resources, and the list of their parts.
func load(ctx context.Context, tx *sql.Tx, seq int64) (s *snapshot.Snapshot, parts []int64, count int, err error) {
	s = &snapshot.Snapshot{}
	var head, coverage, observations, list []byte
	err = tx.QueryRowContext(ctx,
		`SELECT s.head, c.body, o.body, s.resources, s.parts FROM snapshots s
		 JOIN bodies c ON c.hash = s.coverage JOIN bodies o ON o.hash = s.observations WHERE s.seq = $1`, seq).
		Scan(&head, &coverage, &observations, &count, &list)
	if err != nil {
		return nil, nil, 0, err
	}
	err = errors.Join(json.Unmarshal(head, s), json.Unmarshal(coverage, &s.Coverage), json.Unmarshal(observations, &s.Observations))
	if err != nil {
		return nil, nil, 0, err
	}
	parts, err = appendIDs(nil, list)
	return s, parts, count, err
}

// bodiesOf lists the bodies of parts, in order.
func bodiesOf(ctx context.Context, tx *sql.Tx, parts []int64) ([]int64, error) {
	lists := make([][]byte, len(parts))
	err := each(ctx, tx, `SELECT id, bodies FROM parts`, parts, func(at int, list []byte) error {
		lists[at] = bytes.Clone(list)
		return nil
	})
	var ids []int64
	for _, list := range lists {
		if err == nil {
			ids, err = appendIDs(ids, list)
		}
	}
	return ids, err
}

// resourcesOf reads bodies, in order. One that is missing is an error.
func resourcesOf(ctx context.Context, tx *sql.Tx, ids []int64, id string) ([]snapshot.Resource, error) {
	resources := make([]snapshot.Resource, len(ids))
	decoder := snapshot.NewDecoder()
	found := 0
	err := each(ctx, tx, `SELECT id, body FROM bodies`, ids, func(at int, body []byte) (err error) {
		found++
		if resources[at], err = decoder.Resource(body); err != nil {
			return fmt.Errorf("resource %d of snapshot %s: %w", at, id, err)
		}
		return nil
	})
	if err == nil && found < len(ids) {
		err = incomplete(id, found, len(ids))
	}
	return resources, err
}

func incomplete(id string, found, count int) error {
	return fmt.Errorf("snapshot %s has %d of its %d resources", id, found, count)
}
