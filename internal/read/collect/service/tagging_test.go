package service

import "testing"

func TestKindOf(t *testing.T) {
	for arn, want := range map[string]string{
		"arn:aws:sqs:eu-west-1:111122223333:jobs":                              "sqs:",
		"arn:aws:s3:::data":                                                    "s3:",
		"arn:aws:s3:eu-west-1:111122223333:accesspoint/data":                   "s3:accesspoint",
		"arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/a":          "logs:log-group",
		"arn:aws:rds:eu-west-1:111122223333:subgrp:prod":                       "rds:subgrp",
		"arn:aws:ecr:eu-west-1:111122223333:repository/team/api":               "ecr:repository",
		"arn:aws:lambda:eu-west-1:111122223333:function:a":                     "lambda:function",
		"arn:aws:codepipeline:eu-west-1:111122223333:release":                  "codepipeline:",
		"arn:aws:ssm:eu-west-1:111122223333:parameter/prod/db/password":        "ssm:parameter",
		"arn:aws:states:eu-west-1:111122223333:stateMachine:nightly":           "states:stateMachine",
		"arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/prod/0f3a-12":    "wafv2:regional",
		"arn:aws:backup:eu-west-1:111122223333:backup-vault:daily":             "backup:backup-vault",
		"arn:aws:elasticache:eu-west-1:111122223333:replicationgroup:sessions": "elasticache:replicationgroup",
		"sessions": "",
	} {
		if got := kindOf(arn); got != want {
			t.Errorf("%s is of kind %q, want %q", arn, got, want)
		}
	}
}
