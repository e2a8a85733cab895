package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/store"
)

// contract is what every backend must do. The opener gives a new, empty store, closed at the end of the test.
func contract(t *testing.T, empty func(*testing.T) *store.DB) {
	for name, check := range map[string]func(*testing.T, *store.DB){
		"what is saved is loaded":             savedIsLoaded,
		"every save has its own id":           everySaveHasItsOwnID,
		"ids may be shortened":                idsMayBeShortened,
		"the latest":                          latest,
		"what differs is loaded alone":        differing,
		"an entry is found by its id":         foundByID,
		"pruning":                             pruning,
		"pruning one of many changes":         pruningManyChanges,
		"records":                             records,
		"checkpoints of a scan":               checkpoints,
		"a snapshot in place of checkpoints":  wholeForCheckpoints,
		"an interrupted save leaves nothing":  interruptedSave,
		"a snapshot that cannot be stored":    unstorable,
		"reading goes on while saving":        readWhileSaving,
		"a thousand resources, in any number": batches,
	} {
		t.Run(name, func(t *testing.T) { check(t, empty(t)) })
	}
}

var taken = time.Date(2026, 11, 23, 10, 14, 0, 0, time.FixedZone("", 3600))

func account(id string, n int) *snapshot.Snapshot {
	s := &snapshot.Snapshot{
		Account: id, Name: "acme", Partition: "aws", Regions: []string{"eu-west-1"}, Taken: taken, From: "live", Calls: 3,
		Coverage: []snapshot.Coverage{
			{Service: "s3", Call: "s3:ListBuckets", Types: []string{"AWS::S3::Bucket"}, Outcome: snapshot.OK},
			{Service: "kms", Call: "kms:ListKeys", Types: []string{"AWS::KMS::Key"}, Outcome: snapshot.Denied, Reason: "denied"},
		},
		Observations: []snapshot.Observation{{Source: "guardduty", Kind: "finding", About: "arn:aws:s3:::b00000", Severity: 5}},
	}
	for i := range n {
		s.Resources = append(s.Resources, snapshot.Resource{
			Key: snapshot.Key(fmt.Sprintf("arn:aws:s3:::b%05d", i)), Type: "AWS::S3::Bucket", Region: "eu-west-1", Account: id,
			Properties: map[string]any{"BucketName": fmt.Sprintf("b%05d", i), "Text": "<&>", "Nested": map[string]any{"L": []any{true}}},
			Policy:     []byte(`{"Statement":[{"Action":"s3:*","Condition":{"StringLike":{"k":"<>"}}}]}`),
			Tags:       map[string]string{"n": fmt.Sprint(i)}, Unknown: []string{"Grants"},
		})
	}
	s.Seal()
	return s
}

