package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// IoT reads what devices may do, which roles they get, what is done with what they say, and who vouches for them. Things are not read:
// there may be millions.
func IoT() Service {
	return Service{
		Name: "iot",
		Calls: []Call{
			list("iot:ListPolicies", "iot:ListPolicies", "?policies", "what devices may do", "AWS::IoT::Policy"),
			list("iot:ListRoleAliases", "iot:ListRoleAliases", "?roleAliases", "which roles devices get", "AWS::IoT::RoleAlias"),
			list("iot:ListTopicRules", "iot:ListTopicRules", "?rules", "what is done with what devices say", "AWS::IoT::TopicRule"),
			list("iot:ListCACertificates", "iot:ListCACertificates", "?certificates", "who vouches for devices", "AWS::IoT::CACertificate"),
			about("iot:GetPolicy", "iot:GetPolicy", "policyDocument", "what devices may do"),
			about("iot:DescribeRoleAlias", "iot:DescribeRoleAlias", "roleAliasDescription", "which roles devices get"),
			about("iot:GetTopicRule", "iot:GetTopicRule", "rule", "where it goes, and as whom"),
			about("iot:DescribeCACertificate", "iot:DescribeCACertificate", "certificateDescription", "whether devices register by themselves"),
			about("iot:ListTagsForResource", "iot:ListTagsForResource", "?tags", "whose they are"),
		},
		Read: readIoT,
	}
}

