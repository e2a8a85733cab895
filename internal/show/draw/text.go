package draw

import (
	"strings"

	"github.com/footing-dev/footing/internal/show/term"
)

// advance are the widths of Helvetica's printable ASCII in thousandths of its size, from its font metrics (AFM); most other sans-serif
// fonts of the web are a little wider, which spare allows for.
const advance = "278278355556556889667191333333389584278333278278556556556556556556556556556556278278584584584556" + // space to ?
	"\x00667667722722667611778722278500667556833722778667778722667611722667944667667611278278278469556" + // @ (wider than three digits) to _
	"333556556500556556278556556222222500222833556556556556333500278556500722500500500334260334584" // ` to ~

const spare = 1.12

// Width is about how wide a text is; rather a little too much.
func Width(s string, size float64, bold bool) float64 {
	sum := 0.0
	for _, r := range s {
		sum += runeWidth(r)
	}
	if bold {
		sum *= 1.08
	}
	return sum * size * spare / 1000
}

func runeWidth(r rune) float64 {
	switch {
	case r == '@':
		return 1015
	case r >= ' ' && r <= '~':
		i := int(r-' ') * 3
		if r > '@' {
			i -= 2 // its place is one byte
		}
		return float64(int(advance[i]-'0')*100 + int(advance[i+1]-'0')*10 + int(advance[i+2]-'0'))
	}
	switch term.Width(string(r)) {
	case 0:
		return 0
	case 2:
		return 1000
	}
	return 650
}

// Fit cuts a text in its middle, so that its two ends tell it from others.
func Fit(s string, size, room float64, bold bool) string {
	if Width(s, size, bold) <= room {
		return s
	}
	r := []rune(s)
	for keep := len(r) - 1; keep > 0; keep-- {
		cut := string(r[:keep-keep/2]) + "…" + string(r[len(r)-keep/2:])
		if Width(cut, size, bold) <= room {
			return cut
		}
	}
	return "…"
}

// Wrap breaks a text into at most some lines, at spaces and after signs that names are made with; what is too long is cut.
func Wrap(s string, size, room float64, bold bool, most int) []string {
	var lines []string
	line := ""
	flush := func() {
		if line != "" {
			lines = append(lines, strings.TrimSpace(line))
		}
		line = ""
	}
	for _, part := range parts(s) {
		if line != "" && Width(line+strings.TrimRight(part, " "), size, bold) > room {
			flush()
		}
		line += part
	}
	flush()
	if len(lines) > most {
		lines = append(lines[:most-1], strings.Join(lines[most-1:], ""))
	}
	for i := range lines {
		lines[i] = Fit(lines[i], size, room, bold)
	}
	return lines
}

// parts are where a text may be broken.
func parts(s string) []string {
	var out []string
	from := 0
	for i, r := range s {
		if strings.ContainsRune(" -_/.:@", r) {
			out = append(out, s[from:i+1])
			from = i + 1
		}
	}
	return append(out, s[from:])
}
