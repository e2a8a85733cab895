package draft_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/snapshot"
)

// odd are names (of valid UTF-8, as all that is read from JSON) that YAML, a sentence of an objective or a shell would read as something else.
var odd = []string{"yes", "No", "null", "~", "007", "1e3", "0x1F", "2026-11-23", "a: b", "x #y", "- dash", "{brace}", "[b]", `say "hi"`, "it's", `back\slash`, "line\nbreak",
	"tab\there", "ünïcödé", "日本", "\u2028sep", "\u200bzero", "\u0085nel", "*", "?", "&anchor", "!tag", "%dir", "@at", "`tick`", "|", ">", "and", "or", "account", "anything", "unit", "website",
	"prod", "", " lead", "trail ", "=", "<<", ".inf", "-1", "true", "on", strings.Repeat("long", 60), "\x1b[31mred", "a,b", "a:b", "\ufeffmark"}

// account makes up an account: what its parts are called and who trusts whom is drawn.
func account(seed uint64) *snapshot.Snapshot {
	r := rand.New(rand.NewPCG(seed, 1))
	const id = "111122223333"
	s := &snapshot.Snapshot{Account: id, Name: odd[r.IntN(len(odd))], Taken: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
	pick := func(l ...string) string { return l[r.IntN(len(l))] }
	name := func(kind string, i int) string {
		if r.IntN(3) == 0 {
			return fmt.Sprintf("%s%s", odd[r.IntN(len(odd))], map[bool]string{true: "", false: fmt.Sprint(i)}[r.IntN(3) == 0])
		}
		return fmt.Sprintf("%s-%s-%d", pick("shop", "user", "backup", "web"), kind, i)
	}
	tags := func() map[string]string {
		out := map[string]string{}
		for _, k := range []string{"env", "Environment", "stage", "owner", "data-class", "pii", "Name", "email", "service"} {
			if r.IntN(5) == 0 {
				out[k] = pick("prod", "production", "dev", "ana@acme.example", "restricted", "confidential", "public", "yes", odd[r.IntN(len(odd))], odd[r.IntN(len(odd))])
			}
		}
		return out
	}
	doc := func(v any) json.RawMessage { b, _ := json.Marshal(v); return b }
	type o = map[string]any
	allow := func(actions, resources any) o {
		return o{"Version": "2012-10-17", "Statement": []any{o{"Effect": "Allow", "Action": actions, "Resource": resources}}}
	}
	add := func(x snapshot.Resource) {
		x.Account = id
		if r.IntN(15) == 0 {
			x.Unknown = []string{pick("Tags", "Policy", "Properties")}
		}
		s.Resources = append(s.Resources, x)
	}
	arn := func(service, rest string) snapshot.Key {
		return snapshot.Key("arn:aws:" + service + ":" + pick("eu-west-1", "us-east-1") + ":" + id + ":" + rest)
	}
	if r.IntN(4) > 0 {
		add(snapshot.Resource{Key: "arn:aws:account::" + id + ":account", Type: "AWS::Account", Tags: tags()})
	}
	var stores []string
	for i := range r.IntN(20) {
		n := name("store", i)
		x := snapshot.Resource{Name: n, Region: pick("eu-west-1", "us-east-1"), Tags: tags(), Properties: o{}}
		switch r.IntN(6) {
		case 0:
			x.Type, x.Key, x.Properties["BucketName"] = "AWS::S3::Bucket", snapshot.Key("arn:aws:s3:::"+n), n
			if r.IntN(3) == 0 {
				who := []any{"*", o{"AWS": "arn:aws:iam::" + pick("444455556666", "777788889999") + ":root"}}[r.IntN(2)]
				x.Policy = doc(o{"Version": "2012-10-17", "Statement": []any{o{"Effect": "Allow", "Principal": who, "Action": pick("s3:GetObject", "s3:*"), "Resource": []string{string(x.Key), string(x.Key) + "/*"}}}})
			}
			if r.IntN(4) == 0 {
				x.Properties["WebsiteConfiguration"] = o{"IndexDocument": "index.html"}
			}
		case 1:
			x.Type, x.Key = "AWS::DynamoDB::Table", arn("dynamodb", "table/"+n)
		case 2:
			x.Type, x.Key = "AWS::RDS::DBInstance", arn("rds", "db:"+n)
			x.Properties["DBInstanceIdentifier"], x.Properties["VpcId"] = n, pick("vpc-1", "vpc-2")
		case 3:
			x.Type, x.Key = "AWS::SecretsManager::Secret", arn("secretsmanager", "secret:"+n+"-abcdef")
		case 4:
			x.Type, x.Key = "AWS::SQS::Queue", arn("sqs", n)
		case 5:
			x.Type, x.Key, x.Properties["SharedWith"] = "AWS::RDS::DBSnapshot", arn("rds", "snapshot:"+n), []any{pick("all", "444455556666", "888899990000")}
		}
		stores = append(stores, string(x.Key))
		add(x)
	}
	onto := func() any {
		if len(stores) == 0 || r.IntN(4) == 0 {
			return "*"
		}
		k := stores[r.IntN(len(stores))]
		return []any{k, k + "/*"}
	}
	grants := func() o {
		return allow(pick("*", "s3:*", "dynamodb:*", "secretsmanager:GetSecretValue", "iam:PutUserPolicy", "sqs:*", "lambda:UpdateFunctionCode"), onto())
	}
	for i := range r.IntN(4) {
		n := name("net", i)
		add(snapshot.Resource{Key: arn("ec2", fmt.Sprintf("vpc/vpc-%d", i)), Type: "AWS::EC2::VPC", Name: n, Tags: tags(), Region: "eu-west-1", Properties: o{"VpcId": fmt.Sprintf("vpc-%d", i), "IsDefault": r.IntN(2) == 0}})
	}
	groups := []string{}
	for i := range r.IntN(4) {
		n := name("group", i)
		groups = append(groups, n)
		add(snapshot.Resource{Key: snapshot.Key("arn:aws:iam::" + id + ":group/" + n), Type: "AWS::IAM::Group", Name: n, Properties: o{"GroupName": n, "Policies": []any{o{"PolicyName": "p", "PolicyDocument": grants()}}}})
	}
	var rows []any
	for i := range r.IntN(8) {
		n := name("user", i)
		key := snapshot.Key("arn:aws:iam::" + id + ":user/" + n)
		x := snapshot.Resource{Key: key, Type: "AWS::IAM::User", Name: n, Tags: tags(), Properties: o{"UserName": n, "Path": pick("/", "/prod/")}}
		if len(groups) > 0 && r.IntN(2) == 0 {
			x.Properties["Groups"] = []any{groups[r.IntN(len(groups))]}
		}
		if r.IntN(2) == 0 {
			x.Properties["Policies"] = []any{o{"PolicyName": "p", "PolicyDocument": grants()}}
		}
		rows = append(rows, o{"User": n, "Arn": string(key), "PasswordEnabled": r.IntN(2) == 0, "MfaActive": r.IntN(2) == 0, "AccessKey1Active": r.IntN(2) == 0, "AccessKey1LastRotated": "2024-01-01T00:00:00Z"})
		add(x)
	}
	if r.IntN(3) > 0 {
		rows = append(rows, o{"User": "<root_account>", "Arn": "arn:aws:iam::" + id + ":root", "MfaActive": r.IntN(2) == 0, "AccessKey1Active": r.IntN(4) == 0})
		add(snapshot.Resource{Key: "arn:aws:iam::" + id + ":credential-report", Type: "AWS::IAM::CredentialReport", Properties: o{"Rows": rows}})
	}
	for _, host := range []string{"token.actions.githubusercontent.com", "gitlab.com", "oidc.odd.example/x"} {
		if r.IntN(2) == 0 {
			add(snapshot.Resource{Key: snapshot.Key("arn:aws:iam::" + id + ":oidc-provider/" + host), Type: "AWS::IAM::OIDCProvider", Properties: o{"Url": host}})
		}
	}
	for i := range r.IntN(8) {
		n := name("role", i)
		provider := "arn:aws:iam::" + id + ":oidc-provider/" + pick("token.actions.githubusercontent.com", "gitlab.com", "oidc.odd.example/x")
		host := provider[strings.Index(provider, "provider/")+9:]
		sub := pick("repo:acme/*", "repo:acme/web:*", "repo:acme/web:ref:refs/heads/main", "project_path:acme/x:ref_type:branch:ref:main", odd[r.IntN(len(odd))])
		who := []o{{"Service": "lambda.amazonaws.com"}, {"Service": "ec2.amazonaws.com"}, {"AWS": "arn:aws:iam::444455556666:root"}, {"AWS": "arn:aws:iam::" + id + ":root"}, {"Federated": provider}, {"AWS": "*"}}[r.IntN(6)]
		st := o{"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole"}
		if who["Federated"] != nil {
			st["Action"], st["Condition"] = "sts:AssumeRoleWithWebIdentity", o{"StringLike": o{host + ":sub": sub}}
		}
		key := snapshot.Key("arn:aws:iam::" + id + ":role/" + n)
		add(snapshot.Resource{Key: key, Type: "AWS::IAM::Role", Name: n, Tags: tags(), Properties: o{"RoleName": n, "Path": pick("/", "/dev/"), "AssumeRolePolicyDocument": o{"Version": "2012-10-17", "Statement": []any{st}},
			"Policies": []any{o{"PolicyName": "p", "PolicyDocument": grants()}}}})
		switch r.IntN(3) {
		case 0:
			f := name("function", i)
			add(snapshot.Resource{Key: arn("lambda", "function:"+f), Type: "AWS::Lambda::Function", Name: f, Region: "eu-west-1", Tags: tags(), Properties: o{"FunctionName": f, "Role": string(key)}})
		case 1:
			add(snapshot.Resource{Key: arn("ec2", "instance-profile/"+n), Type: "AWS::IAM::InstanceProfile", Name: n, Properties: o{"InstanceProfileName": n, "Roles": []any{string(key)}}})
			add(snapshot.Resource{Key: arn("ec2", fmt.Sprintf("instance/i-%d", i)), Type: "AWS::EC2::Instance", Name: name("host", i), Region: "eu-west-1", Tags: tags(),
				Properties: o{"InstanceId": fmt.Sprintf("i-%d", i), "IamInstanceProfile": n, "VpcId": "vpc-1", "State": "running", "MetadataOptions": o{"HttpTokens": pick("optional", "required")}}})
		}
	}
	for _, typ := range []string{"AWS::IAM::User", "AWS::IAM::Role", "AWS::IAM::Group", "AWS::IAM::CredentialReport", "AWS::S3::Bucket", "AWS::EC2::Instance", "AWS::Lambda::Function", "AWS::Lambda::Url", "AWS::ECS::Service", "AWS::ECS::TaskDefinition", "AWS::Account"} {
		outcome := snapshot.OK
		if r.IntN(12) == 0 {
			outcome = snapshot.Denied
		}
		s.Coverage = append(s.Coverage, snapshot.Coverage{Service: strings.ToLower(strings.Split(typ, "::")[1]), Call: "x:" + typ, Types: []string{typ}, Outcome: outcome})
	}
	s.Seal()
	return s
}

// Whatever an account is called: its draft is read again without a warning, lowers no risk, is the same every time, and a sync finds
// nothing to add to it; after the account grew it adds that, once.
func TestGeneratedAccounts(t *testing.T) {
	n := uint64(50)
	if testing.Short() {
		n = 20
	}
	for seed := range n {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			s := account(seed)
			text, _ := holds(t, s)
			if again, sections := synced(t, s, text); len(sections) > 0 || !bytes.Equal(again, text) {
				t.Fatalf("the same scan adds %+v to\n%s", sections, text)
			}
			grown := *s
			grown.Resources = slices.Clone(s.Resources)
			have := map[snapshot.Key]bool{}
			for _, x := range s.Resources {
				have[x.Key] = true
			}
			for _, x := range account(seed + 1000).Resources {
				if !have[x.Key] && x.Type != "AWS::IAM::CredentialReport" {
					grown.Resources = append(grown.Resources, x)
				}
			}
			grown.Seal()
			more, added := synced(t, &grown, text)
			if again, sections := synced(t, &grown, more); len(sections) > 0 || !bytes.Equal(again, more) {
				t.Fatalf("a second time adds %+v, after %+v, to\n%s", sections, added, more)
			}
		})
		if t.Failed() {
			return
		}
	}
}
