package access

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Types at the edge of AWS's network.
const (
	distribution  = "AWS::CloudFront::Distribution"
	vpcOrigin     = "AWS::CloudFront::VpcOrigin"
	endpointGroup = "AWS::GlobalAccelerator::EndpointGroup"
)

// edges follows content networks and accelerators to what stands behind them.
func (f *frontage) edges() {
	for _, d := range f.things[distribution] {
		if on, state := d.Flag("DistributionConfig.Enabled"); state != snapshot.Known || on {
			f.distributes(d, state == snapshot.Unknown)
		}
	}
	for _, g := range f.things[endpointGroup] {
		f.accelerates(g)
	}
}

// distributes follows the origins of a distribution: a load balancer or the URL of a function by its name, or what stands in a VPC
// ("Restrict access with VPC origins",
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html).
func (f *frontage) distributes(d *snapshot.Resource, unknown bool) {
	origins, state := d.Maps("DistributionConfig.Origins")
	if state == snapshot.Unknown {
		f.gaps["cloudfront.amazonaws.com"] = distribution
	}
	name := d.Name
	if aliases, _ := d.Strings("DistributionConfig.Aliases"); len(aliases) > 0 {
		name = aliases[0]
	}
	x := front{says: "behind the distribution " + name, by: "cloudfront.amazonaws.com", unknown: unknown}
	for _, o := range origins {
		domain, _ := o["DomainName"].(string)
		if domain == "" {
			f.gaps["cloudfront.amazonaws.com"] = distribution
		}
		if c, ok := o["VpcOriginConfig"].(map[string]any); ok {
			ref, _ := c["VpcOriginId"].(string)
			f.within(f.find(vpcOrigin, ref, "Id"), x)
			continue
		}
		for _, lb := range f.things[balancer] {
			if dns := lb.Text("DNSName"); dns == "" || !strings.EqualFold(dns, strings.TrimPrefix(domain, "dualstack.")) || lb.Text("Scheme") == "internal" {
				continue
			}
			_, state := lb.Property("SecurityGroups")
			f.enter(lb, x.says, func(port int) snapshot.State {
				return wide(x, f.net.Lets(groupsOf(lb), state == snapshot.Absent, network.Ports{From: port, To: port}))
			})
		}
		for _, u := range f.things["AWS::Lambda::Url"] {
			if host := strings.TrimSuffix(strings.TrimPrefix(u.Text("FunctionUrl"), "https://"), "/"); host != "" && strings.EqualFold(host, domain) {
				f.put(functionARN(strings.TrimSuffix(string(u.Key), ":url")), x)
			}
		}
	}
}

// within follows a VPC origin to the load balancer or the instance that it names.
func (f *frontage) within(v *snapshot.Resource, x front) {
	if v == nil {
		f.linked(x)
		return
	}
	arn := v.Text("VpcOriginEndpointConfig.Arn")
	if i := f.instance(arn); i != nil {
		for p, usual := range map[string]int{"HTTPPort": 80, "HTTPSPort": 443} {
			if n, state := v.Number("VpcOriginEndpointConfig." + p); state == snapshot.Known {
				usual = int(n)
			}
			f.host(string(i.Key), usual, x)
		}
		return
	}
	if arn == "" {
		f.linked(x)
	} else {
		f.inside(arn, x)
	}
}

// instance is the one that an ARN or an id means.
func (f *frontage) instance(ref string) *snapshot.Resource {
	if i := f.find("AWS::EC2::Instance", ref, "InstanceId"); i != nil {
		return i
	}
	return f.find("AWS::EC2::Instance", last(ref, "/"), "InstanceId")
}

// accelerates follows an endpoint group of Global Accelerator: it brings the internet to load balancers and instances in private
// subnets, too, where their VPC has an internet gateway; security groups filter ("Secure VPC connections in AWS Global Accelerator",
// https://docs.aws.amazon.com/global-accelerator/latest/dg/secure-vpc-connections.html).
func (f *frontage) accelerates(g *snapshot.Resource) {
	l := f.find("AWS::GlobalAccelerator::Listener", g.Text("ListenerArn"), "ListenerArn")
	name, unknown := "an accelerator", true
	ports := []network.Ports{{To: 65535}}
	if l != nil {
		if a := f.find("AWS::GlobalAccelerator::Accelerator", l.Text("AcceleratorArn"), "AcceleratorArn"); a != nil {
			if on, state := a.Flag("Enabled"); state == snapshot.Known && !on {
				return
			}
			name = called(a)
		}
		if ranges, state := l.Maps("PortRanges"); state == snapshot.Known {
			ports, unknown = nil, false
			for _, r := range ranges {
				ports = append(ports, network.Ports{From: count(r["FromPort"]), To: count(r["ToPort"])})
			}
		}
	}
	overrides, _ := g.Maps("PortOverrides")
	for _, o := range overrides {
		p := count(o["EndpointPort"])
		ports = append(ports, network.Ports{From: p, To: p})
	}
	x := front{says: "behind the accelerator " + name, unknown: unknown}
	ends, _ := g.Maps("EndpointConfigurations")
	for _, e := range ends {
		id, _ := e["EndpointId"].(string)
		if strings.HasPrefix(id, "eipalloc-") {
			if a := f.find("AWS::EC2::EIP", id, "AllocationId"); a != nil {
				id = a.Text("InstanceId")
			}
		}
		if lb := f.find(balancer, id, "LoadBalancerArn"); lb != nil {
			_, state := lb.Property("SecurityGroups")
			f.enter(lb, x.says, func(port int) snapshot.State {
				if !slices.ContainsFunc(ports, func(p network.Ports) bool { return p.Has(port) }) {
					return snapshot.Absent
				}
				return wide(x, f.net.Lets(groupsOf(lb), state == snapshot.Absent, network.Ports{From: port, To: port}))
			})
		} else if i := f.instance(id); i != nil {
			f.accelerated(i, ports, x)
		} else if strings.Contains(id, ":loadbalancer/") {
			f.missing(id)
		}
	}
}

// wide is how sure a way is that comes in from public addresses: known where security groups let everybody in.
func wide(x front, lets snapshot.State) snapshot.State {
	if x.unknown && lets == snapshot.Known {
		return snapshot.Unknown
	}
	return lets
}

func (f *frontage) accelerated(i *snapshot.Resource, ports []network.Ports, x front) {
	h := network.Instance(i)
	_, gateway := f.net.VPC(h.Subnet)
	if gateway == snapshot.Absent {
		return
	}
	for _, p := range ports {
		if at := wide(x, f.net.Lets(h.Groups, false, p)); at != snapshot.Absent {
			one := x
			one.unknown = at == snapshot.Unknown || gateway == snapshot.Unknown
			f.put(string(i.Key), one)
			f.door(i.Key, p, one)
		}
	}
}
