package task

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/act/review"
	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// open is an account with one bucket, which anybody may read or nobody.
func open(public bool, taken time.Time) *snapshot.Snapshot {
	s := &snapshot.Snapshot{Account: "111122223333", Partition: "aws", Taken: taken, From: "live"}
	b := snapshot.Resource{Key: "arn:aws:s3:::logs", Type: "AWS::S3::Bucket", Account: s.Account, Name: "logs", Tags: map[string]string{"data-class": "restricted"}}
	if public {
		b.Policy = []byte(`{"Statement":[{"Action":"s3:GetObject","Effect":"Allow","Principal":"*","Resource":"arn:aws:s3:::logs/*"}],"Version":"2012-10-17"}`)
	}
	s.Resources = []snapshot.Resource{b}
	s.Coverage = []snapshot.Coverage{{Service: "s3", Call: "s3:ListBuckets", Types: []string{"AWS::S3::Bucket"}, Outcome: snapshot.OK}}
	for _, typ := range []string{"AWS::IAM::User", "AWS::IAM::Role"} {
		s.Coverage = append(s.Coverage, snapshot.Coverage{Service: "iam", Call: "iam:GetAccountAuthorizationDetails", Types: []string{typ}, Outcome: snapshot.OK})
	}
	s.Seal()
	return s
}

// reviewed is a desk in a folder with a footing.yaml.
func reviewed(t *testing.T, stated string) *Desk {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, modelFile), []byte("footing: 1\naccount: \"111122223333\"\n"+stated), 0o644); err != nil {
		t.Fatal(err)
	}
	return desk(t, Setup{Dir: dir})
}

