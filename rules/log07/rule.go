// Package log07 wants a person to hear of changes that an intruder makes first.
package log07

import (
	"embed"
	"slices"
	"strconv"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/detection"
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
	Needs:    append(detection.AlertTypes(), recorder, key),
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
	a := detection.NewAlerts(c)
	out := check.Result{Target: c.Account(), Outcome: check.NotApplicable}
	by := map[check.Outcome][]detection.Row{}
	asked := 0
	for _, k := range kinds {
		there := detection.Yes
		if k.about != "" {
			there = has(c, k.about)
		}
		if there == detection.No {
			out.Evidence = append(out.Evidence, check.Evidence{Outcome: check.NotApplicable, Says: k.name + ": there is none of " + k.about})
			continue
		}
		asked++
		r := a.Hears(k.name)
		if there == detection.Unclear && r.Outcome == check.Fail {
			r.Outcome, r.Line = check.Unknown, r.Line+"; whether there is any of "+k.about+" was not read"
		}
		out.Outcome = out.Outcome.And(r.Outcome)
		by[r.Outcome] = append(by[r.Outcome], r)
		out.Evidence = append(out.Evidence, check.Evidence{Outcome: r.Outcome, Says: r.Line})
	}
	what, why := told(by[out.Outcome], asked)
	each := strings.Replace(what, "any of", "each of", 1)
	switch out.Outcome {
	case check.Fail:
		out.Says = "nobody hears of " + what + why
	case check.Unknown:
		out.Says = "whether somebody hears of " + what + " is not known" + why
	case check.Manual:
		out.Says = "only functions, queues or other accounts hear of " + each + "; whether a person does somebody has to say"
	default:
		out.Says = "a person hears of " + each
	}
	return []check.Result{out}
}

// told names the rows that decide, counts them where all do, and gives the reason where it is one.
func told(rows []detection.Row, asked int) (what, why string) {
	var names, in, reasons []string
	add := func(l *[]string, s string) {
		if !slices.Contains(*l, s) {
			*l = append(*l, s)
		}
	}
	for i := range rows {
		names = append(names, rows[i].Says+rows[i].In)
		_, reason, _ := strings.Cut(rows[i].Line, ": ")
		if add(&reasons, reason); rows[i].In != "" {
			add(&in, rows[i].In)
		}
	}
	what = check.Few(names)
	if len(rows) == asked && asked > 2 {
		if what = "any of " + strconv.Itoa(asked) + " kinds of change"; len(in) == 1 {
			what += in[0]
		}
	}
	if len(reasons) == 1 {
		why = ": " + reasons[0]
	}
	return what, why
}

// has tells whether there is any of a type, of keys any that people made.
func has(c check.Case, typ string) detection.Truth {
	out := detection.No
	if c.Unlisted(typ) != nil {
		out = detection.Unclear
	}
	for _, r := range c.Snapshot.OfType(typ) {
		switch {
		case typ == key && r.IsUnknown("KeyManager"):
			out = detection.Unclear
		case typ != key || r.Text("KeyManager") != "AWS":
			return detection.Yes
		}
	}
	return out
}
