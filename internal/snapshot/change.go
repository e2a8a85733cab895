package snapshot

import (
	"bytes"
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"strings"
)

// Change is a template, a plan, a guardrail, a mitigation or a what-if: one shape, one Apply.
type Change struct {
	Put    []Resource
	Remove []Key
}

// Apply returns a new sealed snapshot with the change laid over this one. The receiver is not touched;
// resources that the change does not name are shared.
func (s *Snapshot) Apply(c Change) *Snapshot {
	out := *s
	out.ID = ""
	gone := make(map[Key]bool, len(c.Remove)+len(c.Put))
	for _, k := range c.Remove {
		gone[k] = true
	}
	for _, r := range c.Put {
		gone[r.Key] = true
	}
	out.Resources = make([]Resource, 0, len(s.Resources)+len(c.Put))
	for _, r := range s.Resources {
		if !gone[r.Key] {
			out.Resources = append(out.Resources, r)
		}
	}
	out.Resources = append(out.Resources, c.Put...)
	out.Coverage = slices.Clone(s.Coverage)
	out.Observations = slices.Clone(s.Observations)
	out.Regions = slices.Clone(s.Regions)
	out.Seal()
	return &out
}

// Changed is one resource that differs, with the top-level parts that do: property names, "Policy", "Tags", "Unknown".
type Changed struct {
	Key        Key      `json:"arn"`
	Properties []string `json:"properties"`
}

// Diff tells two snapshots apart. A resource is gone only where the later snapshot looked: otherwise it is unseen.
type Diff struct {
	Added   []Key     `json:"added"`
	Gone    []Key     `json:"gone"`
	Changed []Changed `json:"changed"`
	Unseen  []Key     `json:"unseen"` // there before, and now the call that lists it was not ok
}

// Empty tells that nothing differs.
func (d Diff) Empty() bool {
	return len(d.Added)+len(d.Gone)+len(d.Changed)+len(d.Unseen) == 0
}

// Between compares two sealed snapshots, in key order. Origins do not count.
func Between(before, after *Snapshot) Diff {
	d := Diff{Added: []Key{}, Gone: []Key{}, Changed: []Changed{}, Unseen: []Key{}}
	for i := range after.Resources {
		r := &after.Resources[i]
		old, ok := before.Get(r.Key)
		if !ok {
			d.Added = append(d.Added, r.Key)
		} else if names := differs(old, r); len(names) > 0 {
			d.Changed = append(d.Changed, Changed{r.Key, names})
		}
	}
	for i := range before.Resources {
		r := &before.Resources[i]
		if _, ok := after.Get(r.Key); ok {
			continue
		}
		if after.looked(r.Type, r.Region) {
			d.Gone = append(d.Gone, r.Key)
		} else {
			d.Unseen = append(d.Unseen, r.Key)
		}
	}
	return d
}

// looked tells whether an ok call listed a type where it would be found.
func (s *Snapshot) looked(typ, region string) bool {
	ok := false
	for _, c := range s.Coverage {
		if slices.Contains(c.Types, typ) && (c.Region == "" || region == "" || c.Region == region) {
			if c.Gap() {
				return false
			}
			ok = true
		}
	}
	return ok
}

func differs(a, b *Resource) []string {
	var names []string
	for p := range union(a.Properties, b.Properties) {
		if !same(a.Properties[p], b.Properties[p]) {
			names = append(names, p)
		}
	}
	slices.Sort(names)
	if !bytes.Equal(a.Policy, b.Policy) {
		names = append(names, "Policy")
	}
	if !maps.Equal(a.Tags, b.Tags) {
		names = append(names, "Tags")
	}
	if !slices.Equal(a.Unknown, b.Unknown) {
		names = append(names, "Unknown")
	}
	if a.Type != b.Type || a.Name != b.Name || !strings.EqualFold(a.Region, b.Region) {
		names = append(names, "Name")
	}
	return names
}

// union yields the keys of both, each once.
func union(a, b map[string]any) iter.Seq[string] {
	return func(yield func(string) bool) {
		for k := range a {
			if !yield(k) {
				return
			}
		}
		for k := range b {
			if _, ok := a[k]; !ok && !yield(k) {
				return
			}
		}
	}
}

// same compares by canonical JSON, so that 1 read from a file equals 1 read from the network.
// What decoding gives is compared directly: a diff of a large account is mostly equal values.
func same(a, b any) bool {
	switch x := a.(type) {
	case nil:
		return b == nil
	case string:
		if y, ok := b.(string); ok {
			return x == y
		}
	case bool:
		if y, ok := b.(bool); ok {
			return x == y
		}
	case json.RawMessage:
		if y, ok := b.(json.RawMessage); ok && bytes.Equal(x, y) {
			return true
		}
	case json.Number:
		if y, ok := b.(json.Number); ok {
			return x == y
		}
	case []any:
		if y, ok := b.([]any); ok {
			return slices.EqualFunc(x, y, same)
		}
	case map[string]any:
		if y, ok := b.(map[string]any); ok {
			return maps.EqualFunc(x, y, same)
		}
	}
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}
