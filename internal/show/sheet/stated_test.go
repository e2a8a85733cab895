package sheet_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/demo"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

const owner = "hugo@otterslip.example"

// stated judges the sample account as if its people had stated more.
func stated(t *testing.T, more func(*threatmodel.Model)) sheet.Page {
	t.Helper()
	s, err := demo.Open()
	if err != nil {
		t.Fatal(err)
	}
	if more != nil {
		more(s.Model)
	}
	holds := func(objective string, r *risk.Row) bool { return objective == "CO-1" && r.ID == "guest-uploads" }
	a, err := assess.Of(assess.Input{Snapshot: s.Snapshot, Model: s.Model, Now: s.Snapshot.Taken, File: "footing.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	a.Sheet.Settle(holds)
	return sheet.Page{Assessment: a, Now: s.Snapshot.Taken, Gate: sheet.Gate, Program: "footing", Command: func(verb string) string { return "footing " + verb + " --demo" }}
}

var (
	said       = threatmodel.Said{Reason: "The snapshot holds made-up trips only.", By: owner, Date: "2026-11-20", Line: 31}
	mitigation = []threatmodel.Mitigation{
		{ID: "M-ci-oidc", Say: "The build signs in by OIDC, and keeps no key.", Status: "planned", Due: "2026-12-10", Effects: []threatmodel.Effect{
			{Replace: access.OIDCPinned, Where: threatmodel.Where{Entry: threatmodel.Words{access.AccessKey}, Principal: threatmodel.Words{"user/ci-old"}}}}},
		{ID: "M-private", Say: "The snapshot is private.", Status: "proposed", Effects: []threatmodel.Effect{
			{Steps: []string{"anonymous>arn:aws:rds:eu-west-1:111122223333:snapshot:trips-0117"}}}},
		{ID: "M-done", Say: "Hosts ask for a token.", Status: "in-place", Effects: []threatmodel.Effect{
			{Fact: access.IMDSv1, Where: threatmodel.Where{Entry: threatmodel.Words{access.WebHost}}}}},
		{ID: "M-open", Say: "Put the development host behind nothing.", Status: "proposed", Effects: []threatmodel.Effect{
			{Replace: access.Public, Where: threatmodel.Where{Entry: threatmodel.Words{access.ExposedHost}}}}},
	}
)

// everything is what a team may have stated after a year.
func everything(m *threatmodel.Model) {
	m.Thresholds[1].Objective = "CO-1"
	m.Mitigations = mitigation
	m.Resources = append(m.Resources, threatmodel.Resource{ID: "registrar", Asset: "domain registrar", Owner: owner, Impact: threatmodel.Impact{Read: 1, Write: 4, Reason: "mail and web stop", By: owner, Date: "2026-11-02"}})
	m.People = []threatmodel.Person{{ID: "bram", Name: "Bram", Bind: threatmodel.Bind{ARN: threatmodel.Words{"arn:aws:iam::111122223333:user/bram", "arn:aws:iam::111122223333:user/ci-old"}}}}
	m.Components = []threatmodel.Component{{ID: "booking", Bind: threatmodel.Bind{ARN: threatmodel.Words{"arn:aws:iam::111122223333:role/api"}}, Uses: []string{"trips-db"}, Owner: "lena@otterslip.example"}}
	m.EntryPoints = []threatmodel.EntryPoint{{ID: "build keys", Kind: threatmodel.Words{access.AccessKey}}}
	m.Threats = []threatmodel.Threat{{ID: "T-uploads", Target: threatmodel.Target{ID: "guest-uploads", Access: "write"}, Mitigations: []string{"M-ci-oidc"}}}
	m.Overrides = []threatmodel.Override{
		{Said: said, Target: threatmodel.Target{ID: "trips-db", Access: "read"}, Likelihood: 2, Until: "2027-03-01"},
		{Said: said, Target: threatmodel.Target{ID: "website", Access: "write"}, Likelihood: 1, Until: "2027-03-01", Evidence: "20p-1w-20t-000000000000"},
	}
	m.Waivers = []threatmodel.Waiver{{Said: threatmodel.Said{Reason: "Until the second administrator joins.", By: owner, Date: "2026-11-20", Line: 40}, Target: threatmodel.Target{ID: "account"}, Until: "2027-01-31", MaxRisk: 20}}
	evident := assess.Input{Model: threatmodel.Default()}
	s, err := demo.Open()
	if err != nil {
		panic(err)
	}
	evident.Snapshot, evident.Model = s.Snapshot, s.Model
	evident.Model.People = m.People
	a, err := assess.Of(evident)
	if err != nil {
		panic(err)
	}
	for i := range a.Sheet.Rows {
		if r := &a.Sheet.Rows[i]; r.ID == "trips-db" && r.Access == access.Read {
			m.Overrides[0].Evidence = a.Sheet.Evidence(r)
		}
	}
}

// The screens of what people state.
func TestStatedScreens(t *testing.T) {
	p := stated(t, everything)
	one := func(id string, c access.Capability) func(*term.Screen) error {
		return func(w *term.Screen) error { return sheet.One(w, p, find(t, p, id), c, false) }
	}
	with := func(ids ...string) func(*term.Screen) error {
		return func(w *term.Screen) error {
			return sheet.With(w, p, supposed(p, ids...), func(*risk.Row) bool { return true }, false)
		}
	}
	groups := func(word, kind string) func(*term.Screen) error {
		return func(w *term.Screen) error { return sheet.Groups(w, p, word, p.Assessment.Sheet.Grouped(kind), false) }
	}
	for _, s := range []struct {
		name  string
		write func(*term.Screen) error
	}{
		{"stated-overview", func(w *term.Screen) error { return sheet.Overview(w, p) }},
		{"stated-risk", func(w *term.Screen) error { return sheet.Risk(w, p, false) }},
		{"stated-override", one("trips-db", access.Read)},
		{"stated-stale", one("website", access.Write)},
		{"stated-waiver", one("account", access.Read)},
		{"stated-in-force", one("guest-uploads", access.Read)},
		{"stated-asset", one("registrar", access.Write)},
		{"evidence", func(w *term.Screen) error {
			return sheet.Evidence(w, p, find(t, p, "guest-uploads"), access.None)
		}},
		{"with", with("M-ci-oidc", "M-private")},
		{"with-nothing", with("M-done")},
		{"with-worse", with("M-open")},
		{"components", groups("components", risk.Component)},
		{"use-cases", groups("use-cases", risk.UseCase)},
		{"actors", groups("actors", risk.Actor)},
		{"entry-points", groups("entry-points", risk.EntryPoint)},
	} {
		t.Run(s.name, func(t *testing.T) { golden(t, s.name, 24, screen(t, s.write)) })
	}
}

func supposed(p sheet.Page, ids ...string) *sheet.Supposed {
	out := &sheet.Supposed{Before: p.Assessment, After: p.Assessment.Supposing(ids...)}
	for _, m := range p.Assessment.Model.Mitigations {
		for _, id := range ids {
			if m.ID == id {
				out.Mitigations = append(out.Mitigations, m)
			}
		}
	}
	out.Touched = p.Assessment.Touched(out.Mitigations)
	return out
}

// Before and after of every row stand in the JSON of a what-if, and the row itself is the one after.
func TestSupposedJSON(t *testing.T) {
	p := stated(t, func(m *threatmodel.Model) { m.Mitigations = mitigation })
	out := sheet.SupposedJSON(supposed(p, "M-private"), sheet.Gate, nil)
	if len(out.With) != 1 || out.With[0] != "M-private" {
		t.Errorf("with %v", out.With)
	}
	moved := 0
	for _, r := range out.Rows {
		if r.Before == nil || r.After == nil || r.After.Risk != r.Risk || r.After.BesideAccount.Risk != r.BesideAccount.Risk || r.After.Points != r.Points {
			t.Fatalf("%s %s: before %+v, after %+v", r.ID, r.Access, r.Before, r.After)
		}
		if r.Before.Risk == r.After.Risk {
			continue
		}
		moved++
		if r.ID+r.Access != "trips-dbread" && r.ToldBy == "" || r.ID == "trips-db" && (r.Before.Risk != 25 || r.After.Risk != 20) {
			t.Errorf("%s %s: %d → %d", r.ID, r.Access, r.Before.Risk, r.After.Risk)
		}
	}
	if moved == 0 {
		t.Error("nothing moved")
	}
}

// The fields that people's words have in JSON.
func TestStatedJSON(t *testing.T) {
	p := stated(t, everything)
	rows := map[string]sheet.RowJSON{}
	out := sheet.OneJSON(p.Assessment, sheet.Gate, nil)
	for _, r := range out.Rows {
		rows[r.ID+":"+r.Access] = r
	}
	r := rows["trips-db:read"]
	if r.Likelihood != 2 || r.Risk != 10 || r.Computed.Likelihood != 5 || r.Computed.Points != r.Points || r.Override == nil || r.Override.Standing != "in-force" || r.Evidence != r.Override.Evidence || r.Review != "2027-03-01" {
		t.Errorf("overridden: %+v", r)
	}
	if r.Excess == 0 || r.Excess >= r.Paths || len(r.Ways) != r.Paths || *r.Ways[0].Path.Meant != "" || r.BesideAccount.Excess >= r.Excess {
		t.Errorf("%d of %d ways in excess", r.Excess, r.Paths)
	}
	meant := 0
	for _, w := range r.Ways {
		n := 0
		for _, x := range w.Why {
			n += x.Points
		}
		if n != w.Points {
			t.Errorf("terms make %d, not %d", n, w.Points)
		}
		if *w.Path.Meant == "book a boat" {
			meant++
		}
	}
	if meant != 1 {
		t.Errorf("%d ways are meant for booking", meant)
	}
	if r := rows["website:write"]; r.Override == nil || r.Override.Standing != "stale" || r.Likelihood != r.Computed.Likelihood {
		t.Errorf("stale: %+v", r.Override)
	}
	if r := rows["account:write"]; r.State != "accepted" || r.Waiver == nil || r.Waiver.MaxRisk != 20 || r.Review != "2027-01-31" {
		t.Errorf("accepted: %s %+v", r.State, r.Waiver)
	}
	if r := rows["guest-uploads:write"]; r.State != "in-force" || strings.Join(r.Threats, " ") != "T-uploads" || strings.Join(r.Mitigations, " ") != "M-ci-oidc" {
		t.Errorf("in force: %s, threats %v, mitigations %v", r.State, r.Threats, r.Mitigations)
	}
	if r := rows["registrar:write"]; r.Low != 4 || r.High != 20 || r.Impact != 4 || len(r.Why) == 0 || r.Owner != owner || r.ARN == "" {
		t.Errorf("outside AWS: %+v", r)
	}
	if r := rows["website:write"]; r.Review != p.Assessment.Snapshot.Taken.AddDate(0, 0, 90).Format(time.DateOnly) {
		t.Errorf("looked at again on %q", r.Review)
	}
}

// TestPrintedSums: for every row, of the sample and of accounts that are the sample with much of it taken away or not read, the terms on the
// screen add up to the numbers on the screen, and those are the numbers of the row.
func TestPrintedSums(t *testing.T) {
	s, err := demo.Open()
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 11))
		var change snapshot.Change
		for i := range s.Snapshot.Resources {
			switch x := s.Snapshot.Resources[i]; {
			case seed == 0:
			case r.IntN(8) == 0:
				change.Remove = append(change.Remove, x.Key)
			case r.IntN(8) == 0:
				x.Policy, x.Unknown = nil, append(slices.Clone(x.Unknown), "Policy", "Policies", "VersioningConfiguration")
				change.Put = append(change.Put, x)
			}
		}
		p := sample(t, change)
		for i := range p.Assessment.Sheet.Rows {
			row := p.Assessment.Sheet.Rows[i]
			looked++
			text := screen(t, func(w *term.Screen) error { return sheet.One(w, p, row.Key, row.Access, false) })
			impact, likelihood, total := printed(t, text)
			if impact != row.Impact.Level || likelihood != total || total != row.Beside.Points {
				t.Errorf("seed %d: impact %d, terms %d, sum %d; the row has %d and %d:\n%s", seed, impact, likelihood, total, row.Impact.Level, row.Beside.Points, text)
			}
		}
	}
	if looked < 300 {
		t.Errorf("only %d rows were looked at", looked)
	}
}

