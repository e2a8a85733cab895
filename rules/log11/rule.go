// Package log11 wants somebody to see who reads the trail's bucket.
package log11

import (
	"embed"
	"fmt"
	"slices"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/detection"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is LOG-11.
var Rule = check.Rule{
	ID:    "LOG-11",
	Title: "Access to the bucket of a trail is logged",
	Why: "Who looked at the record of everything, or tried to remove lines of it, is seen only where the bucket itself is logged: by " +
		"its access log or as data events.",
	Fix: "aws s3api put-bucket-logging --bucket BUCKET --bucket-logging-status 'LoggingEnabled={TargetBucket=OTHER,TargetPrefix=trail/}', where OTHER lets " +
		"logging.s3.amazonaws.com put objects in its policy. Data events of this bucket in a trail that writes to another one do as well.",
	Read: 3, Write: 2, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC04-BP01", "ssb:ACCT.07", "cis-3.0:3.4", "cis-4.0.1:3.4", "cis-5.0:3.4"},
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html",
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html",
	},
	Needs:    []string{"AWS::CloudTrail::Trail", "AWS::S3::Bucket"},
	Judge:    judge,
	Examples: examples,
}

// The bucket of an organisation's trail is in another account, and is that one's to log.
func judge(c check.Case) []check.Result {
	var out []check.Result
	asked := map[string]bool{}
	for _, t := range c.Snapshot.OfType("AWS::CloudTrail::Trail") {
		name, st := t.Property("S3BucketName")
		if st == snapshot.Unknown {
			out = append(out, check.Result{Target: t.Key, Says: "to which bucket " + t.Name + " writes was not read"})
		}
		if s, _ := name.(string); s != "" && !asked[s] {
			asked[s] = true
			out = append(out, bucket(c, t, s))
		}
	}
	if out = append(out, c.Blind("AWS::CloudTrail::Trail")...); len(out) == 0 {
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "there is no trail"}}
	}
	return out
}

func bucket(c check.Case, t *snapshot.Resource, name string) check.Result {
	i := slices.IndexFunc(c.Snapshot.OfType("AWS::S3::Bucket"), func(r *snapshot.Resource) bool { return r.Text("BucketName") == name || r.Name == name })
	if i < 0 {
		x := check.Result{Target: t.Key, Outcome: check.NotApplicable, Says: "the bucket " + name + " is in another account"}
		if unseen := c.Unlisted("AWS::S3::Bucket"); unseen != nil {
			x.Outcome, x.Says, x.Evidence = check.Unknown, "whether the bucket "+name+" is in this account was not read", unseen
		}
		return x
	}
	r := c.Snapshot.OfType("AWS::S3::Bucket")[i]
	to, st := r.Property("LoggingConfiguration.DestinationBucketName")
	x := check.Result{Target: r.Key, Outcome: check.Pass, Says: fmt.Sprintf("access to %s is logged to %v", name, to)}
	switch told := recorded(c, r); {
	case told == detection.Yes:
		x.Says = "access to " + name + " is recorded as data events"
	case st == snapshot.Unknown:
		x.Outcome, x.Says = check.Unknown, "whether access to "+name+" is logged was not read"
	case st == snapshot.Absent && told == detection.Unclear:
		x.Outcome, x.Says = check.Unknown, "whether a trail records access to "+name+" was not read"
	case st == snapshot.Absent:
		x.Outcome, x.Says = check.Fail, "access to "+name+" is not logged"
	case to == name:
		x.Outcome, x.Says = check.Fail, "access to "+name+" is logged to itself, where whoever gets in finds both"
	}
	return x
}

// recorded tells whether data events tell of reading and writing in the bucket, in another one.
func recorded(c check.Case, b *snapshot.Resource) detection.Truth {
	trails := slices.DeleteFunc(detection.Trails(c), func(t detection.Trail) bool { return t.Text("S3BucketName") == b.Name })
	return detection.Recorded(trails, b, true).And(detection.Recorded(trails, b, false))
}
