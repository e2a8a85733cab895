package threatmodel

import (
	"testing"

	"github.com/footing-dev/footing/internal/snapshot"
)

func TestSelectors(t *testing.T) {
	rs := []snapshot.Resource{
		{Key: "arn:aws:s3:::orders-eu", Type: "AWS::S3::Bucket", Account: "111122223333", Region: "eu-west-1", Name: "orders-eu", Tags: map[string]string{"Team": "Web", "env": "prod"}},
		{Key: "arn:aws:iam::111122223333:role/orders", Type: "AWS::IAM::Role", Account: "111122223333", Name: "orders"},
		{Key: "arn:aws:rds:us-east-1:111122223333:db:main", Type: "AWS::RDS::DBInstance", Account: "111122223333", Region: "us-east-1", Name: "main", Tags: map[string]string{"env": "dev"}},
	}
	for _, c := range []struct {
		words []string
		want  string
	}{
		{nil, "012"},
		{[]string{"type:AWS::S3::Bucket"}, "0"},
		{[]string{"AWS::S3::Bucket"}, "0"},
		{[]string{"type:bucket"}, "0"},
		{[]string{"type:BUCK*"}, "0"},
		{[]string{"type:iam::*"}, "1"},
		{[]string{"type:buck"}, ""},
		{[]string{"tag:env"}, "02"},
		{[]string{"tag:env=pr*"}, "0"},
		{[]string{"tag:team=web"}, "0"},
		{[]string{"-tag:env"}, "1"},
		{[]string{"region:eu-*"}, "0"},
		{[]string{"region:global"}, "1"},
		{[]string{"account:1111*"}, "012"},
		{[]string{"name:orders*"}, "01"},
		{[]string{"arn:*:iam:*"}, "1"},
		{[]string{"arn:aws:iam::111122223333:role/orders"}, "1"},
		{[]string{"orders"}, "01"},
		{[]string{"orders", "-type:role"}, "0"},
		{[]string{"web"}, "0"},
		{[]string{"ord*"}, "01"},
	} {
		sel, err := ParseSelectors(c.words)
		if err != nil {
			t.Fatalf("%q: %v", c.words, err)
		}
		got := ""
		for i := range rs {
			if All(sel, &rs[i], func() *Facts { return &Facts{} }) {
				got += string(rune('0' + i))
			}
		}
		if got != c.want {
			t.Errorf("%q chooses %q, want %q", c.words, got, c.want)
		}
	}
	for _, bad := range []string{"", "-", "colour:red", "type:", "  "} {
		if _, err := ParseSelectors([]string{bad}); err == nil {
			t.Errorf("%q is taken as a selector", bad)
		}
	}
}

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		p, s string
		want bool
	}{
		{"", "", true}, {"*", "", true}, {"*", "abc", true}, {"a?c", "abc", true}, {"a?c", "ac", false},
		{"a*c", "abbbc", true}, {"a*c", "abbb", false}, {"*a*b*", "xxaxxbxx", true}, {"a**", "a", true}, {"a", "A", false},
	} {
		if got := Glob(c.p, c.s); got != c.want {
			t.Errorf("Glob(%q, %q) = %v", c.p, c.s, got)
		}
	}
}

func TestNearest(t *testing.T) {
	for word, want := range map[string]string{"resorces": "resources", "actor": "actors", "zzz": "", "use-cases": "use_cases"} {
		if got := Nearest(word, []string{"resources", "actors", "use_cases"}); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

func FuzzSelectors(f *testing.F) {
	for _, s := range []string{"type:bucket", "-tag:team=web", "arn:aws:s3:::x", "AWS::S3::Bucket", "tag:=", "-", "::", "tag:*=*", "région:*"} {
		f.Add(s)
	}
	r := &snapshot.Resource{Key: "arn:aws:s3:::orders-eu", Type: "AWS::S3::Bucket", Region: "eu-west-1", Name: "orders-eu", Tags: map[string]string{"Team": "Web"}}
	f.Fuzz(func(t *testing.T, word string) {
		sel, err := ParseSelectors([]string{word})
		if err != nil {
			return
		}
		negated, err := ParseSelectors([]string{"-" + word})
		if err == nil && word[0] != '-' && All(sel, r, func() *Facts { return &Facts{} }) == All(negated, r, func() *Facts { return &Facts{} }) {
			t.Errorf("%q and its negation agree", word)
		}
	})
}
