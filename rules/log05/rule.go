// Package log05 wants what happens to sensitive objects to be logged.
package log05

import (
	"embed"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/detection"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is LOG-05.
var Rule = check.Rule{
	ID:    "LOG-05",
	Title: "Reading and writing of sensitive objects is logged",
	Why:   "A trail logs who changes a bucket, not who takes what is in it, unless it is told to. After a leak the question is which objects, and only data events answer it.",
	Fix: "Add data events of the bucket to the trail: aws cloudtrail put-event-selectors --trail-name NAME --advanced-event-selectors with eventCategory Data, " +
		"resources.type AWS::S3::Object and resources.ARN StartsWith arn:aws:s3:::BUCKET/, beside those of management events. They cost by the event, so name the buckets that matter.",
	Read: 4, Write: 3, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC04-BP01", "wa:SEC07-BP02", "ssb:WKLD.07", "cis-3.0:3.8", "cis-3.0:3.9", "cis-4.0.1:3.8", "cis-4.0.1:3.9", "cis-5.0:3.8", "cis-5.0:3.9"},
	Sources: []string{
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html",
	},
	Needs:    []string{"AWS::CloudTrail::Trail", "AWS::S3::Bucket"},
	Judge:    judge,
	Examples: examples,
}

// sensitive are the classes of data of which it is worth to know every reading.
var sensitive = []string{"confidential", "restricted"}

// One change of a trail's selectors adds all buckets that are missing, so they are one result.
func judge(c check.Case) []check.Result {
	trails := detection.Trails(c)
	_, others := detection.EnabledRegions(c)
	unseen := append(c.Unlisted("AWS::CloudTrail::Trail"), others...) // a trail of all Regions may be where nobody looked
	fail, open := check.Result{Target: c.Account(), Outcome: check.Fail}, check.Result{Evidence: unseen}
	var missing, unread []string
	logged := 0
	for _, b := range c.Snapshot.OfType("AWS::S3::Bucket") {
		class := c.Model.Class(b)
		if !slices.Contains(sensitive, class) {
			if class == "" && b.IsUnknown("Tags") {
				unread = append(unread, b.Name+" (whose tags were not read)")
			}
			continue
		}
		read, write := detection.Recorded(trails, b, true), detection.Recorded(trails, b, false)
		what := "reading and writing"
		if read != detection.No {
			what = "writing"
		} else if write != detection.No {
			what = "reading"
		}
		switch {
		case read == detection.Yes && write == detection.Yes:
			logged++
		case (read == detection.No || write == detection.No) && len(unseen) == 0:
			missing = append(missing, b.Name)
			says := "no trail logs the " + what + " of objects in bucket " + b.Name + ", which is " + class
			if _, st := b.Property("LoggingConfiguration"); st == snapshot.Known {
				says += "; S3 logs its requests, late and not all of them"
			}
			fail.Evidence = append(fail.Evidence, check.Evidence{Key: b.Key, Outcome: check.Fail, Says: says})
		default:
			unread = append(unread, b.Name)
		}
	}
	var out []check.Result
	if len(missing) > 0 {
		fail.Says = "no trail logs what happens to objects in " + check.Few(missing) + ", classed " + strings.Join(sensitive, " or ")
		if len(missing) == 1 {
			fail.Says = fail.Evidence[0].Says
		}
		out = append(out, fail)
	}
	if len(unread) > 0 {
		open.Says = "whether a trail has to log, and logs, what happens to objects in " + check.Few(unread) + " was not read"
		out = append(out, open)
	}
	switch blind := c.Blind("AWS::S3::Bucket"); {
	case blind != nil:
		out = append(out, blind...)
	case len(out) == 0 && logged > 0:
		out = append(out, check.Result{Outcome: check.Pass, Target: c.Account(), Says: "reading and writing of objects is logged in " + check.Count(logged, "sensitive bucket", "sensitive buckets")})
	case len(out) == 0:
		out = append(out, check.Result{Outcome: check.NotApplicable, Target: c.Account(), Says: "no bucket is classed confidential or restricted"})
	}
	return out
}
