package compare

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A pattern is a list of tokens. Every language that policies speak about texts is one: globs, ARNs part by part, fixed texts, texts
// in any case.
type token struct {
	kind tokenKind
	bar  bars // what one and many do not match
	r    rune // of fixed and folded; the number of a variable
}

type tokenKind uint8

const (
	fixed  tokenKind = iota // the rune itself
	folded                  // the rune in any case
	one                     // one rune
	many                    // any run of runes
	filler                  // the value of a policy variable, not known
)

// bars are runes that a wildcard stops at.
type bars uint8

const (
	barColon bars = 1 << iota
	barSlash
)

func (b bars) stops(r rune) bool { return b&barColon != 0 && r == ':' || b&barSlash != 0 && r == '/' }

type pattern struct {
	tokens []token
	text   string // what it matches, where plain
	plain  bool   // fixed runes only
	vars   bool   // it holds a filler
	stars  bool   // it matches everything
}

func newPattern(tokens []token) *pattern {
	p := &pattern{tokens: tokens, plain: true, stars: len(tokens) > 0}
	for _, t := range tokens {
		p.plain = p.plain && t.kind == fixed
		p.vars = p.vars || t.kind == filler
		p.stars = p.stars && t.kind == many && t.bar == 0
	}
	if p.plain {
		var b strings.Builder
		for _, t := range tokens {
			b.WriteRune(t.r)
		}
		p.text = b.String()
	}
	return p
}

// raw reads the wildcards of a text.
func raw(s string) []token {
	out := make([]token, 0, len(s))
	for _, r := range s {
		switch r {
		case '*':
			if n := len(out); n > 0 && out[n-1].kind == many {
				continue // two stars are one
			}
			out = append(out, token{kind: many})
		case '?':
			out = append(out, token{kind: one})
		default:
			out = append(out, token{kind: fixed, r: r})
		}
	}
	return out
}

// literal takes a text without wildcards.
func literal(s string, kind tokenKind) []token {
	out := make([]token, 0, len(s))
	for _, r := range s {
		out = append(out, token{kind: kind, r: r})
	}
	return out
}

func allStars(tokens []token) bool {
	for _, t := range tokens {
		if t.kind != many {
			return false
		}
	}
	return len(tokens) > 0
}

// resourcePattern says of tokens what [iam.MatchARN] says of a pattern: before the fifth colon wildcards stay within their part, except for a star
// that ends it, and parts that are missing are anything.
func resourcePattern(tokens []token) *pattern {
	if allStars(tokens) {
		return newPattern(tokens[:1])
	}
	out := make([]token, 0, len(tokens)+2)
	colons := 0
	for i, t := range tokens {
		switch {
		case t.kind == many && colons < 5 && i+1 < len(tokens) && !isColon(tokens[i+1]):
			t.bar = barColon
		case t.kind == one && colons < 5:
			t.bar = barColon
		case isColon(t) && colons < 5:
			colons++
		}
		out = append(out, t)
	}
	return newPattern(out)
}

func isColon(t token) bool { return t.kind == fixed && t.r == ':' }

// short is true of a resource pattern with fewer than six parts: whatever follows a colon after it is matched too.
func short(tokens []token) bool {
	n := 0
	for _, t := range tokens {
		if isColon(t) {
			n++
		}
	}
	return n < 5
}

// resourcePatterns are a pattern of a Resource element and, where it has fewer than six parts, the same with the rest.
func resourcePatterns(tokens []token) []*pattern {
	p := resourcePattern(tokens)
	if p.stars || !short(tokens) {
		return []*pattern{p}
	}
	if n := len(p.tokens); n > 0 && p.tokens[n-1].kind == many { // ends with a star, which reaches over colons already
		return []*pattern{p}
	}
	rest := append(append([]token(nil), p.tokens...), token{kind: fixed, r: ':'}, token{kind: many})
	return []*pattern{p, newPattern(rest)}
}

// arnPattern says of tokens what [iam.MatchConditionARN] says: six parts, each for itself. It is nil when nothing matches.
func arnPattern(tokens []token) *pattern {
	if allStars(tokens) {
		return newPattern(tokens[:1])
	}
	var out []token
	part := 0
	parts := make([][]token, 0, 6)
	from := 0
	for i, t := range tokens {
		if isColon(t) && part < 5 {
			parts = append(parts, tokens[from:i])
			from, part = i+1, part+1
		}
	}
	parts = append(parts, tokens[from:])
	if !newPattern(parts[0]).matches("arn", &budget{left: 1 << 20}) {
		return nil
	}
	out = append(out, literal("arn", fixed)...)
	for i := 1; i < 6; i++ {
		out = append(out, token{kind: fixed, r: ':'})
		var bar bars
		if i < 5 {
			bar = barColon
		}
		if i >= len(parts) {
			out = append(out, token{kind: many, bar: bar})
			continue
		}
		for _, t := range parts[i] {
			if t.kind == one || t.kind == many {
				t.bar = bar
			}
			out = append(out, t)
		}
	}
	return newPattern(out)
}

