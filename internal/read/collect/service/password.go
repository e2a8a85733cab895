package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// readPasswordPolicy reads what the account asks of passwords. There is none where AWS's own rules hold: eight characters of three
// kinds, which never expire.
// "Set an account password policy for IAM users", https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
func readPasswordPolicy(ctx context.Context, s *Scope, c *iam.Client) {
	const call = "iam:GetAccountPasswordPolicy"
	o, err := try(ctx, s, func(ctx context.Context) (*iam.GetAccountPasswordPolicyOutput, error) {
		return c.GetAccountPasswordPolicy(ctx, &iam.GetAccountPasswordPolicyInput{})
	})
	if !s.noteUnless(call, err, "NoSuchEntity") || o == nil || o.PasswordPolicy == nil {
		return
	}
	x := o.PasswordPolicy
	r := s.New("AWS::IAM::AccountPasswordPolicy", "arn:"+s.Partition+":iam::"+s.Account+":account-password-policy", "account password policy", call)
	r.Properties = object{
		"RequireLowercaseCharacters": x.RequireLowercaseCharacters, "RequireUppercaseCharacters": x.RequireUppercaseCharacters,
		"RequireNumbers": x.RequireNumbers, "RequireSymbols": x.RequireSymbols, "AllowUsersToChangePassword": x.AllowUsersToChangePassword,
		"ExpirePasswords": x.ExpirePasswords, "HardExpiry": aws.ToBool(x.HardExpiry),
	}
	set(r.Properties, "MinimumPasswordLength", x.MinimumPasswordLength)
	set(r.Properties, "MaxPasswordAge", x.MaxPasswordAge)
	set(r.Properties, "PasswordReusePrevention", x.PasswordReusePrevention)
	s.Add(*r)
}

// readOutbound reads whether principals of the account may get tokens by which services outside AWS know them. There is none where that is off.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOutboundWebIdentityFederationInfo.html
func readOutbound(ctx context.Context, s *Scope, c *iam.Client) {
	const call = "iam:GetOutboundWebIdentityFederationInfo"
	o, err := try(ctx, s, func(ctx context.Context) (*iam.GetOutboundWebIdentityFederationInfoOutput, error) {
		return c.GetOutboundWebIdentityFederationInfo(ctx, &iam.GetOutboundWebIdentityFederationInfoInput{})
	})
	if !s.noteUnless(call, err, "FeatureDisabled") || o == nil {
		return
	}
	r := s.New("AWS::IAM::OutboundWebIdentityFederation", "arn:"+s.Partition+":iam::"+s.Account+":outbound-web-identity-federation", "outbound web identity federation", call)
	r.Properties["JwtVendingEnabled"] = o.JwtVendingEnabled
	set(r.Properties, "IssuerIdentifier", o.IssuerIdentifier)
	s.Add(*r)
}
