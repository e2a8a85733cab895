package policy

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/footing-dev/footing/iam/compare"
	"github.com/footing-dev/footing/internal/fault"
)

func eval(t testing.TB, in string) ([]map[string]any, error) {
	t.Helper()
	var out bytes.Buffer
	err := Eval(context.Background(), strings.NewReader(in), &out, "input", nil)
	var lines []map[string]any
	for text := range strings.Lines(out.String()) {
		var m map[string]any
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			t.Fatalf("%v in %q", err, text)
		}
		lines = append(lines, m)
	}
	return lines, err
}

const (
	user      = `"principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::data/k"`
	full      = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	identity  = `"identity":[{"name":"full","policy":` + full + `}]`
	withMFA   = `"identity":[{"policy":{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":true}}}]}}]`
	tagged    = `"identity":[{"policy":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/env":"prod"}}}}}]`
	denyAll   = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`
	denyOther = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}`
	key       = `"action":"kms:Decrypt","resource":"arn:aws:kms:eu-west-1:111122223333:key/1","principal":"arn:aws:iam::111122223333:user/alice"`
	public    = `"principal":"anonymous","action":"s3:GetObject","resource":"arn:aws:s3:::data/k","resource_policy":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"}}`
)

func TestEachFieldDecides(t *testing.T) {
	quoted, _ := json.Marshal(full)
	for name, c := range map[string]struct{ line, want string }{
		"no policy":                    {user, "deny"},
		"identity":                     {user + `,` + identity, "allow"},
		"identity as text":             {user + `,"identity":[{"name":"a","policy":` + string(quoted) + `}]`, "allow"},
		"identity as one document":     {user + `,"identity":` + full, "allow"},
		"boundary null":                {user + `,` + identity + `,"boundary":null`, "allow"},
		"boundary empty":               {user + `,` + identity + `,"boundary":[]`, "deny"},
		"boundary":                     {user + `,` + identity + `,"boundary":[{"policy":` + full + `}]`, "allow"},
		"session as document":          {user + `,` + identity + `,"session":` + denyAll, "deny"},
		"session as list":              {user + `,` + identity + `,"session":[{"name":"s","policy":` + full + `}]`, "allow"},
		"session empty":                {user + `,` + identity + `,"session":[]`, "deny"},
		"resource policy as text":      {user + `,` + identity + `,"resource_policy":` + mustQuote(denyOther), "deny"},
		"vpc endpoint":                 {user + `,` + identity + `,"vpc_endpoint":` + denyOther, "deny"},
		"scp":                          {user + `,` + identity + `,"scp":[[{"name":"f","policy":` + full + `}],[{"name":"d","policy":` + denyAll + `}]]`, "deny"},
		"scp, management account":      {user + `,` + identity + `,"management_account":true,"scp":[[{"name":"d","policy":` + denyAll + `}]]`, "allow"},
		"scp, management account id":   {user + `,` + identity + `,"management_account":"111122223333","scp":[[{"name":"d","policy":` + denyAll + `}]]`, "allow"},
		"scp, other management":        {user + `,` + identity + `,"management_account":"999988887777","scp":[[{"name":"d","policy":` + denyAll + `}]]`, "deny"},
		"scp, level without policies":  {user + `,` + identity + `,"scp":[[]]`, "deny"},
		"rcp":                          {user + `,` + identity + `,"rcp":[[{"name":"d","policy":` + denyOther + `}]]`, "deny"},
		"resource account":             {user + `,` + identity + `,"resource_account":"999988887777"`, "deny"},
		"open":                         {user + `,` + withMFA, "conditional"},
		"closed":                       {user + `,"closed":true,` + withMFA, "deny"},
		"context boolean":              {user + `,"context":{"aws:multifactorauthpresent":true},` + withMFA, "allow"},
		"context text":                 {user + `,"context":{"aws:MultiFactorAuthPresent":"true"},` + withMFA, "allow"},
		"context list":                 {user + `,"context":{"aws:MultiFactorAuthPresent":["false"]},` + withMFA, "deny"},
		"context null":                 {user + `,"context":{"aws:MultiFactorAuthPresent":null},` + withMFA, "deny"},
		"absent":                       {user + `,"absent":["aws:MultiFactorAuthPresent"],` + withMFA, "deny"},
		"present":                      {user + `,"present":["aws:MultiFactorAuthPresent"],` + withMFA, "conditional"},
		"tags unknown":                 {user + `,` + tagged, "conditional"},
		"tags empty":                   {user + `,"resource_tags":{},` + tagged, "deny"},
		"tags":                         {user + `,"resource_tags":{"env":"prod"},` + tagged, "allow"},
		"grant":                        {key + `,"kms_grants":[{"GranteePrincipal":"arn:aws:iam::111122223333:user/alice","Operations":["Decrypt"]}]`, "allow"},
		"grant in snake case":          {key + `,"kms_grants":[{"grantee_principal":"arn:aws:iam::111122223333:user/alice","operations":["Decrypt"]}]`, "allow"},
		"grant with constraint":        {key + `,"closed":true,"context":{"kms:EncryptionContext:a":"x"},"kms_grants":[{"GranteePrincipal":"arn:aws:iam::111122223333:user/alice","Operations":["Decrypt"],"Constraints":{"EncryptionContextEquals":{"a":"y"}}}]`, "deny"},
		"grant with snake constraint":  {key + `,"closed":true,"context":{"kms:EncryptionContext:a":"x","kms:EncryptionContext:b":1},"kms_grants":[{"grantee_principal":"arn:aws:iam::111122223333:user/alice","operations":["Decrypt"],"constraints":{"encryption_context_subset":{"a":"x"}}}]`, "allow"},
		"public":                       {public, "allow"},
		"public access block":          {public + `,"public_access_block":{"BlockPublicAcls":false,"RestrictPublicBuckets":true}`, "deny"},
		"public access block in snake": {public + `,"public_access_block":{"restrict_public_buckets":true}`, "deny"},
		"public access block off":      {public + `,"public_access_block":{"RestrictPublicBuckets":false}`, "allow"},
		"refused policy":               {user + `,` + identity + `,"scp":[[{"name":"d","policy":{"Statement":[{"Effect":"No"}]}}]]`, "unknown"},
		"policy that is null":          {user + `,"identity":[{"name":"x","policy":null}]`, "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			lines, err := eval(t, `{"id":"`+name+`",`+c.line+`}`)
			if err != nil {
				t.Fatal(err)
			}
			got := lines[0]
			if got["decision"] != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
			if got["id"] != name {
				t.Errorf("id is %v", got["id"])
			}
			for _, list := range []string{"because", "residual", "errors"} {
				if _, ok := got[list].([]any); !ok {
					t.Errorf("%s is %v, not a list", list, got[list])
				}
			}
			if (c.want == "unknown") != (len(got["errors"].([]any)) > 0) {
				t.Errorf("errors are %v", got["errors"])
			}
		})
	}
}

