package service

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Firehose reads delivery streams: from where they take records, where they bring them, and as whom. Keys and tokens of destinations
// are not kept.
func Firehose() Service {
	return Service{
		Name: "firehose",
		Calls: []Call{
			list("firehose:ListDeliveryStreams", "firehose:ListDeliveryStreams", "DeliveryStreamNames", "the delivery streams", "AWS::KinesisFirehose::DeliveryStream"),
			about("firehose:DescribeDeliveryStream", "firehose:DescribeDeliveryStream", "DeliveryStreamDescription", "where records go, and as whom"),
			about("firehose:ListTagsForDeliveryStream", "firehose:ListTagsForDeliveryStream", "Tags", "whose stream it is"),
		},
		Read: readFirehose,
	}
}

func readFirehose(ctx context.Context, s *Scope) {
	c := firehose.NewFromConfig(s.Config())
	names, err := deliveryStreams(ctx, s, c)
	askEach(ctx, s, "firehose:ListDeliveryStreams", names, err,
		func(ctx context.Context, name string) (*firehose.DescribeDeliveryStreamOutput, error) {
			return c.DescribeDeliveryStream(ctx, &firehose.DescribeDeliveryStreamInput{DeliveryStreamName: &name})
		},
		func(ctx context.Context, name string, o *firehose.DescribeDeliveryStreamOutput) {
			if o.DeliveryStreamDescription == nil {
				return
			}
			r := deliveryStream(s, *o.DeliveryStreamDescription)
			if !s.tags(ctx, r) { // fifty are the most that a stream has
				in := &firehose.ListTagsForDeliveryStreamInput{DeliveryStreamName: &name, Limit: aws.Int32(50)}
				if o := part(ctx, s, r, "Tags", "firehose:ListTagsForDeliveryStream", c.ListTagsForDeliveryStream, in); o != nil {
					r.Tags = tagsOf(o.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
				}
			}
			s.Add(*r)
		}, "ResourceNotFoundException")
}

// deliveryStreams lists the names; this list has no paginator.
func deliveryStreams(ctx context.Context, s *Scope, c *firehose.Client) ([]string, error) {
	var names []string
	var after *string
	for {
		o, err := try(ctx, s, func(ctx context.Context) (*firehose.ListDeliveryStreamsOutput, error) {
			return c.ListDeliveryStreams(ctx, &firehose.ListDeliveryStreamsInput{ExclusiveStartDeliveryStreamName: after, Limit: aws.Int32(10_000)})
		})
		if err != nil {
			return names, err
		}
		names = append(names, o.DeliveryStreamNames...)
		if !aws.ToBool(o.HasMoreDeliveryStreams) || len(o.DeliveryStreamNames) == 0 {
			return names, nil
		}
		after = &names[len(names)-1]
	}
}

func deliveryStream(s *Scope, d types.DeliveryStreamDescription) *snapshot.Resource {
	r := s.New("AWS::KinesisFirehose::DeliveryStream", aws.ToString(d.DeliveryStreamARN), aws.ToString(d.DeliveryStreamName), "firehose:DescribeDeliveryStream")
	p := r.Properties
	set(p, "DeliveryStreamName", d.DeliveryStreamName)
	text(p, "DeliveryStreamType", d.DeliveryStreamType)
	if e := d.DeliveryStreamEncryptionConfiguration; e != nil && e.Status == types.DeliveryStreamEncryptionStatusEnabled {
		m := object{}
		text(m, "KeyType", e.KeyType)
		set(m, "KeyARN", e.KeyARN)
		p["DeliveryStreamEncryptionConfigurationInput"] = m
	}
	if d.Source != nil {
		if k := d.Source.KinesisStreamSourceDescription; k != nil {
			p["KinesisStreamSourceConfiguration"] = object{"KinesisStreamARN": aws.ToString(k.KinesisStreamARN), "RoleARN": aws.ToString(k.RoleARN)}
		}
		if k := d.Source.MSKSourceDescription; k != nil {
			m := object{"MSKClusterARN": aws.ToString(k.MSKClusterARN)}
			set(m, "TopicName", k.TopicName)
			if a := k.AuthenticationConfiguration; a != nil {
				m["AuthenticationConfiguration"] = object{"Connectivity": string(a.Connectivity), "RoleARN": aws.ToString(a.RoleARN)}
			}
			p["MSKSourceConfiguration"] = m
		}
	}
	for _, x := range d.Destinations { // a stream has one
		destination(p, x)
	}
	return r
}

// destination keeps where records are brought, under the name that CloudFormation gives each kind.
func destination(p object, x types.DestinationDescription) {
	put := func(name string, role *string, log *types.CloudWatchLoggingOptions, work *types.ProcessingConfiguration, backup *types.S3DestinationDescription) object {
		m := object{}
		set(m, "RoleARN", role)
		deliveryLog(m, log)
		deliveryWork(m, work)
		if backup != nil {
			m["S3Configuration"] = deliveryBucket(*backup)
		}
		p[name] = m
		return m
	}
	switch {
	case x.ExtendedS3DestinationDescription != nil: // S3DestinationDescription says the same once more
		d := x.ExtendedS3DestinationDescription
		m := put("ExtendedS3DestinationConfiguration", d.RoleARN, d.CloudWatchLoggingOptions, d.ProcessingConfiguration, nil)
		set(m, "BucketARN", d.BucketARN)
		deliveryKey(m, d.EncryptionConfiguration)
		text(m, "S3BackupMode", d.S3BackupMode)
		if d.S3BackupDescription != nil {
			m["S3BackupConfiguration"] = deliveryBucket(*d.S3BackupDescription)
		}
	case x.RedshiftDestinationDescription != nil:
		d := x.RedshiftDestinationDescription
		m := put("RedshiftDestinationConfiguration", d.RoleARN, d.CloudWatchLoggingOptions, d.ProcessingConfiguration, d.S3DestinationDescription)
		at, _, _ := strings.Cut(aws.ToString(d.ClusterJDBCURL), "?")
		text(m, "ClusterJDBCURL", at)
		deliverySecret(m, d.SecretsManagerConfiguration)
	case x.AmazonopensearchserviceDestinationDescription != nil:
		d := x.AmazonopensearchserviceDestinationDescription
		m := put("AmazonopensearchserviceDestinationConfiguration", d.RoleARN, d.CloudWatchLoggingOptions, d.ProcessingConfiguration, d.S3DestinationDescription)
		set(m, "DomainARN", d.DomainARN)
		deliveryNetwork(m, d.VpcConfigurationDescription)
	case x.AmazonOpenSearchServerlessDestinationDescription != nil:
		d := x.AmazonOpenSearchServerlessDestinationDescription
		m := put("AmazonOpenSearchServerlessDestinationConfiguration", d.RoleARN, d.CloudWatchLoggingOptions, d.ProcessingConfiguration, d.S3DestinationDescription)
		set(m, "CollectionEndpoint", d.CollectionEndpoint)
		deliveryNetwork(m, d.VpcConfigurationDescription)
	case x.ElasticsearchDestinationDescription != nil:
		d := x.ElasticsearchDestinationDescription
		m := put("ElasticsearchDestinationConfiguration", d.RoleARN, d.CloudWatchLoggingOptions, d.ProcessingConfiguration, d.S3DestinationDescription)
		set(m, "DomainARN", d.DomainARN)
		deliveryNetwork(m, d.VpcConfigurationDescription)
	case x.HttpEndpointDestinationDescription != nil:
		d := x.HttpEndpointDestinationDescription
		m := put("HttpEndpointDestinationConfiguration", d.RoleARN, d.CloudWatchLoggingOptions, d.ProcessingConfiguration, d.S3DestinationDescription)
		if e := d.EndpointConfiguration; e != nil {
			to := object{}
			set(to, "Name", e.Name)
			text(to, "Url", host(e.Url))
			m["EndpointConfiguration"] = to
		}
		deliverySecret(m, d.SecretsManagerConfiguration)
	case x.SplunkDestinationDescription != nil:
		d := x.SplunkDestinationDescription
		m := put("SplunkDestinationConfiguration", nil, d.CloudWatchLoggingOptions, d.ProcessingConfiguration, d.S3DestinationDescription)
		text(m, "HECEndpoint", host(d.HECEndpoint))
		deliverySecret(m, d.SecretsManagerConfiguration)
	case x.SnowflakeDestinationDescription != nil:
		d := x.SnowflakeDestinationDescription
		m := put("SnowflakeDestinationConfiguration", d.RoleARN, d.CloudWatchLoggingOptions, d.ProcessingConfiguration, d.S3DestinationDescription)
		text(m, "AccountUrl", host(d.AccountUrl))
		deliverySecret(m, d.SecretsManagerConfiguration)
	case x.IcebergDestinationDescription != nil:
		d := x.IcebergDestinationDescription
		m := put("IcebergDestinationConfiguration", d.RoleARN, d.CloudWatchLoggingOptions, d.ProcessingConfiguration, d.S3DestinationDescription)
		if d.CatalogConfiguration != nil {
			m["CatalogConfiguration"] = object{"CatalogArn": aws.ToString(d.CatalogConfiguration.CatalogARN)}
		}
	case x.S3DestinationDescription != nil:
		p["S3DestinationConfiguration"] = deliveryBucket(*x.S3DestinationDescription)
	}
}

func deliveryBucket(d types.S3DestinationDescription) object {
	m := object{}
	set(m, "BucketARN", d.BucketARN)
	set(m, "RoleARN", d.RoleARN)
	deliveryKey(m, d.EncryptionConfiguration)
	return m
}

func deliveryKey(m object, e *types.EncryptionConfiguration) {
	if e != nil && e.KMSEncryptionConfig != nil {
		m["EncryptionConfiguration"] = object{"KMSEncryptionConfig": object{"AWSKMSKeyARN": aws.ToString(e.KMSEncryptionConfig.AWSKMSKeyARN)}}
	}
}

func deliveryLog(m object, l *types.CloudWatchLoggingOptions) {
	if l != nil {
		to := object{}
		set(to, "Enabled", l.Enabled)
		set(to, "LogGroupName", l.LogGroupName)
		m["CloudWatchLoggingOptions"] = to
	}
}

// deliveryWork keeps the functions that see the records on their way.
func deliveryWork(m object, w *types.ProcessingConfiguration) {
	if w == nil || !aws.ToBool(w.Enabled) {
		return
	}
	m["ProcessingConfiguration"] = object{"Enabled": true, "Processors": each(w.Processors, func(x types.Processor) any {
		one := object{"Type": string(x.Type)}
		var kept []any
		for _, a := range x.Parameters {
			if a.ParameterName == types.ProcessorParameterNameLambdaArn || a.ParameterName == types.ProcessorParameterNameRoleArn {
				kept = append(kept, object{"ParameterName": string(a.ParameterName), "ParameterValue": aws.ToString(a.ParameterValue)})
			}
		}
		many(one, "Parameters", kept)
		return one
	})}
}

func deliverySecret(m object, x *types.SecretsManagerConfiguration) {
	if x != nil {
		to := object{}
		set(to, "Enabled", x.Enabled)
		set(to, "RoleARN", x.RoleARN)
		set(to, "SecretARN", x.SecretARN)
		m["SecretsManagerConfiguration"] = to
	}
}

func deliveryNetwork(m object, v *types.VpcConfigurationDescription) {
	if v != nil {
		m["VpcConfiguration"] = object{"RoleARN": aws.ToString(v.RoleARN), "SubnetIds": sorted(v.SubnetIds, same), "SecurityGroupIds": sorted(v.SecurityGroupIds, same)}
	}
}
