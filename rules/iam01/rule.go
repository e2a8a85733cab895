// Package iam01 advises that somebody besides administrators can ask AWS for help.
package iam01

import (
	"embed"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is IAM-01.
var Rule = check.Rule{
	ID:    "IAM-01",
	Title: "Somebody who is no administrator can open a case with AWS Support",
	Why:   "In an incident AWS is asked for help in minutes. Where only administrators may, their sessions are used for talking, or nobody talks.",
	Fix:   "Attach the policy AWSSupportAccess to a role that those on call may assume.",
	Read:  1, Write: 1, Likelihood: 2,
	Tier: 2,
	Refs: []string{"wa:SEC10-BP01", "cis-3.0:1.17", "cis-4.0.1:1.17", "cis-5.0:1.16"},
	Sources: []string{
		"https://docs.aws.amazon.com/awssupport/latest/user/accessing-support.html",
		"https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSSupportAccess.html",
	},
	Needs:    []string{"AWS::IAM::User", "AWS::IAM::Role", "AWS::IAM::Group", "AWS::IAM::ManagedPolicy"},
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::IAM::User", "AWS::IAM::Role", "AWS::IAM::Group", "AWS::IAM::ManagedPolicy"); blind != nil {
		return blind
	}
	admin := map[string]bool{}
	for _, a := range c.Access.Who(c.Access.Account, access.Admin) {
		admin[a.Principal] = true
	}
	out := check.Result{Target: c.Account()}
	var who, perhaps []string
	for _, a := range c.Access.WhoAction("support:CreateCase", "") {
		r, ok := c.Snapshot.Get(snapshot.Key(a.Principal))
		if admin[a.Principal] || !a.Direct || !ok || strings.Contains(a.Principal, ":role/aws-service-role/") {
			continue
		}
		if a.Path.Outcome == iam.Unknown || slices.ContainsFunc(a.Path.Conditions, func(x iam.Condition) bool { return x.Operator == "Unread" }) {
			perhaps = append(perhaps, r.Name)
		} else {
			who = append(who, r.Name)
		}
	}
	switch {
	case len(who) > 0:
		out.Outcome, out.Says = check.Pass, check.Few(who)+" may open a case with AWS Support"
	case len(perhaps) > 0:
		out.Says = "whether " + check.Few(perhaps) + " may open a case with AWS Support depends on policies that were not read"
	default:
		out.Outcome, out.Says = check.Fail, "nobody but administrators and root may open a case with AWS Support"
	}
	return []check.Result{out}
}
