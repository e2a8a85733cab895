package files_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/footing-dev/footing/internal/read/files"
	"github.com/footing-dev/footing/internal/snapshot"
)

func read(t *testing.T, path string) *snapshot.Snapshot {
	t.Helper()
	s, err := files.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func get(t *testing.T, s *snapshot.Snapshot, key string) *snapshot.Resource {
	t.Helper()
	r, ok := s.Get(snapshot.Key(key))
	if !ok {
		t.Fatalf("no %s", key)
	}
	return r
}

func TestFolder(t *testing.T) {
	s := read(t, "testdata/acme")
	if s.Account != "111122223333" || s.Name != "acme" || s.Partition != "aws" || s.From != "testdata/acme" || s.Calls != 0 {
		t.Errorf("%+v", s)
	}
	if want := time.Date(2026, 11, 23, 9, 14, 0, 0, time.UTC); !s.Taken.Equal(want) {
		t.Errorf("taken %v, want %v", s.Taken, want)
	}
	if !slices.Equal(s.Regions, []string{"eu-central-1", "eu-west-1"}) {
		t.Errorf("regions %v", s.Regions)
	}
	for _, c := range []struct {
		key, account, region, name string
		unknown                    []string
		policy                     snapshot.State
	}{
		{"arn:aws:s3:::acme-exports", "111122223333", "eu-west-1", "acme-exports", []string{"AccessControlList"}, snapshot.Known},
		{"arn:aws:s3:::acme-hidden", "111122223333", "eu-west-1", "acme-hidden", []string{"BucketEncryption", "Policy", "Tags"}, snapshot.Unknown},
		{"arn:aws:s3:::acme-plain", "444455556666", "", "acme-plain", nil, snapshot.Absent},
		{"arn:aws:kms:eu-west-1:111122223333:key/one", "111122223333", "eu-west-1", "main", []string{"Grants"}, snapshot.Known},
		{"arn:aws:kms:eu-west-1:111122223333:key/two", "111122223333", "eu-west-1", "two", []string{"Grants", "KeyPolicy"}, snapshot.Unknown},
		{"arn:aws:kms:eu-west-1:111122223333:key/three", "111122223333", "eu-west-1", "three", []string{"Grants"}, snapshot.Absent},
		{"arn:aws:ecr:eu-west-1:111122223333:repository/shop/web", "111122223333", "eu-west-1", "web", nil, snapshot.Known},
		{"arn:aws:sqs:eu-central-1:111122223333:jobs", "111122223333", "eu-central-1", "jobs", []string{"KmsMasterKeyId", "Policy"}, snapshot.Unknown},
		{"arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-a1B2c3", "111122223333", "eu-west-1", "prod/db", nil, snapshot.Absent},
		{"arn:aws:ssm:eu-west-1:111122223333:parameter/prod/key", "111122223333", "eu-west-1", "/prod/key", nil, snapshot.Absent},
		{"arn:aws:lambda:eu-west-1:111122223333:function:web:url", "111122223333", "eu-west-1", "web", nil, snapshot.Absent},
		{"arn:aws:brandnew:eu-west-1:111122223333:thing/x", "111122223333", "eu-west-1", "the thing", nil, snapshot.Absent},
		{"arn:aws:iam::111122223333:role/app", "111122223333", "", "app", nil, snapshot.Known},
		{"arn:aws:iam::111122223333:policy/limit", "111122223333", "", "limit", nil, snapshot.Absent},
		{"arn:aws:account::111122223333:account", "111122223333", "", "acme", []string{"Alias", "Contacts"}, snapshot.Absent},
		{"arn:aws:iam::111122223333:credential-report", "111122223333", "", "credential report", []string{"Rows.1.AccessKey1LastRotated", "Rows.1.Cert1Active", "Rows.1.MfaActive"}, snapshot.Absent},
		{"scp:1/broken", "111122223333", "", "broken", []string{"Content"}, snapshot.Absent},
	} {
		r := get(t, s, c.key)
		if r.Account != c.account || r.Region != c.region || r.Name != c.name || !slices.Equal(r.Unknown, c.unknown) {
			t.Errorf("%s: account %q, region %q, name %q, unknown %v", c.key, r.Account, r.Region, r.Name, r.Unknown)
		}
		if _, st := r.ResourcePolicy(); st != c.policy {
			t.Errorf("%s: policy state %d, want %d", c.key, st, c.policy)
		}
	}
	r := get(t, s, "arn:aws:s3:::acme-exports")
	if string(r.Policy) != `{"Statement":[],"Version":"2012-10-17"}` || r.Tags["team"] != "core" || r.Text("VersioningConfiguration.Status") != "Enabled" {
		t.Errorf("%+v", r)
	}
	if n, ok := r.Properties["Size"].(json.Number); !ok || n != "1.50" {
		t.Errorf("a number is not as written: %v", r.Properties["Size"])
	}
	if q := get(t, s, "arn:aws:sqs:eu-central-1:111122223333:jobs"); string(q.Policy) != `"{\"Version\": "` {
		t.Errorf("a policy that is none was dropped: %s", q.Policy)
	}
	for key, want := range map[string]map[string]any{
		"scp:0/FullAWSAccess": {"Name": "FullAWSAccess", "Type": "SERVICE_CONTROL_POLICY", "Level": 0, "Content": json.RawMessage(`{"Statement":[{"Action":"*","Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}`)},
		"scp:1/no-leaving":    {"Name": "no-leaving", "Type": "SERVICE_CONTROL_POLICY", "Level": 1, "Content": json.RawMessage(`{"Version":"2012-10-17"}`)},
		"scp:1/broken":        {"Name": "broken", "Type": "SERVICE_CONTROL_POLICY", "Level": 1, "Content": "{"},
		"rcp:0/FullAWSAccess": {"Name": "FullAWSAccess", "Type": "RESOURCE_CONTROL_POLICY", "Level": 0, "Content": json.RawMessage(`{"Version":"2012-10-17"}`)},
	} {
		if got := get(t, s, key).Properties; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", key, got, want)
		}
	}
}

