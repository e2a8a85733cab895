// Package lp03 wants permissions that nobody uses to be taken back.
package lp03

import (
	"embed"
	"fmt"
	"slices"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is LP-03.
var Rule = check.Rule{
	ID:    "LP-03",
	Title: "Who may do most uses most of what he may",
	Why: "Permissions are given when something is built, and never taken back. AWS remembers which services a user or role has called; where that is less than " +
		"half of those that the policies allow, the rest is there for whoever takes the user or role over.",
	Fix: "For each that is named: aws iam generate-service-last-accessed-details --arn ARN, then aws iam get-service-last-accessed-details --job-id ID. Take the " +
		"services away that were never called, and say in footing.yaml under attestations that you looked.",
	Read: 2, Write: 3, Likelihood: 2,
	Tier: 2,
	Days: 180,
	Refs: []string{"wa:SEC03-BP04"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateServiceLastAccessedDetails.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html",
	},
	Needs:    fact.Principals(),
	Judge:    judge,
	Examples: examples,
}

const most = 20

// A scan does not ask: it would be two calls or more for each, and a job of AWS's to wait for. It says for whom to ask: who administers the account,
// then what runs.
func judge(c check.Case) []check.Result {
	if blind := c.Blind(fact.Principals()...); blind != nil {
		return blind
	}
	var worth []snapshot.Key
	for k := range fact.Outright(c) {
		if _, ok := c.Snapshot.Get(k); ok && !fact.ServiceLinked(k) { // root is in no policy
			worth = append(worth, k)
		}
	}
	slices.Sort(worth)
	for _, r := range c.Snapshot.Resources {
		if c.Access == nil || len(worth) >= most {
			break
		}
		if role, ok := c.Access.RunsAs(&r); ok && !fact.ServiceLinked(role) && !slices.Contains(worth, role) {
			worth = append(worth, role)
		}
	}
	var dim []string
	for _, r := range c.Snapshot.Resources {
		if c.Access != nil && c.Access.UnreadRole(&r) != "" {
			dim = append(dim, fact.Name(c, r.Key))
		}
	}
	if blind := c.BlindTo(c.Access.LeadsOn); len(worth) == 0 && blind != nil {
		return blind
	}
	if len(worth) == 0 && len(dim) > 0 {
		return []check.Result{{Target: c.Account(), Says: "with which roles these run was not read: " + check.Few(dim)}}
	}
	if len(worth) == 0 {
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "no user or role administers the account, and nothing runs with a role"}}
	}
	worth = worth[:min(len(worth), most)]
	names := make([]string, len(worth))
	x := check.Result{Target: c.Account(), Outcome: check.Manual}
	for i, k := range worth {
		names[i] = fact.Name(c, k)
		x.Evidence = append(x.Evidence, check.Evidence{Key: k, Outcome: check.Manual, Says: fmt.Sprintf("aws iam generate-service-last-accessed-details --arn %s", k)})
	}
	x.Says = "a scan does not ask which services are used; ask for " + check.Few(names)
	return []check.Result{x}
}
