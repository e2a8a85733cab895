package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/snapshot"
)

// S3Control reads the other ways to a bucket: access points and access grants are listed Region by Region, buckets at once.
func S3Control() Service {
	return Service{
		Name: "s3control",
		Calls: []Call{
			list("s3control:ListAccessPoints", "s3:ListAccessPoints", "AccessPointList", "other ways to a bucket", "AWS::S3::AccessPoint"),
			list("s3control:ListAccessGrantsInstances", "s3:ListAccessGrantsInstances", "AccessGrantsInstancesList", "whether access is granted apart from policies", "AWS::S3::AccessGrantsInstance"),
			below("s3control:ListAccessGrantsLocations", "s3:ListAccessGrantsLocations", "AccessGrantsLocationsList", "what access is granted to, and by which role", "AWS::S3::AccessGrantsLocation"),
			below("s3control:ListAccessGrants", "s3:ListAccessGrants", "AccessGrantsList", "whom access is granted to", "AWS::S3::AccessGrant"),
			about("s3control:GetAccessPoint", "s3:GetAccessPoint", "Name", "whether an access point blocks public access"),
			about("s3control:GetAccessPointPolicy", "s3:GetAccessPointPolicy", "", "whom an access point lets in"),
			about("s3control:ListTagsForResource", "s3:ListTagsForResource", "", "whose they are"),
		},
		Read: readS3Control,
	}
}

// s3control is a client for one Region. The account id would stand before the host name, where a fake cannot be found.
func (s *Scope) s3control(region string) *s3control.Client {
	cfg := s.Config()
	if region != "" {
		cfg.Region = region
	}
	return s3control.NewFromConfig(cfg, func(o *s3control.Options) {
		if o.BaseEndpoint != nil {
			o.EndpointResolverV2 = fixedEndpoint(*o.BaseEndpoint)
		}
	})
}

func readS3Control(ctx context.Context, s *Scope) {
	c := s.s3control("")
	account := &s.Account
	var found []types.AccessPoint
	pages(ctx, s, "s3control:ListAccessPoints", s3control.NewListAccessPointsPaginator(c, &s3control.ListAccessPointsInput{AccountId: account, MaxResults: 1000}), func(o *s3control.ListAccessPointsOutput) {
		found = append(found, o.AccessPointList...)
	})
	Each(ctx, found, func(ctx context.Context, a types.AccessPoint) {
		r := accessPoint(s, a)
		if o := part(ctx, s, r, "PublicAccessBlockConfiguration", "s3control:GetAccessPoint", c.GetAccessPoint, &s3control.GetAccessPointInput{AccountId: account, Name: a.Name}); o != nil && o.PublicAccessBlockConfiguration != nil {
			r.Properties["PublicAccessBlockConfiguration"] = accessBlock(*o.PublicAccessBlockConfiguration)
		}
		if o := part(ctx, s, r, "Policy", "s3control:GetAccessPointPolicy", c.GetAccessPointPolicy, &s3control.GetAccessPointPolicyInput{AccountId: account, Name: a.Name}, "NoSuchAccessPointPolicy"); o != nil {
			setPolicy(r, "Policy", o.Policy)
		}
		readS3ControlTags(ctx, s, c, r)
		s.Add(*r)
	})
	readAccessGrants(ctx, s, c)
}

func accessPoint(s *Scope, a types.AccessPoint) *snapshot.Resource {
	name := aws.ToString(a.Name)
	key := s.ARN("s3", "accesspoint/"+name)
	if a.AccessPointArn != nil {
		key = *a.AccessPointArn
	}
	r := s.New("AWS::S3::AccessPoint", key, name, "s3control:ListAccessPoints")
	p := r.Properties
	p["Name"] = name
	set(p, "Bucket", a.Bucket)
	set(p, "BucketAccountId", a.BucketAccountId)
	set(p, "Alias", a.Alias)
	text(p, "NetworkOrigin", a.NetworkOrigin)
	if a.VpcConfiguration != nil && aws.ToString(a.VpcConfiguration.VpcId) != "" {
		p["VpcConfiguration"] = object{"VpcId": *a.VpcConfiguration.VpcId}
	}
	return r
}

func accessBlock(k types.PublicAccessBlockConfiguration) object {
	return object{
		"BlockPublicAcls": aws.ToBool(k.BlockPublicAcls), "IgnorePublicAcls": aws.ToBool(k.IgnorePublicAcls),
		"BlockPublicPolicy": aws.ToBool(k.BlockPublicPolicy), "RestrictPublicBuckets": aws.ToBool(k.RestrictPublicBuckets),
	}
}

