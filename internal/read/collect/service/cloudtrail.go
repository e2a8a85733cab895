package service

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// CloudTrail reads trails, each in its home Region: those of the account, and those of its organisation that record it.
func CloudTrail() Service {
	return Service{
		Name: "cloudtrail",
		Calls: []Call{
			list("cloudtrail:DescribeTrails", "cloudtrail:DescribeTrails", "trailList", "what is recorded", "AWS::CloudTrail::Trail"),
			about("cloudtrail:GetTrailStatus", "cloudtrail:GetTrailStatus", "IsLogging", "whether it is being recorded, and arrives"),
			about("cloudtrail:GetEventSelectors", "cloudtrail:GetEventSelectors", "TrailARN", "which events are recorded"),
			about("cloudtrail:ListTags", "cloudtrail:ListTags", "ResourceTagList", "whose trail it is"),
		},
		Read: readTrails,
	}
}

func readTrails(ctx context.Context, s *Scope) {
	c := cloudtrail.NewFromConfig(s.Config())
	// With shadows: else a member account is not told of its organisation's trails. A trail of all Regions is told in each of them, and kept of one.
	// "DescribeTrails", https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html
	out, ok := one(ctx, s, "cloudtrail:DescribeTrails", c.DescribeTrails, &cloudtrail.DescribeTrailsInput{IncludeShadowTrails: aws.Bool(true)})
	if !ok {
		return
	}
	var found, own []*snapshot.Resource
	for _, t := range out.TrailList {
		if home := aws.ToString(t.HomeRegion); home != "" && home != s.Region {
			continue
		}
		r := trail(s, t)
		if found = append(found, r); r.Account == s.Account {
			own = append(own, r)
		} else {
			r.Unknown = append(r.Unknown, "Tags") // which only its own account is told
		}
	}
	Each(ctx, found, func(ctx context.Context, r *snapshot.Resource) {
		arn := string(r.Key)
		if o := part(ctx, s, r, "IsLogging", "cloudtrail:GetTrailStatus", c.GetTrailStatus, &cloudtrail.GetTrailStatusInput{Name: &arn}); o != nil {
			r.Properties["IsLogging"] = aws.ToBool(o.IsLogging)
			set(r.Properties, "LatestDeliveryError", o.LatestDeliveryError)
			set(r.Properties, "LatestCloudWatchLogsDeliveryError", o.LatestCloudWatchLogsDeliveryError)
		} else {
			r.Unknown = append(r.Unknown, "LatestCloudWatchLogsDeliveryError", "LatestDeliveryError")
		}
		if o := part(ctx, s, r, "EventSelectors", "cloudtrail:GetEventSelectors", c.GetEventSelectors, &cloudtrail.GetEventSelectorsInput{TrailName: &arn}); o != nil {
			selectors(r.Properties, o)
		} else {
			r.Unknown = append(r.Unknown, "AdvancedEventSelectors")
		}
	})
	for batch := range slices.Chunk(own, 20) { // the most that one call takes
		tagTrails(ctx, s, c, batch)
	}
	for _, r := range found {
		slices.Sort(r.Unknown)
		s.Add(*r)
	}
}

func trail(s *Scope, t types.Trail) *snapshot.Resource {
	r := s.New("AWS::CloudTrail::Trail", aws.ToString(t.TrailARN), aws.ToString(t.Name), "cloudtrail:DescribeTrails")
	if part := strings.Split(string(r.Key), ":"); len(part) > 4 {
		r.Account = part[4]
	}
	p := r.Properties
	set(p, "TrailName", t.Name)
	set(p, "S3BucketName", t.S3BucketName)
	set(p, "S3KeyPrefix", t.S3KeyPrefix)
	set(p, "SNSTopicName", t.SnsTopicName)
	set(p, "CloudWatchLogsLogGroupArn", t.CloudWatchLogsLogGroupArn)
	set(p, "CloudWatchLogsRoleArn", t.CloudWatchLogsRoleArn)
	set(p, "IncludeGlobalServiceEvents", t.IncludeGlobalServiceEvents)
	set(p, "IsMultiRegionTrail", t.IsMultiRegionTrail)
	set(p, "EnableLogFileValidation", t.LogFileValidationEnabled)
	set(p, "KMSKeyId", t.KmsKeyId)
	set(p, "IsOrganizationTrail", t.IsOrganizationTrail)
	return r
}

// selectors puts which events a trail records; a trail has those of one kind.
func selectors(p object, o *cloudtrail.GetEventSelectorsOutput) {
	many(p, "EventSelectors", sorted(o.EventSelectors, func(e types.EventSelector) any {
		m := object{}
		text(m, "ReadWriteType", e.ReadWriteType)
		set(m, "IncludeManagementEvents", e.IncludeManagementEvents)
		many(m, "ExcludeManagementEventSources", sorted(e.ExcludeManagementEventSources, same))
		many(m, "DataResources", sorted(e.DataResources, func(d types.DataResource) any {
			return object{"Type": deref(d.Type), "Values": sorted(d.Values, same)}
		}))
		return m
	}))
	many(p, "AdvancedEventSelectors", sorted(o.AdvancedEventSelectors, func(e types.AdvancedEventSelector) any {
		m := object{"FieldSelectors": sorted(e.FieldSelectors, func(f types.AdvancedFieldSelector) any {
			m := object{"Field": deref(f.Field)}
			for name, l := range map[string][]string{"Equals": f.Equals, "StartsWith": f.StartsWith, "EndsWith": f.EndsWith,
				"NotEquals": f.NotEquals, "NotStartsWith": f.NotStartsWith, "NotEndsWith": f.NotEndsWith} {
				many(m, name, sorted(l, same))
			}
			return m
		})}
		set(m, "Name", e.Name)
		return m
	}))
}

func tagTrails(ctx context.Context, s *Scope, c *cloudtrail.Client, batch []*snapshot.Resource) {
	in, tags := &cloudtrail.ListTagsInput{}, map[string]map[string]string{}
	for _, r := range batch {
		in.ResourceIdList = append(in.ResourceIdList, string(r.Key))
	}
	_, err := turn(ctx, s, cloudtrail.NewListTagsPaginator(c, in), func(o *cloudtrail.ListTagsOutput) {
		for _, t := range o.ResourceTagList {
			tags[aws.ToString(t.ResourceId)] = tagsOf(t.TagsList, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
		}
	})
	for _, r := range batch {
		if err != nil {
			s.Miss(r, "Tags", "cloudtrail:ListTags", err)
			continue
		}
		r.Tags = tags[string(r.Key)]
	}
}
