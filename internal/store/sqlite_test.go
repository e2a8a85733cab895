package store_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/store"
)

func open(t testing.TB, path string) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestSQLiteKeepsTheContract(t *testing.T) {
	contract(t, func(t *testing.T) *store.DB { return open(t, filepath.Join(t.TempDir(), "store.db")) })
}

func TestOpenMakesAPrivateFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("permissions of another kind")
	}
	base := t.TempDir()
	// Characters that mean something in a URI mean nothing in a file name.
	path := filepath.Join(base, "a b", "50%41?x=1#y", "store.db")
	db := open(t, path)
	save(t, db, account("111122223333", 1))
	for p, want := range map[string]os.FileMode{filepath.Join(base, "a b"): 0o700, filepath.Dir(path): 0o700, path: 0o600, path + "-wal": 0o600} {
		info, err := os.Stat(p)
		if err != nil {
			t.Error(err)
		} else if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has %o, want %o", p, got, want)
		}
	}
}

func TestAStoreIsReopened(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	id := save(t, db, account("111122223333", 2))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err := open(t, path).Load(t.Context(), id); err != nil || len(s.Resources) != 2 {
		t.Errorf("%v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is no database\n", 200)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, path, says string
		status           int
	}{
		{"no name", "", "no name", fault.Usage},
		{"another kind of store", "postgres://u:secret@h/db", "is not a file", fault.Usage},
		{"a name that no file has", "a\x00b", "cannot be a file", fault.Usage},
		{"a folder", dir, "is a folder, not a file", fault.Failed},
		{"a file that is no database", text, "is not a store of footing", fault.Failed},
		{"a file in the place of a folder", filepath.Join(text, "store.db"), "cannot be made", fault.Failed},
		{"no regular file", os.DevNull, "is not a regular file", fault.Failed},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := store.Open(t.Context(), c.path)
			mustSay(t, err, c.status, c.says)
			if strings.Contains(fmt.Sprint(err), "secret") {
				t.Errorf("tells a password: %v", err)
			}
		})
	}
}

func TestOpenRefusesAFolderWithoutPermission(t *testing.T) {
	if os.Geteuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("the administrator may write everywhere")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(t.Context(), filepath.Join(dir, "store.db"))
	mustSay(t, err, fault.Failed, "cannot be written")
}

// raw changes a store behind its back.
func raw(t *testing.T, path string, statements ...string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func TestAStoreOfANewerProgramIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	db := open(t, path)
	save(t, db, account("111122223333", 2))
	raw(t, path, `INSERT INTO schema_version (version) VALUES (99)`)
	_, err := store.Open(t.Context(), path)
	mustSay(t, err, fault.Failed, "schema version 99")
}

// A store that an earlier program made gets what it lacks, and keeps what it has.
func TestAStoreOfAnOlderProgramIsBroughtUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	id := save(t, open(t, path), account("111122223333", 2))
	raw(t, path, `DROP TABLE checkpoints`, `DELETE FROM schema_version WHERE version = (SELECT MAX(version) FROM schema_version)`)
	db := open(t, path)
	keepPart(t, db, "111122223333", "x", "sqs", "", "a", taken)
	if s, err := db.Load(t.Context(), id); err != nil || len(s.Resources) != 2 || held(t, db, "111122223333", "x") != "sqs=a" {
		t.Errorf("%v", err)
	}
}

func TestEqualResourcesAreKeptOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	db := open(t, path)
	inspect := raw(t, path)
	blobs := func() (n int) {
		t.Helper()
		if err := inspect.QueryRow(`SELECT COUNT(*) FROM bodies`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	save(t, db, account("111122223333", 10))
	const lists = 2 // coverage, observations
	if n := blobs(); n != 10+lists {
		t.Errorf("%d blobs after the first", n)
	}
	save(t, db, account("111122223333", 10))
	if n := blobs(); n != 10+lists {
		t.Errorf("%d blobs: an unchanged account costs more than its index", n)
	}
	changed := account("111122223333", 10)
	changed.Resources[4].Tags = map[string]string{"new": "tag"}
	save(t, db, changed)
	if n := blobs(); n != 11+lists {
		t.Errorf("%d blobs after one change", n)
	}
	if _, err := db.Prune(t.Context(), 1, ""); err != nil {
		t.Fatal(err)
	}
	if n := blobs(); n != 10+lists {
		t.Errorf("%d blobs after pruning: the old version should be gone", n)
	}
	if _, err := db.Prune(t.Context(), 0, ""); err != nil {
		t.Fatal(err)
	}
	if n := blobs(); n != 0 {
		t.Errorf("%d blobs without any snapshot", n)
	}
}

func TestAMissingBlobIsNoticed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	db := open(t, path)
	id := save(t, db, account("111122223333", 3))
	raw(t, path, `DELETE FROM bodies WHERE id = (SELECT MAX(id) FROM bodies)`)
	_, err := db.Load(t.Context(), id)
	mustSay(t, err, fault.Failed, "has 2 of its 3 resources")
}

