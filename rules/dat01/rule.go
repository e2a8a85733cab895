// Package dat01 wants disks to be encrypted, and new ones by default.
package dat01

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
)

//go:embed rule.guard
var text string

//go:embed examples
var examples embed.FS

// Rule is DAT-01.
var Rule = check.Rule{
	ID:    "DAT-01",
	Title: "Disks are encrypted, and new ones by default",
	Why: "A disk that is not encrypted gives its content to whoever gets a snapshot of it: no key stands between. A volume is " +
		"encrypted when it is made or never; the default of a Region is what catches the ones that nobody thought of.",
	Fix: "In every Region: aws ec2 enable-ebs-encryption-by-default. A volume that is there: take a snapshot, copy it with " +
		"--encrypted, make a volume of the copy and put it in the place of the old one.",
	Read: 3, Write: 2, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC08-BP02", "ssb:WKLD.08", "cis-3.0:2.2.1", "cis-4.0.1:5.1.1", "cis-5.0:5.1.1"},
	Sources: []string{
		"https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
		"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableEbsEncryptionByDefault.html",
	},
	Looks: []check.Look{
		{Type: "AWS::EC2::Volume", Path: "Encrypted", Values: check.YesNo()},
		{Type: "AWS::EC2::EBSEncryptionByDefault", Path: "EbsEncryptionByDefault", Values: check.YesNo(), InUse: true},
	},
	Terraform: []string{"aws_ebs_volume", "aws_ebs_encryption_by_default"},
	Guard:     text,
	Examples:  examples,
}
