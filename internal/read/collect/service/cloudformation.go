package service

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/footing-dev/footing/internal/read/collect/secret"
	"github.com/footing-dev/footing/internal/snapshot"
)

// CloudFormation reads stacks, what each made, and stack sets. Values of parameters, outputs and templates are not kept: they may hold secrets.
func CloudFormation() Service {
	return Service{
		Name: "cloudformation",
		Calls: []Call{
			// To describe all stacks needs the right to list them.
			// "DescribeStacks", https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
			list("cloudformation:DescribeStacks", "cloudformation:DescribeStacks cloudformation:ListStacks", "Stacks", "the stacks, and the role of each", "AWS::CloudFormation::Stack"),
			about("cloudformation:ListStackResources", "cloudformation:ListStackResources", "StackResourceSummaries", "what is managed by a stack"),
			list("cloudformation:ListStackSets", "cloudformation:ListStackSets", "Summaries", "the stack sets", "AWS::CloudFormation::StackSet"),
			about("cloudformation:DescribeStackSet", "cloudformation:DescribeStackSet", "StackSet", "the role of a stack set"),
		},
		Read: readCloudFormation,
	}
}

func readCloudFormation(ctx context.Context, s *Scope) {
	c := cloudformation.NewFromConfig(s.Config())
	var stacks []types.Stack
	pages(ctx, s, "cloudformation:DescribeStacks", cloudformation.NewDescribeStacksPaginator(c, &cloudformation.DescribeStacksInput{}), func(o *cloudformation.DescribeStacksOutput) {
		stacks = append(stacks, o.Stacks...)
	})
	Each(ctx, stacks, func(ctx context.Context, k types.Stack) {
		if k.StackStatus != types.StackStatusDeleteComplete {
			s.Add(*stack(ctx, s, c, k))
		}
	})
	var sets []types.StackSetSummary
	in := &cloudformation.ListStackSetsInput{Status: types.StackSetStatusActive}
	pages(ctx, s, "cloudformation:ListStackSets", cloudformation.NewListStackSetsPaginator(c, in), func(o *cloudformation.ListStackSetsOutput) {
		sets = append(sets, o.Summaries...)
	})
	Each(ctx, sets, func(ctx context.Context, k types.StackSetSummary) { s.Add(*stackSet(ctx, s, c, k)) })
}

func stack(ctx context.Context, s *Scope, c *cloudformation.Client, k types.Stack) *snapshot.Resource {
	r := s.New("AWS::CloudFormation::Stack", deref(k.StackId), deref(k.StackName), "cloudformation:DescribeStacks")
	p := r.Properties
	set(p, "StackName", k.StackName)
	set(p, "RoleARN", k.RoleARN)
	set(p, "ParentId", k.ParentId)
	set(p, "EnableTerminationProtection", k.EnableTerminationProtection)
	many(p, "Capabilities", sorted(k.Capabilities, same))
	// NoEcho parameters come as asterisks ("NoEcho", https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html):
	// of the others only the names are kept, of values that look like a secret a digest.
	var looking []any
	for _, x := range k.Parameters {
		if name, value := deref(x.ParameterKey), deref(x.ParameterValue); strings.Trim(value, "*") != "" && secret.Looking(name, value) {
			looking = append(looking, object{"Name": name, "Digest": secret.Digest(value)})
		}
	}
	many(p, "SecretLooking", sorted(looking, func(x any) any { return x }))
	if d := k.DriftInformation; d != nil {
		text(p, "DriftStatus", d.StackDriftStatus)
		if d.LastCheckTimestamp != nil {
			s.Observe(snapshot.Observation{Source: "cloudformation", Kind: "drift-checked", About: r.Key, At: *d.LastCheckTimestamp})
		}
	}
	// Only what needs somebody's hand: the others follow one another by themselves.
	if st := k.StackStatus; strings.HasSuffix(string(st), "FAILED") || st == types.StackStatusRollbackComplete || st == types.StackStatusReviewInProgress {
		p["StackStatus"] = string(st)
	}
	r.Tags = tagsOf(k.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	var made []types.StackResourceSummary
	in := &cloudformation.ListStackResourcesInput{StackName: k.StackId}
	if pagesOf(ctx, s, r, "Resources", "cloudformation:ListStackResources", cloudformation.NewListStackResourcesPaginator(c, in), func(o *cloudformation.ListStackResourcesOutput) {
		made = append(made, o.StackResourceSummaries...)
	}) {
		p["Resources"] = stackResources(made)
	}
	return r
}

func stackResources(in []types.StackResourceSummary) []any {
	var there []types.StackResourceSummary
	for _, x := range in {
		if x.ResourceStatus != types.ResourceStatusDeleteComplete {
			there = append(there, x)
		}
	}
	return sorted(there, func(x types.StackResourceSummary) any {
		m := object{"LogicalResourceId": deref(x.LogicalResourceId), "ResourceType": deref(x.ResourceType)}
		text(m, "PhysicalResourceId", deref(x.PhysicalResourceId))
		return m
	})
}

func stackSet(ctx context.Context, s *Scope, c *cloudformation.Client, k types.StackSetSummary) *snapshot.Resource {
	r := s.New("AWS::CloudFormation::StackSet", s.ARN("cloudformation", "stackset/"+deref(k.StackSetId)), deref(k.StackSetName), "cloudformation:ListStackSets")
	p := r.Properties
	set(p, "StackSetName", k.StackSetName)
	text(p, "PermissionModel", k.PermissionModel)
	if k.AutoDeployment != nil {
		m := object{}
		set(m, "Enabled", k.AutoDeployment.Enabled)
		set(m, "RetainStacksOnAccountRemoval", k.AutoDeployment.RetainStacksOnAccountRemoval)
		p["AutoDeployment"] = m
	}
	o := part(ctx, s, r, "AdministrationRoleARN", "cloudformation:DescribeStackSet", c.DescribeStackSet, &cloudformation.DescribeStackSetInput{StackSetName: k.StackSetId})
	if o == nil || o.StackSet == nil {
		r.Unknown = append(r.Unknown, "AdministrationRoleARN", "ExecutionRoleName", "Capabilities", "Tags")
		return r
	}
	if o.StackSet.StackSetARN != nil {
		r.Key = snapshotKey(o.StackSet.StackSetARN)
	}
	set(p, "AdministrationRoleARN", o.StackSet.AdministrationRoleARN)
	set(p, "ExecutionRoleName", o.StackSet.ExecutionRoleName)
	many(p, "Capabilities", sorted(o.StackSet.Capabilities, same))
	many(p, "OrganizationalUnitIds", sorted(o.StackSet.OrganizationalUnitIds, same))
	r.Tags = tagsOf(o.StackSet.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	return r
}
