package task

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/store"
	"github.com/footing-dev/footing/internal/threatmodel"
)

func desk(t *testing.T, s Setup) *Desk {
	t.Helper()
	s.Getenv = func(string) string { return "" }
	s.Now = func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }
	s.Program = "go run ."
	if s.StoreAt == "" {
		s.StoreAt = filepath.Join(t.TempDir(), "store.db")
	}
	d, err := OpenDesk(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func keep(t *testing.T, d *Desk, account, from string) string {
	t.Helper()
	s := &snapshot.Snapshot{Account: account, From: from, Taken: d.Now()}
	s.Seal()
	id, err := d.Keep(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// TestLatestIsNotTheSample: the sample is looked at without flags only until a real account was scanned.
func TestLatestIsNotTheSample(t *testing.T) {
	opened := 0
	d := desk(t, Setup{Sample: func() (*Sample, error) {
		opened++
		m := threatmodel.Default()
		m.Name = "the sample's own"
		return &Sample{Snapshot: &snapshot.Snapshot{Account: "999988887777"}, Model: m}, nil
	}})
	keep(t, d, "999988887777", store.Sample)
	s, err := d.Picture(t.Context())
	if err != nil || s.Account != "999988887777" || d.Model.Name != "the sample's own" {
		t.Fatalf("%v, %v, model %q", s, err, d.Model.Name)
	}
	keep(t, d, "111122223333", "live")
	keep(t, d, "999988887777", store.Sample)
	if s, err = d.Picture(t.Context()); err != nil || s.Account != "111122223333" {
		t.Errorf("%v, %v", s, err)
	}
	if opened != 1 {
		t.Errorf("the sample was opened %d times", opened)
	}
}

func TestAtSetsTheDayOfThePicture(t *testing.T) {
	d := desk(t, Setup{At: "2027-01-01"})
	keep(t, d, "111122223333", "live")
	s, err := d.Picture(t.Context())
	if want := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC); err != nil || !s.Taken.Equal(want) || !d.Now().Equal(want) {
		t.Errorf("taken %v, now %v, %v", s.Taken, d.Now(), err)
	}
}

func TestCommandCanBePasted(t *testing.T) {
	d := desk(t, Setup{StoreAt: filepath.Join(t.TempDir(), "my store.db"), At: "2026-11-23"})
	want := "go run . risk --at 2026-11-23 --store '" + d.StoreAt + "'"
	if got := d.Command("risk"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := quote("it's"); got != `'it'\''s'` {
		t.Errorf("quote gives %s", got)
	}
}

func TestFindModelStopsAtTheRepository(t *testing.T) {
	top := t.TempDir()
	repo := filepath.Join(top, "repo")
	deep := filepath.Join(repo, "a", "b")
	for _, dir := range []string{deep, filepath.Join(repo, ".git")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write := func(path string) {
		if err := os.WriteFile(path, []byte("footing: 1\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(top, modelFile))
	if got := findModel(deep); got != "" {
		t.Errorf("found %s beyond the repository", got)
	}
	write(filepath.Join(repo, modelFile))
	if got := findModel(deep); got != filepath.Join(repo, modelFile) {
		t.Errorf("found %q", got)
	}
}

func TestSeen(t *testing.T) {
	account := snapshot.Resource{Key: "arn:aws:account::111122223333:account", Type: accountType}
	ofAWS := snapshot.Resource{Key: "arn:aws:iam::aws:policy/ReadOnlyAccess", Type: "AWS::IAM::ManagedPolicy"}
	user := snapshot.Resource{Key: "arn:aws:iam::111122223333:user/ana", Type: "AWS::IAM::User"}
	caller := snapshot.Coverage{Call: "sts:GetCallerIdentity", Types: []string{accountType}, Outcome: snapshot.OK}
	buckets := snapshot.Coverage{Call: "s3:ListBuckets", Types: []string{"AWS::S3::Bucket"}}
	with := func(c snapshot.Coverage, outcome string) snapshot.Coverage { c.Outcome = outcome; return c }
	for _, c := range []struct {
		name string
		s    snapshot.Snapshot
		want bool
	}{
		{"nothing", snapshot.Snapshot{}, false},
		{"what answers to everybody", snapshot.Snapshot{Resources: []snapshot.Resource{account, ofAWS}, Coverage: []snapshot.Coverage{caller, with(buckets, snapshot.Denied)}}, false},
		{"an empty list", snapshot.Snapshot{Coverage: []snapshot.Coverage{with(buckets, snapshot.OK)}}, true},
		{"one user", snapshot.Snapshot{Resources: []snapshot.Resource{user}}, true},
	} {
		if got := seen(&c.s); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
