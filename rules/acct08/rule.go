// Package acct08 wants snapshots and images to be refused to the public.
package acct08

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is ACCT-08.
var Rule = check.Rule{
	ID:    "ACCT-08",
	Title: "Snapshots and images cannot be made public",
	Why: "A disk that is shared with everybody by mistake is copied within minutes. Each Region can refuse that for good, and nobody is " +
		"hindered who shares with named accounts.",
	Fix: "In each Region: aws ec2 enable-snapshot-block-public-access --state block-all-sharing; aws ec2 " +
		"enable-image-block-public-access --image-block-public-access-state block-new-sharing.",
	Read: 4, Write: 1, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC03-BP07", "wa:SEC08-BP04", "ssb:WKLD.08"},
	Sources: []string{
		"https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html",
		"https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html",
	},
	Needs:    []string{"AWS::EC2::SnapshotBlockPublicAccess", "AWS::EC2::ImageBlockPublicAccess"},
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	return fact.Everywhere(c, "every Region refuses to make snapshots and images public", "snapshots or images can be made public", func(r *snapshot.Resource) (check.Outcome, string) {
		what := "snapshots"
		if r.Type == "AWS::EC2::ImageBlockPublicAccess" {
			what = "images"
		}
		state, st := r.Property("State")
		switch {
		case st == snapshot.Unknown:
			return check.Unknown, "whether " + what + " can be made public was not read"
		case state == "block-all-sharing" || state == "block-new-sharing":
			return check.Pass, ""
		}
		return check.Fail, what + " can be made public"
	}, "AWS::EC2::SnapshotBlockPublicAccess", "AWS::EC2::ImageBlockPublicAccess")
}
