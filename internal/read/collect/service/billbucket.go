package service

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/wire"
)

// BillBucket declares what it takes to read an export of a bill where it lies. It is not among All: a scan reads no objects by itself.
func BillBucket() Service {
	return Service{
		Name: "billbucket",
		Calls: []Call{
			about("s3:ListObjectsV2", "s3:ListBucket", "Name", "which files the export has"),
			about("s3:GetObject", "s3:GetObject", wire.Stream, "the export itself"),
		},
		Read: func(context.Context, *Scope) {},
	}
}

// mostObjects bounds how many files are listed: who gives more means something else.
const mostObjects = 20_000

// BillObjects lists what lies below a prefix.
func BillObjects(ctx context.Context, s *Scope, bucket, prefix string) ([]read.Object, error) {
	// A fake has no host name for each bucket, so another endpoint means paths.
	c := s3.NewFromConfig(s.Config(), func(o *s3.Options) { o.UsePathStyle = o.BaseEndpoint != nil })
	out, err := billObjects(ctx, s, c, bucket, prefix)
	if region := elsewhere(err); region != "" && region != s.Config().Region {
		c = s3.NewFromConfig(s.Wire.Config(region), func(o *s3.Options) { o.UsePathStyle = o.BaseEndpoint != nil })
		return billObjects(ctx, s, c, bucket, prefix)
	}
	return out, err
}

func billObjects(ctx context.Context, s *Scope, c *s3.Client, bucket, prefix string) ([]read.Object, error) {
	var out []read.Object
	_, err := turn(ctx, s, s3.NewListObjectsV2Paginator(c, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix}), func(page *s3.ListObjectsV2Output) {
		for _, o := range page.Contents {
			if len(out) > mostObjects {
				return
			}
			key := aws.ToString(o.Key)
			out = append(out, read.Object{Key: key, Size: aws.ToInt64(o.Size), Modified: aws.ToTime(o.LastModified), Open: func(ctx context.Context) (io.ReadCloser, error) {
				got, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
				if err != nil {
					return nil, errors.New(wire.Says(err))
				}
				return got.Body, nil
			}})
		}
	})
	if err == nil && len(out) > mostObjects {
		err = fmt.Errorf("more than %d objects lie there", mostObjects)
	}
	return out, err
}

// elsewhere is the Region that S3 says a bucket is in, when it was asked in another one.
func elsewhere(err error) string {
	var r *smithyhttp.ResponseError
	if !errors.As(err, &r) || r.Response == nil {
		return ""
	}
	return r.Response.Header.Get("X-Amz-Bucket-Region")
}
