package fact

import (
	"cmp"
	"slices"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Restricted tells whether S3 takes away what a public policy gives: the switch RestrictPublicBuckets of the bucket or access point itself, or of the
// account. It is Unknown where one is not on and the other was not read.
// "Blocking public access to your Amazon S3 storage", https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func Restricted(c check.Case, r *snapshot.Resource) snapshot.State {
	on, st := r.Flag("PublicAccessBlockConfiguration.RestrictPublicBuckets")
	if on {
		return snapshot.Known
	}
	unread := st == snapshot.Unknown
	blocks := c.Snapshot.OfType("AWS::S3::AccountPublicAccessBlock")
	for _, b := range blocks {
		on, st := b.Flag("RestrictPublicBuckets")
		if on {
			return snapshot.Known
		}
		unread = unread || st == snapshot.Unknown
	}
	if unread || len(blocks) == 0 && c.Blind("AWS::S3::AccountPublicAccessBlock") != nil {
		return snapshot.Unknown
	}
	return snapshot.Absent
}

// Refuses tells whether the policy of a bucket, or what stands above the account, explicitly denies a request to everybody who is allowed everything:
// actions on it or on its objects, with that context, whatever else a request carries. A role of the account asks, and one of another.
func Refuses(c check.Case, b *snapshot.Resource, context map[string][]string, actions ...string) snapshot.State {
	partition := cmp.Or(c.Snapshot.Partition, "aws")
	for _, account := range []string{c.Snapshot.Account, "000000000000"} {
		for _, action := range actions {
			q := decide.Query{Principal: "arn:" + partition + ":iam::" + account + ":role/any", Action: action, On: b.Key, Context: context}
			if access.ObjectAction(action) {
				q.Resource = string(b.Key) + "/any"
			}
			d := c.Access.Decide(q)
			switch {
			case d.Outcome == iam.Deny && d.Explicit:
			case d.Outcome == iam.Unknown || slices.ContainsFunc(d.Residual, func(c iam.Condition) bool { return c.Operator == "Unread" }):
				return snapshot.Unknown
			default:
				return snapshot.Absent
			}
		}
	}
	return snapshot.Known
}

// Locking is what Object Lock does for the objects that come into a bucket.
type Locking uint8

const (
	LockUnread   Locking = iota // whether there is one, or for how long it keeps what, was not read
	NoLock                      // none, or one that keeps nothing by itself
	LockedButOne                // governance mode: who may bypass it deletes versions all the same
	LockedForAll                // compliance mode: nobody does, root included
)

// Lock tells what Object Lock does. Only a bucket that keeps versions can have one, and without a default retention each writer says for each object
// whether it is kept.
// "Locking objects with Object Lock", https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
func Lock(b *snapshot.Resource) Locking {
	if status, st := b.Property("VersioningConfiguration.Status"); st != snapshot.Unknown && status != "Enabled" {
		return NoLock
	}
	switch b.Text("ObjectLockConfiguration.Rule.DefaultRetention.Mode") {
	case "COMPLIANCE":
		return LockedForAll
	case "GOVERNANCE":
		return LockedButOne
	}
	if b.IsUnknown("ObjectLockEnabled") || b.IsUnknown("ObjectLockConfiguration") {
		return LockUnread
	}
	return NoLock
}
