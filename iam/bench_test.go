package iam_test

import (
	"fmt"
	"testing"

	"github.com/footing-dev/footing/iam"
)

func manyStatements() *iam.Layers {
	p := &iam.Policy{Version: "2012-10-17"}
	for i := range 40 {
		p.Statements = append(p.Statements, iam.Statement{
			Effect: iam.EffectAllow, Actions: []string{fmt.Sprintf("svc%d:Get*", i), fmt.Sprintf("svc%d:List*", i)},
			Resources: []string{fmt.Sprintf("arn:aws:svc%d:*:111122223333:*", i)},
		})
	}
	return &iam.Layers{Identity: []*iam.Policy{p}}
}

func BenchmarkEvaluateNothingMatches(b *testing.B) {
	r := &iam.Request{Principal: "arn:aws:iam::111122223333:role/app", Action: "s3:GetObject", Resource: "arn:aws:s3:::data/k"}
	l := manyStatements()
	b.ReportAllocs()
	for b.Loop() {
		iam.Evaluate(r, l)
	}
}

func BenchmarkEvaluateAllow(b *testing.B) {
	r := &iam.Request{Principal: "arn:aws:iam::111122223333:role/app", Action: "svc39:GetThing", Resource: "arn:aws:svc39:eu-west-1:111122223333:thing/1"}
	l := manyStatements()
	b.ReportAllocs()
	for b.Loop() {
		iam.Evaluate(r, l)
	}
}

// What does not match must stay cheap: an account asks hundreds of thousands of such questions.
func TestFewAllocations(t *testing.T) {
	r := &iam.Request{Principal: "arn:aws:iam::111122223333:role/app", Action: "s3:GetObject", Resource: "arn:aws:s3:::data/k"}
	l := manyStatements()
	if n := testing.AllocsPerRun(100, func() { iam.Evaluate(r, l) }); n > 8 {
		t.Errorf("%.0f allocations for a request that nothing matches", n)
	}
}

// bucketPolicy is of the size that most resource policies have.
const bucketPolicy = `{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": ["arn:aws:s3:::team36-stage-s3-00012", "arn:aws:s3:::team36-stage-s3-00012/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}, "Sid": "TLS", "Principal": "*"}, {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": ["arn:aws:s3:::team36-stage-s3-00012", "arn:aws:s3:::team36-stage-s3-00012/*"], "Sid": "R", "Principal": {"AWS": ["arn:aws:iam::111122223333:role/team12-stage-human-0418", "arn:aws:iam::111122223333:role/team37-dev-xacct-0026", "arn:aws:iam::111122223333:role/team29-prod-lambda-0023"]}}, {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::team36-stage-s3-00012/public/*"], "Sid": "X", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}}]}`

func BenchmarkParse(b *testing.B) {
	src := []byte(bucketPolicy)
	b.ReportAllocs()
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		iam.ParseLenient(src)
	}
}

// An account brings thousands of documents: a few slices each, not a few for each value.
func TestParseAllocations(t *testing.T) {
	src := []byte(bucketPolicy)
	if n := testing.AllocsPerRun(100, func() { iam.ParseLenient(src) }); n > 12 {
		t.Errorf("%.0f allocations for a policy of three statements", n)
	}
}
