package service

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshift"
	"github.com/aws/aws-sdk-go-v2/service/redshift/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Redshift reads warehouses and the snapshots that can be shared: automated ones cannot, and come and go.
// "Sharing snapshots", https://docs.aws.amazon.com/redshift/latest/mgmt/managing-snapshots-share-snapshot.html
func Redshift() Service {
	return Service{
		Name: "redshift",
		Calls: []Call{
			list("redshift:DescribeClusters", "redshift:DescribeClusters", "Clusters", "the warehouses", "AWS::Redshift::Cluster"),
			list("redshift:DescribeClusterSnapshots", "redshift:DescribeClusterSnapshots", "Snapshots", "copies of warehouses, and whom they are shared with", "AWS::Redshift::ClusterSnapshot"),
			about("redshift:DescribeClusterSubnetGroups", "redshift:DescribeClusterSubnetGroups", "ClusterSubnetGroups", "where a warehouse stands in the network"),
		},
		Read: readRedshift,
	}
}

func readRedshift(ctx context.Context, s *Scope) {
	c := redshift.NewFromConfig(s.Config())
	var found []types.Cluster
	pages(ctx, s, "redshift:DescribeClusters", redshift.NewDescribeClustersPaginator(c, &redshift.DescribeClustersInput{}), func(o *redshift.DescribeClustersOutput) {
		found = append(found, o.Clusters...)
	})
	groups, err := warehouseSubnets(ctx, s, c, len(found) > 0)
	Each(ctx, found, func(ctx context.Context, k types.Cluster) {
		r := warehouse(s, k)
		if err != nil {
			s.Miss(r, "SubnetIds", "redshift:DescribeClusterSubnetGroups", err)
		} else if g, ok := groups[aws.ToString(k.ClusterSubnetGroupName)]; ok {
			r.Properties["SubnetIds"] = sorted(g.Subnets, func(x types.Subnet) any { return aws.ToString(x.SubnetIdentifier) })
		}
		s.Add(*r)
	})
	in := &redshift.DescribeClusterSnapshotsInput{SnapshotType: aws.String("manual")}
	pages(ctx, s, "redshift:DescribeClusterSnapshots", redshift.NewDescribeClusterSnapshotsPaginator(c, in), func(o *redshift.DescribeClusterSnapshotsOutput) {
		for _, x := range o.Snapshots {
			s.Add(*warehouseSnapshot(s, x))
		}
	})
}

func warehouseSubnets(ctx context.Context, s *Scope, c *redshift.Client, any bool) (map[string]types.ClusterSubnetGroup, error) {
	if !any {
		return nil, nil
	}
	groups := map[string]types.ClusterSubnetGroup{}
	_, err := turn(ctx, s, redshift.NewDescribeClusterSubnetGroupsPaginator(c, &redshift.DescribeClusterSubnetGroupsInput{}), func(o *redshift.DescribeClusterSubnetGroupsOutput) {
		for _, g := range o.ClusterSubnetGroups {
			groups[aws.ToString(g.ClusterSubnetGroupName)] = g
		}
	})
	return groups, err
}

func warehouse(s *Scope, k types.Cluster) *snapshot.Resource {
	id := aws.ToString(k.ClusterIdentifier)
	r := s.New("AWS::Redshift::Cluster", s.ARN("redshift", "cluster:"+id), id, "redshift:DescribeClusters")
	p := r.Properties
	p["ClusterIdentifier"] = id
	set(p, "ClusterNamespaceArn", k.ClusterNamespaceArn)
	set(p, "NodeType", k.NodeType)
	set(p, "NumberOfNodes", k.NumberOfNodes)
	set(p, "ClusterVersion", k.ClusterVersion)
	set(p, "AllowVersionUpgrade", k.AllowVersionUpgrade)
	set(p, "Encrypted", k.Encrypted)
	set(p, "KmsKeyId", k.KmsKeyId)
	set(p, "PubliclyAccessible", k.PubliclyAccessible)
	set(p, "EnhancedVpcRouting", k.EnhancedVpcRouting)
	set(p, "VpcId", k.VpcId)
	set(p, "ClusterSubnetGroupName", k.ClusterSubnetGroupName)
	set(p, "AutomatedSnapshotRetentionPeriod", k.AutomatedSnapshotRetentionPeriod)
	set(p, "MasterPasswordSecretArn", k.MasterPasswordSecretArn)
	if k.MultiAZ != nil {
		p["MultiAZ"] = strings.EqualFold(*k.MultiAZ, "enabled")
	}
	if k.Endpoint != nil {
		set(p, "Port", k.Endpoint.Port)
	}
	p["VpcSecurityGroupIds"] = sorted(k.VpcSecurityGroups, func(g types.VpcSecurityGroupMembership) any { return aws.ToString(g.VpcSecurityGroupId) })
	many(p, "IamRoles", sorted(k.IamRoles, func(x types.ClusterIamRole) any { return aws.ToString(x.IamRoleArn) }))
	if len(k.ClusterParameterGroups) > 0 {
		set(p, "ClusterParameterGroupName", k.ClusterParameterGroups[0].ParameterGroupName) // there is one
	}
	r.Tags = redshiftTags(k.Tags)
	return r
}

func warehouseSnapshot(s *Scope, x types.Snapshot) *snapshot.Resource {
	key := s.ARN("redshift", "snapshot:"+aws.ToString(x.ClusterIdentifier)+"/"+aws.ToString(x.SnapshotIdentifier))
	if x.SnapshotArn != nil {
		key = *x.SnapshotArn
	}
	r := s.New("AWS::Redshift::ClusterSnapshot", key, aws.ToString(x.SnapshotIdentifier), "redshift:DescribeClusterSnapshots")
	p := r.Properties
	set(p, "SnapshotIdentifier", x.SnapshotIdentifier)
	set(p, "ClusterIdentifier", x.ClusterIdentifier)
	set(p, "Encrypted", x.Encrypted)
	set(p, "KmsKeyId", x.KmsKeyId)
	set(p, "SnapshotType", x.SnapshotType)
	p["SharedWith"] = sorted(x.AccountsWithRestoreAccess, func(a types.AccountWithRestoreAccess) any { return aws.ToString(a.AccountId) })
	r.Tags = redshiftTags(x.Tags)
	return r
}

func redshiftTags(in []types.Tag) map[string]string {
	return tagsOf(in, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}
