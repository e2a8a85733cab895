// Package gov06 wants rules to judge changes before they are made.
package gov06

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
)

//go:embed examples
var examples embed.FS

// Rule is GOV-06.
var Rule = check.Rule{
	ID:    "GOV-06",
	Title: "Rules judge every change before it is made",
	Why: "What is noticed after it was made has been open for a while. A rule that stands in the way of a change costs a minute; " +
		"the same finding a week later costs a morning.",
	Fix: "Run footing check in the build, with --strict once it is quiet; for changes that do not come from there, a Guard Hook " +
		"in CloudFormation that fails. Then say so with an attestation of GOV-06.",
	Read: 2, Write: 4, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC01-BP06", "wa:SEC11-BP02", "ssb:WKLD.15"},
	Sources: []string{
		"https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/guard-hooks.html",
	},
	Days:     180,
	Stated:   true,
	Judge:    judge,
	Examples: examples,
}

// judge asks people: what a build server runs stands outside the account, and a hook alone does not see what Terraform or a hand changes.
func judge(c check.Case) []check.Result {
	return []check.Result{{Target: c.Account(), Outcome: check.Manual, Says: "no scan sees what the build runs: somebody has to say that rules judge every change"}}
}
