package iam

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

type kind uint8

const (
	kindNull kind = iota
	kindBool
	kindNumber
	kindString
	kindList
	kindObject
)

func (k kind) String() string {
	return [...]string{"null", "a boolean", "a number", "a string", "a list", "an object"}[k]
}

// node is a JSON value that knows where it stands. Text is the string, or the number or boolean as written.
type node struct {
	kind    kind
	offset  int
	text    string
	items   []*node
	members []member
}

type member struct {
	name   string
	offset int
	value  *node
}

// ParseError says where a policy document is wrong. Offset counts bytes from 0, Line and Column (in bytes) from 1.
type ParseError struct {
	Offset, Line, Column int
	Path                 string // "Statement[0].Action"; empty for the document itself
	Says                 string
}

func (e *ParseError) Error() string {
	where := fmt.Sprintf("line %d, column %d", e.Line, e.Column)
	if e.Line == 0 {
		where = ""
	}
	switch {
	case where == "" && e.Path == "":
		return e.Says
	case where == "":
		return e.Path + ": " + e.Says
	case e.Path == "":
		return where + ": " + e.Says
	}
	return where + ": " + e.Path + ": " + e.Says
}

// Position is the place in words: the path when there is one, else line and column.
func (e *ParseError) Position() string {
	switch {
	case e.Path != "":
		return e.Path
	case e.Line > 0:
		return fmt.Sprintf("line %d, column %d", e.Line, e.Column)
	}
	return ""
}

func errorAt(src []byte, offset int, path, format string, args ...any) *ParseError {
	offset = min(max(offset, 0), len(src))
	before := src[:offset]
	return &ParseError{
		Offset: offset,
		Line:   bytes.Count(before, []byte{'\n'}) + 1,
		Column: offset - bytes.LastIndexByte(before, '\n'),
		Path:   path,
		Says:   fmt.Sprintf(format, args...),
	}
}

// maxDepth is far deeper than any policy and far less than what would exhaust a stack.
const maxDepth = 64

// readJSON turns src into nodes. Duplicate names are kept: whoever reads an object decides what they mean.
func readJSON(src []byte) (*node, *ParseError) {
	if !utf8.Valid(src) {
		return nil, errorAt(src, firstInvalid(src), "", "the document is not UTF-8")
	}
	var probe json.RawMessage
	if err := json.Unmarshal(src, &probe); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return nil, errorAt(src, int(syntax.Offset)-1, "", "not JSON: %s", syntax.Error())
		}
		return nil, errorAt(src, 0, "", "not JSON")
	}
	d := json.NewDecoder(bytes.NewReader(src))
	d.UseNumber()
	return readNode(src, d, 0)
}

func firstInvalid(src []byte) int {
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(src)
}

func readNode(src []byte, d *json.Decoder, depth int) (*node, *ParseError) {
	offset := skipBlanks(src, int(d.InputOffset()))
	if depth > maxDepth {
		return nil, errorAt(src, offset, "", "nested too deeply")
	}
	token, err := d.Token()
	if err != nil {
		return nil, errorAt(src, offset, "", "not JSON")
	}
	n := &node{offset: offset}
	switch t := token.(type) {
	case nil:
		n.kind = kindNull
	case bool:
		n.kind, n.text = kindBool, fmt.Sprint(t)
	case json.Number:
		n.kind, n.text = kindNumber, t.String()
	case string:
		n.kind, n.text = kindString, t
	case json.Delim:
		n.kind = kindObject
		if t == '[' {
			n.kind = kindList
		}
		for d.More() {
			m := member{}
			if n.kind == kindObject {
				m.offset = skipBlanks(src, int(d.InputOffset()))
				name, err := d.Token()
				if err != nil {
					return nil, errorAt(src, m.offset, "", "not JSON")
				}
				m.name, _ = name.(string)
			}
			value, bad := readNode(src, d, depth+1)
			if bad != nil {
				return nil, bad
			}
			if n.kind == kindList {
				n.items = append(n.items, value)
				continue
			}
			m.value = value
			n.members = append(n.members, m)
		}
		if _, err := d.Token(); err != nil {
			return nil, errorAt(src, offset, "", "not JSON")
		}
	}
	return n, nil
}

// skipBlanks moves on to the next value: the decoder's offset is the end of the token before it.
func skipBlanks(src []byte, i int) int {
	for i < len(src) && bytes.IndexByte([]byte(" \t\r\n,:"), src[i]) >= 0 {
		i++
	}
	return i
}
