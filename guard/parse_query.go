package guard

import "strconv"

// query is a way through a document: Resources.*[ Type == 'AWS::S3::Bucket' ].Properties; nil if none begins here.
func (p *parser) query() *query {
	p.skip()
	from := p.i
	q := &query{}
	if p.word("some", "SOME") {
		if p.skip() {
			q.some = true
		} else {
			p.i = from
		}
	}
	text := p.i
	first, ok := p.firstPart()
	if !ok {
		p.i = from
		return nil
	}
	q.parts = append(q.parts, first)
	for {
		next, ok := p.part()
		if !ok {
			break
		}
		if len(q.parts) == 1 && first.variable != "" && next.kind != partAll {
			// %x.Properties asks each value of the variable: it is %x[*].Properties.
			q.parts = append(q.parts, part{kind: partAll, text: "[*]"})
		}
		q.parts = append(q.parts, next)
	}
	q.text = oneLine(p.src[text:p.i])
	return q
}

func (p *parser) firstPart() (part, bool) {
	if p.word("this", "THIS") {
		return part{kind: partThis, text: "this"}, true
	}
	if v, ok := p.variable(); ok {
		return part{kind: partKey, text: "%" + v, key: "%" + v, variable: v}, true
	}
	return p.property()
}

// property is a name or a text in quotes.
func (p *parser) property() (part, bool) {
	name, ok := p.name()
	if !ok {
		if name, ok = p.quoted(); !ok {
			return part{}, false
		}
	}
	return keyPart(name), true
}

func keyPart(name string) part {
	k := part{kind: partKey, text: name, key: name}
	if n, err := strconv.ParseInt(name, 10, 64); err == nil {
		k.numeric, k.index = true, n
		return k
	}
	if len(name) > 1 && name[0] == '%' {
		k.variable = name[1:]
		return k
	}
	k.cases = casesOf(name)
	return k
}

func (p *parser) part() (part, bool) {
	from := p.i
	p.skip()
	if p.lit(".") {
		if n, ok := p.integer(); ok {
			return part{kind: partIndex, text: strconv.FormatInt(n, 10), index: n}, true
		}
		if k, ok := p.property(); ok {
			return k, true
		}
		if v, ok := p.variable(); ok {
			return part{kind: partKey, text: "%" + v, key: "%" + v, variable: v}, true
		}
		if p.lit("*") {
			return part{kind: partValues, text: "*"}, true
		}
		p.expected("a name, an index or * after the dot")
		p.i = from
		return part{}, false
	}
	if p.peek() == '[' {
		p.i++
		p.down()
		defer p.up()
		open := p.i
		k := p.brackets()
		k.text = "[" + oneLine(p.src[open:p.i])
		return k, true
	}
	p.i = from
	return part{}, false
}

// brackets is what stands behind '[': *, a name to capture keys in, an index, a key, a test of keys, or a filter.
func (p *parser) brackets() part {
	from := p.i
	if p.skip(); p.lit("*") && p.mark(']') {
		return part{kind: partAll}
	}
	p.i = from
	if n, ok := p.name(); ok && p.mark(']') {
		return part{kind: partAll, capture: n}
	}
	p.i = from
	if n, ok := p.integer(); ok {
		if !p.mark(']') {
			p.throw(p.i, "expected ']' after the index"+found(p.rest()), "")
		}
		return part{kind: partIndex, index: n}
	}
	if k, ok := p.quoted(); ok && p.mark(']') {
		return keyPart(k)
	}
	p.i = from
	p.skip()
	if n, ok := p.name(); ok && p.mark(']') {
		return part{kind: partValues, capture: n}
	}
	p.i = from
	capture := p.capture()
	if k, ok := p.keyTest(); ok {
		k.capture = capture
		return k
	}
	k := part{kind: partFilter, capture: capture, filter: p.lines(p.innerClause, "a clause in the filter")}
	if p.skip(); !p.lit("]") {
		p.unexpectedIn("']' after the filter")
	}
	return k
}

// capture is "name |": the keys for which the filter holds become the values of that variable.
func (p *parser) capture() string {
	from := p.i
	p.skip()
	if n, ok := p.name(); ok {
		p.blanks()
		if p.peek() == '|' && p.i+1 < len(p.src) && p.src[p.i+1] != 'O' {
			p.i++
			return n
		}
	}
	p.i = from
	return ""
}

func (p *parser) keyTest() (part, bool) {
	from := p.i
	p.skip()
	if !p.word("keys", "KEYS") {
		p.i = from
		return part{}, false
	}
	p.skip()
	k := part{kind: partKeyTest}
	op, not, ok := p.operator()
	if !ok || op != opEq && op != opIn {
		p.throw(p.i, "expected ==, !=, in or not in after keys"+found(p.rest()), "keys are tested so: Condition[ keys == /^aws:/ ]")
	}
	k.keyOp, k.keyNot = op, not
	if k.keys, ok = p.operandOf(); !ok || k.keys.call != nil {
		p.throw(p.i, "expected a value or a query to test the keys with"+found(p.rest()), valueHint(p.rest()))
	}
	if p.skip(); !p.lit("]") {
		p.unexpectedIn("']' after the test of the keys")
	}
	return k, true
}
