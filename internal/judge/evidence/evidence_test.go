package evidence_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/catalog/practice"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/evidence"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

var now = time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)

// result is what a rule says of one thing.
func result(rule string, o check.Outcome, risk int, refs ...string) check.Result {
	return check.Result{Rule: rule, Outcome: o, Risk: risk, Says: rule + " says " + o.String(), Refs: refs, Fingerprint: check.Fingerprint(rule, o.String())}
}

// of judges one practice of the security pillar.
func of(t *testing.T, in evidence.Input, id string) evidence.Finding {
	t.Helper()
	table, _ := practice.Load("sec")
	for _, g := range evidence.Judge(table, in) {
		for _, f := range g.Findings {
			if f.ID == id {
				return f
			}
		}
	}
	t.Fatalf("no %s", id)
	return evidence.Finding{}
}

// all are passing results of the rules that the table names for a practice.
func all(t *testing.T, id string) []check.Result {
	t.Helper()
	var out []check.Result
	for _, rule := range of(t, evidence.Input{Case: check.Case{Now: now}}, id).Rules {
		out = append(out, result(rule, check.Pass, 0))
	}
	return out
}

func word(rule, until string) *threatmodel.Model {
	return &threatmodel.Model{Attestations: []threatmodel.Attestation{{Rule: rule, Until: until, Said: threatmodel.Said{By: "ana", Date: "2026-11-01", Reason: "the plan is in the wiki"}}}}
}

// advised is what a rule of advice says that bears on two practices; forDays asks for a word that counts for so long.
func advised(o check.Outcome) check.Result {
	r := result("VM-09", o, 20, "wa:SEC08-BP02", "wa:SEC10-BP03")
	r.Advice = true
	return r
}

func forDays(days int) check.Result {
	r := result("GOV-09", check.Manual, 6)
	r.Days = days
	return r
}

