package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/snapshot"
)

func some(n int) *snapshot.Snapshot {
	s := &snapshot.Snapshot{Account: "111122223333", Taken: time.Unix(1_790_000_000, 0)}
	for i := range n {
		s.Resources = append(s.Resources, snapshot.Resource{
			Key: snapshot.Key(fmt.Sprintf("k%05d", i)), Type: "T", Properties: map[string]any{"P": strings.Repeat(fmt.Sprint(i), 50)},
		})
	}
	s.Seal()
	return s
}

func sentence(t *testing.T, err error, says string) {
	t.Helper()
	var e *fault.Error
	if !errors.As(err, &e) || e.Status != fault.Failed || e.Hinted == "" || !strings.Contains(e.Sentence, says) {
		t.Errorf("%v, want one that says %q", err, says)
	}
}

func TestAFullDiskLeavesWhatWasThere(t *testing.T) {
	ctx := t.Context()
	db, err := Open(ctx, filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	kept, err := db.Save(ctx, some(10))
	if err != nil {
		t.Fatal(err)
	}
	db.sql.SetMaxOpenConns(1) // the limit is one of the connection
	var pages int
	if err := db.sql.QueryRow(`PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if _, err := db.sql.Exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+5)); err != nil {
		t.Fatal(err)
	}
	_, err = db.Save(ctx, some(2000))
	sentence(t, err, "the disk is full")
	if list, err := db.List(ctx); err != nil || len(list) != 1 {
		t.Errorf("%v %v", list, err)
	}
	if s, err := db.Load(ctx, kept); err != nil || len(s.Resources) != 10 {
		t.Errorf("%v", err)
	}
	if _, err := db.sql.Exec(`PRAGMA max_page_count = 1000000`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Save(ctx, some(2000)); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

func TestALockedStoreSaysSo(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "store.db")
	first, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := open(ctx, path, 50*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	release := make(chan struct{})
	held, done := make(chan struct{}), make(chan error)
	go func() {
		done <- first.write(ctx, func(*sql.Tx) error {
			close(held)
			<-release
			return nil
		})
	}()
	<-held
	_, err = second.Save(ctx, some(1))
	sentence(t, err, "in use by another process")
	if _, err := second.List(ctx); err != nil {
		t.Errorf("reading must go on: %v", err)
	}
	if third, err := open(ctx, path, 50*time.Millisecond); err != nil {
		t.Errorf("opening must go on: %v", err)
	} else {
		third.Close()
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := second.Save(ctx, some(1)); err != nil {
		t.Error(err)
	}
}

func TestAReadOnlyStoreSaysSo(t *testing.T) {
	ctx := t.Context()
	db, err := Open(ctx, filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.sql.SetMaxOpenConns(1)
	if _, err := db.sql.Exec(`PRAGMA query_only = 1`); err != nil {
		t.Fatal(err)
	}
	_, err = db.Save(ctx, some(1))
	sentence(t, err, "read-only")
	sentence(t, db.Put(ctx, Record{Kind: "k"}), "read-only")
	sentence(t, db.KeepCheckpoint(ctx, "1", "x", Checkpoint{Service: "sqs", Body: []byte{}}), "read-only")
	sentence(t, db.DropCheckpoints(ctx, "1", "x"), "read-only")
	sentence(t, db.DropCheckpointsOutside(ctx, time.Time{}, time.Time{}), "read-only")
	_, err = db.Prune(ctx, 0, "")
	sentence(t, err, "read-only")
}

// Two programs that start at once must both find a whole schema.
func TestOpenedTwiceAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	errs := make(chan error)
	const n = 6
	for range n {
		go func() {
			db, err := Open(context.Background(), path)
			if err == nil {
				_, err = db.Save(context.Background(), some(3))
				err = errors.Join(err, db.Close())
			}
			errs <- err
		}()
	}
	for range n {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if list, err := db.List(t.Context()); err != nil || len(list) != n {
		t.Errorf("%d snapshots, %v", len(list), err)
	}
}
