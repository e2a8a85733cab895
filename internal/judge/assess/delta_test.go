package assess

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// listed makes a snapshot in which every type that the tests use was looked for.
func listed(resources []snapshot.Resource, gaps ...string) *snapshot.Snapshot {
	s := sealed(resources, gaps...)
	for _, typ := range []string{"AWS::S3::Bucket", "AWS::IAM::ManagedPolicy", "AWS::KMS::Key", "AWS::SecretsManager::Secret", "AWS::SQS::Queue"} {
		c := snapshot.Coverage{Service: "test", Call: typ, Types: []string{typ}, Outcome: snapshot.OK}
		if slices.Contains(gaps, typ) {
			c.Outcome = snapshot.Denied
		}
		s.Coverage = append(s.Coverage, c)
	}
	s.Seal()
	return s
}

// without leaves resources of some keys out.
func without(list []snapshot.Resource, keys ...snapshot.Key) []snapshot.Resource {
	return slices.DeleteFunc(slices.Clone(list), func(r snapshot.Resource) bool { return slices.Contains(keys, r.Key) })
}

func changeOf(t *testing.T, d Delta, k snapshot.Key, c access.Capability) RiskChange {
	t.Helper()
	for _, r := range d.Risks {
		if r.Key == k && r.Access == c {
			return r
		}
	}
	t.Fatalf("no change of %s %s", k, c)
	return RiskChange{}
}

func classed(r snapshot.Resource, class string) snapshot.Resource {
	r.Tags = map[string]string{"data-class": class}
	return r
}

// TestAgedApartFromChanged: what time alone did to a number is told apart from what somebody did.
func TestAgedApartFromChanged(t *testing.T) {
	keyOf := func(since string) []snapshot.Resource {
		return user(object{"AccessKey1Active": true, "AccessKey1LastRotated": since})
	}
	for name, c := range map[string]struct {
		then, now           []snapshot.Resource
		before, after, aged int
	}{
		"only older":          {with(keyOf("2026-01-15T00:00:00Z"), bucket()), with(keyOf("2026-01-15T00:00:00Z"), bucket()), 9, 12, 3},
		"older, and another":  {with(keyOf("2026-01-15T00:00:00Z"), bucket()), with(keyOf("2026-01-15T00:00:00Z"), classed(bucket(), "restricted")), 9, 20, 5},
		"changed alone":       {with(keyOf("2026-02-25T00:00:00Z"), bucket()), with(keyOf("2026-05-25T00:00:00Z"), classed(bucket(), "restricted")), 9, 15, 0},
		"rotated, so younger": {with(keyOf("2024-01-15T00:00:00Z"), bucket()), with(keyOf("2026-05-15T00:00:00Z"), bucket()), 12, 9, 0},
	} {
		then := listed(c.then)
		then.Taken = then.Taken.AddDate(0, -3, 0)
		d := Between(judge(t, then), judge(t, listed(c.now)))
		r := changeOf(t, d, logs, access.Read)
		if r.Before.Shown != c.before || r.After.Shown != c.after || r.Aged.Shown != c.aged {
			t.Errorf("%s: %d → %d, aged %d; want %d → %d, aged %d", name, r.Before.Shown, r.After.Shown, r.Aged.Shown, c.before, c.after, c.aged)
		}
		want := Raises
		if c.after < c.before {
			want = Lowers
			if c.before >= 10 && c.after < 10 {
				want = Resolves
			}
		}
		if r.Verdict != want {
			t.Errorf("%s: %s, want %s", name, r.Verdict, want)
		}
	}
}

