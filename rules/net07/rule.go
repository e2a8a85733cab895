// Package net07 wants network ACLs to close what the internet should not reach, where security groups do not.
package net07

import (
	"embed"
	"fmt"
	"maps"
	"slices"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is NET-07.
var Rule = check.Rule{
	ID:    "NET-07",
	Title: "Network ACLs close administration that security groups leave open",
	Why: "A network ACL stands before every security group of its subnet, and one rule of it holds whatever anybody puts into a group. The one that a VPC is " +
		"made with lets everything pass; that matters where a group does, too.",
	Fix: "Close the security group first (NET-04). For a second lock: aws ec2 create-network-acl-entry --network-acl-id ID --ingress --rule-number 50 " +
		"--protocol tcp --port-range From=22,To=22 --cidr-block 0.0.0.0/0 --rule-action deny.",
	Read: 2, Write: 2, Likelihood: 2,
	Tier: 2,
	With: []string{"NET-04"},
	Refs: []string{"wa:SEC05-BP02", "cis-3.0:5.1", "cis-4.0.1:5.2", "cis-5.0:5.2"},
	Sources: []string{
		"https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html",
		"https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html",
	},
	Needs:    needs,
	Judge:    judge,
	Examples: examples,
}

var needs = []string{"AWS::EC2::NetworkAcl", "AWS::EC2::SecurityGroup", "AWS::EC2::NetworkInterface", "AWS::EC2::Instance"}

// An ACL that lets everything pass is what AWS makes; it is told only where the internet comes through it and a group to a port of administration.
func judge(c check.Case) []check.Result {
	acls := map[string]*snapshot.Resource{} // by subnet
	for _, a := range c.Snapshot.OfType("AWS::EC2::NetworkAcl") {
		list, _ := a.Maps("Associations") // where it was not read, no subnet of it has one below
		for _, m := range list {
			if s, _ := m["SubnetId"].(string); s != "" {
				acls[s] = a
			}
		}
	}
	groups, beside, unread := fact.Openings(c, fact.AdminPorts())
	uses := slices.Concat(beside, unread)
	for i := range groups {
		uses = append(uses, groups[i].Uses...)
	}
	through, shown := map[snapshot.Key][]string{}, map[snapshot.Key][]check.Evidence{}
	var dim []string
	for _, u := range uses {
		a := acls[u.Subnet]
		if u.Reached == snapshot.Absent || u.Says != "" {
			continue
		}
		if u.Reached == snapshot.Unknown || a == nil {
			if !slices.Contains(dim, u.Name) {
				dim = append(dim, u.Name)
			}
			continue
		}
		says := fmt.Sprintf("%s on %s", u.Name, fact.PortNames(u.Ports))
		if !slices.Contains(through[a.Key], says) {
			through[a.Key] = append(through[a.Key], says)
			shown[a.Key] = append(shown[a.Key], check.Evidence{Key: u.Key, Outcome: check.Fail, Says: says})
		}
	}
	var out []check.Result
	for _, k := range slices.Sorted(maps.Keys(through)) {
		out = append(out, check.Result{Target: k, Outcome: check.Fail, Says: fmt.Sprintf("network ACL %s lets the internet through to %s", fact.Name(c, k), check.Few(through[k])), Evidence: shown[k]})
	}
	blind := c.Blind(needs...)
	if len(dim) > 0 && blind == nil {
		out = append(out, check.Result{Target: c.Account(), Says: "whether the internet comes through a network ACL to these was not read: " + check.Few(dim)})
	}
	out = append(out, blind...)
	if len(out) == 0 {
		out = []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "the internet comes through no network ACL to a port of administration"}}
	}
	return out
}
