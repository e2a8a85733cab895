package service

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/snapshot"
)

// mostAttributes bounds the calls about single snapshots and images in a Region: beyond it, whom they are shared with by
// account id stays unknown. Whether they are public is known for all of them.
const mostAttributes = 50

func readVolumes(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:DescribeVolumes"
	pages(ctx, s, call, ec2.NewDescribeVolumesPaginator(c, &ec2.DescribeVolumesInput{}), func(o *ec2.DescribeVolumesOutput) {
		for _, v := range o.Volumes {
			r := ec2Resource(s, "AWS::EC2::Volume", "volume", v.VolumeId, v.Tags, call)
			p := r.Properties
			set(p, "VolumeId", v.VolumeId)
			text(p, "VolumeType", v.VolumeType)
			set(p, "Size", v.Size)
			set(p, "Encrypted", v.Encrypted)
			set(p, "KmsKeyId", v.KmsKeyId)
			text(p, "SnapshotId", aws.ToString(v.SnapshotId))
			for _, a := range v.Attachments {
				set(p, "InstanceId", a.InstanceId)
			}
			s.Add(*r)
		}
	})
}

func readSnapshots(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:DescribeSnapshots"
	var own []types.Snapshot
	pages(ctx, s, call, ec2.NewDescribeSnapshotsPaginator(c, &ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}}), func(o *ec2.DescribeSnapshotsOutput) {
		for _, v := range o.Snapshots {
			if v.OwnerId == nil || *v.OwnerId == s.Account {
				own = append(own, v)
			}
		}
	})
	if len(own) == 0 {
		return
	}
	if len(own) > mostAttributes {
		readPublicSnapshots(ctx, s, c, own)
		return
	}
	Each(ctx, own, func(ctx context.Context, v types.Snapshot) {
		r := volumeSnapshot(s, v)
		in := &ec2.DescribeSnapshotAttributeInput{SnapshotId: v.SnapshotId, Attribute: types.SnapshotAttributeNameCreateVolumePermission}
		if o := part(ctx, s, r, "CreateVolumePermissions", "ec2:DescribeSnapshotAttribute", c.DescribeSnapshotAttribute, in); o != nil {
			r.Properties["CreateVolumePermissions"] = sorted(o.CreateVolumePermissions, func(x types.CreateVolumePermission) any {
				m := object{}
				text(m, "Group", x.Group)
				text(m, "UserId", aws.ToString(x.UserId))
				return m
			})
		}
		s.Add(*r)
	})
}

// readPublicSnapshots finds in one list which snapshots everyone may restore: those are known to be public.
// Of the others it is not known whether single accounts may.
func readPublicSnapshots(ctx context.Context, s *Scope, c *ec2.Client, own []types.Snapshot) {
	public := map[string]bool{}
	in := &ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}, RestorableByUserIds: []string{"all"}}
	_, err := turn(ctx, s, ec2.NewDescribeSnapshotsPaginator(c, in), func(o *ec2.DescribeSnapshotsOutput) {
		for _, v := range o.Snapshots {
			if v.OwnerId == nil || *v.OwnerId == s.Account {
				public[aws.ToString(v.SnapshotId)] = true
			}
		}
	})
	if err == nil && len(public) == len(own) && !isPublic(ctx, s, c, own[0]) {
		err = fmt.Errorf("the list of public snapshots names all, also one that is not public")
		clear(public)
	}
	for _, v := range own {
		r := volumeSnapshot(s, v)
		if public[aws.ToString(v.SnapshotId)] {
			r.Properties["CreateVolumePermissions"] = []any{object{"Group": "all"}}
		} else {
			r.Unknown = append(r.Unknown, "CreateVolumePermissions")
		}
		s.Add(*r)
	}
	if err != nil {
		outcome, reason := wire.Outcome(err, s.MaybeOff)
		s.NoteTypes("ec2:DescribeSnapshotAttribute", outcome, "which snapshots are public: "+reason)
	} else if len(public) < len(own) {
		s.NoteTypes("ec2:DescribeSnapshotAttribute", snapshot.NotAsked, "there are too many snapshots to ask of each whom it is shared with; which are public is known")
	}
}

