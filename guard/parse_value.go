package guard

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

func literal(v *Value) []result { return []result{{value: v, literal: true}} }

// operandOf is a value, a function or a query: what stands right of an operator, of an assignment, and between the parentheses of a call.
func (p *parser) operandOf() (operand, bool) {
	from := p.i
	if v := p.value(); v != nil {
		return operand{literal: literal(v)}, true
	}
	p.skip()
	if c := p.function(); c != nil {
		return operand{call: c}, true
	}
	if q := p.query(); q != nil {
		return operand{query: q}, true
	}
	p.i = from
	p.skip()
	return operand{}, false
}

func (p *parser) function() *call {
	from := p.i
	name, ok := p.name()
	if !ok || !p.lit("(") {
		p.i = from
		return nil
	}
	fn, known := functions[name]
	if !known {
		p.throw(from, "there is no function "+name, "the functions are "+strings.Join(sortedKeys(functions), ", "))
	}
	c := &call{at: p.position(from), name: name, fn: fn}
	c.args = p.arguments(name)
	if len(c.args) != fn.args {
		p.throw(from, name+" takes "+plural(fn.args, "argument")+", and "+strconv.Itoa(len(c.args))+" are given", "")
	}
	return c
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// arguments are what follows an opening parenthesis, with the closing one.
func (p *parser) arguments(of string) []operand {
	p.down()
	defer p.up()
	var out []operand
	if p.skip(); p.lit(")") {
		return out
	}
	for {
		o, ok := p.operandOf()
		if !ok {
			p.throw(p.i, "expected an argument of "+of+found(p.rest()), valueHint(p.rest()))
		}
		out = append(out, o)
		p.skip()
		if p.lit(",") {
			continue
		}
		if !p.lit(")") {
			p.throw(p.i, "expected ',' or ')' in the call of "+of+found(p.rest()), "")
		}
		return out
	}
}

// value is a literal; nil if none begins here.
func (p *parser) value() *Value {
	from := p.i
	p.skip()
	switch {
	case p.word("null", "NULL", "Null"):
		return &Value{kind: Null}
	case p.word("true", "True", "TRUE"):
		return &Value{kind: Bool, yes: true}
	case p.word("false", "False", "FALSE"):
		return &Value{kind: Bool}
	}
	if s, ok := p.quoted(); ok {
		return &Value{kind: String, text: s}
	}
	if v := p.number(); v != nil {
		return v
	}
	switch {
	case p.peek() == '/':
		return p.regex()
	case strings.HasPrefix(p.rest(), "r[") || strings.HasPrefix(p.rest(), "r("):
		return p.span()
	case p.peek() == '[':
		return p.list()
	case p.peek() == '{':
		return p.object()
	}
	p.i = from
	return nil
}

// quoted is a text in single or double quotes. The only escape is a backslash before the quote; it ends the text nowhere else, not even after
// another backslash.
func (p *parser) quoted() (string, bool) {
	quote := p.peek()
	if quote != '"' && quote != '\'' {
		return "", false
	}
	from := p.i
	p.i++
	var b strings.Builder
	for {
		end := strings.IndexByte(p.rest(), quote)
		if end < 0 {
			p.throw(from, "this text is never closed", "a text ends with the quote that it begins with")
		}
		piece := p.rest()[:end]
		p.i += end + 1
		if body, escaped := strings.CutSuffix(piece, `\`); escaped {
			b.WriteString(body)
			b.WriteByte(quote)
			continue
		}
		b.WriteString(piece)
		return b.String(), true
	}
}

func (p *parser) digits() bool {
	from := p.i
	for !p.eof() && p.src[p.i] >= '0' && p.src[p.i] <= '9' {
		p.i++
	}
	return p.i > from
}

// integer is a whole number, with a sign if it is negative.
func (p *parser) integer() (int64, bool) {
	from := p.i
	p.lit("-")
	if !p.digits() {
		p.i = from
		return 0, false
	}
	p.ends(from)
	n, err := strconv.ParseInt(p.src[from:p.i], 10, 64)
	if err != nil {
		p.throw(from, "the number "+p.src[from:p.i]+" is too large", "numbers have 64 bits")
	}
	return n, true
}

// ends refuses a number that runs on into a name: 1e5x and 12abc are typing errors, not two clauses.
func (p *parser) ends(from int) {
	if r, _ := utf8.DecodeRuneInString(p.rest()); !p.eof() && wordRune(r) {
		p.throw(from, "a number runs on into a name"+found(p.src[from:]), "a text stands in quotes")
	}
}

func (p *parser) number() *Value {
	from := p.i
	p.lit("-")
	if !p.digits() {
		p.i = from
		return nil
	}
	float := false
	whole := p.i
	if p.lit(".") {
		if p.digits() {
			float = true
		} else {
			p.i = whole
		}
	}
	mantissa := p.i
	if p.lit("e") || p.lit("E") {
		if !p.lit("+") {
			p.lit("-")
		}
		if p.digits() {
			float = true
		} else {
			p.i = mantissa
		}
	}
	if !float {
		p.i = from
		n, _ := p.integer()
		return &Value{kind: Int, num: n}
	}
	p.ends(from)
	f, err := strconv.ParseFloat(p.src[from:p.i], 64)
	if err != nil {
		p.throw(from, "the number "+p.src[from:p.i]+" is too large", "")
	}
	return &Value{kind: Float, float: f}
}

// regex is /…/, on which a backslash before a slash makes it part of the expression.
func (p *parser) regex() *Value {
	from := p.i
	p.i++
	var b strings.Builder
	for {
		end := strings.IndexByte(p.rest(), '/')
		if end == 0 && b.Len() == 0 {
			p.i = from
			return nil
		}
		if end < 0 {
			p.throw(from, "this regular expression is never closed", "a slash in it is written \\/")
		}
		piece := p.rest()[:end]
		p.i += end + 1
		if body, escaped := strings.CutSuffix(piece, `\`); escaped {
			b.WriteString(body)
			b.WriteByte('/')
			continue
		}
		b.WriteString(piece)
		re, err := compile(b.String())
		if err != nil {
			p.throw(from, "the regular expression cannot be read: "+err.Error(), "")
		}
		return &Value{kind: Regex, text: b.String(), regex: re}
	}
}

func (p *parser) span() *Value {
	from := p.i
	p.i++
	s := &span{withLow: p.peek() == '['}
	p.i++
	s.low = p.bound(from)
	if !p.lit(",") {
		p.throw(p.i, "expected ',' between the bounds of a range"+found(p.rest()), "a range is r[1, 5], or r(1, 5) without its bounds")
	}
	s.high = p.bound(from)
	switch {
	case p.lit("]"):
		s.withHigh = true
	case p.lit(")"):
	default:
		p.throw(p.i, "expected ']' or ')' after the range"+found(p.rest()), "a range is r[1, 5], or r(1, 5) without its bounds")
	}
	if s.low.kind != s.high.kind {
		p.throw(from, "the bounds of a range are of two kinds: "+s.low.kind.String()+" and "+s.high.kind.String(), "write both as whole numbers, or both with a point")
	}
	return &Value{kind: Range, span: s}
}

func (p *parser) bound(from int) *Value {
	p.blanks()
	v := p.number()
	if v == nil {
		r, n := utf8.DecodeRuneInString(p.rest())
		if n == 0 {
			p.throw(from, "this range is never closed", "")
		}
		p.i += n
		v = &Value{kind: Char, num: int64(r)}
	}
	p.blanks()
	return v
}

func (p *parser) list() *Value {
	p.down()
	defer p.up()
	open := p.i
	p.i++
	v := &Value{kind: List}
	if p.mark(']') {
		return v
	}
	for {
		item := p.value()
		if item == nil {
			p.skip()
			p.throw(p.i, "expected a value in the list"+found(p.rest()), "a list holds values only; a query or %variable stands by itself")
		}
		v.add(item)
		if p.mark(',') {
			continue
		}
		if !p.mark(']') {
			p.skip()
			if p.eof() {
				p.throw(open, "this '[' is never closed", "")
			}
			p.throw(p.i, "expected ',' or ']' in the list"+found(p.rest()), valueHint(""))
		}
		return v
	}
}

func (p *parser) object() *Value {
	p.down()
	defer p.up()
	open := p.i
	p.i++
	v := &Value{kind: Map}
	if p.mark('}') {
		return v
	}
	for {
		p.skip()
		key, ok := p.quoted()
		if !ok {
			from := p.i
			for j, r := range p.rest() {
				if !wordRune(r) && r != '-' || r > unicode.MaxRune {
					break
				}
				p.i = from + j + utf8.RuneLen(r)
			}
			if key = p.src[from:p.i]; key == "" {
				p.throw(p.i, "expected a key in the map"+found(p.rest()), "a map is { key: value, 'other key': value }")
			}
		}
		if !p.mark(':') {
			p.throw(p.i, "expected ':' after the key "+key+found(p.afterSpace()), "a map is { key: value, 'other key': value }")
		}
		item := p.value()
		if item == nil {
			p.skip()
			p.throw(p.i, "expected the value of the key "+key+found(p.rest()), valueHint(p.rest()))
		}
		v.put(&Value{kind: String, text: key}, item)
		if p.mark(',') {
			continue
		}
		if !p.mark('}') {
			p.skip()
			if p.eof() {
				p.throw(open, "this '{' is never closed", "")
			}
			p.throw(p.i, "expected ',' or '}' in the map"+found(p.rest()), "")
		}
		return v
	}
}
