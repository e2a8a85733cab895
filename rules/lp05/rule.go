// Package lp05 wants roles for services to be for the account alone.
package lp05

import (
	"embed"
	"slices"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
)

//go:embed examples
var examples embed.FS

// Rule is LP-05.
var Rule = check.Rule{
	ID:    "LP-05",
	Title: "Roles for services act for this account alone, where services tell",
	Why: "A service that acts for many customers may be told by one of them to use a role of another. AWS keeps most services from that by itself; those that are " +
		"asked about here document that they say for which account or resource they act, so that a trust policy can ask for it.",
	Fix:  "Add to the trust policy: \"Condition\": {\"StringEquals\": {\"aws:SourceAccount\": \"THIS-ACCOUNT\"}}, or ArnLike aws:SourceArn with what uses the role.",
	Read: 3, Write: 3, Likelihood: 2,
	Tier: 2,
	Refs: []string{"wa:SEC03-BP07"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
		"https://docs.aws.amazon.com/appstream2/latest/developerguide/example-fleet-machine.html",
		"https://docs.aws.amazon.com/bedrock/latest/userguide/agents-permissions.html",
		"https://docs.aws.amazon.com/iot/latest/developerguide/cross-service-confused-deputy-prevention.html",
		"https://docs.aws.amazon.com/personalize/latest/dg/cross-service-confused-deputy-prevention.html",
		"https://docs.aws.amazon.com/scheduler/latest/UserGuide/doc-history.html",
	},
	Needs:    []string{"AWS::IAM::Role"},
	Judge:    judge,
	Examples: examples,
}

// telling are services whose pages (above) say that they fill aws:SourceAccount or aws:SourceArn when they assume a role. Of others a condition may keep out
// the service itself: EC2, Lambda and their like are not asked about.
var telling = []string{"appstream.amazonaws.com", "bedrock.amazonaws.com", "datazone.amazonaws.com", "frauddetector.amazonaws.com", "iot.amazonaws.com", "personalize.amazonaws.com", "scheduler.amazonaws.com"}

// One result: it is one line in each.
func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::IAM::Role"); blind != nil {
		return blind
	}
	x := check.Result{Target: c.Account()}
	var open, unread []string
	bound := 0
	for _, r := range c.Snapshot.OfType("AWS::IAM::Role") {
		for _, d := range fact.Doors(c, r.Key) {
			switch {
			case d.Kind == access.Public && d.Unknown:
				unread = append(unread, r.Name)
			case !slices.Contains(telling, d.ID):
			case d.Kind == access.ServiceBound:
				bound++
			case d.Kind == access.Service:
				open = append(open, r.Name)
				x.Evidence = append(x.Evidence, check.Evidence{Key: r.Key, Outcome: check.Fail, Says: r.Name + " trusts " + d.ID + ", for whichever account it acts"})
			}
		}
	}
	open = slices.Compact(open)
	switch {
	case len(open) > 0:
		x.Outcome, x.Says = check.Fail, "no condition says for which account services take "+check.Few(open)
	case len(unread) > 0:
		x.Says = "the trust of " + check.Few(unread) + " was not read"
	case bound > 0:
		x.Outcome, x.Says = check.Pass, "services that tell for whom they act take roles for this account alone"
	default:
		x.Outcome, x.Says = check.NotApplicable, "no role trusts a service that tells for whom it acts"
	}
	return []check.Result{x}
}
