package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Athena reads work groups, where the results of their queries go, and what else they query. AwsDataCatalog, which every Region has, is
// AWS Glue's.
func Athena() Service {
	return Service{
		Name: "athena",
		Calls: []Call{
			list("athena:ListWorkGroups", "athena:ListWorkGroups", "WorkGroups", "the work groups", "AWS::Athena::WorkGroup"),
			list("athena:ListDataCatalogs", "athena:ListDataCatalogs", "DataCatalogsSummary", "what is queried beside AWS Glue", "AWS::Athena::DataCatalog"),
			about("athena:GetWorkGroup", "athena:GetWorkGroup", "WorkGroup", "where results go, encrypted or not, and as whom code runs"),
			about("athena:GetDataCatalog", "athena:GetDataCatalog", "DataCatalog", "which functions a catalog calls"),
			about("athena:ListTagsForResource", "athena:ListTagsForResource", "?Tags", "whose work group it is"),
		},
		Read: readAthena,
	}
}

func readAthena(ctx context.Context, s *Scope) {
	c := athena.NewFromConfig(s.Config())
	var groups []types.WorkGroupSummary
	pages(ctx, s, "athena:ListWorkGroups", athena.NewListWorkGroupsPaginator(c, &athena.ListWorkGroupsInput{}), func(o *athena.ListWorkGroupsOutput) {
		groups = append(groups, o.WorkGroups...)
	})
	Each(ctx, groups, func(ctx context.Context, g types.WorkGroupSummary) {
		name := aws.ToString(g.Name)
		r := s.New("AWS::Athena::WorkGroup", s.ARN("athena", "workgroup/"+name), name, "athena:ListWorkGroups")
		r.Properties["Name"] = name
		text(r.Properties, "State", g.State)
		o := part(ctx, s, r, "WorkGroupConfiguration", "athena:GetWorkGroup", c.GetWorkGroup, &athena.GetWorkGroupInput{WorkGroup: &name})
		if o != nil && o.WorkGroup != nil && o.WorkGroup.Configuration != nil {
			r.Properties["WorkGroupConfiguration"] = workGroup(*o.WorkGroup.Configuration)
		}
		readAthenaTags(ctx, s, c, r)
		s.Add(*r)
	})
	var catalogs []types.DataCatalogSummary
	pages(ctx, s, "athena:ListDataCatalogs", athena.NewListDataCatalogsPaginator(c, &athena.ListDataCatalogsInput{}), func(o *athena.ListDataCatalogsOutput) {
		for _, d := range o.DataCatalogsSummary {
			if aws.ToString(d.CatalogName) != "AwsDataCatalog" {
				catalogs = append(catalogs, d)
			}
		}
	})
	Each(ctx, catalogs, func(ctx context.Context, d types.DataCatalogSummary) {
		name := aws.ToString(d.CatalogName)
		r := s.New("AWS::Athena::DataCatalog", s.ARN("athena", "datacatalog/"+name), name, "athena:ListDataCatalogs")
		r.Properties["Name"] = name
		text(r.Properties, "Type", d.Type)
		text(r.Properties, "ConnectionType", d.ConnectionType)
		if o := part(ctx, s, r, "Parameters", "athena:GetDataCatalog", c.GetDataCatalog, &athena.GetDataCatalogInput{Name: &name}); o != nil && o.DataCatalog != nil {
			kept := object{} // of a connection there may be more, which is not for us
			for _, k := range []string{"function", "metadata-function", "record-function", "catalog-id", "connection-arn"} {
				text(kept, k, o.DataCatalog.Parameters[k])
			}
			r.Properties["Parameters"] = kept
		}
		readAthenaTags(ctx, s, c, r)
		s.Add(*r)
	})
}

func workGroup(k types.WorkGroupConfiguration) object {
	m := object{}
	set(m, "EnforceWorkGroupConfiguration", k.EnforceWorkGroupConfiguration)
	set(m, "ExecutionRole", k.ExecutionRole)
	set(m, "PublishCloudWatchMetricsEnabled", k.PublishCloudWatchMetricsEnabled)
	set(m, "BytesScannedCutoffPerQuery", k.BytesScannedCutoffPerQuery)
	set(m, "RequesterPaysEnabled", k.RequesterPaysEnabled)
	if k.EngineVersion != nil { // the effective one changes by itself
		to := object{}
		set(to, "SelectedEngineVersion", k.EngineVersion.SelectedEngineVersion)
		m["EngineVersion"] = to
	}
	if r := k.ResultConfiguration; r != nil {
		to := object{}
		set(to, "OutputLocation", r.OutputLocation)
		set(to, "ExpectedBucketOwner", r.ExpectedBucketOwner)
		if r.EncryptionConfiguration != nil {
			e := object{"EncryptionOption": string(r.EncryptionConfiguration.EncryptionOption)}
			set(e, "KmsKey", r.EncryptionConfiguration.KmsKey)
			to["EncryptionConfiguration"] = e
		}
		if r.AclConfiguration != nil {
			to["AclConfiguration"] = object{"S3AclOption": string(r.AclConfiguration.S3AclOption)}
		}
		m["ResultConfiguration"] = to
	}
	if r := k.ManagedQueryResultsConfiguration; r != nil {
		to := object{"Enabled": r.Enabled}
		if r.EncryptionConfiguration != nil {
			to["EncryptionConfiguration"] = object{"KmsKey": aws.ToString(r.EncryptionConfiguration.KmsKey)}
		}
		m["ManagedQueryResultsConfiguration"] = to
	}
	if e := k.CustomerContentEncryptionConfiguration; e != nil {
		m["CustomerContentEncryptionConfiguration"] = object{"KmsKey": aws.ToString(e.KmsKey)}
	}
	return m
}

func readAthenaTags(ctx context.Context, s *Scope, c *athena.Client, r *snapshot.Resource) {
	if s.tags(ctx, r) {
		return
	}
	arn := string(r.Key)
	var tags []types.Tag
	if pagesOf(ctx, s, r, "Tags", "athena:ListTagsForResource", athena.NewListTagsForResourcePaginator(c, &athena.ListTagsForResourceInput{ResourceARN: &arn}), func(o *athena.ListTagsForResourceOutput) {
		tags = append(tags, o.Tags...)
	}) {
		r.Tags = tagsOf(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	}
}
