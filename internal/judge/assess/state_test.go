package assess

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// day is midday of a day, UTC.
func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t.Add(12 * time.Hour)
}

// keyed is an account in which a key of 100 days reads the bucket: impact 3, 60 points, risk 12.
func keyed() []snapshot.Resource {
	return with(user(object{"AccessKey1Active": true, "AccessKey1LastRotated": "2026-02-20T00:00:00Z"}), bucket())
}

func rowOf(t *testing.T, list []snapshot.Resource, m *threatmodel.Model, now string) (risk.Row, *Assessment) {
	t.Helper()
	a, err := Of(Input{Snapshot: sealed(list), Model: m, Now: day(now)})
	if err != nil {
		t.Fatal(err)
	}
	tell(t, a)
	return rows(a)[cell{logs, access.Read}], a
}

// told joins the warnings of a sheet.
func told(a *Assessment) string {
	var out []string
	for _, w := range a.Sheet.Warnings {
		out = append(out, w.Says)
	}
	return strings.Join(out, "; ")
}

// An override stands until its day, as long as the evidence gets no worse; what is computed stays visible.
func TestOverride(t *testing.T) {
	plain, a := rowOf(t, keyed(), threatmodel.Default(), "2026-06-01")
	if plain.Risk() != 12 || plain.Beside.Points != 60 {
		t.Fatalf("%d, %d points", plain.Risk(), plain.Beside.Points)
	}
	evidence := a.Sheet.Evidence(&plain)
	more := keyed()
	more = append(more, resource("AWS::IAM::User", arn("user", "ben"), "ben", object{"UserName": "ben", "Policies": more[0].Properties["Policies"]}))
	rows := more[1].Properties["Rows"].([]any)
	more[1].Properties["Rows"] = append(rows, object{"User": "ben", "Arn": arn("user", "ben"), "PasswordEnabled": true, "MfaActive": true})
	older := keyed()
	older[1].Properties["Rows"].([]any)[0].(object)["AccessKey1LastRotated"] = "2024-02-20T00:00:00Z"
	other := user(object{"User": "ann", "PasswordEnabled": true, "MfaActive": false})
	other[0].Properties["Policies"] = reader().Properties["Policies"]
	pinned := trust("Federated", "arn:aws:iam::"+ours+":oidc-provider/token.actions.githubusercontent.com",
		object{"StringEquals": object{"token.actions.githubusercontent.com:sub": "repo:acme/web:ref:refs/heads/main"}})
	fewer := with(user(object{"PasswordEnabled": true, "MfaActive": true}), bucket())
	word := threatmodel.Override{Said: threatmodel.Said{Reason: "the partner's firewall", By: "ana@acme.example", Date: "2026-05-01", Line: 7},
		Target: threatmodel.Target{ID: "logs", Access: "read"}, Likelihood: 2, Until: "2026-08-01", Evidence: evidence}
	for name, c := range map[string]struct {
		list     []snapshot.Resource
		change   func(*threatmodel.Override)
		now      string
		standing string
		risk     int
		warns    string
	}{
		"stands":                    {keyed(), nil, "2026-06-01", risk.InForce, 6, ""},
		"on its last day":           {keyed(), nil, "2026-08-01", risk.InForce, 6, ""},
		"a day later":               {keyed(), nil, "2026-08-02", risk.Expired, 12, "ended on 2026-08-01"},
		"dated ahead":               {keyed(), func(o *threatmodel.Override) { o.Date, o.Until = "2026-06-03", "2026-11-01" }, "2026-06-01", risk.Stale, 12, ""},
		"of both accesses":          {keyed(), func(o *threatmodel.Override) { o.Target.Access = "" }, "2026-06-01", risk.InForce, 6, ""},
		"raised":                    {keyed(), func(o *threatmodel.Override) { o.Likelihood = 5 }, "2026-06-01", risk.InForce, 15, ""},
		"by its ARN":                {keyed(), func(o *threatmodel.Override) { o.Target.ID = string(logs) }, "2026-06-01", risk.InForce, 6, ""},
		"one way more":              {more, nil, "2026-06-01", risk.Stale, 12, ""},
		"more points":               {older, nil, "2026-06-01", risk.Stale, 12, ""},
		"fewer points":              {fewer, nil, "2026-06-01", risk.InForce, 6, ""},
		"another way, fewer points": {with(user(object{}), bucket(), reader(pinned)), nil, "2026-06-01", risk.Stale, 6, ""},
		"without evidence":          {keyed(), func(o *threatmodel.Override) { o.Evidence = "" }, "2026-06-01", risk.Stale, 12, ""},
		"without a reason":          {keyed(), func(o *threatmodel.Override) { o.Reason = "" }, "2026-06-01", risk.Stale, 12, ""},
		"for longer than 180 days":  {keyed(), func(o *threatmodel.Override) { o.Until = "2026-12-01" }, "2026-06-01", risk.Stale, 12, ""},
		"of another access":         {keyed(), func(o *threatmodel.Override) { o.Target.Access = "write" }, "2026-06-01", "", 12, ""},
		"of what is not there":      {keyed(), func(o *threatmodel.Override) { o.Target.ID = "gone" }, "2026-06-01", "", 12, "the override of gone:read is about no risk (any more)"},
		"of a day that is no day":   {keyed(), func(o *threatmodel.Override) { o.Until = "soon" }, "2026-06-01", risk.Expired, 12, "ended on soon"},
		"of what may be likelier":   {keyed(), func(o *threatmodel.Override) { o.Likelihood = 6 }, "2026-06-01", risk.Stale, 12, ""},
		"of an evidence like prose": {keyed(), func(o *threatmodel.Override) { o.Evidence = "sha256:3f1c9a0b" }, "2026-06-01", risk.Stale, 12, ""},
	} {
		m, o := threatmodel.Default(), word
		if c.change != nil {
			c.change(&o)
		}
		m.Overrides = []threatmodel.Override{o}
		r, a := rowOf(t, c.list, m, c.now)
		standing := ""
		if r.Override != nil {
			standing = r.Override.Standing
		}
		if standing != c.standing || r.Risk() != c.risk || r.Stale() != (c.standing == risk.Stale) || told(a) != c.warns && (c.warns == "" || !strings.Contains(told(a), c.warns)) {
			t.Errorf("%s: %q, risk %d, warned %q; want %q, %d, %q", name, standing, r.Risk(), told(a), c.standing, c.risk, c.warns)
		}
		if c.standing == risk.InForce && (r.Full.Level != r.Beside.Level || r.Unknown() || r.Beside.Computed() != risk.Level(r.Beside.Points)) {
			t.Errorf("%s: full %d, beside %d, computed %d", name, r.Full.Level, r.Beside.Level, r.Beside.Computed())
		}
		if sum(r.Beside.Terms) != r.Beside.Points {
			t.Errorf("%s: the sum is no longer that of the ways", name)
		}
	}
}

