// Package key01 wants access keys to be replaced.
package key01

import (
	"embed"
	"fmt"
	"slices"
	"strconv"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
)

//go:embed examples
var examples embed.FS

// Rule is KEY-01.
var Rule = check.Rule{
	ID:    "KEY-01",
	Title: "No active access key of a user is older than 90 days",
	Why: "A key is worth what its user may do, to whoever copied it, until it is switched off: from a laptop, a build log, a repository that was " +
		"private once. One that is replaced bounds how long a copy is good for, and shows that somebody knows where it is used.",
	Fix: "Better than a new key is none: a role (OIDC for builds, Identity Center for people). Else make a second key, give it to what uses the first, " +
		"wait until the first is no longer used, switch it off (aws iam update-access-key --user-name NAME --access-key-id ID --status Inactive), delete it after some days.",
	Read: 4, Write: 4, Likelihood: 3,
	Tier: 1,
	With: []string{"KEY-04"},
	Refs: []string{"wa:SEC02-BP05", "ssb:ACCT.03", "cis-3.0:1.14", "cis-4.0.1:1.14", "cis-5.0:1.13"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html",
	},
	Needs:    []string{"AWS::IAM::CredentialReport"},
	Judge:    judge,
	Examples: examples,
}

const oldest = 90

// Keys of root are ROOT-01's.
func judge(c check.Case) []check.Result {
	rows, blind := fact.Credentials(c)
	if blind != nil {
		return blind
	}
	var out []check.Result
	keys, age := 0, 0
	for _, r := range rows {
		if r.User == fact.Root {
			continue
		}
		var old []string
		unread := ""
		for i, k := range r.Keys {
			n := fmt.Sprintf("AccessKey%d", i+1)
			switch days := fact.Days(c, k.Rotated); {
			case slices.Contains(r.Unread, n+"Active"):
				unread = "whether the key of " + r.User + " is active was not read"
			case !k.Active:
			case k.Rotated.IsZero():
				unread = "how old the key of " + r.User + " is was not read"
			case days > oldest:
				old = append(old, strconv.Itoa(days))
			default:
				keys, age = keys+1, max(age, days)
			}
		}
		switch {
		case len(old) == 2 && old[0] == old[1]:
			out = append(out, check.Result{Target: r.Key, Outcome: check.Fail, Says: fmt.Sprintf("both keys of %s are %s days old", r.User, old[0])})
		case len(old) == 2:
			out = append(out, check.Result{Target: r.Key, Outcome: check.Fail, Says: fmt.Sprintf("the keys of %s are %s and %s days old", r.User, old[0], old[1])})
		case len(old) == 1:
			out = append(out, check.Result{Target: r.Key, Outcome: check.Fail, Says: fmt.Sprintf("the key of %s is %s days old", r.User, old[0])})
		case unread != "":
			out = append(out, check.Result{Target: r.Key, Says: unread})
		}
	}
	switch {
	case len(out) > 0:
		return out
	case keys == 1:
		return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("the only active key is %d days old", age)}}
	case keys == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "no IAM user has an active access key"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("the oldest of %d active keys is %d days old", keys, age)}}
}
