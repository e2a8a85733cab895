package service

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// ELBv2 reads application, network and gateway load balancers, and what stands behind them.
func ELBv2() Service {
	return Service{
		Name: "elbv2",
		Calls: []Call{
			list("elasticloadbalancingv2:DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancers", "LoadBalancers", "what the internet reaches", "AWS::ElasticLoadBalancingV2::LoadBalancer"),
			list("elasticloadbalancingv2:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetGroups", "TargetGroups", "what stands behind a load balancer", "AWS::ElasticLoadBalancingV2::TargetGroup"),
			below("elasticloadbalancingv2:DescribeListeners", "elasticloadbalancing:DescribeListeners", "Listeners", "its ports, protocols and certificates", "AWS::ElasticLoadBalancingV2::Listener"),
			below("elasticloadbalancingv2:DescribeRules", "elasticloadbalancing:DescribeRules", "Rules", "where its requests go", "AWS::ElasticLoadBalancingV2::ListenerRule"),
			about("elasticloadbalancingv2:DescribeTargetHealth", "elasticloadbalancing:DescribeTargetHealth", "TargetHealthDescriptions", "which machines and functions a group holds"),
			about("elasticloadbalancingv2:DescribeLoadBalancerAttributes", "elasticloadbalancing:DescribeLoadBalancerAttributes", "Attributes", "access logs and protection from deletion"),
			about("elasticloadbalancingv2:DescribeTags", "elasticloadbalancing:DescribeTags", "TagDescriptions", "whose they are"),
		},
		Read: readELBv2,
	}
}

func readELBv2(ctx context.Context, s *Scope) {
	c := elasticloadbalancingv2.NewFromConfig(s.Config())
	var all []*snapshot.Resource
	keep := func(r *snapshot.Resource) { all = append(all, r) }
	complete := pages(ctx, s, "elasticloadbalancingv2:DescribeLoadBalancers", elasticloadbalancingv2.NewDescribeLoadBalancersPaginator(c, &elasticloadbalancingv2.DescribeLoadBalancersInput{}),
		func(o *elasticloadbalancingv2.DescribeLoadBalancersOutput) {
			for _, b := range o.LoadBalancers {
				keep(loadBalancer(s, b))
			}
		})
	balancers := slices.Clone(all)
	pages(ctx, s, "elasticloadbalancingv2:DescribeTargetGroups", elasticloadbalancingv2.NewDescribeTargetGroupsPaginator(c, &elasticloadbalancingv2.DescribeTargetGroupsInput{}),
		func(o *elasticloadbalancingv2.DescribeTargetGroupsOutput) {
			for _, g := range o.TargetGroups {
				keep(targetGroup(s, g))
			}
		})
	readTargets(ctx, s, c, all[len(balancers):])
	readListeners(ctx, s, c, balancers, complete)
	Each(ctx, balancers, func(ctx context.Context, r *snapshot.Resource) {
		arn := string(r.Key)
		o := part(ctx, s, r, "LoadBalancerAttributes", "elasticloadbalancingv2:DescribeLoadBalancerAttributes", c.DescribeLoadBalancerAttributes,
			&elasticloadbalancingv2.DescribeLoadBalancerAttributesInput{LoadBalancerArn: &arn})
		if o != nil {
			r.Properties["LoadBalancerAttributes"] = sorted(o.Attributes, func(a types.LoadBalancerAttribute) any {
				return object{"Key": deref(a.Key), "Value": deref(a.Value)}
			})
		}
	})
	readELBv2Tags(ctx, s, c, all)
	for _, r := range all {
		s.Add(*r)
	}
}

func loadBalancer(s *Scope, b types.LoadBalancer) *snapshot.Resource {
	r := s.New("AWS::ElasticLoadBalancingV2::LoadBalancer", deref(b.LoadBalancerArn), deref(b.LoadBalancerName), "elasticloadbalancingv2:DescribeLoadBalancers")
	p := r.Properties
	set(p, "Name", b.LoadBalancerName)
	set(p, "DNSName", b.DNSName)
	set(p, "VpcId", b.VpcId)
	text(p, "Type", b.Type)
	text(p, "Scheme", b.Scheme)
	text(p, "IpAddressType", b.IpAddressType)
	p["SecurityGroups"] = sorted(b.SecurityGroups, same) // none: whoever reaches its subnets reaches it
	p["Subnets"] = sorted(b.AvailabilityZones, func(z types.AvailabilityZone) any { return deref(z.SubnetId) })
	return r
}

func targetGroup(s *Scope, g types.TargetGroup) *snapshot.Resource {
	r := s.New("AWS::ElasticLoadBalancingV2::TargetGroup", deref(g.TargetGroupArn), deref(g.TargetGroupName), "elasticloadbalancingv2:DescribeTargetGroups")
	p := r.Properties
	set(p, "Name", g.TargetGroupName)
	set(p, "Port", g.Port)
	set(p, "VpcId", g.VpcId)
	text(p, "Protocol", g.Protocol)
	text(p, "TargetType", g.TargetType)
	return r
}

