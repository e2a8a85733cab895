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

// MatchARN reports whether arn matches a pattern of a Resource element. The parts between the first five colons are matched one by
// one, so a wildcard does not reach over them; the last part may hold further colons. A pattern with fewer parts is completed with *.
// The resource "*" (an action without resources) is matched by "*" only.
//
// "AWS JSON policy elements: Resource",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func MatchARN(pattern, arn string) bool {
	if allStars(pattern) {
		return true
	}
	for range 5 {
		p, restP, moreP := strings.Cut(pattern, ":")
		a, restA, moreA := strings.Cut(arn, ":")
		if !moreA || !match(p, a, false) {
			return !moreA && !moreP && match(p, a, false) && !allStars(arn)
		}
		if !moreP {
			return true
		}
		pattern, arn = restP, restA
	}
	return match(pattern, arn, false)
}

// matchARNs is ArnEquals and ArnLike: six parts, each matched on its own.
//
// "IAM JSON policy elements: Condition operators",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func matchARNs(pattern, arn string) bool {
	if !strings.HasPrefix(arn, "arn:") || strings.Count(arn, ":") < 5 {
		return allStars(pattern)
	}
	return MatchARN(pattern, arn)
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
