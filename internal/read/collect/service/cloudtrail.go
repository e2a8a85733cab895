package service

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// CloudTrail reads trails, each in its home Region.
func CloudTrail() Service {
	return Service{
		Name: "cloudtrail",
		Calls: []Call{
			list("cloudtrail:DescribeTrails", "cloudtrail:DescribeTrails", "trailList", "what is recorded", "AWS::CloudTrail::Trail"),
			about("cloudtrail:GetTrailStatus", "cloudtrail:GetTrailStatus", "IsLogging", "whether it is being recorded"),
			about("cloudtrail:ListTags", "cloudtrail:ListTags", "ResourceTagList", "whose trail it is"),
		},
		Read: readTrails,
	}
}

func readTrails(ctx context.Context, s *Scope) {
	c := cloudtrail.NewFromConfig(s.Config())
	// Without shadows: a trail of all Regions would be told in each of them.
	out, ok := one(ctx, s, "cloudtrail:DescribeTrails", c.DescribeTrails, &cloudtrail.DescribeTrailsInput{IncludeShadowTrails: aws.Bool(false)})
	if !ok {
		return
	}
	var found []*snapshot.Resource
	for _, t := range out.TrailList {
		if home := aws.ToString(t.HomeRegion); home != "" && home != s.Region {
			continue
		}
		found = append(found, trail(s, t))
	}
	Each(ctx, found, func(ctx context.Context, r *snapshot.Resource) {
		arn := string(r.Key)
		if o := part(ctx, s, r, "IsLogging", "cloudtrail:GetTrailStatus", c.GetTrailStatus, &cloudtrail.GetTrailStatusInput{Name: &arn}); o != nil {
			r.Properties["IsLogging"] = aws.ToBool(o.IsLogging)
		}
	})
	for batch := range slices.Chunk(found, 20) { // the most that one call takes
		tagTrails(ctx, s, c, batch)
	}
	for _, r := range found {
		s.Add(*r)
	}
}

func trail(s *Scope, t types.Trail) *snapshot.Resource {
	r := s.New("AWS::CloudTrail::Trail", aws.ToString(t.TrailARN), aws.ToString(t.Name), "cloudtrail:DescribeTrails")
	p := r.Properties
	set(p, "TrailName", t.Name)
	set(p, "S3BucketName", t.S3BucketName)
	set(p, "IsMultiRegionTrail", t.IsMultiRegionTrail)
	set(p, "EnableLogFileValidation", t.LogFileValidationEnabled)
	set(p, "KMSKeyId", t.KmsKeyId)
	set(p, "IsOrganizationTrail", t.IsOrganizationTrail)
	return r
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
