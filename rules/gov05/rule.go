// Package gov05 wants stacks to be as their templates say.
package gov05

import (
	"embed"
	"fmt"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/judge/isolation"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is GOV-05.
var Rule = check.Rule{
	ID:    "GOV-05",
	Title: "Stacks have not drifted, and hold no secrets in the open",
	Why: "A stack from which its things drifted away is a drawing of another house. A parameter without NoEcho is shown to " +
		"everybody who may list stacks. In production one wrong click deletes a stack, unless it is protected.",
	Fix: "aws cloudformation detect-stack-drift --stack-name NAME, every month; NoEcho: true for the parameter, better a " +
		"reference to Secrets Manager; aws cloudformation update-termination-protection --enable-termination-protection " +
		"--stack-name NAME.",
	Read: 2, Write: 3, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC01-BP06", "ssb:WKLD.15"},
	Sources: []string{
		"https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html",
		"https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-protect-stacks.html",
		"https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html",
	},
	Needs:    []string{"AWS::CloudFormation::Stack"},
	Judge:    judge,
	Examples: examples,
}

// mostDays is how old a look at drift may be.
const mostDays = 30

func judge(c check.Case) []check.Result {
	var out []check.Result
	stacks := c.Snapshot.OfType("AWS::CloudFormation::Stack")
	units := isolation.Of(c.Snapshot, c.Model)
	var unseen []string
	drift := check.Result{Target: c.Account()}
	for _, r := range stacks {
		if r.Text("ParentId") != "" {
			continue // its parent is deleted, updated and looked at with it
		}
		x := stack(c, r, strings.HasPrefix(strings.ToLower(units.Unit(r.Key)), "prod"))
		if x.Outcome != check.Fail {
			if why := looked(c, r); why != "" {
				unseen = append(unseen, fact.Name(c, r.Key))
				drift.Evidence = append(drift.Evidence, check.Evidence{Key: r.Key, Says: why})
			}
		}
		if x.Outcome != check.Pass {
			out = append(out, x)
		}
	}
	if len(unseen) > 0 { // looking is one habit for all of them
		drift.Says = fmt.Sprintf("nobody looked for drift of %s in %d days: %s", check.Count(len(unseen), "stack", "stacks"), mostDays, check.Few(unseen))
		out = append(out, drift)
	}
	switch blind := c.Blind("AWS::CloudFormation::Stack"); {
	case blind != nil:
		out = append(out, blind...)
	case len(stacks) == 0:
		out = append(out, check.Result{Outcome: check.NotApplicable, Target: c.Account(), Says: "there is no stack"})
	case len(out) == 0:
		out = append(out, check.Result{Target: c.Account(), Outcome: check.Pass, Says: check.Count(len(stacks), "stack is as its template says", "stacks are as their templates say")})
	}
	return out
}

// looked says why it is not known of a stack that it has not drifted: looking is a call that writes, so footing does not.
func looked(c check.Case, r *snapshot.Resource) string {
	if r.IsUnknown("DriftStatus") {
		return "" // told with the stack
	}
	at := fact.Moment(c, r.Key, "drift-checked")
	switch {
	case at.IsZero():
		return "nobody looked for drift"
	case fact.Days(c, at) > mostDays:
		return fmt.Sprintf("somebody looked for drift %d days ago", fact.Days(c, at))
	}
	return ""
}

// stack joins what is wrong with one stack.
func stack(c check.Case, r *snapshot.Resource, production bool) check.Result {
	out := check.Result{Target: r.Key, Outcome: check.Pass}
	var fails, open []string
	if secrets, st := r.Maps("SecretLooking"); st == snapshot.Unknown {
		open = append(open, "its parameters were not read")
	} else if len(secrets) > 0 {
		name, _ := secrets[0]["Name"].(string)
		fails = append(fails, fmt.Sprintf("the parameter %s looks like a secret, and everybody who lists stacks sees it", name))
	}
	if on, st := r.Flag("EnableTerminationProtection"); production && st == snapshot.Unknown {
		open = append(open, "whether it is protected was not read")
	} else if production && !on {
		fails = append(fails, "it is production's, and not protected from deletion")
	}
	if !production && r.IsUnknown("Tags") {
		open = append(open, "whether it is production's was not read")
	}
	switch {
	case r.Text("DriftStatus") == "DRIFTED":
		fails = append(fails, "it has drifted")
	case r.IsUnknown("DriftStatus"):
		open = append(open, "whether it drifted was not read")
	}
	switch {
	case len(fails) > 0:
		out.Outcome, out.Says = check.Fail, strings.Join(fails, "; ")
	case len(open) > 0:
		out.Outcome, out.Says = check.Unknown, strings.Join(open, "; ")
	}
	return out
}
