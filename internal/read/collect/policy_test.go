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

// The printed policy grants what the collectors declare, no more and no less, in an order that does not change, and its statements
// fit into as many managed policies as a role may have.
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
	// "IAM and AWS STS quotas": white space does not count, and a role has at most ten managed policies unless the quota is raised.
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
	const most, head = 6144, len(`{"Version":"2012-10-17","Statement":[]}`)
	policies, size := 1, head
	for _, st := range p.Statement {
		b, err := json.Marshal(st)
		if err != nil {
			t.Fatal(err)
		}
		if size+len(b)+1 > most {
			policies, size = policies+1, head
		}
		size += len(b) + 1
		if size > most {
			t.Errorf("%s alone does not fit into a managed policy", st.Sid)
		}
	}
	t.Logf("%d actions in %d managed policies", len(granted), policies)
	if policies > 10 {
		t.Errorf("%d managed policies are more than a role may have", policies)
	}
}