func mustQuote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestShapeOfALine(t *testing.T) {
	var out bytes.Buffer
	in := `{"id":7,` + user + `,"identity":[{"policy":{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":"s3:*","Resource":"*"},{"Sid":"No","Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":false}}}]}}]}
{"id":{"a":1},` + user + `,"boundary":[{"policy":{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"ForAnyValues:StringLike":{"a:b":"x"}}}}}]}
`
	if err := Eval(context.Background(), strings.NewReader(in), &out, "input", nil); err != nil {
		t.Fatal(err)
	}
	want := `{"id":7,"decision":"conditional","explicit":false,"because":[{"layer":"identity","policy":"policy 1","statement":0,"sid":"A"},{"layer":"identity","policy":"policy 1","statement":1,"sid":"No"}],"residual":[{"operator":"Bool","key":"aws:SecureTransport","values":["false"],"negated":true}],"errors":[]}
{"id":{"a":1},"decision":"unknown","explicit":false,"because":[],"residual":[],"errors":[{"layer":"boundary","policy":"policy 1","position":"Statement.Condition.ForAnyValues:StringLike","says":"unknown condition operator \"ForAnyValues:StringLike\""}]}
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

// A warning stands behind the answer and changes nothing in it; each action is asked about once.
func TestWarnings(t *testing.T) {
	asked := 0
	notice := func(action string) string {
		if asked++; action == "s3:GetObject" {
			return ""
		}
		return action + " is odd"
	}
	odd := strings.Replace(user, "s3:GetObject", "s3:NotYet", 1)
	var out bytes.Buffer
	in := `{"id":1,` + user + `}
{"id":2,` + odd + `,` + identity + `}
{"id":3,` + odd + `}
{"id":4,` + odd + `,"boundary":[{"policy":{"Statement":[{"Effect":"No"}]}}]}
{"id":5}
`
	if err := Eval(context.Background(), strings.NewReader(in), &out, "input", notice); err == nil {
		t.Error("the last line is no request")
	}
	lines := strings.Split(out.String(), "\n")
	for i, want := range []string{`"deny"`, `"allow"`, `"deny"`, `"unknown"`} {
		if !strings.Contains(lines[i], `"decision":`+want) {
			t.Errorf("%s, expected %s", lines[i], want)
		}
		if warns := strings.HasSuffix(lines[i], `,"warnings":["s3:NotYet is odd"]}`); warns != (i > 0) {
			t.Errorf("%s", lines[i])
		}
	}
	if strings.Contains(lines[4], "warnings") || asked != 2 {
		t.Errorf("%s, asked %d times", lines[4], asked)
	}
}

func TestLinesThatAreNoRequests(t *testing.T) {
	good := `{"id":"good",` + user + `,` + identity + `}`
	bad := []string{
		`not json`, `[]`, `"text"`, `null`, `{`, "{\"id\":\"\xff\"}", `{"id":"x"}`,
		`{"id":"x","principal":3,"action":"s3:GetObject","resource":"*"}`,
		`{"id":"x","principal":"bob","action":"s3:GetObject","resource":"*"}`,
		`{"id":"x","principal":"anonymous","action":"GetObject","resource":"*"}`,
		`{"id":"x","principal":"anonymous","action":"s3:*","resource":"*"}`,
		`{"id":"x","principal":"anonymous","action":"s3:GetObject"}`,
		`{"id":"x",` + user + `,"context":{"a:b":{"c":1}}}`,
		`{"id":"x",` + user + `,"context":[]}`,
		`{"id":"x",` + user + `,"scp":[null]}`,
		`{"id":"x",` + user + `,"management_account":4}`,
		`{"id":"x",` + user + `,"public_access_block":{"restrict":true}}`,
		`{"id":"x",` + user + `,"identity":[{"name":"n"}]}`,
		`{"id":"x",` + user + `,"resource_account":"12"}`,
	}
	for _, line := range bad {
		lines, err := eval(t, line+"\n\n  \n"+good)
		if len(lines) != 2 {
			t.Fatalf("%q: %d lines out: %v", line, len(lines), lines)
		}
		if errs, _ := lines[0]["errors"].([]any); len(errs) == 0 || lines[0]["decision"] != nil {
			t.Errorf("%q: %v", line, lines[0])
		}
		if strings.Contains(line, `"id":"x"`) && lines[0]["id"] != "x" {
			t.Errorf("%q: the id is lost: %v", line, lines[0])
		}
		if lines[1]["decision"] != "allow" {
			t.Errorf("%q: the next line got %v", line, lines[1])
		}
		var f *fault.Error
		if !errors.As(err, &f) || f.ExitCode() != fault.Usage || f.Hint() == "" {
			t.Errorf("%q: the end is %v", line, err)
		}
	}
}

func TestLongLines(t *testing.T) {
	padding := strings.Repeat("x", 5<<20)
	lines, err := eval(t, `{"id":"`+padding+`",`+user+`,`+identity+`}`+"\n"+`{"id":2,`+user+`}`)
	if err != nil || len(lines) != 2 || lines[0]["decision"] != "allow" || lines[1]["decision"] != "deny" {
		t.Errorf("%v, %d lines", err, len(lines))
	}
}

func TestTooLongLineIsSkipped(t *testing.T) {
	in := io.MultiReader(io.LimitReader(spaces{}, maxLine+1), strings.NewReader("\n{"+user+","+identity+"}\n"))
	var out bytes.Buffer
	err := Eval(context.Background(), in, &out, "input", nil)
	if err == nil || strings.Count(out.String(), "\n") != 2 || !strings.Contains(out.String(), `"decision":"allow"`) {
		t.Errorf("%v\n%s", err, out.String())
	}
}

type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// An answer must be out before the next request comes: a program may wait for it.
func TestAnswersAsTheyCome(t *testing.T) {
	in, feed := io.Pipe()
	answers, out := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- Eval(context.Background(), in, out, "input", nil)
		out.Close()
	}()
	got := make([]byte, 1<<12)
	for i := range 3 {
		fmt.Fprintf(feed, "{\"id\":%d,%s}\n", i, user)
		n, err := answers.Read(got)
		if err != nil || !strings.HasPrefix(string(got[:n]), fmt.Sprintf(`{"id":%d,"decision":"deny"`, i)) {
			t.Fatalf("%v %s", err, got[:n])
		}
	}
	feed.Close()
	go io.Copy(io.Discard, answers)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestFailuresAroundIt(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	broken := io.MultiReader(strings.NewReader("\n"), failing{})
	for name, err := range map[string]error{
		"cancelled": Eval(ctx, strings.NewReader("{}"), io.Discard, "input", nil),
		"reading":   Eval(context.Background(), broken, io.Discard, "input", nil),
		"writing":   Eval(context.Background(), strings.NewReader("{"+user+"}"), failing{}, "input", nil),
	} {
		var f *fault.Error
		if !errors.As(err, &f) || f.ExitCode() != fault.Failed || f.Hint() == "" || !strings.Contains(f.Error(), "input") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error)  { return 0, errors.New("no more") }
func (failing) Write([]byte) (int, error) { return 0, errors.New("no room") }

// The decision cases of package iam, as a stream.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("../../../iam/testdata/decisions/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no decision cases: %v", err)
	}
	for _, file := range files {
		if filepath.Base(file) == "unread.json" {
			continue // the stream has no word for layers that were not read
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var cases []struct {
			Name, Want string
			In         json.RawMessage
			Errors     int
		}
		if err := json.Unmarshal(data, &cases); err != nil {
			t.Fatal(err)
		}
		var in bytes.Buffer
		for _, c := range cases {
			if err := json.Compact(&in, c.In); err != nil {
				t.Fatal(err)
			}
			in.WriteByte('\n')
		}
		lines, err := eval(t, in.String())
		if err != nil || len(lines) != len(cases) {
			t.Fatalf("%s: %v, %d lines for %d cases", file, err, len(lines), len(cases))
		}
		for i, c := range cases {
			if lines[i]["decision"] != c.Want {
				t.Errorf("%s: %s: got %v, want %s", filepath.Base(file), c.Name, lines[i], c.Want)
			}
			if errs, _ := lines[i]["errors"].([]any); len(errs) != c.Errors {
				t.Errorf("%s: %s: errors %v", filepath.Base(file), c.Name, errs)
			}
		}
	}
}

func FuzzEval(f *testing.F) {
	f.Add([]byte(`{"id":1,` + user + `,` + identity + `}`))
	f.Add([]byte(`{"id":1,` + key + `,"kms_grants":[{"GranteePrincipal":"x","Operations":["Decrypt"]}]}`))
	f.Add([]byte(`{` + user + `,` + withMFA + `,"scp":[[],[{"policy":"{}"}]],"context":{"a":[1,null,true]}}` + "\n\n[]"))
	f.Add([]byte("\xef\xbb\xbf{}"))
	f.Fuzz(func(t *testing.T, in []byte) {
		var out bytes.Buffer
		_ = Eval(context.Background(), bytes.NewReader(in), &out, "input", nil)
		eachAnswered(t, in, out.Bytes())
	})
}

func FuzzCompareLines(f *testing.F) {
	f.Add([]byte(`{"id":1,"old":{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}},"new":"{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}}"}`))
	f.Add([]byte(`{"old":{}}` + "\n\n" + `{"old":{},"new":{"Statement":[{}]}}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		var out bytes.Buffer
		_ = CompareLines(context.Background(), bytes.NewReader(in), &out, "input", compare.Options{Steps: 10_000})
		eachAnswered(t, in, out.Bytes())
	})
}

