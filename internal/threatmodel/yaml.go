package threatmodel

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/footing-dev/footing/internal/fault"
)

// source walks a YAML document by hand: every mistake has a position, and the first one in the file is the one that is told.
type source struct {
	name  string
	lines []string
	named map[string]map[string]int // kind of thing → its name → line
	links []link
	later []func() error // what can be checked when all names are known, in file order
}

func newSource(name string, src []byte) *source {
	return &source{name: name, lines: strings.Split(string(src), "\n"), named: map[string]map[string]int{}}
}

const plainYAML = "write it as plain YAML, like the example in docs/footing-yaml.md"

// root is the top of the document; nil when the file says nothing.
func (s *source) root(src []byte) (n ast.Node, err error) {
	// The parser is not ours, and the file is anybody's: whatever it trips over is the file's mistake, not a crash.
	defer func() {
		if recover() != nil {
			n, err = nil, fault.Input(plainYAML, "%s: this is not YAML that can be read", s.name)
		}
	}()
	tokens := lexer.Tokenize(string(src))
	if err := s.simple(tokens); err != nil {
		return nil, err
	}
	// Keys that stand twice are found by entries: the parser's own search takes time in proportion to the square of their number.
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		var at yaml.Error
		if !errors.As(err, &at) || at.GetToken() == nil {
			return nil, fault.Input(plainYAML, "%s: this is not YAML", s.name)
		}
		t := at.GetToken()
		if p := t.Position; p != nil && p.Line <= len(s.lines) && strings.HasPrefix(strings.TrimLeft(s.lines[max(p.Line, 1)-1], " "), "\t") {
			return nil, s.at(t, "indent with spaces", "a tab stands where YAML wants spaces")
		}
		return nil, s.at(t, "", "%s", strings.Join(strings.Fields(at.GetMessage()), " "))
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil, nil
	}
	if len(file.Docs) > 1 {
		return nil, s.at(file.Docs[1].GetToken(), "keep one document a file", "a second document begins here")
	}
	return file.Docs[0].Body, nil
}

// Bounds far beyond what people state. The parser's time grows with the square of both.
const (
	deepest = 16   // brackets within brackets
	widest  = 1000 // keys of one mapping
)

// simple refuses what nobody needs to state something, and what can be abused: anchors, tags, towers of brackets, endless mappings.
func (s *source) simple(tokens token.Tokens) error {
	type mapping struct{ column, keys int }
	var open []mapping // those written in lines, the innermost last
	depth, dashes, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position == nil {
			continue
		}
		if t.Position.Line != line {
			line, dashes = t.Position.Line, 0
		}
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			return s.at(t, "write the value itself in every place", "footing.yaml takes no anchors and aliases (&, * and <<); a text that begins so is quoted")
		case token.TagType, token.DirectiveType:
			return s.at(t, "leave it out; quote a text that begins so", "footing.yaml takes no tags and directives (! and %%)")
		case token.MappingKeyType:
			return s.at(t, `write it as "key: value"`, "footing.yaml takes no keys that begin with a question mark")
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		case token.SequenceEntryType:
			dashes++
			open = slices.DeleteFunc(open, func(m mapping) bool { return m.column > t.Position.Column })
		case token.MappingValueType:
			key := t.Prev
			if depth > 0 || key == nil || key.Position == nil {
				break
			}
			column := key.Position.Column
			open = slices.DeleteFunc(open, func(m mapping) bool { return m.column > column })
			if k := len(open); k == 0 || open[k-1].column < column {
				open = append(open, mapping{column: column})
			}
			if open[len(open)-1].keys++; open[len(open)-1].keys > widest {
				return s.at(key, plainYAML, "more than %d keys in one mapping", widest)
			}
		}
		if depth > deepest || dashes > deepest {
			return s.at(t, plainYAML, "lists within lists, more than %d deep", deepest)
		}
	}
	return nil
}

// plain is a value; nil for null.
func plain(n ast.Node) ast.Node {
	if _, null := n.(*ast.NullNode); null {
		return nil
	}
	return n
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
	switch m := plain(n).(type) {
	case nil:
		return nil, nil
	case *ast.MappingNode:
		pairs = m.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{m}
	default:
		return nil, s.mistake(n, "write it as key: value", "%s is not a mapping", what)
	}
	out := make([]entry, 0, len(pairs))
	seen := make(map[string]bool, len(pairs))
	for _, p := range pairs {
		e := entry{key: p.Key.GetToken().Value, at: p.Key, value: plain(p.Value)}
		if seen[e.key] {
			return nil, s.mistake(p.Key, "keep one of the two", "%q stands in %s twice", e.key, what)
		}
		seen[e.key] = true
		if len(known) > 0 && !slices.Contains(known, e.key) {
			return nil, s.mistake(p.Key, suggest(e.key, known, "the keys are"), "unknown key %q in %s", e.key, what)
		}
		if len(known) == 0 && truthy(p.Key) {
			return nil, s.mistake(p.Key, fmt.Sprintf("quote it: %q", e.key), "YAML may read %s as true or false, and here it is a name", e.key)
		}
		out = append(out, e)
	}
	return out, nil
}

