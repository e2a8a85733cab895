// Package det07 wants Security Hub to be on by decision, and heeded.
package det07

import (
	"embed"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/detection"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is DET-07.
var Rule = check.Rule{
	ID:    "DET-07",
	Title: "Security Hub is left off on purpose, or is on and heeded",
	Why:   "Security Hub gathers what others find and checks several hundred settings. For one account it is a second opinion; switched on and never read it is only a bill.",
	Fix: "Where it is on: aws securityhub batch-enable-standards with the AWS Foundational Security Best Practices, and resolve or suppress what is critical. Where it is off, " +
		"say why with an attestation.",
	Read: 2, Write: 2, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC04-BP03", "cis-3.0:4.16", "cis-4.0.1:4.16", "cis-5.0:4.16"},
	Sources: []string{
		"https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-standards.html",
		"https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html",
	},
	Needs:    []string{hub, standard, "AWS::GuardDuty::Detector"},
	Judge:    judge,
	Days:     365,
	Examples: examples,
}

const (
	hub      = "AWS::SecurityHub::Hub"
	standard = "AWS::SecurityHub::Standard"
	critical = 9.0 // what a scan makes of the label CRITICAL
	within   = 30 * 24 * time.Hour
)

func judge(c check.Case) []check.Result {
	out := check.Result{Target: c.Account(), Outcome: check.Pass}
	hubs := c.Snapshot.OfType(hub)
	if len(hubs) == 0 {
		return []check.Result{off(c, out)}
	}
	var says []string
	add := func(o check.Outcome, line string) {
		if out.Outcome.And(o) != out.Outcome {
			says = nil
		}
		if out.Outcome = out.Outcome.And(o); out.Outcome == o {
			says = append(says, line)
		}
		out.Evidence = append(out.Evidence, check.Evidence{Outcome: o, Says: line})
	}
	var without []string
	for _, h := range hubs {
		on := false
		for _, s := range detection.InRegion(c, standard, h.Region) {
			on = on || strings.Contains(s.Text("StandardsArn"), "aws-foundational-security-best-practices")
		}
		switch {
		case on:
		case !c.Listed(standard, h.Region):
			add(check.Unknown, "which standards are on in "+h.Region+" was not read")
		default:
			without = append(without, h.Region)
		}
		if h.IsUnknown("Findings") {
			add(check.Unknown, "not all findings in "+h.Region+" were read")
		}
	}
	if len(without) > 0 {
		add(check.Fail, "Security Hub is on in "+check.Few(without)+" without the standard of best practices")
	}
	old := 0
	for _, o := range c.Snapshot.Observations {
		if o.Source == "securityhub" && o.Severity >= critical {
			if o.At.IsZero() {
				add(check.Unknown, "since when a critical finding is open was not told")
			} else if c.Snapshot.Taken.Sub(o.At) > within {
				old++
			}
		}
	}
	if old > 0 {
		add(check.Fail, check.Count(old, "critical finding of Security Hub is", "critical findings of Security Hub are")+" open for more than 30 days")
	}
	for _, e := range c.Unlisted(hub) {
		add(check.Unknown, e.Says)
	}
	out.Says = "Security Hub is on with the standard of best practices, and no critical finding is open for more than 30 days"
	if len(says) > 0 {
		out.Says = strings.Join(says, "; ")
	}
	return []check.Result{out}
}

// off judges an account without Security Hub: with GuardDuty and these checks it lacks little.
func off(c check.Case, out check.Result) check.Result {
	if unseen := c.Unlisted(hub); unseen != nil {
		return check.Result{Target: out.Target, Says: "whether Security Hub is on was not read: " + unseen[0].Says, Evidence: unseen}
	}
	for _, d := range c.Snapshot.OfType("AWS::GuardDuty::Detector") {
		if on, st := d.Flag("Enable"); st == snapshot.Known && on {
			out.Outcome, out.Says = check.NotApplicable, "Security Hub is off, which one account with GuardDuty and these checks may leave so"
			return out
		}
	}
	out.Outcome, out.Says = check.Manual, "neither Security Hub nor GuardDuty is on; that this is meant somebody has to say"
	return out
}
