package files_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/read/files"
	"github.com/footing-dev/footing/internal/snapshot"
)

func TestDetailsFile(t *testing.T) {
	s := read(t, "testdata/acme/gaad.json")
	if s.Account != "111122223333" || s.From != "testdata/acme/gaad.json" || len(s.Resources) != 4 {
		t.Errorf("%+v", s)
	}
	for typ, want := range map[string]snapshot.State{
		"AWS::IAM::User": snapshot.Known, "AWS::IAM::Group": snapshot.Absent, "AWS::IAM::InstanceProfile": snapshot.Absent,
		"AWS::S3::Bucket": snapshot.Unknown, "AWS::Organizations::Policy": snapshot.Unknown, "AWS::IAM::CredentialReport": snapshot.Unknown,
	} {
		if got := s.Has(typ, ""); got != want {
			t.Errorf("%s: %d, want %d", typ, got, want)
		}
	}
	if r := get(t, s, "arn:aws:iam::111122223333:policy/limit"); !r.IsUnknown("Tags") {
		t.Error("the details do not tell a policy's tags")
	}
}

func TestPartsOfDetails(t *testing.T) {
	const user = `"UserDetailList":[{"UserName":"a","Arn":"arn:aws:iam::111122223333:user/a"}]`
	dir := t.TempDir()
	put(t, dir, "cut.json", `{`+user+`,"GroupDetailList":[],"RoleDetailList":[],"Policies":[],"IsTruncated":true,"Marker":"x"}`)
	put(t, dir, "users.json", "\ufeff{"+user+`}`)
	cut := read(t, filepath.Join(dir, "cut.json"))
	if c := cut.Gaps(); cut.Has("AWS::IAM::Role", "") != snapshot.Unknown || !hasOutcome(c, snapshot.Truncated) {
		t.Errorf("a first page counts as all of them: %+v", c)
	}
	users := read(t, filepath.Join(dir, "users.json"))
	if users.Has("AWS::IAM::Role", "") != snapshot.Unknown || users.Has("AWS::IAM::User", "") != snapshot.Known {
		t.Error("a list that is not there counts as empty")
	}
}

func hasOutcome(l []snapshot.Coverage, outcome string) bool {
	for _, c := range l {
		if c.Outcome == outcome {
			return true
		}
	}
	return false
}

func TestExportedFile(t *testing.T) {
	want := read(t, "testdata/acme")
	var b bytes.Buffer
	if err := snapshot.Export(&b, want); err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	put(t, dir, "a.gz", b.String())
	put(t, dir, "a.ndjson", string(plain))
	for _, name := range []string{"a.gz", "a.ndjson"} {
		got := read(t, filepath.Join(dir, name))
		if d := snapshot.Between(want, got); !d.Empty() || len(got.Coverage) != len(want.Coverage) || !got.Taken.Equal(want.Taken) {
			t.Errorf("%s: %+v", name, d)
		}
		if got.From != filepath.Join(dir, name) {
			t.Errorf("from %s", got.From)
		}
	}
}

func noise(n int, b byte) string { return strings.Repeat(string([]byte{b}), n) }

