// Package grd03 wants the organisation to limit the account.
package grd03

import (
	"embed"
	"fmt"
	"slices"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is GRD-03.
var Rule = check.Rule{
	ID:    "GRD-03",
	Title: "The organisation's policies limit what the account may do",
	Why: "A service control policy holds for everybody in the account, administrators and root too, and nobody in the account can take it away. It is the only " +
		"guardrail that an administrator who was taken over cannot remove.",
	Fix: "In the management account: deny in an SCP what nobody is to do (leave the organisation, stop the trail, act in other Regions, act as root), try it on one " +
		"unit, then attach it to the account's. A resource control policy keeps outsiders from its data.",
	Read: 3, Write: 4, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC03-BP05"},
	Sources: []string{
		"https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html",
		"https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html",
	},
	Needs:    []string{"AWS::Organizations::Organization", "AWS::Organizations::Policy"},
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	x := check.Result{Target: c.Account()}
	orgs := c.Snapshot.OfType("AWS::Organizations::Organization")
	policies := c.Snapshot.OfType("AWS::Organizations::Policy")
	switch {
	case len(orgs) == 0 && len(policies) == 0:
		if blind := c.Blind("AWS::Organizations::Organization"); blind != nil {
			return blind
		}
		x.Outcome, x.Says = check.NotApplicable, "the account stands alone: there is no organisation whose policies could limit it"
		return []check.Result{x}
	case len(orgs) > 0 && orgs[0].Text("ManagementAccountId") == c.Snapshot.Account:
		x.Outcome, x.Says = check.NotApplicable, "this is the organisation's management account, which its policies do not bind"
		return []check.Result{x}
	}
	var limits, unread []string
	for _, p := range policies {
		switch limiting(p) {
		case snapshot.Known:
			if !slices.Contains(limits, p.Text("Name")) { // it may be attached at several levels
				limits = append(limits, p.Text("Name"))
			}
			x.Evidence = append(x.Evidence, check.Evidence{Key: p.Key, Outcome: check.Pass, Says: fmt.Sprintf("%s (%s)", p.Text("Name"), p.Text("Type"))})
		case snapshot.Unknown:
			unread = append(unread, p.Text("Name"))
		}
	}
	unlisted := c.Unlisted("AWS::Organizations::Policy")
	switch {
	case len(limits) > 0:
		x.Outcome, x.Says = check.Pass, "the account is limited by "+check.Few(limits)
	case len(unlisted) > 0:
		x.Says, x.Evidence = unlisted[0].Says, unlisted
	case len(unread) > 0:
		x.Says = "what " + check.Few(unread) + " limit was not read"
	default:
		x.Outcome, x.Says = check.Fail, "the account is in an organisation, and no policy of it limits anything"
	}
	return []check.Result{x}
}

// limiting tells whether a policy takes anything away: it denies something, or, a service control policy, allows less than everything.
func limiting(p *snapshot.Resource) snapshot.State {
	doc, st := p.Document("Content")
	if st != snapshot.Known {
		return snapshot.Unknown
	}
	parsed, _ := iam.ParseLenient(doc)
	if parsed == nil || len(parsed.Unparsed) > 0 {
		return snapshot.Unknown
	}
	all := false
	for i := range parsed.Statements {
		s := &parsed.Statements[i]
		if s.Effect == iam.EffectDeny {
			return snapshot.Known
		}
		all = all || slices.Contains(s.Actions, "*") && slices.Contains(s.Resources, "*") && len(s.Conditions) == 0
	}
	if p.Text("Type") == "SERVICE_CONTROL_POLICY" && !all {
		return snapshot.Known
	}
	return snapshot.Absent
}