// Closing ways, however many, never makes an override stale, on random accounts.
func TestClosingIsNeverStale(t *testing.T) {
	looked := 0
	for seed := range uint64(15) {
		g, resources := draw(seed)
		m := g.stated()
		a, err := Of(Input{Snapshot: sealed(resources), Model: m})
		if err != nil {
			t.Fatal(err)
		}
		for i := range a.Sheet.Rows {
			r := a.Sheet.Rows[i]
			if r.ID == risk.AccountID {
				continue
			}
			m.Overrides = append(m.Overrides, threatmodel.Override{Said: threatmodel.Said{Reason: "r", By: "b", Date: "2026-05-20"}, Until: "2026-07-01", Likelihood: 1,
				Target: threatmodel.Target{ID: r.ID, Access: strings.ToLower(r.Access.String())}, Evidence: a.Sheet.Evidence(&r)})
		}
		for _, kind := range []string{access.AccessKey, access.PasswordMFA, access.PasswordNoMFA, access.UnknownAccount, access.Public} {
			m.Mitigations = []threatmodel.Mitigation{{ID: "M", Effects: []threatmodel.Effect{{Close: true, Where: threatmodel.Where{Entry: words{kind}}}}}}
			after, err := Of(Input{Snapshot: sealed(resources), Model: m, With: []string{"M"}})
			if err != nil {
				t.Fatal(err)
			}
			for i := range after.Sheet.Rows {
				r := &after.Sheet.Rows[i]
				if r.Override != nil {
					looked++
				}
				if r.Stale() {
					t.Error(named(seed, "%s %s without %s: %s", r.ID, r.Access, kind, r.Override.Why))
				}
			}
		}
	}
	if looked < 500 {
		t.Errorf("only %d overrides were looked at", looked)
	}
}

