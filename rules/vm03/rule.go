// Package vm03 wants machines to have the patches that matter.
package vm03

import (
	"embed"
	"fmt"
	"slices"
	"time"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is VM-03.
var Rule = check.Rule{
	ID:    "VM-03",
	Title: "No machine lacks critical or security patches",
	Why: "What a patch mends is public from the day of the patch, and is tried on every machine that can be reached. A machine that nobody looked at for patches is not " +
		"patched; it is only not known.",
	Fix: "Make a patch policy (Systems Manager, Quick Setup, Patch Manager) for all machines: it looks every day and installs on a schedule. At once: aws ssm send-command " +
		"--document-name AWS-RunPatchBaseline --parameters Operation=Install --targets Key=InstanceIds,Values=ID. A group of machines gets a new image.",
	Read: 4, Write: 4, Likelihood: 4,
	Tier: 1,
	Refs: []string{"wa:SEC06-BP01", "wa:SEC06-BP05"},
	Sources: []string{
		"https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_InstancePatchState.html",
		"https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-compliance-states.html",
		"https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-approval-rules.html",
	},
	Needs:    []string{"AWS::EC2::Instance", "AWS::SSM::ManagedInstance", "AWS::EC2::Image"},
	Judge:    judge,
	Examples: examples,
}

const (
	scanDays  = 7  // a scan that is older tells nothing of today
	imageDays = 90 // machines that are replaced are as new as their image
)

// What a baseline has approved and is not there is missing for as long as its approval waited (7 days, where nobody changed that): a scan does not tell
// since when. Of a group of machines that are replaced the image may answer instead.
func judge(c check.Case) []check.Result {
	managed := fact.ManagedMachines(c)
	images := map[string]*snapshot.Resource{}
	for _, x := range c.Snapshot.OfType("AWS::EC2::Image") {
		images[x.Text("ImageId")] = x
	}
	fleets, unread := fact.Fleets(c)
	var out []check.Result
	for _, f := range fleets {
		r := check.Result{Target: f.Key}
		bad, unread := 0, 0
		says, asks := "", ""
		for _, i := range f.Machines {
			e := machine(c, f, i, managed[i.Text("InstanceId")], images[i.Text("ImageId")])
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
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("no running machine, or group of them, lacks grave patches, of %d", len(fleets))}}
}

func machine(c check.Case, f fact.Fleet, i *snapshot.Resource, m *fact.Managed, image *snapshot.Resource) check.Evidence {
	e := check.Evidence{Key: i.Key}
	switch {
	case m != nil && m.Unread:
		e.Says = "its patch state was not read"
	case m != nil && m.Missing != "":
		e.Outcome, e.Says = check.Fail, "it "+m.Missing
	case m != nil && !m.Scanned.IsZero() && fact.Days(c, m.Scanned) <= scanDays:
		e.Outcome, e.Says = check.Pass, "it lacks no grave patches"
	case f.Scaled && image != nil:
		made, err := time.Parse(time.RFC3339, image.Text("CreationDate"))
		switch days := fact.Days(c, made); {
		case err != nil:
			e.Says = "how old the image is was not read"
		case days > imageDays:
			e.Outcome, e.Says = check.Fail, fmt.Sprintf("nobody looked for patches, and the image is %d days old", days)
		default:
			e.Outcome, e.Says = check.Pass, fmt.Sprintf("the image is %d days old", days)
		}
	case f.Scaled && m == nil:
		e.Says = "nobody looked for patches, and how old the image is was not read"
	case m != nil && !m.Scanned.IsZero():
		e.Says = fmt.Sprintf("it was looked at for patches last %d days ago", fact.Days(c, m.Scanned))
	case m == nil && !c.Listed("AWS::SSM::ManagedInstance", i.Region):
		e.Says = "what Systems Manager knows was not read in full in " + i.Region
	default:
		e.Outcome, e.Says = check.Fail, "nobody has looked for patches"
	}
	return e
}
