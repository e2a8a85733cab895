package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// SQS reads queues, never a message.
func SQS() Service {
	return Service{
		Name: "sqs",
		Calls: []Call{
			// An account without queues is answered with an empty object.
			list("sqs:ListQueues", "sqs:ListQueues", "?QueueUrls", "the queues", "AWS::SQS::Queue"),
			about("sqs:GetQueueAttributes", "sqs:GetQueueAttributes", "Attributes", "who may send and receive"),
			about("sqs:ListQueueTags", "sqs:ListQueueTags", "?Tags", "whose queue it is"),
		},
		Read: readSQS,
	}
}

func readSQS(ctx context.Context, s *Scope) {
	c := sqs.NewFromConfig(s.Config())
	var urls []string
	pages(ctx, s, "sqs:ListQueues", sqs.NewListQueuesPaginator(c, &sqs.ListQueuesInput{MaxResults: aws.Int32(1000)}), func(o *sqs.ListQueuesOutput) {
		urls = append(urls, o.QueueUrls...)
	})
	Each(ctx, urls, func(ctx context.Context, url string) {
		name := afterLast(url, '/')
		r := s.New("AWS::SQS::Queue", s.ARN("sqs", name), name, "sqs:ListQueues")
		r.Properties["QueueName"] = name
		in := &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll}}
		if o := part(ctx, s, r, "Policy", "sqs:GetQueueAttributes", c.GetQueueAttributes, in); o != nil {
			if arn := o.Attributes["QueueArn"]; arn != "" {
				r.Key = snapshot.Key(arn)
			}
			policy := o.Attributes["Policy"]
			setPolicy(r, "Policy", &policy)
			text(r.Properties, "KmsMasterKeyId", o.Attributes["KmsMasterKeyId"])
		} else {
			r.Unknown = append(r.Unknown, "KmsMasterKeyId")
		}
		if !s.tags(ctx, r) {
			if o := part(ctx, s, r, "Tags", "sqs:ListQueueTags", c.ListQueueTags, &sqs.ListQueueTagsInput{QueueUrl: &url}); o != nil && len(o.Tags) > 0 {
				r.Tags = o.Tags
			}
		}
		s.Add(*r)
	})
}
