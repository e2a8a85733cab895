package guard

import "strings"

// access is a clause on the values that a query selects.
func (ev *evaluation) access(c *clause, s *scope, gate bool) (Status, error) {
	before := len(ev.failures)
	var t tally
	var err error
	if c.op.unary() {
		t, err = ev.unary(c, s, gate)
	} else {
		var right []result
		if right, err = ev.operand(c.operand, s); err != nil {
			return Unjudged, err
		}
		t, err = ev.binary(c, s, right, gate)
	}
	if err != nil {
		// What the data cannot answer fails the assertion, and only it.
		if isUnanswerable(err) && !gate {
			ev.fail(Failure{Clause: c.text, At: c.at, Says: err.Error(), Message: tidy(c.message)})
			return Fail, nil
		}
		return Unjudged, err
	}
	switch {
	case t.decided:
		return t.status, nil
	case !c.query.some && t.failed == 0, c.query.some && t.passed > 0:
		ev.failures = ev.failures[:before]
		return Pass, nil
	}
	if len(ev.failures) == before && ev.quiet == 0 {
		ev.fail(Failure{Clause: c.text, At: c.at, Says: "nothing is left to compare", Message: tidy(c.message)})
	}
	return Fail, nil
}

// tally is how many values passed and failed, or a status for the clause as a whole.
type tally struct {
	passed, failed int
	decided        bool
	status         Status
}

func (t *tally) count(ok bool) {
	if ok {
		t.passed++
	} else {
		t.failed++
	}
}

func decided(s Status) (tally, error) { return tally{decided: true, status: s}, nil }

func (ev *evaluation) unary(c *clause, s *scope, gate bool) (tally, error) {
	mark := len(ev.stack)
	if err := ev.query(c.query, s); err != nil {
		return tally{}, err
	}
	values := ev.stack[mark:]
	ev.stack = ev.stack[:mark]
	last := c.query.parts[len(c.query.parts)-1].kind
	selection := last == partFilter || last == partKeyTest
	if len(values) == 0 {
		if c.op != opEmpty || !selection && !c.query.lone() {
			return decided(Skip)
		}
		if c.not == c.negated {
			return decided(Pass)
		}
		ev.fail(Failure{Clause: c.text, At: c.at, Says: "nothing is selected", Message: tidy(c.message)})
		return decided(Fail)
	}
	var t tally
	for _, v := range values {
		is, err := holds(c.op, v, selection)
		if err != nil {
			if gate {
				return t, err
			}
			t.failed++
			ev.failValue(c, v.value, err.Error())
			continue
		}
		ok := is != (c.not != c.negated)
		t.count(ok)
		if !ok && ev.quiet == 0 {
			if v.missing != nil {
				ev.failMissing(c, c.text, v.missing)
			} else {
				ev.failValue(c, v.value, "is "+shown(v.value))
			}
		}
	}
	return t, nil
}

// holds is exists, empty or a test of kind. What a filter selects is only empty when it is null: the question is whether there is anything.
func holds(op operator, r result, selection bool) (bool, error) {
	v := r.value
	switch {
	case r.missing != nil:
		return op == opEmpty, nil
	case op == opExists:
		return true, nil
	case op == opEmpty && selection:
		return v.kind == Null, nil
	case op == opEmpty:
		switch v.kind {
		case List:
			return len(v.list) == 0, nil
		case Map:
			return len(v.vals) == 0, nil
		case String:
			return v.text == "", nil
		}
		return false, unanswerable("is a %s, which is neither empty nor not", v.kind)
	}
	return v.kind == kindOf[op], nil
}

func (ev *evaluation) binary(c *clause, s *scope, right []result, gate bool) (tally, error) {
	mark := len(ev.stack)
	if err := ev.query(c.query, s); err != nil {
		return tally{}, err
	}
	left := ev.stack[mark:]
	ev.stack = ev.stack[:mark]
	if len(left) == 0 && !c.query.lone() {
		return decided(Skip)
	}
	if len(left) == 0 || len(right) == 0 {
		// There is nothing to compare, or nothing to compare it with. As a condition that decides nothing.
		if gate {
			return decided(Skip)
		}
		says := c.query.text + " has no values"
		if len(left) > 0 {
			says = "what it is compared with has no values"
		}
		ev.fail(Failure{Clause: c.text, At: c.at, Says: says + "; if that may be, put the clause into: when … !empty { }", Message: tidy(c.message)})
		return decided(Fail)
	}
	not := c.not != c.negated
	var t tally
	if len(left) == 1 && len(right) == 1 && left[0].missing == nil && !left[0].literal && right[0].literal && c.op == opEq {
		if a, b := left[0].value, right[0].value; a.scalar() && b.scalar() { // most clauses are this one
			is, err := equals(a, b)
			if err != nil {
				return t, err
			}
			ok := is != incomparable && (is == yes) != not
			if t.count(ok); !ok && ev.quiet == 0 {
				ev.failVerdict(c, &verdict{kind: verdictOf(is), lhs: a, rhs: b}, not)
			}
			return t, nil
		}
	}
	base := len(ev.verdicts)
	if err := ev.compare(c.op, left, right); err != nil {
		ev.verdicts = ev.verdicts[:base]
		return t, err
	}
	for i := base; i < len(ev.verdicts); i++ {
		v := &ev.verdicts[i]
		if not {
			if err := v.invert(c.op, len(left), len(right)); err != nil {
				ev.verdicts = ev.verdicts[:base]
				return t, err
			}
		}
		passed, failed := v.counts()
		t.passed += passed
		t.failed += failed
		if failed > 0 && ev.quiet == 0 {
			ev.failVerdict(c, v, not)
		}
	}
	ev.verdicts = ev.verdicts[:base]
	return t, nil
}

// failVerdict tells of each value that failed.
func (ev *evaluation) failVerdict(c *clause, v *verdict, not bool) {
	switch v.kind {
	case leftMissing:
		ev.failMissing(c, c.text, v.missing)
		return
	case queryVerdict:
		if len(v.rights) == 0 {
			return // all of it is missing, which is told of each
		}
		for _, d := range v.diff {
			ev.failValue(c, d, "is "+shown(d)+", compared with "+shownAll(v.rights))
		}
		return
	}
	says := "is " + shown(v.lhs)
	switch {
	case v.kind == rightMissing:
		says += ", and what it is compared with " + v.missing.says()
		if p := v.missing.at.Path(); p != "" {
			says += " (" + p + ")"
		}
	case v.kind == incomparableVerdict:
		says += ", which cannot be compared with " + article(v.rhs.kind) + " (" + shown(v.rhs) + ")"
	case c.operand.literal == nil:
		says += ", compared with " + shown(v.rhs)
	case c.op == opIn && !not && v.lhs.kind == List && len(v.diff) > 0:
		says = "has " + shownAll(v.diff)
	}
	ev.failValue(c, v.lhs, says)
}

func article(k Kind) string {
	if k == Int {
		return "an integer"
	}
	return "a " + k.String()
}

func shownAll(values []*Value) string {
	var all []string
	for i, v := range values {
		if i == 3 {
			all = append(all, "…")
			break
		}
		all = append(all, shown(v))
	}
	return strings.Join(all, ", ")
}
