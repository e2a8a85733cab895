package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// columns are the method's, then what a script may want beside them.
var columns = []string{
	"resource", "owner", "class", "read_impact", "read_likelihood", "read_risk", "write_impact", "write_likelihood", "write_risk", "action", "state",
	"worst_path", "paths", "mitigation", "review", "read_low", "write_low", "standing", "kind", "type", "arn", "told_by", "target",
}

// CSV writes a sheet by RFC 4180, with a header. The risks are those that the sheet on the screen shows, at their worst end; the columns
// …_low have what was seen alone.
func CSV(w io.Writer, lines []Line) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	c.Write(columns)
	for _, l := range lines {
		f := []string{l.ID, l.Owner, l.Class}
		for _, x := range []Figure{l.Read, l.Write} {
			f = append(f, strconv.Itoa(x.Impact), strconv.Itoa(x.Likelihood), strconv.Itoa(x.Risk()))
		}
		f = append(f, l.Action, l.State, l.Worst, strconv.Itoa(l.Paths), l.Mitigation, l.Review, strconv.Itoa(l.Read.Low()), strconv.Itoa(l.Write.Low()),
			l.Standing, l.Kind, l.Type, l.ARN, l.ToldBy, l.Target)
		for i := range f {
			f[i] = harmless(f[i])
		}
		c.Write(f)
	}
	c.Flush()
	return c.Error()
}

// harmless keeps a spreadsheet from reading a name as a formula: an apostrophe before it makes it text.
// "CSV Injection", https://owasp.org/www-community/attacks/CSV_Injection
func harmless(cell string) string {
	if strings.IndexAny(cell, "=+-@\t\r\n") == 0 || strings.HasPrefix(cell, "＝") || strings.HasPrefix(cell, "＋") || strings.HasPrefix(cell, "－") || strings.HasPrefix(cell, "＠") {
		return "'" + cell
	}
	return cell
}
