package guard

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// regex is an expression in the syntax of Rust's regex and fancy_regex, which cfn-guard uses. Go's own engine runs it where the two agree; it
// needs time in proportion to the text. The rest (lookaround, back references, \w and \b on text that is not ASCII) goes to a backtracking
// engine that counts its steps, so that no expression can hang and the same input always gives the same answer. Engines that stop by the clock
// do neither.
type regex struct {
	fast *regexp.Regexp // nil where only the other engine can read it
	// ascii: Go takes \w, \d, \s, \b and (?i) for ASCII alone, Rust for all of Unicode. So fast may only be asked about ASCII.
	ascii bool
	slow  *program // nil where fast is enough
}

func compile(expr string) (*regex, error) {
	r := &regex{}
	fast, err := regexp.Compile(expr)
	if err == nil {
		r.fast = fast
		r.ascii = strings.ContainsAny(expr, `\`) || strings.Contains(expr, "(?") || strings.Contains(expr, "[:")
	}
	if r.fast == nil || r.ascii {
		var slowErr error
		if r.slow, slowErr = newProgram(expr); slowErr != nil && r.fast == nil {
			return nil, plainRegexError(err, slowErr)
		}
	}
	return r, nil
}

// plainRegexError prefers what the engine says that knows more syntax.
func plainRegexError(fast, slow error) error {
	var s *syntax.Error
	if errors.As(slow, &s) {
		return errors.New(string(s.Code) + ": " + s.Expr)
	}
	if slow != nil {
		return slow
	}
	return fast
}

func (r *regex) quick(text string) bool {
	return r.fast != nil && (!r.ascii || r.slow == nil || isASCII(text))
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// match says whether the expression is found anywhere in the text.
func (r *regex) match(text string) (bool, error) {
	if r.quick(text) {
		return r.fast.MatchString(text), nil
	}
	m := matcher{program: r.slow, text: []rune(text), steps: maxSteps}
	_, ok := m.search(0)
	if m.steps <= 0 {
		return false, errSteps
	}
	return ok, nil
}

// extract finds every match and gives what the template makes of each, one after another: what stands between the matches is left out. That is
// what regex_replace of cfn-guard does, though its documentation speaks of replacing.
func (r *regex) extract(text, template string) (string, error) {
	var b strings.Builder
	if r.quick(text) {
		names := r.fast.SubexpNames()
		for _, m := range r.fast.FindAllStringSubmatchIndex(text, -1) {
			expand(&b, template, names, func(i int) string {
				if m[2*i] < 0 {
					return ""
				}
				return text[m[2*i]:m[2*i+1]]
			})
		}
		return b.String(), nil
	}
	m := matcher{program: r.slow, text: []rune(text), steps: maxSteps}
	for at, last := 0, -1; at <= len(m.text); {
		caps, ok := m.search(at)
		if m.steps <= 0 {
			return "", errSteps
		}
		if !ok {
			break
		}
		if caps[0] == caps[1] && caps[1] == last { // an empty match right after a match is none
			at++
			continue
		}
		expand(&b, template, r.slow.names, func(i int) string {
			if caps[2*i] < 0 {
				return ""
			}
			return string(m.text[caps[2*i]:caps[2*i+1]])
		})
		at, last = caps[1], caps[1]
		if caps[0] == caps[1] {
			at++
		}
	}
	return b.String(), nil
}

// expand writes a template in which $1, ${1}, $name and ${name} are groups and $$ is a dollar. A group that does not exist is empty.
func expand(b *strings.Builder, template string, names []string, group func(int) string) {
	for {
		before, after, found := strings.Cut(template, "$")
		b.WriteString(before)
		if !found {
			return
		}
		if rest, ok := strings.CutPrefix(after, "$"); ok {
			b.WriteByte('$')
			template = rest
			continue
		}
		name, rest := "", after
		if inner, ok := strings.CutPrefix(after, "{"); ok {
			n, tail, closed := strings.Cut(inner, "}")
			if closed {
				name, rest = n, tail
			}
		} else {
			end := strings.IndexFunc(after, func(r rune) bool {
				return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
			})
			if end < 0 {
				end = len(after)
			}
			name, rest = after[:end], after[end:]
		}
		if name == "" {
			b.WriteByte('$')
			template = after
			continue
		}
		template = rest
		if n, ok := smallNumber(name); ok {
			if n < len(names) {
				b.WriteString(group(n))
			}
			continue
		}
		for i, have := range names {
			if i > 0 && have == name {
				b.WriteString(group(i))
				break
			}
		}
	}
}

func smallNumber(s string) (int, bool) {
	n := 0
	for _, c := range s {
		if c < '0' || c > '9' || n > 1000 {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, s != ""
}
