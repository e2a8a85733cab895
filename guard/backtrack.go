package guard

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// maxSteps is how much the backtracking engine may do for one match; about a tenth of a second.
const maxSteps = 2_000_000

var errSteps = errors.New("the regular expression needs too many steps for this text")

// A program is an expression as a tree, matched by walking it with a continuation: the plainest engine that knows lookaround, atomic groups
// and back references.
type program struct {
	root  *node
	names []string // of groups; names[0] is the whole match
}

type nodeKind uint8

const (
	nEmpty nodeKind = iota
	nSet            // one character of a set
	nSeq
	nAlt
	nRepeat
	nGroup  // captures
	nAtomic // (?>…)
	nAhead  // (?=…), (?!…)
	nBehind // (?<=…), (?<!…)
	nBack   // \1, \k<name>
	nStart  // ^ or \A
	nEnd    // $ or \z
	nWordEdge
	nReset // \K
)

type node struct {
	kind     nodeKind
	subs     []*node
	set      []rune // pairs of bounds
	ci       bool   // back reference: case does not matter
	not      bool   // lookaround, word edge, that must not hold
	lines    bool   // ^ and $ at every line
	min, max int    // repeat; max -1 is without end
	lazy     bool
	group    int
}

type flags struct{ i, m, s, x bool }

type regexParser struct {
	src    []rune
	i      int
	flags  flags
	names  []string
	backs  []*node
	byName map[*node]string
	depth  int
}

func newProgram(expr string) (*program, error) {
	p := &regexParser{src: []rune(expr), names: []string{""}, byName: map[*node]string{}}
	root, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	if p.i < len(p.src) {
		return nil, errors.New("unmatched )")
	}
	for n, name := range p.byName {
		for i, have := range p.names {
			if have == name && i > 0 {
				n.group = i
			}
		}
		if n.group == 0 {
			return nil, fmt.Errorf("there is no group %s", name)
		}
	}
	for _, n := range p.backs {
		if n.group >= len(p.names) {
			return nil, fmt.Errorf("there is no group %d", n.group)
		}
	}
	return &program{root: root, names: p.names}, nil
}

func (p *regexParser) more() bool { return p.i < len(p.src) }

func (p *regexParser) has(s string) bool {
	r := []rune(s)
	if len(p.src)-p.i < len(r) {
		return false
	}
	for j := range r {
		if p.src[p.i+j] != r[j] {
			return false
		}
	}
	return true
}

func (p *regexParser) take(s string) bool {
	if p.has(s) {
		p.i += len([]rune(s))
		return true
	}
	return false
}

func (p *regexParser) alternatives() (*node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, errors.New("nested too deeply")
	}
	defer func() { p.depth-- }()
	kept := p.flags // flags that are set in a group end with it
	defer func() { p.flags = kept }()
	alt := &node{kind: nAlt}
	for {
		seq, err := p.sequence()
		if err != nil {
			return nil, err
		}
		alt.subs = append(alt.subs, seq)
		if !p.take("|") {
			break
		}
	}
	if len(alt.subs) == 1 {
		return alt.subs[0], nil
	}
	return alt, nil
}

func (p *regexParser) sequence() (*node, error) {
	seq := &node{kind: nSeq}
	for p.more() && p.src[p.i] != '|' && p.src[p.i] != ')' {
		if p.flags.x && p.comment() {
			continue
		}
		n, err := p.atom()
		if err != nil {
			return nil, err
		}
		if n == nil { // (?i)
			continue
		}
		if n, err = p.repeated(n); err != nil {
			return nil, err
		}
		seq.subs = append(seq.subs, n)
	}
	return seq, nil
}

func (p *regexParser) comment() bool {
	switch {
	case unicode.IsSpace(p.src[p.i]):
		p.i++
	case p.src[p.i] == '#':
		for p.more() && p.src[p.i] != '\n' {
			p.i++
		}
	default:
		return false
	}
	return true
}

