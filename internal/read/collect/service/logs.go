package service

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Logs reads log groups, who may write to them and from where, and the filters that make metrics of them; never an event.
func Logs() Service {
	return Service{
		Name: "logs",
		Calls: []Call{
			list("cloudwatchlogs:DescribeLogGroups", "logs:DescribeLogGroups", "logGroups", "how long logs are kept, and under which key", "AWS::Logs::LogGroup"),
			list("cloudwatchlogs:DescribeResourcePolicies", "logs:DescribeResourcePolicies", "resourcePolicies", "which services and accounts may write logs", "AWS::Logs::ResourcePolicy"),
			list("cloudwatchlogs:DescribeDestinations", "logs:DescribeDestinations", "destinations", "which accounts may send their logs here", "AWS::Logs::Destination"),
			list("cloudwatchlogs:DescribeMetricFilters", "logs:DescribeMetricFilters", "metricFilters", "what alarms look for in logs", "AWS::Logs::MetricFilter"),
			about("cloudwatchlogs:ListTagsForResource", "logs:ListTagsForResource", "?tags", "whose they are"),
		},
		Read: readLogs,
	}
}

func readLogs(ctx context.Context, s *Scope) {
	c := cloudwatchlogs.NewFromConfig(s.Config())
	var found []*snapshot.Resource
	complete := pages(ctx, s, "cloudwatchlogs:DescribeLogGroups", cloudwatchlogs.NewDescribeLogGroupsPaginator(c, &cloudwatchlogs.DescribeLogGroupsInput{Limit: aws.Int32(50)}),
		func(o *cloudwatchlogs.DescribeLogGroupsOutput) {
			for _, g := range o.LogGroups {
				found = append(found, logGroup(s, g))
			}
		})
	if complete && len(found) == 0 { // a filter belongs to a group
		s.NoteTypes("cloudwatchlogs:DescribeLogGroups", snapshot.OK, "", "AWS::Logs::MetricFilter")
	} else {
		readMetricFilters(ctx, s, c)
	}
	pages(ctx, s, "cloudwatchlogs:DescribeDestinations", cloudwatchlogs.NewDescribeDestinationsPaginator(c, &cloudwatchlogs.DescribeDestinationsInput{Limit: aws.Int32(50)}),
		func(o *cloudwatchlogs.DescribeDestinationsOutput) {
			for _, d := range o.Destinations {
				r := s.New("AWS::Logs::Destination", deref(d.Arn), deref(d.DestinationName), "cloudwatchlogs:DescribeDestinations")
				set(r.Properties, "DestinationName", d.DestinationName)
				set(r.Properties, "RoleArn", d.RoleArn)
				set(r.Properties, "TargetArn", d.TargetArn)
				setPolicy(r, "Policy", d.AccessPolicy)
				found = append(found, r)
			}
		})
	readLogPolicies(ctx, s, c)
	Each(ctx, found, func(ctx context.Context, r *snapshot.Resource) {
		if !s.tags(ctx, r) {
			arn := string(r.Key)
			o := part(ctx, s, r, "Tags", "cloudwatchlogs:ListTagsForResource", c.ListTagsForResource, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: &arn})
			if o != nil && len(o.Tags) > 0 {
				r.Tags = o.Tags
			}
		}
		s.Add(*r)
	})
}

func logGroup(s *Scope, g types.LogGroup) *snapshot.Resource {
	arn := deref(g.LogGroupArn)
	if arn == "" { // the older name of the same ARN means everything below the group
		arn = strings.TrimSuffix(deref(g.Arn), ":*")
	}
	r := s.New("AWS::Logs::LogGroup", arn, deref(g.LogGroupName), "cloudwatchlogs:DescribeLogGroups")
	p := r.Properties
	set(p, "LogGroupName", g.LogGroupName)
	set(p, "RetentionInDays", g.RetentionInDays) // not set: kept for ever
	set(p, "KmsKeyId", g.KmsKeyId)
	text(p, "LogGroupClass", g.LogGroupClass)
	set(p, "DeletionProtectionEnabled", g.DeletionProtectionEnabled)
	text(p, "DataProtectionStatus", g.DataProtectionStatus)
	r.Unknown = append(r.Unknown, "ResourcePolicyDocument") // see readLogPolicies
	return r
}

func readMetricFilters(ctx context.Context, s *Scope, c *cloudwatchlogs.Client) {
	const call = "cloudwatchlogs:DescribeMetricFilters"
	pages(ctx, s, call, cloudwatchlogs.NewDescribeMetricFiltersPaginator(c, &cloudwatchlogs.DescribeMetricFiltersInput{Limit: aws.Int32(50)}),
		func(o *cloudwatchlogs.DescribeMetricFiltersOutput) {
			for _, f := range o.MetricFilters {
				group, name := deref(f.LogGroupName), deref(f.FilterName)
				r := s.New("AWS::Logs::MetricFilter", s.ARN("logs", "log-group:"+group+":metric-filter:"+name), name, call)
				p := r.Properties
				set(p, "FilterName", f.FilterName)
				set(p, "LogGroupName", f.LogGroupName)
				set(p, "FilterPattern", f.FilterPattern)
				p["MetricTransformations"] = sorted(f.MetricTransformations, func(t types.MetricTransformation) any {
					m := object{}
					set(m, "MetricName", t.MetricName)
					set(m, "MetricNamespace", t.MetricNamespace)
					set(m, "MetricValue", t.MetricValue)
					return m
				})
				s.Add(*r)
			}
		})
}

// readLogPolicies reads the policies of the account, which speak for many groups. One of a single group, which lets others write to
// it, would be told only when that group is asked about.
// "DescribeResourcePolicies", https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeResourcePolicies.html
func readLogPolicies(ctx context.Context, s *Scope, c *cloudwatchlogs.Client) {
	const call = "cloudwatchlogs:DescribeResourcePolicies"
	in := &cloudwatchlogs.DescribeResourcePoliciesInput{Limit: aws.Int32(50)}
	pages(ctx, s, call, follow(c.DescribeResourcePolicies, in, func(in *cloudwatchlogs.DescribeResourcePoliciesInput, o *cloudwatchlogs.DescribeResourcePoliciesOutput) bool {
		return next(&in.NextToken, o.NextToken)
	}), func(o *cloudwatchlogs.DescribeResourcePoliciesOutput) {
		for _, x := range o.ResourcePolicies {
			name := deref(x.PolicyName)
			r := s.New("AWS::Logs::ResourcePolicy", s.ARN("logs", "resource-policy:"+name), name, call)
			set(r.Properties, "PolicyName", x.PolicyName)
			setPolicy(r, "PolicyDocument", x.PolicyDocument)
			s.Add(*r)
		}
	})
}
