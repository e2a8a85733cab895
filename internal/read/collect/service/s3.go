package service

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	smithyendpoints "github.com/aws/smithy-go/endpoints"

	"github.com/footing-dev/footing/internal/snapshot"

	"net/url"
)

// S3 reads buckets. There is no call that describes many at once: each bucket costs several.
func S3() Service {
	const why = "each part of a bucket's configuration has its own call"
	return Service{
		Name: "s3", Global: true,
		Calls: []Call{
			list("s3:ListBuckets", "s3:ListAllMyBuckets", "Buckets", "the buckets and their Regions", "AWS::S3::Bucket"),
			list("s3control:GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock", "PublicAccessBlockConfiguration",
				"whether the account as a whole blocks public access", "AWS::S3::AccountPublicAccessBlock"),
			list("s3control:ListMultiRegionAccessPoints", "s3:ListMultiRegionAccessPoints", "AccessPoints", "ways to buckets of several Regions", "AWS::S3::MultiRegionAccessPoint"),
			about("s3control:GetMultiRegionAccessPointPolicy", "s3:GetMultiRegionAccessPointPolicy", "", "whom they let in"),
			about("s3:GetBucketLocation", "s3:GetBucketLocation", "LocationConstraint", "the Region, where the list does not tell it"),
			about("s3:GetBucketPolicy", "s3:GetBucketPolicy", "Statement", why),
			about("s3:GetBucketAcl", "s3:GetBucketAcl", "AccessControlList", why),
			about("s3:GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock", "PublicAccessBlockConfiguration", why),
			about("s3:GetBucketOwnershipControls", "s3:GetBucketOwnershipControls", "Rule", why),
			about("s3:GetBucketEncryption", "s3:GetEncryptionConfiguration", "Rule", why),
			about("s3:GetBucketVersioning", "s3:GetBucketVersioning", "", why),
			about("s3:GetBucketTagging", "s3:GetBucketTagging", "TagSet", why),
			about("s3:GetBucketLogging", "s3:GetBucketLogging", "BucketLoggingStatus", why),
			about("s3:GetBucketWebsite", "s3:GetBucketWebsite", "WebsiteConfiguration", why),
			about("s3:GetBucketReplication", "s3:GetReplicationConfiguration", "Rule", why),
		},
		Read: readS3,
	}
}

func readS3(ctx context.Context, s *Scope) {
	readAccountBlock(ctx, s)
	readMultiRegionAccessPoints(ctx, s)
	var buckets []types.Bucket
	c := s.s3("")
	pages(ctx, s, "s3:ListBuckets", s3.NewListBucketsPaginator(c, &s3.ListBucketsInput{MaxBuckets: aws.Int32(1000)}), func(o *s3.ListBucketsOutput) {
		buckets = append(buckets, o.Buckets...)
	})
	clients := map[string]*s3.Client{}
	Each(ctx, buckets, func(ctx context.Context, b types.Bucket) {
		name := aws.ToString(b.Name)
		r := s.New("AWS::S3::Bucket", "arn:"+s.Partition+":s3:::"+name, name, "s3:ListBuckets")
		r.Properties["BucketName"] = name
		r.Region = aws.ToString(b.BucketRegion)
		if r.Region == "" {
			r.Region = bucketRegion(ctx, s, c, r)
		}
		s.mu.Lock()
		client, ok := clients[r.Region]
		if !ok {
			client = s.s3(r.Region)
			clients[r.Region] = client
		}
		s.mu.Unlock()
		readBucket(ctx, s, client, r)
		s.Add(*r)
	})
}

// s3 is a client for one Region. A fake has no host name for each bucket, so another endpoint means paths.
func (s *Scope) s3(region string) *s3.Client {
	cfg := s.Config()
	if region != "" {
		cfg.Region = region
	}
	return s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = o.BaseEndpoint != nil })
}

func bucketRegion(ctx context.Context, s *Scope, c *s3.Client, r *snapshot.Resource) string {
	out := part(ctx, s, r, "Region", "s3:GetBucketLocation", c.GetBucketLocation, &s3.GetBucketLocationInput{Bucket: aws.String(r.Name)})
	switch {
	case out == nil:
		return s.Home
	case out.LocationConstraint == "":
		return "us-east-1"
	case out.LocationConstraint == "EU": // the name of eu-west-1 before Regions had names
		return "eu-west-1"
	}
	return string(out.LocationConstraint)
}

func readAccountBlock(ctx context.Context, s *Scope) {
	const call = "s3control:GetPublicAccessBlock"
	c := s.s3control("")
	r := s.New("AWS::S3::AccountPublicAccessBlock", "arn:"+s.Partition+":s3::"+s.Account+":account-public-access-block", "account public access block", call)
	out, err := try(ctx, s, func(ctx context.Context) (*s3control.GetPublicAccessBlockOutput, error) {
		return c.GetPublicAccessBlock(ctx, &s3control.GetPublicAccessBlockInput{AccountId: aws.String(s.Account)})
	})
	if s.noteUnless(call, err, "NoSuchPublicAccessBlockConfiguration") {
		// No configuration blocks nothing: that is four times false, not unknown.
		b, a, p, x := false, false, false, false
		if err == nil && out.PublicAccessBlockConfiguration != nil {
			k := out.PublicAccessBlockConfiguration
			b, a, p, x = aws.ToBool(k.BlockPublicAcls), aws.ToBool(k.IgnorePublicAcls), aws.ToBool(k.BlockPublicPolicy), aws.ToBool(k.RestrictPublicBuckets)
		}
		r.Properties = object{"BlockPublicAcls": b, "IgnorePublicAcls": a, "BlockPublicPolicy": p, "RestrictPublicBuckets": x}
		s.Add(*r)
	}
}

type fixedEndpoint string

func (f fixedEndpoint) ResolveEndpoint(context.Context, s3control.EndpointParameters) (smithyendpoints.Endpoint, error) {
	u, err := url.Parse(string(f))
	if err != nil {
		return smithyendpoints.Endpoint{}, err
	}
	return smithyendpoints.Endpoint{URI: *u}, nil
}

func s3Tags(in []types.Tag) map[string]string {
	return tagsOf(in, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}

// aclsOff tells that access control lists have no effect on a bucket: its owner owns every object.
// "Controlling ownership of objects", https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
func aclsOff(rules []types.OwnershipControlsRule) bool {
	return slices.ContainsFunc(rules, func(r types.OwnershipControlsRule) bool {
		return r.ObjectOwnership == types.ObjectOwnershipBucketOwnerEnforced
	})
}
