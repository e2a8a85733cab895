// Package net06 wants default security groups to have no rules.
package net06

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

// Rule is NET-06.
var Rule = check.Rule{
	ID:    "NET-06",
	Title: "Default security groups have no rules",
	Why: "Whatever is started without naming a security group gets the default one of its VPC, and all that have it reach each other on every port. " +
		"Without rules it lets nothing in and nothing out, and is noticed at once.",
	Fix: "Give what is in it a group of its own, then take the rules out: aws ec2 revoke-security-group-ingress --group-id ID --ip-permissions \"$(aws ec2 " +
		"describe-security-groups --group-ids ID --query SecurityGroups[0].IpPermissions)\", and likewise revoke-security-group-egress with IpPermissionsEgress. It cannot be deleted.",
	Read: 2, Write: 2, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC05-BP02", "ssb:ACCT.09", "cis-3.0:5.4", "cis-4.0.1:5.5", "cis-5.0:5.5"},
	Sources: []string{
		"https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
		"https://docs.aws.amazon.com/config/latest/developerguide/vpc-default-security-group-closed.html",
	},
	Needs:    []string{"AWS::EC2::SecurityGroup", "AWS::EC2::NetworkInterface"},
	Judge:    judge,
	Examples: examples,
}

// Rules of a group that something is in weigh; those of one that nothing is in wait for somebody's mistake. One finding a Region, and one for all that are
// not used: the same command mends them.
func judge(c check.Case) []check.Result {
	used := map[string][]*snapshot.Resource{} // interfaces by group
	dim := len(c.Unlisted("AWS::EC2::NetworkInterface")) > 0
	for _, n := range c.Snapshot.OfType("AWS::EC2::NetworkInterface") {
		groups, st := n.Strings("GroupSet")
		dim = dim || st == snapshot.Unknown
		for _, g := range groups {
			used[g] = append(used[g], n)
		}
	}
	var out []check.Result
	busy, idle, n := map[string][]*snapshot.Resource{}, []*snapshot.Resource(nil), 0
	for _, g := range c.Snapshot.OfType("AWS::EC2::SecurityGroup") {
		if g.IsUnknown("GroupName") {
			out = append(out, check.Result{Target: g.Key, Says: "whether " + fact.Name(c, g.Key) + " is a default security group was not read"})
		}
		if g.Text("GroupName") != "default" {
			continue
		}
		n++
		in, ist := g.List("SecurityGroupIngress")
		eg, est := g.List("SecurityGroupEgress")
		switch {
		case ist == snapshot.Unknown || est == snapshot.Unknown:
			out = append(out, check.Result{Target: g.Key, Says: "the rules of the default security group of " + g.Text("VpcId") + " were not read"})
		case len(in)+len(eg) == 0:
		case len(used[g.Text("GroupId")]) > 0:
			busy[g.Region] = append(busy[g.Region], g)
		default:
			idle = append(idle, g)
		}
	}
	for _, region := range slices.Sorted(maps.Keys(busy)) {
		r := finding(busy[region], used)
		r.Risk, r.Says = 10, fmt.Sprintf("in %s default security groups have rules: %d, with %d network interfaces in them", region, len(busy[region]), len(r.Evidence)-len(busy[region]))
		out = append(out, r)
	}
	if k := len(idle); k > 0 {
		r := finding(idle, nil)
		r.Risk, r.Says = 2, fmt.Sprintf("default security groups that nothing is in have rules: %d", k)
		if dim {
			r.Risk, r.Says = 10, fmt.Sprintf("default security groups have rules: %d; what is in them was not read in full", k)
		}
		r.Target = c.Account()
		out = append(out, r)
	}
	out = append(out, c.Blind("AWS::EC2::SecurityGroup")...)
	switch {
	case len(out) > 0:
		return out
	case n == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "there is no VPC, and so no default security group"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("none of %d default security groups has a rule", n)}}
}

// finding tells of some groups, and of the interfaces that are in them.
func finding(groups []*snapshot.Resource, used map[string][]*snapshot.Resource) check.Result {
	r := check.Result{Target: groups[0].Key, Outcome: check.Fail}
	for _, g := range groups {
		r.Evidence = append(r.Evidence, check.Evidence{Key: g.Key, Outcome: check.Fail, Says: fmt.Sprintf("the one of %s in %s has rules", g.Text("VpcId"), g.Region)})
		for _, i := range used[g.Text("GroupId")] {
			r.Evidence = append(r.Evidence, check.Evidence{Key: i.Key, Outcome: check.Fail, Says: i.Name + " is in it"})
		}
	}
	return r
}
