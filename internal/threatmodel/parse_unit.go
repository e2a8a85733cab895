package threatmodel

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// units reads what of them says which resources they hold; the rest is judged elsewhere.
func (s *source) units(n ast.Node, m *Model) error {
	items, err := s.list(n, "units")
	if err != nil {
		return err
	}
	for _, item := range items {
		es, err := s.entries(item, "a unit", "name", "parent", "bind", "members", "guardrails", "images", "may_reach")
		if err != nil {
			return err
		}
		var u Unit
		for _, e := range es {
			switch e.key {
			case "name":
				u.Name, err = s.text(e.value, "name")
			case "bind":
				u.Bind, err = s.unitBinds(e.value)
			}
			if err != nil {
				return err
			}
		}
		if u.Name == "" || len(u.Bind) == 0 {
			return s.mistake(item, "for instance {name: prod, bind: [{tag: {env: prod}}]}", "a unit needs name and bind")
		}
		if slices.ContainsFunc(m.Units, func(o Unit) bool { return o.Name == u.Name }) {
			return s.mistake(item, "give each its own name", "two units are called %q", u.Name)
		}
		m.Units = append(m.Units, u)
	}
	return nil
}

func (s *source) unitBinds(n ast.Node) ([]UnitBind, error) {
	items, err := s.list(n, "the bind of a unit")
	if err != nil {
		return nil, err
	}
	var out []UnitBind
	for _, item := range items {
		es, err := s.entries(item, "a bind of a unit", "arn", "type", "tag", "vpc", "iam_path", "k8s", "ecr")
		if err != nil {
			return nil, err
		}
		var b UnitBind
		for _, e := range es {
			switch e.key {
			case "arn":
				b.ARN, err = s.words(e.value, "arn")
			case "type":
				b.Type, err = s.words(e.value, "type")
			case "tag":
				b.Tag, err = s.tags(e.value)
			case "vpc":
				b.VPC, err = s.words(e.value, "vpc")
			case "iam_path":
				b.Path, err = s.words(e.value, "iam_path")
			}
			if err != nil {
				return nil, err
			}
		}
		out = append(out, b)
	}
	return out, nil
}

func (s *source) tags(n ast.Node) (map[string]Words, error) {
	es, err := s.entries(n, "tag")
	if err != nil {
		return nil, err
	}
	out := make(map[string]Words, len(es))
	for _, t := range es {
		if out[t.key], err = s.words(t.value, "a tag"); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// views reads names for choices of resources: {buckets: "type:bucket -region:eu-*"}, or a list of selectors.
func (s *source) views(n ast.Node, m *Model) error {
	es, err := s.entries(n, "views")
	if err != nil {
		return err
	}
	for _, e := range es {
		v := View{Name: e.key}
		words, err := s.words(e.value, "a view")
		if err != nil {
			return err
		}
		if v.Selectors = words; len(words) == 1 {
			v.Selectors = strings.Fields(words[0])
		}
		_, bad := ParseSelectors(v.Selectors)
		switch {
		case len(v.Selectors) == 0:
			return s.mistake(e.at, `for instance views: {open: "type:bucket -tag:owner"}`, "the view %q is empty", e.key)
		case bad != nil:
			return s.mistake(e.value, `"footing list --help" tells the selectors`, "in the view %q: %s", e.key, bad)
		}
		m.Views = append(m.Views, v)
	}
	return nil
}