func TestStates(t *testing.T) {
	advice := advised(check.Fail)
	byWord := result("GOV-09", check.Pass, 0)
	byWord.Attested = &threatmodel.Attestation{Said: threatmodel.Said{By: "ana"}}
	for name, c := range map[string]struct {
		id    string
		rules []check.Result
		model *threatmodel.Model
		want  evidence.State
		says  string
	}{
		"all hold":                         {"SEC08-BP02", all(t, "SEC08-BP02"), nil, evidence.Evidenced, "DAT-01, DAT-02 hold"},
		"one of two was not asked":         {"SEC08-BP02", all(t, "SEC08-BP02")[:1], nil, evidence.Unknown, "not judged by this program yet: DAT-02"},
		"no rule at all":                   {"SEC08-BP02", nil, nil, evidence.Unknown, "not judged by this program yet: DAT-01, DAT-02"},
		"one fails":                        {"SEC08-BP02", append(all(t, "SEC08-BP02"), result("DAT-02", check.Fail, 12)), nil, evidence.Failing, "DAT-02: DAT-02 says fail"},
		"one is unknown":                   {"SEC08-BP02", append(all(t, "SEC08-BP02"), result("DAT-02", check.Unknown, 12)), nil, evidence.Unknown, "DAT-02: DAT-02 says unknown"},
		"what fails beats the word":        {"SEC08-BP02", append(all(t, "SEC08-BP02"), result("DAT-02", check.Fail, 12)), word("SEC08-BP02", "2027-01-01"), evidence.Failing, "DAT-02: "},
		"what is unknown beats the word":   {"SEC08-BP02", append(all(t, "SEC08-BP02"), result("DAT-02", check.Unknown, 12)), word("SEC08-BP02", "2027-01-01"), evidence.Unknown, "DAT-02: "},
		"one is waived":                    {"SEC08-BP02", append(all(t, "SEC08-BP02"), result("DAT-02", check.Waived, 12)), nil, evidence.Waived, "DAT-02: "},
		"nothing there":                    {"SEC06-BP03", []check.Result{result("NET-04", check.NotApplicable, 0), result("VM-01", check.NotApplicable, 0), result("VM-02", check.NotApplicable, 0)}, nil, evidence.NotApplicable, "NET-04, VM-01, VM-02 are about nothing here"},
		"a rule that the table forgot":     {"SEC08-BP02", append(all(t, "SEC08-BP02"), result("XX-01", check.Fail, 3, "wa:SEC08-BP02")), nil, evidence.Failing, "XX-01: "},
		"another practice's failure":       {"SEC08-BP02", append(all(t, "SEC08-BP02"), result("XX-01", check.Fail, 3, "wa:SEC08-BP01")), nil, evidence.Evidenced, "DAT-01, DAT-02 hold"},
		"advice fails beside what holds":   {"SEC03-BP02", append(slices.DeleteFunc(all(t, "SEC03-BP02"), func(r check.Result) bool { return r.Rule == "VM-09" }), advice), nil, evidence.Failing, "VM-09: VM-09 says fail"},
		"advice is unknown beside it":      {"SEC08-BP02", append(all(t, "SEC08-BP02"), advised(check.Unknown)), nil, evidence.Unknown, "VM-09: VM-09 says unknown"},
		"advice wants a word beside it":    {"SEC08-BP02", append(all(t, "SEC08-BP02"), advised(check.Manual)), nil, evidence.Evidenced, "DAT-01, DAT-02 hold"},
		"advice alone wants a word":        {"SEC10-BP03", []check.Result{advised(check.Manual)}, nil, evidence.Unanswered, "VM-09: "},
		"waived beats the word":            {"SEC10-BP07", []check.Result{result("GOV-09", check.Waived, 6)}, word("SEC10-BP07", "2027-01-01"), evidence.Waived, "GOV-09: "},
		"waived beside what was answered":  {"SEC10-BP07", []check.Result{result("GOV-09", check.Manual, 6), result("XX-01", check.Waived, 6, "wa:SEC10-BP07")}, word("SEC10-BP07", "2027-01-01"), evidence.Waived, "XX-01: "},
		"waived beside what was not":       {"SEC10-BP07", []check.Result{result("GOV-09", check.Manual, 6), result("XX-01", check.Waived, 6, "wa:SEC10-BP07")}, nil, evidence.Unanswered, "GOV-09: "},
		"a word by another name, too old":  {"SEC10-BP07", []check.Result{forDays(20)}, word("SEC10-BP07", "2099-01-01"), evidence.Unanswered, "GOV-09: GOV-09 says manual; the word of ana is of 2026-11-01, and counts for 20 days"},
		"and one that is not":              {"SEC10-BP07", []check.Result{forDays(30)}, word("SEC10-BP07", "2099-01-01"), evidence.Attested, "ana said so"},
		"only people can tell, none did":   {"SEC10-BP03", nil, nil, evidence.Unanswered, "nobody gave his word for it"},
		"and one did":                      {"SEC10-BP03", nil, word("SEC10-BP03", "2027-01-01"), evidence.Attested, "ana said so on 2026-11-01, until 2027-01-01: the plan is in the wiki"},
		"by its slug":                      {"SEC10-BP03", nil, word("sec_incident_response_prepare_forensic", "2027-01-01"), evidence.Attested, "ana said so"},
		"by its reference":                 {"SEC10-BP03", nil, word("wa:SEC10-BP03", "2027-01-01"), evidence.Attested, "ana said so"},
		"too long ago":                     {"SEC10-BP03", nil, word("SEC10-BP03", "2026-11-25"), evidence.Unanswered, "nobody gave his word for it"},
		"about something else":             {"SEC10-BP03", nil, word("SEC10-BP02", "2027-01-01"), evidence.Unanswered, "nobody gave his word for it"},
		"a rule asks people":               {"SEC10-BP07", []check.Result{result("GOV-09", check.Manual, 6)}, nil, evidence.Unanswered, "GOV-09: "},
		"the word for the practice serves": {"SEC10-BP07", []check.Result{result("GOV-09", check.Manual, 6)}, word("SEC10-BP07", "2027-01-01"), evidence.Attested, "ana said so"},
		"the word for the rule serves":     {"SEC10-BP07", []check.Result{byWord}, nil, evidence.Attested, "GOV-09 holds"},
		"not covered":                      {"SEC11-BP04", nil, nil, evidence.NotCovered, "Not covered, because repositories are not read."},
		"not covered, and somebody's word": {"SEC11-BP04", nil, word("SEC11-BP04", "2027-01-01"), evidence.Attested, "ana said so"},
	} {
		f := of(t, evidence.Input{Case: check.Case{Now: now, Model: c.model}, Rules: c.rules}, c.id)
		if f.State != c.want || !strings.HasPrefix(f.Says, c.says) {
			t.Errorf("%s: %s: %q", name, f.State, f.Says)
		}
		if f.State == evidence.Evidenced && f.Sees < practice.Part {
			t.Errorf("%s: shown, and nothing of it is seen", name)
		}
	}
}

