package iam

import (
	"fmt"
	"iter"
	"strconv"
	"strings"
	"sync"
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
	src   []byte
	nodes []node
	texts []string // what the lists of the policy are cut from
	errs  []*ParseError
}

// place is the path to a value, put into words only when something is wrong there.
type place struct {
	up    *place
	name  string
	item  bool // of a list, numbered by index
	index int
}

// write copies, so that places may stay on the stack.
func (at *place) write(b *strings.Builder) {
	if at == nil {
		return
	}
	at.up.write(b)
	if at.item {
		b.WriteString("[" + strconv.Itoa(at.index) + "]")
		return
	}
	if at.up != nil {
		b.WriteByte('.')
	}
	b.WriteString(at.name)
}

func (r *reader) fail(offset int32, at *place, format string, args ...any) {
	var path strings.Builder
	at.write(&path)
	r.errs = append(r.errs, errorAt(r.src, int(offset), path.String(), format, args...))
}

// below walks the items of a list or the members of an object.
func (r *reader) below(n *node) iter.Seq[*node] {
	return func(yield func(*node) bool) {
		for i := n.first; i != 0; i = r.nodes[i].next {
			if !yield(&r.nodes[i]) {
				return
			}
		}
	}
}

// repeats are the places of the members of an object whose name an earlier one has; none nearly always.
func (r *reader) repeats(n *node) map[int32]bool {
	var out map[int32]bool
	note := func(m *node) {
		if out == nil {
			out = map[int32]bool{}
		}
		out[m.nameOffset] = true
	}
	if n.members > 32 {
		seen := make(map[string]bool, n.members)
		for m := range r.below(n) {
			if seen[m.name] {
				note(m)
			}
			seen[m.name] = true
		}
		return out
	}
	for i := n.first; i != 0; i = r.nodes[i].next {
		for j := n.first; j != i; j = r.nodes[j].next {
			if r.nodes[j].name == r.nodes[i].name {
				note(&r.nodes[i])
				break
			}
		}
	}
	return out
}

// rooms are for the nodes of documents, which nobody needs once a policy is read.
var rooms = sync.Pool{New: func() any { return new([]node) }}

func (r *reader) document(p *Policy) {
	room := rooms.Get().(*[]node)
	nodes, bad := readJSON(r.src, *room)
	defer func() {
		clear(nodes) // they hold parts of the document
		*room = nodes[:0]
		rooms.Put(room)
	}()
	if bad != nil {
		r.errs = append(r.errs, bad)
		p.Unparsed = []int{AllUnparsed}
		return
	}
	r.nodes = nodes
	root := &nodes[0]
	if root.kind != kindObject {
		r.fail(root.offset, nil, "a policy is a JSON object, not %s", root.kind)
		p.Unparsed = []int{AllUnparsed}
		return
	}
	texts := 0
	for i := range nodes {
		if nodes[i].kind != kindObject && nodes[i].kind != kindList {
			texts++
		}
	}
	r.texts = make([]string, 0, texts)
	r.elements(p, root)
}

func (r *reader) elements(p *Policy, root *node) {
	var statements *node
	repeats := r.repeats(root)
	for m := range r.below(root) {
		at := place{name: m.name}
		if repeats[m.nameOffset] {
			r.fail(m.nameOffset, &at, "%s occurs twice", m.name)
			continue
		}
		switch m.name {
		case "Version":
			if m.kind != kindString || m.text != version2008 && m.text != version2012 {
				r.fail(m.offset, &at, `Version is "2012-10-17" or "2008-10-17"`)
				continue
			}
			p.Version = m.text
		case "Id":
			if m.kind != kindString {
				r.fail(m.offset, &at, "Id is a string, not %s", m.kind)
				continue
			}
			p.ID = m.text
		case "Statement":
			statements = m
		default:
			r.fail(m.nameOffset, &at, "unknown element %q", m.name)
		}
	}
	if len(r.errs) > 0 {
		p.Unparsed = []int{AllUnparsed}
		return
	}
	at := place{name: "Statement"}
	switch {
	case statements == nil:
		r.fail(root.offset, &at, "Statement is missing")
	case statements.kind == kindObject:
		r.statement(p, 0, &at, statements)
		return
	case statements.kind != kindList:
		r.fail(statements.offset, &at, "Statement is an object or a list of objects, not %s", statements.kind)
	case statements.members == 0:
		r.fail(statements.offset, &at, "Statement is empty")
	default:
		p.Statements = make([]Statement, 0, statements.members)
		for item := range r.below(statements) {
			i := len(p.Statements)
			r.statement(p, i, &place{up: &at, item: true, index: i}, item)
		}
		return
	}
	p.Unparsed = []int{AllUnparsed}
}

// statement appends one statement, or a placeholder that keeps the numbers of the others right.
func (r *reader) statement(p *Policy, i int, at *place, n *node) {
	p.Statements = append(p.Statements, Statement{})
	st := &p.Statements[i]
	if !r.readStatement(st, at, n) {
		*st = Statement{Sid: st.Sid}
		p.Unparsed = append(p.Unparsed, i)
	}
}

