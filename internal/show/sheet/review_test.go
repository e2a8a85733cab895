package sheet_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/act/review"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// later is the sample two months on: its shared snapshot is private, its queues are gone, somebody is new and administers it, a class is lower,
// and a call is denied.
func later(t *testing.T, p sheet.Page) sheet.Page {
	t.Helper()
	s := p.Assessment.Snapshot
	var c snapshot.Change
	for _, r := range s.OfType("AWS::RDS::DBSnapshot") {
		shut := *r
		shut.Properties = map[string]any{"SharedWith": []any{}}
		c.Put = append(c.Put, shut)
	}
	for _, r := range s.OfType("AWS::SQS::Queue") {
		c.Remove = append(c.Remove, r.Key)
	}
	eve := snapshot.Resource{Key: snapshot.Key("arn:aws:iam::" + s.Account + ":user/eve"), Type: "AWS::IAM::User", Account: s.Account, Name: "eve",
		Properties: map[string]any{"UserName": "eve", "ManagedPolicyArns": []any{"arn:aws:iam::aws:policy/AdministratorAccess"}}}
	c.Put = append(c.Put, eve)
	for _, r := range s.OfType("AWS::IAM::CredentialReport") {
		rows, _ := r.Maps("Rows")
		more := *r
		list := []any{map[string]any{"User": "eve", "Arn": string(eve.Key), "PasswordEnabled": true, "MfaActive": false}}
		for _, row := range rows {
			list = append(list, row)
		}
		more.Properties = map[string]any{"Rows": list}
		c.Put = append(c.Put, more)
	}
	after := s.Apply(c)
	after.Taken = s.Taken.AddDate(0, 2, 0)
	after.Coverage = append(after.Coverage, snapshot.Coverage{Service: "sns", Region: "eu-west-1", Call: "sns:ListTopics", Types: []string{"AWS::SNS::Topic"}, Outcome: snapshot.Denied})
	after.Seal()
	m := *p.Assessment.Model
	m.Resources = append([]threatmodel.Resource{}, m.Resources...)
	for i := range m.Resources {
		if m.Resources[i].Class == "confidential" {
			m.Resources[i].Class = "internal"
		}
	}
	a, err := assess.Of(assess.Input{Snapshot: after, Model: &m})
	if err != nil {
		t.Fatal(err)
	}
	p.Assessment, p.Now = a, after.Taken
	return p
}

