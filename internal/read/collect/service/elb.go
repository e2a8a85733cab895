package service

import (
	"context"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// ELB reads classic load balancers.
func ELB() Service {
	return Service{
		Name: "elb",
		Calls: []Call{
			list("elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancers", "LoadBalancerDescriptions", "what the internet reaches", "AWS::ElasticLoadBalancing::LoadBalancer"),
			about("elasticloadbalancing:DescribeLoadBalancerAttributes", "elasticloadbalancing:DescribeLoadBalancerAttributes", "LoadBalancerAttributes", "access logs"),
			about("elasticloadbalancing:DescribeTags", "elasticloadbalancing:DescribeTags", "TagDescriptions", "whose they are"),
		},
		Read: readELB,
	}
}

func readELB(ctx context.Context, s *Scope) {
	c := elasticloadbalancing.NewFromConfig(s.Config())
	var all []*snapshot.Resource
	pages(ctx, s, "elasticloadbalancing:DescribeLoadBalancers", elasticloadbalancing.NewDescribeLoadBalancersPaginator(c, &elasticloadbalancing.DescribeLoadBalancersInput{}),
		func(o *elasticloadbalancing.DescribeLoadBalancersOutput) {
			for _, b := range o.LoadBalancerDescriptions {
				all = append(all, classicBalancer(s, b))
			}
		})
	Each(ctx, all, func(ctx context.Context, r *snapshot.Resource) {
		o := part(ctx, s, r, "AccessLoggingPolicy", "elasticloadbalancing:DescribeLoadBalancerAttributes", c.DescribeLoadBalancerAttributes,
			&elasticloadbalancing.DescribeLoadBalancerAttributesInput{LoadBalancerName: &r.Name})
		if o != nil && o.LoadBalancerAttributes != nil && o.LoadBalancerAttributes.AccessLog != nil {
			m := object{"Enabled": o.LoadBalancerAttributes.AccessLog.Enabled}
			set(m, "S3BucketName", o.LoadBalancerAttributes.AccessLog.S3BucketName)
			r.Properties["AccessLoggingPolicy"] = m
		}
	})
	readELBTags(ctx, s, c, all)
	for _, r := range all {
		s.Add(*r)
	}
}

func classicBalancer(s *Scope, b types.LoadBalancerDescription) *snapshot.Resource {
	name := deref(b.LoadBalancerName)
	r := s.New("AWS::ElasticLoadBalancing::LoadBalancer", s.ARN("elasticloadbalancing", "loadbalancer/"+name), name, "elasticloadbalancing:DescribeLoadBalancers")
	p := r.Properties
	set(p, "LoadBalancerName", b.LoadBalancerName)
	set(p, "Scheme", b.Scheme)
	set(p, "DNSName", b.DNSName)
	set(p, "VpcId", b.VPCId)
	p["Subnets"] = sorted(b.Subnets, same)
	p["SecurityGroups"] = sorted(b.SecurityGroups, same)
	p["Instances"] = sorted(b.Instances, func(i types.Instance) any { return deref(i.InstanceId) })
	p["Listeners"] = sorted(b.ListenerDescriptions, func(d types.ListenerDescription) any {
		m := object{}
		if l := d.Listener; l != nil {
			m["LoadBalancerPort"] = strconv.Itoa(int(l.LoadBalancerPort)) // strings in CloudFormation
			if l.InstancePort != nil {
				m["InstancePort"] = strconv.Itoa(int(*l.InstancePort))
			}
			set(m, "Protocol", l.Protocol)
			set(m, "InstanceProtocol", l.InstanceProtocol)
			text(m, "SSLCertificateId", deref(l.SSLCertificateId))
		}
		many(m, "PolicyNames", sorted(d.PolicyNames, same))
		return m
	})
	return r
}

// readELBTags asks for the tags of twenty at once, the most that one call takes.
func readELBTags(ctx context.Context, s *Scope, c *elasticloadbalancing.Client, all []*snapshot.Resource) {
	for batch := range slices.Chunk(all, 20) {
		var names []string
		for _, r := range batch {
			names = append(names, r.Name)
		}
		o, err := try(ctx, s, func(ctx context.Context) (*elasticloadbalancing.DescribeTagsOutput, error) {
			return c.DescribeTags(ctx, &elasticloadbalancing.DescribeTagsInput{LoadBalancerNames: names})
		})
		for _, r := range batch {
			if err != nil {
				s.Miss(r, "Tags", "elasticloadbalancing:DescribeTags", err)
				continue
			}
			for _, d := range o.TagDescriptions {
				if deref(d.LoadBalancerName) == r.Name {
					r.Tags = tagsOf(d.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
				}
			}
		}
	}
}
