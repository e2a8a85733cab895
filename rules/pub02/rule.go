// Package pub02 wants no bucket to be open to everybody.
package pub02

import (
	"embed"
	"fmt"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

var weight = fact.Weight{Read: 5, Write: 5, Likelihood: 4}

// Rule is PUB-02.
var Rule = check.Rule{
	ID:    "PUB-02",
	Title: "No bucket is open to everybody, unless it is meant to be",
	Why: "What is in such a bucket is found and copied within hours, and what can be written is replaced. Its policy and its access control " +
		"list count as they take effect: RestrictPublicBuckets takes away what a public policy gives, IgnorePublicAcls and owner-enforced " +
		"ownership what a list gives; the two switches that only stop new grants take away nothing that is there. Lists of single objects are not " +
		"read: where a bucket lets them count (PUB-01 is what ends that), one of them may be open all the same.",
	Fix: "aws s3api put-public-access-block --bucket NAME --public-access-block-configuration " +
		"BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true. A bucket that is meant for everybody: give " +
		"it the class public, or a use case, in footing.yaml.",
	Read: weight.Read, Write: weight.Write, Likelihood: weight.Likelihood,
	Tier: 1,
	Refs: []string{"wa:SEC03-BP07", "ssb:ACCT.08", "cis-3.0:2.1.4", "cis-4.0.1:2.1.4", "cis-5.0:2.1.4"},
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html",
	},
	Needs:    []string{"AWS::S3::Bucket", "AWS::S3::AccountPublicAccessBlock"},
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	out := c.Blind("AWS::S3::Bucket")
	var meant []string
	fact.EachOf(c, []string{"AWS::S3::Bucket"}, func(b *snapshot.Resource) {
		x := fact.Sorted(fact.Strangers(c, b.Key))
		if r, tell := x.Result(c, b, weight); tell {
			out = append(out, r)
		} else if len(x.Declared) > 0 {
			meant = append(meant, fact.Name(c, b.Key)+" "+x.Declared[0].Declared)
		}
	})
	if len(out) > 0 {
		return out
	}
	n := len(c.Snapshot.OfType("AWS::S3::Bucket"))
	if n == 0 {
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "there are no buckets"}}
	}
	says := "no bucket is open to everybody, of " + check.Count(n, "bucket", "buckets")
	if len(meant) > 0 {
		says = fmt.Sprintf("of %s only those are open that are meant to be: %s", check.Count(n, "bucket", "buckets"), strings.Join(meant, ", "))
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: says}}
}
