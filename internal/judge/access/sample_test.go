package access

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/snapshot"
)

const (
	ours   = "111122223333"
	theirs = "999988887777"
)

type object = map[string]any

// sample is a small account under construction; whatever types are in no gap were read.
type sample struct {
	t         *testing.T
	resources []snapshot.Resource
	gaps      []string
	options   Options
}

// routesOnce reads the routes for all samples.
var routesOnce = sync.OnceValue(func() []Route {
	routes, err := Routes()
	if err != nil {
		panic(err)
	}
	return routes
})

func newSample(t *testing.T) *sample { return &sample{t: t} }

// readTypes are those whose absence the judgement depends on.
var readTypes = []string{"AWS::IAM::User", "AWS::IAM::Role", "AWS::IAM::Group", "AWS::IAM::CredentialReport", "AWS::IAM::InstanceProfile", "AWS::EC2::Instance",
	"AWS::Lambda::Function", "AWS::Lambda::Url", "AWS::ECS::Service", "AWS::ECS::TaskDefinition", "AWS::S3::AccountPublicAccessBlock",
	"AWS::Organizations::Organization", "AWS::Organizations::Policy"}

func (a *sample) snapshot() *snapshot.Snapshot {
	s := &snapshot.Snapshot{Account: ours, Partition: "aws"}
	s.Resources = append(s.Resources, a.resources...)
	for _, typ := range readTypes {
		c := snapshot.Coverage{Service: "test", Call: typ, Types: []string{typ}, Outcome: snapshot.OK}
		for _, g := range a.gaps {
			if g == typ {
				c.Outcome = snapshot.Denied
			}
		}
		s.Coverage = append(s.Coverage, c)
	}
	s.Seal()
	return s
}

func (a *sample) table() *Table {
	a.t.Helper()
	s := a.snapshot()
	return Compile(s, decide.Compile(s), network.Compile(s), routesOnce(), a.options)
}

func (a *sample) add(r snapshot.Resource) *snapshot.Resource {
	a.resources = append(a.resources, r)
	return &a.resources[len(a.resources)-1]
}

// plain turns Go values into what a reader of JSON gives.
func (a *sample) plain(v any) any {
	a.t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		a.t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(b, &out); err != nil {
		a.t.Fatal(err)
	}
	return out
}

func (a *sample) doc(statements ...object) any {
	return a.plain(object{"Version": "2012-10-17", "Statement": statements})
}

func iamARN(kind, name string) string { return "arn:aws:iam::" + ours + ":" + kind + "/" + name }

func (a *sample) user(name string, statements ...object) *snapshot.Resource {
	r := snapshot.Resource{Key: snapshot.Key(iamARN("user", name)), Type: "AWS::IAM::User", Account: ours, Name: name, Properties: object{"UserName": name}}
	if len(statements) > 0 {
		r.Properties["Policies"] = []any{object{"PolicyName": "own", "PolicyDocument": a.doc(statements...)}}
	}
	return a.add(r)
}

func (a *sample) role(name string, trust []object, statements ...object) *snapshot.Resource {
	r := a.user(name, statements...)
	r.Key, r.Type = snapshot.Key(iamARN("role", name)), "AWS::IAM::Role"
	delete(r.Properties, "UserName")
	r.Properties["RoleName"], r.Properties["AssumeRolePolicyDocument"] = name, a.doc(trust...)
	return r
}

func (a *sample) thing(typ, arn string, p object, statements ...object) *snapshot.Resource {
	name := arn[strings.LastIndexAny(arn, ":/")+1:]
	region := strings.Split(arn, ":")[3]
	r := snapshot.Resource{Key: snapshot.Key(arn), Type: typ, Account: ours, Region: region, Name: name}
	if p != nil {
		r.Properties = a.plain(p).(object)
	} else {
		r.Properties = object{}
	}
	if len(statements) > 0 {
		b, err := json.Marshal(a.doc(statements...))
		if err != nil {
			a.t.Fatal(err)
		}
		r.Policy = b
	}
	return a.add(r)
}

func (a *sample) bucket(name string, statements ...object) *snapshot.Resource {
	return a.thing("AWS::S3::Bucket", "arn:aws:s3:::"+name, object{"BucketName": name}, statements...)
}

func permit(action, resource any, more ...object) object {
	return merged(object{"Effect": "Allow", "Action": action}, resource, more)
}

func forbid(action, resource any, more ...object) object {
	return merged(object{"Effect": "Deny", "Action": action}, resource, more)
}

func merged(s object, resource any, more []object) object {
	if resource != nil {
		s["Resource"] = resource
	}
	for _, m := range more {
		for k, v := range m {
			s[k] = v
		}
	}
	return s
}

func on(condition ...any) object { // operator, key, values…
	return object{"Condition": object{condition[0].(string): object{condition[1].(string): condition[2:]}}}
}

func to(kind string, who ...any) object { return object{"Principal": object{kind: who}} }

var toAll = object{"Principal": "*"}

func trusting(kind, who string, more ...object) []object {
	action := "sts:AssumeRole"
	if kind == "Federated" {
		action = "sts:AssumeRoleWithWebIdentity"
		if strings.Contains(who, ":saml-provider/") {
			action = "sts:AssumeRoleWithSAML"
		}
	}
	return []object{permit(action, nil, append(more, to(kind, who))...)}
}

// kinds lists the ways into a principal, in order.
func (t *Table) kindsInto(id string) []string {
	var out []string
	for _, e := range t.entries[node{id, None}] {
		k := e.Kind
		if e.Unknown {
			k += "?"
		}
		out = append(out, k)
	}
	return out
}
