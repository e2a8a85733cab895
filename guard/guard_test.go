package guard_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/footing-dev/footing/guard"
)

func parse(t testing.TB, src string) *guard.Rules {
	t.Helper()
	rules, err := guard.Parse("r.guard", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

func load(t testing.TB, src string) *guard.Value {
	t.Helper()
	doc, err := guard.Load("d.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// What fails is told with the property, its place, the clause's place, and its words.
func TestFailures(t *testing.T) {
	doc := load(t, `Resources:
  Logs:
    Type: AWS::S3::Bucket
    Properties:
      Name: logs
      Tags: [{Key: a}, {Key: b, Value: c}]
      Size: "7"
Allowed: [x, z]
`)
	for _, c := range []struct {
		clause string
		want   []string
	}{
		{`Resources.Logs.Properties.Name == "x"`, []string{`5:13 /Resources/Logs/Properties/Name is "logs"`}},
		{`Resources.*.Properties.Encrypted == true`, []string{`5:7 /Resources/Logs/Properties has no Encrypted`}},
		{`Resources.Logs.Properties.Tags[*].Value exists`, []string{`6:14 /Resources/Logs/Properties/Tags/0 has no Value`}},
		{`Resources.Logs.Properties.Tags[5] exists`, []string{`6:13 /Resources/Logs/Properties/Tags has no element 5`}},
		{`Resources.Logs.Properties.Tags[5] exists or Resources exists`, nil},
		{`some Resources.Logs.Properties.Tags[*].Value == "z"`, []string{`6:14 /Resources/Logs/Properties/Tags/0 has no Value`, `6:40 /Resources/Logs/Properties/Tags/1/Value is "c"`}},
		{`Resources.Logs.Properties.Size > 5`, []string{`7:13 /Resources/Logs/Properties/Size is "7", which cannot be compared with an integer (5)`}},
		{`Resources.Logs.Properties.Name in Allowed`, []string{`5:13 /Resources/Logs/Properties/Name is "logs", compared with ["x", "z"]`}},
		{`Resources.Logs.Properties.Name == Nowhere.Else`, []string{`5:13 /Resources/Logs/Properties/Name is "logs", and what it is compared with has no Nowhere`}},
		{`Resources.Logs.Properties.Name == Allowed`, []string{`8:10 /Allowed is ["x", "z"], compared with ["x", "z"]`}},
		{`Allowed in ["x"]`, []string{`8:10 /Allowed has "z"`}},
		{`Resources.Logs.Properties.Name.Deep exists`, []string{`5:13 /Resources/Logs/Properties/Name is a string, not a map with Deep`}},
		{`Resources.*[ Type == "none" ] !empty`, []string{`-  nothing is selected`}},
		{`Resources.* { Properties.Name == "x" }`, []string{`5:13 /Resources/Logs/Properties/Name is "logs"`}},
		{`Resources.*.Nothing { Name == "x" }`, []string{`3:5 /Resources/Logs has no Nothing`}},
		{`AWS::S3::Bucket { Properties.Name == "x" <<own  words>> }`, []string{`5:13 /Resources/Logs/Properties/Name is "logs" (own words)`}},
		{`Resources.Logs.Properties.Size !is_string`, []string{`7:13 /Resources/Logs/Properties/Size is "7"`}},
		{`deep(Resources.Logs.Properties.Name)`, []string{`5:13 /Resources/Logs/Properties/Name is "logs"`}},
		{`not other <<must not>>`, []string{`-  rule other holds (must not)`}},
		{"third\n", []string{`5:13 /Resources/Logs/Properties/Name is "logs"`}},
	} {
		rules := parse(t, "rule r {\n  "+c.clause+"\n}\nrule deep(x) { %x == \"y\" }\nrule other { Resources exists }\nrule third { Resources.Logs.Properties.Name == \"q\" }")
		r := rules.Evaluate(doc, guard.Options{})[0]
		var got []string
		for _, f := range r.Failures {
			s := f.Where.String() + " " + f.Path + " " + f.Says
			if f.Message != "" {
				s += " (" + f.Message + ")"
			}
			got = append(got, s)
			if f.At.Line < 2 || f.Clause == "" {
				t.Errorf("%s: the clause stands at %s, %q", c.clause, f.At, f.Clause)
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (%s):\n%s", c.clause, r.Status, d)
		}
	}
}

// Bad rules: a place, a sentence, a hint.
func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ src, want, hint string }{
		{"rule a {\n  Size = 5\n}", "2:8: expected an operator after Size, and found = 5", "values are compared with =="},
		{"rule a {\n  Size == 5\n", "1:8: this '{' is never closed", ""},
		{"rule a { x in [1, 2 }", "1:21: expected ',' or ']' in the list, and found }", "a text stands in quotes"},
		{"rule a { x == /(/ }", "1:15: the regular expression cannot be read: a parenthesis is not closed", ""},
		{"rule a { x == /ab\n }", "1:15: this regular expression is never closed", `\/`},
		{"rule a { let n = size(x) }", "1:18: there is no function size", "the functions are count, join"},
		{"rule a { let n = count(x, y) }", "1:18: count takes 1 argument, and 2 are given", ""},
		{"rule a { x == 'abc }", "1:15: this text is never closed", "ends with the quote"},
		{"rule a { x exists <<why }", "1:19: this message is never closed", "<< and >>"},
		{"rule a { x == 1 && y == 2 }", "1:17: expected a clause or '}', and found && y == 2 }", "one a line"},
		{"rule { x exists }", "1:6: expected the name of a rule", ""},
		{"rule a x exists", "1:8: expected '{' after the head of rule a", "a rule is:"},
		{"rule a { }", "1:8: a block without any clause", ""},
		{"rule a { x[ ] exists }", "1:13: expected a clause in the filter", ""},
		{"let x 5", "1:7: expected = or := after the name x", "let name = value"},
		{"rule a { größe == }", "1:19: expected a value or a query after ==", ""},
		{"rule a { x in r[1, 2.5] }", "1:15: the bounds of a range are of two kinds", "both"},
		{"rule a { x == 12abc }", "1:15: a number runs on into a name", "quotes"},
		{"// no comment", "1:1: expected a rule, an assignment or a clause", "a comment begins with #"},
		{"rule a { x == 99999999999999999999 }", "1:15: the number 99999999999999999999 is too large", ""},
		{"\xff", "r.guard: the rule file is not UTF-8 text", ""},
		{"rule a { " + strings.Repeat("x { ", 300), "the rules are nested too deeply", ""},
	} {
		_, err := guard.Parse("r.guard", []byte(c.src))
		var e *guard.Error
		if !errors.As(err, &e) {
			t.Errorf("%.40q: %v", c.src, err)
			continue
		}
		if !strings.Contains(err.Error(), c.want) || !strings.Contains(e.Hint(), c.hint) {
			t.Errorf("%.40q: %v (%s)", c.src, err, e.Hint())
		}
	}
}

func TestLoadErrors(t *testing.T) {
	for src, want := range map[string]string{
		"a: [1":          "d.yaml:",
		"a: &x 1\nb: *x": "d.yaml:2:4: an alias, *x, stands in a template",
		"a: 1\n5: 2":     "d.yaml:2:1: a key is an integer and no text",
		" \n":            "d.yaml: the file is empty",
		strings.Repeat("[", 400) + strings.Repeat("]", 400): "nested too deeply",
	} {
		if _, err := guard.Load("d.yaml", []byte(src)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30q: %v", src, err)
		}
	}
}

// An expression that would run for ages ends in the error of its rule, and soon.
func TestRegexEnds(t *testing.T) {
	rules := parse(t, `rule hopeless { this == /^((a|aa)+)+(?!b)$/ }
rule good { this == /^a/ }`)
	began := time.Now()
	got := rules.Evaluate(load(t, strings.Repeat("a", 60)+"!"), guard.Options{})
	if got[0].Status != guard.Unjudged || !strings.Contains(got[0].Err.Error(), "r.guard:1:17: ") || got[1].Status != guard.Pass {
		t.Errorf("%+v", got)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestResources(t *testing.T) {
	rules := parse(t, `rule NAMED { AWS::S3::Bucket { Properties.Name exists } }`)
	all := []guard.Resource{{Name: "a", Type: "AWS::S3::Bucket", Properties: map[string]any{"Name": "x"}}, {Name: "b", Type: "AWS::S3::Bucket"}, {Name: "c", Type: "AWS::SNS::Topic"}}
	var got []string
	for r, results := range rules.EvaluateEach(slices.Values(all), guard.Options{}) {
		got = append(got, r.Name+" "+results[0].Status.String())
	}
	if d := cmp.Diff([]string{"a PASS", "b FAIL", "c SKIP"}, got); d != "" {
		t.Error(d)
	}
	doc, err := guard.Document(all...)
	if err != nil {
		t.Fatal(err)
	}
	if r := rules.Evaluate(doc, guard.Options{})[0]; r.Status != guard.Fail || len(r.Failures) != 1 || r.Failures[0].Path != "/Resources/b/Properties" {
		t.Errorf("%+v", r)
	}
	if _, err := guard.Document(all[0], all[0]); err == nil {
		t.Error("two resources of one name are a document")
	}
	if _, err := guard.Of(map[string]any{"a": struct{}{}}); err == nil {
		t.Error("a struct is a value")
	}
}

// now() needs a clock, and the package has none.
func TestNow(t *testing.T) {
	rules := parse(t, "rule r {\n let n = now()\n %n == 60\n}")
	doc := load(t, "a: 1")
	if r := rules.Evaluate(doc, guard.Options{Now: time.Unix(60, 0)})[0]; r.Status != guard.Pass {
		t.Errorf("%+v", r)
	}
	if r := rules.Evaluate(doc, guard.Options{})[0]; r.Status != guard.Unjudged {
		t.Errorf("%+v", r)
	}
}

func TestCaseErrors(t *testing.T) {
	for src, want := range map[string]string{
		"a: 1":          "a test file is a map and no list",
		"- 1":           "case 1 is an integer and no map",
		"- {name: x}":   "case 1 has no input",
		"- {input: {}}": "case 1 has no expectations.rules",
		"- {input: {}, expectations: {rules: {A: MAYBE}}}":         `case 1 expects "MAYBE" of A`,
		"- {input: {}, expectations: {rules: {A: PASS}}}\n- [1, 2": "t.yml:",
	} {
		if _, err := guard.LoadCases("t.yml", []byte(src)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", src, err)
		}
	}
}

func ExampleRules_Evaluate() {
	rules, _ := guard.Parse("buckets.guard", []byte(`rule NAMED {
  AWS::S3::Bucket { Properties.BucketName == /^acme-/ <<buckets have the firm's name in front>> }
}`))
	doc, _ := guard.Load("template.yaml", []byte("Resources:\n  Logs:\n    Type: AWS::S3::Bucket\n    Properties: {BucketName: logs}\n"))
	for _, r := range rules.Evaluate(doc, guard.Options{}) {
		fmt.Println(r.Rule, r.Status)
		for _, f := range r.Failures {
			fmt.Println(f.Where, f.Path, f.Says+":", f.Message)
		}
	}
	// Output:
	// NAMED FAIL
	// 4:30 /Resources/Logs/Properties/BucketName is "logs": buckets have the firm's name in front
}

// 60 rules on a template of 500 resources.
func BenchmarkEvaluate(b *testing.B) {
	src, err := os.ReadFile("testdata/cases/rules.txtar")
	if err != nil || len(src) == 0 {
		b.Fatal(err)
	}
	var rules strings.Builder
	for i := range 60 {
		fmt.Fprintf(&rules, "let b%d = Resources.*[ Type == 'AWS::X%d::Y' Metadata.guard.SuppressedRules not exists ]\nrule r%d when %%b%d !empty { %%b%d.Properties.Encrypted == true }\n", i, i%20, i, i, i)
	}
	var all []guard.Resource
	for i := range 500 {
		all = append(all, guard.Resource{Name: fmt.Sprintf("R%d", i), Type: fmt.Sprintf("AWS::X%d::Y", i%40), Properties: map[string]any{"Encrypted": true, "Name": "n"}})
	}
	doc, err := guard.Document(all...)
	if err != nil {
		b.Fatal(err)
	}
	parsed := parse(b, rules.String())
	b.ReportAllocs()
	for b.Loop() {
		parsed.Evaluate(doc, guard.Options{})
	}
}
