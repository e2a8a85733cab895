// Package dat14 wants no lifecycle to empty a bucket soon.
package dat14

import (
	"embed"
	"fmt"
	"time"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is DAT-14.
var Rule = check.Rule{
	ID:    "DAT-14",
	Title: "No lifecycle rule empties a bucket within days",
	Why: "A lifecycle rule that lets everything expire after a day deletes a bucket without a single call to delete, and old versions with it. It is " +
		"used for that. A scan does not read lifecycles, since that costs a call for every bucket: somebody has to look, or hand them in as " +
		"files (scan --from), where they are judged.",
	Fix: "For every bucket: aws s3api get-bucket-lifecycle-configuration --bucket NAME. A rule without a filter, with an expiration of seven days or " +
		"less, belongs to buckets of scratch data alone (class public, or in development). Then say so in footing.yaml (attestations, DAT-14).",
	Read: 1, Write: 4, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC08-BP04"},
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html",
	},
	Needs:    []string{"AWS::S3::Bucket"},
	Days:     180,
	Judge:    judge,
	Examples: examples,
}

// soon is within how many days an expiration of everything looks like an end.
const soon = 7

func judge(c check.Case) []check.Result {
	out := c.Blind("AWS::S3::Bucket")
	var untold []string
	told := 0
	for _, b := range c.Snapshot.OfType("AWS::S3::Bucket") {
		rules, st := b.Maps("LifecycleConfiguration.Rules")
		if st != snapshot.Known {
			untold = append(untold, fact.Name(c, b.Key))
			continue
		}
		told++
		for _, r := range rules {
			if says := empties(c, r); says != "" {
				out = append(out, check.Result{Target: b.Key, Outcome: check.Fail, Says: fact.Name(c, b.Key) + ": a lifecycle rule " + says})
				break
			}
		}
	}
	switch {
	case len(untold) > 0:
		out = append(out, check.Result{Target: c.Account(), Outcome: check.Manual, Says: fmt.Sprintf("what the lifecycle lets expire is not read of %s: %s", check.Count(len(untold), "bucket", "buckets"), check.Few(untold))})
	case len(out) > 0:
	case told == 0:
		out = append(out, check.Result{Target: c.Account(), Outcome: check.NotApplicable, Says: "there are no buckets"})
	default:
		out = append(out, check.Result{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("no lifecycle lets everything expire within %d days, of %s", soon, check.Count(told, "bucket", "buckets"))})
	}
	return out
}

// empties says what a lifecycle rule does to everything in a bucket within days; "" where it does not.
func empties(c check.Case, r map[string]any) string {
	if r["Status"] != "Enabled" || narrowed(r) {
		return ""
	}
	if n, ok := days(r["ExpirationInDays"]); ok && n <= soon {
		return "lets everything expire after " + check.Count(n, "day", "days")
	}
	if s, _ := r["ExpirationDate"].(string); s != "" {
		if at, err := time.Parse(time.RFC3339, s); err == nil && -fact.Days(c, at) <= soon {
			return "lets everything expire on " + at.Format(time.DateOnly)
		}
	}
	if v, ok := r["NoncurrentVersionExpiration"].(map[string]any); ok {
		_, kept := days(v["NewerNoncurrentVersions"])
		if n, ok := days(v["NoncurrentDays"]); ok && n < soon && !kept {
			return "deletes what was overwritten after " + check.Count(n, "day", "days")
		}
	}
	return ""
}

// narrowed tells that a rule is about some objects alone.
func narrowed(r map[string]any) bool {
	text := func(k string) bool { s, _ := r[k].(string); return s != "" }
	list, _ := r["TagFilters"].([]any)
	return text("Prefix") || text("ObjectSizeGreaterThan") || text("ObjectSizeLessThan") || len(list) > 0
}

func days(v any) (int, bool) {
	switch n := v.(type) {
	case int:
		return n, true
	case float64:
		return int(n), true
	case fmt.Stringer: // a number as the decoder keeps it
		var out int
		_, err := fmt.Sscan(n.String(), &out)
		return out, err == nil
	}
	return 0, false
}