func (p *regexParser) repeated(n *node) (*node, error) {
	for p.more() {
		if p.flags.x && p.comment() {
			continue
		}
		low, high := 0, -1
		switch {
		case p.take("*"):
		case p.take("+"):
			low = 1
		case p.take("?"):
			high = 1
		case p.has("{"):
			ok, err := false, error(nil)
			if low, high, ok, err = p.counts(); err != nil {
				return nil, err
			} else if !ok {
				return n, nil
			}
		default:
			return n, nil
		}
		switch n.kind {
		case nStart, nEnd, nWordEdge, nAhead, nBehind, nReset:
			if low > 1 {
				low = 1
			}
		}
		n = &node{kind: nRepeat, min: low, max: high, subs: []*node{n}}
		if p.take("?") {
			n.lazy = true
		} else if p.take("+") {
			n = &node{kind: nAtomic, subs: []*node{n}}
		}
	}
	return n, nil
}

// counts reads {2}, {2,} and {2,5}; anything else in braces is text.
func (p *regexParser) counts() (low, high int, ok bool, err error) {
	end := p.i + 1
	for end < len(p.src) && p.src[end] != '}' {
		end++
	}
	if end >= len(p.src) {
		return 0, 0, false, nil
	}
	from, to, two := strings.Cut(strings.ReplaceAll(string(p.src[p.i+1:end]), " ", ""), ",")
	if from == "" && two && to != "" {
		from = "0"
	}
	low, isNumber := smallNumber(from)
	if !isNumber {
		return 0, 0, false, nil
	}
	switch {
	case !two:
		high = low
	case to == "":
		high = -1
	default:
		if high, isNumber = smallNumber(to); !isNumber {
			return 0, 0, false, nil
		}
	}
	if low > 1000 || high > 1000 || high >= 0 && high < low {
		return 0, 0, false, errors.New("a repetition is out of bounds: " + string(p.src[p.i:end+1]))
	}
	p.i = end + 1
	return low, high, true, nil
}

