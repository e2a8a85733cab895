package term

import (
	"io"
	"strings"
)

// Column is one column of a table.
type Column struct {
	Head  string
	Right bool // numbers
	Least int  // how far the column may be cut when the table is too wide; 0: never
}

// Table writes rows under their heads, two spaces between columns, cut to the width of the screen: the last column that may
// be cut gives way first. Cells are cleaned. No line ends in spaces.
func Table(s *Screen, columns []Column, rows [][]string) error {
	cells := make([][]string, 0, len(rows)+1)
	heads := make([]string, len(columns))
	for i, c := range columns {
		heads[i] = c.Head
	}
	cells = append(cells, heads)
	for _, r := range rows {
		clean := make([]string, len(columns))
		for i := range min(len(columns), len(r)) {
			clean[i] = Clean(r[i])
		}
		cells = append(cells, clean)
	}
	widths := fit(columns, cells, s.Width)
	for i, r := range cells {
		if err := writeRow(s, columns, widths, r, i == 0); err != nil {
			return err
		}
	}
	return nil
}

// fit measures the columns, and cuts those that may be cut until the table fits.
func fit(columns []Column, cells [][]string, total int) []int {
	widths := make([]int, len(columns))
	sum := 2 * (len(columns) - 1)
	for i := range columns {
		for _, r := range cells {
			widths[i] = max(widths[i], Width(r[i]))
		}
		sum += widths[i]
	}
	for i := len(columns) - 1; i >= 0; i-- {
		if least := columns[i].Least; least > 0 && sum > total && widths[i] > least {
			cut := min(sum-total, widths[i]-least)
			widths[i] -= cut
			sum -= cut
		}
	}
	return widths
}

func writeRow(s *Screen, columns []Column, widths []int, row []string, head bool) error {
	parts := make([]string, len(columns))
	for i, c := range columns {
		if t := Fit(row[i], widths[i]); c.Right {
			parts[i] = PadLeft(t, widths[i])
		} else {
			parts[i] = Pad(t, widths[i])
		}
	}
	line := strings.TrimRight(strings.Join(parts, "  "), " ")
	if head {
		line = s.Dim(line)
	}
	_, err := io.WriteString(s, line+"\n")
	return err
}
