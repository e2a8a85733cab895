// Package usr01 wants no user to be everybody's.
package usr01

import (
	"embed"
	"slices"
	"strings"
	"unicode"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is USR-01.
var Rule = check.Rule{
	ID:    "USR-01",
	Title: "No user with a password is shared or for tests",
	Why: "A password that several people know is changed for none of them, has MFA on one phone or none, and what is done with it was done by nobody. " +
		"Names such as admin, test or shared are how such users are called; a name is a hint and no proof.",
	Fix: "Give each person a user or a permission set of his own, and delete this one. If one person stands behind it: tag it owner=ADDRESS, or name the person " +
		"in footing.yaml under people.",
	Read: 3, Write: 3, Likelihood: 3,
	Tier: 2,
	Refs: []string{"wa:SEC02-BP01", "wa:SEC03-BP06", "ssb:ACCT.03"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_users.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
	},
	Needs:    []string{"AWS::IAM::User", "AWS::IAM::CredentialReport"},
	Judge:    judge,
	Examples: examples,
}

// generic are words that name no person. A user called by one of them, and by nothing else, may be anybody's.
var generic = []string{"admin", "administrator", "admins", "all", "aws", "common", "console", "default", "demo", "dev", "developer", "developers", "devs", "everyone", "generic", "guest",
	"iam", "internal", "intern", "login", "manager", "master", "office", "ops", "operations", "owner", "prod", "public", "qa", "root", "shared", "staff", "staging", "superuser", "sysadmin",
	"team", "temp", "test", "tester", "testing", "tmp", "training", "user", "users"}

func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::IAM::User"); blind != nil {
		return blind
	}
	rows, blind := fact.Credentials(c)
	if blind != nil {
		return blind
	}
	var out []check.Result
	holders := 0
	for _, r := range rows {
		unread := slices.Contains(r.Unread, "PasswordEnabled")
		if r.User == fact.Root || !r.Password && !unread {
			continue
		}
		holders++
		u, there := c.Snapshot.Get(r.Key)
		if !nobodys(r.User) || there && owned(c, u) {
			continue
		}
		x := check.Result{Target: r.Key, Outcome: check.Fail, Says: r.User + " has a password and the name of no person"}
		switch {
		case unread:
			x.Outcome, x.Says = check.Unknown, "whether "+r.User+" has a password was not read"
		case there && u.IsUnknown("Tags"):
			x.Outcome, x.Says = check.Unknown, r.User+" has a password and the name of no person; whether a tag names an owner was not read"
		}
		out = append(out, x)
	}
	switch {
	case len(out) > 0:
		return out
	case holders == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "no IAM user has a password"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "no user with a password is called like something shared, or somebody answers for it"}}
}

// owned tells whether somebody says whose a user is.
func owned(c check.Case, u *snapshot.Resource) bool {
	if c.Model.Owner(u) != "" {
		return true
	}
	for i := range c.Model.People {
		if c.Model.People[i].Bind.Choose(u, c.Model.Ask) == snapshot.Known {
			return true
		}
	}
	return false
}

// nobodys tells whether a name is made of generic words and numbers alone: "test-user2", and not "test-anna".
func nobodys(name string) bool {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) })
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(generic, w) })
}
