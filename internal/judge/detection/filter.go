package detection

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Filter is a filter pattern of CloudWatch Logs for events in JSON: { ($.eventName = "X") && ($.errorCode NOT EXISTS) }.
// "Filter pattern syntax", https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax-for-Metric-Filters.html
type Filter struct {
	all bool // an empty pattern matches everything
	any [][]*term
}

// term is one comparison, or a pattern in brackets.
type term struct {
	inner *Filter
	path  []step
	op    string // =, !=, <, <=, >, >=, EXISTS, NOT EXISTS, NULL, TRUE, FALSE
	value string
	regex *regexp.Regexp
}

// step is a name, or a place in a list.
type step struct {
	name string
	at   int // -1: a name
}

// ParseFilter reads a filter pattern. Patterns that are not for JSON (words, or fields between spaces) are an error: they are not understood here.
func ParseFilter(text string) (*Filter, error) {
	p := &filterParser{text: text}
	p.space()
	if p.rest() == "" {
		return &Filter{all: true}, nil
	}
	if !p.take("{") {
		return nil, p.bad("it is no pattern for JSON, which begins with {")
	}
	f, err := p.either(0)
	if err != nil {
		return nil, err
	}
	if !p.take("}") || p.rest() != "" {
		return nil, p.bad("&&, || or } is wanted, and nothing after it")
	}
	return f, nil
}

type filterParser struct {
	text string
	at   int
}

func (p *filterParser) rest() string { return p.text[p.at:] }

func (p *filterParser) space() { p.at += len(p.rest()) - len(strings.TrimLeft(p.rest(), " \t\r\n")) }

func (p *filterParser) bad(why string) error { return fmt.Errorf("column %d: %s", p.at+1, why) }

// take takes a word that comes next, and the space behind it.
func (p *filterParser) take(word string) bool {
	if len(p.rest()) < len(word) || !strings.EqualFold(p.rest()[:len(word)], word) {
		return false
	}
	p.at += len(word)
	p.space()
	return true
}

// deepest bounds brackets in brackets: nobody means more.
const deepest = 50

func (p *filterParser) either(depth int) (*Filter, error) {
	if p.space(); depth > deepest {
		return nil, p.bad("there are too many brackets")
	}
	f := &Filter{}
	for {
		var all []*term
		for {
			t, err := p.term(depth)
			if err != nil {
				return nil, err
			}
			if all = append(all, t); !p.take("&&") {
				break
			}
		}
		if f.any = append(f.any, all); !p.take("||") {
			return f, nil
		}
	}
}

func (p *filterParser) term(depth int) (*term, error) {
	if p.take("(") {
		f, err := p.either(depth + 1)
		if err != nil {
			return nil, err
		}
		if !p.take(")") {
			return nil, p.bad("a bracket is not closed")
		}
		return &term{inner: f}, nil
	}
	t := &term{}
	if !strings.HasPrefix(p.rest(), "$") {
		return nil, p.bad("a field is wanted, such as $.eventName")
	}
	p.at++
	if err := p.selector(t); err != nil {
		return nil, err
	}
	p.space()
	for _, op := range []string{"NOT EXISTS", "EXISTS"} {
		if p.words(strings.Fields(op)) {
			t.op = op
			return t, nil
		}
	}
	for _, what := range []string{"NULL", "TRUE", "FALSE"} {
		if p.words([]string{"IS", what}) {
			t.op = what
			return t, nil
		}
	}
	for _, op := range []string{"!=", "<=", ">=", "=", "<", ">"} {
		if p.take(op) {
			t.op = op
			return t, p.operand(t)
		}
	}
	return nil, p.bad("a comparison is wanted: =, !=, <, <=, >, >=, EXISTS, NOT EXISTS, IS NULL, IS TRUE or IS FALSE")
}

// words takes words that come next, each behind space.
func (p *filterParser) words(words []string) bool {
	from := p.at
	for _, w := range words {
		if !p.take(w) {
			p.at = from
			return false
		}
	}
	return true
}

const ends = " \t\r\n()=!<>&|{}[]\".%"

