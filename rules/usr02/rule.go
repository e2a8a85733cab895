// Package usr02 wants every user and role to have an owner, and the list to be looked through.
package usr02

import (
	"embed"
	"fmt"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is USR-02.
var Rule = check.Rule{
	ID:    "USR-02",
	Title: "Every user and role has an owner, and was looked at within 90 days",
	Why: "A user or role without an owner is never removed: nobody knows whether it is needed. People who have left keep their users until somebody compares " +
		"the list with who works here.",
	Fix: "Tag users and roles owner=ADDRESS, or name owners in footing.yaml under resources; name who works here under people. Every 90 days look through " +
		"footing list type:iam::user and footing list type:iam::role, and say so under attestations.",
	Read: 2, Write: 2, Likelihood: 3,
	Tier: 1,
	Days: 90,
	Refs: []string{"wa:SEC03-BP06", "ssb:ACCT.03"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html",
	},
	Needs:    []string{"AWS::IAM::User", "AWS::IAM::Role"},
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::IAM::User", "AWS::IAM::Role"); blind != nil {
		return blind
	}
	all := 0
	var unowned, unread []check.Evidence
	for _, typ := range []string{"AWS::IAM::User", "AWS::IAM::Role"} {
		for _, r := range c.Snapshot.OfType(typ) {
			if others(r) {
				continue
			}
			all++
			switch {
			case c.Model.Owner(r) != "" || c.Model.DefaultOwner != "" && typ == "AWS::IAM::Role" || rostered(c, r) == snapshot.Known:
			case r.IsUnknown("Tags"):
				unread = append(unread, check.Evidence{Key: r.Key, Says: r.Name + ": its tags were not read"})
			default:
				unowned = append(unowned, check.Evidence{Key: r.Key, Outcome: check.Fail, Says: r.Name + " has no owner"})
			}
		}
	}
	left := leavers(c)
	out := check.Result{Target: c.Account(), Evidence: append(append(left, unowned...), unread...)}
	switch {
	case all == 0:
		out.Outcome, out.Says = check.NotApplicable, "there are no users and roles of the account's own"
	case len(left)+len(unowned) > 0:
		out.Outcome = check.Fail
		var says []string
		if len(left) > 0 {
			says = append(says, "not among the people of footing.yaml: "+check.Few(names(c, left)))
		}
		if len(unowned) > 0 {
			says = append(says, fmt.Sprintf("without an owner: %s (%d of %d users and roles)", check.Few(names(c, unowned)), len(unowned), all))
		}
		out.Says = strings.Join(says, "; ")
	case len(unread) > 0:
		out.Says = "the tags of " + check.Few(names(c, unread)) + " were not read"
	default:
		out.Outcome, out.Says = check.Manual, fmt.Sprintf("all users and roles (%d) have an owner; nobody said that the list was looked through", all)
	}
	return []check.Result{out}
}

// others are roles that AWS makes and owns: service-linked ones, and those of permission sets, which Identity Center has.
func others(r *snapshot.Resource) bool {
	return fact.ServiceLinked(r.Key) || strings.Contains(string(r.Key), ":role/aws-reserved/")
}

// rostered tells whether footing.yaml has a user or role among the people.
func rostered(c check.Case, r *snapshot.Resource) snapshot.State {
	st := snapshot.Absent
	for i := range c.Model.People {
		switch c.Model.People[i].Bind.Choose(r, c.Model.Ask) {
		case snapshot.Known:
			return snapshot.Known
		case snapshot.Unknown:
			st = snapshot.Unknown
		}
	}
	return st
}

// leavers are users with a password, who are people, and not among those that footing.yaml names; where it names none nobody can be told to have left.
func leavers(c check.Case) []check.Evidence {
	if len(c.Model.People) == 0 {
		return nil
	}
	rows, _ := fact.Credentials(c)
	var out []check.Evidence
	for _, row := range rows {
		if u, ok := c.Snapshot.Get(row.Key); ok && row.Password && rostered(c, u) == snapshot.Absent {
			out = append(out, check.Evidence{Key: u.Key, Outcome: check.Fail, Says: u.Name + " has a password and is not among the people of footing.yaml"})
		}
	}
	return out
}

func names(c check.Case, list []check.Evidence) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = fact.Name(c, e.Key)
	}
	return out
}
