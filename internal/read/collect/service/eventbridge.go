package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// EventBridge reads event buses, and the rules that pass their events on. What a rule tells its targets is not kept: it may hold a secret.
func EventBridge() Service {
	return Service{
		Name: "eventbridge",
		Calls: []Call{
			list("eventbridge:ListEventBuses", "events:ListEventBuses", "EventBuses", "who may put events on a bus", "AWS::Events::EventBus"),
			about("eventbridge:DescribeEventBus", "events:DescribeEventBus", "Arn", "the key of a bus"),
			below("eventbridge:ListRules", "events:ListRules", "Rules", "what events set off", "AWS::Events::Rule"),
			about("eventbridge:ListTargetsByRule", "events:ListTargetsByRule", "Targets", "what events set off, with which role"),
			about("eventbridge:ListTagsForResource", "events:ListTagsForResource", "?Tags", "whose they are"),
		},
		Read: readEventBridge,
	}
}

func readEventBridge(ctx context.Context, s *Scope) {
	c := eventbridge.NewFromConfig(s.Config())
	var buses []types.EventBus
	in := &eventbridge.ListEventBusesInput{}
	complete := pages(ctx, s, "eventbridge:ListEventBuses", follow(c.ListEventBuses, in, func(in *eventbridge.ListEventBusesInput, o *eventbridge.ListEventBusesOutput) bool {
		return next(&in.NextToken, o.NextToken)
	}),
		func(o *eventbridge.ListEventBusesOutput) { buses = append(buses, o.EventBuses...) })
	all := newTally(complete)
	for _, b := range buses {
		s.Add(*eventBus(ctx, s, c, b))
		var rules []types.Rule
		in := &eventbridge.ListRulesInput{EventBusName: b.Name}
		_, err := turn(ctx, s, follow(c.ListRules, in, func(in *eventbridge.ListRulesInput, o *eventbridge.ListRulesOutput) bool {
			return next(&in.NextToken, o.NextToken)
		}),
			func(o *eventbridge.ListRulesOutput) { rules = append(rules, o.Rules...) })
		all.count(snapshotKey(b.Arn), err)
		Each(ctx, rules, func(ctx context.Context, x types.Rule) { s.Add(*eventRule(ctx, s, c, x)) })
	}
	all.note(s, "eventbridge:ListRules")
}

func eventBus(ctx context.Context, s *Scope, c *eventbridge.Client, b types.EventBus) *snapshot.Resource {
	r := s.New("AWS::Events::EventBus", deref(b.Arn), deref(b.Name), "eventbridge:ListEventBuses")
	set(r.Properties, "Name", b.Name)
	setPolicy(r, "Policy", b.Policy)
	if deref(b.Name) == "default" { // every Region has it: not worth a call in each
		r.Unknown = append(r.Unknown, "KmsKeyIdentifier")
	} else if o := part(ctx, s, r, "KmsKeyIdentifier", "eventbridge:DescribeEventBus", c.DescribeEventBus, &eventbridge.DescribeEventBusInput{Name: b.Name}); o != nil {
		text(r.Properties, "KmsKeyIdentifier", deref(o.KmsKeyIdentifier))
	}
	eventTags(ctx, s, c, r)
	return r
}

func eventRule(ctx context.Context, s *Scope, c *eventbridge.Client, x types.Rule) *snapshot.Resource {
	r := s.New("AWS::Events::Rule", deref(x.Arn), deref(x.Name), "eventbridge:ListRules")
	p := r.Properties
	set(p, "Name", x.Name)
	set(p, "EventBusName", x.EventBusName)
	set(p, "RoleArn", x.RoleArn)
	set(p, "ScheduleExpression", x.ScheduleExpression)
	set(p, "ManagedBy", x.ManagedBy)
	text(p, "State", x.State)
	structured(p, "EventPattern", x.EventPattern)
	var targets []types.Target
	in := &eventbridge.ListTargetsByRuleInput{Rule: x.Name, EventBusName: x.EventBusName}
	if pagesOf(ctx, s, r, "Targets", "eventbridge:ListTargetsByRule", follow(c.ListTargetsByRule, in, func(in *eventbridge.ListTargetsByRuleInput, o *eventbridge.ListTargetsByRuleOutput) bool {
		return next(&in.NextToken, o.NextToken)
	}),
		func(o *eventbridge.ListTargetsByRuleOutput) { targets = append(targets, o.Targets...) }) {
		p["Targets"] = sorted(targets, eventTarget)
	}
	eventTags(ctx, s, c, r)
	return r
}

func eventTarget(t types.Target) any {
	m := object{"Id": deref(t.Id), "Arn": deref(t.Arn)}
	set(m, "RoleArn", t.RoleArn)
	if t.DeadLetterConfig != nil {
		m["DeadLetterConfig"] = object{"Arn": deref(t.DeadLetterConfig.Arn)}
	}
	if e := t.EcsParameters; e != nil {
		run := object{}
		set(run, "TaskDefinitionArn", e.TaskDefinitionArn)
		text(run, "LaunchType", e.LaunchType)
		if e.NetworkConfiguration != nil && e.NetworkConfiguration.AwsvpcConfiguration != nil {
			n := e.NetworkConfiguration.AwsvpcConfiguration
			at := object{"Subnets": sorted(n.Subnets, same), "SecurityGroups": sorted(n.SecurityGroups, same)}
			text(at, "AssignPublicIp", n.AssignPublicIp)
			run["NetworkConfiguration"] = object{"AwsVpcConfiguration": at}
		}
		m["EcsParameters"] = run
	}
	return m
}

func eventTags(ctx context.Context, s *Scope, c *eventbridge.Client, r *snapshot.Resource) {
	if s.tags(ctx, r) {
		return
	}
	arn := string(r.Key)
	if o := part(ctx, s, r, "Tags", "eventbridge:ListTagsForResource", c.ListTagsForResource, &eventbridge.ListTagsForResourceInput{ResourceARN: &arn}); o != nil {
		r.Tags = tagsOf(o.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	}
}
