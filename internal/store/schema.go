package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/footing-dev/footing/internal/fault"
)

// migration brings a store from one version to the next: text, then work that is more than text, then text again.
type migration struct {
	before string
	work   func(context.Context, *sql.Tx) error
	after  string
}

// migrations bring a store from version i to version i+1. They are never edited, only appended to.
// The SQL is what SQLite and Postgres have in common: BYTEA is no type of SQLite's, but it stores a blob as a blob in any column.
var migrations = []migration{{before: `
CREATE TABLE snapshots (
	seq          BIGINT PRIMARY KEY,
	id           TEXT   NOT NULL UNIQUE,
	account      TEXT   NOT NULL,
	name         TEXT   NOT NULL,
	taken        TEXT   NOT NULL,
	source       TEXT   NOT NULL,
	resources    BIGINT NOT NULL,
	gaps         BIGINT NOT NULL,
	calls        BIGINT NOT NULL,
	head         BYTEA  NOT NULL,
	coverage     BYTEA  NOT NULL,
	observations BYTEA  NOT NULL
);
CREATE TABLE entries (
	snapshot BIGINT NOT NULL REFERENCES snapshots (seq),
	position BIGINT NOT NULL,
	arn      TEXT   NOT NULL,
	type     TEXT   NOT NULL,
	region   TEXT   NOT NULL,
	hash     BYTEA  NOT NULL,
	PRIMARY KEY (snapshot, position)
);
CREATE TABLE blobs (
	hash BYTEA PRIMARY KEY,
	body BYTEA NOT NULL
);
CREATE TABLE counters (
	name  TEXT   PRIMARY KEY,
	value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('snapshot', 0);
CREATE TABLE records (
	kind TEXT  NOT NULL,
	key  TEXT  NOT NULL,
	at   TEXT  NOT NULL,
	body BYTEA NOT NULL,
	PRIMARY KEY (kind, key, at)
);
`}, { // a row for every resource of every snapshot became a list of parts; parts.go tells what they are
	before: `
ALTER TABLE snapshots ADD COLUMN parts BYTEA;
CREATE TABLE bodies (
	id   INTEGER PRIMARY KEY,
	hash BYTEA NOT NULL UNIQUE,
	body BYTEA NOT NULL
);
CREATE TABLE parts (
	id     INTEGER PRIMARY KEY,
	hash   BYTEA NOT NULL UNIQUE,
	bodies BYTEA NOT NULL
);
INSERT INTO bodies (id, hash, body)
	SELECT ROW_NUMBER() OVER (ORDER BY o.first, o.place, b.hash), b.hash, b.body
	FROM blobs b LEFT JOIN (SELECT hash, MIN(snapshot) AS first, MIN(position) AS place FROM entries GROUP BY hash) o ON o.hash = b.hash;
DROP TABLE blobs;
`,
	work: intoParts,
	after: `
DROP TABLE entries;
`}, { // what a scan that was interrupted has finished
	before: `
CREATE TABLE checkpoints (
	account TEXT  NOT NULL,
	scan    TEXT  NOT NULL,
	service TEXT  NOT NULL,
	region  TEXT  NOT NULL,
	began   TEXT  NOT NULL,
	body    BYTEA NOT NULL,
	PRIMARY KEY (account, scan, service, region)
);
`}}

// intoParts makes the lists of parts from the rows of resources.
func intoParts(ctx context.Context, tx *sql.Tx) error {
	seqs, err := column[int64](ctx, tx, `SELECT seq FROM snapshots ORDER BY seq`)
	for _, seq := range seqs {
		if err == nil {
			err = snapshotIntoParts(ctx, tx, seq)
		}
	}
	return err
}

func snapshotIntoParts(ctx context.Context, tx *sql.Tx, seq int64) error {
	items, err := entriesOf(ctx, tx, seq)
	if err != nil {
		return err
	}
	w, err := newWriter(ctx, tx)
	if err != nil {
		return err
	}
	defer w.close()
	for _, it := range items {
		if err := w.add(it); err != nil {
			return err
		}
	}
	parts, err := w.end()
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE snapshots SET parts = $1 WHERE seq = $2`, parts, seq)
	return err
}

// entriesOf leaves out what the store has lost: the snapshot then says so when it is loaded, and the others are as good as before.
func entriesOf(ctx context.Context, tx *sql.Tx, seq int64) ([]item, error) {
	rows, err := tx.QueryContext(ctx,
		`SELECT e.arn, e.hash FROM entries e JOIN bodies b ON b.hash = e.hash WHERE e.snapshot = $1 ORDER BY e.position`, seq)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var items []item
	var hash sql.RawBytes
	for rows.Next() {
		var it item
		if err := rows.Scan(&it.key, &hash); err != nil {
			return nil, err
		}
		copy(it.hash[:], hash)
		items = append(items, it)
	}
	return items, rows.Err()
}

// column is the only column of what a query gives.
func column[T any](ctx context.Context, tx *sql.Tx, query string, args ...any) ([]T, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// migrate brings the schema to this program's version, in one transaction.
func (db *DB) migrate(ctx context.Context) error {
	var have int
	err := db.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)`); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM schema_version`).Scan(&have); err != nil {
			return err
		}
		if have > len(migrations) {
			return newer(db.path, have)
		}
		for i := have; i < len(migrations); i++ {
			if err := migrations[i].run(ctx, tx); err != nil {
				return fmt.Errorf("schema version %d: %w", i+1, err)
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO schema_version (version) VALUES ($1)`, i+1); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && have > 0 && have < len(migrations) {
		db.giveBack(ctx)
	}
	return err
}

func (m migration) run(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, m.before)
	if err == nil && m.work != nil {
		err = m.work(ctx, tx)
	}
	if err == nil && m.after != "" {
		_, err = tx.ExecContext(ctx, m.after)
	}
	return err
}

// version is the schema's version; 0 for a store without any.
func (db *DB) version(ctx context.Context) (int, error) {
	var tables, have int
	err := db.sql.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_master WHERE name = 'schema_version'`).Scan(&tables)
	if err != nil || tables == 0 {
		return 0, err
	}
	err = db.sql.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM schema_version`).Scan(&have)
	return have, err
}

func newer(path string, have int) error {
	return fault.IO("use the newer program, or another store with --store PATH",
		"the store %s has schema version %d, this program knows up to %d: a newer footing wrote it", path, have, len(migrations))
}
