package service

import (
	"context"
	"net/url"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	smithyendpoints "github.com/aws/smithy-go/endpoints"
)

// S3 reads the buckets of a Region. There is no call that describes many at once: each bucket costs several.
func S3() Service {
	const why = "each part of a bucket's configuration has its own call"
	return Service{
		Name: "s3",
		Calls: []Call{
			list("s3:ListBuckets", "s3:ListAllMyBuckets", "Buckets", "the buckets", "AWS::S3::Bucket"),
			about("s3:GetBucketPolicy", "s3:GetBucketPolicy", "Statement", why),
			about("s3:GetBucketAcl", "s3:GetBucketAcl", "AccessControlList", why),
			about("s3:GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock", "PublicAccessBlockConfiguration", why),
			about("s3:GetBucketOwnershipControls", "s3:GetBucketOwnershipControls", "Rule", why),
			about("s3:GetBucketEncryption", "s3:GetEncryptionConfiguration", "Rule", why),
			about("s3:GetBucketVersioning", "s3:GetBucketVersioning", "", why),
			about("s3:GetBucketTagging", "s3:GetBucketTagging", "TagSet", why),
			about("s3:GetBucketLogging", "s3:GetBucketLogging", "BucketLoggingStatus", why),
			about("s3:GetObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration", "Rule", "whether the log of a trail is kept"),
			about("s3:GetBucketReplication", "s3:GetReplicationConfiguration", "Rule", why),
		},
		Read: readS3,
	}
}

// S3Account reads what holds for the buckets of every Region.
func S3Account() Service {
	return Service{
		Name: "s3account", Global: true,
		Calls: []Call{
			list("s3control:GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock", "PublicAccessBlockConfiguration",
				"whether the account as a whole blocks public access", "AWS::S3::AccountPublicAccessBlock"),
			list("s3control:ListMultiRegionAccessPoints", "s3:ListMultiRegionAccessPoints", "AccessPoints", "ways to buckets of several Regions", "AWS::S3::MultiRegionAccessPoint"),
			about("s3control:GetMultiRegionAccessPointPolicy", "s3:GetMultiRegionAccessPointPolicy", "", "whom they let in"),
		},
		Read: func(ctx context.Context, s *Scope) {
			readAccountBlock(ctx, s)
			readMultiRegionAccessPoints(ctx, s)
		},
	}
}

// readS3 asks each Region for its own buckets, which is cheaper than to ask each bucket for its Region where the list does not tell it.
// "ListBuckets", https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
func readS3(ctx context.Context, s *Scope) {
	// A fake has no host name for each bucket, so another endpoint means paths.
	c := s3.NewFromConfig(s.Config(), func(o *s3.Options) { o.UsePathStyle = o.BaseEndpoint != nil })
	in := &s3.ListBucketsInput{BucketRegion: aws.String(s.Region), MaxBuckets: aws.Int32(1000)}
	var buckets []types.Bucket
	pages(ctx, s, "s3:ListBuckets", s3.NewListBucketsPaginator(c, in), func(o *s3.ListBucketsOutput) {
		for _, b := range o.Buckets {
			if aws.ToString(b.BucketRegion) == "" || *b.BucketRegion == s.Region {
				buckets = append(buckets, b)
			}
		}
	})
	Each(ctx, buckets, func(ctx context.Context, b types.Bucket) {
		name := aws.ToString(b.Name)
		r := s.New("AWS::S3::Bucket", "arn:"+s.Partition+":s3:::"+name, name, "s3:ListBuckets")
		r.Properties["BucketName"] = name
		readBucket(ctx, s, c, r)
		s.Add(*r)
	})
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
