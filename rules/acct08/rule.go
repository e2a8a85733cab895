// Package acct08 advises an organisation to hold the settings of its accounts.
package acct08

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is ACCT-08.
var Rule = check.Rule{
	ID:    "ACCT-08",
	Title: "The organisation holds EC2's account settings in every Region",
	Why: "A setting of an account is changed by whoever administers it. A declarative policy of the organisation holds it, for Regions " +
		"and accounts too that are still to come.",
	Fix: "In the management account turn declarative policies for EC2 on, and attach one that sets snapshot and image blocks, instance " +
		"metadata defaults and serial console access.",
	Read: 1, Write: 2, Likelihood: 2,
	Tier: 2,
	Refs: []string{"wa:SEC01-BP01", "wa:SEC03-BP05"},
	Sources: []string{
		"https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative.html",
		"https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeEffectivePolicy.html",
	},
	Needs:    []string{"AWS::Organizations::Organization", "AWS::EC2::SnapshotBlockPublicAccess", "AWS::EC2::ImageBlockPublicAccess", "AWS::EC2::InstanceMetadataDefaults", "AWS::EC2::SerialConsoleAccess"},
	Judge:    judge,
	Examples: examples,
}

// Each setting tells who holds it, so that the policy itself need not be read.
func judge(c check.Case) []check.Result {
	where, org, blind := fact.Stands(c)
	if blind != nil {
		return blind
	}
	none := check.Result{Target: c.Account(), Outcome: check.NotApplicable}
	if where == fact.Alone {
		none.Says = "the account is in no organisation"
		return []check.Result{none}
	}
	if n, st := org.Number("OtherAccounts"); where == fact.Management && st == snapshot.Known && n == 0 {
		none.Says = "the organisation has no other account"
		return []check.Result{none}
	}
	return fact.Everywhere(c, "the organisation holds the settings of EC2 in every Region", "the account itself holds settings of EC2", func(r *snapshot.Resource) (check.Outcome, string) {
		switch by, st := r.Property("ManagedBy"); {
		case st == snapshot.Unknown:
			return check.Unknown, "who holds the " + r.Name + " was not read"
		case by == "declarative-policy":
			return check.Pass, ""
		}
		return check.Fail, "whoever administers the account can change the " + r.Name
	}, "AWS::EC2::SnapshotBlockPublicAccess", "AWS::EC2::ImageBlockPublicAccess", "AWS::EC2::InstanceMetadataDefaults", "AWS::EC2::SerialConsoleAccess")
}
