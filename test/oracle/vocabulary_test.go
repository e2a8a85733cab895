package oracle_test

import (
	"strings"

	"github.com/footing-dev/footing/iam"
)

// Three accounts: most questions stay within the first.
const (
	home  = "111122223333"
	other = "444455556666"
	third = "777788889999"
)

var principals = []string{
	"arn:aws:iam::" + home + ":user/alice",
	"arn:aws:iam::" + home + ":user/team/bob",
	"arn:aws:sts::" + home + ":assumed-role/app/i-1",
	"arn:aws:sts::" + home + ":assumed-role/app/deploy",
	"arn:aws:iam::" + home + ":role/app",
	"arn:aws:iam::" + home + ":role/ops/admin",
	"arn:aws:sts::" + home + ":federated-user/carol",
	"arn:aws:iam::" + home + ":root",
	"arn:aws:sts::" + home + ":assumed-role/AWSServiceRoleForECS/ecs",
	"arn:aws:iam::" + other + ":user/eve",
	"arn:aws:sts::" + other + ":assumed-role/peer/s",
	"arn:aws:iam::" + other + ":root",
	"lambda.amazonaws.com",
	"cloudtrail.amazonaws.com",
	"anonymous",
	"arn:aws:iam::" + home + ":oidc-provider/token.actions.githubusercontent.com",
}

// targets are real actions with ARNs of the form that they take; OWNER is the account of the resource.
var targets = []struct{ action, resource string }{
	{"s3:GetObject", "arn:aws:s3:::data/reports/2026/q1.csv"},
	{"s3:GetObject", "arn:aws:s3:::data/alice/notes.txt"},
	{"s3:DeleteObject", "arn:aws:s3:::data/reports/2026/q1.csv"},
	{"s3:ListBucket", "arn:aws:s3:::data"},
	{"s3:PutBucketPolicy", "arn:aws:s3:::data"},
	{"s3:ListAllMyBuckets", "*"},
	{"kms:Decrypt", "arn:aws:kms:eu-west-1:OWNER:key/1234abcd-12ab-34cd-56ef-1234567890ab"},
	{"kms:RetireGrant", "arn:aws:kms:eu-west-1:OWNER:key/1234abcd-12ab-34cd-56ef-1234567890ab"},
	{"kms:UpdateAlias", "arn:aws:kms:eu-west-1:OWNER:alias/aws/s3"},
	{"kms:UpdateAlias", "arn:aws:kms:eu-west-1:OWNER:alias/data"},
	{"kms:ListKeys", "*"},
	{"sts:AssumeRole", "arn:aws:iam::OWNER:role/target"},
	{"sts:AssumeRole", "arn:aws:iam::OWNER:role/ops/target"},
	{"sts:AssumeRoleWithWebIdentity", "arn:aws:iam::OWNER:role/target"},
	{"sts:TagSession", "arn:aws:iam::OWNER:role/target"},
	{"sts:GetCallerIdentity", "*"},
	{"sqs:SendMessage", "arn:aws:sqs:eu-west-1:OWNER:jobs"},
	{"sns:Publish", "arn:aws:sns:eu-west-1:OWNER:alerts"},
	{"lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:OWNER:function:resize"},
	{"dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:OWNER:table/orders"},
	{"secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:OWNER:secret:prod/db-a1b2c3"},
	{"ec2:TerminateInstances", "arn:aws:ec2:eu-west-1:OWNER:instance/i-0123456789abcdef0"},
	{"ec2:DescribeInstances", "*"},
	{"iam:CreateUser", "arn:aws:iam::OWNER:user/new/dave"},
	{"iam:PassRole", "arn:aws:iam::OWNER:role/ops/target"},
	{"iam:AttachRolePolicy", "arn:aws:iam::OWNER:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"},
	{"iam:PutRolePolicy", "arn:aws:iam::OWNER:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"},
	{"iam:CreatePolicyVersion", "arn:aws:iam::aws:policy/ReadOnlyAccess"},
	{"iam:CreatePolicyVersion", "arn:aws:iam::OWNER:policy/own"},
	{"logs:PutLogEvents", "arn:aws:logs:eu-west-1:OWNER:log-group:/aws/lambda/resize:log-stream:2026/01/02"},
	{"ecr:BatchGetImage", "arn:aws:ecr:eu-west-1:OWNER:repository/web"},
	{"events:PutEvents", "arn:aws:events:eu-west-1:OWNER:event-bus/main"},
	{"ssm:GetParameter", "arn:aws:ssm:eu-west-1:OWNER:parameter/prod/db/password"},
	{"states:StartExecution", "arn:aws:states:eu-west-1:OWNER:stateMachine:orders"},
	{"glue:GetTable", "arn:aws:glue:eu-west-1:OWNER:table/sales/orders"},
	{"elasticfilesystem:ClientMount", "arn:aws:elasticfilesystem:eu-west-1:OWNER:file-system/fs-0123456789abcdef0"},
	{"execute-api:Invoke", "arn:aws:execute-api:eu-west-1:OWNER:a1b2c3d4e5/prod/GET/orders/1"},
	{"es:ESHttpGet", "arn:aws:es:eu-west-1:OWNER:domain/search"},
}

