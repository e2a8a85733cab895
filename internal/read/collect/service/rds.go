package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// RDS reads databases and the snapshots that can be shared: automated ones cannot. The same lists hold those of DocumentDB and Neptune.
// "Sharing a DB snapshot", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html
// "DescribeDBClusters", https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusters.html
func RDS() Service {
	return Service{
		Name: "rds",
		Calls: []Call{
			list("rds:DescribeDBInstances", "rds:DescribeDBInstances", "DBInstances", "the databases", "AWS::RDS::DBInstance", "AWS::DocDB::DBInstance", "AWS::Neptune::DBInstance"),
			list("rds:DescribeDBClusters", "rds:DescribeDBClusters", "DBClusters", "the database clusters", "AWS::RDS::DBCluster", "AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster"),
			list("rds:DescribeDBSubnetGroups", "rds:DescribeDBSubnetGroups", "DBSubnetGroups", "where databases stand in the network", "AWS::RDS::DBSubnetGroup"),
			list("rds:DescribeDBProxies", "rds:DescribeDBProxies", "DBProxies", "other ways to a database", "AWS::RDS::DBProxy"),
			list("rds:DescribeDBSnapshots", "rds:DescribeDBSnapshots", "DBSnapshots", "copies of databases", "AWS::RDS::DBSnapshot"),
			list("rds:DescribeDBClusterSnapshots", "rds:DescribeDBClusterSnapshots", "DBClusterSnapshots", "copies of clusters", "AWS::RDS::DBClusterSnapshot"),
			about("rds:DescribeDBSnapshotAttributes", "rds:DescribeDBSnapshotAttributes", "DBSnapshotAttributesResult", "whom a copy is shared with"),
			about("rds:DescribeDBClusterSnapshotAttributes", "rds:DescribeDBClusterSnapshotAttributes", "DBClusterSnapshotAttributesResult", "whom a copy is shared with"),
			about("rds:ListTagsForResource", "rds:ListTagsForResource", "TagList", "whose subnet group or proxy it is"),
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
	readDBNetwork(ctx, s, c)
}

// dbType is the type of an instance or cluster: by its engine it is one of DocumentDB, Neptune or RDS itself.
func dbType(engine *string, what string) string {
	switch aws.ToString(engine) {
	case "docdb":
		return "AWS::DocDB::" + what
	case "neptune":
		return "AWS::Neptune::" + what
	}
	return "AWS::RDS::" + what
}

func dbInstance(s *Scope, d types.DBInstance) *snapshot.Resource {
	typ := dbType(d.Engine, "DBInstance")
	r := s.New(typ, aws.ToString(d.DBInstanceArn), aws.ToString(d.DBInstanceIdentifier), "rds:DescribeDBInstances")
	p := r.Properties
	set(p, "DBInstanceIdentifier", d.DBInstanceIdentifier)
	set(p, "DBClusterIdentifier", d.DBClusterIdentifier)
	set(p, "SourceDBInstanceIdentifier", d.ReadReplicaSourceDBInstanceIdentifier)
	set(p, "Engine", d.Engine)
	set(p, "EngineVersion", d.EngineVersion)
	set(p, "DBInstanceClass", d.DBInstanceClass)
	set(p, "StorageEncrypted", d.StorageEncrypted)
	set(p, "KmsKeyId", d.KmsKeyId)
	set(p, "PubliclyAccessible", d.PubliclyAccessible)
	set(p, "BackupRetentionPeriod", d.BackupRetentionPeriod)
	set(p, "AutoMinorVersionUpgrade", d.AutoMinorVersionUpgrade)
	set(p, "CACertificateIdentifier", d.CACertificateIdentifier)
	set(p, "DbiResourceId", d.DbiResourceId)
	if d.DBSubnetGroup != nil {
		set(p, "DBSubnetGroupName", d.DBSubnetGroup.DBSubnetGroupName)
		set(p, "VpcId", d.DBSubnetGroup.VpcId)
	}
	if d.Endpoint != nil {
		set(p, "Port", d.Endpoint.Port)
	}
	many(p, "VPCSecurityGroups", sorted(d.VpcSecurityGroups, securityGroupID))
	r.Tags = rdsTags(d.TagList)
	if typ != "AWS::RDS::DBInstance" {
		return r // the rest is the cluster's
	}
	set(p, "DeletionProtection", d.DeletionProtection)
	set(p, "EnableIAMDatabaseAuthentication", d.IAMDatabaseAuthenticationEnabled)
	set(p, "MultiAZ", d.MultiAZ)
	set(p, "MonitoringRoleArn", d.MonitoringRoleArn)
	masterSecret(p, d.MasterUserSecret)
	many(p, "EnableCloudwatchLogsExports", sorted(d.EnabledCloudwatchLogsExports, same))
	many(p, "DBParameterGroupNames", sorted(d.DBParameterGroups, func(g types.DBParameterGroupStatus) any { return aws.ToString(g.DBParameterGroupName) }))
	many(p, "AssociatedRoles", sorted(d.AssociatedRoles, func(a types.DBInstanceRole) any {
		return object{"FeatureName": aws.ToString(a.FeatureName), "RoleArn": aws.ToString(a.RoleArn)}
	}))
	return r
}

func dbCluster(s *Scope, d types.DBCluster) *snapshot.Resource {
	typ := dbType(d.Engine, "DBCluster")
	r := s.New(typ, aws.ToString(d.DBClusterArn), aws.ToString(d.DBClusterIdentifier), "rds:DescribeDBClusters")
	p := r.Properties
	set(p, "DBClusterIdentifier", d.DBClusterIdentifier)
	set(p, "Engine", d.Engine)
	set(p, "EngineVersion", d.EngineVersion)
	set(p, "StorageEncrypted", d.StorageEncrypted)
	set(p, "KmsKeyId", d.KmsKeyId)
	set(p, "BackupRetentionPeriod", d.BackupRetentionPeriod)
	set(p, "DeletionProtection", d.DeletionProtection)
	set(p, "DBSubnetGroupName", d.DBSubnetGroup)
	set(p, "DBClusterParameterGroupName", d.DBClusterParameterGroup)
	set(p, "Port", d.Port)
	masterSecret(p, d.MasterUserSecret)
	many(p, "EnableCloudwatchLogsExports", sorted(d.EnabledCloudwatchLogsExports, same))
	many(p, "AssociatedRoles", sorted(d.AssociatedRoles, func(a types.DBClusterRole) any {
		m := object{"RoleArn": aws.ToString(a.RoleArn)}
		text(m, "FeatureName", aws.ToString(a.FeatureName))
		return m
	}))
	groups := sorted(d.VpcSecurityGroups, securityGroupID)
	r.Tags = rdsTags(d.TagList)
	switch typ {
	case "AWS::RDS::DBCluster":
		many(p, "VPCSecurityGroups", groups)
		set(p, "DbiResourceId", d.DbClusterResourceId)
		set(p, "PubliclyAccessible", d.PubliclyAccessible)
		set(p, "EnableIAMDatabaseAuthentication", d.IAMDatabaseAuthenticationEnabled)
		set(p, "EnableHttpEndpoint", d.HttpEndpointEnabled)
		return r
	case "AWS::Neptune::DBCluster":
		set(p, "IamAuthEnabled", d.IAMDatabaseAuthenticationEnabled)
	}
	many(p, "VpcSecurityGroupIds", groups)
	set(p, "ClusterResourceId", d.DbClusterResourceId)
	return r
}

// readDBNetwork reads where databases stand, and what stands before them.
func readDBNetwork(ctx context.Context, s *Scope, c *rds.Client) {
	var all []*snapshot.Resource
	pages(ctx, s, "rds:DescribeDBSubnetGroups", rds.NewDescribeDBSubnetGroupsPaginator(c, &rds.DescribeDBSubnetGroupsInput{}), func(o *rds.DescribeDBSubnetGroupsOutput) {
		for _, g := range o.DBSubnetGroups {
			r := s.New("AWS::RDS::DBSubnetGroup", aws.ToString(g.DBSubnetGroupArn), aws.ToString(g.DBSubnetGroupName), "rds:DescribeDBSubnetGroups")
			set(r.Properties, "DBSubnetGroupName", g.DBSubnetGroupName)
			set(r.Properties, "VpcId", g.VpcId)
			r.Properties["SubnetIds"] = sorted(g.Subnets, func(x types.Subnet) any { return aws.ToString(x.SubnetIdentifier) })
			all = append(all, r)
		}
	})
	pages(ctx, s, "rds:DescribeDBProxies", rds.NewDescribeDBProxiesPaginator(c, &rds.DescribeDBProxiesInput{}), func(o *rds.DescribeDBProxiesOutput) {
		for _, x := range o.DBProxies {
			all = append(all, dbProxy(s, x))
		}
	})
	Each(ctx, all, func(ctx context.Context, r *snapshot.Resource) {
		if !s.tags(ctx, r) {
			arn := string(r.Key)
			if o := part(ctx, s, r, "Tags", "rds:ListTagsForResource", c.ListTagsForResource, &rds.ListTagsForResourceInput{ResourceName: &arn}); o != nil {
				r.Tags = rdsTags(o.TagList)
			}
		}
		s.Add(*r)
	})
}

func dbProxy(s *Scope, x types.DBProxy) *snapshot.Resource {
	r := s.New("AWS::RDS::DBProxy", aws.ToString(x.DBProxyArn), aws.ToString(x.DBProxyName), "rds:DescribeDBProxies")
	p := r.Properties
	set(p, "DBProxyName", x.DBProxyName)
	set(p, "EngineFamily", x.EngineFamily)
	set(p, "RequireTLS", x.RequireTLS)
	set(p, "RoleArn", x.RoleArn)
	set(p, "VpcId", x.VpcId)
	set(p, "DebugLogging", x.DebugLogging)
	set(p, "DefaultAuthScheme", x.DefaultAuthScheme)
	p["VpcSubnetIds"] = sorted(x.VpcSubnetIds, same)
	p["VpcSecurityGroupIds"] = sorted(x.VpcSecurityGroupIds, same)
	many(p, "Auth", sorted(x.Auth, func(a types.UserAuthConfigInfo) any {
		m := object{}
		text(m, "AuthScheme", a.AuthScheme)
		text(m, "IAMAuth", a.IAMAuth)
		set(m, "SecretArn", a.SecretArn) // the name of a secret, not its value
		return m
	}))
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
