package service

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentity"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentity/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// CognitoIdentityPools reads which identities of others get credentials of this account, and of which roles.
func CognitoIdentityPools() Service {
	return Service{
		Name: "cognitoidentity",
		Calls: []Call{
			list("cognitoidentity:ListIdentityPools", "cognito-identity:ListIdentityPools", "IdentityPools", "who gets credentials from outside", "AWS::Cognito::IdentityPool"),
			about("cognitoidentity:DescribeIdentityPool", "cognito-identity:DescribeIdentityPool", "IdentityPoolId", "whom a pool believes, and whether guests get in"),
			below("cognitoidentity:GetIdentityPoolRoles", "cognito-identity:GetIdentityPoolRoles", "IdentityPoolId", "which roles a pool gives", "AWS::Cognito::IdentityPoolRoleAttachment"),
		},
		Read: readIdentityPools,
	}
}

func readIdentityPools(ctx context.Context, s *Scope) {
	c := cognitoidentity.NewFromConfig(s.Config())
	var found []types.IdentityPoolShortDescription
	in := &cognitoidentity.ListIdentityPoolsInput{MaxResults: aws.Int32(60)}
	complete := pages(ctx, s, "cognitoidentity:ListIdentityPools", cognitoidentity.NewListIdentityPoolsPaginator(c, in), func(o *cognitoidentity.ListIdentityPoolsOutput) {
		found = append(found, o.IdentityPools...)
	})
	roles := newTally(complete)
	Each(ctx, found, func(ctx context.Context, x types.IdentityPoolShortDescription) {
		r := s.New("AWS::Cognito::IdentityPool", s.ARN("cognito-identity", "identitypool/"+aws.ToString(x.IdentityPoolId)), aws.ToString(x.IdentityPoolName), "cognitoidentity:ListIdentityPools")
		set(r.Properties, "IdentityPoolId", x.IdentityPoolId)
		set(r.Properties, "IdentityPoolName", x.IdentityPoolName)
		about := &cognitoidentity.DescribeIdentityPoolInput{IdentityPoolId: x.IdentityPoolId}
		if o := part(ctx, s, r, "AllowUnauthenticatedIdentities", "cognitoidentity:DescribeIdentityPool", c.DescribeIdentityPool, about); o != nil {
			identityPool(r, o)
		} else {
			r.Unknown = append(r.Unknown, "AllowClassicFlow", "CognitoIdentityProviders", "DeveloperProviderName", "OpenIdConnectProviderARNs", "SamlProviderARNs", "SupportedLoginProviders", "Tags")
		}
		s.Add(*r)
		o, err := try(ctx, s, func(ctx context.Context) (*cognitoidentity.GetIdentityPoolRolesOutput, error) {
			return c.GetIdentityPoolRoles(ctx, &cognitoidentity.GetIdentityPoolRolesInput{IdentityPoolId: x.IdentityPoolId})
		})
		roles.count(r.Key, err)
		if err == nil && len(o.Roles)+len(o.RoleMappings) > 0 {
			s.Add(*poolRoles(s, r, o))
		}
	})
	roles.note(s, "cognitoidentity:GetIdentityPoolRoles")
}

func identityPool(r *snapshot.Resource, o *cognitoidentity.DescribeIdentityPoolOutput) {
	p := r.Properties
	p["AllowUnauthenticatedIdentities"] = o.AllowUnauthenticatedIdentities
	set(p, "AllowClassicFlow", o.AllowClassicFlow)
	set(p, "DeveloperProviderName", o.DeveloperProviderName)
	many(p, "OpenIdConnectProviderARNs", sorted(o.OpenIdConnectProviderARNs, same))
	many(p, "SamlProviderARNs", sorted(o.SamlProviderARNs, same))
	many(p, "CognitoIdentityProviders", sorted(o.CognitoIdentityProviders, func(x types.CognitoIdentityProvider) any {
		m := object{}
		set(m, "ProviderName", x.ProviderName)
		set(m, "ClientId", x.ClientId)
		set(m, "ServerSideTokenCheck", x.ServerSideTokenCheck)
		return m
	}))
	many(p, "SupportedLoginProviders", each(slices.Sorted(maps.Keys(o.SupportedLoginProviders)), same)) // their names, not what they know us by
	if len(o.IdentityPoolTags) > 0 {
		r.Tags = o.IdentityPoolTags
	}
}

func poolRoles(s *Scope, pool *snapshot.Resource, o *cognitoidentity.GetIdentityPoolRolesOutput) *snapshot.Resource {
	r := s.New("AWS::Cognito::IdentityPoolRoleAttachment", string(pool.Key)+":roles", pool.Name, "cognitoidentity:GetIdentityPoolRoles")
	r.Properties["IdentityPoolId"] = pool.Properties["IdentityPoolId"]
	given := object{}
	for kind, arn := range o.Roles { // "authenticated", "unauthenticated"
		given[kind] = arn
	}
	r.Properties["Roles"] = given
	mappings := object{}
	for provider, x := range o.RoleMappings {
		m := object{"Type": string(x.Type)}
		text(m, "AmbiguousRoleResolution", x.AmbiguousRoleResolution)
		if x.RulesConfiguration != nil {
			m["RulesConfiguration"] = object{"Rules": each(x.RulesConfiguration.Rules, func(k types.MappingRule) any { // the first that fits
				return object{"Claim": aws.ToString(k.Claim), "MatchType": string(k.MatchType), "Value": aws.ToString(k.Value), "RoleARN": aws.ToString(k.RoleARN)}
			})}
		}
		mappings[provider] = m
	}
	if len(mappings) > 0 {
		r.Properties["RoleMappings"] = mappings
	}
	return r
}
