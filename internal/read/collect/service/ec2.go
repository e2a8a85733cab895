package service

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// EC2 reads networks, machines, disks and their copies, what machines are made from, and the settings of the account. No user data is
// kept.
func EC2() Service {
	const net, disk, machines = "how a network can be reached", "disks and their copies", "what machines are made from"
	return Service{
		Name: "ec2",
		Calls: slices.Concat([]Call{
			list("ec2:DescribeVpcs", "ec2:DescribeVpcs", "vpcSet", net, "AWS::EC2::VPC", "AWS::EC2::VPCCidrBlock"),
			list("ec2:DescribeSubnets", "ec2:DescribeSubnets", "subnetSet", net, "AWS::EC2::Subnet"),
			list("ec2:DescribeRouteTables", "ec2:DescribeRouteTables", "routeTableSet", net, "AWS::EC2::RouteTable"),
			list("ec2:DescribeNetworkAcls", "ec2:DescribeNetworkAcls", "networkAclSet", net, "AWS::EC2::NetworkAcl"),
			list("ec2:DescribeSecurityGroups", "ec2:DescribeSecurityGroups", "securityGroupInfo", net, "AWS::EC2::SecurityGroup"),
			list("ec2:DescribeInternetGateways", "ec2:DescribeInternetGateways", "internetGatewaySet", net, "AWS::EC2::InternetGateway"),
			list("ec2:DescribeNatGateways", "ec2:DescribeNatGateways", "natGatewaySet", net, "AWS::EC2::NatGateway"),
			list("ec2:DescribeNetworkInterfaces", "ec2:DescribeNetworkInterfaces", "networkInterfaceSet", net, "AWS::EC2::NetworkInterface"),
			list("ec2:DescribeAddresses", "ec2:DescribeAddresses", "addressesSet", net, "AWS::EC2::EIP"),
			list("ec2:DescribeInstances", "ec2:DescribeInstances", "reservationSet", "the machines", "AWS::EC2::Instance"),
			list("ec2:DescribeVolumes", "ec2:DescribeVolumes", "volumeSet", disk, "AWS::EC2::Volume"),
			list("ec2:DescribeSnapshots", "ec2:DescribeSnapshots", "snapshotSet", disk, "AWS::EC2::Snapshot"),
			about("ec2:DescribeSnapshotAttribute", "ec2:DescribeSnapshotAttribute", "snapshotId", "whom a copy is shared with"),
			list("ec2:DescribeImages", "ec2:DescribeImages", "imagesSet", disk, "AWS::EC2::Image"),
			about("ec2:DescribeImageAttribute", "ec2:DescribeImageAttribute", "imageId", "whom an image is shared with"),
			list("ec2:GetSnapshotBlockPublicAccessState", "ec2:GetSnapshotBlockPublicAccessState", "state", "whether copies may be made public", "AWS::EC2::SnapshotBlockPublicAccess"),
			list("ec2:DescribeVpcPeeringConnections", "ec2:DescribeVpcPeeringConnections", "vpcPeeringConnectionSet", net, "AWS::EC2::VPCPeeringConnection"),
			list("ec2:DescribeVpcEndpoints", "ec2:DescribeVpcEndpoints", "vpcEndpointSet", net, "AWS::EC2::VPCEndpoint"),
			list("ec2:DescribeEgressOnlyInternetGateways", "ec2:DescribeEgressOnlyInternetGateways", "egressOnlyInternetGatewaySet", net, "AWS::EC2::EgressOnlyInternetGateway"),
			list("ec2:DescribeFlowLogs", "ec2:DescribeFlowLogs", "flowLogSet", "what is written down of a network's traffic", "AWS::EC2::FlowLog"),
			below("ec2:DescribeManagedPrefixLists", "ec2:DescribeManagedPrefixLists", "prefixListSet", net, "AWS::EC2::PrefixList"),
			about("ec2:GetManagedPrefixListEntries", "ec2:GetManagedPrefixListEntries", "entrySet", net),
			list("ec2:DescribeLaunchTemplates", "ec2:DescribeLaunchTemplates", "launchTemplates", machines, "AWS::EC2::LaunchTemplate"),
			about("ec2:DescribeLaunchTemplateVersions", "ec2:DescribeLaunchTemplateVersions", "launchTemplateVersionSet", machines),
		}, transitCalls(), ec2AccountCalls()),
		Read: readEC2,
	}
}

func readEC2(ctx context.Context, s *Scope) {
	c := ec2.NewFromConfig(s.Config())
	read := []func(context.Context, *Scope, *ec2.Client){
		readVPCs, readSubnets, readRouteTables, readNetworkACLs, readSecurityGroups, readInternetGateways, readAddresses, readHosts,
		readVolumes, readSnapshots, readImages, readSnapshotBlock,
		readPeerings, readEndpoints, readEgressGateways, readFlowLogs, readLaunchTemplates,
		readDiskDefaults, readMetadataDefaults, readImageBlock, readAllowedImages, readNetworkBlock, readEncryptionControls, readSerialConsole,
	}
	Each(ctx, read, func(ctx context.Context, f func(context.Context, *Scope, *ec2.Client)) { f(ctx, s, c) })
	// These look at what the others found.
	readTransit(ctx, s, c)
	readPrefixLists(ctx, s, c)
}

