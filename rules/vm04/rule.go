// Package vm04 wants machines to be patched on a schedule.
package vm04

import (
	"cmp"
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

// Rule is VM-04.
var Rule = check.Rule{
	ID:    "VM-04",
	Title: "The machines of each environment are patched on a schedule",
	Why:   "Patches that somebody installs when there is time are installed after an incident. A schedule does it in every environment, first where it may hurt less.",
	Fix: "Quick Setup, Patch Manager, makes one patch policy for all machines; or aws ssm create-association --name AWS-RunPatchBaseline --targets Key=tag:env,Values=prod " +
		"--schedule-expression \"cron(0 2 ? * SUN *)\" --parameters Operation=Install. Which patches count says the default baseline of AWS until you make one.",
	Read: 3, Write: 3, Likelihood: 3,
	Tier: 1,
	With: []string{"VM-03"},
	Refs: []string{"wa:SEC06-BP01", "wa:SEC06-BP05"},
	Sources: []string{
		"https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-policies.html",
		"https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-ssm-documents.html",
		"https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-state-manager-targets-and-rate-controls.html",
	},
	Needs:    []string{"AWS::EC2::Instance", "AWS::SSM::Association", "AWS::SSM::MaintenanceWindow", "AWS::SSM::MaintenanceWindowTask", "AWS::SSM::MaintenanceWindowTarget"},
	Judge:    judge,
	Examples: examples,
}

// A baseline there always is: AWS has a default one for each operating system. Groups of machines that are replaced get a new image, and are not asked. A window or
// an association may only look and not install; what it is told is not read.
func judge(c check.Case) []check.Result {
	sides, groups, unread := patched(c)
	var out []check.Result
	blind := c.Blind("AWS::EC2::Instance", "AWS::SSM::Association", "AWS::SSM::MaintenanceWindow", "AWS::SSM::MaintenanceWindowTask", "AWS::SSM::MaintenanceWindowTarget")
	for _, name := range slices.Sorted(maps.Keys(sides)) {
		s := sides[name]
		of := "of " + name
		if name == "" {
			of = "of no environment"
		}
		switch {
		case len(s.without) > 0 && blind == nil:
			out = append(out, check.Result{Target: s.key, Outcome: check.Fail, Says: fmt.Sprintf("machines %s that no schedule patches, %d of %d: %s", of, len(s.without), s.all, check.Few(s.without))})
		case len(s.open) > 0:
			out = append(out, check.Result{Target: s.key, Says: fmt.Sprintf("whether a schedule patches these machines %s is not known: %s", of, check.Few(s.open))})
		}
	}
	out = slices.Concat(out, unread, blind)
	switch {
	case len(out) > 0:
		return out
	case len(sides) == 0 && groups > 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "only groups of machines are running, which get a new image"}}
	case len(sides) == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "no machine is running"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "a schedule patches every running machine"}}
}

// side is the machines of one environment.
type side struct {
	all           int
	without, open []string
	key           snapshot.Key // of the first of those
}

// patched sorts the machines that are mended in place by environment and by what patches them, and counts the groups that are not.
func patched(c check.Case) (sides map[string]*side, groups int, unread []check.Result) {
	e := fact.EnvironmentsOf(c)
	schedules := fact.PatchSchedules(c)
	sides = map[string]*side{}
	fleets, unread := fact.Fleets(c)
	for _, f := range fleets {
		if f.Scaled {
			groups++
			continue
		}
		i := f.Machines[0]
		name, _ := e.Of(i.Key)
		s := sides[name]
		if s == nil {
			s = &side{}
			sides[name] = s
		}
		s.all++
		best := snapshot.Absent
		for _, p := range schedules {
			if on := p.On(i); on == snapshot.Known || on == snapshot.Unknown && best == snapshot.Absent {
				best = on
			}
		}
		switch best {
		case snapshot.Absent:
			s.without, s.key = append(s.without, f.Name), cmp.Or(s.key, i.Key)
		case snapshot.Unknown:
			s.open, s.key = append(s.open, f.Name), cmp.Or(s.key, i.Key)
		}
	}
	return sides, groups, unread
}