// A waiver accepts until its day, or until the risk is more than it says; an objective that holds has the action in force.
func TestStates(t *testing.T) {
	said := threatmodel.Said{Reason: "until the second hire", By: "ana@acme.example", Date: "2026-05-01", Line: 9}
	waiver := threatmodel.Waiver{Said: said, Target: threatmodel.Target{ID: "logs", Access: "read"}, Until: "2026-07-01", MaxRisk: 12}
	threat := threatmodel.Threat{ID: "T-1", Target: threatmodel.Target{ID: "logs"}, Mitigations: []string{"M-9"}}
	const holds, breaks = "only everybody may read logs", "nobody may read logs"
	for name, c := range map[string]struct {
		waiver func(*threatmodel.Waiver)
		must   string
		now    string
		state  string
		warns  string
	}{
		"nothing said":           {func(w *threatmodel.Waiver) { w.Target.ID = "other" }, "", "2026-06-01", risk.Open, "the waiver of other:read is about no risk (any more)"},
		"accepted":               {nil, "", "2026-06-01", risk.Accepted, ""},
		"on its last day":        {nil, "", "2026-07-01", risk.Accepted, ""},
		"a day later":            {nil, "", "2026-07-02", risk.Open, "ended on 2026-07-01"},
		"dated ahead":            {func(w *threatmodel.Waiver) { w.Date = "2026-06-03" }, "", "2026-06-01", risk.Open, ""},
		"grown":                  {func(w *threatmodel.Waiver) { w.MaxRisk = 11 }, "", "2026-06-01", risk.Open, "logs:read is 12, and it was accepted up to 11"},
		"by its threat":          {func(w *threatmodel.Waiver) { w.Target, w.Threat = threatmodel.Target{}, "T-1" }, "", "2026-06-01", risk.Accepted, ""},
		"by no threat":           {func(w *threatmodel.Waiver) { w.Target, w.Threat = threatmodel.Target{}, "T-2" }, "", "2026-06-01", risk.Open, "of threat T-2 is about no risk"},
		"about a rule":           {func(w *threatmodel.Waiver) { w.Rule = "s3-public" }, "", "2026-06-01", risk.Open, ""},
		"an objective":           {func(w *threatmodel.Waiver) { w.Rule = "none" }, holds, "2026-06-01", risk.InForce, ""},
		"an objective, accepted": {nil, holds, "2026-06-01", risk.Accepted, ""},
		"an objective, broken":   {func(w *threatmodel.Waiver) { w.Rule = "none" }, breaks, "2026-06-01", risk.Open, ""},
	} {
		m, w := threatmodel.Default(), waiver
		m.Thresholds[2].Objective = "CO-1" // from 10 on
		m.Threats = []threatmodel.Threat{threat}
		if c.waiver != nil {
			c.waiver(&w)
		}
		m.Waivers = []threatmodel.Waiver{w}
		if c.must != "" {
			m.Resources = []threatmodel.Resource{{ID: "logs", Bind: threatmodel.Bind{ARN: threatmodel.Words{string(logs)}}}}
			m.Actors = []threatmodel.Actor{{ID: "everybody", Bind: threatmodel.Bind{ARN: threatmodel.Words{"*"}}}}
			must, slip := threatmodel.ParseSentence(c.must, threatmodel.Names{Actors: []string{"everybody"}, Resources: []string{"logs"}})
			if slip != nil {
				t.Fatal(slip)
			}
			m.Objectives = []threatmodel.Objective{{ID: "CO-1", Must: []threatmodel.Assertion{must}}}
		}
		r, a := rowOf(t, keyed(), m, c.now)
		if r.State != c.state || (r.Waiver != nil) != (c.state == risk.Accepted) || told(a) != c.warns && (c.warns == "" || !strings.Contains(told(a), c.warns)) {
			t.Errorf("%s: %s, warned %q; want %s, %q", name, r.State, told(a), c.state, c.warns)
		}
		if got := a.Sheet.Threatened(&r); len(got) != 1 || got[0].ID != "T-1" {
			t.Errorf("%s: threats %v", name, got)
		}
	}
	m := threatmodel.Default()
	m.Review.Days = 30
	r, a := rowOf(t, keyed(), m, "2026-06-01")
	if got := a.Sheet.Review(&r); got != "2026-08-30" { // the action watch is due within 90 days of the scan
		t.Errorf("looked at again on %s", got)
	}
	w := rows(a)[cell{"arn:aws:iam::" + ours + ":none", access.Write}]
	if got := a.Sheet.Review(&w); got != "2026-07-01" {
		t.Errorf("out of mind, and looked at again on %s", got)
	}
}

