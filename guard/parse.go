package guard

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDepth is how deep rules, values and documents may be nested, and how deep rules may call one another.
const maxDepth = 200

// Parse reads a rule file. The name stands in errors and in results. A file without any rule is no error. The error is an *Error.
//
// The grammar is that of cfn-guard 3.2.1. A few things that it refuses by accident are accepted: a rule's name before a closing brace, and a
// type block whose brace follows without a space.
func Parse(file string, src []byte) (rules *Rules, err error) {
	if !utf8.Valid(src) {
		return nil, &Error{File: file, Sentence: "the rule file is not UTF-8 text"}
	}
	p := newParser(string(src))
	defer func() {
		switch e := recover().(type) {
		case nil:
		case *syntaxError:
			rules, err = nil, &Error{File: file, At: p.position(e.at), Sentence: e.says, Hinted: e.hint}
		default:
			panic(e)
		}
	}()
	rules = p.file()
	rules.file = file
	return rules, nil
}

// syntaxError is thrown by the parser and caught in Parse: nothing that calls itself so deeply has to hand errors on.
type syntaxError struct {
	at         int
	says, hint string
}

// parser is a recursive descent over the text. Its functions return false, with the place unchanged, where what they read does not begin;
// where it begins and is wrong, they throw.
type parser struct {
	src    string
	i      int
	begins []int // where each line begins
	depth  int
	far    int    // the furthest place at which something else was expected
	want   string // what it was
}

func newParser(src string) *parser {
	p := &parser{src: src, begins: []int{0}}
	for i := 0; i < len(src); i++ {
		if src[i] == '\n' {
			p.begins = append(p.begins, i+1)
		}
	}
	return p
}

func (p *parser) throw(at int, says, hint string) { panic(&syntaxError{at, says, hint}) }

func (p *parser) position(at int) Position {
	line, on := slices.BinarySearch(p.begins, at)
	if on {
		line++
	}
	start := p.begins[line-1]
	return Position{line, utf8.RuneCountInString(p.src[start:min(at, len(p.src))]) + 1}
}

func (p *parser) expected(what string) {
	if p.i >= p.far {
		p.far, p.want = p.i, what
	}
}

func (p *parser) down() {
	if p.depth++; p.depth > maxDepth {
		p.throw(p.i, "the rules are nested too deeply", "a named rule, called from here, says the same in fewer braces")
	}
}

func (p *parser) up() { p.depth-- }

func (p *parser) eof() bool { return p.i >= len(p.src) }

func (p *parser) peek() byte {
	if p.eof() {
		return 0
	}
	return p.src[p.i]
}

func (p *parser) rest() string { return p.src[p.i:] }

// skip passes over white space and comments, and says whether there was any.
func (p *parser) skip() bool {
	from := p.i
	for !p.eof() {
		switch p.src[p.i] {
		case ' ', '\t', '\n', '\r':
			p.i++
		case '#':
			end := strings.IndexByte(p.rest(), '\n')
			if end < 0 {
				p.i = len(p.src)
			} else {
				p.i += end
			}
		default:
			return p.i > from
		}
	}
	return p.i > from
}

func (p *parser) blanks() {
	for !p.eof() && (p.src[p.i] == ' ' || p.src[p.i] == '\t') {
		p.i++
	}
}

// lit takes the text if it comes next.
func (p *parser) lit(s string) bool {
	if strings.HasPrefix(p.rest(), s) {
		p.i += len(s)
		return true
	}
	return false
}

func wordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) }

// word takes one of the words if it comes next and does not run on into a longer name.
func (p *parser) word(words ...string) bool {
	for _, w := range words {
		if after, ok := strings.CutPrefix(p.rest(), w); ok {
			if r, _ := utf8.DecodeRuneInString(after); after == "" || !wordRune(r) {
				p.i += len(w)
				return true
			}
		}
	}
	return false
}

// mark takes the character if it comes next, after white space and comments.
func (p *parser) mark(c byte) bool {
	from := p.i
	p.skip()
	if p.peek() == c && !p.eof() {
		p.i++
		return true
	}
	p.expected("'" + string(c) + "'")
	p.i = from
	return false
}

