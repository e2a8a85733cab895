package service

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/footing-dev/footing/internal/read/shape"
	"github.com/footing-dev/footing/internal/snapshot"
)

const (
	authorizationDetails = "iam:GetAccountAuthorizationDetails"
	listVirtualMFA       = "iam:ListVirtualMFADevices"
	listCertificates     = "iam:ListServerCertificates"
)

// IAM reads every principal and policy in a few pages, and what those pages do not hold: providers, the credential report, the summary.
func IAM() Service {
	return Service{
		Name: "iam", Global: true,
		Calls: []Call{
			list(authorizationDetails, authorizationDetails, "IsTruncated", "every user, group, role and policy in one list",
				"AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::InstanceProfile", "AWS::IAM::ManagedPolicy"),
			about("iam:GenerateCredentialReport", "iam:GenerateCredentialReport", "State", "the credential report must be made before it is read"),
			list("iam:GetCredentialReport", "iam:GetCredentialReport", "Content", "passwords, MFA and the age of keys", "AWS::IAM::CredentialReport"),
			list("iam:GetAccountSummary", "iam:GetAccountSummary", "SummaryMap", "the root user's MFA and keys", "AWS::IAM::AccountSummary"),
			list("iam:GetAccountPasswordPolicy", "iam:GetAccountPasswordPolicy", "PasswordPolicy", "how good passwords must be", "AWS::IAM::AccountPasswordPolicy"),
			list("iam:GetOutboundWebIdentityFederationInfo", "iam:GetOutboundWebIdentityFederationInfo", "JwtVendingEnabled", "whether the account gives tokens for services outside", "AWS::IAM::OutboundWebIdentityFederation"),
			list("iam:ListOpenIDConnectProviders", "iam:ListOpenIDConnectProviders", "OpenIDConnectProviderList", "who may sign in from outside", "AWS::IAM::OIDCProvider"),
			about("iam:GetOpenIDConnectProvider", "iam:GetOpenIDConnectProvider", "Url", "the issuer and audiences of a provider"),
			list("iam:ListSAMLProviders", "iam:ListSAMLProviders", "SAMLProviderList", "who may sign in from outside", "AWS::IAM::SAMLProvider"),
			list(listVirtualMFA, listVirtualMFA, "VirtualMFADevices", "whose second factor is a code that can be typed anywhere", "AWS::IAM::VirtualMFADevice"),
			list(listCertificates, listCertificates, "ServerCertificateMetadataList", "which certificates ran out", "AWS::IAM::ServerCertificate"),
		},
		Read: readIAM,
	}
}

func readIAM(ctx context.Context, s *Scope) {
	c := iam.NewFromConfig(s.Config())
	Each(ctx, []func(context.Context, *Scope, *iam.Client){readPrincipals, readCredentialReport, readSummary, readPasswordPolicy, readOutbound, readProviders, readVirtualMFA, readCertificates},
		func(ctx context.Context, read func(context.Context, *Scope, *iam.Client)) { read(ctx, s, c) })
}

func readPrincipals(ctx context.Context, s *Scope, c *iam.Client) {
	p := iam.NewGetAccountAuthorizationDetailsPaginator(c, &iam.GetAccountAuthorizationDetailsInput{
		Filter: []types.EntityType{
			types.EntityTypeUser, types.EntityTypeGroup, types.EntityTypeRole,
			types.EntityTypeLocalManagedPolicy, types.EntityTypeAWSManagedPolicy,
		},
		MaxItems: aws.Int32(1000),
	})
	// The field names of the SDK are those of the AWS CLI's output, so that one reader serves both.
	var all struct {
		UserDetailList  []types.UserDetail
		GroupDetailList []types.GroupDetail
		RoleDetailList  []types.RoleDetail
		Policies        []types.ManagedPolicyDetail
	}
	n, err := turn(ctx, s, p, func(o *iam.GetAccountAuthorizationDetailsOutput) {
		all.UserDetailList = append(all.UserDetailList, o.UserDetailList...)
		all.GroupDetailList = append(all.GroupDetailList, o.GroupDetailList...)
		all.RoleDetailList = append(all.RoleDetailList, o.RoleDetailList...)
		all.Policies = append(all.Policies, o.Policies...)
	})
	if n > 0 {
		used := attachments(all.UserDetailList, all.GroupDetailList, all.RoleDetailList)
		all.Policies = slices.DeleteFunc(all.Policies, func(m types.ManagedPolicyDetail) bool {
			arn := aws.ToString(m.Arn)
			return isAWSPolicy(arn) && !used[arn]
		})
		doc, bad := json.Marshal(all)
		if bad != nil {
			s.Note(authorizationDetails, snapshot.Failed, bad.Error())
			return
		}
		details, bad := shape.AuthorizationDetails(doc)
		if bad != nil {
			s.Note(authorizationDetails, snapshot.Failed, "the answer "+bad.Error())
			return
		}
		s.Add(details.Resources...)
		s.Observe(details.Used...)
	}
	s.noteList(authorizationDetails, n, err)
}

