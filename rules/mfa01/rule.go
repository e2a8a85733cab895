// Package mfa01 wants whoever has a password for the console to have MFA.
package mfa01

import (
	"embed"
	"fmt"
	"slices"
	"time"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is MFA-01.
var Rule = check.Rule{
	ID:    "MFA-01",
	Title: "Everybody with a password for the console has MFA",
	Why: "A password is guessed, reused and typed into the wrong page. It is the most common way into an account, and a second factor closes it for " +
		"everybody but those who take the trouble of a live attack.",
	Fix: "Each of them signs in and registers a device under Security credentials. Let a policy deny everything but that to whoever has none (MFA-03). A password " +
		"that nobody needs is deleted: aws iam delete-login-profile --user-name NAME.",
	Read: 5, Write: 5, Likelihood: 4,
	Tier: 1,
	Refs: []string{"wa:SEC02-BP01", "ssb:ACCT.05", "cis-3.0:1.10", "cis-4.0.1:1.10", "cis-5.0:1.9"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_enable.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html",
	},
	Needs:    []string{"AWS::IAM::CredentialReport", "AWS::IAM::User"},
	Judge:    judge,
	Examples: examples,
}

// The report may be four hours old: whoever registered a virtual device since has MFA, which the list of those devices tells. Root has rules of its own.
// Whether somebody administers the account is said, and changes nothing.
func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::IAM::CredentialReport", "AWS::IAM::User"); blind != nil {
		return blind
	}
	rows, blind := fact.Credentials(c)
	if blind != nil {
		return blind
	}
	devices, _ := fact.VirtualDevices(c)
	admins := fact.Outright(c)
	var out []check.Result
	told := map[snapshot.Key]bool{}
	passwords, since := 0, 0
	for _, r := range rows {
		told[r.Key] = true
		switch {
		case r.User == fact.Root:
		case slices.Contains(r.Unread, "PasswordEnabled") || r.Password && slices.Contains(r.Unread, "MfaActive"):
			out = append(out, check.Result{Target: r.Key, Says: "whether " + r.User + " has a password and MFA was not read"})
		case !r.Password:
		case r.MFA:
			passwords++
		case devices[r.Key] != nil:
			passwords++
			since++
		default:
			says := r.User + " signs in without MFA"
			if admins[r.Key] {
				says = r.User + ", an administrator, signs in without MFA"
			}
			if !r.Created.IsZero() && c.Snapshot.Taken.Sub(r.Created) < 24*time.Hour {
				says += ", and was created today"
			}
			out = append(out, check.Result{Target: r.Key, Outcome: check.Fail, Says: says,
				Evidence: []check.Evidence{{Key: r.Key, Outcome: check.Fail, Says: "the credential report has a password and no MFA device"}}})
		}
	}
	for _, u := range c.Snapshot.OfType("AWS::IAM::User") {
		if !told[u.Key] {
			out = append(out, check.Result{Target: u.Key, Says: u.Name + " is newer than the credential report, which would tell whether it has a password"})
		}
	}
	switch {
	case len(out) > 0:
	case passwords == 0:
		out = append(out, check.Result{Target: c.Account(), Outcome: check.NotApplicable, Says: "no user has a password for the console"})
	default:
		says := "everybody with a password has MFA"
		if since > 0 {
			says += ", of whom some registered their device after the credential report was made"
		}
		out = append(out, check.Result{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("%s (%d looked at)", says, passwords)})
	}
	return out
}
