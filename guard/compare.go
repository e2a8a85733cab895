package guard

import (
	"cmp"
	"math"
	"strings"
)

// ordering compares two scalars of one kind, or two numbers. ok is false where they cannot be compared.
func ordering(a, b *Value) (o int, ok bool) {
	switch {
	case a.kind == Null && b.kind == Null:
		return 0, true
	case a.kind == String && b.kind == String:
		return strings.Compare(a.text, b.text), true
	case (a.kind == Int && b.kind == Int) || (a.kind == Char && b.kind == Char):
		return cmp.Compare(a.num, b.num), true
	case a.kind == Float && b.kind == Float:
		if math.IsNaN(a.float) || math.IsNaN(b.float) {
			return 0, false
		}
		return cmp.Compare(a.float, b.float), true
	case a.kind == Int && b.kind == Float:
		return intToFloat(a.num, b.float)
	case a.kind == Float && b.kind == Int:
		o, ok = intToFloat(b.num, a.float)
		return -o, ok
	}
	return 0, false
}

// intToFloat compares without rounding: above 2^53 not every whole number is a float.
func intToFloat(i int64, f float64) (int, bool) {
	switch {
	case math.IsNaN(f):
		return 0, false
	case f >= 1<<63:
		return -1, true
	case f < -1<<63:
		return 1, true
	}
	floor := math.Floor(f)
	if o := cmp.Compare(i, int64(floor)); o != 0 || f == floor {
		return o, true
	}
	return -1, true
}

// whole is the whole number that a float is.
func whole(f float64) (int64, bool) {
	if math.IsNaN(f) || f >= 1<<63 || f < -1<<63 || math.Floor(f) != f {
		return 0, false
	}
	return int64(f), true
}

func within(v *Value, s *span) (in, ok bool) {
	low, ok1 := ordering(v, s.low)
	high, ok2 := ordering(v, s.high)
	if !ok1 || !ok2 {
		return false, false
	}
	return (low > 0 || low == 0 && s.withLow) && (high < 0 || high == 0 && s.withHigh), true
}

// answer is what a comparison of two values gives.
type answer uint8

const (
	no answer = iota
	yes
	incomparable
)

func answerOf(is bool) answer {
	if is {
		return yes
	}
	return no
}

func matches(re, s *Value) (answer, error) {
	is, err := re.regex.match(s.text)
	if err != nil {
		return no, cannot("%s of %s: %v", re, shown(s), err)
	}
	return answerOf(is), nil
}

// equals is ==: a text equals an expression that it matches, a number a range that it lies in. Lists and maps are incomparable as soon as two
// of their values are, unless something before them differs.
func equals(a, b *Value) (answer, error) {
	switch {
	case a.kind == String && b.kind == String:
		return answerOf(a.text == b.text), nil
	case a.kind == String && b.kind == Regex:
		return matches(b, a)
	case a.kind == Regex && b.kind == String:
		return matches(a, b)
	case a.kind == Regex && b.kind == Regex:
		return answerOf(a.text == b.text), nil
	case a.kind == Bool && b.kind == Bool:
		return answerOf(a.yes == b.yes), nil
	case b.kind == Range && (a.kind == Int || a.kind == Float || a.kind == Char):
		if in, ok := within(a, b.span); ok {
			return answerOf(in), nil
		}
		return incomparable, nil
	case a.kind == Map && b.kind == Map:
		if len(a.vals) != len(b.vals) {
			return no, nil
		}
		for i, k := range a.keys {
			other := b.Get(k.text)
			if other == nil {
				return no, nil
			}
			if is, err := equals(a.vals[i], other); err != nil || is != yes {
				return is, err
			}
		}
		return yes, nil
	case a.kind == List && b.kind == List:
		if len(a.list) != len(b.list) {
			return no, nil
		}
		for i := range a.list {
			if is, err := equals(a.list[i], b.list[i]); err != nil || is != yes {
				return is, err
			}
		}
		return yes, nil
	}
	if o, ok := ordering(a, b); ok {
		return answerOf(o == 0), nil
	}
	return incomparable, nil
}

// same is the equality by which lists are searched: like equals, but what cannot be compared is different, and ranges equal only ranges.
func same(a, b *Value) (bool, error) {
	switch {
	case a.kind == Range || b.kind == Range:
		if a.kind != b.kind {
			return false, nil
		}
		x, y := a.span, b.span
		low, _ := ordering(x.low, y.low)
		high, _ := ordering(x.high, y.high)
		return x.low.kind == y.low.kind && low == 0 && high == 0 && x.withLow == y.withLow && x.withHigh == y.withHigh, nil
	case a.kind == List && b.kind == List:
		if len(a.list) != len(b.list) {
			return false, nil
		}
		for i := range a.list {
			if is, err := same(a.list[i], b.list[i]); err != nil || !is {
				return false, err
			}
		}
		return true, nil
	case a.kind == Map && b.kind == Map:
		if len(a.vals) != len(b.vals) {
			return false, nil
		}
		for i, k := range a.keys {
			other := b.Get(k.text)
			if other == nil {
				return false, nil
			}
			if is, err := same(a.vals[i], other); err != nil || !is {
				return false, err
			}
		}
		return true, nil
	}
	is, err := equals(a, b)
	return is == yes, err
}

func contains(list []*Value, v *Value) (bool, error) {
	for _, e := range list {
		if is, err := same(e, v); err != nil || is {
			return is, err
		}
	}
	return false, nil
}

// without is what of the values is not in the list.
func without(values, list []*Value) ([]*Value, error) {
	var out []*Value
	for _, v := range values {
		in, err := contains(list, v)
		if err != nil {
			return nil, err
		}
		if !in {
			out = append(out, v)
		}
	}
	return out, nil
}

// relates is <, <=, > and >=.
func relates(op operator, a, b *Value) answer {
	o, ok := ordering(a, b)
	if !ok {
		return incomparable
	}
	switch op {
	case opLt:
		return answerOf(o < 0)
	case opLe:
		return answerOf(o <= 0)
	case opGt:
		return answerOf(o > 0)
	}
	return answerOf(o >= 0)
}

// keyHolds says how often a key passes [ keys op … ]: once at most, but with == or != for each value that it is compared with.
func keyHolds(key *Value, op operator, not bool, with []result) (int, error) {
	if op == opEq && len(with) > 1 {
		op = opIn
	}
	n := 0
	for _, w := range with {
		if w.missing != nil {
			continue
		}
		is, err := keyIs(key, op, w.value)
		if is == incomparable && err == nil && w.literal && w.value.kind == List && len(w.value.list) == 1 {
			is, err = keyIs(key, op, w.value.list[0])
		}
		if err != nil {
			return 0, err
		}
		if is != incomparable && (is == yes) != not {
			n++
		}
	}
	if op == opIn {
		n = min(n, 1)
	}
	return n, nil
}

func keyIs(key *Value, op operator, with *Value) (answer, error) {
	switch {
	case op == opEq:
		return equals(key, with)
	case with.kind == String:
		return answerOf(strings.Contains(with.text, key.text)), nil
	case with.kind != List:
		return equals(key, with)
	}
	out := no
	for _, e := range with.list {
		is, err := equals(key, e)
		if err != nil || is == incomparable {
			return incomparable, err
		}
		if is == yes {
			out = yes
		}
	}
	return out, nil
}
