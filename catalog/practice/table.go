package practice

import "strings"

// text is one of the tables, which are part of the program: it is there.
func text(name string) string {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return strings.TrimSpace(string(b))
}

// lines are the rows of a table; "-" is an empty cell.
func lines(name string) [][]string {
	var out [][]string
	for line := range strings.SplitSeq(text(name), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, "\t")
		for i, c := range cells {
			if c == "-" {
				cells[i] = ""
			}
		}
		out = append(out, cells)
	}
	return out
}

// columns are what the last line before the rows calls them.
func columns(name string) []string {
	head := ""
	for line := range strings.SplitSeq(text(name), "\n") {
		if !strings.HasPrefix(line, "#") {
			break
		}
		head = line
	}
	return strings.Split(strings.TrimPrefix(head, "# "), "\t")
}
