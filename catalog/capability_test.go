package catalog

import (
	"strings"
	"testing"
)

// TestOverrides: every line names an action of the data, unless it is marked as newer, and says something that the rule does not.
func TestOverrides(t *testing.T) {
	c := loaded(t)
	table, err := loadOverrides()
	if err != nil {
		t.Fatal(err)
	}
	if len(table) < 500 {
		t.Errorf("only %d overrides", len(table))
	}
	for _, o := range table {
		a, ok := c.Action(o.action)
		switch by, _ := rule(a); {
		case ok == o.newer:
			t.Errorf("%s: in the data %v, marked as newer %v", o.action, ok, o.newer)
		case ok && a.String() != o.action:
			t.Errorf("%s is written %s", o.action, a)
		case by == o.c:
			t.Errorf("%s repeats the rule", o.action)
		case o.c.Has(None) && o.c != None:
			t.Errorf("%s gives none and something", o.action)
		}
	}
	last := ""
	for line := range strings.Lines(overrides) {
		if name := strings.ToLower(strings.Split(line, "\t")[0]); name[0] != '#' {
			if name <= last {
				t.Errorf("%s is out of order", name)
			}
			last = name
		}
	}
	for _, bad := range []string{"a:B\tREAD\n", "a:B\tread\twhy\n", "a:B\tREAD\twhy\na:b\tREAD\twhy\n", "a:B\tREAD\t \n"} {
		if _, err := parseOverrides(bad); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestCapability(t *testing.T) {
	c := loaded(t)
	for want, actions := range map[string]string{
		"READ": `s3:GetObject s3:GetObjectVersion kms:Decrypt dynamodb:GetItem dynamodb:Query dynamodb:Scan dynamodb:BatchGetItem
			dynamodb:ExportTableToPointInTime secretsmanager:GetSecretValue secretsmanager:BatchGetSecretValue ssm:GetParameter
			ssm:GetParametersByPath sqs:ReceiveMessage sns:Subscribe lambda:GetFunction lambda:GetFunctionConfiguration ec2:CreateSnapshot
			ec2:DescribeInstanceAttribute ebs:GetSnapshotBlock ecr:BatchGetImage ecr:GetDownloadUrlForLayer logs:FilterLogEvents
			logs:GetLogEvents logs:StartQuery kinesis:GetRecords athena:GetQueryResults codecommit:GitPull rds:StartExportTask`,
		"WRITE": `s3:PutObject s3:DeleteObject dynamodb:PutItem dynamodb:DeleteTable sqs:SendMessage sns:Publish kms:ScheduleKeyDeletion
			kms:DisableKey cloudtrail:StopLogging ec2:TerminateInstances rds:DeleteDBInstance secretsmanager:PutSecretValue ecr:PutImage s3:PutBucketVersioning`,
		"ADMIN": `s3:PutBucketPolicy s3:PutBucketAcl s3:DeleteBucketPolicy kms:PutKeyPolicy kms:CreateGrant iam:AttachUserPolicy iam:PutRolePolicy
			iam:CreatePolicyVersion iam:UpdateAssumeRolePolicy iam:AddUserToGroup lambda:AddPermission sqs:SetQueueAttributes sns:SetTopicAttributes
			ec2:ModifySnapshotAttribute ec2:ModifyImageAttribute rds:ModifyDBSnapshotAttribute ram:CreateResourceShare ec2:AssociateKmsKeyId`,
		"acts-as":       `sts:AssumeRole iam:PassRole iam:CreateAccessKey iam:CreateLoginProfile ssm:SendCommand ssm:StartSession ecs:ExecuteCommand ec2:RunInstances glue:CreateJob`,
		"WRITE+acts-as": `lambda:UpdateFunctionCode cloudformation:UpdateStack states:UpdateStateMachine`,
		"READ+WRITE":    `rds-data:ExecuteStatement redshift-data:ExecuteStatement athena:StartQueryExecution rds-db:connect s3express:CreateSession`,
		"none":          `s3:ListBucket s3:GetBucketPolicy s3:ListAllMyBuckets ec2:DescribeInstances iam:ListUsers iam:GetRole kms:DescribeKey kms:GenerateDataKey sts:GetCallerIdentity dynamodb:DescribeTable`,
		"unknown":       `s3:NotYet nobody:Knows`,
	} {
		for action := range strings.FieldsSeq(actions) {
			if got, why := c.Capability(strings.ToLower(action)); got.String() != want || why == "" {
				t.Errorf("%s gives %s (%s), expected %s", action, got, why, want)
			}
		}
	}
}
