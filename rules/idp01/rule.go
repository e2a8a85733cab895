// Package idp01 wants people to sign in through one place of their own.
package idp01

import (
	"embed"
	"fmt"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is IDP-01.
var Rule = check.Rule{
	ID:    "IDP-01",
	Title: "People sign in through a provider, or are five at most",
	Why: "Whoever leaves the team should lose the account with the same act as the mailbox. IAM users are a second list of people, with passwords of " +
		"their own, that somebody has to remember.",
	Fix: "Turn on IAM Identity Center with an organisation, which may be one of this account alone: only an organisation instance has permission sets. " +
		"Give the people permission sets, then delete their IAM users but for one or two that are sealed for emergencies.",
	Read: 3, Write: 3, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC02-BP04", "ssb:ACCT.03", "cis-3.0:1.21", "cis-4.0.1:1.21", "cis-5.0:1.20"},
	Sources: []string{
		"https://docs.aws.amazon.com/singlesignon/latest/userguide/identity-center-instances.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers.html",
	},
	Needs:    []string{"AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::CredentialReport"},
	Judge:    judge,
	Examples: examples,
}

const (
	sealed = 2 // users of people that may stay beside federation: for emergencies
	few    = 5 // people for whom IAM users may do without it
)

func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::IAM::Role", "AWS::IAM::User"); blind != nil {
		return blind
	}
	rows, blind := fact.Credentials(c)
	if blind != nil {
		return blind
	}
	var people, unread []string
	for _, r := range rows {
		switch {
		case r.User == fact.Root:
		case r.Password:
			people = append(people, r.User)
		case len(r.Unread) > 0:
			unread = append(unread, r.User)
		}
	}
	through, sure := federated(c)
	var dim []string // roles that perhaps let people in
	for _, r := range c.Snapshot.OfType("AWS::IAM::Role") {
		if _, st := r.ResourcePolicy(); st == snapshot.Unknown {
			dim = append(dim, r.Name)
		}
	}
	out := check.Result{Target: c.Account()}
	own := fmt.Sprintf("%d IAM users have a password", len(people))
	switch len(people) {
	case 0:
		own = "no IAM user has a password"
	case 1:
		own = "1 IAM user has a password"
	}
	most := few
	if through != "" {
		most = sealed
	}
	switch {
	case through != "" && !sure:
		out.Says = "whether " + through + " lets people in was not read"
	case len(people) > most && through != "":
		out.Outcome, out.Says = check.Fail, fmt.Sprintf("people sign in through %s, and yet %s: %s", through, own, check.Few(people))
	case len(people) > most:
		out.Outcome, out.Says = check.Fail, own+", and nobody signs in through Identity Center or an identity provider"
	case through == "" && len(dim) > 0 && len(people)+len(unread) > sealed:
		out.Says = own + "; whether these roles let people in through a provider was not read: " + check.Few(dim)
	case len(people)+len(unread) > most:
		out.Says = "whether " + check.Few(unread) + " have a password was not read"
	case through != "":
		out.Outcome, out.Says = check.Pass, "people sign in through "+through+"; "+own
	default:
		out.Outcome, out.Says = check.Pass, own+"; up to 5 may do without Identity Center, and with it would need no passwords here"
	}
	if alone(c) {
		out.Evidence = append(out.Evidence, check.Evidence{Key: c.Account(), Says: "the instance of Identity Center is one of the account: it has no permission sets, and lets nobody into the account"})
	}
	return []check.Result{out}
}

// federated names what people come in through: a role that trusts a SAML provider, as those of permission sets do, or account access.
func federated(c check.Case) (through string, sure bool) {
	for _, r := range c.Snapshot.OfType("AWS::IAM::Role") {
		for _, d := range fact.Doors(c, r.Key) {
			name := ""
			switch {
			case strings.HasPrefix(r.Name, "AWSReservedSSO_") && d.Kind == access.SSO, d.ID == "account-access.amazonaws.com":
				name = "Identity Center"
			case d.Kind == access.SSO:
				name = "the SAML provider " + fact.Name(c, snapshot.Key(d.ID))
			}
			if name != "" && (through == "" || d.Seen && !sure || d.Seen && name == "Identity Center") {
				through, sure = name, d.Seen
			}
		}
	}
	return through, sure
}

// alone tells whether there is an instance of Identity Center that is the account's and no organisation's.
// https://docs.aws.amazon.com/singlesignon/latest/userguide/account-instances-identity-center.html
func alone(c check.Case) bool {
	for _, i := range c.Snapshot.OfType("AWS::SSO::Instance") {
		if i.Text("OwnerAccountId") == c.Snapshot.Account && c.Snapshot.Has("AWS::Organizations::Organization", "") == snapshot.Absent {
			return true
		}
	}
	return false
}
