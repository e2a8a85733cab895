package detection

import (
	"slices"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

// everywhere is the Region of a gap about every Region but those that were looked at.
const everywhere = "*"

// EnabledRegions are those that are enabled, and what says that there may be others, which nobody looked at.
func EnabledRegions(c check.Case) (list []string, others []check.Evidence) {
	for _, v := range c.Snapshot.Coverage {
		if v.Region == everywhere && v.Gap() {
			others = append(others, check.Evidence{Says: v.Reason})
		}
	}
	return c.Snapshot.Regions, others
}

// Seat is the Region in which a partition's global services tell of themselves.
// "Services that support CloudTrail: global service events", https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html
func Seat(c check.Case) string {
	switch c.Snapshot.Partition {
	case "aws-cn":
		return "cn-north-1"
	case "aws-us-gov":
		return "us-gov-west-1"
	}
	return "us-east-1"
}

// Off tells that a service has nothing of a type in a Region because it is not offered or not enabled there.
func Off(c check.Case, typ, region string) bool {
	return slices.ContainsFunc(c.Snapshot.Coverage, func(v snapshot.Coverage) bool {
		return v.Outcome == snapshot.NotEnabled && v.Region == region && slices.Contains(v.Types, typ)
	})
}

// InRegion are the resources of a type in a Region.
func InRegion(c check.Case, typ, region string) (out []*snapshot.Resource) {
	for _, r := range c.Snapshot.OfType(typ) {
		if r.Region == region {
			out = append(out, r)
		}
	}
	return out
}
