// Package lp06 wants somebody to look for access from outside.
package lp06

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is LP-06.
var Rule = check.Rule{
	ID:    "LP-06",
	Title: "An analyzer of external access looks at every Region in use",
	Why: "IAM Access Analyzer reads every policy that lets somebody in from outside, as soon as it changes, at no cost. It looks at the Region " +
		"in which it stands and at no other. Analyzers of unused and of internal access look for something else.",
	Fix:  "In every Region in use: aws accessanalyzer create-analyzer --analyzer-name external --type ACCOUNT.",
	Read: 3, Write: 3, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC03-BP07", "cis-3.0:1.20", "cis-4.0.1:1.20", "cis-5.0:1.19"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html",
		"https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ListAnalyzers.html",
	},
	Needs:    []string{fact.Analyzer, "AWS::IAM::Role"},
	Judge:    judge,
	Examples: examples,
}

// member tells whether another account is at the head of an organization, and may look from there.
func member(c check.Case) bool {
	where, _, _ := fact.Stands(c)
	return where == fact.Member
}

func judge(c check.Case) []check.Result {
	out := check.Result{Target: c.Account()}
	regions := fact.Analyzable(c)
	on, idle := map[string]bool{}, map[string]string{}
	for _, a := range fact.Analyzers(c) {
		status, st := a.Property("Status")
		switch {
		case st == snapshot.Unknown || a.IsUnknown("Type"):
			idle[a.Region] = fmt.Sprintf("%s (what the analyzer %s does was not read)", a.Region, a.Name)
		case st == snapshot.Absent || status == "ACTIVE":
			on[a.Region] = true
		default:
			idle[a.Region] = fmt.Sprintf("%s (the analyzer %s is %s)", a.Region, a.Name, strings.ToLower(fmt.Sprint(status)))
		}
	}
	var without, unsure []string
	for _, r := range regions {
		switch {
		case on[r]:
		case strings.Contains(idle[r], "was not read"):
			unsure = append(unsure, idle[r])
		case idle[r] != "":
			without = append(without, idle[r])
		case !c.Listed(fact.Analyzer, r):
			unsure = append(unsure, r)
		default:
			without = append(without, r)
		}
	}
	switch unseen := fact.Unanalyzed(c, on); {
	case len(without) > 0 && member(c):
		out.Outcome = check.Manual
		out.Says = "no analyzer of external access stands in " + strings.Join(without, ", ") + "; whether one of the organization looks there cannot be seen from this account"
	case len(without) > 0:
		out.Outcome, out.Says = check.Fail, "nothing looks for access from outside in "+strings.Join(without, ", ")
	case len(unsure) > 0:
		out.Says = "whether something looks for access from outside was not read in " + strings.Join(unsure, ", ")
	case len(regions) == 0 && len(on) == 0:
		if blind := c.Blind(fact.Analyzer, "AWS::IAM::Role"); blind != nil {
			return blind
		}
		roles := slices.DeleteFunc(slices.Clone(c.Snapshot.OfType("AWS::IAM::Role")), func(r *snapshot.Resource) bool { return fact.ServiceLinked(r.Key) })
		if len(roles) == 0 && len(unseen) > 0 {
			out.Says = "whether there is anything that an analyzer looks at was not read: " + check.Few(unseen)
			break
		}
		if len(roles) == 0 {
			out.Outcome, out.Says = check.NotApplicable, "there is nothing that an analyzer looks at"
			break
		}
		out.Outcome, out.Says = check.Fail, "nothing looks at whom "+check.Count(len(roles), "role lets", "roles let")+" in from outside"
		if member(c) {
			out.Outcome, out.Says = check.Manual, out.Says+", unless one of the organization does: that cannot be seen from this account"
		}
	case len(unseen) > 0:
		out.Says = "whether something stands in a Region without an analyzer was not read: " + check.Few(unseen)
	default:
		out.Outcome, out.Says = check.Pass, "an analyzer looks for access from outside in "+strings.Join(regions, ", ")
		if len(regions) == 0 {
			out.Says = "an analyzer looks for access from outside"
		}
	}
	return []check.Result{out}
}