func save(t *testing.T, db *store.DB, s *snapshot.Snapshot) string {
	t.Helper()
	id, err := db.Save(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func savedIsLoaded(t *testing.T, db *store.DB) {
	want := account("111122223333", 5)
	id := save(t, db, want)
	if want.ID != id {
		t.Errorf("the snapshot has the id %q, not %q", want.ID, id)
	}
	got, err := db.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if !got.Taken.Equal(want.Taken) {
		t.Errorf("taken %v, want %v", got.Taken, want.Taken)
	}
	got.Taken = want.Taken
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if _, ok := got.Get("arn:aws:s3:::b00003"); !ok {
		t.Error("not sealed")
	}
	list, err := db.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	entry := store.Entry{ID: id, Account: "111122223333", Name: "acme", Taken: taken.UTC(), From: "live", Resources: 5, Gaps: 1, Calls: 3}
	if !reflect.DeepEqual(list, []store.Entry{entry}) {
		t.Errorf("list %+v", list)
	}
}

func everySaveHasItsOwnID(t *testing.T, db *store.DB) {
	s := account("111122223333", 1)
	var ids []string
	for range 3 {
		ids = append(ids, save(t, db, s))
	}
	if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != 3 {
		t.Errorf("ids %v", ids)
	}
	if !strings.HasPrefix(ids[0], "20261123T091400Z-") {
		t.Errorf("the id %s does not begin with the moment in UTC", ids[0])
	}
	list, _ := db.List(t.Context())
	var listed []string
	for _, e := range list {
		listed = append(listed, e.ID)
	}
	slices.Reverse(listed)
	if !slices.Equal(listed, ids) {
		t.Errorf("listed %v, saved %v", listed, ids)
	}
	a, _ := db.Load(t.Context(), ids[0])
	b, _ := db.Load(t.Context(), ids[2])
	if d := snapshot.Between(a, b); !d.Empty() {
		t.Errorf("an unchanged account differs: %+v", d)
	}
	if _, err := db.Prune(t.Context(), 0, ""); err != nil {
		t.Fatal(err)
	}
	if id := save(t, db, s); slices.Contains(ids, id) {
		t.Errorf("the id %s is given a second time", id)
	}
}

func idsMayBeShortened(t *testing.T, db *store.DB) {
	s := account("111122223333", 1)
	first := save(t, db, s)
	if got, err := db.Load(t.Context(), first[:4]); err != nil || got.ID != first {
		t.Errorf("%v", err)
	}
	s.Taken = taken.AddDate(1, 0, 0)
	second := save(t, db, s)
	save(t, db, s)
	if got, err := db.Load(t.Context(), "2026"); err != nil || got.ID != first {
		t.Errorf("%v", err)
	}
	if got, err := db.Load(t.Context(), second); err != nil || got.ID != second {
		t.Errorf("%v", err)
	}
	for id, says := range map[string]string{"2027": "is not clear", "2028": "there is no snapshot 2028", "": "no id", "%": "there is no snapshot %", "x' OR 1=1": "there is no snapshot"} {
		_, err := db.Load(t.Context(), id)
		mustSay(t, err, fault.Usage, says)
	}
}

// mustSay checks the shape of an error: one sentence, a hint, a status.
func mustSay(t *testing.T, err error, status int, says string) {
	t.Helper()
	var e *fault.Error
	if !errors.As(err, &e) {
		t.Errorf("not one of our errors: %v", err)
		return
	}
	if e.Status != status || e.Hinted == "" || !strings.Contains(e.Sentence, says) || strings.Contains(e.Sentence, "\n") {
		t.Errorf("status %d (want %d), says %q (want %q), hint %q", e.Status, status, e.Sentence, says, e.Hinted)
	}
}

func latest(t *testing.T, db *store.DB) {
	_, err := db.Latest(t.Context(), "")
	mustSay(t, err, fault.Usage, "no snapshot yet")

	sample := account("999988887777", 1)
	sample.From = store.Sample
	want := func(account, id string) {
		t.Helper()
		if got, err := db.Latest(t.Context(), account); err != nil || got != id {
			t.Errorf("latest of %q is %q (%v), want %q", account, got, err, id)
		}
	}
	first := save(t, db, sample)
	want("", first)
	live := save(t, db, account("111122223333", 1))
	second := save(t, db, sample)
	want("", live)
	want("111122223333", live)
	want("999988887777", second)

	older := account("111122223333", 1) // read from files that are older than the scan, but read after it
	older.Taken = taken.AddDate(-1, 0, 0)
	want("", live)
	old := save(t, db, older)
	want("", old)
	want("111122223333", old)
	_, err = db.Latest(t.Context(), "444455556666")
	mustSay(t, err, fault.Usage, "account 444455556666")
}

func pruning(t *testing.T, db *store.DB) {
	ctx := t.Context()
	a1 := save(t, db, account("111122223333", 3))
	b1 := save(t, db, account("444455556666", 3))
	a2 := save(t, db, account("111122223333", 4))
	a3 := save(t, db, account("111122223333", 2))
	check := func(got []string, err error, want ...string) {
		t.Helper()
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("removed %v (%v), want %v", got, err, want)
		}
	}
	got, err := db.Prune(ctx, 5, "")
	check(got, err)
	got, err = db.Prune(ctx, 1, "444455556666")
	check(got, err)
	got, err = db.Prune(ctx, 2, "111122223333")
	check(got, err, a1)
	got, err = db.Prune(ctx, 1, "")
	check(got, err, a2)
	for id, n := range map[string]int{a3: 2, b1: 3} {
		if s, err := db.Load(ctx, id); err != nil || len(s.Resources) != n {
			t.Errorf("%s: %v", id, err)
		}
	}
	_, err = db.Load(ctx, a1)
	mustSay(t, err, fault.Usage, "there is no snapshot "+a1)
	_, err = db.Prune(ctx, -1, "")
	mustSay(t, err, fault.Usage, "-1")
}

func records(t *testing.T, db *store.DB) {
	ctx := t.Context()
	if _, ok, err := db.Get(ctx, "review", "a"); ok || err != nil {
		t.Errorf("%v %v", ok, err)
	}
	old := store.Record{Kind: "review", Key: "a", At: taken, Body: []byte("old")}
	recent := store.Record{Kind: "review", Key: "a", At: taken.Add(time.Millisecond), Body: []byte("new\x00\xff")}
	other := store.Record{Kind: "bill", Key: "a", At: taken.AddDate(1, 0, 0)}
	for _, r := range []store.Record{recent, old, other} {
		if err := db.Put(ctx, r); err != nil {
			t.Fatal(err)
		}
	}
	if r, ok, err := db.Get(ctx, "review", "a"); err != nil || !ok || string(r.Body) != "new\x00\xff" || !r.At.Equal(recent.At) {
		t.Errorf("%+v %v %v", r, ok, err)
	}
	old.Body = []byte("replaced")
	if err := db.Put(ctx, old); err != nil {
		t.Fatal(err)
	}
	all, err := db.Records(ctx, "review", "a")
	if err != nil || len(all) != 2 || string(all[0].Body) != "replaced" || !all[1].At.Equal(recent.At) {
		t.Errorf("%+v %v", all, err)
	}
	last, err := db.Last(ctx, "review", "a", all[len(all)-1].At, 1)
	if err != nil || len(last) != 1 || !last[0].At.Equal(all[len(all)-1].At) || string(last[0].Body) != string(all[len(all)-1].Body) {
		t.Errorf("the last until its own moment is %+v, %v", last, err)
	}
	if before, err := db.Last(ctx, "review", "a", all[len(all)-1].At.Add(-time.Nanosecond), 5); err != nil || len(before) != len(all)-1 {
		t.Errorf("%d before it, %v", len(before), err)
	}
	if none, err := db.Records(ctx, "review", "b"); err != nil || len(none) != 0 {
		t.Errorf("%+v %v", none, err)
	}
	if err := db.Put(ctx, store.Record{}); err == nil {
		t.Error("a record without a kind was kept")
	}
}

// held names what is kept of a scan.
func held(t *testing.T, db *store.DB, account, scan string) string {
	t.Helper()
	l, err := db.Checkpoints(t.Context(), account, scan)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range l {
		names = append(names, strings.TrimSpace(p.Service+" "+p.Region)+"="+string(p.Body))
	}
	return strings.Join(names, ", ")
}

func keepPart(t *testing.T, db *store.DB, account, scan, service, region, body string, began time.Time) {
	t.Helper()
	if err := db.KeepCheckpoint(t.Context(), account, scan, store.Checkpoint{Service: service, Region: region, Began: began, Body: []byte(body)}); err != nil {
		t.Fatal(err)
	}
}

func checkpoints(t *testing.T, db *store.DB) {
	keepPart(t, db, "1", "x", "sqs", "eu-west-1", "old", taken)
	keepPart(t, db, "1", "x", "sqs", "eu-west-1", "new\x00\xff", taken.Add(time.Second))
	keepPart(t, db, "1", "x", "s3", "", "", taken)
	keepPart(t, db, "1", "y", "sqs", "eu-west-1", "other options", taken)
	keepPart(t, db, "2", "x", "sqs", "eu-west-1", "other account", taken.Add(time.Hour))
	if got, want := held(t, db, "1", "x"), "s3=, sqs eu-west-1=new\x00\xff"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if l, err := db.Checkpoints(t.Context(), "1", "x"); err != nil || !l[1].Began.Equal(taken.Add(time.Second)) {
		t.Errorf("%v %v", l, err)
	}
	if err := db.DropCheckpointsOutside(t.Context(), taken.Add(time.Second), taken.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if got := held(t, db, "1", "x") + held(t, db, "1", "y") + held(t, db, "2", "x"); got != "sqs eu-west-1=new\x00\xff" {
		t.Errorf("too early or too late, and kept: %q", got)
	}
	keepPart(t, db, "1", "y", "sqs", "eu-west-1", "other options", taken)
	if err := db.DropCheckpoints(t.Context(), "1", "x"); err != nil {
		t.Fatal(err)
	}
	if got := held(t, db, "1", "x") + held(t, db, "1", "y"); got != "sqs eu-west-1=other options" {
		t.Errorf("%q", got)
	}
	keepPart(t, db, "2", "x", "sqs", "eu-west-1", "other account", taken)
	if _, err := db.Prune(t.Context(), 5, "1"); err != nil {
		t.Fatal(err)
	}
	if got := held(t, db, "1", "y") + held(t, db, "2", "x"); got != "sqs eu-west-1=other account" {
		t.Errorf("after pruning account 1: %q", got)
	}
}

// wholeForCheckpoints: the checkpoints go when the snapshot is there, and not before.
func wholeForCheckpoints(t *testing.T, db *store.DB) {
	s := account("111122223333", 300)
	keepPart(t, db, s.Account, "x", "sqs", "", "a", taken)
	keepPart(t, db, s.Account, "y", "sqs", "", "b", taken)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := db.SaveWhole(ended, s, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	bad := account("111122223333", 300)
	bad.Resources[250].Policy = []byte("{")
	if _, err := db.SaveWhole(t.Context(), bad, "x"); err == nil {
		t.Error("a snapshot that cannot be stored was kept")
	}
	if got := held(t, db, s.Account, "x"); got != "sqs=a" {
		t.Errorf("no snapshot, and the checkpoints are %q", got)
	}
	id, err := db.SaveWhole(t.Context(), s, "x")
	if err != nil || id == "" || id != s.ID {
		t.Errorf("%q %v", id, err)
	}
	if got := held(t, db, s.Account, "x") + held(t, db, s.Account, "y"); got != "sqs=b" {
		t.Errorf("%q", got)
	}
}

func interruptedSave(t *testing.T, db *store.DB) {
	kept := save(t, db, account("111122223333", 3))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := db.Save(ctx, account("111122223333", 1000)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if list, err := db.List(t.Context()); err != nil || len(list) != 1 || list[0].ID != kept {
		t.Errorf("%v %v", list, err)
	}
	save(t, db, account("111122223333", 3))
}

func unstorable(t *testing.T, db *store.DB) {
	s := account("111122223333", 300)
	s.Resources[250].Policy = []byte("{")
	_, err := db.Save(t.Context(), s)
	var e *fault.Error
	if !errors.As(err, &e) || e.Status != fault.Failed || !strings.Contains(e.Sentence, string(s.Resources[250].Key)) {
		t.Errorf("%v", err)
	}
	if list, err := db.List(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
}

func readWhileSaving(t *testing.T, db *store.DB) {
	id := save(t, db, account("111122223333", 50))
	done := make(chan error)
	go func() {
		var err error
		for range 10 {
			if _, err = db.Save(context.WithoutCancel(t.Context()), account("111122223333", 400)); err != nil {
				break
			}
		}
		done <- err
	}()
	for {
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
			return
		default:
			if s, err := db.Load(t.Context(), id); err != nil || len(s.Resources) != 50 {
				t.Errorf("%v", err)
			}
		}
	}
}

// batches saves numbers of resources around the size of one INSERT.
func batches(t *testing.T, db *store.DB) {
	for _, n := range []int{0, 1, 199, 200, 201, 400, 1000} {
		want := account("111122223333", n)
		got, err := db.Load(t.Context(), save(t, db, want))
		if err != nil || len(got.Resources) != n {
			t.Fatalf("%d resources: %v", n, err)
		}
		if d := snapshot.Between(want, got); !d.Empty() {
			t.Errorf("%d resources: %+v", n, d)
		}
	}
}

// altered is an account with one resource more, one less, and one that has another tag.
func altered(n int) *snapshot.Snapshot {
	s := account("111122223333", n+1)
	s.Resources[n/2].Tags = map[string]string{"new": "tag"}
	s.Resources = append(s.Resources[:n/3], s.Resources[n/3+1:]...)
	s.Seal()
	return s
}

func differing(t *testing.T, db *store.DB) {
	ctx := t.Context()
	before := save(t, db, account("111122223333", 1000))
	after := save(t, db, altered(1000))
	a, b, err := db.LoadDiffering(ctx, before, after)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Resources) != 2 || len(b.Resources) != 2 || a.ID != before || b.ID != after || len(b.Coverage) != 2 || b.Account != "111122223333" {
		t.Errorf("%d and %d resources, %s and %s", len(a.Resources), len(b.Resources), a.ID, b.ID)
	}
	whole := func(id string) *snapshot.Snapshot {
		s, err := db.Load(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	want, got := snapshot.Between(whole(before), whole(after)), snapshot.Between(a, b)
	if !reflect.DeepEqual(got, want) || len(got.Added) != 1 || len(got.Gone) != 1 || len(got.Changed) != 1 {
		t.Errorf("%+v, want %+v", got, want)
	}
	if a, b, err := db.LoadDiffering(ctx, after, after); err != nil || len(a.Resources)+len(b.Resources) != 0 {
		t.Errorf("a snapshot differs from itself: %v", err)
	}
	_, _, err = db.LoadDiffering(ctx, before, "2030")
	mustSay(t, err, fault.Usage, "there is no snapshot 2030")
}

func foundByID(t *testing.T, db *store.DB) {
	first := save(t, db, account("111122223333", 2))
	save(t, db, account("444455556666", 3))
	e, err := db.Find(t.Context(), first)
	if err != nil || e.ID != first || e.Account != "111122223333" || e.Resources != 2 {
		t.Errorf("%+v %v", e, err)
	}
	_, err = db.Find(t.Context(), "2026")
	mustSay(t, err, fault.Usage, "is not clear")
}

// pruningManyChanges: whatever is pruned, every snapshot that stays is what it was.
func pruningManyChanges(t *testing.T, db *store.DB) {
	ctx := t.Context()
	dice := rand.New(rand.NewPCG(1, 2))
	want := map[string]*snapshot.Snapshot{}
	s := account("111122223333", 600)
	for round := range 12 {
		next := *s
		next.Account = []string{"111122223333", "444455556666"}[round%2]
		next.Resources = slices.Clone(s.Resources)
		for range 20 {
			next.Resources[dice.IntN(len(next.Resources))].Tags = map[string]string{"round": fmt.Sprint(round)}
		}
		at := dice.IntN(len(next.Resources))
		next.Resources = slices.Delete(next.Resources, at, at+dice.IntN(3))
		next.Seal()
		s = &next
		want[save(t, db, s)] = s
		if round%4 == 3 {
			removed, err := db.Prune(ctx, 1+dice.IntN(2), s.Account)
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range removed {
				delete(want, id)
			}
		}
		list, err := db.List(ctx)
		if err != nil || len(list) != len(want) {
			t.Fatalf("%d snapshots, want %d: %v", len(list), len(want), err)
		}
		for id, s := range want {
			got, err := db.Load(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			if d := snapshot.Between(s, got); !d.Empty() || len(got.Resources) != len(s.Resources) {
				t.Fatalf("round %d: %s differs: %+v", round, id, d)
			}
		}
	}
}
