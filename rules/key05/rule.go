// Package key05 wants the other long-lived credentials of users to be known.
package key05

import (
	"embed"
	"fmt"

	"github.com/footing-dev/footing/internal/judge/check"
)

//go:embed examples
var examples embed.FS

// Rule is KEY-05.
var Rule = check.Rule{
	ID:    "KEY-05",
	Title: "SSH keys and service-specific credentials of users are known",
	Why: "A user may have SSH keys for CodeCommit and passwords for single services (CodeCommit, Keyspaces, Bedrock) beside access keys. They are in no " +
		"credential report, and work as long as nobody removes them.",
	Fix: "For each user: aws iam list-ssh-public-keys --user-name NAME, aws iam list-service-specific-credentials --user-name NAME. Remove what nobody " +
		"needs (delete-ssh-public-key, delete-service-specific-credential), and say so in footing.yaml under attestations.",
	Read: 2, Write: 3, Likelihood: 2,
	Tier: 2,
	Days: 90,
	Refs: []string{"wa:SEC02-BP05"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListServiceSpecificCredentials.html",
		"https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListSSHPublicKeys.html",
	},
	Needs:    []string{"AWS::IAM::User"},
	Judge:    judge,
	Examples: examples,
}

// A scan does not ask: it would be two calls for each user.
func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::IAM::User"); blind != nil {
		return blind
	}
	n := len(c.Snapshot.OfType("AWS::IAM::User"))
	if n == 0 {
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "there are no IAM users"}}
	}
	users := fmt.Sprintf("%d users", n)
	if n == 1 {
		users = "1 user"
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Manual, Says: "a scan does not ask for SSH keys and service-specific credentials of " + users + ": two calls for each"}}
}
