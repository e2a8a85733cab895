package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// EFS reads file systems and how they are mounted. The security groups of a mount target are those of its network interface.
func EFS() Service {
	return Service{
		Name: "efs",
		Calls: []Call{
			list("efs:DescribeFileSystems", "elasticfilesystem:DescribeFileSystems", "FileSystems", "the file systems", "AWS::EFS::FileSystem"),
			below("efs:DescribeAccessPoints", "elasticfilesystem:DescribeAccessPoints", "AccessPoints", "as whom a file system is mounted", "AWS::EFS::AccessPoint"),
			below("efs:DescribeMountTargets", "elasticfilesystem:DescribeMountTargets", "MountTargets", "where in the network it is mounted", "AWS::EFS::MountTarget"),
			about("efs:DescribeFileSystemPolicy", "elasticfilesystem:DescribeFileSystemPolicy", "Policy", "who may mount it"),
			about("efs:DescribeBackupPolicy", "elasticfilesystem:DescribeBackupPolicy", "BackupPolicy", "whether it is backed up"),
		},
		Read: readEFS,
	}
}

func readEFS(ctx context.Context, s *Scope) {
	c := efs.NewFromConfig(s.Config())
	var found []types.FileSystemDescription
	complete := pages(ctx, s, "efs:DescribeFileSystems", efs.NewDescribeFileSystemsPaginator(c, &efs.DescribeFileSystemsInput{}), func(o *efs.DescribeFileSystemsOutput) {
		found = append(found, o.FileSystems...)
	})
	switch {
	case len(found) > 0:
		pages(ctx, s, "efs:DescribeAccessPoints", efs.NewDescribeAccessPointsPaginator(c, &efs.DescribeAccessPointsInput{}), func(o *efs.DescribeAccessPointsOutput) {
			for _, a := range o.AccessPoints {
				s.Add(*fileAccessPoint(s, a))
			}
		})
	case complete: // nothing that could have one
		s.Note("efs:DescribeAccessPoints", snapshot.OK, "")
	}
	targets := newTally(complete)
	Each(ctx, found, func(ctx context.Context, f types.FileSystemDescription) {
		r := fileSystem(s, f)
		if o := part(ctx, s, r, "Policy", "efs:DescribeFileSystemPolicy", c.DescribeFileSystemPolicy, &efs.DescribeFileSystemPolicyInput{FileSystemId: f.FileSystemId}, "PolicyNotFound"); o != nil {
			setPolicy(r, "Policy", o.Policy)
		}
		if o := part(ctx, s, r, "BackupPolicy", "efs:DescribeBackupPolicy", c.DescribeBackupPolicy, &efs.DescribeBackupPolicyInput{FileSystemId: f.FileSystemId}, "PolicyNotFound"); o != nil && o.BackupPolicy != nil {
			r.Properties["BackupPolicy"] = object{"Status": string(o.BackupPolicy.Status)}
		}
		if f.NumberOfMountTargets > 0 {
			_, err := turn(ctx, s, efs.NewDescribeMountTargetsPaginator(c, &efs.DescribeMountTargetsInput{FileSystemId: f.FileSystemId}), func(o *efs.DescribeMountTargetsOutput) {
				for _, t := range o.MountTargets {
					s.Add(*mountTarget(s, t))
				}
			})
			targets.count(r.Key, err)
		}
		s.Add(*r)
	})
	targets.note(s, "efs:DescribeMountTargets")
}

func fileSystem(s *Scope, f types.FileSystemDescription) *snapshot.Resource {
	id := deref(f.FileSystemId)
	key := s.ARN("elasticfilesystem", "file-system/"+id)
	if f.FileSystemArn != nil {
		key = *f.FileSystemArn
	}
	r := s.New("AWS::EFS::FileSystem", key, id, "efs:DescribeFileSystems")
	if name := deref(f.Name); name != "" {
		r.Name = name
	}
	p := r.Properties
	p["FileSystemId"] = id
	set(p, "Encrypted", f.Encrypted)
	set(p, "KmsKeyId", f.KmsKeyId)
	set(p, "AvailabilityZoneName", f.AvailabilityZoneName)
	text(p, "ThroughputMode", f.ThroughputMode)
	if f.FileSystemProtection != nil {
		m := object{}
		text(m, "ReplicationOverwriteProtection", f.FileSystemProtection.ReplicationOverwriteProtection)
		p["FileSystemProtection"] = m
	}
	r.Tags = efsTags(f.Tags)
	return r
}

func fileAccessPoint(s *Scope, a types.AccessPointDescription) *snapshot.Resource {
	r := s.New("AWS::EFS::AccessPoint", deref(a.AccessPointArn), deref(a.AccessPointId), "efs:DescribeAccessPoints")
	if name := deref(a.Name); name != "" {
		r.Name = name
	}
	p := r.Properties
	set(p, "AccessPointId", a.AccessPointId)
	set(p, "FileSystemId", a.FileSystemId)
	if u := a.PosixUser; u != nil { // without one, whoever mounts it is who he says
		m := object{}
		set(m, "Uid", u.Uid)
		set(m, "Gid", u.Gid)
		p["PosixUser"] = m
	}
	if d := a.RootDirectory; d != nil {
		m := object{}
		set(m, "Path", d.Path)
		p["RootDirectory"] = m
	}
	r.Tags = efsTags(a.Tags)
	return r
}

func mountTarget(s *Scope, t types.MountTargetDescription) *snapshot.Resource {
	r := s.New("AWS::EFS::MountTarget", s.ARN("elasticfilesystem", "mount-target/"+deref(t.MountTargetId)), deref(t.MountTargetId), "efs:DescribeMountTargets")
	p := r.Properties
	set(p, "MountTargetId", t.MountTargetId)
	set(p, "FileSystemId", t.FileSystemId)
	set(p, "SubnetId", t.SubnetId)
	set(p, "VpcId", t.VpcId)
	set(p, "IpAddress", t.IpAddress)
	set(p, "NetworkInterfaceId", t.NetworkInterfaceId)
	return r
}

func efsTags(in []types.Tag) map[string]string {
	return tagsOf(in, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}
