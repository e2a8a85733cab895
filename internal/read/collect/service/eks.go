package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// EKS reads clusters, whom AWS lets into them, which roles their pods take, and what they run on. What Kubernetes itself allows is not read.
func EKS() Service {
	return Service{
		Name: "eks",
		Calls: []Call{
			list("eks:ListClusters", "eks:ListClusters", "clusters", "the clusters", "AWS::EKS::Cluster"),
			about("eks:DescribeCluster", "eks:DescribeCluster", "cluster", "who reaches a cluster, and its encryption and logging"),
			below("eks:ListAccessEntries", "eks:ListAccessEntries", "accessEntries", "who is let into a cluster", "AWS::EKS::AccessEntry"),
			about("eks:DescribeAccessEntry", "eks:DescribeAccessEntry", "accessEntry", "as which groups one is let in"),
			about("eks:ListAssociatedAccessPolicies", "eks:ListAssociatedAccessPolicies", "associatedAccessPolicies", "what one may do in the cluster"),
			below("eks:ListPodIdentityAssociations", "eks:ListPodIdentityAssociations", "associations", "which pods take a role", "AWS::EKS::PodIdentityAssociation"),
			about("eks:DescribePodIdentityAssociation", "eks:DescribePodIdentityAssociation", "association", "which role pods take"),
			below("eks:ListNodegroups", "eks:ListNodegroups", "nodegroups", "the machines of a cluster", "AWS::EKS::Nodegroup"),
			about("eks:DescribeNodegroup", "eks:DescribeNodegroup", "nodegroup", "the role and network of machines"),
			below("eks:ListFargateProfiles", "eks:ListFargateProfiles", "fargateProfileNames", "pods without machines", "AWS::EKS::FargateProfile"),
			about("eks:DescribeFargateProfile", "eks:DescribeFargateProfile", "fargateProfile", "the role and network of pods without machines"),
		},
		Read: readEKS,
	}
}

func readEKS(ctx context.Context, s *Scope) {
	c := eks.NewFromConfig(s.Config())
	var names []string
	complete := pages(ctx, s, "eks:ListClusters", eks.NewListClustersPaginator(c, &eks.ListClustersInput{}), func(o *eks.ListClustersOutput) {
		names = append(names, o.Clusters...)
	})
	entries, pods, nodes, fargate := newTally(complete), newTally(complete), newTally(complete), newTally(complete)
	Each(ctx, names, func(ctx context.Context, name string) {
		r := eksCluster(ctx, s, c, name)
		s.Add(*r)
		// A cluster that knows its users only from its own ConfigMap refuses the question.
		// "Grant IAM users access to Kubernetes with EKS access entries", https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
		if r.Text("AccessConfig.AuthenticationMode") != string(types.AuthenticationModeConfigMap) {
			readAccessEntries(ctx, s, c, name, entries)
		}
		readPodIdentities(ctx, s, c, name, pods)
		readNodegroups(ctx, s, c, name, nodes)
		readFargateProfiles(ctx, s, c, name, fargate)
	})
	entries.note(s, "eks:ListAccessEntries")
	pods.note(s, "eks:ListPodIdentityAssociations")
	nodes.note(s, "eks:ListNodegroups")
	fargate.note(s, "eks:ListFargateProfiles")
}

func eksCluster(ctx context.Context, s *Scope, c *eks.Client, name string) *snapshot.Resource {
	r := s.New("AWS::EKS::Cluster", s.ARN("eks", "cluster/"+name), name, "eks:DescribeCluster")
	p := r.Properties
	p["Name"] = name
	o := part(ctx, s, r, "ResourcesVpcConfig", "eks:DescribeCluster", c.DescribeCluster, &eks.DescribeClusterInput{Name: &name})
	if o == nil || o.Cluster == nil {
		r.Unknown = append(r.Unknown, "ResourcesVpcConfig", "RoleArn", "Version", "DeletionProtection", "OpenIdConnectIssuerUrl", "EncryptionConfig", "Logging", "AccessConfig", "ComputeConfig", "Tags")
		return r
	}
	k := o.Cluster
	set(p, "RoleArn", k.RoleArn)
	set(p, "Version", k.Version)
	set(p, "DeletionProtection", k.DeletionProtection)
	if v := k.ResourcesVpcConfig; v != nil {
		m := object{
			"EndpointPublicAccess": v.EndpointPublicAccess, "EndpointPrivateAccess": v.EndpointPrivateAccess,
			"PublicAccessCidrs": sorted(v.PublicAccessCidrs, same),
			"SubnetIds":         sorted(v.SubnetIds, same), "SecurityGroupIds": sorted(v.SecurityGroupIds, same),
		}
		set(m, "VpcId", v.VpcId)
		p["ResourcesVpcConfig"] = m
		text(p, "ClusterSecurityGroupId", deref(v.ClusterSecurityGroupId))
	}
	if k.Identity != nil && k.Identity.Oidc != nil {
		set(p, "OpenIdConnectIssuerUrl", k.Identity.Oidc.Issuer)
	}
	many(p, "EncryptionConfig", each(k.EncryptionConfig, func(e types.EncryptionConfig) any {
		m := object{}
		if e.Provider != nil {
			m["Provider"] = object{"KeyArn": deref(e.Provider.KeyArn)}
		}
		return m
	}))
	p["Logging"] = object{"ClusterLogging": object{"EnabledTypes": eksLogging(k.Logging)}}
	if a := k.AccessConfig; a != nil {
		m := object{}
		text(m, "AuthenticationMode", a.AuthenticationMode)
		set(m, "BootstrapClusterCreatorAdminPermissions", a.BootstrapClusterCreatorAdminPermissions)
		p["AccessConfig"] = m
	}
	if a := k.ComputeConfig; a != nil {
		m := object{}
		set(m, "Enabled", a.Enabled)
		set(m, "NodeRoleArn", a.NodeRoleArn)
		p["ComputeConfig"] = m
	}
	if k.UpgradePolicy != nil {
		p["UpgradePolicy"] = object{"SupportType": string(k.UpgradePolicy.SupportType)}
	}
	r.Tags = k.Tags
	return r
}

