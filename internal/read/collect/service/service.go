// Package service is the rack of collectors: one file for each AWS service, each declaring the calls it makes.
package service

import (
	"context"
	"strings"
)

// Call is one API operation that a collector makes.
type Call struct {
	Name    string   // "s3:ListBuckets": the operation, not the IAM action
	Actions []string // the IAM actions it needs
	Why     string   // why the policy must grant them
	Types   []string // the types that it lists completely; empty for calls about one resource
	Holds   string   // a field or element that every complete answer has; "?Field" when an answer of nothing is an empty object
	Below   bool     // asked once for each of something else: with nothing above, it is not made
}

// Service reads one AWS service.
type Service struct {
	Name   string // "s3": also how --services names it
	Global bool   // read once, not once a Region
	Last   bool   // read when all others are done: they tell it what to ask
	Calls  []Call
	Read   func(context.Context, *Scope)
}

// All lists the collectors in reading order: what holds most comes first.
func All() []Service {
	return []Service{
		Start(),
		Tagging(),
		IAM(),
		Account(),
		Organizations(),
		S3Account(),
		S3(),
		EC2(),
		KMS(),
		Lambda(),
		RDS(),
		DynamoDB(),
		SecretsManager(),
		SSM(),
		ECS(),
		ECR(),
		SQS(),
		SNS(),
		CloudTrail(),
		ELBv2(),
		AutoScaling(),
		ELB(),
		APIGateway(),
		APIGatewayV2(),
		EKS(),
		EventBridge(),
		SFN(),
		CloudFormation(),
		CodeBuild(),
		CodePipeline(),
		CodeDeploy(),
		ElastiCache(),
		OpenSearch(),
		EFS(),
		Backup(),
		Logs(),
		CloudWatch(),
		Config(),
		GuardDuty(),
		AccessAnalyzer(),
		SecurityHub(),
		Inspector(),
		CloudFront(),
		GlobalAccelerator(),
		Route53(),
		ACM(),
		WAFv2(),
		Budgets(),
		SSO(),
		RolesAnywhere(),
		RAM(),
		Batch(),
		AppRunner(),
		Amplify(),
		Glue(),
		SageMaker(),
		Bedrock(),
		Pipes(),
		Scheduler(),
		Lightsail(),
		Kinesis(),
		Firehose(),
		Redshift(),
		RedshiftServerless(),
		Athena(),
		MQ(),
		Kafka(),
		CognitoUserPools(),
		CognitoIdentityPools(),
		SES(),
		IoT(),
		S3Control(),
		CloudControl(),
	}
}

// list declares a call that lists types completely.
func list(name, action, holds, why string, types ...string) Call {
	return Call{Name: name, Actions: strings.Fields(action), Holds: holds, Why: why, Types: types}
}

// below declares a call that lists types completely when it was asked of each of something else.
func below(name, action, holds, why string, types ...string) Call {
	c := list(name, action, holds, why, types...)
	c.Below = true
	return c
}

// about declares a call about one resource.
func about(name, action, holds, why string) Call {
	return Call{Name: name, Actions: strings.Fields(action), Holds: holds, Why: why}
}
