// Package acct03 advises to look at the account's contact details once a year.
package acct03

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
)

//go:embed examples
var examples embed.FS

// Rule is ACCT-03.
var Rule = check.Rule{
	ID:    "ACCT-03",
	Title: "The account's contact details were looked at within a year",
	Why: "When root's password and mailbox are both lost, AWS knows the owner by the name, address and telephone number of the account. " +
		"Old ones keep the wrong people in, or the right ones out.",
	Fix: "Read them on the page of the account (aws account get-contact-information), mend them, and state who did under attestations " +
		"in footing.yaml.",
	Read: 1, Write: 2, Likelihood: 3,
	Tier: 2,
	Refs: []string{"wa:SEC01-BP02", "ssb:ACCT.01", "cis-3.0:1.1", "cis-4.0.1:1.1", "cis-5.0:1.1"},
	Sources: []string{
		"https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-primary.html",
		"https://docs.aws.amazon.com/accounts/latest/reference/API_ContactInformation.html",
	},
	Judge:    judge,
	Days:     365,
	Examples: examples,
}

// AWS lets nobody leave the details out, so that reading them would tell nothing: they are not asked for, and only people know whether they are right.
func judge(c check.Case) []check.Result {
	return []check.Result{{Target: c.Account(), Outcome: check.Manual, Says: "only people know whether name, address and telephone number are still right"}}
}