func eksLogging(l *types.Logging) []any {
	var on []types.LogType
	if l != nil {
		for _, x := range l.ClusterLogging {
			if x.Enabled != nil && *x.Enabled {
				on = append(on, x.Types...)
			}
		}
	}
	return sorted(on, func(t types.LogType) any { return object{"Type": string(t)} })
}

func readAccessEntries(ctx context.Context, s *Scope, c *eks.Client, cluster string, t *tally) {
	about := snapshot.Key(s.ARN("eks", "cluster/"+cluster))
	var principals []string
	_, err := turn(ctx, s, eks.NewListAccessEntriesPaginator(c, &eks.ListAccessEntriesInput{ClusterName: &cluster}), func(o *eks.ListAccessEntriesOutput) {
		principals = append(principals, o.AccessEntries...)
	})
	t.count(about, err)
	for _, principal := range principals {
		o, err := try(ctx, s, func(ctx context.Context) (*eks.DescribeAccessEntryOutput, error) {
			return c.DescribeAccessEntry(ctx, &eks.DescribeAccessEntryInput{ClusterName: &cluster, PrincipalArn: &principal})
		})
		t.count(about, err)
		if err != nil || o.AccessEntry == nil {
			continue
		}
		e := o.AccessEntry
		r := s.New("AWS::EKS::AccessEntry", deref(e.AccessEntryArn), afterLast(principal, '/'), "eks:DescribeAccessEntry")
		p := r.Properties
		p["ClusterName"], p["PrincipalArn"] = cluster, principal
		set(p, "Username", e.Username)
		set(p, "Type", e.Type)
		many(p, "KubernetesGroups", sorted(e.KubernetesGroups, same))
		r.Tags = e.Tags
		var policies []types.AssociatedAccessPolicy
		in := &eks.ListAssociatedAccessPoliciesInput{ClusterName: &cluster, PrincipalArn: &principal}
		if pagesOf(ctx, s, r, "AccessPolicies", "eks:ListAssociatedAccessPolicies", eks.NewListAssociatedAccessPoliciesPaginator(c, in), func(o *eks.ListAssociatedAccessPoliciesOutput) {
			policies = append(policies, o.AssociatedAccessPolicies...)
		}) {
			p["AccessPolicies"] = sorted(policies, accessPolicy)
		}
		s.Add(*r)
	}
}

func accessPolicy(a types.AssociatedAccessPolicy) any {
	m := object{"PolicyArn": deref(a.PolicyArn)}
	if a.AccessScope != nil {
		scope := object{"Type": string(a.AccessScope.Type)}
		many(scope, "Namespaces", sorted(a.AccessScope.Namespaces, same))
		m["AccessScope"] = scope
	}
	return m
}

func readPodIdentities(ctx context.Context, s *Scope, c *eks.Client, cluster string, t *tally) {
	var found []types.PodIdentityAssociationSummary
	_, err := turn(ctx, s, eks.NewListPodIdentityAssociationsPaginator(c, &eks.ListPodIdentityAssociationsInput{ClusterName: &cluster}), func(o *eks.ListPodIdentityAssociationsOutput) {
		found = append(found, o.Associations...)
	})
	t.count(snapshot.Key(s.ARN("eks", "cluster/"+cluster)), err)
	for _, a := range found {
		r := s.New("AWS::EKS::PodIdentityAssociation", deref(a.AssociationArn), deref(a.Namespace)+"/"+deref(a.ServiceAccount), "eks:DescribePodIdentityAssociation")
		p := r.Properties
		set(p, "ClusterName", a.ClusterName)
		set(p, "Namespace", a.Namespace)
		set(p, "ServiceAccount", a.ServiceAccount)
		in := &eks.DescribePodIdentityAssociationInput{ClusterName: &cluster, AssociationId: a.AssociationId}
		if o := part(ctx, s, r, "RoleArn", "eks:DescribePodIdentityAssociation", c.DescribePodIdentityAssociation, in); o != nil && o.Association != nil {
			set(p, "RoleArn", o.Association.RoleArn)
			set(p, "TargetRoleArn", o.Association.TargetRoleArn)
			set(p, "DisableSessionTags", o.Association.DisableSessionTags)
			setPolicy(r, "SessionPolicy", o.Association.Policy)
			r.Tags = o.Association.Tags
		} else {
			r.Unknown = append(r.Unknown, "RoleArn", "TargetRoleArn", "SessionPolicy", "Tags")
		}
		s.Add(*r)
	}
}