func readIoT(ctx context.Context, s *Scope) {
	c := iot.NewFromConfig(s.Config())
	var all []*snapshot.Resource
	keep := func(typ, key, name, call string) *snapshot.Resource {
		r := s.New(typ, key, name, call)
		all = append(all, r)
		return r
	}
	pages(ctx, s, "iot:ListPolicies", iot.NewListPoliciesPaginator(c, &iot.ListPoliciesInput{PageSize: aws.Int32(250)}), func(o *iot.ListPoliciesOutput) {
		for _, x := range o.Policies {
			keep("AWS::IoT::Policy", aws.ToString(x.PolicyArn), aws.ToString(x.PolicyName), "iot:ListPolicies").Properties["PolicyName"] = aws.ToString(x.PolicyName)
		}
	})
	pages(ctx, s, "iot:ListRoleAliases", iot.NewListRoleAliasesPaginator(c, &iot.ListRoleAliasesInput{PageSize: aws.Int32(250)}), func(o *iot.ListRoleAliasesOutput) {
		for _, name := range o.RoleAliases {
			keep("AWS::IoT::RoleAlias", s.ARN("iot", "rolealias/"+name), name, "iot:ListRoleAliases").Properties["RoleAlias"] = name
		}
	})
	pages(ctx, s, "iot:ListTopicRules", iot.NewListTopicRulesPaginator(c, &iot.ListTopicRulesInput{MaxResults: aws.Int32(250)}), func(o *iot.ListTopicRulesOutput) {
		for _, x := range o.Rules {
			keep("AWS::IoT::TopicRule", aws.ToString(x.RuleArn), aws.ToString(x.RuleName), "iot:ListTopicRules").Properties["RuleName"] = aws.ToString(x.RuleName)
		}
	})
	pages(ctx, s, "iot:ListCACertificates", iot.NewListCACertificatesPaginator(c, &iot.ListCACertificatesInput{PageSize: aws.Int32(250)}), func(o *iot.ListCACertificatesOutput) {
		for _, x := range o.Certificates {
			r := keep("AWS::IoT::CACertificate", aws.ToString(x.CertificateArn), aws.ToString(x.CertificateId), "iot:ListCACertificates")
			text(r.Properties, "Status", x.Status)
		}
	})
	Each(ctx, all, func(ctx context.Context, r *snapshot.Resource) {
		readIoTPart(ctx, s, c, r)
		if !s.tags(ctx, r) {
			arn := string(r.Key)
			var tags []types.Tag
			if pagesOf(ctx, s, r, "Tags", "iot:ListTagsForResource", iot.NewListTagsForResourcePaginator(c, &iot.ListTagsForResourceInput{ResourceArn: &arn}), func(o *iot.ListTagsForResourceOutput) {
				tags = append(tags, o.Tags...)
			}) {
				r.Tags = tagsOf(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			}
		}
		s.Add(*r)
	})
}

func readIoTPart(ctx context.Context, s *Scope, c *iot.Client, r *snapshot.Resource) {
	p := r.Properties
	switch r.Type {
	case "AWS::IoT::Policy":
		if o := part(ctx, s, r, "PolicyDocument", "iot:GetPolicy", c.GetPolicy, &iot.GetPolicyInput{PolicyName: &r.Name}); o != nil {
			setPolicy(r, "PolicyDocument", o.PolicyDocument)
		}
	case "AWS::IoT::RoleAlias":
		if o := part(ctx, s, r, "RoleArn", "iot:DescribeRoleAlias", c.DescribeRoleAlias, &iot.DescribeRoleAliasInput{RoleAlias: &r.Name}); o != nil && o.RoleAliasDescription != nil {
			set(p, "RoleArn", o.RoleAliasDescription.RoleArn)
			set(p, "CredentialDurationSeconds", o.RoleAliasDescription.CredentialDurationSeconds)
		}
	case "AWS::IoT::TopicRule":
		if o := part(ctx, s, r, "TopicRulePayload", "iot:GetTopicRule", c.GetTopicRule, &iot.GetTopicRuleInput{RuleName: &r.Name}); o != nil && o.Rule != nil {
			m := object{"Actions": each(o.Rule.Actions, func(a types.Action) any { return topicAction(a) })}
			set(m, "RuleDisabled", o.Rule.RuleDisabled)
			if o.Rule.ErrorAction != nil {
				if e := topicAction(*o.Rule.ErrorAction); len(e) > 0 {
					m["ErrorAction"] = e
				}
			}
			p["TopicRulePayload"] = m
		}
	case "AWS::IoT::CACertificate":
		if o := part(ctx, s, r, "AutoRegistrationStatus", "iot:DescribeCACertificate", c.DescribeCACertificate, &iot.DescribeCACertificateInput{CertificateId: &r.Name}); o != nil && o.CertificateDescription != nil {
			text(p, "AutoRegistrationStatus", o.CertificateDescription.AutoRegistrationStatus)
			text(p, "CertificateMode", o.CertificateDescription.CertificateMode)
			if o.RegistrationConfig != nil {
				m := object{}
				text(m, "RoleArn", aws.ToString(o.RegistrationConfig.RoleArn))
				text(m, "TemplateName", aws.ToString(o.RegistrationConfig.TemplateName))
				p["RegistrationConfig"] = m
			}
		}
	}
}

// topicAction keeps where a rule brings a message and as whom. The messages that it makes of it, keys and tokens are not kept.
func topicAction(a types.Action) object {
	all := object{}
	put := func(name string, role *string, pairs ...any) { // a name and a value, a name and a value
		m := object{}
		set(m, "RoleArn", role)
		for i := 0; i+1 < len(pairs); i += 2 {
			if v, ok := pairs[i+1].(*string); ok {
				set(m, pairs[i].(string), v)
			}
		}
		all[name] = m
	}
	if x := a.Lambda; x != nil {
		put("Lambda", nil, "FunctionArn", x.FunctionArn)
	}
	if x := a.S3; x != nil {
		put("S3", x.RoleArn, "BucketName", x.BucketName)
		text(all["S3"].(object), "CannedAcl", x.CannedAcl)
	}
	if x := a.Sns; x != nil {
		put("Sns", x.RoleArn, "TargetArn", x.TargetArn)
	}
	if x := a.Sqs; x != nil {
		put("Sqs", x.RoleArn, "QueueUrl", x.QueueUrl)
	}
	if x := a.Kinesis; x != nil {
		put("Kinesis", x.RoleArn, "StreamName", x.StreamName)
	}
	if x := a.Firehose; x != nil {
		put("Firehose", x.RoleArn, "DeliveryStreamName", x.DeliveryStreamName)
	}
	if x := a.DynamoDB; x != nil {
		put("DynamoDB", x.RoleArn, "TableName", x.TableName)
	}
	if x := a.DynamoDBv2; x != nil {
		put("DynamoDBv2", x.RoleArn)
		if x.PutItem != nil {
			all["DynamoDBv2"].(object)["PutItem"] = object{"TableName": aws.ToString(x.PutItem.TableName)}
		}
	}
	if x := a.Republish; x != nil {
		put("Republish", x.RoleArn, "Topic", x.Topic)
	}
	if x := a.StepFunctions; x != nil {
		put("StepFunctions", x.RoleArn, "StateMachineName", x.StateMachineName)
	}
	if x := a.OpenSearch; x != nil {
		put("OpenSearch", x.RoleArn, "Endpoint", x.Endpoint)
	}
	if x := a.Elasticsearch; x != nil {
		put("Elasticsearch", x.RoleArn, "Endpoint", x.Endpoint)
	}
	if x := a.Timestream; x != nil {
		put("Timestream", x.RoleArn, "DatabaseName", x.DatabaseName, "TableName", x.TableName)
	}
	if x := a.Kafka; x != nil { // its properties hold passwords
		put("Kafka", nil, "DestinationArn", x.DestinationArn, "Topic", x.Topic)
	}
	if x := a.Http; x != nil {
		at := host(x.Url)
		put("Http", nil, "Url", &at)
	}
	topicElsewhere(a, put)
	return all
}

func topicElsewhere(a types.Action, put func(string, *string, ...any)) {
	if x := a.CloudwatchLogs; x != nil {
		put("CloudwatchLogs", x.RoleArn, "LogGroupName", x.LogGroupName)
	}
	if x := a.CloudwatchAlarm; x != nil {
		put("CloudwatchAlarm", x.RoleArn, "AlarmName", x.AlarmName)
	}
	if x := a.CloudwatchMetric; x != nil {
		put("CloudwatchMetric", x.RoleArn)
	}
	if x := a.IotAnalytics; x != nil {
		put("IotAnalytics", x.RoleArn, "ChannelName", x.ChannelName)
	}
	if x := a.IotEvents; x != nil {
		put("IotEvents", x.RoleArn, "InputName", x.InputName)
	}
	if x := a.IotSiteWise; x != nil {
		put("IotSiteWise", x.RoleArn)
	}
	if x := a.Location; x != nil {
		put("Location", x.RoleArn, "TrackerName", x.TrackerName)
	}
	if a.Salesforce != nil { // its address goes with a token
		put("Salesforce", nil)
	}
}
