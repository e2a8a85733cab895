// Package root03 advises root to have keys that cannot be asked for on a false page.
package root03

import (
	"embed"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is ROOT-03.
var Rule = check.Rule{
	ID:    "ROOT-03",
	Title: "Root signs in with a passkey or a hardware key, and has a spare",
	Why: "A code from an app can be typed into a false page; a passkey knows the page. With one device alone its loss locks root out, " +
		"and getting it back takes AWS days.",
	Fix:  "Register two FIDO2 keys for root and keep them in two places; then remove the app from its devices.",
	Read: 5, Write: 5, Likelihood: 2,
	Tier: 2,
	Refs: []string{"wa:SEC02-BP01", "ssb:ACCT.05", "cis-3.0:1.6", "cis-4.0.1:1.6", "cis-5.0:1.5"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/enable-mfa-for-root.html",
		"https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListVirtualMFADevices.html",
	},
	Needs:    []string{"AWS::IAM::AccountSummary", "AWS::IAM::VirtualMFADevice", "AWS::Organizations::Organization"},
	Judge:    judge,
	Days:     365,
	Examples: examples,
}

// Nothing lists root's devices but the list of virtual ones: with MFA on and none of those it is something that is held in the hand. A second one is
// not told by anything.
func judge(c check.Case) []check.Result {
	sum, blind := fact.Summary(c)
	if blind != nil {
		return blind
	}
	out := check.Result{Target: c.Account()}
	mfa, st := sum.Number("AccountMFAEnabled")
	where, _, _ := fact.Stands(c)
	switch {
	case fact.NoRoot(where, sum):
		out.Outcome, out.Says = check.NotApplicable, "root of this member account has no password and no key"
		return []check.Result{out}
	case st != snapshot.Known:
		out.Says = "the account summary does not tell whether root has MFA"
		return []check.Result{out}
	case mfa == 0:
		out.Outcome, out.Says = check.NotApplicable, "root has no MFA at all, of which ROOT-02 speaks"
		return []check.Result{out}
	}
	var unowned []string
	for _, d := range c.Snapshot.OfType("AWS::IAM::VirtualMFADevice") {
		owner, st := d.Property("UserArn")
		if s, _ := owner.(string); strings.HasSuffix(s, ":iam::"+c.Snapshot.Account+":root") {
			out.Outcome, out.Says = check.Fail, "root signs in with codes of an app, which a false page can ask for"
			out.Evidence = append(out.Evidence, check.Evidence{Key: d.Key, Outcome: check.Fail, Says: string(d.Key) + " is root's"})
		} else if st == snapshot.Unknown {
			unowned = append(unowned, fact.Name(c, d.Key))
		}
	}
	switch {
	case out.Outcome == check.Fail:
	case len(unowned) > 0:
		out.Says = "whose virtual devices these are was not read: " + check.Few(unowned)
	default:
		if blind := c.Blind("AWS::IAM::VirtualMFADevice"); blind != nil {
			return blind
		}
		out.Outcome, out.Says = check.Manual, "root has a device that is no app; whether it is a passkey or a FIDO2 key, and whether a spare lies elsewhere, no call tells"
	}
	return []check.Result{out}
}
