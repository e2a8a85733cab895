package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// CognitoUserPools reads user pools, never a user. Of clients it reads the names alone: whatever tells more of one tells its secret too.
// "DescribeUserPoolClient", https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolClient.html
func CognitoUserPools() Service {
	return Service{
		Name: "cognitoidentityprovider",
		Calls: []Call{
			list("cognitoidentityprovider:ListUserPools", "cognito-idp:ListUserPools", "UserPools", "the user pools", "AWS::Cognito::UserPool"),
			about("cognitoidentityprovider:DescribeUserPool", "cognito-idp:DescribeUserPool", "UserPool", "how users sign up and in"),
			below("cognitoidentityprovider:ListUserPoolClients", "cognito-idp:ListUserPoolClients", "UserPoolClients", "which programs sign users in", "AWS::Cognito::UserPoolClient"),
		},
		Read: readUserPools,
	}
}

func readUserPools(ctx context.Context, s *Scope) {
	c := cognitoidentityprovider.NewFromConfig(s.Config())
	var ids []string
	in := &cognitoidentityprovider.ListUserPoolsInput{MaxResults: aws.Int32(60)}
	_, err := turn(ctx, s, cognitoidentityprovider.NewListUserPoolsPaginator(c, in), func(o *cognitoidentityprovider.ListUserPoolsOutput) {
		for _, p := range o.UserPools {
			ids = append(ids, aws.ToString(p.Id))
		}
	})
	clients := newTally(err == nil)
	askEach(ctx, s, "cognitoidentityprovider:ListUserPools", ids, err,
		func(ctx context.Context, id string) (*cognitoidentityprovider.DescribeUserPoolOutput, error) {
			return c.DescribeUserPool(ctx, &cognitoidentityprovider.DescribeUserPoolInput{UserPoolId: &id})
		},
		func(_ context.Context, _ string, o *cognitoidentityprovider.DescribeUserPoolOutput) {
			if o.UserPool != nil {
				s.Add(*userPool(s, *o.UserPool))
			}
		}, "ResourceNotFoundException")
	Each(ctx, ids, func(ctx context.Context, id string) {
		in := &cognitoidentityprovider.ListUserPoolClientsInput{UserPoolId: &id, MaxResults: aws.Int32(60)}
		_, err := turn(ctx, s, cognitoidentityprovider.NewListUserPoolClientsPaginator(c, in), func(o *cognitoidentityprovider.ListUserPoolClientsOutput) {
			for _, x := range o.UserPoolClients {
				key := s.ARN("cognito-idp", "userpool/"+id+"/client/"+aws.ToString(x.ClientId)) // it has no ARN
				r := s.New("AWS::Cognito::UserPoolClient", key, aws.ToString(x.ClientName), "cognitoidentityprovider:ListUserPoolClients")
				r.Properties["UserPoolId"] = id
				set(r.Properties, "ClientId", x.ClientId)
				set(r.Properties, "ClientName", x.ClientName)
				r.Unknown = append(r.Unknown, "AllowedOAuthFlows", "CallbackURLs", "ExplicitAuthFlows", "GenerateSecret")
				s.Add(*r)
			}
		})
		clients.count(snapshot.Key(id), err)
	})
	clients.note(s, "cognitoidentityprovider:ListUserPoolClients")
}

func userPool(s *Scope, u types.UserPoolType) *snapshot.Resource {
	key := s.ARN("cognito-idp", "userpool/"+aws.ToString(u.Id))
	if u.Arn != nil {
		key = *u.Arn
	}
	r := s.New("AWS::Cognito::UserPool", key, aws.ToString(u.Name), "cognitoidentityprovider:DescribeUserPool")
	p := r.Properties
	set(p, "UserPoolName", u.Name)
	set(p, "UserPoolId", u.Id)
	text(p, "MfaConfiguration", u.MfaConfiguration)
	text(p, "DeletionProtection", u.DeletionProtection)
	text(p, "UserPoolTier", u.UserPoolTier)
	set(p, "Domain", u.Domain)
	set(p, "CustomDomain", u.CustomDomain)
	many(p, "UsernameAttributes", sorted(u.UsernameAttributes, same))
	many(p, "AutoVerifiedAttributes", sorted(u.AutoVerifiedAttributes, same))
	if u.AdminCreateUserConfig != nil { // false: anybody signs up
		p["AdminCreateUserConfig"] = object{"AllowAdminCreateUserOnly": u.AdminCreateUserConfig.AllowAdminCreateUserOnly}
	}
	if u.UserPoolAddOns != nil {
		p["UserPoolAddOns"] = object{"AdvancedSecurityMode": string(u.UserPoolAddOns.AdvancedSecurityMode)}
	}
	if u.Policies != nil {
		m := object{}
		if x := u.Policies.PasswordPolicy; x != nil {
			rules := object{
				"RequireLowercase": x.RequireLowercase, "RequireUppercase": x.RequireUppercase, "RequireNumbers": x.RequireNumbers, "RequireSymbols": x.RequireSymbols,
				"TemporaryPasswordValidityDays": x.TemporaryPasswordValidityDays,
			}
			set(rules, "MinimumLength", x.MinimumLength)
			set(rules, "PasswordHistorySize", x.PasswordHistorySize)
			m["PasswordPolicy"] = rules
		}
		if x := u.Policies.SignInPolicy; x != nil {
			m["SignInPolicy"] = object{"AllowedFirstAuthFactors": sorted(x.AllowedFirstAuthFactors, same)}
		}
		p["Policies"] = m
	}
	if x := u.AccountRecoverySetting; x != nil {
		p["AccountRecoverySetting"] = object{"RecoveryMechanisms": sorted(x.RecoveryMechanisms, func(o types.RecoveryOptionType) any {
			m := object{"Name": string(o.Name)}
			set(m, "Priority", o.Priority)
			return m
		})}
	}
	if x := u.LambdaConfig; x != nil {
		p["LambdaConfig"] = poolTriggers(*x)
	}
	if len(u.UserPoolTags) > 0 {
		r.Tags = u.UserPoolTags
	}
	return r
}

// poolTriggers are the functions that have a say in who signs up and in, and in what their tokens hold.
func poolTriggers(l types.LambdaConfigType) object {
	m := object{}
	for name, arn := range map[string]*string{
		"CreateAuthChallenge": l.CreateAuthChallenge, "CustomMessage": l.CustomMessage, "DefineAuthChallenge": l.DefineAuthChallenge,
		"PostAuthentication": l.PostAuthentication, "PostConfirmation": l.PostConfirmation, "PreAuthentication": l.PreAuthentication,
		"PreSignUp": l.PreSignUp, "PreTokenGeneration": l.PreTokenGeneration, "UserMigration": l.UserMigration,
		"VerifyAuthChallengeResponse": l.VerifyAuthChallengeResponse, "KMSKeyID": l.KMSKeyID,
	} {
		set(m, name, arn)
	}
	if l.CustomEmailSender != nil {
		m["CustomEmailSender"] = object{"LambdaArn": aws.ToString(l.CustomEmailSender.LambdaArn)}
	}
	if l.CustomSMSSender != nil {
		m["CustomSMSSender"] = object{"LambdaArn": aws.ToString(l.CustomSMSSender.LambdaArn)}
	}
	if l.PreTokenGenerationConfig != nil {
		m["PreTokenGenerationConfig"] = object{"LambdaArn": aws.ToString(l.PreTokenGenerationConfig.LambdaArn)}
	}
	return m
}
