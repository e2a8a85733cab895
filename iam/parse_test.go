package iam_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/footing-dev/footing/iam"
)

func TestParseAcceptsWhatAWSAccepts(t *testing.T) {
	for name, src := range map[string]string{
		"trust policy":            `{"Version":"2012-10-17","Statement":[{"Sid":"","Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`,
		"one statement":           `{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`,
		"old version":             `{"Version":"2008-10-17","Id":"x","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`,
		"boolean and number":      `{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":false},"NumericLessThan":{"s3:TlsVersion":1.2}}}}`,
		"bare account":            `{"Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:*"}}`,
		"deleted principals":      `{"Statement":{"Effect":"Allow","Principal":{"AWS":["AIDACKCEVSQ6C2EXAMPLE","AROADBQP57FF2AEXAMPLE"]},"Action":"s3:*"}}`,
		"session principal":       `{"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws-us-gov:sts::111122223333:assumed-role/a/b@c.d"},"Action":"s3:*"}}`,
		"role with path":          `{"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws-cn:iam::111122223333:role/a/b/c"},"Action":"s3:*"}}`,
		"cognito":                 `{"Statement":{"Effect":"Allow","Principal":{"Federated":"cognito-identity.amazonaws.com"},"Action":"sts:AssumeRoleWithWebIdentity"}}`,
		"upper-case service":      `{"Statement":{"Effect":"Allow","Principal":"*","Action":["SNS:Publish","SQS:SendMessage"],"Resource":"*"}}`,
		"sentence as Sid":         `{"Statement":{"Sid":"Allow access for Key Administrators","Effect":"Allow","Principal":"*","Action":"kms:*"}}`,
		"empty condition":         `{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{}}}`,
		"no values":               `{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:x":[]}}}}`,
		"operators in any case":   `{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"foranyvalue:stringlikeifexists":{"aws:TagKeys":"a"}}}}`,
		"ForAnyValue on Null":     `{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"ForAnyValue:Null":{"aws:TagKeys":"true"}}}}`,
		"escapes and other space": "\r\n\t{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3\\u003aGet*\",\"Resource\":\"*\"}} ",
	} {
		if _, err := iam.Parse([]byte(src)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParseSaysWhere(t *testing.T) {
	const head = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"},` + "\n"
	for _, c := range []struct {
		src, path, says string
		line            int
	}{
		{"", "", "not JSON", 1},
		{"\xef\xbb\xbf{}", "", "not JSON", 1},
		{"{\n\"a\xff\"}", "", "UTF-8", 2},
		{`[]`, "", "not a list", 1},
		{`{"Version":"2012-10-17"} {}`, "", "not JSON", 1},
		{`{"Statements":[]}`, "Statements", "unknown element", 1},
		{`{"Version":20121017,"Statement":[]}`, "Version", "2012-10-17", 1},
		{`{"Id":1,"Statement":[]}`, "Id", "not a number", 1},
		{`{"Statement":null}`, "Statement", "not null", 1},
		{`{"Statement":[]}`, "Statement", "empty", 1},
		{`{"Statement":{"Effect":"Allow","Action":"*"},"Statement":[]}`, "Statement", "twice", 1},
		{head + `7]}`, "Statement[1]", "not a number", 2},
		{head + `{"Effect":"ALLOW","Action":"*"}]}`, "Statement[1].Effect", `"Allow" or "Deny"`, 2},
		{head + `{"Effect":"Allow","action":"*"}]}`, "Statement[1].action", "unknown element", 2},
		{head + `{"Effect":"Allow","Action":{}}]}`, "Statement[1].Action", "not an object", 2},
		{head + `{"Effect":"Allow","Action":[]}]}`, "Statement[1].Action", "empty", 2},
		{head + `{"Effect":"Allow","Action":["s3:*",4]}]}`, "Statement[1].Action", "not a number", 2},
		{head + `{"Effect":"Allow","Action":"s3"}]}`, "Statement[1].Action", "service", 2},
		{head + `{"Effect":"Allow","Action":"s3:a:b"}]}`, "Statement[1].Action", "colon", 2},
		{head + `{"Effect":"Allow","Action":"s*:Get"}]}`, "Statement[1].Action", "no service", 2},
		{head + `{"Effect":"Allow","Action":"*","Resource":""}]}`, "Statement[1].Resource", "empty", 2},
		{head + `{"Effect":"Allow","Action":"*","Resource":"*","NotResource":"*"}]}`, "Statement[1]", "Resource and NotResource", 2},
		{head + `{"Effect":"Allow","Action":"*","Principal":"*","NotPrincipal":"*"}]}`, "Statement[1]", "Principal and NotPrincipal", 2},
		{head + `{"Effect":"Allow","Action":"*","Principal":"111122223333"}]}`, "Statement[1].Principal", "principal", 2},
		{head + `{"Effect":"Allow","Action":"*","Principal":{}}]}`, "Statement[1].Principal", "principal", 2},
		{head + `{"Effect":"Allow","Action":"*","Principal":{"Aws":"*"}}]}`, "Statement[1].Principal.Aws", "unknown kind", 2},
		{head + `{"Effect":"Allow","Action":"*","Principal":{"AWS":"1111"}}]}`, "Statement[1].Principal.AWS", "no principal", 2},
		{head + `{"Effect":"Allow","Action":"*","Principal":{"AWS":"arn:aws:iam::111122223333:role/*"}}]}`, "Statement[1].Principal.AWS", "no principal", 2},
		{head + `{"Effect":"Allow","Action":"*","Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/a"}}]}`, "Statement[1].Principal.AWS", "no principal", 2},
		{head + `{"Effect":"Allow","Action":"*","Principal":{"AWS":"arn:aws:s3:::b"}}]}`, "Statement[1].Principal.AWS", "no principal", 2},
		{head + `{"Effect":"Allow","Action":"*","Principal":{"Service":"lambda"}}]}`, "Statement[1].Principal.Service", "service principal", 2},
		{head + `{"Effect":"Allow","Action":"*","Condition":[]}]}`, "Statement[1].Condition", "not a list", 2},
		{head + `{"Effect":"Allow","Action":"*","Condition":{"Bool":"x"}}]}`, "Statement[1].Condition.Bool", "not a string", 2},
		{head + `{"Effect":"Allow","Action":"*","Condition":{"ForAnyValues:StringEquals":{"a:b":"x"}}}]}`, "Statement[1].Condition.ForAnyValues:StringEquals", "unknown condition operator", 2},
		{head + `{"Effect":"Allow","Action":"*","Condition":{"Bool":{"a:b":[{}]}}}]}`, "Statement[1].Condition.Bool.a:b", "not an object", 2},
		{head + `{"Effect":"Allow","Action":"*","Condition":{"Bool":{"a:b":"x","a:b":"y"}}}]}`, "Statement[1].Condition.Bool.a:b", "twice", 2},
		{head + `{"Effect":"Allow","Action":"*","Condition":{"Bool":{"ab":"x"}}}]}`, "Statement[1].Condition.Bool.ab", "condition key", 2},
		{strings.Repeat("[", 500) + strings.Repeat("]", 500), "", "deeply", 1},
	} {
		p, err := iam.Parse([]byte(c.src))
		var bad *iam.ParseError
		if p != nil || !errors.As(err, &bad) {
			t.Errorf("%.80q was accepted: %v", c.src, err)
			continue
		}
		if bad.Path != c.path || bad.Line != c.line || !strings.Contains(bad.Says, c.says) {
			t.Errorf("%.120q:\n got %d:%d %s: %s\nwant line %d, %s, …%s…", c.src, bad.Line, bad.Column, bad.Path, bad.Says, c.line, c.path, c.says)
		}
	}
}

func TestLenientKeepsTheRest(t *testing.T) {
	src := `{"Version":"2012-10-17","Statement":[
	  {"Sid":"Good","Effect":"Allow","Action":"s3:*","Resource":"*"},
	  {"Sid":"Odd","Effect":"Allow","Action":"ec2:*","Resource":"*","Condition":{"StringMatches":{"aws:x":"y"}}},
	  {"Sid":"Last","Effect":"Deny","Action":"iam:*","Resource":"*"}]}`
	p, errs := iam.ParseLenient([]byte(src))
	if len(errs) != 1 || len(p.Unparsed) != 1 || p.Unparsed[0] != 1 || p.Statements[2].Sid != "Last" {
		t.Fatalf("%v %+v", errs, p)
	}
	layers := &iam.Layers{Identity: []*iam.Policy{p}}
	for action, want := range map[string]iam.Outcome{"ec2:RunInstances": iam.Unknown, "iam:GetRole": iam.Deny, "s3:GetObject": iam.Unknown} {
		d := iam.Evaluate(&iam.Request{Principal: "arn:aws:iam::111122223333:user/a", Action: action, Resource: "arn:aws:x:::y"}, layers)
		if d.Outcome != want {
			t.Errorf("%s: %+v, want outcome %d", action, d, want)
		}
	}
	layers = &iam.Layers{Identity: []*iam.Policy{{Version: "2012-10-17", Statements: p.Statements[:1]}}, SCP: [][]*iam.Policy{{p}}}
	d := iam.Evaluate(&iam.Request{Principal: "arn:aws:iam::111122223333:user/a", Action: "s3:GetObject", Resource: "arn:aws:s3:::y"}, layers)
	if d.Outcome != iam.Conditional || d.Seen != iam.Allow || len(d.Residual) != 1 || d.Residual[0].Key != iam.LayerSCP {
		t.Errorf("an SCP that was half understood: %+v", d)
	}
	p, errs = iam.ParseLenient([]byte(`nonsense`))
	if len(errs) != 1 || len(p.Unparsed) != 1 || p.Unparsed[0] != iam.AllUnparsed {
		t.Errorf("%v %+v", errs, p)
	}
}

func TestParseForSaysWhere(t *testing.T) {
	const head = `{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":"s3:*","Resource":"*"},` + "\n"
	for _, c := range []struct {
		layer, src, path, says string
		line, column           int
	}{
		{iam.LayerIdentity, head + `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`, "Statement[1].Principal", "names no principal", 2, 31},
		{iam.LayerSCP, head + `{"Effect":"Deny","NotPrincipal":"*","Action":"*","Resource":"*"}]}`, "Statement[1].NotPrincipal", "names no principal", 2, 33},
		{iam.LayerIdentity, head + `{"Effect":"Allow","Action":"*"}]}`, "Statement[1]", "Resource is missing", 2, 1},
		{iam.LayerIdentity, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*"}}`, "Statement[0]", "Resource is missing", 1, 37},
		{iam.LayerIdentity, head + `{"Sid":"A","Effect":"Allow","Action":"*","Resource":"*"}]}`, "Statement[1].Sid", "twice", 2, 8},
		{iam.LayerIdentity, head + `{"Sid":"a b","Effect":"Allow","Action":"*","Resource":"*"}]}`, "Statement[1].Sid", "letters and digits", 2, 8},
		{iam.LayerIdentity, head + `{"Effect":"Allow","Action":"*","Resource":"data/*"}]}`, "Statement[1].Resource", "neither an ARN", 2, 43},
		{iam.LayerIdentity, head + `{"Effect":"Allow","Action":"*","NotResource":["*","bucket"]}]}`, "Statement[1].NotResource", "neither an ARN", 2, 46},
		{iam.LayerIdentity, head + `{"Effect":"Allow","Action":"*","Resource":"arn:aws:*:::b"}]}`, "Statement[1].Resource", "wildcard in the place of the service", 2, 43},
		{iam.LayerIdentity, head + `{"Effect":"Allow","Action":"*","Resource":"arn:aws"}]}`, "Statement[1].Resource", "no service", 2, 43},
		{iam.LayerBoundary, head + `{"Effect":"Allow","Action":"*","Resource":"arn:aws:iam:eu-west-1:111122223333:role/a"}]}`, "Statement[1].Resource", "region", 2, 43},
		{iam.LayerIdentity, head + `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"next week"}}}]}`, "Statement[1].Condition.DateLessThan.aws:CurrentTime", "no date", 2, 94},
		{iam.LayerResource, head[:24] + `"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Condition":{"DateLessThan":{"aws:CurrentTime":["2020-01-01","2020-13-01"]}}}]}`, "Statement[0].Condition.DateLessThan.aws:CurrentTime", "no date", 1, 132},
		{iam.LayerResource, `{"Statement":[{"Effect":"Allow","Action":"*"}]}`, "Statement[0]", "Principal is missing", 1, 15},
		{iam.LayerRCP, `{"Statement":[{"Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"*","Resource":"*"}]}`, "Statement[0].Principal", "resource control policy", 1, 44},
		{iam.LayerRCP, `{"Statement":[{"Effect":"Deny","Principal":"*","NotAction":"s3:*","Resource":"*"}]}`, "Statement[0].NotAction", "no NotAction", 1, 60},
		{iam.LayerIdentity, head + `{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}]}`, "Statement[1].Effect", "twice", 2, 19},
		{iam.LayerIdentity, head + `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"ForAnyValues:StringEquals":{"aws:TagKeys":"a"}}}]}`, "Statement[1].Condition.ForAnyValues:StringEquals", "unknown condition operator", 2, 60},
		{iam.LayerIdentity, "\xef\xbb\xbf" + `{"Statement":[]}`, "", "byte order mark", 1, 1},
		{iam.LayerIdentity, "{\n \"Version\": \"2015-10-17\", \"Statement\": []}", "Version", "2012-10-17", 2, 13},
		{iam.LayerIdentity, "{\n \"Statement\": [\n]}", "Statement", "empty", 2, 15},
	} {
		_, errs := iam.ParseFor([]byte(c.src), c.layer)
		if len(errs) != 1 {
			t.Errorf("%s: %v, want one error: %s", c.src, errs, c.says)
			continue
		}
		if e := errs[0]; e.Path != c.path || e.Line != c.line || e.Column != c.column || !strings.Contains(e.Says, c.says) {
			t.Errorf("%s:\n got %d:%d %s: %s\nwant %d:%d %s: …%s…", c.src, e.Line, e.Column, e.Path, e.Says, c.line, c.column, c.path, c.says)
		}
	}
}

func TestParseForAcceptsWhatAWSAccepts(t *testing.T) {
	for _, src := range []string{
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*:Get*","Resource":"arn:aws:iam::*:role/*"}}`,
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*:*","Resource":["arn:*:iam::*:role/a","arn:aws:s3:*:111122223333:accesspoint/*"]}}`,
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":["2020-01","1577836800","9223372036854"]}}}}`,
	} {
		if _, errs := iam.ParseFor([]byte(src), iam.LayerIdentity); len(errs) > 0 {
			t.Errorf("%s: %v", src, errs[0])
		}
	}
}
