package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// The settings of EC2 for a whole account in a Region. An answer may hold nothing but its request id.
func ec2AccountCalls() []Call {
	return []Call{
		list("ec2:GetEbsEncryptionByDefault", "ec2:GetEbsEncryptionByDefault", "ebsEncryptionByDefault", "whether new disks are encrypted", "AWS::EC2::EBSEncryptionByDefault"),
		about("ec2:GetEbsDefaultKmsKeyId", "ec2:GetEbsDefaultKmsKeyId", "kmsKeyId", "with which key new disks are encrypted"),
		list("ec2:GetInstanceMetadataDefaults", "ec2:GetInstanceMetadataDefaults", "requestId", "how machines get their credentials unless told otherwise", "AWS::EC2::InstanceMetadataDefaults"),
		list("ec2:GetImageBlockPublicAccessState", "ec2:GetImageBlockPublicAccessState", "imageBlockPublicAccessState", "whether images may be made public", "AWS::EC2::ImageBlockPublicAccess"),
		list("ec2:GetAllowedImagesSettings", "ec2:GetAllowedImagesSettings", "state", "whose images machines may be made of", "AWS::EC2::AllowedImagesSettings"),
		list("ec2:DescribeVpcBlockPublicAccessOptions", "ec2:DescribeVpcBlockPublicAccessOptions", "vpcBlockPublicAccessOptions", "whether networks may reach the internet at all", "AWS::EC2::VPCBlockPublicAccessOptions"),
		below("ec2:DescribeVpcBlockPublicAccessExclusions", "ec2:DescribeVpcBlockPublicAccessExclusions", "vpcBlockPublicAccessExclusionSet", "which networks may all the same", "AWS::EC2::VPCBlockPublicAccessExclusion"),
		list("ec2:DescribeVpcEncryptionControls", "ec2:DescribeVpcEncryptionControls", "vpcEncryptionControlSet", "which networks tell of traffic that is not encrypted", "AWS::EC2::VPCEncryptionControl"),
		list("ec2:GetSerialConsoleAccessStatus", "ec2:GetSerialConsoleAccessStatus", "serialConsoleAccessEnabled", "whether machines are reached without a network", "AWS::EC2::SerialConsoleAccess"),
	}
}

func (s *Scope) ec2Setting(typ, kind, name, call string) *snapshot.Resource {
	return s.New(typ, s.ARN("ec2", kind), name, call)
}

func readDiskDefaults(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:GetEbsEncryptionByDefault"
	o, ok := one(ctx, s, call, c.GetEbsEncryptionByDefault, &ec2.GetEbsEncryptionByDefaultInput{})
	if !ok {
		return
	}
	r := s.ec2Setting("AWS::EC2::EBSEncryptionByDefault", "ebs-encryption-by-default", "EBS encryption by default", call)
	set(r.Properties, "EbsEncryptionByDefault", o.EbsEncryptionByDefault)
	if aws.ToBool(o.EbsEncryptionByDefault) {
		if k := part(ctx, s, r, "KmsKeyId", "ec2:GetEbsDefaultKmsKeyId", c.GetEbsDefaultKmsKeyId, &ec2.GetEbsDefaultKmsKeyIdInput{}); k != nil {
			set(r.Properties, "KmsKeyId", k.KmsKeyId)
		}
	}
	s.Add(*r)
}

// readMetadataDefaults: what nobody set is left out, and AWS's own default counts.
func readMetadataDefaults(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:GetInstanceMetadataDefaults"
	o, ok := one(ctx, s, call, c.GetInstanceMetadataDefaults, &ec2.GetInstanceMetadataDefaultsInput{})
	if !ok {
		return
	}
	r := s.ec2Setting("AWS::EC2::InstanceMetadataDefaults", "instance-metadata-defaults", "instance metadata defaults", call)
	if d := o.AccountLevel; d != nil {
		text(r.Properties, "HttpTokens", d.HttpTokens)
		text(r.Properties, "HttpEndpoint", d.HttpEndpoint)
		text(r.Properties, "HttpTokensEnforced", d.HttpTokensEnforced)
		text(r.Properties, "InstanceMetadataTags", d.InstanceMetadataTags)
		text(r.Properties, "ManagedBy", d.ManagedBy)
		if n := aws.ToInt32(d.HttpPutResponseHopLimit); n > 0 { // -1: no preference
			r.Properties["HttpPutResponseHopLimit"] = n
		}
	}
	s.Add(*r)
}

func readImageBlock(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:GetImageBlockPublicAccessState"
	if o, ok := one(ctx, s, call, c.GetImageBlockPublicAccessState, &ec2.GetImageBlockPublicAccessStateInput{}); ok {
		r := s.ec2Setting("AWS::EC2::ImageBlockPublicAccess", "image-block-public-access", "image block public access", call)
		set(r.Properties, "State", o.ImageBlockPublicAccessState)
		text(r.Properties, "ManagedBy", o.ManagedBy)
		s.Add(*r)
	}
}

