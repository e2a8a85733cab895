package assess

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

const ours = "111122223333"

type object = map[string]any

// plain turns Go values into what a reader of JSON gives.
func plain(v any) any {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	var out any
	if err := json.Unmarshal(b, &out); err != nil {
		panic(err)
	}
	return out
}

func doc(statements []any) object { return object{"Version": "2012-10-17", "Statement": statements} }

func arn(kind, name string) string { return "arn:aws:iam::" + ours + ":" + kind + "/" + name }

// sealed makes a snapshot in which everything was read, but for the types of gaps.
func sealed(resources []snapshot.Resource, gaps ...string) *snapshot.Snapshot {
	s := &snapshot.Snapshot{Account: ours, Partition: "aws", Taken: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}
	for _, r := range resources {
		r.Properties = plain(r.Properties).(object)
		s.Resources = append(s.Resources, r)
	}
	for _, typ := range []string{"AWS::IAM::User", "AWS::IAM::Role", "AWS::IAM::Group", "AWS::IAM::CredentialReport", "AWS::IAM::AccountSummary", "AWS::IAM::InstanceProfile",
		"AWS::EC2::Instance", "AWS::EC2::SecurityGroup", "AWS::Lambda::Function", "AWS::Lambda::Url", "AWS::ECS::Service", "AWS::ECS::TaskDefinition",
		"AWS::S3::AccountPublicAccessBlock", "AWS::Organizations::Organization", "AWS::Organizations::Policy"} {
		c := snapshot.Coverage{Service: "test", Call: typ, Types: []string{typ}, Outcome: snapshot.OK}
		for _, g := range gaps {
			if g == typ {
				c.Outcome = snapshot.Denied
			}
		}
		s.Coverage = append(s.Coverage, c)
	}
	s.Seal()
	return s
}

func judge(t *testing.T, s *snapshot.Snapshot) *Assessment {
	t.Helper()
	m := threatmodel.Default()
	m.Trusted = map[string]string{"555566667777": "Acme Backup"}
	a, err := Of(Input{Snapshot: s, Model: m})
	if err != nil {
		t.Fatal(err)
	}
	tell(t, a)
	return a
}

// tell works out every row's paths, whose numbers are those that the sheet had without them.
func tell(t *testing.T, a *Assessment) {
	t.Helper()
	for i := range a.Sheet.Rows {
		r := &a.Sheet.Rows[i]
		before := *r
		a.Sheet.Tell(r)
		for _, l := range [][2]risk.Likelihood{{before.Beside, r.Beside}, {before.Full, r.Full}} {
			x, y := l[0], l[1]
			if x.Points != y.Points || x.Level != y.Level || x.LowPoints != y.LowPoints || x.LowLevel != y.LowLevel || x.Ways != y.Ways || (x.Worst == nil) != (y.Worst == nil) || x.Worst != nil && x.Worst.ID != y.Worst.ID {
				t.Errorf("%s %s: %d…%d points by %d ways, worst %+v, and when told %d…%d by %d, worst %+v", r.ID, r.Access, x.LowPoints, x.Points, x.Ways, x.Worst, y.LowPoints, y.Points, y.Ways, y.Worst)
			}
		}
	}
}

func resource(typ, key, name string, p object) snapshot.Resource {
	if p == nil {
		p = object{}
	}
	return snapshot.Resource{Key: snapshot.Key(key), Type: typ, Account: ours, Name: name, Properties: p}
}

// generator draws small accounts whose policies meet often.
type generator struct{ *rand.Rand }

func (g generator) one(of ...string) string { return of[g.IntN(len(of))] }

var (
	genUsers   = []string{"ann", "ben", "cat"}
	genRoles   = []string{"app", "ops"}
	genBuckets = []string{"logs", "media"}
	genActions = []string{"s3:GetObject", "s3:PutObject", "s3:Get*", "s3:ListBucket", "s3:PutBucketPolicy", "sts:AssumeRole", "kms:Decrypt", "kms:*", "s3:*", "*",
		"secretsmanager:GetSecretValue", "iam:PutUserPolicy", "iam:PassRole", "sqs:ReceiveMessage", "S3:getobject"}
)

func (g generator) resource() any {
	return g.one("*", "*", "arn:aws:s3:::logs", "arn:aws:s3:::logs/*", "arn:aws:s3:::media/in/*", "arn:aws:s3:::*/home/${aws:username}/*", arn("role", "app"), arn("role", "*"),
		arn("user", "ann"), "arn:aws:kms:eu-west-1:"+ours+":key/k-1", "arn:aws:secretsmanager:eu-west-1:"+ours+":secret:db-AbCdEf", "arn:aws:sqs:eu-west-1:"+ours+":jobs")
}

func (g generator) condition() object {
	switch g.IntN(9) {
	case 0:
		return object{"Bool": object{"aws:MultiFactorAuthPresent": "true"}}
	case 1:
		return object{"BoolIfExists": object{"aws:MultiFactorAuthPresent": "false"}}
	case 2:
		return object{"IpAddress": object{"aws:SourceIp": "203.0.113.0/24"}}
	case 3:
		return object{"StringEquals": object{"aws:PrincipalTag/team": g.one("web", "ops")}}
	case 4:
		return object{"ArnLike": object{"aws:PrincipalArn": g.one(arn("role", "*"), arn("user", "ann"), "arn:aws:iam::*:role/app")}}
	case 5:
		return object{"StringEquals": object{"aws:ResourceTag/team": "web"}}
	}
	return nil
}

