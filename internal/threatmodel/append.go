package threatmodel

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/footing-dev/footing/internal/fault"
)

// Append adds items to the end of a list of footing.yaml, and makes the list, in the place of its section, when it is not there. An item is the
// YAML of one, without its dash, in one line or several. No other byte of the file changes; the result is read again before it is given back.
func Append(name string, src []byte, section string, items []string) ([]byte, error) {
	if !slices.Contains(lists(), section) {
		return nil, fault.Input("the lists are "+strings.Join(lists(), ", "), "%q is no list of footing.yaml", section)
	}
	if _, err := Parse(name, src); err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return src, nil
	}
	_, root, err := open(name, ended(src))
	if err != nil {
		return nil, err
	}
	e := &edit{src: src, section: section, newline: "\n", starts: []int{byteOrderMark(src)}}
	for i, c := range src {
		if c == '\n' {
			e.starts = append(e.starts, i+1)
		}
	}
	if i := bytes.IndexByte(src, '\n'); i > 0 && src[i-1] == '\r' {
		e.newline = "\r\n"
	}
	for _, item := range items {
		it, err := readItem(item)
		if err != nil {
			return nil, err
		}
		e.items = append(e.items, it)
	}
	want, err := e.wanted(root)
	if err != nil {
		return nil, fault.Input("give it a list, or take its line away", "%s: %s", name, err)
	}
	// Where a list ends depends on what its last words are, and on comments behind it. So places are tried, the likely one first, and the
	// one counts after which the file says what it said, and the new items.
	for _, p := range e.places(root) {
		out := slices.Concat(src[:p.at], []byte(p.text), src[p.at:])
		_, after, err := open(name, out)
		if err != nil || !same(meaning(after), want) {
			continue
		}
		if _, err := Parse(name, out); err != nil {
			return nil, err
		}
		return out, nil
	}
	return nil, fault.Input("write the section in lines that begin with a dash", "%s: nothing can be added to %s without changing what stands there", name, section)
}

// lists are the sections that hold items.
func lists() []string {
	return slices.DeleteFunc(Sections(), func(s string) bool {
		return slices.Contains([]string{"footing", "account", "name", "owner", "review", "policy", "views"}, s)
	})
}

type edit struct {
	src     []byte
	section string
	newline string
	starts  []int // of lines
	items   []item
}

type item struct {
	text string
	says any
}

// place is a text that may be inserted before a byte.
type place struct {
	at   int
	text string
}

func readItem(text string) (item, error) {
	text = strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	_, root, err := open("the new item", ended([]byte(text)))
	if err != nil {
		return item{}, err
	}
	if root == nil {
		return item{}, fault.Input("write what it says", "the new item says nothing")
	}
	return item{text, meaning(root)}, nil
}

// pair is one key of a mapping with what it says.
type pair struct {
	key  string
	says any
}

// meaning is what YAML says, without how it is written: []pair, []any, string, literal or nil.
func meaning(n ast.Node) any {
	switch v := plain(n).(type) {
	case nil:
		return nil
	case *ast.MappingNode:
		out := make([]pair, 0, len(v.Values))
		for _, p := range v.Values {
			out = append(out, pair{p.Key.GetToken().Value, meaning(p.Value)})
		}
		return out
	case *ast.MappingValueNode:
		return []pair{{v.Key.GetToken().Value, meaning(v.Value)}}
	case *ast.SequenceNode:
		out := make([]any, 0, len(v.Values))
		for _, x := range v.Values {
			out = append(out, meaning(x))
		}
		return out
	case *ast.StringNode:
		return v.Value
	case *ast.LiteralNode:
		return v.Value.Value
	default:
		return literal(v.GetToken().Value)
	}
}

// literal is a number or a truth value, as it is written.
type literal string

func same(a, b any) bool {
	switch x := a.(type) {
	case []pair:
		y, ok := b.([]pair)
		return ok && slices.EqualFunc(x, y, func(p, q pair) bool { return p.key == q.key && same(p.says, q.says) })
	case []any:
		y, ok := b.([]any)
		return ok && slices.EqualFunc(x, y, same)
	case string, literal:
		return a == b
	}
	return b == nil
}

// wanted is what the file shall say.
func (e *edit) wanted(root ast.Node) (any, error) {
	var added []any
	for _, it := range e.items {
		added = append(added, it.says)
	}
	top := pairs(root)
	for i, p := range top {
		if p.key != e.section {
			continue
		}
		old, ok := p.says.([]any)
		if !ok && p.says != nil {
			return nil, fmt.Errorf("%s is not a list", e.section)
		}
		top[i].says = slices.Concat(old, added)
		return top, nil
	}
	at := e.before(top)
	return slices.Insert(top, at, pair{e.section, added}), nil
}

