package inventory

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
)

// maxGaps is how many lines of gaps a screen shows; JSON has them all.
const maxGaps = 6

// Heading is the first line of every screen: which account, and how old the picture is.
func Heading(s *snapshot.Snapshot, now time.Time) string {
	return heading(s.Name, s.Account, s.Taken, now)
}

func heading(name, account string, taken, now time.Time) string {
	age := " · scanned " + term.Age(taken, now)
	if taken.Equal(now) { // --at: both are the day that ages are counted from
		age = " · as of " + now.UTC().Format(time.DateOnly)
	}
	return strings.TrimSpace(term.Clean(name)+" "+account) + age
}

// Text writes the table. run is how a verb is typed after this one ("footing risk --demo").
func Text(w *term.Screen, l *List, now time.Time, narrowed bool, run func(verb string) string) error {
	rows, aws := l.shown(narrowed)
	count := term.Count(l.All, "resource", "resources")
	if narrowed {
		count = fmt.Sprintf("%s of %s", term.Number(len(l.Resources)), count)
	}
	fmt.Fprintf(w, "%s · %s\n\n", w.Bold(heading(l.Name, l.Account, l.Taken, now)), count)
	if len(rows) > 0 {
		if err := term.Table(w, []term.Column{{Head: "NAME", Least: 16}, {Head: "TYPE", Least: 20}, {Head: "REGION"}, {Head: "TAGS", Least: 14}}, rows); err != nil {
			return err
		}
		fmt.Fprintln(w)
	} else {
		l.empty(w)
	}
	if aws > 0 {
		fmt.Fprintf(w, "%s of AWS not shown: %s\n", term.Count(aws, "policy", "policies"), run("list type:managedpolicy"))
	}
	l.unseen(w)
	_, err := fmt.Fprintf(w, "Next   %s\n", run("risk"))
	return err
}

// shown are the rows of the table; policies that AWS wrote are counted only, unless they were asked for.
func (l *List) shown(narrowed bool) (rows [][]string, aws int) {
	for _, r := range l.Resources {
		if !narrowed && OfAWS(r.ARN) {
			aws++
			continue
		}
		region := r.Region
		if region == "" {
			region = "global"
		}
		rows = append(rows, []string{r.Name, strings.TrimPrefix(r.Type, "AWS::"), region, tags(r)})
	}
	return rows, aws
}

// OfAWS tells whether AWS itself owns a thing: a managed policy that every account has.
func OfAWS(k snapshot.Key) bool {
	parts := strings.SplitN(string(k), ":", 6)
	return len(parts) == 6 && parts[4] == "aws"
}

func tags(r Row) string {
	if slices.Contains(r.Unknown, "Tags") {
		return "?"
	}
	var out []string
	for _, k := range slices.Sorted(maps.Keys(r.Tags)) {
		if k != "Name" || r.Tags[k] != r.Name { // that one is the name already
			out = append(out, k+"="+r.Tags[k])
		}
	}
	return strings.Join(out, " ")
}

// empty says why the table is empty: an answer only where somebody looked.
func (l *List) empty(w io.Writer) {
	switch {
	case len(l.Gaps) > 0:
		fmt.Fprintln(w, "Nothing seen. That does not mean that there is nothing:")
	case len(l.looked) == 1:
		fmt.Fprintf(w, "There is no %s: it was looked for, everywhere.\n", l.looked[0])
	case l.nobody:
		fmt.Fprintln(w, "Nothing seen, and nobody looked: no call of this scan lists such a type.")
	case l.All == 0:
		fmt.Fprintln(w, "The snapshot is empty.")
	default:
		fmt.Fprintf(w, "Nothing of %s matches. Fewer words, or a wildcard, find more.\n", term.Count(l.All, "resource", "resources"))
	}
	fmt.Fprintln(w)
}

func (l *List) unseen(w *term.Screen) {
	if len(l.Gaps) == 0 {
		return
	}
	fmt.Fprintf(w, "%s not seen\n", w.Yellow("?"))
	WriteGaps(w, l.Gaps)
	fmt.Fprintln(w)
}

// WriteGaps writes gaps for people: equal reasons once, a few lines, and how many more there are.
func WriteGaps(w *term.Screen, gaps []Gap) {
	var calls [][]string
	at := map[string]int{}
	for _, g := range gaps {
		where := ""
		if g.Region != "" {
			where = " in " + g.Region
		}
		what := strings.TrimPrefix(strings.Join(g.Types, ", "), "AWS::")
		if what = strings.ReplaceAll(what, ", AWS::", ", "); g.Resource != "" {
			what = short(string(g.Resource))
		}
		if what == "" {
			what = g.Service
		}
		i, ok := at[g.Reason+where]
		if !ok {
			i = len(calls)
			at[g.Reason+where] = i
			calls = append(calls, []string{g.Reason + where})
		}
		calls[i] = append(calls[i], what)
	}
	for i, c := range calls {
		if i == maxGaps {
			fmt.Fprintf(w, "  and %s (--format json)\n", term.Count(len(calls)-maxGaps, "more reason", "more reasons"))
			return
		}
		line := strings.Join(c[1:], ", ")
		if len(c) > 5 {
			line = fmt.Sprintf("%s and %d more", strings.Join(c[1:4], ", "), len(c)-4)
		}
		for j, part := range term.Wrap(term.Clean(line+": "+c[0]), w.Width-4) {
			lead := "  "
			if j > 0 {
				lead = "    "
			}
			fmt.Fprintln(w, lead+part)
		}
	}
}

// CSV writes one line a resource, with a header.
func CSV(w io.Writer, l *List) error {
	c := csv.NewWriter(w)
	c.Write([]string{"arn", "type", "name", "region", "account", "unit", "owner", "class", "tags", "monthly", "currency", "source", "unknown"})
	word := func(p *string) string {
		if p == nil {
			return ""
		}
		return *p
	}
	for _, r := range l.Resources {
		monthly := ""
		if r.Cost.Monthly != nil {
			monthly = fmt.Sprintf("%.2f", *r.Cost.Monthly)
		}
		c.Write([]string{string(r.ARN), r.Type, r.Name, r.Region, r.Account, word(r.Unit), word(r.Owner), word(r.Class), tags(r),
			monthly, r.Cost.Currency, r.Cost.Source, strings.Join(r.Unknown, " ")})
	}
	c.Flush()
	return c.Error()
}
