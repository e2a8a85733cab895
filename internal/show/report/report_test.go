package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/footing-dev/footing/demo"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/show/report"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

func judged(t *testing.T, s *snapshot.Snapshot, m *threatmodel.Model) *assess.Assessment {
	t.Helper()
	a, err := assess.Of(assess.Input{Snapshot: s, Model: m})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func told(a *assess.Assessment) *report.Report {
	return report.Of(sheet.Page{Assessment: a, Now: time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC), Gate: sheet.Gate,
		Command: func(v string) string { return "footing " + v }, Program: "footing"}, report.Beside{Review: report.Review{Days: 90}})
}

// sample is the sample account; change may state more of it.
func sample(t *testing.T, change func(*snapshot.Snapshot, *threatmodel.Model)) (*report.Report, *assess.Assessment) {
	t.Helper()
	s, err := demo.Open()
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(s.Snapshot, s.Model)
		s.Snapshot.Seal()
	}
	a := judged(t, s.Snapshot, s.Model)
	return told(a), a
}

// TestSteps: the sample's steps, as its story has them, and every number judged anew from nothing but the cuts.
func TestSteps(t *testing.T) {
	r, a := sample(t, nil)
	type change struct {
		id            string
		before, after int
	}
	var got []change
	for _, s := range r.Steps {
		got = append(got, change{s.ID, s.Before, s.After})
	}
	want := []change{{"trips-db", 25, 20}, {"account", 20, 15}, {"trips-db", 20, 15}, {"guest-uploads", 16, 12}, {"account", 15, 10}}
	if !slices.Equal(got, want) {
		t.Fatalf("steps %v, want %v", got, want)
	}
	if r.Highest != 25 || r.After != 15 || r.Left != 2 {
		t.Errorf("%d → %d, %d left", r.Highest, r.After, r.Left)
	}
	var cuts []string
	for _, s := range r.Steps {
		cuts = append(cuts, s.Cuts...)
		again, err := assess.Of(assess.Input{Snapshot: a.Snapshot, Model: a.Model, Cut: cuts})
		if err != nil {
			t.Fatal(err)
		}
		if missed := again.Access.Missed(); len(missed) > 0 {
			t.Errorf("%s: %v meets nothing", s.ID, missed)
		}
		want, _ := access.ParseCapability(s.Access)
		key, _ := sheet.Find(again, s.ID)
		if row := sheet.RowOf(again, key, want); row.Risk() != s.After {
			t.Errorf("%s: judged from nothing it is %d, the step says %d", s.ID, row.Risk(), s.After)
		}
	}
}

// TestStepsKeepWhatIsMeant: a way that people stated, or that such a way goes through, is not cut.
func TestStepsKeepWhatIsMeant(t *testing.T) {
	cutsAPI := func(r *report.Report) bool {
		return slices.ContainsFunc(r.Steps, func(s report.Step) bool {
			return slices.ContainsFunc(s.Says, func(x string) bool { return strings.Contains(x, "from api") })
		})
	}
	if r, _ := sample(t, nil); cutsAPI(r) {
		t.Error("the service that is meant to read the database loses its secret")
	}
	r, _ := sample(t, func(_ *snapshot.Snapshot, m *threatmodel.Model) { m.UseCases = nil })
	if !cutsAPI(r) {
		t.Error("nobody said that it is meant, and it stays: this test looks at nothing")
	}
}

// TestStepsAreFirstWhatPeoplePlanned: a stated mitigation that is not in place comes before a cut of our own, with what it does by its effect.
func TestStepsAreFirstWhatPeoplePlanned(t *testing.T) {
	state := func(status string) func(*snapshot.Snapshot, *threatmodel.Model) {
		return func(_ *snapshot.Snapshot, m *threatmodel.Model) {
			m.Mitigations = []threatmodel.Mitigation{
				{ID: "M-idle", Say: "Nothing that helps.", Status: "planned", Effects: []threatmodel.Effect{{Guard: "mfa", Where: threatmodel.Where{Entry: threatmodel.Words{"sso"}}}}},
				{ID: "M-key", Say: "The build signs in, and keeps no key.", Status: status, Owner: "lena", Due: "2026-12-10",
					Effects: []threatmodel.Effect{{Close: true, Where: threatmodel.Where{Entry: threatmodel.Words{"access-key"}}}}},
			}
		}
	}
	find := func(r *report.Report) *report.Step {
		i := slices.IndexFunc(r.Steps, func(s report.Step) bool { return s.Mitigation != "" })
		if i < 0 {
			return nil
		}
		return &r.Steps[i]
	}
	r, a := sample(t, state("planned"))
	s := find(r)
	if s == nil || s.Mitigation != "M-key" || s.ID != "guest-uploads" || s.Before != 16 || s.After != 12 || s.Owner != "lena" || s.Due != "2026-12-10" || len(s.Cuts) != 0 {
		t.Fatalf("%+v", s)
	}
	key, _ := sheet.Find(a, "guest-uploads")
	if row := sheet.RowOf(a.Supposing("M-key"), key, access.Read); row.Risk() != s.After {
		t.Errorf("risk --with says %d, the step %d", row.Risk(), s.After)
	}
	if r, _ := sample(t, state("in-place")); find(r) != nil {
		t.Error("what is in place is a step")
	}
}

