// Package idp02 wants trust in identity providers to name who comes in.
package idp02

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

// Rule is IDP-02.
var Rule = check.Rule{
	ID:    "IDP-02",
	Title: "Roles for OIDC and SAML name who may take them",
	Why: "GitHub, GitLab or HCP Terraform sign tokens for all their customers with one key. A role that trusts the issuer and asks for no subject is " +
		"anybody's who has an account there. Nothing else stands in between: such roles are found by trying their names.",
	Fix: "In the trust policy of the role ask for the subject with StringEquals: token.actions.githubusercontent.com:sub = " +
		"repo:ORG/REPO:environment:NAME, gitlab.com:sub = project_path:GROUP/PROJECT:ref_type:branch:ref:main, app.terraform.io:sub = " +
		"organization:ORG:project:PROJECT:workspace:NAME:run_phase:apply. Ask for the audience too. Delete providers that no role trusts.",
	Read: 5, Write: 5, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC02-BP04", "wa:SEC03-BP07"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html",
	},
	Needs:    []string{"AWS::IAM::Role", "AWS::IAM::OIDCProvider", "AWS::IAM::SAMLProvider"},
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::IAM::Role"); blind != nil {
		return blind
	}
	var out []check.Result
	var narrow []check.Evidence
	trusted, unread := map[string]bool{}, false
	for _, r := range c.Snapshot.OfType("AWS::IAM::Role") {
		for _, d := range fact.Doors(c, r.Key) {
			provider, _, _ := strings.Cut(d.ID, "#")
			trusted[provider] = true
			unread = unread || d.Kind == access.Public && d.Unknown
			outcome, risk, says := verdict(r, d)
			switch {
			case says == "":
			case outcome == check.Pass:
				narrow = append(narrow, check.Evidence{Key: r.Key, Outcome: check.Pass, Says: r.Name + ": " + says})
			case outcome == check.Unknown:
				out = append(out, check.Result{Target: r.Key, Says: says})
			case !d.Seen:
				out = append(out, check.Result{Target: r.Key, Says: r.Name + ": " + says + ", or not: not all that limits it was read"})
			default:
				out = append(out, check.Result{Target: r.Key, Outcome: check.Fail, Risk: risk, Says: r.Name + ": " + says})
			}
		}
	}
	out = append(out, idle(c, trusted, unread)...)
	switch {
	case len(out) > 0:
		return out
	case len(narrow) == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "no role trusts an identity provider, and there is none"}}
	}
	says := fmt.Sprintf("each of %d ways into roles through identity providers names who comes in", len(narrow))
	if len(narrow) == 1 {
		says = "the only way into a role through an identity provider names who comes in"
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: says, Evidence: narrow}}
}

// verdict looks at one way into a role. The kinds are those of the path table, by the widest subject that a trust policy lets in. says is "" of ways
// that this rule is not about. What shares no issuer with others lets in less, however wide it is.
func verdict(role *snapshot.Resource, d fact.Door) (outcome check.Outcome, risk int, says string) {
	provider, subjects, _ := strings.Cut(d.ID, "#")
	host := fact.Host(provider)
	p := fact.PlatformOf(host)
	if p.Name == "GitHub" && (d.Kind == access.OIDCNoSubject || d.Kind == access.OIDCOrg) && (asksFor(role, host+":repository_id") || asksFor(role, host+":repository")) {
		return check.Pass, 0, "another claim than the subject names the repository"
	}
	like := ""
	if p.Like != "" {
		like = "; a subject is like " + p.Like
	}
	switch d.Kind {
	case access.Public: // the trust policy was not understood
		if d.Unknown {
			return check.Unknown, 0, d.Says
		}
	case access.OIDCNoSubject:
		switch {
		case provider == "any identity provider":
			return check.Fail, 25, "whoever has a token of any provider of the account comes in"
		case !p.Shared:
			return check.Fail, 10, "any identity of " + p.Name + " comes in" + like
		}
		return check.Fail, 25, "whoever has an account with " + p.Name + " comes in" + like
	case access.OIDCOrg:
		if p.Shared && !all(subjects, p.Names) {
			return check.Fail, 12, d.Says + " comes in" + like
		}
		return check.Pass, 0, d.Says
	case access.OIDCRepo:
		return check.Pass, 0, d.Says + "; an environment, or one branch, would be narrower"
	case access.Pod:
		for s := range strings.SplitSeq(subjects, "|") {
			if name, ok := strings.CutPrefix(s, "system:serviceaccount:"); ok && strings.HasPrefix(name, "*") || !ok && strings.ContainsAny(s, "*?") {
				return check.Fail, 10, "any service account of the cluster comes in" + like
			}
		}
		return check.Pass, 0, d.Says
	case access.OIDCPinned, access.SSO:
		return check.Pass, 0, d.Says
	case access.AnyPrincipal, access.WebHost:
		if !strings.HasPrefix(d.ID, "cognito-identity.") {
			return outcome, 0, ""
		}
		if !asksFor(role, host+":aud") {
			return check.Fail, 25, "anybody's identity pool leads to it: the trust policy does not ask for the pool (cognito-identity.amazonaws.com:aud)"
		}
		return check.Pass, 0, d.Says
	}
	return outcome, 0, ""
}

func all(subjects string, is func(string) bool) bool {
	for s := range strings.SplitSeq(subjects, "|") {
		if !is(s) {
			return false
		}
	}
	return true
}

// asksFor tells whether every statement of a trust policy that lets web identities in asks for a claim, in full.
func asksFor(role *snapshot.Resource, key string) bool {
	p := fact.Trust(role)
	if p == nil {
		return false
	}
	for i := range p.Statements {
		st := &p.Statements[i]
		if st.Effect != iam.EffectAllow || !st.SpeaksOf("sts:AssumeRoleWithWebIdentity") || st.Principals == nil || len(st.Principals.Federated) == 0 {
			continue
		}
		asked := false
		for _, c := range st.Conditions {
			op := strings.ToLower(c.Operator)
			asked = asked || strings.EqualFold(c.Key, key) && !strings.Contains(op, "not") && !strings.HasSuffix(op, "ifexists") && !strings.HasPrefix(op, "forallvalues:") && op != "null" &&
				!slices.ContainsFunc(c.Values, func(v string) bool { return strings.HasPrefix(op, "stringlike") && strings.ContainsAny(v, "*?") })
		}
		if !asked {
			return false
		}
	}
	return true
}

// idle are providers that no role trusts: whoever may edit a trust policy needs nothing else to use one. Identity Center keeps its own. Where what some role
// trusts was not read, which is told of that role, no provider can be called idle.
func idle(c check.Case, trusted map[string]bool, unread bool) []check.Result {
	var out []check.Result
	for _, typ := range []string{"AWS::IAM::OIDCProvider", "AWS::IAM::SAMLProvider"} {
		out = append(out, c.Blind(typ)...)
		for _, p := range c.Snapshot.OfType(typ) {
			if !unread && !trusted[string(p.Key)] && !strings.HasPrefix(p.Name, "AWSSSO_") {
				out = append(out, check.Result{Target: p.Key, Outcome: check.Fail, Risk: 4, Says: "no role trusts the provider " + p.Name})
			}
		}
	}
	return out
}
