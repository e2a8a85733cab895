package snapshot

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

// documents are the properties that hold policy documents, whatever the type. Policies is a list of objects with a PolicyDocument.
var documents = []string{"AssumeRolePolicyDocument", "PolicyDocument", "KeyPolicy", "RepositoryPolicyText", "Content"}

const (
	inlinePolicies = "Policies"
	inlineDocument = "PolicyDocument"
)

// errCase: encoding/json takes a name in any case, and this decoder only in one.
var errCase = errors.New("a name in another case")

// Properties reads an object of properties. Policy documents in it that are objects become canonical JSON.
func (d *Decoder) Properties() (map[string]any, error) {
	m := map[string]any{}
	return m, d.Object(func(name string) (err error) {
		switch kind := d.text.PeekKind(); {
		case kind == '{' && slices.Contains(documents, name):
			m[name], err = d.Document()
		case kind == '[' && name == inlinePolicies:
			m[name], err = d.policies()
		default:
			m[name], err = d.Value()
		}
		return err
	})
}

// policies reads a list of inline policies.
func (d *Decoder) policies() ([]any, error) {
	l := []any{}
	return l, d.List(func() error {
		if d.text.PeekKind() != '{' {
			v, err := d.Value()
			l = append(l, v)
			return err
		}
		p := map[string]any{}
		l = append(l, p)
		return d.Object(func(name string) (err error) {
			if name == inlineDocument && d.text.PeekKind() == '{' {
				p[name], err = d.Document()
			} else {
				p[name], err = d.Value()
			}
			return err
		})
	})
}

// KeepDocuments does to properties that were decoded otherwise what Properties does.
func KeepDocuments(properties map[string]any) {
	for _, name := range documents {
		keepDocument(properties, name)
	}
	inline, _ := properties[inlinePolicies].([]any)
	for _, p := range inline {
		if m, ok := p.(map[string]any); ok {
			keepDocument(m, inlineDocument)
		}
	}
}

func keepDocument(in map[string]any, name string) {
	if m, ok := in[name].(map[string]any); ok {
		if doc, err := marshal(m); err == nil {
			in[name] = doc
		}
	}
}

// Resource reads what EncodeResource wrote. Numbers stay as written, policy documents are canonical.
func (d *Decoder) Resource(doc []byte) (Resource, error) {
	d.Reset(doc)
	var r Resource
	err := d.resource(&r)
	if err == nil {
		err = d.End()
	}
	if err == nil {
		return r, nil
	}
	r = Resource{}
	if err := decodeStrictly(doc, &r); err != nil {
		return Resource{}, err
	}
	KeepDocuments(r.Properties)
	if r.Policy != nil {
		r.Policy = Canonical(r.Policy)
	}
	return r, nil
}

func (d *Decoder) resource(r *Resource) error {
	return d.Object(func(name string) (err error) {
		switch name {
		case "key":
			var key string
			key, err = d.String()
			r.Key = Key(key)
		case "type":
			r.Type, err = d.Word()
		case "account":
			r.Account, err = d.Word()
		case "region":
			r.Region, err = d.Word()
		case "name":
			r.Name, err = d.String()
		case "tags":
			r.Tags, err = d.Tags()
		case "properties":
			r.Properties, err = d.Properties()
		case "policy":
			r.Policy, err = d.Document()
		case "unknown":
			r.Unknown = []string{}
			err = d.List(func() error {
				u, err := d.Word()
				r.Unknown = append(r.Unknown, u)
				return err
			})
		case "origin":
			err = d.origin(&r.Origin)
		default:
			err = d.Other(name, "key", "type", "account", "region", "name", "tags", "properties", "policy", "unknown", "origin")
		}
		return err
	})
}

func (d *Decoder) origin(o *Origin) error {
	return d.Object(func(name string) (err error) {
		switch name {
		case "call":
			o.Call, err = d.Word()
		case "file":
			o.File, err = d.Word()
		case "line":
			err = d.Into(&o.Line)
		case "address":
			o.Address, err = d.Word()
		case "stack":
			o.Stack, err = d.Word()
		default:
			err = d.Other(name, "call", "file", "line", "address", "stack")
		}
		return err
	})
}

// Other passes over the value of a name that means nothing, unless it is one of those that mean something, in another case.
func (d *Decoder) Other(name string, known ...string) error {
	for _, k := range known {
		if strings.EqualFold(k, name) {
			return errCase
		}
	}
	return d.Skip()
}

// inside is a value that a path can go on in: a policy document is looked into.
func inside(v any) (map[string]any, bool) {
	switch m := v.(type) {
	case map[string]any:
		return m, true
	case json.RawMessage:
		d := NewDecoder()
		d.Reset(m)
		v, err := d.Value()
		if err != nil {
			return nil, false
		}
		object, ok := v.(map[string]any)
		return object, ok
	}
	return nil, false
}
