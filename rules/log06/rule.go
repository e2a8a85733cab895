// Package log06 wants networks in use to log their flows.
package log06

import (
	"embed"
	"slices"
	"strconv"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is LOG-06.
var Rule = check.Rule{
	ID:    "LOG-06",
	Title: "VPCs in use log their flows",
	Why:   "When a machine was broken into, flow logs tell which others it spoke to and how much left. They cannot be made afterwards.",
	Fix: "aws ec2 create-flow-logs --resource-type VPC --resource-ids VPC --traffic-type REJECT --log-destination-type s3 --log-destination arn:aws:s3:::BUCKET. " +
		"ALL instead of REJECT also tells what left, and costs more.",
	Read: 2, Write: 2, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC04-BP01", "wa:SEC05-BP04", "cis-3.0:3.7", "cis-4.0.1:3.7", "cis-5.0:3.7"},
	Sources: []string{
		"https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html",
	},
	Needs:    []string{vpc, nic, flow},
	Judge:    judge,
	Examples: examples,
}

const (
	vpc  = "AWS::EC2::VPC"
	nic  = "AWS::EC2::NetworkInterface"
	flow = "AWS::EC2::FlowLog"
)

// A VPC that holds no network interface carries no traffic. A flow log counts for a VPC, for a subnet or for one interface, and so does one of refused
// traffic alone, which the result then says.
func judge(c check.Case) []check.Result {
	logs := map[string]*snapshot.Resource{}
	failing := map[string]string{}
	for _, f := range c.Snapshot.OfType(flow) {
		if f.Text("DeliverLogsStatus") == "FAILED" {
			failing[f.Text("ResourceId")] = f.Text("Id")
			continue
		}
		logs[f.Text("ResourceId")] = f
	}
	var out []check.Result
	covered, refused := 0, 0
	for _, v := range c.Snapshot.OfType(vpc) {
		id := v.Text("VpcId")
		var bare []string
		used := 0
		partly := false
		for _, n := range fact.InRegion(c, nic, v.Region) {
			if n.Text("VpcId") != id {
				continue
			}
			used++
			f := logs[id]
			for _, k := range []string{n.Text("SubnetId"), n.Text("NetworkInterfaceId")} {
				if f == nil && k != "" {
					f = logs[k]
				}
			}
			if f == nil {
				bare = append(bare, n.Text("NetworkInterfaceId"))
			} else {
				partly = partly || f.Text("TrafficType") == "REJECT"
			}
		}
		missed := append(fact.MissedIn(c, flow, v.Region), fact.MissedIn(c, nic, v.Region)...)
		switch {
		case used == 0 && len(missed) == 0:
		case len(bare) == 0 && used > 0:
			covered++
			if partly {
				refused++
			}
		case len(missed) > 0:
			out = append(out, check.Result{Target: v.Key, Says: "whether VPC " + id + " in " + v.Region + " logs its flows was not read: " + strings.Join(missed, ", ")})
		default:
			r := check.Result{Target: v.Key, Outcome: check.Fail, Says: "VPC " + id + " in " + v.Region + " holds " + fact.Counted(used, "network interface", "network interfaces") + " and logs no flows"}
			if len(bare) < used {
				r.Says = "VPC " + id + " in " + v.Region + " logs the flows of only " + strconv.Itoa(used-len(bare)) + " of its " + strconv.Itoa(used) + " network interfaces"
			}
			if f := failing[id]; f != "" {
				r.Says += "; flow log " + f + " cannot write"
			}
			out = append(out, r)
		}
	}
	unread := slices.ContainsFunc(out, func(r check.Result) bool { return r.Outcome == check.Unknown })
	switch blind := c.Blind(vpc, nic, flow); {
	case blind != nil && !unread: // else it was said of each VPC
		out = append(out, blind...)
	case blind != nil:
	case len(out) == 0 && covered == 0:
		out = append(out, check.Result{Outcome: check.NotApplicable, Target: c.Account(), Says: "no VPC holds a network interface"})
	case len(out) == 0:
		says := fact.Counted(covered, "VPC in use logs its flows", "VPCs in use log their flows")
		if refused > 0 {
			says += ", " + fact.Counted(refused, "of them", "of them") + " only what was refused"
		}
		out = append(out, check.Result{Outcome: check.Pass, Target: c.Account(), Says: says})
	}
	return out
}
