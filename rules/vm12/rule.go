// Package vm12 advises to say whose images machines may be made of.
package vm12

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is VM-12.
var Rule = check.Rule{
	ID:    "VM-12",
	Title: "Machines are made only of images that somebody allowed",
	Why: "Anybody may publish an image under a name that looks right, and what looks for the newest of that name takes it. Allowed " +
		"images are refused by owner, whatever they are called.",
	Fix: "aws ec2 replace-image-criteria-in-allowed-images-settings with the owners that are meant (amazon, your account), then aws ec2 " +
		"enable-allowed-images-settings --allowed-images-settings-state audit-mode; when nothing is missed, enabled.",
	Read: 2, Write: 4, Likelihood: 1,
	Tier: 2,
	Refs: []string{"wa:SEC06-BP02", "wa:SEC06-BP04"},
	Sources: []string{
		"https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-allowed-amis.html",
		"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetAllowedImagesSettings.html",
	},
	Needs:    []string{"AWS::EC2::AllowedImagesSettings", "AWS::EC2::Instance", "AWS::EC2::LaunchTemplate", "AWS::AutoScaling::AutoScalingGroup"},
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	in := fact.Machines(c)
	return fact.OfMachines(c, fact.Everywhere(c, "only allowed images can be used", "machines can be made of anybody's image", func(r *snapshot.Resource) (check.Outcome, string) {
		switch state, st := r.Property("State"); {
		case !in[r.Region]:
			return check.NotApplicable, ""
		case st == snapshot.Unknown:
			return check.Unknown, "which images are allowed was not read"
		case state == "enabled":
			return check.Pass, ""
		case state == "audit-mode":
			return check.Fail, "images that are not allowed are marked and can be used"
		}
		return check.Fail, "every image is allowed"
	}, "AWS::EC2::AllowedImagesSettings"))
}
