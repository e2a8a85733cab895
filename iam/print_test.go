package iam_test

import (
	"reflect"
	"testing"

	"github.com/footing-dev/footing/iam"
)

const everyElement = `{"Version":"2012-10-17","Id":"all","Statement":[
 {"Sid":"One","Effect":"Allow","Principal":{"AWS":["*","111122223333","arn:aws:iam::111122223333:role/a/b"],"Service":"lambda.amazonaws.com","Federated":["accounts.google.com","arn:aws:iam::111122223333:saml-provider/x"],"CanonicalUser":"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"},
  "Action":["s3:Get*","s3:List*"],"Resource":"arn:aws:s3:::b/${aws:username}/*","Condition":{"StringLike":{"aws:PrincipalTag/a":["x","<&>"],"s3:prefix":[]},"Bool":{"aws:SecureTransport":false},"NumericLessThan":{"s3:max-keys":10.50}}},
 {"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:sts::111122223333:assumed-role/r/s"},"NotAction":"iam:*","NotResource":["*"]},
 {"Effect":"Allow","Principal":"*","Action":"*"}]}`

func TestPrintReadsBack(t *testing.T) {
	first, err := iam.Parse([]byte(everyElement))
	if err != nil {
		t.Fatal(err)
	}
	printed, err := iam.Print(first)
	if err != nil {
		t.Fatal(err)
	}
	second, err := iam.Parse(printed)
	if err != nil {
		t.Fatalf("%v in\n%s", err, printed)
	}
	if !reflect.DeepEqual(first, second) {
		t.Errorf("printed and read back:\n%#v\nwant\n%#v", second, first)
	}
	again, err := iam.Print(second)
	if err != nil || string(again) != string(printed) {
		t.Errorf("printing is not stable: %v\n%s", err, again)
	}
}

func TestPrintRefusesWhatCannotBeWritten(t *testing.T) {
	p, errs := iam.ParseLenient([]byte(`{"Statement":[{"Effect":"Allow","Action":"s3:*"},{"Effect":"Maybe"}]}`))
	if len(errs) != 1 || len(p.Unparsed) != 1 || p.Unparsed[0] != 1 || len(p.Statements) != 2 {
		t.Fatalf("lenient: %v %+v", errs, p)
	}
	if _, err := iam.Print(p); err == nil {
		t.Error("a policy with an unparsed statement was printed")
	}
	twice := iam.Condition{Operator: "StringEquals", Key: "aws:username", Values: []string{"a"}}
	hand := &iam.Policy{Version: "2012-10-17", Statements: []iam.Statement{{Actions: []string{"*"}, Conditions: []iam.Condition{twice, twice}}}}
	if _, err := iam.Print(hand); err == nil {
		t.Error("two conditions of one operator and key were printed")
	}
}
