package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Kinesis reads data streams and their registered consumers, never a record. Both may have a policy of their own.
func Kinesis() Service {
	return Service{
		Name: "kinesis",
		Calls: []Call{
			list("kinesis:ListStreams", "kinesis:ListStreams", "StreamNames", "the streams", "AWS::Kinesis::Stream"),
			below("kinesis:ListStreamConsumers", "kinesis:ListStreamConsumers", "Consumers", "who is subscribed to a stream", "AWS::Kinesis::StreamConsumer"),
			about("kinesis:DescribeStreamSummary", "kinesis:DescribeStreamSummary", "StreamDescriptionSummary", "what a stream is encrypted with"),
			about("kinesis:GetResourcePolicy", "kinesis:GetResourcePolicy", "?Policy", "who may read and write"),
			about("kinesis:ListTagsForStream", "kinesis:ListTagsForStream", "Tags", "whose stream it is"),
		},
		Read: readKinesis,
	}
}

func readKinesis(ctx context.Context, s *Scope) {
	c := kinesis.NewFromConfig(s.Config())
	var found []types.StreamSummary
	complete := pages(ctx, s, "kinesis:ListStreams", kinesis.NewListStreamsPaginator(c, &kinesis.ListStreamsInput{}), func(o *kinesis.ListStreamsOutput) {
		found = append(found, o.StreamSummaries...)
	})
	consumers := newTally(complete)
	Each(ctx, found, func(ctx context.Context, x types.StreamSummary) {
		r := s.New("AWS::Kinesis::Stream", aws.ToString(x.StreamARN), aws.ToString(x.StreamName), "kinesis:ListStreams")
		p := r.Properties
		set(p, "Name", x.StreamName)
		if x.StreamModeDetails != nil {
			p["StreamModeDetails"] = object{"StreamMode": string(x.StreamModeDetails.StreamMode)}
		}
		subscribed := int32(1) // unless a stream says that it has none, it is asked
		o := part(ctx, s, r, "StreamEncryption", "kinesis:DescribeStreamSummary", c.DescribeStreamSummary, &kinesis.DescribeStreamSummaryInput{StreamName: x.StreamName})
		if o != nil && o.StreamDescriptionSummary != nil {
			d := o.StreamDescriptionSummary
			set(p, "RetentionPeriodHours", d.RetentionPeriodHours)
			if d.EncryptionType == types.EncryptionTypeKms {
				p["StreamEncryption"] = object{"EncryptionType": string(d.EncryptionType), "KeyId": aws.ToString(d.KeyId)}
			}
			if d.ConsumerCount != nil {
				subscribed = *d.ConsumerCount
			}
		} else {
			r.Unknown = append(r.Unknown, "RetentionPeriodHours")
		}
		streamPolicy(ctx, s, c, r)
		if !s.tags(ctx, r) {
			if o := part(ctx, s, r, "Tags", "kinesis:ListTagsForStream", c.ListTagsForStream, &kinesis.ListTagsForStreamInput{StreamName: x.StreamName}); o != nil {
				r.Tags = tagsOf(o.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			}
		}
		s.Add(*r)
		if subscribed > 0 {
			consumers.count(r.Key, readConsumers(ctx, s, c, x))
		}
	})
	consumers.note(s, "kinesis:ListStreamConsumers")
}

// streamPolicy reads the policy of a stream or of a consumer; most have none.
// "GetResourcePolicy", https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetResourcePolicy.html
func streamPolicy(ctx context.Context, s *Scope, c *kinesis.Client, r *snapshot.Resource) {
	arn := string(r.Key)
	if o := part(ctx, s, r, "Policy", "kinesis:GetResourcePolicy", c.GetResourcePolicy, &kinesis.GetResourcePolicyInput{ResourceARN: &arn}, "ResourceNotFoundException"); o != nil && aws.ToString(o.Policy) != "{}" {
		setPolicy(r, "Policy", o.Policy)
	}
}

func readConsumers(ctx context.Context, s *Scope, c *kinesis.Client, stream types.StreamSummary) error {
	var found []types.Consumer
	_, err := turn(ctx, s, kinesis.NewListStreamConsumersPaginator(c, &kinesis.ListStreamConsumersInput{StreamARN: stream.StreamARN}), func(o *kinesis.ListStreamConsumersOutput) {
		found = append(found, o.Consumers...)
	})
	for _, x := range found {
		r := s.New("AWS::Kinesis::StreamConsumer", aws.ToString(x.ConsumerARN), aws.ToString(x.ConsumerName), "kinesis:ListStreamConsumers")
		set(r.Properties, "ConsumerName", x.ConsumerName)
		set(r.Properties, "StreamARN", stream.StreamARN)
		streamPolicy(ctx, s, c, r)
		s.Add(*r)
	}
	return err
}