// TestOtherSheets: each of them has its lines, and a line names the row whose numbers it shows.
func TestOtherSheets(t *testing.T) {
	r, _ := sample(t, nil)
	if !slices.Equal(report.Sheets(), []string{"resources", "components", "use-cases", "actors", "entry-points"}) {
		t.Errorf("sheets %v", report.Sheets())
	}
	lines := r.Sheet("actors")
	i := slices.IndexFunc(lines, func(l report.Line) bool { return l.ID == "bram" })
	if i < 0 || lines[i].Kind != "actor" || lines[i].Target != "account" || lines[i].Read.Risk() != 20 || lines[i].Worst != "bram, no MFA" {
		t.Errorf("bram is not told: %+v", lines)
	}
}

func TestCSV(t *testing.T) {
	r, a := sample(t, func(s *snapshot.Snapshot, m *threatmodel.Model) {
		m.Threats = []threatmodel.Threat{{ID: "T-1", Target: threatmodel.Target{ID: "guest-uploads"}, Mitigations: []string{"M-1"}}}
		m.Mitigations = []threatmodel.Mitigation{{ID: "M-1", Status: "planned"}}
		m.Review.Days = 90
	})
	var b bytes.Buffer
	if err := report.CSV(&b, r.Sheet("resources")); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "\n"); n != strings.Count(b.String(), "\r\n") || n != len(a.Sheet.Rows)/2+1 {
		t.Errorf("%d lines for %d rows", n, len(a.Sheet.Rows))
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, h := range rows[0] {
		at[h] = i
	}
	i := slices.IndexFunc(rows, func(r []string) bool { return r[0] == "guest-uploads" })
	for column, want := range map[string]string{"owner": "lena@otterslip.example", "class": "confidential", "read_impact": "4", "read_likelihood": "4", "read_risk": "16",
		"write_risk": "16", "action": "restrict", "state": "open", "worst_path": "key of ci-old, 412 days old", "paths": "4", "mitigation": "M-1 (planned)", "review": "2026-12-07", "standing": "to-fix"} {
		if c, ok := at[column]; !ok || rows[i][c] != want {
			t.Errorf("%s is %q, want %q", column, rows[i][c], want)
		}
	}
}

// TestCSVIsNoProgram: a cell that a spreadsheet would run becomes text, and is otherwise kept.
func TestCSVIsNoProgram(t *testing.T) {
	for _, name := range []string{"=1+1", "+1", "-1", "@sum(a1)", "\tx", "\rx", "＝1", "plain", "a=b", `with "quotes", and commas`, "two\nlines", "ü…漢"} {
		var b bytes.Buffer
		if err := report.CSV(&b, []report.Line{{ID: name, Owner: name, Worst: name}}); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll()
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		for _, c := range []int{0, 1, 11} {
			got := rows[1][c]
			if strings.ContainsAny(got[:1], "=+-@\t\r") || strings.HasPrefix(got, "＝") {
				t.Errorf("%q is written as %q", name, got)
			}
			if kept := strings.TrimPrefix(got, "'"); kept != name && kept != strings.ReplaceAll(name, "\r", "") {
				t.Errorf("%q came back as %q", name, got)
			}
		}
	}
}

