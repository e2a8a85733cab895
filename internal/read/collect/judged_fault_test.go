package collect

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/service"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/rules"
)

// Where AWS refuses everything but to say who we are, nothing is said of any rule, and only people's word counts.
func TestJudgedWithoutPermission(t *testing.T) {
	stated := map[string]bool{}
	for _, r := range rules.All() {
		stated[r.ID] = r.Stated
	}
	fake(t, func(w http.ResponseWriter, q request) {
		if q.operation != "GetCallerIdentity" || !start(w, q) {
			refuse(w, q, 403, "AccessDenied")
		}
	})
	s := scanned(t, judgedOptions())
	for _, e := range []*estate{{}, estateOf(t, "tended")} {
		for _, x := range e.judge(t, s) {
			if x.Outcome != check.Unknown && x.Outcome != check.Manual && x.Attested == nil && !stated[x.Rule] {
				t.Errorf("%s is %s: %s", x.Rule, x.Outcome, x.Says)
			}
		}
	}
}

// verdicts joins the outcomes of each rule.
func verdicts(results []check.Result) map[string]check.Outcome {
	out := map[string]check.Outcome{}
	for i := range results {
		x := &results[i]
		if o, met := out[x.Rule]; met {
			out[x.Rule] = o.And(x.Outcome)
		} else {
			out[x.Rule] = x.Outcome
		}
	}
	return out
}

// noBetter wants what was seen through failures to be no better than what there is: a rule that passes or is about nothing does so of the
// whole account too, and one that fails there fails or is unknown.
func noBetter(t *testing.T, name string, got, whole []check.Result) {
	t.Helper()
	before := verdicts(whole)
	for id, o := range verdicts(got) {
		was := before[id]
		switch {
		case o == was || o == check.Unknown:
		case (was == check.Fail || was == check.Waived) && (o == check.Fail || o == check.Waived):
		case (was == check.Pass || was == check.NotApplicable) && (o == check.Fail || o == check.Waived || o == check.Manual): // less is worse
		case was == check.Manual && o == check.Fail:
		default:
			var says []string
			for _, x := range got {
				if x.Rule == id {
					says = append(says, x.Outcome.String()+": "+x.Says)
				}
			}
			t.Errorf("%s: %s was %s and is %s: %s", name, id, was, o, strings.Join(says, "; "))
		}
	}
}

// Whatever befalls some of the calls, or all, no rule comes off better.
func TestJudgedFaults(t *testing.T) {
	type hurt struct {
		failure
		hits func(request) bool
	}
	all := []hurt{
		{failure{name: "half of a credential report", answer: func(w http.ResponseWriter, q request) {
			answerReport(w, "2026-11-22", "ines,arn:aws:iam::1234")
		}}, report},
		{failure{name: "a Region that is off", answer: func(w http.ResponseWriter, q request) { refuse(w, q, 403, "UnrecognizedClientException") }}, func(q request) bool {
			return q.region == "us-east-1" && q.client != "ec2" && q.client != "sts"
		}},
	}
	for i, f := range failures() {
		if f.name != "slow" && f.settings().Wire.Once && f.outcome != snapshot.NotEnabled {
			all = append(all, hurt{f, some(3, i)}, hurt{failure{f.name + ", everywhere", f.answer, f.outcome, nil}, some(1, 0)})
		}
	}
	for _, name := range estateNames() {
		e := estateOf(t, name)
		whole := e.judge(t, e.whole)
		for _, h := range all {
			t.Run(name+" "+h.name, func(t *testing.T) {
				serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if q := peek(r); h.hits(q) {
						h.answer(w, q)
						return
					}
					e.ServeHTTP(w, r)
				}))
				s, err := scan(t.Context(), judgedOptions(), service.All(), h.settings())
				if err != nil {
					t.Fatal(err)
				}
				noBetter(t, h.name, e.judge(t, s), whole)
			})
		}
	}
}

// Without the permissions of one service what fails still does, or is unknown; and what rests on that service alone is not told.
func TestJudgedServiceDenied(t *testing.T) {
	e := estateOf(t, "neglected")
	whole := e.judge(t, e.whole)
	var denied atomic.Bool
	serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if q := peek(r); denied.Load() && q.operation != "GetCallerIdentity" && q.operation != "DescribeRegions" {
			refuse(w, q, 403, "AccessDenied")
			return
		}
		e.ServeHTTP(w, r)
	}))
	kept := newShelf(t)
	scanned(t, kept.use(judgedOptions()))
	denied.Store(true)
	o := kept.use(judgedOptions())
	o.Keep = nil
	all := o.Kept
	for _, v := range service.All() {
		if v.Name == "sts" || v.Name == "tag" {
			continue
		}
		o.Kept = func(k read.Scan) []read.Part {
			return slices.DeleteFunc(all(k), func(p read.Part) bool { return p.Service == v.Name })
		}
		s := scanned(t, o)
		results := e.judge(t, s)
		noBetter(t, "without "+v.Name, results, whole)
		for id, outcome := range verdicts(results) {
			i := slices.IndexFunc(rules.All(), func(r check.Rule) bool { return r.ID == id })
			r := &rules.All()[i]
			seen := len(r.Types()) == 0 || r.Stated || slices.ContainsFunc(r.Types(), func(typ string) bool { return s.Has(typ, "") != snapshot.Unknown || len(s.OfType(typ)) > 0 })
			if !seen && (outcome == check.Pass || outcome == check.NotApplicable) {
				t.Errorf("without %s nothing of %v was seen, and %s is %s", v.Name, r.Types(), id, outcome)
			}
		}
	}
}

// unreported are rules that need the credential report, and can be judged without it.
var unreported = map[string]string{
	"ADM-01":  "footing.yaml says who is a person",
	"ADM-02":  "it asks for a word, and says how old the report is",
	"ADM-04":  "a tag, or footing.yaml, says who is a machine",
	"PWD-01":  "the policy is good, whoever has a password",
	"ROOT-01": "the account summary, which is of now, tells of root's keys",
}

// An old credential report is none: whatever rests on it is unknown, and says how old it is.
func TestJudgedStaleReport(t *testing.T) {
	for _, name := range estateNames() {
		e := estateOf(t, name)
		whole := e.judge(t, e.whole)
		serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if q := peek(r); report(q) {
				answerReport(w, "2026-11-12", "ines,arn:aws:iam::123456789012:user/ines,2025-01-01T10:00:00+00:00,true,true,false\n")
				return
			}
			e.ServeHTTP(w, r)
		}))
		results := e.judge(t, scanned(t, judgedOptions()))
		noBetter(t, name, results, whole)
		outcomes, was := verdicts(results), verdicts(whole)
		for _, r := range rules.All() {
			if !slices.Contains(r.Needs, "AWS::IAM::CredentialReport") || outcomes[r.ID] == was[r.ID] && outcomes[r.ID] != check.Pass {
				continue // what fails without the report fails
			}
			says := ""
			for _, x := range results {
				if x.Rule == r.ID {
					says += x.Outcome.String() + ": " + x.Says + "\n"
				}
			}
			if _, without := unreported[r.ID]; without && outcomes[r.ID] != check.Unknown {
				continue
			}
			if outcomes[r.ID] != check.Unknown || !strings.Contains(says, "it was made on 2026-11-12, 9 days before") {
				t.Errorf("%s: %s is %s", name, r.ID, says)
			}
		}
	}
}
