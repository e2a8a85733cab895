package service

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// ECS reads clusters, services and task definitions: the newest of every family, and whatever a service runs.
func ECS() Service {
	return Service{
		Name: "ecs",
		Calls: []Call{
			list("ecs:ListClusters", "ecs:ListClusters", "clusterArns", "the clusters"),
			list("ecs:DescribeClusters", "ecs:DescribeClusters", "clusters", "the clusters' tags", "AWS::ECS::Cluster"),
			about("ecs:ListServices", "ecs:ListServices", "serviceArns", "the services of a cluster"),
			below("ecs:DescribeServices", "ecs:DescribeServices", "services", "what a service runs, and where", "AWS::ECS::Service"),
			list("ecs:ListTaskDefinitionFamilies", "ecs:ListTaskDefinitionFamilies", "families", "what could be run", "AWS::ECS::TaskDefinition"),
			about("ecs:DescribeTaskDefinition", "ecs:DescribeTaskDefinition", "taskDefinition", "images and roles"),
		},
		Read: readECS,
	}
}

func readECS(ctx context.Context, s *Scope) {
	c := ecs.NewFromConfig(s.Config())
	var clusters []string
	_, err := turn(ctx, s, ecs.NewListClustersPaginator(c, &ecs.ListClustersInput{}), func(o *ecs.ListClustersOutput) {
		clusters = append(clusters, o.ClusterArns...)
	})
	all := newTally(err == nil)
	if err != nil {
		all.count("", err)
	}
	for batch := range slices.Chunk(clusters, 100) {
		o, err := try(ctx, s, func(ctx context.Context) (*ecs.DescribeClustersOutput, error) {
			return c.DescribeClusters(ctx, &ecs.DescribeClustersInput{Clusters: batch, Include: []types.ClusterField{types.ClusterFieldTags}})
		})
		all.count(snapshot.Key(batch[0]), err)
		if err != nil {
			continue
		}
		for _, k := range o.Clusters {
			r := s.New("AWS::ECS::Cluster", aws.ToString(k.ClusterArn), aws.ToString(k.ClusterName), "ecs:DescribeClusters")
			set(r.Properties, "ClusterName", k.ClusterName)
			r.Tags = ecsTags(k.Tags)
			s.Add(*r)
		}
	}
	all.note(s, "ecs:DescribeClusters")
	used := readECSServices(ctx, s, c, clusters, err == nil)
	readTaskDefinitions(ctx, s, c, used)
}

// readECSServices reads the services of every cluster and returns the task definitions that they run.
func readECSServices(ctx context.Context, s *Scope, c *ecs.Client, clusters []string, complete bool) map[string]bool {
	used := map[string]bool{}
	var mu sync.Mutex
	services := newTally(complete)
	Each(ctx, clusters, func(ctx context.Context, cluster string) {
		var arns []string
		_, err := turn(ctx, s, ecs.NewListServicesPaginator(c, &ecs.ListServicesInput{Cluster: &cluster, MaxResults: aws.Int32(100)}), func(o *ecs.ListServicesOutput) {
			arns = append(arns, o.ServiceArns...)
		})
		services.count(snapshot.Key(cluster), err)
		for batch := range slices.Chunk(arns, 10) { // the most that one call takes
			o, err := try(ctx, s, func(ctx context.Context) (*ecs.DescribeServicesOutput, error) {
				return c.DescribeServices(ctx, &ecs.DescribeServicesInput{Cluster: &cluster, Services: batch, Include: []types.ServiceField{types.ServiceFieldTags}})
			})
			services.count(snapshot.Key(cluster), err)
			if err != nil {
				continue
			}
			for _, v := range o.Services {
				s.Add(*ecsService(s, v))
				mu.Lock()
				used[aws.ToString(v.TaskDefinition)] = true
				mu.Unlock()
			}
		}
	})
	services.note(s, "ecs:DescribeServices")
	delete(used, "")
	return used
}

