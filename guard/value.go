package guard

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Kind says what a Value is.
type Kind uint8

// The kinds of values. Documents hold the first seven; the others are written in rules or made by functions.
const (
	Null Kind = iota
	String
	Bool
	Int
	Float
	List
	Map
	Regex
	Char
	Range
)

func (k Kind) String() string {
	return [...]string{"null", "string", "boolean", "integer", "float", "list", "map", "regular expression", "character", "range"}[k]
}

// Position is a place in a file, counted from 1. The zero Position is nowhere.
type Position struct {
	Line, Column int
}

func (p Position) String() string {
	if p.Line == 0 {
		return "-"
	}
	return strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
}

// Value is a value of a document or of a rule. It knows where it stands, so that what failed can be shown. Values are not changed after they
// are made and may be read by many goroutines.
type Value struct {
	kind   Kind
	yes    bool    // Bool
	num    int64   // Int, Char
	float  float64 // Float
	text   string  // String, Regex
	list   []*Value
	keys   []*Value // Map: the keys in order, as strings with their own positions
	vals   []*Value
	index  map[string]int // Map: where a key stands; nil while there are few
	span   *span          // Range
	regex  *regex         // Regex
	parent *Value
	step   string // the key or index that leads here from parent
	at     Position
}

// span is r[1,5): two bounds of one kind, and whether they belong to it.
type span struct {
	low, high         *Value
	withLow, withHigh bool
}

// fewKeys is how many keys are found faster by looking at each of them than in a map.
const fewKeys = 8

// Kind says what the value is.
func (v *Value) Kind() Kind { return v.kind }

// At is the value's place in its document.
func (v *Value) At() Position { return v.at }

// Path is the way from the document's root to the value, such as /Resources/Logs/Properties/BucketName. The root is "".
func (v *Value) Path() string {
	if v == nil || v.parent == nil {
		return ""
	}
	return v.parent.Path() + "/" + v.step
}

// Get is the value of a key, or nil.
func (v *Value) Get(key string) *Value {
	if v == nil || v.kind != Map {
		return nil
	}
	if v.index != nil {
		if i, ok := v.index[key]; ok {
			return v.vals[i]
		}
		return nil
	}
	for i, k := range v.keys {
		if k.text == key {
			return v.vals[i]
		}
	}
	return nil
}

// Keys are the keys of a map, in the document's order.
func (v *Value) Keys() []string {
	out := make([]string, len(v.keys))
	for i, k := range v.keys {
		out[i] = k.text
	}
	return out
}

// Items are the elements of a list, or the values of a map in the order of Keys.
func (v *Value) Items() []*Value {
	if v.kind == Map {
		return v.vals
	}
	return v.list
}

// Text is the text of a string or regular expression, and "" for every other kind.
func (v *Value) Text() string { return v.text }

// put sets a key; a key that is there already keeps its place and gets the new value.
func (v *Value) put(key, val *Value) {
	val.parent, val.step = v, key.text
	key.parent, key.step = v, key.text
	if v.index == nil && len(v.keys) >= fewKeys {
		v.index = make(map[string]int, 2*fewKeys)
		for i, k := range v.keys {
			v.index[k.text] = i
		}
	}
	if v.index != nil {
		if i, ok := v.index[key.text]; ok {
			v.vals[i] = val
			return
		}
		v.index[key.text] = len(v.keys)
	} else {
		for i, k := range v.keys {
			if k.text == key.text {
				v.vals[i] = val
				return
			}
		}
	}
	v.keys = append(v.keys, key)
	v.vals = append(v.vals, val)
}

func (v *Value) add(item *Value) {
	item.parent, item.step = v, strconv.Itoa(len(v.list))
	v.list = append(v.list, item)
}

// like is a new value that stands where v stands: what a function made of it.
func (v *Value) like(n Value) *Value {
	n.parent, n.step, n.at = v.parent, v.step, v.at
	return &n
}

func (v *Value) scalar() bool { return v.kind != List && v.kind != Map }

// String is the value as a person would write it in a rule, on one line.
func (v *Value) String() string {
	var b strings.Builder
	v.write(&b)
	return b.String()
}

