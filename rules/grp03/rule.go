// Package grp03 wants groups to have members and policies.
package grp03

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

// Rule is GRP-03.
var Rule = check.Rule{
	ID:    "GRP-03",
	Title: "Every group has members and policies",
	Why: "A group without members keeps permissions for whoever joins it next, and one without policies says that somebody may do something, which is not so. Both make " +
		"the list of groups harder to trust.",
	Fix:  "Delete the group, or give it the members or the policy that it was made for.",
	Read: 1, Write: 1, Likelihood: 2,
	Tier: 2,
	Refs: []string{"wa:SEC03-BP04"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html",
	},
	Needs:    []string{"AWS::IAM::Group", "AWS::IAM::User"},
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::IAM::Group", "AWS::IAM::User"); blind != nil {
		return blind
	}
	groups := c.Snapshot.OfType("AWS::IAM::Group")
	if len(groups) == 0 {
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "there are no groups"}}
	}
	members, unread := map[string]int{}, false
	for _, u := range c.Snapshot.OfType("AWS::IAM::User") {
		names, st := u.Strings("Groups")
		unread = unread || st == snapshot.Unknown
		for _, n := range names {
			members[n]++
		}
	}
	out := check.Result{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("all groups have members and policies (%d looked at)", len(groups))}
	var bad, open []string
	for _, g := range groups {
		managed, inline, st := fact.Carries(g)
		e := check.Evidence{Key: g.Key, Outcome: check.Fail}
		switch empty := members[g.Name] == 0; {
		case empty && !unread:
			e.Says = g.Name + " has no members"
		case len(managed)+len(inline) == 0 && st == snapshot.Known:
			e.Says = g.Name + " has no policy"
		case empty || len(managed)+len(inline) == 0:
			e.Outcome, e.Says = check.Unknown, "not all of "+g.Name+" was read"
			open = append(open, e.Says)
			out.Evidence = append(out.Evidence, e)
			continue
		default:
			continue
		}
		bad = append(bad, e.Says)
		out.Evidence = append(out.Evidence, e)
	}
	slices.Sort(bad)
	switch {
	case len(bad) > 0:
		out.Outcome, out.Says = check.Fail, check.Few(bad)
	case len(open) > 0:
		out.Outcome, out.Says = check.Unknown, check.Few(open)
	}
	return []check.Result{out}
}
