// Package net05 wants no port of a database to be open to the internet.
package net05

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
)

//go:embed examples
var examples embed.FS

// Rule is NET-05.
var Rule = check.Rule{
	ID:    "NET-05",
	Title: "No port of a database, cache or search is open to the internet",
	Why: "Many databases, caches and searches were made for closed networks: some ask for no password at all, and of all of them flaws are found. " +
		"Open ones are emptied, and held to ransom, by programs that do nothing else.",
	Fix: "Let in the security group of what asks the database, instead of addresses: aws ec2 authorize-security-group-ingress --group-id ID --protocol tcp " +
		"--port PORT --source-group GROUP, then aws ec2 revoke-security-group-ingress for the open rule.",
	Read: 5, Write: 5, Likelihood: 4,
	Tier: 1,
	Refs: []string{"wa:SEC05-BP02", "ssb:WKLD.11"},
	Sources: []string{
		"https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
		"https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html",
	},
	Needs:    fact.ExposedTypes(),
	Judge:    func(c check.Case) []check.Result { return fact.Exposed(c, fact.DataPorts(), 20, "databases") },
	Examples: examples,
}
