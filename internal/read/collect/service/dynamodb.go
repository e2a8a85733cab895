package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// DynamoDB reads tables.
func DynamoDB() Service {
	const why = "each part of a table has its own call"
	return Service{
		Name: "dynamodb",
		Calls: []Call{
			list("dynamodb:ListTables", "dynamodb:ListTables", "TableNames", "the tables", "AWS::DynamoDB::Table"),
			about("dynamodb:DescribeTable", "dynamodb:DescribeTable", "Table", why),
			about("dynamodb:DescribeContinuousBackups", "dynamodb:DescribeContinuousBackups", "ContinuousBackupsDescription", why),
			about("dynamodb:GetResourcePolicy", "dynamodb:GetResourcePolicy", "Policy", why),
			about("dynamodb:ListTagsOfResource", "dynamodb:ListTagsOfResource", "?Tags", why),
		},
		Read: readDynamoDB,
	}
}

func readDynamoDB(ctx context.Context, s *Scope) {
	c := dynamodb.NewFromConfig(s.Config())
	var tables []string
	pages(ctx, s, "dynamodb:ListTables", dynamodb.NewListTablesPaginator(c, &dynamodb.ListTablesInput{}), func(o *dynamodb.ListTablesOutput) {
		tables = append(tables, o.TableNames...)
	})
	Each(ctx, tables, func(ctx context.Context, name string) { readTable(ctx, s, c, name) })
}

func readTable(ctx context.Context, s *Scope, c *dynamodb.Client, name string) {
	arn := s.ARN("dynamodb", "table/"+name)
	r := s.New("AWS::DynamoDB::Table", arn, name, "dynamodb:ListTables")
	p := r.Properties
	p["TableName"] = name
	if o := part(ctx, s, r, "SSESpecification", "dynamodb:DescribeTable", c.DescribeTable, &dynamodb.DescribeTableInput{TableName: &name}); o != nil && o.Table != nil {
		set(p, "DeletionProtectionEnabled", o.Table.DeletionProtectionEnabled)
		// Without a description the table is encrypted with a key that AWS owns.
		if d := o.Table.SSEDescription; d != nil {
			m := object{"SSEEnabled": d.Status == types.SSEStatusEnabled || d.Status == types.SSEStatusEnabling || d.Status == types.SSEStatusUpdating}
			text(m, "SSEType", d.SSEType)
			set(m, "KMSMasterKeyId", d.KMSMasterKeyArn)
			p["SSESpecification"] = m
		}
	} else {
		r.Unknown = append(r.Unknown, "DeletionProtectionEnabled")
	}
	in := &dynamodb.DescribeContinuousBackupsInput{TableName: &name}
	if o := part(ctx, s, r, "PointInTimeRecoverySpecification", "dynamodb:DescribeContinuousBackups", c.DescribeContinuousBackups, in); o != nil {
		on := false
		if d := o.ContinuousBackupsDescription; d != nil && d.PointInTimeRecoveryDescription != nil {
			on = d.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus == types.PointInTimeRecoveryStatusEnabled
		}
		p["PointInTimeRecoverySpecification"] = object{"PointInTimeRecoveryEnabled": on}
	}
	if o := part(ctx, s, r, "Policy", "dynamodb:GetResourcePolicy", c.GetResourcePolicy, &dynamodb.GetResourcePolicyInput{ResourceArn: &arn}, "PolicyNotFoundException"); o != nil {
		setPolicy(r, "Policy", o.Policy)
	}
	if !s.tags(ctx, r) {
		readTableTags(ctx, s, c, r)
	}
	s.Add(*r)
}

func readTableTags(ctx context.Context, s *Scope, c *dynamodb.Client, r *snapshot.Resource) {
	arn := string(r.Key)
	var tags []types.Tag
	var next *string
	for { // this list has no paginator
		o := part(ctx, s, r, "Tags", "dynamodb:ListTagsOfResource", c.ListTagsOfResource, &dynamodb.ListTagsOfResourceInput{ResourceArn: &arn, NextToken: next})
		if o == nil {
			tags = nil
			break
		}
		tags = append(tags, o.Tags...)
		if aws.ToString(o.NextToken) == "" || aws.ToString(o.NextToken) == aws.ToString(next) {
			break
		}
		next = o.NextToken
	}
	r.Tags = tagsOf(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}