func TestMarkdown(t *testing.T) {
	r, _ := sample(t, func(s *snapshot.Snapshot, _ *threatmodel.Model) {
		for i := range s.Resources {
			if s.Resources[i].Name == "cold-backups" {
				s.Resources[i].Name = "<img src=x>|[a](b) @all"
			}
		}
	})
	var b bytes.Buffer
	if err := report.Markdown(&b, r); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, want := range []string{"## otterslip 111122223333\n", "4 to fix · 1 to watch · 1 not seen", "| trips-db | 25 | 20 |", "1. Make snapshot trips-0117 private. trips-db 25 → 20", "8…20 ?"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, not := range []string{"<img", "@all", "|[a]"} {
		if strings.Contains(text, not) {
			t.Errorf("%q is in\n%s", not, text)
		}
	}
}

type exported struct {
	Threats []struct {
		ID, Statement, Status, ThreatSource string
		NumericID                           int `json:"numericId"`
		Metadata                            []struct {
			Key   string
			Value any
		}
	}
	Mitigations []struct{ ID, Content, Status string }
	Links       []struct {
		MitigationID string `json:"mitigationId"`
		LinkedID     string `json:"linkedId"`
	} `json:"mitigationLinks"`
	Assumptions     []struct{ ID, Content string }
	AssumptionLinks []struct {
		AssumptionID string `json:"assumptionId"`
		LinkedID     string `json:"linkedId"`
	}
}

func export(t *testing.T, r *report.Report) (exported, []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := report.ThreatComposer(&b, r); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.NewCompiler().Compile("testdata/threat-composer/threat-composer-v1.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Fatalf("Threat Composer would not take it: %v", err)
	}
	var out exported
	if err := json.Unmarshal(b.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	return out, b.Bytes()
}

// TestThreatComposer: what is exported is valid by Threat Composer's own schema, links lead somewhere, and ids stay.
func TestThreatComposer(t *testing.T) {
	long := strings.Repeat("very long 💥 ", 200)
	states := func(_ *snapshot.Snapshot, m *threatmodel.Model) {
		m.Threats = []threatmodel.Threat{
			{ID: "T-uploads", Target: threatmodel.Target{ID: "guest-uploads", Access: "write"}, STRIDE: []string{"T", "D"}, Source: "an outsider who holds the build key", Action: "overwrite guest uploads",
				Impact: "loss of guests' files", Goal: "integrity", Mitigations: []string{"M-key", "M-none"}},
			{ID: "T-" + long, Target: threatmodel.Target{ID: "nothing"}, Source: long, Action: long, Impact: long, Goal: "availability"},
		}
		m.Mitigations = []threatmodel.Mitigation{{ID: "M-key", Say: "The build signs in, and keeps no key.", Status: "in-place", Owner: "ana", Due: "2026-12-10", Change: "ci.tf"}, {ID: "M-" + long, Say: long, Status: "planned"}}
		said := threatmodel.Said{Reason: "closed by the partner's firewall", By: "ana", Date: "2026-11-01"}
		m.Overrides = []threatmodel.Override{{Said: said, Target: threatmodel.Target{ID: "trips-db", Access: "read"}, Likelihood: 2, Until: "2027-03-01"}}
		m.Waivers = []threatmodel.Waiver{{Said: said, Threat: "T-uploads", Until: "2027-01-31", MaxRisk: 16}}
		m.Attestations = []threatmodel.Attestation{{Said: said, Rule: "root-mail", Until: "2027-01-31"}}
	}
	r, _ := sample(t, states)
	got, first := export(t, r)
	ids := map[string]bool{}
	version5 := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	id := func(x string) {
		if ids[x] || !version5.MatchString(x) {
			t.Errorf("the id %s", x)
		}
		ids[x] = true
	}
	says := map[string]string{}
	for i, x := range got.Threats {
		id(x.ID)
		says[x.Statement] = x.ID
		if x.NumericID != i+1 {
			t.Errorf("threat %d is number %d", i, x.NumericID)
		}
	}
	for _, x := range got.Mitigations {
		id(x.ID)
	}
	for _, x := range got.Assumptions {
		id(x.ID)
	}
	for _, l := range got.Links {
		if !ids[l.MitigationID] || !ids[l.LinkedID] {
			t.Errorf("%+v leads nowhere", l)
		}
	}
	for _, l := range got.AssumptionLinks {
		if !ids[l.AssumptionID] || !ids[l.LinkedID] {
			t.Errorf("%+v leads nowhere", l)
		}
	}
	if len(got.AssumptionLinks) != 2 || len(got.Assumptions) != 5 {
		t.Errorf("%d assumptions, %d of their links", len(got.Assumptions), len(got.AssumptionLinks))
	}
	stated := "An outsider who holds the build key can overwrite guest uploads, which leads to loss of guests' files, resulting in reduced integrity of guest-uploads"
	if says[stated] == "" {
		t.Errorf("no %q", stated)
	}
	found := "A thief of an access key who comes in as: key of ci-old, 412 days old can read guest-uploads, which leads to the disclosure of confidential data, resulting in reduced confidentiality of guest-uploads"
	if says[found] == "" {
		t.Errorf("no %q", found)
	}
	for s := range says {
		if strings.Contains(s, "change or delete guest-uploads") {
			t.Error("a threat that people stated is there twice")
		}
	}
	r, _ = sample(t, states)
	if _, again := export(t, r); !bytes.Equal(first, again) {
		t.Error("two exports differ")
	}
}

// TestThreatComposerKeepsIDs: a resource that goes moves numbers, and no id.
func TestThreatComposerKeepsIDs(t *testing.T) {
	r, _ := sample(t, nil)
	all, _ := export(t, r)
	fewer, _ := sample(t, func(s *snapshot.Snapshot, _ *threatmodel.Model) {
		s.Resources = slices.DeleteFunc(s.Resources, func(r snapshot.Resource) bool { return r.Name == "guest-uploads" })
	})
	less, _ := export(t, fewer)
	if len(less.Threats) >= len(all.Threats) || len(less.Threats) < 4 {
		t.Fatalf("%d threats, then %d", len(all.Threats), len(less.Threats))
	}
	known := map[string]bool{}
	for _, x := range all.Threats {
		known[x.ID] = true
	}
	for _, x := range less.Threats {
		if !known[x.ID] {
			t.Errorf("%q has a new id", x.Statement)
		}
	}
}
