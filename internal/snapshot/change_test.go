package snapshot

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
)

func TestApplyLaysAChangeOver(t *testing.T) {
	before := sealed([]Resource{{Key: "a", Type: "T"}, {Key: "b", Type: "T", Name: "old"}, {Key: "c", Type: "T"}})
	before.ID = "kept"
	put := Resource{Key: "b", Type: "T", Name: "new", Unknown: []string{"Tags", "Policy"}}
	after := before.Apply(Change{Put: []Resource{put, {Key: "d", Type: "T"}}, Remove: []Key{"c", "nothing"}})

	if got := keys(after); !slices.Equal(got, []Key{"a", "b", "d"}) {
		t.Errorf("after: %v", got)
	}
	if r, _ := after.Get("b"); r.Name != "new" {
		t.Errorf("b is %+v", r)
	}
	if got := keys(before); !slices.Equal(got, []Key{"a", "b", "c"}) {
		t.Errorf("the snapshot itself changed: %v", got)
	}
	if r, _ := before.Get("b"); r.Name != "old" {
		t.Errorf("the snapshot itself changed: %+v", r)
	}
	if after.ID != "" || before.ID != "kept" {
		t.Errorf("ids %q, %q: a what-if is not the kept snapshot", after.ID, before.ID)
	}
	if !slices.Equal(put.Unknown, []string{"Tags", "Policy"}) {
		t.Errorf("the change itself changed: %v", put.Unknown)
	}
}

func TestPutAndRemoveOfTheSameKeyPuts(t *testing.T) {
	s := sealed([]Resource{{Key: "a", Type: "T", Name: "old"}}).Apply(Change{Put: []Resource{{Key: "a", Type: "T", Name: "new"}}, Remove: []Key{"a"}})
	if r, ok := s.Get("a"); !ok || r.Name != "new" {
		t.Errorf("%+v %v", r, ok)
	}
}

