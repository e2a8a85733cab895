package service

import (
	"cmp"
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Config reads what AWS Config records and checks. Recorders of AWS's own services are not among those that it tells.
// "DescribeConfigurationRecorders", https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigurationRecorders.html
func Config() Service {
	return Service{
		Name: "config",
		Calls: []Call{
			list("configservice:DescribeConfigurationRecorders", "config:DescribeConfigurationRecorders", "ConfigurationRecorders", "whether changes are recorded", "AWS::Config::ConfigurationRecorder"),
			about("configservice:DescribeConfigurationRecorderStatus", "config:DescribeConfigurationRecorderStatus", "ConfigurationRecordersStatus", "whether the recorder runs"),
			list("configservice:DescribeDeliveryChannels", "config:DescribeDeliveryChannels", "DeliveryChannels", "where the record is kept", "AWS::Config::DeliveryChannel"),
			list("configservice:DescribeConfigRules", "config:DescribeConfigRules", "ConfigRules", "what is checked, and by which functions", "AWS::Config::ConfigRule"),
		},
		Read: readConfig,
	}
}

func readConfig(ctx context.Context, s *Scope) {
	c := configservice.NewFromConfig(s.Config())
	readRecorders(ctx, s, c)
	if o, ok := one(ctx, s, "configservice:DescribeDeliveryChannels", c.DescribeDeliveryChannels, &configservice.DescribeDeliveryChannelsInput{}); ok {
		for _, d := range o.DeliveryChannels {
			r := s.New("AWS::Config::DeliveryChannel", s.ARN("config", "delivery-channel/"+deref(d.Name)), deref(d.Name), "configservice:DescribeDeliveryChannels")
			set(r.Properties, "Name", d.Name)
			set(r.Properties, "S3BucketName", d.S3BucketName)
			set(r.Properties, "S3KeyPrefix", d.S3KeyPrefix)
			set(r.Properties, "S3KmsKeyArn", d.S3KmsKeyArn)
			set(r.Properties, "SnsTopicARN", d.SnsTopicARN)
			s.Add(*r)
		}
	}
	pages(ctx, s, "configservice:DescribeConfigRules", configservice.NewDescribeConfigRulesPaginator(c, &configservice.DescribeConfigRulesInput{}), func(o *configservice.DescribeConfigRulesOutput) {
		for _, x := range o.ConfigRules {
			r := configRule(s, x)
			if !s.tags(ctx, r) {
				r.Unknown = append(r.Unknown, "Tags") // only a call for each rule would tell
			}
			s.Add(*r)
		}
	})
}

func readRecorders(ctx context.Context, s *Scope, c *configservice.Client) {
	o, ok := one(ctx, s, "configservice:DescribeConfigurationRecorders", c.DescribeConfigurationRecorders, &configservice.DescribeConfigurationRecordersInput{})
	if !ok || len(o.ConfigurationRecorders) == 0 {
		return
	}
	state, err := try(ctx, s, func(ctx context.Context) (*configservice.DescribeConfigurationRecorderStatusOutput, error) {
		return c.DescribeConfigurationRecorderStatus(ctx, &configservice.DescribeConfigurationRecorderStatusInput{})
	})
	for _, x := range o.ConfigurationRecorders {
		r := recorder(s, x)
		if err != nil {
			s.Miss(r, "Recording", "configservice:DescribeConfigurationRecorderStatus", err)
			r.Unknown = append(r.Unknown, "LastErrorCode")
		} else {
			r.Properties["Recording"] = false
			for _, v := range state.ConfigurationRecordersStatus {
				if deref(v.Name) == r.Name {
					r.Properties["Recording"] = v.Recording
					if strings.EqualFold(string(v.LastStatus), string(types.RecorderStatusFailure)) { // written either way; the others come and go
						text(r.Properties, "LastErrorCode", cmp.Or(deref(v.LastErrorCode), string(v.LastStatus)))
					}
				}
			}
		}
		s.Add(*r)
	}
}

func recorder(s *Scope, x types.ConfigurationRecorder) *snapshot.Resource {
	r := s.New("AWS::Config::ConfigurationRecorder", s.ARN("config", "configuration-recorder/"+deref(x.Name)), deref(x.Name), "configservice:DescribeConfigurationRecorders")
	if x.Arn != nil {
		r.Key = snapshotKey(x.Arn)
	}
	p := r.Properties
	set(p, "Name", x.Name)
	set(p, "RoleARN", x.RoleARN)
	if g := x.RecordingGroup; g != nil {
		m := object{"AllSupported": g.AllSupported, "IncludeGlobalResourceTypes": g.IncludeGlobalResourceTypes}
		many(m, "ResourceTypes", sorted(g.ResourceTypes, same))
		if g.ExclusionByResourceTypes != nil {
			m["ExclusionByResourceTypes"] = object{"ResourceTypes": sorted(g.ExclusionByResourceTypes.ResourceTypes, same)}
		}
		if g.RecordingStrategy != nil {
			m["RecordingStrategy"] = object{"UseOnly": string(g.RecordingStrategy.UseOnly)}
		}
		p["RecordingGroup"] = m
	}
	if x.RecordingMode != nil {
		p["RecordingMode"] = object{"RecordingFrequency": string(x.RecordingMode.RecordingFrequency)}
	}
	return r
}

// configRule leaves out the state: a rule is evaluating now and then.
func configRule(s *Scope, x types.ConfigRule) *snapshot.Resource {
	r := s.New("AWS::Config::ConfigRule", deref(x.ConfigRuleArn), deref(x.ConfigRuleName), "configservice:DescribeConfigRules")
	set(r.Properties, "ConfigRuleName", x.ConfigRuleName)
	set(r.Properties, "CreatedBy", x.CreatedBy)
	if x.Source != nil {
		m := object{}
		text(m, "Owner", x.Source.Owner)
		set(m, "SourceIdentifier", x.Source.SourceIdentifier)
		r.Properties["Source"] = m
	}
	if x.Scope != nil {
		m := object{}
		many(m, "ComplianceResourceTypes", sorted(x.Scope.ComplianceResourceTypes, same))
		set(m, "ComplianceResourceId", x.Scope.ComplianceResourceId)
		set(m, "TagKey", x.Scope.TagKey)
		set(m, "TagValue", x.Scope.TagValue)
		r.Properties["Scope"] = m
	}
	return r
}
