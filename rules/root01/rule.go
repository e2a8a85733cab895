// Package root01 wants root to have no access keys.
package root01

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is ROOT-01.
var Rule = check.Rule{
	ID:    "ROOT-01",
	Title: "Root has no access keys and no signing certificate",
	Why: "Nothing limits root: no policy, no boundary. Whoever finds a key of root has the account, and keys are what is found: in " +
		"repositories, laptops and backups. One that is switched off can be switched on again.",
	Fix:  "Sign in as root, Security credentials, delete the keys and the signing certificate. What used them gets a role with what it needs.",
	Read: 5, Write: 5, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC01-BP02", "wa:SEC02-BP02", "ssb:ACCT.02", "cis-3.0:1.4", "cis-4.0.1:1.4", "cis-5.0:1.3"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html",
		"https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html",
	},
	Needs:    []string{"AWS::IAM::AccountSummary", "AWS::IAM::CredentialReport"},
	Judge:    judge,
	Examples: examples,
}

// The summary is of this moment and the report up to four hours old: where they differ the summary counts, and both are told.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
func judge(c check.Case) []check.Result {
	target := c.Account()
	sums := c.Snapshot.OfType("AWS::IAM::AccountSummary")
	if len(sums) == 0 {
		if blind := c.Blind("AWS::IAM::AccountSummary"); blind != nil {
			return blind
		}
		return []check.Result{{Target: target, Says: "there is no account summary"}}
	}
	keys, st := sums[0].Number("AccountAccessKeysPresent")
	certs, cst := sums[0].Number("AccountSigningCertificatesPresent")
	if st != snapshot.Known {
		return []check.Result{{Target: target, Says: "the account summary does not tell whether root has keys"}}
	}
	active, off, asked := 0, false, false
	rows, blind := fact.Credentials(c)
	for _, r := range rows {
		if r.User == fact.Root {
			asked = true
			for i, k := range r.Keys {
				if k.Active {
					active++
				}
				off = off || !k.Active && !k.Rotated.IsZero() && !slices.Contains(r.Unread, fmt.Sprintf("AccessKey%dActive", i+1))
			}
		}
	}
	var says []string
	if keys > 0 {
		switch {
		case active > 0:
			says = append(says, "root has an access key, and it is active")
		case off:
			says = append(says, "root has an access key; the credential report has it as switched off, and whoever signs in as root can switch it on")
		case asked:
			says = append(says, "root has an access key, of which the credential report, which may be four hours old, does not tell")
		default:
			says = append(says, "root has an access key")
		}
	}
	if certs > 0 {
		says = append(says, "root has a signing certificate")
	}
	out := check.Result{Target: target, Outcome: check.Pass, Says: "root has no access key and no signing certificate"}
	switch {
	case len(says) > 0:
		out.Outcome, out.Says = check.Fail, strings.Join(says, "; ")
		if active == 0 && off && certs == 0 {
			out.Risk = 10 // it has to be switched on first
		}
	case cst != snapshot.Known:
		out.Outcome, out.Says = check.Unknown, "the account summary does not tell whether root has a signing certificate"
	case active > 0:
		out.Says += "; the credential report, which may be four hours old, still has a key"
	case blind != nil:
		out.Says += "; beside it, " + blind[0].Says
	}
	return []check.Result{out}
}
