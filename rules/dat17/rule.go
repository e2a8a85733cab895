// Package dat17 wants new disks to be encrypted.
package dat17

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is DAT-17.
var Rule = check.Rule{
	ID:    "DAT-17",
	Title: "New disks are encrypted in every Region",
	Why: "A volume is encrypted when it is made or never. The default of a Region is what catches the ones that nobody thought of, and those that " +
		"somebody makes where nobody looks. It costs nothing.",
	Fix:  "In every Region: aws ec2 enable-ebs-encryption-by-default --region REGION.",
	Read: 3, Write: 2, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC08-BP02", "ssb:WKLD.08", "cis-3.0:2.2.1", "cis-4.0.1:5.1.1", "cis-5.0:5.1.1"},
	Sources: []string{
		"https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html",
		"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetEbsEncryptionByDefault.html",
	},
	Needs:    []string{setting},
	Judge:    judge,
	Examples: examples,
}

const setting = "AWS::EC2::EBSEncryptionByDefault"

// One act mends all Regions, so it is one result. It weighs less where no disk is in the Regions that lack it.
func judge(c check.Case) []check.Result {
	used := fact.Machines(c)
	for _, v := range c.Snapshot.OfType("AWS::EC2::Volume") {
		used[v.Region] = true
	}
	busy := false
	out := fact.Everywhere(c, "new disks are encrypted in every Region", "new disks are not encrypted unless somebody says so", func(r *snapshot.Resource) (check.Outcome, string) {
		switch on, st := r.Flag("EbsEncryptionByDefault"); {
		case st == snapshot.Unknown:
			return check.Unknown, "whether new disks are encrypted was not read"
		case on:
			return check.Pass, ""
		}
		busy = busy || used[r.Region]
		return check.Fail, "new disks are not encrypted"
	}, setting)
	if out[0].Outcome == check.Fail && !busy && c.Unlisted("AWS::EC2::Volume", "AWS::EC2::Instance") == nil {
		out[0].Risk = 2
		out[0].Says += ", where no disk is"
	}
	return out
}
