// Package dat11 wants keys to let in no account that nobody knows.
package dat11

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is DAT-11.
var Rule = check.Rule{
	ID:    "DAT-11",
	Title: "Keys are used by no account that nobody has named",
	Why: "A key decides who reads what is under it, backups and snapshots that were given away included. Its policy and its grants can let in other " +
		"accounts beside every other policy. A policy that lets in everybody is told by PUB-04; that it lets in this account as a whole is how " +
		"KMS makes them, and leaves the decision to IAM.",
	Fix: "Name the account in footing.yaml (policy, trusted_accounts) if it is meant, else take it out of the key policy: aws kms put-key-policy. A " +
		"grant: aws kms revoke-grant --key-id ID --grant-id ID.",
	Read: 3, Write: 3, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC08-BP01", "wa:SEC03-BP07"},
	Sources: []string{
		"https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html",
		"https://docs.aws.amazon.com/kms/latest/developerguide/grants.html",
	},
	Needs:    []string{"AWS::KMS::Key"},
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	out := c.Blind("AWS::KMS::Key")
	n := 0
	fact.EachOf(c, []string{"AWS::KMS::Key"}, func(k *snapshot.Resource) {
		if k.Text("KeyManager") == "AWS" {
			return
		}
		n++
		name := fact.Name(c, k.Key)
		strangers := append(named(c, k), granted(c, k)...)
		slices.Sort(strangers)
		strangers = slices.Compact(strangers)
		var unread []string
		if _, st := k.ResourcePolicy(); st == snapshot.Unknown {
			unread = append(unread, "KeyPolicy")
		}
		if k.IsUnknown("Grants") {
			unread = append(unread, "Grants")
		}
		switch {
		case len(strangers) > 0:
			out = append(out, check.Result{Target: k.Key, Outcome: check.Fail, Says: fmt.Sprintf("%s may be used by %s, which nobody has named", name, strings.Join(strangers, " and "))})
		case len(unread) > 0:
			out = append(out, check.Result{Target: k.Key, Says: fmt.Sprintf("whom %s lets in was not read: %s", name, strings.Join(unread, ", "))})
		}
	})
	switch {
	case len(out) > 0:
		return out
	case n == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "there are no keys of our own"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "no account that nobody has named may use a key, of " + check.Count(n, "key", "keys")}}
}

// named are the accounts that a key's policy lets in, as the path table has them.
func named(c check.Case, k *snapshot.Resource) []string {
	var out []string
	for a := access.Read; a <= access.Admin; a++ {
		c.Access.Reaching(k.Key, a, func(e *access.Entry, h access.How) {
			if e.Kind == access.UnknownAccount && h.Hops == 0 && h.Seen {
				out = append(out, account(e.ID))
			}
		})
	}
	return out
}

// granted are the accounts whose principals hold grants.
func granted(c check.Case, k *snapshot.Resource) []string {
	var out []string
	grants, _ := k.Maps("Grants")
	for _, g := range grants {
		who, _ := g["GranteePrincipal"].(string)
		arn, ok := iam.SplitARN(who)
		if _, trusted := c.Model.Trusted[arn.Account]; ok && arn.Account != "" && arn.Account != c.Snapshot.Account && !trusted {
			out = append(out, account(who))
		}
	}
	return out
}

func account(principal string) string {
	if arn, ok := iam.SplitARN(principal); ok && arn.Account != "" {
		return "account " + arn.Account
	}
	return principal
}
