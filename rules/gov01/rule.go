// Package gov01 wants it to be known whose duty each thing is.
package gov01

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/duty"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is GOV-01.
var Rule = check.Rule{
	ID:    "GOV-01",
	Title: "Whose duty each thing is, is known",
	Why: "What nobody answers for is patched, watched and backed up by nobody. AWS does a part of the work for each service, and " +
		"a different one for each: as long as it is not known of a thing what is left to do, that is not done.",
	Fix: "footing list --duties shows what is of no known service. Tell us of a service that is missing; until then, write down " +
		"for it what AWS does and what you do, and say so with an attestation of GOV-01.",
	Read: 2, Write: 2, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC01-BP05", "wa:SEC07-BP01"},
	Sources: []string{
		"https://docs.aws.amazon.com/wellarchitected/latest/framework/a-sec-security.html",
	},
	Judge:    judge,
	Examples: examples,
}

// judge counts what the table of duties does not know. A list that was not read may hide more of it.
func judge(c check.Case) []check.Result {
	if len(c.Snapshot.Resources) == 0 {
		return []check.Result{{Target: c.Account(), Says: "nothing was listed"}}
	}
	things := make([]*snapshot.Resource, len(c.Snapshot.Resources))
	for i := range things {
		things[i] = &c.Snapshot.Resources[i]
	}
	sum := duty.Tables().Sum(things, nil)
	out := check.Result{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("%d things are of %d known services", sum.Classified, len(sum.Holdings))}
	types := map[string]int{}
	for _, k := range sum.Unclassified {
		r, _ := c.Snapshot.Get(k)
		types[r.Type]++
		out.Evidence = append(out.Evidence, check.Evidence{Key: k, Outcome: check.Fail, Says: r.Type + " is of no service that the table of duties knows"})
	}
	gaps := 0
	for _, v := range c.Snapshot.Coverage {
		if v.Gap() && len(v.Types) > 0 {
			gaps++
		}
	}
	switch {
	case len(sum.Unclassified)*20 > len(things):
		out.Outcome = check.Fail
		out.Says = fmt.Sprintf("%d of %d things are of services that the table of duties does not know: %s", len(sum.Unclassified), len(things), strings.Join(slices.Sorted(maps.Keys(types)), ", "))
	case gaps > 0:
		out.Outcome, out.Says = check.Unknown, check.Count(gaps, "list was", "lists were")+" not read in full, and may hold more"
	}
	return []check.Result{out}
}
