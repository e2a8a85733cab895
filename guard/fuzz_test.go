package guard_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/footing-dev/footing/guard"
)

func seeds(f *testing.F, add func(rules, doc []byte)) {
	f.Helper()
	for _, c := range corpora(f) {
		for _, name := range c.names {
			_, doc := c.doc(name)
			add(c.files[name+".guard"], doc)
		}
	}
}

// FuzzParse: rules are read or refused with a place in the file and a sentence, and nothing else.
func FuzzParse(f *testing.F) {
	seeds(f, func(rules, _ []byte) { f.Add(rules) })
	f.Fuzz(func(t *testing.T, src []byte) {
		if _, err := guard.Parse("f", src); err != nil {
			var e *guard.Error
			if !errors.As(err, &e) || e.Sentence == "" || strings.ContainsAny(e.Sentence, "\n\r") || (e.At.Line < 1) != (e.At.Column < 1) {
				t.Fatalf("%#v", err)
			}
			if lines := strings.Count(string(src), "\n") + 1; e.At.Line > lines {
				t.Fatalf("line %d of %d", e.At.Line, lines)
			}
		}
	})
}

// FuzzEvaluate: what can be read can be judged, twice the same way, and what fails says why.
func FuzzEvaluate(f *testing.F) {
	seeds(f, func(rules, doc []byte) { f.Add(rules, doc) })
	f.Fuzz(func(t *testing.T, src, text []byte) {
		rules, err := guard.Parse("f", src)
		if err != nil {
			return
		}
		doc, err := guard.Load("d", text)
		if err != nil {
			return
		}
		first := rules.Evaluate(doc, guard.Options{Now: moment})
		second := rules.Evaluate(doc, guard.Options{Now: moment})
		for i, r := range first {
			if r.Status != second[i].Status {
				t.Fatalf("%s: %s, then %s", r.Rule, r.Status, second[i].Status)
			}
			if (r.Status == guard.Unjudged) != (r.Err != nil) || (r.Status == guard.Fail) != (len(r.Failures) > 0) {
				t.Fatalf("%+v", r)
			}
			for _, x := range r.Failures {
				if x.Says == "" || x.At.Line == 0 {
					t.Fatalf("%s: %+v", r.Rule, x)
				}
			}
		}
	})
}

// FuzzLoad: documents are read or refused.
func FuzzLoad(f *testing.F) {
	seeds(f, func(_, doc []byte) { f.Add(doc) })
	f.Fuzz(func(t *testing.T, text []byte) {
		if doc, err := guard.Load("d", text); err == nil {
			_ = doc.String()
		}
		_, _ = guard.LoadCases("d", text)
	})
}

// FuzzRegex: whatever the expression, the answer comes.
func FuzzRegex(f *testing.F) {
	for _, s := range []string{"^(a+)+$", "(?=x)y", `(\w)\1`, "(?<!a)b", "[[:alpha:]]", `\p{Lu}`, "(?i)k", "a{2,3}?", "(?>a|ab)c", "a++", `\bx\B`, "(?P<n>a)", "(?x) a # b"} {
		f.Add(s, "aaaaaaaaaaaaaaaaaaaaaaaaaaaa!")
		f.Add(s+"(?=)", "Größe \u212a")
	}
	f.Fuzz(func(t *testing.T, expr, text string) {
		if strings.ContainsAny(expr, "/\n") || len(expr) > 200 || len(text) > 1000 {
			return
		}
		rules, err := guard.Parse("f", []byte("rule a { this == /"+expr+"/ }"))
		if err != nil {
			return
		}
		doc, err := guard.Of(text)
		if err != nil {
			t.Fatal(err)
		}
		rules.Evaluate(doc, guard.Options{})
	})
}
