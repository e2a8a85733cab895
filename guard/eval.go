package guard

import (
	"slices"
	"strings"
	"time"
)

// maxClauses is how many clauses one rule may ask of a document before it is given up: some seconds. Only rules that call one another over and
// over come near.
const maxClauses = 20_000_000

type evaluation struct {
	rules    *Rules
	now      time.Time
	root     *scope
	statuses map[reference]status
	stack    []result  // results of queries; who asked truncates it
	verdicts []verdict // likewise, of comparisons
	failures []Failure
	quiet    int // in conditions and filters, what does not hold is no failure
	steps    int
	depth    int
}

// reference is a rule as it is referred to. A condition and an assertion ask two questions of the same rule.
type reference struct {
	rule string
	gate bool
}

type status struct {
	Status
	failures []Failure
}

// gate is true in conditions and filters. What cannot be answered there is not a failure: it would disarm the block that it guards.

func (ev *evaluation) enter() error {
	if ev.depth++; ev.depth > maxDepth {
		return cannot("rules refer to one another more than %d deep; do they go in a circle?", maxDepth)
	}
	return nil
}

func (ev *evaluation) leave() { ev.depth-- }

func (ev *evaluation) rule(r *rule, s *scope, gate bool) (Status, error) {
	if err := ev.enter(); err != nil {
		return Unjudged, err
	}
	defer ev.leave()
	if r.when != nil {
		switch st, err := ev.conditions(r.when, s); {
		case err != nil && isUnanswerable(err) && !gate:
			ev.fail(Failure{Clause: "rule " + r.name, At: r.at, Says: "its condition cannot be answered: " + err.Error()})
			return Fail, nil
		case err != nil:
			return Unjudged, err
		case st != Pass:
			return Skip, nil
		}
	}
	return ev.block(r.block, s, gate)
}

func (ev *evaluation) conditions(when [][]*clause, s *scope) (Status, error) {
	ev.quiet++
	st, err := ev.lines(when, s, true)
	ev.quiet--
	return st, err
}

func (ev *evaluation) block(b *block, s *scope, gate bool) (Status, error) {
	inner := &scope{kind: blockScope, lets: b.lets, value: s.rootValue(), parent: s}
	return ev.lines(b.lines, inner, gate)
}

// lines holds if every line holds, and a line if one of its clauses does. Lines that do not apply are left out.
func (ev *evaluation) lines(lines [][]*clause, s *scope, gate bool) (Status, error) {
	passed, failed := false, false
lines:
	for _, line := range lines {
		mark, bad := len(ev.failures), false
		for _, c := range line {
			st, err := ev.clause(c, s, gate)
			if err != nil {
				return Unjudged, placed(err, c.at)
			}
			switch st {
			case Pass:
				passed = true
				ev.failures = ev.failures[:mark]
				continue lines
			case Fail:
				bad = true
			}
		}
		if bad {
			failed = true
		}
	}
	return fold(passed, failed), nil
}

func fold(passed, failed bool) Status {
	switch {
	case failed:
		return Fail
	case passed:
		return Pass
	}
	return Skip
}

func (ev *evaluation) clause(c *clause, s *scope, gate bool) (Status, error) {
	if ev.steps--; ev.steps <= 0 {
		return Unjudged, cannot("the rule asks more than %d clauses of this document", maxClauses)
	}
	switch c.kind {
	case accessClause:
		return ev.access(c, s, gate)
	case namedClause:
		return ev.named(c, gate)
	case callClause:
		return ev.call(c, s, gate)
	case blockClause:
		return ev.queryBlock(c, s, gate)
	case typeClause:
		return ev.typeBlock(c, s, gate)
	}
	switch st, err := ev.conditions(c.when, s); {
	case err != nil && isUnanswerable(err) && !gate:
		ev.fail(Failure{Clause: "when", At: c.at, Says: "the condition cannot be answered: " + err.Error()})
		return Fail, nil
	case err != nil:
		return Unjudged, err
	case st != Pass:
		return Skip, nil
	}
	return ev.block(c.block, s, gate)
}

