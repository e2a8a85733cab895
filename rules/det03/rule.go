// Package det03 wants findings of GuardDuty to reach a person.
package det03

import (
	"embed"
	"slices"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/detection"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is DET-03.
var Rule = check.Rule{
	ID:    "DET-03",
	Title: "Findings of GuardDuty reach a person",
	Why:   "A finding that stays in the console is read after the damage. GuardDuty tells nobody by itself.",
	Fix: "In each Region make an EventBridge rule on {\"source\": [\"aws.guardduty\"], \"detail\": {\"severity\": [{\"numeric\": [\">=\", 7]}]}} with an SNS topic as its target, " +
		"or one that forwards to the Region of the topic. Let events.amazonaws.com publish in the policy of the topic; subscribe, and confirm.",
	Read: 4, Write: 4, Likelihood: 4,
	Tier: 1,
	Refs: []string{"wa:SEC04-BP04", "wa:SEC10-BP06", "ssb:ACCT.11"},
	Sources: []string{
		"https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html",
		"https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html",
	},
	Needs:    []string{"AWS::GuardDuty::Detector", "AWS::Events::Rule", "AWS::SNS::Topic", "AWS::SecurityHub::Hub"},
	Judge:    judge,
	Examples: examples,
}

// grave are findings that somebody has to hear of, one of a machine and one of a person.
var grave = []string{"CryptoCurrency:EC2/BitcoinTool.B!DNS", "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS"}

func judge(c check.Case) []check.Result {
	list, others := detection.Watches(c, "AWS::GuardDuty::Detector", "there is no detector", detection.Detector)
	a := detection.NewAlerts(c)
	out := check.Result{Target: c.Account(), Outcome: check.NotApplicable, Says: "GuardDuty is on in no enabled Region, see DET-01"}
	where, why := map[check.Outcome][]string{}, map[check.Outcome][]string{}
	add := func(o check.Outcome, about snapshot.Key, context, says string) {
		out.Evidence = append(out.Evidence, check.Evidence{Key: about, Outcome: o, Says: context + ": " + says})
		if !slices.Contains(why[o], says) {
			why[o] = append(why[o], says)
		}
	}
	for _, w := range list {
		if w.On == detection.No {
			continue
		}
		o := check.Unknown
		if w.On == detection.Yes {
			o = check.NotApplicable
			for _, typ := range grave {
				word := a.Finding(typ, "8", w.Region)
				o = o.And(word.Outcome())
				add(word.Outcome(), word.Key, w.Region+", "+typ, say(word))
			}
		} else {
			add(check.Unknown, "", w.Region, w.Why)
		}
		out.Outcome = out.Outcome.And(o)
		where[o] = append(where[o], w.Region)
	}
	if len(others) > 0 {
		out.Outcome = out.Outcome.And(check.Unknown)
		where[check.Unknown] = append(where[check.Unknown], "Regions that were not looked at")
		add(check.Unknown, "", "other Regions", others[0].Says)
	}
	in := check.Few(where[out.Outcome])
	switch out.Outcome {
	case check.Fail:
		out.Says = "nobody hears of a grave finding of GuardDuty in " + in + ": " + check.Few(why[out.Outcome])
		if member(c) {
			out.Outcome = check.Manual
			out.Says = "nothing here tells of a finding of GuardDuty in " + in + "; whether the organisation's administrator of GuardDuty does somebody has to say"
		}
	case check.Unknown:
		out.Says = "whether somebody hears of findings of GuardDuty in " + in + " is not known: " + check.Few(why[out.Outcome])
	case check.Manual:
		out.Says = "of findings of GuardDuty in " + in + " hears only " + check.Few(why[out.Outcome]) + "; whether a person does somebody has to say"
	case check.Pass:
		out.Says = "a person hears of grave findings of GuardDuty in " + in
	default:
		if len(list) == 0 || c.Blind("AWS::GuardDuty::Detector") != nil {
			out.Outcome, out.Says = check.Unknown, "where GuardDuty is on was not read in full"
		}
	}
	return []check.Result{out}
}

func say(w detection.Word) string {
	list := w.Lost
	if w.Hearing != detection.Unheard && w.Says != "" {
		list = []string{w.Says}
	}
	if len(list) == 0 {
		return "no rule matches it"
	}
	return check.Few(list)
}

// member tells that the account is one of several of an organisation, and not the one that manages it.
func member(c check.Case) bool {
	orgs := c.Snapshot.OfType("AWS::Organizations::Organization")
	if len(orgs) == 0 {
		return false
	}
	_, st := orgs[0].Property("ManagementAccountId")
	return st == snapshot.Known && orgs[0].Text("ManagementAccountId") != c.Snapshot.Account
}