func (g generator) statement(on string) object {
	s := object{"Effect": "Allow"}
	if g.IntN(5) == 0 {
		s["Effect"] = "Deny"
	}
	if g.IntN(10) == 0 {
		s["NotAction"] = g.one("iam:*", "s3:GetObject")
	} else {
		s["Action"] = g.one(genActions...)
	}
	if c := g.condition(); c != nil {
		s["Condition"] = c
	}
	switch on {
	case "":
		s["Resource"] = g.resource()
		return s
	case "role":
		delete(s, "NotAction")
		s["Action"] = "sts:AssumeRole"
	case "bucket":
		s["Resource"] = []any{"arn:aws:s3:::logs", g.one("arn:aws:s3:::logs/*", "arn:aws:s3:::media/in/*", "arn:aws:s3:::media/*")}
	default:
		s["Resource"] = "*"
	}
	s["Principal"] = []any{"*", object{"AWS": ours}, object{"AWS": arn("user", "ann")}, object{"AWS": arn("role", "app")}, object{"AWS": "999988887777"},
		object{"AWS": "arn:aws:iam::555566667777:role/x"}, object{"Service": "s3.amazonaws.com"}}[g.IntN(7)]
	return s
}

func (g generator) statements(on string) []any {
	out := []any{}
	for range 1 + g.IntN(3) {
		out = append(out, g.statement(on))
	}
	return out
}

func (g generator) account() []snapshot.Resource {
	var out []snapshot.Resource
	report := []any{object{"User": "<root_account>", "MfaActive": true}}
	for _, u := range genUsers {
		r := resource("AWS::IAM::User", arn("user", u), u, object{"UserName": u, "Policies": []any{object{"PolicyName": "own", "PolicyDocument": doc(g.statements(""))}}})
		if g.IntN(3) == 0 {
			r.Properties["Groups"] = []any{"devs"}
		}
		if g.IntN(3) == 0 {
			r.Tags = map[string]string{"team": "web"}
		}
		out = append(out, r)
		report = append(report, object{"User": u, "Arn": arn("user", u), "PasswordEnabled": g.IntN(2) == 0, "MfaActive": g.IntN(2) == 0, "AccessKey1Active": g.IntN(2) == 0,
			"AccessKey1LastRotated": g.one("2026-05-01T00:00:00Z", "2026-01-01T00:00:00Z", "2024-01-01T00:00:00Z")})
	}
	out = append(out, resource("AWS::IAM::Group", arn("group", "devs"), "devs", object{"GroupName": "devs", "Policies": []any{object{"PolicyName": "own", "PolicyDocument": doc(g.statements(""))}}}),
		resource("AWS::IAM::CredentialReport", "arn:aws:iam::"+ours+":credential-report", "", object{"Rows": report}))
	for _, n := range genRoles {
		r := resource("AWS::IAM::Role", arn("role", n), n, object{"RoleName": n, "AssumeRolePolicyDocument": doc(g.statements("role")),
			"Policies": []any{object{"PolicyName": "own", "PolicyDocument": doc(g.statements(""))}}})
		if g.IntN(4) == 0 {
			r.Properties["PermissionsBoundary"] = arn("policy", "edge")
		}
		out = append(out, r)
	}
	out = append(out, resource("AWS::IAM::ManagedPolicy", arn("policy", "edge"), "edge", object{"PolicyDocument": doc(g.statements(""))}))
	for _, n := range genBuckets {
		r := resource("AWS::S3::Bucket", "arn:aws:s3:::"+n, n, object{"BucketName": n})
		if g.IntN(2) == 0 {
			r.Policy, _ = json.Marshal(doc(g.statements("bucket")))
		}
		if g.IntN(2) == 0 {
			r.Properties["BucketEncryption"] = object{"ServerSideEncryptionConfiguration": []any{object{"ServerSideEncryptionByDefault": object{"KMSMasterKeyID": "k-1"}}}}
		}
		if g.IntN(2) == 0 {
			r.Tags = map[string]string{"team": "web"}
		}
		out = append(out, r)
	}
	out = append(out, resource("AWS::KMS::Key", "arn:aws:kms:eu-west-1:"+ours+":key/k-1", "k-1", object{"KeyManager": "CUSTOMER", "KeyPolicy": doc(g.statements("key"))}),
		resource("AWS::SecretsManager::Secret", "arn:aws:secretsmanager:eu-west-1:"+ours+":secret:db-AbCdEf", "db", object{"Name": "db"}),
		resource("AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:"+ours+":jobs", "jobs", object{"QueueName": "jobs"}))
	if g.IntN(3) == 0 {
		out = append(out, resource("AWS::Organizations::Organization", "arn:aws:organizations::444455556666:organization/o-1", "o-1", object{"Id": "o-1", "ManagementAccountId": "444455556666"}),
			resource("AWS::Organizations::Policy", "scp:0/edge", "edge", object{"Name": "edge", "Type": "SERVICE_CONTROL_POLICY", "Level": 0, "Content": doc(append(g.statements(""),
				object{"Effect": "Allow", "Action": "*", "Resource": "*"}))}))
	}
	return out
}

func draw(seed uint64) (generator, []snapshot.Resource) {
	g := generator{rand.New(rand.NewPCG(seed, 7))}
	return g, g.account()
}

func named(seed uint64, f string, args ...any) string {
	return fmt.Sprintf("seed %d: ", seed) + fmt.Sprintf(f, args...)
}
