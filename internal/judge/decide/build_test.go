package decide

import (
	"encoding/json"
	"testing"

	"github.com/footing-dev/footing/internal/snapshot"
)

const account = "111122223333"

type object = map[string]any

// build seals an account; every type is read unless a gap says otherwise.
func build(t *testing.T, gaps []string, resources ...snapshot.Resource) *snapshot.Snapshot {
	t.Helper()
	s := &snapshot.Snapshot{Account: account, Partition: "aws", Resources: resources}
	for _, typ := range []string{"AWS::Organizations::Organization", "AWS::Organizations::Policy", "AWS::S3::AccountPublicAccessBlock"} {
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

func policy(t *testing.T, statements ...object) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(object{"Version": "2012-10-17", "Statement": statements})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func parsed(t *testing.T, statements ...object) object {
	t.Helper()
	var out object
	if err := json.Unmarshal(policy(t, statements...), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func allow(action, resource any, more ...object) object {
	return statement("Allow", action, resource, more)
}

func deny(action, resource any, more ...object) object {
	return statement("Deny", action, resource, more)
}

func statement(effect string, action, resource any, more []object) object {
	s := object{"Effect": effect, "Action": action}
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

func when(operator, key string, values ...any) object {
	return object{"Condition": object{operator: object{key: values}}}
}

func to(kind string, who ...any) object { return object{"Principal": object{kind: who}} }

var everyone = object{"Principal": "*"}

func user(t *testing.T, name string, statements ...object) snapshot.Resource {
	t.Helper()
	p := object{"UserName": name}
	if len(statements) > 0 {
		p["Policies"] = []any{object{"PolicyName": "own", "PolicyDocument": parsed(t, statements...)}}
	}
	return snapshot.Resource{Key: snapshot.Key("arn:aws:iam::" + account + ":user/" + name), Type: "AWS::IAM::User", Account: account, Name: name, Properties: p}
}

func bucket(t *testing.T, name string, statements ...object) snapshot.Resource {
	t.Helper()
	r := snapshot.Resource{Key: snapshot.Key("arn:aws:s3:::" + name), Type: "AWS::S3::Bucket", Account: account, Name: name, Region: "eu-west-1", Properties: object{"BucketName": name}}
	if len(statements) > 0 {
		r.Policy = policy(t, statements...)
	}
	return r
}

func managed(t *testing.T, name string, statements ...object) snapshot.Resource {
	t.Helper()
	return snapshot.Resource{Key: snapshot.Key("arn:aws:iam::" + account + ":policy/" + name), Type: "AWS::IAM::ManagedPolicy", Account: account, Name: name,
		Properties: object{"PolicyDocument": parsed(t, statements...)}}
}
