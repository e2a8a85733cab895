package threatmodel

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Selector is one word of `list`: type:bucket, tag:team=web, region:eu-*, or free text. A leading "-" negates it.
type Selector struct {
	field  string // "" is free text
	key    string // of a tag
	want   string // lower case
	bare   bool   // a tag whose value does not matter
	negate bool
}

// Facts is what selectors may ask of a resource that stands in no single property of it.
type Facts struct {
	Unit, Owner, Class, Managed string
	Near                        []string // names and ARNs of what it is related to
}

// SelectorFields are the words before the colon.
func SelectorFields() []string {
	return []string{"account", "arn", "class", "managed", "name", "near", "owner", "region", "tag", "type", "unit"}
}

// ParseSelectors reads the words of a command line; a resource must match every one of them.
func ParseSelectors(words []string) ([]Selector, error) {
	var out []Selector
	for _, w := range words {
		s, err := parseSelector(w)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func parseSelector(word string) (Selector, error) {
	var s Selector
	text := word
	if rest, ok := strings.CutPrefix(text, "-"); ok {
		s.negate, text = true, rest
	}
	if strings.TrimSpace(text) == "" {
		return s, fault.Input("name what to look for: a word, type:bucket, tag:team=web, region:eu-west-1", "the selector %q says nothing", word)
	}
	field, value, ok := strings.Cut(text, ":")
	if !ok || field == "arn" && strings.HasPrefix(value, "aws") {
		// A pasted ARN begins with "arn:" too: it is the ARN, not a value of the field.
		if strings.HasPrefix(text, "arn:aws") {
			s.field, s.want = "arn", strings.ToLower(text)
			return s, nil
		}
		s.want = strings.ToLower(text)
		return s, nil
	}
	if !slices.Contains(SelectorFields(), strings.ToLower(field)) {
		if strings.HasPrefix(value, ":") { // AWS::S3::Bucket
			s.field, s.want = "type", strings.ToLower(text)
			return s, nil
		}
		hint := "the fields are " + strings.Join(SelectorFields(), ", ")
		if near := Nearest(field, SelectorFields()); near != "" {
			hint = "did you mean " + near + ":" + value + "?"
		}
		return s, fault.Input(hint, "the selector %q asks for %q, which no resource has", word, field)
	}
	s.field = strings.ToLower(field)
	if value == "" {
		return s, fault.Input("for instance "+s.field+":"+example(s.field), "the selector %q has nothing after the colon", word)
	}
	if s.field == "tag" {
		key, v, has := strings.Cut(value, "=")
		s.key, s.want, s.bare = key, strings.ToLower(v), !has
		return s, nil
	}
	s.want = strings.ToLower(value)
	return s, nil
}

func example(field string) string {
	switch field {
	case "tag":
		return "team=web"
	case "type":
		return "bucket"
	case "region":
		return "eu-west-1"
	case "account":
		return "111122223333"
	case "class":
		return "restricted"
	case "managed":
		return "terraform"
	case "unit":
		return "prod"
	case "owner":
		return "*@example.com"
	case "near":
		return "web-1"
	}
	return "*orders*"
}

// Match tells whether the resource is chosen. Facts are asked for when they are needed.
func (s Selector) Match(r *snapshot.Resource, facts func() *Facts) bool {
	return s.match(r, facts) != s.negate
}

// AsksNear tells whether some selector asks for relations, which take work to find.
func AsksNear(all []Selector) bool {
	return slices.ContainsFunc(all, func(s Selector) bool { return s.field == "near" })
}

func (s Selector) match(r *snapshot.Resource, facts func() *Facts) bool {
	switch s.field {
	case "unit":
		return s.said(facts().Unit)
	case "owner":
		return s.said(facts().Owner)
	case "class":
		return s.said(facts().Class)
	case "managed":
		return s.said(facts().Managed)
	case "near":
		return slices.ContainsFunc(facts().Near, func(name string) bool { return Glob(s.want, strings.ToLower(name)) })
	case "type":
		return matchType(s.want, r.Type)
	case "tag":
		for k, v := range r.Tags {
			if Glob(strings.ToLower(s.key), strings.ToLower(k)) && (s.bare || Glob(s.want, strings.ToLower(v))) {
				return true
			}
		}
		return false
	case "region":
		region := r.Region
		if region == "" {
			region = "global"
		}
		return Glob(s.want, strings.ToLower(region))
	case "account":
		return Glob(s.want, r.Account)
	case "name":
		return Glob(s.want, strings.ToLower(r.Name))
	case "arn":
		return Glob(s.want, strings.ToLower(string(r.Key)))
	}
	return s.free(r)
}

// MatchType tells whether resources of a type could be chosen: of the fields, only type: speaks of types.
func (s Selector) MatchType(typ string) bool {
	return s.field != "type" || matchType(s.want, typ) != s.negate
}

// matchType takes the whole name (AWS::S3::Bucket), service and thing (s3::bucket) or the thing alone (bucket).
func matchType(want, typ string) bool {
	typ = strings.ToLower(typ)
	if Glob(want, typ) {
		return true
	}
	_, rest, ok := strings.Cut(typ, "::")
	if !ok {
		return false
	}
	thing := rest[strings.LastIndex(rest, ":")+1:]
	return Glob(want, rest) || Glob(want, thing)
}

// free text is looked for inside name, ARN, type and tags; with a wildcard it must be the whole of one of them.
func (s Selector) free(r *snapshot.Resource) bool {
	has := func(v string) bool {
		v = strings.ToLower(v)
		if strings.ContainsAny(s.want, "*?") {
			return Glob(s.want, v)
		}
		return strings.Contains(v, s.want)
	}
	if has(r.Name) || has(string(r.Key)) || has(r.Type) {
		return true
	}
	for k, v := range r.Tags {
		if has(k) || has(v) {
			return true
		}
	}
	return false
}

// said compares what is stated; "none" finds what nobody stated.
func (s Selector) said(have string) bool {
	return Glob(s.want, strings.ToLower(have)) && have != "" || s.want == "none" && have == ""
}

// All tells whether a resource matches every selector.
func All(sel []Selector, r *snapshot.Resource, facts func() *Facts) bool {
	for _, s := range sel {
		if !s.Match(r, facts) {
			return false
		}
	}
	return true
}
