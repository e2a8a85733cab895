package secret

import (
	"bytes"
	"encoding/json"
	"maps"
	"strings"
	"testing"
)

func TestModel(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", `{"A":1,"B":true,"C":null,"D":{"E":"f"}}`, `{"A":1,"B":true,"D":{"E":"f"}}`},
		{"large numbers", `{"N":12345678901234567890}`, `{"N":12345678901234567890}`},
		{"sets in any order", `{"L":["b","a"],"M":[{"X":2},{"X":1}]}`, `{"L":["a","b"],"M":[{"X":1},{"X":2}]}`},
		{"what moves by itself", `{"LastAccessedTime":"t","LastModified":"kept","UpdatedAt":"t","SizeInBytes":7,"CreatedAt":"kept"}`, `{"CreatedAt":"kept","LastModified":"kept"}`},
		{"tags", `{"Tags":[{"Key":"a","Value":"b"}],"N":1}`, `{"N":1}`},
		{"secrets by name", `{"Password":"x","AuthToken":"y1","ClientSecret":"z","A":{"ApiKeyValue":"k","ApiKeyName":"n"},"SecretArn":"arn:aws:secretsmanager:r:1:secret:s","TokenEndpoint":"https://e/t"}`,
			`{"A":{"ApiKeyName":"n"},"SecretArn":"arn:aws:secretsmanager:r:1:secret:s","SecretLooking":[{"Digest":"594e519ae499","Name":"ClientSecret"},{"Digest":"2d711642b726","Name":"Password"},{"Digest":"8254c329a92850","Name":"-"}],"TokenEndpoint":"https://e/t"}`},
		{"secrets by value", `{"Note":"AKIAIOSFODNN7EXAMPLE","Url":"postgres://u:hunter2@h/d"}`, ``},
		{"lists of secrets", `{"Passwords":["a","b"]}`, ``},
		{"keys of KMS", `{"EncryptionKey":"alias/k","KmsEncryptionKey":"1234abcd-12ab-34cd-56ef-1234567890ab"}`, `{"EncryptionKey":"alias/k","KmsEncryptionKey":"1234abcd-12ab-34cd-56ef-1234567890ab"}`},
		{"a token that is a setting", `{"InstanceMetadataOptions":{"HttpTokens":"optional"}}`, `{"InstanceMetadataOptions":{"HttpTokens":"optional"}}`},
		{"variables", `{"Environment":{"A":"1","B":"2"},"StageVariables":[{"Name":"s","Value":"v"}]}`, `{"EnvironmentNames":["A","B"],"StageVariablesNames":["s"]}`},
		{"variables below something", `{"Environment":{"Variables":{"A":"1"},"Type":"X"}}`, `{"Environment":{"Type":"X","VariablesNames":["A"]}}`},
		{"variables as one text", `{"Environment":"A=1"}`, `{}`},
		{"names and values", `{"Config":[{"Name":"db.password","Value":"p"},{"Name":"db.host","Value":"h"}]}`, ``},
		{"variables of Elastic Beanstalk", `{"OptionSettings":[{"Namespace":"aws:elasticbeanstalk:application:environment","OptionName":"A","Value":"1"}]}`,
			`{"OptionSettings":[{"Namespace":"aws:elasticbeanstalk:application:environment","OptionName":"A"}]}`},
		{"texts in which anything may stand", `{"UserData":"#!/bin/sh","BuildSpec":"x","Content":{"Kept":1}}`, `{"Content":{"Kept":1}}`},
		{"policies stay as they are", `{"P":{"Version":"2012-10-17","Statement":[{"Sid":"b"},{"Sid":"a"}]},"Q":"{\"Statement\":[]}"}`, `{"P":{"Statement":[{"Sid":"b"},{"Sid":"a"}],"Version":"2012-10-17"},"Q":{"Statement":[]}}`},
	} {
		properties, tags, err := Model(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		looking := properties["SecretLooking"]
		if strings.HasPrefix(c.name, "secrets") || strings.HasPrefix(c.name, "lists of secrets") || c.name == "names and values" {
			if l, _ := looking.([]any); len(l) == 0 {
				t.Errorf("%s: nothing tells of a secret: %v", c.name, properties)
			}
			b, _ := json.Marshal(properties)
			for _, gone := range []string{`"x"`, `"y1"`, `"z"`, `"k"`, "AKIA", "hunter2", `"a"`, `"p"`} {
				if bytes.Contains(b, []byte(gone)) {
					t.Errorf("%s: %s is kept: %s", c.name, gone, b)
				}
			}
			continue
		}
		b, _ := json.Marshal(properties)
		if string(b) != c.want || looking != nil {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, b, c.want)
		}
		if c.name == "tags" != maps.Equal(tags, map[string]string{"a": "b"}) {
			t.Errorf("%s: tags %v", c.name, tags)
		}
	}
	for _, in := range []string{"", "null x", "[]", `"text"`, `{"A":`, `{} {}`, "\xff", `{"A":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}`} {
		if p, _, err := Model(in); err == nil {
			t.Errorf("%.40q is read as %v", in, p)
		}
	}
}

func FuzzModel(f *testing.F) {
	for _, s := range []string{`{"Tags":[{"Key":"a"}],"Environment":[{"Name":"n","Value":1}]}`, `{"Environment":{"Variables":[]}}`, `{"Password":["x",{"Secret":"y"}]}`,
		`{"P":"{\"Statement\":1}"}`, `{"Name":"token","Value":"v"}`, `{"":{"":[[]]}}`, `null`, `{"Variables":[{"Key":"k"},1]}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, tags, err := Model(text)
		if err != nil {
			return
		}
		one, err := json.Marshal(a)
		if err != nil {
			t.Fatalf("%q gives what is no JSON: %v", text, err)
		}
		b, again, _ := Model(text)
		if two, _ := json.Marshal(b); !bytes.Equal(one, two) || !maps.Equal(tags, again) {
			t.Errorf("%q gives %s, then %s", text, one, two)
		}
		for _, name := range []string{"Password", "ClientSecret", "UserData"} {
			if s, is := a[name].(string); is && s != "" && !pointing.MatchString(s) {
				t.Errorf("%s is kept: %q", name, s)
			}
		}
	})
}
