// Package gov02 wants every risk above the threshold to have somebody who does something, and a day.
package gov02

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/judge/risk"
)

//go:embed examples
var examples embed.FS

// Rule is GOV-02.
var Rule = check.Rule{
	ID:    "GOV-02",
	Title: "Risks above the threshold are owned and have a date",
	Why: "A risk that everybody knows and nobody owns stays. The sheet is computed anew with every scan; what it cannot know is " +
		"who will do something, and until when.",
	Fix: "footing init writes footing.yaml with threats and mitigations. Give the mitigation of each risk an owner and a day " +
		"(owner:, due:), or accept the risk with a waiver.",
	Read: 2, Write: 2, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC01-BP07"},
	Sources: []string{
		"https://docs.aws.amazon.com/wellarchitected/latest/framework/a-sec-security.html",
	},
	Judge:    judge,
	Examples: examples,
}

// least is the risk from which somebody has to do something: the usual gate.
const least = 15

// judge looks for rows that ask for an action of somebody, and for mitigations of their threats that have an owner and a day that is still to come.
func judge(c check.Case) []check.Result {
	out := check.Result{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("no risk is %d or more", least)}
	var names []string
	above, unread := 0, 0
	for i := range c.Sheet.Rows {
		r := &c.Sheet.Rows[i]
		if r.Within != "" || r.Risk() < least || r.State != risk.Open {
			continue
		}
		if above++; owned(c, r) {
			continue
		}
		e := check.Evidence{Key: r.Key, Access: r.Access, Outcome: check.Fail, Risk: r.Risk(), Says: fmt.Sprintf("nobody owns a mitigation of %s %s with a day that is still to come", r.ID, verb(r))}
		if r.Low() < least {
			unread++
			e.Outcome = check.Unknown
		} else {
			names = append(names, r.ID+":"+verb(r))
		}
		out.Evidence = append(out.Evidence, e)
	}
	slices.SortStableFunc(out.Evidence, func(a, b check.Evidence) int { return int(b.Outcome) - int(a.Outcome) })
	switch {
	case len(names) > 0 && c.File == "":
		out.Outcome, out.Says = check.Fail, fmt.Sprintf("there is no footing.yaml: nobody answers for %d risks of %d and more", above, least)
	case len(names) > 0:
		out.Outcome, out.Says = check.Fail, fmt.Sprintf("%d of %d risks of %d and more have no mitigation with an owner and a day: %s", len(names), above, least, strings.Join(names[:min(len(names), 3)], ", "))
	case unread > 0:
		out.Outcome, out.Says = check.Unknown, fmt.Sprintf("%d risks may be %d or more, since not all was read", unread, least)
	case above > 0:
		out.Says = fmt.Sprintf("each of %d risks of %d and more has a mitigation with an owner and a day", above, least)
	}
	if blind := c.BlindTo(fact.Hides(c)); out.Outcome == check.Pass && blind != nil {
		return blind
	}
	return []check.Result{out}
}

func owned(c check.Case, r *risk.Row) bool {
	for i := range c.Model.Threats {
		t := &c.Model.Threats[i]
		if t.Target.ID != r.ID || t.Target.Access != "" && t.Target.Access != verb(r) {
			continue
		}
		for _, id := range t.Mitigations {
			for _, m := range c.Model.Mitigations {
				due, err := time.Parse(time.DateOnly, m.Due)
				if m.ID == id && m.Owner != "" && err == nil && c.Now.Before(due.AddDate(0, 0, 1)) {
					return true
				}
			}
		}
	}
	return false
}

func verb(r *risk.Row) string { return strings.ToLower(r.Access.String()) }
