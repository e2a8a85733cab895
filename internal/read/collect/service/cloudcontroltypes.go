package service

import (
	"regexp"
	"slices"
	"strings"
)

// tailType is a type that Cloud Control reads for us and whose handlers were looked through: all that they need is to list and to read.
type tailType struct {
	name   string
	kind   string // its resource type in the catalogue
	needed string // the properties that decide something: without one of them, what the list tells is too little
	policy string // the property that is its resource-based policy
	untold string // properties that can be set and are never told
	list   string // the IAM actions of its list handler
	read   string // and those that its read handler needs beside them
}

// tailTypes are the types that the printed policy grants, and that an ARN is recognised by. The actions are those of the handlers in the
// types' schemas, without what only serves to fill a gap of theirs (kms:DescribeKey).
// "Resource type schema", https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
func tailTypes() []tailType {
	return []tailType{
		{"AWS::ACMPCA::CertificateAuthority", "acm-pca:certificate-authority", "", "", "", "acm-pca:DescribeCertificateAuthority acm-pca:GetCertificateAuthorityCsr acm-pca:ListCertificateAuthorities acm-pca:ListTags", ""},
		{"AWS::APS::Workspace", "aps:workspace", "KmsKeyArn", "", "", "aps:ListTagsForResource aps:ListWorkspaces", "aps:DescribeAlertManagerDefinition aps:DescribeLoggingConfiguration aps:DescribeQueryLoggingConfiguration aps:DescribeWorkspace aps:DescribeWorkspaceConfiguration"},
		{"AWS::AppStream::Fleet", "appstream:fleet", "IamRoleArn", "", "", "appstream:DescribeFleets", "appstream:ListTagsForResource"},
		{"AWS::AppSync::Api", "appsync:api", "EventConfig", "", "", "appsync:ListApis", "appsync:GetApi appsync:ListTagsForResource"},
		{"AWS::AppSync::GraphQLApi", "appsync:graphqlapi", "AuthenticationType AdditionalAuthenticationProviders Visibility", "", "", "appsync:ListGraphqlApis", "appsync:GetGraphqlApi appsync:GetGraphqlApiEnvironmentVariables appsync:ListTagsForResource"},
		{"AWS::BedrockAgentCore::BrowserCustom", "bedrock-agentcore:browser-custom", "ExecutionRoleArn", "", "", "bedrock-agentcore:ListBrowsers", "bedrock-agentcore:GetBrowser bedrock-agentcore:ListTagsForResource"},
		{"AWS::BedrockAgentCore::CodeInterpreterCustom", "bedrock-agentcore:code-interpreter-custom", "ExecutionRoleArn", "", "", "bedrock-agentcore:ListCodeInterpreters", "bedrock-agentcore:GetCodeInterpreter bedrock-agentcore:ListTagsForResource"},
		{"AWS::BedrockAgentCore::Gateway", "bedrock-agentcore:gateway", "RoleArn AuthorizerType", "", "", "bedrock-agentcore:ListGateways", "bedrock-agentcore:GetGateway bedrock-agentcore:ListTagsForResource"},
		{"AWS::BedrockAgentCore::Runtime", "bedrock-agentcore:runtime", "RoleArn AgentRuntimeArtifact", "", "", "bedrock-agentcore:ListAgentRuntimeEndpoints bedrock-agentcore:ListAgentRuntimes", "bedrock-agentcore:GetAgentRuntime bedrock-agentcore:GetAgentRuntimeEndpoint bedrock-agentcore:ListTagsForResource"},
		{"AWS::Cloud9::EnvironmentEC2", "cloud9:environment", "OwnerArn", "", "SubnetId", "cloud9:ListEnvironments", "cloud9:DescribeEnvironments cloud9:ListTagsForResource"},
		{"AWS::CodeArtifact::Domain", "codeartifact:domain", "PermissionsPolicyDocument", "PermissionsPolicyDocument", "", "codeartifact:ListDomains", "codeartifact:DescribeDomain codeartifact:GetDomainPermissionsPolicy codeartifact:ListTagsForResource"},
		{"AWS::CodeArtifact::Repository", "codeartifact:repository", "PermissionsPolicyDocument", "PermissionsPolicyDocument", "", "codeartifact:ListRepositories", "codeartifact:DescribeRepository codeartifact:GetRepositoryPermissionsPolicy codeartifact:ListTagsForResource"},
		{"AWS::CodeCommit::Repository", "codecommit:repository", "RepositoryName Arn", "", "", "codecommit:ListRepositories", "codecommit:GetRepository codecommit:GetRepositoryTriggers codecommit:ListTagsForResource"},
		{"AWS::CodeConnections::Connection", "codeconnections:Connection", "ProviderType", "", "", "codeconnections:ListConnections codeconnections:ListTagsForResource", "codeconnections:GetConnection"},
		{"AWS::CodeStarConnections::Connection", "codestar-connections:Connection", "ProviderType", "", "", "codestar-connections:ListConnections codestar-connections:ListTagsForResource", "codestar-connections:GetConnection"},
		{"AWS::DLM::LifecyclePolicy", "dlm:policy", "ExecutionRoleArn", "", "", "dlm:GetLifecyclePolicies", "dlm:GetLifecyclePolicy"},
		{"AWS::DSQL::Cluster", "dsql:Cluster", "PolicyDocument DeletionProtectionEnabled", "PolicyDocument", "", "dsql:ListClusters dsql:ListTagsForResource", "dsql:GetCluster dsql:GetClusterPolicy dsql:GetVpcEndpointServiceName"},
		{"AWS::DataSync::Task", "datasync:task", "SourceLocationArn DestinationLocationArn", "", "", "datasync:ListTasks", "datasync:DescribeTask datasync:ListTagsForResource"},
		{"AWS::DirectoryService::MicrosoftAD", "ds:directory", "", "", "", "ds:DescribeDirectories", ""},
		{"AWS::DocDBElastic::Cluster", "docdb-elastic:cluster", "KmsKeyId AuthType", "", "", "docdb-elastic:ListClusters", "docdb-elastic:GetCluster docdb-elastic:ListTagsForResource"},
		{"AWS::EMRServerless::Application", "emr-serverless:application", "", "", "", "emr-serverless:ListApplications", "emr-serverless:GetApplication"},
		{"AWS::ElasticBeanstalk::Environment", "elasticbeanstalk:environment", "OperationsRole", "", "OptionSettings", "elasticbeanstalk:DescribeEnvironments elasticbeanstalk:ListTagsForResource", "elasticbeanstalk:DescribeConfigurationSettings"},
		{"AWS::FIS::ExperimentTemplate", "fis:experiment-template", "RoleArn", "", "", "fis:ListExperimentTemplates fis:ListTagsForResource", "fis:GetExperimentTemplate"},
		{"AWS::FSx::StorageVirtualMachine", "fsx:storage-virtual-machine", "", "", "", "fsx:DescribeStorageVirtualMachines", "fsx:ListTagsForResource"},
		{"AWS::FSx::Volume", "fsx:volume", "", "", "", "fsx:DescribeVolumes", "fsx:ListTagsForResource"},
		{"AWS::Grafana::Workspace", "grafana:workspace", "RoleArn NetworkAccessControl", "", "", "grafana:DescribeWorkspaceAuthentication grafana:DescribeWorkspaceConfiguration grafana:ListTagsForResource grafana:ListWorkspaces", "grafana:DescribeWorkspace"},
		{"AWS::ImageBuilder::InfrastructureConfiguration", "imagebuilder:infrastructureConfiguration", "InstanceProfileName", "", "", "imagebuilder:ListInfrastructureConfigurations", "imagebuilder:GetInfrastructureConfiguration"},
		{"AWS::KafkaConnect::Connector", "kafkaconnect:connector", "ServiceExecutionRoleArn", "", "", "kafkaconnect:ListConnectors", "kafkaconnect:DescribeConnector kafkaconnect:ListTagsForResource"},
		{"AWS::Kendra::Index", "kendra:index", "RoleArn", "", "", "kendra:ListIndices", "kendra:DescribeIndex kendra:ListTagsForResource"},
		{"AWS::KinesisAnalyticsV2::Application", "kinesisanalytics:application", "ServiceExecutionRole", "", "", "kinesisanalytics:ListApplications", "kinesisanalytics:DescribeApplication kinesisanalytics:ListTagsForResource"},
		{"AWS::KinesisVideo::Stream", "kinesisvideo:stream", "KmsKeyId", "", "", "kinesisvideo:ListStreams", "kinesisvideo:DescribeStream kinesisvideo:DescribeStreamStorageConfiguration kinesisvideo:ListTagsForStream"},
		{"AWS::MWAA::Environment", "airflow:environment", "ExecutionRoleArn SourceBucketArn WebserverAccessMode", "", "", "airflow:ListEnvironments", "airflow:GetEnvironment"},
		{"AWS::MemoryDB::Cluster", "memorydb:cluster", "ACLName TLSEnabled KmsKeyId", "", "", "memorydb:DescribeClusters", "memorydb:ListTags"},
		{"AWS::NeptuneGraph::Graph", "neptune-graph:graph", "PublicConnectivity DeletionProtection", "", "", "neptune-graph:GetGraph neptune-graph:ListGraphs neptune-graph:ListTagsForResource", ""},
		{"AWS::NetworkFirewall::Firewall", "network-firewall:Firewall", "VpcId FirewallPolicyArn", "", "", "network-firewall:ListFirewalls", "network-firewall:DescribeFirewall network-firewall:ListTagsForResource"},
		{"AWS::OSIS::Pipeline", "osis:pipeline", "PipelineRoleArn", "", "VpcOptions", "osis:ListPipelines", "osis:GetPipeline osis:GetResourcePolicy osis:ListTagsForResource"},
		{"AWS::Oam::Link", "oam:Link", "", "", "", "oam:ListLinks", "oam:GetLink oam:ListTagsForResource"},
		{"AWS::Oam::Sink", "oam:Sink", "Policy", "Policy", "", "oam:ListSinks", "oam:GetSink oam:GetSinkPolicy oam:ListTagsForResource"},
		{"AWS::OpenSearchServerless::Collection", "aoss:Collection", "", "", "", "aoss:ListCollections", "aoss:BatchGetCollection aoss:ListTagsForResource"},
		{"AWS::PaymentCryptography::Key", "payment-cryptography:key", "Policy", "Policy", "", "payment-cryptography:ListKeys", "payment-cryptography:GetKey payment-cryptography:GetResourcePolicy payment-cryptography:ListTagsForResource"},
		{"AWS::Route53Resolver::ResolverEndpoint", "route53resolver:resolver-endpoint", "SecurityGroupIds Direction", "", "", "route53resolver:ListResolverEndpoints", "route53resolver:GetResolverEndpoint route53resolver:ListResolverEndpointIpAddresses route53resolver:ListTagsForResource"},
		{"AWS::Route53Resolver::ResolverQueryLoggingConfig", "route53resolver:resolver-query-log-config", "DestinationArn", "", "", "route53resolver:ListResolverQueryLogConfigs route53resolver:ListTagsForResource", "route53resolver:GetResolverQueryLogConfig"},
		{"AWS::S3Express::DirectoryBucket", "s3express:bucket", "BucketEncryption", "", "", "s3express:ListAllMyDirectoryBuckets", "ec2:DescribeAvailabilityZones s3express:GetEncryptionConfiguration s3express:GetInventoryConfiguration s3express:GetLifecycleConfiguration s3express:GetMetricsConfiguration s3express:ListTagsForResource"},
		{"AWS::S3Tables::TableBucket", "s3tables:TableBucket", "EncryptionConfiguration", "", "", "s3tables:ListTableBuckets", "s3tables:GetTableBucket s3tables:GetTableBucketEncryption s3tables:GetTableBucketMaintenanceConfiguration s3tables:GetTableBucketMetricsConfiguration s3tables:GetTableBucketReplication s3tables:GetTableBucketStorageClass s3tables:ListTagsForResource"},
		{"AWS::S3Vectors::VectorBucket", "s3vectors:VectorBucket", "EncryptionConfiguration", "", "", "s3vectors:ListVectorBuckets", "s3vectors:GetVectorBucket s3vectors:ListTagsForResource"},
		{"AWS::Timestream::Database", "timestream:database", "KmsKeyId", "", "", "timestream:DescribeEndpoints timestream:ListDatabases", "timestream:DescribeDatabase timestream:ListTagsForResource"},
		{"AWS::Timestream::InfluxDBInstance", "timestream-influxdb:db-instance", "PubliclyAccessible", "", "", "timestream-influxdb:ListDbInstances", "timestream-influxdb:GetDbInstance timestream-influxdb:ListTagsForResource"},
		{"AWS::Timestream::Table", "timestream:table", "", "", "", "timestream:DescribeEndpoints timestream:ListTables", "timestream:DescribeTable timestream:ListTagsForResource"},
		{"AWS::Transfer::Server", "transfer:server", "EndpointType IdentityProviderType Protocols LoggingRole", "", "", "transfer:ListServers", "ec2:DescribeVpcEndpoints transfer:DescribeServer"},
		{"AWS::VerifiedPermissions::PolicyStore", "verifiedpermissions:policy-store", "", "", "", "verifiedpermissions:GetPolicyStore verifiedpermissions:GetSchema verifiedpermissions:ListPolicyStores", "verifiedpermissions:ListTagsForResource"},
		{"AWS::VpcLattice::Service", "vpc-lattice:Service", "AuthType", "", "", "vpc-lattice:ListServices", "vpc-lattice:GetService vpc-lattice:ListTagsForResource"},
		{"AWS::VpcLattice::ServiceNetwork", "vpc-lattice:ServiceNetwork", "AuthType", "", "", "vpc-lattice:ListServiceNetworks", "vpc-lattice:GetServiceNetwork vpc-lattice:ListTagsForResource"},
		{"AWS::WorkSpaces::Workspace", "workspaces:workspaceid", "UserVolumeEncryptionEnabled RootVolumeEncryptionEnabled", "", "", "workspaces:DescribeTags workspaces:DescribeWorkspaces", ""},
	}
}

