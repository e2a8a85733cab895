// Package key02 wants passwords and keys that nobody uses to be gone.
package key02

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

// Rule is KEY-02.
var Rule = check.Rule{
	ID:    "KEY-02",
	Title: "Passwords and access keys that are not used are switched off",
	Why: "Nobody notices that somebody else uses a password or key which its owner has forgotten. What was not used for 45 days is missed by " +
		"nobody when it is switched off, and one way in is closed.",
	Fix: "aws iam delete-login-profile --user-name NAME for a password, aws iam update-access-key --user-name NAME --access-key-id ID --status Inactive for a key; delete it when nobody " +
		"missed it for some days. Who left the team goes as a user. A user whose password waits for an emergency is tagged footing:kind=break-glass.",
	Read: 3, Write: 3, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC03-BP04", "wa:SEC03-BP06", "ssb:ACCT.03", "cis-3.0:1.12", "cis-4.0.1:1.12", "cis-5.0:1.11"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_finding-unused.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html",
	},
	Needs:    []string{"AWS::IAM::CredentialReport", "AWS::IAM::User"},
	Judge:    judge,
	Examples: examples,
}

const idle = 45

func judge(c check.Case) []check.Result {
	rows, blind := fact.Credentials(c)
	if blind != nil {
		return blind
	}
	var out []check.Result
	var waiting []string
	looked := 0
	for _, r := range rows {
		if r.User == fact.Root {
			continue
		}
		u := of(c, r)
		looked += u.looked
		if u.waits {
			waiting = append(waiting, r.User)
		}
		switch {
		case len(u.idle) > 0:
			out = append(out, check.Result{Target: r.Key, Outcome: check.Fail, Says: r.User + ": " + strings.Join(append(u.idle, u.unread...), "; ")})
		case len(u.unread) > 0:
			out = append(out, check.Result{Target: r.Key, Says: r.User + ": " + strings.Join(u.unread, "; ")})
		}
	}
	switch {
	case len(out) > 0:
		return out
	case looked == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "no IAM user has a password or an active access key"}}
	}
	says := fmt.Sprintf("all passwords and keys (%d) were used, or made, in the last 45 days", looked)
	if len(waiting) > 0 {
		says += ", but passwords that wait for an emergency: " + check.Few(waiting)
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: says}}
}

type user struct {
	looked       int
	waits        bool // its password is for emergencies
	idle, unread []string
}

func of(c check.Case, r fact.Credential) (u user) {
	if slices.Contains(r.Unread, "PasswordEnabled") {
		u.unread = append(u.unread, "whether there is a password was not read")
	}
	res, listed := c.Snapshot.Get(r.Key)
	if u.waits = r.Password && listed && strings.EqualFold(res.Tags["footing:kind"], "break-glass"); u.waits {
		u.looked++
	} else if r.Password {
		// A password that was never used is as old as it is; how old is told unless it was never changed.
		made := r.PasswordChanged
		if made.IsZero() && !r.Missed("PasswordLastChanged") {
			made = r.Created
		}
		u.add(c, "the password", r.PasswordUsed, made, r.UseUntold)
	}
	for i, k := range r.Keys {
		n := fmt.Sprintf("AccessKey%d", i+1)
		if slices.Contains(r.Unread, n+"Active") {
			u.unread = append(u.unread, fmt.Sprintf("whether key %d is active was not read", i+1))
		}
		if k.Active {
			u.add(c, fmt.Sprintf("key %d", i+1), k.Used, k.Rotated, slices.Contains(r.Unread, n+"LastUsedDate"))
		}
	}
	return u
}

// add looks at one credential. Whatever its use, one that is young is fine.
func (u *user) add(c check.Case, what string, used, made time.Time, unread bool) {
	u.looked++
	switch {
	case !made.IsZero() && fact.Days(c, made) < idle, !used.IsZero() && fact.Days(c, used) < idle:
	case unread:
		u.unread = append(u.unread, "when "+what+" was used last was not read")
	case !used.IsZero():
		u.idle = append(u.idle, fmt.Sprintf("%s was not used for %d days", what, fact.Days(c, used)))
	case made.IsZero():
		u.unread = append(u.unread, what+" was never used, and how old it is was not read")
	default:
		u.idle = append(u.idle, fmt.Sprintf("%s was never used in %d days", what, fact.Days(c, made)))
	}
}
