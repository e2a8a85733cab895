package service

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// SES reads in whose name mail is sent, and who may send it.
func SES() Service {
	return Service{
		Name: "sesv2",
		Calls: []Call{
			list("sesv2:ListEmailIdentities", "ses:ListEmailIdentities", "?EmailIdentities", "in whose name mail is sent", "AWS::SES::EmailIdentity"),
			list("sesv2:ListConfigurationSets", "ses:ListConfigurationSets", "?ConfigurationSets", "how mail is sent", "AWS::SES::ConfigurationSet"),
			list("sesv2:GetAccount", "ses:GetAccount", "SendingEnabled", "whether mail is sent at all", "AWS::SES::Account"),
			about("sesv2:GetEmailIdentity", "ses:GetEmailIdentity", "", "who may send in its name, and whether mail is signed"),
			about("sesv2:GetConfigurationSet", "ses:GetConfigurationSet", "ConfigurationSetName", "whether mail may go unencrypted"),
		},
		Read: readSES,
	}
}

func readSES(ctx context.Context, s *Scope) {
	c := sesv2.NewFromConfig(s.Config())
	var found []types.IdentityInfo
	pages(ctx, s, "sesv2:ListEmailIdentities", sesv2.NewListEmailIdentitiesPaginator(c, &sesv2.ListEmailIdentitiesInput{}), func(o *sesv2.ListEmailIdentitiesOutput) {
		found = append(found, o.EmailIdentities...)
	})
	Each(ctx, found, func(ctx context.Context, x types.IdentityInfo) {
		name := deref(x.IdentityName)
		r := s.New("AWS::SES::EmailIdentity", s.ARN("ses", "identity/"+name), name, "sesv2:ListEmailIdentities")
		p := r.Properties
		p["EmailIdentity"] = name
		text(p, "IdentityType", x.IdentityType)
		text(p, "VerificationStatus", x.VerificationStatus)
		p["SendingEnabled"] = x.SendingEnabled
		if o := part(ctx, s, r, "Policy", "sesv2:GetEmailIdentity", c.GetEmailIdentity, &sesv2.GetEmailIdentityInput{EmailIdentity: &name}); o != nil {
			mailIdentity(r, o)
		} else {
			r.Unknown = append(r.Unknown, "ConfigurationSetAttributes", "DkimAttributes", "FeedbackAttributes", "MailFromAttributes", "Tags")
		}
		s.Add(*r)
	})
	var sets []string
	pages(ctx, s, "sesv2:ListConfigurationSets", sesv2.NewListConfigurationSetsPaginator(c, &sesv2.ListConfigurationSetsInput{}), func(o *sesv2.ListConfigurationSetsOutput) {
		sets = append(sets, o.ConfigurationSets...)
	})
	Each(ctx, sets, func(ctx context.Context, name string) {
		r := s.New("AWS::SES::ConfigurationSet", s.ARN("ses", "configuration-set/"+name), name, "sesv2:ListConfigurationSets")
		r.Properties["Name"] = name
		if o := part(ctx, s, r, "DeliveryOptions", "sesv2:GetConfigurationSet", c.GetConfigurationSet, &sesv2.GetConfigurationSetInput{ConfigurationSetName: &name}); o != nil {
			mailSet(r, o)
		} else {
			r.Unknown = append(r.Unknown, "ReputationOptions", "SendingOptions", "SuppressionOptions", "Tags", "TrackingOptions")
		}
		s.Add(*r)
	})
	if o, ok := one(ctx, s, "sesv2:GetAccount", c.GetAccount, &sesv2.GetAccountInput{}); ok {
		r := s.New("AWS::SES::Account", s.ARN("ses", "account"), "mail", "sesv2:GetAccount")
		r.Properties["SendingEnabled"] = o.SendingEnabled
		r.Properties["ProductionAccessEnabled"] = o.ProductionAccessEnabled
		set(r.Properties, "EnforcementStatus", o.EnforcementStatus)
		if o.SuppressionAttributes != nil {
			r.Properties["SuppressedReasons"] = sorted(o.SuppressionAttributes.SuppressedReasons, same)
		}
		s.Add(*r)
	}
}

