package service

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// readPeerings reads what joins two VPCs. One that was refused, or is gone, is told for a while and joins nothing.
func readPeerings(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:DescribeVpcPeeringConnections"
	over := []types.VpcPeeringConnectionStateReasonCode{"deleted", "deleting", "rejected", "expired", "failed"}
	pages(ctx, s, call, ec2.NewDescribeVpcPeeringConnectionsPaginator(c, &ec2.DescribeVpcPeeringConnectionsInput{}), func(o *ec2.DescribeVpcPeeringConnectionsOutput) {
		for _, x := range o.VpcPeeringConnections {
			status := types.VpcPeeringConnectionStateReasonCode("")
			if x.Status != nil {
				status = x.Status.Code
			}
			if slices.Contains(over, status) {
				continue
			}
			r := ec2Resource(s, "AWS::EC2::VPCPeeringConnection", "vpc-peering-connection", x.VpcPeeringConnectionId, x.Tags, call)
			set(r.Properties, "Id", x.VpcPeeringConnectionId)
			text(r.Properties, "Status", status)
			here, there := x.RequesterVpcInfo, x.AccepterVpcInfo
			if !s.ours(here) && s.ours(there) { // where it was accepted, the sides are told from there
				here, there = there, here
			}
			if here != nil {
				set(r.Properties, "VpcId", here.VpcId)
			}
			if there != nil {
				set(r.Properties, "PeerVpcId", there.VpcId)
				set(r.Properties, "PeerOwnerId", there.OwnerId)
				set(r.Properties, "PeerRegion", there.Region)
			}
			s.Add(*r)
		}
	})
}

// ours tells whether a side of a peering is in this account and Region.
func (s *Scope) ours(v *types.VpcPeeringConnectionVpcInfo) bool {
	return v != nil && aws.ToString(v.OwnerId) == s.Account && aws.ToString(v.Region) == s.Region
}

// readEndpoints reads the doors from a VPC to services. A policy of an endpoint narrows what goes through it and gives nobody
// anything, so it stands among the properties and is not the policy of a resource.
// "Control access to VPC endpoints using endpoint policies", https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
func readEndpoints(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:DescribeVpcEndpoints"
	pages(ctx, s, call, ec2.NewDescribeVpcEndpointsPaginator(c, &ec2.DescribeVpcEndpointsInput{}), func(o *ec2.DescribeVpcEndpointsOutput) {
		for _, e := range o.VpcEndpoints {
			state := strings.ToLower(string(e.State)) // AWS writes some of them with a capital
			if state == "deleted" || state == "deleting" {
				continue
			}
			r := ec2Resource(s, "AWS::EC2::VPCEndpoint", "vpc-endpoint", e.VpcEndpointId, e.Tags, call)
			p := r.Properties
			set(p, "Id", e.VpcEndpointId)
			set(p, "VpcId", e.VpcId)
			set(p, "ServiceName", e.ServiceName)
			set(p, "PrivateDnsEnabled", e.PrivateDnsEnabled)
			text(p, "VpcEndpointType", e.VpcEndpointType)
			text(p, "State", state)
			many(p, "SubnetIds", sorted(e.SubnetIds, same))
			many(p, "RouteTableIds", sorted(e.RouteTableIds, same))
			many(p, "SecurityGroupIds", sorted(e.Groups, func(g types.SecurityGroupIdentifier) any { return aws.ToString(g.GroupId) }))
			setPolicy(r, "PolicyDocument", e.PolicyDocument)
			s.Add(*r)
		}
	})
}

func readEgressGateways(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:DescribeEgressOnlyInternetGateways"
	pages(ctx, s, call, ec2.NewDescribeEgressOnlyInternetGatewaysPaginator(c, &ec2.DescribeEgressOnlyInternetGatewaysInput{}), func(o *ec2.DescribeEgressOnlyInternetGatewaysOutput) {
		for _, g := range o.EgressOnlyInternetGateways {
			r := ec2Resource(s, "AWS::EC2::EgressOnlyInternetGateway", "egress-only-internet-gateway", g.EgressOnlyInternetGatewayId, g.Tags, call)
			set(r.Properties, "Id", g.EgressOnlyInternetGatewayId)
			for _, a := range g.Attachments { // there is at most one
				set(r.Properties, "VpcId", a.VpcId)
			}
			s.Add(*r)
		}
	})
}

