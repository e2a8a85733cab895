package threatmodel

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/snapshot"
)

const sample = `footing: 1
account: 012345678901
name: acme-prod
owner: ana@acme.example
review: {every: 90d}
policy:
  thresholds:
    - {at: 18, action: fix-now, within: 2d, say: "Fix it."}
    - {at: 12, action: watch}
  unknown_is: worst
  trusted_accounts: {"444455556666": datadog}
resources:
  - id: uploads
    bind: {arn: "arn:aws:s3:::acme-uploads-*"}
    class: confidential
    impact: {read: 5, reason: "passports", by: ana@acme.example, date: 2026-11-02}
  - id: orders
    bind: {type: ["AWS::RDS::DBInstance", "AWS::RDS::DBCluster"], tag: {service: orders}}
    owner: ben@acme.example
actors:
  - {id: ci, kind: machine, bind: {oidc: "repo:acme/web:environment:prod"}}
  - {id: customer, kind: human, outside: true}
use_cases:
  - {id: upload, actor: customer, needs: {uploads: [read, write], orders: read}}
`

func TestParse(t *testing.T) {
	m, err := Parse("footing.yaml", []byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	want := &Model{
		Name: "acme-prod", Account: "012345678901", DefaultOwner: "ana@acme.example", Review: Review{Days: 90},
		Thresholds: []Threshold{{At: 18, Action: "fix-now", Say: "Fix it.", Within: "2d"}, {At: 12, Action: "watch"}},
		Trusted:    map[string]string{"444455556666": "datadog"},
		ClassTags:  []string{"data-class", "class", "classification"},
		Resources: []Resource{
			{ID: "uploads", Bind: Bind{ARN: Words{"arn:aws:s3:::acme-uploads-*"}, Line: 14}, Class: "confidential",
				Impact: Impact{Read: 5, Reason: "passports", By: "ana@acme.example", Date: "2026-11-02"}, Line: 13},
			{ID: "orders", Owner: "ben@acme.example", Line: 17,
				Bind: Bind{Type: Words{"AWS::RDS::DBInstance", "AWS::RDS::DBCluster"}, Tag: map[string]Words{"service": {"orders"}}, Line: 18}},
		},
		Actors: []Actor{
			{ID: "ci", Kind: "machine", Bind: Bind{OIDC: Words{"repo:acme/web:environment:prod"}, Line: 21}, Line: 21},
			{ID: "customer", Kind: "human", Outside: true, Line: 22},
		},
		UseCases: []UseCase{{ID: "upload", Actor: "customer", Needs: map[string][]string{"uploads": {"read", "write"}, "orders": {"read"}}, Line: 24}},
	}
	if d := cmp.Diff(want, m); d != "" {
		t.Error(d)
	}
}

func TestEmptyFileIsDefault(t *testing.T) {
	for _, src := range []string{"", "# nothing\n", "footing: 1\n", "resources:\n"} {
		m, err := Parse("f.yaml", []byte(src))
		if err != nil {
			t.Fatalf("%q: %v", src, err)
		}
		if d := cmp.Diff(Default(), m); d != "" {
			t.Errorf("%q: %s", src, d)
		}
	}
}

func TestModelSpeaksOfResources(t *testing.T) {
	m, err := Parse("footing.yaml", []byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		r            snapshot.Resource
		class, owner string
	}{
		{snapshot.Resource{Key: "arn:aws:s3:::acme-uploads-1", Tags: map[string]string{"class": "public"}}, "confidential", ""},
		{snapshot.Resource{Key: "arn:x", Type: "AWS::RDS::DBCluster", Tags: map[string]string{"service": "orders", "Data-Class": "Internal"}}, "internal", "ben@acme.example"},
		{snapshot.Resource{Key: "arn:x", Tags: map[string]string{"data-class": "hot", "owner": "eve"}}, "", "eve"},
	} {
		if got := m.Class(&c.r); got != c.class {
			t.Errorf("%s: class %q, want %q", c.r.Key, got, c.class)
		}
		if got := m.Owner(&c.r); got != c.owner {
			t.Errorf("%s: owner %q, want %q", c.r.Key, got, c.owner)
		}
	}
	for risk, want := range map[int]string{25: "fix-now", 18: "fix-now", 17: "watch", 12: "watch", 11: ""} {
		if got, _ := m.Threshold(risk); got.Action != want {
			t.Errorf("risk %d asks for %q, want %q", risk, got.Action, want)
		}
	}
}

func TestUnitsAndViews(t *testing.T) {
	m, err := Parse("footing.yaml", []byte(`footing: 1
units:
  - name: prod
    parent: root
    bind: [{tag: {env: [prod, production]}}, {vpc: [vpc-1]}, {iam_path: /prod/}, {arn: "arn:aws:s3:::acme-prod-*"}]
    may_reach: []
  - {name: dev, bind: [{tag: {env: dev}, type: "AWS::S3::*"}]}
views:
  open: "type:bucket -tag:owner"
  far: [region:us-*, "name:two words"]
`))
	if err != nil {
		t.Fatal(err)
	}
	iam := func(path string) snapshot.Resource {
		return snapshot.Resource{Key: "arn:aws:iam::1:role/x", Type: "AWS::IAM::Role", Properties: map[string]any{"Path": path}}
	}
	for _, c := range []struct {
		r         snapshot.Resource
		vpc, want string
	}{
		{snapshot.Resource{Tags: map[string]string{"env": "production"}}, "", "prod"},
		{snapshot.Resource{Type: "AWS::EC2::Instance"}, "vpc-1", "prod"},
		{snapshot.Resource{Type: "AWS::EC2::Instance"}, "vpc-2", ""},
		{snapshot.Resource{Type: "AWS::EC2::Instance"}, "", ""},
		{iam("/prod/deploy/"), "", "prod"},
		{iam("/production/"), "", ""},
		{snapshot.Resource{Key: "arn:aws:s3:::acme-prod-logs", Tags: map[string]string{"env": "dev"}}, "", "prod"},
		{snapshot.Resource{Type: "AWS::S3::Bucket", Tags: map[string]string{"env": "dev"}}, "", "dev"},
		{snapshot.Resource{Type: "AWS::SQS::Queue", Tags: map[string]string{"env": "dev"}}, "", ""},
	} {
		if got := m.Unit(&c.r, c.vpc); got != c.want {
			t.Errorf("%+v in %q: unit %q, want %q", c.r, c.vpc, got, c.want)
		}
	}
	if got := Default().Unit(&snapshot.Resource{Tags: map[string]string{"Environment": "live"}}, ""); got != "live" {
		t.Errorf("without units: %q", got)
	}
	if got, _ := m.View("far"); !slices.Equal(got, []string{"region:us-*", "name:two words"}) {
		t.Errorf("far is %q", got)
	}
	if got, _ := m.View("open"); !slices.Equal(got, []string{"type:bucket", "-tag:owner"}) {
		t.Errorf("open is %q", got)
	}
	for src, want := range map[string]string{
		"units: [{name: a}]": "a unit needs name and bind",
		"units: [{name: a, bind: [{vpc: v}]}, {name: a, bind: [{vpc: w}]}]": `two units are called "a"`,
		"units: [{name: a, bind: {vpc: v}}]":                                "the bind of a unit is not a list",
		"units: [{name: a, bind: [{vcp: v}]}]":                              `unknown key "vcp"`,
		"views: {a: }":                                                      `the view "a" is empty`,
		"views: {a: \"colour:red\"}":                                        `in the view "a": the selector "colour:red"`,
		"views: [a]":                                                        "views is not a mapping",
	} {
		if _, err := Parse("footing.yaml", []byte(src)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", src, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	for _, s := range []string{"a: &x [*x]", "- - - -", "x: !!binary a", "? a\n: b", "<<: *a", "\t", "a: |\n b\n", "--- a\n--- b\n", "policy: {thresholds: [{at: 0x10}]}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		m, err := Parse("f.yaml", src)
		var e *fault.Error
		if err != nil && (!errors.As(err, &e) || e.Error() == "" || strings.Contains(e.Error(), "\n")) {
			t.Fatalf("not one sentence: %q", err)
		}
		if err == nil && m == nil {
			t.Fatal("neither model nor error")
		}
	})
}
