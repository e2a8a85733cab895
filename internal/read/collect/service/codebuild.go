package service

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// CodeBuild reads build projects, and which code hosts it has credentials for. Build specifications and the values of variables are not kept.
func CodeBuild() Service {
	return Service{
		Name: "codebuild",
		Calls: []Call{
			list("codebuild:ListProjects", "codebuild:ListProjects", "projects", "the build projects"),
			list("codebuild:BatchGetProjects", "codebuild:BatchGetProjects", "projects", "the role and the source of a project", "AWS::CodeBuild::Project"),
			about("codebuild:GetResourcePolicy", "codebuild:GetResourcePolicy", "?policy", "whom a project is shared with"),
			list("codebuild:ListSourceCredentials", "codebuild:ListSourceCredentials", "sourceCredentialsInfos", "which code hosts builds sign in to", "AWS::CodeBuild::SourceCredential"),
		},
		Read: readCodeBuild,
	}
}

func readCodeBuild(ctx context.Context, s *Scope) {
	c := codebuild.NewFromConfig(s.Config())
	var names []string
	_, err := turn(ctx, s, codebuild.NewListProjectsPaginator(c, &codebuild.ListProjectsInput{SortBy: types.ProjectSortByTypeName}), func(o *codebuild.ListProjectsOutput) {
		names = append(names, o.Projects...)
	})
	all := newTally(err == nil)
	if err != nil {
		all.count("", err)
	}
	var projects []types.Project
	for batch := range slices.Chunk(names, 100) { // the most that one call takes
		o, err := try(ctx, s, func(ctx context.Context) (*codebuild.BatchGetProjectsOutput, error) {
			return c.BatchGetProjects(ctx, &codebuild.BatchGetProjectsInput{Names: batch})
		})
		all.count(snapshot.Key(batch[0]), err)
		if err == nil {
			projects = append(projects, o.Projects...)
		}
	}
	all.note(s, "codebuild:BatchGetProjects")
	Each(ctx, projects, func(ctx context.Context, v types.Project) {
		r := buildProject(s, v)
		if o := part(ctx, s, r, "Policy", "codebuild:GetResourcePolicy", c.GetResourcePolicy, &codebuild.GetResourcePolicyInput{ResourceArn: v.Arn}, "ResourceNotFoundException"); o != nil {
			setPolicy(r, "Policy", o.Policy)
		}
		s.Add(*r)
	})
	if o, ok := one(ctx, s, "codebuild:ListSourceCredentials", c.ListSourceCredentials, &codebuild.ListSourceCredentialsInput{}); ok {
		for _, v := range o.SourceCredentialsInfos {
			r := s.New("AWS::CodeBuild::SourceCredential", deref(v.Arn), string(v.ServerType), "codebuild:ListSourceCredentials")
			text(r.Properties, "ServerType", v.ServerType)
			text(r.Properties, "AuthType", v.AuthType)
			s.Add(*r)
		}
	}
}