func TestFolderCoverage(t *testing.T) {
	s := read(t, "testdata/acme")
	for _, c := range []struct {
		typ, region string
		want        snapshot.State
	}{
		{"AWS::IAM::User", "", snapshot.Known},
		{"AWS::IAM::Group", "", snapshot.Absent}, // the list is there and empty
		{"AWS::S3::Bucket", "us-east-1", snapshot.Absent},
		{"AWS::EC2::Instance", "", snapshot.Unknown},      // denied
		{"AWS::EC2::VPC", "", snapshot.Unknown},           // does not occur
		{"AWS::DynamoDB::Table", "", snapshot.Unknown},    // failed in one Region, does not occur in the others
		{"AWS::Nobody::Knows", "", snapshot.Unknown},      //
		{"AWS::Brandnew::Thing", "eu-x", snapshot.Absent}, // a type that occurs is complete
		{"AWS::IAM::AccountSummary", "", snapshot.Unknown},
		{"AWS::Organizations::Policy", "", snapshot.Known},
	} {
		if got := s.Has(c.typ, c.region); got != c.want {
			t.Errorf("%s: %d, want %d", c.typ, got, c.want)
		}
	}
	gap := func(call string, resource snapshot.Key) snapshot.Coverage {
		t.Helper()
		for _, g := range s.Gaps() {
			if g.Call == call && g.Resource == resource {
				return g
			}
		}
		t.Errorf("no gap %s %s", call, resource)
		return snapshot.Coverage{}
	}
	for _, want := range []snapshot.Coverage{
		{Service: "s3", Region: "eu-west-1", Call: "s3:GetBucketAcl", Resource: "arn:aws:s3:::acme-exports", Outcome: snapshot.Denied, Reason: "AccessDenied"},
		{Service: "sqs", Region: "eu-central-1", Call: "sqs:GetQueueAttributes", Resource: "arn:aws:sqs:eu-central-1:111122223333:jobs", Outcome: snapshot.Throttled, Reason: "Throttling: Rate exceeded"},
		{Service: "kms", Region: "eu-west-1", Call: "kms:ListGrants", Outcome: snapshot.Denied, Reason: "AccessDeniedException"},
		{Service: "ec2", Call: "ec2:DescribeInstances", Types: []string{"AWS::EC2::Instance"}, Outcome: snapshot.Denied, Reason: "UnauthorizedOperation: You are not authorized"},
		{Service: "lambda", Region: "eu-west-1", Call: "lambda:ListFunctionUrlConfigs", Types: []string{"AWS::Lambda::Url"}, Outcome: snapshot.Denied, Reason: "AccessDenied (for arn:aws:lambda:eu-west-1:111122223333:function:web)"},
		{Service: "sns", Region: "eu-west-1", Call: "sns:GetTopicAttributes", Resource: "arn:aws:sns:eu-west-1:111122223333:gone", Outcome: snapshot.Failed, Reason: "gaps.json does not say why"},
		{Service: "macie2", Region: "eu-west-1", Call: "macie2:ListClassificationJobs", Outcome: snapshot.Denied, Reason: "AccessDenied"},
		{Service: "ec2", Call: "ec2:DescribeVpcs", Types: []string{"AWS::EC2::VPC", "AWS::EC2::VPCCidrBlock"}, Outcome: snapshot.NotAsked, Reason: "the folder has none of its resources"},
	} {
		if got := gap(want.Call, want.Resource); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
	n := 0
	for _, g := range s.Gaps() {
		if g.Call == "ec2:DescribeInstances" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d gaps for a denied list, want the denial alone", n)
	}
}

// The same folder must give the same snapshot, byte for byte.
func TestFolderIsDeterministic(t *testing.T) {
	write := func() string {
		var b strings.Builder
		if err := snapshot.Export(&b, read(t, "testdata/acme")); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	first := write()
	for range 5 {
		if write() != first {
			t.Fatal("two readings differ")
		}
	}
}

// copied makes a folder of the sample's two necessary files, changed as a test needs it. Empty content removes a file.
func copied(t testing.TB, changes map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"gaad.json", "resources.json"} {
		b, err := os.ReadFile(filepath.Join("testdata/acme", name))
		if err != nil {
			t.Fatal(err)
		}
		put(t, dir, name, string(b))
	}
	for name, content := range changes {
		if content == "" {
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
			continue
		}
		put(t, dir, name, content)
	}
	return dir
}

func put(t testing.TB, dir, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestFolderOfAFileSystem: an embedded folder reads as one on the disk does, and messages call it by the name that is given.
func TestFolderOfAFileSystem(t *testing.T) {
	s, err := files.ReadFolder(os.DirFS("testdata/acme"), "sample")
	if err != nil {
		t.Fatal(err)
	}
	want := read(t, "testdata/acme")
	if !reflect.DeepEqual(s.Resources, want.Resources) || !reflect.DeepEqual(s.Coverage, want.Coverage) || s.From != "sample" {
		t.Errorf("not what the folder on the disk says; from %q", s.From)
	}
	_, err = files.ReadFolder(fstest.MapFS{"gaad.json": {Data: []byte("[")}, "resources.json": {Data: []byte("[]")}}, "sample")
	if err == nil || !strings.Contains(err.Error(), filepath.Join("sample", "gaad.json")) {
		t.Errorf("says %v", err)
	}
	if _, err = files.ReadFolder(fstest.MapFS{}, "sample"); err == nil || !strings.Contains(err.Error(), "the folder sample has no gaad.json") {
		t.Errorf("says %v", err)
	}
}

func TestFolderOfTwoFiles(t *testing.T) {
	dir := copied(t, nil)
	changed := time.Date(2026, 5, 6, 7, 8, 9, 123, time.Local)
	if err := os.Chtimes(filepath.Join(dir, "gaad.json"), time.Time{}, changed); err != nil {
		t.Fatal(err)
	}
	s := read(t, dir)
	if want := changed.UTC().Truncate(time.Second); s.Taken != want {
		t.Errorf("taken %v, want %v", s.Taken, want)
	}
	for typ, want := range map[string]snapshot.State{
		"AWS::Organizations::Policy": snapshot.Absent, // no scp.json: no SCPs
		"AWS::IAM::CredentialReport": snapshot.Unknown,
		"AWS::DynamoDB::Table":       snapshot.Unknown,
	} {
		if got := s.Has(typ, ""); got != want {
			t.Errorf("%s: %d, want %d", typ, got, want)
		}
	}
	if r := get(t, s, "arn:aws:kms:eu-west-1:111122223333:key/one"); len(r.Unknown) != 0 {
		t.Errorf("without gaps.json, what is not there is not set: %v", r.Unknown)
	}
}

// A folder that says it is complete has none of what does not occur, but for what gaps.json lists.
func TestCompleteFolder(t *testing.T) {
	s := read(t, copied(t, map[string]string{
		"account.json": `{"complete": true}`,
		"gaps.json":    `[{"call": "dynamodb:ListTables", "service": "dynamodb", "reason": "AccessDenied"}]`,
	}))
	for typ, want := range map[string]snapshot.State{
		"AWS::EKS::Cluster":     snapshot.Absent,
		"AWS::DynamoDB::Table":  snapshot.Unknown,
		"AWS::Nobody::Knows":    snapshot.Unknown,
		"AWS::IAM::AccessKey":   snapshot.Unknown,
		"AWS::CloudTrail::None": snapshot.Unknown,
	} {
		if got := s.Has(typ, ""); got != want {
			t.Errorf("%s: %d, want %d", typ, got, want)
		}
	}
	if gaps := s.Gaps(); len(gaps) != 1 {
		t.Errorf("gaps %v", gaps)
	}
}

func TestGapWithoutAResource(t *testing.T) {
	s := read(t, copied(t, map[string]string{"gaps.json": `[
		{"call": "s3:GetBucketPolicy", "service": "s3", "region": "eu-west-1", "reason": "AccessDenied"},
		{"call": "iam:GetAccountAuthorizationDetails", "service": "iam", "reason": "truncated after 100"},
		{"call": "organizations:ListPolicies", "service": "organizations", "reason": "AccessDenied", "resource": null},
		{"call": "GetPublicAccessBlock", "service": "s3control", "reason": "AccessDenied"}]`}))
	for key, want := range map[string]snapshot.State{
		"arn:aws:s3:::acme-exports": snapshot.Known,   // its policy is there, so it was read
		"arn:aws:s3:::acme-plain":   snapshot.Unknown, // its policy is not there, and may not have been read
	} {
		if _, st := get(t, s, key).ResourcePolicy(); st != want {
			t.Errorf("%s: policy state %d, want %d", key, st, want)
		}
	}
	for _, typ := range []string{"AWS::IAM::Group", "AWS::Organizations::Policy", "AWS::S3::AccountPublicAccessBlock"} {
		if got := s.Has(typ, ""); got != snapshot.Unknown {
			t.Errorf("%s: %d", typ, got)
		}
	}
}

func TestAccountIsToldByAccountJSON(t *testing.T) {
	s := read(t, copied(t, map[string]string{
		"gaad.json":      `{"UserDetailList":[],"GroupDetailList":[],"RoleDetailList":[],"Policies":[]}`,
		"resources.json": `[{"type":"AWS::S3::Bucket","arn":"arn:aws:s3:::a"},{"type":"AWS::Account","arn":"arn:aws:account::777788889999:account","properties":{"Alias":"shop"}}]`,
		"account.json":   `{"account":"777788889999"}`,
	}))
	if s.Account != "777788889999" || s.Name != "shop" || get(t, s, "arn:aws:s3:::a").Account != "777788889999" || len(s.Resources) != 2 {
		t.Errorf("%+v", s)
	}
}

// The vocabulary's table and the types that count as gaps must not part. What no live scan lists is no gap of a file.
func TestEveryTypeOfTheVocabularyIsAccountedFor(t *testing.T) {
	doc, err := os.ReadFile("../../../docs/vocabulary.md")
	if err != nil {
		t.Fatal(err)
	}
	s := read(t, copied(t, map[string]string{"resources.json": "[]"}))
	n := 0
	for line := range strings.Lines(string(doc)) {
		if strings.HasPrefix(line, "Any other type of CloudFormation may come from files") {
			break
		}
		cell, ok := strings.CutPrefix(line, "| AWS::")
		if !ok || strings.Contains(line, "; from files") {
			continue
		}
		cell, _, _ = strings.Cut(cell, " |")
		prefix := ""
		for part := range strings.SplitSeq(cell, ",") {
			typ := strings.TrimSpace(strings.ReplaceAll(part, "*ours*", ""))
			if i := strings.LastIndex(typ, "::"); i >= 0 && !strings.HasPrefix(typ, "AWS::") {
				prefix = "AWS::" + typ[:i+2]
				typ = "AWS::" + typ
			} else if i < 0 && prefix != "" {
				typ = prefix + typ
			} else if i < 0 {
				typ = "AWS::" + typ
			}
			n++
			if !slices.ContainsFunc(s.Coverage, func(c snapshot.Coverage) bool { return slices.Contains(c.Types, typ) }) {
				t.Errorf("nothing is said of %s", typ)
			}
		}
	}
	if n < 45 {
		t.Errorf("only %d types found in the vocabulary", n)
	}
}
