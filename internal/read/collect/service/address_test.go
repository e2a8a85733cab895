package service

import "testing"

// Of an address who signs in and what is asked are not kept; of what is no web address nothing is lost.
func TestPlainAddress(t *testing.T) {
	for in, want := range map[string]string{
		"https://user:pass@inside.example/a?key=hunter2":                      "https://inside.example/a",
		"http://inside.example:8080/{proxy}":                                  "http://inside.example:8080/{proxy}",
		"https://u:p@${stageVariables.host}/x?token=hunter2":                  "https://${stageVariables.host}/x",
		"arn:aws:apigateway:eu-central-1:sqs:path/111122223333/jobs?Action=x": "arn:aws:apigateway:eu-central-1:sqs:path/111122223333/jobs?Action=x",
		"": "",
	} {
		if got := plainAddress(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

// API Gateway puts a backslash before every quotation mark of a policy.
func TestUnescaped(t *testing.T) {
	for in, want := range map[string]string{
		`{\"a\":\"b\/c\"}`: `{"a":"b/c"}`,
		`{"a":"b"}`:        `{"a":"b"}`,
	} {
		if got := unescaped(in); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
}
