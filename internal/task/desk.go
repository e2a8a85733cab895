// Package task is the work behind each verb: the desk it stands on, scans, and which snapshot is meant. Wiring, no judgement.
package task

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/store"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Sample is the embedded sample account: what is, and what its people state.
type Sample struct {
	Snapshot *snapshot.Snapshot
	Model    *threatmodel.Model
}

// Setup is what a command line says. The zero values of its text fields mean "not said".
type Setup struct {
	Program  string // how the program is typed: "footing", "go run ."
	StoreAt  string // --store
	ModelAt  string // --model
	Snapshot string // --snapshot: an id, the beginning of one, or a file
	At       string // --at
	Demo     bool   // --demo

	Dir    string              // the working directory
	Getenv func(string) string // os.Getenv, or a test's own
	Now    func() time.Time    // the only clock of the program
	Warn   func(string)        // one sentence that is no error; may be nil
	Tell   read.Tell           // progress of a scan; may be nil
	Live   read.Live           // without Scan: this build reads no live account
	Sample func() (*Sample, error)
	Asked  func(string) bool // whether a word, or a waiver, can be about something of that name: a rule, or a practice; may be nil
}

// Desk is what every verb stands on. Close it.
type Desk struct {
	Setup
	Model *threatmodel.Model // never nil; Snapshot may replace it by the sample's

	stated string // the file that Model was read from; "" when there is none
	warned bool   // what of Model has no effect has been told
	sample *Sample
	db     *store.DB
}

// OpenDesk reads footing.yaml and the flags that can be wrong. The store is opened when it is first needed.
func OpenDesk(s Setup) (*Desk, error) {
	d := &Desk{Setup: s}
	if s.Demo && s.Snapshot != "" {
		return nil, fault.Input("leave one of the two out", "--demo and --snapshot name two different pictures")
	}
	if s.At != "" {
		at, err := ParseDate(s.At)
		if err != nil {
			return nil, err
		}
		d.Setup.Now = func() time.Time { return at }
	}
	if err := d.readModel(); err != nil {
		return nil, err
	}
	return d, nil
}

// ParseDate reads a day (midnight, UTC) or a moment.
func ParseDate(s string) (time.Time, error) {
	for _, form := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fault.Input("write a day like 2026-11-23, or a moment like 2026-11-23T09:14:00Z", "%q is no date", s)
}

// Store opens the store, or makes it.
func (d *Desk) Store(ctx context.Context) (*store.DB, error) {
	if d.db != nil {
		return d.db, nil
	}
	at, err := d.StorePath()
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, at)
	if err != nil {
		return nil, err
	}
	d.db = db
	return db, nil
}

// StorePath is where the snapshots are: --store, else FOOTING_STORE, else the XDG data folder
// (https://specifications.freedesktop.org/basedir-spec/latest/).
func (d *Desk) StorePath() (string, error) {
	if d.StoreAt != "" {
		return d.StoreAt, nil
	}
	if p := d.Getenv("FOOTING_STORE"); p != "" {
		return p, nil
	}
	if data := d.Getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
		return filepath.Join(data, "footing", "store.db"), nil
	}
	home := d.Getenv("HOME")
	if home == "" {
		var err error
		if home, err = os.UserHomeDir(); err != nil {
			return "", fault.IO("give a place with --store PATH", "there is no home folder to keep snapshots in")
		}
	}
	return filepath.Join(home, ".local", "share", "footing", "store.db"), nil
}

// Close ends the use of the store.
func (d *Desk) Close() error {
	if d.db == nil {
		return nil
	}
	db := d.db
	d.db = nil
	return db.Close()
}

func (d *Desk) warn(says string) {
	if d.Warn != nil {
		d.Warn(says)
	}
}