// What decides comes first, the highest risk before the others.
func TestWorst(t *testing.T) {
	rules := append(all(t, "SEC08-BP02"), result("DAT-02", check.Fail, 12), result("DAT-01", check.Fail, 20))
	f := of(t, evidence.Input{Case: check.Case{Now: now}, Rules: rules}, "SEC08-BP02")
	if f.Worst != 20 || f.Results[0].Rule != "DAT-01" || !strings.HasPrefix(f.Says, "DAT-01, DAT-02: DAT-01 says") {
		t.Errorf("%d, %s: %s", f.Worst, f.Results[0].Rule, f.Says)
	}
}

// Of an account of which nothing was read nothing is shown, and no practice is about nothing there.
func TestNothingRead(t *testing.T) {
	s := &snapshot.Snapshot{Account: "111122223333", Partition: "aws", Taken: now}
	s.Coverage = []snapshot.Coverage{{Service: "s3", Call: "s3:ListBuckets", Types: []string{"AWS::S3::Bucket"}, Outcome: snapshot.Denied, Reason: "AccessDenied"}}
	s.Seal()
	as, err := assess.Of(assess.Input{Snapshot: s})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range practice.Names() {
		table, _ := practice.Load(name)
		for _, g := range evidence.Judge(table, evidence.Input{Case: as.Case()}) {
			for _, f := range g.Findings {
				if f.State == evidence.Evidenced || f.State == evidence.NotApplicable || f.State == evidence.Attested || f.Says == "" {
					t.Errorf("%s %s is %s: %q", name, f.ID, f.State, f.Says)
				}
			}
		}
	}
}

const stated = `
footing: 1
account: "111122223333"
resources:
  - {id: orders, bind: {arn: "arn:aws:s3:::orders"}, class: restricted}
actors:
  - {id: ana, bind: {arn: "arn:aws:iam::111122223333:user/ana"}}
use_cases:
  - {id: sell, actor: ana, needs: {orders: [read]}}
objectives:
  - {id: few, must: at most 90 may read orders}
`

// What people state, and their reviews, are evidence of the practices that are about stating.
func TestStated(t *testing.T) {
	s := &snapshot.Snapshot{Account: "111122223333", Partition: "aws", Taken: now, Resources: []snapshot.Resource{
		{Key: "arn:aws:s3:::orders", Type: "AWS::S3::Bucket", Name: "orders"}, {Key: "arn:aws:s3:::drafts", Type: "AWS::S3::Bucket", Name: "drafts"}}}
	s.Seal()
	model, err := threatmodel.Parse("footing.yaml", []byte(stated))
	if err != nil {
		t.Fatal(err)
	}
	look := func(m *threatmodel.Model, reviewed time.Time, id string) []evidence.Stated {
		as, err := assess.Of(assess.Input{Snapshot: s, Model: m, File: "footing.yaml", Reviewed: reviewed})
		if err != nil {
			t.Fatal(err)
		}
		return of(t, evidence.Input{Case: as.Case(), Objectives: as.Objectives()}, id).Stated
	}
	signed := now.AddDate(0, 0, -10)
	for name, c := range map[string]struct {
		got  []evidence.Stated
		want check.Outcome
		says string
	}{
		"unread":          {look(model, signed, "SEC01-BP03"), check.Unknown, "1 objective is stated, and none could be judged"},
		"objectives":      {of(t, evidence.Input{Objectives: []check.Result{{Outcome: check.Fail}, {Outcome: check.Pass}}}, "SEC01-BP03").Stated, check.Pass, "2 objectives are stated and judged, and 1 of them broken"},
		"one unread":      {of(t, evidence.Input{Objectives: []check.Result{{Outcome: check.Unknown}, {Outcome: check.Pass}}}, "SEC01-BP03").Stated, check.Unknown, "2 objectives are stated, and 1 of them could not be judged"},
		"names nothing":   {look(&threatmodel.Model{}, signed, "SEC01-BP07")[:1], check.Manual, "footing.yaml names no thing, no actor and no threat: nobody said what matters"},
		"no objective":    {look(threatmodel.Default(), signed, "SEC01-BP03"), check.Manual, "no objective is stated in footing.yaml"},
		"use cases":       {look(model, signed, "SEC03-BP01"), check.Pass, "1 use case says who is meant to reach what"},
		"classes":         {look(model, signed, "SEC07-BP01"), check.Pass, "1 of 2 things have a class"},
		"no class":        {look(threatmodel.Default(), signed, "SEC07-BP01"), check.Manual, "none of 2 things has a class"},
		"reviewed":        {look(model, signed, "SEC01-BP07")[1:], check.Pass, "reviewed on 2026-11-16"},
		"never reviewed":  {look(model, time.Time{}, "SEC01-BP07")[1:], check.Manual, "nobody signed a review of it yet"},
		"a threat model":  {look(model, signed, "SEC01-BP07")[:1], check.Pass, "footing.yaml names 1 thing, 1 actor, 0 threats and 0 mitigations"},
		"not about words": {append(look(model, signed, "SEC08-BP02"), evidence.Stated{}), check.Unknown, ""},
	} {
		if len(c.got) != 1 || c.got[0].Outcome != c.want || c.got[0].Says != c.says {
			t.Errorf("%s: %+v", name, c.got)
		}
	}
}

