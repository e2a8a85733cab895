package task

import (
	"context"
	"os"
	"strings"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/read/files"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/store"
)

// Picture is the snapshot that the flags ask for: --demo, else --snapshot, else the latest of the account that footing.yaml names,
// else the latest of any but the sample. With --at its ages are counted from that day. Model fits it afterwards.
func (d *Desk) Picture(ctx context.Context) (*snapshot.Snapshot, error) {
	s, err := d.picture(ctx)
	if err != nil {
		return nil, err
	}
	if err := d.suit(s, s.From == store.Sample); err != nil {
		return nil, err
	}
	if err := d.lay(ctx, s); err != nil {
		return nil, err
	}
	if d.At != "" {
		s.Taken = d.Now()
	}
	if s.Name == "" {
		s.Name = d.Model.Name
	}
	return s, nil
}

func (d *Desk) picture(ctx context.Context) (*snapshot.Snapshot, error) {
	switch {
	case d.Demo:
		demo, err := d.theSample()
		if err != nil {
			return nil, err
		}
		s := *demo.Snapshot
		s.From = store.Sample
		return &s, nil
	case d.Snapshot != "":
		return d.Load(ctx, d.Snapshot)
	}
	db, err := d.Store(ctx)
	if err != nil {
		return nil, err
	}
	id, err := db.Latest(ctx, d.Model.Account)
	if err != nil {
		return nil, err
	}
	return db.Load(ctx, id)
}

// theSample opens the sample account once.
func (d *Desk) theSample() (*Sample, error) {
	if d.Sample == nil {
		return nil, fault.Input(`read an account with "footing scan"`, "this build has no sample account")
	}
	if d.sample == nil {
		s, err := d.Sample()
		if err != nil {
			return nil, err
		}
		d.sample = s
	}
	return d.sample, nil
}

// Load is a snapshot by its id, the beginning of its id, or a file or folder that "scan --from" reads.
func (d *Desk) Load(ctx context.Context, which string) (*snapshot.Snapshot, error) {
	if isPath(which) {
		return files.Read(which)
	}
	db, err := d.Store(ctx)
	if err != nil {
		return nil, err
	}
	return db.Load(ctx, which)
}

// isPath tells a file or folder from an id.
func isPath(which string) bool {
	_, err := os.Stat(which)
	return err == nil || strings.ContainsAny(which, `/\`)
}

// Keep saves a snapshot and returns its id.
func (d *Desk) Keep(ctx context.Context, s *snapshot.Snapshot) (string, error) {
	db, err := d.Store(ctx)
	if err != nil {
		return "", err
	}
	return db.Save(ctx, s)
}