func buildProject(s *Scope, v types.Project) *snapshot.Resource {
	r := s.New("AWS::CodeBuild::Project", deref(v.Arn), deref(v.Name), "codebuild:BatchGetProjects")
	p := r.Properties
	set(p, "Name", v.Name)
	set(p, "ServiceRole", v.ServiceRole)
	set(p, "EncryptionKey", v.EncryptionKey)
	text(p, "SourceVersion", deref(v.SourceVersion))
	text(p, "ResourceAccessRole", deref(v.ResourceAccessRole))
	text(p, "Visibility", v.ProjectVisibility)
	if v.Source != nil {
		p["Source"] = buildSource(*v.Source)
	}
	many(p, "SecondarySources", sorted(v.SecondarySources, buildSource))
	if v.Artifacts != nil {
		p["Artifacts"] = buildArtifacts(*v.Artifacts)
	}
	many(p, "SecondaryArtifacts", sorted(v.SecondaryArtifacts, buildArtifacts))
	if v.Environment != nil {
		p["Environment"] = buildEnvironment(*v.Environment)
	}
	if n := v.VpcConfig; n != nil && deref(n.VpcId) != "" {
		p["VpcConfig"] = object{"VpcId": deref(n.VpcId), "Subnets": sorted(n.Subnets, same), "SecurityGroupIds": sorted(n.SecurityGroupIds, same)}
	}
	if v.BuildBatchConfig != nil {
		p["BuildBatchConfig"] = object{"ServiceRole": deref(v.BuildBatchConfig.ServiceRole)}
	}
	if v.LogsConfig != nil {
		p["LogsConfig"] = buildLogs(v.LogsConfig)
	}
	if v.Webhook != nil {
		p["Triggers"] = buildTriggers(v.Webhook)
	}
	r.Tags = tagsOf(v.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	return r
}

func buildSource(v types.ProjectSource) any {
	m := object{"Type": string(v.Type)}
	text(m, "SourceIdentifier", deref(v.SourceIdentifier))
	set(m, "InsecureSsl", v.InsecureSsl)
	text(m, "Location", withoutUser(deref(v.Location)))
	if v.Auth != nil {
		auth := object{"Type": string(v.Auth.Type)}
		set(auth, "Resource", v.Auth.Resource)
		m["Auth"] = auth
	}
	return m
}

func buildArtifacts(v types.ProjectArtifacts) any {
	m := object{"Type": string(v.Type)}
	set(m, "ArtifactIdentifier", v.ArtifactIdentifier)
	set(m, "Location", v.Location)
	set(m, "EncryptionDisabled", v.EncryptionDisabled)
	return m
}

func buildEnvironment(v types.ProjectEnvironment) object {
	m, env := object{"Type": string(v.Type)}, map[string]string{}
	set(m, "Image", v.Image)
	text(m, "ComputeType", v.ComputeType)
	text(m, "ImagePullCredentialsType", v.ImagePullCredentialsType)
	m["PrivilegedMode"] = aws.ToBool(v.PrivilegedMode)
	if v.RegistryCredential != nil {
		m["RegistryCredential"] = object{"Credential": deref(v.RegistryCredential.Credential)}
	}
	var secrets []any
	for _, x := range v.EnvironmentVariables {
		switch x.Type { // the others name a parameter or a secret
		case types.EnvironmentVariableTypePlaintext, "":
			env[deref(x.Name)] = deref(x.Value)
		default:
			secrets = append(secrets, object{"Name": deref(x.Name), "Type": string(x.Type), "ValueFrom": deref(x.Value)})
		}
	}
	environment(m, env)
	many(m, "Secrets", secrets)
	return m
}

func buildLogs(v *types.LogsConfig) object {
	m := object{}
	if l := v.CloudWatchLogs; l != nil {
		to := object{"Status": string(l.Status)}
		set(to, "GroupName", l.GroupName)
		m["CloudWatchLogs"] = to
	}
	if l := v.S3Logs; l != nil {
		to := object{"Status": string(l.Status)}
		set(to, "Location", l.Location)
		set(to, "EncryptionDisabled", l.EncryptionDisabled)
		m["S3Logs"] = to
	}
	return m
}

// buildTriggers is which events of the code host start a build: without a filter for their author, anybody's pull request does.
func buildTriggers(v *types.Webhook) object {
	m := object{"Webhook": true}
	many(m, "FilterGroups", each(v.FilterGroups, func(g []types.WebhookFilter) any {
		return each(g, func(f types.WebhookFilter) any {
			x := object{"Type": string(f.Type), "Pattern": deref(f.Pattern)}
			set(x, "ExcludeMatchedPattern", f.ExcludeMatchedPattern)
			return x
		})
	}))
	if v.PullRequestBuildPolicy != nil {
		x := object{"RequiresCommentApproval": string(v.PullRequestBuildPolicy.RequiresCommentApproval)}
		many(x, "ApproverRoles", sorted(v.PullRequestBuildPolicy.ApproverRoles, same))
		m["PullRequestBuildPolicy"] = x
	}
	return m
}
