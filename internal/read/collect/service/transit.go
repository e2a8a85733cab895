package service

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// The calls about transit gateways, and what each lists.
const (
	describeTransit     = "ec2:DescribeTransitGateways"
	describeAttachments = "ec2:DescribeTransitGatewayAttachments"
	describeVPCAttached = "ec2:DescribeTransitGatewayVpcAttachments"
	describeTransitTabs = "ec2:DescribeTransitGatewayRouteTables"
	searchTransit       = "ec2:SearchTransitGatewayRoutes"
	getPropagations     = "ec2:GetTransitGatewayRouteTablePropagations"

	typeTransit     = "AWS::EC2::TransitGateway"
	typeAttachment  = "AWS::EC2::TransitGatewayAttachment"
	typeVPCAttached = "AWS::EC2::TransitGatewayVpcAttachment"
	typeAssociation = "AWS::EC2::TransitGatewayRouteTableAssociation"
	typePropagation = "AWS::EC2::TransitGatewayRouteTablePropagation"
	typeTransitTab  = "AWS::EC2::TransitGatewayRouteTable"
	typeTransitWay  = "AWS::EC2::TransitGatewayRoute"
)

func transitCalls() []Call {
	const why = "which networks a transit gateway joins"
	return []Call{
		list(describeTransit, describeTransit, "transitGatewaySet", why, typeTransit),
		below(describeAttachments, describeAttachments, "transitGatewayAttachments", why, typeAttachment, typeAssociation),
		below(describeVPCAttached, describeVPCAttached, "transitGatewayVpcAttachments", why, typeVPCAttached),
		below(describeTransitTabs, describeTransitTabs, "transitGatewayRouteTables", why, typeTransitTab),
		below(searchTransit, searchTransit, "routeSet", why, typeTransitWay),
		below(getPropagations, getPropagations, "transitGatewayRouteTablePropagations", why, typePropagation),
	}
}

// readTransit reads transit gateways, and where there are any, or a route leads to one, what they join. The route tables are told to
// the owner of a gateway alone; whoever has only attachments to it does not learn where it leads.
// "Work with shared transit gateways", https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-share.html
func readTransit(ctx context.Context, s *Scope, c *ec2.Client) {
	n := 0
	ok := pages(ctx, s, describeTransit, ec2.NewDescribeTransitGatewaysPaginator(c, &ec2.DescribeTransitGatewaysInput{}), func(o *ec2.DescribeTransitGatewaysOutput) {
		for _, g := range o.TransitGateways {
			if g.State == types.TransitGatewayStateDeleted {
				continue
			}
			n++
			s.Add(*transitGateway(s, g))
		}
	})
	if n == 0 && len(s.mentioned("tgw-", "AWS::EC2::RouteTable")) == 0 {
		for _, call := range []string{describeAttachments, describeVPCAttached, describeTransitTabs, searchTransit, getPropagations} {
			newTally(ok && s.complete("ec2:DescribeRouteTables")).note(s, call)
		}
		return
	}
	tables, complete := readTransitTables(ctx, s, c)
	readAttachments(ctx, s, c, tables, complete)
	routes, propagations := newTally(complete), newTally(complete)
	Each(ctx, tables, func(ctx context.Context, t *snapshot.Resource) {
		routes.count(t.Key, readTransitRoutes(ctx, s, c, t))
		propagations.count(t.Key, readPropagations(ctx, s, c, t))
	})
	routes.note(s, searchTransit)
	propagations.note(s, getPropagations)
}

func transitGateway(s *Scope, g types.TransitGateway) *snapshot.Resource {
	r := ec2Resource(s, typeTransit, "transit-gateway", g.TransitGatewayId, g.Tags, describeTransit)
	if arn := aws.ToString(g.TransitGatewayArn); arn != "" {
		r.Key = snapshot.Key(arn)
	}
	p := r.Properties
	set(p, "Id", g.TransitGatewayId)
	set(p, "OwnerId", g.OwnerId)
	if o := g.Options; o != nil {
		text(p, "AutoAcceptSharedAttachments", o.AutoAcceptSharedAttachments)
		text(p, "DefaultRouteTableAssociation", o.DefaultRouteTableAssociation)
		text(p, "DefaultRouteTablePropagation", o.DefaultRouteTablePropagation)
		text(p, "SecurityGroupReferencingSupport", o.SecurityGroupReferencingSupport)
		set(p, "AssociationDefaultRouteTableId", o.AssociationDefaultRouteTableId)
		set(p, "PropagationDefaultRouteTableId", o.PropagationDefaultRouteTableId)
		many(p, "TransitGatewayCidrBlocks", sorted(o.TransitGatewayCidrBlocks, same))
	}
	return r
}

