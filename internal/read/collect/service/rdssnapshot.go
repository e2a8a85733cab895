package service

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
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
		if o := part(ctx, s, r, "SharedWith", "rds:DescribeDBSnapshotAttributes", c.DescribeDBSnapshotAttributes, in); o != nil && o.DBSnapshotAttributesResult != nil {
			var with []string
			for _, a := range o.DBSnapshotAttributesResult.DBSnapshotAttributes {
				if aws.ToString(a.AttributeName) == "restore" {
					with = append(with, a.AttributeValues...)
				}
			}
			p["SharedWith"] = sorted(with, same)
		} else if !slices.Contains(r.Unknown, "SharedWith") {
			r.Unknown = append(r.Unknown, "SharedWith")
		}
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
		if o := part(ctx, s, r, "SharedWith", "rds:DescribeDBClusterSnapshotAttributes", c.DescribeDBClusterSnapshotAttributes, in); o != nil && o.DBClusterSnapshotAttributesResult != nil {
			var with []string
			for _, a := range o.DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes {
				if aws.ToString(a.AttributeName) == "restore" {
					with = append(with, a.AttributeValues...)
				}
			}
			p["SharedWith"] = sorted(with, same)
		} else if !slices.Contains(r.Unknown, "SharedWith") {
			r.Unknown = append(r.Unknown, "SharedWith")
		}
		s.Add(*r)
	})
}
