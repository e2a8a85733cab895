package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

const describeAlarms = "cloudwatch:DescribeAlarms"

// CloudWatch reads alarms: what they watch and whom they tell, never a measurement or a state.
func CloudWatch() Service {
	return Service{
		Name: "cloudwatch",
		Calls: []Call{
			list(describeAlarms, describeAlarms, "", "who is told of what", "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm", "AWS::CloudWatch::LogAlarm"),
			about("cloudwatch:ListTagsForResource", "cloudwatch:ListTagsForResource", "", "whose alarm it is"),
		},
		Read: readAlarms,
	}
}

func readAlarms(ctx context.Context, s *Scope) {
	c := cloudwatch.NewFromConfig(s.Config())
	var found []*snapshot.Resource
	// Without a kind, only alarms on metrics are told.
	// "DescribeAlarms", https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
	in := &cloudwatch.DescribeAlarmsInput{AlarmTypes: types.AlarmType("").Values()}
	pages(ctx, s, describeAlarms, cloudwatch.NewDescribeAlarmsPaginator(c, in), func(o *cloudwatch.DescribeAlarmsOutput) {
		for _, a := range o.MetricAlarms {
			found = append(found, metricAlarm(s, a))
		}
		for _, a := range o.CompositeAlarms {
			r := alarm(s, "AWS::CloudWatch::CompositeAlarm", a.AlarmArn, a.AlarmName, a.ActionsEnabled, a.AlarmActions)
			set(r.Properties, "AlarmRule", a.AlarmRule)
			set(r.Properties, "ActionsSuppressor", a.ActionsSuppressor)
			found = append(found, r)
		}
		for _, a := range o.LogAlarms {
			found = append(found, logAlarm(s, a))
		}
	})
	Each(ctx, found, func(ctx context.Context, r *snapshot.Resource) {
		if !s.tags(ctx, r) {
			arn := string(r.Key)
			if o := part(ctx, s, r, "Tags", "cloudwatch:ListTagsForResource", c.ListTagsForResource, &cloudwatch.ListTagsForResourceInput{ResourceARN: &arn}); o != nil {
				r.Tags = tagsOf(o.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			}
		}
		s.Add(*r)
	})
}

func alarm(s *Scope, typ string, arn, name *string, enabled *bool, actions []string) *snapshot.Resource {
	r := s.New(typ, deref(arn), deref(name), describeAlarms)
	set(r.Properties, "AlarmName", name)
	set(r.Properties, "ActionsEnabled", enabled)
	r.Properties["AlarmActions"] = sorted(actions, same) // none: nobody is told
	return r
}

func metricAlarm(s *Scope, a types.MetricAlarm) *snapshot.Resource {
	r := alarm(s, "AWS::CloudWatch::Alarm", a.AlarmArn, a.AlarmName, a.ActionsEnabled, a.AlarmActions)
	p := r.Properties
	set(p, "Namespace", a.Namespace)
	set(p, "MetricName", a.MetricName)
	many(p, "Dimensions", dimensions(a.Dimensions))
	text(p, "Statistic", a.Statistic)
	set(p, "ExtendedStatistic", a.ExtendedStatistic)
	text(p, "ComparisonOperator", a.ComparisonOperator)
	set(p, "Threshold", a.Threshold)
	set(p, "Period", a.Period)
	set(p, "EvaluationPeriods", a.EvaluationPeriods)
	set(p, "DatapointsToAlarm", a.DatapointsToAlarm)
	set(p, "TreatMissingData", a.TreatMissingData)
	many(p, "Metrics", sorted(a.Metrics, func(q types.MetricDataQuery) any {
		m := object{}
		set(m, "Id", q.Id)
		set(m, "Expression", q.Expression)
		set(m, "AccountId", q.AccountId)
		set(m, "ReturnData", q.ReturnData)
		if q.MetricStat != nil && q.MetricStat.Metric != nil {
			metric, stat := object{}, object{}
			set(metric, "Namespace", q.MetricStat.Metric.Namespace)
			set(metric, "MetricName", q.MetricStat.Metric.MetricName)
			many(metric, "Dimensions", dimensions(q.MetricStat.Metric.Dimensions))
			stat["Metric"] = metric
			set(stat, "Stat", q.MetricStat.Stat)
			set(stat, "Period", q.MetricStat.Period)
			m["MetricStat"] = stat
		}
		return m
	}))
	return r
}

func logAlarm(s *Scope, a types.LogAlarm) *snapshot.Resource {
	r := alarm(s, "AWS::CloudWatch::LogAlarm", a.AlarmArn, a.AlarmName, a.ActionsEnabled, a.AlarmActions)
	p := r.Properties
	text(p, "ComparisonOperator", a.ComparisonOperator)
	set(p, "Threshold", a.Threshold)
	set(p, "TreatMissingData", a.TreatMissingData)
	set(p, "ActionLogLineRoleArn", a.ActionLogLineRoleArn)
	if q := a.ScheduledQueryConfiguration; q != nil {
		m := object{"LogGroupIdentifiers": sorted(q.LogGroupIdentifiers, same)}
		set(m, "QueryString", q.QueryString)
		set(m, "AggregationExpression", q.AggregationExpression)
		set(m, "ScheduledQueryRoleARN", q.ScheduledQueryRoleARN)
		p["ScheduledQueryConfiguration"] = m
	}
	return r
}

func dimensions(in []types.Dimension) []any {
	return sorted(in, func(d types.Dimension) any { return object{"Name": deref(d.Name), "Value": deref(d.Value)} })
}