// attachments are the ARNs of the managed policies that anybody has, as permissions or as a boundary. AWS's own managed
// policies that nobody has are a catalogue, not the account.
func attachments(users []types.UserDetail, groups []types.GroupDetail, roles []types.RoleDetail) map[string]bool {
	used := map[string]bool{}
	add := func(l []types.AttachedPolicy, b *types.AttachedPermissionsBoundary) {
		for _, a := range l {
			used[aws.ToString(a.PolicyArn)] = true
		}
		if b != nil {
			used[aws.ToString(b.PermissionsBoundaryArn)] = true
		}
	}
	for _, u := range users {
		add(u.AttachedManagedPolicies, u.PermissionsBoundary)
	}
	for _, g := range groups {
		add(g.AttachedManagedPolicies, nil)
	}
	for _, r := range roles {
		add(r.AttachedManagedPolicies, r.PermissionsBoundary)
	}
	return used
}

func isAWSPolicy(arn string) bool { return strings.Contains(arn, ":iam::aws:policy/") }

func readSummary(ctx context.Context, s *Scope, c *iam.Client) {
	out, ok := one(ctx, s, "iam:GetAccountSummary", c.GetAccountSummary, &iam.GetAccountSummaryInput{})
	if !ok {
		return
	}
	r := s.New("AWS::IAM::AccountSummary", s.ARN("iam", "account-summary"), "account summary", "iam:GetAccountSummary")
	for _, k := range []string{"AccountMFAEnabled", "AccountAccessKeysPresent", "AccountSigningCertificatesPresent", "AccountPasswordPresent"} {
		if v, ok := out.SummaryMap[k]; ok {
			r.Properties[k] = v
		} else {
			r.Unknown = append(r.Unknown, k)
		}
	}
	s.Add(*r)
}

func readProviders(ctx context.Context, s *Scope, c *iam.Client) {
	if out, ok := one(ctx, s, "iam:ListOpenIDConnectProviders", c.ListOpenIDConnectProviders, &iam.ListOpenIDConnectProvidersInput{}); ok {
		Each(ctx, out.OpenIDConnectProviderList, func(ctx context.Context, e types.OpenIDConnectProviderListEntry) {
			arn := aws.ToString(e.Arn)
			_, url, _ := strings.Cut(arn, "oidc-provider/")
			r := s.New("AWS::IAM::OIDCProvider", arn, url, "iam:ListOpenIDConnectProviders")
			text(r.Properties, "Url", url) // the ARN holds the issuer without its scheme
			in := &iam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: e.Arn}
			if o := part(ctx, s, r, "ClientIdList", "iam:GetOpenIDConnectProvider", c.GetOpenIDConnectProvider, in); o != nil {
				r.Properties["ClientIdList"] = sorted(o.ClientIDList, same)
				r.Properties["ThumbprintList"] = sorted(o.ThumbprintList, same)
				r.Tags = iamTags(o.Tags)
			} else {
				r.Unknown = append(r.Unknown, "ThumbprintList", "Tags")
			}
			s.Add(*r)
		})
	}
	if out, ok := one(ctx, s, "iam:ListSAMLProviders", c.ListSAMLProviders, &iam.ListSAMLProvidersInput{}); ok {
		for _, e := range out.SAMLProviderList {
			arn := aws.ToString(e.Arn)
			_, name, _ := strings.Cut(arn, "saml-provider/")
			r := s.New("AWS::IAM::SAMLProvider", arn, name, "iam:ListSAMLProviders")
			text(r.Properties, "Name", name)
			r.Unknown = append(r.Unknown, "Tags")
			s.Add(*r)
		}
	}
}

// readVirtualMFA tells devices apart by whose they are: the serial number of root's may be anything.
func readVirtualMFA(ctx context.Context, s *Scope, c *iam.Client) {
	pages(ctx, s, listVirtualMFA, iam.NewListVirtualMFADevicesPaginator(c, &iam.ListVirtualMFADevicesInput{}), func(o *iam.ListVirtualMFADevicesOutput) {
		for _, d := range o.VirtualMFADevices {
			serial := aws.ToString(d.SerialNumber)
			r := s.New("AWS::IAM::VirtualMFADevice", serial, afterLast(serial, '/'), listVirtualMFA)
			text(r.Properties, "SerialNumber", serial)
			if d.User != nil { // else nobody uses it
				set(r.Properties, "UserArn", d.User.Arn)
				set(r.Properties, "UserName", d.User.UserName)
			}
			r.Unknown = append(r.Unknown, "Tags")
			s.Add(*r)
		}
	})
}

func readCertificates(ctx context.Context, s *Scope, c *iam.Client) {
	pages(ctx, s, listCertificates, iam.NewListServerCertificatesPaginator(c, &iam.ListServerCertificatesInput{}), func(o *iam.ListServerCertificatesOutput) {
		for _, x := range o.ServerCertificateMetadataList {
			r := s.New("AWS::IAM::ServerCertificate", aws.ToString(x.Arn), aws.ToString(x.ServerCertificateName), listCertificates)
			set(r.Properties, "ServerCertificateName", x.ServerCertificateName)
			set(r.Properties, "Path", x.Path)
			if x.Expiration != nil {
				r.Properties["Expiration"] = x.Expiration.UTC().Format(time.RFC3339)
			} else {
				r.Unknown = append(r.Unknown, "Expiration")
			}
			r.Unknown = append(r.Unknown, "Tags")
			s.Add(*r)
		}
	})
}

func iamTags(in []types.Tag) map[string]string {
	return tagsOf(in, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}