// readTargets asks what stands in each group. A group of another load balancer is asked whether its targets can be reached from it.
func readTargets(ctx context.Context, s *Scope, c *elasticloadbalancingv2.Client, groups []*snapshot.Resource) {
	Each(ctx, groups, func(ctx context.Context, r *snapshot.Resource) {
		arn := string(r.Key)
		o := part(ctx, s, r, "Targets", "elasticloadbalancingv2:DescribeTargetHealth", c.DescribeTargetHealth, &elasticloadbalancingv2.DescribeTargetHealthInput{TargetGroupArn: &arn})
		if o != nil { // health changes by itself, and is not kept
			r.Properties["Targets"] = sorted(o.TargetHealthDescriptions, func(d types.TargetHealthDescription) any {
				m := object{}
				if d.Target != nil {
					set(m, "Id", d.Target.Id)
					set(m, "Port", d.Target.Port)
				}
				return m
			})
		}
	})
}

func readListeners(ctx context.Context, s *Scope, c *elasticloadbalancingv2.Client, balancers []*snapshot.Resource, complete bool) {
	listeners, rules := newTally(complete), newTally(complete)
	Each(ctx, balancers, func(ctx context.Context, b *snapshot.Resource) {
		arn := string(b.Key)
		var arns []string
		_, err := turn(ctx, s, elasticloadbalancingv2.NewDescribeListenersPaginator(c, &elasticloadbalancingv2.DescribeListenersInput{LoadBalancerArn: &arn}),
			func(o *elasticloadbalancingv2.DescribeListenersOutput) {
				for _, l := range o.Listeners {
					r := s.New("AWS::ElasticLoadBalancingV2::Listener", deref(l.ListenerArn), b.Name, "elasticloadbalancingv2:DescribeListeners")
					set(r.Properties, "LoadBalancerArn", l.LoadBalancerArn)
					set(r.Properties, "Port", l.Port)
					set(r.Properties, "SslPolicy", l.SslPolicy)
					text(r.Properties, "Protocol", l.Protocol)
					many(r.Properties, "Certificates", sorted(l.Certificates, func(x types.Certificate) any { return object{"CertificateArn": deref(x.CertificateArn)} }))
					r.Properties["DefaultActions"] = each(l.DefaultActions, balancerAction)
					s.Add(*r)
					arns = append(arns, deref(l.ListenerArn))
				}
			})
		listeners.count(b.Key, err)
		if b.Text("Type") != string(types.LoadBalancerTypeEnumApplication) {
			return // the others have no rules
		}
		if err != nil {
			rules.count(b.Key, err)
		}
		for _, at := range arns {
			_, err := turn(ctx, s, elasticloadbalancingv2.NewDescribeRulesPaginator(c, &elasticloadbalancingv2.DescribeRulesInput{ListenerArn: &at}),
				func(o *elasticloadbalancingv2.DescribeRulesOutput) {
					for _, x := range o.Rules {
						if aws.ToBool(x.IsDefault) {
							continue // as the listener has it
						}
						r := s.New("AWS::ElasticLoadBalancingV2::ListenerRule", deref(x.RuleArn), b.Name, "elasticloadbalancingv2:DescribeRules")
						r.Properties["ListenerArn"] = at
						text(r.Properties, "Priority", deref(x.Priority))
						r.Properties["Actions"] = each(x.Actions, balancerAction)
						s.Add(*r)
					}
				})
			rules.count(snapshot.Key(at), err)
		}
	})
	listeners.note(s, "elasticloadbalancingv2:DescribeListeners")
	rules.note(s, "elasticloadbalancingv2:DescribeRules")
}

func balancerAction(a types.Action) any {
	m := object{}
	text(m, "Type", a.Type)
	set(m, "TargetGroupArn", a.TargetGroupArn)
	if a.RedirectConfig != nil {
		to := object{}
		set(to, "Protocol", a.RedirectConfig.Protocol)
		set(to, "Port", a.RedirectConfig.Port)
		text(to, "StatusCode", a.RedirectConfig.StatusCode)
		m["RedirectConfig"] = to
	}
	if a.ForwardConfig != nil {
		m["ForwardConfig"] = object{"TargetGroups": each(a.ForwardConfig.TargetGroups, func(g types.TargetGroupTuple) any { return object{"TargetGroupArn": deref(g.TargetGroupArn)} })}
	}
	return m
}

// readELBv2Tags asks for the tags of twenty at once, the most that one call takes.
func readELBv2Tags(ctx context.Context, s *Scope, c *elasticloadbalancingv2.Client, all []*snapshot.Resource) {
	for batch := range slices.Chunk(all, 20) {
		var arns []string
		for _, r := range batch {
			arns = append(arns, string(r.Key))
		}
		o, err := try(ctx, s, func(ctx context.Context) (*elasticloadbalancingv2.DescribeTagsOutput, error) {
			return c.DescribeTags(ctx, &elasticloadbalancingv2.DescribeTagsInput{ResourceArns: arns})
		})
		for _, r := range batch {
			if err != nil {
				s.Miss(r, "Tags", "elasticloadbalancingv2:DescribeTags", err)
				continue
			}
			for _, d := range o.TagDescriptions {
				if deref(d.ResourceArn) == string(r.Key) {
					r.Tags = tagsOf(d.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
				}
			}
		}
	}
}
