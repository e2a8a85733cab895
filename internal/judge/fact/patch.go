package fact

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Kinds of observations of the source "ssm": which grave patches a machine lacks, when it was last looked at for patches, and when its agent answered last.
// The moments are no properties, since an account in which machines answered is not a changed one.
const (
	PatchesMissing = "patches-missing"
	PatchScan      = "patch-scan"
	LastPing       = "last-ping"
)

// Managed is what Systems Manager knows of a machine.
type Managed struct {
	*snapshot.Resource
	Ping    string    // Online, ConnectionLost, Inactive; "" where it was not read
	Pinged  time.Time // zero: not told
	Scanned time.Time // for patches; zero: never, or not read
	Missing string    // "lacks 2 critical and 5 security patches"; "" for none
	Unread  bool      // its patch state
}

// ManagedMachines maps ids of machines to what Systems Manager knows of them.
func ManagedMachines(c check.Case) map[string]*Managed {
	instances := map[string]snapshot.Key{}
	for _, i := range c.Snapshot.OfType("AWS::EC2::Instance") {
		instances[i.Text("InstanceId")] = i.Key
	}
	out := map[string]*Managed{}
	for _, r := range c.Snapshot.OfType("AWS::SSM::ManagedInstance") {
		m := &Managed{Resource: r, Ping: r.Text("PingStatus"), Unread: r.IsUnknown("Findings")}
		about := r.Key
		if k, ok := instances[r.Text("InstanceId")]; ok {
			about = k
		}
		for _, o := range c.Snapshot.Observed(about) {
			switch {
			case o.Source != "ssm":
			case o.Kind == PatchesMissing:
				m.Missing = o.Says
			case o.Kind == PatchScan:
				m.Scanned = o.At
			case o.Kind == LastPing:
				m.Pinged = o.At
			}
		}
		out[r.Text("InstanceId")] = m
	}
	return out
}

// patching are the documents that install patches; a patch policy of Quick Setup makes associations with them, too.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-ssm-documents.html
func patching(document string) bool {
	if i := strings.LastIndexByte(document, '/'); i >= 0 {
		document = document[i+1:]
	}
	return strings.HasPrefix(document, "AWS-RunPatchBaseline") || strings.HasPrefix(document, "AWS-ApplyPatchBaseline") || strings.HasPrefix(document, "AWSQuickSetup-Patch")
}

// PatchSchedule is something that looks for patches, or installs them, again and again.
type PatchSchedule struct {
	Key     snapshot.Key
	Name    string
	Region  string
	targets []map[string]any
	machine string
	loose   bool // whom it is about was not read, or is not modelled
	perhaps bool // that it patches, or runs at all, was not read
}

// PatchSchedules lists associations and tasks of maintenance windows that patch.
func PatchSchedules(c check.Case) []PatchSchedule {
	var out []PatchSchedule
	for _, a := range c.Snapshot.OfType("AWS::SSM::Association") {
		dim := a.IsUnknown("Name") || a.IsUnknown("ScheduleExpression")
		if !patching(a.Text("Name")) && !a.IsUnknown("Name") || a.Text("ScheduleExpression") == "" && !a.IsUnknown("ScheduleExpression") {
			continue // without a schedule it runs once
		}
		targets, st := a.Maps("Targets")
		out = append(out, PatchSchedule{Key: a.Key, Name: a.Name, Region: a.Region, targets: targets, machine: a.Text("InstanceId"),
			loose: st == snapshot.Unknown || a.IsUnknown("InstanceId"), perhaps: dim})
	}
	return append(out, windowTasks(c)...)
}

// windowTasks lists the tasks of maintenance windows that patch.
func windowTasks(c check.Case) []PatchSchedule {
	var out []PatchSchedule
	kept := map[string][]map[string]any{} // what a window keeps as its targets, by their id
	for _, t := range c.Snapshot.OfType("AWS::SSM::MaintenanceWindowTarget") {
		if list, st := t.Maps("Targets"); st != snapshot.Unknown {
			kept[t.Text("WindowTargetId")] = list
		}
	}
	windows := map[string]*snapshot.Resource{}
	for _, w := range c.Snapshot.OfType("AWS::SSM::MaintenanceWindow") {
		windows[w.Region+" "+w.Text("WindowId")] = w
	}
	for _, t := range c.Snapshot.OfType("AWS::SSM::MaintenanceWindowTask") {
		w := windows[t.Region+" "+t.Text("WindowId")]
		dim := t.IsUnknown("TaskArn") || w == nil
		if w == nil {
			w = t
		}
		on, st := w.Flag("Enabled")
		if !patching(t.Text("TaskArn")) && !t.IsUnknown("TaskArn") || st == snapshot.Known && !on {
			continue
		}
		dim = dim || st == snapshot.Unknown
		targets, st := t.Maps("Targets")
		p := PatchSchedule{Key: w.Key, Name: w.Name, Region: t.Region, targets: targets, loose: st == snapshot.Unknown, perhaps: dim}
		for _, m := range targets {
			if key, _ := m["Key"].(string); key != "WindowTargetIds" {
				continue
			}
			ids, _ := m["Values"].([]any)
			for _, id := range ids {
				more, ok := kept[fmt.Sprint(id)]
				out = append(out, PatchSchedule{Key: w.Key, Name: w.Name, Region: t.Region, targets: more, loose: !ok, perhaps: dim})
			}
			p.targets = nil
		}
		if len(p.targets) > 0 || p.loose {
			out = append(out, p)
		}
	}
	return out
}

// On tells whether a schedule patches a machine. Targets that name groups of resources are not followed.
func (p *PatchSchedule) On(i *snapshot.Resource) snapshot.State {
	if is := p.about(i); is == snapshot.Absent || !p.perhaps {
		return is
	}
	return snapshot.Unknown
}

func (p *PatchSchedule) about(i *snapshot.Resource) snapshot.State {
	if p.Region != i.Region {
		return snapshot.Absent
	}
	id := i.Text("InstanceId")
	if p.machine == id && id != "" {
		return snapshot.Known
	}
	best := snapshot.Absent
	if p.loose {
		best = snapshot.Unknown
	}
	var keys []string
	for _, t := range p.targets { // of several tags all must be there; ids stand alone
		key, _ := t["Key"].(string)
		list, _ := t["Values"].([]any)
		values := make([]string, 0, len(list))
		for _, v := range list {
			values = append(values, fmt.Sprint(v))
		}
		tag, isTag := strings.CutPrefix(key, "tag:")
		switch {
		case strings.EqualFold(key, "InstanceIds"):
			if slices.Contains(values, "*") || slices.Contains(values, id) {
				return snapshot.Known
			}
		case key == "tag-key":
			keys = append(keys, verdictOf(slices.ContainsFunc(values, func(v string) bool { _, has := i.Tags[v]; return has }), i))
		case isTag:
			v, has := i.Tags[tag]
			keys = append(keys, verdictOf(has && (slices.Contains(values, v) || slices.Contains(values, "*")), i))
		default:
			best = snapshot.Unknown
		}
	}
	switch {
	case len(keys) == 0 || slices.Contains(keys, "no"):
		return best
	case slices.Contains(keys, "unread"):
		return snapshot.Unknown
	}
	return snapshot.Known
}

func verdictOf(has bool, i *snapshot.Resource) string {
	switch {
	case has:
		return "yes"
	case i.IsUnknown("Tags"):
		return "unread"
	}
	return "no"
}
