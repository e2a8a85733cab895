// Package dat21 advises MFA delete or a lock for what must never be lost.
package dat21

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is DAT-21.
var Rule = check.Rule{
	ID:    "DAT-21",
	Title: "Buckets of the highest class cannot be emptied with one stolen key",
	Why: "Versions keep what is overwritten, until somebody who may deletes the versions too. MFA delete asks root's device for that; " +
		"an object lock with a retention in compliance mode refuses it until its day. A lock without a default retention keeps nothing by itself. " +
		"A scan asks for locks of trail buckets alone.",
	Fix: "aws s3api put-object-lock-configuration --bucket NAME --object-lock-configuration " +
		"'ObjectLockEnabled=Enabled,Rule={DefaultRetention={Mode=COMPLIANCE,Days=30}}', after which nobody, you neither, deletes what comes in for " +
		"so long, and versioning stays. MFA delete only root can set, by API: aws s3api put-bucket-versioning --bucket NAME " +
		"--versioning-configuration Status=Enabled,MFADelete=Enabled --mfa \"SERIAL CODE\"; a bucket with lifecycle rules cannot have it.",
	Read: 1, Write: 5, Likelihood: 2,
	Tier: 2,
	Refs: []string{"wa:SEC08-BP04", "cis-3.0:2.1.2", "cis-4.0.1:2.1.2", "cis-5.0:2.1.2"},
	With: []string{"DAT-07"},
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html",
	},
	Needs:    []string{"AWS::S3::Bucket"},
	Judge:    judge,
	Days:     365,
	Examples: examples,
}

// Asked of buckets that people put into the highest class: for all others a backup is the better answer, and MFA delete is in its way.
func judge(c check.Case) []check.Result {
	var out []check.Result
	var kept []string
	for _, r := range c.Snapshot.OfType("AWS::S3::Bucket") {
		restricted := c.Model.Class(r) == "restricted"
		if !restricted && fact.Sensitive(c, r) != snapshot.Unknown {
			continue
		}
		lock := fact.Lock(r)
		mfa, mst := r.Property("VersioningConfiguration.MFADelete")
		on, st := r.Property("VersioningConfiguration.Status")
		x := check.Result{Target: r.Key}
		switch {
		case lock == fact.LockedForAll || mfa == "Enabled" && on == "Enabled":
			kept = append(kept, r.Name) // of what class it may be
			continue
		case !restricted:
			x.Says = "whether " + r.Name + " is restricted was not read; its versions can be deleted at will, or may be"
		case mst == snapshot.Unknown || st == snapshot.Unknown:
			x.Says = "whether versions of " + r.Name + " can be deleted at will was not read"
		case lock == fact.LockUnread:
			x.Outcome, x.Says = check.Manual, r.Name+" asks for no MFA device; whether a lock in compliance mode keeps its objects is not asked: somebody has to say"
		case on != "Enabled":
			x.Outcome, x.Says = check.Fail, r.Name+" keeps no versions"
		case lock == fact.LockedButOne:
			x.Outcome, x.Says = check.Fail, "the lock of "+r.Name+" is in governance mode: whoever may bypass it deletes versions"
		default:
			x.Outcome, x.Says = check.Fail, "whoever may delete versions of "+r.Name+" needs no MFA device for it"
		}
		out = append(out, x)
	}
	if out = append(out, c.Blind("AWS::S3::Bucket")...); len(out) > 0 {
		return out
	}
	if len(kept) == 0 {
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "no bucket is stated to be restricted"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "versions cannot be deleted at will in " + check.Few(kept)}}
}
