package guard

import "strings"

// The places in which clauses stand allow different kinds of them.

// topClause: outside of all rules; a name alone is no clause there.
func (p *parser) topClause() *clause {
	if c := p.typeBlock(); c != nil {
		return c
	}
	if c := p.whenBlock(p.ruleBody); c != nil {
		return c
	}
	return p.innerClause()
}

// ruleClause: directly in a rule.
func (p *parser) ruleClause() *clause {
	if c := p.typeBlock(); c != nil {
		return c
	}
	if c := p.whenBlock(p.ruleBody); c != nil {
		return c
	}
	return p.ruleBody()
}

// ruleBody: in a when block of a rule.
func (p *parser) ruleBody() *clause {
	if c := p.innerClause(); c != nil {
		return c
	}
	return p.named()
}

// innerClause: in a filter, and in the braces of a query or type.
func (p *parser) innerClause() *clause {
	if c := p.whenBlock(p.innerClause); c != nil {
		return c
	}
	if c := p.call(); c != nil {
		return c
	}
	return p.access(true)
}

// condition: after when.
func (p *parser) condition() *clause {
	if c := p.call(); c != nil {
		return c
	}
	if c := p.access(false); c != nil {
		return c
	}
	return p.named()
}

func (p *parser) whenBlock(one func() *clause) *clause {
	p.skip()
	at := p.position(p.i)
	when := p.whens()
	if when == nil {
		return nil
	}
	b := p.blockOf(one)
	if b == nil {
		p.throw(p.i, "expected '{' after the conditions of when"+found(p.afterSpace()), hintFor(p.afterSpace()))
	}
	return &clause{kind: whenClause, at: at, when: when, block: b}
}

// typeBlock is AWS::S3::Bucket [when …] { … }, or with one clause instead of the braces.
func (p *parser) typeBlock() *clause {
	p.skip()
	from := p.i
	name, ok := p.typeName()
	if !ok {
		p.i = from
		return nil
	}
	c := &clause{kind: typeClause, at: p.position(from), typeName: name}
	if !p.skip() && p.peek() != '{' {
		p.throw(p.i, "expected a space after the type "+name+found(p.rest()), "a type is followed by when, by { or by a clause")
	}
	c.when = p.whens()
	if c.block = p.blockOf(p.innerClause); c.block == nil {
		p.skip()
		one := (*clause)(nil)
		if c.when == nil {
			one = p.innerClause()
		}
		if one == nil {
			p.throw(p.i, "expected '{' after the type "+name+found(p.rest()), "a type block is: AWS::S3::Bucket { clauses }")
		}
		c.block = &block{lets: lets{}, lines: [][]*clause{{one}}}
	}
	c.query = &query{text: name, parts: []part{
		{kind: partKey, key: "Resources", text: "Resources", cases: casesOf("Resources")},
		{kind: partValues, text: "*"},
		{kind: partFilter, text: "[ Type == '" + name + "' ]", filter: [][]*clause{{{
			kind: accessClause, at: c.at, text: "Type == '" + name + "'", op: opEq,
			query:   &query{text: "Type", parts: []part{{kind: partKey, key: "Type", text: "Type", cases: casesOf("Type")}}},
			operand: operand{literal: literal(&Value{kind: String, text: name})},
		}}}},
	}}
	return c
}

func (p *parser) typeName() (string, bool) {
	from := p.i
	for n := 1; n <= 3; n++ {
		before := p.i
		if _, ok := p.name(); !ok {
			if n == 3 { // Custom::Thing::, which is no type
				p.i = before - len("::")
			}
			break
		}
		if n == 3 {
			name := p.src[from:p.i]
			p.lit("::MODULE")
			return name, true
		}
		if !p.lit("::") {
			return p.src[from:p.i], n == 2
		}
	}
	return "", false
}

// call is a parameterised rule that is called.
func (p *parser) call() *clause {
	p.skip()
	from := p.i
	c := &clause{kind: callClause, at: p.position(from)}
	c.negated = p.not()
	name, ok := p.name()
	if !ok || !p.lit("(") {
		p.i = from
		return nil
	}
	c.rule = name
	c.args = p.arguments(name)
	c.message = p.message()
	return c
}