// Every way in which input can be wrong, as a file and as a part of a folder.
func TestBadInput(t *testing.T) {
	var export bytes.Buffer
	if err := snapshot.Export(&export, read(t, "testdata/acme")); err != nil {
		t.Fatal(err)
	}
	file := func(content string) string {
		dir := t.TempDir()
		put(t, dir, "input", content)
		return filepath.Join(dir, "input")
	}
	folder := func(name, content string) string { return copied(t, map[string]string{name: content}) }
	list := func(entry string) string {
		return folder("resources.json", `[{"type":"AWS::S3::Bucket","arn":"arn:aws:s3:::a"},`+entry+`]`)
	}
	blocked := copied(t, map[string]string{"gaad.json": ""})
	if err := os.Mkdir(filepath.Join(blocked, "gaad.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, path, says string }{
		{"no such file", filepath.Join(t.TempDir(), "nothing"), "there is no file or folder"},
		{"a file as a folder", filepath.Join(file("{}"), "x"), "cannot be read"},
		{"an empty folder", t.TempDir(), "has no gaad.json and no resources.json"},
		{"a folder without details", folder("gaad.json", ""), "has no gaad.json"},
		{"a folder without resources", folder("resources.json", ""), "has no resources.json"},
		{"a folder for a file", blocked, "gaad.json is a folder, not a file"},
		{"an empty file", file(""), "is empty"},
		{"a word", file("hello"), "line 1, column 1"},
		{"malformed", file("{\n\"Policies\": [,]}"), "is not JSON at line 2, column 14"},
		{"the wrong shape", file(`{"Users":[]}`), "none of UserDetailList"},
		{"resources without details", file(`[]`), "JSON array"},
		{"no account", file(`{"Policies":[]}`), "does not tell its account"},
		{"UTF-16", file("\xff\xfe{\x00}\x00"), "is not UTF-8"},
		{"Latin-1", file(`{"Policies":"` + "\xe9" + `"}`), "is not UTF-8 at line 1, column 14"},
		{"a cut export", file(export.String()[:export.Len()-30]), "truncated"},
		{"other output of ours", file(`{"footing":1,"rows":[]}` + "\n"), "line 1"},
		{"noise", file(noise(1<<20, 0x9d)), "is not UTF-8"},
		{"noise in ASCII", file(noise(1<<20, 'a')), "is not JSON at line 1, column 1"},
		{"noise in brackets", file(noise(1<<20, '[')), "depth"},
		{"gaad.json malformed", folder("gaad.json", `{`), "gaad.json is not JSON: it ends early"},
		{"resources.json malformed", folder("resources.json", "[\n{]"), "resources.json is not JSON at line 2, column 2"},
		{"resources.json no list", folder("resources.json", `{"a":1}`), "resources.json has the wrong shape: it is a JSON object"},
		{"resources.json null", folder("resources.json", `null`), "not a list"},
		{"resources.json not UTF-8", folder("resources.json", "[\"\xff\"]"), "resources.json is not UTF-8"},
		{"an entry that is a word", list(`"x"`), "wrong entry 1 (from 0): it is a JSON string, not an object"},
		{"an entry that is null", list(`null`), "wrong entry 1 (from 0): it is null"},
		{"no arn", list(`{"type":"AWS::S3::Bucket","arn":""}`), "wrong entry 1 (from 0): it has no arn"},
		{"no type", list(`{"arn":"arn:aws:s3:::b"}`), `wrong entry 1 (from 0): its type "" does not look like`},
		{"a type of another form", list(`{"type":"aws_s3_bucket","arn":"arn:aws:s3:::b"}`), `its type "aws_s3_bucket" does not look like`},
		{"an account that is none", list(`{"type":"AWS::S3::Bucket","arn":"arn:aws:s3:::b","account":"prod"}`), "does not have twelve digits"},
		{"an account as a number", list(`{"type":"AWS::S3::Bucket","arn":"arn:aws:s3:::b","account":111122223333}`), "its account is a JSON number"},
		{"tags as a list", list(`{"type":"AWS::S3::Bucket","arn":"arn:aws:s3:::b","tags":[]}`), "its tags are not an object of strings"},
		{"properties as a list", list(`{"type":"AWS::S3::Bucket","arn":"arn:aws:s3:::b","properties":[]}`), "its properties are not an object"},
		{"a policy as a list", list(`{"type":"AWS::S3::Bucket","arn":"arn:aws:s3:::b","policy":[]}`), "its policy is neither"},
		{"two policies", list(`{"type":"AWS::KMS::Key","arn":"arn:aws:kms:eu-west-1:111122223333:key/b","policy":{"a":1},"properties":{"KeyPolicy":{"a":2}}}`), "its policy and its KeyPolicy differ"},
		{"an ARN twice", list(`{"type":"AWS::S3::Bucket","arn":"arn:aws:s3:::a"}`), "twice: in the entries 0 and 1"},
		{"an ARN in two files", list(`{"type":"AWS::IAM::Role","arn":"arn:aws:iam::111122223333:role/app"}`), "another file of the folder has too"},
		{"account.json of another account", folder("account.json", `{"account":"444455556666"}`), "is about account 444455556666"},
		{"account.json without digits", folder("account.json", `{"account":"prod"}`), "does not have twelve digits"},
		{"account.json with no date", folder("account.json", `{"taken":"today"}`), "account.json"},
		{"report of another account", folder("credential-report.csv", "user,arn\na,arn:aws:iam::444455556666:user/a\n"), "is about account 444455556666 in line 2"},
		{"report that is none", folder("credential-report.csv", "a,b\n"), "credential-report.csv is not a credential report"},
		{"scp.json as a list", folder("scp.json", `[]`), "scp.json has the wrong shape"},
		{"scp.json null", folder("scp.json", `null`), "scp.json has the wrong shape"},
		{"scp.json without levels", folder("scp.json", `{"scp":[{"name":"a"}]}`), "scp.json has the wrong shape"},
		{"scp.json without a name", folder("scp.json", `{"rcp":[[{"policy":{}}]]}`), "rcp[0][0] has no name"},
		{"scp.json with a name twice", folder("scp.json", `{"scp":[[{"name":"a"},{"name":"a"}]]}`), `scp[0][1] is the second "a"`},
		{"gaps.json as an object", folder("gaps.json", `{}`), "gaps.json has the wrong shape"},
		{"gaps.json null", folder("gaps.json", `null`), "gaps.json has the wrong shape"},
		{"observations.json null kind", folder("observations.json", `[{"source":"guardduty","about":"x"}]`), "observations.json has a wrong entry 0 (from 0): it needs source, kind and about"},
		{"observations.json beyond severity", folder("observations.json", `[{"source":"g","kind":"k","about":"x","severity":11}]`), "its severity 11 is none from 0 to 10"},
		{"gaps.json without a call", folder("gaps.json", `[{"service":"s3"}]`), "gaps.json has a wrong entry 0 (from 0): it has no call"},
		{"gaps.json without a service", folder("gaps.json", `[{"call":"ListBuckets"}]`), "has no service"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := files.Read(c.path)
			var e *fault.Error
			if !errors.As(err, &e) {
				t.Fatalf("%v", err)
			}
			if e.Hinted == "" || !strings.Contains(e.Sentence, c.says) || strings.Contains(e.Sentence, "\n") || strings.Contains(e.Sentence, "Go ") {
				t.Errorf("says %q, hint %q, want %q", e.Sentence, e.Hinted, c.says)
			}
			if !strings.Contains(e.Sentence, filepath.Base(filepath.Dir(c.path))) {
				t.Errorf("does not name the file: %q", e.Sentence)
			}
			if e.Status != fault.Usage {
				t.Errorf("status %d", e.Status)
			}
		})
	}
}

