// Package idp04 wants roles for certificates to say which certificates.
package idp04

import (
	"embed"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is IDP-04.
var Rule = check.Rule{
	ID:    "IDP-04",
	Title: "Roles for certificates say which certificates take them",
	Why: "IAM Roles Anywhere gives a role to whoever has a certificate of a trust anchor of the account. A role that asks for no anchor and no name is given " +
		"to every certificate of every anchor, those that somebody adds later too: a laptop's certificate then opens what was meant for one server.",
	Fix: "In the trust policy ask for the anchor (ArnEquals aws:SourceArn) and for the certificate (StringEquals aws:PrincipalTag/x509Subject/CN, or " +
		"x509SAN/…, or x509Issuer/…). Disable trust anchors and profiles that nobody uses.",
	Read: 4, Write: 4, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC02-BP04", "wa:SEC03-BP07"},
	Sources: []string{
		"https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html",
		"https://docs.aws.amazon.com/rolesanywhere/latest/APIReference/API_CreateProfile.html",
	},
	Needs:    []string{"AWS::IAM::Role", "AWS::RolesAnywhere::TrustAnchor", "AWS::RolesAnywhere::Profile"},
	Judge:    judge,
	Examples: examples,
}

const service = "rolesanywhere.amazonaws.com"

func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::IAM::Role"); blind != nil {
		return blind
	}
	anchors, blind := live(c, "AWS::RolesAnywhere::TrustAnchor"), c.Blind("AWS::RolesAnywhere::TrustAnchor", "AWS::RolesAnywhere::Profile")
	var out []check.Result
	var fine []string
	for _, r := range c.Snapshot.OfType("AWS::IAM::Role") {
		trusts, anchor, name := asks(r)
		if trusts == snapshot.Absent {
			continue
		}
		offered := offers(c, r.Key)
		x := check.Result{Target: r.Key, Outcome: check.Fail, Says: r.Name + " is given to every certificate of every trust anchor"}
		if anchor {
			x.Says, x.Risk = r.Name+" is given to every certificate of its trust anchor", 8
		}
		switch {
		case trusts == snapshot.Unknown:
			x.Outcome, x.Risk, x.Says = check.Unknown, 0, "whether "+r.Name+" trusts Roles Anywhere was not read"
		case name:
			fine = append(fine, r.Name+" asks for the certificate")
			continue
		case blind != nil && (len(anchors) == 0 || !offered):
			x.Outcome, x.Risk, x.Says = check.Unknown, 0, r.Name+" does not say which certificates; whether a trust anchor and a profile offer it was not read"
		case len(anchors) == 0 || !offered:
			fine = append(fine, r.Name+" is offered by no profile, or there is no trust anchor")
			continue
		}
		out = append(out, x)
	}
	switch {
	case len(out) > 0:
		return out
	case len(fine) > 0:
		return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: check.Few(fine)}}
	case blind != nil:
		return blind
	case len(anchors) > 0:
		return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "no role trusts Roles Anywhere; trust anchors wait for one: " + check.Few(anchors)}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "no role trusts Roles Anywhere, and there is no trust anchor"}}
}

// live names the anchors that are not disabled. What is not told is taken to be live.
func live(c check.Case, typ string) (out []string) {
	for _, r := range c.Snapshot.OfType(typ) {
		if on, st := r.Flag("Enabled"); on || st != snapshot.Known {
			out = append(out, r.Name)
		}
	}
	return out
}

// offers tells whether a profile that is not disabled has a role.
func offers(c check.Case, role snapshot.Key) bool {
	for _, p := range c.Snapshot.OfType("AWS::RolesAnywhere::Profile") {
		on, st := p.Flag("Enabled")
		arns, told := p.Strings("RoleArns")
		if (on || st != snapshot.Known) && (slices.Contains(arns, string(role)) || told == snapshot.Unknown) {
			return true
		}
	}
	return false
}

// asks tells whether a trust policy lets Roles Anywhere in, and whether every statement that does so asks for a trust anchor, and for something of
// the certificate.
func asks(role *snapshot.Resource) (trusts snapshot.State, anchor, name bool) {
	p := fact.Trust(role)
	if p == nil {
		return snapshot.Unknown, false, false
	}
	trusts, anchor, name = snapshot.Absent, true, true
	for i := range p.Statements {
		st := &p.Statements[i]
		if st.Effect != iam.EffectAllow || !st.SpeaksOf("sts:AssumeRole") || st.Principals == nil || !slices.Contains(st.Principals.Service, service) {
			continue
		}
		trusts = snapshot.Known
		a, n := false, false
		for _, c := range st.Conditions {
			op, key := strings.ToLower(c.Operator), strings.ToLower(c.Key)
			if strings.Contains(op, "not") || strings.HasSuffix(op, "ifexists") || strings.HasPrefix(op, "forallvalues:") || op == "null" || slices.Contains(c.Values, "*") {
				continue
			}
			a = a || key == "aws:sourcearn"
			n = n || strings.HasPrefix(key, "aws:principaltag/x509") || strings.HasPrefix(key, "aws:requesttag/x509") || key == "sts:sourceidentity"
		}
		anchor, name = anchor && a, name && n
	}
	return trusts, anchor, name
}
