package decide

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// objectPattern is a Resource element taken apart: which buckets it may mean, and which keys.
type objectPattern struct {
	bucket string // pattern of the bucket's name
	key    string // pattern of the key, with its policy variables
}

// anyKey is a key that no policy names on purpose: what is true of it is true of "any other object".
const anyKey = "any-object-0f007"

// objectPatterns lists the object patterns of policies, without those that mean every object.
func objectPatterns(lists ...[]*iam.Policy) []objectPattern {
	var out []objectPattern
	for _, list := range lists {
		for _, p := range list {
			for i := range p.Statements {
				st := &p.Statements[i]
				for _, r := range slices.Concat(st.Resources, st.NotResources) {
					if o, ok := parseObject(r); ok && !slices.Contains(out, o) {
						out = append(out, o)
					}
				}
			}
		}
	}
	return out
}

func parseObject(pattern string) (objectPattern, bool) {
	_, rest, ok := strings.Cut(pattern, ":::")
	if !ok {
		return objectPattern{}, false
	}
	bucket, key, ok := strings.Cut(rest, "/")
	return objectPattern{bucket, key}, ok && key != "*" && key != ""
}

// examples turns patterns into keys that they match. Wildcards become letters that nobody writes in a policy, so that an example
// matches a pattern only through that pattern's own wildcards. A key with the beginning of one and the end of another matches both:
// who may read raw/* of a bucket that keeps all but *.csv from him reads raw/*.csv.
func examples(patterns []string) []string {
	out := []string{anyKey}
	add := func(key string) {
		if key = strings.ReplaceAll(strings.ReplaceAll(key, "*", anyKey), "?", "0"); !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	for _, p := range patterns {
		add(p)
	}
	for _, p := range patterns {
		from := strings.Index(p, "*")
		for _, o := range patterns {
			if to := strings.LastIndex(o, "*"); o != p && from > 0 && to >= 0 && to < len(o)-1 {
				add(p[:from] + "*" + o[to+1:])
			}
		}
	}
	return out
}

// variables are what the policy variables of an object pattern may stand for when a principal asks.
func (t *Table) variables(q Query) map[string][]string {
	out := map[string][]string{}
	if a, ok := iam.SplitARN(q.Principal); ok {
		out["aws:PrincipalAccount"] = []string{a.Account}
		if name, isUser := strings.CutPrefix(a.Resource, "user/"); isUser {
			out["aws:username"] = []string{name[strings.LastIndexByte(name, '/')+1:]}
		}
	}
	if r := t.resources[q.On]; r != nil && r.account != "" {
		out["aws:ResourceAccount"] = []string{r.account}
	}
	if p := t.principals[snapshot.Key(q.Principal)]; p != nil {
		out = merge(out, p.context)
	}
	return merge(out, q.Context)
}

// expand puts known values in the place of policy variables, and a wildcard in the place of one that may have any value.
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
		case name == "$":
			b.WriteString(name)
		case name == "*" || name == "?":
			return "", false // the letter itself; as a wildcard the example would mean more
		case v != "":
			b.WriteString(v)
		case hasDefault:
			b.WriteString(strings.Trim(strings.TrimSpace(fallback), "'"))
		default:
			b.WriteString("*")
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
	var own []objectPattern
	if p := t.principals[snapshot.Key(q.Principal)]; p != nil {
		own = p.keyPatterns
	}
	var best iam.Decision
	at := ""
	for i, k := range t.exampleKeys(q, own) {
		q.Resource = string(q.On) + "/" + k
		d := t.Explain(q)
		if i == 0 || rank(d.Outcome, saw(d)) > rank(best.Outcome, saw(best)) {
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

// exampleKeys lists keys of the query's bucket, one for each way in which the caller's patterns and the bucket's own may tell objects
// apart. The first is one that nobody names.
func (t *Table) exampleKeys(q Query, own []objectPattern) []string {
	bucket := strings.TrimPrefix(string(q.On), bucketPrefix(string(q.On)))
	var patterns []string
	var known map[string][]string
	add := func(list []objectPattern) {
		for _, o := range list {
			if o.bucket != bucket && !iam.Match(o.bucket, bucket) {
				continue
			}
			key := o.key
			if strings.Contains(key, "${") {
				if known == nil {
					known = t.variables(q)
				}
				var ok bool
				if key, ok = expand(key, known); !ok {
					continue
				}
			}
			if !slices.Contains(patterns, key) {
				patterns = append(patterns, key)
			}
		}
	}
	add(own)
	if r := t.resources[q.On]; r != nil {
		add(r.keyPatterns)
	}
	return examples(patterns)
}

func bucketPrefix(arn string) string {
	i := strings.Index(arn, ":::")
	if i < 0 {
		return ""
	}
	return arn[:i+3]
}

// rank orders outcomes by how much access they may mean: what is unknown is more than what is denied, and more still when it is not
// denied on what was read.
func rank(o iam.Outcome, seen bool) int {
	switch o {
	case iam.Allow:
		return 4
	case iam.Conditional:
		return 3
	case iam.Unknown:
		if seen {
			return 2
		}
		return 1
	}
	return 0
}

// saw tells whether a decision is not denied on what was read alone.
func saw(d iam.Decision) bool { return d.Seen == iam.Allow || d.Seen == iam.Conditional }
