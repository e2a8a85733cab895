// Package grd04 wants tokens for services outside to be for those that are meant.
package grd04

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is GRD-04.
var Rule = check.Rule{
	ID:    "GRD-04",
	Title: "Tokens for services outside AWS name the service",
	Why: "Where outbound identity federation is on, a user or role gets signed tokens by which other clouds and services know it. One that is asked for any audience " +
		"opens whatever trusts the account's issuer; wildcards such as sts:* and everything but iam:* allow it.",
	Fix: "Allow sts:GetWebIdentityToken only where it is used, under StringEquals sts:IdentityTokenAudience. If nobody uses it: " +
		"aws iam disable-outbound-web-identity-federation.",
	Read: 3, Write: 3, Likelihood: 2,
	Tier: 2,
	Refs: []string{"wa:SEC03-BP02", "wa:SEC02-BP02"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableOutboundWebIdentityFederation.html",
		"https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOutboundWebIdentityFederationInfo.html",
	},
	Needs:    append([]string{"AWS::IAM::OutboundWebIdentityFederation"}, fact.Principals()...),
	Judge:    judge,
	Examples: examples,
}

// anyAudience is one that no policy names.
const anyAudience = "https://audience.invalid"

func judge(c check.Case) []check.Result {
	const typ = "AWS::IAM::OutboundWebIdentityFederation"
	infos := c.Snapshot.OfType(typ)
	if blind := c.Blind(typ); len(infos) == 0 && blind != nil {
		return blind
	}
	on, st := false, snapshot.Known
	if len(infos) > 0 {
		on, st = infos[0].Flag("JwtVendingEnabled")
	}
	switch {
	case st != snapshot.Known:
		return []check.Result{{Target: c.Account(), Says: "whether outbound identity federation is on was not read"}}
	case !on:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "outbound identity federation is off"}}
	}
	if hidden := c.Blind(fact.Principals()...); hidden != nil {
		return hidden
	}
	ask := access.Need{Action: "sts:GetWebIdentityToken", On: "any", With: map[string]string{"sts:IdentityTokenAudience": anyAudience}}
	return []check.Result{fact.Only(c, fact.Besides(c, []fact.Ask{{Need: ask, Says: "get tokens for any audience"}}), "get tokens for any service outside")}
}
