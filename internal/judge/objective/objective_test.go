package objective_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// two readers of a restricted bucket, of whom one is meant.
func twoReaders(t *testing.T) *account {
	a := newAccount(t)
	a.model.UseCases = []threatmodel.UseCase{{ID: "root", Actor: "root", Needs: map[string][]string{"account": {"admin"}}}}
	a.get(photos).Tags = tags("class", "restricted")
	a.user("ann", get)
	a.user("ben", get)
	a.key("ben")
	a.actor("ann", arn("user", "ann"))
	return a
}

// A waiver turns a failure into an accepted one, until its day ends or the risk grows; it does nothing else.
func TestWaivers(t *testing.T) {
	for name, c := range map[string]struct {
		w    threatmodel.Waiver
		hide bool
		want check.Outcome
		says string
	}{
		"none":                {threatmodel.Waiver{Objective: "O-2", Until: "2026-12-31"}, false, check.Fail, ""},
		"until later":         {threatmodel.Waiver{Objective: "O-1", Until: "2026-12-31"}, false, check.Waived, ""},
		"until today":         {threatmodel.Waiver{Objective: "O-1", Until: "2026-06-01"}, false, check.Waived, ""},
		"until yesterday":     {threatmodel.Waiver{Objective: "O-1", Until: "2026-05-31"}, false, check.Fail, "its waiver ended on 2026-05-31"},
		"of that risk":        {threatmodel.Waiver{Objective: "O-1", Until: "2026-12-31", MaxRisk: 20}, false, check.Waived, ""},
		"of a lower risk":     {threatmodel.Waiver{Objective: "O-1", Until: "2026-12-31", MaxRisk: 9}, false, check.Fail, "at most 9 was accepted"},
		"of what is not seen": {threatmodel.Waiver{Objective: "O-1", Until: "2026-12-31"}, true, check.Unknown, ""},
	} {
		a := twoReaders(t)
		if c.hide {
			r := a.get(arn("user", "ben"))
			delete(r.Properties, "Policies")
			r.Unknown = []string{"Policies"}
		}
		a.model.Waivers = []threatmodel.Waiver{c.w}
		if r := a.must("only ann may read photos"); r.Outcome != c.want || !strings.Contains(r.Says, c.says) || (r.Waiver != nil) != (c.want == check.Waived) {
			t.Errorf("%s: %s, %q, waiver %v; want %s, with %q", name, r.Outcome, r.Says, r.Waiver, c.want, c.says)
		}
	}
}

// All sentences of an objective must hold, and what is worst is said first.
func TestSentencesTogether(t *testing.T) {
	const holds, broken, about = "only ann may write photos", "only ann may read photos", "nobody may read type queue"
	a := twoReaders(t)
	j, _ := a.judge()
	for name, c := range map[string]struct {
		must []string
		want check.Outcome
	}{
		"both hold": {[]string{holds, holds}, check.Pass}, "one does": {[]string{holds, broken}, check.Fail}, "the other does": {[]string{broken, holds}, check.Fail},
		"one is about nothing": {[]string{about, holds}, check.Pass}, "both are": {[]string{about, about}, check.NotApplicable},
	} {
		if r := j.Hold(a.objective("O-1", c.must...)); r.Outcome != c.want {
			t.Errorf("%s: %s, %q", name, r.Outcome, r.Says)
		}
	}
	if r := j.Hold(&threatmodel.Objective{ID: "none"}); r.Outcome == check.Pass {
		t.Error("an objective that says nothing holds")
	}
	if r := j.Hold(&threatmodel.Objective{ID: "odd", Must: []threatmodel.Assertion{{Kind: "perhaps", Text: "ann is nice"}}}); r.Outcome != check.Unknown {
		t.Errorf("a sentence that nobody can judge: %s", r.Outcome)
	}
}