// named is a clause that is another rule. A rule that does not apply is evidence for nothing, so an assertion fails on it, negated or not.
func (ev *evaluation) named(c *clause, gate bool) (Status, error) {
	st, err := ev.status(c.rule, gate)
	if err != nil {
		return Unjudged, err
	}
	out := referred(st.Status, c.negated, gate)
	if out == Fail && ev.quiet == 0 {
		switch {
		case st.Status == Skip:
			ev.fail(Failure{Clause: c.rule, At: c.at, Says: "rule " + c.rule + " does not apply", Message: tidy(c.message)})
		case c.negated:
			ev.fail(Failure{Clause: "not " + c.rule, At: c.at, Says: "rule " + c.rule + " holds", Message: tidy(c.message)})
		case len(st.failures) == 0:
			ev.fail(Failure{Clause: c.rule, At: c.at, Says: "rule " + c.rule + " fails", Message: tidy(c.message)})
		}
		if !c.negated {
			for _, f := range st.failures {
				if c.message != "" {
					f.Message = tidy(c.message)
				}
				ev.fail(f)
			}
		}
	}
	return out, nil
}

func referred(st Status, negated, gate bool) Status {
	switch {
	case st == Skip && !gate:
		return Fail
	case st == Skip && !negated:
		return Skip
	case (st == Pass) != negated:
		return Pass
	}
	return Fail
}

// status judges a rule by its name. Of several with one name the first counts that applies.
func (ev *evaluation) status(name string, gate bool) (status, error) {
	key := reference{name, gate}
	if st, known := ev.statuses[key]; known {
		return st, nil
	}
	rules := ev.rules.byName[name]
	if rules == nil {
		if _, ok := ev.rules.params[name]; ok {
			return status{}, cannot("rule %s takes parameters, and none are given", name)
		}
		return status{}, cannot("there is no rule %s", name)
	}
	kept, quiet := ev.failures, ev.quiet
	ev.failures, ev.quiet = nil, 0
	out := status{Status: Skip}
	var err error
	for _, r := range rules {
		if out.Status, err = ev.rule(r, ev.root, gate); err != nil || out.Status != Skip {
			break
		}
	}
	out.failures = ev.failures
	ev.failures, ev.quiet = kept, quiet
	if err != nil {
		return status{}, err
	}
	ev.statuses[key] = out
	return out, nil
}

func (ev *evaluation) call(c *clause, s *scope, gate bool) (Status, error) {
	r := ev.rules.params[c.rule]
	switch {
	case r == nil:
		return Unjudged, cannot("there is no rule %s that takes parameters", c.rule)
	case len(r.params) != len(c.args):
		return Unjudged, unanswerable("rule %s takes %s, and %d are given", c.rule, plural(len(r.params), "parameter"), len(c.args))
	}
	with := make(map[string][]result, len(c.args))
	for i, a := range c.args {
		values, err := ev.operand(a, s)
		if err != nil {
			return Unjudged, err
		}
		if a.literal != nil { // as a parameter, a literal is a value like any other
			values = []result{{value: a.literal[0].value}}
		}
		with[r.params[i]] = values
	}
	mark := len(ev.failures)
	st, err := ev.rule(r, &scope{kind: paramScope, params: with, parent: s}, gate)
	if err != nil {
		return Unjudged, err
	}
	out := referred(st, c.negated, gate)
	switch {
	case out != Fail:
		ev.failures = ev.failures[:mark]
	case len(ev.failures) == mark:
		says := "rule " + c.rule + " does not apply"
		if st == Pass {
			says = "rule " + c.rule + " holds"
		}
		ev.fail(Failure{Clause: c.rule + "(…)", At: c.at, Says: says, Message: tidy(c.message)})
	case c.message != "":
		for i := mark; i < len(ev.failures); i++ {
			ev.failures[i].Message = tidy(c.message)
		}
	}
	return out, nil
}

