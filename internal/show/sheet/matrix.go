package sheet

import (
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/show/term"
)

// cell is one field of the 5×5 matrix: which rows stand in it.
type cell struct {
	marks []string
}

// matrix draws impact against likelihood. A number is a row of the table below, r and w its READ and WRITE, both when neither is said;
// ? marks the worst end of what was not seen. The thick line is the gate.
func matrix(rows []thing, gate int) []string {
	var cells [6][6]cell
	put := func(impact, level int, mark string) {
		c := &cells[impact][level]
		c.marks = append(c.marks, mark)
	}
	for i, t := range rows {
		marks := []struct {
			r    *risk.Row
			mark string
		}{{t.read, "r"}, {t.write, "w"}}
		if t.read.Impact.Level == t.write.Impact.Level && t.read.Beside.Level == t.write.Beside.Level && t.read.Beside.LowLevel == t.write.Beside.LowLevel && t.read.Impact.Low == t.write.Impact.Low {
			marks = marks[:1]
			marks[0].mark = ""
		}
		for _, x := range marks {
			mark := fmt.Sprint(i+1) + x.mark
			if x.r.Unknown() {
				put(x.r.Impact.Low, x.r.Beside.LowLevel, mark)
				mark += "?"
			}
			put(x.r.Impact.Level, x.r.Beside.Level, mark)
		}
	}
	key := []string{"r read  w write", "? worst of the unseen", fmt.Sprintf("┃ %d: act beyond it", gate)}
	if slices.ContainsFunc(rows, func(t thing) bool { return t.read.State != risk.Open || t.write.State != risk.Open }) {
		key = append(key, "= settled: see its row")
	}
	if slices.ContainsFunc(rows, func(t thing) bool { return spoken(t.read) || spoken(t.write) }) {
		key = append(key, "! somebody's word")
	}
	var out []string
	for impact := 5; impact >= 1; impact-- {
		line := fmt.Sprintf(" %6s %d |", map[bool]string{true: "impact"}[impact == 5], impact)
		for l := 1; l <= 5; l++ {
			edge := "|"
			if impact*l < gate && l < 5 && impact*(l+1) >= gate {
				edge = "┃"
			}
			text := " " + inCell(cells[impact][l].marks)
			line += term.Pad(text, 8) + edge
		}
		if i := 5 - impact; i < len(key) {
			line += "  " + key[i]
		}
		out = append(out, strings.TrimRight(line, " "))
	}
	return append(out, "            1        2        3        4        5   likelihood")
}

// inCell fits the marks of a field into six columns; what does not fit is counted.
func inCell(marks []string) string {
	if len(marks) == 0 {
		return "·"
	}
	s := strings.Join(marks, " ")
	if term.Width(s) <= 7 {
		return s
	}
	for n := len(marks) - 1; n > 0; n-- {
		if s := strings.Join(marks[:n], " ") + fmt.Sprintf(" +%d", len(marks)-n); term.Width(s) <= 7 {
			return s
		}
	}
	return fmt.Sprintf("%d rows", len(marks))
}