// readAllowedImages keeps from whom images may come; what else is asked of them (names, ages, marks) is left out.
func readAllowedImages(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:GetAllowedImagesSettings"
	if o, ok := one(ctx, s, call, c.GetAllowedImagesSettings, &ec2.GetAllowedImagesSettingsInput{}); ok {
		r := s.ec2Setting("AWS::EC2::AllowedImagesSettings", "allowed-images-settings", "allowed images", call)
		set(r.Properties, "State", o.State)
		text(r.Properties, "ManagedBy", o.ManagedBy)
		many(r.Properties, "ImageCriteria", sorted(o.ImageCriteria, func(x types.ImageCriterion) any {
			return object{"ImageProviders": sorted(x.ImageProviders, same)}
		}))
		s.Add(*r)
	}
}

// readNetworkBlock reads what blocks all networks from the internet, and where it does, which it leaves out.
func readNetworkBlock(ctx context.Context, s *Scope, c *ec2.Client) {
	const call, exclusions = "ec2:DescribeVpcBlockPublicAccessOptions", "ec2:DescribeVpcBlockPublicAccessExclusions"
	o, ok := one(ctx, s, call, c.DescribeVpcBlockPublicAccessOptions, &ec2.DescribeVpcBlockPublicAccessOptionsInput{})
	if !ok {
		s.Note(exclusions, snapshot.NotAsked, "whether anything is blocked could not be read")
		return
	}
	r := s.ec2Setting("AWS::EC2::VPCBlockPublicAccessOptions", "vpc-block-public-access-options", "VPC block public access", call)
	on := false
	if b := o.VpcBlockPublicAccessOptions; b != nil {
		on = b.InternetGatewayBlockMode != types.InternetGatewayBlockModeOff
		text(r.Properties, "InternetGatewayBlockMode", b.InternetGatewayBlockMode)
		text(r.Properties, "ExclusionsAllowed", b.ExclusionsAllowed)
		text(r.Properties, "ManagedBy", b.ManagedBy)
	}
	s.Add(*r)
	if !on { // there may be exclusions from nothing
		s.Note(exclusions, snapshot.OK, "")
		return
	}
	p := follow(c.DescribeVpcBlockPublicAccessExclusions, &ec2.DescribeVpcBlockPublicAccessExclusionsInput{},
		func(in *ec2.DescribeVpcBlockPublicAccessExclusionsInput, o *ec2.DescribeVpcBlockPublicAccessExclusionsOutput) bool {
			return next(&in.NextToken, o.NextToken)
		})
	pages(ctx, s, exclusions, p, func(o *ec2.DescribeVpcBlockPublicAccessExclusionsOutput) {
		for _, x := range o.VpcBlockPublicAccessExclusions {
			if x.State == "delete-complete" || x.State == "disable-complete" {
				continue
			}
			r := ec2Resource(s, "AWS::EC2::VPCBlockPublicAccessExclusion", "vpc-block-public-access-exclusion", x.ExclusionId, x.Tags, exclusions)
			set(r.Properties, "ExclusionId", x.ExclusionId)
			set(r.Properties, "ResourceArn", x.ResourceArn)
			text(r.Properties, "InternetGatewayExclusionMode", x.InternetGatewayExclusionMode)
			s.Add(*r)
		}
	})
}

func readSerialConsole(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:GetSerialConsoleAccessStatus"
	if o, ok := one(ctx, s, call, c.GetSerialConsoleAccessStatus, &ec2.GetSerialConsoleAccessStatusInput{}); ok {
		r := s.ec2Setting("AWS::EC2::SerialConsoleAccess", "serial-console-access", "EC2 serial console access", call)
		set(r.Properties, "SerialConsoleAccessEnabled", o.SerialConsoleAccessEnabled)
		text(r.Properties, "ManagedBy", o.ManagedBy)
		s.Add(*r)
	}
}

// readEncryptionControls reads which networks tell of traffic that is not encrypted, or let none through.
// "VPC Encryption Controls", https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html
func readEncryptionControls(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:DescribeVpcEncryptionControls"
	p := follow(c.DescribeVpcEncryptionControls, &ec2.DescribeVpcEncryptionControlsInput{},
		func(in *ec2.DescribeVpcEncryptionControlsInput, o *ec2.DescribeVpcEncryptionControlsOutput) bool {
			return next(&in.NextToken, o.NextToken)
		})
	pages(ctx, s, call, p, func(o *ec2.DescribeVpcEncryptionControlsOutput) {
		for _, x := range o.VpcEncryptionControls {
			if x.State == types.VpcEncryptionControlStateDeleted {
				continue
			}
			r := ec2Resource(s, "AWS::EC2::VPCEncryptionControl", "vpc-encryption-control", x.VpcEncryptionControlId, x.Tags, call)
			set(r.Properties, "VpcEncryptionControlId", x.VpcEncryptionControlId)
			set(r.Properties, "VpcId", x.VpcId)
			text(r.Properties, "Mode", x.Mode)
			s.Add(*r)
		}
	})
}