func readNodegroups(ctx context.Context, s *Scope, c *eks.Client, cluster string, t *tally) {
	about := snapshot.Key(s.ARN("eks", "cluster/"+cluster))
	var names []string
	_, err := turn(ctx, s, eks.NewListNodegroupsPaginator(c, &eks.ListNodegroupsInput{ClusterName: &cluster}), func(o *eks.ListNodegroupsOutput) {
		names = append(names, o.Nodegroups...)
	})
	t.count(about, err)
	for _, name := range names {
		o, err := try(ctx, s, func(ctx context.Context) (*eks.DescribeNodegroupOutput, error) {
			return c.DescribeNodegroup(ctx, &eks.DescribeNodegroupInput{ClusterName: &cluster, NodegroupName: &name})
		})
		t.count(about, err)
		if err == nil && o.Nodegroup != nil {
			s.Add(*nodegroup(s, o.Nodegroup))
		}
	}
}

func nodegroup(s *Scope, g *types.Nodegroup) *snapshot.Resource {
	r := s.New("AWS::EKS::Nodegroup", deref(g.NodegroupArn), deref(g.NodegroupName), "eks:DescribeNodegroup")
	p := r.Properties
	set(p, "ClusterName", g.ClusterName)
	set(p, "NodegroupName", g.NodegroupName)
	set(p, "NodeRole", g.NodeRole)
	set(p, "Version", g.Version)
	set(p, "ReleaseVersion", g.ReleaseVersion)
	text(p, "AmiType", g.AmiType)
	text(p, "CapacityType", g.CapacityType)
	many(p, "InstanceTypes", sorted(g.InstanceTypes, same))
	p["Subnets"] = sorted(g.Subnets, same)
	if a := g.RemoteAccess; a != nil { // a key without security groups opens port 22 to all
		m := object{"SourceSecurityGroups": sorted(a.SourceSecurityGroups, same)}
		set(m, "Ec2SshKey", a.Ec2SshKey)
		p["RemoteAccess"] = m
	}
	if l := g.LaunchTemplate; l != nil {
		m := object{}
		set(m, "Id", l.Id)
		set(m, "Name", l.Name)
		set(m, "Version", l.Version)
		p["LaunchTemplate"] = m
	}
	if x := g.ScalingConfig; x != nil { // how many are wanted now, others change
		m := object{}
		set(m, "MinSize", x.MinSize)
		set(m, "MaxSize", x.MaxSize)
		p["ScalingConfig"] = m
	}
	if g.Resources != nil {
		many(p, "AutoScalingGroups", sorted(g.Resources.AutoScalingGroups, func(a types.AutoScalingGroup) any { return deref(a.Name) }))
	}
	r.Tags = g.Tags
	return r
}

func readFargateProfiles(ctx context.Context, s *Scope, c *eks.Client, cluster string, t *tally) {
	about := snapshot.Key(s.ARN("eks", "cluster/"+cluster))
	var names []string
	_, err := turn(ctx, s, eks.NewListFargateProfilesPaginator(c, &eks.ListFargateProfilesInput{ClusterName: &cluster}), func(o *eks.ListFargateProfilesOutput) {
		names = append(names, o.FargateProfileNames...)
	})
	t.count(about, err)
	for _, name := range names {
		o, err := try(ctx, s, func(ctx context.Context) (*eks.DescribeFargateProfileOutput, error) {
			return c.DescribeFargateProfile(ctx, &eks.DescribeFargateProfileInput{ClusterName: &cluster, FargateProfileName: &name})
		})
		t.count(about, err)
		if err != nil || o.FargateProfile == nil {
			continue
		}
		f := o.FargateProfile
		r := s.New("AWS::EKS::FargateProfile", deref(f.FargateProfileArn), name, "eks:DescribeFargateProfile")
		p := r.Properties
		set(p, "ClusterName", f.ClusterName)
		set(p, "FargateProfileName", f.FargateProfileName)
		set(p, "PodExecutionRoleArn", f.PodExecutionRoleArn)
		p["Subnets"] = sorted(f.Subnets, same)
		many(p, "Selectors", sorted(f.Selectors, func(x types.FargateProfileSelector) any {
			m := object{"Namespace": deref(x.Namespace)}
			many(m, "Labels", keyValues(x.Labels))
			return m
		}))
		r.Tags = f.Tags
		s.Add(*r)
	}
}
