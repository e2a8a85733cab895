package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/amplify"
	"github.com/aws/aws-sdk-go-v2/service/amplify/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Amplify reads apps: their roles, and whose code they build. Build specifications and the values of variables are not kept.
func Amplify() Service {
	return Service{
		Name: "amplify",
		Calls: []Call{
			list("amplify:ListApps", "amplify:ListApps", "apps", "the apps, and the roles of each", "AWS::Amplify::App"),
		},
		Read: readAmplify,
	}
}

func readAmplify(ctx context.Context, s *Scope) {
	c := amplify.NewFromConfig(s.Config())
	pages(ctx, s, "amplify:ListApps", amplify.NewListAppsPaginator(c, &amplify.ListAppsInput{MaxResults: 100}), func(o *amplify.ListAppsOutput) {
		for _, a := range o.Apps {
			s.Add(*amplifyApp(s, a))
		}
	})
}

func amplifyApp(s *Scope, a types.App) *snapshot.Resource {
	r := s.New("AWS::Amplify::App", deref(a.AppArn), deref(a.Name), "amplify:ListApps")
	p := r.Properties
	set(p, "Name", a.Name)
	set(p, "AppId", a.AppId)
	set(p, "DefaultDomain", a.DefaultDomain)
	text(p, "Platform", a.Platform)
	text(p, "Repository", withoutUser(deref(a.Repository)))
	text(p, "IAMServiceRole", deref(a.IamServiceRoleArn))
	text(p, "ComputeRoleArn", deref(a.ComputeRoleArn))
	p["BasicAuthConfig"] = object{"EnableBasicAuth": aws.ToBool(a.EnableBasicAuth)}
	build := object{"EnableAutoBranchCreation": aws.ToBool(a.EnableAutoBranchCreation)}
	many(build, "AutoBranchCreationPatterns", sorted(a.AutoBranchCreationPatterns, same))
	if a.AutoBranchCreationConfig != nil {
		set(build, "EnablePullRequestPreview", a.AutoBranchCreationConfig.EnablePullRequestPreview)
	}
	p["AutoBranchCreationConfig"] = build
	if a.WafConfiguration != nil {
		p["WafConfiguration"] = object{"WebAclArn": deref(a.WafConfiguration.WebAclArn)}
	}
	environment(p, a.EnvironmentVariables)
	r.Tags = a.Tags
	return r
}
