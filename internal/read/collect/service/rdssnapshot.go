package service

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

func readDBSnapshots(ctx context.Context, s *Scope, c *rds.Client) {
	var found []types.DBSnapshot
	pages(ctx, s, "rds:DescribeDBSnapshots", rds.NewDescribeDBSnapshotsPaginator(c, &rds.DescribeDBSnapshotsInput{SnapshotType: aws.String("manual")}), func(o *rds.DescribeDBSnapshotsOutput) {
		found = append(found, o.DBSnapshots...)
	})
	Each(ctx, found, func(ctx context.Context, d types.DBSnapshot) {
		r := s.New("AWS::RDS::DBSnapshot", aws.ToString(d.DBSnapshotArn), aws.ToString(d.DBSnapshotIdentifier), "rds:DescribeDBSnapshots")
		p := r.Properties
		set(p, "DBSnapshotIdentifier", d.DBSnapshotIdentifier)
		set(p, "DBInstanceIdentifier", d.DBInstanceIdentifier)
		set(p, "Encrypted", d.Encrypted)
		set(p, "KmsKeyId", d.KmsKeyId)
		set(p, "SnapshotType", d.SnapshotType)
		r.Tags = rdsTags(d.TagList)
		in := &rds.DescribeDBSnapshotAttributesInput{DBSnapshotIdentifier: d.DBSnapshotIdentifier}
		var attributes []types.DBSnapshotAttribute
		o := part(ctx, s, r, "SharedWith", "rds:DescribeDBSnapshotAttributes", c.DescribeDBSnapshotAttributes, in)
		read := o != nil && o.DBSnapshotAttributesResult != nil
		if read {
			attributes = o.DBSnapshotAttributesResult.DBSnapshotAttributes
		}
		sharedWith(r, read, attributes, func(a types.DBSnapshotAttribute) (*string, []string) { return a.AttributeName, a.AttributeValues })
		s.Add(*r)
	})
}

func readDBClusterSnapshots(ctx context.Context, s *Scope, c *rds.Client) {
	var found []types.DBClusterSnapshot
	pages(ctx, s, "rds:DescribeDBClusterSnapshots", rds.NewDescribeDBClusterSnapshotsPaginator(c, &rds.DescribeDBClusterSnapshotsInput{SnapshotType: aws.String("manual")}), func(o *rds.DescribeDBClusterSnapshotsOutput) {
		found = append(found, o.DBClusterSnapshots...)
	})
	Each(ctx, found, func(ctx context.Context, d types.DBClusterSnapshot) {
		r := s.New("AWS::RDS::DBClusterSnapshot", aws.ToString(d.DBClusterSnapshotArn), aws.ToString(d.DBClusterSnapshotIdentifier), "rds:DescribeDBClusterSnapshots")
		p := r.Properties
		set(p, "DBClusterSnapshotIdentifier", d.DBClusterSnapshotIdentifier)
		set(p, "DBClusterIdentifier", d.DBClusterIdentifier)
		set(p, "Encrypted", d.StorageEncrypted)
		set(p, "KmsKeyId", d.KmsKeyId)
		set(p, "SnapshotType", d.SnapshotType)
		r.Tags = rdsTags(d.TagList)
		in := &rds.DescribeDBClusterSnapshotAttributesInput{DBClusterSnapshotIdentifier: d.DBClusterSnapshotIdentifier}
		var attributes []types.DBClusterSnapshotAttribute
		o := part(ctx, s, r, "SharedWith", "rds:DescribeDBClusterSnapshotAttributes", c.DescribeDBClusterSnapshotAttributes, in)
		read := o != nil && o.DBClusterSnapshotAttributesResult != nil
		if read {
			attributes = o.DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes
		}
		sharedWith(r, read, attributes, func(a types.DBClusterSnapshotAttribute) (*string, []string) {
			return a.AttributeName, a.AttributeValues
		})
		s.Add(*r)
	})
}

// sharedWith keeps the accounts that may restore a snapshot: the values of its attribute "restore", unknown when it was not read.
func sharedWith[A any](r *snapshot.Resource, read bool, attributes []A, of func(A) (name *string, values []string)) {
	if !read {
		if !slices.Contains(r.Unknown, "SharedWith") {
			r.Unknown = append(r.Unknown, "SharedWith")
		}
		return
	}
	var with []string
	for _, a := range attributes {
		if name, values := of(a); aws.ToString(name) == "restore" {
			with = append(with, values...)
		}
	}
	r.Properties["SharedWith"] = sorted(with, same)
}
