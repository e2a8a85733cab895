// Package log02 wants trails to sign their log files.
package log02

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
)

//go:embed rule.guard
var text string

//go:embed examples
var examples embed.FS

// Rule is LOG-02.
var Rule = check.Rule{
	ID:    "LOG-02",
	Title: "Log files of trails are validated",
	Why: "Whoever gets at the bucket of a trail can remove the lines that speak of it. With validation CloudTrail signs every hour" +
		" what it delivered, so that a change or a gap is found.",
	Fix: "Turn log file validation on: aws cloudtrail update-trail --name NAME --enable-log-file-validation. Look at the digests " +
		"with aws cloudtrail validate-logs.",
	Read: 2, Write: 4, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC04-BP01", "ssb:ACCT.07", "cis-3.0:3.2", "cis-4.0.1:3.2", "cis-5.0:3.2"},
	Sources: []string{
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html",
	},
	Looks: []check.Look{
		{Type: "AWS::CloudTrail::Trail", Path: "EnableLogFileValidation", Values: check.YesNo()},
	},
	Terraform: []string{"aws_cloudtrail"},
	Guard:     text,
	Examples:  examples,
}
