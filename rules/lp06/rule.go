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
	Needs:    []string{fact.Analyzer},
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
	switch {
	case len(without) > 0 && member(c):
		out.Outcome = check.Manual
		out.Says = "no analyzer of external access stands in " + strings.Join(without, ", ") + "; whether one of the organization looks there cannot be seen from this account"
	case len(without) > 0:
		out.Outcome, out.Says = check.Fail, "nothing looks for access from outside in "+strings.Join(without, ", ")
	case len(unsure) > 0:
		out.Says = "whether something looks for access from outside was not read in " + strings.Join(unsure, ", ")
	case len(regions) == 0:
		if blind := c.Blind(fact.Analyzer); blind != nil {
			return blind
		}
		out.Outcome, out.Says = check.NotApplicable, "nothing that an analyzer looks at stands in any Region"
	default:
		out.Outcome, out.Says = check.Pass, "an analyzer looks for access from outside in "+strings.Join(regions, ", ")
	}
	everywhere := len(c.Snapshot.Regions) > 0 && !slices.ContainsFunc(c.Snapshot.Regions, func(r string) bool { return !on[r] })
	if out.Outcome == check.Pass && !everywhere || out.Outcome == check.NotApplicable { // what was not listed may be in another Region
		if blind := c.BlindTo(fact.Analyzed); blind != nil {
			return blind
		}
	}
	return []check.Result{out}
}
