// Package det08 wants Trusted Advisor to have nothing in red.
package det08

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
)

//go:embed examples
var examples embed.FS

// Rule is DET-08.
var Rule = check.Rule{
	ID:    "DET-08",
	Title: "Trusted Advisor shows no security check in red",
	Why:   "Trusted Advisor is there in every account and costs nothing to look at. Its red checks are what AWS itself would mend first.",
	Fix:   "Open Trusted Advisor, Security, and mend what is red; or exclude it there with its reason. Subscribe the security contact to its weekly mail.",
	Read:  3, Write: 3, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC04-BP04", "wa:SEC01-BP04", "ssb:ACCT.12"},
	Sources: []string{
		"https://docs.aws.amazon.com/awssupport/latest/user/get-started-with-aws-trusted-advisor-api.html",
		"https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html",
	},
	Judge:    judge,
	Days:     90,
	Examples: examples,
}

// Only accounts with a paid plan of support may ask the API, so nobody asks it.
func judge(c check.Case) []check.Result {
	return []check.Result{{Target: c.Account(), Outcome: check.Manual,
		Says: "the API of Trusted Advisor answers only with a paid plan of support and is not asked: somebody has to look in the console, every 90 days"}}
}
