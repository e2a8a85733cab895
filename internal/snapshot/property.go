package snapshot

import (
	"encoding/json"
	"slices"
	"strings"
)

// Properties in Resource.Unknown says that not all properties were read: what is not there is unknown, not absent.
const Properties = "Properties"

// IsUnknown tells whether a dotted property path ("Policy", "PublicAccessBlockConfiguration.BlockPublicPolicy"),
// or something that contains it, could not be read.
func (r *Resource) IsUnknown(path string) bool {
	for _, u := range r.Unknown {
		if u == path || strings.HasPrefix(path, u+".") {
			return true
		}
		if top, _, _ := strings.Cut(path, "."); u == Properties && path != "Policy" && path != "Tags" && r.Properties[top] == nil {
			return true
		}
	}
	return false
}

// Property follows a dotted path through maps. The value is nil unless the state is Known.
func (r *Resource) Property(path string) (any, State) {
	if r.IsUnknown(path) {
		return nil, Unknown
	}
	var v any = r.Properties
	for part := range strings.SplitSeq(path, ".") {
		m, ok := inside(v)
		if !ok {
			return nil, Absent
		}
		if v, ok = m[part]; !ok || v == nil {
			return nil, Absent
		}
	}
	return v, Known
}

// Text is a string property; "" when it is not known or not a string.
func (r *Resource) Text(path string) string {
	v, _ := r.Property(path)
	s, _ := v.(string)
	return s
}

// Flag is a boolean property ("true" counts too: CloudFormation accepts both).
func (r *Resource) Flag(path string) (bool, State) {
	v, st := r.Property(path)
	switch b := v.(type) {
	case bool:
		return b, st
	case string:
		return strings.EqualFold(b, "true"), st
	}
	return false, st
}

// Number is a numeric property.
func (r *Resource) Number(path string) (float64, State) {
	v, st := r.Property(path)
	switch n := v.(type) {
	case json.Number:
		f, err := n.Float64()
		if err != nil {
			return 0, Absent
		}
		return f, st
	case float64:
		return n, st
	case int:
		return float64(n), st
	case int32:
		return float64(n), st
	case int64:
		return float64(n), st
	}
	if st == Known {
		return 0, Absent
	}
	return 0, st
}

// List is a property that is a list of anything; a single value counts as a list of one.
func (r *Resource) List(path string) ([]any, State) {
	v, st := r.Property(path)
	if st != Known {
		return nil, st
	}
	switch l := v.(type) {
	case []any:
		return l, st
	case []string:
		out := make([]any, len(l))
		for i, s := range l {
			out[i] = s
		}
		return out, st
	case []map[string]any:
		out := make([]any, len(l))
		for i, m := range l {
			out[i] = m
		}
		return out, st
	}
	return []any{v}, st
}

// Strings is a property that is a list of strings; what is not a string is left out.
func (r *Resource) Strings(path string) ([]string, State) {
	l, st := r.List(path)
	var out []string
	for _, v := range l {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out, st
}

// Maps is a property that is a list of objects.
func (r *Resource) Maps(path string) ([]map[string]any, State) {
	l, st := r.List(path)
	var out []map[string]any
	for _, v := range l {
		if m, ok := v.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out, st
}

// Document is a property that holds a policy document, as JSON; the raw bytes if it is a string.
func (r *Resource) Document(path string) (json.RawMessage, State) {
	v, st := r.Property(path)
	if st != Known {
		return nil, st
	}
	return AsDocument(v), st
}

// AsDocument turns a policy document in any of its forms (object, JSON string, raw message) into JSON.
func AsDocument(v any) json.RawMessage {
	switch d := v.(type) {
	case json.RawMessage:
		return d
	case string:
		return json.RawMessage(d)
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return b
}

// ResourcePolicy is the resource-based policy: Policy, or the property of types that carry it in CloudFormation.
func (r *Resource) ResourcePolicy() (json.RawMessage, State) {
	if slices.Contains(r.Unknown, "Policy") {
		return nil, Unknown
	}
	if len(r.Policy) > 0 && string(r.Policy) != "null" {
		return r.Policy, Known
	}
	switch r.Type {
	case "AWS::IAM::Role":
		return r.Document("AssumeRolePolicyDocument")
	case "AWS::KMS::Key":
		return r.Document("KeyPolicy")
	case "AWS::ECR::Repository":
		return r.Document("RepositoryPolicyText")
	}
	return nil, Absent
}
