// Package adm02 wants a second way back into the account.
package adm02

import (
	"embed"
	"fmt"
	"slices"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is ADM-02.
var Rule = check.Rule{
	ID:    "ADM-02",
	Title: "There are two ways back into the account",
	Why: "The one administrator is ill, loses the phone, or the company's directory is down: what is left is root, whose mailbox and device nobody has tried " +
		"since the account was opened.",
	Fix: "Keep a second administrator who signs in in another way (an IAM user with a hardware key in an envelope, when people come through a directory), or try " +
		"twice a year that root can be recovered: mailbox, phone, device. Say so in footing.yaml: attestations: [{rule: ADM-02, reason, by, date, until}].",
	Read: 2, Write: 4, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC03-BP03", "wa:SEC10-BP05"},
	Sources: []string{
		"https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_permissions_emergency_process.html",
		"https://docs.aws.amazon.com/singlesignon/latest/userguide/emergency-access.html",
	},
	Needs:    append([]string{"AWS::SSO::PermissionSet", "AWS::SSO::Assignment", "AWS::IdentityStore::Group", "AWS::IdentityStore::User"}, fact.AdministratorTypes...),
	Days:     180,
	Judge:    judge,
	Examples: examples,
}

// Everybody of one directory comes through one door: when it is shut, all of them stand outside.
func judge(c check.Case) []check.Result {
	out := check.Result{Target: c.Account(), Outcome: check.Manual}
	if c.Unlisted("AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy") != nil {
		out.Says = "whether root can be recovered has to be tried, since it was not read who else administers the account"
		return []check.Result{out}
	}
	x := fact.Administering(c)
	people, _, _ := x.Persons()
	doors, in := map[string]bool{}, []string{}
	for _, a := range people {
		for i := range a.Holds {
			if door := doorOf(x, a, &a.Holds[i]); door != "" {
				doors[door] = true
				if !slices.Contains(in, a.Name) {
					in = append(in, a.Name)
				}
			}
		}
	}
	switch {
	case len(doors) > 1:
		out.Outcome, out.Says = check.Pass, fmt.Sprintf("%s administer the account, and come in by %d ways that do not depend on each other", check.Few(in), len(doors))
	case len(in) > 1:
		out.Says = check.Few(in) + " come in by the same door; whether root can be recovered when it is shut has to be tried"
	case len(in) == 1:
		out.Says = in[0] + " alone can come in as an administrator; whether root can be recovered has to be tried"
	default:
		out.Says = "whether root can be recovered has to be tried, since no other person surely comes in as an administrator"
	}
	if _, blind := fact.Credentials(c); blind != nil && out.Outcome == check.Manual {
		out.Says += "; " + blind[0].Says
	}
	for _, a := range people {
		out.Evidence = append(out.Evidence, x.Evidence(a, check.Pass))
	}
	return []check.Result{out}
}

// doorOf is what somebody comes in by: himself, where he has credentials here, or his provider; "" where he does not come in today.
func doorOf(x *fact.Administration, a *fact.Administrator, h *fact.Holding) string {
	switch row, known := x.People.Credential(snapshot.Key(h.Principal)); {
	case known && (row.Password || row.Keys[0].Active || row.Keys[1].Active):
		return a.ID
	case !known && h.Sure && h.Entry != nil && h.Entry.ID != h.Principal:
		return h.Entry.ID
	}
	return ""
}
