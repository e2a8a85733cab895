// Package det09 wants bulletins and new services to be looked at.
package det09

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
)

//go:embed examples
var examples embed.FS

// Rule is DET-09.
var Rule = check.Rule{
	ID:    "DET-09",
	Title: "Security bulletins and new features are looked at every quarter",
	Why:   "What was the best way two years ago is a finding today, and a hole that AWS announced stays open until somebody reads about it.",
	Fix:   "Look through the security bulletins of AWS and what is new in the services that you use, and say so with an attestation, every 90 days.",
	Read:  1, Write: 2, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC01-BP04", "wa:SEC01-BP08", "ssb:ACCT.12"},
	Sources: []string{
		"https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_securely_operate_updated_threats.html",
		"https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_securely_operate_implement_services_features.html",
	},
	Judge:    judge,
	Days:     90,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	return []check.Result{{Target: c.Account(), Outcome: check.Manual, Says: "whether anybody looked at security bulletins and new features in the last 90 days somebody has to say"}}
}
