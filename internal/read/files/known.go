package files

import (
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// known is a type of the vocabulary, with the service and the API operation that lists it in a live scan.
type known struct{ typ, service, call string }

// knownTypes are the types of docs/vocabulary.md but for those of the authorization details, in its order.
var knownTypes = [...]known{
	{"AWS::Account", "account", "account:GetAlternateContact"},
	{"AWS::IAM::OIDCProvider", "iam", "iam:ListOpenIDConnectProviders"},
	{"AWS::IAM::SAMLProvider", "iam", "iam:ListSAMLProviders"},
	{"AWS::IAM::CredentialReport", "iam", "iam:GetCredentialReport"},
	{"AWS::IAM::AccountSummary", "iam", "iam:GetAccountSummary"},
	{"AWS::Organizations::Organization", "organizations", "organizations:DescribeOrganization"},
	{"AWS::Organizations::Policy", "organizations", "organizations:ListPolicies"},
	{"AWS::S3::AccountPublicAccessBlock", "s3control", "s3control:GetPublicAccessBlock"},
	{"AWS::S3::Bucket", "s3", "s3:ListBuckets"},
	{"AWS::KMS::Key", "kms", "kms:ListKeys"},
	{"AWS::KMS::Alias", "kms", "kms:ListAliases"},
	{"AWS::EC2::VPC", "ec2", "ec2:DescribeVpcs"},
	{"AWS::EC2::Subnet", "ec2", "ec2:DescribeSubnets"},
	{"AWS::EC2::InternetGateway", "ec2", "ec2:DescribeInternetGateways"},
	{"AWS::EC2::NatGateway", "ec2", "ec2:DescribeNatGateways"},
	{"AWS::EC2::RouteTable", "ec2", "ec2:DescribeRouteTables"},
	{"AWS::EC2::NetworkAcl", "ec2", "ec2:DescribeNetworkAcls"},
	{"AWS::EC2::SecurityGroup", "ec2", "ec2:DescribeSecurityGroups"},
	{"AWS::EC2::NetworkInterface", "ec2", "ec2:DescribeNetworkInterfaces"},
	{"AWS::EC2::Instance", "ec2", "ec2:DescribeInstances"},
	{"AWS::EC2::Volume", "ec2", "ec2:DescribeVolumes"},
	{"AWS::EC2::Snapshot", "ec2", "ec2:DescribeSnapshots"},
	{"AWS::EC2::Image", "ec2", "ec2:DescribeImages"},
	{"AWS::EC2::SnapshotBlockPublicAccess", "ec2", "ec2:GetSnapshotBlockPublicAccessState"},
	{"AWS::Lambda::Function", "lambda", "lambda:ListFunctions"},
	{"AWS::Lambda::Url", "lambda", "lambda:ListFunctionUrlConfigs"},
	{"AWS::Lambda::EventSourceMapping", "lambda", "lambda:ListEventSourceMappings"},
	{"AWS::RDS::DBInstance", "rds", "rds:DescribeDBInstances"},
	{"AWS::RDS::DBCluster", "rds", "rds:DescribeDBClusters"},
	{"AWS::RDS::DBSnapshot", "rds", "rds:DescribeDBSnapshots"},
	{"AWS::RDS::DBClusterSnapshot", "rds", "rds:DescribeDBClusterSnapshots"},
	{"AWS::DynamoDB::Table", "dynamodb", "dynamodb:ListTables"},
	{"AWS::SecretsManager::Secret", "secretsmanager", "secretsmanager:ListSecrets"},
	{"AWS::SecretsManager::SecretTargetAttachment", "secretsmanager", "secretsmanager:ListSecrets"},
	{"AWS::SSM::Parameter", "ssm", "ssm:DescribeParameters"},
	{"AWS::ECS::Cluster", "ecs", "ecs:ListClusters"},
	{"AWS::ECS::Service", "ecs", "ecs:ListServices"},
	{"AWS::ECS::TaskDefinition", "ecs", "ecs:ListTaskDefinitions"},
	{"AWS::ECR::Repository", "ecr", "ecr:DescribeRepositories"},
	{"AWS::SQS::Queue", "sqs", "sqs:ListQueues"},
	{"AWS::SNS::Topic", "sns", "sns:ListTopics"},
	{"AWS::CloudTrail::Trail", "cloudtrail", "cloudtrail:DescribeTrails"},
}

// otherLists are more operations without which types are not complete: what the lists above need beside themselves, and the
// names that IAM gives them where those differ.
var otherLists = map[string][]string{
	"iam:GetAccountAuthorizationDetails":    {"AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::InstanceProfile", "AWS::IAM::ManagedPolicy"},
	"iam:ListUsers":                         {"AWS::IAM::User"},
	"iam:ListGroups":                        {"AWS::IAM::Group"},
	"iam:ListRoles":                         {"AWS::IAM::Role"},
	"iam:ListInstanceProfiles":              {"AWS::IAM::InstanceProfile"},
	"iam:ListPolicies":                      {"AWS::IAM::ManagedPolicy"},
	"iam:GenerateCredentialReport":          {"AWS::IAM::CredentialReport"},
	"organizations:ListPoliciesForTarget":   {"AWS::Organizations::Policy"},
	"organizations:DescribePolicy":          {"AWS::Organizations::Policy"},
	"organizations:ListParents":             {"AWS::Organizations::Policy"},
	"organizations:DescribeEffectivePolicy": {"AWS::Organizations::Policy"},
	"organizations:ListRoots":               {"AWS::Organizations::Policy"},
	"s3:ListAllMyBuckets":                   {"AWS::S3::Bucket"},
	"s3:GetAccountPublicAccessBlock":        {"AWS::S3::AccountPublicAccessBlock"},
	"s3control:GetAccountPublicAccessBlock": {"AWS::S3::AccountPublicAccessBlock"},
	"lambda:GetFunctionUrlConfig":           {"AWS::Lambda::Url"},
	"ecs:DescribeClusters":                  {"AWS::ECS::Cluster"},
	"ecs:DescribeServices":                  {"AWS::ECS::Service"},
	"ecs:DescribeTaskDefinition":            {"AWS::ECS::TaskDefinition"},
	"cloudtrail:ListTrails":                 {"AWS::CloudTrail::Trail"},
	"account:GetContactInformation":         {"AWS::Account"},
}

// listedBy are the types that are not complete without an operation.
func listedBy(call string) []string {
	types := append([]string(nil), otherLists[call]...)
	for _, k := range knownTypes {
		if k.call == call {
			types = append(types, k.typ)
		}
	}
	return types
}

// serviceOf is the service of a type: the second part of its name when it is not in the vocabulary.
func serviceOf(typ string) string {
	for _, k := range knownTypes {
		if k.typ == typ {
			return k.service
		}
	}
	if parts := strings.Split(typ, "::"); len(parts) > 1 {
		return strings.ToLower(parts[1])
	}
	return strings.ToLower(typ)
}

// notAsked is one gap for each operation that lists a type of the vocabulary which does not occur.
func notAsked(occur map[string]bool, reason string) []snapshot.Coverage {
	var out []snapshot.Coverage
	at := map[string]int{}
	for _, k := range knownTypes {
		if occur[k.typ] {
			continue
		}
		if i, ok := at[k.call]; ok {
			out[i].Types = append(out[i].Types, k.typ)
			continue
		}
		at[k.call] = len(out)
		out = append(out, snapshot.Coverage{
			Service: k.service, Call: k.call, Types: []string{k.typ}, Outcome: snapshot.NotAsked, Reason: reason,
		})
	}
	return out
}
