// Package grd06 wants only administrators to act as root of member accounts.
package grd06

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is GRD-06.
var Rule = check.Rule{
	ID:    "GRD-06",
	Title: "Only administrators open root sessions of member accounts",
	Why: "From the management account, and from the one to which it delegates IAM, sts:AssumeRoot gives a session as root of any member account: to delete the " +
		"policy of a bucket or queue, or to make a root password. It passes the member's own guardrails.",
	Fix:  "Allow sts:AssumeRoot to administrators alone, with a condition on sts:TaskPolicyArn; wildcards such as sts:Assume* and sts:* allow it too.",
	Read: 5, Write: 5, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC01-BP02", "wa:SEC03-BP05", "ssb:ACCT.02"},
	Sources: []string{
		"https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-enable-root-access.html",
	},
	Needs:    append([]string{"AWS::Organizations::Organization"}, fact.Principals()...),
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	if blind := c.Blind(fact.Principals()...); blind != nil {
		return blind
	}
	const typ = "AWS::Organizations::Organization"
	orgs := c.Snapshot.OfType(typ)
	if len(orgs) == 0 && c.Snapshot.Has(typ, "") == snapshot.Absent {
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "the account is in no organisation"}}
	}
	asks := []fact.Ask{{Need: access.Need{Action: "sts:AssumeRoot", On: "arn:aws:iam::{any}:root"}, Says: "open root sessions"}}
	out := fact.Only(c, fact.Besides(c, asks), "open root sessions of member accounts")
	switch {
	case len(orgs) > 0 && orgs[0].Text("ManagementAccountId") == c.Snapshot.Account:
	case out.Outcome == check.Pass: // wherever the account stands
	case len(orgs) == 0:
		return c.Blind(typ)
	default:
		out.Outcome, out.Says = check.Unknown, out.Says+", if the management account has delegated IAM to this one, which a scan does not ask"
	}
	return []check.Result{out}
}
