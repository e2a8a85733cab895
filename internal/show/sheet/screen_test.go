package sheet_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/footing-dev/footing/demo"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/objective"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
)

var update = flag.Bool("update", false, "write the golden screens anew")

// sample judges the sample account, with a change laid over it.
func sample(t *testing.T, c snapshot.Change) sheet.Page {
	t.Helper()
	s, err := demo.Open()
	if err != nil {
		t.Fatal(err)
	}
	a, err := assess.Of(assess.Input{Snapshot: s.Snapshot.Apply(c), Model: s.Model, File: "footing.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	return sheet.Page{Assessment: a, Now: s.Snapshot.Taken, Gate: sheet.Gate, Program: "footing",
		Command: func(verb string) string { return "footing " + verb + " --demo" }}
}

func screen(t *testing.T, write func(*term.Screen) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(term.Paper(&b)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// checked judges the objectives that the sample states.
func checked(p sheet.Page) sheet.Checked {
	a := p.Assessment
	j := objective.New(a.Case())
	return sheet.Checked{Page: p, Results: j.All()}
}

// TestMendedObjectives: the verdicts are computed. Without the permissions that they are broken by, they hold.
func TestMendedObjectives(t *testing.T) {
	before := sample(t, snapshot.Change{})
	var quiet snapshot.Change
	for _, r := range before.Assessment.Snapshot.Resources {
		switch r.Name {
		case "bram", "cleo", "deploy", "terraform", "dev-box":
			if r.Type == "AWS::IAM::User" || r.Type == "AWS::IAM::Role" {
				mute := r
				mute.Properties = map[string]any{}
				for k, v := range r.Properties {
					if k != "Policies" && k != "ManagedPolicyArns" && k != "Groups" {
						mute.Properties[k] = v
					}
				}
				quiet.Put = append(quiet.Put, mute)
			}
		}
	}
	outcomes := func(p sheet.Page) map[string]string {
		out := map[string]string{}
		for _, r := range checked(p).Results {
			out[r.Rule] = r.Outcome.String()
		}
		return out
	}
	was, is := outcomes(before), outcomes(sample(t, quiet))
	if was["admins"] != "fail" || is["admins"] != "pass" || was["fence"] != "fail" || was["calm"] != "pass" || is["calm"] != "pass" || was["backups"] != "unknown" || is["trips"] != "fail" {
		t.Errorf("they were %v, and are %v", was, is)
	}
}

func find(t *testing.T, p sheet.Page, id string) snapshot.Key {
	t.Helper()
	k, ok := sheet.Find(p.Assessment, id)
	if !ok {
		t.Fatalf("the sample has no row %s", id)
	}
	return k
}

// TestScreens compares every screen of the sample with its golden file, and holds the house rules: 80 columns, and for the first
// two 24 lines (the demo prints three lines of its own above the overview).
func TestScreens(t *testing.T) {
	p := sample(t, snapshot.Change{})
	db := find(t, p, "trips-db")
	at := p.Assessment.Access
	screens := []struct {
		name  string
		lines int
		write func(*term.Screen) error
	}{
		{"overview", 21, func(w *term.Screen) error { return sheet.Overview(w, p) }},
		{"risk", 24, func(w *term.Screen) error { return sheet.Risk(w, p, false) }},
		{"risk-all", 0, func(w *term.Screen) error { return sheet.Risk(w, p, true) }},
		{"one", 24, func(w *term.Screen) error { return sheet.One(w, p, db, access.Read, false) }},
		{"one-arns", 0, func(w *term.Screen) error { return sheet.One(w, p, db, access.Write, true) }},
		{"unseen", 24, func(w *term.Screen) error {
			return sheet.One(w, p, find(t, p, "cold-backups"), access.Read, false)
		}},
		{"who-admin", 24, func(w *term.Screen) error {
			r := sheet.Who(p.Assessment, sheet.QuestionJSON{Capability: "admin"}, at.Account, at.Who(at.Account, access.Admin), false)
			return sheet.WhoText(w, p, r, false)
		}},
		{"who-read-paths", 0, func(w *term.Screen) error {
			r := sheet.Who(p.Assessment, sheet.QuestionJSON{Capability: "read"}, db, at.Who(db, access.Read), true)
			return sheet.WhoText(w, p, r, true)
		}},
		{"check", 24, func(w *term.Screen) error { return sheet.CheckText(w, checked(p)) }},
		{"reach", 24, func(w *term.Screen) error {
			from := at.Nodes("ci-old")
			var on []snapshot.Key
			for _, r := range p.Assessment.Snapshot.Resources {
				if at.About(r.Type) {
					on = append(on, r.Key)
				}
			}
			return sheet.ReachText(w, p, "ci-old", sheet.Reach(p.Assessment, from, at.Reach(from, on)))
		}},
	}
	for _, s := range screens {
		t.Run(s.name, func(t *testing.T) {
			golden(t, s.name, s.lines, screen(t, s.write))
		})
	}
}

// golden compares a screen with its file, and holds it to 80 columns and, unless lines is 0, to so many lines.
func golden(t *testing.T, name string, lines int, got string) {
	t.Helper()
	for i, line := range strings.Split(strings.TrimSuffix(got, "\n"), "\n") {
		if lines > 0 && i >= lines {
			t.Errorf("more than %d lines", lines)
			break
		}
		if n := term.Width(line); n > 80 {
			t.Errorf("line %d has %d columns: %s", i+1, n, line)
		}
	}
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the screen differs from %s (-update writes it anew):\n%s", file, got)
	}
}

// TestChangedSnapshotChangesScreens: the screens are computed. Making the shared snapshot private moves the database from 25 to 20,
// as the first screen said it would.
func TestChangedSnapshotChangesScreens(t *testing.T) {
	before := sample(t, snapshot.Change{})
	first := screen(t, func(w *term.Screen) error { return sheet.Overview(w, before) })
	if !strings.Contains(first, "  25  trips-db ") || !strings.Contains(first, "25 → 20") {
		t.Fatalf("the sample does not begin with its shared snapshot:\n%s", first)
	}
	var private snapshot.Change
	for _, r := range before.Assessment.Snapshot.OfType("AWS::RDS::DBSnapshot") {
		shut := *r
		shut.Properties = map[string]any{}
		for k, v := range r.Properties {
			shut.Properties[k] = v
		}
		shut.Properties["SharedWith"] = []any{}
		private.Put = append(private.Put, shut)
	}
	after := sample(t, private)
	second := screen(t, func(w *term.Screen) error { return sheet.Overview(w, after) })
	if strings.Contains(second, "trips-0117") || !strings.Contains(second, "  20  trips-db ") {
		t.Errorf("after the snapshot is private the screen still says:\n%s", second)
	}
}

// TestSameBytes: two judgements of one snapshot print the same.
func TestSameBytes(t *testing.T) {
	write := func() string {
		p := sample(t, snapshot.Change{})
		return screen(t, func(w *term.Screen) error { return sheet.Risk(w, p, true) })
	}
	first := write()
	for range 3 {
		if write() != first {
			t.Fatal("two runs differ")
		}
	}
}

// TestSumsAreTheSumsComputed: the terms that are printed add up to the numbers beside them, for every row.
func TestSumsAreTheSumsComputed(t *testing.T) {
	p := sample(t, snapshot.Change{})
	out := sheet.JSON(p.Assessment, sheet.Gate, nil)
	if len(out.Rows) < 80 {
		t.Fatalf("only %d rows", len(out.Rows))
	}
	for _, r := range out.Rows {
		sum := func(ts []sheet.TermJSON) (n int) {
			for _, x := range ts {
				n += x.Points
			}
			return n
		}
		if got := sum(r.Why); got != r.Points {
			t.Errorf("%s %s: terms sum to %d, points are %d", r.ID, r.Access, got, r.Points)
		}
		if got := sum(r.BesideAccount.Why); got != r.BesideAccount.Points {
			t.Errorf("%s %s: terms beside the account sum to %d, points are %d", r.ID, r.Access, got, r.BesideAccount.Points)
		}
		if got := sum(r.ImpactWhy); got != r.Impact {
			t.Errorf("%s %s: terms sum to %d, impact is %d", r.ID, r.Access, got, r.Impact)
		}
		if r.Risk != r.Impact*r.Likelihood || r.High != r.Risk || r.Low > r.High || r.Risk < r.BesideAccount.Risk {
			t.Errorf("%s %s: impact %d, likelihood %d, risk %d, low %d, high %d, beside %d", r.ID, r.Access, r.Impact, r.Likelihood, r.Risk, r.Low, r.High, r.BesideAccount.Risk)
		}
	}
}
