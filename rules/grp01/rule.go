// Package grp01 wants users to have their permissions through groups.
package grp01

import (
	"embed"
	"fmt"
	"slices"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is GRP-01.
var Rule = check.Rule{
	ID:    "GRP-01",
	Title: "Users have their permissions through groups only",
	Why: "What is attached to one user is seen by whoever looks at that user, and stays when the job changes. A group says what a job needs, and leaving it takes " +
		"everything away at once.",
	Fix: "Make or choose a group for the job, attach the policy there, add the user, and detach it from the user. A permissions boundary stays on the user: it allows " +
		"nothing.",
	Read: 3, Write: 3, Likelihood: 4,
	Tier: 1,
	Refs: []string{"wa:SEC02-BP06", "wa:SEC03-BP02", "ssb:ACCT.04", "cis-3.0:1.15", "cis-4.0.1:1.15", "cis-5.0:1.14"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html",
		"https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_bedrock.html",
	},
	Needs:    []string{"AWS::IAM::User"},
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::IAM::User"); blind != nil {
		return blind
	}
	users := c.Snapshot.OfType("AWS::IAM::User")
	var out []check.Result
	for _, u := range users {
		managed, inline, st := fact.Carries(u)
		var names []string
		for _, arn := range managed {
			names = append(names, fact.Name(c, snapshot.Key(arn)))
		}
		names = append(names, inline...)
		slices.Sort(names)
		switch {
		case len(names) > 0:
			r := check.Result{Target: u.Key, Outcome: check.Fail, Says: fmt.Sprintf("%s has policies of its own: %s", u.Name, check.Few(names))}
			if by := attached[names[0]]; len(names) == 1 && by != "" {
				r.Risk, r.Says = 3, fmt.Sprintf("%s has the policy %s itself, which %s attached", u.Name, names[0], by)
			}
			for _, n := range names {
				r.Evidence = append(r.Evidence, check.Evidence{Key: u.Key, Outcome: check.Fail, Says: n + " stands on " + u.Name})
			}
			out = append(out, r)
		case st == snapshot.Unknown:
			out = append(out, check.Result{Target: u.Key, Says: "which policies " + u.Name + " has itself was not read"})
		}
	}
	switch {
	case len(out) > 0:
	case len(users) == 0:
		out = append(out, check.Result{Target: c.Account(), Outcome: check.NotApplicable, Says: "there are no IAM users"})
	default:
		out = append(out, check.Result{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("no user has a policy of its own (%d looked at)", len(users))})
	}
	return out
}

// attached are policies that AWS puts on a user, so that nobody chose to, and what does so: the console of SES for SMTP, an API key of Bedrock, a first
// password that has to be changed.
var attached = map[string]string{"AmazonSesSendingAccess": "the console of SES", "AmazonBedrockLimitedAccess": "an API key of Bedrock", "IAMUserChangePassword": "the console"}