// operand gives values that stay: not those on the stack, which the next query overwrites.
func (ev *evaluation) operand(o operand, s *scope) ([]result, error) {
	switch {
	case o.literal != nil:
		return o.literal, nil
	case o.call != nil:
		return ev.function(o.call, s)
	}
	mark := len(ev.stack)
	err := ev.query(o.query, s)
	out := slices.Clone(ev.stack[mark:])
	ev.stack = ev.stack[:mark]
	return out, err
}

func (ev *evaluation) queryBlock(c *clause, s *scope, gate bool) (Status, error) {
	mark := len(ev.stack)
	if err := ev.query(c.query, s); err != nil {
		return Unjudged, err
	}
	values := ev.stack[mark:]
	defer func() { ev.stack = ev.stack[:mark] }()
	if len(values) == 0 {
		if c.nonEmpty {
			ev.fail(Failure{Clause: c.query.text + " !empty", At: c.at, Says: "nothing is selected"})
			return Fail, nil
		}
		return Skip, nil
	}
	before := len(ev.failures)
	passed, failed := false, false
	for _, v := range values {
		if v.missing != nil {
			failed = true
			ev.failMissing(c, c.query.text+" { … }", v.missing)
			continue
		}
		st, err := ev.block(c.block, &scope{kind: valueScope, value: v.value, parent: s}, gate)
		if err != nil {
			return Unjudged, err
		}
		passed = passed || st == Pass
		failed = failed || st == Fail
	}
	if c.query.some && passed {
		ev.failures = ev.failures[:before]
		return Pass, nil
	}
	return fold(passed, failed), nil
}

// typeBlock asks its conditions and clauses of each resource of the type.
func (ev *evaluation) typeBlock(c *clause, s *scope, gate bool) (Status, error) {
	mark := len(ev.stack)
	if err := ev.query(c.query, s); err != nil {
		return Unjudged, err
	}
	values := ev.stack[mark:]
	defer func() { ev.stack = ev.stack[:mark] }()
	passed, failed := false, false
	for _, v := range values {
		if v.missing != nil {
			continue
		}
		inner := &scope{kind: valueScope, value: v.value, parent: s}
		if c.when != nil {
			st, err := ev.conditions(c.when, inner)
			if err != nil {
				if !isUnanswerable(err) || gate {
					return Unjudged, err
				}
				failed = true
				ev.fail(Failure{Clause: c.typeName + " when", At: c.at, Path: v.value.Path(), Where: v.value.at, Says: "the condition cannot be answered: " + err.Error()})
				continue
			}
			if st != Pass {
				continue
			}
		}
		st, err := ev.block(c.block, inner, gate)
		if err != nil {
			return Unjudged, err
		}
		passed = passed || st == Pass
		failed = failed || st == Fail
	}
	return fold(passed, failed), nil
}

func (ev *evaluation) fail(f Failure) {
	if ev.quiet == 0 {
		ev.failures = append(ev.failures, f)
	}
}

func (ev *evaluation) failMissing(c *clause, text string, m *missing) {
	if ev.quiet == 0 {
		ev.fail(Failure{Clause: text, At: c.at, Path: m.at.Path(), Where: m.at.at, Says: m.says(), Message: tidy(c.message)})
	}
}

func (ev *evaluation) failValue(c *clause, v *Value, says string) {
	ev.fail(Failure{Clause: c.text, At: c.at, Path: v.Path(), Where: v.at, Says: says, Message: tidy(c.message)})
}

// tidy is a message as one paragraph.
func tidy(s string) string { return strings.Join(strings.Fields(s), " ") }

// shown is a value for a person: not longer than a line.
func shown(v *Value) string {
	s := v.String()
	if r := []rune(s); len(r) > 60 {
		return string(r[:57]) + "..."
	}
	return s
}