func TestVerdicts(t *testing.T) {
	n := func(full, fullLow, shown, shownLow int) Numbers { return Numbers{full, fullLow, shown, shownLow, 3} }
	for name, c := range map[string]struct {
		change RiskChange
		want   string
	}{
		"the same":                        {RiskChange{Before: n(20, 20, 10, 10), After: n(20, 20, 10, 10)}, Unchanged},
		"higher on the sheet":             {RiskChange{Before: n(20, 20, 10, 10), After: n(20, 20, 12, 12)}, Raises},
		"higher with the account":         {RiskChange{Before: n(15, 15, 10, 10), After: n(20, 20, 10, 10)}, Raises},
		"higher on one, lower on another": {RiskChange{Before: n(25, 25, 10, 10), After: n(20, 20, 12, 12)}, Raises},
		"known now":                       {RiskChange{Before: n(20, 8, 20, 8), After: n(20, 20, 20, 20)}, Raises},
		"known, and less":                 {RiskChange{Before: n(20, 4, 20, 4), After: n(16, 16, 16, 16)}, Lowers},
		"no longer known":                 {RiskChange{Before: n(20, 20, 20, 20), After: n(20, 8, 20, 8)}, Unchanged},
		"lower":                           {RiskChange{Before: n(20, 20, 20, 20), After: n(15, 15, 15, 15)}, Lowers},
		"below every line":                {RiskChange{Before: n(20, 20, 20, 20), After: n(15, 15, 9, 9)}, Resolves},
		"to the line":                     {RiskChange{Before: n(20, 20, 20, 20), After: n(10, 10, 10, 10)}, Lowers},
		"from the line":                   {RiskChange{Before: n(10, 10, 10, 10), After: n(9, 9, 9, 9)}, Resolves},
		"was below before":                {RiskChange{Before: n(8, 8, 8, 8), After: n(4, 4, 4, 4)}, Lowers},
		"new":                             {RiskChange{After: n(4, 4, 4, 4), New: true}, Raises},
		"gone":                            {RiskChange{Before: n(16, 16, 16, 16), Gone: true}, Resolves},
		"gone from below":                 {RiskChange{Before: n(4, 4, 4, 4), Gone: true}, Lowers},
		"in force now":                    {RiskChange{Before: n(16, 16, 16, 16), After: n(16, 16, 16, 16), StateBefore: risk.Open, StateAfter: risk.InForce}, Resolves},
		"in force, and higher":            {RiskChange{Before: n(16, 16, 16, 16), After: n(20, 20, 20, 20), StateBefore: risk.Open, StateAfter: risk.InForce}, Raises},
		"no longer in force":              {RiskChange{Before: n(16, 16, 16, 16), After: n(16, 16, 16, 16), StateBefore: risk.InForce, StateAfter: risk.Open}, Raises},
		"in force, and gone":              {RiskChange{Before: n(16, 16, 16, 16), StateBefore: risk.InForce, Gone: true}, Resolves},
	} {
		if got := verdict(&c.change, 10, false); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	// Where users or roles are out of sight, fewer ways beside the account are not fewer ways.
	for name, c := range map[string]struct {
		change RiskChange
		want   string
	}{
		"fewer are seen":         {RiskChange{Before: n(20, 20, 20, 20), After: n(20, 4, 4, 4)}, Unchanged},
		"more are seen":          {RiskChange{Before: n(20, 4, 20, 4), After: n(20, 8, 4, 4)}, Raises},
		"it cannot be that high": {RiskChange{Before: n(20, 20, 20, 20), After: n(12, 4, 12, 4)}, Lowers},
	} {
		if got := verdict(&c.change, 10, true); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestNewGoneUnseen: a thing that could not be looked for again is neither gone nor better.
func TestNewGoneUnseen(t *testing.T) {
	other := resource("AWS::S3::Bucket", "arn:aws:s3:::other", "other", object{"BucketName": "other"})
	all := with(nil, bucket(everyone(nil)), other)
	before := judge(t, listed(all))

	d := Between(before, judge(t, listed(without(all, logs))))
	if r := changeOf(t, d, logs, access.Read); !r.Gone || r.Unseen || r.Verdict != Resolves || r.After.Full != 0 {
		t.Errorf("gone: %+v", r)
	}
	if len(d.Ways.Closed) != 2 || d.Ways.Closed[0].Resource != logs || // of anyone, and of anyone with an AWS account
		len(d.Resources.Gone) != 1 {
		t.Errorf("gone: closed %v, resources %v", d.Ways.Closed, d.Resources.Gone)
	}

	d = Between(before, judge(t, listed(without(all, logs), "AWS::S3::Bucket")))
	if r := changeOf(t, d, logs, access.Read); r.Gone || !r.Unseen || r.Verdict != Unchanged || r.After != r.Before {
		t.Errorf("unseen: %+v", r)
	}
	if len(d.Ways.Closed) != 0 || len(d.Resources.Unseen) != 1 || len(d.Unseen) != 1 || d.Unseen[0].Call != "AWS::S3::Bucket" {
		t.Errorf("unseen: closed %v, resources %v, calls %v", d.Ways.Closed, d.Resources.Unseen, d.Unseen)
	}

	d = Between(judge(t, listed(without(all, logs))), before)
	if r := changeOf(t, d, logs, access.Read); !r.New || r.Verdict != Raises || r.Before.Full != 0 || r.StateBefore != "" || r.StateAfter != risk.Open {
		t.Errorf("new: %+v", r)
	}
	if len(d.Ways.Opened) != 2 || d.Ways.Opened[0].Entry.Kind != access.Public || d.Ways.Opened[0].High != 100 {
		t.Errorf("new: opened %v", d.Ways.Opened)
	}
}

// TestWaysOfOneEntry: of one way in only the worst is told, and nothing is called closed that may only be hidden behind it.
func TestWaysOfOneEntry(t *testing.T) {
	open, fenced := bucket(everyone(nil)), bucket(everyone(object{"IpAddress": object{"aws:SourceIp": "203.0.113.0/24"}}))
	ways := func(a, b snapshot.Resource) Ways {
		return Between(judge(t, listed([]snapshot.Resource{a})), judge(t, listed([]snapshot.Resource{b}))).Ways
	}
	if w := ways(open, fenced); len(w.Opened)+len(w.Closed)+len(w.Moved) != 0 {
		t.Errorf("the same way, and harder: %+v", w)
	}
	if w := ways(open, bucket()); len(w.Closed) != 2 || len(w.Opened)+len(w.Moved) != 0 {
		t.Errorf("closed: %+v", w)
	}
	// A way that changes no number of the row is told all the same.
	with1 := judge(t, listed(with(user(object{"PasswordEnabled": true, "MfaActive": true}), open)))
	if w := Between(judge(t, listed([]snapshot.Resource{open})), with1).Ways; len(w.Opened) == 0 || w.Opened[len(w.Opened)-1].Entry.Kind != access.PasswordMFA {
		t.Errorf("a lesser way beside a wide one: %+v", w)
	}
	w := Ways{}
	p := func(id string, high int) map[string]Way {
		return map[string]Way{"a": {ID: id, Scored: risk.Scored{High: high}}}
	}
	w.compare(p("x", 50), p("y", 60))
	w.compare(p("x", 50), p("y", 40))
	w.compare(p("x", 50), p("y", 50))
	w.compare(p("x", 50), p("x", 40))
	if len(w.Opened) != 1 || w.Opened[0].High != 60 || len(w.Closed) != 1 || w.Closed[0].ID != "x" || len(w.Moved) != 1 {
		t.Errorf("%+v", w)
	}
}

// TestDeltaTurnedAround: what opens one way closes the other; nothing differs from itself; two runs are the same; and the numbers that were
// kept of an assessment tell the same as the assessment.
func TestDeltaTurnedAround(t *testing.T) {
	opened := 0
	for seed := range uint64(24) {
		g, resources := draw(seed)
		before := judge(t, listed(resources))
		if d := Between(before, before); d.Counts()[Unchanged] != len(before.Sheet.Rows) || len(d.Ways.Opened)+len(d.Ways.Closed)+len(d.Ways.Moved)+len(d.Stated)+len(d.Unseen) != 0 || !d.Resources.Empty() {
			t.Error(named(seed, "differs from itself: %+v", d.Counts()))
		}
		_, others := draw(seed + 1000)
		changed := copied(resources)
		for range 3 {
			i := g.IntN(len(changed))
			for _, o := range others {
				if o.Key == changed[i].Key {
					changed[i] = o
				}
			}
		}
		after := judge(t, listed(changed))
		there, back := Between(before, after), Between(after, before)
		opened += len(there.Ways.Opened)
		ids := func(list []Way) (out []string) {
			for _, w := range list {
				out = append(out, w.ID)
			}
			return out
		}
		if !slices.Equal(ids(there.Ways.Opened), ids(back.Ways.Closed)) || !slices.Equal(ids(there.Ways.Closed), ids(back.Ways.Opened)) || len(there.Ways.Moved) != len(back.Ways.Moved) {
			t.Error(named(seed, "opened %v, closed %v; turned around opened %v, closed %v", ids(there.Ways.Opened), ids(there.Ways.Closed), ids(back.Ways.Opened), ids(back.Ways.Closed)))
		}
		if len(there.Risks) != len(back.Risks) {
			t.Error(named(seed, "%d rows, turned around %d", len(there.Risks), len(back.Risks)))
		}
		for _, r := range there.Risks {
			if o := changeOf(t, back, r.Key, r.Access); r.Before != o.After || r.After != o.Before || r.Verdict == Raises && o.Verdict == Raises && (r.After.Full >= r.Before.Full) == (o.After.Full >= o.Before.Full) && r.Before.Full != r.After.Full {
				t.Error(named(seed, "%s %s: %+v, turned around %+v", r.ID, r.Access, r, o))
			}
		}
		kept := Since(before.Record(), nil, after)
		if kept.Whole || !reflect.DeepEqual(kept.Risks, there.Risks) || !reflect.DeepEqual(kept.Stated, there.Stated) {
			t.Error(named(seed, "what was kept tells something else"))
		}
		one, err1 := json.Marshal(there)
		two, err2 := json.Marshal(Between(judge(t, listed(resources)), judge(t, listed(changed))))
		if err1 != nil || err2 != nil || string(one) != string(two) {
			t.Error(named(seed, "two runs differ: %v %v", err1, err2))
		}
	}
	if opened < 20 {
		t.Errorf("only %d ways opened: the accounts hardly differ", opened)
	}
}

// TestFewerAllowsOpenNothing: with an Allow less no risk rises and no way opens.
func TestFewerAllowsOpenNothing(t *testing.T) {
	closed := 0
	for seed := range uint64(24) {
		g, resources := draw(seed)
		before := judge(t, listed(resources))
		for range 4 {
			fewer := copied(resources)
			docs := policies(&fewer[g.IntN(len(fewer))])
			if len(docs) == 0 {
				continue
			}
			st := docs[g.IntN(len(docs))]["Statement"].([]any)
			i := g.IntN(len(st))
			if st[i].(object)["Effect"] != "Allow" {
				continue
			}
			st[i].(object)["Condition"] = object{"StringEquals": object{"aws:PrincipalAccount": "000000000001"}}
			d := Between(before, judge(t, listed(fewer)))
			if d.Counts()[Raises] > 0 || len(d.Ways.Opened) > 0 {
				t.Error(named(seed, "%v, opened %v", d.Counts(), d.Ways.Opened))
			}
			closed += len(d.Ways.Closed)
		}
	}
	if closed == 0 {
		t.Error("nothing was ever closed: this test proves nothing")
	}
}

// TestRestated: what people say is compared statement by statement, and what asks for less is marked.
func TestRestated(t *testing.T) {
	s := listed([]snapshot.Resource{bucket()})
	of := func(edit func(*threatmodel.Model)) *Assessment {
		m := threatmodel.Default()
		m.Resources = []threatmodel.Resource{{ID: "logs", Bind: threatmodel.Bind{ARN: threatmodel.Words{"*:logs"}}, Class: "confidential",
			Impact: threatmodel.Impact{Write: 4, Reason: "contracts", By: "ana", Date: "2026-05-01"}}}
		m.Trusted["444455556666"] = "insurer"
		m.Objectives = []threatmodel.Objective{{ID: "CO-1", Must: []threatmodel.Assertion{{Text: "nobody may write logs"}}}}
		edit(m)
		a, err := Of(Input{Snapshot: s, Model: m})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	same := of(func(*threatmodel.Model) {})
	said := threatmodel.Said{Reason: "known", By: "ana", Date: "2026-05-20"}
	for name, c := range map[string]struct {
		edit func(*threatmodel.Model)
		want []StatedChange
	}{
		"nothing": {func(*threatmodel.Model) {}, []StatedChange{}},
		"a lower class": {func(m *threatmodel.Model) { m.Resources[0].Class = "internal" },
			[]StatedChange{{SaysClass, "logs", "confidential", "internal", true}}},
		"a higher class": {func(m *threatmodel.Model) { m.Resources[0].Class = "restricted" },
			[]StatedChange{{SaysClass, "logs", "confidential", "restricted", false}}},
		"other tags that tell classes": {func(m *threatmodel.Model) { m.ClassTags = []string{"sensitivity"} },
			[]StatedChange{{SaysClassTags, "class_tags", "", "sensitivity", false}}},
		"a lower impact": {func(m *threatmodel.Model) { m.Resources[0].Impact.Write = 2 },
			[]StatedChange{{SaysImpact, "logs:write", "4, by ana on 2026-05-01: contracts", "2, by ana on 2026-05-01: contracts", true}}},
		"an impact taken back": {func(m *threatmodel.Model) { m.Resources[0].Impact = threatmodel.Impact{} },
			[]StatedChange{{SaysImpact, "logs:write", "4, by ana on 2026-05-01: contracts", "", true}}},
		"another account trusted": {func(m *threatmodel.Model) { m.Trusted["999900001111"] = "shop" },
			[]StatedChange{{SaysTrust, "999900001111", "", "shop", true}}},
		"trust taken back": {func(m *threatmodel.Model) { m.Trusted = nil },
			[]StatedChange{{SaysTrust, "444455556666", "insurer", "", false}}},
		"a line less": {func(m *threatmodel.Model) { m.Thresholds = m.Thresholds[:2] },
			[]StatedChange{{SaysThreshold, "10", "watch", "", true}}},
		"an objective less": {func(m *threatmodel.Model) { m.Objectives = nil },
			[]StatedChange{{SaysObjective, "CO-1", "nobody may write logs", "", true}}},
		"an override, a waiver": {func(m *threatmodel.Model) {
			m.Overrides = []threatmodel.Override{{Said: said, Target: threatmodel.Target{ID: "logs", Access: "read"}, Likelihood: 2, Until: "2026-08-01"}}
			m.Waivers = []threatmodel.Waiver{{Said: said, Threat: "T-1", Until: "2026-07-01", MaxRisk: 15}}
		}, []StatedChange{{SaysOverride, "logs:read", "", "likelihood 2 until 2026-08-01, by ana: known", true}, {SaysWaiver, "T-1", "", "until 2026-07-01 up to 15, by ana: known", true}}},
		"an exception, an attestation, a mitigation": {func(m *threatmodel.Model) {
			m.Exceptions = []threatmodel.Exception{{Said: said, From: "dev", To: "prod", Until: "2026-07-01"}}
			m.Attestations = []threatmodel.Attestation{{Said: said, Rule: "R-1", Until: "2026-07-01"}}
			m.Mitigations = []threatmodel.Mitigation{{ID: "M-1", Status: "planned"}}
		}, []StatedChange{{SaysAttestation, "R-1", "", "until 2026-07-01, by ana: known", true}, {SaysException, "dev → prod", "", "until 2026-07-01, by ana: known", true},
			{SaysMitigation, "M-1", "", "planned: null", false}}},
	} {
		if got := Between(same, of(c.edit)).Stated; !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// TestImpactAlone: a number that falls because a thing counts for less is marked, also where other tags tell the class; one that falls because
// somebody has less access is not, nor one that does both.
func TestImpactAlone(t *testing.T) {
	open, shut := bucket(everyone(nil)), bucket()
	tagged := func(b snapshot.Resource) snapshot.Resource {
		b.Tags = map[string]string{"data-class": "restricted", "sensitivity": "internal"}
		return b
	}
	of := func(b snapshot.Resource, tags ...string) *Assessment {
		m := threatmodel.Default()
		if len(tags) > 0 {
			m.ClassTags = tags
		}
		a, err := Of(Input{Snapshot: listed([]snapshot.Resource{tagged(b)}), Model: m})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	for name, c := range map[string]struct {
		after *Assessment
		alone bool
		said  bool // that other tags tell it
	}{
		"nothing":           {of(open), false, false},
		"other tags":        {of(open, "sensitivity"), true, true},
		"less access":       {of(shut), false, false},
		"both":              {of(shut, "sensitivity"), false, true},
		"an order, no less": {of(open, "data-class", "sensitivity"), false, true},
	} {
		d := Between(of(open), c.after)
		alone, said, lower := false, false, false
		for i := range d.Risks {
			alone = alone || d.Risks[i].ImpactAlone() && d.Risks[i].Access == access.Read
		}
		for _, s := range d.Stated {
			said = said || s.Kind == SaysClassTags
			lower = lower || s.Kind == SaysClass && s.Weakens
		}
		if alone != c.alone || said != c.said || lower != (c.alone || name == "both") {
			t.Errorf("%s: alone %v, said %v, lower class %v", name, alone, said, lower)
		}
	}
}

// TestFirstClassLessens: a class that nobody stated before weakens where it counts for less than the type did.
func TestFirstClassLessens(t *testing.T) {
	s := listed([]snapshot.Resource{bucket()})
	of := func(class string) *Assessment {
		m := threatmodel.Default()
		m.Resources = []threatmodel.Resource{{ID: "logs", Bind: threatmodel.Bind{ARN: threatmodel.Words{"*:logs"}}, Class: class}}
		a, err := Of(Input{Snapshot: s, Model: m})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	for class, weakens := range map[string]bool{"public": true, "internal": true, "confidential": false, "restricted": false} {
		if got := Between(of(""), of(class)).Stated; !reflect.DeepEqual(got, []StatedChange{{SaysClass, "logs", "", class, weakens}}) {
			t.Errorf("%s: %+v", class, got)
		}
	}
}

// TestCoverageThatGotWorse: a call that failed anew, and one that was not made any more.
func TestCoverageThatGotWorse(t *testing.T) {
	call := func(name, outcome string) snapshot.Coverage {
		return snapshot.Coverage{Service: "s3", Call: name, Types: []string{"AWS::" + name}, Outcome: outcome}
	}
	before := &snapshot.Snapshot{Coverage: []snapshot.Coverage{call("a", snapshot.OK), call("b", snapshot.Denied), call("c", snapshot.OK), call("d", snapshot.OK), call("e", snapshot.OK)}}
	another := call("another", snapshot.OK)
	another.Types = []string{"AWS::e"} // listed by another call now
	after := &snapshot.Snapshot{Coverage: []snapshot.Coverage{call("a", snapshot.Throttled), call("b", snapshot.Denied), call("d", snapshot.NotEnabled), another}}
	got := blinded(before, after)
	if len(got) != 2 || got[0].Call != "a" || got[0].Reason != snapshot.Throttled || got[1].Call != "c" || got[1].Reason != "not asked any more" {
		t.Errorf("%+v", got)
	}
}

// TestRejudged: what fails now is broken, what is no longer known too; an objective nobody states any more is not among them.
func TestRejudged(t *testing.T) {
	of := func(pairs ...string) (out []Verdict) {
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, Verdict{ID: pairs[i], Say: "says " + pairs[i], Outcome: pairs[i+1]})
		}
		return out
	}
	got := Rejudged(of("a", "pass", "b", "pass", "c", "fail", "d", "unknown", "e", "pass", "gone", "fail", "f", "fail"),
		of("a", "fail", "b", "unknown", "c", "pass", "d", "unknown", "e", "not-applicable", "new", "fail", "fresh", "pass", "f", "waived"))
	want := []ObjectiveChange{{"a", "says a", "pass", "fail", true}, {"b", "says b", "pass", "unknown", true}, {"c", "says c", "fail", "pass", false},
		{"new", "says new", "", "fail", true}, {"f", "says f", "fail", "waived", false}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}
