package service

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// APIGateway reads REST APIs, and that there are API keys; never their values. IAM has one action for every read of API Gateway, so
// the policy that allows these calls allows more.
// "Actions, resources, and condition keys for Amazon API Gateway Management",
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
func APIGateway() Service {
	const get, why = "apigateway:GET", "what APIs the internet reaches, and who answers for them"
	return Service{
		Name: "apigateway",
		Calls: []Call{
			list("apigateway:GetRestApis", get, "?item", why, "AWS::ApiGateway::RestApi"),
			list("apigateway:GetVpcLinks", get, "?item", why, "AWS::ApiGateway::VpcLink"),
			list("apigateway:GetApiKeys", get, "?item", "which API keys there are", "AWS::ApiGateway::ApiKey"),
			below("apigateway:GetStages", get, "?item", why, "AWS::ApiGateway::Stage"),
			below("apigateway:GetResources", get, "?item", why, "AWS::ApiGateway::Method"),
			below("apigateway:GetAuthorizers", get, "?item", why, "AWS::ApiGateway::Authorizer"),
		},
		Read: readAPIGateway,
	}
}

func readAPIGateway(ctx context.Context, s *Scope) {
	c := apigateway.NewFromConfig(s.Config())
	most := aws.Int32(500)
	var apis []*snapshot.Resource
	complete := pages(ctx, s, "apigateway:GetRestApis", apigateway.NewGetRestApisPaginator(c, &apigateway.GetRestApisInput{Limit: most}), func(o *apigateway.GetRestApisOutput) {
		for _, a := range o.Items {
			r := restAPI(s, a)
			s.Add(*r)
			apis = append(apis, r)
		}
	})
	pages(ctx, s, "apigateway:GetVpcLinks", apigateway.NewGetVpcLinksPaginator(c, &apigateway.GetVpcLinksInput{Limit: most}), func(o *apigateway.GetVpcLinksOutput) {
		for _, l := range o.Items {
			r := s.New("AWS::ApiGateway::VpcLink", s.api("/vpclinks/"+deref(l.Id)), deref(l.Name), "apigateway:GetVpcLinks")
			set(r.Properties, "VpcLinkId", l.Id)
			set(r.Properties, "Name", l.Name)
			r.Properties["TargetArns"] = sorted(l.TargetArns, same)
			r.Tags = l.Tags
			s.Add(*r)
		}
	})
	pages(ctx, s, "apigateway:GetApiKeys", apigateway.NewGetApiKeysPaginator(c, &apigateway.GetApiKeysInput{Limit: most, IncludeValues: aws.Bool(false)}), func(o *apigateway.GetApiKeysOutput) {
		for _, k := range o.Items {
			r := s.New("AWS::ApiGateway::ApiKey", s.api("/apikeys/"+deref(k.Id)), deref(k.Name), "apigateway:GetApiKeys")
			set(r.Properties, "APIKeyId", k.Id)
			set(r.Properties, "Name", k.Name)
			r.Properties["Enabled"] = k.Enabled
			many(r.Properties, "StageKeys", sorted(k.StageKeys, func(of string) any {
				api, stage, _ := strings.Cut(of, "/")
				return object{"RestApiId": api, "StageName": stage}
			}))
			r.Tags = k.Tags
			s.Add(*r)
		}
	})
	stages, methods, authorizers := newTally(complete), newTally(complete), newTally(complete)
	Each(ctx, apis, func(ctx context.Context, a *snapshot.Resource) {
		stages.count(a.Key, readRestStages(ctx, s, c, a))
		methods.count(a.Key, readMethods(ctx, s, c, a))
		authorizers.count(a.Key, readRestAuthorizers(ctx, s, c, a))
	})
	stages.note(s, "apigateway:GetStages")
	methods.note(s, "apigateway:GetResources")
	authorizers.note(s, "apigateway:GetAuthorizers")
}

// api is the ARN of something of API Gateway, which has no account.
func (s *Scope) api(path string) string {
	return "arn:" + s.Partition + ":apigateway:" + s.Region + "::" + path
}

func restAPI(s *Scope, a types.RestApi) *snapshot.Resource {
	r := s.New("AWS::ApiGateway::RestApi", s.api("/restapis/"+deref(a.Id)), deref(a.Name), "apigateway:GetRestApis")
	p := r.Properties
	set(p, "RestApiId", a.Id)
	set(p, "Name", a.Name)
	text(p, "ApiKeySourceType", a.ApiKeySource)
	text(p, "SecurityPolicy", a.SecurityPolicy)
	p["DisableExecuteApiEndpoint"] = a.DisableExecuteApiEndpoint
	if e := a.EndpointConfiguration; e != nil {
		m := object{"Types": sorted(e.Types, same)}
		many(m, "VpcEndpointIds", sorted(e.VpcEndpointIds, same))
		text(m, "IpAddressType", e.IpAddressType)
		p["EndpointConfiguration"] = m
	}
	if a.Policy != nil {
		setPolicy(r, "Policy", aws.String(unescaped(*a.Policy)))
	}
	r.Tags = a.Tags
	return r
}

// unescaped is a policy as API Gateway tells it, with a backslash before every quotation mark.
// "RestApi", policy, https://docs.aws.amazon.com/apigateway/latest/api/API_RestApi.html
func unescaped(policy string) string {
	var out string
	if json.Unmarshal([]byte(`"`+policy+`"`), &out) == nil {
		return out
	}
	return policy
}

