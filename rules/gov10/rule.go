// Package gov10 wants scans and reviews to be recent.
package gov10

import (
	"embed"
	"fmt"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/check"
)

//go:embed examples
var examples embed.FS

// Rule is GOV-10.
var Rule = check.Rule{
	ID:    "GOV-10",
	Title: "The account was scanned this week and reviewed this quarter",
	Why: "Accounts change every day, and what people think of them does not. The review is the control that notices all other " +
		"controls which stopped.",
	Fix: "footing scan every week (from the build, or on a schedule), footing review every quarter, and footing review --sign " +
		"when it was looked at.",
	Read: 1, Write: 2, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC01-BP04", "wa:SEC01-BP08", "ssb:ACCT.12"},
	Sources: []string{
		"https://docs.aws.amazon.com/wellarchitected/latest/framework/a-sec-security.html",
	},
	Stated:   true,
	Judge:    judge,
	Examples: examples,
}

// Scans and reviews may be so many days old, unless footing.yaml says how often people review.
const (
	mostScan   = 7
	mostReview = 90
)

func judge(c check.Case) []check.Result {
	every := mostReview
	if c.Model.Review.Days > 0 {
		every = c.Model.Review.Days
	}
	days := func(t time.Time) int { return int(c.Now.Sub(t).Hours() / 24) }
	out := check.Result{Target: c.Account(), Outcome: check.Pass}
	var fails []string
	if n := days(c.Snapshot.Taken); n > mostScan {
		fails = append(fails, fmt.Sprintf("the newest scan is %s old", check.Count(n, "day", "days")))
	}
	switch {
	case c.Reviewed.IsZero():
		fails = append(fails, "nobody signed a review yet")
	case days(c.Reviewed) > every:
		fails = append(fails, fmt.Sprintf("the last review is %d days old, and they are due every %d", days(c.Reviewed), every))
	}
	if len(fails) > 0 {
		out.Outcome, out.Says = check.Fail, strings.Join(fails, "; ")
	} else {
		out.Says = fmt.Sprintf("scanned %s, reviewed %s", ago(days(c.Snapshot.Taken)), ago(days(c.Reviewed)))
	}
	return []check.Result{out}
}

func ago(days int) string {
	if days == 0 {
		return "today"
	}
	return check.Count(days, "day", "days") + " ago"
}
