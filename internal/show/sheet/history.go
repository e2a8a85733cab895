package sheet

import (
	"fmt"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/act/review"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Standing counts the resources that are to fix, and those that may have to be, by what was not seen.
func Standing(a *assess.Assessment, gate int) (fix, maybe int) {
	c := counts(a, gate)
	return c[toFix], c[unseen]
}

// HistoryJSON is `risk --history --format json`. The oldest snapshot comes first.
type HistoryJSON struct {
	Footing   int          `json:"footing"`
	Account   string       `json:"account"`
	Table     string       `json:"table"`
	Threshold int          `json:"threshold"`
	Snapshots []MomentJSON `json:"snapshots"`
}

// MomentJSON is one snapshot in numbers; rows holds what was asked for by ID.
type MomentJSON struct {
	Snapshot string     `json:"snapshot"`
	Taken    time.Time  `json:"taken"`
	Highest  int        `json:"highest"`
	Known    int        `json:"known"`
	ToFix    int        `json:"to_fix"`
	Unseen   int        `json:"unseen"`
	Gaps     int        `json:"gaps"`
	Rows     []PastJSON `json:"rows"`
}

// PastJSON is a row as it was.
type PastJSON struct {
	ID            string    `json:"id"`
	ARN           string    `json:"arn"`
	Access        string    `json:"access"`
	Risk          int       `json:"risk"`
	Low           int       `json:"low"`
	BesideAccount RangeJSON `json:"beside_account"`
	Impact        int       `json:"impact"`
}

// RangeJSON is a risk at its worst end, and on what was seen alone.
type RangeJSON struct {
	Risk int `json:"risk"`
	Low  int `json:"low"`
}

// Past are the numbers of snapshots, the oldest first, as a whole or of one resource.
type Past struct {
	Page
	Moments []review.Moment
	Key     snapshot.Key      // "" for the whole account
	Only    access.Capability // of Key; None for both
}

// JSON is the history for scripts.
func (h Past) JSON() HistoryJSON {
	out := HistoryJSON{Footing: 1, Account: h.Assessment.Snapshot.Account, Table: h.Assessment.Sheet.Table, Threshold: h.Gate, Snapshots: []MomentJSON{}}
	for i := range h.Moments {
		m := &h.Moments[i]
		j := MomentJSON{m.Snapshot, m.Taken, m.Highest, m.Known, m.ToFix, m.Unseen, len(m.Gaps), []PastJSON{}}
		for _, r := range m.Rows {
			if r.ARN == h.Key && (h.Only == access.None || r.Access == verbOfAccess(h.Only)) {
				j.Rows = append(j.Rows, PastJSON{r.ID, string(r.ARN), r.Access, r.Risk[0], r.Risk[1], RangeJSON{r.Risk[2], r.Risk[3]}, r.Risk[4]})
			}
		}
		out.Snapshots = append(out.Snapshots, j)
	}
	return out
}

// mostScans is how many snapshots fit a screen, a line each.
const mostScans = 12

// Text is the history for people: a curve with its two ends, and the numbers, the latest first.
func (h Past) Text(w *term.Screen) error {
	h.head(w)
	columns := []term.Column{{Head: "SCANNED (UTC)"}}
	var curves []curve
	if h.Key == "" {
		columns = append(columns, term.Column{Head: "HIGHEST", Right: true}, term.Column{Head: "TO FIX", Right: true}, term.Column{Head: "MAYBE", Right: true}, term.Column{Head: "GAPS", Right: true})
		risks, fix := curve{says: "Highest risk", top: 25}, curve{says: "To fix"}
		for i := range h.Moments {
			risks.add(h.Moments[i].Highest, true)
			fix.add(h.Moments[i].ToFix, true)
		}
		curves = []curve{risks, fix}
	}
	for _, c := range h.accesses() {
		columns = append(columns, term.Column{Head: c.String(), Right: true})
		line := curve{says: c.String(), top: 25}
		for i := range h.Moments {
			r, ok := h.row(i, c)
			line.add(r.Risk[2], ok)
		}
		curves = append(curves, line)
	}
	if h.Key != "" {
		fmt.Fprintf(w, "%s\n\n", w.Bold(term.Clean(names(h.Assessment).of(string(h.Key)))))
	}
	for _, c := range curves {
		fmt.Fprintf(w, " %s%s\n", term.Pad(c.says, 14), c)
	}
	fmt.Fprintln(w)
	var rows [][]string
	for i := len(h.Moments) - 1; i >= 0 && len(rows) < mostScans; i-- {
		rows = append(rows, h.line(i))
	}
	if err := term.Table(w, columns, rows); err != nil {
		return err
	}
	if n := len(h.Moments) - len(rows); n > 0 {
		fmt.Fprintf(w, "  %d earlier (--format json)\n", n)
	}
	if len(h.Moments) == 1 {
		fmt.Fprintf(w, "\n One scan so far. A history begins with the next: %s\n", h.Program+" scan")
		return nil
	}
	fmt.Fprintf(w, "\n What changed   %s\n", h.Command("review"))
	return nil
}

// accesses are those that are asked for; none for the account as a whole.
func (h Past) accesses() []access.Capability {
	switch {
	case h.Key == "":
		return nil
	case h.Only == access.None:
		return []access.Capability{access.Read, access.Write}
	}
	return []access.Capability{h.Only}
}

// row is the row that is asked for as it was; false when there was none.
func (h Past) row(i int, c access.Capability) (review.Row, bool) {
	for _, r := range h.Moments[i].Rows {
		if r.ARN == h.Key && r.Access == verbOfAccess(c) {
			return r, true
		}
	}
	return review.Row{}, false
}

func (h Past) line(i int) []string {
	m := &h.Moments[i]
	out := []string{m.Taken.Format("2006-01-02 15:04")}
	if h.Key == "" {
		return append(out, span(m.Known, m.Highest), fmt.Sprint(m.ToFix), fmt.Sprint(m.Unseen), fmt.Sprint(len(m.Gaps)))
	}
	for _, c := range h.accesses() {
		says := "–"
		if r, ok := h.row(i, c); ok {
			says = span(r.Risk[3], r.Risk[2])
		}
		out = append(out, says)
	}
	return out
}

// span is a number, or the range that it may be in.
func span(low, high int) string {
	if low != high {
		return fmt.Sprintf("%d…%d ?", low, high)
	}
	return fmt.Sprint(high)
}

// curve is numbers as a line of bars. A place without a number has a dot.
type curve struct {
	says   string
	top    int // what the highest bar stands for; 0: the highest number
	values []int
}

const nothing = -1

func (c *curve) add(v int, there bool) {
	if !there {
		v = nothing
	}
	c.values = append(c.values, v)
}

// String is the curve between its first and its last number: "25 ▇▇▆▅ 15".
func (c curve) String() string {
	bars := []rune("▁▂▃▄▅▆▇█")
	top := c.top
	if top == 0 {
		for _, v := range c.values {
			top = max(top, v)
		}
	}
	var b strings.Builder
	for _, v := range c.values {
		switch {
		case v == nothing:
			b.WriteRune('·')
		default:
			b.WriteRune(bars[max((v*len(bars)-1)/max(top, 1), 0)])
		}
	}
	number := func(v int) string {
		if v == nothing {
			return "–"
		}
		return fmt.Sprint(v)
	}
	if len(c.values) < 2 {
		return fmt.Sprintf("   %s %s", b.String(), number(c.values[len(c.values)-1]))
	}
	return fmt.Sprintf("%2s %s %s", number(c.values[0]), b.String(), number(c.values[len(c.values)-1]))
}
