package service

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/budgets"
	"github.com/aws/aws-sdk-go-v2/service/budgets/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Budgets reads whether somebody is told when the bill grows, never what was spent nor an address.
func Budgets() Service {
	return Service{
		Name: "budgets", Global: true,
		Calls: []Call{
			list("budgets:DescribeBudgets", "budgets:ViewBudget", "?Budgets", "whether the bill is watched", "AWS::Budgets::Budget"),
			about("budgets:DescribeBudgetNotificationsForAccount", "budgets:ViewBudget", "?BudgetNotificationsForAccount", "from when on somebody is told"),
		},
		Read: readBudgets,
	}
}

func readBudgets(ctx context.Context, s *Scope) {
	c := budgets.NewFromConfig(s.Config())
	var found []*snapshot.Resource
	pages(ctx, s, "budgets:DescribeBudgets", budgets.NewDescribeBudgetsPaginator(c, &budgets.DescribeBudgetsInput{AccountId: &s.Account, MaxResults: aws.Int32(100)}), func(o *budgets.DescribeBudgetsOutput) {
		for _, b := range o.Budgets {
			found = append(found, budget(s, b))
		}
	})
	if len(found) == 0 {
		return
	}
	told := map[string][]types.Notification{}
	_, unread := turn(ctx, s, budgets.NewDescribeBudgetNotificationsForAccountPaginator(c, &budgets.DescribeBudgetNotificationsForAccountInput{AccountId: &s.Account}),
		func(o *budgets.DescribeBudgetNotificationsForAccountOutput) {
			for _, n := range o.BudgetNotificationsForAccount {
				told[deref(n.BudgetName)] = slices.Concat(told[deref(n.BudgetName)], n.Notifications)
			}
		})
	for _, r := range found {
		if unread != nil {
			s.Miss(r, "NotificationsWithSubscribers", "budgets:DescribeBudgetNotificationsForAccount", unread)
		} else {
			r.Properties["NotificationsWithSubscribers"] = sorted(told[r.Name], notification)
		}
		s.Add(*r)
	}
}

func budget(s *Scope, b types.Budget) *snapshot.Resource {
	r := s.New("AWS::Budgets::Budget", "arn:"+s.Partition+":budgets::"+s.Account+":budget/"+deref(b.BudgetName), deref(b.BudgetName), "budgets:DescribeBudgets")
	m := object{}
	set(m, "BudgetName", b.BudgetName)
	text(m, "BudgetType", b.BudgetType)
	text(m, "TimeUnit", b.TimeUnit)
	if b.AutoAdjustData != nil {
		m["AutoAdjustData"] = object{"AutoAdjustType": string(b.AutoAdjustData.AutoAdjustType)} // the limit then moves by itself
	} else if b.BudgetLimit != nil {
		m["BudgetLimit"] = object{"Amount": deref(b.BudgetLimit.Amount), "Unit": deref(b.BudgetLimit.Unit)}
	}
	filters := object{}
	for name, values := range b.CostFilters { //nolint:staticcheck // what is told unless filter expressions are asked for
		filters[name] = sorted(values, same)
	}
	if len(filters) > 0 {
		m["CostFilters"] = filters
	}
	r.Properties["Budget"] = m
	return r
}

// notification leaves out whether the threshold is passed just now, and who is told: that would cost a call for each.
func notification(n types.Notification) any {
	m := object{"Threshold": n.Threshold}
	text(m, "NotificationType", n.NotificationType)
	text(m, "ComparisonOperator", n.ComparisonOperator)
	text(m, "ThresholdType", n.ThresholdType)
	return object{"Notification": m}
}
