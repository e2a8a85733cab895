package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Batch reads what jobs could be run, with which roles, and where they run. Commands, parameters and the values of variables are not kept.
func Batch() Service {
	return Service{
		Name: "batch",
		Calls: []Call{
			list("batch:DescribeJobDefinitions", "batch:DescribeJobDefinitions", "jobDefinitions", "the roles and images of jobs", "AWS::Batch::JobDefinition"),
			list("batch:DescribeComputeEnvironments", "batch:DescribeComputeEnvironments", "computeEnvironments", "where jobs run", "AWS::Batch::ComputeEnvironment"),
			list("batch:DescribeJobQueues", "batch:DescribeJobQueues", "jobQueues", "where jobs wait", "AWS::Batch::JobQueue"),
		},
		Read: readBatch,
	}
}

func readBatch(ctx context.Context, s *Scope) {
	c := batch.NewFromConfig(s.Config())
	in := &batch.DescribeJobDefinitionsInput{Status: aws.String("ACTIVE")}
	pages(ctx, s, "batch:DescribeJobDefinitions", batch.NewDescribeJobDefinitionsPaginator(c, in), func(o *batch.DescribeJobDefinitionsOutput) {
		for _, d := range o.JobDefinitions {
			s.Add(*jobDefinition(s, d))
		}
	})
	pages(ctx, s, "batch:DescribeComputeEnvironments", batch.NewDescribeComputeEnvironmentsPaginator(c, &batch.DescribeComputeEnvironmentsInput{}), func(o *batch.DescribeComputeEnvironmentsOutput) {
		for _, e := range o.ComputeEnvironments {
			s.Add(*computeEnvironment(s, e))
		}
	})
	pages(ctx, s, "batch:DescribeJobQueues", batch.NewDescribeJobQueuesPaginator(c, &batch.DescribeJobQueuesInput{}), func(o *batch.DescribeJobQueuesOutput) {
		for _, q := range o.JobQueues {
			r := s.New("AWS::Batch::JobQueue", deref(q.JobQueueArn), deref(q.JobQueueName), "batch:DescribeJobQueues")
			set(r.Properties, "JobQueueName", q.JobQueueName)
			set(r.Properties, "Priority", q.Priority)
			set(r.Properties, "SchedulingPolicyArn", q.SchedulingPolicyArn)
			text(r.Properties, "State", q.State)
			many(r.Properties, "ComputeEnvironmentOrder", sorted(q.ComputeEnvironmentOrder, func(x types.ComputeEnvironmentOrder) any {
				return object{"Order": aws.ToInt32(x.Order), "ComputeEnvironment": deref(x.ComputeEnvironment)}
			}))
			r.Tags = q.Tags
			s.Add(*r)
		}
	})
}

func jobDefinition(s *Scope, d types.JobDefinition) *snapshot.Resource {
	arn := deref(d.JobDefinitionArn)
	r := s.New("AWS::Batch::JobDefinition", arn, afterLast(arn, '/'), "batch:DescribeJobDefinitions")
	p := r.Properties
	set(p, "JobDefinitionName", d.JobDefinitionName)
	set(p, "Type", d.Type)
	many(p, "PlatformCapabilities", sorted(d.PlatformCapabilities, same))
	if d.ContainerProperties != nil {
		p["ContainerProperties"] = jobContainer(d.ContainerProperties)
	}
	if d.EcsProperties != nil {
		p["EcsProperties"] = jobTasks(d.EcsProperties)
	}
	if d.EksProperties != nil && d.EksProperties.PodProperties != nil {
		p["EksProperties"] = object{"PodProperties": jobPod(d.EksProperties.PodProperties)}
	}
	if d.NodeProperties != nil {
		p["NodeProperties"] = object{"NodeRangeProperties": each(d.NodeProperties.NodeRangeProperties, func(n types.NodeRangeProperty) any {
			m := object{"TargetNodes": deref(n.TargetNodes)}
			if n.Container != nil {
				m["Container"] = jobContainer(n.Container)
			}
			if n.EcsProperties != nil {
				m["EcsProperties"] = jobTasks(n.EcsProperties)
			}
			return m
		})}
	}
	r.Tags = d.Tags
	return r
}

func jobContainer(k *types.ContainerProperties) object {
	m := object{}
	set(m, "JobRoleArn", k.JobRoleArn)
	set(m, "ExecutionRoleArn", k.ExecutionRoleArn)
	jobImage(m, k.Image, k.User, k.Privileged, k.Environment, k.Secrets)
	jobNetwork(m, k.NetworkConfiguration)
	many(m, "Volumes", sorted(k.Volumes, jobVolume))
	return m
}

