package decide

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/footing-dev/footing/iam"
)

// The index finds what MatchARN matches, whatever the pattern.
func TestColumnsMatchLikeARNs(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	words := []string{"arn", "aws", "s3", "", "lambda", "eu-west-1", account, "function", "a", "a-b", "a-b-c", "key/a", "x:y", "*", "a*", "*b", "?", "a?b", "a-*", "**"}
	draw := func(n int, from []string) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = from[r.IntN(len(from))]
		}
		if r.IntN(2) == 0 {
			parts[0] = "arn"
		}
		return strings.Join(parts, ":")
	}
	matches := 0
	for range 300 {
		var list []Column
		for range 40 {
			list = append(list, Column{Resource: draw(5+r.IntN(4), words[:13])})
		}
		list = append(list, Column{Resource: "*"}, Column{Resource: "short"})
		cs := (&Table{}).Columns(list)
		for range 100 {
			pattern := draw(1+r.IntN(8), words)
			s := cs.match(pattern)
			for i, c := range list {
				want := iam.MatchARN(pattern, c.Resource)
				if got := s != nil && s.Has(cs.place[i]); got != want {
					t.Fatalf("%q on %q: index %v, one by one %v", pattern, c.Resource, got, want)
				}
				if want {
					matches++
				}
			}
		}
	}
	if matches < 10000 {
		t.Fatalf("only %d matches", matches)
	}
}