func equalFold(a, b rune) bool {
	if a == b {
		return true
	}
	for r := unicode.SimpleFold(a); r != a; r = unicode.SimpleFold(r) {
		if r == b {
			return true
		}
	}
	return false
}

// takes says whether a token can consume a rune.
func (t token) takes(r rune) bool {
	switch t.kind {
	case fixed:
		return t.r == r
	case folded:
		return equalFold(t.r, r)
	case one, many:
		return !t.bar.stops(r)
	}
	return false
}

// reach adds a position and those behind stars that may be empty. Positions ascend; nearly always new ones come at the end.
func (p *pattern) reach(set []uint16, at uint16) []uint16 {
	for {
		i := len(set)
		for i > 0 && set[i-1] > at {
			i--
		}
		if i > 0 && set[i-1] == at {
			return set
		}
		set = append(set, 0)
		copy(set[i+1:], set[i:])
		set[i] = at
		if int(at) == len(p.tokens) || p.tokens[at].kind != many {
			return set
		}
		at++
	}
}

// step moves over one rune.
func (p *pattern) step(from, to []uint16, r rune) []uint16 {
	for _, at := range from {
		if int(at) == len(p.tokens) {
			continue
		}
		if t := p.tokens[at]; t.takes(r) {
			if t.kind == many {
				to = p.reach(to, at)
			} else {
				to = p.reach(to, at+1)
			}
		}
	}
	return to
}

func (p *pattern) accepts(set []uint16) bool {
	return len(set) > 0 && int(set[len(set)-1]) == len(p.tokens)
}

// settled is true of a set of positions from which everything is matched.
func (p *pattern) settled(set []uint16) bool {
	n := len(p.tokens)
	if n == 0 || p.tokens[n-1].kind != many || p.tokens[n-1].bar != 0 {
		return false
	}
	for i := len(set) - 1; i >= 0 && int(set[i]) >= n-1; i-- {
		if int(set[i]) == n-1 {
			return true
		}
	}
	return false
}

// matches walks a text. Without steps left it says no.
func (p *pattern) matches(s string, steps *budget) bool {
	if p.plain {
		return p.text == s
	}
	if p.stars {
		return true
	}
	var a, b [16]uint16
	now, next := p.reach(a[:0], 0), b[:0]
	for _, r := range s {
		next = p.step(now, next[:0], r)
		if len(next) == 0 || len(next) > 8 && !steps.take(len(next)/4) {
			return false
		}
		now, next = next, now
	}
	return p.accepts(now)
}

// covers says that whatever q matches p matches too, for every value of a variable. It may say no where that is so nevertheless.
func (p *pattern) covers(q *pattern, steps *budget) bool {
	if p.stars || p == q {
		return true
	}
	if q.plain && !p.vars {
		return p.matches(q.text, steps)
	}
	now, next := p.reach(nil, 0), []uint16(nil)
	for _, t := range q.tokens {
		next = next[:0]
		for _, at := range now {
			if int(at) == len(p.tokens) {
				continue
			}
			u := p.tokens[at]
			ok := false
			switch t.kind {
			case fixed:
				ok = u.takes(t.r)
			case folded:
				ok = u.kind == folded && equalFold(u.r, t.r) || (u.kind == one || u.kind == many) && u.bar == 0
			case one:
				ok = (u.kind == one || u.kind == many) && u.bar&^t.bar == 0
			case many:
				ok = u.kind == many && u.bar&^t.bar == 0
			case filler:
				ok = u.kind == filler && u.r == t.r || u.kind == many && u.bar == 0
			}
			switch {
			case !ok:
			case u.kind == many:
				next = p.reach(next, at)
			case t.kind != many:
				next = p.reach(next, at+1)
			}
		}
		if len(next) == 0 || len(next) > 8 && !steps.take(len(next)/4) {
			return false
		}
		now, next = next, now
	}
	return p.accepts(now)
}

// sample fills the wildcards in; in an ARN its partition, region and account with something usual.
func (p *pattern) sample(with string) string {
	if p.plain {
		return p.text
	}
	var b strings.Builder
	first, _ := utf8.DecodeRuneInString(with)
	colons := 0
	for i, t := range p.tokens {
		if isColon(t) {
			colons++
		}
		usual := ""
		if colons < 5 && i > 3 && strings.HasPrefix(b.String(), "arn:") {
			usual = [...]string{"", "aws", "", "us-east-1", someAccount}[colons]
		}
		switch {
		case t.kind == fixed || t.kind == folded:
			b.WriteRune(t.r)
		case t.kind == one && with != "" && i+1 < len(p.tokens) && p.tokens[i+1].kind == many: // what stands for the star will do
		case t.kind == one:
			b.WriteRune(first)
		case usual != "":
			b.WriteString(usual)
		default:
			b.WriteString(with)
		}
	}
	return b.String()
}

// loose is the pattern with a star in place of each variable.
func (p *pattern) loose() *pattern {
	if !p.vars {
		return p
	}
	out := make([]token, len(p.tokens))
	for i, t := range p.tokens {
		if t.kind == filler {
			t = token{kind: many}
		}
		out[i] = t
	}
	return newPattern(out)
}
