package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Bedrock reads what acts with a role (agents, knowledge bases, flows), guardrails, and whether calls of models are logged.
func Bedrock() Service {
	return Service{
		Name: "bedrock",
		Calls: []Call{
			// Where nothing is logged, the answer is an empty object.
			list("bedrock:GetModelInvocationLoggingConfiguration", "bedrock:GetModelInvocationLoggingConfiguration", "?loggingConfig", "where calls of models are logged", "AWS::Bedrock::ModelInvocationLoggingConfiguration"),
			list("bedrock:ListGuardrails", "bedrock:ListGuardrails", "guardrails", "the guardrails", "AWS::Bedrock::Guardrail"),
			about("bedrock:GetGuardrail", "bedrock:GetGuardrail", "guardrailArn", "what a guardrail stops, and its key"),
			about("bedrock:ListTagsForResource", "bedrock:ListTagsForResource", "?tags", "whose guardrail it is"),
			list("bedrockagent:ListAgents", "bedrock:ListAgents", "agentSummaries", "the agents", "AWS::Bedrock::Agent"),
			about("bedrockagent:GetAgent", "bedrock:GetAgent", "agent", "the role of an agent"),
			list("bedrockagent:ListKnowledgeBases", "bedrock:ListKnowledgeBases", "knowledgeBaseSummaries", "the knowledge bases", "AWS::Bedrock::KnowledgeBase"),
			about("bedrockagent:GetKnowledgeBase", "bedrock:GetKnowledgeBase", "knowledgeBase", "the role of a knowledge base, and where it keeps what it knows"),
			list("bedrockagent:ListFlows", "bedrock:ListFlows", "flowSummaries", "the flows", "AWS::Bedrock::Flow"),
			about("bedrockagent:GetFlow", "bedrock:GetFlow", "arn", "the role of a flow"),
			about("bedrockagent:ListTagsForResource", "bedrock:ListTagsForResource", "?tags", "whose they are"),
		},
		Read: readBedrock,
	}
}

func readBedrock(ctx context.Context, s *Scope) {
	c := bedrock.NewFromConfig(s.Config())
	const call = "bedrock:GetModelInvocationLoggingConfiguration"
	if o, ok := one(ctx, s, call, c.GetModelInvocationLoggingConfiguration, &bedrock.GetModelInvocationLoggingConfigurationInput{}); ok && o.LoggingConfig != nil {
		s.Add(*modelLogging(s, o.LoggingConfig, call))
	}
	var found []types.GuardrailSummary
	pages(ctx, s, "bedrock:ListGuardrails", bedrock.NewListGuardrailsPaginator(c, &bedrock.ListGuardrailsInput{}), func(o *bedrock.ListGuardrailsOutput) {
		found = append(found, o.Guardrails...)
	})
	Each(ctx, found, func(ctx context.Context, g types.GuardrailSummary) {
		r := s.New("AWS::Bedrock::Guardrail", deref(g.Arn), deref(g.Name), "bedrock:ListGuardrails")
		set(r.Properties, "Name", g.Name)
		set(r.Properties, "GuardrailId", g.Id)
		if o := part(ctx, s, r, "KmsKeyArn", "bedrock:GetGuardrail", c.GetGuardrail, &bedrock.GetGuardrailInput{GuardrailIdentifier: g.Arn}); o != nil {
			set(r.Properties, "KmsKeyArn", o.KmsKeyArn)
			if o.ContentPolicy != nil {
				r.Properties["ContentPolicyConfig"] = object{"FiltersConfig": sorted(o.ContentPolicy.Filters, func(f types.GuardrailContentFilter) any {
					return object{"Type": string(f.Type), "InputStrength": string(f.InputStrength), "OutputStrength": string(f.OutputStrength)}
				})}
			}
		} else {
			r.Unknown = append(r.Unknown, "ContentPolicyConfig")
		}
		if !s.tags(ctx, r) {
			if o := part(ctx, s, r, "Tags", "bedrock:ListTagsForResource", c.ListTagsForResource, &bedrock.ListTagsForResourceInput{ResourceARN: g.Arn}); o != nil {
				r.Tags = tagsOf(o.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			}
		}
		s.Add(*r)
	})
	readBedrockAgents(ctx, s)
}

func modelLogging(s *Scope, l *types.LoggingConfig, call string) *snapshot.Resource {
	r := s.New("AWS::Bedrock::ModelInvocationLoggingConfiguration", s.ARN("bedrock", "model-invocation-logging-configuration"), "model invocation logging", call)
	m := object{
		"TextDataDeliveryEnabled": aws.ToBool(l.TextDataDeliveryEnabled), "ImageDataDeliveryEnabled": aws.ToBool(l.ImageDataDeliveryEnabled),
		"EmbeddingDataDeliveryEnabled": aws.ToBool(l.EmbeddingDataDeliveryEnabled),
	}
	bucket := func(b *types.S3Config) object {
		at := object{"BucketName": deref(b.BucketName)}
		text(at, "KeyPrefix", deref(b.KeyPrefix))
		return at
	}
	if l.S3Config != nil {
		m["S3Config"] = bucket(l.S3Config)
	}
	if w := l.CloudWatchConfig; w != nil {
		at := object{"LogGroupName": deref(w.LogGroupName), "RoleArn": deref(w.RoleArn)}
		if w.LargeDataDeliveryS3Config != nil {
			at["LargeDataDeliveryS3Config"] = bucket(w.LargeDataDeliveryS3Config)
		}
		m["CloudWatchConfig"] = at
	}
	r.Properties["LoggingConfig"] = m
	return r
}
