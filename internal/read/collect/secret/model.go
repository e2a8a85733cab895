package secret

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/read/shape"
)

type object = map[string]any

// Model reads a resource as CloudFormation describes it, a JSON object, and keeps what is no secret and does not change by itself.
// Values that look like a secret are left out and told under SecretLooking, with the way to them and a digest.
func Model(text string) (properties object, tags map[string]string, err error) {
	var all object
	if err := shape.Decode([]byte(text), &all); err != nil {
		return nil, nil, fmt.Errorf("a model that %w", err)
	}
	if deeper(all, deepest) {
		return nil, nil, fmt.Errorf("a model of more than %d levels", deepest)
	}
	for _, name := range []string{"Tags", "TagList"} {
		if t, ok := modelTags(all[name]); ok {
			tags = t
			delete(all, name)
		}
	}
	var w washing
	properties = w.object("", all)
	if len(w.looking) > 0 {
		properties["SecretLooking"] = inOrder(w.looking)
	}
	return properties, tags, nil
}

// deepest is twice what any schema has. Lists are put in order level by level, which costs the square of the depth.
const deepest = 64

func deeper(v any, than int) bool {
	if than == 0 {
		return true
	}
	switch v := v.(type) {
	case object:
		for _, x := range v {
			if deeper(x, than-1) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, func(x any) bool { return deeper(x, than-1) })
	}
	return false
}

// modelTags are tags in the two forms that schemas have.
func modelTags(v any) (map[string]string, bool) {
	out := map[string]string{}
	switch v := v.(type) {
	case object:
		for k, x := range v {
			s, ok := x.(string)
			if !ok {
				return nil, false
			}
			out[k] = s
		}
	case []any:
		for _, x := range v {
			m, _ := x.(object)
			key, ok := m["Key"].(string)
			value, _ := m["Value"].(string)
			if !ok {
				return nil, false
			}
			out[key] = value
		}
	default:
		return nil, false
	}
	if len(out) == 0 {
		return nil, true
	}
	return out, true
}

// washing goes through a model.
type washing struct{ looking []any }

var (
	// What holds text or code of somebody's, in which anything may stand.
	freeText = []string{"UserData", "Content", "Body", "Data", "Script", "BuildSpec", "TemplateBody", "Template", "ZipFile", "ZipFileContent",
		"TextContent", "InlineCode", "PipelineConfigurationBody", "ExtraConnectionAttributes", "ConnectionString", "DefaultValue"}
	// Variables: their names are kept, never a value.
	variables = []string{"Environment", "EnvironmentVariables", "Variables", "StageVariables", "PropertyMap", "AirflowConfigurationOptions",
		"ConnectorConfiguration", "DefaultArguments", "Parameters", "ConnectionProperties"}
	// What names a value that stands beside it.
	naming = []string{"Name", "Key", "OptionName", "ParameterName", "ParameterKey"}
	// What AWS changes by itself.
	moving = regexp.MustCompile(`^Last[A-Z]\w*(Time|Timestamp|At|Date|On)$|(Updated|Modified|Update|Modification)(Time|Timestamp|At|Date|DateTime|On)$|SizeInBytes$|ItemCount$`)

	hump     = regexp.MustCompile(`([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])`)
	pointing = regexp.MustCompile(`^(arn:aws[\w-]*:|alias/|\{\{resolve:)`)
	keyName  = regexp.MustCompile(`(?i)(encryption|kms)_?key$`) // a key of KMS, which is named by its id
)

func (w *washing) object(path string, in object) object {
	out := object{}
	named := w.pair(path, in)
	for _, k := range slices.Sorted(maps.Keys(in)) {
		v := in[k]
		text, isText := v.(string)
		switch {
		case v == nil, moving.MatchString(k), isText && slices.Contains(freeText, k), isText && slices.Contains(variables, k):
		case named && (k == "Value" || k == "ParameterValue"):
		case slices.Contains(variables, k) && w.names(path, k, v, out):
		default:
			if x := w.value(path+k, k, v, isText, text); x != nil {
				out[k] = x
			}
		}
	}
	return out
}