func (r *reader) readStatement(st *Statement, at *place, n *node) bool {
	if n.kind != kindObject {
		r.fail(n.offset, at, "a statement is an object, not %s", n.kind)
		return false
	}
	repeats := r.repeats(n)
	effect := false
	for m := range r.below(n) {
		here := place{up: at, name: m.name}
		if repeats[m.nameOffset] {
			r.fail(m.nameOffset, &here, "%s occurs twice", m.name)
			return false
		}
		effect = effect || m.name == "Effect"
		if !r.element(st, &here, m) {
			return false
		}
	}
	for _, pair := range [...]struct {
		name string
		both bool
	}{
		{"Action", st.Actions != nil && st.NotActions != nil},
		{"Resource", st.Resources != nil && st.NotResources != nil},
		{"Principal", st.Principals != nil && st.NotPrincipal != nil},
	} {
		if pair.both {
			r.fail(n.offset, at, "%s and Not%s stand in one statement", pair.name, pair.name)
			return false
		}
	}
	switch {
	case !effect:
		r.fail(n.offset, at, "Effect is missing")
	case st.Actions == nil && st.NotActions == nil:
		r.fail(n.offset, at, "Action is missing")
	default:
		return true
	}
	return false
}

func (r *reader) element(st *Statement, at *place, m *node) (ok bool) {
	switch m.name {
	case "Sid":
		if m.kind != kindString {
			r.fail(m.offset, at, "Sid is a string, not %s", m.kind)
			return false
		}
		st.Sid = m.text
		return true
	case "Effect":
		if m.kind != kindString || m.text != "Allow" && m.text != "Deny" {
			r.fail(m.offset, at, `Effect is "Allow" or "Deny"`)
			return false
		}
		if m.text == "Allow" {
			st.Effect = EffectAllow
		}
		return true
	case "Action":
		st.Actions, ok = r.strings(at, m, checkAction)
	case "NotAction":
		st.NotActions, ok = r.strings(at, m, checkAction)
	case "Resource":
		st.Resources, ok = r.strings(at, m, checkNotEmpty)
	case "NotResource":
		st.NotResources, ok = r.strings(at, m, checkNotEmpty)
	case "Principal":
		st.Principals, ok = r.principals(at, m)
	case "NotPrincipal":
		st.NotPrincipal, ok = r.principals(at, m)
	case "Condition":
		st.Conditions, ok = r.conditions(at, m)
	default:
		r.fail(m.nameOffset, at, "unknown element %q", m.name)
	}
	return ok
}

// strings reads a string or a list of strings; an empty list says nothing and is refused.
func (r *reader) strings(at *place, n *node, check func(string) string) ([]string, bool) {
	from := len(r.texts)
	one := func(item *node) bool {
		if item.kind != kindString {
			r.fail(item.offset, at, "expected a string, not %s", item.kind)
			return false
		}
		if says := check(item.text); says != "" {
			r.fail(item.offset, at, "%s", says)
			return false
		}
		r.texts = append(r.texts, item.text)
		return true
	}
	switch {
	case n.kind != kindList:
		if !one(n) {
			return nil, false
		}
	case n.members == 0:
		r.fail(n.offset, at, "the list is empty")
		return nil, false
	}
	if n.kind == kindList {
		for item := range r.below(n) {
			if !one(item) {
				return nil, false
			}
		}
	}
	return r.texts[from:len(r.texts):len(r.texts)], true
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
func (r *reader) conditions(at *place, n *node) ([]Condition, bool) {
	if n.kind != kindObject {
		r.fail(n.offset, at, "Condition is an object, not %s", n.kind)
		return nil, false
	}
	total := 0
	for block := range r.below(n) {
		total += int(block.members)
	}
	var out []Condition
	if total > 0 {
		out = make([]Condition, 0, total)
	}
	repeats := r.repeats(n)
	for block := range r.below(n) {
		here := place{up: at, name: block.name}
		if repeats[block.nameOffset] {
			r.fail(block.nameOffset, &here, "%s occurs twice", block.name)
			return nil, false
		}
		if _, ok := parseOperator(block.name); !ok {
			r.fail(block.nameOffset, &here, "unknown condition operator %q", block.name)
			return nil, false
		}
		if block.kind != kindObject {
			r.fail(block.offset, &here, "an operator holds an object of keys and values, not %s", block.kind)
			return nil, false
		}
		again := r.repeats(block)
		for m := range r.below(block) {
			key := place{up: &here, name: m.name}
			if again[m.nameOffset] {
				r.fail(m.nameOffset, &key, "key %s occurs twice", m.name)
				return nil, false
			}
			c, ok := r.condition(&key, block.name, m)
			if !ok {
				return nil, false
			}
			out = append(out, c)
		}
	}
	return out, true
}

func (r *reader) condition(at *place, operator string, m *node) (Condition, bool) {
	c := Condition{Operator: operator, Key: m.name}
	if !strings.Contains(m.name, ":") {
		r.fail(m.nameOffset, at, "condition key %q names no service, as in aws:SourceIp", m.name)
		return c, false
	}
	from := len(r.texts)
	one := func(item *node) bool {
		switch item.kind {
		case kindString, kindNumber, kindBool:
			r.texts = append(r.texts, item.text)
			return true
		}
		r.fail(item.offset, at, "a condition value is a string, not %s", item.kind)
		return false
	}
	if m.kind != kindList {
		if !one(m) {
			return c, false
		}
	} else {
		for item := range r.below(m) {
			if !one(item) {
				return c, false
			}
		}
	}
	c.Values = r.texts[from:len(r.texts):len(r.texts)]
	return c, true
}
