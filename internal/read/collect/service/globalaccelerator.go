package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/globalaccelerator"
	"github.com/aws/aws-sdk-go-v2/service/globalaccelerator/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// acceleratorSeat is the one Region that answers for accelerators everywhere.
// "AWS Global Accelerator endpoints and quotas", https://docs.aws.amazon.com/general/latest/gr/global_accelerator.html
const acceleratorSeat = "us-west-2"

// GlobalAccelerator reads standard accelerators and what they lead to.
func GlobalAccelerator() Service {
	const why = "what the internet reaches through an accelerator"
	return Service{
		Name: "globalaccelerator", Global: true,
		Calls: []Call{
			list("globalaccelerator:ListAccelerators", "globalaccelerator:ListAccelerators", "Accelerators", why, "AWS::GlobalAccelerator::Accelerator"),
			below("globalaccelerator:ListListeners", "globalaccelerator:ListListeners", "Listeners", why, "AWS::GlobalAccelerator::Listener"),
			below("globalaccelerator:ListEndpointGroups", "globalaccelerator:ListEndpointGroups", "EndpointGroups", why, "AWS::GlobalAccelerator::EndpointGroup"),
			about("globalaccelerator:DescribeAcceleratorAttributes", "globalaccelerator:DescribeAcceleratorAttributes", "AcceleratorAttributes", "its flow logs"),
			about("globalaccelerator:ListTagsForResource", "globalaccelerator:ListTagsForResource", "Tags", "whose it is"),
		},
		Read: readGlobalAccelerator,
	}
}

func readGlobalAccelerator(ctx context.Context, s *Scope) {
	if !s.offered("aws") {
		return
	}
	c := globalaccelerator.NewFromConfig(s.in(acceleratorSeat))
	var all []*snapshot.Resource
	const call = "globalaccelerator:ListAccelerators"
	complete := pages(ctx, s, call, globalaccelerator.NewListAcceleratorsPaginator(c, &globalaccelerator.ListAcceleratorsInput{}), func(o *globalaccelerator.ListAcceleratorsOutput) {
		for _, a := range o.Accelerators {
			r := s.New("AWS::GlobalAccelerator::Accelerator", deref(a.AcceleratorArn), deref(a.Name), call)
			set(r.Properties, "AcceleratorArn", a.AcceleratorArn)
			set(r.Properties, "Name", a.Name)
			set(r.Properties, "Enabled", a.Enabled)
			set(r.Properties, "DnsName", a.DnsName)
			text(r.Properties, "IpAddressType", a.IpAddressType)
			for _, x := range a.IpSets {
				name := "Ipv4Addresses"
				if x.IpAddressFamily == types.IpAddressFamilyIPv6 {
					name = "Ipv6Addresses"
				}
				many(r.Properties, name, sorted(x.IpAddresses, same))
			}
			all = append(all, r)
		}
	})
	listeners, groups := newTally(complete), newTally(complete)
	Each(ctx, all, func(ctx context.Context, a *snapshot.Resource) {
		arn := string(a.Key)
		if o := part(ctx, s, a, "FlowLogsEnabled", "globalaccelerator:DescribeAcceleratorAttributes", c.DescribeAcceleratorAttributes, &globalaccelerator.DescribeAcceleratorAttributesInput{AcceleratorArn: &arn}); o != nil && o.AcceleratorAttributes != nil {
			set(a.Properties, "FlowLogsEnabled", o.AcceleratorAttributes.FlowLogsEnabled)
			set(a.Properties, "FlowLogsS3Bucket", o.AcceleratorAttributes.FlowLogsS3Bucket)
		}
		if !s.tagsIn(ctx, a, acceleratorSeat) {
			if o := part(ctx, s, a, "Tags", "globalaccelerator:ListTagsForResource", c.ListTagsForResource, &globalaccelerator.ListTagsForResourceInput{ResourceArn: &arn}); o != nil {
				a.Tags = tagsOf(o.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			}
		}
		s.Add(*a)
		readAcceleratorListeners(ctx, s, c, a, listeners, groups)
	})
	listeners.note(s, "globalaccelerator:ListListeners")
	groups.note(s, "globalaccelerator:ListEndpointGroups")
}

func readAcceleratorListeners(ctx context.Context, s *Scope, c *globalaccelerator.Client, a *snapshot.Resource, listeners, groups *tally) {
	arn := string(a.Key)
	var arns []string
	_, err := turn(ctx, s, globalaccelerator.NewListListenersPaginator(c, &globalaccelerator.ListListenersInput{AcceleratorArn: &arn}), func(o *globalaccelerator.ListListenersOutput) {
		for _, l := range o.Listeners {
			r := s.New("AWS::GlobalAccelerator::Listener", deref(l.ListenerArn), a.Name, "globalaccelerator:ListListeners")
			set(r.Properties, "ListenerArn", l.ListenerArn)
			r.Properties["AcceleratorArn"] = arn
			text(r.Properties, "Protocol", l.Protocol)
			r.Properties["PortRanges"] = sorted(l.PortRanges, func(p types.PortRange) any {
				m := object{}
				set(m, "FromPort", p.FromPort)
				set(m, "ToPort", p.ToPort)
				return m
			})
			s.Add(*r)
			arns = append(arns, deref(l.ListenerArn))
		}
	})
	listeners.count(a.Key, err)
	if err != nil {
		groups.count(a.Key, err)
	}
	for _, l := range arns {
		_, err := turn(ctx, s, globalaccelerator.NewListEndpointGroupsPaginator(c, &globalaccelerator.ListEndpointGroupsInput{ListenerArn: &l}), func(o *globalaccelerator.ListEndpointGroupsOutput) {
			for _, g := range o.EndpointGroups {
				s.Add(*endpointGroup(s, a, l, g))
			}
		})
		groups.count(snapshot.Key(l), err)
	}
}

// endpointGroup leaves out the health of endpoints, which changes by itself.
func endpointGroup(s *Scope, a *snapshot.Resource, listener string, g types.EndpointGroup) *snapshot.Resource {
	r := s.New("AWS::GlobalAccelerator::EndpointGroup", deref(g.EndpointGroupArn), a.Name, "globalaccelerator:ListEndpointGroups")
	set(r.Properties, "EndpointGroupArn", g.EndpointGroupArn)
	r.Properties["ListenerArn"] = listener
	set(r.Properties, "EndpointGroupRegion", g.EndpointGroupRegion)
	r.Properties["EndpointConfigurations"] = sorted(g.EndpointDescriptions, func(e types.EndpointDescription) any {
		m := object{}
		set(m, "EndpointId", e.EndpointId)
		set(m, "ClientIPPreservationEnabled", e.ClientIPPreservationEnabled)
		set(m, "Weight", e.Weight)
		return m
	})
	many(r.Properties, "PortOverrides", sorted(g.PortOverrides, func(p types.PortOverride) any {
		m := object{}
		set(m, "ListenerPort", p.ListenerPort)
		set(m, "EndpointPort", p.EndpointPort)
		return m
	}))
	return r
}