func readTransitTables(ctx context.Context, s *Scope, c *ec2.Client) (tables []*snapshot.Resource, complete bool) {
	complete = pages(ctx, s, describeTransitTabs, ec2.NewDescribeTransitGatewayRouteTablesPaginator(c, &ec2.DescribeTransitGatewayRouteTablesInput{}), func(o *ec2.DescribeTransitGatewayRouteTablesOutput) {
		for _, t := range o.TransitGatewayRouteTables {
			if t.State == types.TransitGatewayRouteTableStateDeleted {
				continue
			}
			r := ec2Resource(s, typeTransitTab, "transit-gateway-route-table", t.TransitGatewayRouteTableId, t.Tags, describeTransitTabs)
			set(r.Properties, "TransitGatewayRouteTableId", t.TransitGatewayRouteTableId)
			set(r.Properties, "TransitGatewayId", t.TransitGatewayId)
			s.Add(*r)
			tables = append(tables, r)
		}
	})
	return tables, complete
}

// readAttachments reads what is attached, those of VPCs with their subnets, and which route table each is associated with.
func readAttachments(ctx context.Context, s *Scope, c *ec2.Client, tables []*snapshot.Resource, complete bool) {
	seen := map[string]bool{}
	over := []types.TransitGatewayAttachmentState{"deleted", "deleting", "failed", "failing", "rejected", "rejecting"}
	pages(ctx, s, describeVPCAttached, ec2.NewDescribeTransitGatewayVpcAttachmentsPaginator(c, &ec2.DescribeTransitGatewayVpcAttachmentsInput{}), func(o *ec2.DescribeTransitGatewayVpcAttachmentsOutput) {
		for _, a := range o.TransitGatewayVpcAttachments {
			if slices.Contains(over, a.State) {
				continue
			}
			seen[aws.ToString(a.TransitGatewayAttachmentId)] = true
			r := ec2Resource(s, typeVPCAttached, "transit-gateway-attachment", a.TransitGatewayAttachmentId, a.Tags, describeVPCAttached)
			set(r.Properties, "Id", a.TransitGatewayAttachmentId)
			set(r.Properties, "TransitGatewayId", a.TransitGatewayId)
			set(r.Properties, "VpcId", a.VpcId)
			set(r.Properties, "VpcOwnerId", a.VpcOwnerId)
			text(r.Properties, "State", a.State)
			r.Properties["SubnetIds"] = sorted(a.SubnetIds, same)
			s.Add(*r)
		}
	})
	n, err := turn(ctx, s, ec2.NewDescribeTransitGatewayAttachmentsPaginator(c, &ec2.DescribeTransitGatewayAttachmentsInput{}), func(o *ec2.DescribeTransitGatewayAttachmentsOutput) {
		for _, a := range o.TransitGatewayAttachments {
			if slices.Contains(over, a.State) {
				continue
			}
			associated(s, a, tables)
			if seen[aws.ToString(a.TransitGatewayAttachmentId)] {
				continue
			}
			r := ec2Resource(s, typeAttachment, "transit-gateway-attachment", a.TransitGatewayAttachmentId, a.Tags, describeAttachments)
			set(r.Properties, "Id", a.TransitGatewayAttachmentId)
			set(r.Properties, "TransitGatewayId", a.TransitGatewayId)
			set(r.Properties, "ResourceId", a.ResourceId)
			set(r.Properties, "ResourceOwnerId", a.ResourceOwnerId)
			text(r.Properties, "ResourceType", a.ResourceType)
			text(r.Properties, "State", a.State)
			if a.ResourceType == types.TransitGatewayAttachmentResourceTypeVpc {
				set(r.Properties, "VpcId", a.ResourceId)
				r.Unknown = append(r.Unknown, "SubnetIds")
			}
			s.Add(*r)
		}
	})
	s.noteList(describeAttachments, n, err)
	if err == nil && !complete {
		s.NoteTypes(describeAttachments, snapshot.NotAsked, "an association counts with its route table, and not all of those could be listed", typeAssociation)
	}
}

