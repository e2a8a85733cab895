// Package acct02 advises to set contacts for bills and operations.
package acct02

import (
	"embed"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is ACCT-02.
var Rule = check.Rule{
	ID:    "ACCT-02",
	Title: "Contacts for billing and operations are set",
	Why: "What AWS announces about bills and about what it is going to change or switch off reaches root's mailbox alone, unless it is " +
		"told whom else to write to.",
	Fix:  "aws account put-alternate-contact, once with --alternate-contact-type BILLING and once with OPERATIONS.",
	Read: 1, Write: 2, Likelihood: 3,
	Tier: 2,
	Refs: []string{"wa:SEC10-BP01", "ssb:ACCT.01"},
	Sources: []string{
		"https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-alternate.html",
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
	out := check.Result{Target: c.Account(), Outcome: check.Pass, Says: "contacts for billing and operations are set"}
	var none []string
	for _, kind := range []string{"BILLING", "OPERATIONS"} {
		switch fact.Contact(a, kind) {
		case snapshot.Absent:
			none = append(none, strings.ToLower(kind))
		case snapshot.Unknown:
			out.Outcome, out.Says = check.Unknown, "which contacts are set was not read"
			return []check.Result{out}
		}
	}
	if len(none) > 0 {
		out.Outcome, out.Says = check.Fail, "there is no contact for "+strings.Join(none, " and none for ")
	}
	return []check.Result{out}
}