// suggest is the word that was most probably meant, else all that there are.
func suggest(word string, known []string, otherwise string) string {
	if near := Nearest(word, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(known) > 30 {
		known = append(slices.Clone(known[:30]), "…")
	}
	return otherwise + " " + strings.Join(known, ", ")
}

// field is a key that a mapping may have.
type field struct {
	key   string
	read  func(entry) error
	need  bool // it must be there
	blank bool // it may be there and say nothing
}

func must(key string, read func(entry) error) field { return field{key: key, read: read, need: true} }
func may(key string, read func(entry) error) field  { return field{key: key, read: read} }

// record reads a mapping that has these keys and no other. like is an example, for the hint.
func (s *source) record(n ast.Node, what, like string, fields ...field) error {
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = f.key
	}
	es, err := s.entries(n, what, keys...)
	if err != nil {
		return err
	}
	given := map[string]bool{}
	for _, e := range es {
		f := fields[slices.Index(keys, e.key)]
		given[e.key] = true
		if e.value == nil && f.blank {
			continue
		}
		if e.value == nil {
			return s.mistake(e.at, "say it, or leave the key out", "%s of %s says nothing", e.key, what)
		}
		if err := f.read(e); err != nil {
			return err
		}
	}
	var needs []string
	missing := false
	for _, f := range fields {
		if f.need {
			needs = append(needs, f.key)
			missing = missing || !given[f.key]
		}
	}
	if missing {
		return s.mistake(n, "for instance "+like, "%s needs %s", what, and(needs))
	}
	return nil
}

