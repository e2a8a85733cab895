package draft

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/footing-dev/footing/internal/threatmodel"
)

// Whatever something is called, the reader of footing.yaml gets the same text back, from a line of its own and from between others.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{"yes", "null", "~", "0123", "1e3", "a: b", "a #b", "- x", "{x}", `"`, `\`, "\n", "\t", "\u2028", "\ufeff", "\u0085", "é", "日本", "*", "&a", "!x", "=", "<<", ".inf", "\x1b", "\x7f", "a,b", "[", "%", "@", "`", "|", " a ", "\U0001f600", "\U000e0001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q := quote(s)
		if strings.ContainsAny(q, "\n\r\x00") {
			t.Fatalf("%q is written on two lines: %s", s, q)
		}
		if !utf8.ValidString(s) {
			return // written with a mark in its place
		}
		text := "name: " + q + "\nowner: " + q + "  # " + clean(s) + "\nactors:\n  - " +
			strings.ReplaceAll(flow(fields{{"id", "a"}, {"bind", fields{{"tag", fields{{"k", []string{"x", s}}}}}}}), mayBreak, " ") + "  # " + clean(s) + "\n"
		m, err := threatmodel.Parse("f.yaml", []byte(text))
		if err != nil && strings.TrimSpace(s) == "" {
			return // a blank text is refused, however it is written
		}
		if err != nil {
			t.Fatalf("%q: %v\n%s", s, err, text)
		}
		if m.Name != s || m.DefaultOwner != s || m.Actors[0].Bind.Tag["k"][1] != s {
			t.Fatalf("%q comes back as %q, %q and %q from\n%s", s, m.Name, m.DefaultOwner, m.Actors[0].Bind.Tag["k"], text)
		}
	})
}

func TestFoldedKeepsWithinTheLine(t *testing.T) {
	var l []string
	for range 40 {
		l = append(l, "arn:aws:iam::111122223333:user/somebody")
	}
	for _, line := range item("x", fields{{"id", "x"}, {"bind", fields{{"arn", l}}}}, "# a comment").written() {
		if n := utf8.RuneCountInString(line); n > room {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

// What other readers of YAML take for something else is quoted, though ours would not mind.
func TestQuoted(t *testing.T) {
	for in, want := range map[string]string{
		"yes": `"yes"`, "NO": `"NO"`, "null": `"null"`, "off": `"off"`, "": `""`, "0123": `"0123"`, "1e3": `"1e3"`, "2026-11-23": `"2026-11-23"`, "~": `"~"`, "a: b": `"a: b"`,
		"a #b": `"a #b"`, `say "hi"`: `"say \"hi\""`, "it's": `"it's"`, "line\nbreak": `"line\nbreak"`, "é": `"é"`, "\u2028": `"\u2028"`, "prod": "prod", "ana@acme.example": "ana@acme.example",
		"AWS::S3::Bucket": `"AWS::S3::Bucket"`, "-x": `"-x"`, "user/ci": "user/ci", "a\xff": `"a` + "\uFFFD" + `"`,
	} {
		if got := quote(in); got != want {
			t.Errorf("%q is written %s, want %s", in, got, want)
		}
	}
}
