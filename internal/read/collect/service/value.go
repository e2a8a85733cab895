package service

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/read/shape"
	"github.com/footing-dev/footing/internal/snapshot"
)

type object = map[string]any

// set puts a value that is there; a nil pointer is a property that is not set.
func set[T string | bool | int32 | int64 | float64](m object, name string, v *T) {
	if v != nil {
		m[name] = *v
	}
}

// text puts a string (or enumeration) unless it is empty.
func text[T ~string](m object, name string, v T) {
	if v != "" {
		m[name] = string(v)
	}
}

// many puts a list unless it is empty.
func many(m object, name string, l []any) {
	if len(l) > 0 {
		m[name] = l
	}
}

// each turns a list of the SDK into a list of the snapshot, in the order given.
func each[T any](in []T, f func(T) any) []any {
	out := make([]any, 0, len(in))
	for _, v := range in {
		out = append(out, f(v))
	}
	return out
}

// sorted is each for a list whose order means nothing and may change from one answer to the next.
func sorted[T any](in []T, f func(T) any) []any {
	type entry struct {
		key string
		v   any
	}
	entries := make([]entry, 0, len(in))
	for _, v := range in {
		x := f(v)
		b, err := json.Marshal(x)
		if err != nil {
			continue // strings, numbers and maps of them always encode
		}
		entries = append(entries, entry{string(b), x})
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	out := make([]any, len(entries))
	for i, e := range entries {
		out[i] = e.v
	}
	return out
}

// same is for lists of strings.
func same[T ~string](v T) any { return string(v) }

// tagsOf turns tags of any service into a map; nil when there are none.
func tagsOf[T any](in []T, pair func(T) (key, value *string)) map[string]string {
	if len(in) == 0 {
		return nil
	}
	out := make(map[string]string, len(in))
	for _, t := range in {
		if k, v := pair(t); k != nil {
			out[*k] = deref(v)
		}
	}
	return out
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// setPolicy gives a resource the policy that a service told as a string. The property is "Policy" for the policy beside the
// properties. What is no policy document makes it unknown: something is there that we do not understand.
func setPolicy(r *snapshot.Resource, property string, said *string) {
	if said == nil || strings.TrimSpace(*said) == "" {
		return
	}
	quoted, err := json.Marshal(*said)
	doc, ok := shape.PolicyDocument(quoted)
	switch {
	case err != nil || !ok:
		r.Unknown = append(r.Unknown, property)
	case property == "Policy":
		r.Policy = snapshot.Canonical(snapshot.AsDocument(doc))
	default:
		r.Properties[property] = doc
	}
}

func snapshotKey(arn *string) snapshot.Key { return snapshot.Key(deref(arn)) }

func afterLast(s string, c byte) string { return s[strings.LastIndexByte(s, c)+1:] }

// keyValues is a map as CloudFormation writes most of them.
func keyValues(in map[string]string) []any {
	return each(slices.Sorted(maps.Keys(in)), func(k string) any { return object{"Key": k, "Value": in[k]} })
}

// structured puts a JSON document that a service tells as a string, as CloudFormation has it.
func structured(m object, name string, said *string) {
	var v any
	if said != nil && json.Unmarshal([]byte(*said), &v) == nil {
		m[name] = v
	}
}
