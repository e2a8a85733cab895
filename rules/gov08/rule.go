// Package gov08 wants waivers and overrides to be in date.
package gov08

import (
	"cmp"
	"embed"
	"fmt"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/check"
)

//go:embed examples
var examples embed.FS

// Rule is GOV-08.
var Rule = check.Rule{
	ID:    "GOV-08",
	Title: "Waivers and overrides are owned, narrow and in date",
	Why: "What was accepted for a quarter stays accepted for years, unless it ends by itself. A waiver that ended counts for " +
		"nothing any more, and its finding is back.",
	Fix: "Look at each again: renew it with a new day (at most 180 days ahead), or take it out of footing.yaml and do what it " +
		"put off.",
	Read: 2, Write: 2, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC01-BP03"},
	Sources: []string{
		"https://docs.aws.amazon.com/wellarchitected/latest/framework/a-sec-security.html",
	},
	Stated:   true,
	Judge:    judge,
	Examples: examples,
}

// mostDays is how far ahead a waiver may end.
const mostDays = 180

// judge looks at what people accepted. The reader of footing.yaml refuses one without a reason, an author and dates.
func judge(c check.Case) []check.Result {
	n := 0
	var out []check.Result
	look := func(what string, line int, date, until string, over, ahead bool) {
		n++
		from, err := time.Parse(time.DateOnly, date)
		to, err2 := time.Parse(time.DateOnly, until)
		says := ""
		switch {
		case over:
			says = "ended on " + until
		case ahead:
			says = "is dated " + date + ", which is still to come"
		case err != nil || err2 != nil || to.Sub(from) > mostDays*24*time.Hour:
			says = fmt.Sprintf("holds until %s, more than %d days from %s", until, mostDays, date)
		default:
			return
		}
		out = append(out, check.Result{Outcome: check.Fail, Target: c.Account(), Says: what + " " + says, Location: check.Location{File: c.File, Line: line}})
	}
	for i := range c.Model.Waivers {
		w := &c.Model.Waivers[i]
		about := cmp.Or(w.Rule, w.Threat, w.Objective)
		look("the waiver of "+strings.TrimSpace(about+" "+w.Target.ID+" "+w.Target.Access), w.Line, w.Date, w.Until, w.Over(c.Now), w.Ahead(c.Now))
	}
	for i := range c.Model.Overrides {
		o := &c.Model.Overrides[i]
		look("the override of "+strings.TrimSpace(o.Target.ID+" "+o.Target.Access), o.Line, o.Date, o.Until, o.Over(c.Now), o.Ahead(c.Now))
	}
	switch {
	case n == 0:
		return []check.Result{{Outcome: check.NotApplicable, Says: "nobody accepted anything"}}
	case len(out) == 0:
		return []check.Result{{Outcome: check.Pass, Target: c.Account(), Says: check.Count(n, "waiver or override is", "waivers and overrides are") + " in date"}}
	}
	return out
}
