package relation

import (
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/snapshot"
)

const account = "111122223333"

// thing is a resource with one text somewhere in it.
func thing(key, typ, path string, value any) snapshot.Resource {
	r := snapshot.Resource{Key: snapshot.Key(key), Type: typ, Region: "eu-west-1", Account: account, Properties: map[string]any{}}
	put(r.Properties, path, value)
	return r
}

func put(m map[string]any, path string, value any) {
	name, rest, more := strings.Cut(path, ".")
	name, list := strings.CutSuffix(name, "[]")
	v := value
	if more {
		below := map[string]any{}
		put(below, rest, value)
		v = below
	}
	if list {
		v = []any{v}
	}
	m[name] = v
}

// Every rule finds what it names, in both directions, and nothing in another Region.
func TestRules(t *testing.T) {
	all := rules()
	if len(all) < 150 {
		t.Fatalf("%d rules", len(all))
	}
	seen := map[rule]bool{}
	for _, ru := range all {
		if kinds[ru.kind] == "" || seen[ru] || ru.typ == "" || ru.path == "" {
			t.Errorf("%+v: no such kind, or twice", ru)
		}
		seen[ru] = true
		typ := ru.target
		if typ == "" {
			typ = "AWS::KMS::Key"
		}
		to := thing("arn:aws:x:eu-west-1:"+account+":y/it", typ, "Any", "")
		value := string(to.Key)
		switch ru.by {
		case "", byPhysical:
		case byImage:
			put(to.Properties, "RepositoryName", "app/web")
			value = account + ".dkr.ecr.eu-west-1.amazonaws.com/app/web:latest"
		case byDomain:
			put(to.Properties, "BucketName", "site")
			value = "site.s3.eu-west-1.amazonaws.com"
		default:
			put(to.Properties, ru.by, "called-so")
			value = "called-so"
		}
		elsewhere := to
		elsewhere.Key, elsewhere.Region = "arn:aws:x:us-east-1:"+account+":y/it", "us-east-1"
		from := thing("arn:aws:x:eu-west-1:"+account+":z/from", ru.typ, ru.path, value)
		s := &snapshot.Snapshot{Resources: []snapshot.Resource{to, elsewhere, from}}
		s.Seal()
		g := Of(s)
		want := Relation{ru.kind, from.Key, to.Key}
		if !slices.Contains(g.From(from.Key), want) || !slices.Contains(g.To(to.Key), want) {
			t.Errorf("%+v: from %v, to %v", ru, g.From(from.Key), g.To(to.Key))
		}
		if len(g.To(elsewhere.Key)) > 0 {
			t.Errorf("%+v: leads to another Region", ru)
		}
	}
}

func TestKeys(t *testing.T) {
	key := thing("arn:aws:kms:eu-west-1:"+account+":key/1234", "AWS::KMS::Key", "KeyManager", "CUSTOMER")
	alias := thing("arn:aws:kms:eu-west-1:"+account+":alias/app", "AWS::KMS::Alias", "AliasName", "alias/app")
	put(alias.Properties, "TargetKeyId", "1234")
	for _, value := range []string{"1234", "alias/app", string(alias.Key), string(key.Key)} {
		queue := thing("arn:aws:sqs:eu-west-1:"+account+":q", "AWS::SQS::Queue", "KmsMasterKeyId", value)
		s := &snapshot.Snapshot{Resources: []snapshot.Resource{key, alias, queue}}
		s.Seal()
		got := Of(s).From(queue.Key)
		if len(got) != 1 || got[0].To != key.Key || got[0].Kind != "uses key" {
			t.Errorf("%s: %v", value, got)
		}
	}
}

// Odd properties lead nowhere, and break nothing.
func TestOddProperties(t *testing.T) {
	for _, v := range []any{nil, 7, true, "", []any{}, []any{nil, 1, map[string]any{}}, map[string]any{"VpcId": []any{"x"}}} {
		r := thing("arn:aws:ec2:eu-west-1:"+account+":instance/i-1", "AWS::EC2::Instance", "SubnetId", v)
		r.Properties["SecurityGroupIds"], r.Properties["VpcId"] = v, v
		s := &snapshot.Snapshot{Resources: []snapshot.Resource{r}}
		s.Seal()
		if got := Of(s).From(r.Key); len(got) > 0 {
			t.Errorf("%v: %v", v, got)
		}
	}
}

// A name that two things have is not taken for either.
func TestAmbiguousNames(t *testing.T) {
	a, b := thing("arn:aws:sqs:eu-west-1:"+account+":a/same", "AWS::SQS::Queue", "X", "y"), thing("arn:aws:sns:eu-west-1:"+account+":b/same", "AWS::SNS::Topic", "X", "y")
	stack := thing("arn:aws:cloudformation:eu-west-1:"+account+":stack/s/1", "AWS::CloudFormation::Stack", "Resources[].PhysicalResourceId", "same")
	s := &snapshot.Snapshot{Resources: []snapshot.Resource{a, b, stack}}
	s.Seal()
	if got := Of(s).From(stack.Key); len(got) > 0 {
		t.Errorf("%v", got)
	}
}
