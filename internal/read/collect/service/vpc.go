package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func readVPCs(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:DescribeVpcs"
	pages(ctx, s, call, ec2.NewDescribeVpcsPaginator(c, &ec2.DescribeVpcsInput{}), func(o *ec2.DescribeVpcsOutput) {
		for _, v := range o.Vpcs {
			r := ec2Resource(s, "AWS::EC2::VPC", "vpc", v.VpcId, v.Tags, call)
			set(r.Properties, "VpcId", v.VpcId)
			set(r.Properties, "CidrBlock", v.CidrBlock)
			set(r.Properties, "IsDefault", v.IsDefault)
			s.Add(*r)
			readBlocks(s, v)
		}
	})
}

// readBlocks adds the further blocks of a VPC, as CloudFormation has them.
func readBlocks(s *Scope, v types.Vpc) {
	put := func(id, property string, block *string, state *types.VpcCidrBlockState) {
		if state == nil || state.State != types.VpcCidrBlockStateCodeAssociated {
			return
		}
		r := s.New("AWS::EC2::VPCCidrBlock", s.ARN("ec2", "vpc/"+aws.ToString(v.VpcId))+"/cidr-block/"+id, aws.ToString(block), "ec2:DescribeVpcs")
		r.Properties["Id"] = id
		set(r.Properties, "VpcId", v.VpcId)
		set(r.Properties, property, block)
		s.Add(*r)
	}
	for _, b := range v.CidrBlockAssociationSet {
		if aws.ToString(b.CidrBlock) != aws.ToString(v.CidrBlock) {
			put(aws.ToString(b.AssociationId), "CidrBlock", b.CidrBlock, b.CidrBlockState)
		}
	}
	for _, b := range v.Ipv6CidrBlockAssociationSet {
		put(aws.ToString(b.AssociationId), "Ipv6CidrBlock", b.Ipv6CidrBlock, b.Ipv6CidrBlockState)
	}
}

func readAddresses(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:DescribeAddresses"
	o, ok := one(ctx, s, call, c.DescribeAddresses, &ec2.DescribeAddressesInput{})
	if !ok {
		return
	}
	for _, a := range o.Addresses {
		r := ec2Resource(s, "AWS::EC2::EIP", "elastic-ip", a.AllocationId, a.Tags, call)
		p := r.Properties
		set(p, "AllocationId", a.AllocationId)
		set(p, "PublicIp", a.PublicIp)
		text(p, "InstanceId", aws.ToString(a.InstanceId))
		text(p, "NetworkInterfaceId", aws.ToString(a.NetworkInterfaceId))
		s.Add(*r)
	}
}

func readSubnets(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:DescribeSubnets"
	pages(ctx, s, call, ec2.NewDescribeSubnetsPaginator(c, &ec2.DescribeSubnetsInput{}), func(o *ec2.DescribeSubnetsOutput) {
		for _, n := range o.Subnets {
			r := ec2Resource(s, "AWS::EC2::Subnet", "subnet", n.SubnetId, n.Tags, call)
			set(r.Properties, "SubnetId", n.SubnetId)
			set(r.Properties, "VpcId", n.VpcId)
			set(r.Properties, "CidrBlock", n.CidrBlock)
			set(r.Properties, "MapPublicIpOnLaunch", n.MapPublicIpOnLaunch)
			set(r.Properties, "AvailabilityZone", n.AvailabilityZone)
			s.Add(*r)
		}
	})
}

func readInternetGateways(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:DescribeInternetGateways"
	pages(ctx, s, call, ec2.NewDescribeInternetGatewaysPaginator(c, &ec2.DescribeInternetGatewaysInput{}), func(o *ec2.DescribeInternetGatewaysOutput) {
		for _, g := range o.InternetGateways {
			r := ec2Resource(s, "AWS::EC2::InternetGateway", "internet-gateway", g.InternetGatewayId, g.Tags, call)
			set(r.Properties, "InternetGatewayId", g.InternetGatewayId)
			r.Properties["VpcIds"] = sorted(g.Attachments, func(a types.InternetGatewayAttachment) any { return aws.ToString(a.VpcId) })
			s.Add(*r)
		}
	})
}

func readRouteTables(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:DescribeRouteTables"
	pages(ctx, s, call, ec2.NewDescribeRouteTablesPaginator(c, &ec2.DescribeRouteTablesInput{}), func(o *ec2.DescribeRouteTablesOutput) {
		for _, t := range o.RouteTables {
			r := ec2Resource(s, "AWS::EC2::RouteTable", "route-table", t.RouteTableId, t.Tags, call)
			set(r.Properties, "RouteTableId", t.RouteTableId)
			set(r.Properties, "VpcId", t.VpcId)
			r.Properties["Routes"] = sorted(t.Routes, route)
			r.Properties["Associations"] = sorted(t.Associations, func(a types.RouteTableAssociation) any {
				m := object{"Main": aws.ToBool(a.Main)}
				set(m, "SubnetId", a.SubnetId)
				return m
			})
			s.Add(*r)
		}
	})
}

