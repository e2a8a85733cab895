// Package pwd01 wants passwords of IAM users to be long and not to be used again.
package pwd01

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

// Rule is PWD-01.
var Rule = check.Rule{
	ID:    "PWD-01",
	Title: "Passwords have 14 characters or more and are not used again",
	Why: "Without a policy of its own the account takes passwords of eight characters. Length is what makes guessing hopeless, and a password that " +
		"was in use before may be in a list already. That passwords expire is not asked for: where MFA is enforced it only makes them worse.",
	Fix: "IAM, Account settings, Password policy: at least 14 characters, remember 24. Or: aws iam update-account-password-policy " +
		"--minimum-password-length 14 --password-reuse-prevention 24 --require-symbols --require-numbers --require-uppercase-characters " +
		"--require-lowercase-characters --allow-users-to-change-password (what is left out goes back to its default).",
	Read: 3, Write: 3, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC02-BP01", "ssb:ACCT.06", "cis-3.0:1.8", "cis-3.0:1.9", "cis-4.0.1:1.8", "cis-4.0.1:1.9", "cis-5.0:1.7", "cis-5.0:1.8"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html",
		"https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html",
	},
	Needs:    []string{"AWS::IAM::AccountPasswordPolicy", "AWS::IAM::CredentialReport"},
	Judge:    judge,
	Examples: examples,
}

const (
	shortest   = 14
	remembered = 24
)

func judge(c check.Case) []check.Result {
	out := check.Result{Target: c.Account()}
	policies := c.Snapshot.OfType("AWS::IAM::AccountPasswordPolicy")
	if blind := c.Blind("AWS::IAM::AccountPasswordPolicy"); len(policies) == 0 && blind != nil {
		return blind
	}
	weak, unread := []string{"the account has no password policy, and AWS's own asks for 8 characters"}, []string(nil)
	if len(policies) > 0 {
		weak, unread = lacks(policies[0])
	}
	if len(weak)+len(unread) == 0 {
		out.Outcome, out.Says = check.Pass, "passwords have 14 characters or more, and the last 24 are not taken again"
		return []check.Result{out}
	}
	rows, blind := fact.Credentials(c)
	if blind != nil {
		blind[0].Says = strings.Join(append(weak, unread...), "; ") + "; whether anybody has a password was not read: " + blind[0].Says
		return blind
	}
	var holders []string
	for _, r := range rows {
		switch {
		case r.User == fact.Root:
		case r.Password:
			holders = append(holders, r.User)
		case slices.Contains(r.Unread, "PasswordEnabled"):
			unread = append(unread, "whether "+r.User+" has a password was not read")
		}
	}
	switch {
	case len(weak) > 0 && len(holders) > 0:
		out.Outcome, out.Says = check.Fail, strings.Join(weak, "; ")+fmt.Sprintf(" (with a password: %s)", check.Few(holders))
	case len(unread) > 0:
		out.Says = strings.Join(append(weak, unread...), "; ")
	default:
		out.Outcome, out.Says = check.NotApplicable, "no IAM user has a password"
	}
	return []check.Result{out}
}

// lacks says what a policy does not ask for, and what of it was not read.
func lacks(p *snapshot.Resource) (weak, unread []string) {
	for _, x := range []struct {
		property    string
		least       int
		none, fewer string
	}{
		{"MinimumPasswordLength", shortest, "no length is asked for", "passwords may have %d characters"},
		{"PasswordReusePrevention", remembered, "old passwords may be used again", "only the last %d passwords are not taken again"},
	} {
		n, st := p.Number(x.property)
		switch {
		case st == snapshot.Unknown:
			unread = append(unread, x.property+" was not read")
		case st == snapshot.Absent || n == 0:
			weak = append(weak, x.none)
		case int(n) < x.least:
			weak = append(weak, fmt.Sprintf(x.fewer, int(n)))
		}
	}
	return weak, unread
}
