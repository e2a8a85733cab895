package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/bedrockagent"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

func readBedrockAgents(ctx context.Context, s *Scope) {
	c := bedrockagent.NewFromConfig(s.Config())
	readAgents(ctx, s, c)
	readKnowledgeBases(ctx, s, c)
	readFlows(ctx, s, c)
}

func readAgents(ctx context.Context, s *Scope, c *bedrockagent.Client) {
	var found []types.AgentSummary
	pages(ctx, s, "bedrockagent:ListAgents", bedrockagent.NewListAgentsPaginator(c, &bedrockagent.ListAgentsInput{}), func(o *bedrockagent.ListAgentsOutput) {
		found = append(found, o.AgentSummaries...)
	})
	Each(ctx, found, func(ctx context.Context, v types.AgentSummary) {
		r := s.New("AWS::Bedrock::Agent", s.ARN("bedrock", "agent/"+deref(v.AgentId)), deref(v.AgentName), "bedrockagent:ListAgents")
		p := r.Properties
		set(p, "AgentName", v.AgentName)
		set(p, "AgentId", v.AgentId)
		o := part(ctx, s, r, "AgentResourceRoleArn", "bedrockagent:GetAgent", c.GetAgent, &bedrockagent.GetAgentInput{AgentId: v.AgentId})
		if o != nil && o.Agent != nil {
			set(p, "AgentResourceRoleArn", o.Agent.AgentResourceRoleArn)
			set(p, "CustomerEncryptionKeyArn", o.Agent.CustomerEncryptionKeyArn)
			set(p, "FoundationModel", o.Agent.FoundationModel)
			if g := o.Agent.GuardrailConfiguration; g != nil {
				m := object{}
				set(m, "GuardrailIdentifier", g.GuardrailIdentifier)
				set(m, "GuardrailVersion", g.GuardrailVersion)
				p["GuardrailConfiguration"] = m
			}
		} else {
			r.Unknown = append(r.Unknown, "AgentResourceRoleArn", "CustomerEncryptionKeyArn", "FoundationModel", "GuardrailConfiguration")
		}
		finishBedrock(ctx, s, c, r)
	})
}

func readKnowledgeBases(ctx context.Context, s *Scope, c *bedrockagent.Client) {
	var found []types.KnowledgeBaseSummary
	pages(ctx, s, "bedrockagent:ListKnowledgeBases", bedrockagent.NewListKnowledgeBasesPaginator(c, &bedrockagent.ListKnowledgeBasesInput{}), func(o *bedrockagent.ListKnowledgeBasesOutput) {
		found = append(found, o.KnowledgeBaseSummaries...)
	})
	Each(ctx, found, func(ctx context.Context, v types.KnowledgeBaseSummary) {
		r := s.New("AWS::Bedrock::KnowledgeBase", s.ARN("bedrock", "knowledge-base/"+deref(v.KnowledgeBaseId)), deref(v.Name), "bedrockagent:ListKnowledgeBases")
		p := r.Properties
		set(p, "Name", v.Name)
		set(p, "KnowledgeBaseId", v.KnowledgeBaseId)
		o := part(ctx, s, r, "RoleArn", "bedrockagent:GetKnowledgeBase", c.GetKnowledgeBase, &bedrockagent.GetKnowledgeBaseInput{KnowledgeBaseId: v.KnowledgeBaseId})
		if o != nil && o.KnowledgeBase != nil {
			set(p, "RoleArn", o.KnowledgeBase.RoleArn)
			if k := o.KnowledgeBase.KnowledgeBaseConfiguration; k != nil {
				p["KnowledgeBaseConfiguration"] = object{"Type": string(k.Type)}
			}
			if k := o.KnowledgeBase.StorageConfiguration; k != nil {
				p["StorageConfiguration"] = knowledgeStorage(k)
			}
		} else {
			r.Unknown = append(r.Unknown, "RoleArn", "KnowledgeBaseConfiguration", "StorageConfiguration")
		}
		finishBedrock(ctx, s, c, r)
	})
}

// knowledgeStorage is where the knowledge lies, and with which secret it is reached.
func knowledgeStorage(k *types.StorageConfiguration) object {
	m := object{"Type": string(k.Type)}
	if x := k.OpensearchServerlessConfiguration; x != nil {
		m["OpensearchServerlessConfiguration"] = object{"CollectionArn": deref(x.CollectionArn)}
	}
	if x := k.OpensearchManagedClusterConfiguration; x != nil {
		m["OpensearchManagedClusterConfiguration"] = object{"DomainArn": deref(x.DomainArn)}
	}
	if x := k.NeptuneAnalyticsConfiguration; x != nil {
		m["NeptuneAnalyticsConfiguration"] = object{"GraphArn": deref(x.GraphArn)}
	}
	if x := k.RdsConfiguration; x != nil {
		m["RdsConfiguration"] = object{"ResourceArn": deref(x.ResourceArn), "CredentialsSecretArn": deref(x.CredentialsSecretArn), "DatabaseName": deref(x.DatabaseName)}
	}
	if x := k.S3VectorsConfiguration; x != nil {
		at := object{}
		set(at, "VectorBucketArn", x.VectorBucketArn)
		set(at, "IndexArn", x.IndexArn)
		m["S3VectorsConfiguration"] = at
	}
	if x := k.PineconeConfiguration; x != nil {
		m["PineconeConfiguration"] = object{"CredentialsSecretArn": deref(x.CredentialsSecretArn)}
	}
	if x := k.MongoDbAtlasConfiguration; x != nil {
		m["MongoDbAtlasConfiguration"] = object{"CredentialsSecretArn": deref(x.CredentialsSecretArn)}
	}
	return m
}

func readFlows(ctx context.Context, s *Scope, c *bedrockagent.Client) {
	var found []types.FlowSummary
	pages(ctx, s, "bedrockagent:ListFlows", bedrockagent.NewListFlowsPaginator(c, &bedrockagent.ListFlowsInput{}), func(o *bedrockagent.ListFlowsOutput) {
		found = append(found, o.FlowSummaries...)
	})
	Each(ctx, found, func(ctx context.Context, v types.FlowSummary) {
		r := s.New("AWS::Bedrock::Flow", deref(v.Arn), deref(v.Name), "bedrockagent:ListFlows")
		set(r.Properties, "Name", v.Name)
		if o := part(ctx, s, r, "ExecutionRoleArn", "bedrockagent:GetFlow", c.GetFlow, &bedrockagent.GetFlowInput{FlowIdentifier: v.Id}); o != nil {
			set(r.Properties, "ExecutionRoleArn", o.ExecutionRoleArn)
			set(r.Properties, "CustomerEncryptionKeyArn", o.CustomerEncryptionKeyArn)
		} else {
			r.Unknown = append(r.Unknown, "CustomerEncryptionKeyArn")
		}
		finishBedrock(ctx, s, c, r)
	})
}

// finishBedrock asks for the tags, and keeps the resource.
func finishBedrock(ctx context.Context, s *Scope, c *bedrockagent.Client, r *snapshot.Resource) {
	if !s.tags(ctx, r) {
		arn := string(r.Key)
		if o := part(ctx, s, r, "Tags", "bedrockagent:ListTagsForResource", c.ListTagsForResource, &bedrockagent.ListTagsForResourceInput{ResourceArn: &arn}); o != nil {
			r.Tags = o.Tags
		}
	}
	s.Add(*r)
}