func mailIdentity(r *snapshot.Resource, o *sesv2.GetEmailIdentityOutput) {
	p := r.Properties
	setPolicies(r, o.Policies)
	if d := o.DkimAttributes; d != nil {
		m := object{"SigningEnabled": d.SigningEnabled}
		text(m, "Status", d.Status)
		text(m, "SigningAttributesOrigin", d.SigningAttributesOrigin)
		text(m, "CurrentSigningKeyLength", d.CurrentSigningKeyLength)
		p["DkimAttributes"] = m
	}
	if d := o.MailFromAttributes; d != nil && deref(d.MailFromDomain) != "" {
		m := object{"MailFromDomain": deref(d.MailFromDomain)}
		text(m, "BehaviorOnMxFailure", d.BehaviorOnMxFailure)
		p["MailFromAttributes"] = m
	}
	if deref(o.ConfigurationSetName) != "" {
		p["ConfigurationSetAttributes"] = object{"ConfigurationSetName": deref(o.ConfigurationSetName)}
	}
	p["FeedbackAttributes"] = object{"EmailForwardingEnabled": o.FeedbackForwardingStatus}
	r.Tags = sesTags(o.Tags)
}

func mailSet(r *snapshot.Resource, o *sesv2.GetConfigurationSetOutput) {
	p := r.Properties
	if d := o.DeliveryOptions; d != nil {
		m := object{}
		text(m, "TlsPolicy", d.TlsPolicy)
		set(m, "SendingPoolName", d.SendingPoolName)
		p["DeliveryOptions"] = m
	}
	if d := o.ReputationOptions; d != nil {
		p["ReputationOptions"] = object{"ReputationMetricsEnabled": d.ReputationMetricsEnabled}
	}
	if d := o.SendingOptions; d != nil {
		p["SendingOptions"] = object{"SendingEnabled": d.SendingEnabled}
	}
	if d := o.SuppressionOptions; d != nil {
		p["SuppressionOptions"] = object{"SuppressedReasons": sorted(d.SuppressedReasons, same)}
	}
	if d := o.TrackingOptions; d != nil {
		m := object{}
		set(m, "CustomRedirectDomain", d.CustomRedirectDomain)
		text(m, "HttpsPolicy", d.HttpsPolicy)
		p["TrackingOptions"] = m
	}
	r.Tags = sesTags(o.Tags)
}

func sesTags(in []types.Tag) map[string]string {
	return tagsOf(in, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}

// setPolicies gives a resource that has several policies, each with a name, one that holds all their statements: what is allowed or
// denied is the same. What is in a language older than the others' would mean another thing there, and makes the whole unknown.
func setPolicies(r *snapshot.Resource, policies map[string]string) {
	type document struct {
		Version   string
		Statement json.RawMessage
	}
	var statements []json.RawMessage
	version := ""
	for i, name := range slices.Sorted(maps.Keys(policies)) {
		var d document
		if err := json.Unmarshal([]byte(policies[name]), &d); err != nil || i > 0 && d.Version != version {
			r.Unknown = append(r.Unknown, "Policy")
			return
		}
		version = d.Version
		var several []json.RawMessage
		if json.Unmarshal(d.Statement, &several) != nil {
			several = []json.RawMessage{d.Statement}
		}
		statements = append(statements, several...)
	}
	if len(policies) == 0 {
		return
	}
	whole := map[string]any{"Statement": statements}
	if version != "" {
		whole["Version"] = version
	}
	b, err := json.Marshal(whole)
	if err != nil {
		r.Unknown = append(r.Unknown, "Policy")
		return
	}
	said := string(b)
	setPolicy(r, "Policy", &said)
}