// and joins words as people do.
func and(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// each reads every item of a list.
func (s *source) each(read func(ast.Node) error) func(entry) error {
	return func(e entry) error {
		items, err := s.list(e.value, e.key)
		for i := 0; i < len(items) && err == nil; i++ {
			if plain(items[i]) == nil {
				return s.mistake(items[i], "take the dash away, or say something after it", "an item of %s says nothing", e.key)
			}
			err = read(items[i])
		}
		return err
	}
}

// list is a sequence; null is empty.
func (s *source) list(n ast.Node, what string) ([]ast.Node, error) {
	switch l := plain(n).(type) {
	case nil:
		return nil, nil
	case *ast.SequenceNode:
		return l.Values, nil
	}
	return nil, s.mistake(n, "begin each line with \"- \"", "%s is not a list", what)
}

// yaml11 are the words that readers of YAML 1.1 take for true and false (https://yaml.org/type/bool.html).
var yaml11 = regexp.MustCompile(`^(?i:y|yes|n|no|true|false|on|off)$`)

// truthy tells whether a scalar is written so that some reader of YAML takes it for true or false.
func truthy(n ast.Node) bool {
	t := n.GetToken()
	return t != nil && t.Type != token.SingleQuoteType && t.Type != token.DoubleQuoteType && yaml11.MatchString(t.Value)
}

// text is a text: a number or a truth value is one only within quotes.
func (s *source) text(n ast.Node, what string) (string, error) {
	var t string
	switch v := plain(n).(type) {
	case *ast.StringNode:
		t = v.Value
	case *ast.LiteralNode:
		t = strings.TrimRight(v.Value.Value, "\n") // the end of a line is no part of what is said
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		word := v.GetToken().Value
		return "", s.mistake(n, fmt.Sprintf("quote it: %q", word), "%s is a text, and %s is a number", what, word)
	case *ast.BoolNode:
		t = v.GetToken().Value
	default:
		return "", s.mistake(n, "write one word, or quote it", "%s is not a text", what)
	}
	if truthy(n) {
		return "", s.mistake(n, fmt.Sprintf("quote it: %q", t), "%s is a text, and YAML may read %s as true or false", what, t)
	}
	if strings.TrimSpace(t) == "" {
		return "", s.mistake(n, "say it, or leave the key out", "%s says nothing", what)
	}
	return t, nil
}

// word is a text, or a number as it is written: 012345678901 stays a string of twelve digits.
func (s *source) word(n ast.Node, what string) (string, error) {
	switch v := plain(n).(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		return v.GetToken().Value, nil
	}
	return s.text(n, what)
}

var digits = regexp.MustCompile(`^(0|[1-9][0-9]{0,8})$`)

func (s *source) number(n ast.Node, what string, low, high int) (int, error) {
	v, ok := plain(n).(*ast.IntegerNode)
	if !ok {
		t := ""
		if tok := n.GetToken(); tok != nil {
			t = tok.Value
		}
		return 0, s.mistake(n, "write it as a number, without quotes", "%s is a whole number from %d to %d, not %q", what, low, high, t)
	}
	t := v.GetToken().Value
	i, err := strconv.Atoi(t)
	if err != nil || !digits.MatchString(t) || i < low || i > high {
		return 0, s.mistake(n, "", "%s is a whole number from %d to %d, not %q", what, low, high, t)
	}
	return i, nil
}

// words is one text or a list of texts, each read by one.
func (s *source) words(n ast.Node, what string, one func(ast.Node, string) (string, error)) (Words, error) {
	l, ok := plain(n).(*ast.SequenceNode)
	if !ok {
		t, err := one(n, what)
		return Words{t}, err
	}
	var out Words
	for _, v := range l.Values {
		t, err := one(v, what)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	if len(out) == 0 {
		return nil, s.mistake(n, "name one, or leave the key out", "%s is an empty list", what)
	}
	return out, nil
}

func (s *source) oneOf(n ast.Node, what string, words ...string) (string, error) {
	t, err := s.text(n, what)
	if err != nil || slices.Contains(words, t) {
		return t, err
	}
	return "", s.mistake(n, suggest(t, words, "write one of"), "%s cannot be %q", what, t)
}

func (s *source) flag(n ast.Node, what string) (bool, error) {
	if v, ok := plain(n).(*ast.BoolNode); ok {
		return v.Value, nil
	}
	return false, s.mistake(n, "write true or false, without quotes", "%s is true or false", what)
}

// day is a date like 2026-11-02.
func (s *source) day(n ast.Node, what string) (string, error) {
	t, err := s.text(n, what)
	if err != nil {
		return "", err
	}
	if _, bad := time.Parse(time.DateOnly, t); bad != nil {
		return "", s.mistake(n, "write year, month and day, as in 2026-11-02", "%s is a day like 2026-11-02, not %q", what, t)
	}
	return t, nil
}

// The readers of fields: each keeps what it read where the caller wants it.

func into[T any](p *T, read func(ast.Node, string) (T, error)) func(entry) error {
	return func(e entry) (err error) {
		*p, err = read(e.value, e.key)
		return err
	}
}

func (s *source) intoText(p *string) func(entry) error { return into(p, s.text) }
func (s *source) intoDay(p *string) func(entry) error  { return into(p, s.day) }

func (s *source) intoWords(p *Words) func(entry) error {
	return into(p, func(n ast.Node, what string) (Words, error) { return s.words(n, what, s.text) })
}

func (s *source) intoOneOf(p *string, words ...string) func(entry) error {
	return into(p, func(n ast.Node, what string) (string, error) { return s.oneOf(n, what, words...) })
}

func (s *source) intoNumber(p *int, low, high int) func(entry) error {
	return into(p, func(n ast.Node, what string) (int, error) { return s.number(n, what, low, high) })
}

// position is the token that stands for a value: the first key of a mapping, not its colon.
func position(n ast.Node) *token.Token {
	switch v := n.(type) {
	case nil:
		return nil
	case *ast.MappingNode:
		if !v.IsFlowStyle && len(v.Values) > 0 {
			return v.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return v.Key.GetToken()
	}
	return n.GetToken()
}

// line is where a value begins; 0 when nobody knows.
func line(n ast.Node) int {
	if t := position(n); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}

func (s *source) mistake(n ast.Node, hint, format string, args ...any) error {
	t := position(n)
	if t == nil {
		return fault.Input(hint, "%s: %s", s.name, fmt.Sprintf(format, args...))
	}
	return s.at(t, hint, format, args...)
}

func (s *source) at(t *token.Token, hint, format string, args ...any) error {
	if t.Position == nil {
		return fault.Input(hint, "%s: %s", s.name, fmt.Sprintf(format, args...))
	}
	return s.here(t.Position.Line, t.Position.Column, hint, fmt.Sprintf(format, args...))
}

// here names file:line:column; the hint shows the line with a caret below the mistake.
func (s *source) here(line, column int, hint, says string) error {
	column = max(column, 1)
	if line >= 1 && line <= len(s.lines) {
		text := strings.ReplaceAll(s.lines[line-1], "\t", " ")
		cut := column - 1
		if r := []rune(text); len(r) > 120 {
			from := max(0, min(cut-60, len(r)-120))
			text, cut = string(r[from:min(from+120, len(r))])+"…", cut-from
			if from > 0 {
				text, cut = "…"+text, cut+1
			}
		}
		caret := fmt.Sprintf("%5d | %s\n      | %s^", line, text, strings.Repeat(" ", min(cut, 130)))
		hint = strings.TrimPrefix(hint+"\n"+caret, "\n")
	}
	return fault.Input(hint, "%s:%d:%d: %s", s.name, line, column, says)
}
