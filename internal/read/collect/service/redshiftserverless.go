package service

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless"
	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// RedshiftServerless reads warehouses without machines: what holds the data, what computes, and copies.
func RedshiftServerless() Service {
	return Service{
		Name: "redshiftserverless",
		Calls: []Call{
			list("redshiftserverless:ListNamespaces", "redshift-serverless:ListNamespaces", "namespaces", "what holds the data", "AWS::RedshiftServerless::Namespace"),
			list("redshiftserverless:ListWorkgroups", "redshift-serverless:ListWorkgroups", "workgroups", "where it is reached", "AWS::RedshiftServerless::Workgroup"),
			list("redshiftserverless:ListSnapshots", "redshift-serverless:ListSnapshots", "?snapshots", "copies, and whom they are shared with", "AWS::RedshiftServerless::Snapshot"),
			about("redshiftserverless:ListTagsForResource", "redshift-serverless:ListTagsForResource", "?tags", "whose warehouse it is"),
		},
		Read: readRedshiftServerless,
	}
}

func readRedshiftServerless(ctx context.Context, s *Scope) {
	c := redshiftserverless.NewFromConfig(s.Config())
	var all []*snapshot.Resource
	pages(ctx, s, "redshiftserverless:ListNamespaces", redshiftserverless.NewListNamespacesPaginator(c, &redshiftserverless.ListNamespacesInput{}), func(o *redshiftserverless.ListNamespacesOutput) {
		for _, n := range o.Namespaces {
			r := s.New("AWS::RedshiftServerless::Namespace", aws.ToString(n.NamespaceArn), aws.ToString(n.NamespaceName), "redshiftserverless:ListNamespaces")
			p := r.Properties
			set(p, "NamespaceName", n.NamespaceName)
			set(p, "KmsKeyId", n.KmsKeyId)
			set(p, "DefaultIamRoleArn", n.DefaultIamRoleArn)
			set(p, "AdminPasswordSecretArn", n.AdminPasswordSecretArn)
			many(p, "IamRoles", sorted(n.IamRoles, func(x string) any { return serverlessRole(x) }))
			many(p, "LogExports", sorted(n.LogExports, same))
			all = append(all, r)
		}
	})
	pages(ctx, s, "redshiftserverless:ListWorkgroups", redshiftserverless.NewListWorkgroupsPaginator(c, &redshiftserverless.ListWorkgroupsInput{}), func(o *redshiftserverless.ListWorkgroupsOutput) {
		for _, w := range o.Workgroups {
			all = append(all, warehouseWorkgroup(s, w))
		}
	})
	pages(ctx, s, "redshiftserverless:ListSnapshots", redshiftserverless.NewListSnapshotsPaginator(c, &redshiftserverless.ListSnapshotsInput{}), func(o *redshiftserverless.ListSnapshotsOutput) {
		for _, x := range o.Snapshots {
			r := s.New("AWS::RedshiftServerless::Snapshot", aws.ToString(x.SnapshotArn), aws.ToString(x.SnapshotName), "redshiftserverless:ListSnapshots")
			p := r.Properties
			set(p, "SnapshotName", x.SnapshotName)
			set(p, "NamespaceName", x.NamespaceName)
			set(p, "KmsKeyId", x.KmsKeyId)
			with := slices.Concat(x.AccountsWithRestoreAccess, x.AccountsWithProvisionedRestoreAccess)
			slices.Sort(with)
			p["SharedWith"] = sorted(slices.Compact(with), same)
			all = append(all, r)
		}
	})
	Each(ctx, all, func(ctx context.Context, r *snapshot.Resource) {
		if !s.tags(ctx, r) {
			arn := string(r.Key)
			in := &redshiftserverless.ListTagsForResourceInput{ResourceArn: &arn}
			if o := part(ctx, s, r, "Tags", "redshiftserverless:ListTagsForResource", c.ListTagsForResource, in); o != nil {
				r.Tags = tagsOf(o.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			}
		}
		s.Add(*r)
	})
}

func warehouseWorkgroup(s *Scope, w types.Workgroup) *snapshot.Resource {
	r := s.New("AWS::RedshiftServerless::Workgroup", aws.ToString(w.WorkgroupArn), aws.ToString(w.WorkgroupName), "redshiftserverless:ListWorkgroups")
	p := r.Properties
	set(p, "WorkgroupName", w.WorkgroupName)
	set(p, "NamespaceName", w.NamespaceName)
	set(p, "PubliclyAccessible", w.PubliclyAccessible)
	set(p, "EnhancedVpcRouting", w.EnhancedVpcRouting)
	set(p, "BaseCapacity", w.BaseCapacity)
	set(p, "MaxCapacity", w.MaxCapacity)
	set(p, "Port", w.Port)
	p["SubnetIds"] = sorted(w.SubnetIds, same)
	p["SecurityGroupIds"] = sorted(w.SecurityGroupIds, same)
	many(p, "CrossAccountVpcs", sorted(w.CrossAccountVpcs, same))
	many(p, "ConfigParameters", sorted(w.ConfigParameters, func(x types.ConfigParameter) any {
		return object{"ParameterKey": aws.ToString(x.ParameterKey), "ParameterValue": aws.ToString(x.ParameterValue)}
	}))
	return r
}

// serverlessRole is the ARN in a role as the list tells it: alone, or as in "IamRole(applyStatus=in-sync, iamRoleArn=arn:…)".
func serverlessRole(s string) string {
	if _, rest, ok := strings.Cut(s, "iamRoleArn="); ok {
		s, _, _ = strings.Cut(strings.TrimSuffix(rest, ")"), ",")
	}
	return s
}