func look(t *testing.T, d *Desk, s *snapshot.Snapshot) *review.Review {
	t.Helper()
	r, err := d.Review(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestReviewAndSign: a signed line is compared with, with the snapshot of that day and without; the file only ever grows.
func TestReviewAndSign(t *testing.T) {
	d := reviewed(t, "")
	first := open(true, d.Now().AddDate(0, -1, 0))
	if _, err := d.Keep(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	r := look(t, d, first)
	if r.Delta != nil || r.Last != nil || d.Overdue(r) != nil {
		t.Fatalf("the first review compares with something: %+v", r)
	}
	file := filepath.Join(d.Dir, review.File)
	if _, err := os.Stat(file); err == nil {
		t.Fatal("looking wrote a file")
	}
	if err := d.Sign(r, "ana"); err != nil {
		t.Fatal(err)
	}
	one, err := os.ReadFile(file)
	if err != nil || strings.Count(string(one), "\n") != 1 || r.Signed == nil || r.Signed.Snapshot != first.ID {
		t.Fatalf("%v\n%s", err, one)
	}

	second := open(false, d.Now())
	r = look(t, d, second)
	if !r.Delta.Whole || r.Delta.Counts()[assess.Resolves] != 1 || len(r.Delta.Ways.Closed) != 2 || r.Last.By != "ana" {
		t.Errorf("%+v, closed %v", r.Delta.Counts(), r.Delta.Ways.Closed)
	}
	if err := d.Sign(r, "bo"); err != nil {
		t.Fatal(err)
	}
	two, err := os.ReadFile(file)
	if err != nil || !strings.HasPrefix(string(two), string(one)) || strings.Count(string(two), "\n") != 2 {
		t.Fatalf("%v\n%s", err, two)
	}
	if left, _ := filepath.Glob(filepath.Join(d.Dir, ".footing*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if r = look(t, d, second); r.Last.By != "bo" || r.Delta.Whole || r.Delta.Counts()[assess.Unchanged] != len(r.Delta.Risks) {
		t.Errorf("signed twice on a day: by %s, %+v", r.Last.By, r.Delta.Counts())
	}

	// Somebody else's machine: the repository is there, the store is not.
	other := desk(t, Setup{Dir: d.Dir})
	if err := os.WriteFile(file, one, 0o644); err != nil {
		t.Fatal(err)
	}
	r = look(t, other, open(false, d.Now()))
	if r.Delta.Whole || r.Delta.Counts()[assess.Resolves] != 1 || len(r.Delta.Ways.Closed) != 0 {
		t.Errorf("without the snapshot: %+v", r.Delta)
	}

	// A file that is damaged is told, and not written.
	bad := append([]byte("x"), one...)
	if err := os.WriteFile(file, bad, 0o644); err != nil {
		t.Fatal(err)
	}
	var said *fault.Error
	if _, err := other.Review(t.Context(), second); !errors.As(err, &said) || !strings.HasPrefix(said.Sentence, review.File+":1:1: ") {
		t.Errorf("%v", err)
	}
	if err := other.Sign(r, "ana"); err == nil {
		t.Error("a line was added to a damaged file")
	}
	if now, _ := os.ReadFile(file); string(now) != string(bad) {
		t.Error("a damaged file was written")
	}
}

// TestOverdue: the day after the due day the review fails, until it is signed.
func TestOverdue(t *testing.T) {
	d := reviewed(t, "")
	s := open(false, d.Now())
	if err := d.Sign(look(t, d, s), "ana"); err != nil {
		t.Fatal(err)
	}
	signed := d.Now()
	for days, want := range map[int]int{0: 0, 90: 0, 91: fault.Findings} {
		d.Setup.Now = func() time.Time { return signed.AddDate(0, 0, days) }
		r := look(t, d, s)
		got := 0
		var said *fault.Error
		if errors.As(d.Overdue(r), &said) {
			got = said.Status
		}
		if got != want {
			t.Errorf("after %d days: status %d, want %d", days, got, want)
		}
		if days == 91 {
			if err := d.Sign(r, "ana"); err != nil || d.Overdue(r) != nil {
				t.Errorf("signed, and %v, %v", err, d.Overdue(r))
			}
		}
	}
}

// TestWhoSigns: the flag, then the environment, then the file; nobody is guessed.
func TestWhoSigns(t *testing.T) {
	d := reviewed(t, "")
	r := look(t, d, open(false, d.Now()))
	if err := d.Sign(r, ""); err == nil || !strings.HasPrefix(err.Error(), "nobody is named") {
		t.Errorf("%v", err)
	}
	env := map[string]string{}
	d.Getenv = func(k string) string { return env[k] }
	for _, c := range []struct{ by, variable, value, want string }{
		{"", "", "", "owner@acme.example"}, {"", "GIT_AUTHOR_EMAIL", "git@acme.example", "git@acme.example"}, {"", "FOOTING_BY", "env@acme.example", "env@acme.example"}, {"flag", "", "", "flag"},
	} {
		d.Model.DefaultOwner = "owner@acme.example"
		if c.variable != "" {
			env[c.variable] = c.value
		}
		if err := d.Sign(r, c.by); err != nil || r.Signed.By != c.want {
			t.Errorf("%+v: %v, %v", c, r.Signed, err)
		}
	}
	d.At = "2026-01-01"
	if err := d.Sign(r, "ana"); err == nil || !strings.Contains(err.Error(), "2026-01-01") {
		t.Errorf("signed for another day: %v", err)
	}
	bare := desk(t, Setup{Dir: t.TempDir()})
	if err := bare.Sign(r, "ana"); err == nil || !strings.Contains(err.Error(), "beside footing.yaml") {
		t.Errorf("signed beside nothing: %v", err)
	}
}

// TestMomentsAreKept: numbers are worked out once a snapshot and a footing.yaml, in the order of the scans, and go with their snapshot.
func TestMomentsAreKept(t *testing.T) {
	d := reviewed(t, "")
	var ids []string
	for i := range 4 {
		s := open(i < 2, d.Now().AddDate(0, 0, i-4))
		id, err := d.Keep(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	last, err := d.Load(t.Context(), ids[3])
	if err != nil {
		t.Fatal(err)
	}
	db, err := d.Store(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	moments := func() []review.Moment {
		a, err := d.Assess(last)
		if err != nil {
			t.Fatal(err)
		}
		out, err := d.Moments(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	var got []int
	for i, m := range moments() {
		if m.Snapshot != ids[i] {
			t.Errorf("%d: %s, want %s", i, m.Snapshot, ids[i])
		}
		for _, r := range m.Rows {
			if r.ID == "logs" && r.Access == "read" {
				got = append(got, r.Risk[2])
			}
		}
	}
	if len(got) != 4 || got[0] != 25 || got[1] != 25 || got[2] >= 25 || got[3] != got[2] {
		t.Errorf("%v", got)
	}

	// What is kept is used: a record that says something else is believed, as long as it is of the same footing.yaml.
	rec, ok, err := db.Get(t.Context(), momentKind, ids[0])
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	rec.Body = []byte(strings.Replace(string(rec.Body), `"to_fix":`, `"to_fix":7`, 1))
	if err := db.Put(t.Context(), rec); err != nil {
		t.Fatal(err)
	}
	if m := moments(); m[0].ToFix < 70 {
		t.Errorf("worked out again: %d", m[0].ToFix)
	}
	d.Model.Thresholds = []threatmodel.Threshold{{At: 3, Action: "look"}}
	if m := moments(); m[0].ToFix >= 70 {
		t.Errorf("another footing.yaml, and the numbers of before: %d", m[0].ToFix)
	}
	if all, err := db.Records(t.Context(), momentKind, ids[0]); err != nil || len(all) != 1 {
		t.Errorf("%d records, %v", len(all), err)
	}
	if _, err := d.Prune(t.Context(), 1, ""); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := db.Get(t.Context(), momentKind, ids[0]); ok {
		t.Error("the numbers of a snapshot that is gone are there still")
	}
	if m := moments(); len(m) != 1 || m[0].Snapshot != ids[3] {
		t.Errorf("%+v", m)
	}
}

// TestHistoryIsBounded: it goes no further back than it says.
func TestHistoryIsBounded(t *testing.T) {
	d := reviewed(t, "")
	for i := range looksBack + 5 {
		if _, err := d.Keep(t.Context(), open(false, d.Now().AddDate(0, 0, i-100))); err != nil {
			t.Fatal(err)
		}
	}
	s, err := d.Picture(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a, err := d.Assess(s)
	if err != nil {
		t.Fatal(err)
	}
	m, err := d.Moments(t.Context(), a)
	if err != nil || len(m) != looksBack || m[looksBack-1].Snapshot != s.ID || !m[0].Taken.Before(m[1].Taken) {
		t.Errorf("%d moments, %v", len(m), err)
	}
}

// TestMitigationIsFollowed: projected while its ways are there, proven by the scan that has none, regressed when they are back.
func TestMitigationIsFollowed(t *testing.T) {
	d := reviewed(t, "")
	d.Model.Mitigations = []threatmodel.Mitigation{
		{ID: "M-1", Status: "planned", Effects: []threatmodel.Effect{{Close: true, Where: threatmodel.Where{Entry: threatmodel.Words{"public"}}}}},
		{ID: "M-2", Status: "in-place", Effects: []threatmodel.Effect{{Close: true, Where: threatmodel.Where{Entry: threatmodel.Words{"sso"}}}}},
	}
	for i, c := range []struct {
		public bool
		want   string
	}{{true, review.Projected}, {false, review.Proven}, {true, review.Regressed}, {false, review.Proven}} {
		s := open(c.public, d.Now().AddDate(0, 0, i))
		if _, err := d.Keep(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		r := look(t, d, s)
		if len(r.Mitigations) != 2 || r.Mitigations[0].State != c.want || !r.Mitigations[0].Since.Equal(s.Taken) || r.Mitigations[1].State != review.NoEffect {
			t.Errorf("scan %d: %+v", i, r.Mitigations)
		}
	}
}

// TestObjectiveIsBroken: an objective that held when a review was signed, and does not now, is told, with the snapshot and without.
func TestObjectiveIsBroken(t *testing.T) {
	d := reviewed(t, "resources:\n  - {id: logs, bind: {arn: \"arn:aws:s3:::logs\"}}\nobjectives:\n  - {id: CO-1, say: nobody changes logs, must: nobody may write logs}\n  - {id: CO-2, say: nobody outside reads logs, must: at most 1 may read logs}\n")
	r := look(t, d, open(false, d.Now()))
	before := r.Objectives
	if err := d.Sign(r, "ana"); err != nil {
		t.Fatal(err)
	}
	r = look(t, d, open(true, d.Now()))
	var broken []string
	for _, o := range r.Delta.Objectives {
		if o.Broken {
			broken = append(broken, o.ID)
		}
	}
	if len(broken) != 1 || broken[0] != "CO-2" || len(before) != 2 {
		t.Errorf("before %+v, then %+v: %+v", before, r.Objectives, r.Delta.Objectives)
	}
}
