package fact_test

import (
	"testing"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Conditions that tie a way to somebody, and those that only look so.
func TestTied(t *testing.T) {
	for name, x := range map[string]struct {
		c    iam.Condition
		want bool
	}{
		"an office":                   {iam.Condition{Operator: "IpAddress", Key: "aws:SourceIp", Values: []string{"203.0.113.0/24"}}, true},
		"the world":                   {iam.Condition{Operator: "IpAddress", Key: "aws:SourceIp", Values: []string{"0.0.0.0/0"}}, false},
		"half of the world":           {iam.Condition{Operator: "IpAddress", Key: "aws:SourceIp", Values: []string{"203.0.113.0/24", "128.0.0.0/1"}}, false},
		"all of IPv6":                 {iam.Condition{Operator: "IpAddress", Key: "aws:SourceIp", Values: []string{"::/0"}}, false},
		"an organisation":             {iam.Condition{Operator: "StringEquals", Key: "aws:PrincipalOrgID", Values: []string{"o-abc"}}, true},
		"any organisation":            {iam.Condition{Operator: "StringLike", Key: "aws:PrincipalOrgID", Values: []string{"*"}}, false},
		"all but an organisation":     {iam.Condition{Operator: "StringNotEquals", Key: "aws:PrincipalOrgID", Values: []string{"o-abc"}}, false},
		"a Deny of all but one":       {iam.Condition{Operator: "StringNotEquals", Key: "aws:PrincipalOrgID", Values: []string{"o-abc"}, Negated: true}, true},
		"a Deny of one":               {iam.Condition{Operator: "StringEquals", Key: "aws:PrincipalOrgID", Values: []string{"o-abc"}, Negated: true}, false},
		"a Deny that asks for a key":  {iam.Condition{Operator: "StringNotEqualsIfExists", Key: "aws:SourceVpce", Values: []string{"vpce-1"}, Negated: true}, true},
		"a Deny from other addresses": {iam.Condition{Operator: "NotIpAddress", Key: "aws:SourceIp", Values: []string{"203.0.113.0/24"}, Negated: true}, true},
		"TLS":                         {iam.Condition{Operator: "Bool", Key: "aws:SecureTransport", Values: []string{"true"}}, false},
		"a referer":                   {iam.Condition{Operator: "StringEquals", Key: "aws:Referer", Values: []string{"https://example.com"}}, false},
		"the account, by KMS":         {iam.Condition{Operator: "StringEquals", Key: "kms:CallerAccount", Values: []string{"111122223333"}}, true},
		"any account, by KMS":         {iam.Condition{Operator: "StringLike", Key: "kms:CallerAccount", Values: []string{"*"}}, false},
		"from within a network":       {iam.Condition{Operator: "Bool", Key: "elasticfilesystem:AccessedViaMountTarget", Values: []string{"true"}}, true},
		"a layer that was not read":   {iam.Condition{Operator: "Unread", Key: iam.LayerRCP}, false},
		"endpoints of an account":     {iam.Condition{Operator: "StringEquals", Key: "aws:VpceAccount", Values: []string{"111122223333"}}, true},
		"private addresses":           {iam.Condition{Operator: "IpAddress", Key: "aws:VpcSourceIp", Values: []string{"10.0.0.0/8"}}, true},
		"buckets of any account":      {iam.Condition{Operator: "ArnLike", Key: "aws:SourceArn", Values: []string{"arn:aws:s3:*:*:*"}}, false},
		"topics of one account":       {iam.Condition{Operator: "ArnLike", Key: "aws:SourceArn", Values: []string{"arn:aws:sns:eu-west-1:111122223333:*"}}, true},
		"topics of one, and of any":   {iam.Condition{Operator: "ArnLike", Key: "aws:SourceArn", Values: []string{"arn:aws:sns:eu-west-1:111122223333:*", "arn:aws:sns:*:*:*"}}, false},
		"topics, if it is a service":  {iam.Condition{Operator: "ArnLikeIfExists", Key: "aws:SourceArn", Values: []string{"arn:aws:sns:eu-west-1:111122223333:*"}}, false},
		"roles of one account":        {iam.Condition{Operator: "ArnLike", Key: "aws:PrincipalArn", Values: []string{"arn:aws:iam::111122223333:role/app-*"}}, true},
		"roles of that name":          {iam.Condition{Operator: "ArnLike", Key: "aws:PrincipalArn", Values: []string{"arn:aws:iam::*:role/app"}}, false},
		"a part of an organisation":   {iam.Condition{Operator: "ForAnyValue:StringLike", Key: "aws:PrincipalOrgPaths", Values: []string{"o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"}}, true},
		"all of an organisation":      {iam.Condition{Operator: "ForAnyValue:StringLike", Key: "aws:PrincipalOrgPaths", Values: []string{"o-a1b2c3d4e5/*"}}, true},
		"all paths, or none":          {iam.Condition{Operator: "ForAllValues:StringLike", Key: "aws:PrincipalOrgPaths", Values: []string{"o-a1b2c3d4e5/*"}}, false},
		"organisations with an a":     {iam.Condition{Operator: "ForAnyValue:StringLike", Key: "aws:SourceOrgPaths", Values: []string{"o-a*"}}, false},
		"a service of ours, or none":  {iam.Condition{Operator: "StringEqualsIfExists", Key: "aws:SourceOrgID", Values: []string{"o-a1b2c3d4e5"}}, false},
		"a service, or nobody known":  {iam.Condition{Operator: "BoolIfExists", Key: "aws:PrincipalIsAWSService", Values: []string{"true"}}, false},
		"sessions of a role":          {iam.Condition{Operator: "StringLike", Key: "aws:userid", Values: []string{"AROAEXAMPLE:*"}}, true},
		"sessions of that name":       {iam.Condition{Operator: "StringLike", Key: "aws:userid", Values: []string{"*:deploy"}}, false},
		"a Deny if none of ours":      {iam.Condition{Operator: "ForAllValues:StringNotLike", Key: "aws:SourceOrgPaths", Values: []string{"o-a1b2c3d4e5/*"}, Negated: true}, true},
		"a Deny if one is not ours":   {iam.Condition{Operator: "ForAnyValue:StringNotLike", Key: "aws:SourceOrgPaths", Values: []string{"o-a1b2c3d4e5/*"}, Negated: true}, false},
	} {
		if got := fact.Tied([]iam.Condition{x.c}); got != x.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// What a bucket refuses is decided by the evaluator: a Deny that some get around refuses nothing.
func TestRefuses(t *testing.T) {
	const bucket = `"arn:aws:s3:::a", "arn:aws:s3:::a/*"`
	plain := map[string][]string{"aws:SecureTransport": {"false"}}
	for policy, want := range map[string]snapshot.State{
		`null`: snapshot.Absent,
		`{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [` + bucket + `], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}`:                                                                    snapshot.Known,
		`{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": ["false"]}}}]}`:                                                                                  snapshot.Known,
		`{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": [` + bucket + `], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}`:                                                            snapshot.Absent,
		`{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::a", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}`:                                                                    snapshot.Absent,
		`{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [` + bucket + `], "Condition": {"Bool": {"aws:SecureTransport": "true"}}}]}`:                                                                     snapshot.Absent,
		`{"Statement": [{"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::111122223333:role/ci"}, "Action": "s3:*", "Resource": [` + bucket + `], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}`:                           snapshot.Absent,
		`{"Statement": [{"Effect": "Deny", "NotPrincipal": {"AWS": ["arn:aws:iam::111122223333:role/ci", "arn:aws:iam::111122223333:root"]}, "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}`: snapshot.Known,
		`{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [` + bucket + `], "Condition": {"Bool": {"aws:SecureTransport": "false"}, "StringNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/any"}}}]}`:  snapshot.Absent,
		`{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [` + bucket + `], "Condition": {"Bool": {"aws:SecureTransport": "false"}, "NoSuchOperator": {"x": "y"}}}]}`:                                      snapshot.Unknown,
	} {
		s := &snapshot.Snapshot{Account: "111122223333", Partition: "aws", Resources: []snapshot.Resource{{Key: "arn:aws:s3:::a", Type: "AWS::S3::Bucket", Account: "111122223333", Policy: []byte(policy)}}}
		s.Seal()
		as, err := assess.Access(assess.Input{Snapshot: s})
		if err != nil {
			t.Fatal(err)
		}
		if got := fact.Refuses(as.Case(), &s.Resources[0], plain, "s3:GetObject", "s3:PutObject"); got != want {
			t.Errorf("%s: %v, want %v", policy, got, want)
		}
	}
}
