package check

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

const disk = "AWS::EC2::Volume"

func sealed(list ...snapshot.Resource) *snapshot.Snapshot {
	s := &snapshot.Snapshot{Account: "111122223333", Resources: list, Coverage: []snapshot.Coverage{{Call: "ec2:DescribeVolumes", Types: []string{disk}, Outcome: snapshot.OK}}}
	s.Seal()
	return s
}

func volume(unknown []string, p map[string]any) snapshot.Resource {
	return snapshot.Resource{Key: "vol", Type: disk, Properties: p, Unknown: unknown}
}

func guarded(text string, looks ...Look) Rule {
	for i := range looks {
		looks[i].Type = disk
	}
	return Rule{ID: "X-01", Title: "It is so", Read: 3, Write: 2, Likelihood: 2, Tier: 1, Refs: []string{"wa:SEC08-BP02"}, Looks: looks, Guard: text}
}

// What was not read is tried every way; what it may be in more ways than are tried, or may be anything, is unknown.
func TestUnreadProperty(t *testing.T) {
	both := guarded("rule x { "+disk+" {\n Properties.A == true\n Properties.B == true\n } }", Look{Path: "A", Values: YesNo()}, Look{Path: "B", Values: YesNo()})
	either := guarded("rule x { "+disk+" {\n Properties.A == true or Properties.B == true\n } }", Look{Path: "A", Values: YesNo()}, Look{Path: "B", Values: YesNo()})
	loose := guarded("rule x { "+disk+" {\n Properties.A == true or Properties.B == 'x'\n } }", Look{Path: "A", Values: YesNo()}, Look{Path: "B"})
	within := guarded("rule x { "+disk+" {\n Properties.O.A == true\n } }", Look{Path: "O.A", Values: YesNo()})
	above := guarded("rule x { "+disk+" {\n Properties.O.A == true\n } }", Look{Path: "O"})
	many := guarded("rule x { "+disk+" {\n Properties.A >= 0 or Properties.A !exists\n } }", Look{Path: "A", Values: Numbers(0, mostWorlds)})
	few := guarded("rule x { "+disk+" {\n Properties.A >= 0 or Properties.A !exists\n } }", Look{Path: "A", Values: Numbers(0, mostWorlds-2)})
	for name, c := range map[string]struct {
		rule    Rule
		unknown []string
		has     map[string]any
		want    Outcome
	}{
		"it fails whatever B is":           {both, []string{"B"}, map[string]any{"A": false}, Fail},
		"it depends on B":                  {both, []string{"B"}, map[string]any{"A": true}, Unknown},
		"it holds whatever B is":           {either, []string{"B"}, map[string]any{"A": true}, Pass},
		"it depends on A and B":            {either, []string{"A", "B"}, nil, Unknown},
		"what a gap left behind is no B":   {both, []string{"B"}, map[string]any{"A": true, "B": true}, Unknown},
		"nothing was read":                 {both, []string{"Properties"}, nil, Unknown},
		"what was read counts":             {both, []string{"Properties"}, map[string]any{"A": false}, Fail},
		"B may be anything":                {loose, []string{"B"}, map[string]any{"A": true}, Unknown},
		"something else was not read":      {both, []string{"C", "Tags", "Policy"}, map[string]any{"A": true, "B": true}, Pass},
		"what it lies in was not read":     {within, []string{"O"}, nil, Unknown},
		"its neighbour was not read":       {within, []string{"O.B"}, map[string]any{"O": map[string]any{"A": true}}, Pass},
		"a part of it was not read":        {above, []string{"O.A"}, map[string]any{"O": map[string]any{"B": true}}, Unknown},
		"more ways than are tried":         {many, []string{"A"}, nil, Unknown},
		"as many ways as are tried":        {few, []string{"A"}, nil, Pass},
		"a property that it does not name": {guarded("rule x { "+disk+" {\n Properties.Z !exists\n } }", Look{Path: "A"}), nil, map[string]any{"Z": true}, Pass},
	} {
		got := Run([]Rule{c.rule}, Case{Snapshot: sealed(volume(c.unknown, c.has))})
		if len(got) != 1 || got[0].Outcome != c.want || got[0].Says == "" || c.want == Unknown && len(got[0].Evidence) == 0 {
			t.Errorf("%s: %+v, want %s", name, got, c.want)
		}
	}
}