const childPath = "FOOTING_STORE_TEST_CHILD"

// TestMain plays the process that is killed, when it is asked to.
func TestMain(m *testing.M) {
	if path := os.Getenv(childPath); path != "" {
		saveForever(path)
	}
	os.Exit(m.Run())
}

func saveForever(path string) {
	db, err := store.Open(context.Background(), path)
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	for i := 0; ; i++ {
		s := account("111122223333", 2000)
		for j := range s.Resources { // every resource is new, so that every save writes all of it
			s.Resources[j].Tags["round"] = fmt.Sprint(os.Getpid(), i)
		}
		id, err := db.Save(context.Background(), s)
		if err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		fmt.Println("saved", id)
	}
}

func TestAKilledSaveHarmsNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	first := save(t, open(t, path), account("111122223333", 10))
	rounds := 20
	if testing.Short() {
		rounds = 3
	}
	for round := range rounds {
		saved := killed(t, path, time.Duration(rand.IntN(400))*time.Millisecond)
		db, err := store.Open(t.Context(), path)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		list, err := db.List(t.Context())
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		there := map[string]int{}
		for _, e := range list {
			there[e.ID] = e.Resources
			s, err := db.Load(t.Context(), e.ID)
			if err != nil || len(s.Resources) != e.Resources {
				t.Fatalf("round %d: %s cannot be loaded any more: %v", round, e.ID, err)
			}
		}
		for _, id := range append(saved, first) {
			if _, ok := there[id]; !ok {
				t.Fatalf("round %d: %s was saved and is gone", round, id)
			}
		}
		save(t, db, account("444455556666", 10))
		if _, err := db.Prune(t.Context(), 1, ""); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		first, err = db.Latest(t.Context(), "111122223333")
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// killed starts a process that saves without end, kills it after a while, and tells which saves it reported as done.
func killed(t *testing.T, path string, after time.Duration) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childPath+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
	defer timer.Stop()
	var saved []string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		id, ok := strings.CutPrefix(lines.Text(), "saved ")
		if !ok {
			t.Errorf("the saving process says %s", lines.Text())
			continue
		}
		saved = append(saved, id)
	}
	_ = cmd.Wait() // killed: its status says nothing
	return saved
}

func large(n int) *snapshot.Snapshot {
	s := account("111122223333", 0)
	for i := range n {
		s.Resources = append(s.Resources, snapshot.Resource{
			Key: snapshot.Key(fmt.Sprintf("arn:aws:lambda:eu-west-1:111122223333:function:f%06d", i)), Type: "AWS::Lambda::Function",
			Account: "111122223333", Region: "eu-west-1", Name: fmt.Sprintf("f%06d", i), Tags: map[string]string{"team": "a", "env": "prod"},
			Properties: map[string]any{
				"FunctionName": fmt.Sprintf("f%06d", i), "Runtime": "python3.14", "Handler": "app.handler", "PackageType": "Zip",
				"Role":      fmt.Sprintf("arn:aws:iam::111122223333:role/r%d", i%500),
				"VpcConfig": map[string]any{"SubnetIds": []any{"subnet-1", "subnet-2"}, "SecurityGroupIds": []any{"sg-1"}},
			},
		})
	}
	s.Seal()
	return s
}

func BenchmarkSave100k(b *testing.B) {
	s := large(100_000)
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			db := open(b, filepath.Join(b.TempDir(), "store.db"))
			b.StartTimer()
			if _, err := db.Save(b.Context(), s); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("unchanged", func(b *testing.B) {
		db := open(b, filepath.Join(b.TempDir(), "store.db"))
		for b.Loop() {
			if _, err := db.Save(b.Context(), s); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkLoadAndDiff100k(b *testing.B) {
	db := open(b, filepath.Join(b.TempDir(), "store.db"))
	id, err := db.Save(b.Context(), large(100_000))
	if err != nil {
		b.Fatal(err)
	}
	load := func() *snapshot.Snapshot {
		s, err := db.Load(b.Context(), id)
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			load()
		}
	})
	one, two := load(), load()
	b.Run("diff", func(b *testing.B) {
		for b.Loop() {
			if d := snapshot.Between(one, two); !d.Empty() {
				b.Fatal("differs")
			}
		}
	})
}
