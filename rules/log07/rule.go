// Package log07 wants a person to hear of changes that an intruder makes first.
package log07

import (
	"embed"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is LOG-07.
var Rule = check.Rule{
	ID:    "LOG-07",
	Title: "A person hears of changes that an intruder would make",
	Why: "An intruder gives himself permissions, switches off what records him, and opens what was shut. Each of these is one call, rare in daily work, and in " +
		"the log within minutes; without an alarm it is found months later.",
	Fix: "Make EventBridge rules on these calls in every enabled Region with an SNS topic as their target, or metric filters with alarms on the log group of a " +
		"trail of all Regions, and confirm a subscription to the topic. What a pipeline does every day can be left out of the pattern by its role.",
	Read: 3, Write: 4, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC04-BP04", "ssb:ACCT.11", "cis-3.0:4.2", "cis-3.0:4.4", "cis-3.0:4.5", "cis-3.0:4.7", "cis-3.0:4.8", "cis-3.0:4.9", "cis-3.0:4.10",
		"cis-4.0.1:4.2", "cis-4.0.1:4.4", "cis-4.0.1:4.5", "cis-4.0.1:4.7", "cis-4.0.1:4.8", "cis-4.0.1:4.9", "cis-4.0.1:4.10",
		"cis-5.0:4.2", "cis-5.0:4.4", "cis-5.0:4.5", "cis-5.0:4.7", "cis-5.0:4.8", "cis-5.0:4.9", "cis-5.0:4.10"},
	Sources: []string{
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudwatch-alarms-for-cloudtrail.html",
		"https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html",
		"https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-iam.html",
	},
	Needs:    append(fact.AlertTypes(), recorder, key),
	Judge:    judge,
	Examples: examples,
}

const (
	recorder = "AWS::Config::ConfigurationRecorder"
	key      = "AWS::KMS::Key"
)

// kinds are the rows, in the order in which an intruder would come to them. What is about a type that the account has none of is left out.
var kinds = []struct{ name, about string }{
	{"iam", ""}, {"trail", ""}, {"config", recorder}, {"sign-in-without-mfa", ""}, {"bucket-policy", ""}, {"security-group", ""}, {"kms", key},
}

func judge(c check.Case) []check.Result {
	a := fact.NewAlerts(c)
	out := check.Result{Target: c.Account(), Outcome: check.NotApplicable}
	by := map[check.Outcome][]fact.Row{}
	for _, k := range kinds {
		if k.about != "" && absent(c, k.about) {
			out.Evidence = append(out.Evidence, check.Evidence{Outcome: check.NotApplicable, Says: k.name + ": there is none of " + k.about})
			continue
		}
		r := a.Hears(k.name)
		out.Outcome = out.Outcome.And(r.Outcome)
		by[r.Outcome] = append(by[r.Outcome], r)
		out.Evidence = append(out.Evidence, check.Evidence{Outcome: r.Outcome, Says: r.Line})
	}
	rows := by[out.Outcome]
	var names []string
	alike := true // one reason for all of them
	for i := range rows {
		names = append(names, rows[i].Says)
		alike = alike && reason(rows[i].Line) == reason(rows[0].Line)
	}
	why := ""
	if alike && len(rows) > 0 {
		why = ": " + reason(rows[0].Line)
	}
	switch out.Outcome {
	case check.Fail:
		out.Says = "nobody hears of changes of " + fact.Named(names) + why
	case check.Unknown:
		out.Says = "whether somebody hears of changes of " + fact.Named(names) + " is not known" + why
	case check.Manual:
		out.Says = "changes of " + fact.Named(names) + " are told to what is no person; whether a person hears of it somebody has to say"
	default:
		out.Says = "somebody hears of changes of " + fact.Named(names)
	}
	return []check.Result{out}
}

func reason(line string) string {
	_, why, _ := strings.Cut(line, ": ")
	return why
}

// absent tells that there is none of a type, of keys none that people made.
func absent(c check.Case, typ string) bool {
	if c.Blind(typ) != nil {
		return false
	}
	for _, r := range c.Snapshot.OfType(typ) {
		if _, st := r.Property("KeyManager"); typ != key || st != snapshot.Known || r.Text("KeyManager") == "CUSTOMER" {
			return false
		}
	}
	return true
}