// printed reads the arithmetic of a screen: the terms of the impact, those of the likelihood, and the sum under the line.
func printed(t *testing.T, text string) (impact, likelihood, total int) {
	t.Helper()
	number := func(line string) int {
		line = string([]rune(line)[68:])
		sign := 1
		if strings.Contains(line, "−") {
			sign = -1
		}
		n, err := strconv.Atoi(strings.Trim(line, " +−"))
		if err != nil {
			t.Fatalf("no number at the end of %q:\n%s", line, text)
		}
		return sign * n
	}
	part, under := "", false
	for _, line := range strings.Split(text, "\n")[2:] {
		if label, _, _ := strings.Cut(line, " "); label != "" {
			part = label
		}
		switch {
		case line == "":
			return impact, likelihood, total
		case strings.Contains(line, "─"):
			under = true
		case strings.Contains(line, "on what was seen alone"):
		case under:
			return impact, likelihood, number(line)
		case part == "Impact":
			impact += number(line)
		default:
			likelihood += number(line)
		}
	}
	return impact, likelihood, total
}

// Where nobody stated anything, the sheet says what holds instead.
func TestDefaultsAreSaid(t *testing.T) {
	s, err := demo.Open()
	if err != nil {
		t.Fatal(err)
	}
	a, err := assess.Of(assess.Input{Snapshot: s.Snapshot})
	if err != nil {
		t.Fatal(err)
	}
	p := sheet.Page{Assessment: a, Now: s.Snapshot.Taken, Gate: sheet.Gate, Program: "footing", Command: func(verb string) string { return "footing " + verb }}
	got := screen(t, func(w *term.Screen) error { return sheet.Risk(w, p, false) })
	if want := "\n State  footing init; until then the defaults: 20 fix now, 15 restrict, 10 watch\n"; !strings.HasSuffix(got, want) || strings.Count(got, "\n") > 24 {
		t.Errorf("the screen does not end with %q:\n%s", want, got)
	}
}

