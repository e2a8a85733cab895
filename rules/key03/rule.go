// Package key03 wants a user to have one access key.
package key03

import (
	"embed"
	"fmt"
	"slices"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
)

//go:embed examples
var examples embed.FS

// Rule is KEY-03.
var Rule = check.Rule{
	ID:    "KEY-03",
	Title: "No user keeps two active access keys",
	Why: "The second key is there so that the first can be replaced. Where both stay, nobody knows which is used where, and neither can be switched off " +
		"in a hurry.",
	Fix: "Move what uses the older key to the newer one, then aws iam update-access-key --user-name NAME --access-key-id ID --status Inactive, and delete it after some days. Two programs " +
		"that need a key get a user each, or better a role.",
	Read: 2, Write: 2, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC02-BP05", "cis-3.0:1.13", "cis-4.0.1:1.13", "cis-5.0:1.12"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html",
	},
	Needs:    []string{"AWS::IAM::CredentialReport"},
	Judge:    judge,
	Examples: examples,
}

// Replacing a key may take so many days.
const replacing = 7

func judge(c check.Case) []check.Result {
	rows, blind := fact.Credentials(c)
	if blind != nil {
		return blind
	}
	var out []check.Result
	var moving []string
	for _, r := range rows {
		if r.User == fact.Root {
			continue
		}
		a, b := r.Keys[0], r.Keys[1]
		unread := slices.Contains(r.Unread, "AccessKey1Active") && (b.Active || slices.Contains(r.Unread, "AccessKey2Active")) ||
			slices.Contains(r.Unread, "AccessKey2Active") && a.Active
		switch {
		case unread:
			out = append(out, check.Result{Target: r.Key, Says: "whether " + r.User + " has two active keys was not read"})
		case !a.Active || !b.Active:
		case a.Rotated.IsZero() || b.Rotated.IsZero():
			out = append(out, check.Result{Target: r.Key, Says: r.User + " has two active keys, and how old they are was not read"})
		default:
			newer := min(fact.Days(c, a.Rotated), fact.Days(c, b.Rotated))
			if newer <= replacing {
				moving = append(moving, r.User)
				continue
			}
			out = append(out, check.Result{Target: r.Key, Outcome: check.Fail, Says: fmt.Sprintf("%s has two active keys, the newer of them for %d days", r.User, newer)})
		}
	}
	if len(out) > 0 {
		return out
	}
	says := "no user has two active keys"
	if len(moving) > 0 {
		says = "no user has two active keys for more than 7 days; new this week: " + check.Few(moving)
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: says}}
}