func readRestStages(ctx context.Context, s *Scope, c *apigateway.Client, a *snapshot.Resource) error {
	id := a.Text("RestApiId")
	o, err := try(ctx, s, func(ctx context.Context) (*apigateway.GetStagesOutput, error) {
		return c.GetStages(ctx, &apigateway.GetStagesInput{RestApiId: &id})
	})
	if err != nil {
		return err
	}
	for _, t := range o.Item {
		r := s.New("AWS::ApiGateway::Stage", string(a.Key)+"/stages/"+deref(t.StageName), deref(t.StageName), "apigateway:GetStages")
		p := r.Properties
		p["RestApiId"] = id
		set(p, "StageName", t.StageName)
		set(p, "ClientCertificateId", t.ClientCertificateId)
		set(p, "WebAclArn", t.WebAclArn)
		p["TracingEnabled"] = t.TracingEnabled
		p["CacheClusterEnabled"] = t.CacheClusterEnabled
		if t.AccessLogSettings != nil {
			m := object{}
			set(m, "DestinationArn", t.AccessLogSettings.DestinationArn)
			p["AccessLogSetting"] = m
		}
		var settings []object
		for path, m := range t.MethodSettings { // "~1pets/GET", "*/*"
			i := strings.LastIndexByte(path, '/')
			if i < 0 {
				continue
			}
			one := object{"ResourcePath": "/" + strings.TrimPrefix(path[:i], "/"), "HttpMethod": path[i+1:], "DataTraceEnabled": m.DataTraceEnabled, "CachingEnabled": m.CachingEnabled, "CacheDataEncrypted": m.CacheDataEncrypted}
			text(one, "LoggingLevel", deref(m.LoggingLevel))
			settings = append(settings, one)
		}
		many(p, "MethodSettings", sorted(settings, func(m object) any { return m }))
		environment(p, t.Variables)
		r.Tags = t.Tags
		s.Add(*r)
	}
	return nil
}

// readMethods reads every method of every path, which come with the list of paths when one asks for them.
func readMethods(ctx context.Context, s *Scope, c *apigateway.Client, a *snapshot.Resource) error {
	id := a.Text("RestApiId")
	in := &apigateway.GetResourcesInput{RestApiId: &id, Limit: aws.Int32(500), Embed: []string{"methods"}}
	_, err := turn(ctx, s, apigateway.NewGetResourcesPaginator(c, in), func(o *apigateway.GetResourcesOutput) {
		for _, path := range o.Items {
			for verb, m := range path.ResourceMethods {
				at := deref(path.Path)
				r := s.New("AWS::ApiGateway::Method", string(a.Key)+"/resources/"+deref(path.Id)+"/methods/"+verb, verb+" "+at, "apigateway:GetResources")
				p := r.Properties
				p["RestApiId"], p["HttpMethod"], p["Path"] = id, verb, at
				set(p, "ResourceId", path.Id)
				set(p, "AuthorizationType", m.AuthorizationType)
				set(p, "AuthorizerId", m.AuthorizerId)
				set(p, "ApiKeyRequired", m.ApiKeyRequired)
				many(p, "AuthorizationScopes", sorted(m.AuthorizationScopes, same))
				if m.AuthorizationType == nil {
					r.Unknown = append(r.Unknown, "AuthorizationType", "ApiKeyRequired")
				}
				if m.MethodIntegration == nil {
					r.Unknown = append(r.Unknown, "Integration")
				} else {
					p["Integration"] = restIntegration(m.MethodIntegration)
				}
				s.Add(*r)
			}
		}
	})
	return err
}

func restIntegration(i *types.Integration) object {
	m := object{}
	text(m, "Type", i.Type)
	text(m, "Uri", plainAddress(deref(i.Uri)))
	text(m, "ConnectionType", i.ConnectionType)
	set(m, "ConnectionId", i.ConnectionId)
	set(m, "IntegrationTarget", i.IntegrationTarget)
	set(m, "IntegrationHttpMethod", i.HttpMethod)
	set(m, "Credentials", i.Credentials)
	return m
}

func readRestAuthorizers(ctx context.Context, s *Scope, c *apigateway.Client, a *snapshot.Resource) error {
	id := a.Text("RestApiId")
	p := follow(c.GetAuthorizers, &apigateway.GetAuthorizersInput{RestApiId: &id, Limit: aws.Int32(500)}, func(in *apigateway.GetAuthorizersInput, o *apigateway.GetAuthorizersOutput) bool {
		return next(&in.Position, o.Position)
	})
	_, err := turn(ctx, s, p, func(o *apigateway.GetAuthorizersOutput) {
		for _, x := range o.Items {
			r := s.New("AWS::ApiGateway::Authorizer", string(a.Key)+"/authorizers/"+deref(x.Id), deref(x.Name), "apigateway:GetAuthorizers")
			r.Properties["RestApiId"] = id
			set(r.Properties, "AuthorizerId", x.Id)
			set(r.Properties, "Name", x.Name)
			set(r.Properties, "AuthorizerUri", x.AuthorizerUri)
			set(r.Properties, "AuthorizerCredentials", x.AuthorizerCredentials)
			set(r.Properties, "IdentitySource", x.IdentitySource)
			text(r.Properties, "Type", x.Type)
			many(r.Properties, "ProviderARNs", sorted(x.ProviderARNs, same))
			s.Add(*r)
		}
	})
	return err
}