// toldElsewhere are types that are part of what another collector reads, that stand for nothing in the account, or that can only be listed
// below each thing they belong to. Nobody asks for them, and nobody calls them absent.
func toldElsewhere(typ string) bool {
	service, name, _ := strings.Cut(strings.TrimPrefix(typ, "AWS::"), "::")
	switch service {
	case "CDK", "CloudFormation":
		return true
	case "IAM":
		return slices.Contains([]string{"Policy", "UserPolicy", "GroupPolicy", "RolePolicy", "UserToGroupAddition"}, name)
	case "Lambda":
		return slices.Contains([]string{"Permission", "LayerVersionPermission", "Version", "Alias", "EventInvokeConfig"}, name)
	case "EC2":
		return slices.Contains([]string{"SecurityGroupIngress", "SecurityGroupEgress", "Route", "NetworkAclEntry", "SubnetRouteTableAssociation",
			"SubnetNetworkAclAssociation", "GatewayRouteTableAssociation", "VPCGatewayAttachment", "VPCCidrBlock", "SubnetCidrBlock",
			"VolumeAttachment", "NetworkInterfaceAttachment", "EIPAssociation", "VPCDHCPOptionsAssociation"}, name)
	case "S3", "SQS", "SNS":
		return slices.Contains([]string{"BucketPolicy", "QueuePolicy", "QueueInlinePolicy", "TopicPolicy", "TopicInlinePolicy", "Subscription"}, name)
	case "SecretsManager":
		return true // the secret is read; its policy and its rotation with it
	case "Route53":
		return name == "RecordSet" || name == "RecordSetGroup"
	case "ElasticLoadBalancingV2":
		return name == "ListenerCertificate"
	}
	return false
}

// handsOutSecrets are the types whose answer is, or holds, what opens something. Their handlers are not called at all.
var handsOutSecrets = regexp.MustCompile(`Secret|Password|Credential|A(pi|PI)Key|AccessKey|Token|KeyPair|PrivateKey|OAuth|SecurityKey|UserPoolClient|Parameter$|HostedConfigurationVersion$`)

// asType tells that a name is that of a type of AWS. Others run code of somebody else's when they are listed.
var asType = regexp.MustCompile(`^AWS(::[A-Za-z0-9]{1,60}){2}$`)