func (w *washing) value(path, name string, v any, isText bool, text string) any {
	if isText {
		if secretive(name, text) {
			w.look(path, text)
			return nil
		}
		if doc := policyIn(text); doc != nil {
			return doc
		}
		return text
	}
	switch v := v.(type) {
	case object:
		if doc := policyIn(v); doc != nil {
			return doc
		}
		return w.object(path+".", v)
	case []any:
		kept := []any{}
		for _, x := range v {
			text, isText := x.(string)
			if y := w.value(path, name, x, isText, text); y != nil {
				kept = append(kept, y)
			}
		}
		// AWS may tell a set in another order the next time, and the model does not say which lists are sets.
		return inOrder(kept)
	}
	return v
}

// policyIn is a policy document, in the form that snapshots have; nil if it is none.
func policyIn(v any) any {
	var doc object
	if text, ok := v.(string); ok {
		if !strings.Contains(text, `"Statement"`) || shape.Decode([]byte(text), &doc) != nil {
			return nil
		}
	} else if doc, ok = v.(object); !ok {
		return nil
	}
	if doc["Statement"] == nil {
		return nil
	}
	raw, err := json.Marshal(doc)
	if out, ok := shape.PolicyDocument(raw); ok && err == nil {
		return out
	}
	return nil
}

// pair tells that an object is a name and a value that is not kept.
func (w *washing) pair(path string, in object) bool {
	for _, n := range naming {
		name, ok := in[n].(string)
		if !ok {
			continue
		}
		for _, v := range []string{"Value", "ParameterValue"} {
			value, ok := in[v].(string)
			if !ok {
				continue
			}
			inEnvironment := in["Namespace"] == "aws:elasticbeanstalk:application:environment"
			if looks := secretive(name, value); looks || inEnvironment {
				if looks {
					w.look(path+name, value)
				}
				return true
			}
		}
	}
	return false
}

// names keeps the names of variables; false when it is nothing of that kind, and has to be looked into.
func (w *washing) names(path, k string, v any, out object) bool {
	values, ok := v.(object)
	if l, isList := v.([]any); isList {
		values, ok = object{}, true
		for _, x := range l {
			m, _ := x.(object)
			name := ""
			for _, n := range naming {
				if s, is := m[n].(string); is && name == "" {
					name = s
				}
			}
			if name == "" {
				return false
			}
			values[name] = m["Value"]
		}
	}
	for _, x := range values {
		switch x.(type) {
		case object, []any:
			return false // something of its own, with variables in it perhaps
		}
	}
	if !ok {
		return false
	}
	if k == "EnvironmentVariables" {
		k = "Environment"
	}
	var kept []any
	for _, name := range slices.Sorted(maps.Keys(values)) {
		kept = append(kept, name)
		if text, is := values[name].(string); is && (secretive(name, text) || Looking(name, text)) {
			w.look(path+k+"."+name, text)
		}
	}
	if len(kept) > 0 {
		out[k+"Names"] = kept
	}
	return true
}

func (w *washing) look(path, text string) {
	w.looking = append(w.looking, object{"Name": path, "Digest": Digest(text)})
}

// inOrder sorts a list of anything by its JSON.
func inOrder(in []any) []any {
	type entry struct {
		key string
		v   any
	}
	entries := make([]entry, 0, len(in))
	for _, v := range in {
		if b, err := json.Marshal(v); err == nil { // what came from JSON always encodes
			entries = append(entries, entry{string(b), v})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	out := make([]any, len(entries))
	for i, e := range entries {
		out[i] = e.v
	}
	return out
}

// secretive is Looking for the names of properties, which are written in humps. It is stricter: who calls a property Password does
// not give it a harmless value.
func secretive(name, text string) bool {
	snake := hump.ReplaceAllString(name, "${1}${3}_${2}${4}")
	if secretValue.MatchString(text) {
		return true
	}
	if name == "HttpTokens" || text == "" || pointing.MatchString(text) || keyName.MatchString(snake) {
		return false // the first says whether tokens are required
	}
	for _, n := range []string{snake, strings.TrimSuffix(snake, "s")} {
		if secretName.MatchString(n) && !notSecretName.MatchString(n) {
			return true
		}
	}
	return false
}