// Fifty megabytes that mean nothing cost neither time nor memory.
func TestNoiseIsRefusedQuickly(t *testing.T) {
	random := make([]byte, 50<<20)
	r := rand.NewChaCha8([32]byte{1})
	r.Read(random)
	for name, content := range map[string]string{
		"random": string(random), "letters": noise(50<<20, 'x'), "as gzip": "\x1f\x8b\x08\x00" + string(random), "as an export": `{"footing":1,"kind":"snapshot"}` + "\n" + noise(50<<20, 'x'),
	} {
		dir := t.TempDir()
		put(t, dir, "noise", content)
		folder := copied(t, map[string]string{"resources.json": content})
		for _, path := range []string{filepath.Join(dir, "noise"), folder} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := files.Read(path)
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			if err == nil {
				t.Errorf("%s is accepted", name)
			}
			if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 400 || took > 5*time.Second {
				t.Errorf("%s: %d MB, %v", name, used, took)
			}
		}
	}
}

func FuzzFile(f *testing.F) {
	for _, name := range []string{"gaad.json", "resources.json"} {
		b, err := os.ReadFile("testdata/acme/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("\x1f\x8b"))
	f.Add([]byte(`{"footing":1,"kind":"snapshot"}` + "\n"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, content []byte) {
		put(t, dir, "input", string(content))
		_, err := files.Read(filepath.Join(dir, "input"))
		oursOrNil(t, err)
	})
}

func FuzzFolder(f *testing.F) {
	whole := map[string][]byte{}
	for _, name := range []string{"resources.json", "credential-report.csv", "scp.json", "gaps.json", "account.json", "observations.json"} {
		b, err := os.ReadFile("testdata/acme/" + name)
		if err != nil {
			f.Fatal(err)
		}
		whole[name] = b
	}
	f.Add(whole["resources.json"], whole["credential-report.csv"], whole["scp.json"], whole["gaps.json"], whole["account.json"])
	f.Add([]byte(`[{"type":"AWS::KMS::Key","arn":"a","policy":"%7B%7D"}]`), []byte("user,arn\n"), []byte(`{}`), []byte(`[{"call":"rds:ListTagsForResource"}]`), []byte(`{}`))
	dir := copied(f, nil)
	f.Fuzz(func(t *testing.T, resources, report, scp, gaps, account []byte) {
		put(t, dir, "resources.json", string(resources))
		put(t, dir, "credential-report.csv", string(report))
		put(t, dir, "scp.json", string(scp))
		put(t, dir, "gaps.json", string(gaps))
		put(t, dir, "account.json", string(account))
		s, err := files.Read(dir)
		oursOrNil(t, err)
		if err == nil {
			if err := snapshot.Export(io.Discard, s); err != nil {
				t.Errorf("what was read cannot be exported: %v", err)
			}
		}
	})
}

func oursOrNil(t *testing.T, err error) {
	t.Helper()
	var e *fault.Error
	if err != nil && !errors.As(err, &e) {
		t.Fatalf("not one of our errors: %v", err)
	}
}