// Random rules on random resources: the verdict on one that was not read in full is the one that all of its completions share, else unknown.
func TestUnreadIsEveryWay(t *testing.T) {
	names := []string{"A", "B", "C"}
	known := 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 7))
		var lines []string
		for range 1 + r.IntN(3) {
			var clauses []string
			for range 1 + r.IntN(2) {
				ops := []string{"== true", "== false", "exists", "!exists", "!= true"}
				clauses = append(clauses, "Properties."+names[r.IntN(3)]+" "+ops[r.IntN(len(ops))])
			}
			lines = append(lines, strings.Join(clauses, " or "))
		}
		when := ""
		if r.IntN(2) == 0 {
			when = "when Properties." + names[r.IntN(3)] + " == true"
		}
		text := fmt.Sprintf("rule x { %s {\n%s {\n%s\n}\n} }", disk, when, strings.Join(lines, "\n"))
		if when == "" {
			text = fmt.Sprintf("rule x { %s {\n%s\n} }", disk, strings.Join(lines, "\n"))
		}
		rule := guarded(text, Look{Path: "A", Values: YesNo()}, Look{Path: "B", Values: YesNo()}, Look{Path: "C", Values: YesNo()})

		has, unknown, completions := map[string]any{}, []string{}, []map[string]any{{}}
		for _, n := range names {
			choices := []any{nil, true, false}
			if r.IntN(2) == 0 {
				unknown = append(unknown, n)
			} else {
				choices = choices[r.IntN(3):][:1]
				if choices[0] != nil {
					has[n] = choices[0]
				}
			}
			var next []map[string]any
			for _, c := range completions {
				for _, v := range choices {
					m := map[string]any{}
					for k, x := range c {
						m[k] = x
					}
					if v != nil {
						m[n] = v
					}
					next = append(next, m)
				}
			}
			completions = next
		}
		want := Outcome(255)
		for _, c := range completions {
			o := Run([]Rule{rule}, Case{Snapshot: sealed(volume(nil, c))})[0].Outcome
			if o == Unknown {
				t.Fatalf("nothing is missing of %v, and it is unknown:\n%s", c, text)
			}
			if want != 255 && o != want {
				o = Unknown
			}
			if want != Unknown {
				want = o
			}
		}
		if got := Run([]Rule{rule}, Case{Snapshot: sealed(volume(unknown, has))})[0].Outcome; got != want {
			t.Errorf("%v without %v is %s, want %s:\n%s", has, unknown, got, want, text)
		}
		if want != Unknown && len(unknown) > 0 {
			known++
		}
	}
	if known < 100 {
		t.Errorf("only %d verdicts did not depend on what was not read: this tests too little", known)
	}
}

// A rule that cannot be read, or not judged, is unknown and stops no other.
func TestBrokenRule(t *testing.T) {
	good := guarded("rule x { "+disk+" { Properties.A == true } }", Look{Path: "A", Values: YesNo()})
	unread := guarded("rule x {", Look{Path: "A"})
	stuck := guarded("let t = now()\nrule x { "+disk+" { Properties.N < %t } }", Look{Path: "N"}) // and nobody says when it is
	got := Run([]Rule{unread, stuck, good}, Case{Snapshot: sealed(volume(nil, map[string]any{"A": true, "N": 1}))})
	var have []Outcome
	for _, r := range got {
		have = append(have, r.Outcome)
		if r.Says == "" {
			t.Errorf("%+v does not say why", r)
		}
	}
	if !slices.Equal(have, []Outcome{Unknown, Unknown, Pass}) {
		t.Errorf("%v", have)
	}
}

// Types that were not listed everywhere are a result beside those of what was found.
func TestUnlisted(t *testing.T) {
	rule := guarded("rule x { "+disk+" { Properties.A == true } }", Look{Path: "A", Values: YesNo()})
	s := sealed(volume(nil, map[string]any{"A": true}))
	s.Coverage = append(s.Coverage, snapshot.Coverage{Call: "ec2:DescribeVolumes", Region: "eu-west-2", Types: []string{disk}, Outcome: snapshot.Denied})
	s.Seal()
	got := Run([]Rule{rule}, Case{Snapshot: s})
	if len(got) != 2 || got[0].Outcome != Pass || got[1].Outcome != Unknown || !strings.Contains(got[1].Says, "ec2:DescribeVolumes was denied in eu-west-2, so volumes there are unknown") {
		t.Errorf("%+v", got)
	}
}

// A failure weighs the impact of the row of that access which the rule is about times the rule's likelihood, and no more than the row.
func TestRuleRisk(t *testing.T) {
	row := func(a access.Capability, impact, likelihood int) risk.Row {
		return risk.Row{ID: "data", Key: "vol", Access: a, Impact: risk.Impact{Level: impact}, Full: risk.Likelihood{Level: likelihood}}
	}
	rule := guarded("rule x { "+disk+" { Properties.A == true } }", Look{Path: "A", Values: YesNo()})
	writes, evenly, advice := rule, rule, rule
	writes.Read, writes.Write = 1, 4
	evenly.Read, evenly.Write = 3, 3
	advice.Tier = 2
	for name, c := range map[string]struct {
		rule Rule
		rows []risk.Row
		want int
	}{
		"no row":           {rule, nil, 6},
		"reading":          {rule, []risk.Row{row(access.Read, 5, 4), row(access.Write, 2, 4)}, 10},
		"writing":          {writes, []risk.Row{row(access.Read, 5, 4), row(access.Write, 2, 4)}, 4},
		"the worse of two": {evenly, []risk.Row{row(access.Read, 2, 4), row(access.Write, 4, 4)}, 8},
		"at most the row":  {rule, []risk.Row{row(access.Read, 5, 1)}, 5},
	} {
		got := Run([]Rule{c.rule}, Case{Snapshot: sealed(volume(nil, nil)), Sheet: &risk.Sheet{Rows: c.rows}})
		if len(got) != 1 || got[0].Outcome != Fail || got[0].Risk != c.want || got[0].Severity != Severity(c.want) || !got[0].Gates(c.want) || got[0].Gates(c.want+1) {
			t.Errorf("%s: %+v, want risk %d", name, got, c.want)
		}
	}
	if got := Run([]Rule{advice}, Case{Snapshot: sealed(volume(nil, nil))}); got[0].Outcome != Fail || got[0].Gates(1) {
		t.Errorf("advice gates: %+v", got)
	}
}

