package collect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/mototest"
	"github.com/footing-dev/footing/internal/read/collect/service"
	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/read/shape"
	"github.com/footing-dev/footing/internal/snapshot"
)

// watcher writes down every call that is about to be made.
type watcher struct {
	mu    sync.Mutex
	calls map[string]int // "s3:GetBucketAcl eu-central-1 {…}"
}

func (w *watcher) watch(call, region string, input any) {
	b, err := json.Marshal(input)
	if err != nil {
		b = fmt.Appendf(nil, "%+v", input)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.calls == nil {
		w.calls = map[string]int{}
	}
	w.calls[call+" "+region+" "+string(b)]++
}

// unknownToFake are calls that the fake does not answer; those of the services below are in testdata/recorded.
var unknownToFake = []string{
	"ec2:GetSnapshotBlockPublicAccessState", "codebuild:ListSourceCredentials", "cloudwatch:DescribeAlarms", "accessanalyzer:ListAnalyzers",
	"ec2:DescribeVpcEncryptionControls", "ec2:DescribeVpcBlockPublicAccessExclusions", "ec2:DescribeVpcBlockPublicAccessOptions", "ec2:GetImageBlockPublicAccessState",
	"ec2:GetInstanceMetadataDefaults", "ec2:GetSerialConsoleAccessStatus", "ec2:GetAllowedImagesSettings",
	"backup:DescribeRegionSettings", "amplify:ListApps", "apprunner:ListServices", "sagemaker:ListFeatureGroups", "bedrock:ListGuardrails", "bedrockagent:ListFlows",
	"lightsail:GetInstances", "lightsail:GetRelationalDatabases", "lightsail:GetBuckets", "lightsail:GetContainerServices", "lightsail:GetDisks",
	"iam:GetOutboundWebIdentityFederationInfo", "ssm:DescribeActivations", "ssm:DescribeInstanceInformation", "ssm:ListAssociations", "ssm:GetServiceSetting", "ram:GetResourceShares",
	"rolesanywhere:ListTrustAnchors", "rolesanywhere:ListCrls", "rolesanywhere:ListProfiles",
	"elasticache:DescribeServerlessCaches", "elasticache:DescribeUserGroups",
	"redshiftserverless:ListNamespaces", "redshiftserverless:ListWorkgroups", "redshiftserverless:ListSnapshots",
	"sesv2:ListEmailIdentities", "sesv2:ListConfigurationSets", "sesv2:GetAccount", "iot:ListCACertificates",
	"s3control:ListAccessGrantsInstances", "s3control:ListAccessGrantsLocations", "s3control:ListAccessGrants", "lambda:ListCodeSigningConfigs",
	"cloudfront:ListVpcOrigins", "globalaccelerator:ListAccelerators", "globalaccelerator:ListListeners", "globalaccelerator:ListEndpointGroups",
}

// A small account in one Region is read with few calls, completely, and the same a second time.
func TestLiveAccount(t *testing.T) {
	m := mototest.Start(t)
	m.Seed(t)
	m.Use(t)
	t.Setenv("AWS_MAX_ATTEMPTS", "1") // what the fake does not know it does not know the second time either
	var w watcher
	made := map[wire.Made]int{}
	set := settings{Pause: 10 * time.Millisecond, Wire: wire.Settings{Watch: w.watch}, Made: func(all map[wire.Made]int) { maps.Copy(made, all) }}
	options := read.Options{Regions: []string{mototest.Region}, Now: func() time.Time { return time.Now().Add(500 * time.Millisecond) }}
	s, err := scan(t.Context(), options, service.All(), set)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("facts", func(t *testing.T) { wantFacts(t, s) })
	t.Run("few calls", func(t *testing.T) {
		t.Logf("%d requests, %d resources", s.Calls, len(s.Resources))
		if s.Calls > 240 {
			t.Errorf("%d requests", s.Calls)
		}
		for call, n := range w.calls {
			// AWS is asked again whether its report is ready.
			if n > 1 && !strings.HasPrefix(call, "iam:GenerateCredentialReport") {
				t.Errorf("asked %d times: %s", n, call)
			}
		}
	})
	t.Run("again", func(t *testing.T) { wantSame(t, s, options, set) })
	t.Run("declared", func(t *testing.T) {
		d := declared(service.All())
		for k := range made {
			if _, ok := d[k.Call]; !ok {
				t.Errorf("%s was made and not declared", k.Call)
			}
		}
		// The other way round: what the policy asks for is used, in this account or in ones that differ in a way named here.
		elsewhere := []string{
			"ec2:DescribeImageAttribute", "organizations:ListPolicies", "organizations:ListParents", "organizations:ListPoliciesForTarget",
			"organizations:DescribePolicy", "organizations:ListAccounts", "rds:DescribeDBClusterSnapshotAttributes", "rds:ListTagsForResource",
		}
		recorded := recordedCalls(t)
		for call := range d {
			if slices.Contains(recorded, call) {
				continue // TestRecorded wants it made
			}
			if !slices.ContainsFunc(keys(made), func(k wire.Made) bool { return k.Call == call }) && !slices.Contains(elsewhere, call) {
				t.Errorf("%s is declared and was not made", call)
			}
		}
	})
	t.Run("command line", func(t *testing.T) {
		details, err := shape.AuthorizationDetails(m.CLI(t, "iam", "get-account-authorization-details"))
		if err != nil {
			t.Fatal(err)
		}
		var live []snapshot.Resource
		for _, r := range s.Resources {
			if slices.Contains(details.Types, r.Type) {
				live = append(live, r)
			}
		}
		// The fake's answer holds all of AWS's own policies; the real one and ours only those that somebody has.
		cli := &snapshot.Snapshot{Resources: slices.DeleteFunc(details.Resources, func(r snapshot.Resource) bool {
			return strings.Contains(string(r.Key), ":iam::aws:policy/") && !bytes.Contains(encode(t, s.Resources), []byte(`"`+string(r.Key)+`"`))
		})}
		cli.Seal()
		if len(live) < 15 || !bytes.Equal(encode(t, live), encode(t, cli.Resources)) {
			t.Errorf("%d IAM resources live, %d from the command line:\n%s\n%s", len(live), len(cli.Resources), encode(t, live), encode(t, cli.Resources))
		}
	})
	t.Run("no secret", func(t *testing.T) {
		all := encode(t, s.Resources)
		for _, value := range []string{"correct horse", "0123456789abcdef", "only-for-the-fake"} {
			if bytes.Contains(all, []byte(value)) {
				t.Errorf("%q is in the snapshot", value)
			}
		}
	})
}

// wantSame scans again and wants the same account, but for the moment.
func wantSame(t *testing.T, s *snapshot.Snapshot, options read.Options, set settings) {
	options.Now = func() time.Time { return s.Taken.Add(time.Hour) }
	// This time every resource is asked for its own tags: that must make no difference, but that nothing hints at what else there is.
	separately := slices.DeleteFunc(service.All(), func(s service.Service) bool { return s.Name == "tag" })
	again, err := scan(t.Context(), options, separately, set)
	if err != nil {
		t.Fatal(err)
	}
	again.Coverage = slices.DeleteFunc(again.Coverage, func(c snapshot.Coverage) bool { return c.Call == "resourcegroupstaggingapi:GetResources" })
	if d := snapshot.Between(s, again); !d.Empty() {
		t.Errorf("an unchanged account changed: %+v", d)
	}
	a, b := encode(t, s.Resources), encode(t, again.Resources)
	if !bytes.Equal(a, b) {
		t.Error("two scans of an unchanged account differ in their bytes")
	}
	if !bytes.Equal(encode(t, s.Coverage), encode(t, again.Coverage)) {
		t.Error("two scans of an unchanged account differ in coverage")
	}
}

// Without a Region asked for, every enabled one is looked at, and only there.
func TestLiveRegions(t *testing.T) {
	m := mototest.Start(t)
	m.Use(t)
	var w watcher
	options := read.Options{Services: []string{"sqs"}}
	s, err := scan(t.Context(), options, service.All(), settings{Pause: time.Millisecond, Wire: wire.Settings{Watch: w.watch}})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Regions) < 10 || !slices.IsSorted(s.Regions) {
		t.Errorf("Regions %v", s.Regions)
	}
	asked := 0
	for call := range w.calls {
		if strings.HasPrefix(call, "sqs:ListQueues") {
			asked++
		}
		if strings.HasPrefix(call, "s3:") || strings.HasPrefix(call, "iam:") {
			t.Errorf("left out, and asked: %s", call)
		}
	}
	if asked != len(s.Regions) {
		t.Errorf("%d Regions, and queues asked for in %d", len(s.Regions), asked)
	}
	if s.Has("AWS::SQS::Queue", "") != snapshot.Absent || s.Has("AWS::S3::Bucket", "") != snapshot.Unknown {
		t.Error("no queues are there; of buckets nothing is known")
	}
	one := read.Options{Services: []string{"ec2"}, Regions: []string{"sa-east-1"}}
	s, err = scan(t.Context(), one, service.All(), settings{Pause: time.Millisecond, Wire: wire.Settings{Watch: w.watch}})
	if err != nil {
		t.Fatal(err)
	}
	if s.Has("AWS::EC2::Instance", "") != snapshot.Absent || s.Has("AWS::EC2::VPC", "") != snapshot.Known {
		t.Error("there are no interfaces, so no instances either")
	}
}

