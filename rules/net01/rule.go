// Package net01 wants a network for each environment.
package net01

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is NET-01.
var Rule = check.Rule{
	ID:    "NET-01",
	Title: "No network (VPC) holds two environments",
	Why: "Within a VPC everything has a route to everything, and one rule too many in a security group lets development at production. " +
		"Between two VPCs there is no way until somebody makes one.",
	Fix: "Make a VPC for each environment and move what does not belong: new machines first, databases by snapshot or replica. Say in footing.yaml (units) or by a " +
		"tag env which environment a thing belongs to.",
	Read: 4, Write: 4, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC01-BP01", "wa:SEC05-BP01"},
	Sources: []string{
		"https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_network_protection_create_layers.html",
		"https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-best-practices.html",
	},
	Needs:    needs(),
	Judge:    judge,
	Examples: examples,
}

func needs() []string { return append([]string{"AWS::EC2::VPC", "AWS::EC2::Subnet"}, fact.Housed()...) }

// What belongs to no environment may be of any: it weighs little by itself, and is one finding for the account.
func judge(c check.Case) []check.Result {
	e := fact.EnvironmentsOf(c)
	var out []check.Result
	var none, unread []snapshot.Key
	houses, astray := e.Houses()
	for _, h := range houses {
		environments := slices.DeleteFunc(slices.Sorted(maps.Keys(h.Things)), func(n string) bool { return n == "" })
		for _, r := range h.Things[""] {
			none = append(none, r.Key)
		}
		for _, r := range h.Unread {
			unread = append(unread, r.Key)
		}
		if len(environments) > 1 {
			out = append(out, mixed(c, h, environments))
		}
	}
	if len(none) > 0 {
		out = append(out, check.Result{Target: none[0], Outcome: check.Fail, Risk: 4, Says: "nothing says which environment these are of: " + names(c, none)})
	}
	if len(unread) > 0 {
		out = append(out, check.Result{Target: unread[0], Says: "the tags that would say the environment were not read: " + names(c, unread)})
	}
	if len(astray) > 0 {
		out = append(out, check.Result{Target: c.Account(), Says: "in which network these stand was not read: " + check.Few(astray)})
	}
	out = append(out, c.Blind(needs()...)...)
	switch {
	case len(out) > 0:
		return out
	case len(houses) == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "nothing stands in a VPC"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("each VPC that is used holds one environment, of %d", len(houses))}}
}

// mixed tells which things of which environments one network holds.
func mixed(c check.Case, h *fact.House, environments []string) check.Result {
	r := check.Result{Target: h.Key(), Outcome: check.Fail}
	says := make([]string, 0, len(environments))
	for _, e := range environments {
		var things []snapshot.Key
		for _, t := range h.Things[e] {
			things = append(things, t.Key)
			r.Evidence = append(r.Evidence, check.Evidence{Key: t.Key, Outcome: check.Fail, Says: fact.Name(c, t.Key) + " is of " + e})
		}
		says = append(says, e+" ("+names(c, things)+")")
	}
	r.Says = fmt.Sprintf("%s holds %s", fact.Name(c, h.Key()), strings.Join(says, " and "))
	return r
}

func names(c check.Case, keys []snapshot.Key) string {
	all := make([]string, len(keys))
	for i, k := range keys {
		all[i] = fact.Name(c, k)
	}
	return check.Few(all)
}