// isPublic asks about one snapshot. A list that calls everything public is believed only if its first entry is.
func isPublic(ctx context.Context, s *Scope, c *ec2.Client, v types.Snapshot) bool {
	o, err := try(ctx, s, func(ctx context.Context) (*ec2.DescribeSnapshotAttributeOutput, error) {
		return c.DescribeSnapshotAttribute(ctx, &ec2.DescribeSnapshotAttributeInput{SnapshotId: v.SnapshotId, Attribute: types.SnapshotAttributeNameCreateVolumePermission})
	})
	return err == nil && slices.ContainsFunc(o.CreateVolumePermissions, func(x types.CreateVolumePermission) bool {
		return x.Group == types.PermissionGroupAll
	})
}

func volumeSnapshot(s *Scope, v types.Snapshot) *snapshot.Resource {
	r := ec2Resource(s, "AWS::EC2::Snapshot", "snapshot", v.SnapshotId, v.Tags, "ec2:DescribeSnapshots")
	set(r.Properties, "SnapshotId", v.SnapshotId)
	set(r.Properties, "VolumeId", v.VolumeId)
	set(r.Properties, "Encrypted", v.Encrypted)
	set(r.Properties, "KmsKeyId", v.KmsKeyId)
	return r
}

func readImages(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:DescribeImages"
	var own []types.Image
	pages(ctx, s, call, ec2.NewDescribeImagesPaginator(c, &ec2.DescribeImagesInput{Owners: []string{"self"}}), func(o *ec2.DescribeImagesOutput) {
		own = append(own, o.Images...)
	})
	ask := len(own) <= mostAttributes
	Each(ctx, own, func(ctx context.Context, v types.Image) {
		r := ec2Resource(s, "AWS::EC2::Image", "image", v.ImageId, v.Tags, call)
		p := r.Properties
		set(p, "ImageId", v.ImageId)
		set(p, "Name", v.Name)
		if r.Name == deref(v.ImageId) && v.Name != nil {
			r.Name = *v.Name
		}
		set(p, "Public", v.Public)
		set(p, "CreationDate", v.CreationDate)
		many(p, "BlockDeviceMappings", each(v.BlockDeviceMappings, blockDevice))
		if ask {
			in := &ec2.DescribeImageAttributeInput{ImageId: v.ImageId, Attribute: types.ImageAttributeNameLaunchPermission}
			if o := part(ctx, s, r, "LaunchPermissions", "ec2:DescribeImageAttribute", c.DescribeImageAttribute, in); o != nil {
				p["LaunchPermissions"] = sorted(o.LaunchPermissions, launchPermission)
			}
		} else {
			r.Unknown = append(r.Unknown, "LaunchPermissions")
		}
		s.Add(*r)
	})
	if !ask {
		s.NoteTypes("ec2:DescribeImageAttribute", snapshot.NotAsked, "there are too many images to ask of each whom it is shared with; which are public is known")
	}
}

func blockDevice(b types.BlockDeviceMapping) any {
	m := object{}
	set(m, "DeviceName", b.DeviceName)
	if b.Ebs != nil {
		disk := object{}
		set(disk, "SnapshotId", b.Ebs.SnapshotId)
		set(disk, "Encrypted", b.Ebs.Encrypted)
		set(disk, "KmsKeyId", b.Ebs.KmsKeyId)
		m["Ebs"] = disk
	}
	return m
}

func launchPermission(x types.LaunchPermission) any {
	m := object{}
	text(m, "Group", x.Group)
	set(m, "UserId", x.UserId)
	set(m, "OrganizationArn", x.OrganizationArn)
	set(m, "OrganizationalUnitArn", x.OrganizationalUnitArn)
	return m
}

func readSnapshotBlock(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:GetSnapshotBlockPublicAccessState"
	if o, ok := one(ctx, s, call, c.GetSnapshotBlockPublicAccessState, &ec2.GetSnapshotBlockPublicAccessStateInput{}); ok {
		r := s.New("AWS::EC2::SnapshotBlockPublicAccess", s.ARN("ec2", "snapshot-block-public-access"), "snapshot block public access", call)
		text(r.Properties, "State", o.State)
		text(r.Properties, "ManagedBy", o.ManagedBy)
		s.Add(*r)
	}
}
