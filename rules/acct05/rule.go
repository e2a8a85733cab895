// Package acct05 wants Regions that are not meant to be closed to everybody.
package acct05

import (
	"embed"
	"fmt"
	"slices"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
)

//go:embed examples
var examples embed.FS

// Rule is ACCT-05.
var Rule = check.Rule{
	ID:    "ACCT-05",
	Title: "Nobody can launch anything in Regions that are not meant",
	Why:   "Stolen credentials are first used where nobody looks. Where a guardrail refuses every other Region, there is one place fewer to watch.",
	Fix: "In an organisation: a service control policy that denies, with NotAction for global services, when aws:RequestedRegion is " +
		"none of yours. In an account on its own: the same as a permissions boundary of what can launch, and GuardDuty in all Regions.",
	Read: 2, Write: 3, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC03-BP05", "ssb:ACCT.04"},
	Sources: []string{
		"https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-requested-region.html",
	},
	Needs:    []string{"AWS::IAM::User", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::Organizations::Organization", "AWS::Organizations::Policy"},
	Judge:    judge,
	Examples: examples,
}

// Asked is who may launch a machine or a function there, by all layers of policies: not whether a policy looks like the one of the guide. An account on
// its own has no policy above it, which is no fault of it.
func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::IAM::User", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"); blind != nil {
		return blind
	}
	where, _, blind := fact.Stands(c)
	if blind != nil {
		return blind
	}
	out := check.Result{Target: c.Account(), Outcome: check.NotApplicable}
	if len(c.Model.Regions) == 0 {
		out.Says = "footing.yaml does not say in which Regions the account works (ACCT-04)"
		return []check.Result{out}
	}
	others := elsewhere(c)
	if len(others) == 0 {
		out.Says = "there is no other Region"
		return []check.Result{out}
	}
	var who, perhaps []string
	for _, a := range fact.ActsIn(c, others) {
		name, e := fact.Name(c, a.Principal), check.Evidence{Key: a.Principal}
		if e.Says = name + " may launch something in " + a.Region; a.Sure {
			who = append(who, name)
		} else {
			perhaps = append(perhaps, name)
			e.Says += ", by policies that were not read"
		}
		out.Evidence = append(out.Evidence, e)
	}
	limits := c.Unlisted("AWS::Organizations::Policy")
	meant := check.Few(c.Model.Regions)
	switch {
	case len(who)+len(perhaps) == 0:
		out.Outcome, out.Says = check.Pass, "nobody may launch anything outside "+meant
	case len(who) == 0:
		out.Outcome, out.Says = check.Unknown, fmt.Sprintf("whether %s may launch outside %s depends on policies that were not read", check.Few(perhaps), meant)
	case where == fact.Member && len(limits) > 0:
		out.Outcome, out.Evidence = check.Unknown, append(out.Evidence, limits...)
		out.Says = fmt.Sprintf("%s may launch outside %s at most: what the organisation forbids was not read", check.Few(who), meant)
	case where == fact.Member:
		out.Outcome, out.Says = check.Fail, fmt.Sprintf("%s may launch outside %s", check.Few(who), meant)
	default:
		out.Says = fmt.Sprintf("no organisation can forbid it here; %s may launch elsewhere, which detection has to see (DET-01)", check.Few(who))
	}
	return []check.Result{out}
}

// elsewhere are the Regions that are on and not meant.
func elsewhere(c check.Case) (out []string) {
	on := slices.Clone(c.Snapshot.Regions)
	if a, _ := fact.Account(c); a != nil {
		list, _ := a.Maps("Regions")
		for _, r := range list {
			if name, _ := r["RegionName"].(string); name != "" {
				on = append(on, name)
			}
		}
	}
	slices.Sort(on)
	return slices.DeleteFunc(slices.Compact(on), func(r string) bool { return slices.Contains(c.Model.Regions, r) })
}
