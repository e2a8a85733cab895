// Package mfa02 wants people who work with access keys alone to need MFA for it.
package mfa02

import (
	"embed"
	"fmt"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
)

//go:embed examples
var examples embed.FS

// Rule is MFA-02.
var Rule = check.Rule{
	ID:    "MFA-02",
	Title: "Who works with access keys alone is a machine, or needs MFA",
	Why: "A key works from anywhere, for whoever has it. A machine cannot press a button and has other fences; a person can, and a key without it is a password " +
		"that never changes and lies in a file.",
	Fix: "Say what the user is: the tag footing:kind with person or machine. A person gets single sign-on or a role instead of the key, or a policy that allows nothing " +
		"without aws:MultiFactorAuthPresent, so that the key is good for aws sts get-session-token alone.",
	Read: 4, Write: 4, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC02-BP01", "wa:SEC02-BP02", "ssb:ACCT.05"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
	},
	Needs:    []string{"AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::ManagedPolicy", "AWS::IAM::CredentialReport"},
	Judge:    judge,
	Examples: examples,
}

// Who has a password too is KEY-04's: there the key goes.
func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::ManagedPolicy", "AWS::IAM::CredentialReport"); blind != nil {
		return blind
	}
	people := fact.NewPeople(c)
	machines, bound := []string{}, []string{}
	var out []check.Result
	var unsaid []check.Evidence
	for _, u := range c.Snapshot.OfType("AWS::IAM::User") {
		row, known := people.Credential(u.Key)
		switch {
		case !known || len(row.Unread) > 0:
			out = append(out, check.Result{Target: u.Key, Says: "which keys " + u.Name + " has was not read"})
			continue
		case row.Password || !row.Keys[0].Active && !row.Keys[1].Active:
			continue
		}
		kind, why := people.OfUser(u)
		if kind == fact.Machine {
			machines = append(machines, u.Name)
			continue
		}
		free, unread := fact.Unguarded(c, u, fact.NoMFA()[0])
		switch {
		case len(free) == 0 && !unread:
			bound = append(bound, u.Name)
		case kind == fact.Unsaid:
			unsaid = append(unsaid, check.Evidence{Key: u.Key, Says: u.Name + " " + why})
		case len(free) > 0:
			out = append(out, check.Result{Target: u.Key, Outcome: check.Fail, Says: fmt.Sprintf("a key of %s, a person, allows %s without MFA", u.Name, check.Few(free)),
				Evidence: []check.Evidence{{Key: u.Key, Outcome: check.Fail, Says: u.Name + " " + why}}})
		default:
			out = append(out, check.Result{Target: u.Key, Says: "what " + u.Name + ", a person, may do with a key was not read in full"})
		}
	}
	if len(unsaid) > 0 {
		out = append(out, whose(c, unsaid))
	}
	if len(out) > 0 {
		return out
	}
	verdict := check.Result{Target: c.Account(), Outcome: check.Pass}
	switch {
	case len(bound) == 0 && len(machines) == 0:
		verdict.Outcome, verdict.Says = check.NotApplicable, "no user works with access keys alone"
	case len(bound) == 0:
		verdict.Says = "all who work with access keys alone are machines: " + check.Few(machines)
	default:
		verdict.Says = "keys of people are good for nothing without MFA: " + check.Few(bound)
	}
	return []check.Result{verdict}
}

// whose is the one question of whom nobody says what they are.
func whose(c check.Case, unsaid []check.Evidence) check.Result {
	if len(unsaid) == 1 {
		return check.Result{Target: unsaid[0].Key, Says: unsaid[0].Says}
	}
	names := make([]string, len(unsaid))
	for i, e := range unsaid {
		names[i] = fact.Name(c, e.Key)
	}
	return check.Result{Target: c.Account(), Says: check.Few(names) + " have keys and no password, and nobody says whether they are persons or machines", Evidence: unsaid}
}
