package compare

import (
	"fmt"
	"testing"
	"time"

	"github.com/footing-dev/footing/iam"
)

func TestSmoke(t *testing.T) {
	pol := func(s string) *iam.Policy {
		p, err := iam.Parse([]byte(`{"Version":"2012-10-17","Statement":[` + s + `]}`))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	s := NewSolver(Options{})
	for _, c := range [][2]string{
		{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`, `{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::b/*"}`},
		{`{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::b/*"}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/x/*"}`},
		{`{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::b/*"}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b*/*"}`},
		{`{"Effect":"Allow","Action":"*","Resource":"*"}`, `{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`},
		{`{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`, `{"Effect":"Allow","Action":"*","Resource":"*"}`},
		{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/9","10.128.0.0/9"]}}}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}`},
		{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/9","10.128.0.0/10"]}}}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}`},
		{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/x/*"}`},
		{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`},
		{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username, 'x'}/*"}`},
		{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Principal":{"AWS":"111122223333"}}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Principal":{"AWS":"arn:aws:iam::111122223333:user/bob"}}`},
		{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Principal":{"AWS":"arn:aws:iam::111122223333:user/bob"}}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Principal":{"AWS":"111122223333"}}`},
		{`{"Effect":"Allow","Action":"ec2:*","Resource":"*"},{"Effect":"Deny","Action":"ec2:RunInstances","Resource":"*","Condition":{"StringNotEquals":{"ec2:InstanceType":"t3.micro"}}}`, `{"Effect":"Allow","Action":"ec2:*","Resource":"*"},{"Effect":"Deny","Action":"ec2:RunInstances","Resource":"*","Condition":{"StringNotLike":{"ec2:InstanceType":"t3.*"}}}`},
	} {
		old, new := pol(c[0]), pol(c[1])
		t0 := time.Now()
		r := s.NoNewAccess(old, new)
		d := time.Since(t0)
		fmt.Println(r.Verdict, d, r.Why, r.Witnesses)
	}
	s = NewSolver(Options{Open: true})
	fmt.Println(s.NoNewAccess(pol(`{"Effect":"Allow","Action":"s3:GetO*","Resource":"*"}`), pol(`{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::b/*"}`)))
	fmt.Println(s.NoNewAccess(pol(`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`), pol(`{"Effect":"Allow","Action":["s3:Get*","s3:Put?"],"Resource":"arn:aws:s3:::b/*"}`)))
	fmt.Println(s.NotPublic(pol(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Principal":"*"}`)))
	fmt.Println(s.NotPublic(pol(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Principal":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abc"}}}`)))
	fmt.Println(s.NotPublic(pol(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Principal":"*","Condition":{"StringLike":{"aws:PrincipalOrgID":"o-*"}}}`)))
	fmt.Println(s.NotPublic(pol(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","0.0.0.0/1"]}}}`)))
	fmt.Println(s.NotGranted(pol(`{"Effect":"Allow","Action":"s3:G*","Resource":"*"}`), []Access{{Actions: []string{"s3:PutObject", "iam:*"}}}))
	fmt.Println(s.NotGranted(pol(`{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/*"}`), []Access{{Actions: []string{"s3:PutObject"}, Resources: []string{"arn:aws:s3:::*/y"}}}))
}
