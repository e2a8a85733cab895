// Package grd02 wants those who make roles to make them within a boundary.
package grd02

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
)

//go:embed examples
var examples embed.FS

// Rule is GRD-02.
var Rule = check.Rule{
	ID:    "GRD-02",
	Title: "Only administrators make roles and users without a permissions boundary",
	Why: "Whoever may make a role and give it a policy may make an administrator. A pipeline that creates roles needs that, and a boundary keeps what it creates " +
		"below itself, if its own permissions ask for the boundary.",
	Fix: "Write a boundary policy, and allow iam:CreateRole, AttachRolePolicy, PutRolePolicy, PutRolePermissionsBoundary, UpdateAssumeRolePolicy (and the same of " +
		"users) only under StringEquals iam:PermissionsBoundary = its ARN. Deny iam:DeleteRolePermissionsBoundary and edits of the boundary itself.",
	Read: 3, Write: 4, Likelihood: 3,
	Tier: 1,
	With: []string{"ADM-05"},
	Refs: []string{"wa:SEC03-BP05"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
		"https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html",
	},
	Needs:    fact.Principals(),
	Judge:    judge,
	Examples: examples,
}

// The requests carry iam:PermissionsBoundary, so that "without a boundary" is a request without that key, of a name that the policies allow.
var makes = []struct{ action, on string }{
	{"iam:CreateRole", "role"}, {"iam:AttachRolePolicy", "role"}, {"iam:PutRolePolicy", "role"}, {"iam:UpdateAssumeRolePolicy", "role"},
	{"iam:CreateUser", "user"}, {"iam:AttachUserPolicy", "user"}, {"iam:PutUserPolicy", "user"},
}

// anyBoundary is one that nobody asks for.
const anyBoundary = "arn:aws:iam::aws:policy/AdministratorAccess"

func judge(c check.Case) []check.Result {
	if blind := c.Blind(fact.Principals()...); blind != nil {
		return blind
	}
	var asks []fact.Ask
	for _, m := range makes {
		asks = append(asks, fact.Ask{Need: access.Need{Action: m.action, On: "arn:aws:iam::{account}:" + m.on + "/{any}", With: map[string]string{"iam:PermissionsBoundary": ""}}, Says: m.action})
	}
	for _, kind := range []string{"Role", "User"} {
		on := map[string]string{"Role": "role", "User": "user"}[kind]
		asks = append(asks, fact.Ask{Need: access.Need{Action: "iam:Put" + kind + "PermissionsBoundary", On: "arn:aws:iam::{account}:" + on + "/{any}", With: map[string]string{"iam:PermissionsBoundary": anyBoundary}},
			Says: "iam:Put" + kind + "PermissionsBoundary with any boundary"})
	}
	return []check.Result{fact.Only(c, fact.Besides(c, asks), "make or change roles and users without a boundary")}
}
