// Package log04 wants logs to be kept for a year.
package log04

import (
	"embed"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/detection"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is LOG-04.
var Rule = check.Rule{
	ID:    "LOG-04",
	Title: "Logs of the trail are kept for a year",
	Why:   "Many intrusions are found months after they began. What was deleted by then cannot be asked.",
	Fix: "Look at the lifecycle rules of the trail's bucket (aws s3api get-bucket-lifecycle-configuration --bucket BUCKET), and let none expire its files before 365 days. " +
		"Moving them to a colder storage class after 90 days costs less.",
	Read: 2, Write: 3, Likelihood: 2,
	Tier: 2,
	Refs: []string{"wa:SEC04-BP01", "ssb:ACCT.07"},
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html",
		"https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
	},
	Needs:    []string{"AWS::CloudTrail::Trail", "AWS::Logs::LogGroup"},
	Judge:    judge,
	Days:     365,
	Examples: examples,
}

const year = 365

// A scan does not ask for the lifecycle of buckets, which would be a call a bucket. The log group of a trail tells by itself; where that keeps less, or
// there is none, somebody has to look. Files may tell the lifecycle.
func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::CloudTrail::Trail"); blind != nil {
		return blind
	}
	trails := detection.Trails(c)
	if len(trails) == 0 {
		return []check.Result{{Outcome: check.NotApplicable, Target: c.Account(), Says: "there is no trail"}}
	}
	var out []check.Result
	for i := range trails {
		out = append(out, kept(c, &trails[i]))
	}
	return out
}

func kept(c check.Case, t *detection.Trail) check.Result {
	out := check.Result{Target: t.Key}
	if t.IsUnknown("CloudWatchLogsLogGroupArn") || t.IsUnknown("S3BucketName") {
		out.Says = "where trail " + t.Name + " keeps its logs was not read"
		return out
	}
	name := t.Text("S3BucketName")
	writes := t.Text("LatestCloudWatchLogsDeliveryError") == "" && !t.IsUnknown("LatestCloudWatchLogsDeliveryError")
	if g, ok := c.Snapshot.Get(group(t.Text("CloudWatchLogsLogGroupArn"))); ok && writes {
		switch days, st := g.Number("RetentionInDays"); {
		case st == snapshot.Absent:
			out.Outcome, out.Says = check.Pass, "log group "+g.Name+" of trail "+t.Name+" keeps everything for ever, which costs more each month"
			return out
		case st == snapshot.Known && days >= year:
			out.Outcome, out.Says = check.Pass, "log group "+g.Name+" of trail "+t.Name+" keeps logs for "+check.Count(int(days), "day", "days")
			return out
		}
	}
	out.Outcome, out.Says = check.Manual, "how long bucket "+name+" keeps the logs of trail "+t.Name+" is not asked: somebody has to look at its lifecycle rules"
	for _, b := range c.Snapshot.OfType("AWS::S3::Bucket") {
		if b.Name != name && b.Text("BucketName") != name {
			continue
		}
		rules, st := b.Maps("LifecycleConfiguration.Rules")
		if st != snapshot.Known {
			continue
		}
		out.Outcome, out.Says = check.Pass, "no lifecycle rule of bucket "+name+" ends the logs of trail "+t.Name+" within a year"
		for _, r := range rules {
			r := &snapshot.Resource{Properties: r}
			if days, st := r.Number("ExpirationInDays"); st == snapshot.Known && days < year && r.Text("Status") != "Disabled" && ofLogs(t, r) {
				if t.IsUnknown("S3KeyPrefix") && r.Text("Prefix") != "" {
					out.Outcome, out.Says = check.Unknown, "where in bucket "+name+" trail "+t.Name+" writes was not read, nor so whether a lifecycle rule ends its logs"
					continue
				}
				out.Outcome, out.Says = check.Fail, "bucket "+name+" deletes the logs of trail "+t.Name+" after "+check.Count(int(days), "day", "days")
				break
			}
		}
	}
	return out
}

// ofLogs tells whether a lifecycle rule is about the files of a trail, and not about others beside them: files of trails have no tags.
func ofLogs(t *detection.Trail, rule *snapshot.Resource) bool {
	logs := "AWSLogs/"
	if p := t.Text("S3KeyPrefix"); p != "" {
		logs = p + "/" + logs
	}
	tags, _ := rule.Maps("TagFilters")
	prefix := rule.Text("Prefix")
	return len(tags) == 0 && (t.IsUnknown("S3KeyPrefix") || strings.HasPrefix(logs, prefix) || strings.HasPrefix(prefix, logs))
}

// group is the key of a log group; a trail names everything below it.
func group(arn string) snapshot.Key {
	const below = ":*"
	if len(arn) > len(below) && arn[len(arn)-len(below):] == below {
		arn = arn[:len(arn)-len(below)]
	}
	return snapshot.Key(arn)
}
