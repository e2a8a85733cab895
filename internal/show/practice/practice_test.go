package practice_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/catalog/practice"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/evidence"
	told "github.com/footing-dev/footing/internal/show/practice"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

var taken = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// view judges an account on which every rule of a table came to the same.
func view(t *testing.T, name, long string, outcome func(n int) check.Outcome) told.View {
	t.Helper()
	s := &snapshot.Snapshot{Account: "111122223333", Name: "acme", Partition: "aws", Taken: taken, ID: "20261122T090000Z-000001", Regions: []string{"", "eu-west-1"}}
	s.Seal()
	m := threatmodel.Default()
	m.Name, m.DefaultOwner = long, "a"
	as, err := assess.Of(assess.Input{Snapshot: s, Model: m})
	if err != nil {
		t.Fatal(err)
	}
	table, _ := practice.Load(name)
	var rules []check.Result
	for _, g := range table.Groups {
		for _, i := range g.Items {
			for _, r := range i.Rules {
				rules = append(rules, check.Result{Rule: r, Outcome: outcome(len(rules)), Risk: 1 + len(rules)%25, Says: "the thing " + r + " is so" + long, Fingerprint: r})
			}
		}
	}
	groups := evidence.Judge(table, evidence.Input{Case: as.Case(), Rules: rules})
	p := sheet.Page{Assessment: as, Now: taken, Gate: sheet.Gate, Program: "footing", Command: func(c string) string { return "footing " + c }}
	return told.View{Checked: sheet.Checked{Page: p, Rules: rules}, Table: table, Groups: groups, By: name}
}

func always(o check.Outcome) func(int) check.Outcome { return func(int) check.Outcome { return o } }

var outcomes = []check.Outcome{check.Pass, check.Fail, check.Unknown, check.Manual, check.NotApplicable, check.Waived}

// Whatever came out, a screen has 80 columns and 24 lines, and counts every item once.
func TestScreen(t *testing.T) {
	for _, name := range practice.Names() {
		for which := range 8 {
			outcome := func(n int) check.Outcome { return outcomes[n%len(outcomes)] }
			if which < len(outcomes) {
				outcome = always(outcomes[which])
			}
			v := view(t, name, strings.Repeat(" and much more", 9), outcome)
			var b bytes.Buffer
			if err := told.Text(term.Paper(&b), v); err != nil {
				t.Fatal(err)
			}
			screen := strings.TrimSuffix(b.String(), "\n")
			if n := strings.Count(screen, "\n") + 1; n > 24 {
				t.Errorf("%s has %d lines:\n%s", name, n, screen)
			}
			for line := range strings.SplitSeq(screen, "\n") {
				if term.Width(line) > 80 || strings.HasSuffix(line, " ") {
					t.Errorf("%s: %q", name, line)
				}
			}
			doc := told.Document(v)
			sum, items := 0, 0
			for _, n := range doc.By.Summary {
				sum += n
			}
			for _, g := range doc.By.Groups {
				items += len(g.Items)
			}
			if sum != items || !strings.Contains(screen, fmt.Sprintf(" · %d items", items)) {
				t.Errorf("%s: %d states of %d items:\n%s", name, sum, items, screen)
			}
		}
	}
}

func TestForms(t *testing.T) {
	v := view(t, "sec", "|<b>", always(check.Fail))
	var b bytes.Buffer
	if err := told.CSV(&b, v); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(rows) != 64 || rows[2][2] != "SEC01-BP02" || rows[2][5] != "failing" {
		t.Errorf("%v: %d rows, %q", err, len(rows), rows[2])
	}
	b.Reset()
	if err := told.Markdown(&b, v); err != nil {
		t.Fatal(err)
	}
	md := b.String()
	for _, want := range []string{"\n## Application security\n", "**SEC08** How do you protect your data at rest?", "| **SEC08-BP02** Enforce encryption at rest | fails | most | DAT-02, DAT-01: the thing DAT-02 is so\\|&lt;b><br>Sees volumes", "| Sustainability |"} {
		if !strings.Contains(md, want) {
			t.Errorf("no %q in\n%s", want, md)
		}
	}
	if strings.Count(md, "\n## ") != 8 { // seven areas, and the pillars
		t.Errorf("%d headings", strings.Count(md, "\n## "))
	}
}

