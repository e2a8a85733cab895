package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// ElastiCache reads caches, and the copies of them that somebody made: those that it makes by itself come and go.
func ElastiCache() Service {
	return Service{
		Name: "elasticache",
		Calls: []Call{
			list("elasticache:DescribeReplicationGroups", "elasticache:DescribeReplicationGroups", "ReplicationGroups", "the caches", "AWS::ElastiCache::ReplicationGroup"),
			list("elasticache:DescribeCacheClusters", "elasticache:DescribeCacheClusters", "CacheClusters", "caches of one node, and the network of the others", "AWS::ElastiCache::CacheCluster"),
			list("elasticache:DescribeServerlessCaches", "elasticache:DescribeServerlessCaches", "ServerlessCaches", "caches without nodes", "AWS::ElastiCache::ServerlessCache"),
			list("elasticache:DescribeSnapshots", "elasticache:DescribeSnapshots", "Snapshots", "copies of caches", "AWS::ElastiCache::Snapshot"),
			list("elasticache:DescribeUserGroups", "elasticache:DescribeUserGroups", "UserGroups", "which users a cache admits", "AWS::ElastiCache::UserGroup"),
			about("elasticache:DescribeCacheSubnetGroups", "elasticache:DescribeCacheSubnetGroups", "CacheSubnetGroups", "where caches stand in the network"),
			about("elasticache:ListTagsForResource", "elasticache:ListTagsForResource", "TagList", "whose cache it is"),
		},
		Read: readElastiCache,
	}
}