// TestReviewScreens: the first review, one after two months with everything in it, and one where nothing happened.
func TestReviewScreens(t *testing.T) {
	p := sample(t, snapshot.Change{})
	show := func(name string, p sheet.Page, r *review.Review, sign string) string {
		got := screen(t, func(w *term.Screen) error { return sheet.Review(w, p, r, sign) })
		t.Run(name, func(t *testing.T) { golden(t, name, 24, got) })
		return got
	}
	first := &review.Review{Assessment: p.Assessment, Now: p.Now, Schedule: review.On(p.Assessment.Model, nil, "")}
	show("review-first", p, first, "footing review --sign")

	signed, err := review.Sign(p.Assessment, nil, "ana@acme.example", p.Now)
	if err != nil {
		t.Fatal(err)
	}
	schedule := review.On(p.Assessment.Model, []review.Signed{signed}, signed.Account)
	same := assess.Since(signed.Record(), p.Assessment, p.Assessment)
	show("review-same", p, &review.Review{Assessment: p.Assessment, Now: p.Now, Schedule: schedule, Delta: &same}, "footing review --sign")

	q := later(t, p)
	d := assess.Since(signed.Record(), p.Assessment, q.Assessment)
	d.Objectives = []assess.ObjectiveChange{{ID: "CO-1", Say: "Only admins and terraform administer the account.", Before: "pass", After: "fail", Broken: true}}
	day := func(n int) time.Time { return q.Now.Truncate(24*time.Hour).AddDate(0, 0, n) }
	r := &review.Review{Assessment: q.Assessment, Now: q.Now.AddDate(0, 2, 0), Schedule: schedule, Delta: &d, Objectives: []assess.Verdict{{ID: "CO-1", Outcome: "fail"}, {ID: "CO-2", Outcome: "fail"}, {ID: "CO-3", Outcome: "pass"}},
		Endings: []review.Ending{{Kind: "override", About: "trips-db:read", Until: day(-3), Ended: true, Line: 41}, {Kind: "waiver", About: "T-1", Until: day(20), Line: 52}, {Kind: "waiver", About: "T-2", Until: day(30), Line: 58}},
		Mitigations: []review.Followed{{ID: "M-1", State: review.Proven}, {ID: "M-2", State: review.Projected}, {ID: "M-3", State: review.Projected},
			{ID: "M-4", State: review.Regressed}, {ID: "M-5", State: review.NoEffect}, {ID: "M-6", State: review.Unproven}}}
	got := show("review-later", q, r, "footing review --sign")
	for _, want := range []string{"25 → 20", "Overdue since", "user eve", "confidential → internal", "sns:ListTopics", "CO-1 pass → fail"} {
		if !strings.Contains(got, want) {
			t.Errorf("the screen does not say %q", want)
		}
	}
	r.Signed = &signed
	r.Delta.Whole = false
	show("review-signed", q, r, "footing review --sign")

	// JSON holds every row of both, and what the screen hides.
	out := sheet.OfReview(r)
	n := 0
	for _, c := range out.Delta.Counts {
		n += c
	}
	if n != len(out.Delta.Risks) || n < len(q.Assessment.Sheet.Rows) || len(out.Delta.Paths.Opened) != len(d.Ways.Opened) || len(out.Expiring) != 3 || !out.Overdue || *out.Due == "" {
		t.Errorf("%d counted, %d rows, %+v", n, len(out.Delta.Risks), out.Delta.Counts)
	}
	one, err1 := json.Marshal(out)
	two, err2 := json.Marshal(sheet.OfReview(r))
	if err1 != nil || err2 != nil || string(one) != string(two) {
		t.Error("two runs differ", err1, err2)
	}
}

// TestHistoryScreens: the curve of the account and of one resource, with a scan in which it was not there.
func TestHistoryScreens(t *testing.T) {
	p := sample(t, snapshot.Change{})
	db := find(t, p, "trips-db")
	var all []review.Moment
	for i, n := range []int{25, 25, 20, 20, 20, 16, 15, 12, 12, 8, 6, 4, 3, 1} {
		m := review.Moment{Snapshot: "s", Taken: p.Now.AddDate(0, 0, 7*(i-14)).UTC(), Highest: n, Known: n, ToFix: n / 5, Gaps: []string{}}
		if i == 4 {
			m.Known, m.Unseen, m.Gaps = 8, 1, []string{"a", "b"}
		}
		if i > 1 {
			m.Rows = []review.Row{{ID: "trips-db", ARN: db, Access: "read", Risk: [5]int{25, 25, n, m.Known, 5}, State: risk.Open},
				{ID: "trips-db", ARN: db, Access: "write", Risk: [5]int{25, 25, 20, 20, 5}, State: risk.Open}}
		}
		all = append(all, m)
	}
	for name, h := range map[string]sheet.Past{
		"history":     {Page: p, Moments: all},
		"history-one": {Page: p, Moments: all, Key: db},
		"history-new": {Page: p, Moments: all[:1]},
	} {
		got := screen(t, h.Text)
		t.Run(name, func(t *testing.T) { golden(t, name, 24, got) })
		if out := h.JSON(); len(out.Snapshots) != len(h.Moments) || h.Key != "" && len(out.Snapshots[2].Rows) != 2 || h.Key == "" && len(out.Snapshots[0].Rows) != 0 {
			t.Errorf("%s: %+v", name, out.Snapshots)
		}
	}
}
