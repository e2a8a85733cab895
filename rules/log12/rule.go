// Package log12 wants trails to be encrypted with a key of one's own.
package log12

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
)

//go:embed rule.guard
var text string

//go:embed examples
var examples embed.FS

// Rule is LOG-12.
var Rule = check.Rule{
	ID:    "LOG-12",
	Title: "Log files of trails are encrypted with a key of your own",
	Why: "Whoever may read the bucket of a trail reads what everybody did, and with which names. With a key of its own reading takes two " +
		"permissions, and the key's policy says who is meant.",
	Fix: "Make a key whose policy lets CloudTrail encrypt and those who look decrypt, then: aws cloudtrail update-trail --name NAME " +
		"--kms-key-id KEY.",
	Read: 3, Write: 1, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC08-BP02", "wa:SEC04-BP01", "cis-3.0:3.5", "cis-4.0.1:3.5", "cis-5.0:3.5"},
	Sources: []string{
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html",
	},
	Looks: []check.Look{
		{Type: "AWS::CloudTrail::Trail", Path: "KMSKeyId"},
	},
	Terraform: []string{"aws_cloudtrail"},
	Guard:     text,
	Examples:  examples,
}
