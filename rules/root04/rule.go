// Package root04 wants root not to be used.
package root04

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
)

//go:embed examples
var examples embed.FS

// Rule is ROOT-04.
var Rule = check.Rule{
	ID:    "ROOT-04",
	Title: "Root was not used in the last 30 days",
	Why: "Nothing that is done every month needs root. Whoever uses it works without limits, shares it, and hides among others who do " +
		"the same when it is stolen.",
	Fix: "Work with an administrator role, and keep root for the few tasks that need it. What root did: aws cloudtrail lookup-events " +
		"--region us-east-1 --lookup-attributes AttributeKey=Username,AttributeValue=root. A use that was meant is waived, with its " +
		"reason.",
	Read: 5, Write: 5, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC01-BP02", "ssb:ACCT.02", "cis-3.0:1.7", "cis-4.0.1:1.7", "cis-5.0:1.6"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-tasks.html",
	},
	Needs:    []string{"AWS::IAM::CredentialReport"},
	Judge:    judge,
	Examples: examples,
}

// days are how long root has to rest.
const days = 30

// The last use of the password and of each key, the newest of them, wherever in the world it was: so CloudTrail is not asked, Region by Region at two
// calls a second, for what one report tells. What the report does not tell is a session that an organisation opens without root's password
// (sts:AssumeRoot).
func judge(c check.Case) []check.Result {
	rows, blind := fact.Credentials(c)
	if blind != nil {
		return blind
	}
	i := slices.IndexFunc(rows, func(r fact.Credential) bool { return r.User == fact.Root })
	if i < 0 {
		return []check.Result{{Target: c.Account(), Says: "the credential report has no row of root"}}
	}
	r := rows[i]
	out := check.Result{Target: c.Account()}
	last, by := r.PasswordUsed, "its password"
	for k, key := range r.Keys {
		if key.Used.After(last) {
			last, by = key.Used, fmt.Sprintf("access key %d", k+1)
		}
	}
	unread := r.UseUntold || slices.ContainsFunc(r.Unread, func(name string) bool { return strings.Contains(name, "LastUsed") })
	ago := c.Snapshot.Taken.Sub(last)
	switch {
	case !last.IsZero() && ago < days*24*time.Hour && !r.Created.IsZero() && fact.Days(c, r.Created) < days:
		out.Outcome = check.Pass
		out.Says = fmt.Sprintf("root was used %s, in an account that is %d days old", when(fact.Days(c, last)), fact.Days(c, r.Created))
	case !last.IsZero() && ago < days*24*time.Hour:
		out.Outcome, out.Says = check.Fail, fmt.Sprintf("root was used %s, by %s", when(fact.Days(c, last)), by)
	case unread:
		out.Says = "the credential report does not tell in full when root was used"
	case last.IsZero():
		out.Outcome, out.Says = check.Pass, "no use of root is known"
	default:
		out.Outcome, out.Says = check.Pass, fmt.Sprintf("root was used %s, by %s", when(fact.Days(c, last)), by)
	}
	return []check.Result{out}
}

func when(days int) string {
	switch {
	case days <= 0:
		return "today"
	case days == 1:
		return "yesterday"
	}
	return fmt.Sprintf("%d days ago", days)
}
