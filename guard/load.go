package guard

import (
	"bytes"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Load reads a template: YAML or JSON, the first document of the file. Short forms such as !Ref become the maps that they stand for and are not
// resolved. Plain words are read as cfn-guard validate reads them, which is YAML 1.1 with gaps: yes and off are booleans, an empty value is an
// empty text. Anchors are refused. The error is an *Error.
func Load(file string, src []byte) (*Value, error) {
	if len(bytes.TrimSpace(src)) == 0 {
		return nil, &Error{File: file, Sentence: "the file is empty", Hinted: "give a template or another document in YAML or JSON"}
	}
	l := &loader{file: file, plain: templateScalar}
	return l.load(src)
}

// loadPlain reads what is no template: inputs of rule tests, and texts for json_parse. Plain words are read by YAML 1.2, anchors are followed.
func loadPlain(file string, src []byte) (*Value, error) {
	l := &loader{file: file, plain: coreScalar, aliases: true}
	return l.load(src)
}

// maxAliased bounds what anchors may blow a document up to.
const maxAliased = 100_000

type loader struct {
	file    string
	plain   func(string) *Value // what a plain scalar means
	aliases bool
	depth   int
	within  int // how many aliases deep
	nodes   int // that came by aliases
}

func (l *loader) load(src []byte) (*Value, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(src, &doc); err != nil {
		return nil, l.syntax(err)
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		return &Value{kind: Null}, nil
	}
	return l.value(doc.Content[0])
}

var yamlLine = regexp.MustCompile(`\bline (\d+)(?:, column (\d+))?`)

func (l *loader) syntax(err error) error {
	e := &Error{File: l.file, Hinted: "the file must be YAML or JSON"}
	text := err.Error()
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		e.At.Line, _ = strconv.Atoi(m[1])
		e.At.Column, _ = strconv.Atoi(m[2])
		e.At.Column = max(e.At.Column, 1)
	}
	if i := strings.LastIndex(text, ": "); i >= 0 {
		text = text[i+2:]
	}
	e.Sentence = "cannot be read: " + text
	return e
}

func (l *loader) fail(n *yaml.Node, says, hint string) error {
	return &Error{File: l.file, At: Position{n.Line, n.Column}, Sentence: says, Hinted: hint}
}

func (l *loader) value(n *yaml.Node) (*Value, error) {
	if l.depth++; l.depth > maxDepth {
		return nil, l.fail(n, "the document is nested too deeply", "")
	}
	defer func() { l.depth-- }()
	if l.within > 0 {
		if l.nodes++; l.nodes > maxAliased {
			return nil, l.fail(n, "the aliases of the document say too much", "write out what they stand for, or less of it")
		}
	}
	at := Position{n.Line, n.Column}
	switch n.Kind {
	case yaml.AliasNode:
		if !l.aliases {
			return nil, l.fail(n, "an alias, *"+n.Value+", stands in a template", "cfn-guard reads none: write out what it stands for")
		}
		l.within++
		defer func() { l.within-- }()
		return l.value(n.Alias)
	case yaml.ScalarNode:
		return l.scalar(n, at), nil
	case yaml.SequenceNode:
		v := &Value{kind: List, at: at, list: make([]*Value, 0, len(n.Content))}
		for _, c := range n.Content {
			item, err := l.value(c)
			if err != nil {
				return nil, err
			}
			v.add(item)
		}
		return l.tagged(n, v, at, false), nil
	case yaml.MappingNode:
		v := &Value{kind: Map, at: at}
		if k := len(n.Content) / 2; k > 0 {
			v.keys, v.vals = make([]*Value, 0, k), make([]*Value, 0, k)
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, err := l.value(n.Content[i])
			if err != nil {
				return nil, err
			}
			if key.kind != String {
				return nil, l.fail(n.Content[i], "a key is "+article(key.kind)+" and no text", "put the key into quotes")
			}
			item, err := l.value(n.Content[i+1])
			if err != nil {
				return nil, err
			}
			v.put(key, item)
		}
		return v, nil
	}
	return nil, l.fail(n, "is no part of a document", "")
}

func (l *loader) scalar(n *yaml.Node, at Position) *Value {
	v := &Value{kind: String, text: n.Value, at: at}
	tagged := n.Style&yaml.TaggedStyle != 0
	plain := n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
	switch {
	case tagged && strings.HasPrefix(n.Tag, "!!"):
		if core := coreTagged(n.Tag, n.Value); core != nil {
			v = core
			v.at = at
		}
		return v
	case tagged:
		inner := v
		if l.aliases && plain { // in a test, !Ref 5 is a number
			inner = l.plain(n.Value)
			inner.at = at
		}
		if l.aliases {
			return l.tagged(n, inner, at, true)
		}
		return l.tagged(n, v, at, true)
	case !plain:
		return v
	}
	v = l.plain(n.Value)
	v.at = at
	return v
}

