package threatmodel

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Bind chooses resources or principals. All given keys must match; values in a list are alternatives; * and ? are wildcards.
type Bind struct {
	ARN  Words
	Type Words
	Tag  map[string]Words
	OIDC Words // the subject claim of a federated identity: no resource has one
}

// Empty tells that nothing is given; an empty Bind matches nothing.
func (b Bind) Empty() bool {
	return len(b.ARN) == 0 && len(b.Type) == 0 && len(b.Tag) == 0 && len(b.OIDC) == 0
}

// Match tells whether a resource is chosen. Tags that could not be read match nothing.
func (b Bind) Match(r *snapshot.Resource) bool {
	if b.Empty() || len(b.OIDC) > 0 {
		return false
	}
	if len(b.ARN) > 0 && !b.ARN.match(string(r.Key)) {
		return false
	}
	if len(b.Type) > 0 && !b.Type.fold().match(strings.ToLower(r.Type)) {
		return false
	}
	for key, values := range b.Tag {
		v, ok := r.Tags[key]
		if !ok || !values.match(v) {
			return false
		}
	}
	return true
}

func (b UnitBind) match(r *snapshot.Resource, vpc string) bool {
	if len(b.VPC) > 0 && (vpc == "" || !b.VPC.match(vpc)) {
		return false
	}
	if len(b.Path) > 0 {
		path := r.Text("Path")
		if !strings.HasPrefix(r.Type, "AWS::IAM::") || !slices.ContainsFunc(b.Path, func(p string) bool { return strings.HasPrefix(path, p) || Glob(p, path) }) {
			return false
		}
	}
	if b.Bind.Empty() {
		return len(b.VPC)+len(b.Path) > 0
	}
	return b.Bind.Match(r)
}

// MatchOIDC tells whether a federated subject ("repo:acme/web:environment:prod") is chosen.
func (b Bind) MatchOIDC(subject string) bool { return len(b.OIDC) > 0 && b.OIDC.match(subject) }

// Words is one word, or a list of alternatives.
type Words []string

func (w Words) match(s string) bool {
	for _, p := range w {
		if Glob(p, s) {
			return true
		}
	}
	return false
}

func (w Words) fold() Words {
	out := make(Words, len(w))
	for i, s := range w {
		out[i] = strings.ToLower(s)
	}
	return out
}

// Glob matches a whole string: * stands for any number of bytes, ? for one. It takes time in proportion to len(pattern) × len(s).
func Glob(pattern, s string) bool {
	p, i, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
