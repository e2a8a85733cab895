package iam

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
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

// node is a JSON value that knows where it stands, and its name when it is a member of an object. Text is the string, or the number or
// boolean as written. The values of one document lie in one slice; first and next are places in it, 0 for none: there the document
// itself lies, which is nobody's child.
type node struct {
	text, name  string
	offset      int32
	nameOffset  int32
	first, next int32
	members     int32 // of a list or an object
	kind        kind
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

// scanner reads JSON in one pass. It only says whether it could: what is wrong with a document, encoding/json says in its own words.
type scanner struct {
	src   []byte
	text  string // src, of which the values are parts
	at    int
	nodes []node
	deep  int // place of a value that is nested too deeply, 0 for none
}

// readJSON turns src into nodes, in room if there is enough. Duplicate names are kept: whoever reads an object decides what they mean.
func readJSON(src []byte, room []node) ([]node, *ParseError) {
	s := scanner{src: src, text: string(src), nodes: room[:0]}
	if len(src) <= maxDocument && s.value(0) && s.blanks() == len(src) && utf8.ValidString(s.text) {
		return s.nodes, nil
	}
	return nil, notJSON(src, s.deep)
}

// maxDocument bounds a document: AWS takes none beyond some tens of kilobytes, and places are kept in 32 bits.
const maxDocument = 1 << 30

// notJSON says why a document could not be read.
func notJSON(src []byte, deep int) *ParseError {
	if !utf8.Valid(src) {
		return errorAt(src, firstInvalid(src), "", "the document is not UTF-8")
	}
	if bytes.HasPrefix(src, []byte("\xef\xbb\xbf")) {
		return errorAt(src, 0, "", "not JSON: the document begins with a byte order mark")
	}
	var probe json.RawMessage
	var syntax *json.SyntaxError
	if err := json.Unmarshal(src, &probe); errors.As(err, &syntax) {
		return errorAt(src, int(syntax.Offset)-1, "", "not JSON: %s", syntax.Error())
	}
	if deep > 0 {
		return errorAt(src, deep, "", "nested too deeply")
	}
	return errorAt(src, 0, "", "not JSON")
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

// blanks moves on to the next value and returns its place.
func (s *scanner) blanks() int {
	for s.at < len(s.src) {
		switch s.src[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return s.at
		}
	}
	return s.at
}

// take passes over one byte if it is c.
func (s *scanner) take(c byte) bool {
	if s.at < len(s.src) && s.src[s.at] == c {
		s.at++
		return true
	}
	return false
}

// value appends the value at hand and all below it.
func (s *scanner) value(depth int) bool {
	if depth > maxDepth {
		s.deep = s.blanks()
		return false
	}
	n := node{offset: int32(s.blanks())}
	if s.at == len(s.src) {
		return false
	}
	me := len(s.nodes)
	switch c := s.src[s.at]; c {
	case '{', '[':
		n.kind = kindObject
		if c == '[' {
			n.kind = kindList
		}
		s.nodes = append(s.nodes, n)
		return s.children(me, depth, c+2) // the closing bracket stands two behind the opening one
	case '"':
		var ok bool
		if n.text, ok = s.quoted(); !ok {
			return false
		}
		n.kind = kindString
	case 't', 'f', 'n':
		word := "true"
		switch n.kind = kindBool; c {
		case 'f':
			word = "false"
		case 'n':
			word, n.kind = "null", kindNull
		}
		if !strings.HasPrefix(s.text[s.at:], word) {
			return false
		}
		s.at += len(word)
		if c != 'n' {
			n.text = word
		}
	default:
		from := s.at
		if !s.number() {
			return false
		}
		n.kind, n.text = kindNumber, s.text[from:s.at]
	}
	s.nodes = append(s.nodes, n)
	return true
}

// children reads the items of a list or the members of an object, behind its opening bracket.
func (s *scanner) children(me, depth int, end byte) bool {
	s.at++
	s.blanks()
	if s.take(end) {
		return true
	}
	last := 0
	for {
		name, nameOffset := "", s.blanks()
		if end == '}' {
			var ok bool
			if name, ok = s.quoted(); !ok {
				return false
			}
			s.blanks()
			if !s.take(':') {
				return false
			}
		}
		child := len(s.nodes)
		if !s.value(depth + 1) {
			return false
		}
		s.nodes[child].name, s.nodes[child].nameOffset = name, int32(nameOffset)
		if last == 0 {
			s.nodes[me].first = int32(child)
		} else {
			s.nodes[last].next = int32(child)
		}
		s.nodes[me].members++
		last = child
		s.blanks()
		if s.take(end) {
			return true
		}
		if !s.take(',') {
			return false
		}
	}
}

// quoted reads a string.
func (s *scanner) quoted() (string, bool) {
	if !s.take('"') {
		return "", false
	}
	from := s.at
	for i := from; i < len(s.src); i++ {
		switch c := s.src[i]; {
		case c == '"':
			s.at = i + 1
			return s.text[from:i], true
		case c == '\\':
			return s.escaped(from, i)
		case c < ' ':
			return "", false
		}
	}
	return "", false
}

// escaped reads a string that holds a backslash at i; encoding/json knows what it means.
func (s *scanner) escaped(from, i int) (out string, ok bool) {
	for ; i < len(s.src); i++ {
		switch s.src[i] {
		case '\\':
			i++
		case '"':
			s.at = i + 1
			return out, json.Unmarshal(s.src[from-1:s.at], &out) == nil
		}
	}
	return "", false
}

// number passes over a number: -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)?
func (s *scanner) number() bool {
	s.take('-')
	if !s.take('0') && !s.digits() {
		return false
	}
	if s.take('.') && !s.digits() {
		return false
	}
	if s.take('e') || s.take('E') {
		if !s.take('+') {
			s.take('-')
		}
		return s.digits()
	}
	return true
}

func (s *scanner) digits() bool {
	from := s.at
	for s.at < len(s.src) && s.src[s.at] >= '0' && s.src[s.at] <= '9' {
		s.at++
	}
	return s.at > from
}
