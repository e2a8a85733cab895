// Package vm02 wants machines to need no key of SSH.
package vm02

import (
	"embed"
	"fmt"
	"slices"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is VM-02.
var Rule = check.Rule{
	ID:    "VM-02",
	Title: "No machine is entered by a shared SSH key",
	Why: "A key pair is a file that is copied and never ends; whoever has it enters, and nobody knows who it was. A session of Systems Manager is opened by a person of IAM, " +
		"is logged, and needs no port.",
	Fix: "aws ssm start-session --target INSTANCE in its place; take port 22 out of the security group, and leave the key pair out of the launch template. Where SSH is needed, " +
		"EC2 Instance Connect gives a key for a minute.",
	Read: 3, Write: 3, Likelihood: 3,
	Tier: 2,
	With: []string{"NET-04"},
	Refs: []string{"wa:SEC06-BP03", "ssb:WKLD.06"},
	Sources: []string{
		"https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html",
		"https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-key-pairs.html",
	},
	Needs:    []string{"AWS::EC2::Instance", "AWS::EC2::SecurityGroup"},
	Judge:    judge,
	Examples: examples,
}

// A key to a door that no security group opens is no way in.
func judge(c check.Case) []check.Result {
	var out []check.Result
	idle, n := 0, 0
	read := map[string]bool{}
	for _, g := range c.Snapshot.OfType("AWS::EC2::SecurityGroup") {
		read[g.Text("GroupId")] = !g.IsUnknown("SecurityGroupIngress")
	}
	fleets, unread := fact.Fleets(c)
	for _, f := range fleets {
		open, may, key := 0, 0, ""
		for _, i := range f.Machines {
			n++
			name, st := i.Property("KeyName")
			if st == snapshot.Absent || name == "" {
				continue
			}
			worst := snapshot.Absent
			for _, h := range c.Network.Hosts(i) {
				if at := ssh(c, read, h); at == snapshot.Known || at == snapshot.Unknown && worst == snapshot.Absent {
					worst = at
				}
			}
			switch {
			case worst == snapshot.Absent:
				idle++
			case st == snapshot.Unknown || worst == snapshot.Unknown:
				may++
			default:
				open++
				key = fmt.Sprint(name)
			}
		}
		switch {
		case open > 0:
			out = append(out, check.Result{Target: f.Key, Outcome: check.Fail, Says: fmt.Sprintf("%s can be entered on port 22 with the key pair %s", f.Says(open), key)})
		case may > 0:
			out = append(out, check.Result{Target: f.Key, Says: f.Says(may) + ": whether a key pair opens it on port 22 was not read"})
		}
	}
	out = append(slices.Concat(out, unread), c.Blind("AWS::EC2::Instance", "AWS::EC2::SecurityGroup")...)
	switch {
	case len(out) > 0:
		return out
	case n == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "no machine is running"}}
	case idle > 0:
		return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("machines that have a key pair, %d of %d, let nobody in on port 22", idle, n)}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("no machine has a key pair, of %d", n)}}
}

// ssh tells whether the groups of a host let anybody at all in on port 22. Read are the groups of which all rules are known.
func ssh(c check.Case, read map[string]bool, h network.Host) snapshot.State {
	lets := c.Network.Lets(h.Groups, h.Unfiltered(), network.Ports{From: 22, To: 22})
	if lets == snapshot.Unknown && len(h.Groups) > 0 && !slices.ContainsFunc(h.Groups, func(g string) bool { return !read[g] }) {
		return snapshot.Known // from some, by a block or by a group
	}
	return lets
}
