// Package idp03 wants it to be known who takes roles by account access of Identity Center.
package idp03

import (
	"embed"
	"slices"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
)

//go:embed examples
var examples embed.FS

// Rule is IDP-03.
var Rule = check.Rule{
	ID:    "IDP-03",
	Title: "Who takes roles by account access of Identity Center is known",
	Why: "Account access manager gives users and groups of Identity Center roles of the account, beside permission sets. The role only says that it trusts " +
		"account-access.amazonaws.com; who takes it stands in entitlements, which whoever may call account-access:CreateEntitlement adds to.",
	Fix: "aws account-access list-applications, and for each aws account-access list-entitlements --application-arn ARN: compare with who is meant, and say " +
		"so in footing.yaml under attestations. Give account-access:CreateEntitlement to administrators alone.",
	Read: 5, Write: 5, Likelihood: 2,
	Tier: 1,
	Days: 90,
	Refs: []string{"wa:SEC02-BP04", "wa:SEC03-BP02"},
	Sources: []string{
		"https://docs.aws.amazon.com/account-access/latest/APIReference/API_CreateEntitlement.html",
		"https://docs.aws.amazon.com/cli/latest/reference/account-access/create-entitlement.html",
	},
	Needs:    fact.Principals(),
	Judge:    judge,
	Examples: examples,
}

const service = "account-access.amazonaws.com"

// A scan does not list entitlements. What it sees is which roles may be given so, and who may give them.
func judge(c check.Case) []check.Result {
	if blind := c.Blind(fact.Principals()...); blind != nil {
		return blind
	}
	var roles []string
	var evidence []check.Evidence
	admins, whole, unread := fact.Outright(c), false, []string(nil)
	for _, r := range c.Snapshot.OfType("AWS::IAM::Role") {
		doors := fact.Doors(c, r.Key)
		if slices.ContainsFunc(doors, func(d fact.Door) bool { return d.Kind == access.Public && d.Unknown }) {
			unread = append(unread, r.Name)
		}
		if !slices.ContainsFunc(doors, func(d fact.Door) bool { return d.ID == service }) {
			continue
		}
		roles = append(roles, r.Name)
		says := r.Name + " trusts account access"
		if admins[r.Key] {
			whole, says = true, says+", and administers the account"
		}
		evidence = append(evidence, check.Evidence{Key: r.Key, Outcome: check.Manual, Says: says})
	}
	out := check.Result{Target: c.Account(), Evidence: evidence}
	able := fact.Besides(c, []fact.Ask{{Need: access.Need{Action: "account-access:CreateEntitlement", On: "arn:aws:account-access:{region}:{account}:application/{any}"}, Says: "create entitlements"}})
	switch {
	case len(roles) == 0 && len(unread) > 0:
		out.Says = "the trust of " + check.Few(unread) + " was not read"
	case len(roles) == 0:
		out.Outcome, out.Says = check.NotApplicable, "no role trusts account access of Identity Center"
	case len(able) > 0:
		who := fact.Only(c, able, "give people "+check.Few(roles)+" by account access")
		who.Evidence = append(evidence, who.Evidence...)
		return []check.Result{who}
	default:
		out.Outcome, out.Says = check.Manual, "no scan tells who takes "+check.Few(roles)+" by account access of Identity Center"
		if !whole {
			out.Risk = 6
		}
	}
	return []check.Result{out}
}
