package compare_test

import (
	"fmt"
	"log"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/iam/compare"
)

func ExampleNoNewAccess() {
	parse := func(resource string) *iam.Policy {
		p, err := iam.Parse([]byte(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "` + resource + `"}}`))
		if err != nil {
			log.Fatal(err)
		}
		return p
	}
	r := compare.NoNewAccess(parse("arn:aws:s3:::photos/*"), parse("arn:aws:s3:::photos*"), compare.Options{})
	if r.Verdict == compare.Broken {
		fmt.Println(r.Witnesses[0].Action, "on", r.Witnesses[0].Resource)
	}
	// Output: s3:GetObject on arn:aws:s3:::photosx/x
}
