// Package adm05 wants nobody to be able to make himself an administrator.
package adm05

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

// Rule is ADM-05.
var Rule = check.Rule{
	ID:    "ADM-05",
	Title: "Nobody can make himself an administrator",
	Why: "Some permissions are administration in disguise: to write oneself a policy, to make a key of somebody else, to start something with a stronger role. " +
		"Whoever has one of them is counted by nobody as an administrator, and is one.",
	Fix: "Cut the edge that is named: take the action out of the statement, or name what it is for in Resource. Who has to make roles makes them " +
		"within a permissions boundary (GRD-02). footing who admin --without EDGE shows what is left then, and footing who admin --paths every way.",
	Read: 5, Write: 5, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC03-BP02", "wa:SEC03-BP05", "ssb:ACCT.04"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
	},
	Needs:    []string{"AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"},
	Judge:    judge,
	Examples: examples,
}

// climb is somebody who makes himself an administrator, and whoever becomes that one on the way.
type climb struct {
	who  string // whose permission it is
	how  string // the step
	path *access.Path
	sure bool
	all  []string // everybody who gets there over it
}

func judge(c check.Case) []check.Result {
	x := fact.Administering(c)
	climbs, order, admins := map[string]*climb{}, []string{}, fact.Outright(c)
	for _, a := range c.Access.Who(c.Access.Account, access.Admin) {
		i := slices.IndexFunc(a.Path.Steps, func(s access.Step) bool { return s.By != "assume-role" })
		sure := a.Path.Outcome != iam.Unknown || a.Path.Seen
		if i < 0 && sure || strings.Contains(a.Principal, ":role/aws-service-role/") {
			continue // an administrator, or of a role that is meant for him
		}
		s := access.Step{From: a.Principal, By: a.Path.By} // perhaps one, perhaps somebody who becomes one
		if i >= 0 {
			s = a.Path.Steps[i]
		}
		if x.Stacks(s.From) {
			continue // wide by design: ADM-04 looks at who may pass it
		}
		if admins[snapshot.Key(s.From)] {
			continue // an administrator within limits, such as some Regions, whose way around them is the surer one
		}
		k := climbs[s.From]
		if k == nil {
			k = &climb{who: s.From, how: s.By, path: &a.Path}
			climbs[s.From] = k
			order = append(order, s.From)
		}
		if a.Principal == s.From {
			k.how, k.path = s.By, &a.Path
		}
		k.sure = k.sure || sure
		k.all = append(k.all, a.Principal)
	}
	slices.Sort(order)
	var out []check.Result
	var unsure []check.Evidence
	at := map[string]int{} // results by edge
	for _, who := range order {
		k := climbs[who]
		e := check.Evidence{Key: snapshot.Key(who), Access: access.Admin, Outcome: check.Fail, Who: k.all, Path: k.path, Says: fact.Name(c, snapshot.Key(who)) + ": " + x.Way(k.path)}
		if !k.sure {
			e.Outcome = check.Unknown
			unsure = append(unsure, e)
			continue
		}
		r := k.result(c, x, &e)
		edge := r.edge + " of " + string(r.key) // several may carry policies of one name
		if i, met := at[edge]; met && r.edge != "" {
			out[i] = join(c, out[i], r)
			continue
		}
		at[edge] = len(out)
		out = append(out, r.Result)
	}
	return append(out, rest(c, x, len(out), unsure)...)
}

// rest is what is to say beside what fails.
func rest(c check.Case, x *fact.Administration, failed int, unsure []check.Evidence) (out []check.Result) {
	if len(unsure) > 0 {
		out = append(out, check.Result{Target: c.Account(), Says: "perhaps more can become administrators, by what was not read: " + unsure[0].Says, Evidence: unsure})
	}
	if blind := c.Blind("AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"); blind != nil {
		return append(out, blind...)
	}
	if hidden := x.Hidden(); hidden != nil {
		out = append(out, check.Result{Target: c.Account(), Says: "there may be more ways to administration than were seen: " + check.Few(hidden)})
	}
	if failed+len(out) == 0 {
		out = append(out, check.Result{Target: c.Account(), Outcome: check.Pass, Says: "nobody who is no administrator can become one"})
	}
	return out
}

// verdict is a result, and the edge by which it belongs with others.
type verdict struct {
	check.Result
	edge string
	key  snapshot.Key
}

func (k *climb) result(c check.Case, x *fact.Administration, e *check.Evidence) verdict {
	name := fact.Name(c, snapshot.Key(k.who))
	says := name + " can become an administrator: " + x.Way(k.path)
	edge := x.Cut(k.path, k.who)
	v := verdict{Result: check.Result{Target: snapshot.Key(k.who), Outcome: check.Fail, Says: says}}
	cut := "; " + x.Uncut()
	if edge != nil {
		cut = "; to cut: " + edge.Says
		v.edge, v.key = edge.Cut, edge.Key
	}
	e.Says += cut
	v.Says += cut
	v.Evidence = []check.Evidence{*e}
	return v
}

// join tells those who climb by one edge as one decision, about the policy that allows it.
func join(c check.Case, r check.Result, v verdict) check.Result {
	r.Target = v.key
	r.Evidence = append(r.Evidence, v.Evidence...)
	var names []string
	for _, e := range r.Evidence {
		names = append(names, fact.Name(c, e.Key))
	}
	_, cut, _ := strings.Cut(v.Says, "; to cut: ")
	cut, _, _ = strings.Cut(cut, ", which ")
	r.Says = fmt.Sprintf("%s can become administrators; to cut: %s", check.Few(names), cut)
	return r
}
