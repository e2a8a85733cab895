package threatmodel

import (
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/snapshot"
)

// TestChoose: what is not known is neither yes nor no, unless another key says no.
func TestChoose(t *testing.T) {
	const unknown, no, yes = snapshot.Unknown, snapshot.Absent, snapshot.Known
	bucket := snapshot.Resource{Key: "arn:aws:s3:::orders", Type: "AWS::S3::Bucket", Tags: map[string]string{"env": "prod"}}
	unread := snapshot.Resource{Key: "arn:aws:s3:::orders", Type: "AWS::S3::Bucket", Unknown: []string{"Tags"}}
	host := snapshot.Resource{Key: "arn:aws:ec2:eu-west-1:1:instance/i-1", Type: "AWS::EC2::Instance"}
	group := snapshot.Resource{Key: "sg", Type: "AWS::EC2::SecurityGroup", Properties: map[string]any{"VpcId": "vpc-1"}}
	role := snapshot.Resource{Key: "role", Type: "AWS::IAM::Role", Properties: map[string]any{"Path": "/prod/deploy/"}}
	pathless := snapshot.Resource{Key: "role", Type: "AWS::IAM::Role", Unknown: []string{"Path"}}
	pod := snapshot.Resource{Key: "k8s:main/prod-eu/ServiceAccount/api"}
	ask := func(k snapshot.Key, label string) snapshot.State {
		switch label {
		case "vpc:vpc-1", "unit:prod", "capability:admin", "exposure:internet":
			return yes
		case "vpc:vpc-2", "unit:dev", "capability:read:orders":
			return no
		}
		return unknown
	}
	for i, c := range []struct {
		b    Bind
		r    *snapshot.Resource
		ask  Labels
		want snapshot.State
	}{
		{Bind{}, &bucket, ask, no},
		{Bind{OIDC: Words{"*"}}, &bucket, ask, no},
		{Bind{ARN: Words{"arn:aws:s3:::o*"}}, &bucket, nil, yes},
		{Bind{Type: Words{"aws::s3::*"}}, &bucket, nil, yes},
		{Bind{Tag: map[string]Words{"env": {"dev", "pro?"}}}, &bucket, nil, yes},
		{Bind{Tag: map[string]Words{"env": {"dev"}}}, &bucket, nil, no},
		{Bind{Tag: map[string]Words{"env": {"prod"}}}, &unread, nil, unknown},
		{Bind{Tag: map[string]Words{"env": {"prod"}}, Type: Words{"AWS::SQS::Queue"}}, &unread, nil, no},
		{Bind{Tag: map[string]Words{"env": {"prod"}}, Unit: Words{"dev"}}, &unread, ask, no},
		{Bind{VPC: Words{"vpc-1"}}, &group, nil, yes},
		{Bind{VPC: Words{"vpc-2"}}, &group, ask, no},
		{Bind{VPC: Words{"vpc-1"}}, &host, nil, unknown},
		{Bind{VPC: Words{"vpc-2", "vpc-1"}}, &host, ask, yes},
		{Bind{VPC: Words{"vpc-2"}}, &host, ask, no},
		{Bind{VPC: Words{"vpc-2", "vpc-3"}}, &host, ask, unknown},
		{Bind{Path: Words{"/prod/"}}, &role, nil, yes},
		{Bind{Path: Words{"/*/deploy/"}}, &role, nil, yes},
		{Bind{Path: Words{"/dev/"}}, &role, nil, no},
		{Bind{Path: Words{"/"}}, &bucket, nil, no},
		{Bind{Path: Words{"/prod/"}}, &pathless, nil, unknown},
		{Bind{Unit: Words{"prod"}}, &bucket, ask, yes},
		{Bind{Unit: Words{"prod"}}, &bucket, nil, unknown},
		{Bind{Capability: Words{"read:orders", "admin"}}, &role, ask, yes},
		{Bind{Capability: Words{"read:orders"}}, &role, ask, no},
		{Bind{Exposure: "internet"}, &host, ask, yes},
		{Bind{Exposure: "internet"}, &host, nil, unknown},
		{Bind{K8s: K8s{Cluster: Words{"main"}}}, &pod, nil, yes},
		{Bind{K8s: K8s{Cluster: Words{"main"}, Namespaces: Words{"prod-*"}}}, &pod, nil, yes},
		{Bind{K8s: K8s{Cluster: Words{"main"}, Namespaces: Words{"dev"}}}, &pod, nil, no},
		{Bind{K8s: K8s{Cluster: Words{"*"}}}, &bucket, nil, no},
	} {
		if got := c.b.Choose(c.r, c.ask); got != c.want {
			t.Errorf("%d: %+v of %s: %v, want %v", i, c.b, c.r.Key, got, c.want)
		}
		if got := c.b.Match(c.r); got != (c.b.Choose(c.r, nil) == yes) {
			t.Errorf("%d: Match says %v", i, got)
		}
	}
}

