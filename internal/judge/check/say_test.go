package check_test

import (
	"testing"

	"github.com/footing-dev/footing/internal/judge/check"
)

func TestFew(t *testing.T) {
	for want, names := range map[string][]string{"": nil, "a": {"a"}, "a and b": {"a", "b"}, "a, b, c and d": {"a", "b", "c", "d"}, "a, b, c and 2 more": {"a", "b", "c", "d", "e"}} {
		if got := check.Few(names); got != want {
			t.Errorf("%v: %q, want %q", names, got, want)
		}
	}
}
