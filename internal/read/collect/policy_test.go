package collect

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/service"
)

// The printed policy grants what the collectors declare, no more and no less, in an order that does not change,
// and its parts fit into managed policies.
func TestPolicy(t *testing.T) {
	all, err := Policy(read.Extra{})
	if err != nil {
		t.Fatal(err)
	}
	doc := all.Whole
	again, err := Policy(read.Extra{})
	if err != nil || !bytes.Equal(doc, again.Whole) {
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
	var inParts []string
	for i, part := range all.Parts {
		var p struct{ Statement []statement }
		if err := json.Unmarshal(part, &p); err != nil {
			t.Fatal(err)
		}
		for _, s := range p.Statement {
			inParts = append(inParts, s.Action...)
		}
		if n := characters(part); n > 6144 {
			t.Errorf("part %d has %d characters: they do not fit into a managed policy", i, n)
		}
	}
	if !slices.Equal(inParts, slices.Concat(actionsOf(t, doc)...)) {
		t.Error("the parts do not make up the whole")
	}
	t.Logf("%d characters, %d actions, %d parts", characters(doc), len(granted), len(all.Parts))
	// "Quotas", https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html
	if n := characters(doc); n > 32768 {
		t.Errorf("%d characters do not fit into the inline policy of a permission set", n)
	}
	if len(all.Parts) > 5 {
		t.Errorf("%d parts: a role takes ten managed policies, and has others", len(all.Parts))
	}
}

func actionsOf(t *testing.T, doc []byte) (out [][]string) {
	var p struct{ Statement []statement }
	if err := json.Unmarshal(doc, &p); err != nil {
		t.Fatal(err)
	}
	for _, s := range p.Statement {
		out = append(out, s.Action)
	}
	return out
}
