// Package lp02 wants roles that nobody uses to be gone.
package lp02

import (
	"embed"
	"fmt"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
)

//go:embed examples
var examples embed.FS

// Rule is LP-02.
var Rule = check.Rule{
	ID:    "LP-02",
	Title: "Every role was used in the last 90 days",
	Why: "A role that nobody uses keeps what it may do, and whom it trusts: a supplier who is none any more, a build that was moved. Nobody looks at it, and " +
		"nobody would miss it.",
	Fix: "Ask its owner, then delete it; or first put an inline policy on it that denies everything (Revoke active sessions lets new ones in), and wait. A role of a permission set " +
		"goes with its assignments. One that waits for an emergency is tagged footing:kind=break-glass.",
	Read: 2, Write: 3, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC03-BP04"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleLastUsed.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html",
	},
	Needs:    []string{"AWS::IAM::Role"},
	Judge:    judge,
	Examples: examples,
}

const idle = 90

// One result: to look through the list is one act.
func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::IAM::Role"); blind != nil {
		return blind
	}
	var unused, untold []string
	x := check.Result{Target: c.Account()}
	all := 0
	for _, r := range c.Snapshot.OfType("AWS::IAM::Role") {
		if fact.ServiceLinked(r.Key) || strings.EqualFold(r.Tags["footing:kind"], "break-glass") {
			continue
		}
		all++
		created, err := time.Parse(time.RFC3339, r.Text("CreateDate"))
		used, told := fact.RoleLastUsed(c, r.Key)
		switch {
		case err == nil && fact.Days(c, created) < idle, told && !used.IsZero() && fact.Days(c, used) <= idle:
			continue
		case !told:
			untold = append(untold, r.Name)
			x.Evidence = append(x.Evidence, check.Evidence{Key: r.Key, Says: "when " + r.Name + " was used last was not read"})
			continue
		case r.IsUnknown("Tags"): // it may be meant for emergencies
			untold = append(untold, r.Name)
			x.Evidence = append(x.Evidence, check.Evidence{Key: r.Key, Says: r.Name + " is not used, and whether it is for emergencies was not read"})
			continue
		}
		unused = append(unused, r.Name)
		x.Evidence = append(x.Evidence, check.Evidence{Key: r.Key, Outcome: check.Fail, Says: r.Name + " " + since(c, used)})
	}
	switch {
	case len(unused) > 0:
		x.Outcome, x.Says = check.Fail, fmt.Sprintf("not used for 90 days: %s (%d of %d roles)", check.Few(unused), len(unused), all)
	case len(untold) > 0:
		x.Says = "the last use of " + check.Few(untold) + " was not read"
	case all == 0:
		x.Outcome, x.Says = check.NotApplicable, "there are no roles but AWS's own"
	default:
		x.Outcome, x.Says = check.Pass, fmt.Sprintf("all roles (%d) were used, or made, in the last 90 days", all)
	}
	return []check.Result{x}
}

func since(c check.Case, used time.Time) string {
	if used.IsZero() {
		return "was not used in the 400 days for which AWS remembers"
	}
	return fmt.Sprintf("was not used for %d days", fact.Days(c, used))
}
