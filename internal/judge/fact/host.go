package fact

import (
	"fmt"
	"slices"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Fleet is one running machine, or all that one group of instances keeps running: what is done to one of them is done to the group.
type Fleet struct {
	Key      snapshot.Key
	Name     string
	Scaled   bool // a group: its machines are replaced, not mended
	Machines []*snapshot.Resource
}

// Fleets lists the running machines, those of an Auto Scaling group together; unread names those that may be running. The group is told by the tag that EC2 Auto Scaling gives its instances
// ("Tag Auto Scaling groups and instances", https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html).
func Fleets(c check.Case) (list []Fleet, unread []check.Result) {
	groups := map[string]*snapshot.Resource{}
	for _, g := range c.Snapshot.OfType("AWS::AutoScaling::AutoScalingGroup") {
		groups[g.Region+" "+g.Text("AutoScalingGroupName")] = g
	}
	var dim []string
	for _, i := range c.Snapshot.OfType("AWS::EC2::Instance") {
		if i.IsUnknown("State") {
			dim = append(dim, Name(c, i.Key))
		}
		if i.Text("State") != "running" {
			continue
		}
		f := Fleet{Key: i.Key, Name: i.Name}
		if name := i.Tags["aws:autoscaling:groupName"]; name != "" {
			f = Fleet{Key: snapshot.Key("autoscaling:" + i.Region + ":" + name), Name: name, Scaled: true}
			if g := groups[i.Region+" "+name]; g != nil {
				f.Key = g.Key
			}
		}
		at := slices.IndexFunc(list, func(o Fleet) bool { return o.Key == f.Key })
		if at < 0 {
			at, list = len(list), append(list, f)
		}
		list[at].Machines = append(list[at].Machines, i)
	}
	if len(dim) > 0 {
		unread = []check.Result{{Target: c.Account(), Says: "whether these machines are running was not read: " + check.Few(dim)}}
	}
	return list, unread
}

// Says names a fleet and how many of it some machines are.
func (f *Fleet) Says(some int) string {
	switch {
	case !f.Scaled:
		return f.Name
	case some == len(f.Machines):
		return "the machines of " + f.Name
	}
	return check.Count(some, "machine", "machines") + " of " + f.Name
}

// EachFleet judges every machine that runs, or may: one result for each fleet of which a machine fails or is unknown. Where there is none, that; else
// that all hold, in the words of holds, which tells how many fleets there are.
func EachFleet(c check.Case, judge func(*Fleet, *snapshot.Resource) check.Evidence, holds string) []check.Result {
	fleets, out := Fleets(c)
	for i := range fleets {
		f := &fleets[i]
		r := check.Result{Target: f.Key, Outcome: check.Pass}
		n := map[check.Outcome]int{}
		says := map[check.Outcome]string{}
		for _, m := range f.Machines {
			e := judge(f, m)
			n[e.Outcome]++
			says[e.Outcome] = e.Says
			r.Outcome, r.Evidence = r.Outcome.And(e.Outcome), append(r.Evidence, e)
		}
		if r.Says = f.Says(n[r.Outcome]) + ": " + says[r.Outcome]; r.Outcome != check.Pass {
			out = append(out, r)
		}
	}
	switch out = append(out, c.Blind("AWS::EC2::Instance", "AWS::SSM::ManagedInstance")...); {
	case len(out) > 0:
		return out
	case len(fleets) == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "no machine is running"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf(holds, len(fleets))}}
}
