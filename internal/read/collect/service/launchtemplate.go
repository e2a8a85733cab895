package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// readLaunchTemplates reads templates and, with one more list, the default version of all of them. The user data that comes with a
// version is dropped.
func readLaunchTemplates(ctx context.Context, s *Scope, c *ec2.Client) {
	const call, versions = "ec2:DescribeLaunchTemplates", "ec2:DescribeLaunchTemplateVersions"
	var all []*snapshot.Resource
	pages(ctx, s, call, ec2.NewDescribeLaunchTemplatesPaginator(c, &ec2.DescribeLaunchTemplatesInput{}), func(o *ec2.DescribeLaunchTemplatesOutput) {
		for _, t := range o.LaunchTemplates {
			r := ec2Resource(s, "AWS::EC2::LaunchTemplate", "launch-template", t.LaunchTemplateId, t.Tags, call)
			if r.Tags["Name"] == "" {
				r.Name = aws.ToString(t.LaunchTemplateName)
			}
			set(r.Properties, "LaunchTemplateId", t.LaunchTemplateId)
			set(r.Properties, "LaunchTemplateName", t.LaunchTemplateName)
			set(r.Properties, "DefaultVersionNumber", t.DefaultVersionNumber)
			all = append(all, r)
		}
	})
	if len(all) == 0 {
		return
	}
	told := map[string]*types.ResponseLaunchTemplateData{}
	in := &ec2.DescribeLaunchTemplateVersionsInput{Versions: []string{"$Default"}}
	_, err := turn(ctx, s, ec2.NewDescribeLaunchTemplateVersionsPaginator(c, in), func(o *ec2.DescribeLaunchTemplateVersionsOutput) {
		for _, v := range o.LaunchTemplateVersions {
			told[aws.ToString(v.LaunchTemplateId)] = v.LaunchTemplateData
		}
	})
	for _, r := range all {
		switch data := told[r.Text("LaunchTemplateId")]; {
		case data != nil:
			r.Properties["LaunchTemplateData"] = launchData(data)
		case err != nil:
			s.Miss(r, "LaunchTemplateData", versions, err)
		default:
			r.Unknown = append(r.Unknown, "LaunchTemplateData")
		}
		s.Add(*r)
	}
}

func launchData(d *types.ResponseLaunchTemplateData) object {
	p := object{}
	set(p, "ImageId", d.ImageId)
	set(p, "KeyName", d.KeyName)
	text(p, "InstanceType", d.InstanceType)
	if x := d.IamInstanceProfile; x != nil {
		m := object{}
		set(m, "Arn", x.Arn)
		set(m, "Name", x.Name)
		p["IamInstanceProfile"] = m
	}
	if x := d.MetadataOptions; x != nil {
		m := object{}
		text(m, "HttpTokens", x.HttpTokens)
		text(m, "HttpEndpoint", x.HttpEndpoint)
		text(m, "InstanceMetadataTags", x.InstanceMetadataTags)
		set(m, "HttpPutResponseHopLimit", x.HttpPutResponseHopLimit)
		p["MetadataOptions"] = m
	}
	many(p, "SecurityGroupIds", sorted(d.SecurityGroupIds, same))
	many(p, "SecurityGroups", sorted(d.SecurityGroups, same))
	many(p, "NetworkInterfaces", each(d.NetworkInterfaces, func(n types.LaunchTemplateInstanceNetworkInterfaceSpecification) any {
		m := object{}
		set(m, "AssociatePublicIpAddress", n.AssociatePublicIpAddress)
		set(m, "SubnetId", n.SubnetId)
		many(m, "Groups", sorted(n.Groups, same))
		return m
	}))
	many(p, "BlockDeviceMappings", each(d.BlockDeviceMappings, func(b types.LaunchTemplateBlockDeviceMapping) any {
		m := object{}
		set(m, "DeviceName", b.DeviceName)
		if b.Ebs != nil {
			disk := object{}
			set(disk, "Encrypted", b.Ebs.Encrypted)
			set(disk, "KmsKeyId", b.Ebs.KmsKeyId)
			set(disk, "SnapshotId", b.Ebs.SnapshotId)
			m["Ebs"] = disk
		}
		return m
	}))
	return p
}