// One guard is no other: each of the three is asked for by itself.
func TestOneGuardIsNoOther(t *testing.T) {
	conditions := map[string]object{"mfa": when("Bool", "aws:MultiFactorAuthPresent", "true"), "network": when("IpAddress", "aws:SourceIp", "203.0.113.0/24")}
	for has, condition := range conditions {
		a := newAccount(t)
		a.model.UseCases = []threatmodel.UseCase{{ID: "root", Actor: "root", Needs: map[string][]string{"account": {"admin"}}}}
		a.user("ann", permit("s3:GetObject", photos+"/*", condition))
		a.report[1].(object)["PasswordEnabled"] = false // whoever signs in with MFA has it
		a.key("ann")
		for _, asked := range []string{"mfa", "network", "organization"} {
			want := check.Fail
			if asked == has {
				want = check.Pass
			}
			if r := a.must("reading photos requires " + asked); r.Outcome != want {
				t.Errorf("with %s, asked for %s: %s, %s", has, asked, r.Outcome, r.Says)
			}
		}
	}
}

// What surely breaks a sentence does so whatever is unknown of its other targets, before and after it.
func TestSureBeforeUnknown(t *testing.T) {
	for _, unread := range []string{photos, queue} {
		a := newAccount(t)
		a.thing("AWS::SQS::Queue", queue, "jobs", object{"QueueName": "jobs"})
		a.model.Resources = append(a.model.Resources, threatmodel.Resource{ID: "jobs", Bind: arns(queue)})
		a.user("ann", permit([]any{"s3:GetObject", "sqs:ReceiveMessage"}, []any{map[bool]string{true: queue, false: photos + "/*"}[unread == photos]}))
		a.get(unread).Unknown = []string{"Policy"}
		r := a.must("only root may read photos, jobs")
		unknown := 0
		for _, e := range r.Evidence {
			if e.Outcome == check.Unknown {
				unknown++
			}
		}
		if r.Outcome != check.Fail || unknown == 0 {
			t.Errorf("%s unread: %s, %d unknown: %s", unread, r.Outcome, unknown, r.Says)
		}
	}
}

// What a result says beside its outcome.
func TestResult(t *testing.T) {
	a := twoReaders(t)
	j, as := a.judge()
	o := a.objective("O-1", "only ann may read photos")
	o.Say, o.Refs = "Only Ann sees the photos.", []string{"nist-800-53:AC-6"}
	r := j.Hold(o)
	row := row(t, as, "photos", access.Read)
	if r.Rule != "O-1" || r.Title != o.Say || r.Target != photos || r.Risk != row.FullRisk() || r.Severity != check.Severity(row.FullRisk()) || r.Location != (check.Location{File: "footing.yaml", Line: 7}) ||
		!slices.Equal(r.Refs, o.Refs) || r.Always {
		t.Errorf("%+v", r)
	}
	if !r.Gates(row.FullRisk()) || r.Gates(row.FullRisk()+1) {
		t.Errorf("at which gate a failure of risk %d counts", r.Risk)
	}
	p := r.Evidence[0].Path
	if p == nil || p.Entry.Kind != access.AccessKey || p.Entry.Actor != arn("user", "ben") || len(p.Because) == 0 {
		t.Errorf("the worst way is %+v", p)
	}
	if o.Say = ""; j.Hold(o).Title != "only ann may read photos" {
		t.Error("an objective without words of its own has those of its sentences")
	}
}

// The same finding has the same fingerprint after another run, reformatted policies, moved lines, and what happens beside it.
func TestFingerprint(t *testing.T) {
	a := twoReaders(t)
	first := a.must("only ann may read photos")
	a.now = a.now.Add(40 * 24 * time.Hour)
	a.get(arn("user", "ben")).Properties["Policies"] = []any{object{"PolicyName": "renamed", "PolicyDocument": doc(object{"Sid": "New", "Effect": "Allow", "Action": []any{"s3:GetObject"}, "Resource": []any{photos + "/*"}})}}
	a.user("eve", get)
	second := a.must("Only ann may read   photos.")
	if first.Fingerprint != second.Fingerprint || len(first.Fingerprint) != 16 {
		t.Errorf("%q, then %q", first.Fingerprint, second.Fingerprint)
	}
	j, _ := a.judge()
	if other := j.Hold(a.objective("O-2", "only ann may read photos")); other.Fingerprint == first.Fingerprint {
		t.Error("two objectives share a fingerprint")
	}
}

