// Package vm11 advises to refuse instances that give credentials without a token.
package vm11

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is VM-11.
var Rule = check.Rule{
	ID:    "VM-11",
	Title: "EC2 refuses to launch instances that answer without a token",
	Why: "A default is what an instance gets when nobody says otherwise (VM-05). Enforced, a launch that asks for version 1 of the " +
		"metadata service fails, whoever asks.",
	Fix: "When no instance needs version 1 any more: aws ec2 modify-instance-metadata-defaults --http-tokens required " +
		"--http-tokens-enforced enabled, in each Region with machines.",
	Read: 4, Write: 4, Likelihood: 1,
	Tier: 2,
	Refs: []string{"wa:SEC06-BP02"},
	Sources: []string{
		"https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html",
		"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataDefaultsResponse.html",
	},
	Needs:    []string{"AWS::EC2::InstanceMetadataDefaults", "AWS::EC2::Instance", "AWS::EC2::LaunchTemplate", "AWS::AutoScaling::AutoScalingGroup"},
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	in := fact.Machines(c)
	return fact.OfMachines(c, fact.Everywhere(c, "instances without a token are refused", "instances that answer without a token can be launched", func(r *snapshot.Resource) (check.Outcome, string) {
		switch on, st := r.Property("HttpTokensEnforced"); {
		case !in[r.Region]:
			return check.NotApplicable, ""
		case st == snapshot.Unknown:
			return check.Unknown, "whether a token is enforced was not read"
		case on == "enabled":
			return check.Pass, ""
		}
		return check.Fail, "a token is not enforced"
	}, "AWS::EC2::InstanceMetadataDefaults"))
}
