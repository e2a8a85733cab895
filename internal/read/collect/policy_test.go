package collect

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/footing-dev/footing/internal/read/collect/service"
)

// The printed policy grants what the collectors declare, no more and no less, in an order that does not change,
// and fits into two managed policies.
func TestPolicy(t *testing.T) {
	doc, err := Policy()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Policy()
	if err != nil || !bytes.Equal(doc, again) {
		t.Errorf("a second policy differs, or %v", err)
	}
	var p struct {
		Version   string
		Statement []struct {
			Sid, Effect, Resource string
			Action                []string
		}
	}
	if err := json.Unmarshal(doc, &p); err != nil {
		t.Fatal(err)
	}
	var granted, sids []string
	for _, s := range p.Statement {
		granted = append(granted, s.Action...)
		sids = append(sids, s.Sid)
		if s.Effect != "Allow" || s.Resource != "*" || !slices.IsSorted(s.Action) || strings.ContainsFunc(s.Sid, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			t.Errorf("statement %+v", s)
		}
		for _, a := range s.Action {
			if prefix, _, _ := strings.Cut(a, ":"); !strings.HasPrefix(a, prefix+":") || strings.ContainsAny(a, "*?") || !strings.EqualFold(s.Sid, "FootingReads"+strings.ReplaceAll(prefix, "-", "")) {
				t.Errorf("%s in %s", a, s.Sid)
			}
		}
	}
	var needed []string
	for _, s := range service.All() {
		for _, c := range s.Calls {
			needed = append(needed, c.Actions...)
		}
	}
	slices.Sort(needed)
	needed = slices.Compact(needed)
	slices.Sort(granted)
	if !slices.Equal(granted, needed) {
		t.Errorf("granted %v\nneeded  %v", granted, needed)
	}
	if p.Version != "2012-10-17" || len(slices.Compact(slices.Sorted(slices.Values(sids)))) != len(sids) || !slices.IsSorted(sids) {
		t.Errorf("version %s, statements %v", p.Version, sids)
	}
	// "IAM and AWS STS quotas": white space does not count.
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
	size := 0
	for _, r := range string(doc) {
		if !unicode.IsSpace(r) {
			size++
		}
	}
	t.Logf("%d characters, %d actions", size, len(granted))
	if size > 2*6144 {
		t.Errorf("%d characters do not fit into two managed policies", size)
	}
}