func (v *Value) write(b *strings.Builder) {
	switch v.kind {
	case Null:
		b.WriteString("null")
	case Bool:
		b.WriteString(strconv.FormatBool(v.yes))
	case Int:
		b.WriteString(strconv.FormatInt(v.num, 10))
	case Float:
		b.WriteString(floatText(v.float))
	case String:
		b.WriteString(strconv.Quote(v.text))
	case Char:
		b.WriteString(strconv.QuoteRune(rune(v.num)))
	case Regex:
		b.WriteString("/" + strings.ReplaceAll(v.text, "/", `\/`) + "/")
	case List:
		b.WriteByte('[')
		for i, e := range v.list {
			if i > 0 {
				b.WriteString(", ")
			}
			e.write(b)
		}
		b.WriteByte(']')
	case Map:
		b.WriteByte('{')
		for i, e := range v.vals {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(strconv.Quote(v.keys[i].text) + ": ")
			e.write(b)
		}
		b.WriteByte('}')
	case Range:
		open, shut := "(", ")"
		if v.span.withLow {
			open = "["
		}
		if v.span.withHigh {
			shut = "]"
		}
		fmt.Fprintf(b, "r%s%s, %s%s", open, v.span.low, v.span.high, shut)
	}
}

// floatText is a float as parse_string writes it: without an exponent, as the Rust program does.
func floatText(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// Of makes a Value of what encoding/json gives: nil, bool, numbers, string, []any, map[string]any (in the order of its keys). It fails for
// anything else.
func Of(from any) (*Value, error) { return of(from, 0) }

func of(from any, depth int) (*Value, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("the value is nested more than %d levels deep", maxDepth)
	}
	switch x := from.(type) {
	case nil:
		return &Value{kind: Null}, nil
	case bool:
		return &Value{kind: Bool, yes: x}, nil
	case string:
		return &Value{kind: String, text: x}, nil
	case int:
		return &Value{kind: Int, num: int64(x)}, nil
	case int64:
		return &Value{kind: Int, num: x}, nil
	case float64:
		// encoding/json reads every number as a float; a whole number was written as one.
		if i, ok := whole(x); ok {
			return &Value{kind: Int, num: i}, nil
		}
		return &Value{kind: Float, float: x}, nil
	case []any:
		v := &Value{kind: List}
		for _, e := range x {
			item, err := of(e, depth+1)
			if err != nil {
				return nil, err
			}
			v.add(item)
		}
		return v, nil
	case map[string]any:
		v := &Value{kind: Map}
		for _, k := range sortedKeys(x) {
			item, err := of(x[k], depth+1)
			if err != nil {
				return nil, err
			}
			v.put(&Value{kind: String, text: k}, item)
		}
		return v, nil
	}
	return nil, fmt.Errorf("a value of Go type %T is no part of a document", from)
}

// Merge lays a document over parameters, as the flag -i of cfn-guard does: lists are joined, maps are united, and a key that both have is an
// error. Neither argument is changed.
func Merge(params, doc *Value) (*Value, error) {
	switch {
	case params.kind == List && doc.kind == List:
		out := &Value{kind: List, at: doc.at}
		for _, e := range params.list {
			out.add(graft(e))
		}
		for _, e := range doc.list {
			out.add(graft(e))
		}
		return out, nil
	case params.kind == Map && doc.kind == Map:
		out := &Value{kind: Map, at: doc.at}
		for i, k := range params.keys {
			out.put(graft(k), graft(params.vals[i]))
		}
		for i, k := range doc.keys {
			if out.Get(k.text) != nil {
				return nil, fmt.Errorf("the key %q stands in the document and in the parameters", k.text)
			}
			out.put(graft(k), graft(doc.vals[i]))
		}
		return out, nil
	}
	return nil, fmt.Errorf("parameters that are a %s cannot be merged with a document that is a %s", params.kind, doc.kind)
}

// graft is a shallow copy that may get another parent. What stands below it keeps the old one, whose path is the same: a step from a root.
func graft(v *Value) *Value {
	c := *v
	return &c
}
