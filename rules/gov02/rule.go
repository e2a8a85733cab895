// Package gov02 wants every risk above the threshold to have somebody who does something, and a day.
package gov02

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/judge/risk"
)

//go:embed examples
var examples embed.FS

// Rule is GOV-02.
var Rule = check.Rule{
	ID:    "GOV-02",
	Title: "Risks above the threshold are owned and have a date",
	Why: "A risk that everybody knows and nobody owns stays. The sheet is computed anew with every scan; what it cannot know is " +
		"who will do something, and until when.",
	Fix: "footing init writes footing.yaml with threats and mitigations. Give the mitigation of each risk an owner and a day " +
		"(owner:, due:), or accept the risk with a waiver.",
	Read: 2, Write: 2, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC01-BP07"},
	Sources: []string{
		"https://docs.aws.amazon.com/wellarchitected/latest/framework/a-sec-security.html",
	},
	Judge:    judge,
	Examples: examples,
}

// judge looks for rows that ask for an action of somebody, and for mitigations of their threats that have an owner and a day that is still to come.
func judge(c check.Case) []check.Result {
	out := check.Result{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("no risk is %d or more", fact.Gate)}
	open := fact.Unanswered(c, func(r *risk.Row) bool { return r.State == risk.Open }, func(r *risk.Row) bool { return owned(c, r) }, func(r *risk.Row) string {
		return fmt.Sprintf("nobody owns a mitigation of %s %s with a day that is still to come", r.ID, fact.Verb(r))
	})
	out.Evidence = open.Evidence
	slices.SortStableFunc(out.Evidence, func(a, b check.Evidence) int { return int(b.Outcome) - int(a.Outcome) })
	switch n := len(open.Sure); {
	case n > 0 && c.File == "":
		out.Outcome, out.Says = check.Fail, fmt.Sprintf("there is no footing.yaml: nobody answers for %d risks of %d and more", open.Above, fact.Gate)
	case n > 0:
		out.Outcome, out.Says = check.Fail, fmt.Sprintf("%d of %d risks of %d and more have no mitigation with an owner and a day: %s", n, open.Above, fact.Gate, strings.Join(open.Sure[:min(n, 3)], ", "))
	case open.May > 0:
		out.Outcome, out.Says = check.Unknown, fmt.Sprintf("%d risks may be %d or more, since not all was read", open.May, fact.Gate)
	case open.Above > 0:
		out.Says = fmt.Sprintf("each of %d risks of %d and more has a mitigation with an owner and a day", open.Above, fact.Gate)
	}
	if blind := c.BlindTo(fact.Hides(c)); out.Outcome == check.Pass && blind != nil {
		return blind
	}
	return []check.Result{out}
}

func owned(c check.Case, r *risk.Row) bool {
	for i := range c.Model.Threats {
		t := &c.Model.Threats[i]
		if t.Target.ID != r.ID || t.Target.Access != "" && t.Target.Access != fact.Verb(r) {
			continue
		}
		for _, id := range t.Mitigations {
			for _, m := range c.Model.Mitigations {
				due, err := time.Parse(time.DateOnly, m.Due)
				if m.ID == id && m.Owner != "" && err == nil && c.Now.Before(due.AddDate(0, 0, 1)) {
					return true
				}
			}
		}
	}
	return false
}