// eachAnswered: every line that is not blank has one answer, in JSON.
func eachAnswered(t *testing.T, in, out []byte) {
	t.Helper()
	want := 0
	for line := range bytes.Lines(in) {
		if len(bytes.TrimSpace(line)) > 0 {
			want++
		}
	}
	if got := bytes.Count(out, []byte{'\n'}); got != want {
		t.Errorf("%d answers to %d lines", got, want)
	}
	for line := range bytes.Lines(out) {
		if !json.Valid(line) {
			t.Errorf("an answer is not JSON: %q", line)
		}
	}
}

// TestCompareFlushes: a line is answered before the next one is there.
func TestCompareFlushes(t *testing.T) {
	in, feed := io.Pipe()
	answers, out := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := CompareLines(t.Context(), in, out, "input", compare.Options{})
		out.Close()
		done <- err
	}()
	r := bufio.NewReader(answers)
	for id := range 3 {
		fmt.Fprintf(feed, `{"id":%d,"old":{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}},"new":{"Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}}`+"\n", id)
		line, err := r.ReadString('\n')
		if want := fmt.Sprintf(`{"id":%d,"verdict":"no-new-access","witnesses":[]}`+"\n", id); err != nil || line != want {
			t.Fatalf("%q, %v; want %q", line, err, want)
		}
	}
	feed.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
