// Package det01 wants GuardDuty to look at every Region.
package det01

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/detection"
)

//go:embed examples
var examples embed.FS

// Rule is DET-01.
var Rule = check.Rule{
	ID:    "DET-01",
	Title: "GuardDuty is on in every enabled Region",
	Why: "GuardDuty sees what a log by itself does not say: that a key is used from two continents, that a machine mines coins. It sees only the Regions in which it is " +
		"on, and whoever abuses an account works in the one that nobody looks at.",
	Fix: "In each Region: aws guardduty create-detector --enable --region REGION. Of a suspended one: aws guardduty update-detector --detector-id ID --enable. " +
		"In a Region where nothing happens it costs next to nothing.",
	Read: 4, Write: 4, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC04-BP01", "wa:SEC04-BP03", "ssb:ACCT.11"},
	Sources: []string{
		"https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_settingup.html",
		"https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_suspend-disable.html",
	},
	Needs:    []string{detector},
	Judge:    judge,
	Examples: examples,
}

const detector = "AWS::GuardDuty::Detector"

// Switching it on is one act for all Regions, so it is one result; where all that is missing are Regions without anything in them it weighs less.
func judge(c check.Case) []check.Result {
	list, others := detection.Watches(c, detector, "there is no detector", detection.Detector)
	var off, unread, on, without []string
	used, suspended := 0, 0
	var shown, open []check.Evidence
	for _, w := range list {
		e := check.Evidence{Says: w.Region + ": " + w.Why}
		if w.Watcher != nil {
			e.Key = w.Watcher.Key
		}
		switch {
		case w.Absent:
			without = append(without, w.Region)
		case w.On == detection.Yes:
			on = append(on, w.Region)
		case w.On == detection.No:
			off = append(off, w.Region)
			if w.Watcher != nil {
				suspended++
			}
			if w.Used {
				used++
			}
			e.Outcome = check.Fail
			shown = append(shown, e)
		default:
			unread = append(unread, w.Region)
			open = append(open, e)
		}
	}
	for _, e := range others {
		unread = append(unread, "the Regions that were not looked at")
		open = append(open, e)
	}
	var out []check.Result
	if len(off) > 0 {
		r := check.Result{Target: c.Account(), Outcome: check.Fail, Says: "GuardDuty is off in " + check.Few(off), Evidence: shown}
		if used == 0 {
			r.Risk = 10
			r.Says += ", where nothing else is"
		}
		if suspended > 0 {
			r.Says += "; " + check.Count(suspended, "detector is", "detectors are") + " there and suspended"
		}
		out = append(out, r)
	}
	switch {
	case len(unread) > 0:
		out = append(out, check.Result{Says: "whether GuardDuty is on in " + check.Few(unread) + " was not read", Evidence: open})
	case len(list) == 0:
		out = append(out, check.Result{Target: c.Account(), Says: "which Regions are enabled was not read"})
	case len(off) > 0:
	case len(on) == 0:
		out = append(out, check.Result{Target: c.Account(), Outcome: check.NotApplicable, Says: "GuardDuty is not offered in any enabled Region"})
	default:
		r := check.Result{Target: c.Account(), Outcome: check.Pass, Says: "GuardDuty is on in " + check.Count(len(on), "enabled Region", "enabled Regions")}
		if len(without) > 0 {
			r.Says += "; it is not offered in " + check.Few(without)
		}
		out = append(out, r)
	}
	return out
}