// name is a letter, and letters, digits and underscores.
func (p *parser) name() (string, bool) {
	from := p.i
	for j, r := range p.rest() {
		ascii := r < utf8.RuneSelf && unicode.IsLetter(r)
		if j == 0 && !ascii || !wordRune(r) {
			p.i = from + j
			break
		}
		p.i = from + j + utf8.RuneLen(r)
	}
	return p.src[from:p.i], p.i > from
}

func (p *parser) variable() (string, bool) {
	from := p.i
	if p.lit("%") {
		if n, ok := p.name(); ok {
			return n, true
		}
	}
	p.i = from
	return "", false
}

// not takes a leading not, NOT or !.
func (p *parser) not() bool {
	from := p.i
	if p.word("not", "NOT") {
		if c := p.peek(); c == ' ' || c == '\t' {
			p.blanks()
			return true
		}
		p.i = from
		return false
	}
	return p.lit("!")
}

func (p *parser) file() *Rules {
	out := &Rules{lets: lets{}, byName: map[string][]*rule{}, params: map[string]*rule{}}
	var loose *rule // what stands outside of all rules
	for p.skip(); !p.eof(); p.skip() {
		at := p.position(p.i)
		if p.assignment(out.lets) {
			continue
		}
		if r := p.rule(); r != nil {
			if r.params != nil {
				out.params[r.name] = r
			} else {
				out.rules = append(out.rules, r)
			}
			continue
		}
		line := p.line(p.topClause)
		if line == nil {
			p.unexpected()
		}
		if loose == nil {
			loose = &rule{name: "default", at: at, block: &block{lets: lets{}}}
		}
		loose.block.lines = append(loose.block.lines, line)
	}
	if loose != nil {
		out.rules = append([]*rule{loose}, out.rules...)
	}
	for _, r := range out.rules {
		out.byName[r.name] = append(out.byName[r.name], r)
	}
	return out
}

// unexpected throws what is known of the furthest place that was reached.
func (p *parser) unexpected() {
	at := max(p.i, p.far)
	if at > p.i && at == p.far && p.want != "" {
		p.throw(at, "expected "+p.want+found(p.src[at:]), hintFor(p.src[at:]))
	}
	p.throw(p.i, "expected a rule, an assignment or a clause"+found(p.rest()), hintFor(p.rest()))
}

func found(rest string) string {
	line, _, _ := strings.Cut(rest, "\n")
	line = oneLine(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, line))
	if line == "" {
		if rest == "" {
			return ", and the file ends"
		}
		return ", and the line ends"
	}
	if r := []rune(line); len(r) > 30 {
		line = string(r[:30]) + "…"
	}
	return ", and found " + line
}

func hintFor(rest string) string {
	switch {
	case strings.HasPrefix(rest, "="):
		return "values are compared with =="
	case strings.HasPrefix(rest, "&&"), strings.HasPrefix(rest, "and "), strings.HasPrefix(rest, "AND "):
		return "clauses that must all hold stand one a line; there is no word between them"
	case strings.HasPrefix(rest, "||"):
		return "alternatives are joined with or"
	case strings.HasPrefix(rest, "//"), strings.HasPrefix(rest, "/*"):
		return "a comment begins with #"
	case strings.HasPrefix(rest, "is_"), strings.HasPrefix(rest, "IS_"):
		return "the tests are is_string, is_list, is_struct, is_bool, is_int, is_float and is_null"
	}
	return "a clause is a query, an operator and a value: Properties.Encrypted == true"
}

func (p *parser) assignment(into lets) bool {
	from := p.i
	if !p.lit("let") || !p.skip() {
		p.i = from
		return false
	}
	name, ok := p.name()
	if !ok {
		p.i = from
		return false
	}
	p.skip()
	if !p.lit(":=") && (strings.HasPrefix(p.rest(), "==") || !p.lit("=")) {
		p.throw(p.i, "expected = or := after the name "+name, "an assignment is: let name = value")
	}
	o, ok := p.operandOf()
	if !ok {
		p.throw(p.i, "expected a value, a query or a function"+found(p.rest()), "an assignment is: let name = value")
	}
	l := into[name]
	if l == nil {
		l = &let{}
		into[name] = l
	}
	switch {
	case o.literal != nil:
		l.literal = o.literal
	case o.call != nil:
		l.call = o.call
	default:
		l.query = o.query
	}
	return true
}

