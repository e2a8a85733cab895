package store

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/snapshot"
)

// versionOne writes a store as the first version of the schema had it.
func versionOne(t *testing.T, path string, snapshots ...*snapshot.Snapshot) *sql.DB {
	t.Helper()
	if err := prepare(path); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", address(path, patience))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := db.Exec(query, args...); err != nil {
			t.Fatal(err)
		}
	}
	put := func(body []byte) []byte {
		sum := sha256.Sum256(body)
		exec(`INSERT INTO blobs (hash, body) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING`, sum[:], body)
		return sum[:]
	}
	list := func(l any) []byte {
		body, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		return put(body)
	}
	exec(migrations[0].before)
	exec(`CREATE TABLE schema_version (version BIGINT NOT NULL)`)
	exec(`INSERT INTO schema_version (version) VALUES (1)`)
	for i, s := range snapshots {
		s.ID = identify(s.Taken, int64(i+1))
		head, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		exec(`INSERT INTO snapshots VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8, $9, $10)`,
			i+1, s.ID, s.Account, s.Name, stamp(s.Taken), s.From, len(s.Resources), head, list(s.Coverage), list(s.Observations))
		for position := range s.Resources {
			r := &s.Resources[position]
			var b bytes.Buffer
			if err := snapshot.EncodeResource(&b, r); err != nil {
				t.Fatal(err)
			}
			exec(`INSERT INTO entries VALUES ($1, $2, $3, $4, $5, $6)`, i+1, position, string(r.Key), r.Type, r.Region, put(b.Bytes()))
		}
		exec(`UPDATE counters SET value = $1`, i+1)
	}
	return db
}

func TestAStoreOfTheFirstVersionIsBroughtForward(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "store.db")
	changed := some(500)
	changed.Resources[77].Name = "new"
	changed.Observations = []snapshot.Observation{{Source: "s", Kind: "k"}}
	fewer := some(498)
	none := some(0)
	old := []*snapshot.Snapshot{some(500), changed, fewer, none}
	versionOne(t, path, old...).Close()

	db, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, want := range old {
		got, err := db.Load(ctx, want.ID)
		if err != nil {
			t.Fatal(err)
		}
		if d := snapshot.Between(want, got); !d.Empty() || len(got.Resources) != len(want.Resources) || len(got.Observations) != len(want.Observations) {
			t.Errorf("%s: %+v", want.ID, d)
		}
	}
	if have, err := db.version(ctx); err != nil || have != len(migrations) {
		t.Errorf("version %d, %v", have, err)
	}
	count := func(table string) (n int) {
		t.Helper()
		if err := db.sql.QueryRow(`SELECT COUNT(*) FROM ` + table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	// A save after that finds what is there, as if this version had written all of it.
	bodies, parts := count("bodies"), count("parts")
	if bodies != 501+2 { // no coverage and no observations are the same list, one observation is another
		t.Errorf("%d bodies", bodies)
	}
	id, err := db.Save(ctx, some(500))
	if err != nil {
		t.Fatal(err)
	}
	if id != identify(old[0].Taken, 5) || count("bodies") != bodies || count("parts") != parts {
		t.Errorf("%s: %d bodies, %d parts, before %d and %d", id, count("bodies"), count("parts"), bodies, parts)
	}
	if _, err := db.Prune(ctx, 0, ""); err != nil {
		t.Fatal(err)
	}
	if count("bodies")+count("parts") != 0 {
		t.Error("something is left")
	}
}

// What the store had lost before stays lost, and harms nothing else.
func TestALossIsBroughtForward(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "store.db")
	whole, torn := some(40), some(50)
	v1 := versionOne(t, path, whole, torn)
	if _, err := v1.Exec(`DELETE FROM blobs WHERE hash = (SELECT hash FROM entries WHERE snapshot = 2 AND position = 45)`); err != nil {
		t.Fatal(err)
	}
	v1.Close()
	db, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Load(ctx, whole.ID); err != nil {
		t.Error(err)
	}
	_, err = db.Load(ctx, torn.ID)
	sentence(t, err, "has 49 of its 50 resources")
}

// A step forward that cannot be finished leaves the store as it was.
func TestAnInterruptedStepForwardLeavesTheOldStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	v1 := versionOne(t, path, some(300))
	var pages int
	if err := v1.QueryRow(`PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	v1.SetMaxOpenConns(1)
	if _, err := v1.Exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+2)); err != nil {
		t.Fatal(err)
	}
	db := &DB{sql: v1, path: path}
	err := db.fail("opened", db.check(t.Context()))
	var e *fault.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v", err)
	}
	if have, err := db.version(t.Context()); err != nil || have != 1 {
		t.Errorf("version %d, %v", have, err)
	}
	var entries int
	if err := v1.QueryRow(`SELECT COUNT(*) FROM entries JOIN blobs ON blobs.hash = entries.hash`).Scan(&entries); err != nil || entries != 300 {
		t.Errorf("%d entries, %v", entries, err)
	}
}

func FuzzIDs(f *testing.F) {
	f.Add(encodeIDs([]int64{1, 2, 3, 9, 4}))
	f.Add([]byte{0xff})
	f.Add([]byte{0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Fuzz(func(t *testing.T, list []byte) {
		ids, err := appendIDs(nil, list)
		if err != nil {
			return
		}
		for _, id := range ids {
			if id < 1 {
				t.Fatalf("the id %d", id)
			}
		}
		again, err := appendIDs(nil, encodeIDs(ids))
		if err != nil || fmt.Sprint(again) != fmt.Sprint(ids) {
			t.Fatalf("%v, then %v (%v)", ids, again, err)
		}
	})
}
