package guard

import "strings"

// verdict is what a comparison says of one value on the left, or (for two queries) of all of them.
type verdict struct {
	kind    verdictKind
	ok      bool
	lhs     *Value
	rhs     *Value
	missing *missing
	diff    []*Value // listVerdict, queryVerdict: the values that fail
	lefts   []*Value
	rights  []*Value
}

type verdictKind uint8

const (
	valueVerdict        verdictKind = iota
	listVerdict                     // a list in a list
	queryVerdict                    // what one query gives against what another gives
	incomparableVerdict             // fails, with or without not
	leftMissing                     // likewise
	rightMissing                    // likewise
)

func verdictOf(a answer) verdictKind {
	if a == incomparable {
		return incomparableVerdict
	}
	return valueVerdict
}

// counts is how many values pass and fail by a verdict. Two queries give one for each value that is listed, and so perhaps none.
func (v *verdict) counts() (passed, failed int) {
	switch {
	case v.kind >= incomparableVerdict:
		return 0, 1
	case v.kind == queryVerdict && v.ok:
		return len(v.lefts), 0
	case v.kind == queryVerdict:
		return 0, len(v.diff)
	case v.ok:
		return 1, 0
	}
	return 0, 1
}

// invert is not: what failed passes. Of lists and of queries every element is turned by itself, so that not in fails if only one is in.
func (v *verdict) invert(op operator, lefts, rights int) error {
	var err error
	switch v.kind {
	case valueVerdict:
		v.ok = !v.ok
	case listVerdict:
		if v.ok {
			v.ok, v.diff = false, v.lhs.list
			return nil
		}
		v.diff, err = without(v.lhs.list, v.diff)
		v.ok = len(v.diff) == 0
	case queryVerdict:
		if v.ok {
			v.ok, v.diff = false, v.lefts
			return nil
		}
		of := v.lefts
		if op == opEq && rights >= lefts {
			of = v.rights
		}
		v.diff, err = without(of, v.diff)
		v.ok = len(v.diff) == 0
	}
	return err
}

func (ev *evaluation) verdict(v verdict) { ev.verdicts = append(ev.verdicts, v) }

// one compares two values with ==.
func (ev *evaluation) one(a, b *Value) error {
	is, err := equals(a, b)
	ev.verdict(verdict{kind: verdictOf(is), ok: is == yes, lhs: a, rhs: b})
	return err
}

// found are the values that are there. What is missing on the left fails by itself.
func (ev *evaluation) found(results []result, left bool) []*Value {
	out := make([]*Value, 0, len(results))
	for _, r := range results {
		if r.missing == nil {
			out = append(out, r.value)
		} else if left {
			ev.verdict(verdict{kind: leftMissing, missing: r.missing})
		}
	}
	return out
}

// lost fails every value on the left for each one that is missing on the right.
func (ev *evaluation) lost(right []result, lefts []*Value) {
	for _, r := range right {
		if r.missing != nil {
			for _, l := range lefts {
				ev.verdict(verdict{kind: rightMissing, lhs: l, missing: r.missing})
			}
		}
	}
}

func asLiteral(r []result) *Value {
	if len(r) == 1 && r[0].literal {
		return r[0].value
	}
	return nil
}

// compare appends verdicts. Whether a side was written in the rule or found decides how lists are taken: against a literal each value is
// compared by itself, and two queries are compared as sets.
func (ev *evaluation) compare(op operator, left, right []result) error {
	switch op {
	case opEq:
		return ev.compareEq(left, right)
	case opIn:
		return ev.compareIn(left, right)
	}
	lefts := flatten(ev.found(left, true))
	ev.lost(right, lefts)
	rights := flatten(ev.found(right, false))
	for _, l := range lefts {
		for _, r := range rights {
			is := relates(op, l, r)
			ev.verdict(verdict{kind: verdictOf(is), ok: is == yes, lhs: l, rhs: r})
		}
	}
	return nil
}

// flatten takes lists apart, one level.
func flatten(values []*Value) []*Value {
	out := make([]*Value, 0, len(values))
	for _, v := range values {
		if v.kind == List {
			out = append(out, v.list...)
		} else {
			out = append(out, v)
		}
	}
	return out
}

