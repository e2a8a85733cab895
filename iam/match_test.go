package iam_test

import (
	"testing"

	"github.com/footing-dev/footing/iam"
)

func TestMatchARN(t *testing.T) {
	for _, c := range []struct {
		pattern, arn string
		want         bool
	}{
		{"*", "arn:aws:s3:::b", true},
		{"*", "*", true},
		{"arn:aws:s3:::*", "*", false},
		{"arn:aws:s3:::b*", "arn:aws:s3:::bucket/k:with:colons", true},
		{"arn:aws:logs:*:*:*", "arn:aws:logs:eu-west-1:111122223333:log-group:/a:log-stream:b", true},
		{"arn:aws:sqs:*:q", "arn:aws:sqs:eu-west-1:111122223333:q", true},
		{"arn:aws:sqs:*:q", "arn:aws:sqs:eu-west-1:111122223333:q2", false},
		{"arn:aws:sqs:*a:q", "arn:aws:sqs:eu-west-1:111122223333a:q", false},
		{"arn:aws:sqs:eu*:q", "arn:aws:sqs:eu-west-1:111122223333:q", true},
		{"arn:aws:sqs:us*:q", "arn:aws:sqs:eu-west-1:111122223333:q", false},
		{"arn:aws:sqs:eu?west-1?111122223333:q", "arn:aws:sqs:eu-west-1:111122223333:q", false},
		{"arn:*:q", "arn:aws:sqs:eu-west-1:111122223333:q", true},
		{"arn:*:s3:*", "arn:aws:sqs:eu-west-1:111122223333:s3:q", true},
		{"arn:aws:*qs:*-1:1*:q", "arn:aws:sqs:eu-west-1:111122223333:q", true},
		{"arn:aws:s3:*:*:data", "arn:aws:s3:::data", true},
		{"arn:aws:sqs", "arn:aws:sqs:eu-west-1:111122223333:q", true},
		{"arn:aws:sq?", "arn:aws:sqs:eu-west-1:111122223333:q", true},
		{"arn:*:iam::*:role/a", "arn:aws-cn:iam::111122223333:role/a", true},
		{"arn:aws:iam::111122223333:role/*", "arn:aws:iam::111122223333:role/a/b", true},
		{"arn:aws:iam:*:role/*", "arn:aws:iam::111122223333:role/a", true},
		{"arn:aws:iam:*:role/*", "arn:aws:iam::111122223333:user/a", false},
		{"arn:aws:s3:::b/?", "arn:aws:s3:::b/é", true},
		{"arn:aws:s3:::b", "arn:aws:s3:::b/", false},
	} {
		if got := iam.MatchARN(c.pattern, c.arn); got != c.want {
			t.Errorf("MatchARN(%q, %q) = %v", c.pattern, c.arn, got)
		}
	}
}

func TestSplitARN(t *testing.T) {
	const text = "arn:aws:logs:eu-west-1:111122223333:log-group:/a"
	a, ok := iam.SplitARN(text)
	if !ok || a.Partition != "aws" || a.Service != "logs" || a.Region != "eu-west-1" || a.Account != "111122223333" || a.Resource != "log-group:/a" || a.String() != text {
		t.Errorf("%+v %v", a, ok)
	}
	for _, s := range []string{"", "arn:aws:s3", "urn:aws:s3:::b", "anonymous"} {
		if _, ok := iam.SplitARN(s); ok {
			t.Errorf("%q was taken for an ARN", s)
		}
	}
}
