package service

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	"github.com/aws/aws-sdk-go-v2/service/wafv2/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// WAFv2 reads web ACLs: those of a Region, and in one Region those of CloudFront. What they stand before is told by themselves for load
// balancers alone; a stage of an API and a distribution name theirs.
func WAFv2() Service {
	const why = "what filters requests before they reach something"
	return Service{
		Name: "wafv2",
		Calls: []Call{
			list("wafv2:ListWebACLs", "wafv2:ListWebACLs", "WebACLs", why, "AWS::WAFv2::WebACL"),
			about("wafv2:GetWebACL", "wafv2:GetWebACL", "WebACL", "its rules"),
			below("wafv2:ListResourcesForWebACL", "wafv2:ListResourcesForWebACL", "?ResourceArns", "which load balancers it stands before", "AWS::WAFv2::WebACLAssociation"),
			below("wafv2:ListLoggingConfigurations", "wafv2:ListLoggingConfigurations", "LoggingConfigurations", "where it writes down what it does", "AWS::WAFv2::LoggingConfiguration"),
			about("wafv2:ListTagsForResource", "wafv2:ListTagsForResource", "?TagInfoForResource", "whose it is"),
		},
		Read: readWAFv2,
	}
}

func readWAFv2(ctx context.Context, s *Scope) {
	c := wafv2.NewFromConfig(s.Config())
	scopes := []types.Scope{types.ScopeRegional}
	if s.Region == s.seat() { // "ListWebACLs", Scope, https://docs.aws.amazon.com/waf/latest/APIReference/API_ListWebACLs.html
		scopes = append(scopes, types.ScopeCloudfront)
	}
	acls := newTally(true)
	found := map[types.Scope][]*snapshot.Resource{}
	complete := true
	for _, scope := range scopes {
		p := follow(c.ListWebACLs, &wafv2.ListWebACLsInput{Scope: scope}, func(in *wafv2.ListWebACLsInput, o *wafv2.ListWebACLsOutput) bool {
			return len(o.WebACLs) > 0 && next(&in.NextMarker, o.NextMarker)
		})
		_, err := turn(ctx, s, p, func(o *wafv2.ListWebACLsOutput) {
			for _, a := range o.WebACLs {
				r := s.New("AWS::WAFv2::WebACL", deref(a.ARN), deref(a.Name), "wafv2:ListWebACLs")
				set(r.Properties, "Id", a.Id)
				set(r.Properties, "Name", a.Name)
				text(r.Properties, "Scope", scope)
				found[scope] = append(found[scope], r)
			}
		})
		acls.count(snapshot.Key(scope), err)
		complete = complete && err == nil
	}
	acls.note(s, "wafv2:ListWebACLs")
	fronts, logs := newTally(complete), newTally(complete)
	for _, scope := range scopes {
		if len(found[scope]) > 0 {
			logs.count(snapshot.Key(scope), readFilterLogs(ctx, s, c, scope))
		}
		Each(ctx, found[scope], func(ctx context.Context, r *snapshot.Resource) {
			readFilter(ctx, s, c, r, scope)
			if scope == types.ScopeRegional {
				fronts.count(r.Key, readFiltered(ctx, s, c, r))
			}
			s.Add(*r)
		})
	}
	fronts.note(s, "wafv2:ListResourcesForWebACL")
	logs.note(s, "wafv2:ListLoggingConfigurations")
}