func (ev *evaluation) compareEq(left, right []result) error {
	l, r := asLiteral(left), asLiteral(right)
	switch {
	case l != nil && r != nil:
		return ev.one(l, r)
	case l != nil:
		ev.lost(right, []*Value{l})
		rights := ev.found(right, false)
		if l.kind != List {
			rights = flatten(rights)
		}
		for _, each := range rights {
			if err := ev.one(l, each); err != nil {
				return err
			}
		}
		return nil
	case r != nil:
		lefts := ev.found(left, true)
		if r.kind != List {
			lefts = flatten(lefts)
		}
		for _, each := range lefts {
			with := r
			if r.kind == List && len(r.list) == 1 && each.scalar() {
				with = r.list[0]
			}
			if err := ev.one(each, with); err != nil {
				return err
			}
		}
		return nil
	}
	lefts := ev.found(left, true)
	ev.lost(right, lefts)
	rights := ev.found(right, false)
	// The larger side must lie in the smaller one.
	diff, err := without(rights, lefts)
	if len(lefts) > len(rights) {
		diff, err = without(lefts, rights)
	}
	ev.verdict(verdict{kind: queryVerdict, ok: len(diff) == 0, diff: diff, lefts: lefts, rights: rights})
	return err
}

func (ev *evaluation) compareIn(left, right []result) error {
	l, r := asLiteral(left), asLiteral(right)
	switch {
	case l != nil && r != nil:
		if l.kind == String && r.kind == String {
			if v := textIn(l, r); v.ok {
				ev.verdict(v)
				return nil
			}
		}
		return ev.in(l, r)
	case l != nil:
		return ev.literalIn(l, right)
	case r != nil:
		lefts := ev.found(left, true)
		for _, each := range lefts {
			switch {
			case r.kind == String && each.kind == List:
				for _, e := range each.list {
					ev.verdict(textIn(e, r))
				}
			case r.kind == String:
				ev.verdict(textIn(each, r))
			default:
				if err := ev.in(each, r); err != nil {
					return err
				}
			}
		}
		return nil
	}
	lefts := ev.found(left, true)
	ev.lost(right, lefts)
	rights := ev.found(right, false)
	var diff []*Value
	for _, each := range lefts {
		in := false
		for _, list := range rights {
			v, err := inOne(each, list)
			if err != nil {
				return err
			}
			if in = v.ok; in {
				break
			}
		}
		if !in {
			diff = append(diff, each)
		}
	}
	ev.verdict(verdict{kind: queryVerdict, ok: len(diff) == 0, diff: diff, lefts: lefts, rights: rights})
	return nil
}

func (ev *evaluation) literalIn(l *Value, right []result) error {
	ev.lost(right, []*Value{l})
	rights := ev.found(right, false)
	lists := false
	for _, r := range rights {
		lists = lists || r.kind == List
	}
	if !lists && l.kind == List {
		diff, err := without(l.list, rights)
		ev.verdict(verdict{kind: queryVerdict, ok: len(diff) == 0, diff: diff, lefts: []*Value{l}, rights: rights})
		return err
	}
	for _, r := range rights {
		if err := ev.in(l, r); err != nil {
			return err
		}
	}
	return nil
}

func (ev *evaluation) in(a, b *Value) error {
	v, err := inOne(a, b)
	ev.verdict(v)
	return err
}

// textIn: a text is in a text that holds it.
func textIn(a, b *Value) verdict {
	if a.kind != String || b.kind != String {
		return verdict{kind: incomparableVerdict, lhs: a, rhs: b}
	}
	return verdict{ok: strings.Contains(b.text, a.text), lhs: a, rhs: b}
}

// inOne: a value is in a list that has it, a list in a list that has all of it, or in a list of lists that has it; anything else is compared
// with ==.
func inOne(a, b *Value) (verdict, error) {
	switch {
	case a.kind == List && b.kind != List:
		return verdict{kind: incomparableVerdict, lhs: a, rhs: b}, nil
	case a.kind == List && len(b.list) > 0 && b.list[0].kind == List:
		ok, err := contains(b.list, a)
		v := verdict{kind: listVerdict, ok: ok, lhs: a, rhs: b}
		if !ok {
			v.diff = []*Value{a}
		}
		return v, err
	case a.kind == List:
		diff, err := without(a.list, b.list)
		return verdict{kind: listVerdict, ok: len(diff) == 0, lhs: a, rhs: b, diff: diff}, err
	case b.kind == List:
		ok, err := contains(b.list, a)
		return verdict{ok: ok, lhs: a, rhs: b}, err
	}
	is, err := equals(a, b)
	return verdict{kind: verdictOf(is), ok: is == yes, lhs: a, rhs: b}, err
}
