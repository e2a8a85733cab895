package service

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lightsail"
	"github.com/aws/aws-sdk-go-v2/service/lightsail/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Lightsail reads machines, databases, buckets, containers and disks, and who reaches them. Its lists tell everything.
func Lightsail() Service {
	return Service{
		Name: "lightsail",
		Calls: []Call{
			list("lightsail:GetInstances", "lightsail:GetInstances", "?instances", "machines, and their open ports", "AWS::Lightsail::Instance"),
			list("lightsail:GetRelationalDatabases", "lightsail:GetRelationalDatabases", "?relationalDatabases", "databases, and whether they are public", "AWS::Lightsail::Database"),
			list("lightsail:GetBuckets", "lightsail:GetBuckets", "?buckets", "buckets, and whether they are public", "AWS::Lightsail::Bucket"),
			list("lightsail:GetContainerServices", "lightsail:GetContainerServices", "?containerServices", "containers, and whether they are public", "AWS::Lightsail::Container"),
			list("lightsail:GetDisks", "lightsail:GetDisks", "?disks", "the disks of machines", "AWS::Lightsail::Disk"),
		},
		Read: readLightsail,
	}
}

func readLightsail(ctx context.Context, s *Scope) {
	c := lightsail.NewFromConfig(s.Config())
	instances := &lightsail.GetInstancesInput{}
	pages(ctx, s, "lightsail:GetInstances", follow(c.GetInstances, instances, func(in *lightsail.GetInstancesInput, o *lightsail.GetInstancesOutput) bool {
		return next(&in.PageToken, o.NextPageToken)
	}), func(o *lightsail.GetInstancesOutput) {
		for _, v := range o.Instances {
			s.Add(*sailInstance(s, v))
		}
	})
	databases := &lightsail.GetRelationalDatabasesInput{}
	pages(ctx, s, "lightsail:GetRelationalDatabases", follow(c.GetRelationalDatabases, databases, func(in *lightsail.GetRelationalDatabasesInput, o *lightsail.GetRelationalDatabasesOutput) bool {
		return next(&in.PageToken, o.NextPageToken)
	}), func(o *lightsail.GetRelationalDatabasesOutput) {
		for _, v := range o.RelationalDatabases {
			s.Add(*sailDatabase(s, v))
		}
	})
	buckets := &lightsail.GetBucketsInput{IncludeConnectedResources: aws.Bool(true)}
	pages(ctx, s, "lightsail:GetBuckets", follow(c.GetBuckets, buckets, func(in *lightsail.GetBucketsInput, o *lightsail.GetBucketsOutput) bool {
		return next(&in.PageToken, o.NextPageToken)
	}), func(o *lightsail.GetBucketsOutput) {
		for _, v := range o.Buckets {
			s.Add(*sailBucket(s, v))
		}
	})
	if o, ok := one(ctx, s, "lightsail:GetContainerServices", c.GetContainerServices, &lightsail.GetContainerServicesInput{}); ok {
		for _, v := range o.ContainerServices {
			s.Add(*sailContainer(s, v))
		}
	}
	disks := &lightsail.GetDisksInput{}
	pages(ctx, s, "lightsail:GetDisks", follow(c.GetDisks, disks, func(in *lightsail.GetDisksInput, o *lightsail.GetDisksOutput) bool {
		return next(&in.PageToken, o.NextPageToken)
	}), func(o *lightsail.GetDisksOutput) {
		for _, v := range o.Disks {
			r := sailResource(s, "AWS::Lightsail::Disk", v.Arn, v.Name, v.Tags, "lightsail:GetDisks")
			p := r.Properties
			set(p, "DiskName", v.Name)
			set(p, "IsSystemDisk", v.IsSystemDisk)
			set(p, "AttachedTo", v.AttachedTo)
			many(p, "AddOns", sorted(v.AddOns, sailAddOn))
			s.Add(*r)
		}
	})
}