func readElastiCache(ctx context.Context, s *Scope) {
	c := elasticache.NewFromConfig(s.Config())
	var all, caches []*snapshot.Resource
	groups := map[string]*snapshot.Resource{}
	pages(ctx, s, "elasticache:DescribeReplicationGroups", elasticache.NewDescribeReplicationGroupsPaginator(c, &elasticache.DescribeReplicationGroupsInput{}), func(o *elasticache.DescribeReplicationGroupsOutput) {
		for _, g := range o.ReplicationGroups {
			r := replicationGroup(s, g)
			groups[deref(g.ReplicationGroupId)] = r
			caches = append(caches, r)
		}
	})
	members := map[string]types.CacheCluster{} // one for each group: the first by name
	n, err := turn(ctx, s, elasticache.NewDescribeCacheClustersPaginator(c, &elasticache.DescribeCacheClustersInput{}), func(o *elasticache.DescribeCacheClustersOutput) {
		for _, k := range o.CacheClusters {
			id := deref(k.ReplicationGroupId)
			if id == "" {
				caches = append(caches, cacheCluster(s, k))
			} else if m, ok := members[id]; !ok || deref(k.CacheClusterId) < deref(m.CacheClusterId) {
				members[id] = k
			}
		}
	})
	s.noteList("elasticache:DescribeCacheClusters", n, err)
	for id, r := range groups { // only the nodes tell where a group stands
		if m, ok := members[id]; ok {
			cacheNetwork(r.Properties, m)
		} else if err != nil {
			r.Unknown = append(r.Unknown, "CacheSubnetGroupName", "EngineVersion", "SecurityGroupIds")
		}
	}
	readCacheSubnets(ctx, s, c, caches)
	all = append(all, caches...)
	pages(ctx, s, "elasticache:DescribeServerlessCaches", elasticache.NewDescribeServerlessCachesPaginator(c, &elasticache.DescribeServerlessCachesInput{}), func(o *elasticache.DescribeServerlessCachesOutput) {
		for _, k := range o.ServerlessCaches {
			all = append(all, serverlessCache(s, k))
		}
	})
	user := "user"
	pages(ctx, s, "elasticache:DescribeSnapshots", elasticache.NewDescribeSnapshotsPaginator(c, &elasticache.DescribeSnapshotsInput{SnapshotSource: &user}), func(o *elasticache.DescribeSnapshotsOutput) {
		for _, x := range o.Snapshots {
			all = append(all, cacheSnapshot(s, x))
		}
	})
	pages(ctx, s, "elasticache:DescribeUserGroups", elasticache.NewDescribeUserGroupsPaginator(c, &elasticache.DescribeUserGroupsInput{}), func(o *elasticache.DescribeUserGroupsOutput) {
		for _, g := range o.UserGroups {
			r := s.New("AWS::ElastiCache::UserGroup", deref(g.ARN), deref(g.UserGroupId), "elasticache:DescribeUserGroups")
			set(r.Properties, "UserGroupId", g.UserGroupId)
			set(r.Properties, "Engine", g.Engine)
			r.Properties["UserIds"] = sorted(g.UserIds, same)
			all = append(all, r)
		}
	})
	Each(ctx, all, func(ctx context.Context, r *snapshot.Resource) {
		if !s.tags(ctx, r) {
			arn := string(r.Key)
			if o := part(ctx, s, r, "Tags", "elasticache:ListTagsForResource", c.ListTagsForResource, &elasticache.ListTagsForResourceInput{ResourceName: &arn}); o != nil {
				r.Tags = tagsOf(o.TagList, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			}
		}
		s.Add(*r)
	})
}

func replicationGroup(s *Scope, g types.ReplicationGroup) *snapshot.Resource {
	r := s.New("AWS::ElastiCache::ReplicationGroup", deref(g.ARN), deref(g.ReplicationGroupId), "elasticache:DescribeReplicationGroups")
	p := r.Properties
	set(p, "ReplicationGroupId", g.ReplicationGroupId)
	set(p, "Engine", g.Engine)
	set(p, "CacheNodeType", g.CacheNodeType)
	set(p, "AtRestEncryptionEnabled", g.AtRestEncryptionEnabled)
	set(p, "TransitEncryptionEnabled", g.TransitEncryptionEnabled)
	text(p, "TransitEncryptionMode", g.TransitEncryptionMode)
	set(p, "KmsKeyId", g.KmsKeyId)
	set(p, "AuthTokenEnabled", g.AuthTokenEnabled)
	set(p, "AutoMinorVersionUpgrade", g.AutoMinorVersionUpgrade)
	set(p, "SnapshotRetentionLimit", g.SnapshotRetentionLimit)
	p["MultiAZEnabled"] = g.MultiAZ == types.MultiAZStatusEnabled
	p["AutomaticFailoverEnabled"] = g.AutomaticFailover == types.AutomaticFailoverStatusEnabled || g.AutomaticFailover == types.AutomaticFailoverStatusEnabling
	many(p, "UserGroupIds", sorted(g.UserGroupIds, same))
	many(p, "LogDeliveryConfigurations", sorted(g.LogDeliveryConfigurations, cacheLog))
	return r
}

func cacheCluster(s *Scope, k types.CacheCluster) *snapshot.Resource {
	r := s.New("AWS::ElastiCache::CacheCluster", deref(k.ARN), deref(k.CacheClusterId), "elasticache:DescribeCacheClusters")
	p := r.Properties
	set(p, "ClusterName", k.CacheClusterId)
	set(p, "Engine", k.Engine)
	set(p, "CacheNodeType", k.CacheNodeType)
	set(p, "NumCacheNodes", k.NumCacheNodes)
	set(p, "AtRestEncryptionEnabled", k.AtRestEncryptionEnabled)
	set(p, "TransitEncryptionEnabled", k.TransitEncryptionEnabled)
	set(p, "AuthTokenEnabled", k.AuthTokenEnabled)
	set(p, "AutoMinorVersionUpgrade", k.AutoMinorVersionUpgrade)
	set(p, "SnapshotRetentionLimit", k.SnapshotRetentionLimit)
	many(p, "LogDeliveryConfigurations", sorted(k.LogDeliveryConfigurations, cacheLog))
	cacheNetwork(p, k)
	if groups, ok := p["SecurityGroupIds"]; ok { // CloudFormation names them as RDS does
		p["VpcSecurityGroupIds"] = groups
		delete(p, "SecurityGroupIds")
	}
	return r
}

func cacheNetwork(p object, k types.CacheCluster) {
	set(p, "EngineVersion", k.EngineVersion)
	set(p, "CacheSubnetGroupName", k.CacheSubnetGroupName)
	many(p, "SecurityGroupIds", sorted(k.SecurityGroups, func(g types.SecurityGroupMembership) any { return deref(g.SecurityGroupId) }))
}

func cacheLog(l types.LogDeliveryConfiguration) any {
	m := object{}
	text(m, "LogType", l.LogType)
	text(m, "DestinationType", l.DestinationType)
	if d := l.DestinationDetails; d != nil {
		if d.CloudWatchLogsDetails != nil {
			m["DestinationDetails"] = object{"CloudWatchLogsDetails": object{"LogGroup": deref(d.CloudWatchLogsDetails.LogGroup)}}
		} else if d.KinesisFirehoseDetails != nil {
			m["DestinationDetails"] = object{"KinesisFirehoseDetails": object{"DeliveryStream": deref(d.KinesisFirehoseDetails.DeliveryStream)}}
		}
	}
	return m
}

// readCacheSubnets gives caches the VPC and the subnets of their subnet group.
func readCacheSubnets(ctx context.Context, s *Scope, c *elasticache.Client, caches []*snapshot.Resource) {
	if len(caches) == 0 {
		return
	}
	groups := map[string]types.CacheSubnetGroup{}
	_, err := turn(ctx, s, elasticache.NewDescribeCacheSubnetGroupsPaginator(c, &elasticache.DescribeCacheSubnetGroupsInput{}), func(o *elasticache.DescribeCacheSubnetGroupsOutput) {
		for _, g := range o.CacheSubnetGroups {
			groups[deref(g.CacheSubnetGroupName)] = g
		}
	})
	for _, r := range caches {
		g, ok := groups[r.Text("CacheSubnetGroupName")]
		switch {
		case ok:
			set(r.Properties, "VpcId", g.VpcId)
			r.Properties["SubnetIds"] = sorted(g.Subnets, func(x types.Subnet) any { return deref(x.SubnetIdentifier) })
		case err != nil:
			s.Miss(r, "SubnetIds", "elasticache:DescribeCacheSubnetGroups", err)
			r.Unknown = append(r.Unknown, "VpcId")
		case r.IsUnknown("CacheSubnetGroupName"):
			r.Unknown = append(r.Unknown, "SubnetIds", "VpcId")
		}
	}
}

func serverlessCache(s *Scope, k types.ServerlessCache) *snapshot.Resource {
	r := s.New("AWS::ElastiCache::ServerlessCache", deref(k.ARN), deref(k.ServerlessCacheName), "elasticache:DescribeServerlessCaches")
	p := r.Properties
	set(p, "ServerlessCacheName", k.ServerlessCacheName)
	set(p, "Engine", k.Engine)
	set(p, "MajorEngineVersion", k.MajorEngineVersion)
	set(p, "KmsKeyId", k.KmsKeyId)
	set(p, "UserGroupId", k.UserGroupId)
	set(p, "SnapshotRetentionLimit", k.SnapshotRetentionLimit)
	p["SubnetIds"] = sorted(k.SubnetIds, same)
	p["SecurityGroupIds"] = sorted(k.SecurityGroupIds, same)
	return r
}

func cacheSnapshot(s *Scope, x types.Snapshot) *snapshot.Resource {
	r := s.New("AWS::ElastiCache::Snapshot", deref(x.ARN), deref(x.SnapshotName), "elasticache:DescribeSnapshots")
	p := r.Properties
	set(p, "SnapshotName", x.SnapshotName)
	set(p, "ReplicationGroupId", x.ReplicationGroupId)
	set(p, "CacheClusterId", x.CacheClusterId)
	set(p, "Engine", x.Engine)
	set(p, "KmsKeyId", x.KmsKeyId)
	set(p, "SnapshotSource", x.SnapshotSource)
	return r
}
