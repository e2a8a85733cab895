// Package store keeps snapshots and small dated records in one database file.
package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"github.com/footing-dev/footing/internal/fault"
)

// DB is an open store. It may be used by several goroutines; several processes may open the same file.
type DB struct {
	sql  *sql.DB
	path string
}

// patience is how long a writer waits for another one.
const patience = 10 * time.Second

const openHint = "give another place with --store PATH"

// Open opens the store in a file, or makes it: folders readable by the user alone (0700), the file too (0600).
// Every error is one sentence with exit status 1, or 2 for a name that cannot be a file.
func Open(ctx context.Context, dsn string) (*DB, error) {
	return open(ctx, dsn, patience)
}

func open(ctx context.Context, dsn string, wait time.Duration) (*DB, error) {
	switch {
	case dsn == "":
		return nil, fault.Input("give a file with --store PATH", "the store has no name")
	case strings.Contains(dsn, "://"):
		return nil, fault.Input("give a file with --store PATH", "the store %s is not a file; only files are supported", withoutSecret(dsn))
	case strings.ContainsRune(dsn, 0):
		return nil, fault.Input("give a file with --store PATH", "the store's name %q cannot be a file", dsn)
	}
	path, err := filepath.Abs(dsn)
	if err != nil {
		return nil, fault.IO(openHint, "the store %s cannot be opened: %w", dsn, err)
	}
	if err := prepare(path); err != nil {
		return nil, err
	}
	handle, err := sql.Open("sqlite", address(path, wait))
	if err != nil {
		return nil, fault.IO(openHint, "the store %s cannot be opened: %w", path, err)
	}
	db := &DB{sql: handle, path: path}
	handle.SetMaxOpenConns(4)
	if err := db.check(ctx); err != nil {
		handle.Close()
		return nil, db.fail("opened", err)
	}
	return db, nil
}

// check migrates only when there is something to do, so that a second process can read while the first writes.
func (db *DB) check(ctx context.Context) error {
	have, err := db.version(ctx)
	switch {
	case err != nil:
		return err
	case have > len(migrations):
		return newer(db.path, have)
	case have == len(migrations):
		return nil
	}
	return db.migrate(ctx)
}

// prepare makes the folders and the file, so that the file has its permissions before anything is in it.
func prepare(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fault.IO(openHint, "the folder of the store %s cannot be made: %s", path, reason(err))
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		if info, e := os.Stat(path); e == nil && info.IsDir() {
			return fault.IO("give a file in it with --store PATH", "the store %s is a folder, not a file", path)
		}
		return fault.IO(openHint, "the store %s cannot be written: %s", path, reason(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		return fault.IO(openHint, "the store %s is not a regular file", path)
	}
	return nil
}

// reason is the operating system's word without the path, which the sentence already names.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// address asks for write-ahead logging (readers go on while one writes, a killed writer leaves the last commit),
// for patience with other processes, and for transactions that take the write lock at their start, where waiting is safe.
func address(path string, wait time.Duration) string {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/… on Windows
	}
	u := url.URL{Scheme: "file", Path: slashed, OmitHost: false}
	q := url.Values{}
	q.Set("_busy_timeout", strconv.FormatInt(wait.Milliseconds(), 10))
	q["_pragma"] = []string{"journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)"}
	q.Set("_txlock", "immediate")
	return u.String() + "?" + q.Encode()
}

// withoutSecret is a DSN that may be printed.
func withoutSecret(dsn string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		return "that was given"
	}
	return u.Redacted()
}

// Close ends the use of the store.
func (db *DB) Close() error {
	if err := db.sql.Close(); err != nil {
		return db.fail("closed", err)
	}
	return nil
}

// write runs f in one transaction: all of it, or nothing.
func (db *DB) write(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := db.sql.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	return tx.Commit()
}

// read runs f on one consistent view.
func (db *DB) read(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := db.sql.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	return tx.Rollback()
}

// ignoreDone: a transaction whose context ended is already rolled back.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// fail turns an error of the database into one sentence. What already is one stays, and so does the end of a context.
func (db *DB) fail(done string, err error) error {
	var said *fault.Error
	if errors.As(err, &said) {
		return said
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return fault.IO(openHint, "the store %s could not be %s: %w", db.path, done, err)
	}
	switch e.Code() & 0xff { // the rest is detail: https://www.sqlite.org/rescode.html
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return wrap(err, "wait until it is done, then try again", "the store %s is in use by another process", db.path)
	case lib.SQLITE_NOTADB:
		return wrap(err, openHint, "the file %s is not a store of footing", db.path)
	case lib.SQLITE_CORRUPT:
		return wrap(err, "keep the file for rescue and give another place with --store PATH", "the store %s is damaged", db.path)
	case lib.SQLITE_FULL:
		return wrap(err, `make room, or remove old snapshots with "footing snapshot prune"`, "the store %s could not be %s: the disk is full", db.path, done)
	case lib.SQLITE_READONLY, lib.SQLITE_PERM, lib.SQLITE_AUTH:
		return wrap(err, openHint, "the store %s cannot be written: it is read-only", db.path)
	case lib.SQLITE_CANTOPEN:
		return wrap(err, openHint, "the store %s cannot be opened: its folder is not writable", db.path)
	}
	return fault.IO(openHint, "the store %s could not be %s: %w", db.path, done, err)
}

func wrap(cause error, hint, format string, args ...any) error {
	e := fault.IO(hint, format, args...)
	e.Cause = cause
	return e
}