func (p *filterParser) selector(t *term) error {
	for {
		switch {
		case strings.HasPrefix(p.rest(), "."):
			p.at++
			n := strings.IndexAny(p.rest(), ends)
			if n < 0 {
				n = len(p.rest())
			}
			if n == 0 {
				return p.bad("a name is wanted")
			}
			t.path = append(t.path, step{p.rest()[:n], -1})
			p.at += n
		case strings.HasPrefix(p.rest(), "["):
			in, _, ok := strings.Cut(p.rest()[1:], "]")
			if !ok {
				return p.bad("] is missing")
			}
			p.at += len(in) + 2
			if name, err := strconv.Unquote(in); err == nil && strings.HasPrefix(in, `"`) {
				t.path = append(t.path, step{name, -1})
			} else if n, err := strconv.Atoi(in); err == nil && n >= 0 {
				t.path = append(t.path, step{at: n})
			} else {
				return p.bad("a place in a list is a number")
			}
		case len(t.path) == 0:
			return p.bad("a field is wanted, such as $.eventName")
		default:
			return nil
		}
	}
}

func (p *filterParser) operand(t *term) (err error) {
	rest := p.rest()
	switch {
	case strings.HasPrefix(rest, `"`):
		quoted, err := strconv.QuotedPrefix(rest)
		if err == nil {
			t.value, err = strconv.Unquote(quoted)
		}
		if err != nil {
			return p.bad("the text is not closed, or holds what no text may hold")
		}
		p.at += len(quoted)
	case strings.HasPrefix(rest, "%"):
		in, _, ok := strings.Cut(rest[1:], "%")
		if t.regex, err = regexp.Compile(in); !ok || err != nil || t.op != "=" && t.op != "!=" {
			return p.bad("the regular expression is not understood")
		}
		p.at += len(in) + 2
	default:
		n := 0
		for n < len(rest) && !strings.ContainsRune(" \t\r\n()&|}", rune(rest[n])) {
			n++
		}
		if n == 0 {
			return p.bad("a value is wanted")
		}
		t.value = rest[:n]
		p.at += n
	}
	p.space()
	return nil
}

// Matches tells whether the filter matches an event, whose values are text, json.Number, bool, nil, lists and objects.
func (f *Filter) Matches(event map[string]any) Truth {
	if f.all {
		return Yes
	}
	return some(f.any, func(all []*term) Truth {
		return some(all, func(t *term) Truth { return t.matches(event).not() }).not()
	})
}

func (t *term) matches(event map[string]any) Truth {
	if t.inner != nil {
		return t.inner.Matches(event)
	}
	v, there := t.find(event)
	switch t.op {
	case "EXISTS", "NOT EXISTS":
		if there && v == nil {
			return Unclear
		}
		return truth(there == (t.op == "EXISTS"))
	case "NULL":
		return truth(there && v == nil)
	case "TRUE", "FALSE":
		return truth(there && v == (t.op == "TRUE"))
	case "=":
		return t.equal(v, there)
	case "!=":
		if !there { // not said on any page
			return Unclear
		}
		return t.equal(v, there).not()
	}
	limit := rational(t.value)
	have, ok := numberText(v)
	number := rational(have)
	switch {
	case limit == nil:
		return Unclear
	case !there:
		return No
	case !ok || number == nil:
		return Unclear
	}
	return truth(ordered(t.op, number.Cmp(limit)))
}

func (t *term) find(event map[string]any) (v any, there bool) {
	v = event
	for _, s := range t.path {
		switch in := v.(type) {
		case map[string]any:
			if v, there = in[s.name]; !there || s.at >= 0 && s.name == "" {
				return nil, false
			}
		case []any:
			if s.name != "" || s.at < 0 || s.at >= len(in) {
				return nil, false
			}
			v = in[s.at]
		default:
			return nil, false
		}
	}
	return v, true
}

func (t *term) equal(v any, there bool) Truth {
	if !there {
		return No
	}
	text, isText := v.(string)
	number, isNumber := numberText(v)
	switch {
	case isText && t.regex != nil:
		return truth(t.regex.MatchString(text))
	case isText:
		return wildcard(t.value, text, false)
	case isNumber && t.regex == nil && rational(t.value) != nil && rational(number) != nil:
		return truth(rational(t.value).Cmp(rational(number)) == 0)
	case isNumber && t.regex == nil && !slices.Contains([]byte(t.value), '*'):
		return No
	case v == nil:
		return No
	}
	return Unclear // a list, an object or a switch against text
}
