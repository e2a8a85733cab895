package access

import (
	"testing"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Who reads a copy, or through an access point, reads what it is a copy of, or opens.
func TestCopiesAndAccessPointsOpenTheirSource(t *testing.T) {
	const aws = "arn:aws:"
	for _, c := range []struct {
		name, source, sourceKey, copy, copyKey, action, resource string
		of, is                                                   object
	}{
		{"a snapshot of a data warehouse", "AWS::Redshift::Cluster", aws + "redshift:eu-west-1:" + ours + ":cluster:dwh", "AWS::Redshift::ClusterSnapshot", aws + "redshift:eu-west-1:" + ours + ":snapshot:dwh/monday",
			"redshift:AuthorizeSnapshotAccess", aws + "redshift:eu-west-1:" + ours + ":snapshot:dwh/*", object{"ClusterIdentifier": "dwh"}, object{"ClusterIdentifier": "dwh", "SnapshotIdentifier": "monday"}},
		{"a snapshot of a cache", "AWS::ElastiCache::ReplicationGroup", aws + "elasticache:eu-west-1:" + ours + ":replicationgroup:sessions", "AWS::ElastiCache::Snapshot", aws + "elasticache:eu-west-1:" + ours + ":snapshot:monday",
			"elasticache:CopySnapshot", "*", object{"ReplicationGroupId": "sessions"}, object{"ReplicationGroupId": "sessions", "SnapshotName": "monday"}},
		{"a backup of files", "AWS::FSx::FileSystem", aws + "fsx:eu-west-1:" + ours + ":file-system/fs-1", "AWS::FSx::Backup", aws + "fsx:eu-west-1:" + ours + ":backup/backup-1",
			"fsx:CreateFileSystemFromBackup", "*", object{"FileSystemId": "fs-1"}, object{"FileSystemId": "fs-1"}},
		{"a snapshot of documents", "AWS::DocDB::DBCluster", aws + "rds:eu-west-1:" + ours + ":cluster:docs", "AWS::RDS::DBClusterSnapshot", aws + "rds:eu-west-1:" + ours + ":cluster-snapshot:monday",
			"rds:ModifyDBClusterSnapshotAttribute", "*", object{"DBClusterIdentifier": "docs"}, object{"DBClusterIdentifier": "docs", "Encrypted": false}},
		{"an access point", "AWS::S3::Bucket", aws + "s3:::acme-data", "AWS::S3::AccessPoint", aws + "s3:eu-west-1:" + ours + ":accesspoint/readers",
			"s3:GetObject", aws + "s3:eu-west-1:" + ours + ":accesspoint/readers/object/*", object{"BucketName": "acme-data"}, object{"Name": "readers", "Bucket": "acme-data"}},
	} {
		a := newSample(t)
		a.user("alice", permit(c.action, c.resource))
		source, copied := a.thing(c.source, c.sourceKey, c.of), a.thing(c.copy, c.copyKey, c.is)
		readers := func() (n int) {
			for _, x := range a.table().Who(source.Key, Read) {
				if x.Principal == iamARN("user", "alice") && x.Path.Outcome == iam.Allow {
					n++
				}
			}
			return n
		}
		if readers() != 1 {
			t.Errorf("%s: alice does not read %s", c.name, source.Key)
		}
		for name := range c.of { // a copy of something else
			copied.Properties[name] = "other"
		}
		copied.Properties["Bucket"] = "other"
		if readers() != 0 {
			t.Errorf("%s of something else: alice reads %s", c.name, source.Key)
		}
	}
}

// What holds a role names it where roleIn says, by ARN or by name.
func TestRoleOf(t *testing.T) {
	role := snapshot.Resource{Key: snapshot.Key(iamARN("role", "app")), Type: "AWS::IAM::Role", Properties: map[string]any{"RoleName": "app"}}
	profile := snapshot.Resource{Key: snapshot.Key(iamARN("instance-profile", "app")), Type: "AWS::IAM::InstanceProfile", Properties: map[string]any{"InstanceProfileName": "app", "Roles": []any{"app"}}}
	s := &snapshot.Snapshot{Resources: []snapshot.Resource{role, profile}}
	s.Seal()
	r := relate(s)
	for what, res := range map[string]snapshot.Resource{
		"an ARN in an object": {Type: "AWS::Batch::JobDefinition", Properties: object{"ContainerProperties": object{"JobRoleArn": string(role.Key)}}},
		"a name":              {Type: "AWS::Glue::Job", Properties: object{"Role": "app"}},
		"a path and a name":   {Type: "AWS::Glue::Job", Properties: object{"Role": "arn:aws:iam::" + ours + ":role/service-role/app"}},
		"a profile's name":    {Type: "AWS::EMR::Cluster", Properties: object{"JobFlowRole": "app"}},
		"a profile's ARN":     {Type: "AWS::EC2::LaunchTemplate", Properties: object{"LaunchTemplateData": object{"IamInstanceProfile": object{"Arn": string(profile.Key)}}}},
		"a profile by name":   {Type: "AWS::EC2::LaunchTemplate", Properties: object{"LaunchTemplateData": object{"IamInstanceProfile": object{"Name": "app"}}}},
	} {
		if got, ok := r.roleOf(&res); !ok || got != role.Key {
			t.Errorf("%s: %q, %v", what, got, ok)
		}
	}
	for what, res := range map[string]snapshot.Resource{
		"no role":              {Type: "AWS::Glue::Job", Properties: object{}},
		"a type without roles": {Type: "AWS::SQS::Queue", Properties: object{"Role": "app"}},
	} {
		if got, ok := r.roleOf(&res); ok {
			t.Errorf("%s: %q", what, got)
		}
	}
}
