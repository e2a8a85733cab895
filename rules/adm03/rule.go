// Package adm03 wants people who administer the account to do so with MFA.
package adm03

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

// Rule is ADM-03.
var Rule = check.Rule{
	ID:    "ADM-03",
	Title: "Whoever administers the account uses MFA",
	Why: "A password is phished and a key is found. With MFA neither is enough, provided that it is asked for: a device that is registered guards the console, " +
		"and no access key, unless a policy wants it.",
	Fix: "Register a device for whoever has none. Delete the access keys of administrators, or allow them nothing without MFA but to get it: a Deny under " +
		"BoolIfExists aws:MultiFactorAuthPresent false (MFA-03 says of what). Where a role administers, let its trust policy ask for it with Bool; BoolIfExists on an Allow lets a key pass, " +
		"which carries no such condition key. For people who come through a provider, say in footing.yaml that it asks for MFA: attestations: [{rule: ADM-03, …}].",
	Read: 5, Write: 5, Likelihood: 4,
	Tier: 1,
	With: []string{"MFA-01"},
	Refs: []string{"wa:SEC02-BP01", "ssb:ACCT.05", "cis-3.0:1.10", "cis-4.0.1:1.10", "cis-5.0:1.9"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
	},
	Needs:    fact.AdministratorTypes,
	Judge:    judge,
	Examples: examples,
}

// verdicts collects what is found of administrators.
type verdicts struct {
	c       check.Case
	x       *fact.Administration
	guards  map[string]map[string][]access.Guard // by principal and entry
	results []check.Result
	outside []string         // people whose provider asks for MFA, or does not
	unread  []check.Evidence // who may break it
	fine    []string
}

func judge(c check.Case) []check.Result {
	v := &verdicts{c: c, x: fact.Administering(c), guards: map[string]map[string][]access.Guard{}}
	for _, p := range c.Access.Paths(c.Access.Account, access.Admin, false) {
		if v.guards[p.Principal] == nil {
			v.guards[p.Principal] = map[string][]access.Guard{}
		}
		by := v.guards[p.Principal]
		by[p.Entry.Kind+" "+p.Entry.Says] = append(by[p.Entry.Kind+" "+p.Entry.Says], p.Guards)
	}
	for i := range v.x.List {
		if a := &v.x.List[i]; a.Kind != fact.Machine && !a.Anybody {
			for h := range a.Holds {
				v.holding(a, &a.Holds[h])
			}
		}
	}
	return v.sum()
}

func (v *verdicts) sum() []check.Result {
	out := v.results
	blind := v.c.Blind(fact.AdministratorTypes...)
	if len(v.unread) > 0 && blind == nil {
		out = append(out, check.Result{Target: v.c.Account(), Says: v.unread[0].Says, Evidence: v.unread})
	}
	out = append(out, blind...)
	if len(v.outside) > 0 {
		slices.Sort(v.outside)
		out = append(out, check.Result{Target: v.c.Account(), Outcome: check.Manual,
			Says: "only who runs the provider can tell whether it asks for MFA: " + check.Few(slices.Compact(v.outside))})
	}
	if len(out) > 0 {
		return out
	}
	if len(v.fine) == 0 {
		return []check.Result{{Target: v.c.Account(), Outcome: check.NotApplicable, Says: "no person but root administers the account"}}
	}
	return []check.Result{{Target: v.c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("%s administer%s the account with MFA only", check.Few(v.fine), map[bool]string{true: "s"}[len(v.fine) == 1])}}
}

// holding judges one principal of an administrator. Only sessions of AssumeRole and GetSessionToken carry the key of MFA: of whoever comes in
// through a provider, the provider asks for it.
func (v *verdicts) holding(a *fact.Administrator, h *fact.Holding) {
	r, ours := v.c.Snapshot.Get(snapshot.Key(h.Principal))
	switch {
	case !h.Sure && h.Path.Outcome == iam.Unknown:
		v.unread = append(v.unread, check.Evidence{Key: snapshot.Key(h.Principal), Outcome: check.Unknown, Says: "whether " + a.Name + " administers the account was not read"})
	case ours && r.Type == "AWS::IAM::User":
		v.user(a, h, r)
	case ours || h.Path.Guards&access.GuardMFA == 0:
		v.outside = append(v.outside, a.Name)
	default:
		v.fine = append(v.fine, a.Name)
	}
}

func (v *verdicts) user(a *fact.Administrator, h *fact.Holding, r *snapshot.Resource) {
	row, known := v.x.People.Credential(r.Key)
	if !known || row.Missed("MfaActive", "PasswordEnabled") {
		v.unread = append(v.unread, check.Evidence{Key: r.Key, Outcome: check.Unknown, Says: "how " + r.Name + " signs in was not read"})
		return
	}
	free := func(kind string) bool { // a way in of that kind is not asked for MFA
		for entry, list := range v.guards[h.Principal] {
			if strings.HasPrefix(entry, kind+" ") && slices.ContainsFunc(list, func(g access.Guard) bool { return g&access.GuardMFA == 0 }) {
				return true
			}
		}
		return false
	}
	var says string
	weight := 0
	key := row.Keys[0].Active || row.Keys[1].Active
	switch {
	case key && free(access.AccessKey):
		says = "an access key of " + r.Name + " administers the account, and nothing asks it for MFA"
	case row.Password && !row.MFA:
		says = r.Name + " administers the account and has no MFA device"
	case row.MFA && !key && h.Path.Guards&access.GuardMFA == 0 && assumed(&h.Path):
		weight = 10
		says = r.Name + " has MFA, and the role that administers the account does not ask for it"
	case !key && free(access.AccessKey) && row.Missed("AccessKey1Active", "AccessKey2Active"):
		v.unread = append(v.unread, check.Evidence{Key: r.Key, Outcome: check.Unknown, Says: "whether " + r.Name + ", an administrator, has an access key was not read"})
		return
	default:
		v.fine = append(v.fine, r.Name)
		return
	}
	e := v.x.Evidence(a, check.Fail)
	if !h.Sure {
		e.Outcome, e.Says = check.Unknown, says+", perhaps: what it may do was not read in full"
		v.unread = append(v.unread, e)
		return
	}
	v.results = append(v.results, check.Result{Target: r.Key, Outcome: check.Fail, Says: says, Risk: weight, Evidence: []check.Evidence{e}})
}

// assumed tells whether a path goes over a role.
func assumed(p *access.Path) bool {
	return slices.ContainsFunc(p.Steps, func(s access.Step) bool { return s.By == "assume-role" })
}
