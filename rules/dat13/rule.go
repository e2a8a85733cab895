// Package dat13 wants buckets to take nothing under a key that AWS does not have.
package dat13

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is DAT-13.
var Rule = check.Rule{
	ID:    "DAT-13",
	Title: "Buckets take no objects under keys of the caller (SSE-C)",
	Why: "Whoever may read and write a bucket can write every object again under a key of his own, which S3 uses and forgets. Then only he can " +
		"read them, and asks for money. Since April 2026 new buckets refuse that, and so do all older ones of accounts that had no such " +
		"object; in other accounts the buckets stayed as they were.",
	Fix: "aws s3api put-bucket-encryption, with BlockedEncryptionTypes {EncryptionType: [SSE-C]} beside the default encryption that is there; or deny " +
		"s3:PutObject in the bucket policy where s3:x-amz-server-side-encryption-customer-algorithm is present (Null: false).",
	Read: 1, Write: 4, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC08-BP02", "wa:SEC08-BP04"},
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-s3-c-encryption-setting-faq.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/API/API_BlockedEncryptionTypes.html",
	},
	Needs:    []string{"AWS::S3::Bucket"},
	Judge:    judge,
	Examples: examples,
}

// judge gives one verdict on all buckets that take such objects: mostly it is all of an account, or none.
func judge(c check.Case) []check.Result {
	out := c.Blind("AWS::S3::Bucket")
	sse := map[string][]string{"s3:x-amz-server-side-encryption-customer-algorithm": {"AES256"}, "aws:SecureTransport": {"true"}}
	v := check.Result{Target: c.Account()}
	var open, unread []string
	keys := map[snapshot.Key]bool{}
	buckets := c.Snapshot.OfType("AWS::S3::Bucket")
	for _, b := range buckets {
		blocked := blocks(b)
		if blocked == snapshot.Known {
			continue
		}
		refused := fact.Refuses(c, b, sse, "s3:PutObject")
		e := check.Evidence{Key: b.Key}
		switch {
		case refused == snapshot.Known:
			continue
		case refused == snapshot.Unknown || blocked == snapshot.Unknown:
			unread = append(unread, fact.Name(c, b.Key))
			e.Says = "whether it refuses them was not read"
		default:
			open = append(open, fact.Name(c, b.Key))
			e.Outcome, e.Says = check.Fail, "it takes objects under keys of the caller"
			keys[b.Key] = true
		}
		v.Evidence = append(v.Evidence, e)
	}
	switch {
	case len(open) > 0:
		v.Risk = fact.Weighs(c, keys, access.Write, 2)
		v.Outcome, v.Says = check.Fail, fmt.Sprintf("objects under keys of the caller are taken by %d of %s: %s", len(open), check.Count(len(buckets), "bucket", "buckets"), check.Few(open))
	case len(unread) > 0:
		v.Says = "whether these buckets refuse objects under keys of the caller was not read: " + check.Few(unread)
	case len(out) > 0:
		return out
	case len(buckets) == 0:
		v.Outcome, v.Says = check.NotApplicable, "there are no buckets"
	default:
		v.Outcome, v.Says = check.Pass, "no bucket takes objects under keys of the caller, of "+check.Count(len(buckets), "bucket", "buckets")
	}
	return append(out, v)
}

// blocks tells whether the default encryption of a bucket blocks SSE-C. S3 tells it of every bucket; where it is not there, nobody asked.
func blocks(b *snapshot.Resource) snapshot.State {
	rules, st := b.Maps("BucketEncryption.ServerSideEncryptionConfiguration")
	if st == snapshot.Unknown || len(rules) == 0 {
		return snapshot.Unknown
	}
	for _, r := range rules {
		m, _ := r["BlockedEncryptionTypes"].(map[string]any)
		list, _ := m["EncryptionType"].([]any)
		if slices.ContainsFunc(list, func(x any) bool { s, _ := x.(string); return strings.EqualFold(s, "SSE-C") }) {
			return snapshot.Known
		}
	}
	return snapshot.Absent
}
