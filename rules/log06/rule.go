// Package log06 wants networks in use to log their flows.
package log06

import (
	"embed"
	"slices"
	"strconv"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/detection"
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

// flows are the flow logs of what they look at: a VPC, a subnet or an interface.
type flows struct {
	on, failing map[string]*snapshot.Resource
	unsure      map[string]bool // whether one works was not read
	lost        map[string]bool // Regions in which one looks at something that was not read
}

func flowsOf(c check.Case) flows {
	x := flows{map[string]*snapshot.Resource{}, map[string]*snapshot.Resource{}, map[string]bool{}, map[string]bool{}}
	for _, f := range c.Snapshot.OfType(flow) {
		switch id := f.Text("ResourceId"); {
		case f.IsUnknown("ResourceId"):
			x.lost[f.Region] = true
		case f.IsUnknown("DeliverLogsStatus"):
			x.unsure[id] = true
		case f.Text("DeliverLogsStatus") == "FAILED":
			x.failing[id] = f
		default:
			x.on[id] = f
		}
	}
	return x
}

// of is the flow log that looks at an interface, by itself, its subnet or its VPC; unclear where one may.
func (x flows) of(n *snapshot.Resource) (*snapshot.Resource, detection.Truth) {
	out := detection.No
	if x.lost[n.Region] {
		out = detection.Unclear
	}
	for _, name := range []string{"VpcId", "SubnetId", "NetworkInterfaceId"} {
		id := n.Text(name)
		if f := x.on[id]; f != nil && id != "" {
			return f, detection.Yes
		}
		if n.IsUnknown(name) || x.unsure[id] {
			out = detection.Unclear
		}
	}
	return nil, out
}

// A VPC that holds no network interface carries no traffic. A flow log of refused traffic alone counts, which the result then says.
func judge(c check.Case) []check.Result {
	logs := flowsOf(c)
	var out []check.Result
	covered, refused := 0, 0
	for _, v := range c.Snapshot.OfType(vpc) {
		id := v.Text("VpcId")
		used, bare, partly := 0, 0, false
		hidden := !c.Listed(flow, v.Region)
		var missed []string
		for _, e := range c.UnlistedIn(v.Region, flow, nic) {
			missed = append(missed, e.Says)
		}
		for _, n := range detection.InRegion(c, nic, v.Region) {
			if n.IsUnknown("VpcId") {
				missed = append(missed, "the VPC of "+n.Name)
				continue
			}
			if n.Text("VpcId") != id {
				continue
			}
			used++
			switch f, is := logs.of(n); is {
			case detection.Yes:
				partly = partly || f.Text("TrafficType") == "REJECT"
			case detection.No:
				bare++
			default:
				missed = append(missed, "whether a flow log looks at "+n.Text("NetworkInterfaceId"))
			}
		}
		switch {
		case len(missed) > 0 && logs.on[id] == nil && (bare == 0 || hidden):
			out = append(out, check.Result{Target: v.Key, Says: "whether VPC " + id + " in " + v.Region + " logs its flows was not read: " + check.Few(missed)})
		case used == 0:
		case bare == 0:
			covered++
			if partly {
				refused++
			}
		default:
			r := check.Result{Target: v.Key, Outcome: check.Fail, Says: "VPC " + id + " in " + v.Region + " holds " + check.Count(used, "network interface", "network interfaces") + " and logs no flows"}
			if bare < used {
				r.Says = "VPC " + id + " in " + v.Region + " logs the flows of only " + strconv.Itoa(used-bare) + " of its " + strconv.Itoa(used) + " network interfaces"
			}
			if f := logs.failing[id]; f != nil {
				r.Says += "; flow log " + f.Text("Id") + " cannot write"
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
		says := check.Count(covered, "VPC in use logs its flows", "VPCs in use log their flows")
		if refused > 0 {
			says += ", " + check.Count(refused, "of them", "of them") + " only what was refused"
		}
		out = append(out, check.Result{Outcome: check.Pass, Target: c.Account(), Says: says})
	}
	return out
}
