package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// RDS reads databases and the snapshots that can be shared: automated ones cannot.
// "Sharing a DB snapshot", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html
func RDS() Service {
	return Service{
		Name: "rds",
		Calls: []Call{
			list("rds:DescribeDBInstances", "rds:DescribeDBInstances", "DBInstances", "the databases", "AWS::RDS::DBInstance"),
			list("rds:DescribeDBClusters", "rds:DescribeDBClusters", "DBClusters", "the database clusters", "AWS::RDS::DBCluster"),
			list("rds:DescribeDBSnapshots", "rds:DescribeDBSnapshots", "DBSnapshots", "copies of databases", "AWS::RDS::DBSnapshot"),
			list("rds:DescribeDBClusterSnapshots", "rds:DescribeDBClusterSnapshots", "DBClusterSnapshots", "copies of clusters", "AWS::RDS::DBClusterSnapshot"),
			about("rds:DescribeDBSnapshotAttributes", "rds:DescribeDBSnapshotAttributes", "DBSnapshotAttributesResult", "whom a copy is shared with"),
			about("rds:DescribeDBClusterSnapshotAttributes", "rds:DescribeDBClusterSnapshotAttributes", "DBClusterSnapshotAttributesResult", "whom a copy is shared with"),
		},
		Read: readRDS,
	}
}

func readRDS(ctx context.Context, s *Scope) {
	c := rds.NewFromConfig(s.Config())
	pages(ctx, s, "rds:DescribeDBInstances", rds.NewDescribeDBInstancesPaginator(c, &rds.DescribeDBInstancesInput{}), func(o *rds.DescribeDBInstancesOutput) {
		for _, d := range o.DBInstances {
			s.Add(*dbInstance(s, d))
		}
	})
	pages(ctx, s, "rds:DescribeDBClusters", rds.NewDescribeDBClustersPaginator(c, &rds.DescribeDBClustersInput{}), func(o *rds.DescribeDBClustersOutput) {
		for _, d := range o.DBClusters {
			s.Add(*dbCluster(s, d))
		}
	})
	readDBSnapshots(ctx, s, c)
	readDBClusterSnapshots(ctx, s, c)
}

func dbInstance(s *Scope, d types.DBInstance) *snapshot.Resource {
	r := s.New("AWS::RDS::DBInstance", aws.ToString(d.DBInstanceArn), aws.ToString(d.DBInstanceIdentifier), "rds:DescribeDBInstances")
	p := r.Properties
	set(p, "DBInstanceIdentifier", d.DBInstanceIdentifier)
	set(p, "DBClusterIdentifier", d.DBClusterIdentifier)
	set(p, "Engine", d.Engine)
	set(p, "StorageEncrypted", d.StorageEncrypted)
	set(p, "KmsKeyId", d.KmsKeyId)
	set(p, "PubliclyAccessible", d.PubliclyAccessible)
	set(p, "BackupRetentionPeriod", d.BackupRetentionPeriod)
	set(p, "DeletionProtection", d.DeletionProtection)
	set(p, "EnableIAMDatabaseAuthentication", d.IAMDatabaseAuthenticationEnabled)
	set(p, "DbiResourceId", d.DbiResourceId)
	masterSecret(p, d.MasterUserSecret)
	many(p, "VPCSecurityGroups", sorted(d.VpcSecurityGroups, securityGroupID))
	r.Tags = rdsTags(d.TagList)
	return r
}

func dbCluster(s *Scope, d types.DBCluster) *snapshot.Resource {
	r := s.New("AWS::RDS::DBCluster", aws.ToString(d.DBClusterArn), aws.ToString(d.DBClusterIdentifier), "rds:DescribeDBClusters")
	p := r.Properties
	set(p, "DBClusterIdentifier", d.DBClusterIdentifier)
	set(p, "Engine", d.Engine)
	set(p, "StorageEncrypted", d.StorageEncrypted)
	set(p, "KmsKeyId", d.KmsKeyId)
	set(p, "PubliclyAccessible", d.PubliclyAccessible)
	set(p, "BackupRetentionPeriod", d.BackupRetentionPeriod)
	set(p, "DeletionProtection", d.DeletionProtection)
	set(p, "EnableIAMDatabaseAuthentication", d.IAMDatabaseAuthenticationEnabled)
	set(p, "DbiResourceId", d.DbClusterResourceId)
	masterSecret(p, d.MasterUserSecret)
	many(p, "VPCSecurityGroups", sorted(d.VpcSecurityGroups, securityGroupID))
	r.Tags = rdsTags(d.TagList)
	return r
}

func masterSecret(p object, m *types.MasterUserSecret) {
	if m != nil && m.SecretArn != nil {
		p["MasterUserSecret"] = object{"SecretArn": *m.SecretArn}
	}
}

func securityGroupID(g types.VpcSecurityGroupMembership) any {
	return aws.ToString(g.VpcSecurityGroupId)
}

func rdsTags(in []types.Tag) map[string]string {
	return tagsOf(in, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}
