package decide

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// objectPattern is a Resource element taken apart: which buckets it may mean, and a key that it matches.
type objectPattern struct {
	bucket string // pattern of the bucket's name
	key    string // one key that the pattern matches
}

// anyKey is a key that no policy names on purpose: what is true of it is true of "any other object".
const anyKey = "any-object-0f007"

// objectPatterns turns the object patterns of policies into example keys. Wildcards become letters that nobody writes in a policy,
// so that an example matches a pattern only through that pattern's own wildcards.
func objectPatterns(context map[string][]string, lists ...[]*iam.Policy) []objectPattern {
	var out []objectPattern
	for _, list := range lists {
		for _, p := range list {
			for i := range p.Statements {
				st := &p.Statements[i]
				for _, r := range slices.Concat(st.Resources, st.NotResources) {
					if o, ok := parseObject(r, context); ok && !slices.Contains(out, o) {
						out = append(out, o)
					}
				}
			}
		}
	}
	return out
}

func parseObject(pattern string, context map[string][]string) (objectPattern, bool) {
	_, rest, ok := strings.Cut(pattern, ":::")
	if !ok {
		return objectPattern{}, false
	}
	bucket, key, ok := strings.Cut(rest, "/")
	if !ok || key == "*" || key == "" {
		return objectPattern{}, false
	}
	key, ok = expand(key, context)
	if !ok {
		return objectPattern{}, false
	}
	key = strings.ReplaceAll(key, "*", anyKey)
	key = strings.ReplaceAll(key, "?", "0")
	return objectPattern{bucket, key}, true
}

// expand puts known values in the place of policy variables; a variable without a value cannot be an example.
func expand(s string, context map[string][]string) (string, bool) {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "${")
		b.WriteString(before)
		if !ok {
			return b.String(), true
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			return "", false
		}
		name, fallback, hasDefault := strings.Cut(name, ",")
		switch v := find(context, strings.TrimSpace(name)); {
		case name == "*" || name == "?" || name == "$":
			b.WriteString(name)
		case v != "":
			b.WriteString(v)
		case hasDefault:
			b.WriteString(strings.Trim(strings.TrimSpace(fallback), "'"))
		default:
			return "", false
		}
		s = after
	}
}

func find(context map[string][]string, key string) string {
	for k, v := range context {
		if strings.EqualFold(k, key) && len(v) == 1 {
			return v[0]
		}
	}
	return ""
}

// SomeObject decides an object action for at least one key of a bucket, and names the key that decided:
// "" when it is true of any key. The best answer of all example keys counts: for read access, one object is enough.
func (t *Table) SomeObject(q Query) (iam.Decision, string) {
	bucket := strings.TrimPrefix(string(q.On), bucketPrefix(string(q.On)))
	keys := []string{anyKey}
	add := func(list []objectPattern) {
		for _, o := range list {
			if (o.bucket == bucket || iam.Match(o.bucket, bucket)) && !slices.Contains(keys, o.key) {
				keys = append(keys, o.key)
			}
		}
	}
	if p := t.principals[snapshot.Key(q.Principal)]; p != nil {
		add(p.keyPatterns)
	}
	if r := t.resources[q.On]; r != nil {
		add(r.keyPatterns)
	}
	var best iam.Decision
	at := ""
	for i, k := range keys {
		q.Resource = string(q.On) + "/" + k
		d := t.Explain(q)
		if i == 0 || rank(d) > rank(best) {
			best, at = d, k
		}
		if best.Outcome == iam.Allow {
			break
		}
	}
	if at == anyKey {
		return best, ""
	}
	return best, strings.ReplaceAll(at, anyKey, "*")
}

func bucketPrefix(arn string) string {
	i := strings.Index(arn, ":::")
	if i < 0 {
		return ""
	}
	return arn[:i+3]
}

// rank orders outcomes by how much access they may mean: what is unknown is more than what is denied.
func rank(d iam.Decision) int {
	switch d.Outcome {
	case iam.Allow:
		return 3
	case iam.Conditional:
		return 2
	case iam.Unknown:
		return 1
	}
	return 0
}
