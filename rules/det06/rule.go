// Package det06 wants objectives to be checked all the time.
package det06

import (
	"embed"
	"strconv"

	"github.com/footing-dev/footing/internal/judge/check"
)

//go:embed examples
var examples embed.FS

// Rule is DET-06.
var Rule = check.Rule{
	ID:    "DET-06",
	Title: "Something checks the control objectives all the time",
	Why:   "An objective that was true at the last review may be broken the day after. What checks it every day, or at every change, is its detective control.",
	Fix: "Let footing scan and footing check run every day (CI, a scheduled task), and say so with an attestation; or make a rule of AWS Config, or a conformance pack, " +
		"for each objective.",
	Read: 2, Write: 3, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC01-BP03", "wa:SEC04-BP04"},
	Sources: []string{
		"https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config.html",
		"https://docs.aws.amazon.com/config/latest/developerguide/conformance-packs.html",
	},
	Needs:    []string{ruleType},
	Judge:    judge,
	Days:     180,
	Examples: examples,
}

const ruleType = "AWS::Config::ConfigRule"

// Which rule of Config is about which objective nothing tells, so that somebody's word is needed. What there is stands beside it. The rules of conformance
// packs are among the rules.
func judge(c check.Case) []check.Result {
	out := check.Result{Target: c.Account(), Outcome: check.Manual}
	objectives := 0
	if c.Model != nil {
		objectives = len(c.Model.Objectives)
	}
	if objectives == 0 {
		out.Says = "footing.yaml states no objectives; what is checked every day somebody has to say"
	} else {
		out.Says = "whether " + check.Count(objectives, "objective is", "objectives are") + " checked every day somebody has to say"
	}
	rules := len(c.Snapshot.OfType(ruleType))
	switch unseen := c.Unlisted(ruleType); {
	case unseen != nil:
		out.Evidence = unseen
	case rules == 0:
		out.Says += "; there is no rule of AWS Config"
	default:
		out.Evidence = []check.Evidence{{Outcome: check.Pass, Says: "rules of AWS Config: " + strconv.Itoa(rules)}}
		out.Says += "; there " + map[bool]string{true: "is ", false: "are "}[rules == 1] + check.Count(rules, "rule", "rules") + " of AWS Config"
	}
	return []check.Result{out}
}
