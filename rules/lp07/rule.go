// Package lp07 wants what the analyzer found to be dealt with.
package lp07

import (
	"embed"
	"fmt"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is LP-07.
var Rule = check.Rule{
	ID:    "LP-07",
	Title: "What the analyzer of external access found is dealt with in 14 days",
	Why: "A finding is either access that should not be, or access that somebody decided on. The first is taken away, the second archived with a " +
		"rule that says why. A list that only grows is read by nobody, and the finding that matters is lost in it.",
	Fix: "Take the access away, or archive what is meant: aws accessanalyzer create-archive-rule, with a filter that names the account or the " +
		"resource. Archived findings are not counted here.",
	Read: 3, Write: 3, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC03-BP07"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-findings.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-archive-rules.html",
		"https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ListFindingsV2.html",
	},
	Needs:    []string{fact.Analyzer},
	Judge:    judge,
	Examples: examples,
}

// days is how long a finding may be open.
const days = 14

// external is the kind of findings about who gets in from outside. What is not used has rules of its own, and what the organisation itself may do is no
// trouble by being found.
const external = "accessanalyzer:ExternalAccess"

func judge(c check.Case) []check.Result {
	analyzers := fact.Analyzers(c)
	blind := c.Blind(fact.Analyzer)
	if len(analyzers) == 0 {
		if blind != nil {
			return blind
		}
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "nothing looks for access from outside, so that nothing is found (LP-06)"}}
	}
	old, open := findings(c)
	out := append(blind, old...)
	var young []string
	for _, a := range analyzers {
		if a.IsUnknown("Findings") {
			out = append(out, check.Result{Target: a.Key, Says: fmt.Sprintf("what the analyzer %s found in %s was not read in full", a.Name, a.Region)})
		}
		if a.IsUnknown("CreatedAt") {
			out = append(out, check.Result{Target: a.Key, Says: fmt.Sprintf("since when the analyzer %s looks was not read", a.Name)})
		}
		made, err := time.Parse(time.RFC3339, a.Text("CreatedAt"))
		if err == nil && c.Snapshot.Taken.Sub(made) < 24*time.Hour {
			young = append(young, a.Region)
		}
	}
	switch {
	case len(out) > 0:
		return out
	case len(young) > 0:
		return []check.Result{{Target: c.Account(), Says: "the analyzer in " + strings.Join(young, ", ") + " is not a day old: it may not have looked at everything yet"}}
	case open > 0:
		return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("%s open, none for more than %d days", check.Count(open, "finding is", "findings are"), days)}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "no finding of the analyzer is open"}}
}

// findings are the things about which something is open for too long, a verdict each, and how many others are open.
func findings(c check.Case) (old []check.Result, open int) {
	at := map[snapshot.Key]int{}
	for _, o := range c.Snapshot.Observations {
		if o.Source != "accessanalyzer" || o.Kind != external {
			continue
		}
		n := fact.Days(c, o.At)
		if !o.At.IsZero() && n <= days {
			open++
			continue
		}
		i, seen := at[o.About]
		if !seen {
			i = len(old)
			at[o.About] = i
			old = append(old, check.Result{Target: o.About, Outcome: check.Fail})
		}
		says := o.Says
		if o.At.IsZero() {
			says += "; when it was found was not read"
		} else {
			says += fmt.Sprintf("; found %d days ago", n)
		}
		old[i].Evidence = append(old[i].Evidence, check.Evidence{Key: o.About, Outcome: check.Fail, Says: says})
	}
	for i := range old {
		r := &old[i]
		r.Says = fmt.Sprintf("%s: %s", fact.Name(c, r.Target), r.Evidence[0].Says)
		if n := len(r.Evidence) - 1; n > 0 {
			r.Says += fmt.Sprintf(", and %d more", n)
		}
	}
	return old, open
}
