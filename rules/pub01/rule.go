// Package pub01 wants the account to block public access to its buckets.
package pub01

import (
	"embed"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is PUB-01.
var Rule = check.Rule{
	ID:    "PUB-01",
	Title: "The account blocks public access to its buckets",
	Why: "One bucket policy with a star in it is enough to give what is in a bucket to everybody. The block of the account stands above all " +
		"buckets, those that are made tomorrow too, whatever their policies and access control lists say.",
	Fix: "aws s3control put-public-access-block --account-id ACCOUNT --public-access-block-configuration " +
		"BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true. What a website serves comes from a bucket " +
		"behind CloudFront with origin access control.",
	Read: 5, Write: 4, Likelihood: 4,
	Tier: 1,
	Refs: []string{"wa:SEC03-BP07", "wa:SEC08-BP04", "ssb:ACCT.08", "cis-3.0:2.1.4", "cis-4.0.1:2.1.4", "cis-5.0:2.1.4"},
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetPublicAccessBlock.html",
	},
	Needs:    []string{"AWS::S3::AccountPublicAccessBlock", "AWS::S3::Bucket"},
	Judge:    judge,
	Examples: examples,
}

var switches = []string{"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"}

func judge(c check.Case) []check.Result {
	const typ = "AWS::S3::AccountPublicAccessBlock"
	out := check.Result{Target: c.Account()}
	blocks := c.Snapshot.OfType(typ)
	if len(blocks) == 0 {
		if blind := c.Blind(typ); blind != nil {
			return blind
		}
		out.Outcome, out.Says = check.Fail, "the account blocks no public access to buckets"
		out.Risk = without(c)
		return []check.Result{out}
	}
	off, unread := missing(blocks[0], "")
	switch {
	case len(off) > 0:
		out.Outcome, out.Says, out.Risk = check.Fail, "the account does not switch on "+strings.Join(off, ", "), without(c)
		if len(off) == len(switches) {
			out.Says = "none of the account's four blocks is on"
		}
	case len(unread) > 0:
		out.Says = "whether the account switches on " + strings.Join(unread, ", ") + " was not read"
	default:
		out.Outcome, out.Says = check.Pass, "the account blocks public access to every bucket"
	}
	if out.Outcome == check.Fail && out.Risk > 0 {
		out.Says += "; each bucket that is not meant for everybody does so itself"
	}
	return []check.Result{out}
}

// missing are the switches that are not on, or not read.
func missing(r *snapshot.Resource, prefix string) (off, unread []string) {
	for _, s := range switches {
		on, st := r.Flag(prefix + s)
		switch {
		case st == snapshot.Unknown:
			unread = append(unread, s)
		case !on:
			off = append(off, s)
		}
	}
	return off, unread
}

// without is what the lack weighs where every bucket blocks all of it by itself, or is meant for everybody: only those that come are open then. 0: not so.
func without(c check.Case) int {
	buckets := c.Snapshot.OfType("AWS::S3::Bucket")
	if len(buckets) == 0 || c.Blind("AWS::S3::Bucket") != nil {
		return 0
	}
	for _, b := range buckets {
		if off, unread := missing(b, "PublicAccessBlockConfiguration."); len(off)+len(unread) > 0 && fact.Declared(c, b.Key, access.Read) == "" {
			return 0
		}
	}
	return 8
}
