package iam

import (
	"fmt"
	"strings"
)

const (
	version2008 = "2008-10-17"
	version2012 = "2012-10-17"
)

// Parse reads one policy document and is as strict as AWS where the rule holds for every kind of policy: unknown or repeated
// elements, wrong types, unknown condition operators and malformed principals are errors. Rules of one kind of policy are [Validate]'s.
// The error is a *ParseError that names the first thing wrong.
//
// "Grammar of the IAM JSON policy language",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
func Parse(src []byte) (*Policy, error) {
	p, errs := ParseLenient(src)
	if len(errs) > 0 {
		return nil, errs[0]
	}
	return p, nil
}

// ParseLenient reads what it can. Statements that it does not understand are listed in Policy.Unparsed and in the errors, one error
// for each; when the document as a whole makes no sense, Unparsed is [AllUnparsed]. The policy is never nil.
func ParseLenient(src []byte) (*Policy, []*ParseError) {
	r := &reader{src: src}
	p := &Policy{Version: version2008}
	r.document(p)
	return p, r.errs
}

type reader struct {
	src  []byte
	errs []*ParseError
}

func (r *reader) fail(offset int, path, format string, args ...any) {
	r.errs = append(r.errs, errorAt(r.src, offset, path, format, args...))
}

func (r *reader) document(p *Policy) {
	root, bad := readJSON(r.src)
	if bad != nil {
		r.errs = append(r.errs, bad)
	} else if root.kind != kindObject {
		r.fail(root.offset, "", "a policy is a JSON object, not %s", root.kind)
	} else {
		r.elements(p, root)
		return
	}
	p.Unparsed = []int{AllUnparsed}
}

func (r *reader) elements(p *Policy, root *node) {
	var statements *node
	seen := map[string]bool{}
	for _, m := range root.members {
		if seen[m.name] {
			r.fail(m.offset, m.name, "%s occurs twice", m.name)
			continue
		}
		seen[m.name] = true
		switch m.name {
		case "Version":
			if m.value.kind != kindString || m.value.text != version2008 && m.value.text != version2012 {
				r.fail(m.value.offset, "Version", `Version is "2012-10-17" or "2008-10-17"`)
				continue
			}
			p.Version = m.value.text
		case "Id":
			if m.value.kind != kindString {
				r.fail(m.value.offset, "Id", "Id is a string, not %s", m.value.kind)
				continue
			}
			p.ID = m.value.text
		case "Statement":
			statements = m.value
		default:
			r.fail(m.offset, m.name, "unknown element %q", m.name)
		}
	}
	if len(r.errs) > 0 {
		p.Unparsed = []int{AllUnparsed}
		return
	}
	switch {
	case statements == nil:
		r.fail(root.offset, "Statement", "Statement is missing")
	case statements.kind == kindObject:
		r.statement(p, 0, "Statement", statements)
		return
	case statements.kind != kindList:
		r.fail(statements.offset, "Statement", "Statement is an object or a list of objects, not %s", statements.kind)
	case len(statements.items) == 0:
		r.fail(statements.offset, "Statement", "Statement is empty")
	default:
		for i, item := range statements.items {
			r.statement(p, i, fmt.Sprintf("Statement[%d]", i), item)
		}
		return
	}
	p.Unparsed = []int{AllUnparsed}
}

// statement appends one statement, or a placeholder that keeps the numbers of the others right.
func (r *reader) statement(p *Policy, i int, path string, n *node) {
	var st Statement
	if r.readStatement(&st, path, n) {
		p.Statements = append(p.Statements, st)
		return
	}
	p.Statements = append(p.Statements, Statement{Sid: st.Sid})
	p.Unparsed = append(p.Unparsed, i)
}

func (r *reader) readStatement(st *Statement, path string, n *node) bool {
	if n.kind != kindObject {
		r.fail(n.offset, path, "a statement is an object, not %s", n.kind)
		return false
	}
	seen := map[string]bool{}
	for _, m := range n.members {
		at := path + "." + m.name
		if seen[m.name] {
			r.fail(m.offset, at, "%s occurs twice", m.name)
			return false
		}
		seen[m.name] = true
		if !r.element(st, at, m) {
			return false
		}
	}
	for _, pair := range [][2]string{{"Action", "NotAction"}, {"Resource", "NotResource"}, {"Principal", "NotPrincipal"}} {
		if seen[pair[0]] && seen[pair[1]] {
			r.fail(n.offset, path, "%s and %s stand in one statement", pair[0], pair[1])
			return false
		}
	}
	switch {
	case !seen["Effect"]:
		r.fail(n.offset, path, "Effect is missing")
	case !seen["Action"] && !seen["NotAction"]:
		r.fail(n.offset, path, "Action is missing")
	default:
		return true
	}
	return false
}

