// Package gov07 wants the pipeline to be bound to a branch, and no administrator.
package gov07

import (
	"embed"
	"fmt"

	"maps"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is GOV-07.
var Rule = check.Rule{
	ID:    "GOV-07",
	Title: "The pipeline signs in from one branch, and is no administrator",
	Why: "Whoever can start the pipeline has what it may do. A role that every branch, or every repository, may take is one that " +
		"everybody with a branch has.",
	Fix: "Pin the subject of the role's trust policy to the repository and to its branch or environment " +
		"(repo:acme/shop:ref:refs/heads/main), and give it what it deploys instead of administration.",
	Read: 5, Write: 5, Likelihood: 3,
	Tier: 1,
	With: []string{"ADM-04", "ADM-05", "IDP-02"},
	Refs: []string{"wa:SEC11-BP07", "wa:SEC02-BP02", "ssb:WKLD.15"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html",
	},
	Needs:    []string{"AWS::IAM::Role", "AWS::IAM::OIDCProvider"},
	Judge:    judge,
	Examples: examples,
}

// judge looks at the roles that a build server signs in to. What administers the account by whatever route is an administrator.
func judge(c check.Case) []check.Result {
	kinds := map[string]string{access.OIDCNoSubject: "anybody of its provider", access.OIDCOrg: "every repository of its organisation", access.OIDCRepo: "every branch of its repository", access.OIDCPinned: ""}
	admins := map[string]iam.Outcome{}
	for _, a := range c.Access.Who(c.Access.Account, access.Admin) {
		admins[a.Principal] = a.Path.Outcome
	}
	from := map[string]*access.Entry{} // the widest way into each role
	for _, r := range c.Snapshot.OfType("AWS::IAM::Role") {
		role := string(r.Key)
		c.Access.Arriving(r.Key, access.None, func(e *access.Entry, how access.How) {
			if e == nil || how.Hops > 0 {
				return
			}
			wide, ok := kinds[e.Kind]
			if was := from[role]; ok && (was == nil || wide != "" && kinds[was.Kind] == "") {
				from[role] = e
			}
		})
	}
	var out []check.Result
	for _, role := range slices.Sorted(maps.Keys(from)) {
		e := from[role]
		x := check.Result{Target: snapshot.Key(role), Outcome: check.Pass}
		var says []string
		if wide := kinds[e.Kind]; wide != "" {
			x.Outcome = check.Fail
			says = append(says, "open to "+wide)
		}
		if o, ok := admins[role]; ok && o == iam.Unknown {
			x.Outcome = x.Outcome.And(check.Unknown)
			says = append(says, "it may administer the account: not all was read")
		} else if ok {
			x.Outcome = check.Fail
			says = append(says, "it can administer the account")
		}
		if e.Unknown && x.Outcome != check.Fail {
			x.Outcome = check.Unknown
			says = append(says, "who may take it was not read")
		}
		if x.Says = strings.Join(says, "; "); x.Outcome != check.Pass {
			out = append(out, x)
		}
	}
	for _, r := range c.Snapshot.OfType("AWS::IAM::Role") {
		if _, st := r.ResourcePolicy(); st == snapshot.Unknown {
			out = append(out, check.Result{Target: r.Key, Says: "who may take it was not read"})
		}
	}
	switch blind := c.Blind("AWS::IAM::Role", "AWS::IAM::OIDCProvider"); {
	case blind != nil:
		out = append(out, blind...)
	case len(from) == 0 && len(out) == 0:
		out = append(out, check.Result{Outcome: check.NotApplicable, Target: c.Account(), Says: "nothing outside signs in with OIDC; a build that has keys of a user is told by KEY-04"})
	case len(out) == 0:
		out = append(out, check.Result{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("what signs in with OIDC is bound to a branch or an environment, and administers nothing (%d)", len(from))})
	}
	return out
}