// What somebody stated as meant is guarded, and not the first thing to cut.
func TestMeantIsNotCut(t *testing.T) {
	s, err := demo.Open()
	if err != nil {
		t.Fatal(err)
	}
	for needs, want := range map[string]string{
		"other: [read]": "First  cut anyone on AWS ▸ snapshot trips-0117: trips-db 25 → 20",
		"trips: [read]": "First  cut dev-box, port 22 open: trips-db-login 20 → 15",
	} {
		m, err := threatmodel.Parse("footing.yaml", []byte(`
resources:
  - {id: trips, bind: {arn: "*:db:trips-db"}}
  - {id: other, bind: {arn: "arn:aws:s3:::invoices"}}
actors:
  - {id: internet, kind: anonymous, outside: true}
use_cases:
  - {id: open-data, actor: internet, needs: {`+needs+`}}
`))
		if err != nil {
			t.Fatal(err)
		}
		a, err := assess.Of(assess.Input{Snapshot: s.Snapshot, Model: m})
		if err != nil {
			t.Fatal(err)
		}
		p := sheet.Page{Assessment: a, Now: s.Snapshot.Taken, Gate: sheet.Gate, Program: "footing", Command: func(verb string) string { return "footing " + verb }}
		got := strings.ReplaceAll(screen(t, func(w *term.Screen) error { return sheet.Risk(w, p, false) }), "trips ", "trips-db ")
		if !strings.Contains(strings.ReplaceAll(got, "trips:", "trips-db:"), want) {
			t.Errorf("%s: no %q in\n%s", needs, want, got)
		}
		over := screen(t, func(w *term.Screen) error { return sheet.Overview(w, p) })
		if cut := strings.Contains(over, "anyone on AWS ──x"); cut == strings.HasPrefix(needs, "trips") {
			t.Errorf("%s: the overview begins with\n%s", needs, over)
		}
	}
}
