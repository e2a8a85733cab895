package service

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/opensearch/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// OpenSearch reads search domains, those that still run Elasticsearch too.
func OpenSearch() Service {
	return Service{
		Name: "opensearch",
		Calls: []Call{
			list("opensearch:ListDomainNames", "es:ListDomainNames", "DomainNames", "the search domains", "AWS::OpenSearchService::Domain"),
			about("opensearch:DescribeDomains", "es:DescribeDomains", "DomainStatusList", "who may search, from where, and what is encrypted"),
			about("opensearch:ListTags", "es:ListTags", "?TagList", "whose domain it is"),
		},
		Read: readOpenSearch,
	}
}

func readOpenSearch(ctx context.Context, s *Scope) {
	c := opensearch.NewFromConfig(s.Config())
	listed, err := try(ctx, s, func(ctx context.Context) (*opensearch.ListDomainNamesOutput, error) {
		return c.ListDomainNames(ctx, &opensearch.ListDomainNamesInput{})
	})
	var names []string
	if err == nil {
		for _, d := range listed.DomainNames {
			names = append(names, deref(d.DomainName))
		}
	}
	slices.Sort(names)
	batches := slices.Collect(slices.Chunk(names, 5)) // the most that one call takes
	askEach(ctx, s, "opensearch:ListDomainNames", batches, err,
		func(ctx context.Context, batch []string) (*opensearch.DescribeDomainsOutput, error) {
			return c.DescribeDomains(ctx, &opensearch.DescribeDomainsInput{DomainNames: batch})
		},
		func(ctx context.Context, _ []string, o *opensearch.DescribeDomainsOutput) {
			for _, d := range o.DomainStatusList {
				r := searchDomain(s, d)
				if !s.tags(ctx, r) {
					arn := string(r.Key)
					if o := part(ctx, s, r, "Tags", "opensearch:ListTags", c.ListTags, &opensearch.ListTagsInput{ARN: &arn}); o != nil {
						r.Tags = tagsOf(o.TagList, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
					}
				}
				s.Add(*r)
			}
		})
}

func searchDomain(s *Scope, d types.DomainStatus) *snapshot.Resource {
	r := s.New("AWS::OpenSearchService::Domain", deref(d.ARN), deref(d.DomainName), "opensearch:DescribeDomains")
	p := r.Properties
	set(p, "DomainName", d.DomainName)
	set(p, "EngineVersion", d.EngineVersion)
	setPolicy(r, "Policy", d.AccessPolicies)
	if v := d.VPCOptions; v != nil && deref(v.VPCId) != "" {
		p["VPCOptions"] = object{"VPCId": deref(v.VPCId), "SubnetIds": sorted(v.SubnetIds, same), "SecurityGroupIds": sorted(v.SecurityGroupIds, same)}
	}
	if e := d.EncryptionAtRestOptions; e != nil {
		m := object{}
		set(m, "Enabled", e.Enabled)
		set(m, "KmsKeyId", e.KmsKeyId)
		p["EncryptionAtRestOptions"] = m
	}
	if e := d.NodeToNodeEncryptionOptions; e != nil {
		m := object{}
		set(m, "Enabled", e.Enabled)
		p["NodeToNodeEncryptionOptions"] = m
	}
	if e := d.DomainEndpointOptions; e != nil {
		m := object{}
		set(m, "EnforceHTTPS", e.EnforceHTTPS)
		text(m, "TLSSecurityPolicy", e.TLSSecurityPolicy)
		set(m, "CustomEndpointEnabled", e.CustomEndpointEnabled)
		set(m, "CustomEndpoint", e.CustomEndpoint)
		set(m, "CustomEndpointCertificateArn", e.CustomEndpointCertificateArn)
		p["DomainEndpointOptions"] = m
	}
	if a := d.AdvancedSecurityOptions; a != nil {
		m := object{}
		set(m, "Enabled", a.Enabled)
		set(m, "InternalUserDatabaseEnabled", a.InternalUserDatabaseEnabled)
		set(m, "AnonymousAuthEnabled", a.AnonymousAuthEnabled)
		if a.SAMLOptions != nil {
			saml := object{}
			set(saml, "Enabled", a.SAMLOptions.Enabled)
			m["SAMLOptions"] = saml
		}
		if a.JWTOptions != nil {
			jwt := object{}
			set(jwt, "Enabled", a.JWTOptions.Enabled)
			m["JWTOptions"] = jwt
		}
		p["AdvancedSecurityOptions"] = m
	}
	if k := d.CognitoOptions; k != nil {
		m := object{}
		set(m, "Enabled", k.Enabled)
		set(m, "IdentityPoolId", k.IdentityPoolId)
		set(m, "UserPoolId", k.UserPoolId)
		set(m, "RoleArn", k.RoleArn)
		p["CognitoOptions"] = m
	}
	if len(d.LogPublishingOptions) > 0 {
		logs := object{}
		for kind, l := range d.LogPublishingOptions {
			m := object{}
			set(m, "Enabled", l.Enabled)
			set(m, "CloudWatchLogsLogGroupArn", l.CloudWatchLogsLogGroupArn)
			logs[kind] = m
		}
		p["LogPublishingOptions"] = logs
	}
	if k := d.ClusterConfig; k != nil {
		m := object{}
		text(m, "InstanceType", k.InstanceType)
		set(m, "InstanceCount", k.InstanceCount)
		set(m, "DedicatedMasterEnabled", k.DedicatedMasterEnabled)
		set(m, "ZoneAwarenessEnabled", k.ZoneAwarenessEnabled)
		p["ClusterConfig"] = m
	}
	if u := d.SoftwareUpdateOptions; u != nil {
		m := object{}
		set(m, "AutoSoftwareUpdateEnabled", u.AutoSoftwareUpdateEnabled)
		p["SoftwareUpdateOptions"] = m
	}
	return r
}
