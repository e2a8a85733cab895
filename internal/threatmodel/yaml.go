package threatmodel

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/footing-dev/footing/internal/fault"
)

// source walks a YAML document by hand: every mistake has a position, and the first one in the file is the one that is told.
type source struct {
	name    string
	lines   []string
	anchors map[string]ast.Node
}

// root is the top of the document; nil when the file says nothing.
func (s *source) root(src []byte) (n ast.Node, err error) {
	// The parser is not ours, and the file is anybody's: whatever it trips over is the file's mistake, not a crash.
	defer func() {
		if recover() != nil {
			n, err = nil, fault.Input("write it as plain YAML, like the example in docs/", "%s: this is not YAML that can be read", s.name)
		}
	}()
	file, err := parser.ParseBytes(src, 0)
	if err != nil {
		var at yaml.Error
		if errors.As(err, &at) && at.GetToken() != nil {
			return nil, s.at(at.GetToken(), "", "%s", at.GetMessage())
		}
		return nil, fault.Input("write it as plain YAML, like the example in docs/", "%s: this is not YAML", s.name)
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil, nil
	}
	if len(file.Docs) > 1 {
		return nil, s.at(file.Docs[1].GetToken(), "keep one document a file", "a second document begins here")
	}
	s.gather(file.Docs[0].Body, 0)
	return file.Docs[0].Body, nil
}

// gather collects anchors, so that an alias can be looked up.
func (s *source) gather(n ast.Node, depth int) {
	if depth > 100 {
		return
	}
	switch n := n.(type) {
	case *ast.AnchorNode:
		s.anchors[n.Name.GetToken().Value] = n.Value
		s.gather(n.Value, depth+1)
	case *ast.MappingNode:
		for _, v := range n.Values {
			s.gather(v.Value, depth+1)
		}
	case *ast.MappingValueNode:
		s.gather(n.Value, depth+1)
	case *ast.SequenceNode:
		for _, v := range n.Values {
			s.gather(v, depth+1)
		}
	}
}

// plain takes anchors, aliases and tags off a value. Null is nil.
func (s *source) plain(n ast.Node) ast.Node {
	for range 20 {
		switch v := n.(type) {
		case *ast.AnchorNode:
			n = v.Value
		case *ast.TagNode:
			n = v.Value
		case *ast.AliasNode:
			n = s.anchors[v.Value.GetToken().Value]
		case *ast.NullNode:
			return nil
		default:
			return n
		}
	}
	return nil
}

// entry is one key of a mapping with its value.
type entry struct {
	key   string
	at    ast.Node // the key
	value ast.Node // nil for null
}

// entries lists a mapping in file order. With known keys, any other key is a mistake; without, every key is allowed.
func (s *source) entries(n ast.Node, what string, known ...string) ([]entry, error) {
	var pairs []*ast.MappingValueNode
	switch m := s.plain(n).(type) {
	case nil:
		return nil, nil
	case *ast.MappingNode:
		pairs = m.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{m}
	default:
		return nil, s.mistake(n, "write it as key: value", "%s is not a mapping", what)
	}
	var out []entry
	for _, p := range pairs {
		e := entry{key: p.Key.GetToken().Value, at: p.Key, value: s.plain(p.Value)}
		if slices.ContainsFunc(out, func(o entry) bool { return o.key == e.key }) {
			return nil, s.mistake(p.Key, "keep one of the two", "%q stands in %s twice", e.key, what)
		}
		if len(known) > 0 && !slices.Contains(known, e.key) {
			hint := "the keys are " + strings.Join(known, ", ")
			if near := Nearest(e.key, known); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			return nil, s.mistake(p.Key, hint, "unknown key %q in %s", e.key, what)
		}
		out = append(out, e)
	}
	return out, nil
}

// list is a sequence; null is empty.
func (s *source) list(n ast.Node, what string) ([]ast.Node, error) {
	switch l := s.plain(n).(type) {
	case nil:
		return nil, nil
	case *ast.SequenceNode:
		return l.Values, nil
	}
	return nil, s.mistake(n, "begin each line with \"- \"", "%s is not a list", what)
}

// text is a scalar as it is written: 012345678901 stays a string of twelve digits.
func (s *source) text(n ast.Node, what string) (string, error) {
	switch v := s.plain(n).(type) {
	case nil:
		return "", nil
	case *ast.StringNode:
		return v.Value, nil
	case *ast.LiteralNode:
		return v.Value.Value, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return v.GetToken().Value, nil
	}
	return "", s.mistake(n, "write one word, or quote it", "%s is not a text", what)
}

func (s *source) number(n ast.Node, what string, low, high int) (int, error) {
	t, err := s.text(n, what)
	if err != nil {
		return 0, err
	}
	i, err := strconv.Atoi(t)
	if err != nil || i < low || i > high {
		return 0, s.mistake(n, "", "%s is a whole number from %d to %d, not %q", what, low, high, t)
	}
	return i, nil
}

// words is one text or a list of texts.
func (s *source) words(n ast.Node, what string) (Words, error) {
	if l, ok := s.plain(n).(*ast.SequenceNode); ok {
		var out Words
		for _, v := range l.Values {
			t, err := s.text(v, what)
			if err != nil {
				return nil, err
			}
			out = append(out, t)
		}
		return out, nil
	}
	t, err := s.text(n, what)
	if err != nil || t == "" {
		return nil, err
	}
	return Words{t}, nil
}

func (s *source) oneOf(n ast.Node, what string, words ...string) (string, error) {
	t, err := s.text(n, what)
	if err != nil || t == "" || slices.Contains(words, t) {
		return t, err
	}
	hint := "write one of " + strings.Join(words, ", ")
	if near := Nearest(t, words); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return "", s.mistake(n, hint, "%s cannot be %q", what, t)
}

func (s *source) mistake(n ast.Node, hint, format string, args ...any) error {
	if n == nil || n.GetToken() == nil {
		return fault.Input(hint, "%s: %s", s.name, fmt.Sprintf(format, args...))
	}
	return s.at(n.GetToken(), hint, format, args...)
}

// at names file:line:column; the hint shows the line with a caret below the mistake.
func (s *source) at(t *token.Token, hint, format string, args ...any) error {
	says := fmt.Sprintf(format, args...)
	if t.Position == nil {
		return fault.Input(hint, "%s: %s", s.name, says)
	}
	line, column := t.Position.Line, max(t.Position.Column, 1)
	if line >= 1 && line <= len(s.lines) {
		text := strings.ReplaceAll(strings.TrimRight(s.lines[line-1], "\r"), "\t", " ")
		if r := []rune(text); len(r) > 120 {
			text = string(r[:120]) + "…"
		}
		caret := fmt.Sprintf("%5d | %s\n      | %s^", line, text, strings.Repeat(" ", min(column-1, 120)))
		hint = strings.TrimPrefix(hint+"\n"+caret, "\n")
	}
	return fault.Input(hint, "%s:%d:%d: %s", s.name, line, column, says)
}
