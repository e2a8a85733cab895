// Package vm01 wants every machine to be managed, and to answer.
package vm01

import (
	"embed"
	"fmt"
	"slices"
	"time"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
)

//go:embed examples
var examples embed.FS

// Rule is VM-01.
var Rule = check.Rule{
	ID:    "VM-01",
	Title: "Every running machine is managed by Systems Manager, and answers",
	Why: "A machine that Systems Manager does not know is patched by nobody, is in no inventory, and can be looked at in an emergency only through an open port " +
		"and a key.",
	Fix: "Once a Region: aws ssm update-service-setting --setting-id /ssm/managed-instance/default-ec2-instance-management-role --setting-value " +
		"service-role/AWSSystemsManagerDefaultEC2InstanceManagementRole, which manages every machine with IMDSv2 and an agent. One that stays silent has no agent, or no way out " +
		"(NET-09). An appliance that cannot have one gets a waiver.",
	Read: 3, Write: 4, Likelihood: 3,
	Tier: 1,
	With: []string{"VM-03"},
	Refs: []string{"wa:SEC06-BP03", "ssb:WKLD.06"},
	Sources: []string{
		"https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-default-host-management-configuration.html",
		"https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_InstanceInformation.html",
	},
	Needs:    []string{"AWS::EC2::Instance", "AWS::SSM::ManagedInstance"},
	Judge:    judge,
	Examples: examples,
}

// How a machine came to be managed (a role of its own, or the default one) makes no difference. What is stopped is not asked. An agent counts as silent
// when it answered last more than a day before the scan, whatever its state says.
func judge(c check.Case) []check.Result {
	managed := fact.ManagedMachines(c)
	fleets, unread := fact.Fleets(c)
	var out []check.Result
	for _, f := range fleets {
		r := check.Result{Target: f.Key}
		bad, unread := 0, 0
		says, asks := "", ""
		for _, i := range f.Machines {
			m, e := managed[i.Text("InstanceId")], check.Evidence{Key: i.Key, Outcome: check.Pass, Says: i.Name + " answers"}
			switch {
			case m == nil && !c.Listed("AWS::SSM::ManagedInstance", i.Region):
				e.Outcome, e.Says = check.Unknown, "what Systems Manager manages was not read in full in "+i.Region
			case m == nil:
				e.Outcome, e.Says = check.Fail, "Systems Manager does not know it"
			case m.Ping == "":
				e.Outcome, e.Says = check.Unknown, "whether its agent answers was not read"
			case m.Ping != "Online":
				e.Outcome, e.Says = check.Fail, "its agent does not answer ("+m.Ping+")"
			case !m.Pinged.IsZero() && c.Snapshot.Taken.Sub(m.Pinged) > 24*time.Hour:
				e.Outcome, e.Says = check.Fail, fmt.Sprintf("its agent answered last %d days ago", fact.Days(c, m.Pinged))
			}
			switch e.Outcome {
			case check.Fail:
				bad++
				says = e.Says
			case check.Unknown:
				unread++
				asks = e.Says
			}
			r.Evidence = append(r.Evidence, e)
		}
		switch {
		case bad > 0:
			r.Outcome, r.Says = check.Fail, f.Says(bad)+": "+says
			out = append(out, r)
		case unread > 0:
			r.Says = f.Says(unread) + ": " + asks
			out = append(out, r)
		}
	}
	out = append(slices.Concat(out, unread), c.Blind("AWS::EC2::Instance", "AWS::SSM::ManagedInstance")...)
	switch {
	case len(out) > 0:
		return out
	case len(fleets) == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "no machine is running"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("each running machine, or group of them, is managed and answers, of %d", len(fleets))}}
}