func sailResource(s *Scope, typ string, arn, name *string, tags []types.Tag, call string) *snapshot.Resource {
	r := s.New(typ, deref(arn), deref(name), call)
	r.Tags = tagsOf(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	return r
}

func sailAddOn(a types.AddOn) any {
	m := object{}
	set(m, "AddOnType", a.Name)
	set(m, "Status", a.Status)
	return m
}

func sailInstance(s *Scope, v types.Instance) *snapshot.Resource {
	r := sailResource(s, "AWS::Lightsail::Instance", v.Arn, v.Name, v.Tags, "lightsail:GetInstances")
	p := r.Properties
	set(p, "InstanceName", v.Name)
	set(p, "BlueprintId", v.BlueprintId)
	set(p, "BundleId", v.BundleId)
	set(p, "KeyPairName", v.SshKeyName)
	set(p, "IsStaticIp", v.IsStaticIp)
	set(p, "PublicIpAddress", v.PublicIpAddress)
	set(p, "PrivateIpAddress", v.PrivateIpAddress)
	many(p, "Ipv6Addresses", sorted(v.Ipv6Addresses, same))
	if v.State != nil {
		set(p, "State", v.State.Name)
	}
	if m := v.MetadataOptions; m != nil {
		at := object{}
		text(at, "HttpTokens", m.HttpTokens)
		text(at, "HttpEndpoint", m.HttpEndpoint)
		set(at, "HttpPutResponseHopLimit", m.HttpPutResponseHopLimit)
		p["MetadataOptions"] = at
	}
	if v.Networking != nil {
		p["Networking"] = object{"Ports": sorted(v.Networking.Ports, sailPort)}
	}
	many(p, "AddOns", sorted(v.AddOns, sailAddOn))
	return r
}

func sailPort(x types.InstancePortInfo) any {
	m := object{"FromPort": x.FromPort, "ToPort": x.ToPort, "Protocol": string(x.Protocol)}
	text(m, "AccessDirection", x.AccessDirection)
	text(m, "AccessType", x.AccessType)
	many(m, "Cidrs", sorted(x.Cidrs, same))
	many(m, "Ipv6Cidrs", sorted(x.Ipv6Cidrs, same))
	many(m, "CidrListAliases", sorted(x.CidrListAliases, same))
	return m
}

func sailDatabase(s *Scope, v types.RelationalDatabase) *snapshot.Resource {
	r := sailResource(s, "AWS::Lightsail::Database", v.Arn, v.Name, v.Tags, "lightsail:GetRelationalDatabases")
	p := r.Properties
	set(p, "RelationalDatabaseName", v.Name)
	set(p, "RelationalDatabaseBlueprintId", v.RelationalDatabaseBlueprintId)
	set(p, "Engine", v.Engine)
	set(p, "EngineVersion", v.EngineVersion)
	set(p, "PubliclyAccessible", v.PubliclyAccessible)
	set(p, "BackupRetention", v.BackupRetentionEnabled)
	set(p, "CaCertificateIdentifier", v.CaCertificateIdentifier)
	return r
}

func sailBucket(s *Scope, v types.Bucket) *snapshot.Resource {
	r := sailResource(s, "AWS::Lightsail::Bucket", v.Arn, v.Name, v.Tags, "lightsail:GetBuckets")
	p := r.Properties
	set(p, "BucketName", v.Name)
	set(p, "Url", v.Url)
	p["ObjectVersioning"] = deref(v.ObjectVersioning) == "Enabled"
	if a := v.AccessRules; a != nil {
		m := object{"GetObject": string(a.GetObject)}
		set(m, "AllowPublicOverrides", a.AllowPublicOverrides)
		p["AccessRules"] = m
	}
	many(p, "ReadOnlyAccessAccounts", sorted(v.ReadonlyAccessAccounts, same))
	many(p, "ResourcesReceivingAccess", sorted(v.ResourcesReceivingAccess, func(x types.ResourceReceivingAccess) any { return deref(x.Name) }))
	if a := v.AccessLogConfig; a != nil {
		m := object{"Enabled": aws.ToBool(a.Enabled)}
		set(m, "Destination", a.Destination)
		p["AccessLogConfig"] = m
	}
	return r
}

func sailContainer(s *Scope, v types.ContainerService) *snapshot.Resource {
	r := sailResource(s, "AWS::Lightsail::Container", v.Arn, v.ContainerServiceName, v.Tags, "lightsail:GetContainerServices")
	p := r.Properties
	set(p, "ServiceName", v.ContainerServiceName)
	set(p, "IsDisabled", v.IsDisabled)
	set(p, "Scale", v.Scale)
	set(p, "Url", v.Url)
	set(p, "PrincipalArn", v.PrincipalArn)
	text(p, "Power", v.Power)
	if a := v.PrivateRegistryAccess; a != nil && a.EcrImagePullerRole != nil {
		p["PrivateRegistryAccess"] = object{"EcrImagePullerRole": object{"IsActive": aws.ToBool(a.EcrImagePullerRole.IsActive), "PrincipalArn": deref(a.EcrImagePullerRole.PrincipalArn)}}
	}
	if d := v.CurrentDeployment; d != nil {
		m := object{"Containers": each(slices.Sorted(maps.Keys(d.Containers)), func(name string) any {
			k := d.Containers[name]
			x := object{"ContainerName": name}
			set(x, "Image", k.Image)
			environment(x, k.Environment)
			return x
		})}
		if e := d.PublicEndpoint; e != nil {
			at := object{}
			set(at, "ContainerName", e.ContainerName)
			set(at, "ContainerPort", e.ContainerPort)
			m["PublicEndpoint"] = at
		}
		p["ContainerServiceDeployment"] = m
	}
	return r
}
