package leaflet

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/footing-dev/footing/demo"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/read/files"
	"github.com/footing-dev/footing/internal/show/report"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// accounts are those that the leaflet must be fit for.
func accounts(t *testing.T) map[string]*report.Report {
	t.Helper()
	long := func(s string) string {
		return s + "-" + strings.Repeat("of-the-long-winded-naming-committee-", 2)[:max(59-len(s), 0)]
	}
	many := told(t, renamed(t, long), model(t))
	grow(many)
	return map[string]*report.Report{
		"demo":    told(t, sample(t).Snapshot, sample(t).Model),
		"empty":   told(t, folder(t, `[]`, ``), nil),
		"calm":    told(t, folder(t, `[{"type":"AWS::S3::Bucket","arn":"arn:aws:s3:::notes","name":"notes","tags":{"owner":"ann"}}]`, ``), nil),
		"unknown": told(t, blind(), nil),
		"long":    told(t, renamed(t, long), model(t)),
		"many":    many,
		"hostile": told(t, renamed(t, func(s string) string { return "<script>alert('" + s + "')</script>&\"" }), nil),
	}
}

func sample(t *testing.T) (s struct {
	Snapshot *snapshot.Snapshot
	Model    *threatmodel.Model
}) {
	t.Helper()
	d, err := demo.Open()
	if err != nil {
		t.Fatal(err)
	}
	s.Snapshot, s.Model = d.Snapshot, d.Model
	return s
}

// model is the sample's with a review, objectives and alerts.
func model(t *testing.T) *threatmodel.Model {
	m := *sample(t).Model
	m.Review.Days = 90
	for i := range 8 {
		m.Alerts = append(m.Alerts, threatmodel.Alert{Kind: "email", To: fmt.Sprintf("someone-with-a-long-address-%d@otterslip.example", i)})
	}
	return &m
}

// renamed gives everything another name, in tags too.
func renamed(t *testing.T, name func(string) string) *snapshot.Snapshot {
	s := *sample(t).Snapshot
	s.Name = name(s.Name)
	s.Resources = append([]snapshot.Resource(nil), s.Resources...)
	for i := range s.Resources {
		r := &s.Resources[i]
		if r.Name != "" {
			r.Name = name(r.Name)
		}
		tags := map[string]string{}
		maps.Copy(tags, r.Tags)
		if tags["owner"] != "" || r.Type == "AWS::S3::Bucket" {
			tags["owner"] = name("owner")
		}
		r.Tags = tags
	}
	s.Seal()
	return &s
}

// grow fills every list beyond what has a place on the pages.
func grow(r *report.Report) {
	for i := range 40 {
		l := r.Lines[i%6]
		l.ID = fmt.Sprintf("%d-%s", i, l.ID)
		r.Lines = append(r.Lines, l)
		r.Owners = append(r.Owners, report.Owner{Name: fmt.Sprintf("%d-a-long-name-of-an-owner@otterslip.example", i), IDs: []string{l.ID, l.ID, l.ID, l.ID, l.ID}})
		r.Unseen = append(r.Unseen, report.Unseen{ID: l.ID, Low: 8, High: 20, Why: "its policy could not be read, nor that of what it is copied to", Call: "secretsmanager:GetResourcePolicy"})
	}
	for range 2 {
		r.Admins = append(r.Admins, r.Admins...)
	}
	r.Hidden = "users and roles"
	for len(r.Steps) < 6 {
		r.Steps = append(r.Steps, r.Steps[1])
	}
	way := &r.Ways[0]
	for i, b := range []report.Box{{Sort: "role", Kind: "role", Name: way.ID, By: "launches a function that holds the role and invokes it"}, {Sort: "secret", Kind: "secret", Name: way.ID, By: "reads its value, as the role that it has become"}, {Sort: "role", Name: way.ID}} {
		way.Boxes = append(way.Boxes[:1+i], append([]report.Box{b}, way.Boxes[1+i:]...)...)
	}
	r.Lines[4].Standing = sheet.Settled
	r.Counts, r.Left, r.Gaps = report.Counts{Settled: 77, Fix: 1204, Watch: 310, Unseen: 128, OutOfMind: 38123}, 1198, 214
}

// folder is an account of files: a root user with MFA, and some resources.
func folder(t *testing.T, resources, gaps string) *snapshot.Snapshot {
	t.Helper()
	f := fstest.MapFS{
		"account.json":          {Data: []byte(`{"account": "111122223333", "name": "small", "taken": "2026-11-23T09:14:00Z", "complete": true}`)},
		"gaad.json":             {Data: []byte(`{"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}`)},
		"resources.json":        {Data: []byte(resources)},
		"credential-report.csv": {Data: []byte("user,arn,user_creation_time,password_enabled,mfa_active,access_key_1_active,access_key_2_active\n<root_account>,arn:aws:iam::111122223333:root,2022-03-01T08:00:00+00:00,not_supported,true,false,false\n")},
	}
	if gaps != "" {
		f["gaps.json"] = &fstest.MapFile{Data: []byte(gaps)}
	}
	s, err := files.ReadFolder(f, "small")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var day1 = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// blind is an account of which nothing could be read.
func blind() *snapshot.Snapshot {
	s := &snapshot.Snapshot{Account: "111122223333", Partition: "aws", Regions: []string{"eu-west-1"}, Taken: time.Date(2026, 11, 23, 9, 14, 0, 0, time.UTC)}
	s.Resources = []snapshot.Resource{{Key: "arn:aws:account::111122223333:account", Type: "AWS::Account", Account: "111122223333"}}
	for _, c := range [][3]string{{"iam", "iam:GetAccountAuthorizationDetails", "AWS::IAM::User AWS::IAM::Role AWS::IAM::Group"}, {"s3", "s3:ListBuckets", "AWS::S3::Bucket"}, {"rds", "rds:DescribeDBInstances", "AWS::RDS::DBInstance"}} {
		s.Coverage = append(s.Coverage, snapshot.Coverage{Service: c[0], Call: c[1], Types: strings.Fields(c[2]), Outcome: snapshot.Denied, Reason: c[1] + " was denied"})
	}
	s.Seal()
	return s
}

func told(t *testing.T, s *snapshot.Snapshot, m *threatmodel.Model) *report.Report {
	t.Helper()
	beside := report.Beside{Review: report.Review{Days: 90}}
	if m != nil {
		beside.Review.Last, beside.Review.By, beside.Review.Next = day1, "hugo@otterslip.example", day1.AddDate(0, 0, 90)
		for i, outcome := range []string{"pass", "fail", "unknown", "waived", "pass", "pass", "pass"} {
			beside.Promises = append(beside.Promises, report.Promise{ID: fmt.Sprintf("CO-%d", i), Outcome: outcome,
				Title: "Only the people who are on call may administer what scores fifteen or more, and only when they signed in with MFA not long ago."})
		}
	}
	a, err := assess.Of(assess.Input{Snapshot: s, Model: m})
	if err != nil {
		t.Fatal(err)
	}
	return report.Of(sheet.Page{Assessment: a, Now: time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC), Gate: sheet.Gate,
		Command: func(v string) string { return "footing " + v }, Program: "footing"}, beside)
}

func printed(t *testing.T, r *report.Report) string {
	t.Helper()
	var b strings.Builder
	if err := HTML(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