// A key's kind picks the operators that are tried on it.
type kind uint8

const (
	text kind = iota
	arnText
	number
	date
	boolean
	address
)

type contextKey struct {
	name   string
	kind   kind
	many   bool
	values []string
}

// keys are condition keys beside those of the principal, with values that a request may carry.
var keys = []contextKey{
	{"aws:SourceIp", address, false, []string{"203.0.113.7", "10.1.2.3", "2001:db8::1", "198.51.100.255"}},
	{"aws:VpcSourceIp", address, false, []string{"10.1.2.3", "10.9.0.1"}},
	{"aws:SourceVpc", text, false, []string{"vpc-11111111", "vpc-22222222"}},
	{"aws:SourceVpce", text, false, []string{"vpce-0a", "vpce-0b"}},
	{"aws:SecureTransport", boolean, false, []string{"true", "false"}},
	{"aws:MultiFactorAuthPresent", boolean, false, []string{"true", "false"}},
	{"aws:ViaAWSService", boolean, false, []string{"true", "false"}},
	{"aws:MultiFactorAuthAge", number, false, []string{"0", "59", "3600", "86399"}},
	{"aws:CurrentTime", date, false, []string{"2026-09-24T00:00:00Z", "2026-01-31T23:59:59Z", "2025-12-31T12:00:00+02:00"}},
	{"aws:TokenIssueTime", date, false, []string{"2026-09-23T23:00:00Z", "2026-09-24T00:00:00Z"}},
	{"aws:RequestedRegion", text, false, []string{"eu-west-1", "us-east-1", "EU-WEST-1"}},
	{"aws:UserAgent", text, false, []string{"aws-cli/2.0 Python/3", "Boto3", "a*b", "?"}},
	{"aws:Referer", text, false, []string{"https://example.com/a", ""}},
	{"aws:PrincipalOrgID", text, false, []string{"o-aaaaaaaaaa", "o-bbbbbbbbbb"}},
	{"aws:PrincipalOrgPaths", text, true, []string{"o-aaaaaaaaaa/r-ab12/ou-ab12-11111111/", "o-aaaaaaaaaa/r-ab12/", "o-bbbbbbbbbb/r-cd34/"}},
	{"aws:PrincipalTag/team", text, false, []string{"blue", "Blue", "red", "*", ""}},
	{"aws:PrincipalTag/Project", text, false, []string{"reports", "data", "x?"}},
	{"aws:ResourceTag/team", text, false, []string{"blue", "red", "BLUE"}},
	{"aws:RequestTag/team", text, false, []string{"blue", "red"}},
	{"aws:TagKeys", text, true, []string{"team", "Team", "project", "cost-center"}},
	{"aws:CalledVia", text, true, []string{"cloudformation.amazonaws.com", "athena.amazonaws.com", "dynamodb.amazonaws.com"}},
	{"aws:ResourceOrgID", text, false, []string{"o-aaaaaaaaaa", "o-bbbbbbbbbb"}},
	{"aws:SourceIdentity", text, false, []string{"alice", "bob"}},
	{"aws:SourceArn", arnText, false, []string{"arn:aws:sns:eu-west-1:" + home + ":alerts", "arn:aws:s3:::data", "arn:aws:lambda:eu-west-1:" + other + ":function:f:1"}},
	{"aws:SourceAccount", text, false, []string{home, other}},
	{"s3:prefix", text, false, []string{"alice/", "reports/2026/", ""}},
	{"s3:max-keys", number, false, []string{"10", "1000"}},
	{"s3:ExistingObjectTag/class", text, false, []string{"public", "secret"}},
	{"kms:ViaService", text, false, []string{"s3.eu-west-1.amazonaws.com", "rds.eu-west-1.amazonaws.com"}},
	{"kms:EncryptionContextKeys", text, true, []string{"aws:s3:arn", "tenant"}},
	{"sts:ExternalId", text, false, []string{"partner-1", "Partner-1"}},
	{"sts:RoleSessionName", text, false, []string{"alice", "ci"}},
	{"dynamodb:LeadingKeys", text, true, []string{"alice", "bob", "user#1"}},
	{"dynamodb:Attributes", text, true, []string{"id", "name", "salary"}},
	{"secretsmanager:VersionStage", text, false, []string{"AWSCURRENT", "AWSPREVIOUS"}},
	{"iam:PassedToService", text, false, []string{"ec2.amazonaws.com", "lambda.amazonaws.com"}},
	{"token.actions.githubusercontent.com:actor", text, false, []string{"octocat", "hubot"}},
}

// carries says whether a request of the principal can carry the key.
func carries(principal, key string) bool {
	inAccount := iam.Account(principal) != ""
	switch key {
	case "aws:PrincipalOrgID", "aws:PrincipalOrgPaths":
		return inAccount
	case "aws:PrincipalTag/team", "aws:PrincipalTag/Project":
		return inAccount
	case "aws:SourceArn", "aws:SourceAccount":
		return strings.HasSuffix(principal, ".amazonaws.com")
	}
	return true
}

func kindOf(name string) *contextKey {
	for i := range keys {
		if keys[i].name == name {
			return &keys[i]
		}
	}
	return nil
}