func (p *regexParser) atom() (*node, error) {
	switch {
	case p.has("("):
		return p.parenthesis()
	case p.take("^"):
		return &node{kind: nStart, lines: p.flags.m}, nil
	case p.take("$"):
		return &node{kind: nEnd, lines: p.flags.m}, nil
	case p.has("["):
		return p.class()
	case p.has("."):
		return p.leaf(1)
	case p.has(`\`):
		return p.escape()
	case p.has("*"), p.has("+"), p.has("?"):
		return nil, errors.New("nothing to repeat before " + string(p.src[p.i:p.i+1]))
	}
	c := p.src[p.i]
	p.i++
	return p.char(c), nil
}

func (p *regexParser) char(c rune) *node {
	set := []rune{c, c}
	if p.flags.i {
		for f := unicode.SimpleFold(c); f != c; f = unicode.SimpleFold(f) {
			set = append(set, f, f)
		}
		slices.Sort(set)
	}
	return &node{kind: nSet, set: set}
}

func (p *regexParser) parenthesis() (*node, error) {
	p.i++
	n := &node{}
	switch {
	case p.take("?="):
		n.kind = nAhead
	case p.take("?!"):
		n.kind, n.not = nAhead, true
	case p.take("?<="):
		n.kind = nBehind
	case p.take("?<!"):
		n.kind, n.not = nBehind, true
	case p.take("?>"):
		n.kind = nAtomic
	case p.take("?P<"), p.take("?<"):
		name, err := p.until('>')
		if err != nil {
			return nil, err
		}
		n.kind, n.group = nGroup, len(p.names)
		p.names = append(p.names, name)
	case p.take("?"):
		return p.flagged()
	default:
		n.kind, n.group = nGroup, len(p.names)
		p.names = append(p.names, "")
	}
	sub, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	if !p.take(")") {
		return nil, errors.New("a parenthesis is not closed")
	}
	n.subs = []*node{sub}
	return n, nil
}

func (p *regexParser) until(end rune) (string, error) {
	from := p.i
	for p.more() && p.src[p.i] != end {
		p.i++
	}
	if !p.more() || p.i == from {
		return "", errors.New("a group has no name")
	}
	p.i++
	return string(p.src[from : p.i-1]), nil
}

// flagged is (?i) for the rest of the group, or (?i:…).
func (p *regexParser) flagged() (*node, error) {
	kept, on := p.flags, true
	for p.more() {
		c := p.src[p.i]
		p.i++
		switch c {
		case '-':
			on = false
		case 'i':
			p.flags.i = on
		case 'm':
			p.flags.m = on
		case 's':
			p.flags.s = on
		case 'x':
			p.flags.x = on
		case 'u', 'U', 'R':
			if c != 'u' || !on {
				return nil, fmt.Errorf("the flag %c is not supported", c)
			}
		case ')':
			return nil, nil
		case ':':
			sub, err := p.alternatives()
			p.flags = kept
			if err != nil {
				return nil, err
			}
			if !p.take(")") {
				return nil, errors.New("a parenthesis is not closed")
			}
			return sub, nil
		default:
			return nil, fmt.Errorf("unknown group (?%c", c)
		}
	}
	return nil, errors.New("a parenthesis is not closed")
}

// The Perl classes as Unicode has them, in Go's syntax for the inside of a class.
var perl = map[rune]string{
	'd': `\p{Nd}`,
	'w': `\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\x{200C}\x{200D}`,
	's': `\t\n\v\f\r \x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}`,
}

func (p *regexParser) escape() (*node, error) {
	if p.i+1 >= len(p.src) {
		return nil, errors.New("a backslash at the end")
	}
	c := p.src[p.i+1]
	switch {
	case c == 'b' || c == 'B':
		p.i += 2
		return &node{kind: nWordEdge, not: c == 'B'}, nil
	case c == 'A':
		p.i += 2
		return &node{kind: nStart}, nil
	case c == 'z':
		p.i += 2
		return &node{kind: nEnd}, nil
	case c == 'K':
		p.i += 2
		return &node{kind: nReset}, nil
	case c == 'h' || c == 'H':
		p.i += 2
		set := []rune{'0', '9', 'A', 'F', 'a', 'f'}
		if c == 'H' {
			set = complement(set)
		}
		return &node{kind: nSet, set: set}, nil
	case c == 'k' && p.i+2 < len(p.src) && p.src[p.i+2] == '<':
		p.i += 3
		name, err := p.until('>')
		if err != nil {
			return nil, err
		}
		n := &node{kind: nBack, ci: p.flags.i}
		if i, ok := smallNumber(name); ok {
			n.group = i
			p.backs = append(p.backs, n)
		} else {
			p.byName[n] = name
		}
		return n, nil
	case c >= '1' && c <= '9':
		p.i++
		n := &node{kind: nBack, ci: p.flags.i}
		for p.more() && p.src[p.i] >= '0' && p.src[p.i] <= '9' && n.group < 100 {
			n.group = 10*n.group + int(p.src[p.i]-'0')
			p.i++
		}
		p.backs = append(p.backs, n)
		return n, nil
	case perl[unicode.ToLower(c)] != "":
		p.i += 2
		inside := perl[unicode.ToLower(c)]
		if unicode.IsUpper(c) {
			return p.goSet("[^" + inside + "]")
		}
		return p.goSet("[" + inside + "]")
	}
	return p.leaf(escapeLength(p.src[p.i:]))
}

// escapeLength is how long an escape is that stands for one character or class.
func escapeLength(s []rune) int {
	if len(s) > 2 && strings.ContainsRune("pPxu", s[1]) {
		if s[2] == '{' {
			for i, c := range s {
				if c == '}' {
					return i + 1
				}
			}
			return len(s)
		}
		switch s[1] {
		case 'x':
			return min(4, len(s))
		case 'u':
			return min(6, len(s))
		}
		return 3
	}
	return min(2, len(s))
}

func (p *regexParser) leaf(n int) (*node, error) {
	text := string(p.src[p.i : p.i+n])
	p.i += n
	return p.goSet(rustEscape(text))
}

// rustEscape writes an escape that Go does not know as one that it does.
func rustEscape(s string) string {
	r := []rune(s)
	switch {
	case len(r) > 1 && r[0] == '\\' && r[1] == 'u':
		return `\x{` + strings.Trim(string(r[2:]), "{}") + "}"
	case len(r) == 2 && r[0] == '\\' && r[1] < 0x80 && !unicode.IsLetter(r[1]) && !unicode.IsNumber(r[1]):
		return syntaxQuote(r[1])
	}
	return s
}

func syntaxQuote(r rune) string { return `\x{` + strconv.FormatInt(int64(r), 16) + "}" }

// goSet lets Go's parser read what stands for one character.
func (p *regexParser) goSet(text string) (*node, error) {
	f := syntax.Perl
	if p.flags.i {
		f |= syntax.FoldCase
	}
	if p.flags.s {
		f |= syntax.DotNL
	}
	re, err := syntax.Parse(text, f)
	if err != nil {
		return nil, err
	}
	switch re.Op {
	case syntax.OpCharClass:
		return &node{kind: nSet, set: re.Rune}, nil
	case syntax.OpLiteral:
		if len(re.Rune) == 1 {
			return p.char(re.Rune[0]), nil
		}
	case syntax.OpAnyChar:
		return &node{kind: nSet, set: []rune{0, unicode.MaxRune}}, nil
	case syntax.OpAnyCharNotNL:
		return &node{kind: nSet, set: []rune{0, '\n' - 1, '\n' + 1, unicode.MaxRune}}, nil
	case syntax.OpNoMatch:
		return &node{kind: nSet}, nil
	}
	return nil, errors.New("cannot read " + text)
}

// class is [...], with Perl's classes as Unicode has them.
func (p *regexParser) class() (*node, error) {
	var b strings.Builder
	b.WriteByte('[')
	p.i++
	if p.take("^") {
		b.WriteByte('^')
	}
	if p.take("]") {
		b.WriteString(`\]`)
	}
	for p.more() {
		c := p.src[p.i]
		switch {
		case c == ']':
			p.i++
			return p.goSet(b.String() + "]")
		case p.has("[:"):
			end := p.i
			for end < len(p.src) && p.src[end] != ']' {
				end++
			}
			if end == len(p.src) {
				return nil, errors.New("a class is not closed")
			}
			b.WriteString(string(p.src[p.i : end+1]))
			p.i = end + 1
		case c == '[' || p.has("&&") || p.has("--") || p.has("~~"):
			return nil, errors.New("classes in classes are not supported: write the characters in one class")
		case c == '\\' && p.i+1 < len(p.src):
			n := escapeLength(p.src[p.i:])
			esc := p.src[p.i : p.i+n]
			switch inside, neg := perl[unicode.ToLower(esc[1])], unicode.IsUpper(esc[1]); {
			case inside != "" && neg:
				re, err := syntax.Parse("[^"+inside+"]", syntax.Perl)
				if err != nil {
					return nil, err
				}
				for j := 0; j+1 < len(re.Rune); j += 2 {
					b.WriteString(syntaxQuote(re.Rune[j]) + "-" + syntaxQuote(re.Rune[j+1]))
				}
			case inside != "":
				b.WriteString(inside)
			default:
				b.WriteString(rustEscape(string(esc)))
			}
			p.i += n
		default:
			b.WriteRune(c)
			p.i++
		}
	}
	return nil, errors.New("a class is not closed")
}

func complement(set []rune) []rune {
	var out []rune
	next := rune(0)
	for i := 0; i+1 < len(set); i += 2 {
		if set[i] > next {
			out = append(out, next, set[i]-1)
		}
		next = set[i+1] + 1
	}
	return append(out, next, unicode.MaxRune)
}