// What stands outside AWS has rows: the impact as stated, and any likelihood until somebody says one.
func TestAssets(t *testing.T) {
	m := threatmodel.Default()
	m.DefaultOwner = "hugo@acme.example"
	m.Resources = []threatmodel.Resource{
		{ID: "logs", Asset: "domain registrar", Owner: "ana@acme.example", Class: "internal", Impact: threatmodel.Impact{Write: 4, Reason: "mail and web stop", By: "ana", Date: "2026-05-01"}},
		{ID: "source", Asset: "source host"},
	}
	r, a := rowOf(t, keyed(), m, "2026-06-01")
	if r.ID != "bucket/logs" {
		t.Errorf("the bucket is called %s: the registrar took its name", r.ID)
	}
	find := func(id string, c access.Capability) risk.Row {
		for _, r := range a.Sheet.Rows {
			if r.ID == id && r.Access == c {
				return r
			}
		}
		t.Fatalf("no row %s", id)
		return risk.Row{}
	}
	for _, c := range []struct {
		id               string
		access           access.Capability
		low, high, level int
		owner            string
	}{{"logs", access.Read, 2, 10, 2, "ana@acme.example"}, {"logs", access.Write, 4, 20, 4, "ana@acme.example"}, {"source", access.Read, 1, 25, 5, "hugo@acme.example"}, {"source", access.Write, 1, 25, 5, "hugo@acme.example"}} {
		r := find(c.id, c.access)
		if r.Low() != c.low || r.Risk() != c.high || r.FullLow() != c.low || r.Impact.Level != c.level || r.Owner != c.owner || sum(r.Beside.Terms) != r.Beside.Points || sum(r.Impact.Terms) != r.Impact.Level {
			t.Errorf("%s %s: %d…%d, impact %d, of %s", c.id, c.access, r.Low(), r.Risk(), r.Impact.Level, r.Owner)
		}
	}
	said := find("logs", access.Write)
	m.Overrides = []threatmodel.Override{{Said: threatmodel.Said{Reason: "two keys, and a lock", By: "ana", Date: "2026-05-01"}, Target: threatmodel.Target{ID: "logs", Access: "write"},
		Likelihood: 2, Until: "2026-09-01", Evidence: a.Sheet.Evidence(&said)}}
	_, a = rowOf(t, keyed(), m, "2026-06-01")
	if said = find("logs", access.Write); said.Risk() != 8 || said.Low() != 8 {
		t.Errorf("with a word for it: %d…%d", said.Low(), said.Risk())
	}
	for _, kind := range []string{risk.Actor, risk.EntryPoint} {
		if slices.ContainsFunc(a.Sheet.Grouped(kind), func(r risk.Row) bool { return r.Target == "source" }) {
			t.Errorf("a %s leads to what nothing is read of", kind)
		}
	}
}

// Two users of one person are one who could, in the sum and when told; excess counts the ways that nobody stated.
func TestPeopleAndExcess(t *testing.T) {
	var list []snapshot.Resource
	report := []any{object{"User": "<root_account>", "MfaActive": true}}
	for _, n := range []string{"a", "b", "c", "d", "e"} {
		u := resource("AWS::IAM::User", arn("user", n), n, object{"UserName": n, "Policies": reader().Properties["Policies"]})
		list = append(list, u)
		report = append(report, object{"User": n, "Arn": arn("user", n), "PasswordEnabled": true, "MfaActive": true})
	}
	list = append(list, bucket(), resource("AWS::IAM::CredentialReport", "arn:aws:iam::"+ours+":credential-report", "", object{"Rows": report}))
	m := threatmodel.Default()
	r, _ := rowOf(t, list, m, "2026-06-01")
	if r.Beside.Points != 35 || r.Beside.Excess() != 5 {
		t.Errorf("five people: %d points, %d in excess", r.Beside.Points, r.Beside.Excess())
	}
	m.People = []threatmodel.Person{{ID: "ines", Bind: threatmodel.Bind{ARN: words{arn("user", "a"), arn("user", "b")}}}}
	m.Actors = []threatmodel.Actor{{ID: "team", Bind: threatmodel.Bind{ARN: words{arn("user", "a"), arn("user", "c")}}}}
	m.UseCases = []threatmodel.UseCase{{ID: "look", Actor: "team", Needs: map[string][]string{"logs": {"read"}}}}
	r, a := rowOf(t, list, m, "2026-06-01")
	if r.Beside.Points != 35 || len(r.Beside.Actors) != 4 || r.Beside.Ways != 5 || r.Beside.Excess() != 3 || !a.Sheet.Stated(&r) {
		t.Errorf("four people: %d points by %v, %d in excess", r.Beside.Points, r.Beside.Actors, r.Beside.Excess())
	}
	m.People[0].Bind.ARN = append(m.People[0].Bind.ARN, arn("user", "c"))
	if r, _ = rowOf(t, list, m, "2026-06-01"); r.Beside.Points != 30 || len(r.Beside.Actors) != 3 {
		t.Errorf("three people: %d points by %v", r.Beside.Points, r.Beside.Actors)
	}
}
