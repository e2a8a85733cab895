package review

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

const ours = "111122223333"

// assessed judges an account with one open bucket, whose name and class are anything.
func assessed(t testing.TB, name, class string) *assess.Assessment {
	t.Helper()
	s := &snapshot.Snapshot{ID: "20261101T080000Z-000007", Account: ours, Partition: "aws", Taken: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	s.Resources = []snapshot.Resource{{Key: "arn:aws:s3:::logs", Type: "AWS::S3::Bucket", Account: ours, Name: name, Tags: map[string]string{"data-class": class},
		Policy: []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::logs/*"}]}`)}}
	s.Seal()
	a, err := assess.Of(assess.Input{Snapshot: s, Model: threatmodel.Default()})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func signed(t testing.TB, a *assess.Assessment, by string, at time.Time) Signed {
	t.Helper()
	s, err := Sign(a, []assess.Verdict{{ID: "CO-1", Say: "nobody", Outcome: "pass"}}, by, at)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var november = time.Date(2026, 11, 2, 9, 30, 15, 999, time.UTC)

// TestSignedComesBack: what is appended is what is read, whatever names are in it, and it tells the same as what was signed.
func TestSignedComesBack(t *testing.T) {
	var file []byte
	var want []Signed
	for i, name := range []string{"logs", `<b>"&\ `, "東京\u2028", "a\tb"} {
		a := assessed(t, name, "restricted")
		s := signed(t, a, "ana@acme.example", november.AddDate(0, 0, i))
		var err error
		if file, err = Append(File, file, s); err != nil {
			t.Fatal(err)
		}
		want = append(want, s)
		if got, then := s.Record(), a.Record(); !reflect.DeepEqual(got, then) {
			t.Errorf("%q: kept %+v of %+v", name, got, then)
		}
	}
	for how, form := range map[string][]byte{"as written": file, "of Windows": bytes.ReplaceAll(file, []byte("\n"), []byte("\r\n")),
		"without its last line end": bytes.TrimSuffix(file, []byte("\n")), "with an empty line": append([]byte("\n"), file...)} {
		got, err := Parse(File, form)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, %d reviews", how, err, len(got))
		}
		more, err := Append(File, form, want[0])
		if again, bad := Parse(File, more); err != nil || bad != nil || len(again) != 5 || !bytes.HasPrefix(more, form) {
			t.Errorf("%s: one more: %v, %v", how, err, bad)
		}
	}
	if all, err := Parse(File, nil); err != nil || len(all) != 0 {
		t.Errorf("nothing: %v, %v", all, err)
	}
}

// TestNoByteMayChange: whatever is changed in a line, it is told, and the place is.
func TestNoByteMayChange(t *testing.T) {
	s := signed(t, assessed(t, "logs", "restricted"), "ana", november)
	line, err := s.line()
	if err != nil {
		t.Fatal(err)
	}
	for i := range len(line) - 1 {
		for _, b := range []byte{line[i] ^ 1, ' ', '9', '"', '\n'} {
			if b == line[i] {
				continue
			}
			bad := bytes.Clone(line)
			bad[i] = b
			_, err := Parse(File, append(bytes.Clone(line), bad...))
			var said *fault.Error
			if !errors.As(err, &said) || said.Status != fault.Usage || !strings.HasPrefix(said.Sentence, File+":") || strings.HasPrefix(said.Sentence, File+":1:") || said.Hinted == "" {
				t.Fatalf("byte %d as %q: %v", i, b, err)
			}
		}
	}
}

func TestDamaged(t *testing.T) {
	s := signed(t, assessed(t, "logs", "restricted"), "ana", november)
	whole, err := s.line()
	if err != nil {
		t.Fatal(err)
	}
	line := strings.TrimSuffix(string(whole), "\n")
	for name, c := range map[string]struct{ file, want string }{
		"no JSON":              {"ana was here\n", "footing.reviews.jsonl:1:1: this is no signed review"},
		"cut":                  {line[:200] + "\n", "footing.reviews.jsonl:1:200: the line ends too early"},
		"the second line":      {line + "\n" + line[:10], "footing.reviews.jsonl:2:10: the line ends too early"},
		"merged":               {"<<<<<<< HEAD\n" + line + "\n", "footing.reviews.jsonl:1:1: two branches were merged here, and the marks are still there"},
		"merged, further down": {line + "\n=======\n" + line + "\n", "footing.reviews.jsonl:2:1: two branches were merged here, and the marks are still there"},
		"another kind":         {strings.Replace(line, `"gaps":0`, `"gaps":"0"`, 1), "is no string"},
		"another key":          {strings.Replace(line, `"gaps":0`, `"gaps":0,"good":true`, 1), `this is no signed review: unknown field "good"`},
		"a newer one":          {strings.Replace(line, `"footing":1`, `"footing":2,"good":true`, 1), "was signed by a newer footing"},
		"twice the same key":   {strings.Replace(line, `"gaps":0`, `"gaps":0,"gaps":0`, 1), "this review was changed after ana signed it"},
		"big letters":          {strings.Replace(line, `"gaps":0`, `"GAPS":0`, 1), "this review was changed after ana signed it"},
		"two on a line":        {line + line, "this review was changed after ana signed it"},
		"something else":       {"{}", `it does not begin with "footing": 1`},
		"null":                 {"null", `it does not begin with "footing": 1`},
		"nobody":               {strings.Replace(line, `"by":"ana"`, `"by":""`, 1), "nobody signed this review"},
		"no account":           {strings.Replace(line, ours, "11112222333x", 1), "an account is twelve digits"},
		"no day":               {strings.Replace(line, `"at":"2026-11-02T09:30:15Z"`, `"at":"0001-01-01T00:00:00Z"`, 1), "does not say when it was signed"},
		"no date":              {strings.Replace(line, `"at":"2026-11-02T09:30:15Z"`, `"at":"monday"`, 1), "this is no signed review"},
		"no access":            {strings.Replace(line, `"access":"read"`, `"access":"rule"`, 1), `the row "account" is none that a sheet could have`},
		"no risk":              {strings.Replace(line, `"risk":[25`, `"risk":[26`, 1), "is none that a sheet could have"},
		"too few numbers":      {strings.Replace(line, `"risk":[25,`, `"risk":[`, 1), "this review was changed after ana signed it"},
		"bytes":                {"\x00\xff\xfe\n", "footing.reviews.jsonl:1:1: this is no signed review"},
	} {
		_, err := Parse(File, []byte(c.file))
		var said *fault.Error
		if !errors.As(err, &said) || !strings.Contains(said.Sentence, c.want) || said.Status != fault.Usage || said.Hinted == "" {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if _, err := Append(File, []byte(c.file), s); err == nil {
			t.Errorf("%s: a line was added to a damaged file", name)
		}
	}
}

func TestNobodyCannotSign(t *testing.T) {
	for _, by := range []string{"", "  ", "a\nb", strings.Repeat("a", 300)} {
		if _, err := Sign(assessed(t, "logs", ""), nil, by, november); err == nil {
			t.Errorf("%q signed", by)
		}
	}
}

// TestLast: of two on one day the later counts, and of two of one moment the later line; other accounts do not.
func TestLast(t *testing.T) {
	at := func(account string, hour int, by string) Signed {
		return Signed{Account: account, At: november.Add(time.Duration(hour) * time.Hour), By: by}
	}
	all := []Signed{at(ours, 3, "late"), at(ours, 1, "early"), at("999988887777", 9, "other"), at(ours, 3, "later line")}
	if got := Last(all, ours); got == nil || got.By != "later line" {
		t.Errorf("%+v", got)
	}
	if got := Last(all[:2], ours); got.By != "late" {
		t.Errorf("%+v", got)
	}
	if got := Last(all, "000000000000"); got != nil {
		t.Errorf("%+v", got)
	}
}

// FuzzParse: nothing trips it over; what it takes is what Append writes, to the byte.
func FuzzParse(f *testing.F) {
	line, err := new(Signed).line()
	if err != nil {
		f.Fatal(err)
	}
	s := signed(f, assessed(f, "logs", "restricted"), "ana", november)
	whole, err := s.line()
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{nil, line, whole, append(whole, whole...), []byte("{}\n{}"), []byte("<<<<<<<\n"), []byte("null"), []byte(`{"footing":1,"rows":[{"risk":[1,2]}]}`)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		all, err := Parse(File, file)
		if err != nil {
			var said *fault.Error
			if !errors.As(err, &said) || said.Status != fault.Usage || strings.Contains(said.Sentence, "\n") {
				t.Fatalf("%v", err)
			}
			return
		}
		var again []byte
		for _, s := range all {
			if again, err = Append(File, again, s); err != nil {
				t.Fatal(err)
			}
		}
		lines := func(b []byte) []byte {
			var out []byte
			for l := range bytes.SplitSeq(b, []byte("\n")) {
				if l = bytes.TrimSuffix(l, []byte("\r")); len(l) > 0 {
					out = append(append(out, l...), '\n')
				}
			}
			return out
		}
		if !bytes.Equal(again, lines(file)) {
			t.Fatalf("%q is taken, and written as %q", file, again)
		}
	})
}
