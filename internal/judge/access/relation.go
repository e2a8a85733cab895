package access

import (
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// relations answers what belongs to what: keys, roles, snapshots.
type relations struct {
	snap     *snapshot.Snapshot
	aliases  map[string]snapshot.Key // alias name → key
	keyIDs   map[string]snapshot.Key // last part of the ARN → key
	roles    map[string]snapshot.Key // role name → role
	profiles map[string]string       // instance profile ARN or name → role name
}

func relate(s *snapshot.Snapshot) *relations {
	r := &relations{s, map[string]snapshot.Key{}, map[string]snapshot.Key{}, map[string]snapshot.Key{}, map[string]string{}}
	for _, k := range s.OfType("AWS::KMS::Key") {
		r.keyIDs[last(string(k.Key), "/")] = k.Key
	}
	for _, a := range s.OfType("AWS::KMS::Alias") {
		if k, ok := r.keyIDs[last(a.Text("TargetKeyId"), "/")]; ok {
			r.aliases[a.Text("AliasName")] = k
		}
	}
	for _, role := range s.OfType("AWS::IAM::Role") {
		r.roles[role.Text("RoleName")] = role.Key
	}
	for _, p := range s.OfType("AWS::IAM::InstanceProfile") {
		names, _ := p.Strings("Roles")
		if len(names) > 0 {
			r.profiles[string(p.Key)] = names[0]
			r.profiles[p.Text("InstanceProfileName")] = names[0]
		}
	}
	return r
}

func last(s, sep string) string { return s[strings.LastIndex(s, sep)+1:] }

// keyOf is the customer's KMS key that a resource's content is under, when a reader must be allowed to use it.
// The state is Absent for keys of AWS's own and no key, Unknown when that was not read or the key is not in the snapshot.
// Databases and volumes are not here: their service holds a grant, the reader needs none. Their snapshots are: whoever reads the
// blocks of one, or gets it shared, needs the key himself (Amazon EBS User Guide, "Control access to EBS direct APIs using IAM").
func (r *relations) keyOf(res *snapshot.Resource) (snapshot.Key, snapshot.State) {
	var ref string
	switch res.Type {
	case "AWS::S3::Bucket":
		if res.IsUnknown("BucketEncryption") {
			return "", snapshot.Unknown
		}
		rules, _ := res.Maps("BucketEncryption.ServerSideEncryptionConfiguration")
		for _, rule := range rules {
			by, _ := rule["ServerSideEncryptionByDefault"].(map[string]any)
			if id, _ := by["KMSMasterKeyID"].(string); id != "" {
				ref = id
			}
		}
	case "AWS::SecretsManager::Secret":
		ref = res.Text("KmsKeyId")
	case "AWS::SSM::Parameter":
		if res.Text("Type") == "SecureString" {
			ref = res.Text("KeyId")
		}
	case "AWS::SQS::Queue", "AWS::SNS::Topic":
		ref = res.Text("KmsMasterKeyId")
	case "AWS::Kinesis::Stream":
		ref = res.Text("StreamEncryption.KeyId")
	case "AWS::EC2::Snapshot", "AWS::RDS::DBSnapshot", "AWS::RDS::DBClusterSnapshot":
		if res.IsUnknown("KmsKeyId") {
			return "", snapshot.Unknown
		}
		ref = res.Text("KmsKeyId")
	}
	if ref == "" || strings.Contains(ref, "alias/aws/") {
		return "", snapshot.Absent
	}
	if i := strings.Index(ref, "alias/"); i >= 0 {
		if k, ok := r.aliases[ref[i:]]; ok {
			return k, snapshot.Known
		}
	} else if k, ok := r.keyIDs[last(ref, "/")]; ok {
		if key, _ := r.snap.Get(k); key != nil && key.Text("KeyManager") == "AWS" {
			return "", snapshot.Absent
		}
		return k, snapshot.Known
	}
	return "", snapshot.Unknown
}

// roleIn is where a resource names the role that it holds while it runs.
var roleIn = map[string]string{
	"AWS::Amplify::App":                            "IAMServiceRole",
	"AWS::AppRunner::Service":                      "InstanceConfiguration.InstanceRoleArn",
	"AWS::AppStream::Fleet":                        "IamRoleArn",
	"AWS::AppStream::ImageBuilder":                 "IamRoleArn",
	"AWS::AppSync::DataSource":                     "ServiceRoleArn",
	"AWS::Athena::WorkGroup":                       "WorkGroupConfiguration.ExecutionRole",
	"AWS::Batch::JobDefinition":                    "ContainerProperties.JobRoleArn",
	"AWS::Bedrock::Agent":                          "AgentResourceRoleArn",
	"AWS::Bedrock::Flow":                           "ExecutionRoleArn",
	"AWS::Bedrock::KnowledgeBase":                  "RoleArn",
	"AWS::BedrockAgentCore::BrowserCustom":         "ExecutionRoleArn",
	"AWS::BedrockAgentCore::CodeInterpreterCustom": "ExecutionRoleArn",
	"AWS::BedrockAgentCore::Gateway":               "RoleArn",
	"AWS::BedrockAgentCore::Runtime":               "RoleArn",
	"AWS::Cloud9::EnvironmentEC2":                  "OwnerArn",
	"AWS::CloudFormation::Stack":                   "RoleARN",
	"AWS::CloudFormation::StackSet":                "AdministrationRoleARN",
	"AWS::CodeBuild::Project":                      "ServiceRole",
	"AWS::CodePipeline::Pipeline":                  "RoleArn",
	"AWS::Cognito::IdentityPoolRoleAttachment":     "Roles.authenticated",
	"AWS::DAX::Cluster":                            "IAMRoleARN",
	"AWS::Deadline::Fleet":                         "RoleArn",
	"AWS::Deadline::Queue":                         "RoleArn",
	"AWS::ECS::TaskDefinition":                     "TaskRoleArn",
	"AWS::FIS::ExperimentTemplate":                 "RoleArn",
	"AWS::GameLift::Fleet":                         "InstanceRoleARN",
	"AWS::Glue::DevEndpoint":                       "RoleArn",
	"AWS::Glue::Job":                               "Role",
	"AWS::Glue::Session":                           "Role",
	"AWS::IoT::RoleAlias":                          "RoleArn",
	"AWS::KinesisAnalyticsV2::Application":         "ServiceExecutionRole",
	"AWS::Lambda::Function":                        "Role",
	"AWS::MWAA::Environment":                       "ExecutionRoleArn",
	"AWS::Pipes::Pipe":                             "RoleArn",
	"AWS::SageMaker::NotebookInstance":             "RoleArn",
	"AWS::SageMaker::Pipeline":                     "RoleArn",
	"AWS::SageMaker::UserProfile":                  "UserSettings.ExecutionRole",
	"AWS::Scheduler::Schedule":                     "Target.RoleArn",
	"AWS::ServiceCatalog::LaunchRoleConstraint":    "RoleArn",
	"AWS::StepFunctions::StateMachine":             "RoleArn",
	"AWS::Transfer::User":                          "Role",
}

// profileIn is where a resource names an instance profile, by ARN or name: what runs has the profile's role.
var profileIn = map[string][]string{
	"AWS::EC2::Instance":                             {"IamInstanceProfile"},
	"AWS::EC2::LaunchTemplate":                       {"LaunchTemplateData.IamInstanceProfile.Arn", "LaunchTemplateData.IamInstanceProfile.Name"},
	"AWS::EMR::Cluster":                              {"JobFlowRole"},
	"AWS::ImageBuilder::InfrastructureConfiguration": {"InstanceProfileName"},
}

// roleOf is the role that a resource holds while it runs, or the user whose credentials it has.
func (r *relations) roleOf(res *snapshot.Resource) (snapshot.Key, bool) {
	ref := res.Text(roleIn[res.Type])
	for _, path := range profileIn[res.Type] {
		p := res.Text(path)
		if name, ok := r.profiles[p]; ok && ref == "" {
			ref = name
		} else if ref == "" {
			ref = r.profiles[last(p, "/")]
		}
	}
	if res.Type == "AWS::ECS::Service" {
		if td, ok := r.snap.Get(snapshot.Key(res.Text("TaskDefinition"))); ok {
			ref = td.Text("TaskRoleArn")
		}
	}
	if ref == "" {
		return "", false
	}
	if _, ok := r.snap.Get(snapshot.Key(ref)); ok {
		return snapshot.Key(ref), true
	}
	k, ok := r.roles[last(ref, "/")]
	return k, ok
}

// knowsProfile tells whether it is read which role an instance has, or that it has none.
func (r *relations) knowsProfile(i *snapshot.Resource) bool {
	p, state := i.Property("IamInstanceProfile")
	if state != snapshot.Known {
		return state == snapshot.Absent
	}
	name, _ := p.(string)
	_, byARN := r.profiles[name]
	_, byName := r.profiles[last(name, "/")]
	_, there := r.snap.Get(snapshot.Key(name)) // a profile without a role
	return byARN || byName || there
}

// content is an edge between resources: whoever has From of one has To of the other.
type content struct {
	by      string
	from    snapshot.Key
	fromCap Capability
	to      snapshot.Key
	toCap   Capability
	unread  bool // what would say so was not read
}

// contents lists what a resource's content opens or holds: a secret opens its database, a snapshot is a copy of its source. Where it was not
// read which, it may be any of the Region.
func (r *relations) contents() []content {
	var out []content
	opens := func(secret, db string, unread bool) {
		if _, ok := r.snap.Get(snapshot.Key(db)); !ok {
			return
		}
		if s, ok := r.snap.Get(snapshot.Key(secret)); ok {
			out = append(out,
				content{"secret-opens", s.Key, Read, snapshot.Key(db), Read, unread},
				content{"secret-opens", s.Key, Read, snapshot.Key(db), Write, unread})
		}
	}
	for _, typ := range []string{"AWS::RDS::DBInstance", "AWS::RDS::DBCluster"} {
		for _, db := range r.snap.OfType(typ) {
			opens(db.Text("MasterUserSecret.SecretArn"), string(db.Key), false)
			if db.IsUnknown("MasterUserSecret.SecretArn") {
				for _, s := range r.snap.OfType("AWS::SecretsManager::Secret") {
					if region(s, s.Key) == region(db, db.Key) {
						opens(string(s.Key), string(db.Key), true)
					}
				}
			}
		}
	}
	for _, a := range r.snap.OfType("AWS::SecretsManager::SecretTargetAttachment") {
		if db := r.named(a.Text("TargetId")); db != "" {
			opens(a.Text("SecretId"), string(db), false)
		}
	}
	copies := func(snapType, idOfSource, sourceType, sourceID string) {
		sources := map[string]snapshot.Key{}
		for _, s := range r.snap.OfType(sourceType) {
			sources[s.Region+"/"+s.Text(sourceID)] = s.Key
		}
		for _, s := range r.snap.OfType(snapType) {
			if k, ok := sources[s.Region+"/"+s.Text(idOfSource)]; ok && s.Text(idOfSource) != "" {
				out = append(out, content{"snapshot-of", s.Key, Read, k, Read, false})
			}
			if !s.IsUnknown(idOfSource) {
				continue
			}
			for _, source := range r.snap.OfType(sourceType) {
				if source.Region == s.Region {
					out = append(out, content{"snapshot-of", s.Key, Read, source.Key, Read, true})
				}
			}
		}
	}
	copies("AWS::RDS::DBSnapshot", "DBInstanceIdentifier", "AWS::RDS::DBInstance", "DBInstanceIdentifier")
	copies("AWS::RDS::DBClusterSnapshot", "DBClusterIdentifier", "AWS::RDS::DBCluster", "DBClusterIdentifier")
	copies("AWS::EC2::Snapshot", "VolumeId", "AWS::EC2::Volume", "VolumeId")
	for _, cluster := range []string{"AWS::Neptune::DBCluster", "AWS::DocDB::DBCluster"} { // their snapshots are those of RDS
		copies("AWS::RDS::DBClusterSnapshot", "DBClusterIdentifier", cluster, "DBClusterIdentifier")
	}
	copies("AWS::Redshift::ClusterSnapshot", "ClusterIdentifier", "AWS::Redshift::Cluster", "ClusterIdentifier")
	copies("AWS::RedshiftServerless::Snapshot", "NamespaceName", "AWS::RedshiftServerless::Namespace", "NamespaceName")
	copies("AWS::ElastiCache::Snapshot", "ReplicationGroupId", "AWS::ElastiCache::ReplicationGroup", "ReplicationGroupId")
	copies("AWS::MemoryDB::Snapshot", "ClusterName", "AWS::MemoryDB::Cluster", "ClusterName")
	copies("AWS::FSx::Backup", "FileSystemId", "AWS::FSx::FileSystem", "FileSystemId")
	for _, point := range r.snap.OfType("AWS::S3::AccessPoint") {
		for _, b := range r.snap.OfType("AWS::S3::Bucket") {
			if b.Text("BucketName") == point.Text("Bucket") {
				out = append(out,
					content{"access-point-of", point.Key, Read, b.Key, Read, false},
					content{"access-point-of", point.Key, Write, b.Key, Write, false})
			}
		}
	}
	return out
}

// named finds a database by ARN or identifier.
func (r *relations) named(id string) snapshot.Key {
	if _, ok := r.snap.Get(snapshot.Key(id)); ok {
		return snapshot.Key(id)
	}
	for _, typ := range []string{"AWS::RDS::DBInstance", "AWS::RDS::DBCluster"} {
		for _, db := range r.snap.OfType(typ) {
			if db.Text("DBInstanceIdentifier") == id || db.Text("DBClusterIdentifier") == id {
				return db.Key
			}
		}
	}
	return ""
}

// Opening tells that access to one resource opens another: a secret its database, a snapshot its source, a key what it encrypts.
type Opening struct {
	By       string
	From, To snapshot.Key
	Unread   bool // it may, as what would say so was not read
}

// RunsAs is the role of something that computes, where that was read.
func (t *Table) RunsAs(r *snapshot.Resource) (snapshot.Key, bool) { return t.relations.roleOf(r) }

// Opens lists what opens what, in key order.
func (t *Table) Opens() []Opening {
	var out []Opening
	for _, c := range t.relations.contents() {
		if c.fromCap == Read && c.toCap == Read {
			out = append(out, Opening{c.by, c.from, c.to, c.unread})
		}
	}
	for i := range t.snap.Resources {
		r := &t.snap.Resources[i]
		k, state := t.relations.keyOf(r)
		if state != snapshot.Known {
			ref := r.Text("KmsKeyId") // databases, volumes
			if k = t.relations.keyIDs[last(ref, "/")]; ref == "" || k == "" {
				continue
			}
		}
		out = append(out, Opening{"encrypts", k, r.Key, false})
	}
	return out
}

// keyed is where a resource names the key that encrypts it, by type.
var keyed = map[string]string{
	"AWS::S3::Bucket": "BucketEncryption", "AWS::SecretsManager::Secret": "KmsKeyId", "AWS::SSM::Parameter": "KeyId", "AWS::SQS::Queue": "KmsMasterKeyId", "AWS::SNS::Topic": "KmsMasterKeyId",
	"AWS::Kinesis::Stream": "StreamEncryption.KeyId", "AWS::EC2::Snapshot": "KmsKeyId", "AWS::EC2::Volume": "KmsKeyId", "AWS::RDS::DBSnapshot": "KmsKeyId", "AWS::RDS::DBClusterSnapshot": "KmsKeyId",
	"AWS::RDS::DBInstance": "KmsKeyId", "AWS::RDS::DBCluster": "KmsKeyId",
}

// Unkeyed lists what any key may encrypt, since it was not read which one does. Opens does not repeat it for every key.
func (t *Table) Unkeyed() []snapshot.Key {
	var out []snapshot.Key
	for i := range t.snap.Resources {
		if r := &t.snap.Resources[i]; keyed[r.Type] != "" && r.IsUnknown(keyed[r.Type]) {
			out = append(out, r.Key)
		}
	}
	return out
}

// runs lists the ARNs of what a resource runs and somebody may overwrite: repositories whose image it names by tag, and not by digest
// (which no push moves), the object of a script, the repository of a source.
func (t *Table) runs(r *snapshot.Resource) []string {
	var images, out []string
	switch r.Type {
	case "AWS::ECS::TaskDefinition":
		containers, _ := r.Maps("ContainerDefinitions")
		for _, c := range containers {
			image, _ := c["Image"].(string)
			images = append(images, image)
		}
	case "AWS::Batch::JobDefinition":
		images = []string{r.Text("ContainerProperties.Image")}
	case "AWS::AppRunner::Service":
		images = []string{r.Text("SourceConfiguration.ImageRepository.ImageIdentifier")}
	case "AWS::BedrockAgentCore::Runtime":
		images = []string{r.Text("AgentRuntimeArtifact.ContainerConfiguration.ContainerUri")}
	case "AWS::Glue::Job":
		if object, ok := strings.CutPrefix(r.Text("Command.ScriptLocation"), "s3://"); ok {
			out = append(out, t.arn()+"s3:::"+object)
		}
	case "AWS::CodeBuild::Project":
		source := r.Text("Source.Location")
		if strings.EqualFold(r.Text("Source.Type"), "S3") {
			out = append(out, t.arn()+"s3:::"+source)
		} else if _, name, ok := strings.Cut(source, "/v1/repos/"); ok {
			out = append(out, t.arn()+"codecommit:"+region(r, r.Key)+":"+t.snap.Account+":"+name)
		}
	}
	for _, image := range images {
		// ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG
		host, name, _ := strings.Cut(image, "/")
		f := strings.Split(host, ".")
		if len(f) < 6 || f[1] != "dkr" || f[2] != "ecr" || strings.Contains(name, "@") {
			continue
		}
		name, _, _ = strings.Cut(name, ":")
		out = append(out, t.arn()+"ecr:"+f[3]+":"+f[0]+":repository/"+name)
	}
	return out
}
