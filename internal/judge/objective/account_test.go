package objective_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/objective"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

const (
	ours    = "111122223333"
	theirs  = "555566667777"
	photos  = "arn:aws:s3:::photos"
	github  = "arn:aws:iam::" + ours + ":oidc-provider/token.actions.githubusercontent.com"
	gitHost = "token.actions.githubusercontent.com"
)

type object = map[string]any

func arn(kind, name string) string { return "arn:aws:iam::" + ours + ":" + kind + "/" + name }

func permit(action, resource any, more ...object) object {
	st := object{"Effect": "Allow", "Action": action, "Resource": resource}
	for _, m := range more {
		for k, v := range m {
			st[k] = v
		}
	}
	return st
}

func when(operator, key string, value any) object {
	return object{"Condition": object{operator: object{key: value}}}
}

func doc(statements ...object) object {
	return object{"Version": "2012-10-17", "Statement": statements}
}

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

// account is an account under test: everything was read, but for the types in gaps.
type account struct {
	t         *testing.T
	resources []snapshot.Resource
	report    []any
	gaps      []string
	model     *threatmodel.Model
	now       time.Time
}

func newAccount(t *testing.T) *account {
	a := &account{t: t, model: threatmodel.Default(), now: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)}
	a.report = []any{object{"User": "<root_account>", "MfaActive": true}}
	a.model.Resources = []threatmodel.Resource{{ID: "photos", Bind: arns(photos)}, {ID: "account", Bind: threatmodel.Bind{Type: threatmodel.Words{"AWS::Account"}}}}
	a.actor("root", "arn:aws:iam::"+ours+":root")
	a.thing("AWS::S3::Bucket", photos, "photos", object{"BucketName": "photos"})
	return a
}

func arns(list ...string) threatmodel.Bind { return threatmodel.Bind{ARN: list} }

func (a *account) thing(typ, key, name string, p object) *snapshot.Resource {
	a.resources = append(a.resources, snapshot.Resource{Key: snapshot.Key(key), Type: typ, Account: ours, Region: "eu-west-1", Name: name, Properties: p})
	return &a.resources[len(a.resources)-1]
}

// user is somebody with a password and MFA.
func (a *account) user(name string, statements ...object) *snapshot.Resource {
	a.report = append(a.report, object{"User": name, "Arn": arn("user", name), "PasswordEnabled": true, "MfaActive": true})
	return a.thing("AWS::IAM::User", arn("user", name), name, object{"UserName": name, "Path": "/", "Policies": inline(statements)})
}

func inline(statements []object) []any {
	if len(statements) == 0 {
		return []any{}
	}
	return []any{object{"PolicyName": "own", "PolicyDocument": doc(statements...)}}
}

// role trusts a principal: {"Service": "lambda.amazonaws.com"}.
func (a *account) role(name string, trust object, statements ...object) *snapshot.Resource {
	return a.thing("AWS::IAM::Role", arn("role", name), name, object{"RoleName": name, "Path": "/", "Policies": inline(statements), "AssumeRolePolicyDocument": doc(trust)})
}

func trusts(kind string, who any) object {
	return object{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": object{kind: who}}
}

func federates(provider, subject string) object {
	st := object{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": object{"Federated": provider}}
	if subject != "" {
		st["Condition"] = object{"StringLike": object{gitHost + ":sub": subject}}
	}
	return st
}

func (a *account) function(name, role string) *snapshot.Resource {
	return a.thing("AWS::Lambda::Function", "arn:aws:lambda:eu-west-1:"+ours+":function:"+name, name, object{"FunctionName": name, "Role": arn("role", role)})
}

func (a *account) actor(id string, who ...string) {
	a.model.Actors = append(a.model.Actors, threatmodel.Actor{ID: id, Bind: arns(who...)})
}

func (a *account) get(key string) *snapshot.Resource {
	i := slices.IndexFunc(a.resources, func(r snapshot.Resource) bool { return string(r.Key) == key })
	if i < 0 {
		a.t.Fatalf("the account has no %s", key)
	}
	return &a.resources[i]
}

var listed = []string{"AWS::IAM::User", "AWS::IAM::Role", "AWS::IAM::Group", "AWS::IAM::ManagedPolicy", "AWS::IAM::CredentialReport", "AWS::IAM::AccountSummary", "AWS::IAM::InstanceProfile",
	"AWS::EC2::Instance", "AWS::EC2::SecurityGroup", "AWS::Lambda::Function", "AWS::Lambda::Url", "AWS::ECS::Service", "AWS::ECS::TaskDefinition", "AWS::S3::Bucket", "AWS::SQS::Queue",
	"AWS::S3::AccountPublicAccessBlock", "AWS::Organizations::Organization", "AWS::Organizations::Policy", "AWS::RDS::DBInstance", "AWS::SecretsManager::Secret", "AWS::KMS::Key", "AWS::S3::AccessPoint", "AWS::RDS::DBSnapshot"}

func (a *account) snapshot() *snapshot.Snapshot {
	s := &snapshot.Snapshot{Account: ours, Partition: "aws", Taken: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}
	all := a.resources
	if !slices.Contains(a.gaps, "AWS::IAM::CredentialReport") {
		all = append(slices.Clone(all), snapshot.Resource{Key: "arn:aws:iam::" + ours + ":credential-report", Type: "AWS::IAM::CredentialReport", Account: ours, Properties: object{"Rows": a.report}})
	}
	for _, r := range all {
		if r.Properties == nil {
			r.Properties = object{}
		}
		r.Properties = plain(r.Properties).(object)
		s.Resources = append(s.Resources, r)
	}
	for _, typ := range listed {
		c := snapshot.Coverage{Service: "test", Call: "test:List" + typ, Types: []string{typ}, Outcome: snapshot.OK}
		if slices.Contains(a.gaps, typ) {
			c.Outcome = snapshot.Denied
		}
		s.Coverage = append(s.Coverage, c)
	}
	s.Seal()
	return s
}

// judge prepares the account for objectives.
func (a *account) judge() (*objective.Judge, *assess.Assessment) {
	a.t.Helper()
	as, err := assess.Of(assess.Input{Snapshot: a.snapshot(), Model: a.model, Now: a.now, File: "footing.yaml"})
	if err != nil {
		a.t.Fatal(err)
	}
	return objective.New(as.Case()), as
}

// must judges one sentence, as people write it.
func (a *account) must(sentence string) check.Result {
	a.t.Helper()
	j, _ := a.judge()
	return j.Hold(a.objective("O-1", sentence))
}

func (a *account) objective(id string, sentences ...string) *threatmodel.Objective {
	a.t.Helper()
	var n threatmodel.Names
	for _, x := range a.model.Actors {
		n.Actors = append(n.Actors, x.ID)
	}
	for _, x := range a.model.Resources {
		n.Resources = append(n.Resources, x.ID)
	}
	for _, x := range a.model.Units {
		n.Units = append(n.Units, x.Name)
	}
	o := &threatmodel.Objective{ID: id, Line: 7}
	for _, s := range sentences {
		read, err := threatmodel.ParseSentence(s, n)
		if err != nil {
			a.t.Fatalf("%q: %v", s, err)
		}
		o.Must = append(o.Must, read)
	}
	return o
}
