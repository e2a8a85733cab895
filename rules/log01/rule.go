// Package log01 wants one trail that logs all management events.
package log01

import (
	"embed"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/detection"
)

//go:embed examples
var examples embed.FS

// Rule is LOG-01.
var Rule = check.Rule{
	ID:    "LOG-01",
	Title: "A trail of all Regions logs every management event",
	Why: "What happened, who did it and what else they touched is known from the trail or not at all. The event history of the console ends after 90 days, in each " +
		"Region by itself, and nothing can alert on it.",
	Fix: "Make a trail of all Regions: aws cloudtrail create-trail --name main --s3-bucket-name BUCKET --is-multi-region-trail --enable-log-file-validation, " +
		"then aws cloudtrail start-logging --name main; the policy of BUCKET has to let cloudtrail.amazonaws.com put objects into " +
		"AWSLogs/ACCOUNT/ and see its ACL. Of one that is there, set its event selectors to reading and writing management events.",
	Read: 3, Write: 4, Likelihood: 4,
	Tier: 1,
	Refs: []string{"wa:SEC04-BP01", "ssb:ACCT.07", "cis-3.0:3.1", "cis-4.0.1:3.1", "cis-5.0:3.1"},
	Sources: []string{
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-create-and-update-a-trail.html",
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html",
		"https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html",
	},
	Needs:    []string{trailType},
	Judge:    judge,
	Examples: examples,
}

const trailType = "AWS::CloudTrail::Trail"

// look is what one trail does: whether it logs reading and writing management events of every Region, and which sources it leaves out of each.
type look struct {
	logs    [2]detection.Truth // writing, reading
	without [2][]string
	faults  []string
}

func of(t *detection.Trail) look {
	var l look
	base := detection.Yes
	must := func(is detection.Truth, fault string) {
		if is == detection.No {
			l.faults = append(l.faults, "trail "+t.Name+" "+fault)
		}
		base = base.And(is)
	}
	delivers, why := t.Delivers()
	must(t.Sees("*"), "is of one Region")
	must(t.Logging(), "is switched off")
	must(delivers, "cannot write to its bucket: "+why)
	var covered [2]detection.Truth
	for i := range covered {
		covered[i], l.without[i] = t.Management(i == 1)
		l.logs[i] = base.And(covered[i])
	}
	switch {
	case covered == [2]detection.Truth{detection.No, detection.No}:
		l.faults = append(l.faults, "trail "+t.Name+" does not log all management events")
	case covered[0] == detection.No:
		l.faults = append(l.faults, "trail "+t.Name+" does not log all management events that write")
	case covered[1] == detection.No:
		l.faults = append(l.faults, "trail "+t.Name+" does not log all management events that read")
	}
	return l
}

func judge(c check.Case) []check.Result {
	trails := detection.Trails(c)
	out := check.Result{Target: c.Account(), Outcome: check.Pass}
	best, without := [2]detection.Truth{detection.No, detection.No}, [2][]string{}
	var faults []string
	whole := 0
	for i := range trails {
		t := &trails[i]
		l := of(t)
		if l.logs == [2]detection.Truth{detection.Yes, detection.Yes} {
			whole++
		}
		for kind, is := range l.logs {
			if is == detection.Yes && (best[kind] != detection.Yes || len(l.without[kind]) < len(without[kind])) {
				without[kind], out.Target = l.without[kind], t.Key
			}
			best[kind] = best[kind].Or(is)
		}
		for _, f := range l.faults {
			faults = append(faults, f)
			out.Evidence = append(out.Evidence, check.Evidence{Key: t.Key, Outcome: check.Fail, Says: f})
		}
	}
	_, others := detection.EnabledRegions(c)
	unseen := append(c.Unlisted(trailType), others...)
	left := append(without[0], without[1]...)
	slices.Sort(left)
	switch all := best[0].And(best[1]); {
	case all == detection.Yes && len(left) > 0:
		out.Outcome, out.Risk = check.Fail, 6 // the rest is there
		out.Says = "the trail leaves out what " + check.Few(slices.Compact(left)) + " is asked"
	case all == detection.Yes:
		out.Says, out.Evidence = "every management event of every Region is logged", nil
		if whole > 1 {
			out.Says += "; " + check.Count(whole, "trail does", "trails do") + " so, and each copy but the first costs money"
		}
	case all == detection.No && len(unseen) > 0:
		out.Outcome, out.Target, out.Evidence = check.Unknown, c.Account(), append(out.Evidence, unseen...)
		out.Says = "no trail that was seen logs everything, and not all were listed: " + unseen[0].Says
	case all == detection.Unclear:
		out.Outcome, out.Target = check.Unknown, c.Account()
		out.Says = "whether a trail logs every management event was not read in full"
	case len(trails) == 0:
		out.Outcome, out.Says = check.Fail, "there is no trail"
	default:
		out.Outcome, out.Target = check.Fail, c.Account()
		out.Says = "no trail logs every management event: " + strings.Join(faults, "; ")
	}
	return []check.Result{out}
}
