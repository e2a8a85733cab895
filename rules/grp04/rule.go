// Package grp04 wants roles to trust groups of people, and nobody who is gone.
package grp04

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is GRP-04.
var Rule = check.Rule{
	ID:    "GRP-04",
	Title: "Roles trust no single people, and nobody who is gone",
	Why: "A trust policy that names users is a list of people that no review of groups sees. Of a user who is deleted an id stays behind, which lets nobody in and hides that " +
		"nobody looks at the policy.",
	Fix:  "Let the trust policy name the account and ask for MFA, and allow sts:AssumeRole on the role to a group. Take ids that begin with AIDA or AROA out.",
	Read: 3, Write: 3, Likelihood: 3,
	Tier: 2,
	Refs: []string{"wa:SEC02-BP06", "ssb:ACCT.03"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
	},
	Needs:    []string{"AWS::IAM::Role", "AWS::IAM::User"},
	Judge:    judge,
	Examples: examples,
}

// That a role trusts one machine and nobody else is as narrow as can be: only people belong into groups.
func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::IAM::Role", "AWS::IAM::User"); blind != nil {
		return blind
	}
	people := fact.NewPeople(c)
	roles := c.Snapshot.OfType("AWS::IAM::Role")
	var out []check.Result
	for _, r := range roles {
		doc, st := r.Document("AssumeRolePolicyDocument")
		policy, bad := iam.ParseLenient(doc)
		if st != snapshot.Known || len(bad) > 0 || policy == nil {
			out = append(out, check.Result{Target: r.Key, Says: "the trust policy of " + r.Name + " was not read"})
			continue
		}
		if x, found := named(c, people, r, policy); found {
			out = append(out, x)
		}
	}
	switch {
	case len(out) > 0:
	case len(roles) == 0:
		out = append(out, check.Result{Target: c.Account(), Outcome: check.NotApplicable, Says: "there are no roles"})
	default:
		out = append(out, check.Result{Target: c.Account(), Outcome: check.Pass, Says: "no role trusts a single person, or somebody who is gone"})
	}
	return out
}

// named judges whom a trust policy lets in by name.
func named(c check.Case, people *fact.People, r *snapshot.Resource, policy *iam.Policy) (out check.Result, found bool) {
	var single, gone, unsaid []string
	for i := range policy.Statements {
		st := &policy.Statements[i]
		if st.Effect != iam.EffectAllow || st.Principals == nil {
			continue
		}
		for _, p := range st.Principals.AWS {
			u, here := c.Snapshot.Get(snapshot.Key(p))
			ours := strings.Contains(p, ":"+c.Snapshot.Account+":user/")
			switch {
			case strings.HasPrefix(p, "AIDA") || strings.HasPrefix(p, "AROA"):
				gone = append(gone, p)
			case ours && !here:
				gone = append(gone, fact.Name(c, snapshot.Key(p)))
			case ours:
				switch kind, _ := people.OfUser(u); kind {
				case fact.Person:
					single = append(single, u.Name)
				case fact.Unsaid:
					unsaid = append(unsaid, u.Name)
				}
			}
		}
	}
	var says []string
	for _, x := range []struct {
		names []string
		words string
	}{{single, "trusts single people"}, {gone, "trusts somebody who is gone"}} {
		if slices.Sort(x.names); len(x.names) > 0 {
			says = append(says, x.words+": "+check.Few(slices.Compact(x.names)))
		}
	}
	switch {
	case len(says) > 0:
		return check.Result{Target: r.Key, Outcome: check.Fail, Says: r.Name + " " + strings.Join(says, "; ")}, true
	case len(unsaid) > 0:
		return check.Result{Target: r.Key, Says: fmt.Sprintf("%s trusts %s, and nobody says whether that is a person or a machine", r.Name, check.Few(unsaid))}, true
	}
	return out, false
}
