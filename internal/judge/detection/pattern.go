package detection

import (
	"encoding/json"
	"fmt"
	"math/big"
	"net/netip"
	"slices"
	"strings"
)

// Matches tells whether an EventBridge event pattern matches an event. Every field of the pattern must match, and a field does when one of its
// values does. Values of an event are text, json.Number, bool, nil, lists and objects. What is no known form of a pattern is unclear.
//
// "Comparison operators for use in event patterns", https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
// Corners that the page leaves open follow Event Ruler, with which EventBridge matches: https://github.com/aws/event-ruler
func Matches(pattern any, event map[string]any) Truth {
	p, ok := pattern.(map[string]any)
	if !ok || len(p) == 0 {
		return Unclear
	}
	return matchesAll(p, event)
}

func matchesAll(p, event map[string]any) Truth {
	out := Yes
	for key, want := range p {
		if out == No {
			break
		}
		switch want := want.(type) {
		case map[string]any:
			out = out.And(below(want, event[key]))
		case []any:
			if key == "$or" && alternatives(want) {
				out = out.And(some(want, func(x any) Truth { return matchesAll(x.(map[string]any), event) }))
			} else {
				v, there := event[key]
				out = out.And(field(want, v, there))
			}
		default:
			out = Unclear.And(out)
		}
	}
	return out
}

// below matches what lies in a field. Of a list of objects one must match as a whole.
func below(p map[string]any, v any) Truth {
	switch v := v.(type) {
	case map[string]any:
		return matchesAll(p, v)
	case []any:
		return some(v, func(x any) Truth { return below(p, x) })
	}
	return matchesAll(p, nil) // nothing is there, which a pattern may ask for
}

// operators are the words that make an object of a list a comparison.
var operators = []string{"exists", "prefix", "suffix", "equals-ignore-case", "wildcard", "anything-but", "numeric", "cidr"}

// alternatives tells whether a list under "$or" is a choice and no field of that name.
func alternatives(list []any) bool {
	return len(list) > 1 && !slices.ContainsFunc(list, func(x any) bool {
		m, ok := x.(map[string]any)
		if !ok || len(m) == 0 {
			return true
		}
		for k := range m {
			if slices.Contains(operators, k) {
				return true
			}
		}
		return false
	})
}

// field matches the values that one field may have. An object in the event is no value: operators work on leaves only.
func field(wants []any, v any, there bool) Truth {
	var have []any
	empty := false
	if there {
		have, empty = leaves(v)
	}
	return some(wants, func(want any) Truth {
		m, ok := want.(map[string]any)
		if !ok {
			if _, list := want.([]any); list {
				return Unclear
			}
			return some(have, func(x any) Truth { return same(want, x) })
		}
		if len(m) != 1 {
			return Unclear
		}
		for op, arg := range m {
			if op == "exists" {
				is, ok := arg.(bool)
				if !ok || empty {
					return Unclear
				}
				return truth(is == (len(have) > 0))
			}
			if slices.Contains(operators, op) {
				return some(have, func(x any) Truth { return compare(op, arg, x) })
			}
		}
		return Unclear
	})
}

// leaves are the values of a field; empty tells that it is a list of nothing.
func leaves(v any) (out []any, empty bool) {
	switch v := v.(type) {
	case map[string]any:
		return nil, false
	case []any:
		for _, x := range v {
			in, _ := leaves(x)
			out = append(out, in...)
		}
		return out, len(v) == 0
	}
	return []any{v}, false
}

// same compares without an operator: text with text exactly, numbers as they are written.
func same(want, have any) Truth {
	if w, ok := numberText(want); ok {
		h, ok := numberText(have)
		switch {
		case !ok:
			return No
		case w == h:
			return Yes
		case rational(w) == nil || rational(h) == nil || rational(w).Cmp(rational(h)) == 0:
			return Unclear // 300 and 3.0e2: what the page says and what is matched has changed
		}
		return No
	}
	switch want.(type) {
	case string, bool, nil:
		return truth(want == have)
	}
	return Unclear
}

