// Package acct07 wants somebody to be told when the bill grows.
package acct07

import (
	"embed"
	"fmt"
	"slices"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is ACCT-07.
var Rule = check.Rule{
	ID:    "ACCT-07",
	Title: "A budget tells somebody when the bill grows",
	Why:   "Sudden spending is the first that most people see of a break-in. A budget costs nothing and writes within hours.",
	Fix: "aws budgets create-budget for the whole account (no filters), with a notification at 80 percent of ACTUAL and one at 100 " +
		"percent of FORECASTED. If Cost Anomaly Detection writes to you instead, waive this and say so.",
	Read: 1, Write: 3, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC04-BP01", "ssb:ACCT.10"},
	Sources: []string{
		"https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-best-practices.html",
		"https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_DeleteSubscriber.html",
		"https://docs.aws.amazon.com/cost-management/latest/userguide/manage-ad.html",
	},
	Needs:    []string{"AWS::Budgets::Budget"},
	Judge:    judge,
	Examples: examples,
}

const anomaly = "AWS::CE::AnomalySubscription"

// A notification lives no longer than its last subscriber (API_budgets_DeleteSubscriber), so that who is told need not be asked. Anomaly alerts would
// do as well and are not asked for, since each question to Cost Explorer costs money: where a stack made one, that counts; else a waiver says it.
func judge(c check.Case) []check.Result {
	out := check.Result{Target: c.Account()}
	var silent, narrow, dim []string
	for _, r := range c.Snapshot.OfType("AWS::Budgets::Budget") {
		told, st := r.Maps("NotificationsWithSubscribers")
		switch {
		case r.Text("Budget.BudgetType") != "COST" && !r.IsUnknown("Budget"):
			continue // of hours, or of what was paid ahead
		case st == snapshot.Unknown || r.IsUnknown("Budget"):
			dim = append(dim, r.Name)
		case len(told) == 0:
			silent = append(silent, r.Name)
		case !whole(c, r):
			narrow = append(narrow, r.Name)
		default:
			out.Outcome, out.Says = check.Pass, fmt.Sprintf("the budget %s tells somebody", r.Name)
			out.Evidence = []check.Evidence{{Key: r.Key, Outcome: check.Pass, Says: out.Says}}
			return []check.Result{out}
		}
	}
	if says := alert(c); says != "" {
		out.Outcome, out.Says = check.Pass, says
		return []check.Result{out}
	}
	if len(dim) > 0 {
		out.Says = "whether anybody is told by " + check.Few(dim) + " was not read"
		return []check.Result{out}
	}
	if blind := c.Blind("AWS::Budgets::Budget"); blind != nil {
		return blind
	}
	switch {
	case len(narrow) > 0:
		out.Says = check.Few(narrow) + " watches a part of the bill only"
	case len(silent) > 0:
		out.Says = "the budget " + check.Few(silent) + " tells nobody"
	default:
		out.Says = "there is no budget"
	}
	out.Outcome = check.Fail
	if where, _, _ := fact.Stands(c); where == fact.Member {
		out.Outcome = check.Manual
		out.Says += "; who pays for the organisation may watch the bill, which cannot be seen from here"
	}
	return []check.Result{out}
}

// whole tells whether a budget is about all that the account spends.
func whole(c check.Case, r *snapshot.Resource) bool {
	filters, _ := r.Property("Budget.CostFilters")
	m, _ := filters.(map[string]any)
	for name := range m {
		only, _ := r.Strings("Budget.CostFilters." + name)
		if name != "LinkedAccount" || !slices.Contains(only, c.Snapshot.Account) {
			return false
		}
	}
	return true
}

// alert is an anomaly alert that a stack made, or that files tell of.
func alert(c check.Case) string {
	if list := c.Snapshot.OfType(anomaly); len(list) > 0 {
		return "the anomaly alert " + list[0].Name + " tells somebody"
	}
	for _, s := range c.Snapshot.OfType("AWS::CloudFormation::Stack") {
		parts, _ := s.Maps("Resources")
		for _, p := range parts {
			if p["ResourceType"] == anomaly {
				return "the stack " + s.Name + " made an anomaly alert"
			}
		}
	}
	return ""
}
