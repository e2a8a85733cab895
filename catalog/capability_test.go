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
	expect(t, map[string]string{
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
		"acts-as":       `sts:AssumeRole iam:PassRole iam:CreateAccessKey iam:CreateLoginProfile ssm:SendCommand ssm:StartSession ecs:ExecuteCommand`,
		"WRITE+acts-as": `lambda:UpdateFunctionCode cloudformation:UpdateStack states:UpdateStateMachine`,
		"READ+WRITE":    `rds-data:ExecuteStatement redshift-data:ExecuteStatement athena:StartQueryExecution rds-db:connect s3express:CreateSession`,
		"none":          `s3:ListBucket s3:GetBucketPolicy s3:ListAllMyBuckets ec2:DescribeInstances iam:ListUsers iam:GetRole kms:DescribeKey kms:GenerateDataKey sts:GetCallerIdentity dynamodb:DescribeTable`,
		"unknown":       `s3:NotYet nobody:Knows`,
	})
}

func expect(t *testing.T, table map[string]string) {
	t.Helper()
	c := loaded(t)
	for want, actions := range table {
		for action := range strings.FieldsSeq(actions) {
			if got, why := c.Capability(strings.ToLower(action)); got.String() != want || why == "" {
				t.Errorf("%s gives %s (%s), expected %s", action, got, why, want)
			}
		}
	}
}

// The names of these mislead: what they describe or list is content or a secret, and what they write is read elsewhere.
func TestCapabilityReads(t *testing.T) {
	expect(t, map[string]string{
		"READ": `ec2:DescribeVpnConnections cognito-idp:DescribeIdentityProvider firehose:DescribeDeliveryStream storagegateway:DescribeChapCredentials
			ecs:DescribeTasks batch:DescribeJobs apprunner:DescribeService amplify:ListApps elasticbeanstalk:DescribeConfigurationSettings
			cloudformation:DescribeChangeSet cloudformation:ListExports cloudformation:ListResources cloudfront:GetDistribution cloudfront-keyvaluestore:ListKeys
			glue:ListStatements redshift-data:DescribeStatement codecommit:DescribeMergeConflicts ssm:DescribeAutomationExecutions logs:ListAnomalies
			bedrock-agentcore:RetrieveMemoryRecords bedrock-agentcore:ListEvents xray:BatchGetTraces support:DescribeCommunications qbusiness:ListMessages geo:DescribeKey
			rds:CopyDBSnapshot redshift:RestoreFromClusterSnapshot elasticache:CopySnapshot memorydb:CreateSnapshot ec2:BundleInstance
			backup:StartRestoreJob secretsmanager:ReplicateSecretToRegions cloudtrail:CreateTrail bedrock:PutModelInvocationLoggingConfiguration
			events:RetrieveConnectionCredentials sagemaker:InvokeEndpoint`,
		"READ+WRITE": `ec2:AttachVolume ec2:RunInstances swf:PollForDecisionTask states:GetActivityTask codepipeline:PollForJobs sqs:StartMessageMoveTask
			codeconnections:UseConnection vpc-lattice-svcs:Invoke qldb:SendCommand lakeformation:GetTemporaryGlueTableCredentials`,
		"none": `states:DescribeMapRun ec2:DescribeImages kinesis:GetResourcePolicy arc-region-switch:GetResourcePolicy quicksight:DescribeTopicPermissions
			route53:GetHostedZone ec2:SearchTransitGatewayRoutes`,
	})
}

// What changes who may is ADMIN though AWS calls it a Write: policies, grants, sharing, trust, membership, keys, the network, and the
// whole of the services that exist for nothing else.
func TestCapabilityAdministers(t *testing.T) {
	expect(t, map[string]string{
		"ADMIN": `codeartifact:PutRepositoryPermissionsPolicy kinesis:PutResourcePolicy xray:DeleteResourcePolicy es:UpdateElasticsearchDomainConfig
			kms:ReplicateKey lambda:UpdateFunctionUrlConfig ecr:CreateRepositoryCreationTemplate logs:DeleteDataProtectionPolicy
			iam:CreateRole iam:DeleteUser iam:TagRole sts:TagSession sso:CreateApplicationAssignment identitystore:UpdateUser ram:DeleteResourceShare
			organizations:CreateAccount verifiedpermissions:CreatePolicy rolesanywhere:DisableCrl sso-directory:ImportExternalIdPCertificate
			lakeformation:AddLFTagsToResource lakeformation:UpdateDataCellsFilter guardduty:AcceptAdministratorInvitation ds:ShareDirectory
			cognito-idp:UpdateUserPoolClient cognito-idp:AdminRemoveUserFromGroup cognito-idp:AdminResetUserPassword cognito-identity:UpdateIdentityPool
			eks:UpdateClusterConfig eks:CreatePodIdentityAssociation ec2:AssociateIamInstanceProfile rds:AddRoleToDBCluster transfer:CreateUser
			redshift:ModifyCluster redshift-serverless:UpdateNamespace elasticache:ModifyReplicationGroup mq:UpdateConfiguration lightsail:UpdateBucket
			ec2:CreateNetworkAclEntry ec2:ModifyManagedPrefixList wafv2:DisassociateWebACL elasticloadbalancing:SetSecurityGroups
			route53:CreateVPCAssociationAuthorization account:AcceptPrimaryEmailUpdate backup:DeleteBackupVaultLockConfiguration s3:PutBucketAbac`,
		"ADMIN+acts-as": `iam:UpdateLoginProfile cognito-idp:AdminSetUserPassword ds:ResetUserPassword workmail:ResetPassword sso-directory:UpdatePassword`,
		"WRITE":         `iam:CreateAccountAlias iam:ChangePassword ec2:CreateTags s3:PutObjectTagging kms:TagResource`,
	})
}

// To act as somebody is what the call gives by itself. One that hands a role over needs iam:PassRole beside, which is where it is told.
func TestCapabilityActsAs(t *testing.T) {
	expect(t, map[string]string{
		"acts-as": `iam:PassRole sts:GetFederationToken cognito-identity:GetOpenIdToken datazone:GetEnvironmentCredentials deadline:AssumeFleetRoleForWorker
			appstream:CreateStreamingURL athena:GetSessionEndpoint cloudwatch:AssumeAccessProfile ssm:GetAccessToken batch:SubmitJob glue:StartJobRun
			bedrock-agentcore:InvokeAgentRuntimeCommandShell ecs:RunTask emr-containers:StartJobRun`,
		"WRITE+acts-as": `ec2:CreateLaunchTemplateVersion ssm:UpdateDocument codebuild:UpdateProject glue:UpdateJob glue:CreateTrigger appsync:UpdateResolver
			cloudformation:DeleteStack codedeploy:CreateDeployment kafkaconnect:UpdateConnector synthetics:UpdateCanary`,
		"WRITE": `lambda:CreateFunction glue:CreateJob ecs:RegisterTaskDefinition cloudformation:CreateStack states:CreateStateMachine pipes:CreatePipe
			scheduler:UpdateSchedule codepipeline:UpdatePipeline sagemaker:CreateTrainingJob cloudshell:CreateSession`,
	})
}
