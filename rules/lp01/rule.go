// Package lp01 wants policies of the account to name what they allow.
package lp01

import (
	"cmp"
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

// Rule is LP-01.
var Rule = check.Rule{
	ID:    "LP-01",
	Title: "No policy of the account allows everything of a sensitive service",
	Why: "All of iam, sts, kms or organizations is the account itself, all of s3 or secretsmanager its data, all of cloudtrail, config or guardduty the sight " +
		"of it. A wildcard allows what AWS adds next year too.",
	Fix: "Write the actions out that are used: IAM, the policy, Access Advisor, or aws accessanalyzer start-policy-generation. Name the resources. Who " +
		"is meant to administer the account gets AWS's own AdministratorAccess, through one group or role.",
	Read: 4, Write: 5, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC03-BP02", "ssb:ACCT.04", "cis-3.0:1.16", "cis-4.0.1:1.16", "cis-5.0:1.15"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",
	},
	Needs:    fact.Principals(),
	Judge:    judge,
	Examples: examples,
}

var sensitive = []string{"cloudtrail", "config", "guardduty", "iam", "kms", "organizations", "s3", "secretsmanager", "sts"}

func judge(c check.Case) []check.Result {
	if blind := c.Blind(fact.Principals()...); blind != nil {
		return blind
	}
	admins := administrators(c)
	var out []check.Result
	looked := 0
	for _, d := range fact.Documents(c) {
		if d.Boundary {
			continue // it gives nothing, it limits
		}
		looked++
		w := wide(d.Policy)
		switch {
		case w.all == "" && len(w.services) == 0 && d.Unread:
			out = append(out, check.Result{Target: d.Key, Says: d.Says + " was not read or not understood"})
		case w.all == "" && len(w.services) == 0, w.all == "" && administered(admins, d.Holders):
		default:
			out = append(out, found(c, d, w, admins))
		}
	}
	switch {
	case len(out) > 0:
		return out
	case looked == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "the account has no policies of its own"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("no policy of the account's own (%d) allows all of a sensitive service", looked)}}
}

// administrators are those who administer the account by their own policies, and the groups of which all members do.
func administrators(c check.Case) map[snapshot.Key]bool {
	out := fact.Outright(c)
	others := map[string]bool{}
	for _, u := range c.Snapshot.OfType("AWS::IAM::User") {
		names, st := u.Strings("Groups")
		if st == snapshot.Unknown && !out[u.Key] {
			return out // he may be in any
		}
		for _, n := range names {
			others[n] = others[n] || !out[u.Key]
		}
	}
	for _, g := range c.Snapshot.OfType("AWS::IAM::Group") {
		if other, members := others[g.Name]; members && !other {
			out[g.Key] = true
		}
	}
	return out
}

// administered tells whether all who have a policy administer the account anyway, so that it gives them nothing.
func administered(admins map[snapshot.Key]bool, holders []snapshot.Key) bool {
	return len(holders) > 0 && !slices.ContainsFunc(holders, func(k snapshot.Key) bool { return !admins[k] })
}

func found(c check.Case, d fact.Document, w width, admins map[snapshot.Key]bool) check.Result {
	says := "all of " + check.Few(w.services)
	x := check.Result{Target: d.Key, Outcome: check.Fail}
	if w.all != "" {
		says, x.Risk = w.all, 20
	}
	if w.open != "" {
		says, x.Risk = says+", under a condition ("+w.open+")", 10
	}
	if administered(admins, d.Holders) {
		x.Risk = 6 // who they are is another rule's: ADM-01, ADM-04
	}
	var names []string
	for _, k := range d.Holders {
		names = append(names, fact.Name(c, k))
		x.Evidence = append(x.Evidence, check.Evidence{Key: k, Outcome: check.Fail, Says: fact.Name(c, k) + " has it"})
	}
	switch {
	case len(names) == 0:
		says, x.Risk = says+"; nobody has it", 4
	case d.Key != d.Holders[0]:
		says += "; it is attached to " + check.Few(names)
	}
	x.Says = d.Says + " allows " + says
	return x
}

// width is what a policy allows in full, on all resources. open is the key of a condition under which alone it does.
type width struct {
	all      string
	services []string
	open     string
}

func wide(p *iam.Policy) (w width) {
	if p == nil {
		return w
	}
	bound, denied := true, refused(p) // bound: every statement that is wide has a condition
	for i := range p.Statements {
		st := &p.Statements[i]
		if st.Effect != iam.EffectAllow || !everything(st) {
			continue
		}
		all, services := "", []string(nil)
		if st.NotActions != nil {
			if left := missed(st.NotActions); len(left) > 0 {
				all, services = "everything but "+check.Few(st.NotActions), left
			}
		}
		for _, a := range st.Actions {
			if a == "*" || strings.Trim(a, "*:") == "" {
				all = "everything"
			}
			services = append(services, covered(a)...)
		}
		services = slices.DeleteFunc(services, func(s string) bool { return slices.Contains(denied, s) })
		if len(denied) > 0 {
			all = "" // what is left is named
		}
		if all == "" && len(services) == 0 {
			continue
		}
		w.all, w.services = cmp.Or(w.all, all), append(w.services, services...)
		if len(st.Conditions) == 0 {
			bound = false
		} else {
			w.open = st.Conditions[0].Key
		}
	}
	if !bound {
		w.open = ""
	}
	slices.Sort(w.services)
	w.services = slices.Compact(w.services)
	return w
}

// refused are the sensitive services that a policy itself denies altogether.
func refused(p *iam.Policy) (out []string) {
	for i := range p.Statements {
		st := &p.Statements[i]
		if st.Effect != iam.EffectDeny || len(st.Conditions) > 0 || !slices.ContainsFunc(st.Resources, func(r string) bool { return strings.Trim(r, "*") == "" }) {
			continue
		}
		for _, a := range st.Actions {
			out = append(out, covered(a)...)
		}
		if st.NotActions != nil {
			out = append(out, missed(st.NotActions)...)
		}
	}
	return out
}

// kinds are the resource types that are all of a sensitive service: an ARN of one with no name means everything.
var kinds = []string{"secret", "key", "trail", "detector"}

// everything tells whether a statement speaks of all resources: "*", or an ARN in which no name stands.
func everything(st *iam.Statement) bool {
	if st.NotResources != nil {
		return true
	}
	return slices.ContainsFunc(st.Resources, func(r string) bool {
		a, ok := iam.SplitARN(r)
		if kind, name, typed := strings.Cut(strings.Replace(a.Resource, ":", "/", 1), "/"); typed && slices.Contains(kinds, kind) {
			a.Resource = name
		}
		return strings.Trim(r, "*") == "" || ok && strings.Trim(a.Resource, "*/:") == ""
	})
}

// covered are the sensitive services of which a pattern allows every action.
func covered(pattern string) (out []string) {
	service, name, ok := strings.Cut(strings.ToLower(pattern), ":")
	if !ok {
		service, name = "*", strings.Trim(pattern, "*")
	}
	if strings.Trim(name, "*") != "" {
		return nil
	}
	for _, s := range sensitive {
		if iam.Match(service, s) {
			out = append(out, s)
		}
	}
	return out
}

// missed are the sensitive services of which NotAction leaves every action allowed.
func missed(not []string) (out []string) {
	for _, s := range sensitive {
		if !slices.ContainsFunc(not, func(n string) bool {
			service, _, ok := strings.Cut(strings.ToLower(n), ":")
			return !ok || iam.Match(service, s)
		}) {
			out = append(out, s)
		}
	}
	return out
}
