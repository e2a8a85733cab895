package demo_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/demo"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/store"
	"github.com/footing-dev/footing/internal/task"
)

func open(t *testing.T) *task.Sample {
	t.Helper()
	s, err := demo.Open()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func judge(t *testing.T, sample *task.Sample, s *snapshot.Snapshot) *assess.Assessment {
	t.Helper()
	a, err := assess.Of(assess.Input{Snapshot: s, Model: sample.Model})
	if err != nil {
		t.Fatal(err)
	}
	a.Sheet.TellAll()
	return a
}

func row(t *testing.T, a *assess.Assessment, id string, c access.Capability) *risk.Row {
	t.Helper()
	for i := range a.Sheet.Rows {
		if r := &a.Sheet.Rows[i]; r.ID == id && r.Access == c {
			return r
		}
	}
	t.Fatalf("the sheet has no row %s:%s", id, c)
	return nil
}

func TestOpen(t *testing.T) {
	s := open(t).Snapshot
	if s.Account != "111122223333" || s.Name != "otterslip" || s.From != store.Sample || s.Calls != 0 || s.ID != "" {
		t.Errorf("account %s, name %q, from %q, %d calls, id %q", s.Account, s.Name, s.From, s.Calls, s.ID)
	}
	if want := time.Date(2026, 11, 23, 9, 14, 0, 0, time.UTC); !s.Taken.Equal(want) {
		t.Errorf("taken %v: ages would move", s.Taken)
	}
	if len(s.Resources) != 501 {
		t.Errorf("%d resources", len(s.Resources))
	}
	users, people := 0, 0
	for _, u := range s.OfType("AWS::IAM::User") {
		users++
		if strings.HasSuffix(u.Tags["email"], "@otterslip.example") {
			people++
		}
	}
	if users != 13 || people != 12 {
		t.Errorf("%d users, %d of them people", users, people)
	}
}

// TestOneThingIsUnseen: all but one bucket policy was read, so that a range on the sheet has one cause.
func TestOneThingIsUnseen(t *testing.T) {
	sample := open(t)
	const bucket = "arn:aws:s3:::cold-backups"
	if gaps := sample.Snapshot.Gaps(); len(gaps) != 1 || gaps[0].Call != "s3:GetBucketPolicy" || gaps[0].Resource != bucket || gaps[0].Outcome != snapshot.Denied {
		t.Errorf("gaps %+v", gaps)
	}
	for _, r := range sample.Snapshot.Resources {
		if r.Key == bucket && slices.Equal(r.Unknown, []string{"Policy"}) {
			continue
		}
		if len(r.Unknown) > 0 {
			t.Errorf("%s: %v not read", r.Key, r.Unknown)
		}
	}
	a := judge(t, sample, sample.Snapshot)
	if len(a.Decisions.Troubles) > 0 {
		t.Errorf("not understood: %v", a.Decisions.Troubles)
	}
	for _, e := range a.Access.Entries() {
		if e.Unknown {
			t.Errorf("a way in that was not read: %s %s", e.Kind, e.Says)
		}
	}
	for i := range a.Sheet.Rows {
		if r := &a.Sheet.Rows[i]; r.Key != bucket && (r.Low() != r.Risk() || r.FullLow() != r.FullRisk()) {
			t.Errorf("%s:%s is %d to %d", r.ID, r.Access, r.Low(), r.Risk())
		}
	}
}

// ways writes the worst way of each entry point with its points, in the order of the sheet: "65 key of ci-old; 2 × 30".
func ways(l risk.Likelihood) string {
	var parts []string
	same := 0
	for i, p := range l.Paths {
		if same++; i+1 < len(l.Paths) && l.Paths[i+1].High == p.High && l.Paths[i+1].Entry.Kind == p.Entry.Kind {
			continue
		}
		if same > 1 {
			parts = append(parts, fmt.Sprintf("%d × %d %s", same, p.High, p.Entry.Kind))
		} else {
			parts = append(parts, fmt.Sprintf("%d %s", p.High, p.Entry.Says))
		}
		same = 0
	}
	return strings.Join(parts, "; ")
}

const (
	eye    = access.Read
	pen    = access.Write
	host   = "70 dev-box, port 22 open; 50 api, reached from the internet on port 443; 6 × 30 password-mfa"
	admins = "65 bram, no MFA; 55 any repository of otterslip; 40 any branch of otterslip/booking; 2 × 30 password-mfa; 25 cleo, with MFA; 10 root, with MFA"
	key    = "65 key of ci-old, 412 days old"
)

// TestNumbers: what the screens of the sample show, and the sums behind it.
func TestNumbers(t *testing.T) {
	sample := open(t)
	a := judge(t, sample, sample.Snapshot)
	for _, c := range []struct {
		id                        string
		access                    access.Capability
		impact, level, risk, low  int
		points, lowPoints, actors int
		ways                      string // "" when they are not asserted
	}{
		{"trips-db", eye, 5, 5, 25, 25, 105, 105, 9, "100 anyone on AWS; " + host},
		{"trips-db", pen, 5, 4, 20, 20, 75, 75, 8, host},
		{"account", eye, 5, 4, 20, 20, 70, 70, 7, admins},
		{"account", pen, 5, 4, 20, 20, 70, 70, 7, admins},
		{"trips-db-login", eye, 5, 4, 20, 20, 75, 75, 8, host},
		{"trips-db-login", pen, 3, 1, 3, 3, 0, 0, 0, ""},
		{"guest-uploads", eye, 4, 4, 16, 16, 70, 70, 4, key + "; 55 insurer, without an external id; 50 api, reached from the internet on port 443; 30 lena, with MFA"},
		{"guest-uploads", pen, 4, 4, 16, 16, 65, 65, 2, key + "; 50 api, reached from the internet on port 443"},
		{"cold-backups", eye, 4, 5, 20, 8, 110, 30, 20, ""},
		{"cold-backups", pen, 3, 5, 15, 6, 110, 30, 20, ""},
		{"website", eye, 1, 5, 5, 5, 110, 110, 20, ""},
		{"website", pen, 3, 4, 12, 12, 65, 65, 3, key + "; 2 × 30 password-mfa"},
	} {
		t.Run(c.id+":"+c.access.String(), func(t *testing.T) {
			r := row(t, a, c.id, c.access)
			if r.Impact.Level != c.impact || r.Beside.Level != c.level || r.Risk() != c.risk || r.Low() != c.low {
				t.Errorf("impact %d × likelihood %d = %d (from %d), want %d × %d = %d (from %d)",
					r.Impact.Level, r.Beside.Level, r.Risk(), r.Low(), c.impact, c.level, c.risk, c.low)
			}
			if r.Beside.Points != c.points || r.Beside.LowPoints != c.lowPoints || len(r.Beside.Actors) != c.actors {
				t.Errorf("points %d (from %d) of %d who could, want %d (from %d) of %d",
					r.Beside.Points, r.Beside.LowPoints, len(r.Beside.Actors), c.points, c.lowPoints, c.actors)
			}
			sum := 0
			for _, term := range r.Beside.Terms {
				sum += term.Points
			}
			if sum != r.Beside.Points {
				t.Errorf("the terms make %d, not %d", sum, r.Beside.Points)
			}
			if got := ways(r.Beside); c.ways != "" && got != c.ways {
				t.Errorf("ways\n%s, want\n%s", got, c.ways)
			}
		})
	}
}

// TestStanding counts resources as the first screen does: 4 to fix, 1 to watch, 1 that could not be seen, 38 out of mind.
func TestStanding(t *testing.T) {
	sample := open(t)
	a := judge(t, sample, sample.Snapshot)
	got := map[string][]string{}
	for i := 0; i+1 < len(a.Sheet.Rows); i += 2 {
		r, w := &a.Sheet.Rows[i], &a.Sheet.Rows[i+1]
		if r.Key != w.Key || r.Access != eye || w.Access != pen {
			t.Fatalf("%s and %s are not the two rows of one resource", r.ID, w.ID)
		}
		if r.Within != "" {
			if r.ID != "trips-0117" || r.Within != "trips-db" {
				t.Errorf("%s is told in %s", r.ID, r.Within)
			}
			continue
		}
		if len(r.ID) > 17 {
			t.Errorf("%s does not fit its column", r.ID)
		}
		known, worst := max(r.Low(), w.Low()), max(r.Risk(), w.Risk())
		stands := "out of mind"
		switch {
		case known >= 15:
			stands = "to fix"
		case worst >= 10 && known != worst:
			stands = "unseen"
		case worst >= 10:
			stands = "to watch"
		}
		got[stands] = append(got[stands], r.ID)
	}
	hidden := got["out of mind"]
	delete(got, "out of mind")
	for _, l := range got {
		slices.Sort(l)
	}
	want := map[string][]string{
		"to fix":   {"account", "guest-uploads", "trips-db", "trips-db-login"},
		"unseen":   {"cold-backups"},
		"to watch": {"website"},
	}
	if !reflect.DeepEqual(got, want) || len(hidden) != 38 {
		t.Errorf("%v, and %d out of mind", got, len(hidden))
	}
}

func TestWhoAdministers(t *testing.T) {
	sample := open(t)
	a := judge(t, sample, sample.Snapshot)
	got := map[string]bool{}
	for _, w := range a.Access.Who(a.Access.Account, access.Admin) {
		got[strings.TrimPrefix(w.Principal, "arn:aws:iam::111122223333:")] = w.Direct
	}
	want := map[string]bool{
		"root": true, "user/bram": true, "user/ines": true, "user/otto": true, "role/terraform": true,
		"user/cleo": false, "role/deploy": false,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
	meant := map[string]string{}
	for _, p := range row(t, a, risk.AccountID, eye).Beside.Paths {
		if p.Meant != "" {
			meant[p.Entry.Says] = p.Meant
		}
	}
	if !reflect.DeepEqual(meant, map[string]string{"ines, with MFA": "administer", "otto, with MFA": "administer"}) {
		t.Errorf("meant: %v", meant)
	}
}

// TestWhatIsMeant: the api is meant to read and write trips and uploads, and counts all the same.
func TestWhatIsMeant(t *testing.T) {
	sample := open(t)
	a := judge(t, sample, sample.Snapshot)
	for _, id := range []string{"trips-db", "guest-uploads"} {
		for _, c := range []access.Capability{eye, pen} {
			for _, p := range row(t, a, id, c).Beside.Paths {
				if isAPI := strings.HasPrefix(p.Entry.Says, "api,"); isAPI != (p.Meant == "book a boat") {
					t.Errorf("%s:%s by %s: meant for %q", id, c, p.Entry.Says, p.Meant)
				}
			}
		}
	}
}

// with returns a resource whose property is replaced, or dropped when the value is nil; the sample's own stays as it is.
func with(t *testing.T, s *snapshot.Snapshot, key, property string, value any) *snapshot.Snapshot {
	t.Helper()
	r, ok := s.Get(snapshot.Key(key))
	if !ok {
		t.Fatalf("no %s", key)
	}
	changed := *r
	changed.Properties = map[string]any{}
	for k, v := range r.Properties {
		changed.Properties[k] = v
	}
	changed.Properties[property] = value
	if value == nil {
		delete(changed.Properties, property)
	}
	return s.Apply(snapshot.Change{Put: []snapshot.Resource{changed}})
}

// TestTheWayDown: five steps, each with the number that it leaves.
func TestTheWayDown(t *testing.T) {
	const iam = "arn:aws:iam::111122223333:"
	sample := open(t)
	s := sample.Snapshot
	check := func(step string, want map[string]int) {
		t.Helper()
		a := judge(t, sample, s)
		for id, n := range want {
			name, c, _ := strings.Cut(id, ":")
			access, _ := access.ParseCapability(c)
			if got := row(t, a, name, access).Risk(); got != n {
				t.Errorf("%s: %s is %d, want %d", step, id, got, n)
			}
		}
	}

	s = with(t, s, "arn:aws:rds:eu-west-1:111122223333:snapshot:trips-0117", "SharedWith", []any{})
	check("the snapshot is private", map[string]int{"trips-db:read": 20, "trips-db:write": 20, "trips-0117:read": 5})

	s = with(t, s, iam+"user/bram", "Groups", []any{"people"})
	pinned := map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
		"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
		"Principal": map[string]any{"Federated": iam + "oidc-provider/token.actions.githubusercontent.com"},
		"Condition": map[string]any{"StringEquals": map[string]any{"token.actions.githubusercontent.com:sub": "repo:otterslip/infra:ref:refs/heads/main"}},
	}, map[string]any{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": map[string]any{"Service": "lambda.amazonaws.com"}}}}
	s = with(t, s, iam+"role/terraform", "AssumeRolePolicyDocument", pinned)
	check("bram left the admins, terraform is pinned", map[string]int{"account:read": 15, "account:write": 15})

	s = s.Apply(snapshot.Change{Remove: []snapshot.Key{iam + "user/ci-old"}})
	check("the old key is gone", map[string]int{"guest-uploads:read": 12, "guest-uploads:write": 12, "website:write": 6})

	s = with(t, s, iam+"user/cleo", "Policies", nil)
	s = with(t, s, iam+"role/deploy", "Policies", nil)
	check("two ladders are taken away", map[string]int{"account:read": 10, "account:write": 10})

	s = with(t, s, iam+"role/dev-box", "Policies", nil)
	check("development has no way to the login", map[string]int{"trips-db:read": 15, "trips-db:write": 15, "trips-db-login:read": 15})
}

// TestCutOfTheSnapshot: leaving the step out is worth what taking the sharing away is.
func TestCutOfTheSnapshot(t *testing.T) {
	sample := open(t)
	a, err := assess.Of(assess.Input{Snapshot: sample.Snapshot, Model: sample.Model,
		Cut: []string{"anonymous>arn:aws:rds:eu-west-1:111122223333:snapshot:trips-0117"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := row(t, a, "trips-db", eye).Risk(); got != 20 {
		t.Errorf("%d", got)
	}
}

func TestTwoOpensAreEqual(t *testing.T) {
	one, two := open(t), open(t)
	if !reflect.DeepEqual(one, two) {
		t.Error("they differ")
	}
	var a, b bytes.Buffer
	if err := snapshot.Export(&a, one.Snapshot); err != nil {
		t.Fatal(err)
	}
	if err := snapshot.Export(&b, two.Snapshot); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("their exports differ")
	}
	if x, y := told(judge(t, one, one.Snapshot)), told(judge(t, two, two.Snapshot)); !reflect.DeepEqual(x, y) {
		t.Error("they are judged differently")
	}
}

// told is every row with the reasons of its paths.
func told(a *assess.Assessment) []risk.Row {
	for i := range a.Sheet.Rows {
		for _, l := range []risk.Likelihood{a.Sheet.Rows[i].Beside, a.Sheet.Rows[i].Full} {
			for j := range l.Paths {
				l.Paths[j].Path = l.Paths[j].Told()
			}
		}
	}
	return a.Sheet.Rows
}

// TestOpenIsQuick takes the best of some, since other programs run too.
func TestOpenIsQuick(t *testing.T) {
	best := time.Hour
	for range 5 {
		begin := time.Now()
		open(t)
		best = min(best, time.Since(begin))
	}
	if best > 100*time.Millisecond {
		t.Errorf("%v", best)
	}
}