// before is the number of the key that a new section stands before: it follows the last one that comes before it in the order of sections.
func (e *edit) before(top []pair) int {
	order := Sections()
	at, last := 0, -1
	for i, p := range top {
		if k := slices.Index(order, p.key); k < slices.Index(order, e.section) && k > last {
			at, last = i+1, k
		}
	}
	return at
}

// places lists where the items may go.
func (e *edit) places(root ast.Node) []place {
	var keys []*ast.MappingValueNode
	switch m := root.(type) {
	case nil:
	case *ast.MappingNode:
		if m.IsFlowStyle {
			return nil
		}
		keys = m.Values
	case *ast.MappingValueNode:
		keys = []*ast.MappingValueNode{m}
	}
	// A section reaches from the line of its key to that of the next one.
	begins := func(i int) int {
		if i < len(keys) {
			return keys[i].Key.GetToken().Position.Line
		}
		return len(e.starts) + 1
	}
	for i, k := range keys {
		if k.Key.GetToken().Value != e.section {
			continue
		}
		if list, ok := k.Value.(*ast.SequenceNode); ok && list.IsFlowStyle {
			return e.within(e.start(begins(i)), e.start(begins(i+1)), len(list.Values) > 0)
		}
		indent := 2
		if list, ok := k.Value.(*ast.SequenceNode); ok {
			indent = list.Start.Position.Column - 1
		}
		return e.ends(begins(i), begins(i+1), e.block(indent))
	}
	at := e.before(pairs(root))
	text := e.section + ":" + e.newline + e.block(2)
	if at > 0 {
		return e.ends(begins(at-1), begins(at), e.newline+text)
	}
	if len(keys) == 0 { // comments alone
		return []place{e.after(len(e.src), text)}
	}
	return []place{{e.start(begins(0)), text + e.newline}}
}

func pairs(root ast.Node) []pair {
	top, _ := meaning(root).([]pair)
	return top
}

// start is the first byte of a line, counted from 1; the end of the file for one that is not there.
func (e *edit) start(line int) int {
	if line-1 < len(e.starts) {
		return e.starts[line-1]
	}
	return len(e.src)
}

// block writes the items in lines.
func (e *edit) block(indent int) string {
	var b strings.Builder
	for _, it := range e.items {
		for i, l := range strings.Split(it.text, "\n") {
			lead := strings.Repeat(" ", indent+2)
			if i == 0 {
				lead = strings.Repeat(" ", indent) + "- "
			}
			if l == "" {
				lead = ""
			}
			b.WriteString(lead + l + e.newline)
		}
	}
	return b.String()
}

// ends lists the lines after which a section of these lines may end: after its last words, after each comment and empty line behind them.
func (e *edit) ends(from, to int, text string) []place {
	last := to - 1
	for last > from {
		l := strings.TrimSpace(string(e.src[e.start(last):e.start(last+1)]))
		if l != "" && l[0] != '#' {
			break
		}
		last--
	}
	var out []place
	for line := last; line < to && len(out) < 50; line++ {
		out = append(out, e.after(e.start(line+1), text))
	}
	return append(out, e.after(e.start(to), text))
}

// after is a place behind a line, which may lack its end.
func (e *edit) after(at int, text string) place {
	if at > byteOrderMark(e.src) && e.src[at-1] != '\n' {
		text = e.newline + text
	}
	return place{at, text}
}

// ended is a text whose last line has an end: where a text in lines is the last thing, it depends on it.
func ended(src []byte) []byte {
	if len(src) == 0 || src[len(src)-1] == '\n' {
		return src
	}
	return append(slices.Clip(src), '\n')
}

// within lists the brackets that may end a list in brackets, the last first.
func (e *edit) within(from, to int, some bool) []place {
	var texts []string
	for _, it := range e.items {
		texts = append(texts, inline(it.says))
	}
	text := strings.Join(texts, ", ")
	var out []place
	for at := to - 1; at >= from && len(out) < 50; at-- {
		if e.src[at] != ']' {
			continue
		}
		if some {
			out = append(out, place{at, ", " + text})
		}
		out = append(out, place{at, text}) // in an empty list, or behind a comma that ends it
	}
	return out
}

// inline writes what an item says in one line. JSON is YAML in brackets.
func inline(v any) string {
	switch v := v.(type) {
	case []pair:
		var parts []string
		for _, p := range v {
			parts = append(parts, quoted(p.key)+": "+inline(p.says))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		var parts []string
		for _, x := range v {
			parts = append(parts, inline(x))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case literal:
		return string(v)
	case string:
		return quoted(v)
	}
	return "null"
}

// bareWord needs no quotes anywhere.
var bareWord = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_-]*$`)

func quoted(s string) string {
	if bareWord.MatchString(s) && !yaml11.MatchString(s) && !strings.EqualFold(s, "null") {
		return s
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always can be
	return strings.TrimSuffix(b.String(), "\n")
}
