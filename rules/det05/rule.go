// Package det05 wants AWS Config to record every Region.
package det05

import (
	"embed"
	"slices"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/detection"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is DET-05.
var Rule = check.Rule{
	ID:    "DET-05",
	Title: "AWS Config records every enabled Region, and IAM in one of them",
	Why:   "The trail says that something was called, Config what was there before and after. Without its record nobody can tell what an intruder changed, or put it back.",
	Fix: "In each Region turn the recorder on for all types (AWS Config, Settings), with a delivery channel to one bucket; include global resource types in one Region alone. " +
		"Daily recording costs less than continuous where things change often.",
	Read: 2, Write: 3, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC04-BP01", "wa:SEC01-BP03", "cis-3.0:3.3", "cis-4.0.1:3.3", "cis-5.0:3.3"},
	Sources: []string{
		"https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html",
		"https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html",
		"https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingGroup.html",
	},
	Needs:    []string{recorder, channel},
	Judge:    judge,
	Examples: examples,
}

const (
	recorder = "AWS::Config::ConfigurationRecorder"
	channel  = "AWS::Config::DeliveryChannel"
)

// Recorders that a service of AWS keeps for itself are not among those that a scan reads.
func judge(c check.Case) []check.Result {
	list, others := detection.Watches(c, recorder, "there is no recorder", func(r *snapshot.Resource) (detection.Truth, string) { return records(c, r) })
	var off, unread, fine, why []string
	var shown []check.Evidence
	for _, w := range list {
		switch {
		case w.Absent:
		case w.On == detection.Yes:
			fine = append(fine, w.Region)
		case w.On == detection.No:
			off = append(off, w.Region)
			if !slices.Contains(why, w.Why) {
				why = append(why, w.Why)
			}
			e := check.Evidence{Outcome: check.Fail, Says: w.Region + ": " + w.Why}
			if w.Watcher != nil {
				e.Key = w.Watcher.Key
			}
			shown = append(shown, e)
		default:
			unread = append(unread, w.Region)
			shown = append(shown, check.Evidence{Says: w.Region + ": " + w.Why})
		}
	}
	for _, e := range others {
		unread = append(unread, "other Regions ("+e.Says+")")
	}
	global, st := 0, snapshot.Known
	for _, r := range c.Snapshot.OfType(recorder) {
		is := people(r)
		if is == detection.Yes {
			global++
		} else if is == detection.Unclear {
			st = snapshot.Unknown
		}
	}
	out := check.Result{Target: c.Account(), Evidence: shown}
	switch {
	case len(off) > 0:
		out.Outcome, out.Says = check.Fail, "AWS Config does not record everything in "+check.Few(off)+": "+check.Few(why)
		if len(fine) == 0 && len(unread) == 0 && len(c.Snapshot.OfType(recorder)) == 0 {
			out.Says = "AWS Config records nothing in any Region"
		}
	case len(unread) > 0:
		out.Says = "what AWS Config records was not read in " + check.Few(unread)
	case len(list) == 0:
		out.Says = "which Regions are enabled was not read"
	case global == 0 && st == snapshot.Unknown:
		out.Says = "whether AWS Config records IAM anywhere was not read"
	case global == 0:
		out.Outcome, out.Says = check.Fail, "AWS Config records IAM in no Region"
	default:
		out.Outcome, out.Says = check.Pass, "AWS Config records "+check.Count(len(fine), "enabled Region", "enabled Regions")
		if global > 1 {
			out.Says += "; IAM is recorded in " + check.Count(global, "Region", "Regions") + ", and paid for in each"
		}
	}
	return []check.Result{out}
}

// records tells whether a recorder runs, for all types but those that somebody took out by name, and has somewhere to write to.
func records(c check.Case, r *snapshot.Resource) (detection.Truth, string) {
	on, st := r.Flag("Recording")
	all, ast := r.Flag("RecordingGroup.AllSupported")
	switch why := r.Text("LastErrorCode"); {
	case st == snapshot.Known && !on:
		return detection.No, "recorder " + r.Name + " is stopped"
	case why != "":
		return detection.No, "recorder " + r.Name + " fails: " + why
	case ast != snapshot.Unknown && !all && r.Text("RecordingGroup.RecordingStrategy.UseOnly") != "EXCLUSION_BY_RESOURCE_TYPES":
		types, _ := r.Strings("RecordingGroup.ResourceTypes")
		return detection.No, "recorder " + r.Name + " records " + check.Count(len(types), "type alone", "types alone")
	case len(detection.InRegion(c, channel, r.Region)) == 0 && c.Listed(channel, r.Region):
		return detection.No, "there is no delivery channel"
	case len(detection.InRegion(c, channel, r.Region)) == 0:
		return detection.Unclear, c.UnlistedIn(r.Region, channel)[0].Says
	case st != snapshot.Known || ast == snapshot.Unknown || r.IsUnknown("LastErrorCode"):
		return detection.Unclear, "whether recorder " + r.Name + " records everything was not read"
	}
	return detection.Yes, ""
}

// people tells whether a recorder records users, roles and their like: it says so, or leaves out by name and does not name them.
func people(r *snapshot.Resource) detection.Truth {
	if r.IsUnknown("RecordingGroup") || r.IsUnknown("Recording") {
		return detection.Unclear
	}
	if on, _ := r.Flag("Recording"); !on {
		return detection.No
	}
	global, _ := r.Flag("RecordingGroup.IncludeGlobalResourceTypes")
	if r.Text("RecordingGroup.RecordingStrategy.UseOnly") == "EXCLUSION_BY_RESOURCE_TYPES" {
		global = true
		left, _ := r.Strings("RecordingGroup.ExclusionByResourceTypes.ResourceTypes")
		for _, t := range left {
			global = global && t != "AWS::IAM::Role" && t != "AWS::IAM::User" && t != "AWS::IAM::Policy" && t != "AWS::IAM::Group"
		}
	}
	if global {
		return detection.Yes
	}
	return detection.No
}
