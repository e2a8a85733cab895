package service

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// AutoScaling reads groups of machines and the older way to say what they are made from. Which machines a group has, and how many
// it wants, moves by itself and is not kept.
func AutoScaling() Service {
	const why = "what machines are made from, and where they stand"
	return Service{
		Name: "autoscaling",
		Calls: []Call{
			list("autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeAutoScalingGroups", "AutoScalingGroups", why, "AWS::AutoScaling::AutoScalingGroup"),
			list("autoscaling:DescribeLaunchConfigurations", "autoscaling:DescribeLaunchConfigurations", "LaunchConfigurations", why, "AWS::AutoScaling::LaunchConfiguration"),
		},
		Read: readAutoScaling,
	}
}

func readAutoScaling(ctx context.Context, s *Scope) {
	const groups, configurations = "autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeLaunchConfigurations"
	c := autoscaling.NewFromConfig(s.Config())
	pages(ctx, s, groups, autoscaling.NewDescribeAutoScalingGroupsPaginator(c, &autoscaling.DescribeAutoScalingGroupsInput{}), func(o *autoscaling.DescribeAutoScalingGroupsOutput) {
		for _, g := range o.AutoScalingGroups {
			s.Add(*scalingGroup(s, g, groups))
		}
	})
	pages(ctx, s, configurations, autoscaling.NewDescribeLaunchConfigurationsPaginator(c, &autoscaling.DescribeLaunchConfigurationsInput{}), func(o *autoscaling.DescribeLaunchConfigurationsOutput) {
		for _, l := range o.LaunchConfigurations {
			s.Add(*launchConfiguration(s, l, configurations))
		}
	})
}

func scalingGroup(s *Scope, g types.AutoScalingGroup, call string) *snapshot.Resource {
	r := s.New("AWS::AutoScaling::AutoScalingGroup", deref(g.AutoScalingGroupARN), deref(g.AutoScalingGroupName), call)
	p := r.Properties
	set(p, "AutoScalingGroupName", g.AutoScalingGroupName)
	set(p, "LaunchConfigurationName", g.LaunchConfigurationName)
	set(p, "ServiceLinkedRoleARN", g.ServiceLinkedRoleARN)
	text(p, "DeletionProtection", g.DeletionProtection)
	if g.MinSize != nil && g.MaxSize != nil { // strings in CloudFormation
		p["MinSize"], p["MaxSize"] = strconv.Itoa(int(*g.MinSize)), strconv.Itoa(int(*g.MaxSize))
	}
	if g.LaunchTemplate != nil {
		p["LaunchTemplate"] = templateOf(g.LaunchTemplate)
	}
	if m := g.MixedInstancesPolicy; m != nil && m.LaunchTemplate != nil {
		t := object{}
		if m.LaunchTemplate.LaunchTemplateSpecification != nil {
			t["LaunchTemplateSpecification"] = templateOf(m.LaunchTemplate.LaunchTemplateSpecification)
		}
		var others []any
		for _, o := range m.LaunchTemplate.Overrides {
			if o.LaunchTemplateSpecification != nil {
				others = append(others, object{"LaunchTemplateSpecification": templateOf(o.LaunchTemplateSpecification)})
			}
		}
		many(t, "Overrides", others)
		p["MixedInstancesPolicy"] = object{"LaunchTemplate": t}
	}
	if zones := deref(g.VPCZoneIdentifier); zones != "" {
		p["VPCZoneIdentifier"] = sorted(strings.Split(strings.ReplaceAll(zones, " ", ""), ","), same)
	}
	many(p, "LoadBalancerNames", sorted(g.LoadBalancerNames, same))
	// Target groups are told as such, or as traffic sources, by the call that attached them.
	targets := slices.Clone(g.TargetGroupARNs)
	for _, t := range g.TrafficSources {
		if id := deref(t.Identifier); deref(t.Type) == "elbv2" && !slices.Contains(targets, id) {
			targets = append(targets, id)
		}
	}
	many(p, "TargetGroupARNs", sorted(targets, same))
	r.Tags = tagsOf(g.Tags, func(t types.TagDescription) (*string, *string) { return t.Key, t.Value })
	return r
}

func templateOf(t *types.LaunchTemplateSpecification) object {
	m := object{}
	set(m, "LaunchTemplateId", t.LaunchTemplateId)
	set(m, "LaunchTemplateName", t.LaunchTemplateName)
	set(m, "Version", t.Version)
	return m
}

// launchConfiguration leaves out the user data, which comes with the list.
func launchConfiguration(s *Scope, l types.LaunchConfiguration, call string) *snapshot.Resource {
	r := s.New("AWS::AutoScaling::LaunchConfiguration", deref(l.LaunchConfigurationARN), deref(l.LaunchConfigurationName), call)
	p := r.Properties
	set(p, "LaunchConfigurationName", l.LaunchConfigurationName)
	set(p, "ImageId", l.ImageId)
	set(p, "InstanceType", l.InstanceType)
	set(p, "AssociatePublicIpAddress", l.AssociatePublicIpAddress)
	text(p, "IamInstanceProfile", deref(l.IamInstanceProfile))
	text(p, "KeyName", deref(l.KeyName))
	many(p, "SecurityGroups", sorted(l.SecurityGroups, same))
	if o := l.MetadataOptions; o != nil {
		m := object{}
		text(m, "HttpTokens", o.HttpTokens)
		text(m, "HttpEndpoint", o.HttpEndpoint)
		set(m, "HttpPutResponseHopLimit", o.HttpPutResponseHopLimit)
		p["MetadataOptions"] = m
	}
	many(p, "BlockDeviceMappings", each(l.BlockDeviceMappings, func(b types.BlockDeviceMapping) any {
		m := object{}
		set(m, "DeviceName", b.DeviceName)
		if b.Ebs != nil {
			disk := object{}
			set(disk, "Encrypted", b.Ebs.Encrypted)
			set(disk, "SnapshotId", b.Ebs.SnapshotId)
			m["Ebs"] = disk
		}
		return m
	}))
	return r
}
