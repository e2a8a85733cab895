package threatmodel

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/footing-dev/footing/internal/fault"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(Schema())))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(SchemaAddress, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(SchemaAddress)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func full(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// loose is YAML as an editor sees it.
func loose(t *testing.T, src []byte) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(src, &v); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jsonschema.UnmarshalJSON(strings.NewReader(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// spot is one value of a document, and how to put another in its place.
type spot struct {
	path string // keys and "[]"
	name string // of the key alone; "" for items
	in   map[string]any
	put  func(any)
	get  any
}

func spots(v any, path string, out *[]spot) {
	switch x := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(x)) {
			*out = append(*out, spot{path + "/" + k, k, x, func(n any) { x[k] = n }, x[k]})
			spots(x[k], path+"/"+k, out)
		}
	case []any:
		for i := range x {
			*out = append(*out, spot{path + "/[]", "", nil, func(n any) { x[i] = n }, x[i]})
			spots(x[i], path+"/[]", out)
		}
	}
}

func asYAML(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v) // JSON is YAML
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// keysOf are the properties that the schema gives to the mapping at a path; nil where any key is allowed.
func keysOf(t *testing.T, root map[string]any, path []string) []string {
	t.Helper()
	at := []map[string]any{root}
	// open follows references and alternatives to all schemas that may hold for a value.
	var open func(s map[string]any) []map[string]any
	open = func(s map[string]any) []map[string]any {
		out := []map[string]any{s}
		if ref, ok := s["$ref"].(string); ok {
			def, ok := root["definitions"].(map[string]any)[strings.TrimPrefix(ref, "#/definitions/")].(map[string]any)
			if !ok {
				t.Fatalf("%s leads nowhere", ref)
			}
			return open(def)
		}
		for _, k := range []string{"anyOf", "allOf"} {
			subs, _ := s[k].([]any)
			for _, sub := range subs {
				out = append(out, open(sub.(map[string]any))...)
			}
		}
		return out
	}
	for _, step := range path {
		var next []map[string]any
		for _, s := range at {
			for _, o := range open(s) {
				props, _ := o["properties"].(map[string]any)
				more, _ := o["additionalProperties"].(map[string]any)
				sub := o["items"]
				if step != "[]" {
					if sub = props[step]; sub == nil && more != nil {
						sub = more
					}
				}
				if m, ok := sub.(map[string]any); ok {
					next = append(next, m)
				}
			}
		}
		at = next
	}
	keys := map[string]bool{}
	for _, s := range at {
		for _, o := range open(s) {
			props, _ := o["properties"].(map[string]any)
			if o["additionalProperties"] == false {
				for k := range props {
					keys[k] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// TestKeys: every mapping of footing.yaml has the same keys for the reader, by what it says of an unknown one, and for the schema; and
// testdata/full.yaml has them all.
func TestKeys(t *testing.T) {
	s, doc := compiled(t), loose(t, full(t))
	if err := s.Validate(doc); err != nil {
		t.Fatalf("testdata/full.yaml: %v", err)
	}
	var root map[string]any
	if err := json.Unmarshal(Schema(), &root); err != nil {
		t.Fatal(err)
	}
	var all []spot
	spots(doc, "", &all)
	all = append(all, spot{path: "", get: doc})
	used := map[string]map[string]bool{} // keys, as a text → those that occur
	for _, p := range all {
		m, ok := p.get.(map[string]any)
		if !ok {
			continue
		}
		steps := strings.Split(strings.Trim(p.path, "/"), "/")
		if p.path == "" {
			steps = nil
		}
		want := keysOf(t, root, steps)
		if len(want) == 0 {
			continue // tags, views, trusted accounts, needs: any name
		}
		m["zzzzzzzzzzzzzzzz"] = 1
		_, err := Parse("f.yaml", asYAML(t, doc))
		valid := s.Validate(doc) == nil
		delete(m, "zzzzzzzzzzzzzzzz")
		var f *fault.Error
		if !errors.As(err, &f) || !strings.Contains(f.Error(), `unknown key "zzzzzzzzzzzzzzzz"`) || valid {
			t.Fatalf("%s: the reader says %v, the schema takes it: %v", p.path, err, valid)
		}
		line, _, _ := strings.Cut(f.Hint(), "\n")
		got := strings.Split(strings.TrimPrefix(line, "the keys are "), ", ")
		slices.Sort(got)
		if p.path == "/mitigations/[]/effect/[]/where" && len(got) == 2 {
			got = append([]string{"entry"}, got...) // replace says it in "from"
		}
		if p.path == "" && !slices.Equal(got, slices.Sorted(slices.Values(Sections()))) {
			t.Errorf("Sections says %v, the reader %v", Sections(), got)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: the reader knows %v, the schema %v", p.path, got, want)
		}
		kind := strings.Join(want, " ")
		if used[kind] == nil {
			used[kind] = map[string]bool{}
		}
		for k := range m {
			used[kind][k] = true
		}
	}
	for kind, keys := range used {
		if n := len(strings.Fields(kind)); n != len(keys) {
			t.Errorf("testdata/full.yaml uses %d of the %d keys %s", len(keys), n, kind)
		}
	}
	if len(used) < 25 {
		t.Errorf("only %d kinds of mappings were found", len(used))
	}
}

// TestSchemaIsNoStricter: whatever the schema underlines, the reader refuses, for wrong values in every place and for keys that are missing.
func TestSchemaIsNoStricter(t *testing.T) {
	s, doc := compiled(t), loose(t, full(t))
	var all []spot
	spots(doc, "", &all)
	wrong := []any{nil, true, 7, 99, "zzz zzz", " ", []any{}, []any{nil}, map[string]any{}, map[string]any{"zzz": 1}, "2026-13-01", "2026-02-30"}
	both, reader, tried, seen := 0, 0, 0, map[string]bool{}
	check := func(what string) {
		t.Helper()
		tried++
		invalid := s.Validate(doc)
		_, err := Parse("f.yaml", asYAML(t, doc))
		switch {
		case invalid != nil && err == nil:
			t.Errorf("%s: the reader takes what the schema refuses: %v", what, invalid)
		case invalid != nil:
			both++
		case err != nil:
			reader++
		}
	}
	for _, p := range all {
		if seen[p.path] {
			continue // one of each kind of place
		}
		seen[p.path] = true
		for _, w := range wrong {
			p.put(w)
			check(fmt.Sprintf("%s = %#v", p.path, w))
		}
		p.put(p.get)
		if p.in == nil || p.path == "/footing" {
			continue // the reader also takes a file from before it had a version
		}
		delete(p.in, p.name)
		_, err := Parse("f.yaml", asYAML(t, doc))
		if err != nil && strings.Contains(err.Error(), " needs ") && !strings.Contains(err.Error(), "needs cannot be") && s.Validate(doc) == nil {
			t.Errorf("%s is missing: the schema takes it, and the reader says %v", p.path, err)
		}
		check(p.path + " is missing")
		p.put(p.get)
	}
	if _, err := Parse("f.yaml", asYAML(t, doc)); err != nil || s.Validate(doc) != nil {
		t.Fatalf("the document was not put together again: %v", err)
	}
	if tried < 1200 || both < 900 || reader == 0 {
		t.Errorf("%d tried, %d refused by both, %d by the reader alone", tried, both, reader)
	}
}
