// Package mfa04 wants administrators to have MFA that cannot be phished.
package mfa04

import (
	"embed"
	"fmt"
	"slices"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is MFA-04.
var Rule = check.Rule{
	ID:    "MFA-04",
	Title: "No administrator's MFA is an app that shows codes",
	Why: "Six digits from an app can be typed into the wrong page, and are then used by somebody else within the half minute. A security key or a passkey answers only to " +
		"the page that it was made for.",
	Fix: "Register a passkey or a security key (FIDO2) under Security credentials, try it, then remove the virtual device: the weaker of two decides. For people who come " +
		"through a provider, say in footing.yaml what it asks for: attestations: [{rule: MFA-04, …}].",
	Read: 3, Write: 3, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC02-BP01", "ssb:ACCT.05"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa.html",
		"https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListVirtualMFADevices.html",
	},
	Needs:    append([]string{"AWS::IAM::VirtualMFADevice"}, fact.AdministratorTypes...),
	Judge:    judge,
	Examples: examples,
}

// One list tells it for everybody: who has MFA and no virtual device has a key, a passkey or a hardware token, whose codes could be typed into the wrong
// page too: no list tells them apart. Who has none is ADM-03's.
func judge(c check.Case) []check.Result {
	if blind := c.Blind(fact.AdministratorTypes...); blind != nil {
		return blind
	}
	devices, blind := fact.VirtualDevices(c)
	if blind != nil {
		return blind[:1]
	}
	if _, blind := fact.Credentials(c); blind != nil {
		return blind
	}
	x := fact.Administering(c)
	var out []check.Result
	if obscure := x.Obscure(); len(obscure) > 0 {
		out = append(out, check.Result{Target: c.Account(), Says: obscure[0].Says, Evidence: obscure})
	}
	var outside, strong []string
	for i := range x.List {
		a := &x.List[i]
		if u, ours := c.Snapshot.Get(snapshot.Key(a.Holds[0].Principal)); a.Kind == fact.Unsaid && ours {
			if row, _ := x.People.Credential(u.Key); row.Missed("PasswordEnabled", "MfaActive") {
				out = append(out, check.Result{Target: u.Key, Says: "whether " + a.Name + ", an administrator, is a person, and has MFA, was not read"})
			}
		}
		if a.Kind != fact.Person || a.Anybody {
			continue
		}
		for _, h := range a.Holds {
			r, ours := c.Snapshot.Get(snapshot.Key(h.Principal))
			if !ours || r.Type != "AWS::IAM::User" {
				outside = append(outside, a.Name)
				continue
			}
			row, known := x.People.Credential(r.Key)
			switch {
			case !known || slices.Contains(row.Unread, "MfaActive"):
				out = append(out, check.Result{Target: r.Key, Says: "whether " + r.Name + ", an administrator, has MFA was not read"})
			case len(devices[r.Key]) > 0:
				out = append(out, virtual(c, r, devices[r.Key], row.MFA))
			case row.MFA:
				strong = append(strong, r.Name)
			}
		}
	}
	if len(outside) > 0 {
		slices.Sort(outside)
		out = append(out, check.Result{Target: c.Account(), Outcome: check.Manual, Says: "only who runs the provider can tell what it asks of " + check.Few(slices.Compact(outside))})
	}
	switch {
	case len(out) > 0:
	case len(strong) > 0:
		out = append(out, check.Result{Target: c.Account(), Outcome: check.Pass, Says: "no app shows the codes of " + check.Few(strong)})
	default:
		out = append(out, check.Result{Target: c.Account(), Outcome: check.NotApplicable, Says: "no administrator has MFA as an IAM user"})
	}
	return out
}

func virtual(c check.Case, r *snapshot.Resource, list []*snapshot.Resource, reported bool) check.Result {
	out := check.Result{Target: r.Key, Outcome: check.Fail, Says: fmt.Sprintf("%s, an administrator, signs in with codes from an app", r.Name)}
	if !reported {
		out.Says += ", registered after the credential report was made"
	}
	for _, d := range list {
		out.Evidence = append(out.Evidence, check.Evidence{Key: d.Key, Outcome: check.Fail, Says: "virtual device " + fact.Name(c, d.Key)})
	}
	return out
}
