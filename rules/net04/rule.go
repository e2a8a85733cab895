// Package net04 wants no port of administration to be open to the internet.
package net04

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
)

//go:embed examples
var examples embed.FS

// Rule is NET-04.
var Rule = check.Rule{
	ID:    "NET-04",
	Title: "No port of administration is open to the internet",
	Why: "Whatever listens on SSH, RDP or WinRM is found within minutes, and then passwords and every known flaw are tried on it, day and night. " +
		"Halves of the internet, ::/0, prefix lists and blocks that add up to a /8 count as the internet.",
	Fix: "Take the rule out: aws ec2 revoke-security-group-ingress --group-id ID --security-group-rule-ids RULE. " +
		"Come in through Session Manager (aws ssm start-session --target INSTANCE), which needs no open port.",
	Read: 5, Write: 5, Likelihood: 5,
	Tier: 1,
	Refs: []string{"wa:SEC05-BP02", "wa:SEC06-BP03", "ssb:WKLD.06", "ssb:WKLD.11", "cis-3.0:5.2", "cis-3.0:5.3", "cis-4.0.1:5.3", "cis-4.0.1:5.4", "cis-5.0:5.3", "cis-5.0:5.4"},
	Sources: []string{
		"https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
		"https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html",
		"https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html",
	},
	Needs:    fact.ExposedTypes(),
	Judge:    func(c check.Case) []check.Result { return fact.Exposed(c, fact.AdminPorts(), 25, "administration") },
	Examples: examples,
}