// jobImage is what a container of a job and one of a task of a job have alike.
func jobImage(m object, image, user *string, privileged *bool, variables []types.KeyValuePair, secrets []types.Secret) {
	set(m, "Image", image)
	set(m, "User", user)
	set(m, "Privileged", privileged)
	env := map[string]string{}
	for _, e := range variables {
		env[deref(e.Name)] = deref(e.Value)
	}
	environment(m, env)
	many(m, "Secrets", each(secrets, func(x types.Secret) any { return object{"Name": deref(x.Name), "ValueFrom": deref(x.ValueFrom)} }))
}

func jobNetwork(m object, n *types.NetworkConfiguration) {
	if n != nil {
		m["NetworkConfiguration"] = object{"AssignPublicIp": string(n.AssignPublicIp)}
	}
}

func jobVolume(v types.Volume) any {
	m := object{}
	set(m, "Name", v.Name)
	if v.Host != nil {
		m["Host"] = object{"SourcePath": deref(v.Host.SourcePath)}
	}
	if e := v.EfsVolumeConfiguration; e != nil {
		at := object{"FileSystemId": deref(e.FileSystemId)}
		text(at, "TransitEncryption", e.TransitEncryption)
		m["EfsVolumeConfiguration"] = at
	}
	return m
}

func jobTasks(v *types.EcsProperties) object {
	return object{"TaskProperties": each(v.TaskProperties, func(t types.EcsTaskProperties) any {
		m := object{}
		set(m, "TaskRoleArn", t.TaskRoleArn)
		set(m, "ExecutionRoleArn", t.ExecutionRoleArn)
		set(m, "EnableExecuteCommand", t.EnableExecuteCommand)
		jobNetwork(m, t.NetworkConfiguration)
		many(m, "Volumes", sorted(t.Volumes, jobVolume))
		m["Containers"] = each(t.Containers, func(k types.TaskContainerProperties) any {
			x := object{}
			set(x, "Name", k.Name)
			jobImage(x, k.Image, k.User, k.Privileged, k.Environment, k.Secrets)
			return x
		})
		return m
	})}
}

func jobPod(v *types.EksPodProperties) object {
	m := object{}
	set(m, "ServiceAccountName", v.ServiceAccountName)
	set(m, "HostNetwork", v.HostNetwork)
	m["Containers"] = each(v.Containers, func(k types.EksContainer) any {
		x, env := object{}, map[string]string{}
		set(x, "Name", k.Name)
		set(x, "Image", k.Image)
		if k.SecurityContext != nil {
			at := object{}
			set(at, "Privileged", k.SecurityContext.Privileged)
			set(at, "RunAsNonRoot", k.SecurityContext.RunAsNonRoot)
			x["SecurityContext"] = at
		}
		for _, e := range k.Env {
			env[deref(e.Name)] = deref(e.Value)
		}
		environment(x, env)
		return x
	})
	return m
}

func computeEnvironment(s *Scope, e types.ComputeEnvironmentDetail) *snapshot.Resource {
	r := s.New("AWS::Batch::ComputeEnvironment", deref(e.ComputeEnvironmentArn), deref(e.ComputeEnvironmentName), "batch:DescribeComputeEnvironments")
	p := r.Properties
	set(p, "ComputeEnvironmentName", e.ComputeEnvironmentName)
	set(p, "ServiceRole", e.ServiceRole)
	set(p, "EcsClusterArn", e.EcsClusterArn)
	text(p, "Type", e.Type)
	text(p, "State", e.State)
	if k := e.EksConfiguration; k != nil {
		p["EksConfiguration"] = object{"EksClusterArn": deref(k.EksClusterArn), "KubernetesNamespace": deref(k.KubernetesNamespace)}
	}
	if x := e.ComputeResources; x != nil { // how much is wanted now, AWS changes
		m := object{"Type": string(x.Type), "Subnets": sorted(x.Subnets, same), "SecurityGroupIds": sorted(x.SecurityGroupIds, same)}
		set(m, "MinvCpus", x.MinvCpus)
		set(m, "MaxvCpus", x.MaxvCpus)
		set(m, "InstanceRole", x.InstanceRole)
		set(m, "SpotIamFleetRole", x.SpotIamFleetRole)
		set(m, "Ec2KeyPair", x.Ec2KeyPair)
		set(m, "ImageId", x.ImageId) //nolint:staticcheck // deprecated for new environments; those that have it still run by it
		many(m, "InstanceTypes", sorted(x.InstanceTypes, same))
		if l := x.LaunchTemplate; l != nil {
			at := object{}
			set(at, "LaunchTemplateId", l.LaunchTemplateId)
			set(at, "LaunchTemplateName", l.LaunchTemplateName)
			set(at, "Version", l.Version)
			m["LaunchTemplate"] = at
		}
		p["ComputeResources"] = m
	}
	r.Tags = e.Tags
	return r
}