// compare applies one operator to one value.
func compare(op string, arg, have any) Truth {
	text, isText := have.(string)
	switch op {
	case "anything-but":
		return anythingBut(arg, have)
	case "numeric":
		return numeric(arg, have)
	case "cidr":
		return inside(arg, text)
	case "prefix", "suffix":
		fold := false
		if m, ok := arg.(map[string]any); ok && len(m) == 1 {
			arg, fold = m["equals-ignore-case"], true
		}
		want, ok := arg.(string)
		switch {
		case !ok:
			return Unclear
		case !isText:
			return No
		case fold:
			want, text = strings.ToLower(want), strings.ToLower(text)
		}
		if op == "prefix" {
			return truth(strings.HasPrefix(text, want))
		}
		return truth(strings.HasSuffix(text, want))
	case "equals-ignore-case", "wildcard":
		want, ok := arg.(string)
		switch {
		case !ok:
			return Unclear
		case !isText:
			return No
		case op == "wildcard":
			return wildcard(want, text, true)
		}
		return truth(strings.EqualFold(want, text))
	}
	return Unclear
}

func anythingBut(arg, have any) Truth {
	if m, ok := arg.(map[string]any); ok {
		if len(m) != 1 {
			return Unclear
		}
		for op, what := range m {
			if !slices.Contains([]string{"prefix", "suffix", "equals-ignore-case", "wildcard"}, op) {
				return Unclear
			}
			return some(listed(what), func(x any) Truth { return compare(op, x, have) }).not()
		}
	}
	return some(listed(arg), func(x any) Truth { return same(x, have) }).not()
}

func listed(v any) []any {
	if l, ok := v.([]any); ok {
		return l
	}
	return []any{v}
}

// numeric is one comparison or two: [">", 0, "<=", 5]. Only numbers have one.
func numeric(arg, have any) Truth {
	list, ok := arg.([]any)
	if !ok || len(list) == 0 || len(list)%2 != 0 {
		return Unclear
	}
	out := Yes
	for i := 0; i < len(list); i += 2 {
		op, _ := list[i].(string)
		text, _ := numberText(list[i+1])
		limit := rational(text)
		if limit == nil || !slices.Contains([]string{"=", "<", "<=", ">", ">="}, op) {
			return Unclear
		}
		text, ok := numberText(have)
		v := rational(text)
		if !ok || v == nil {
			return No
		}
		out = out.And(truth(ordered(op, v.Cmp(limit))))
	}
	return out
}

// ordered tells whether a comparison holds, given which of the two is the greater.
func ordered(op string, cmp int) bool {
	switch op {
	case "=":
		return cmp == 0
	case "<":
		return cmp < 0
	case "<=":
		return cmp <= 0
	case ">":
		return cmp > 0
	}
	return cmp >= 0
}

func inside(arg any, text string) Truth {
	s, _ := arg.(string)
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return Unclear
	}
	a, err := netip.ParseAddr(text)
	return truth(err == nil && p.Contains(a))
}

// wildcard matches text in which * is any run of characters. With escapes, \* is a star and \\ a backslash.
func wildcard(pattern, text string, escapes bool) Truth {
	parts := []string{""} // what stands between the stars
	for i := 0; i < len(pattern); i++ {
		last := len(parts) - 1
		switch c := pattern[i]; {
		case c == '*':
			parts = append(parts, "")
		case c == '\\' && escapes:
			if i++; i == len(pattern) || pattern[i] != '*' && pattern[i] != '\\' {
				return Unclear
			}
			parts[last] += pattern[i : i+1]
		default:
			parts[last] += pattern[i : i+1]
		}
	}
	if len(parts) == 1 {
		return truth(parts[0] == text)
	}
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return No
	}
	for _, p := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(rest, p)
		if !found {
			return No
		}
		rest = after
	}
	return truth(strings.HasSuffix(rest, parts[len(parts)-1]))
}

// numberText is a number as it is written.
func numberText(v any) (string, bool) {
	switch n := v.(type) {
	case json.Number:
		return n.String(), true
	case int, int32, int64, float64:
		return fmt.Sprint(n), true
	}
	return "", false
}

// rational is the value of a number; nil of what is none, or too large to be meant.
func rational(text string) *big.Rat {
	if len(text) > 40 {
		return nil
	}
	if _, exp, ok := strings.Cut(strings.ToLower(text), "e"); ok && len(strings.TrimLeft(exp, "+-0")) > 2 {
		return nil
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil
	}
	return r
}
