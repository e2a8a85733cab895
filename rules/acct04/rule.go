// Package acct04 wants Regions that nobody uses to be switched off.
package acct04

import (
	"embed"
	"fmt"
	"slices"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is ACCT-04.
var Rule = check.Rule{
	ID:    "ACCT-04",
	Title: "Opt-in Regions are off unless footing.yaml names them",
	Why: "What an intruder starts in a Region at which nobody looks is found on the bill. A Region that had to be switched on can be " +
		"switched off again.",
	Fix: "Name the Regions that are meant in footing.yaml (regions), clear the others, and: aws account disable-region --region-name " +
		"REGION. Those that are always on are what ACCT-05 and GuardDuty are for.",
	Read: 2, Write: 3, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC01-BP02", "wa:SEC03-BP05"},
	Sources: []string{
		"https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html",
		"https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html",
	},
	Needs:    []string{"AWS::Account"},
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	a, blind := fact.Account(c)
	if blind != nil {
		return blind
	}
	out := check.Result{Target: c.Account()}
	list, st := a.Maps("Regions")
	if st != snapshot.Known {
		out.Says = "which Regions were switched on was not read"
		return []check.Result{out}
	}
	stated := len(c.Model.Regions) > 0
	var bad, dim []string
	for _, r := range list {
		name, _ := r["RegionName"].(string)
		if status, _ := r["RegionOptStatus"].(string); status != "ENABLED" && status != "ENABLING" || slices.Contains(c.Model.Regions, name) {
			continue
		}
		n := fact.In(c, name)
		all, why := fact.LookedAt(c, name)
		e := check.Evidence{Key: a.Key, Outcome: check.Fail, Says: name + " was switched on, and nothing is in it"}
		switch {
		case n > 0 && !stated: // in use, and nobody said that it should not be
			continue
		case n > 0:
			e.Says = fmt.Sprintf("%s was switched on, and holds %d things", name, n)
		case !all:
			e.Says = name + " was switched on; what is in it was not read in full: " + why
		}
		if n == 0 && !all && !stated {
			e.Outcome, dim = check.Unknown, append(dim, name)
		} else {
			bad = append(bad, name)
		}
		out.Evidence = append(out.Evidence, e)
	}
	switch {
	case len(bad) > 0 && stated:
		out.Outcome, out.Says = check.Fail, "switched on, and not named in footing.yaml: "+check.Few(bad)
	case len(bad) > 0:
		out.Outcome, out.Says = check.Fail, "switched on, and empty: "+check.Few(bad)
	case len(dim) > 0:
		out.Says = "switched on, and not read in full: " + check.Few(dim)
	case !stated:
		out.Outcome, out.Says = check.Manual, "footing.yaml does not say in which Regions the account works"
	default:
		out.Outcome, out.Says = check.Pass, "no Region is on that had to be switched on and that nobody named"
	}
	return []check.Result{out}
}
