// Package adm04 wants no machine to administer the account.
package adm04

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is ADM-04.
var Rule = check.Rule{
	ID:    "ADM-04",
	Title: "No machine administers the account",
	Why: "Whoever gets into what runs, or into the repository that builds it, gets what its role may do. A machine needs to be told in advance what it does, " +
		"so it never needs everything.",
	Fix: "Give the role the actions that it uses (IAM console, the role, Last Accessed) and detach the rest. What must create roles gets a permissions boundary for " +
		"all that it creates. The role that CloudFormation works with stays wide: see to it that only the pipeline may pass it.",
	Read: 5, Write: 5, Likelihood: 3,
	Tier: 1,
	With: []string{"ADM-05"},
	Refs: []string{"wa:SEC03-BP02", "ssb:WKLD.01"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
		"https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html",
		"https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html",
	},
	Needs:    fact.AdministratorTypes,
	Judge:    judge,
	Examples: examples,
}

// held is one principal that administers, and the machines that hold it.
type held struct {
	sure     bool
	machines []*fact.Administrator
	by       []string
	path     *access.Path
}

// One decision is one role, or one user: the machines that hold it are told together. A service-linked role is AWS's own.
func judge(c check.Case) []check.Result {
	x := fact.Administering(c)
	roles, order := map[string]*held{}, []string{}
	var unsaid []check.Evidence
	for i := range x.List {
		a := &x.List[i]
		if a.Kind == fact.Unsaid && !a.Anybody && strings.Contains(a.Holds[0].Principal, ":"+c.Snapshot.Account+":") {
			unsaid = append(unsaid, check.Evidence{Key: snapshot.Key(a.Holds[0].Principal), Outcome: check.Unknown, Who: []string{a.ID}, Says: a.Name + " " + a.Why})
		}
		if u, ours := c.Snapshot.Get(snapshot.Key(a.Holds[0].Principal)); a.Kind == fact.Person && ours && u.Type == "AWS::IAM::User" && x.People.MayBeMachine(u) {
			unsaid = append(unsaid, check.Evidence{Key: u.Key, Outcome: check.Unknown, Who: []string{a.ID}, Says: a.Name + " has tags that were not read, and may be a machine"})
		}
		if a.Kind != fact.Machine {
			continue
		}
		for j := range a.Holds {
			h := &a.Holds[j]
			r := roles[h.Principal]
			if r == nil {
				r = &held{path: &h.Path}
				roles[h.Principal] = r
				order = append(order, h.Principal)
			}
			r.sure = r.sure || h.Sure
			r.machines = append(r.machines, a)
			if says := heldBy(a, h); !slices.Contains(r.by, says) {
				r.by = append(r.by, says)
			}
		}
	}
	slices.Sort(order)
	var out []check.Result
	for _, id := range order {
		out = append(out, roles[id].result(c, x, snapshot.Key(id)))
	}
	if len(unsaid) > 0 {
		out = append(out, check.Result{Target: c.Account(), Says: unsaid[0].Says + ", and it administers the account", Evidence: unsaid})
	}
	if obscure := x.Obscure(); len(obscure) > 0 {
		out = append(out, check.Result{Target: c.Account(), Says: obscure[0].Says, Evidence: obscure})
	}
	out = append(out, c.Blind("AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy")...)
	if len(out) == 0 {
		out = append(out, check.Result{Target: c.Account(), Outcome: check.Pass, Says: "no machine administers the account"})
	}
	return out
}

func heldBy(a *fact.Administrator, h *fact.Holding) string {
	if h.Entry != nil {
		return h.Entry.Says
	}
	return a.Why
}

func (r *held) result(c check.Case, x *fact.Administration, k snapshot.Key) check.Result {
	e := check.Evidence{Key: k, Access: access.Admin, Outcome: check.Fail, Says: fact.Name(c, k) + ": " + x.Way(r.path), Path: r.path}
	for _, a := range r.machines {
		e.Who = append(e.Who, a.ID)
	}
	slices.Sort(e.Who)
	e.Who = slices.Compact(e.Who)
	out := check.Result{Target: k, Outcome: check.Fail, Says: fmt.Sprintf("%s administers the account, held by %s", fact.Name(c, k), check.Few(r.by))}
	if strings.Contains(string(k), ":user/") {
		out.Says = fmt.Sprintf("%s, a machine, administers the account: %s", fact.Name(c, k), r.machines[0].Why)
	}
	if !r.sure {
		out.Outcome, e.Outcome, out.Says = check.Unknown, check.Unknown, "perhaps "+out.Says
	} else if x.Stacks(string(k)) {
		if others := passers(c, x, k); len(others) == 0 {
			out.Risk, out.Says = 5, fmt.Sprintf("CloudFormation administers the account as %s, which no person and at most one machine may pass to it", fact.Name(c, k))
		} else {
			out.Says = fmt.Sprintf("CloudFormation administers the account as %s, which %s may pass to it", fact.Name(c, k), check.Few(others))
		}
	}
	out.Evidence = []check.Evidence{e}
	return out
}

// passers are the people who may pass a role, themselves or as a role that they assume, and the machines, where more than one may. Whoever administers the
// account by his own policies may pass anything.
func passers(c check.Case, x *fact.Administration, k snapshot.Key) (others []string) {
	machines := 0
	for _, a := range c.Access.WhoAction("iam:PassRole", k) {
		r, ours := c.Snapshot.Get(snapshot.Key(a.Principal))
		assumes := !slices.ContainsFunc(a.Path.Steps, func(s access.Step) bool { return s.By != "assume-role" })
		if !ours || !assumes || a.Principal == string(k) || x.Outright(a.Principal) {
			continue
		}
		if r.Type == "AWS::IAM::User" {
			if kind, _ := x.People.OfUser(r); kind != fact.Machine {
				others = append(others, r.Name)
				continue
			}
		}
		if !a.Direct {
			continue // it is counted as the role that may
		}
		if machines++; machines > 1 {
			others = append(others, r.Name)
		}
	}
	return others
}
