// Package root05 wants a person to hear when root is used.
package root05

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/detection"
)

//go:embed examples
var examples embed.FS

// Rule is ROOT-05.
var Rule = check.Rule{
	ID:    "ROOT-05",
	Title: "A person hears when root is used",
	Why: "Root is used once or twice a year, so that every other use is an intruder, and nothing stops it. Whoever hears of it within minutes can still " +
		"throw them out.",
	Fix: "In us-east-1 make an EventBridge rule on {\"detail\": {\"userIdentity\": {\"type\": [\"Root\"]}}} with an SNS topic as its target, let " +
		"events.amazonaws.com publish in the policy of the topic, subscribe by e-mail and confirm. Where root has access keys, make that rule in every " +
		"enabled Region, or forward to one. Or send the logs of the trail to CloudWatch, and set an alarm on a metric filter there.",
	Read: 4, Write: 4, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC04-BP01", "wa:SEC04-BP04", "ssb:ACCT.02", "ssb:ACCT.11", "cis-3.0:4.3", "cis-4.0.1:4.3", "cis-5.0:4.3"},
	Sources: []string{
		"https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html",
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html",
		"https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html",
		"https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-iam.html",
	},
	Needs:    append(detection.AlertTypes(), "AWS::IAM::AccountSummary"),
	Judge:    judge,
	Examples: examples,
}

// Root signs in before it does anything else, unless it has access keys: then its calls have to be heard of too, in the Region in which they are made.
// Its sign-in is told in one Region.
func judge(c check.Case) []check.Result {
	a := detection.NewAlerts(c)
	rows := []detection.Row{a.Hears("root-sign-in")}
	out := check.Result{Target: c.Account()}
	if keys := detection.RootKeys(c); keys != detection.No {
		calls := a.Hears("root-call")
		if keys == detection.Unclear && calls.Outcome != check.Pass {
			calls.Outcome = check.Unknown
			calls.Line = "whether root has access keys was not read, and " + calls.Line
		}
		rows = append(rows, calls)
	}
	out.Outcome = check.NotApplicable
	for i := range rows {
		out.Outcome = out.Outcome.And(rows[i].Outcome)
	}
	for i := range rows {
		if r := &rows[i]; r.Outcome == out.Outcome {
			if out.Says != "" {
				out.Says += "; "
			}
			out.Says += r.Line
			out.Evidence = append(out.Evidence, r.Evidence...)
		}
	}
	return []check.Result{out}
}