// named is a rule referred to by its name. A name that stands alone could be the beginning of anything, so it counts only where the line, or
// what else may follow, shows that nothing more comes.
func (p *parser) named() *clause {
	p.skip()
	from := p.i
	c := &clause{kind: namedClause, at: p.position(from)}
	c.negated = p.not()
	name, ok := p.name()
	if !ok {
		p.expected("a clause")
		p.i = from
		return nil
	}
	c.rule = name
	end := p.i
	p.blanks()
	switch {
	case p.eof(), strings.ContainsRune("\r\n#{}", rune(p.peek())):
		p.i = end
		return c
	case strings.HasPrefix(p.rest(), "<<"):
		c.message = p.message()
		return c
	}
	if p.skip(); p.word("or", "OR") || p.lit("|OR|") {
		p.i = end
		return c
	}
	p.i = end
	p.blanks()
	p.throw(p.i, "expected an operator after "+name+found(p.rest()), hintFor(p.rest()))
	return nil
}

// access is a clause on what a query selects; with blocks also query { … }.
func (p *parser) access(blocks bool) *clause {
	p.skip()
	from := p.i
	c := &clause{kind: accessClause, at: p.position(from)}
	c.negated = p.not()
	p.skip()
	q := p.query()
	if q == nil {
		p.expected("a clause")
		p.i = from
		return nil
	}
	c.query = q
	after := p.i
	if blocks && !c.negated {
		p.skip()
		if p.not() && p.word("empty", "EMPTY") && p.mark('{') {
			c.nonEmpty = true
			p.i--
		} else {
			p.i = after
		}
		if b := p.blockOf(p.innerClause); b != nil {
			c.kind, c.block = blockClause, b
			return c
		}
		p.i = after
	}
	p.skip()
	ok := false
	if c.op, c.not, ok = p.operator(); !ok {
		p.expected("an operator")
		p.i = from
		return nil
	}
	if !c.op.unary() {
		if c.operand, ok = p.operandOf(); !ok {
			p.throw(p.i, "expected a value or a query after "+c.op.String()+found(p.rest()), valueHint(p.rest()))
		}
	}
	c.text = oneLine(p.src[from:p.i])
	c.message = p.message()
	return c
}

func valueHint(rest string) string {
	if strings.HasPrefix(rest, "/") {
		return "a regular expression stands between slashes on one line; a slash in it is written \\/"
	}
	return "a text stands in quotes; a list in [ ]; a map in { }; a variable begins with %"
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (p *parser) operator() (op operator, not, ok bool) {
	from := p.i
	switch {
	case strings.HasPrefix(p.rest(), "<<"): // a message
		return
	case p.lit("=="):
		return opEq, false, true
	case p.lit("!="):
		return opEq, true, true
	case p.lit(">="):
		return opGe, false, true
	case p.lit("<="):
		return opLe, false, true
	case p.lit(">"):
		return opGt, false, true
	case p.lit("<"):
		return opLt, false, true
	}
	not = p.not()
	for op, words := range operatorWords {
		if words[0] != "" && p.word(words[0], words[1]) {
			return operator(op), not, true
		}
	}
	p.i = from
	return 0, false, false
}

var operatorWords = [...][2]string{
	opIn: {"in", "IN"}, opExists: {"exists", "EXISTS"}, opEmpty: {"empty", "EMPTY"}, opIsString: {"is_string", "IS_STRING"},
	opIsList: {"is_list", "IS_LIST"}, opIsStruct: {"is_struct", "IS_STRUCT"}, opIsBool: {"is_bool", "IS_BOOL"}, opIsInt: {"is_int", "IS_INT"},
	opIsFloat: {"is_float", "IS_FLOAT"}, opIsNull: {"is_null", "IS_NULL"},
}

// message is <<…>>, if it follows.
func (p *parser) message() string {
	from := p.i
	p.skip()
	if !p.lit("<<") {
		p.i = from
		return ""
	}
	end := strings.Index(p.rest(), ">>")
	if end < 0 {
		p.throw(p.i-2, "this message is never closed", "a message stands between << and >>")
	}
	text := p.rest()[:end]
	p.i += end + 2
	return text
}