func readFilter(ctx context.Context, s *Scope, c *wafv2.Client, r *snapshot.Resource, scope types.Scope) {
	id, name, arn := r.Text("Id"), r.Name, string(r.Key)
	o := part(ctx, s, r, "Rules", "wafv2:GetWebACL", c.GetWebACL, &wafv2.GetWebACLInput{Id: &id, Name: &name, Scope: scope})
	switch {
	case o == nil:
		r.Unknown = append(r.Unknown, "DefaultAction")
	case o.WebACL != nil:
		if d := o.WebACL.DefaultAction; d != nil && d.Block != nil {
			r.Properties["DefaultAction"] = object{"Block": object{}}
		} else if d != nil && d.Allow != nil {
			r.Properties["DefaultAction"] = object{"Allow": object{}}
		}
		r.Properties["ManagedByFirewallManager"] = o.WebACL.ManagedByFirewallManager
		r.Properties["Rules"] = each(o.WebACL.Rules, filterRule)
	}
	if s.tags(ctx, r) {
		return
	}
	if t := part(ctx, s, r, "Tags", "wafv2:ListTagsForResource", c.ListTagsForResource, &wafv2.ListTagsForResourceInput{ResourceARN: &arn}); t != nil && t.TagInfoForResource != nil {
		r.Tags = tagsOf(t.TagInfoForResource.TagList, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	}
}

// filterRule tells what a rule does and what kind it is. What exactly it looks for is not kept: it may be a header that only those
// know who are to be let in.
func filterRule(x types.Rule) any {
	m := object{"Priority": int(x.Priority)}
	set(m, "Name", x.Name)
	if a := x.Action; a != nil {
		for kind, is := range map[string]bool{"Allow": a.Allow != nil, "Block": a.Block != nil, "Count": a.Count != nil, "Captcha": a.Captcha != nil, "Challenge": a.Challenge != nil} {
			if is {
				m["Action"] = object{kind: object{}}
			}
		}
	}
	if a := x.OverrideAction; a != nil {
		kind := "None"
		if a.Count != nil {
			kind = "Count"
		}
		m["OverrideAction"] = object{kind: object{}}
	}
	t := x.Statement
	if t == nil {
		return m
	}
	k := object{}
	switch {
	case t.ManagedRuleGroupStatement != nil:
		one := object{}
		set(one, "VendorName", t.ManagedRuleGroupStatement.VendorName)
		set(one, "Name", t.ManagedRuleGroupStatement.Name)
		k["ManagedRuleGroupStatement"] = one
	case t.RuleGroupReferenceStatement != nil:
		k["RuleGroupReferenceStatement"] = object{"Arn": deref(t.RuleGroupReferenceStatement.ARN)}
	case t.IPSetReferenceStatement != nil:
		k["IPSetReferenceStatement"] = object{"Arn": deref(t.IPSetReferenceStatement.ARN)}
	case t.RateBasedStatement != nil:
		one := object{}
		set(one, "Limit", t.RateBasedStatement.Limit)
		text(one, "AggregateKeyType", t.RateBasedStatement.AggregateKeyType)
		k["RateBasedStatement"] = one
	case t.GeoMatchStatement != nil:
		k["GeoMatchStatement"] = object{"CountryCodes": sorted(t.GeoMatchStatement.CountryCodes, same)}
	default:
		return m
	}
	m["Statement"] = k
	return m
}

// readFiltered asks for load balancers, which the call answers for when no type is named. It answers for one type only, and the
// others would cost a call each.
// "ListResourcesForWebACL", https://docs.aws.amazon.com/waf/latest/APIReference/API_ListResourcesForWebACL.html
func readFiltered(ctx context.Context, s *Scope, c *wafv2.Client, acl *snapshot.Resource) error {
	arn := string(acl.Key)
	o, err := try(ctx, s, func(ctx context.Context) (*wafv2.ListResourcesForWebACLOutput, error) {
		return c.ListResourcesForWebACL(ctx, &wafv2.ListResourcesForWebACLInput{WebACLArn: &arn, ResourceType: types.ResourceTypeApplicationLoadBalancer})
	})
	if err != nil {
		return err
	}
	for _, to := range o.ResourceArns {
		r := s.New("AWS::WAFv2::WebACLAssociation", arn+"/association/"+to, acl.Name, "wafv2:ListResourcesForWebACL")
		r.Properties["WebACLArn"], r.Properties["ResourceArn"] = arn, to
		s.Add(*r)
	}
	return nil
}

func readFilterLogs(ctx context.Context, s *Scope, c *wafv2.Client, scope types.Scope) error {
	const call = "wafv2:ListLoggingConfigurations"
	p := follow(c.ListLoggingConfigurations, &wafv2.ListLoggingConfigurationsInput{Scope: scope}, func(in *wafv2.ListLoggingConfigurationsInput, o *wafv2.ListLoggingConfigurationsOutput) bool {
		return len(o.LoggingConfigurations) > 0 && next(&in.NextMarker, o.NextMarker)
	})
	_, err := turn(ctx, s, p, func(o *wafv2.ListLoggingConfigurationsOutput) {
		for _, l := range o.LoggingConfigurations {
			arn := deref(l.ResourceArn)
			name := arn // …:regional/webacl/NAME/ID
			if parts := strings.Split(arn, "/"); len(parts) > 2 {
				name = parts[len(parts)-2]
			}
			r := s.New("AWS::WAFv2::LoggingConfiguration", arn+"/logging", name, call)
			r.Properties["ResourceArn"] = arn
			r.Properties["LogDestinationConfigs"] = sorted(l.LogDestinationConfigs, same)
			s.Add(*r)
		}
	})
	return err
}
