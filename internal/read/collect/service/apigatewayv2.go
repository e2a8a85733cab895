package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// APIGatewayV2 reads HTTP and WebSocket APIs.
func APIGatewayV2() Service {
	const get, why = "apigateway:GET", "what APIs the internet reaches, and who answers for them"
	return Service{
		Name: "apigatewayv2",
		Calls: []Call{
			list("apigatewayv2:GetApis", get, "?items", why, "AWS::ApiGatewayV2::Api"),
			list("apigatewayv2:GetVpcLinks", get, "?items", why, "AWS::ApiGatewayV2::VpcLink"),
			below("apigatewayv2:GetStages", get, "?items", why, "AWS::ApiGatewayV2::Stage"),
			below("apigatewayv2:GetRoutes", get, "?items", why, "AWS::ApiGatewayV2::Route"),
			below("apigatewayv2:GetIntegrations", get, "?items", why, "AWS::ApiGatewayV2::Integration"),
			below("apigatewayv2:GetAuthorizers", get, "?items", why, "AWS::ApiGatewayV2::Authorizer"),
		},
		Read: readAPIGatewayV2,
	}
}

func readAPIGatewayV2(ctx context.Context, s *Scope) {
	c := apigatewayv2.NewFromConfig(s.Config())
	var apis []*snapshot.Resource
	list := follow(c.GetApis, &apigatewayv2.GetApisInput{}, func(in *apigatewayv2.GetApisInput, o *apigatewayv2.GetApisOutput) bool {
		return next(&in.NextToken, o.NextToken)
	})
	complete := pages(ctx, s, "apigatewayv2:GetApis", list, func(o *apigatewayv2.GetApisOutput) {
		for _, a := range o.Items {
			r := httpAPI(s, a)
			s.Add(*r)
			apis = append(apis, r)
		}
	})
	links := follow(c.GetVpcLinks, &apigatewayv2.GetVpcLinksInput{}, func(in *apigatewayv2.GetVpcLinksInput, o *apigatewayv2.GetVpcLinksOutput) bool {
		return next(&in.NextToken, o.NextToken)
	})
	pages(ctx, s, "apigatewayv2:GetVpcLinks", links, func(o *apigatewayv2.GetVpcLinksOutput) {
		for _, l := range o.Items {
			r := s.New("AWS::ApiGatewayV2::VpcLink", s.api("/vpclinks/"+deref(l.VpcLinkId)), deref(l.Name), "apigatewayv2:GetVpcLinks")
			set(r.Properties, "VpcLinkId", l.VpcLinkId)
			set(r.Properties, "Name", l.Name)
			r.Properties["SubnetIds"] = sorted(l.SubnetIds, same)
			r.Properties["SecurityGroupIds"] = sorted(l.SecurityGroupIds, same)
			r.Tags = l.Tags
			s.Add(*r)
		}
	})
	stages, routes, integrations, authorizers := newTally(complete), newTally(complete), newTally(complete), newTally(complete)
	Each(ctx, apis, func(ctx context.Context, a *snapshot.Resource) {
		stages.count(a.Key, readHTTPStages(ctx, s, c, a))
		routes.count(a.Key, readHTTPRoutes(ctx, s, c, a))
		integrations.count(a.Key, readHTTPIntegrations(ctx, s, c, a))
		authorizers.count(a.Key, readHTTPAuthorizers(ctx, s, c, a))
	})
	stages.note(s, "apigatewayv2:GetStages")
	routes.note(s, "apigatewayv2:GetRoutes")
	integrations.note(s, "apigatewayv2:GetIntegrations")
	authorizers.note(s, "apigatewayv2:GetAuthorizers")
}

func httpAPI(s *Scope, a types.Api) *snapshot.Resource {
	r := s.New("AWS::ApiGatewayV2::Api", s.api("/apis/"+deref(a.ApiId)), deref(a.Name), "apigatewayv2:GetApis")
	p := r.Properties
	set(p, "ApiId", a.ApiId)
	set(p, "Name", a.Name)
	set(p, "ApiEndpoint", a.ApiEndpoint)
	set(p, "DisableExecuteApiEndpoint", a.DisableExecuteApiEndpoint)
	text(p, "ProtocolType", a.ProtocolType)
	if k := a.CorsConfiguration; k != nil {
		m := object{}
		set(m, "AllowCredentials", k.AllowCredentials)
		many(m, "AllowOrigins", sorted(k.AllowOrigins, same))
		p["CorsConfiguration"] = m
	}
	r.Tags = a.Tags
	return r
}

// ofAPI starts a resource that belongs to an API.
func (s *Scope) ofAPI(a *snapshot.Resource, typ, kind string, id, name *string, call string) *snapshot.Resource {
	r := s.New(typ, string(a.Key)+"/"+kind+"/"+deref(id), deref(name), call)
	r.Properties["ApiId"] = a.Text("ApiId")
	return r
}