func TestBetween(t *testing.T) {
	const typ = "AWS::S3::Bucket"
	list := func(region, outcome string) Coverage {
		return Coverage{Service: "s3", Region: region, Call: "s3:ListBuckets", Types: []string{typ}, Outcome: outcome}
	}
	a := Resource{Key: "a", Type: typ, Region: "eu-west-1", Properties: map[string]any{"N": json.Number("1"), "L": []any{"x", map[string]any{"k": true}}}, Origin: Origin{Line: 1}}
	same := Resource{Key: "a", Type: typ, Region: "eu-west-1", Properties: map[string]any{"N": 1, "L": []any{"x", map[string]any{"k": true}}}, Tags: map[string]string{}, Origin: Origin{Line: 2}}
	with := func(f func(*Resource)) Resource {
		r := a
		f(&r)
		return r
	}
	changed := func(names ...string) Diff {
		return Diff{Added: []Key{}, Gone: []Key{}, Changed: []Changed{{"a", names}}, Unseen: []Key{}}
	}
	none := Diff{Added: []Key{}, Gone: []Key{}, Changed: []Changed{}, Unseen: []Key{}}
	gone, unseen := none, none
	gone.Gone, unseen.Unseen = []Key{"a"}, []Key{"a"}
	added := none
	added.Added = []Key{"a"}

	for _, c := range []struct {
		name          string
		before, after *Snapshot
		want          Diff
	}{
		{"unchanged, read twice", sealed([]Resource{a}), sealed([]Resource{same}), none},
		{"added", sealed(nil), sealed([]Resource{a}), added},
		{"gone: the list was ok", sealed([]Resource{a}), sealed(nil, list("", OK)), gone},
		{"gone: the Region was turned off", sealed([]Resource{a}), sealed(nil, list("eu-west-1", NotEnabled)), gone},
		{"unseen: nobody looked", sealed([]Resource{a}), sealed(nil), unseen},
		{"unseen: the list was denied", sealed([]Resource{a}), sealed(nil, list("", Denied)), unseen},
		{"unseen: only some pages came", sealed([]Resource{a}), sealed(nil, list("eu-west-1", Truncated)), unseen},
		{"unseen: another Region was listed", sealed([]Resource{a}), sealed(nil, list("us-east-1", OK)), unseen},
		{"unseen: one of two calls failed", sealed([]Resource{a}), sealed(nil, list("", OK), list("eu-west-1", Failed)), unseen},
		{"gone: a failure elsewhere does not matter", sealed([]Resource{a}), sealed(nil, list("eu-west-1", OK), list("us-east-1", Failed)), gone},
		{"a property", sealed([]Resource{a}), sealed([]Resource{with(func(r *Resource) { r.Properties = map[string]any{"N": 2, "L": a.Properties["L"]} })}), changed("N")},
		{"a list within", sealed([]Resource{a}), sealed([]Resource{with(func(r *Resource) {
			r.Properties = map[string]any{"N": 1, "L": []any{"x", map[string]any{"k": false}}}
		})}), changed("L")},
		{"two properties, sorted", sealed([]Resource{a}), sealed([]Resource{with(func(r *Resource) { r.Properties = map[string]any{"M": 1, "L": a.Properties["L"]} })}), changed("M", "N")},
		{"all properties", sealed([]Resource{a}), sealed([]Resource{with(func(r *Resource) { r.Properties = nil })}), changed("L", "N")},
		{"policy", sealed([]Resource{a}), sealed([]Resource{with(func(r *Resource) { r.Policy = json.RawMessage(`{}`) })}), changed("Policy")},
		{"tags", sealed([]Resource{a}), sealed([]Resource{with(func(r *Resource) { r.Tags = map[string]string{"k": "v"} })}), changed("Tags")},
		{"no longer readable", sealed([]Resource{a}), sealed([]Resource{with(func(r *Resource) { r.Unknown = []string{"Policy"} })}), changed("Unknown")},
		{"name", sealed([]Resource{a}), sealed([]Resource{with(func(r *Resource) { r.Name = "n" })}), changed("Name")},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Between(c.before, c.after)
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
			if got.Empty() != reflect.DeepEqual(c.want, none) {
				t.Errorf("empty: %v", got.Empty())
			}
		})
	}
}

func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		`{ "b": 1.50, "a": [ true ] }`: `{"a":[true],"b":1.50}`,
		`{"a":"<&>"}`:                  `{"a":"<&>"}`,
		`{"a":"\u003c"}`:               `{"a":"<"}`,
		`{"n":123456789012345678901}`:  `{"n":123456789012345678901}`,
		"not JSON":                     "not JSON",
		`{"a":1} {"b":2}`:              `{"a":1} {"b":2}`,
		`{"a":1}x`:                     `{"a":1}x`,
		"":                             "",
		"null":                         "null",
		`{"b\"":1,"b#":2,"b!":3}`:      `{"b!":3,"b\"":1,"b#":2}`,
		`{"a":1,"b":2,"a":3}`:          `{"a":3,"b":2}`,
		`"\u2028\ud800\/\u0008\u007f"`: "\"\\u2028\ufffd/\\b\x7f\"",
		`{"z":{"b":[],"a":{}},"a":0}`:  `{"a":0,"z":{"a":{},"b":[]}}`,
	} {
		if got := string(Canonical(json.RawMessage(in))); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{`{"b":1,"a":[1e3,"<"]}`, `[]`, `"\ud800"`, `{"a":1}{`, "\xff", `{"\"":1,"#":"\u2029","!":{"b":0,"a":0}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		once := Canonical(doc)
		if twice := Canonical(once); string(twice) != string(once) {
			t.Errorf("%q becomes %q, then %q", doc, once, twice)
		}
		if slow, ok := canonicalOdd(doc); ok && string(slow) != string(once) {
			t.Errorf("%q becomes %q, by encoding/json %q", doc, once, slow)
		}
		if json.Valid(doc) != json.Valid(once) {
			t.Errorf("%q becomes %q", doc, once)
		}
	})
}
