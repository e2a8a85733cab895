// Package practice prints what an account shows of the practices that others wrote down: a screen, tables, and answers for the AWS Well-Architected
// Tool.
package practice

import (
	"cmp"
	"slices"

	"github.com/footing-dev/footing/catalog/practice"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/evidence"
	"github.com/footing-dev/footing/internal/show/sheet"
)

// View is one framework, judged on one account.
type View struct {
	sheet.Checked
	Table  practice.Table
	Groups []evidence.Group
	By     string // what was asked for: cis, cis-5.0
}

// count counts states over all groups.
func (v *View) count() map[evidence.State]int {
	out := map[evidence.State]int{}
	for i := range v.Groups {
		for s, n := range v.Groups[i].Count() {
			out[s] += n
		}
	}
	return out
}

// worst are the findings that are not in order: what fails, then what is unknown, by the risk of what decides.
func (v *View) worst() []*evidence.Finding {
	var out []*evidence.Finding
	for g := range v.Groups {
		for i := range v.Groups[g].Findings {
			if f := &v.Groups[g].Findings[i]; f.State == evidence.Failing || f.State == evidence.Unknown && len(f.Results) > 0 {
				out = append(out, f)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b *evidence.Finding) int {
		if a.State != b.State {
			return cmp.Compare(flag(a.State == evidence.Unknown), flag(b.State == evidence.Unknown))
		}
		return b.Worst - a.Worst
	})
	return out
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// ruleOutcome is what a rule says of all its things.
type ruleOutcome struct {
	id      string
	outcome check.Outcome
}

// byRule joins the results of a finding by their rules, in the order in which they decide.
func byRule(f *evidence.Finding) []ruleOutcome {
	var out []ruleOutcome
	for i := range f.Results {
		r := &f.Results[i]
		if at := slices.IndexFunc(out, func(o ruleOutcome) bool { return o.id == r.Rule }); at >= 0 {
			out[at].outcome = out[at].outcome.And(r.Outcome)
			continue
		}
		out = append(out, ruleOutcome{r.Rule, r.Outcome})
	}
	return out
}
