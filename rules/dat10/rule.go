// Package dat10 wants buckets to keep what is overwritten.
package dat10

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
)

//go:embed rule.guard
var text string

//go:embed examples
var examples embed.FS

// Rule is DAT-10.
var Rule = check.Rule{
	ID:    "DAT-10",
	Title: "Buckets keep what is overwritten or deleted",
	Why: "Without versioning whoever may write into a bucket can destroy what is in it. With it an object that was overwritten or " +
		"deleted is still there, until somebody who may delete versions does that.",
	Fix: "aws s3api put-bucket-versioning --bucket NAME --versioning-configuration Status=Enabled, and a lifecycle rule that ends " +
		"old versions.",
	Read: 1, Write: 4, Likelihood: 2,
	Tier: 1,
	With: []string{"DAT-07", "LOG-03"},
	Refs: []string{"wa:SEC08-BP04"},
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
	},
	Looks: []check.Look{
		{Type: "AWS::S3::Bucket", Path: "VersioningConfiguration.Status", Values: []any{"Enabled", "Suspended"}},
	},
	Terraform: []string{"aws_s3_bucket", "aws_s3_bucket_versioning"},
	Guard:     text,
	Examples:  examples,
}
