// Package iam03 advises against the policy that gives all of CloudShell.
package iam03

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is IAM-03.
var Rule = check.Rule{
	ID:    "IAM-03",
	Title: "Nobody is given all of CloudShell by AWSCloudShellFullAccess",
	Why: "CloudShell is a machine inside AWS with a way to the internet, to which files go up and from which they come down past every " +
		"network of yours.",
	Fix: "Take the policy away; who needs a shell gets a policy of its own that denies cloudshell:GetFileDownloadUrls and " +
		"cloudshell:GetFileUploadUrls.",
	Read: 3, Write: 2, Likelihood: 2,
	Tier: 2,
	Refs: []string{"wa:SEC03-BP02", "cis-3.0:1.22", "cis-4.0.1:1.22", "cis-5.0:1.21"},
	Sources: []string{
		"https://docs.aws.amazon.com/cloudshell/latest/userguide/sec-auth-with-identities.html",
		"https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCloudShellFullAccess.html",
	},
	Needs:    []string{"AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role"},
	Judge:    judge,
	Examples: examples,
}

var types = []string{"AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role"}

// Only this one policy is looked for: who is an administrator may use CloudShell too, and is another rule's.
func judge(c check.Case) []check.Result {
	var out []check.Result
	for _, typ := range types {
		for _, r := range c.Snapshot.OfType(typ) {
			kind := strings.ToLower(strings.TrimPrefix(typ, "AWS::IAM::"))
			arns, st := r.Strings("ManagedPolicyArns")
			switch {
			case slices.ContainsFunc(arns, func(arn string) bool { return strings.HasSuffix(arn, ":iam::aws:policy/AWSCloudShellFullAccess") }):
				out = append(out, check.Result{Target: r.Key, Outcome: check.Fail, Says: fmt.Sprintf("the %s %s has AWSCloudShellFullAccess", kind, r.Name)})
			case st == snapshot.Unknown:
				out = append(out, check.Result{Target: r.Key, Says: fmt.Sprintf("which policies the %s %s has was not read", kind, r.Name)})
			}
		}
	}
	if out = append(out, c.Blind(types...)...); len(out) > 0 {
		return out
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "nobody has AWSCloudShellFullAccess"}}
}
