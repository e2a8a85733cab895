package term

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Clean takes control and formatting characters out of a text that somebody else wrote (a name, a tag): a bucket's tag must not
// be able to move the cursor or to turn the line around.
func Clean(s string) string {
	if strings.IndexFunc(s, hidden) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if hidden(r) {
			return '·'
		}
		return r
	}, s)
}

func hidden(r rune) bool { return unicode.Is(unicode.C, r) || r == '\u2028' || r == '\u2029' }

// Width is the number of columns that a text takes.
func Width(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case r < 0x1100:
		return 1
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	default:
		return 1
	}
}

// Fit cuts a text to n columns; what is cut ends in "…".
func Fit(s string, n int) string {
	if Width(s) <= n {
		return s
	}
	if n < 1 {
		return ""
	}
	at := 0
	for i, r := range s {
		if at+runeWidth(r) > n-1 {
			return s[:i] + "…"
		}
		at += runeWidth(r)
	}
	return s
}

// Pad fills a text up to n columns.
func Pad(s string, n int) string { return s + strings.Repeat(" ", max(n-Width(s), 0)) }

// PadLeft fills a text up to n columns from the left: numbers.
func PadLeft(s string, n int) string { return strings.Repeat(" ", max(n-Width(s), 0)) + s }

// Wrap breaks a text at spaces into lines of at most n columns; a longer word has its own line.
func Wrap(s string, n int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		switch {
		case line == "":
			line = word
		case Width(line)+1+Width(word) > n:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
