// Package det03 wants findings of GuardDuty to reach a person.
package det03

import (
	"embed"
	"slices"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
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
	list, others := fact.Watches(c, "AWS::GuardDuty::Detector", "there is no detector", fact.Detector)
	a := fact.NewAlerts(c)
	out := check.Result{Target: c.Account(), Outcome: check.NotApplicable, Says: "GuardDuty is on in no enabled Region, see DET-01"}
	where := map[check.Outcome][]string{}
	var why []string
	for _, w := range list {
		if w.On == fact.No {
			continue
		}
		o := check.Unknown
		if w.On == fact.Yes {
			o = check.NotApplicable
			for _, typ := range grave {
				word := a.Finding(typ, "8", w.Region)
				o = o.And(word.Outcome())
				out.Evidence = append(out.Evidence, check.Evidence{Key: word.Key, Outcome: word.Outcome(), Says: w.Region + ", " + typ + ": " + say(word)})
			}
		} else {
			out.Evidence = append(out.Evidence, check.Evidence{Says: w.Region + ": " + w.Why})
		}
		out.Outcome = out.Outcome.And(o)
		where[o] = append(where[o], w.Region)
	}
	for _, e := range out.Evidence {
		if e.Outcome == out.Outcome && !slices.Contains(why, says(e.Says)) {
			why = append(why, says(e.Says))
		}
	}
	in := fact.Named(where[out.Outcome])
	switch out.Outcome {
	case check.Fail:
		out.Says = "nobody hears of a grave finding of GuardDuty in " + in + ": " + fact.Named(why)
		if member(c) {
			out.Outcome = check.Manual
			out.Says = "nothing here tells of a finding of GuardDuty in " + in + "; whether the organisation's administrator of GuardDuty does somebody has to say"
		}
	case check.Unknown:
		out.Says = "whether somebody hears of findings of GuardDuty in " + in + " is not known: " + fact.Named(why)
	case check.Manual:
		out.Says = "of findings of GuardDuty in " + in + " hears only " + fact.Named(why) + "; whether a person does somebody has to say"
	case check.Pass:
		out.Says = "a person hears of grave findings of GuardDuty in " + in
	default:
		if len(others) > 0 || len(list) == 0 || c.Blind("AWS::GuardDuty::Detector") != nil {
			out.Outcome, out.Says = check.Unknown, "where GuardDuty is on was not read in full"
		}
	}
	return []check.Result{out}
}

func say(w fact.Word) string {
	list := w.Lost
	if w.Hearing != fact.Unheard && w.Says != "" {
		list = []string{w.Says}
	}
	if len(list) == 0 {
		return "no rule matches it"
	}
	return fact.Named(list)
}

// says is what follows the Region and the finding.
func says(line string) string {
	for i := len(line) - 2; i > 0; i-- {
		if line[i] == ':' && line[i+1] == ' ' {
			return line[i+2:]
		}
	}
	return line
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
