// Package det04 wants grave findings of GuardDuty to be dealt with.
package det04

import (
	"embed"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/detection"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is DET-04.
var Rule = check.Rule{
	ID:    "DET-04",
	Title: "No grave finding of GuardDuty is open for more than three days",
	Why:   "A finding of severity 7 or more says that something is probably being abused now. Left open it is an incident that nobody handles, or noise in which the next one drowns.",
	Fix: "Look at what it is about. Take the access away, replace the keys, keep a copy of the machine; then archive the finding. What is known to be harmless gets a suppression " +
		"rule with its reason.",
	Read: 5, Write: 5, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC04-BP04", "wa:SEC10-BP04", "ssb:ACCT.11"},
	Sources: []string{
		"https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html",
		"https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_remediate.html",
	},
	Needs:    []string{"AWS::GuardDuty::Detector"},
	Judge:    judge,
	Examples: examples,
}

const (
	grave  = 7.0 // "High" begins here
	within = 72 * time.Hour
)

func judge(c check.Case) []check.Result {
	blind := c.Blind("AWS::GuardDuty::Detector")
	out := check.Result{Target: c.Account(), Outcome: check.Pass}
	var old, undated []snapshot.Observation
	fresh := 0
	for _, o := range c.Snapshot.Observations {
		switch {
		case o.Source != "guardduty" || o.Severity < grave:
		case o.At.IsZero():
			undated = append(undated, o)
		case c.Snapshot.Taken.Sub(o.At) > within:
			old = append(old, o)
		default:
			fresh++
		}
	}
	slices.SortStableFunc(old, func(a, b snapshot.Observation) int { return a.At.Compare(b.At) })
	for _, o := range append(slices.Clone(old), undated...) {
		e := check.Evidence{Key: o.About, Outcome: check.Fail, Says: kind(o) + ", " + o.At.Format(time.DateOnly) + ": " + o.Says}
		if o.At.IsZero() {
			e.Outcome, e.Says = check.Unknown, kind(o)+", of a day that was not told: "+o.Says
		}
		out.Evidence = append(out.Evidence, e)
	}
	var unread []string
	list := c.Snapshot.OfType("AWS::GuardDuty::Detector")
	for _, d := range list {
		if d.IsUnknown("Findings") {
			unread = append(unread, d.Region)
		}
	}
	_, others := detection.EnabledRegions(c)
	switch {
	case len(old) > 0:
		out.Outcome = check.Fail
		out.Says = check.Count(len(old), "grave finding of GuardDuty is", "grave findings of GuardDuty are") + " open, the oldest for " + check.Count(fact.Days(c, old[0].At), "day", "days") +
			": " + kind(old[0]) + " about " + fact.Name(c, old[0].About)
	case len(undated) > 0:
		out.Outcome, out.Says = check.Unknown, check.Count(len(undated), "grave finding of GuardDuty is", "grave findings of GuardDuty are")+" open, and since when was not told"
	case blind != nil:
		return blind
	case len(unread) > 0:
		out.Outcome, out.Says = check.Unknown, "not all findings in "+check.Few(unread)+" were read"
	case len(others) > 0:
		out.Outcome, out.Says = check.Unknown, "findings in other Regions: "+others[0].Says
	case len(list) == 0:
		out.Outcome, out.Says = check.NotApplicable, "there is no GuardDuty that could find anything, see DET-01"
	default:
		out.Says = "no grave finding of GuardDuty is open for more than three days"
		if fresh > 0 {
			out.Says += "; " + check.Count(fresh, "newer one is", "newer ones are")
		}
	}
	return []check.Result{out}
}

func kind(o snapshot.Observation) string { return strings.TrimPrefix(o.Kind, "guardduty:") }
