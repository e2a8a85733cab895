// Package net02 wants nothing to stand in a default network.
package net02

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

// Rule is NET-02.
var Rule = check.Rule{
	ID:    "NET-02",
	Title: "Nothing stands in a default network (VPC)",
	Why: "Every subnet of a default VPC leads to the internet and gives public addresses to what is put there. What stands in it was mostly put there because " +
		"nobody chose a place.",
	Fix: "Move what stands there into a VPC of your own. Then the default ones can go, in all Regions: for r in $(aws ec2 describe-regions --query " +
		"Regions[].RegionName --output text); do aws ec2 describe-vpcs --region $r --filters Name=is-default,Values=true; done, and in the console Delete default VPC. " +
		"aws ec2 create-default-vpc brings one back.",
	Read: 2, Write: 2, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC05-BP01", "ssb:ACCT.09"},
	Sources: []string{
		"https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html",
		"https://docs.aws.amazon.com/vpc/latest/userguide/work-with-default-vpc.html",
	},
	Needs:    []string{"AWS::EC2::VPC", "AWS::EC2::NetworkInterface"},
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	var out []check.Result
	var empty []string
	for _, v := range c.Snapshot.OfType("AWS::EC2::VPC") {
		is, st := v.Flag("IsDefault")
		if st == snapshot.Unknown {
			out = append(out, check.Result{Target: v.Key, Says: "whether " + fact.Name(c, v.Key) + " is a default VPC was not read"})
		}
		if !is {
			continue
		}
		r := check.Result{Target: v.Key, Outcome: check.Fail, Risk: 10}
		var dim []string
		for _, n := range c.Snapshot.OfType("AWS::EC2::NetworkInterface") {
			if n.IsUnknown("VpcId") && n.Region == v.Region {
				dim = append(dim, fact.Name(c, n.Key))
			}
			if n.Text("VpcId") == v.Text("VpcId") && n.Region == v.Region {
				what := n.Text("Description")
				if id := n.Text("InstanceId"); id != "" {
					what = id
				}
				r.Evidence = append(r.Evidence, check.Evidence{Key: n.Key, Outcome: check.Fail, Says: fact.Name(c, n.Key) + " " + what})
			}
		}
		if n := len(r.Evidence); n == 0 && len(dim) > 0 {
			out = append(out, check.Result{Target: v.Key, Says: fmt.Sprintf("whether these stand in the default VPC of %s was not read: %s", v.Region, check.Few(dim))})
		} else if n > 0 {
			r.Says = fmt.Sprintf("network interfaces in the default VPC of %s: %d", v.Region, n)
			out = append(out, r)
		} else {
			empty = append(empty, v.Region)
		}
	}
	out = append(out, c.Blind("AWS::EC2::VPC", "AWS::EC2::NetworkInterface")...)
	switch slices.Sort(empty); {
	case len(out) > 0:
		return out
	case len(empty) > 0:
		return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "the default VPCs are empty, and could go: " + check.Few(empty)}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "there is no default VPC"}}
}