func (r *reader) element(st *Statement, at string, m member) (ok bool) {
	switch m.name {
	case "Sid":
		if m.value.kind != kindString {
			r.fail(m.value.offset, at, "Sid is a string, not %s", m.value.kind)
			return false
		}
		st.Sid = m.value.text
		return true
	case "Effect":
		if m.value.kind != kindString || m.value.text != "Allow" && m.value.text != "Deny" {
			r.fail(m.value.offset, at, `Effect is "Allow" or "Deny"`)
			return false
		}
		if m.value.text == "Allow" {
			st.Effect = EffectAllow
		}
		return true
	case "Action":
		st.Actions, ok = r.strings(at, m.value, checkAction)
	case "NotAction":
		st.NotActions, ok = r.strings(at, m.value, checkAction)
	case "Resource":
		st.Resources, ok = r.strings(at, m.value, checkNotEmpty)
	case "NotResource":
		st.NotResources, ok = r.strings(at, m.value, checkNotEmpty)
	case "Principal":
		st.Principals, ok = r.principals(at, m.value)
	case "NotPrincipal":
		st.NotPrincipal, ok = r.principals(at, m.value)
	case "Condition":
		st.Conditions, ok = r.conditions(at, m.value)
	default:
		r.fail(m.offset, at, "unknown element %q", m.name)
	}
	return ok
}

// strings reads a string or a list of strings; an empty list says nothing and is refused.
func (r *reader) strings(at string, n *node, check func(string) string) ([]string, bool) {
	items := []*node{n}
	if n.kind == kindList {
		items = n.items
	}
	if len(items) == 0 {
		r.fail(n.offset, at, "the list is empty")
		return nil, false
	}
	out := make([]string, 0, len(items))
	for _, item := range items {
		if item.kind != kindString {
			r.fail(item.offset, at, "expected a string, not %s", item.kind)
			return nil, false
		}
		if says := check(item.text); says != "" {
			r.fail(item.offset, at, "%s", says)
			return nil, false
		}
		out = append(out, item.text)
	}
	return out, true
}

func checkNotEmpty(s string) string {
	if s == "" {
		return "an empty string"
	}
	return ""
}

// checkAction wants "*" or "vendor:name" with one colon. Names are not checked against a list: AWS accepts unknown ones too.
func checkAction(s string) string {
	vendor, name, found := strings.Cut(s, ":")
	switch {
	case s == "*":
		return ""
	case !found:
		return fmt.Sprintf("action %q names no service, as in s3:GetObject", s)
	case strings.Contains(name, ":"):
		return fmt.Sprintf("action %q has more than one colon", s)
	case vendor == "*":
		return ""
	case vendor == "" || strings.ContainsFunc(vendor, notVendor):
		return fmt.Sprintf("%q is no service", vendor)
	}
	return ""
}

func notVendor(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '.'
}

// conditions reads the Condition element. Values may be strings, numbers or booleans, one or a list; they are kept as text.
func (r *reader) conditions(at string, n *node) ([]Condition, bool) {
	if n.kind != kindObject {
		r.fail(n.offset, at, "Condition is an object, not %s", n.kind)
		return nil, false
	}
	var out []Condition
	seen := map[string]bool{}
	for _, block := range n.members {
		path := at + "." + block.name
		if seen[block.name] {
			r.fail(block.offset, path, "%s occurs twice", block.name)
			return nil, false
		}
		seen[block.name] = true
		if _, ok := parseOperator(block.name); !ok {
			r.fail(block.offset, path, "unknown condition operator %q", block.name)
			return nil, false
		}
		if block.value.kind != kindObject {
			r.fail(block.value.offset, path, "an operator holds an object of keys and values, not %s", block.value.kind)
			return nil, false
		}
		keys := map[string]bool{}
		for _, m := range block.value.members {
			c, ok := r.condition(path+"."+m.name, block.name, m, keys)
			if !ok {
				return nil, false
			}
			out = append(out, c)
		}
	}
	return out, true
}

func (r *reader) condition(path, operator string, m member, seen map[string]bool) (Condition, bool) {
	c := Condition{Operator: operator, Key: m.name, Values: []string{}}
	if seen[m.name] {
		r.fail(m.offset, path, "key %s occurs twice", m.name)
		return c, false
	}
	seen[m.name] = true
	if !strings.Contains(m.name, ":") {
		r.fail(m.offset, path, "condition key %q names no service, as in aws:SourceIp", m.name)
		return c, false
	}
	items := []*node{m.value}
	if m.value.kind == kindList {
		items = m.value.items
	}
	for _, item := range items {
		switch item.kind {
		case kindString, kindNumber, kindBool:
			c.Values = append(c.Values, item.text)
		default:
			r.fail(item.offset, path, "a condition value is a string, not %s", item.kind)
			return c, false
		}
	}
	return c, true
}
