// Package grd05 wants only administrators to let partners in.
package grd05

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
)

//go:embed examples
var examples embed.FS

// Rule is GRD-05.
var Rule = check.Rule{
	ID:    "GRD-05",
	Title: "Only administrators accept delegation requests of partners",
	Why: "A partner may ask for temporary access to the account; whoever accepts the request and sends the token lets him in, with what the request asks for. " +
		"That is a decision about a supplier, and a page that looks like one is easily sent by mail.",
	Fix:  "Allow iam:AcceptDelegationRequest and iam:SendDelegationToken to administrators alone; wildcards such as iam:* and iam:Accept* allow them.",
	Read: 4, Write: 4, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC03-BP09", "wa:SEC03-BP05"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/APIReference/API_AcceptDelegationRequest.html",
		"https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateDelegationRequest.html",
	},
	Needs:    fact.Principals(),
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	if blind := c.Blind(fact.Principals()...); blind != nil {
		return blind
	}
	asks := []fact.Ask{{Need: access.Need{Action: "iam:AcceptDelegationRequest", On: "arn:aws:iam::{account}:delegation-request/{any}"}, Says: "accept delegation requests"}}
	return []check.Result{fact.Only(c, fact.Besides(c, asks), "let partners in by a delegation request")}
}
