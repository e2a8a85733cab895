// Package log01 wants one trail that logs all management events.
package log01

import (
	"embed"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
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
		"then aws cloudtrail start-logging --name main. Of one that is there, set its event selectors to reading and writing management events.",
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

// look is what one trail does for one kind of management events.
type look struct {
	logs    fact.Truth
	without []string // sources that it leaves out
	faults  []string
}

// of judges a trail. A trail of another Region than one looked at is not seen, unless it is of all Regions: then its home tells it.
func of(t *fact.Trail, reading bool) look {
	var l look
	var covered fact.Truth
	covered, l.without = t.Management(reading)
	delivers, why := t.Delivers()
	kind := "writing"
	if reading {
		kind = "reading"
	}
	l.logs = fact.Yes
	for _, x := range []struct {
		is  fact.Truth
		not string
	}{
		{t.Sees("*"), "is of one Region"}, {t.Logging(), "is switched off"}, {delivers, "cannot write to its bucket: " + why},
		{covered, "does not log all " + kind + " management events"},
	} {
		switch {
		case x.is == fact.No:
			l.logs = fact.No
			l.faults = append(l.faults, x.not)
		case x.is == fact.Unclear && l.logs == fact.Yes:
			l.logs = fact.Unclear
		}
	}
	return l
}

func judge(c check.Case) []check.Result {
	trails := fact.Trails(c)
	out := check.Result{Target: c.Account(), Outcome: check.Pass}
	whole := 0
	var without, says []string
	named := map[string]bool{}
	for _, reading := range []bool{false, true} {
		best := fact.No
		var left []string
		for i := range trails {
			t := &trails[i]
			l := of(t, reading)
			for _, f := range l.faults {
				if line := "trail " + t.Name + " " + f; !named[line] {
					named[line] = true
					says = append(says, line)
					out.Evidence = append(out.Evidence, check.Evidence{Key: t.Key, Outcome: check.Fail, Says: line})
				}
			}
			switch {
			case l.logs == fact.Yes:
				if best != fact.Yes || len(l.without) < len(left) {
					left, out.Target = l.without, t.Key
				}
				best = fact.Yes
				if reading {
					whole++
				}
			case l.logs == fact.Unclear && best == fact.No:
				best = fact.Unclear
				out.Evidence = append(out.Evidence, check.Evidence{Key: t.Key, Says: "not all of trail " + t.Name + " was read"})
			}
		}
		out.Outcome = out.Outcome.And(map[fact.Truth]check.Outcome{fact.Yes: check.Pass, fact.No: check.Fail, fact.Unclear: check.Unknown}[best])
		without = append(without, left...)
	}
	_, others := fact.EnabledRegions(c)
	unseen := append(c.Unlisted(trailType), others...)
	switch {
	case out.Outcome == check.Pass && len(without) > 0:
		out.Outcome, out.Risk = check.Fail, 6 // the rest is there
		out.Says = "the trail leaves out what " + fact.Named(unique(without)) + " is asked"
	case out.Outcome == check.Pass:
		out.Says = "every management event of every Region is logged"
		if whole > 1 {
			out.Says += "; " + fact.Counted(whole, "trail does", "trails do") + " so, and each copy but the first costs money"
		}
		out.Evidence = nil
	case out.Outcome == check.Fail && len(unseen) > 0:
		out.Outcome, out.Target = check.Unknown, c.Account()
		out.Says = "no trail that was seen logs everything, and not all were listed: " + unseen[0].Says
		out.Evidence = append(out.Evidence, unseen...)
	case out.Outcome == check.Unknown:
		out.Target = c.Account()
		out.Says = "whether a trail logs every management event was not read in full"
	case len(trails) == 0:
		out.Says = "there is no trail"
	default:
		out.Target = c.Account()
		out.Says = "no trail logs every management event: " + strings.Join(says, "; ")
	}
	return []check.Result{out}
}

func unique(list []string) (out []string) {
	seen := map[string]bool{}
	for _, s := range list {
		if !seen[s] {
			out = append(out, s)
		}
		seen[s] = true
	}
	return out
}
