// Package grp02 wants no user left over who can do nothing.
package grp02

import (
	"cmp"
	"embed"
	"fmt"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is GRP-02.
var Rule = check.Rule{
	ID:    "GRP-02",
	Title: "Every user is in a group, or has what it needs otherwise",
	Why: "A user in no group and without a policy belongs to nobody's job: it was made and forgotten, or what it was for is over. Its password and keys work all the same, " +
		"and the next policy that names it finds nobody looking.",
	Fix:  "Put the user into the group of its job, or delete it.",
	Read: 2, Write: 2, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC02-BP06", "wa:SEC03-BP06", "ssb:ACCT.04"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html",
	},
	Needs:    []string{"AWS::IAM::User", "AWS::IAM::Role"},
	Judge:    judge,
	Examples: examples,
}

// Who has policies of its own and no group is GRP-01's: one finding a decision. A role of the account that trusts a user by name is all that a user needs.
func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::IAM::User"); blind != nil {
		return blind
	}
	users := c.Snapshot.OfType("AWS::IAM::User")
	takes := roles(c)
	var out []check.Result
	for _, u := range users {
		groups, st := u.Strings("Groups")
		managed, inline, own := fact.Carries(u)
		switch {
		case len(groups) > 0 || len(managed)+len(inline) > 0:
		case st == snapshot.Unknown || own == snapshot.Unknown:
			out = append(out, check.Result{Target: u.Key, Says: "which groups and policies " + u.Name + " has was not read"})
		case takes(u.Key) == snapshot.Known:
		case takes(u.Key) == snapshot.Unknown:
			out = append(out, check.Result{Target: u.Key, Says: u.Name + " is in no group and has no policy; whether a role trusts it was not read"})
		default:
			out = append(out, check.Result{Target: u.Key, Outcome: check.Fail, Says: u.Name + " is in no group and has no policy"})
		}
	}
	switch {
	case len(out) > 0:
	case len(users) == 0:
		out = append(out, check.Result{Target: c.Account(), Outcome: check.NotApplicable, Says: "there are no IAM users"})
	default:
		out = append(out, check.Result{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("no user is left without permissions (%d looked at)", len(users))})
	}
	return out
}

// roles tells whether a user may take a role, which is looked up once somebody asks.
func roles(c check.Case) func(snapshot.Key) snapshot.State {
	var by map[snapshot.Key]snapshot.State
	other := snapshot.Absent
	if c.Unlisted("AWS::IAM::Role") != nil {
		other = snapshot.Unknown
	}
	return func(user snapshot.Key) snapshot.State {
		if by == nil {
			by = map[snapshot.Key]snapshot.State{}
			for _, r := range c.Snapshot.OfType("AWS::IAM::Role") {
				if fact.Trust(r) == nil {
					other = snapshot.Unknown
				}
				for _, a := range c.Access.WhoAction("sts:AssumeRole", r.Key) {
					if k := snapshot.Key(a.Principal); a.Direct && (a.Path.Seen || a.Path.Outcome != iam.Unknown) {
						by[k] = snapshot.Known
					} else if a.Direct && by[k] == snapshot.Absent {
						by[k] = snapshot.Unknown
					}
				}
			}
		}
		return cmp.Or(by[user], other)
	}
}