// associated adds the association of an attachment, if the table is one that we may read: of another a route table of nothing would
// be all that is known.
func associated(s *Scope, a types.TransitGatewayAttachment, tables []*snapshot.Resource) {
	if a.Association == nil || a.Association.State != types.TransitGatewayAssociationStateAssociated {
		return
	}
	id := aws.ToString(a.Association.TransitGatewayRouteTableId)
	i := slices.IndexFunc(tables, func(t *snapshot.Resource) bool { return t.Text("TransitGatewayRouteTableId") == id })
	if i >= 0 {
		s.Add(*ofTable(s, typeAssociation, "association", describeAttachments, tables[i], aws.ToString(a.TransitGatewayAttachmentId)))
	}
}

// ofTable starts a resource that belongs to a route table: AWS gives such no ARN.
func ofTable(s *Scope, typ, kind, call string, table *snapshot.Resource, attachment string) *snapshot.Resource {
	r := s.New(typ, string(table.Key)+"/"+kind+"/"+attachment, attachment, call)
	r.Properties["TransitGatewayRouteTableId"] = table.Text("TransitGatewayRouteTableId")
	r.Properties["TransitGatewayAttachmentId"] = attachment
	return r
}

// readTransitRoutes reads the static routes, which CloudFormation has a type for; the others follow from what is propagated.
func readTransitRoutes(ctx context.Context, s *Scope, c *ec2.Client, t *snapshot.Resource) error {
	id := t.Text("TransitGatewayRouteTableId")
	in := &ec2.SearchTransitGatewayRoutesInput{TransitGatewayRouteTableId: &id, Filters: []types.Filter{{Name: aws.String("type"), Values: []string{"static"}}}}
	cut := false
	_, err := turn(ctx, s, ec2.NewSearchTransitGatewayRoutesPaginator(c, in), func(o *ec2.SearchTransitGatewayRoutesOutput) {
		cut = aws.ToBool(o.AdditionalRoutesAvailable) && aws.ToString(o.NextToken) == ""
		for _, w := range o.Routes {
			to := aws.ToString(w.DestinationCidrBlock)
			r := s.New(typeTransitWay, string(t.Key)+"/route/"+to, to, searchTransit)
			p := r.Properties
			p["TransitGatewayRouteTableId"] = id
			set(p, "DestinationCidrBlock", w.DestinationCidrBlock)
			set(p, "PrefixListId", w.PrefixListId)
			p["Blackhole"] = w.State == types.TransitGatewayRouteStateBlackhole
			all := slices.SortedFunc(slices.Values(w.TransitGatewayAttachments), func(a, b types.TransitGatewayRouteAttachment) int {
				return cmp.Compare(aws.ToString(a.TransitGatewayAttachmentId), aws.ToString(b.TransitGatewayAttachmentId))
			})
			if len(all) > 0 { // more than one only where tunnels of VPNs share the load
				set(p, "TransitGatewayAttachmentId", all[0].TransitGatewayAttachmentId)
			}
			s.Add(*r)
		}
	})
	if err == nil && cut {
		return errors.New("it has more routes than are told")
	}
	return err
}

func readPropagations(ctx context.Context, s *Scope, c *ec2.Client, t *snapshot.Resource) error {
	id := t.Text("TransitGatewayRouteTableId")
	_, err := turn(ctx, s, ec2.NewGetTransitGatewayRouteTablePropagationsPaginator(c, &ec2.GetTransitGatewayRouteTablePropagationsInput{TransitGatewayRouteTableId: &id}),
		func(o *ec2.GetTransitGatewayRouteTablePropagationsOutput) {
			for _, x := range o.TransitGatewayRouteTablePropagations {
				if x.State == types.TransitGatewayPropagationStateEnabled {
					s.Add(*ofTable(s, typePropagation, "propagation", getPropagations, t, aws.ToString(x.TransitGatewayAttachmentId)))
				}
			}
		})
	return err
}