// TestUnreadTags: what may be stated of a resource is told beside what is.
func TestUnreadTags(t *testing.T) {
	m, err := Parse("footing.yaml", []byte(`
policy: {class_tags: [Sensitivity, class]}
units:
  - {name: prod, bind: [{tag: {env: prod}}]}
  - {name: eu, parent: prod, bind: [{arn: "arn:aws:s3:::eu-*"}]}
resources:
  - {id: secret, bind: {tag: {service: orders}}, class: restricted}
  - {id: eu, bind: {arn: "arn:aws:s3:::eu-*"}, class: internal}
  - {id: later, bind: {tag: {service: late}}, class: public}
`))
	if err != nil {
		t.Fatal(err)
	}
	read := snapshot.Resource{Key: "arn:aws:s3:::eu-1", Tags: map[string]string{"env": "dev"}}
	unread := snapshot.Resource{Key: "arn:aws:s3:::eu-1", Unknown: []string{"Tags"}}
	ids := func(rs []*Resource) string {
		var out []string
		for _, r := range rs {
			out = append(out, r.ID)
		}
		return strings.Join(out, " ")
	}
	if m.Of(&read).ID != "eu" || ids(m.Perhaps(&read)) != "" {
		t.Errorf("read: %v, perhaps %v", m.Of(&read), ids(m.Perhaps(&read)))
	}
	if m.Of(&unread).ID != "eu" || ids(m.Perhaps(&unread)) != "secret" {
		t.Errorf("unread: %v, perhaps %v", m.Of(&unread), ids(m.Perhaps(&unread)))
	}
	unread.Key = "arn:aws:s3:::us-1"
	if m.Of(&unread) != nil || ids(m.Perhaps(&unread)) != "secret later" {
		t.Errorf("unread elsewhere: %v, perhaps %v", m.Of(&unread), ids(m.Perhaps(&unread)))
	}
	for _, c := range []struct {
		r    snapshot.Resource
		unit string
		st   snapshot.State
	}{
		{read, "eu", snapshot.Known},
		{unread, "", snapshot.Unknown},
		{snapshot.Resource{Key: "arn:aws:s3:::us-1"}, "", snapshot.Absent},
	} {
		if unit, st := m.Within(&c.r, ""); unit != c.unit || st != c.st {
			t.Errorf("%s: %q, %v", c.r.Key, unit, st)
		}
	}
	if _, st := Default().Within(&unread, ""); st != snapshot.Unknown {
		t.Errorf("without units: %v", st)
	}
	if !m.Inside("eu", "prod") || !m.Inside("eu", "eu") || m.Inside("prod", "eu") || m.Inside("none", "prod") {
		t.Error("units within units are not told")
	}
	tagged := snapshot.Resource{Tags: map[string]string{"class": "Public", "sensitivity": " Restricted "}}
	if got := m.Class(&tagged); got != "restricted" {
		t.Errorf("class %q", got)
	}
	if got := Default().Class(&tagged); got != "public" {
		t.Errorf("class %q by the tags that hold without footing.yaml", got)
	}
	m.Ask = func(k snapshot.Key, label string) snapshot.State { return state(label == "unit:prod") }
	m.Resources = slices.Insert(m.Resources, 0, Resource{ID: "asked", Bind: Bind{Unit: Words{"prod"}}})
	if got := m.Of(&read); got.ID != "asked" {
		t.Errorf("who is asked is not heard: %v", got)
	}
}
