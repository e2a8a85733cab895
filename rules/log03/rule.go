// Package log03 wants the bucket of a trail to be out of reach.
package log03

import (
	"embed"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/judge/detection"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is LOG-03.
var Rule = check.Rule{
	ID:    "LOG-03",
	Title: "The bucket of a trail is versioned, and nobody may empty it",
	Why: "The log is the witness. Who can delete versions of its files, shorten how long they are kept or change the policy of their bucket can make it silent. " +
		"That nobody from outside reads it is asked by PUB-02.",
	Fix: "Turn versioning on: aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled. In the bucket policy deny s3:DeleteObject, " +
		"s3:DeleteObjectVersion, s3:PutLifecycleConfiguration, s3:PutBucketVersioning and s3:PutBucketPolicy to everybody but one role; better, " +
		"keep the bucket in an account of its own, or with Object Lock and a default retention in compliance mode.",
	Read: 3, Write: 5, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC04-BP02", "wa:SEC08-BP04", "ssb:ACCT.07"},
	Sources: []string{
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",
	},
	Needs:    []string{"AWS::CloudTrail::Trail", bucketType, "AWS::IAM::User", "AWS::IAM::Role"},
	Judge:    judge,
	Examples: examples,
}

const bucketType = "AWS::S3::Bucket"

func judge(c check.Case) []check.Result {
	blind := c.Blind("AWS::CloudTrail::Trail")
	var out []check.Result
	trails, unsure := map[string][]string{}, map[string]bool{} // by bucket; whether it is there at all
	var buckets []string
	for _, t := range detection.Trails(c) {
		name := t.Text("S3BucketName")
		if name == "" {
			out = append(out, check.Result{Target: t.Key, Says: "the bucket of trail " + t.Name + " was not read"})
			continue
		}
		if t.IsUnknown("LatestDeliveryError") {
			unsure[name] = true
		}
		if trails[name] == nil {
			buckets = append(buckets, name)
		}
		trails[name] = append(trails[name], t.Name)
		if why := t.Text("LatestDeliveryError"); why == "NoSuchBucket" {
			out = append(out, check.Result{Target: t.Key, Outcome: check.Fail, Says: "bucket " + name + " of trail " + t.Name + " does not exist"})
			buckets = slices.DeleteFunc(buckets, func(s string) bool { return s == name })
		}
	}
	for _, name := range buckets {
		x := bucket(c, name, check.Few(trails[name]))
		if x.Outcome == check.NotApplicable && unsure[name] {
			x.Outcome, x.Says = check.Unknown, "whether bucket "+name+" of trail "+check.Few(trails[name])+" is there was not read"
		}
		out = append(out, x)
	}
	if out = append(out, blind...); len(out) == 0 {
		out = append(out, check.Result{Outcome: check.NotApplicable, Target: c.Account(), Says: "there is no trail"})
	}
	return out
}

// verdict is what was found of one bucket.
type verdict struct {
	check.Result
	says map[check.Outcome][]string
}

func (v *verdict) add(o check.Outcome, says string) {
	v.Outcome = v.Outcome.And(o)
	v.says[o] = append(v.says[o], says)
	v.Evidence = append(v.Evidence, check.Evidence{Key: v.Target, Outcome: o, Says: says})
}

func bucket(c check.Case, name, trail string) check.Result {
	r, ok := find(c, name)
	if !ok {
		if blind := c.Unlisted(bucketType); blind != nil {
			return check.Result{Says: "bucket " + name + " of trail " + trail + " was not read: " + blind[0].Says, Evidence: blind}
		}
		return check.Result{Outcome: check.NotApplicable, Target: c.Account(), Says: "bucket " + name + " of trail " + trail + " is in another account, which has to guard it"}
	}
	v := &verdict{check.Result{Target: r.Key, Outcome: check.Pass}, map[check.Outcome][]string{}}
	status, st := r.Property("VersioningConfiguration.Status")
	switch {
	case st == snapshot.Unknown:
		v.add(check.Unknown, "whether it is versioned was not read")
	case status != "Enabled":
		v.add(check.Fail, "it is not versioned")
	}
	v.emptied(c, r, status == "Enabled")
	v.Says = "bucket " + name + " of trail " + trail + " is versioned, and only administrators may empty it"
	if l := v.says[v.Outcome]; len(l) > 0 {
		v.Says = "bucket " + name + " of trail " + trail + ": " + strings.Join(l, "; ")
	}
	return v.Result
}

func find(c check.Case, name string) (*snapshot.Resource, bool) {
	for _, r := range c.Snapshot.OfType(bucketType) {
		if r.Name == name || r.Text("BucketName") == name {
			return r, true
		}
	}
	return nil, false
}

// Whoever may do one of these makes files of a versioned bucket go away, at once or after a while; without versions deleting is enough.
var ending = []string{"s3:DeleteObjectVersion", "s3:PutLifecycleConfiguration", "s3:PutBucketVersioning", "s3:PutBucketPolicy", "s3:DeleteObject"}

// emptied asks who may make files go away. Administrators of the account always can; they are counted elsewhere. With Object Lock and a retention nobody
// can; a lock without one locks nothing by itself.
func (v *verdict) emptied(c check.Case, r *snapshot.Resource, versioned bool) {
	lock := fact.Lock(r)
	if lock == fact.LockedForAll {
		return
	}
	admins := map[string]bool{}
	for _, a := range c.Access.Who(c.Access.Account, access.Admin) {
		admins[a.Principal] = a.Path.Outcome != iam.Unknown || a.Path.Seen
	}
	names := map[check.Outcome][]string{}
	for i, action := range ending {
		if versioned && i == len(ending)-1 {
			continue
		}
		for _, a := range c.Access.WhoAction(action, r.Key) {
			who, anybody := map[string]string{decide.Anonymous: "anybody", access.AnyAccount: "anybody with an AWS account"}[a.Principal], true
			if who == "" {
				who, anybody = fact.Name(c, snapshot.Key(a.Principal)), false
			}
			if admins[a.Principal] || a.Path.ViaAccount || a.Principal == string(rootOf(c)) || strings.HasSuffix(a.Principal, ".amazonaws.com") ||
				anybody && fact.Bound(r, &a.Path, nil) {
				continue
			}
			o := check.Fail
			if a.Path.Outcome == iam.Unknown || slices.ContainsFunc(a.Path.Conditions, func(x iam.Condition) bool { return x.Operator == "Unread" }) {
				o = check.Unknown
			}
			if !slices.ContainsFunc(names[o], func(s string) bool { return strings.HasPrefix(s, who+" (") }) {
				names[o] = append(names[o], who+" ("+action+")")
			}
		}
	}
	switch l := names[check.Fail]; {
	case len(l) > 0 && lock == fact.LockUnread:
		v.add(check.Unknown, check.Few(l)+" may empty it, unless its lock keeps files: that was not read")
	case len(l) > 0:
		v.add(check.Fail, check.Few(l)+" may empty it")
	}
	if l := names[check.Unknown]; len(l) > 0 {
		v.add(check.Unknown, "whether "+check.Few(l)+" may empty it was not read in full")
	}
	for _, e := range c.Unlisted("AWS::IAM::User", "AWS::IAM::Role") {
		v.add(check.Unknown, e.Says)
	}
}

func rootOf(c check.Case) snapshot.Key {
	p := c.Snapshot.Partition
	if p == "" {
		p = "aws"
	}
	return snapshot.Key("arn:" + p + ":iam::" + c.Snapshot.Account + ":root")
}