func (p *parser) rule() *rule {
	from := p.i
	if !p.word("rule") || !p.skip() {
		p.i = from
		return nil
	}
	at := p.position(from)
	name, ok := p.name()
	if !ok {
		p.throw(p.i, "expected the name of a rule"+found(p.rest()), "a name is a letter, then letters, digits and underscores")
	}
	r := &rule{name: name, at: at}
	if p.lit("(") {
		r.params = p.parameters()
	} else {
		r.when = p.whens()
	}
	p.depth = 0
	if r.block = p.blockOf(p.ruleClause); r.block == nil {
		p.throw(p.i, "expected '{' after the head of rule "+name+found(p.afterSpace()), "a rule is: rule name { clauses } or: rule name when conditions { clauses }")
	}
	return r
}

func (p *parser) afterSpace() string {
	p.skip()
	return p.rest()
}

func (p *parser) parameters() []string {
	names := []string{}
	for {
		p.skip()
		n, ok := p.name()
		if !ok {
			p.throw(p.i, "expected the name of a parameter"+found(p.rest()), "parameters are names: rule within(limit, values) { … }")
		}
		names = append(names, n)
		p.skip()
		if p.lit(",") {
			continue
		}
		if !p.lit(")") {
			p.throw(p.i, "expected ',' or ')' after the parameter "+n+found(p.rest()), "")
		}
		return names
	}
}

// blockOf is { assignments and lines of clauses }; nil if no brace follows.
func (p *parser) blockOf(one func() *clause) *block {
	if !p.mark('{') {
		return nil
	}
	p.down()
	defer p.up()
	open := p.i - 1
	b := &block{lets: lets{}}
	any := false
	for {
		p.skip()
		if p.assignment(b.lets) {
			any = true
			continue
		}
		line := p.line(one)
		if line == nil {
			break
		}
		any = true
		b.lines = append(b.lines, line)
	}
	p.skip()
	if !p.lit("}") {
		if p.eof() {
			p.throw(open, "this '{' is never closed", "")
		}
		p.unexpectedIn("a clause or '}'")
	}
	if !any {
		p.throw(open, "a block without any clause", "a rule that is still empty can hold: Resources exists")
	}
	return b
}

func (p *parser) unexpectedIn(what string) {
	if p.far > p.i && p.want != "" {
		p.unexpected()
	}
	p.throw(p.i, "expected "+what+found(p.rest()), hintFor(p.rest()))
}

// line is clauses joined with or; nil if none begins here.
func (p *parser) line(one func() *clause) []*clause {
	c := one()
	if c == nil {
		return nil
	}
	out := []*clause{c}
	for {
		from := p.i
		p.skip()
		if !p.word("or", "OR") && !p.lit("|OR|") || !p.skip() {
			p.i = from
			return out
		}
		if c = one(); c == nil {
			p.throw(p.i, "expected a clause after or"+found(p.rest()), hintFor(p.rest()))
		}
		out = append(out, c)
	}
}

// whens are the conditions after when; nil if the word does not follow.
func (p *parser) whens() [][]*clause {
	from := p.i
	p.skip()
	if !p.word("when", "WHEN") {
		p.i = from
		return nil
	}
	p.skip()
	return p.lines(p.condition, "a condition after when")
}

// lines are one or more lines that all must hold.
func (p *parser) lines(one func() *clause, what string) [][]*clause {
	var out [][]*clause
	for {
		from := p.i
		p.skip()
		line := p.line(one)
		if line == nil {
			if out == nil {
				p.unexpectedIn(what)
			}
			p.i = from
			return out
		}
		out = append(out, line)
	}
}
