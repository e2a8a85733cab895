package files

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/footing-dev/footing/internal/read/shape"
	"github.com/footing-dev/footing/internal/snapshot"
)

func isNull(b json.RawMessage) bool { return string(b) == "null" }

// policyProperty is where a type carries its resource-based policy; "" for Resource.Policy.
func policyProperty(typ string) string {
	switch typ {
	case "AWS::IAM::Role":
		return "AssumeRolePolicyDocument"
	case "AWS::KMS::Key":
		return "KeyPolicy"
	case "AWS::ECR::Repository":
		return "RepositoryPolicyText"
	}
	return ""
}

// policy puts the policy of an entry, canonical JSON, where its type carries it.
func policy(r *snapshot.Resource, raw json.RawMessage) error {
	name := policyProperty(r.Type)
	path := name
	if name == "" {
		path = "Policy"
	}
	if isNull(raw) {
		r.Unknown = append(r.Unknown, path)
		return nil
	}
	if raw[0] == '{' && name == "" {
		r.Policy = raw
		return nil
	}
	doc, ok := any(raw), true
	if raw[0] != '{' {
		doc, ok = shape.PolicyDocument(raw)
	}
	if _, text := doc.(string); !ok && !text {
		return errors.New("its policy is neither an object nor a string")
	}
	if !ok { // kept as it is, and not judged
		r.Unknown = append(r.Unknown, path)
	}
	if name != "" {
		if old, ok := r.Properties[name]; ok && !reflect.DeepEqual(old, doc) {
			return fmt.Errorf("its policy and its %s differ", name)
		}
		set(r, name, doc)
		return nil
	}
	b, err := json.Marshal(doc)
	r.Policy = snapshot.Canonical(b)
	return err
}

func set(r *snapshot.Resource, name string, value any) {
	if r.Properties == nil {
		r.Properties = map[string]any{}
	}
	r.Properties[name] = value
}

// documents turns policy documents among the properties that are strings into objects.
func documents(r *snapshot.Resource) {
	for _, name := range []string{"AssumeRolePolicyDocument", "KeyPolicy", "RepositoryPolicyText", "PolicyDocument", "Content"} {
		if text, ok := r.Properties[name].(string); ok {
			parse(r, r.Properties, name, name, text)
		}
	}
	inline, _ := r.Properties["Policies"].([]any)
	for i, p := range inline {
		m, _ := p.(map[string]any)
		if text, ok := m["PolicyDocument"].(string); ok {
			parse(r, m, "PolicyDocument", fmt.Sprintf("Policies.%d.PolicyDocument", i), text)
		}
	}
}

func parse(r *snapshot.Resource, in map[string]any, name, path, text string) {
	quoted, err := json.Marshal(text)
	if err != nil {
		return
	}
	doc, ok := shape.PolicyDocument(quoted)
	if !ok {
		r.Unknown = append(r.Unknown, path)
	}
	in[name] = doc
}