func route(t types.Route) any {
	m := object{}
	set(m, "DestinationCidrBlock", t.DestinationCidrBlock)
	set(m, "DestinationIpv6CidrBlock", t.DestinationIpv6CidrBlock)
	set(m, "DestinationPrefixListId", t.DestinationPrefixListId)
	set(m, "GatewayId", t.GatewayId)
	set(m, "NatGatewayId", t.NatGatewayId)
	set(m, "EgressOnlyInternetGatewayId", t.EgressOnlyInternetGatewayId)
	set(m, "TransitGatewayId", t.TransitGatewayId)
	set(m, "VpcPeeringConnectionId", t.VpcPeeringConnectionId)
	set(m, "NetworkInterfaceId", t.NetworkInterfaceId)
	text(m, "State", t.State)
	for k, v := range m { // the query protocol writes some that are not set as empty
		if v == "" {
			delete(m, k)
		}
	}
	return m
}

func readNetworkACLs(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:DescribeNetworkAcls"
	pages(ctx, s, call, ec2.NewDescribeNetworkAclsPaginator(c, &ec2.DescribeNetworkAclsInput{}), func(o *ec2.DescribeNetworkAclsOutput) {
		for _, a := range o.NetworkAcls {
			r := ec2Resource(s, "AWS::EC2::NetworkAcl", "network-acl", a.NetworkAclId, a.Tags, call)
			set(r.Properties, "NetworkAclId", a.NetworkAclId)
			set(r.Properties, "VpcId", a.VpcId)
			r.Properties["Entries"] = sorted(a.Entries, aclEntry)
			r.Properties["Associations"] = sorted(a.Associations, func(x types.NetworkAclAssociation) any {
				return object{"SubnetId": aws.ToString(x.SubnetId)}
			})
			s.Add(*r)
		}
	})
}

func aclEntry(e types.NetworkAclEntry) any {
	m := object{"Egress": aws.ToBool(e.Egress), "RuleAction": string(e.RuleAction)}
	set(m, "RuleNumber", e.RuleNumber)
	set(m, "Protocol", e.Protocol)
	text(m, "CidrBlock", aws.ToString(e.CidrBlock))
	text(m, "Ipv6CidrBlock", aws.ToString(e.Ipv6CidrBlock))
	if e.PortRange != nil {
		ports := object{}
		set(ports, "From", e.PortRange.From)
		set(ports, "To", e.PortRange.To)
		m["PortRange"] = ports
	}
	return m
}

func readSecurityGroups(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:DescribeSecurityGroups"
	pages(ctx, s, call, ec2.NewDescribeSecurityGroupsPaginator(c, &ec2.DescribeSecurityGroupsInput{}), func(o *ec2.DescribeSecurityGroupsOutput) {
		for _, g := range o.SecurityGroups {
			r := ec2Resource(s, "AWS::EC2::SecurityGroup", "security-group", g.GroupId, g.Tags, call)
			if r.Tags["Name"] == "" {
				r.Name = aws.ToString(g.GroupName)
			}
			set(r.Properties, "GroupId", g.GroupId)
			set(r.Properties, "GroupName", g.GroupName)
			set(r.Properties, "VpcId", g.VpcId)
			r.Properties["SecurityGroupIngress"] = permissions(g.IpPermissions)
			r.Properties["SecurityGroupEgress"] = permissions(g.IpPermissionsEgress)
			s.Add(*r)
		}
	})
}

// permissions turns what EC2 groups by protocol and ports into one entry for each source, as CloudFormation writes them.
func permissions(in []types.IpPermission) []any {
	var flat []object
	for _, p := range in {
		put := func(name string, v *string) {
			m := object{}
			set(m, "IpProtocol", p.IpProtocol)
			set(m, "FromPort", p.FromPort)
			set(m, "ToPort", p.ToPort)
			set(m, name, v)
			flat = append(flat, m)
		}
		for _, x := range p.IpRanges {
			put("CidrIp", x.CidrIp)
		}
		for _, x := range p.Ipv6Ranges {
			put("CidrIpv6", x.CidrIpv6)
		}
		for _, x := range p.UserIdGroupPairs {
			put("SourceSecurityGroupId", x.GroupId)
		}
		for _, x := range p.PrefixListIds {
			put("SourcePrefixListId", x.PrefixListId)
		}
	}
	return sorted(flat, func(m object) any { return m })
}
