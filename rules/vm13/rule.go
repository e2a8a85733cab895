// Package vm13 wants the serial console of machines to be off.
package vm13

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is VM-13.
var Rule = check.Rule{
	ID:    "VM-13",
	Title: "The serial console of EC2 is off",
	Why:   "The serial console reaches a machine past every network, security group and gateway: by an API call and a password of the system.",
	Fix: "aws ec2 disable-serial-console-access in each Region; it is off unless somebody switched it on, and can be switched on for " +
		"the hour in which it is needed.",
	Read: 3, Write: 4, Likelihood: 1,
	Tier: 1,
	Refs: []string{"wa:SEC06-BP03", "wa:SEC05-BP02"},
	Sources: []string{
		"https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configure-access-to-serial-console.html",
		"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetSerialConsoleAccessStatus.html",
	},
	Needs:    []string{"AWS::EC2::SerialConsoleAccess"},
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	return fact.Everywhere(c, "the serial console is off in every Region", "the serial console is on", func(r *snapshot.Resource) (check.Outcome, string) {
		switch on, st := r.Flag("SerialConsoleAccessEnabled"); {
		case st == snapshot.Unknown:
			return check.Unknown, "whether the serial console is on was not read"
		case on:
			return check.Fail, "the serial console is on"
		}
		return check.Pass, ""
	}, "AWS::EC2::SerialConsoleAccess")
}