// An objective by class that is broken is not made up for by one that holds.
func TestByClass(t *testing.T) {
	asks := func(id, target string) threatmodel.Objective {
		return threatmodel.Objective{ID: id, Must: []threatmodel.Assertion{{Targets: []string{target}}}}
	}
	m := &threatmodel.Model{Objectives: []threatmodel.Objective{asks("a", "class:restricted"), asks("b", "class:confidential"), asks("c", "orders")}}
	for name, c := range map[string]struct {
		a, b check.Outcome
		want evidence.State
	}{
		"both hold":      {check.Pass, check.Pass, evidence.Evidenced},
		"one is broken":  {check.Pass, check.Fail, evidence.Failing},
		"one is unknown": {check.Pass, check.Unknown, evidence.Unknown},
	} {
		in := evidence.Input{Case: check.Case{Now: now, Model: m}, Rules: all(t, "SEC07-BP02"), Objectives: []check.Result{{Rule: "a", Outcome: c.a}, {Rule: "b", Outcome: c.b}, {Rule: "c", Outcome: check.Fail}}}
		if f := of(t, in, "SEC07-BP02"); f.State != c.want {
			t.Errorf("%s: %s: %q", name, f.State, f.Says)
		}
	}
}

// Whatever comes of rules, objectives and words: a practice is shown only where nothing that bears on it fails, is unknown or is waived.
func TestShownMeansShown(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	outcomes := []check.Outcome{check.Pass, check.Pass, check.Pass, check.NotApplicable, check.Fail, check.Unknown, check.Manual, check.Waived}
	table, _ := practice.Load("sec")
	for range 200 {
		in := evidence.Input{Case: check.Case{Now: now, Model: &threatmodel.Model{}}}
		for _, g := range table.Groups {
			for _, item := range g.Items {
				for _, rule := range item.Rules {
					r := result(rule, outcomes[rng.IntN(len(outcomes))], 5, "wa:"+item.ID)
					r.Advice = rng.IntN(3) == 0
					in.Rules = append(in.Rules, r)
				}
				if rng.IntN(3) == 0 {
					in.Model.Attestations = append(in.Model.Attestations, word(item.ID, "2027-01-01").Attestations...)
				}
			}
		}
		for _, g := range evidence.Judge(table, in) {
			for _, f := range g.Findings {
				bad := map[check.Outcome]bool{}
				for _, r := range f.Results {
					bad[r.Outcome] = true
				}
				if (f.State == evidence.Evidenced || f.State == evidence.Attested) && (bad[check.Fail] || bad[check.Unknown] || bad[check.Waived]) || bad[check.Fail] && f.State != evidence.Failing {
					t.Fatalf("%s is %s, and rules say %v", f.ID, f.State, bad)
				}
			}
		}
	}
}