func ecsService(s *Scope, v types.Service) *snapshot.Resource {
	r := s.New("AWS::ECS::Service", aws.ToString(v.ServiceArn), aws.ToString(v.ServiceName), "ecs:DescribeServices")
	p := r.Properties
	set(p, "ServiceName", v.ServiceName)
	set(p, "Cluster", v.ClusterArn)
	set(p, "TaskDefinition", v.TaskDefinition)
	text(p, "LaunchType", v.LaunchType)
	p["EnableExecuteCommand"] = v.EnableExecuteCommand
	if v.NetworkConfiguration != nil && v.NetworkConfiguration.AwsvpcConfiguration != nil {
		n := v.NetworkConfiguration.AwsvpcConfiguration
		m := object{"Subnets": sorted(n.Subnets, same), "SecurityGroups": sorted(n.SecurityGroups, same)}
		text(m, "AssignPublicIp", n.AssignPublicIp)
		p["NetworkConfiguration"] = object{"AwsvpcConfiguration": m}
	}
	many(p, "LoadBalancers", sorted(v.LoadBalancers, func(l types.LoadBalancer) any {
		m := object{}
		set(m, "ContainerName", l.ContainerName)
		set(m, "ContainerPort", l.ContainerPort)
		set(m, "LoadBalancerName", l.LoadBalancerName)
		set(m, "TargetGroupArn", l.TargetGroupArn)
		return m
	}))
	r.Tags = ecsTags(v.Tags)
	return r
}

func readTaskDefinitions(ctx context.Context, s *Scope, c *ecs.Client, used map[string]bool) {
	in := &ecs.ListTaskDefinitionFamiliesInput{Status: types.TaskDefinitionFamilyStatusActive, MaxResults: aws.Int32(100)}
	var families []string
	_, err := turn(ctx, s, ecs.NewListTaskDefinitionFamiliesPaginator(c, in), func(o *ecs.ListTaskDefinitionFamiliesOutput) {
		families = append(families, o.Families...)
	})
	all := newTally(err == nil)
	if err != nil {
		all.count("", err)
	}
	seen := map[string]bool{}
	var mu sync.Mutex
	read := func(ctx context.Context, name string) {
		o, err := try(ctx, s, func(ctx context.Context) (*ecs.DescribeTaskDefinitionOutput, error) {
			return c.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{TaskDefinition: &name, Include: []types.TaskDefinitionField{types.TaskDefinitionFieldTags}})
		})
		all.count(snapshot.Key(name), err)
		if err != nil || o.TaskDefinition == nil {
			return
		}
		mu.Lock()
		seen[aws.ToString(o.TaskDefinition.TaskDefinitionArn)] = true
		mu.Unlock()
		s.Add(*taskDefinition(s, o))
	}
	Each(ctx, families, read)
	older := slices.DeleteFunc(slices.Sorted(maps.Keys(used)), func(arn string) bool { return seen[arn] })
	Each(ctx, older, read)
	all.note(s, "ecs:ListTaskDefinitionFamilies")
}

func taskDefinition(s *Scope, o *ecs.DescribeTaskDefinitionOutput) *snapshot.Resource {
	d := o.TaskDefinition
	arn := aws.ToString(d.TaskDefinitionArn)
	r := s.New("AWS::ECS::TaskDefinition", arn, afterLast(arn, '/'), "ecs:DescribeTaskDefinition")
	p := r.Properties
	set(p, "Family", d.Family)
	set(p, "TaskRoleArn", d.TaskRoleArn)
	set(p, "ExecutionRoleArn", d.ExecutionRoleArn)
	p["ContainerDefinitions"] = each(d.ContainerDefinitions, func(k types.ContainerDefinition) any {
		m, env := object{}, map[string]string{}
		set(m, "Name", k.Name)
		set(m, "Image", k.Image)
		for _, e := range k.Environment {
			env[aws.ToString(e.Name)] = aws.ToString(e.Value)
		}
		environment(m, env)
		many(m, "Secrets", each(k.Secrets, func(x types.Secret) any {
			return object{"Name": aws.ToString(x.Name), "ValueFrom": aws.ToString(x.ValueFrom)}
		}))
		return m
	})
	r.Tags = ecsTags(o.Tags)
	return r
}

func ecsTags(in []types.Tag) map[string]string {
	return tagsOf(in, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}