func wantFacts(t *testing.T, s *snapshot.Snapshot) {
	t.Helper()
	if s.Account != "123456789012" || s.Name != "larkspur" || s.Partition != "aws" || s.From != "live" || !slices.Equal(s.Regions, []string{mototest.Region}) {
		t.Errorf("%s %s %s %s %v", s.Account, s.Name, s.Partition, s.From, s.Regions)
	}
	for typ, n := range map[string]int{
		"AWS::IAM::User": 4, "AWS::IAM::Role": 5, "AWS::IAM::Group": 2, "AWS::IAM::InstanceProfile": 1, "AWS::IAM::OIDCProvider": 1, "AWS::S3::Bucket": 3,
		"AWS::KMS::Key": 1, "AWS::EC2::Instance": 1, "AWS::EC2::Snapshot": 2, "AWS::Lambda::Function": 2, "AWS::Lambda::Url": 1, "AWS::RDS::DBInstance": 1,
		"AWS::RDS::DBSnapshot": 1, "AWS::DynamoDB::Table": 1, "AWS::SecretsManager::Secret": 1, "AWS::SSM::Parameter": 1, "AWS::ECS::Cluster": 1,
		"AWS::ECS::Service": 1, "AWS::ECS::TaskDefinition": 1, "AWS::ECR::Repository": 1, "AWS::SQS::Queue": 1, "AWS::SNS::Topic": 1,
		"AWS::CloudTrail::Trail": 1, "AWS::IAM::CredentialReport": 1, "AWS::IAM::AccountSummary": 1, "AWS::Account": 1, "AWS::S3::AccountPublicAccessBlock": 1,
		"AWS::Logs::LogGroup": 2, "AWS::IAM::AccountPasswordPolicy": 1,
	} {
		if got := len(s.OfType(typ)); got != n {
			t.Errorf("%s: %d, want %d", typ, got, n)
		}
	}
	role := "arn:aws:iam::123456789012:role/"
	contains(t, s, role+"deploy", "AssumeRolePolicyDocument", `"repo:larkspur/*"`)
	contains(t, s, role+"bookkeeper", "AssumeRolePolicyDocument", `"arn:aws:iam::210987654321:root"`)
	contains(t, s, role+"orders-task", "PermissionsBoundary", `policy/ceiling"`)
	contains(t, s, "arn:aws:s3:::larkspur-site", "", `"Principal":"*"`)
	contains(t, s, "arn:aws:s3:::larkspur-orders", "BucketEncryption", `"aws:kms"`)
	contains(t, s, "arn:aws:s3:::larkspur-orders", "VersioningConfiguration", `"Enabled"`)
	contains(t, s, "arn:aws:lambda:eu-central-1:123456789012:function:orders:url", "AuthType", `"NONE"`)
	contains(t, s, "arn:aws:lambda:eu-central-1:123456789012:function:orders", "", `"lambda:InvokeFunctionUrl"`)
	contains(t, s, "arn:aws:lambda:eu-central-1:123456789012:function:mailer", "SecretLooking", `"SMTP_PASSWORD"`)
	contains(t, s, "arn:aws:rds:eu-central-1:123456789012:snapshot:orders-before-move", "SharedWith", `["345678901234"]`)
	contains(t, s, "arn:aws:cloudtrail:eu-central-1:123456789012:trail/main", "IsLogging", "true")
	contains(t, s, "arn:aws:iam::123456789012:credential-report", "Rows", `"User":"owen"`)
	contains(t, s, "arn:aws:iam::123456789012:account-password-policy", "MinimumPasswordLength", "8")
	contains(t, s, "arn:aws:logs:eu-central-1:123456789012:log-group:audit", "RetentionInDays", "365")
	open, public := false, 0
	for _, g := range s.OfType("AWS::EC2::SecurityGroup") {
		open = open || bytes.Contains(encode(t, g.Properties["SecurityGroupIngress"]), []byte(`{"CidrIp":"0.0.0.0/0","FromPort":22,"IpProtocol":"tcp","ToPort":22}`))
	}
	for _, v := range s.OfType("AWS::EC2::Snapshot") {
		if bytes.Contains(encode(t, v.Properties["CreateVolumePermissions"]), []byte(`"all"`)) {
			public++
		}
	}
	if !open || public != 1 {
		t.Errorf("open SSH %v, public snapshots %d", open, public)
	}
	for _, i := range s.OfType("AWS::EC2::Instance") {
		if i.Text("PublicIpAddress") == "" || i.Text("State") != "running" || !strings.HasSuffix(i.Text("IamInstanceProfile"), "instance-profile/jump-host") {
			t.Errorf("instance %v", i.Properties)
		}
	}
	others := 0
	for _, g := range s.Gaps() {
		if g.Region == elsewhere {
			others++ // the Regions that the scan was told to leave out: once, and of no type
			if g.Outcome != snapshot.NotAsked || len(g.Types) > 0 {
				t.Errorf("other Regions: %+v", g)
			}
			continue
		}
		if !slices.Contains(unknownToFake, g.Call) {
			t.Errorf("gap: %+v", g)
		}
	}
	if others != 1 {
		t.Errorf("%d gaps are about other Regions", others)
	}
	if s.Has("AWS::EC2::NatGateway", "") != snapshot.Absent || s.Has("AWS::EC2::SnapshotBlockPublicAccess", "") != snapshot.Unknown {
		t.Error("there is no NAT gateway; of the block nothing is known")
	}
}

// contains looks for a piece of canonical JSON in a property, or in the policy when no property is named.
func contains(t *testing.T, s *snapshot.Snapshot, key, property, want string) {
	t.Helper()
	r, ok := s.Get(snapshot.Key(key))
	if !ok {
		t.Errorf("no %s", key)
		return
	}
	got := []byte(r.Policy)
	if property != "" {
		got = encode(t, r.Properties[property])
	}
	if !bytes.Contains(got, []byte(want)) {
		t.Errorf("%s %s = %s, want %s in it", key, property, got, want)
	}
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// recordedCalls are the calls of the services in testdata/recorded.
func recordedCalls(t *testing.T) (out []string) {
	t.Helper()
	for _, v := range service.All() {
		if _, err := os.Stat(filepath.Join("testdata", "recorded", v.Name+".txtar")); err == nil {
			for _, c := range v.Calls {
				out = append(out, c.Name)
			}
		}
	}
	return out
}

func keys(m map[wire.Made]int) (out []wire.Made) {
	for k := range m {
		out = append(out, k)
	}
	return out
}