func readS3ControlTags(ctx context.Context, s *Scope, c *s3control.Client, r *snapshot.Resource) {
	if s.tags(ctx, r) {
		return
	}
	arn := string(r.Key)
	if o := part(ctx, s, r, "Tags", "s3control:ListTagsForResource", c.ListTagsForResource, &s3control.ListTagsForResourceInput{AccountId: &s.Account, ResourceArn: &arn}); o != nil {
		r.Tags = tagsOf(o.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	}
}

// readAccessGrants reads whom S3 Access Grants let in: a Region has one instance or none, and without one there is nothing below it.
// "Working with S3 Access Grants instances", https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-instance.html
func readAccessGrants(ctx context.Context, s *Scope, c *s3control.Client) {
	const instances, locations, grants = "s3control:ListAccessGrantsInstances", "s3control:ListAccessGrantsLocations", "s3control:ListAccessGrants"
	any := false
	complete := pages(ctx, s, instances, s3control.NewListAccessGrantsInstancesPaginator(c, &s3control.ListAccessGrantsInstancesInput{AccountId: &s.Account}), func(o *s3control.ListAccessGrantsInstancesOutput) {
		for _, x := range o.AccessGrantsInstancesList {
			r := s.New("AWS::S3::AccessGrantsInstance", aws.ToString(x.AccessGrantsInstanceArn), aws.ToString(x.AccessGrantsInstanceId), instances)
			set(r.Properties, "AccessGrantsInstanceId", x.AccessGrantsInstanceId)
			set(r.Properties, "IdentityCenterArn", x.IdentityCenterInstanceArn)
			readS3ControlTags(ctx, s, c, r)
			s.Add(*r)
			any = true
		}
	})
	if !any {
		if complete {
			s.Note(locations, snapshot.OK, "")
			s.Note(grants, snapshot.OK, "")
		}
		return
	}
	pages(ctx, s, locations, s3control.NewListAccessGrantsLocationsPaginator(c, &s3control.ListAccessGrantsLocationsInput{AccountId: &s.Account, MaxResults: 1000}), func(o *s3control.ListAccessGrantsLocationsOutput) {
		for _, x := range o.AccessGrantsLocationsList {
			r := s.New("AWS::S3::AccessGrantsLocation", aws.ToString(x.AccessGrantsLocationArn), aws.ToString(x.LocationScope), locations)
			set(r.Properties, "AccessGrantsLocationId", x.AccessGrantsLocationId)
			set(r.Properties, "LocationScope", x.LocationScope)
			set(r.Properties, "IamRoleArn", x.IAMRoleArn)
			readS3ControlTags(ctx, s, c, r)
			s.Add(*r)
		}
	})
	pages(ctx, s, grants, s3control.NewListAccessGrantsPaginator(c, &s3control.ListAccessGrantsInput{AccountId: &s.Account, MaxResults: 1000}), func(o *s3control.ListAccessGrantsOutput) {
		for _, x := range o.AccessGrantsList {
			r := s.New("AWS::S3::AccessGrant", aws.ToString(x.AccessGrantArn), aws.ToString(x.GrantScope), grants)
			p := r.Properties
			set(p, "AccessGrantId", x.AccessGrantId)
			set(p, "AccessGrantsLocationId", x.AccessGrantsLocationId)
			set(p, "GrantScope", x.GrantScope)
			set(p, "ApplicationArn", x.ApplicationArn)
			text(p, "Permission", x.Permission)
			if x.Grantee != nil {
				m := object{}
				text(m, "GranteeType", x.Grantee.GranteeType)
				set(m, "GranteeIdentifier", x.Grantee.GranteeIdentifier)
				p["Grantee"] = m
			}
			readS3ControlTags(ctx, s, c, r)
			s.Add(*r)
		}
	})
}

// readMultiRegionAccessPoints reads the access points that span Regions. They are managed in one Region, wherever their buckets are, and
// only in the standard partition.
// "Multi-Region Access Point restrictions and limitations", https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRestrictions.html
func readMultiRegionAccessPoints(ctx context.Context, s *Scope) {
	const call = "s3control:ListMultiRegionAccessPoints"
	if s.Partition != "aws" {
		s.Note(call, snapshot.NotEnabled, "there are none in this partition")
		return
	}
	c := s.s3control("us-west-2")
	var found []types.MultiRegionAccessPointReport
	n, err := turn(ctx, s, s3control.NewListMultiRegionAccessPointsPaginator(c, &s3control.ListMultiRegionAccessPointsInput{AccountId: &s.Account}), func(o *s3control.ListMultiRegionAccessPointsOutput) {
		found = append(found, o.AccessPoints...)
	})
	s.noteList(call, n, err)
	Each(ctx, found, func(ctx context.Context, a types.MultiRegionAccessPointReport) {
		r := s.New("AWS::S3::MultiRegionAccessPoint", "arn:"+s.Partition+":s3::"+s.Account+":accesspoint/"+aws.ToString(a.Alias), aws.ToString(a.Name), call)
		p := r.Properties
		set(p, "Name", a.Name)
		set(p, "Alias", a.Alias)
		p["Regions"] = sorted(a.Regions, func(x types.RegionReport) any {
			m := object{}
			set(m, "Bucket", x.Bucket)
			set(m, "BucketAccountId", x.BucketAccountId)
			set(m, "Region", x.Region)
			return m
		})
		if a.PublicAccessBlock != nil {
			p["PublicAccessBlockConfiguration"] = accessBlock(*a.PublicAccessBlock)
		}
		in := &s3control.GetMultiRegionAccessPointPolicyInput{AccountId: &s.Account, Name: a.Name}
		o, err := try(ctx, s, func(ctx context.Context) (*s3control.GetMultiRegionAccessPointPolicyOutput, error) {
			return c.GetMultiRegionAccessPointPolicy(ctx, in)
		})
		switch {
		case err != nil && wire.Code(err) != "NoSuchMultiRegionAccessPointPolicy":
			s.Miss(r, "Policy", "s3control:GetMultiRegionAccessPointPolicy", err)
		case err == nil && o.Policy != nil && o.Policy.Established != nil: // what is proposed has no effect yet
			setPolicy(r, "Policy", o.Policy.Established.Policy)
		}
		s.Add(*r)
	})
}
