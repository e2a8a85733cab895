// Package dat03 advises that buckets with data of a class refuse plain HTTP.
package dat03

import (
	"embed"
	"fmt"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is DAT-03.
var Rule = check.Rule{
	ID:    "DAT-03",
	Title: "Buckets whose data is not public refuse plain HTTP",
	Why: "S3 answers over HTTP too. A client that is set up wrongly, or an old link, then sends data and signatures where everybody on the way " +
		"reads them. Only the bucket's policy, or a resource control policy of the organization, refuses that. Buckets without a class, and " +
		"those of class public, are not asked for it.",
	Fix: "Add to the bucket policy: Effect Deny, Principal *, Action s3:*, Resource the bucket and its objects, Condition Bool " +
		"aws:SecureTransport false.",
	Read: 2, Write: 2, Likelihood: 2,
	Tier: 2,
	Refs: []string{"wa:SEC09-BP02", "ssb:WKLD.13", "cis-3.0:2.1.1", "cis-4.0.1:2.1.1", "cis-5.0:2.1.1"},
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport",
	},
	Needs:    []string{"AWS::S3::Bucket"},
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	out := c.Blind("AWS::S3::Bucket")
	plain := map[string][]string{"aws:SecureTransport": {"false"}}
	n := 0
	for _, b := range c.Snapshot.OfType("AWS::S3::Bucket") {
		class := c.Model.Class(b)
		if class == "public" || class == "" && !b.IsUnknown("Tags") {
			continue
		}
		n++
		name := fact.Name(c, b.Key)
		switch st := fact.Refuses(c, b, plain, "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"); {
		case st == snapshot.Known:
		case st == snapshot.Unknown:
			out = append(out, check.Result{Target: b.Key, Says: "whether the policy of " + name + " refuses plain HTTP was not read"})
		case class == "":
			out = append(out, check.Result{Target: b.Key, Says: name + " answers over plain HTTP; its tags, which may tell a class, were not read"})
		default:
			out = append(out, check.Result{Target: b.Key, Outcome: check.Fail, Says: fmt.Sprintf("%s, of class %s, answers over plain HTTP", name, class)})
		}
	}
	switch {
	case len(out) > 0:
		return out
	case n == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "no bucket has a class other than public"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "every bucket with data of a class refuses plain HTTP: " + check.Count(n, "bucket", "buckets")}}
}
