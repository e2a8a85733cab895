package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/apprunner"
	"github.com/aws/aws-sdk-go-v2/service/apprunner/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// AppRunner reads services: what they run, with which role, and who reaches them.
func AppRunner() Service {
	return Service{
		Name: "apprunner",
		Calls: []Call{
			list("apprunner:ListServices", "apprunner:ListServices", "ServiceSummaryList", "the services", "AWS::AppRunner::Service"),
			about("apprunner:DescribeService", "apprunner:DescribeService", "Service", "what a service runs, and who reaches it"),
			about("apprunner:ListTagsForResource", "apprunner:ListTagsForResource", "?Tags", "whose service it is"),
		},
		Read: readAppRunner,
	}
}

func readAppRunner(ctx context.Context, s *Scope) {
	c := apprunner.NewFromConfig(s.Config())
	var found []types.ServiceSummary
	pages(ctx, s, "apprunner:ListServices", apprunner.NewListServicesPaginator(c, &apprunner.ListServicesInput{}), func(o *apprunner.ListServicesOutput) {
		found = append(found, o.ServiceSummaryList...)
	})
	Each(ctx, found, func(ctx context.Context, v types.ServiceSummary) {
		if v.Status != types.ServiceStatusDeleted {
			s.Add(*runnerService(ctx, s, c, v))
		}
	})
}

func runnerService(ctx context.Context, s *Scope, c *apprunner.Client, v types.ServiceSummary) *snapshot.Resource {
	r := s.New("AWS::AppRunner::Service", deref(v.ServiceArn), deref(v.ServiceName), "apprunner:ListServices")
	p := r.Properties
	set(p, "ServiceName", v.ServiceName)
	set(p, "ServiceUrl", v.ServiceUrl)
	if v.Status == types.ServiceStatusPaused { // nobody reaches it
		text(p, "Status", v.Status)
	}
	o := part(ctx, s, r, "SourceConfiguration", "apprunner:DescribeService", c.DescribeService, &apprunner.DescribeServiceInput{ServiceArn: v.ServiceArn})
	if o != nil && o.Service != nil {
		x := o.Service
		p["SourceConfiguration"] = runnerSource(x.SourceConfiguration)
		if x.InstanceConfiguration != nil {
			m := object{}
			set(m, "InstanceRoleArn", x.InstanceConfiguration.InstanceRoleArn)
			p["InstanceConfiguration"] = m
		}
		if x.EncryptionConfiguration != nil {
			p["EncryptionConfiguration"] = object{"KmsKey": deref(x.EncryptionConfiguration.KmsKey)}
		}
		p["NetworkConfiguration"] = runnerNetwork(x.NetworkConfiguration)
	} else {
		r.Unknown = append(r.Unknown, "SourceConfiguration", "InstanceConfiguration", "EncryptionConfiguration", "NetworkConfiguration")
	}
	if !s.tags(ctx, r) {
		if o := part(ctx, s, r, "Tags", "apprunner:ListTagsForResource", c.ListTagsForResource, &apprunner.ListTagsForResourceInput{ResourceArn: v.ServiceArn}); o != nil {
			r.Tags = tagsOf(o.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
		}
	}
	return r
}

func runnerSource(v *types.SourceConfiguration) object {
	m := object{}
	if v == nil {
		return m
	}
	set(m, "AutoDeploymentsEnabled", v.AutoDeploymentsEnabled)
	if a := v.AuthenticationConfiguration; a != nil {
		by := object{}
		set(by, "AccessRoleArn", a.AccessRoleArn)
		set(by, "ConnectionArn", a.ConnectionArn)
		m["AuthenticationConfiguration"] = by
	}
	if i := v.ImageRepository; i != nil {
		x := object{"ImageIdentifier": deref(i.ImageIdentifier), "ImageRepositoryType": string(i.ImageRepositoryType)}
		if k := i.ImageConfiguration; k != nil {
			x["ImageConfiguration"] = runnerVariables(k.RuntimeEnvironmentVariables, k.RuntimeEnvironmentSecrets)
		}
		m["ImageRepository"] = x
	}
	if i := v.CodeRepository; i != nil {
		x := object{"RepositoryUrl": withoutUser(deref(i.RepositoryUrl))}
		if i.SourceCodeVersion != nil {
			x["SourceCodeVersion"] = object{"Type": string(i.SourceCodeVersion.Type), "Value": deref(i.SourceCodeVersion.Value)}
		}
		if i.CodeConfiguration != nil && i.CodeConfiguration.CodeConfigurationValues != nil {
			k := i.CodeConfiguration.CodeConfigurationValues
			values := runnerVariables(k.RuntimeEnvironmentVariables, k.RuntimeEnvironmentSecrets)
			text(values, "Runtime", k.Runtime)
			x["CodeConfiguration"] = object{"CodeConfigurationValues": values}
		}
		m["CodeRepository"] = x
	}
	return m
}

func runnerVariables(variables, secrets map[string]string) object {
	m := object{}
	environment(m, variables)
	many(m, "Secrets", each(keyValues(secrets), func(x any) any {
		pair, _ := x.(object)
		return object{"Name": pair["Key"], "ValueFrom": pair["Value"]}
	}))
	return m
}

func runnerNetwork(n *types.NetworkConfiguration) object {
	m := object{}
	if n != nil && n.IngressConfiguration != nil {
		m["IngressConfiguration"] = object{"IsPubliclyAccessible": n.IngressConfiguration.IsPubliclyAccessible}
	}
	if n != nil && n.EgressConfiguration != nil {
		to := object{"EgressType": string(n.EgressConfiguration.EgressType)}
		set(to, "VpcConnectorArn", n.EgressConfiguration.VpcConnectorArn)
		m["EgressConfiguration"] = to
	}
	return m
}
