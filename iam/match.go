package iam

import (
	"strings"
	"unicode/utf8"
)

// A pattern that was made by filling in policy variables carries a literal star or question mark as one of these bytes, which cannot
// occur in UTF-8 text.
const (
	literalStar     = '\xfe'
	literalQuestion = '\xff'
)

// Match reports whether s matches pattern, where * stands for any run of characters (also none) and ? for exactly one character.
// Case counts. Both are expected to be UTF-8.
func Match(pattern, s string) bool { return match(pattern, s, false) }

// MatchAction reports whether action ("s3:GetObject") matches pattern ("s3:Get*", "*"). Case does not count.
//
// "AWS JSON policy elements: Action",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
func MatchAction(pattern, action string) bool {
	if pattern == "*" {
		return true
	}
	if pattern == "" || action == "" {
		return pattern == action
	}
	// Most patterns of an account name another service: one byte tells.
	if c := pattern[0]; c != '*' && c != '?' && lower(c) != lower(action[0]) {
		return false
	}
	if strings.IndexByte(pattern, '*') < 0 && strings.IndexByte(pattern, '?') < 0 {
		return strings.EqualFold(pattern, action)
	}
	return match(pattern, action, true)
}

// MatchARN reports whether arn matches a pattern of a Resource element. In the parts before the fifth colon ? and * stay within their
// part, except that a * at the end of a part may reach over colons; the last part may hold further colons. A pattern with fewer parts is
// completed with *. The resource "*" (an action without resources) is matched by "*" only.
//
// "AWS JSON policy elements: Resource", using wildcards in resource ARNs,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func MatchARN(pattern, arn string) bool {
	if allStars(pattern) {
		return true
	}
	if allStars(arn) {
		return false
	}
	var p, i, colons int
	inner, outer := retry{at: -1}, retry{at: -1}
	for i < len(arn) {
		if p < len(pattern) {
			switch c := pattern[p]; {
			case c == '*' && (colons == 5 || p+1 == len(pattern) || pattern[p+1] == ':'):
				inner, outer = retry{at: -1}, retry{p, i, colons}
				p++
				continue
			case c == '*':
				inner = retry{p, i, colons}
				p++
				continue
			case c == '?' && (colons == 5 || arn[i] != ':'):
				_, n := utf8.DecodeRuneInString(arn[i:])
				p++
				i += n
				continue
			case c != '?' && same(c, arn[i], false):
				if c == ':' && colons < 5 {
					colons++
				}
				p++
				i++
				continue
			}
		} else if colons < 5 && arn[i] == ':' {
			return true // the parts that are missing are anything
		}
		switch {
		case inner.at >= 0 && arn[inner.mark] != ':':
			p, i, colons = inner.again(arn)
		case outer.at >= 0:
			inner = retry{at: -1}
			p, i, colons = outer.again(arn)
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// retry is a star to go back to: where it stands, how far it has eaten, and how many colons stand before it.
type retry struct{ at, mark, colons int }

// again lets the star eat one character more.
func (r *retry) again(s string) (p, i, colons int) {
	_, n := utf8.DecodeRuneInString(s[r.mark:])
	r.mark += n
	return r.at + 1, r.mark, r.colons
}

// MatchConditionARN reports whether arn matches a value of ArnEquals or ArnLike: six parts, each matched on its own, so that no star reaches over a colon before the last.
//
// "IAM JSON policy elements: Condition operators",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func MatchConditionARN(pattern, arn string) bool {
	if !strings.HasPrefix(arn, "arn:") || strings.Count(arn, ":") < 5 {
		return allStars(pattern)
	}
	if allStars(pattern) {
		return true
	}
	for range 5 {
		p, restP, moreP := strings.Cut(pattern, ":")
		a, restA, _ := strings.Cut(arn, ":")
		if !match(p, a, false) {
			return false
		}
		if !moreP {
			return true
		}
		pattern, arn = restP, restA
	}
	return match(pattern, arn, false)
}

func allStars(s string) bool {
	if s == "" {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] != '*' {
			return false
		}
	}
	return true
}

// match walks both strings once and, on a mismatch, goes back to the last star only: no recursion, no allocation.
func match(pattern, s string, fold bool) bool {
	var p, i int
	star, mark := -1, 0
	for i < len(s) {
		if p < len(pattern) {
			switch c := pattern[p]; {
			case c == '*':
				star, mark = p, i
				p++
				continue
			case c == '?':
				_, n := utf8.DecodeRuneInString(s[i:])
				p++
				i += n
				continue
			case same(c, s[i], fold):
				p++
				i++
				continue
			}
		}
		if star < 0 {
			return false
		}
		_, n := utf8.DecodeRuneInString(s[mark:])
		mark += n
		p, i = star+1, mark
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

func same(c, d byte, fold bool) bool {
	switch c {
	case literalStar:
		c = '*'
	case literalQuestion:
		c = '?'
	}
	if c == d {
		return true
	}
	return fold && lower(c) == lower(d)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