// A waiver is about one rule and one thing, by whatever people call it, until its day. What does not fail is not waived.
func TestWaiver(t *testing.T) {
	rule := guarded("rule x { "+disk+" { Properties.A == true } }", Look{Path: "A", Values: YesNo()})
	res := volume(nil, nil)
	res.Name = "data"
	stated := []threatmodel.Resource{{ID: "logs", Bind: threatmodel.Bind{ARN: threatmodel.Words{"vol"}}}}
	rows := &risk.Sheet{Rows: []risk.Row{{ID: "sheet-id", Key: "vol", Access: access.Read, Impact: risk.Impact{Level: 3}, Full: risk.Likelihood{Level: 3}}}}
	for _, c := range []struct {
		rule, resource, until string
		sheet                 *risk.Sheet
		has                   map[string]any
		want                  Outcome
		says                  string
	}{
		{"X-01", "vol", "2026-06-01", nil, nil, Waived, ""}, {"X-01", "data", "2026-06-01", nil, nil, Waived, ""}, {"X-01", "logs", "2026-06-01", nil, nil, Waived, ""},
		{"X-01", "sheet-id", "2026-06-01", rows, nil, Waived, ""}, {"X-01", "data", "2026-06-01", rows, nil, Fail, ""},
		{"X-02", "vol", "2026-06-01", nil, nil, Fail, ""}, {"X-01", "other", "2026-06-01", nil, nil, Fail, ""},
		{"X-01", "vol", "2026-05-31", nil, nil, Fail, "its waiver ended on 2026-05-31"}, {"X-01", "vol", "2026-06-01", nil, map[string]any{"A": true}, Pass, ""},
	} {
		m := threatmodel.Default()
		m.Resources = stated
		m.Waivers = []threatmodel.Waiver{{Rule: c.rule, Target: threatmodel.Target{ID: c.resource}, Until: c.until}}
		here := res
		here.Properties = c.has
		got := Run([]Rule{rule}, Case{Snapshot: sealed(here), Sheet: c.sheet, Model: m, Now: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)})
		if len(got) != 1 || got[0].Outcome != c.want || (got[0].Waiver != nil) != (c.want == Waived) || !strings.Contains(got[0].Says, c.says) {
			t.Errorf("%s of %s until %s: %+v", c.rule, c.resource, c.until, got)
		}
	}
}

// Logic in Go says what it found; whose it is, is said for it.
func TestGoRule(t *testing.T) {
	rule := Rule{ID: "Y-01", Title: "t", Read: 2, Write: 2, Likelihood: 5, Tier: 1, Refs: []string{"ssb:ACCT.02"}, Judge: func(c Case) []Result {
		return []Result{{Outcome: Fail, Target: snapshot.Key(c.Snapshot.Account), Says: "so"}, {Outcome: Pass, Says: "too", Risk: 3}}
	}}
	got := Run([]Rule{rule}, Case{Snapshot: sealed()})
	if len(got) != 2 || got[0].Rule != "Y-01" || got[0].Risk != 10 || got[1].Risk != 3 || got[0].Fingerprint == got[1].Fingerprint || !slices.Equal(got[0].Refs, rule.Refs) {
		t.Errorf("%+v", got)
	}
}

// What Guard does not see may make a title true; it makes none false.
func TestElse(t *testing.T) {
	for name, c := range map[string]struct {
		value     any
		unknown   []string
		otherwise Outcome
		want      Outcome
	}{
		"it holds by itself":      {true, nil, Fail, Pass},
		"it holds elsewhere":      {false, nil, Pass, Pass},
		"nothing elsewhere":       {false, nil, NotApplicable, Fail},
		"elsewhere was not read":  {false, nil, Unknown, Unknown},
		"unread, holds elsewhere": {nil, []string{"A"}, Pass, Pass},
		"unread, nothing":         {nil, []string{"A"}, NotApplicable, Unknown},
	} {
		r := guarded("rule x { "+disk+" {\n Properties.A == true\n } }", Look{Path: "A", Values: YesNo()})
		r.Else = func(Case, *snapshot.Resource) (Outcome, string) { return c.otherwise, "elsewhere" }
		p := map[string]any{}
		if c.value != nil {
			p["A"] = c.value
		}
		if got := Run([]Rule{r}, Case{Snapshot: sealed(volume(c.unknown, p))}); got[0].Outcome != c.want {
			t.Errorf("%s: %s", name, got[0].Outcome)
		}
	}
}
