package service

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
)

// SNS reads topics and who is told.
func SNS() Service {
	return Service{
		Name: "sns",
		Calls: []Call{
			list("sns:ListTopics", "sns:ListTopics", "Topics", "the topics", "AWS::SNS::Topic"),
			about("sns:ListSubscriptions", "sns:ListSubscriptions", "Subscriptions", "who is told, for all topics at once"),
			about("sns:GetTopicAttributes", "sns:GetTopicAttributes", "Attributes", "who may publish and subscribe"),
			about("sns:ListTagsForResource", "sns:ListTagsForResource", "ListTagsForResourceResult", "whose topic it is"),
		},
		Read: readSNS,
	}
}

func readSNS(ctx context.Context, s *Scope) {
	c := sns.NewFromConfig(s.Config())
	var topics []types.Topic
	pages(ctx, s, "sns:ListTopics", sns.NewListTopicsPaginator(c, &sns.ListTopicsInput{}), func(o *sns.ListTopicsOutput) {
		topics = append(topics, o.Topics...)
	})
	if len(topics) == 0 {
		return
	}
	told, asked := map[string][]types.Subscription{}, map[string][]types.Subscription{}
	_, unread := turn(ctx, s, sns.NewListSubscriptionsPaginator(c, &sns.ListSubscriptionsInput{}), func(o *sns.ListSubscriptionsOutput) {
		for _, u := range o.Subscriptions {
			switch at := aws.ToString(u.TopicArn); aws.ToString(u.SubscriptionArn) {
			case "PendingConfirmation": // nobody has said yes, and nothing is sent
				asked[at] = append(asked[at], u)
			case "Deleted":
			default:
				told[at] = append(told[at], u)
			}
		}
	})
	Each(ctx, topics, func(ctx context.Context, t types.Topic) {
		arn := aws.ToString(t.TopicArn)
		r := s.New("AWS::SNS::Topic", arn, afterLast(arn, ':'), "sns:ListTopics")
		r.Properties["TopicName"] = r.Name
		if o := part(ctx, s, r, "Policy", "sns:GetTopicAttributes", c.GetTopicAttributes, &sns.GetTopicAttributesInput{TopicArn: t.TopicArn}); o != nil {
			policy := o.Attributes["Policy"]
			setPolicy(r, "Policy", &policy)
			text(r.Properties, "KmsMasterKeyId", o.Attributes["KmsMasterKeyId"])
		} else {
			r.Unknown = append(r.Unknown, "KmsMasterKeyId")
		}
		if unread != nil {
			s.Miss(r, "Subscription", "sns:ListSubscriptions", unread)
			r.Unknown = append(r.Unknown, "PendingSubscription")
		} else {
			many(r.Properties, "Subscription", sorted(told[arn], subscription))
			many(r.Properties, "PendingSubscription", sorted(asked[arn], subscription))
		}
		if !s.tags(ctx, r) {
			if o := part(ctx, s, r, "Tags", "sns:ListTagsForResource", c.ListTagsForResource, &sns.ListTagsForResourceInput{ResourceArn: t.TopicArn}); o != nil {
				r.Tags = tagsOf(o.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			}
		}
		slices.Sort(r.Unknown)
		s.Add(*r)
	})
}

func subscription(u types.Subscription) any {
	return object{"Protocol": aws.ToString(u.Protocol), "Endpoint": aws.ToString(u.Endpoint)}
}
