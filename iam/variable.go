package iam

import "strings"

// fill is what became of a pattern with policy variables.
type fill uint8

const (
	filled   fill = iota
	voided        // a variable has no value and no default: nothing is equal to it
	unfilled      // a variable may have any value, or none, or several
)

// expand fills the variables of a pattern in. What a variable brings is literal, also where it holds a star; so are ${*}, ${?} and
// ${$}. For unfilled it returns the pattern with * in place of the open variables, which matches whatever they could make of it, and
// the first open key.
//
// "IAM policy elements: Variables and tags",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func (q *query) expand(pattern string) (out string, state fill, open string) {
	if !strings.Contains(pattern, "${") {
		return pattern, filled, ""
	}
	var b strings.Builder
	for {
		i := strings.Index(pattern, "${")
		if i < 0 {
			break
		}
		n := strings.IndexByte(pattern[i:], '}')
		if n < 0 {
			break
		}
		body := pattern[i+2 : i+n]
		key, fallback, hasDefault := strings.Cut(body, ",")
		if hasDefault {
			fallback = strings.TrimSpace(fallback)
			// A default may itself hold a brace, so it ends with its quote.
			if strings.HasPrefix(fallback, "'") {
				if end := strings.Index(pattern[i:], "'}"); end >= n-1 {
					n = end + 1
					_, fallback, _ = strings.Cut(pattern[i+2:i+n], ",")
					fallback = strings.TrimSpace(fallback)
				}
				fallback = strings.TrimSuffix(strings.TrimPrefix(fallback, "'"), "'")
			}
		}
		b.WriteString(pattern[:i])
		pattern = pattern[i+n+1:]
		switch key = strings.TrimSpace(key); key {
		case "*":
			b.WriteByte(literalStar)
			continue
		case "?":
			b.WriteByte(literalQuestion)
			continue
		case "$":
			b.WriteByte('$')
			continue
		}
		values, known := q.key(key)
		switch {
		case multivalued(key):
			return "", voided, ""
		case known == keyKnown && len(values) == 1:
			writeLiteral(&b, values[0])
		case known == keyOpen || known == keyPresent:
			b.WriteByte('*')
			if state == filled {
				state, open = unfilled, key
			}
		case known == keyAbsent && hasDefault:
			writeLiteral(&b, fallback)
		default: // missing, or many values: neither can be filled in
			return "", voided, ""
		}
	}
	b.WriteString(pattern)
	return b.String(), state, open
}

// multivalued names the global keys that may hold many values. They are no variables, also where the request carries one value only.
//
// "IAM policy elements: Variables and tags", where you can use policy variables,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-wheretouse
func multivalued(key string) bool {
	switch strings.ToLower(key) {
	case "aws:calledvia", "aws:tagkeys", "aws:principalorgpaths", "aws:resourceorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths",
		"aws:principalservicenameslist":
		return true
	}
	return false
}

func writeLiteral(b *strings.Builder, s string) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '*':
			b.WriteByte(literalStar)
		case '?':
			b.WriteByte(literalQuestion)
		default:
			b.WriteByte(s[i])
		}
	}
}
