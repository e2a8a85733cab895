// Package lp04 wants roles to let in accounts that somebody knows.
package lp04

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is LP-04.
var Rule = check.Rule{
	ID:    "LP-04",
	Title: "Roles let in only accounts that somebody named, suppliers by external id",
	Why: "A role that trusts another account is that account's too: whoever takes it over takes the role. A supplier who is asked to act for somebody else can " +
		"be sent to your role, unless each customer has an external id. It is no secret: it does not make a role safe that trusts everybody.",
	Fix: "Name the account in footing.yaml under policy, trusted_accounts, or take it out of the trust policy (aws iam update-assume-role-policy). For a supplier " +
		"ask for the external id that he gave you: StringEquals sts:ExternalId. Instead of * name accounts, or ask for aws:PrincipalOrgID.",
	Read: 4, Write: 4, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC03-BP07", "wa:SEC03-BP09", "ssb:WKLD.02"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
	},
	Needs:    []string{"AWS::IAM::Role"},
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::IAM::Role"); blind != nil {
		return blind
	}
	var out []check.Result
	var bare, fine []check.Evidence
	for _, r := range c.Snapshot.OfType("AWS::IAM::Role") {
		var unnamed []string
		sure := false
		for _, d := range fact.Doors(c, r.Key) {
			account := accountOf(d.ID)
			switch {
			case d.Kind == access.Public && d.Unknown:
				out = append(out, check.Result{Target: r.Key, Says: d.Says})
			case d.Kind == access.AnyPrincipal && strings.HasPrefix(d.ID, "cognito-identity."): // IDP-02
			case d.Kind == access.AnyPrincipal || d.Kind == access.Public, d.Kind == access.UnknownAccount && account == "*":
				x := anybody(r, d)
				if x.Outcome == check.Pass {
					fine = append(fine, check.Evidence{Key: r.Key, Outcome: check.Pass, Says: x.Says})
				} else {
					out = append(out, x)
				}
			case account == "":
			case account == management(c):
				fine = append(fine, check.Evidence{Key: r.Key, Outcome: check.Pass, Says: r.Name + " lets in the organisation's management account " + account})
			case d.Kind == access.UnknownAccount:
				unnamed, sure = append(unnamed, account), sure || d.Seen
			case d.Kind == access.Partner:
				bare = append(bare, check.Evidence{Key: r.Key, Outcome: check.Manual, Says: r.Name + " lets in " + d.Says})
			case d.Kind == access.PartnerExtID:
				fine = append(fine, check.Evidence{Key: r.Key, Outcome: check.Pass, Says: r.Name + " lets in " + d.Says})
			}
		}
		if unnamed = slices.Compact(unnamed); len(unnamed) > 0 {
			x := check.Result{Target: r.Key, Outcome: check.Fail, Says: fmt.Sprintf("%s lets in account %s, which nobody has named", r.Name, check.Few(unnamed))}
			if len(unnamed) > 1 {
				x.Says = fmt.Sprintf("%s lets in accounts that nobody has named: %s", r.Name, check.Few(unnamed))
			}
			if !sure {
				x.Outcome, x.Says = check.Unknown, x.Says+"; not all that limits it was read"
			}
			out = append(out, x)
		}
	}
	if len(bare) > 0 {
		roles := make([]string, len(bare))
		for i := range bare {
			roles[i] = fact.Name(c, bare[i].Key)
		}
		out = append(out, check.Result{Target: c.Account(), Outcome: check.Manual, Evidence: bare,
			Says: "named accounts enter without an external id, which is fine for your own and wrong for a supplier: " + check.Few(slices.Compact(roles))})
	}
	switch {
	case len(out) > 0:
		return out
	case len(fine) == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "no role lets in another account"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "roles let in only accounts, or an organisation, that are named", Evidence: fine}}
}

// anybody judges a role that trusts everybody. What is left open beside an external id may tie it to principals or an organisation.
func anybody(r *snapshot.Resource, d fact.Door) check.Result {
	x := check.Result{Target: r.Key, Outcome: check.Fail, Risk: 25, Says: r.Name + " trusts everybody with an AWS account"}
	switch {
	case !d.Seen:
		x.Outcome, x.Risk, x.Says = check.Unknown, 0, "whether "+r.Name+" trusts everybody was not read in full"
	case tied(r):
		x.Outcome, x.Risk, x.Says = check.Pass, 0, r.Name+" trusts everybody who is of an organisation, or one of some principals, that it names"
	case d.Guards&access.GuardNetwork != 0:
		x.Risk, x.Says = 15, x.Says+", from some networks"
	}
	return x
}

// tied tells whether every statement that lets everybody in asks who that is. An external id does not.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func tied(role *snapshot.Resource) bool {
	p := fact.Trust(role)
	if p == nil {
		return false
	}
	for i := range p.Statements {
		st := &p.Statements[i]
		if st.Effect != iam.EffectAllow || !st.SpeaksOf("sts:AssumeRole") || st.NotPrincipal == nil && (st.Principals == nil || !st.Principals.Any) {
			continue
		}
		if !slices.ContainsFunc(st.Conditions, names) {
			return false
		}
	}
	return true
}

func names(c iam.Condition) bool {
	op := strings.ToLower(c.Operator)
	if strings.Contains(op, "not") || strings.HasSuffix(op, "ifexists") || strings.HasPrefix(op, "forallvalues:") || op == "null" {
		return false
	}
	switch strings.ToLower(c.Key) {
	case "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:userid":
		return !slices.ContainsFunc(c.Values, func(v string) bool { return accountOf(v) == "*" || strings.Trim(v, "*") == "" })
	}
	return false
}

// accountOf is the account that an ARN names; "" for none.
func accountOf(arn string) string {
	a, ok := iam.SplitARN(arn)
	if !ok {
		return ""
	}
	return a.Account
}

// management is the management account of the organisation; "" where there is none, or where it was not read.
func management(c check.Case) string {
	for _, o := range c.Snapshot.OfType("AWS::Organizations::Organization") {
		return o.Text("ManagementAccountId")
	}
	return ""
}
