package compare

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/footing-dev/footing/iam"
)

var plenty = func() *budget { return &budget{left: 1 << 30} }

func resourceMatches(pattern, arn string) bool {
	if strings.Trim(arn, "*") == "" && arn != "" {
		return hasStars(resourcePatterns(raw(pattern)))
	}
	return anyMatches(resourcePatterns(raw(pattern)), arn, plenty())
}

func conditionMatches(pattern, arn string) bool {
	p := arnPattern(raw(pattern))
	return p != nil && p.matches(arn, plenty())
}

// agree holds the patterns of this package against the matching of the evaluator.
func agree(t *testing.T, pattern, s string) {
	t.Helper()
	if !strings.Contains(pattern, "${") {
		if got, want := resourceMatches(pattern, s), iam.MatchARN(pattern, s); got != want {
			t.Errorf("resource %q on %q: %t, the evaluator says %t", pattern, s, got, want)
		}
	}
	if got, want := conditionMatches(pattern, s), iam.MatchConditionARN(pattern, s); got != want {
		t.Errorf("ArnLike %q on %q: %t, the evaluator says %t", pattern, s, got, want)
	}
	if got, want := newPattern(raw(pattern)).matches(s, plenty()), iam.Match(pattern, s); got != want {
		t.Errorf("StringLike %q on %q: %t, the evaluator says %t", pattern, s, got, want)
	}
}

// TestPatterns: random patterns on random texts of few letters match as the evaluator has it; what one covers matches wherever the other does; and
// what is found is as wanted.
func TestPatterns(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	text := func(letters string, n int) string {
		var b strings.Builder
		for range r.IntN(n) {
			b.WriteByte(letters[r.IntN(len(letters))])
		}
		return b.String()
	}
	covered, found, none := 0, 0, 0
	for range runs("FOOTING_PATTERNS", 30_000) {
		p, q, s := text("ab*?:/", 9), text("ab*?:/", 9), text("ab:/", 9)
		if r.IntN(2) == 0 {
			p, q, s = "arn:a:"+p, "arn:*:"+q, "arn:a:"+s
		}
		agree(t, p, s)
		agree(t, q, s)
		for _, pair := range [][2]*pattern{{newPattern(raw(p)), newPattern(raw(q))}, {resourcePattern(raw(p)), resourcePattern(raw(q))}, {arnPattern(raw(p)), arnPattern(raw(q))}} {
			a, b := pair[0], pair[1]
			if a == nil || b == nil {
				continue
			}
			if a.covers(b, plenty()) {
				covered++
				if b.matches(s, plenty()) && !a.matches(s, plenty()) {
					t.Errorf("%q covers %q, but not on %q", p, q, s)
				}
			}
			w := wanted{some: [][]*pattern{{a}}, none: []*pattern{b}}
			got, ok := w.walk(plenty()) // without guessing
			switch ok {
			case possible:
				found++
				if !a.matches(got, plenty()) || b.matches(got, plenty()) {
					t.Errorf("%q and not %q: found %q", p, q, got)
				}
			case impossible:
				none++
				if a.matches(s, plenty()) && !b.matches(s, plenty()) {
					t.Errorf("%q and not %q: nothing found, yet there is %q", p, q, s)
				}
			}
		}
	}
	if covered < 100 || found < 100 || none < 100 {
		t.Errorf("covered %d, found %d, none %d: the test looks at too little", covered, found, none)
	}
}

// FuzzPatterns does the same with any text.
func FuzzPatterns(f *testing.F) {
	f.Add("arn:aws:s3:::b*/?", "arn:aws:s3:::bc/x")
	f.Add("arn:*", "arn:aws:iam::1:role/x")
	f.Add("a**:?b", "aé:xb")
	f.Fuzz(func(t *testing.T, pattern, s string) {
		if len(pattern) > 200 || len(s) > 200 || pattern == "" || strings.ToValidUTF8(pattern, "") != pattern || strings.ToValidUTF8(s, "") != s {
			return
		}
		agree(t, pattern, s)
	})
}

// FuzzCompare: whatever policies say, a comparison ends, what it finds is confirmed, and a policy allows nothing that itself does not.
func FuzzCompare(f *testing.F) {
	f.Add(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${aws:username}/*"}}`, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)
	f.Add(`{"Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"NotAction":"iam:*","NotResource":"arn:aws:s3:::b"},{"Effect":"Deny","NotPrincipal":{"Service":"s3.amazonaws.com"},"Action":"*","Resource":"*","Condition":{"ForAllValues:StringLike":{"aws:TagKeys":["a*",""]},"DateLessThan":{"aws:CurrentTime":"2026"}}}]}`,
		`{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"NumericLessThanIfExists":{"x:y":"1e3"},"BinaryEquals":{"x:z":"YQ=="}}}]}`)
	s := NewSolver(Options{Open: true, Steps: 100_000})
	f.Fuzz(func(t *testing.T, a, b string) {
		old, err := iam.Parse([]byte(a))
		if err != nil {
			return
		}
		if r := s.NoNewAccess(old, old); r.Verdict == Broken {
			t.Fatalf("%s\nallows what it does not allow: %+v", a, r)
		}
		s.NotPublic(old)
		new, err := iam.Parse([]byte(b))
		if err != nil {
			return
		}
		for _, w := range s.NoNewAccess(old, new).Witnesses {
			if !Allows(new, &w) || Allows(old, &w) {
				t.Fatalf("old %s\nnew %s\nno witness: %+v", a, b, w)
			}
		}
	})
}
