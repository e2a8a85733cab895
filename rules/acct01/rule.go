// Package acct01 wants AWS to know whom to tell about security.
package acct01

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is ACCT-01.
var Rule = check.Rule{
	ID:    "ACCT-01",
	Title: "A security contact is set",
	Why: "AWS writes to the security contact when it sees abuse or stolen keys. Without one it writes to root's mailbox alone, which " +
		"nobody may read at night.",
	Fix: "aws account put-alternate-contact --alternate-contact-type SECURITY --name NAME --title TITLE --email-address ADDRESS " +
		"--phone-number NUMBER: a list of people, not one.",
	Read: 2, Write: 2, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC01-BP02", "wa:SEC10-BP01", "ssb:ACCT.01", "cis-3.0:1.2", "cis-4.0.1:1.2", "cis-5.0:1.2"},
	Sources: []string{
		"https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-alternate.html",
		"https://docs.aws.amazon.com/accounts/latest/reference/API_GetAlternateContact.html",
	},
	Needs:    []string{"AWS::Account"},
	Judge:    judge,
	Examples: examples,
}

// That there is none is an answer, which a scan keeps as a kind that is not in the list. Whether it is root's own address is not told: see ROOT-06.
func judge(c check.Case) []check.Result {
	a, blind := fact.Account(c)
	if blind != nil {
		return blind
	}
	out := check.Result{Target: c.Account()}
	switch fact.Contact(a, "SECURITY") {
	case snapshot.Known:
		out.Outcome, out.Says = check.Pass, "a security contact is set"
	case snapshot.Absent:
		out.Outcome, out.Says = check.Fail, "no security contact is set"
	default:
		out.Says = "which contacts are set was not read"
	}
	return []check.Result{out}
}