// coreTagged is what a tag such as !!int says; nil for a text.
func coreTagged(tag, text string) *Value {
	switch tag {
	case "!!bool":
		if text == "true" || text == "false" {
			return &Value{kind: Bool, yes: text == "true"}
		}
	case "!!int":
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return &Value{kind: Int, num: n}
		}
	case "!!float":
		if f, ok := rustFloat(text); ok {
			return &Value{kind: Float, float: f}
		}
	case "!!null":
		return &Value{kind: Null}
	}
	return nil
}

// Short forms that cfn-guard knows, with the key that each stands for; those with a scalar, and those with a list.
var (
	scalarForms = map[string]string{"Ref": "Ref", "Base64": "Fn::Base64", "Sub": "Fn::Sub", "GetAZs": "Fn::GetAZs", "ImportValue": "Fn::ImportValue",
		"GetAtt": "Fn::GetAtt", "Condition": "Condition", "RefAll": "Fn::RefAll"}
	listForms = map[string]string{"GetAtt": "Fn::GetAtt", "Sub": "Fn::Sub", "Select": "Fn::Select", "Split": "Fn::Split", "Join": "Fn::Join",
		"FindInMap": "Fn::FindInMap", "And": "Fn::And", "Equals": "Fn::Equals", "Contains": "Fn::Contains", "EachMemberIn": "Fn::EachMemberIn",
		"EachMemberEquals": "Fn::EachMemberEquals", "ValueOf": "Fn::ValueOf", "If": "Fn::If", "Not": "Fn::Not", "Or": "Fn::Or"}
)

// tagged puts a value under the long form of its tag. Any other tag is passed over.
func (l *loader) tagged(n *yaml.Node, v *Value, at Position, scalar bool) *Value {
	name, short := strings.CutPrefix(n.Tag, "!")
	if !short || n.Style&yaml.TaggedStyle == 0 {
		return v
	}
	long, ok := listForms[name]
	if scalar || l.aliases && !ok {
		long, ok = scalarForms[name]
		if l.aliases && !ok { // tests make no difference between the two
			long, ok = listForms[name]
		}
	}
	if !ok {
		return v
	}
	m := &Value{kind: Map, at: at}
	m.put(&Value{kind: String, text: long, at: at}, v)
	return m
}

// templateScalar is a plain scalar as cfn-guard validate reads it.
func templateScalar(s string) *Value {
	if s == "" {
		return &Value{kind: String}
	}
	if c := s[0]; c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || c == 'i' || c == 'I' || c == 'n' || c == 'N' {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return &Value{kind: Int, num: n}
		}
		if f, ok := rustFloat(s); ok {
			return &Value{kind: Float, float: f}
		}
	}
	switch s {
	case "true", "yes", "on", "y":
		return &Value{kind: Bool, yes: true}
	case "false", "no", "off", "n":
		return &Value{kind: Bool}
	}
	if s == "~" || strings.EqualFold(s, "null") {
		return &Value{kind: Null}
	}
	return &Value{kind: String, text: s}
}

// rustFloat is a number as Rust reads it: decimal, or inf, infinity and nan in any case, with a sign.
func rustFloat(s string) (float64, bool) {
	if s == "" || strings.ContainsAny(s, "_xXpP") || !utf8.ValidString(s) {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, false
	}
	return f, true
}

var (
	coreFloat = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
	coreInt   = regexp.MustCompile(`^([-+]?(0|[1-9][0-9]*)|[-+]?0o[0-7]+|[-+]?0x[0-9a-fA-F]+|[-+]?0b[01]+)$`)
	zeroes    = regexp.MustCompile(`^[-+]?0[0-9]`)
)

// coreScalar is a plain scalar by YAML 1.2, as serde_yaml reads it.
func coreScalar(s string) *Value {
	switch s {
	case "", "~", "null", "Null", "NULL":
		return &Value{kind: Null}
	case "true", "True", "TRUE":
		return &Value{kind: Bool, yes: true}
	case "false", "False", "FALSE":
		return &Value{kind: Bool}
	case ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF":
		f, _ := strconv.ParseFloat(strings.Replace(s, ".", "", 1), 64)
		return &Value{kind: Float, float: f}
	}
	if c := s[0]; c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' {
		switch {
		case zeroes.MatchString(s): // 012 is a text
		case coreInt.MatchString(s):
			if n, err := strconv.ParseInt(s, 0, 64); err == nil {
				return &Value{kind: Int, num: n}
			}
			if n, err := strconv.ParseUint(strings.TrimPrefix(s, "+"), 0, 64); err == nil {
				return &Value{kind: Int, num: int64(n)} // a number above 2^63 wraps, as there
			}
			if f, ok := rustFloat(s); ok {
				return &Value{kind: Float, float: f}
			}
		case coreFloat.MatchString(s):
			if f, ok := rustFloat(s); ok {
				return &Value{kind: Float, float: f}
			}
		}
	}
	return &Value{kind: String, text: s}
}