// What somebody wrote into a snapshot's file is no command, no account and no Region.
func TestToolOfStrangeNames(t *testing.T) {
	v := view(t, "sec", "", always(check.Pass))
	s := v.Assessment.Snapshot
	s.ID, s.Account, s.Regions = "x$(touch /tmp/x)`id`\"'\x1b[31m\nrm "+strings.Repeat("é", 90), "1'; rm -rf /", []string{"", "*", "eu-west-1", "global", "us-gov-west-1"}
	files, err := told.Tool(v)
	if err != nil {
		t.Fatal(err)
	}
	var w struct{ AccountIds, AwsRegions []string }
	if err := json.Unmarshal(files[0].Text, &w); err != nil || len(w.AccountIds) != 0 || strings.Join(w.AwsRegions, " ") != "eu-west-1 us-gov-west-1" {
		t.Errorf("%v: %+v", err, w)
	}
	_, name, _ := strings.Cut(string(files[12].Text), "--milestone-name ")
	if !regexp.MustCompile(`^"footing [A-Za-z0-9_.-]{1,90}"\n$`).MatchString(name) {
		t.Errorf("the milestone is %q", name)
	}
}

// What the tool is given keeps within its limits, and selects nothing of which a part was seen, or of which something is unknown.
func TestTool(t *testing.T) {
	long := strings.Repeat(" wörds", 90)
	for _, o := range outcomes {
		v := view(t, "sec", long, always(o))
		files, err := told.Tool(v)
		if err != nil {
			t.Fatal(err)
		}
		if len(files) != 14 {
			t.Fatalf("%d files", len(files))
		}
		status := map[string]string{}
		for _, f := range files[1:12] {
			var a struct {
				LensAlias, Notes string
				ChoiceUpdates    map[string]struct{ Status, Reason, Notes string }
			}
			if err := json.Unmarshal(f.Text, &a); err != nil {
				t.Fatal(err)
			}
			if len(a.Notes) > 2084 || a.Notes == "" || a.LensAlias != "wellarchitected" {
				t.Errorf("%s %s: notes of %d", o, f.Name, len(a.Notes))
			}
			for id, c := range a.ChoiceUpdates {
				status[id] = c.Status
				if len(c.Notes) > 250 || len(id) > 64 || (c.Reason != "") != (c.Status == "NOT_APPLICABLE") {
					t.Errorf("%s %s: %+v", o, id, c)
				}
			}
		}
		for _, g := range v.Groups {
			for _, f := range g.Findings {
				want := ""
				switch {
				case f.Choice == "":
				case f.State == evidence.Failing, f.State == evidence.Waived:
					want = "UNSELECTED"
				case f.State == evidence.Evidenced && f.Sees == practice.Most:
					want = "SELECTED"
				case f.State == evidence.NotApplicable && f.Sees == practice.Most:
					want = "NOT_APPLICABLE"
				}
				if status[f.Slug] != want {
					t.Errorf("%s: %s is %s, sees %s: %q, not %q", o, f.ID, f.State, f.Sees, status[f.Slug], want)
				}
			}
		}
		var w struct{ WorkloadName, Description, ReviewOwner string }
		if err := json.Unmarshal(files[0].Text, &w); err != nil || len(w.WorkloadName) > 100 || len(w.Description) > 250 || w.ReviewOwner != "" {
			t.Errorf("%v: %+v", err, w)
		}
		if readme := string(files[13].Text); o == check.NotApplicable && (strings.Contains(readme, "and that holds") || !strings.Contains(readme, "and that is about nothing here")) {
			t.Errorf("nothing is there, and it holds:\n%s", readme)
		} else if !strings.Contains(readme, "SEC05-BP04 Automate network protection: what the tool calls this choice is not known") {
			t.Errorf("the choice that is not known is not told:\n%s", readme)
		}
		if sh := string(files[12].Text); strings.Count(sh, "\naws wellarchitected update-answer ") != 11 || !strings.Contains(sh, `--milestone-name "footing 20261122T090000Z-000001"`) {
			t.Errorf("%s", sh)
		}
	}
}
