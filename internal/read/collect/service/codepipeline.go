package service

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// CodePipeline reads pipelines: the role of each and of its actions, what they take and where they put it.
func CodePipeline() Service {
	return Service{
		Name: "codepipeline",
		Calls: []Call{
			list("codepipeline:ListPipelines", "codepipeline:ListPipelines", "pipelines", "the pipelines", "AWS::CodePipeline::Pipeline"),
			about("codepipeline:GetPipeline", "codepipeline:GetPipeline", "pipeline", "the roles of a pipeline, and what it deploys"),
			about("codepipeline:ListTagsForResource", "codepipeline:ListTagsForResource", "?tags", "whose pipeline it is"),
		},
		Read: readCodePipeline,
	}
}

func readCodePipeline(ctx context.Context, s *Scope) {
	c := codepipeline.NewFromConfig(s.Config())
	var names []*string
	pages(ctx, s, "codepipeline:ListPipelines", codepipeline.NewListPipelinesPaginator(c, &codepipeline.ListPipelinesInput{}), func(o *codepipeline.ListPipelinesOutput) {
		for _, v := range o.Pipelines {
			names = append(names, v.Name)
		}
	})
	Each(ctx, names, func(ctx context.Context, name *string) { s.Add(*pipeline(ctx, s, c, name)) })
}

func pipeline(ctx context.Context, s *Scope, c *codepipeline.Client, name *string) *snapshot.Resource {
	arn := s.ARN("codepipeline", deref(name))
	r := s.New("AWS::CodePipeline::Pipeline", arn, deref(name), "codepipeline:ListPipelines")
	p := r.Properties
	set(p, "Name", name)
	if o := part(ctx, s, r, "RoleArn", "codepipeline:GetPipeline", c.GetPipeline, &codepipeline.GetPipelineInput{Name: name}); o != nil && o.Pipeline != nil {
		v := o.Pipeline
		set(p, "RoleArn", v.RoleArn)
		text(p, "PipelineType", v.PipelineType)
		if v.ArtifactStore != nil {
			p["ArtifactStore"] = artifactStore(*v.ArtifactStore)
		}
		many(p, "ArtifactStores", each(slices.Sorted(maps.Keys(v.ArtifactStores)), func(region string) any {
			return object{"Region": region, "ArtifactStore": artifactStore(v.ArtifactStores[region])}
		}))
		p["Stages"] = each(v.Stages, func(x types.StageDeclaration) any {
			return object{"Name": deref(x.Name), "Actions": each(x.Actions, pipelineAction)}
		})
	} else {
		r.Unknown = append(r.Unknown, "RoleArn", "ArtifactStore", "ArtifactStores", "Stages")
	}
	if !s.tags(ctx, r) {
		var tags []types.Tag
		if pagesOf(ctx, s, r, "Tags", "codepipeline:ListTagsForResource", codepipeline.NewListTagsForResourcePaginator(c, &codepipeline.ListTagsForResourceInput{ResourceArn: &arn}), func(o *codepipeline.ListTagsForResourceOutput) {
			tags = append(tags, o.Tags...)
		}) {
			r.Tags = tagsOf(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
		}
	}
	return r
}

func artifactStore(v types.ArtifactStore) any {
	m := object{"Type": string(v.Type), "Location": deref(v.Location)}
	if v.EncryptionKey != nil {
		m["EncryptionKey"] = object{"Id": deref(v.EncryptionKey.Id), "Type": string(v.EncryptionKey.Type)}
	}
	return m
}

// pipelineConfiguration is what an action's configuration says of where it takes code and what it changes. The rest may hold secrets.
var pipelineConfiguration = []string{
	"ActionMode", "ApplicationName", "BranchName", "Capabilities", "ClusterName", "ConnectionArn", "DeploymentGroupName", "FullRepositoryId", "FunctionName",
	"NotificationArn", "ProjectName", "RepositoryName", "RoleArn", "S3Bucket", "S3ObjectKey", "ServiceName", "StackName", "StackSetName", "StateMachineArn", "BucketName",
}

func pipelineAction(v types.ActionDeclaration) any {
	m := object{"Name": deref(v.Name)}
	set(m, "RoleArn", v.RoleArn)
	set(m, "Region", v.Region)
	if t := v.ActionTypeId; t != nil {
		m["ActionTypeId"] = object{"Category": string(t.Category), "Owner": string(t.Owner), "Provider": deref(t.Provider)}
	}
	configuration := object{}
	for _, name := range pipelineConfiguration {
		text(configuration, name, v.Configuration[name])
	}
	var variables []struct{ Name, Value, Type string }
	if json.Unmarshal([]byte(v.Configuration["EnvironmentVariables"]), &variables) == nil {
		env := map[string]string{}
		for _, x := range variables {
			if x.Type == "" || x.Type == "PLAINTEXT" {
				env[x.Name] = x.Value
			}
		}
		environment(configuration, env)
	}
	if len(configuration) > 0 {
		m["Configuration"] = configuration
	}
	return m
}
