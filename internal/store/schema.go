package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/footing-dev/footing/internal/fault"
)

// migrations bring a store from version i to version i+1. They are never edited, only appended to.
// The SQL is what SQLite and Postgres have in common: BYTEA is no type of SQLite's, but it stores a blob as a blob in any column.
var migrations = []string{`
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
`, `
CREATE TABLE checkpoints (
	account TEXT  NOT NULL,
	scan    TEXT  NOT NULL,
	service TEXT  NOT NULL,
	region  TEXT  NOT NULL,
	began   TEXT  NOT NULL,
	body    BYTEA NOT NULL,
	PRIMARY KEY (account, scan, service, region)
);
`}

// migrate brings the schema to this program's version, in one transaction.
func (db *DB) migrate(ctx context.Context) error {
	return db.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)`); err != nil {
			return err
		}
		var have int
		if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM schema_version`).Scan(&have); err != nil {
			return err
		}
		if have > len(migrations) {
			return newer(db.path, have)
		}
		for i := have; i < len(migrations); i++ {
			if _, err := tx.ExecContext(ctx, migrations[i]); err != nil {
				return fmt.Errorf("schema version %d: %w", i+1, err)
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO schema_version (version) VALUES ($1)`, i+1); err != nil {
				return err
			}
		}
		return nil
	})
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
