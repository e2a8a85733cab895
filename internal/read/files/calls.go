package files

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// tells says what a call about one resource reads: the properties of a type that stay unknown without it.
type tells struct {
	call, typ  string // no type: any resource of the service
	properties []string
}

// itemCalls are API operations, and the IAM actions that permit them where those are named otherwise.
var itemCalls = [...]tells{
	{"s3:GetBucketPolicy", "AWS::S3::Bucket", []string{"Policy"}},
	{"s3:GetBucketTagging", "AWS::S3::Bucket", []string{"Tags"}},
	{"s3:GetBucketAcl", "AWS::S3::Bucket", []string{"AccessControlList"}},
	{"s3:GetPublicAccessBlock", "AWS::S3::Bucket", []string{"PublicAccessBlockConfiguration"}},
	{"s3:GetBucketPublicAccessBlock", "AWS::S3::Bucket", []string{"PublicAccessBlockConfiguration"}},
	{"s3:GetEncryptionConfiguration", "AWS::S3::Bucket", []string{"BucketEncryption"}},
	{"s3:GetBucketEncryption", "AWS::S3::Bucket", []string{"BucketEncryption"}},
	{"s3:GetBucketVersioning", "AWS::S3::Bucket", []string{"VersioningConfiguration"}},
	{"s3:GetBucketOwnershipControls", "AWS::S3::Bucket", []string{"OwnershipControls"}},
	{"s3:GetBucketWebsite", "AWS::S3::Bucket", []string{"WebsiteConfiguration"}},
	{"s3:GetBucketLogging", "AWS::S3::Bucket", []string{"LoggingConfiguration"}},
	{"s3:GetBucketReplication", "AWS::S3::Bucket", []string{"ReplicationConfiguration"}},
	{"s3:GetReplicationConfiguration", "AWS::S3::Bucket", []string{"ReplicationConfiguration"}},
	{"kms:GetKeyPolicy", "AWS::KMS::Key", []string{"KeyPolicy"}},
	{"kms:ListGrants", "AWS::KMS::Key", []string{"Grants"}},
	{"kms:ListResourceTags", "AWS::KMS::Key", []string{"Tags"}},
	{"kms:DescribeKey", "AWS::KMS::Key", []string{"KeyManager", "KeyState", "MultiRegion"}},
	{"kms:GetKeyRotationStatus", "AWS::KMS::Key", []string{"EnableKeyRotation"}},
	{"sqs:GetQueueAttributes", "AWS::SQS::Queue", []string{"Policy", "KmsMasterKeyId"}},
	{"sqs:ListQueueTags", "AWS::SQS::Queue", []string{"Tags"}},
	{"sns:GetTopicAttributes", "AWS::SNS::Topic", []string{"Policy", "KmsMasterKeyId"}},
	{"sns:ListTagsForResource", "AWS::SNS::Topic", []string{"Tags"}},
	{"sns:ListSubscriptions", "AWS::SNS::Topic", []string{"Subscription", "PendingSubscription"}},
	{"sns:ListSubscriptionsByTopic", "AWS::SNS::Topic", []string{"Subscription", "PendingSubscription"}},
	{"lambda:GetPolicy", "AWS::Lambda::Function", []string{"Policy"}},
	{"lambda:ListTags", "AWS::Lambda::Function", []string{"Tags"}},
	{"lambda:GetFunctionConfiguration", "AWS::Lambda::Function", []string{"Role", "VpcConfig", "KmsKeyArn", "EnvironmentNames", "SecretLooking"}},
	{"secretsmanager:GetResourcePolicy", "AWS::SecretsManager::Secret", []string{"Policy"}},
	{"secretsmanager:DescribeSecret", "AWS::SecretsManager::Secret", []string{"KmsKeyId", "RotationEnabled", "Tags"}},
	{"dynamodb:GetResourcePolicy", "AWS::DynamoDB::Table", []string{"Policy"}},
	{"dynamodb:DescribeTable", "AWS::DynamoDB::Table", []string{"SSESpecification", "DeletionProtectionEnabled"}},
	{"dynamodb:DescribeContinuousBackups", "AWS::DynamoDB::Table", []string{"PointInTimeRecoverySpecification"}},
	{"dynamodb:ListTagsOfResource", "AWS::DynamoDB::Table", []string{"Tags"}},
	{"ecr:GetRepositoryPolicy", "AWS::ECR::Repository", []string{"RepositoryPolicyText"}},
	{"ecr:ListTagsForResource", "AWS::ECR::Repository", []string{"Tags"}},
	{"ssm:ListTagsForResource", "AWS::SSM::Parameter", []string{"Tags"}},
	{"rds:ListTagsForResource", "", []string{"Tags"}},
	{"ecs:ListTagsForResource", "", []string{"Tags"}},
	{"rds:DescribeDBSnapshotAttributes", "AWS::RDS::DBSnapshot", []string{"SharedWith"}},
	{"rds:DescribeDBClusterSnapshotAttributes", "AWS::RDS::DBClusterSnapshot", []string{"SharedWith"}},
	{"ec2:DescribeSnapshotAttribute", "AWS::EC2::Snapshot", []string{"CreateVolumePermissions"}},
	{"ec2:DescribeImageAttribute", "AWS::EC2::Image", []string{"LaunchPermissions", "Public"}},
	{"ec2:DescribeTags", "", []string{"Tags"}},
	{"cloudtrail:GetTrailStatus", "AWS::CloudTrail::Trail", []string{"IsLogging", "LatestDeliveryError", "LatestCloudWatchLogsDeliveryError"}},
	{"cloudtrail:GetEventSelectors", "AWS::CloudTrail::Trail", []string{"EventSelectors", "AdvancedEventSelectors"}},
	{"events:ListTargetsByRule", "AWS::Events::Rule", []string{"Targets"}},
	{"eventbridge:ListTargetsByRule", "AWS::Events::Rule", []string{"Targets"}},
	{"guardduty:GetDetector", "AWS::GuardDuty::Detector", []string{"Enable", "Features", "FindingPublishingFrequency"}},
	{"guardduty:ListFindings", "AWS::GuardDuty::Detector", []string{"Findings"}},
	{"guardduty:GetFindings", "AWS::GuardDuty::Detector", []string{"Findings"}},
	{"securityhub:GetFindings", "AWS::SecurityHub::Hub", []string{"Findings"}},
	{"configservice:DescribeConfigurationRecorderStatus", "AWS::Config::ConfigurationRecorder", []string{"Recording", "LastErrorCode"}},
	{"cloudtrail:ListTags", "AWS::CloudTrail::Trail", []string{"Tags"}},
	{"iam:GetRole", "AWS::IAM::Role", []string{"MaxSessionDuration"}},
	{"iam:GetOpenIDConnectProvider", "AWS::IAM::OIDCProvider", []string{"Url", "ClientIdList", "ThumbprintList"}},
	{"iam:ListAccountAliases", "AWS::Account", []string{"Alias"}},
}

// tellsOf finds a call; the zero value, which fits nothing, when it is not known what the call reads.
func tellsOf(call string) tells {
	i := slices.IndexFunc(itemCalls[:], func(t tells) bool { return t.call == call })
	if i < 0 {
		return tells{}
	}
	return itemCalls[i]
}

func (t tells) fits(r *snapshot.Resource) bool {
	if t.typ == "" {
		return t.call != "" && strings.HasPrefix(t.call, serviceOf(r.Type)+":")
	}
	return t.typ == r.Type
}

// mark: the call failed for this very resource.
func (t tells) mark(r *snapshot.Resource) {
	r.Unknown = append(slices.Clone(r.Unknown), t.properties...)
}

// markMissing: the call failed for resources that are not named; what is there was read after all.
func (t tells) markMissing(r *snapshot.Resource) {
	for _, p := range t.properties {
		if !has(r, p) && !r.IsUnknown(p) {
			r.Unknown = append(slices.Clone(r.Unknown), p)
		}
	}
}

func has(r *snapshot.Resource, property string) bool {
	switch property {
	case "Policy":
		return len(r.Policy) > 0
	case "Tags":
		return r.Tags != nil
	}
	_, state := r.Property(property)
	return state == snapshot.Known
}
