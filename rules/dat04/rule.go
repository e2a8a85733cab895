// Package dat04 wants keys that can rotate to do so.
package dat04

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
)

//go:embed rule.guard
var text string

//go:embed examples
var examples embed.FS

// Rule is DAT-04.
var Rule = check.Rule{
	ID:    "DAT-04",
	Title: "Keys of KMS that can rotate do so",
	Why: "A key that rotates limits what is lost with one version of it. KMS keeps the old versions, so that nothing has to be " +
		"encrypted again. Only symmetric keys whose material KMS made can rotate by themselves; keys of AWS always do.",
	Fix:  "aws kms enable-key-rotation --key-id ID (with --rotation-period-in-days, 90 to 2560, for another time than a year).",
	Read: 3, Write: 3, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC08-BP01", "cis-3.0:3.6", "cis-4.0.1:3.6", "cis-5.0:3.6"},
	Sources: []string{
		"https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
		"https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html",
	},
	Looks: []check.Look{
		{Type: "AWS::KMS::Key", Path: "EnableKeyRotation", Values: check.YesNo()},
		{Type: "AWS::KMS::Key", Path: "KeyManager", Values: []any{"CUSTOMER", "AWS"}},
		{Type: "AWS::KMS::Key", Path: "KeyState", Values: []any{"Creating", "Disabled", "Enabled", "PendingDeletion", "PendingImport", "PendingReplicaDeletion", "Unavailable", "Updating"}},
		{Type: "AWS::KMS::Key", Path: "KeySpec", Files: true},
		{Type: "AWS::KMS::Key", Path: "Origin", Files: true},
	},
	Terraform: []string{"aws_kms_key"},
	Guard:     text,
	Examples:  examples,
}