// readHosts reads network interfaces and, where there are any, what they belong to. Every instance and every NAT gateway has one,
// so a Region without interfaces has neither and need not be asked.
// "Elastic network interfaces", https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html
func readHosts(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:DescribeNetworkInterfaces"
	interfaces := 0
	ok := pages(ctx, s, call, ec2.NewDescribeNetworkInterfacesPaginator(c, &ec2.DescribeNetworkInterfacesInput{}), func(o *ec2.DescribeNetworkInterfacesOutput) {
		interfaces += len(o.NetworkInterfaces)
		for _, n := range o.NetworkInterfaces {
			s.Add(*networkInterface(s, n))
		}
	})
	if ok && interfaces == 0 {
		s.NoteTypes(call, snapshot.OK, "", "AWS::EC2::Instance", "AWS::EC2::NatGateway")
		return
	}
	pages(ctx, s, "ec2:DescribeInstances", ec2.NewDescribeInstancesPaginator(c, &ec2.DescribeInstancesInput{}), func(o *ec2.DescribeInstancesOutput) {
		for _, v := range o.Reservations {
			for _, i := range v.Instances {
				s.Add(*instance(s, i))
			}
		}
	})
	pages(ctx, s, "ec2:DescribeNatGateways", ec2.NewDescribeNatGatewaysPaginator(c, &ec2.DescribeNatGatewaysInput{}), func(o *ec2.DescribeNatGatewaysOutput) {
		for _, n := range o.NatGateways {
			if n.State == types.NatGatewayStateDeleted {
				continue // still told for an hour
			}
			r := ec2Resource(s, "AWS::EC2::NatGateway", "natgateway", n.NatGatewayId, n.Tags, "ec2:DescribeNatGateways")
			set(r.Properties, "NatGatewayId", n.NatGatewayId)
			set(r.Properties, "SubnetId", n.SubnetId)
			s.Add(*r)
		}
	})
}

func networkInterface(s *Scope, n types.NetworkInterface) *snapshot.Resource {
	r := ec2Resource(s, "AWS::EC2::NetworkInterface", "network-interface", n.NetworkInterfaceId, n.TagSet, "ec2:DescribeNetworkInterfaces")
	p := r.Properties
	set(p, "NetworkInterfaceId", n.NetworkInterfaceId)
	set(p, "SubnetId", n.SubnetId)
	set(p, "VpcId", n.VpcId)
	set(p, "PrivateIpAddress", n.PrivateIpAddress)
	text(p, "InterfaceType", n.InterfaceType)
	text(p, "Description", aws.ToString(n.Description))
	if n.Association != nil {
		set(p, "PublicIp", n.Association.PublicIp)
	}
	if n.Attachment != nil {
		set(p, "InstanceId", n.Attachment.InstanceId)
	}
	many(p, "GroupSet", sorted(n.Groups, func(g types.GroupIdentifier) any { return aws.ToString(g.GroupId) }))
	many(p, "Ipv6Addresses", sorted(n.Ipv6Addresses, func(a types.NetworkInterfaceIpv6Address) any { return aws.ToString(a.Ipv6Address) }))
	return r
}

func instance(s *Scope, i types.Instance) *snapshot.Resource {
	r := ec2Resource(s, "AWS::EC2::Instance", "instance", i.InstanceId, i.Tags, "ec2:DescribeInstances")
	p := r.Properties
	set(p, "InstanceId", i.InstanceId)
	set(p, "ImageId", i.ImageId)
	text(p, "InstanceType", i.InstanceType)
	text(p, "PlatformDetails", aws.ToString(i.PlatformDetails)) // it tells what an hour costs, and
	text(p, "InstanceLifecycle", i.InstanceLifecycle)           // so does "spot"
	if i.IamInstanceProfile != nil {
		set(p, "IamInstanceProfile", i.IamInstanceProfile.Arn)
	}
	set(p, "SubnetId", i.SubnetId)
	set(p, "VpcId", i.VpcId)
	many(p, "SecurityGroupIds", sorted(i.SecurityGroups, func(g types.GroupIdentifier) any { return aws.ToString(g.GroupId) }))
	text(p, "PublicIpAddress", aws.ToString(i.PublicIpAddress))
	text(p, "PrivateIpAddress", aws.ToString(i.PrivateIpAddress))
	var v6 []any
	for _, n := range i.NetworkInterfaces {
		v6 = append(v6, sorted(n.Ipv6Addresses, func(a types.InstanceIpv6Address) any { return aws.ToString(a.Ipv6Address) })...)
	}
	many(p, "Ipv6Addresses", v6)
	if i.MetadataOptions != nil {
		m := object{}
		text(m, "HttpTokens", i.MetadataOptions.HttpTokens)
		text(m, "HttpEndpoint", i.MetadataOptions.HttpEndpoint)
		set(m, "HttpPutResponseHopLimit", i.MetadataOptions.HttpPutResponseHopLimit)
		p["MetadataOptions"] = m
	}
	if i.State != nil {
		text(p, "State", i.State.Name)
	}
	set(p, "KeyName", i.KeyName)
	return r
}

// ec2Resource starts a resource with its ARN, its tags, and the name that its tags give it.
func ec2Resource(s *Scope, typ, kind string, id *string, tags []types.Tag, call string) *snapshot.Resource {
	arn := s.ARN("ec2", kind+"/"+aws.ToString(id))
	if kind == "snapshot" || kind == "image" {
		// Their ARNs have no account (Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2").
		arn = strings.Replace(arn, ":"+s.Account+":", "::", 1)
	}
	r := s.New(typ, arn, aws.ToString(id), call)
	r.Tags = tagsOf(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	if name := r.Tags["Name"]; name != "" {
		r.Name = name
	}
	return r
}
