// Package mfa03 wants policies to deny people what they do without MFA.
package mfa03

import (
	"embed"
	"fmt"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is MFA-03.
var Rule = check.Rule{
	ID:    "MFA-03",
	Title: "Without MFA people may do no more than get MFA",
	Why: "A device that is registered is asked for when one signs in to the console, and by nothing else: not of a key, and not of whoever removes the device. Only a " +
		"policy makes it a condition.",
	Fix: "Attach to every group of people a policy that denies everything but what one needs to register a device (NotAction), under BoolIfExists " +
		"aws:MultiFactorAuthPresent false. AWS has it as an example: the second page below.",
	Read: 4, Write: 4, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC02-BP01", "ssb:ACCT.05"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage-mfa-only.html",
	},
	Needs:    fact.AdministratorTypes,
	Judge:    judge,
	Examples: examples,
}

// One policy on the groups of people settles it: one result. A key whose user is no machine's and no person's is MFA-02's.
func judge(c check.Case) []check.Result {
	if blind := c.Blind(fact.AdministratorTypes...); blind != nil {
		return blind
	}
	people := fact.NewPeople(c)
	var free, unknown []string
	var evidence []check.Evidence
	held := 0
	for _, u := range c.Snapshot.OfType("AWS::IAM::User") {
		kind, why := people.OfUser(u)
		row, known := people.Credential(u.Key)
		if !known || kind == fact.Unsaid && row.Missed("PasswordEnabled", "MfaActive") {
			unknown = append(unknown, u.Name)
			evidence = append(evidence, check.Evidence{Key: u.Key, Outcome: check.Unknown, Says: u.Name + " " + why})
			continue
		}
		if kind != fact.Person || !signsIn(people, u.Key) {
			continue
		}
		var may []string
		unread := false
		for _, lacking := range fact.NoMFA() {
			what, not := fact.Unguarded(c, u, lacking)
			if unread = unread || not; len(what) > len(may) {
				may = what
			}
		}
		e := check.Evidence{Key: u.Key}
		switch {
		case len(may) > 0:
			e.Outcome, e.Says = check.Fail, fmt.Sprintf("%s may do without MFA: %s", u.Name, check.Few(may))
			free = append(free, u.Name)
		case unread:
			e.Says = "what " + u.Name + " may do was not read in full"
			unknown = append(unknown, u.Name)
		default:
			held++
			continue
		}
		evidence = append(evidence, e)
	}
	out := check.Result{Target: c.Account(), Evidence: evidence}
	switch {
	case len(free) > 0:
		out.Outcome, out.Says = check.Fail, fmt.Sprintf("no policy denies %s what they do without MFA", check.Few(free))
	case len(unknown) > 0:
		out.Says = "whether policies ask " + check.Few(unknown) + " for MFA was not read in full"
	case held == 0:
		out.Outcome, out.Says = check.NotApplicable, "no person signs in as an IAM user"
	default:
		out.Outcome, out.Says = check.Pass, fmt.Sprintf("policies deny everything without MFA to all people who sign in as IAM users (%d looked at)", held)
	}
	return []check.Result{out}
}

func signsIn(people *fact.People, k snapshot.Key) bool {
	row, _ := people.Credential(k)
	return row.Password || row.Keys[0].Active || row.Keys[1].Active || row.Missed("PasswordEnabled", "AccessKey1Active", "AccessKey2Active")
}
