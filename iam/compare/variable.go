package compare

import (
	"strings"

	"github.com/footing-dev/footing/iam"
)

// template is a text of a policy in which variables are not filled in yet.
type template struct {
	head  []token // what stands before the place where variables may stand
	parts []part
}

type part struct {
	tokens   []token
	key      string // of a variable, lower case; then tokens are empty
	fallback string
	defaults bool
}

// state says of a variable's key how often it occurs in the request.
type state uint8

const (
	missing state = iota
	single
	several
)

// filling says what the variables are.
type filling map[string]filled

type filled struct {
	state state
	known bool   // single: the value is
	value string // single and known
	id    rune   // single and not known
}

// readTemplate cuts a text at its variables, as the evaluator does. It is nil when there are none.
//
// "IAM policy elements: Variables and tags",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func readTemplate(s string, resource bool, read func(string) []token) *template {
	if !strings.Contains(s, "${") {
		return nil
	}
	t := &template{}
	tail := s
	if resource { // variables may stand in the last part of an ARN only
		at, n := 0, 0
		for ; n < 5; n++ {
			i := strings.IndexByte(s[at:], ':')
			if i < 0 {
				break
			}
			at += i + 1
		}
		if n == 5 {
			t.head, tail = read(s[:at]), s[at:]
		}
	}
	for {
		i := strings.Index(tail, "${")
		if i < 0 {
			break
		}
		n := strings.IndexByte(tail[i:], '}')
		if n < 0 {
			break
		}
		key, fallback, defaults := strings.Cut(tail[i+2:i+n], ",")
		if defaults {
			fallback = strings.TrimSpace(fallback)
			if strings.HasPrefix(fallback, "'") {
				if end := strings.Index(tail[i:], "'}"); end >= n-1 {
					n = end + 1
					_, fallback, _ = strings.Cut(tail[i+2:i+n], ",")
					fallback = strings.TrimSpace(fallback)
				}
				fallback = strings.TrimSuffix(strings.TrimPrefix(fallback, "'"), "'")
			}
		}
		t.add(read(tail[:i]))
		tail = tail[i+n+1:]
		switch key = strings.TrimSpace(key); key {
		case "*", "?", "$":
			t.add(literal(key, fixed))
		default:
			t.parts = append(t.parts, part{key: strings.ToLower(key), fallback: fallback, defaults: defaults})
		}
	}
	t.add(read(tail))
	return t
}

func (t *template) add(tokens []token) {
	if len(tokens) > 0 {
		t.parts = append(t.parts, part{tokens: tokens})
	}
}

// keys are the variables of a template.
func (t *template) keys() []string {
	var out []string
	for _, p := range t.parts {
		if p.key != "" {
			out = append(out, p.key)
		}
	}
	return out
}

// fill puts the values in. It is void when a variable has no value.
func (t *template) fill(f filling) (tokens []token, void bool) {
	out := append([]token(nil), t.head...)
	for _, p := range t.parts {
		if p.key == "" {
			out = append(out, p.tokens...)
			continue
		}
		if iam.MultiValued(p.key) {
			return nil, true
		}
		switch v := f[p.key]; {
		case v.state == single && v.known:
			out = append(out, literal(v.value, fixed)...)
		case v.state == single:
			out = append(out, token{kind: filler, r: v.id})
		case v.state == missing && p.defaults:
			out = append(out, literal(p.fallback, fixed)...)
		default:
			return nil, true
		}
	}
	return out, false
}
