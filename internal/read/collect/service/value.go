package service

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

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

// document is a policy that a service gives as a string: canonical JSON, nil when there is none.
func document(s *string) json.RawMessage {
	if s == nil || *s == "" {
		return nil
	}
	return snapshot.Canonical(json.RawMessage(*s))
}

// decoded is a policy document as a property value: an object, or the string itself if it is not JSON.
func decoded(s *string) any {
	doc := document(s)
	if doc == nil {
		return nil
	}
	var v any
	if err := json.Unmarshal(doc, &v); err != nil {
		return *s
	}
	return v
}

func snapshotKey(arn *string) snapshot.Key { return snapshot.Key(deref(arn)) }

func afterLast(s string, c byte) string { return s[strings.LastIndexByte(s, c)+1:] }
