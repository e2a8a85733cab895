// Package pub03 wants no snapshot and no image to be public.
package pub03

import (
	"embed"
	"fmt"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

var weight = fact.Weight{Read: 5, Write: 2, Likelihood: 3}

// Rule is PUB-03.
var Rule = check.Rule{
	ID:    "PUB-03",
	Title: "No snapshot and no image is public, and none can become it",
	Why: "Whoever has an AWS account can make a disk or a database of a public snapshot, and people look for them all day. A Region that " +
		"blocks public sharing takes the mistake away.",
	Fix: "aws ec2 modify-snapshot-attribute --snapshot-id ID --create-volume-permission 'Remove=[{Group=all}]'; aws rds " +
		"modify-db-snapshot-attribute --db-snapshot-identifier NAME --attribute-name restore --values-to-remove all (of a cluster: " +
		"modify-db-cluster-snapshot-attribute --db-cluster-snapshot-identifier NAME); aws ec2 " +
		"modify-image-attribute --image-id ID --launch-permission 'Remove=[{Group=all}]'. In every Region: aws ec2 " +
		"enable-snapshot-block-public-access --state block-all-sharing; aws ec2 enable-image-block-public-access --image-block-public-access-state " +
		"block-new-sharing.",
	Read: weight.Read, Write: weight.Write, Likelihood: weight.Likelihood,
	Tier: 1,
	Refs: []string{"wa:SEC03-BP07", "wa:SEC08-BP04", "ssb:WKLD.08"},
	Sources: []string{
		"https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html",
		"https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html",
		"https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html",
	},
	Needs:    needs,
	Judge:    judge,
	Examples: examples,
}

const (
	snapshots = "AWS::EC2::SnapshotBlockPublicAccess"
	images    = "AWS::EC2::ImageBlockPublicAccess"
)

var shared = []string{"AWS::EC2::Snapshot", "AWS::EC2::Image", "AWS::RDS::DBSnapshot", "AWS::RDS::DBClusterSnapshot"}

var needs = append([]string{snapshots, images}, shared...)

func judge(c check.Case) []check.Result {
	out := c.Blind(shared...)
	n, meant := 0, 0
	fact.EachOf(c, shared, func(r *snapshot.Resource) {
		n++
		x := fact.Sorted(fact.Strangers(c, r.Key))
		if v, tell := x.Result(c, r, weight); tell {
			out = append(out, v)
		} else if len(x.Declared) > 0 {
			meant++
		}
	})
	out = append(out, blocks(c)...)
	if len(out) > 0 {
		return out
	}
	says := fmt.Sprintf("no snapshot and no image is public, of %d", n)
	if meant > 0 {
		says += fmt.Sprintf(", but for %d that should be", meant)
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: says + "; no Region lets more become it"}}
}

// blocks are the Regions in which the next snapshot or image can be made public: one verdict, and a low one, since nothing is yet.
func blocks(c check.Case) []check.Result {
	out := fact.Everywhere(c, "no Region lets more become it", "snapshots or images can be made public", func(r *snapshot.Resource) (check.Outcome, string) {
		switch state, st := r.Property("State"); {
		case st == snapshot.Unknown:
			return check.Unknown, "whether they can be made public was not read"
		case state == "block-all-sharing" || state == "block-new-sharing":
			return check.Pass, ""
		}
		return check.Fail, map[string]string{snapshots: "snapshots", images: "images"}[r.Type] + " can be made public"
	}, snapshots, images)
	if out[0].Outcome == check.Pass {
		return nil
	}
	if out[0].Outcome == check.Fail {
		out[0].Risk = 6
	}
	return out
}
