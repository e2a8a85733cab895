// Package gov09 wants an incident plan that was tried.
package gov09

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
)

//go:embed examples
var examples embed.FS

// Rule is GOV-09.
var Rule = check.Rule{
	ID:    "GOV-09",
	Title: "There is an incident plan, and it was tried within a year",
	Why: "In the night in which it happens nobody reads. Who is called, who may decide, where the logs are and how one gets in " +
		"are found out on a calm afternoon, or not in time.",
	Fix: "Write one page: contacts, the ways in, where the logs are, what to take offline first. Play one case at a table, an " +
		"hour a year. Then say so with an attestation of GOV-09.",
	Read: 2, Write: 3, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC10-BP02", "wa:SEC10-BP07", "ssb:ACCT.01"},
	Sources: []string{
		"https://docs.aws.amazon.com/security-ir/latest/userguide/security-incident-response-guide.html",
		"https://docs.aws.amazon.com/wellarchitected/latest/framework/a-incident-response.html",
	},
	Days:     365,
	Stated:   true,
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	return []check.Result{{Target: c.Account(), Outcome: check.Manual, Says: "somebody has to say that there is a plan, and when it was tried"}}
}
