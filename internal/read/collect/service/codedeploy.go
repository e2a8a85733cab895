package service

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// CodeDeploy reads applications, and which machines each deployment group puts code on.
func CodeDeploy() Service {
	return Service{
		Name: "codedeploy",
		Calls: []Call{
			list("codedeploy:ListApplications", "codedeploy:ListApplications", "applications", "the applications", "AWS::CodeDeploy::Application"),
			about("codedeploy:BatchGetApplications", "codedeploy:BatchGetApplications", "applicationsInfo", "what an application runs on"),
			about("codedeploy:ListDeploymentGroups", "codedeploy:ListDeploymentGroups", "deploymentGroups", "the deployment groups of an application"),
			below("codedeploy:BatchGetDeploymentGroups", "codedeploy:BatchGetDeploymentGroups", "deploymentGroupsInfo", "which machines code is put on", "AWS::CodeDeploy::DeploymentGroup"),
			about("codedeploy:ListTagsForResource", "codedeploy:ListTagsForResource", "?Tags", "whose they are"),
		},
		Read: readCodeDeploy,
	}
}

func readCodeDeploy(ctx context.Context, s *Scope) {
	c := codedeploy.NewFromConfig(s.Config())
	var names []string
	complete := pages(ctx, s, "codedeploy:ListApplications", codedeploy.NewListApplicationsPaginator(c, &codedeploy.ListApplicationsInput{}), func(o *codedeploy.ListApplicationsOutput) {
		names = append(names, o.Applications...)
	})
	groups := newTally(complete)
	for batch := range slices.Chunk(names, 100) { // the most that one call takes
		readApplications(ctx, s, c, batch)
	}
	Each(ctx, names, func(ctx context.Context, name string) { readDeploymentGroups(ctx, s, c, name, groups) })
	groups.note(s, "codedeploy:BatchGetDeploymentGroups")
}

func readApplications(ctx context.Context, s *Scope, c *codedeploy.Client, names []string) {
	o, err := try(ctx, s, func(ctx context.Context) (*codedeploy.BatchGetApplicationsOutput, error) {
		return c.BatchGetApplications(ctx, &codedeploy.BatchGetApplicationsInput{ApplicationNames: names})
	})
	Each(ctx, names, func(ctx context.Context, name string) {
		r := s.New("AWS::CodeDeploy::Application", s.ARN("codedeploy", "application:"+name), name, "codedeploy:ListApplications")
		r.Properties["ApplicationName"] = name
		if err != nil {
			s.Miss(r, "ComputePlatform", "codedeploy:BatchGetApplications", err)
		} else {
			for _, v := range o.ApplicationsInfo {
				if deref(v.ApplicationName) == name {
					text(r.Properties, "ComputePlatform", v.ComputePlatform)
				}
			}
		}
		deployTags(ctx, s, c, r)
		s.Add(*r)
	})
}

func readDeploymentGroups(ctx context.Context, s *Scope, c *codedeploy.Client, application string, t *tally) {
	about := snapshot.Key(s.ARN("codedeploy", "application:"+application))
	var names []string
	_, err := turn(ctx, s, codedeploy.NewListDeploymentGroupsPaginator(c, &codedeploy.ListDeploymentGroupsInput{ApplicationName: &application}), func(o *codedeploy.ListDeploymentGroupsOutput) {
		names = append(names, o.DeploymentGroups...)
	})
	t.count(about, err)
	for batch := range slices.Chunk(names, 100) {
		o, err := try(ctx, s, func(ctx context.Context) (*codedeploy.BatchGetDeploymentGroupsOutput, error) {
			return c.BatchGetDeploymentGroups(ctx, &codedeploy.BatchGetDeploymentGroupsInput{ApplicationName: &application, DeploymentGroupNames: batch})
		})
		t.count(about, err)
		if err != nil {
			continue
		}
		for _, v := range o.DeploymentGroupsInfo {
			r := deploymentGroup(s, application, v)
			deployTags(ctx, s, c, r)
			s.Add(*r)
		}
	}
}

func deploymentGroup(s *Scope, application string, v types.DeploymentGroupInfo) *snapshot.Resource {
	name := deref(v.DeploymentGroupName)
	r := s.New("AWS::CodeDeploy::DeploymentGroup", s.ARN("codedeploy", "deploymentgroup:"+application+"/"+name), name, "codedeploy:BatchGetDeploymentGroups")
	p := r.Properties
	p["ApplicationName"], p["DeploymentGroupName"] = application, name
	set(p, "ServiceRoleArn", v.ServiceRoleArn)
	many(p, "Ec2TagFilters", sorted(v.Ec2TagFilters, tagFilter))
	if v.Ec2TagSet != nil && len(v.Ec2TagSet.Ec2TagSetList) > 0 {
		p["Ec2TagSet"] = object{"Ec2TagSetList": sorted(v.Ec2TagSet.Ec2TagSetList, func(g []types.EC2TagFilter) any {
			return object{"Ec2TagGroup": sorted(g, tagFilter)}
		})}
	}
	many(p, "AutoScalingGroups", sorted(v.AutoScalingGroups, func(a types.AutoScalingGroup) any { return deref(a.Name) }))
	many(p, "ECSServices", sorted(v.EcsServices, func(e types.ECSService) any {
		return object{"ClusterName": deref(e.ClusterName), "ServiceName": deref(e.ServiceName)}
	}))
	many(p, "OnPremisesInstanceTagFilters", sorted(v.OnPremisesInstanceTagFilters, func(f types.TagFilter) any {
		m := object{"Type": string(f.Type)}
		set(m, "Key", f.Key)
		set(m, "Value", f.Value)
		return m
	}))
	return r
}

func tagFilter(f types.EC2TagFilter) any {
	m := object{"Type": string(f.Type)}
	set(m, "Key", f.Key)
	set(m, "Value", f.Value)
	return m
}

func deployTags(ctx context.Context, s *Scope, c *codedeploy.Client, r *snapshot.Resource) {
	if s.tags(ctx, r) {
		return
	}
	arn := string(r.Key)
	in := &codedeploy.ListTagsForResourceInput{ResourceArn: &arn}
	var tags []types.Tag
	if pagesOf(ctx, s, r, "Tags", "codedeploy:ListTagsForResource", follow(c.ListTagsForResource, in, func(in *codedeploy.ListTagsForResourceInput, o *codedeploy.ListTagsForResourceOutput) bool {
		return next(&in.NextToken, o.NextToken)
	}),
		func(o *codedeploy.ListTagsForResourceOutput) { tags = append(tags, o.Tags...) }) {
		r.Tags = tagsOf(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	}
}