func readFlowLogs(ctx context.Context, s *Scope, c *ec2.Client) {
	const call = "ec2:DescribeFlowLogs"
	pages(ctx, s, call, ec2.NewDescribeFlowLogsPaginator(c, &ec2.DescribeFlowLogsInput{}), func(o *ec2.DescribeFlowLogsOutput) {
		for _, l := range o.FlowLogs {
			r := ec2Resource(s, "AWS::EC2::FlowLog", "vpc-flow-log", l.FlowLogId, l.Tags, call)
			p := r.Properties
			set(p, "Id", l.FlowLogId)
			set(p, "ResourceId", l.ResourceId)
			text(p, "TrafficType", l.TrafficType)
			text(p, "LogDestinationType", l.LogDestinationType)
			set(p, "LogDestination", l.LogDestination)
			set(p, "LogGroupName", l.LogGroupName)
			set(p, "DeliverLogsPermissionArn", l.DeliverLogsPermissionArn)
			set(p, "DeliverCrossAccountRole", l.DeliverCrossAccountRole)
			set(p, "DeliverLogsStatus", l.DeliverLogsStatus) // a log that is not delivered is none
			s.Add(*r)
		}
	})
}

// readPrefixLists reads the prefix lists that routes and rules refer to: everybody is given a dozen by AWS, and which addresses they
// hold matters only where they are used.
func readPrefixLists(ctx context.Context, s *Scope, c *ec2.Client) {
	const call, entries = "ec2:DescribeManagedPrefixLists", "ec2:GetManagedPrefixListEntries"
	ids := s.mentioned("pl-", "AWS::EC2::RouteTable", "AWS::EC2::SecurityGroup", "AWS::EC2::TransitGatewayRoute")
	all := newTally(s.complete("ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups", "ec2:SearchTransitGatewayRoutes"))
	for batch := range slices.Chunk(ids, 100) {
		in := &ec2.DescribeManagedPrefixListsInput{Filters: []types.Filter{{Name: aws.String("prefix-list-id"), Values: batch}}}
		var found []*snapshot.Resource
		_, err := turn(ctx, s, ec2.NewDescribeManagedPrefixListsPaginator(c, in), func(o *ec2.DescribeManagedPrefixListsOutput) {
			for _, l := range o.PrefixLists {
				r := ec2Resource(s, "AWS::EC2::PrefixList", "prefix-list", l.PrefixListId, l.Tags, call)
				if arn := aws.ToString(l.PrefixListArn); arn != "" {
					r.Key = snapshot.Key(arn)
				}
				if r.Tags["Name"] == "" {
					r.Name = aws.ToString(l.PrefixListName)
				}
				set(r.Properties, "PrefixListId", l.PrefixListId)
				set(r.Properties, "PrefixListName", l.PrefixListName)
				set(r.Properties, "AddressFamily", l.AddressFamily)
				set(r.Properties, "OwnerId", l.OwnerId)
				found = append(found, r)
			}
		})
		all.count(snapshot.Key(batch[0]), err)
		Each(ctx, found, func(ctx context.Context, r *snapshot.Resource) {
			var list []types.PrefixListEntry
			id := r.Text("PrefixListId")
			ok := pagesOf(ctx, s, r, "Entries", entries, ec2.NewGetManagedPrefixListEntriesPaginator(c, &ec2.GetManagedPrefixListEntriesInput{PrefixListId: &id}),
				func(o *ec2.GetManagedPrefixListEntriesOutput) { list = append(list, o.Entries...) })
			if ok {
				r.Properties["Entries"] = sorted(list, func(e types.PrefixListEntry) any { return object{"Cidr": aws.ToString(e.Cidr)} })
			}
			s.Add(*r)
		})
	}
	all.note(s, call)
}

// mentioned lists the strings that begin with something, in the properties of what was found so far.
func (s *Scope) mentioned(prefix string, types ...string) []string {
	found := map[string]bool{}
	var look func(any)
	look = func(v any) {
		switch v := v.(type) {
		case string:
			if strings.HasPrefix(v, prefix) {
				found[v] = true
			}
		case []any:
			for _, x := range v {
				look(x)
			}
		case object:
			for _, x := range v {
				look(x)
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.resources {
		if slices.Contains(types, r.Type) {
			look(r.Properties)
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// complete tells whether calls that list things answered in full, as far as they were made.
func (s *Scope) complete(calls ...string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !slices.ContainsFunc(s.coverage, func(c snapshot.Coverage) bool { return slices.Contains(calls, c.Call) && c.Gap() })
}
