package draft

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// width is how long a line may be; a single text may make it longer. The items of a section stand two columns in, behind a dash.
const (
	width = 120
	room  = width - 2
)

// field is one key of a mapping. A value is a string, a []string, a fields or a verbatim.
type field struct {
	key   string
	value any
}

type fields []field

// verbatim is a value that is written as it is: a number, true.
type verbatim string

// plainScalar is what YAML 1.1 and 1.2 read as the same text without quotes, unless it is one of words.
var plainScalar = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_./@+-]*$`)

// words are texts that YAML 1.1 reads as something else (https://yaml.org/type/bool.html, https://yaml.org/type/null.html).
var words = []string{"y", "yes", "n", "no", "true", "false", "on", "off", "null"}

// quote writes a text so that every YAML reader gets the same text back.
func quote(s string) string {
	if plainScalar.MatchString(s) && !slices.Contains(words, strings.ToLower(s)) {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, r)
		case !unicode.IsPrint(r) && r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		case !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// mayBreak stands after a comma where a line may end. No quoted text has it.
const mayBreak = "\x00"

func flow(v any) string {
	switch v := v.(type) {
	case verbatim:
		return string(v)
	case string:
		return quote(v)
	case []string:
		out := make([]string, len(v))
		for i, s := range v {
			out[i] = quote(s)
		}
		return "[" + strings.Join(out, ","+mayBreak) + "]"
	case fields:
		out := make([]string, len(v))
		for i, f := range v {
			out[i] = quote(f.key) + ": " + flow(f.value)
		}
		return "{" + strings.Join(out, ","+mayBreak) + "}"
	case []fields:
		out := make([]string, len(v))
		for i, f := range v {
			out[i] = flow(f)
		}
		return "[" + strings.Join(out, ","+mayBreak) + "]"
	}
	panic(fmt.Sprintf("a value of type %T", v))
}

// oneOrMore is a text alone, or a list.
func oneOrMore[L ~[]string](l L) any {
	if len(l) == 1 {
		return l[0]
	}
	return []string(l)
}

// folded breaks a flow into lines, all but the first indented below what it opens with.
func folded(text string, indent int) []string {
	var lines []string
	line := ""
	for part := range strings.SplitSeq(text, mayBreak) {
		switch {
		case line == "":
			line = part
		case runes(line)+1+runes(part) > room-2:
			lines = append(lines, line)
			line = strings.Repeat(" ", indent) + part
		default:
			line += " " + part
		}
	}
	return append(lines, line)
}

// remark puts a comment behind the last line, or above the first when it would be too long there.
func remark(lines []string, text string) []string {
	if text == "" {
		return lines
	}
	last := len(lines) - 1
	if runes(lines[last])+2+runes(text) <= room {
		lines[last] += "  " + text
		return lines
	}
	return append([]string{cut(text, room)}, lines...)
}

func runes(s string) int { return utf8.RuneCountInString(s) }

// Check marks a line that a person has to look at.
const Check = "# <- check: "

func note(format string, args ...any) string { return "# " + clean(fmt.Sprintf(format, args...)) }

// clean makes text that stays on its line.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '·'
		}
		return r
	}, strings.ToValidUTF8(s, "·"))
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