func row(t *testing.T, a *assess.Assessment, id string, c access.Capability) *risk.Row {
	t.Helper()
	for i := range a.Sheet.Rows {
		if r := &a.Sheet.Rows[i]; r.ID == id && r.Access == c {
			return r
		}
	}
	t.Fatalf("the sheet has no row %s", id)
	return nil
}

// Whether the action that an objective stands for is in force for one row.
func TestHolds(t *testing.T) {
	a := twoReaders(t)
	a.thing("AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:"+ours+":jobs", "jobs", object{"QueueName": "jobs"})
	a.units()
	a.get(photos).Tags["env"] = "prod"
	j, as := a.judge()
	for name, c := range map[string]struct {
		must []string
		row  string
		want check.Outcome
	}{
		"holds for it":                {[]string{"only ann may administer photos"}, "photos", check.Pass},
		"about the other access":      {[]string{"only ann may write photos"}, "photos", check.NotApplicable},
		"broken for it":               {[]string{"only ann may read photos"}, "photos", check.Fail},
		"about another":               {[]string{"only ann may read photos"}, "jobs", check.NotApplicable},
		"about all, holds for it":     {[]string{"only ann may read anything"}, "jobs", check.Pass},
		"about all, broken":           {[]string{"only ann may read anything"}, "photos", check.Fail},
		"from a risk that it has":     {[]string{"when risk is 15 or more, only ann may read anything"}, "photos", check.Fail},
		"from a risk that it has not": {[]string{"when risk is 15 or more, only ann may read anything"}, "jobs", check.NotApplicable},
		"one of two is about it":      {[]string{"only ann may read photos", "nobody may administer type queue"}, "jobs", check.Pass},
		"both are":                    {[]string{"only ann may administer photos", "only ann may read photos"}, "photos", check.Fail},
		"a wall around it":            {[]string{"dev is isolated from prod"}, "photos", check.Pass},
		"a wall around another":       {[]string{"dev is isolated from prod"}, "jobs", check.NotApplicable},
	} {
		if got := j.Holds(a.objective("O-1", c.must...), row(t, as, c.row, access.Read)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// A row of which something was not read is not in force.
func TestHoldsUnread(t *testing.T) {
	a := twoReaders(t)
	a.get(photos).Unknown = []string{"Policy"}
	a.resources = slices.DeleteFunc(a.resources, func(r snapshot.Resource) bool { return string(r.Key) == arn("user", "ben") })
	j, as := a.judge()
	if got := j.Holds(a.objective("O-1", "only ann may read photos"), row(t, as, "photos", access.Read)); got != check.Unknown {
		t.Errorf("%s", got)
	}
}

// Two runs are the same, whatever was asked before.
func TestSameAgain(t *testing.T) {
	a := twoReaders(t)
	a.units()
	a.get(photos).Tags["env"] = "prod"
	a.get(arn("user", "ben")).Properties["Path"] = "/dev/"
	a.model.Objectives = []threatmodel.Objective{*a.objective("1", "only ann may read anything"), *a.objective("2", "dev is isolated from prod"), *a.objective("3", "at most 1 may read photos", "nobody may write anything")}
	j, _ := a.judge()
	first := stripped(j.All())
	for range 3 {
		j.All()
		again, _ := a.judge()
		if got := stripped(again.All()); !reflect.DeepEqual(got, first) || !reflect.DeepEqual(stripped(j.All()), first) {
			t.Fatalf("%+v\nand then\n%+v", first, got)
		}
	}
}

// stripped leaves the ways by their ids.
func stripped(results []check.Result) []string {
	var out []string
	for _, r := range results {
		out = append(out, r.Rule, r.Outcome.String(), r.Says, string(r.Target), r.Severity, r.Fingerprint)
		for _, e := range r.Evidence {
			out = append(out, e.Outcome.String(), e.Says, string(e.Key), e.Access.String())
			if e.Path != nil {
				out = append(out, e.Path.ID())
			}
		}
	}
	return out
}
