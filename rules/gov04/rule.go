// Package gov04 wants things to be made by code.
package gov04

import (
	"embed"
	"fmt"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/judge/relation"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is GOV-04.
var Rule = check.Rule{
	ID:    "GOV-04",
	Title: "What there is was made by code",
	Why: "What a stack or Terraform made can be made again, is reviewed before it changes, and cannot be changed unseen. What " +
		"hands made is known to whoever made it.",
	Fix: "footing list --unmanaged lists it. Begin with what holds data and what lets people in: CloudFormation takes existing " +
		"things in (IaC generator), Terraform with import blocks. Terraform leaves no trace but tags: have the provider tag all it makes " +
		"(default_tags, ManagedBy = terraform).",
	Read: 2, Write: 3, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC01-BP06", "wa:SEC11-BP06", "ssb:WKLD.15"},
	Sources: []string{
		"https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/generate-IaC.html",
		"https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources.html",
	},
	Needs:    []string{"AWS::CloudFormation::Stack"},
	Judge:    judge,
	Examples: examples,
}

// mostByHand is the share of things, in per cent, that may be nobody's.
const mostByHand = 20

// judge counts what holds or runs something: what has a row on the sheet, and every role. What is a part of such a thing is made with it.
func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::CloudFormation::Stack"); blind != nil {
		return blind
	}
	g := relation.Of(c.Snapshot)
	seen := map[snapshot.Key]bool{}
	var hand, untold []string
	out := check.Result{Target: c.Account(), Outcome: check.Pass}
	count := func(r *snapshot.Resource) {
		if seen[r.Key] || r.Type == "AWS::Account" || strings.HasPrefix(r.Text("Path"), "/aws-") {
			return
		}
		seen[r.Key] = true
		switch g.Managed(c.Snapshot, r).By {
		case relation.Nobody:
			hand = append(hand, fact.Name(c, r.Key))
			out.Evidence = append(out.Evidence, check.Evidence{Key: r.Key, Outcome: check.Fail, Says: "no stack holds it, and no tag names a tool"})
		case relation.Untold:
			untold = append(untold, fact.Name(c, r.Key))
		}
	}
	for i := range c.Sheet.Rows {
		if r, ok := c.Snapshot.Get(c.Sheet.Rows[i].Key); ok {
			count(r)
		}
	}
	for _, r := range c.Snapshot.OfType("AWS::IAM::Role") {
		count(r)
	}
	n := len(seen)
	switch {
	case n == 0:
		out.Outcome, out.Says = check.NotApplicable, "there is nothing that code could have made"
	case len(hand)*100 > mostByHand*n:
		out.Outcome = check.Fail
		out.Says = fmt.Sprintf("%d of %d things that matter were made by hand, as far as stacks and tags tell: %s", len(hand), n, strings.Join(hand[:min(len(hand), 3)], ", "))
	case (len(hand)+len(untold))*100 > mostByHand*n:
		out.Outcome, out.Says = check.Unknown, fmt.Sprintf("of %d of %d things the tags were not read", len(untold), n)
	default:
		out.Says = fmt.Sprintf("%d of %d things that matter were made by code", n-len(hand)-len(untold), n)
	}
	if out.Outcome == check.Pass || out.Outcome == check.NotApplicable {
		hides := fact.Hides(c)
		if blind := c.BlindTo(func(typ string) bool { return typ == "AWS::IAM::Role" || hides(typ) }); blind != nil {
			return blind
		}
	}
	return []check.Result{out}
}
