// Package root02 wants root to have a second factor.
package root02

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is ROOT-02.
var Rule = check.Rule{
	ID:    "ROOT-02",
	Title: "Root has MFA",
	Why: "The password of root opens everything, and nothing limits it. A second factor is all that stands between a mail box that was " +
		"broken into and the account.",
	Fix:  "Sign in as root, Security credentials, Assign MFA device: two of them, so that one may be lost.",
	Read: 5, Write: 5, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC01-BP02", "wa:SEC02-BP01", "ssb:ACCT.02", "ssb:ACCT.05", "cis-3.0:1.5", "cis-4.0.1:1.5", "cis-5.0:1.4"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/enable-mfa-for-root.html",
		"https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html",
	},
	Needs:    []string{"AWS::IAM::AccountSummary", "AWS::Organizations::Organization"},
	Judge:    judge,
	Examples: examples,
}

// The summary is of this moment, so the credential report is not asked. What an organisation did to root is told by what root has left: the call that
// lists the features of central root access answers its management account alone, whose own root they never touch.
func judge(c check.Case) []check.Result {
	sum, blind := fact.Summary(c)
	if blind != nil {
		return blind
	}
	out := check.Result{Target: c.Account()}
	mfa, st := sum.Number("AccountMFAEnabled")
	password, pst := sum.Number("AccountPasswordPresent")
	where, _, _ := fact.Stands(c)
	bare := pst == snapshot.Known && password == 0
	switch {
	case st != snapshot.Known:
		out.Says = "the account summary does not tell whether root has MFA"
	case mfa > 0:
		out.Outcome, out.Says = check.Pass, "root has MFA"
	case fact.NoRoot(where, sum):
		out.Outcome, out.Says = check.NotApplicable, "root of this member account has no password and no key"
	case where == fact.Unplaced && bare:
		out.Says = "root has no MFA and no password; whether an organisation took it away was not read"
	case where != fact.Alone && where != fact.Management && pst != snapshot.Known:
		out.Says = "root has no MFA; whether it has a password was not read"
	case bare:
		out.Outcome, out.Says = check.Fail, "root has no MFA; it has no password either, and whoever reads its mail gets one"
	default:
		out.Outcome, out.Says = check.Fail, "root has no MFA"
	}
	return []check.Result{out}
}
