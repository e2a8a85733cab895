// Package dat06 wants it to be known of every store what is in it, where it belongs and whose it is.
package dat06

import (
	"embed"
	"fmt"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/judge/isolation"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is DAT-06.
var Rule = check.Rule{
	ID:    "DAT-06",
	Title: "Every store has a data class, a unit and an owner",
	Why: "What it would mean that somebody reads a store is told by the class of what is in it; without one it weighs what its kind weighs, " +
		"which may be far too little. Whether somebody from development may get there is told by its unit, and who answers by its owner.",
	Fix: "Tag it (data-class, environment, owner), or say so in footing.yaml: resources with a class and an owner, units with a bind. footing " +
		"init --sync writes down what is missing.",
	Read: 2, Write: 2, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC07-BP01", "wa:SEC07-BP02", "cis-3.0:2.1.3", "cis-4.0.1:2.1.3", "cis-5.0:2.1.3"},
	Sources: []string{
		"https://docs.aws.amazon.com/whitepapers/latest/data-classification/data-classification-overview.html",
		"https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
	},
	Needs:    fact.StoreTypes(),
	Judge:    judge,
	Examples: examples,
}

// judge gives one verdict on all stores: one pass over them settles it. What each lacks is in the evidence.
func judge(c check.Case) []check.Result {
	out := c.Blind(fact.StoreTypes()...)
	stores := fact.Stores(c)
	units := isolation.Of(c.Snapshot, c.Model)
	v := check.Result{Target: c.Account(), Outcome: check.Pass}
	var names []string
	count := map[string]int{}
	unread := 0
	for _, r := range stores {
		lacks := lacking(c, units, r)
		e := check.Evidence{Key: r.Key, Outcome: check.Fail, Says: "it has no " + strings.Join(lacks, ", no ")}
		switch {
		case len(lacks) == 0:
			continue
		case r.IsUnknown("Tags"):
			e.Outcome, e.Says = check.Unknown, e.Says+" that was read: its tags were not"
			unread++
		default:
			for _, l := range lacks {
				count[l]++
			}
			names = append(names, fact.Name(c, r.Key))
		}
		v.Evidence = append(v.Evidence, e)
	}
	switch {
	case len(names) > 0:
		var parts []string
		for _, l := range labels {
			if count[l] > 0 {
				parts = append(parts, fmt.Sprintf("%s of %d", l, count[l]))
			}
		}
		v.Outcome = check.Fail
		v.Says = fmt.Sprintf("of %s nobody says the %s: %s", check.Count(len(stores), "store", "stores"), strings.Join(parts, ", the "), check.Few(names))
	case unread > 0:
		v.Outcome, v.Says = check.Unknown, fmt.Sprintf("what the tags of %s tell was not read", check.Count(unread, "store", "stores"))
	case len(out) > 0:
		return out
	case len(stores) == 0:
		v.Outcome, v.Says = check.NotApplicable, "nothing in this account stores data"
	default:
		v.Says = "every store has a class, a unit and an owner: " + check.Count(len(stores), "store", "stores")
	}
	return append(out, v)
}

// labels in the order in which they are told.
var labels = []string{"class", "unit", "owner"}

func lacking(c check.Case, units *isolation.Units, r *snapshot.Resource) []string {
	var out []string
	if c.Model.Class(r) == "" {
		out = append(out, "class")
	}
	if units.Unit(r.Key) == "" {
		out = append(out, "unit")
	}
	if c.Model.Owner(r) == "" && c.Model.DefaultOwner == "" {
		out = append(out, "owner")
	}
	return out
}
