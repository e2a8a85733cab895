package iam_test

import (
	"fmt"

	"github.com/footing-dev/footing/iam"
)

const readOwnFolder = `{
  "Version": "2012-10-17",
  "Statement": {
    "Sid": "OwnFolder",
    "Effect": "Allow",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::reports/${aws:username}/*",
    "Condition": {"Bool": {"aws:MultiFactorAuthPresent": true}}
  }
}`

func ExampleParse() {
	_, err := iam.Parse([]byte(`{"Version": "2012-10-17", "Statement": [{"Effect": "allow", "Action": "s3:*", "Resource": "*"}]}`))
	fmt.Println(err)
	// Output: line 1, column 52: Statement[0].Effect: Effect is "Allow" or "Deny"
}

func ExampleParseLenient() {
	p, errs := iam.ParseLenient([]byte(`{"Statement": [
		{"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
		{"Effect": "Allow", "Action": "ec2:*", "Resource": "*", "Condition": {"StringMatches": {"aws:username": "a"}}}]}`))
	fmt.Println(len(p.Statements), p.Unparsed, errs[0].Says)
	// Output: 2 [1] unknown condition operator "StringMatches"
}

func ExampleEvaluate() {
	p, err := iam.Parse([]byte(readOwnFolder))
	if err != nil {
		fmt.Println(err)
		return
	}
	p.Name = "own-folder"
	layers := &iam.Layers{Identity: []*iam.Policy{p}}
	request := &iam.Request{
		Principal: "arn:aws:iam::111122223333:user/alice",
		Action:    "s3:GetObject",
		Resource:  "arn:aws:s3:::reports/alice/june.csv",
	}

	d := iam.Evaluate(request, layers)
	fmt.Println(d.Outcome == iam.Conditional, d.Residual[0].Key, d.Because[0].Policy)

	request.Context = map[string][]string{"aws:MultiFactorAuthPresent": {"true"}}
	fmt.Println(iam.Evaluate(request, layers).Outcome == iam.Allow)

	layers.Unread = []string{iam.LayerBoundary}
	fmt.Println(iam.Evaluate(request, layers).Outcome == iam.Unknown)
	// Output:
	// true aws:MultiFactorAuthPresent own-folder
	// true
	// true
}

func ExampleMatchARN() {
	fmt.Println(iam.MatchARN("arn:aws:logs:*:*:*", "arn:aws:logs:eu-west-1:111122223333:log-group:/app:log-stream:1"))
	fmt.Println(iam.MatchARN("arn:aws:sqs:eu-?est-1:jobs", "arn:aws:sqs:eu-west-1:111122223333:jobs"))
	// Output:
	// true
	// false
}

func ExamplePrint() {
	p, _ := iam.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["*"]}]}`))
	text, _ := iam.Print(p)
	fmt.Print(string(text))
	// Output:
	// {
	//   "Version": "2012-10-17",
	//   "Statement": [
	//     {
	//       "Effect": "Allow",
	//       "Action": "s3:GetObject",
	//       "Resource": "*"
	//     }
	//   ]
	// }
}

func ExampleValidate() {
	p, _ := iam.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"reports/*"}}`))
	for _, wrong := range iam.Validate(p, iam.LayerIdentity) {
		fmt.Println(wrong)
	}
	fmt.Println(len(iam.Validate(p, iam.LayerResource)))
	// Output:
	// Statement[0].Principal: a policy of this kind names no principal
	// Statement[0].Resource: resource "reports/*" is neither an ARN nor "*"
	// 0
}

func ExampleMatchAction() {
	fmt.Println(iam.MatchAction("s3:Get*", "S3:getobject"))
	fmt.Println(iam.MatchAction("s3:Get?bject", "s3:GetObjectAcl"))
	// Output:
	// true
	// false
}

func ExampleIsPublic() {
	for _, condition := range []string{`{}`, `{"StringEquals":{"aws:SourceAccount":"111122223333"}}`, `{"StringLike":{"aws:SourceAccount":"*"}}`} {
		p, err := iam.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject",
			"Resource":"arn:aws:s3:::reports/*","Condition":` + condition + `}}`))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(iam.IsPublic(p))
	}
	// Output:
	// true
	// false
	// true
}

func ExampleSplitARN() {
	a, ok := iam.SplitARN("arn:aws:logs:eu-west-1:111122223333:log-group:/app:*")
	fmt.Println(a.Service, a.Region, a.Account, a.Resource, ok)
	_, ok = iam.SplitARN("reports/june.csv")
	fmt.Println(ok)
	// Output:
	// logs eu-west-1 111122223333 log-group:/app:* true
	// false
}