func readHTTPStages(ctx context.Context, s *Scope, c *apigatewayv2.Client, a *snapshot.Resource) error {
	id := a.Text("ApiId")
	p := follow(c.GetStages, &apigatewayv2.GetStagesInput{ApiId: &id}, func(in *apigatewayv2.GetStagesInput, o *apigatewayv2.GetStagesOutput) bool {
		return next(&in.NextToken, o.NextToken)
	})
	_, err := turn(ctx, s, p, func(o *apigatewayv2.GetStagesOutput) {
		for _, t := range o.Items {
			r := s.ofAPI(a, "AWS::ApiGatewayV2::Stage", "stages", t.StageName, t.StageName, "apigatewayv2:GetStages")
			set(r.Properties, "StageName", t.StageName)
			set(r.Properties, "AutoDeploy", t.AutoDeploy)
			set(r.Properties, "ClientCertificateId", t.ClientCertificateId)
			if t.AccessLogSettings != nil {
				m := object{}
				set(m, "DestinationArn", t.AccessLogSettings.DestinationArn)
				r.Properties["AccessLogSettings"] = m
			}
			if d := t.DefaultRouteSettings; d != nil {
				m := object{}
				set(m, "DataTraceEnabled", d.DataTraceEnabled)
				text(m, "LoggingLevel", d.LoggingLevel)
				r.Properties["DefaultRouteSettings"] = m
			}
			environment(r.Properties, t.StageVariables)
			r.Tags = t.Tags
			s.Add(*r)
		}
	})
	return err
}

func readHTTPRoutes(ctx context.Context, s *Scope, c *apigatewayv2.Client, a *snapshot.Resource) error {
	id := a.Text("ApiId")
	p := follow(c.GetRoutes, &apigatewayv2.GetRoutesInput{ApiId: &id}, func(in *apigatewayv2.GetRoutesInput, o *apigatewayv2.GetRoutesOutput) bool {
		return next(&in.NextToken, o.NextToken)
	})
	_, err := turn(ctx, s, p, func(o *apigatewayv2.GetRoutesOutput) {
		for _, t := range o.Items {
			r := s.ofAPI(a, "AWS::ApiGatewayV2::Route", "routes", t.RouteId, t.RouteKey, "apigatewayv2:GetRoutes")
			set(r.Properties, "RouteId", t.RouteId)
			set(r.Properties, "RouteKey", t.RouteKey)
			set(r.Properties, "Target", t.Target)
			set(r.Properties, "ApiKeyRequired", t.ApiKeyRequired)
			set(r.Properties, "AuthorizerId", t.AuthorizerId)
			text(r.Properties, "AuthorizationType", t.AuthorizationType)
			many(r.Properties, "AuthorizationScopes", sorted(t.AuthorizationScopes, same))
			s.Add(*r)
		}
	})
	return err
}

func readHTTPIntegrations(ctx context.Context, s *Scope, c *apigatewayv2.Client, a *snapshot.Resource) error {
	id := a.Text("ApiId")
	p := follow(c.GetIntegrations, &apigatewayv2.GetIntegrationsInput{ApiId: &id}, func(in *apigatewayv2.GetIntegrationsInput, o *apigatewayv2.GetIntegrationsOutput) bool {
		return next(&in.NextToken, o.NextToken)
	})
	_, err := turn(ctx, s, p, func(o *apigatewayv2.GetIntegrationsOutput) {
		for _, t := range o.Items {
			r := s.ofAPI(a, "AWS::ApiGatewayV2::Integration", "integrations", t.IntegrationId, t.IntegrationId, "apigatewayv2:GetIntegrations")
			set(r.Properties, "IntegrationId", t.IntegrationId)
			set(r.Properties, "IntegrationSubtype", t.IntegrationSubtype)
			set(r.Properties, "IntegrationMethod", t.IntegrationMethod)
			set(r.Properties, "ConnectionId", t.ConnectionId)
			set(r.Properties, "CredentialsArn", t.CredentialsArn)
			text(r.Properties, "IntegrationUri", plainAddress(deref(t.IntegrationUri)))
			text(r.Properties, "IntegrationType", t.IntegrationType)
			text(r.Properties, "ConnectionType", t.ConnectionType)
			s.Add(*r)
		}
	})
	return err
}

func readHTTPAuthorizers(ctx context.Context, s *Scope, c *apigatewayv2.Client, a *snapshot.Resource) error {
	id := a.Text("ApiId")
	p := follow(c.GetAuthorizers, &apigatewayv2.GetAuthorizersInput{ApiId: &id}, func(in *apigatewayv2.GetAuthorizersInput, o *apigatewayv2.GetAuthorizersOutput) bool {
		return next(&in.NextToken, o.NextToken)
	})
	_, err := turn(ctx, s, p, func(o *apigatewayv2.GetAuthorizersOutput) {
		for _, t := range o.Items {
			r := s.ofAPI(a, "AWS::ApiGatewayV2::Authorizer", "authorizers", t.AuthorizerId, t.Name, "apigatewayv2:GetAuthorizers")
			set(r.Properties, "AuthorizerId", t.AuthorizerId)
			set(r.Properties, "Name", t.Name)
			set(r.Properties, "AuthorizerUri", t.AuthorizerUri)
			set(r.Properties, "AuthorizerCredentialsArn", t.AuthorizerCredentialsArn)
			text(r.Properties, "AuthorizerType", t.AuthorizerType)
			many(r.Properties, "IdentitySource", sorted(t.IdentitySource, same))
			if j := t.JwtConfiguration; j != nil {
				m := object{}
				set(m, "Issuer", j.Issuer)
				many(m, "Audience", sorted(j.Audience, same))
				r.Properties["JwtConfiguration"] = m
			}
			s.Add(*r)
		}
	})
	return err
}
