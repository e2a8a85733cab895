package catalog

import (
	"strings"
	"testing"
)

func loaded(t testing.TB) *Catalog {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCounts(t *testing.T) {
	c := loaded(t)
	var actions, types, keys int
	for _, s := range c.Services() {
		actions, types, keys = actions+len(s.Actions), types+len(s.ResourceTypes), keys+len(s.ConditionKeys)
		for _, a := range s.Actions {
			if found, ok := c.Action(strings.ToUpper(a.String())); !ok || found.Name != a.Name {
				t.Errorf("%s is not found by its name", a)
			}
		}
	}
	if len(c.Services()) < 456 || actions < 22091 || types < 2334 || keys < 2578 || len(c.GlobalConditionKeys()) < 50 {
		t.Errorf("%d services, %d actions, %d types, %d keys", len(c.Services()), actions, types, keys)
	}
	if r, err := Released(); err != nil || r != c.Release() || r.Version == "" {
		t.Errorf("%v, %v", r, err)
	}
}

func TestAction(t *testing.T) {
	c := loaded(t)
	get, _ := c.Action("S3:getobject")
	if get.String() != "s3:GetObject" || get.Level != LevelRead || len(get.Targets) != 2 || get.WildcardOnly() {
		t.Errorf("%+v", get)
	}
	if a, _ := c.Action("s3:ListAllMyBuckets"); !a.WildcardOnly() {
		t.Errorf("%+v", a)
	}
	for _, literal := range []string{"s3:GetObjct", "nobody:Knows", "", "s3", ":", "*"} {
		if a, ok := c.Action(literal); ok || a.String() != strings.TrimPrefix(literal, ":") && literal != ":" {
			t.Errorf("%q became %+v", literal, a)
		}
	}
}

func TestExpand(t *testing.T) {
	c := loaded(t)
	all := len(c.Expand("*"))
	for _, patterns := range [][]string{{"s3:Get*"}, {"S3:*", "kms:decrypt"}, {"*:Get*"}, {"s?:*"}} {
		in, out := c.Expand(patterns...), c.ExpandNot(patterns...)
		if len(in) == 0 || len(in)+len(out) != all {
			t.Errorf("%v: %d and %d are not %d", patterns, len(in), len(out), all)
		}
	}
	if got := c.Expand("s3:NotYet", "s3:notyet", "s3:GetObject"); len(got) != 2 || got[1].String() != "s3:NotYet" || got[1].Level != LevelUnknown {
		t.Errorf("%v", got)
	}
}

func TestTypesOf(t *testing.T) {
	c := loaded(t)
	for arn, want := range map[string]string{
		"arn:aws:s3:::acme-data":                                                            "s3 bucket",
		"arn:aws:s3:::acme-data/a/b/c.txt":                                                  "s3 object",
		"arn:aws:iam::111122223333:role/team/a/deploy":                                      "iam role",
		"arn:aws:kms:eu-west-1:111122223333:alias/app/main":                                 "kms alias",
		"arn:aws:dynamodb:eu-west-1:111122223333:table/t":                                   "dynamodb table",
		"arn:aws:dynamodb:eu-west-1:111122223333:table/t/index/i":                           "dynamodb index",
		"arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f":                       "logs log-group",
		"arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f:log-stream:2026/1/[1]": "logs log-stream",
		"arn:aws:lambda:eu-west-1:111122223333:function:f":                                  "lambda function",
		"arn:aws-cn:sqs:cn-north-1:111122223333:jobs":                                       "sqs queue",
		"not an arn": "",
	} {
		var got []string
		for _, x := range c.TypesOf(arn) {
			got = append(got, x.Service+" "+x.Name)
		}
		if all := strings.Join(got, ", "); !strings.Contains(all, want) || want == "" && all != "" || want == "s3 bucket" && strings.Contains(all, "object") || want == "s3 object" && strings.Contains(all, "s3 bucket") {
			t.Errorf("%s is %q, expected %q", arn, all, want)
		}
	}
}

func TestConditionKey(t *testing.T) {
	c := loaded(t)
	for name, want := range map[string]string{
		"AWS:principaltag/team": "aws:PrincipalTag/${TagKey} String", "aws:SourceIp": "aws:SourceIp IPAddress", "aws:TagKeys": "aws:TagKeys ArrayOfString",
		"s3:ExistingObjectTag/a": "s3:ExistingObjectTag/<key> String", "kms:EncryptionContext:app": "kms:EncryptionContext:${EncryptionContextKey} String",
		"token.actions.githubusercontent.com:sub": "", "aws:PrincipalTeg/a": "",
	} {
		k, ok := c.ConditionKey(name)
		if want != "" && (!ok || k.Name+" "+k.Type != want) || strings.Contains(name, "Teg") && ok {
			t.Errorf("%s is %+v", name, k)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	head := Form + "\tx\t1\t2026-01-02\n"
	for _, bad := range []string{"", "x\n", head + "a\tGet\tR\t\t\t\n", head + "s\ta\tA\na\tGet\tX\t\t\t\n", head + "s\ta\tA\na\tGet\tR\t7\t\t\n", head + "s\tb\tB\ns\ta\tA\n", head + "s\ta\tA\na\tGet\tR\t\t0\t\n", head + "z\t\n", head + "s\ta\tA\nc\t-1\n"} {
		if _, err := Decode(bad); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(Form + "\tx\t1\t2026-01-02\ng\taws:A\tString\ns\ta\tA\nk\ta:K\tString\nc\t0\nt\tx\tarn:${P}:a:::${X}\t0\na\tGet\tR\t0\t0!:0\tb:C\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Decode(text)
		if err != nil {
			return
		}
		for _, s := range c.Services() {
			for _, a := range s.Actions {
				if _, ok := c.Action(a.String()); !ok {
					t.Errorf("%q is not found", a)
				}
			}
		}
	})
}

func FuzzExpand(f *testing.F) {
	c := loaded(f)
	all := len(c.Expand("*"))
	for _, s := range []string{"s3:Get*", "*:*", "s3", "?3:*", "", "kms:Decrypt", "arn:aws:s3:::b/k", "aws:ResourceTag/x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		known := 0
		for _, a := range c.Expand(s) {
			if a.Level != LevelUnknown {
				known++
			}
		}
		if known+len(c.ExpandNot(s)) != all {
			t.Errorf("%q: %d known", s, known)
		}
		c.ActionsOn(s)
		c.ConditionKey(s)
		c.Capability(s)
	})
}

func BenchmarkDecode(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := read(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReleased(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Released(); err != nil {
			b.Fatal(err)
		}
	}
}
