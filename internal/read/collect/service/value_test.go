package service

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/footing-dev/footing/internal/snapshot"
)

func TestSetPolicy(t *testing.T) {
	for _, c := range []struct{ said, policy, unknown string }{
		{"", "", ""},
		{" ", "", ""},
		{`{"Version": "2012-10-17", "Statement": []}`, `{"Statement":[],"Version":"2012-10-17"}`, ""},
		{`{"Id":"a<b"}`, `{"Id":"a<b"}`, ""},
		{`%7B%22Statement%22%3A%5B%5D%7D`, `{"Statement":[]}`, ""},
		{`{"Version": `, "", "Policy"},
		{`[]`, "", "Policy"},
		{`null`, "", "Policy"},
		{`no policy`, "", "Policy"},
	} {
		r := &snapshot.Resource{Properties: object{}}
		setPolicy(r, "Policy", &c.said)
		if string(r.Policy) != c.policy || slices.Contains(r.Unknown, "Policy") != (c.unknown != "") {
			t.Errorf("%q: %s, unknown %v", c.said, r.Policy, r.Unknown)
		}
		if _, err := json.Marshal(r); err != nil {
			t.Errorf("%q cannot be stored: %v", c.said, err)
		}
	}
	text, r := `{"Statement":[]}`, &snapshot.Resource{Properties: object{}}
	setPolicy(r, "KeyPolicy", &text)
	if doc, ok := r.Properties["KeyPolicy"].(json.RawMessage); !ok || string(doc) != text || r.Policy != nil {
		t.Errorf("%v %s", r.Properties, r.Policy)
	}
}

// A list whose order means nothing is the same whatever order it came in.
func TestSorted(t *testing.T) {
	a := sorted([]string{"b", "a", "c"}, same)
	b := sorted([]string{"c", "b", "a"}, same)
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	if string(x) != `["a","b","c"]` || string(x) != string(y) {
		t.Errorf("%s %s", x, y)
	}
	if l := sorted([]string(nil), same); l == nil || len(l) != 0 {
		t.Error("read and empty is a list, not nothing")
	}
}
