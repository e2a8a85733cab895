// Package gov03 wants an objective to speak of every risk above the threshold.
package gov03

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/judge/objective"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/threatmodel"
)

//go:embed examples
var examples embed.FS

// Rule is GOV-03.
var Rule = check.Rule{
	ID:    "GOV-03",
	Title: "An objective speaks of every risk above the threshold",
	Why: "An objective says in one sentence what must be so, and is judged with every scan and every change: that is the control " +
		"which notices that something opened again. A high risk that no sentence speaks of is only a number.",
	Fix: "Write one sentence for it in footing.yaml, under objectives: only api may read orders. footing check judges it from " +
		"then on.",
	Read: 2, Write: 3, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC01-BP03"},
	Sources: []string{
		"https://docs.aws.amazon.com/wellarchitected/latest/framework/a-sec-security.html",
	},
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	j := objective.New(c)
	out := check.Result{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("no risk is %d or more", fact.Gate)}
	open := fact.Unanswered(c, func(r *risk.Row) bool { return !r.Asset }, func(r *risk.Row) bool {
		return slices.ContainsFunc(c.Model.Objectives, func(o threatmodel.Objective) bool { return j.Holds(&o, r) != check.NotApplicable })
	}, func(r *risk.Row) string { return "no objective speaks of " + r.ID + ":" + fact.Verb(r) })
	out.Evidence = open.Evidence
	switch n := len(open.Sure); {
	case n > 0:
		out.Outcome, out.Says = check.Fail, fmt.Sprintf("no objective speaks of %d of %d risks of %d and more: %s", n, open.Above, fact.Gate, strings.Join(open.Sure[:min(n, 3)], ", "))
	case open.May > 0:
		out.Outcome, out.Says = check.Unknown, fmt.Sprintf("%d risks of which no objective speaks may be %d or more, since not all was read", open.May, fact.Gate)
	case open.Above > 0:
		out.Says = fmt.Sprintf("an objective speaks of each of %d risks of %d and more", open.Above, fact.Gate)
	}
	if blind := c.BlindTo(fact.Hides(c)); out.Outcome == check.Pass && blind != nil {
		return blind
	}
	return []check.Result{out}
}
