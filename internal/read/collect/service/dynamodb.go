package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// DynamoDB reads tables and the backups that somebody made. What AWS Backup made is in its vaults; exports are forgotten after a while,
// and are not read.
func DynamoDB() Service {
	const why = "each part of a table has its own call"
	return Service{
		Name: "dynamodb",
		Calls: []Call{
			list("dynamodb:ListTables", "dynamodb:ListTables", "TableNames", "the tables", "AWS::DynamoDB::Table"),
			list("dynamodb:ListBackups", "dynamodb:ListBackups", "?BackupSummaries", "copies of tables", "AWS::DynamoDB::Backup"),
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
	readTableBackups(ctx, s, c)
}

// readTableBackups lists the backups on demand; this list has no paginator.
func readTableBackups(ctx context.Context, s *Scope, c *dynamodb.Client) {
	const call = "dynamodb:ListBackups"
	var after *string
	for n := 0; ; n++ {
		o, err := try(ctx, s, func(ctx context.Context) (*dynamodb.ListBackupsOutput, error) {
			return c.ListBackups(ctx, &dynamodb.ListBackupsInput{BackupType: types.BackupTypeFilterUser, ExclusiveStartBackupArn: after})
		})
		if err != nil {
			s.noteList(call, n, err)
			return
		}
		for _, x := range o.BackupSummaries {
			r := s.New("AWS::DynamoDB::Backup", aws.ToString(x.BackupArn), aws.ToString(x.BackupName), call)
			set(r.Properties, "BackupName", x.BackupName)
			set(r.Properties, "TableName", x.TableName)
			set(r.Properties, "TableArn", x.TableArn)
			text(r.Properties, "BackupType", x.BackupType)
			s.Add(*r)
		}
		if aws.ToString(o.LastEvaluatedBackupArn) == "" || aws.ToString(o.LastEvaluatedBackupArn) == aws.ToString(after) {
			s.noteList(call, n+1, nil)
			return
		}
		after = o.LastEvaluatedBackupArn
	}
}

func readTable(ctx context.Context, s *Scope, c *dynamodb.Client, name string) {
	arn := s.ARN("dynamodb", "table/"+name)
	r := s.New("AWS::DynamoDB::Table", arn, name, "dynamodb:ListTables")
	p := r.Properties
	p["TableName"] = name
	if o := part(ctx, s, r, "SSESpecification", "dynamodb:DescribeTable", c.DescribeTable, &dynamodb.DescribeTableInput{TableName: &name}); o != nil && o.Table != nil {
		set(p, "DeletionProtectionEnabled", o.Table.DeletionProtectionEnabled)
		many(p, "Replicas", sorted(o.Table.Replicas, func(x types.ReplicaDescription) any {
			m := object{"Region": aws.ToString(x.RegionName)}
			set(m, "KMSMasterKeyId", x.KMSMasterKeyId)
			return m
		}))
		readTableStream(ctx, s, c, r, o.Table)
		// Without a description the table is encrypted with a key that AWS owns.
		if d := o.Table.SSEDescription; d != nil {
			m := object{"SSEEnabled": d.Status == types.SSEStatusEnabled || d.Status == types.SSEStatusEnabling || d.Status == types.SSEStatusUpdating}
			text(m, "SSEType", d.SSEType)
			set(m, "KMSMasterKeyId", d.KMSMasterKeyArn)
			p["SSESpecification"] = m
		}
	} else {
		r.Unknown = append(r.Unknown, "DeletionProtectionEnabled", "Replicas", "StreamSpecification")
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

// readTableStream reads what a table tells of its changes, and whom: its stream has a policy of its own.
func readTableStream(ctx context.Context, s *Scope, c *dynamodb.Client, r *snapshot.Resource, t *types.TableDescription) {
	if t.StreamSpecification == nil || !aws.ToBool(t.StreamSpecification.StreamEnabled) || t.LatestStreamArn == nil {
		return
	}
	stream := object{"StreamViewType": string(t.StreamSpecification.StreamViewType), "StreamArn": *t.LatestStreamArn}
	r.Properties["StreamSpecification"] = stream
	const where = "StreamSpecification.ResourcePolicy"
	in := &dynamodb.GetResourcePolicyInput{ResourceArn: t.LatestStreamArn}
	if o := part(ctx, s, r, where, "dynamodb:GetResourcePolicy", c.GetResourcePolicy, in, "PolicyNotFoundException"); o != nil {
		setPolicy(r, where, o.Policy)
		if doc, ok := r.Properties[where]; ok {
			stream["ResourcePolicy"] = object{"PolicyDocument": doc}
			delete(r.Properties, where)
		}
	}
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
