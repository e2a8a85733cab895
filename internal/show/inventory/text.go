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
func Text(w *term.Screen, l *List, now time.Time, asked Asked, run func(verb string) string) error {
	narrowed := asked.narrowed()
	columns, rows, aws := l.shown(narrowed)
	count := term.Count(l.All, "resource", "resources")
	if narrowed {
		count = fmt.Sprintf("%s of %s", term.Number(len(l.Resources)), count)
	}
	if l.Since != "" {
		count += " · since " + l.Since
	}
	fmt.Fprintf(w, "%s · %s\n\n", w.Bold(heading(l.Name, l.Account, l.Taken, now)), count)
	switch {
	case len(l.Resources) == 1 && narrowed && l.Since == "":
		l.page(w, &l.Resources[0], run)
		return nil
	case asked.Cost:
		if err := l.costText(w, run); err != nil || l.Duties == nil || len(l.Resources) == 0 {
			return err
		}
		fmt.Fprintln(w)
		return l.dutiesText(w, run)
	case l.Duties != nil && len(l.Resources) > 0:
		return l.dutiesText(w, run)
	case len(rows) > 0:
		if err := term.Table(w, columns, rows); err != nil {
			return err
		}
		fmt.Fprintln(w)
	case l.Since != "" && len(l.Gaps) == 0:
		if len(l.Gone) == 0 {
			fmt.Fprintf(w, "Nothing of that kind since %s.\n\n", l.Since)
		}
	default:
		l.empty(w)
	}
	l.gone(w)
	if aws > 0 {
		fmt.Fprintf(w, "%s of AWS not shown: %s\n", term.Count(aws, "policy", "policies"), run("list type:managedpolicy"))
	}
	l.unseen(w)
	_, err := fmt.Fprintf(w, "Next   %s\n", run("risk"))
	return err
}

// shown are the rows of the table; policies that AWS wrote are counted only, unless they were asked for.
func (l *List) shown(narrowed bool) (columns []term.Column, rows [][]string, aws int) {
	columns = []term.Column{{Head: "NAME", Least: 16}, {Head: "TYPE", Least: 20}, {Head: "REGION"}}
	stated := l.stated()
	for _, s := range stated {
		columns = append(columns, term.Column{Head: s.head, Least: s.least})
	}
	columns = append(columns, term.Column{Head: "TAGS", Least: 14})
	marks := map[string]string{"new": "+ ", "changed": "~ "}
	for _, r := range l.Resources {
		if !narrowed && OfAWS(r.ARN) {
			aws++
			continue
		}
		region := r.Region
		if region == "" {
			region = "global"
		}
		row := []string{marks[r.Change] + r.Name, strings.TrimPrefix(r.Type, "AWS::"), region}
		for _, s := range stated {
			row = append(row, word(s.of(&r)))
		}
		rows = append(rows, append(row, tags(r, stated...)))
	}
	return columns, rows, aws
}

// statement is a column that is there when somebody states anything for it.
type statement struct {
	head  string
	least int // how far it may be cut; 0: never
	of    func(*Row) *string
}

func (l *List) stated() []statement {
	all := []statement{
		{"UNIT", 8, func(r *Row) *string { return r.Unit }}, {"OWNER", 12, func(r *Row) *string { return r.Owner }},
		{"CLASS", 0, func(r *Row) *string { return r.Class }},
	}
	return slices.DeleteFunc(all, func(s statement) bool {
		return !slices.ContainsFunc(l.Resources, func(r Row) bool { return s.of(&r) != nil })
	})
}

func word(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// gone lists what is not there any more.
func (l *List) gone(w *term.Screen) {
	if len(l.Gone) == 0 {
		return
	}
	fmt.Fprintf(w, "%s gone\n", term.Count(len(l.Gone), "thing is", "things are"))
	for i, g := range l.Gone {
		if i == mostGone {
			fmt.Fprintf(w, "  and %d more (--format json)\n", len(l.Gone)-mostGone)
			break
		}
		fmt.Fprintf(w, "  - %s  %s\n", term.Clean(g.Name), strings.TrimPrefix(g.Type, "AWS::"))
	}
	fmt.Fprintln(w)
}

// mostGone is how many of them a screen shows.
const mostGone = 20

// OfAWS tells whether AWS itself owns a thing: a managed policy that every account has.
func OfAWS(k snapshot.Key) bool {
	parts := strings.SplitN(string(k), ":", 6)
	return len(parts) == 6 && parts[4] == "aws"
}

// tags writes tags out, but for those that say the name, or what a column says; beside columns also for what names the tool that made it (managed:TOOL).
func tags(r Row, columns ...statement) string {
	if slices.Contains(r.Unknown, "Tags") {
		return "?"
	}
	var out []string
	for _, k := range slices.Sorted(maps.Keys(r.Tags)) {
		tool := len(columns) > 0 && r.Managed.By != "" && strings.EqualFold(r.Tags[k], r.Managed.By)
		told := tool || k == "Name" && r.Tags[k] == r.Name || slices.ContainsFunc(columns, func(s statement) bool { return r.Tags[k] == word(s.of(&r)) })
		if !told {
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
	type reason struct {
		says          string
		what, regions []string
	}
	var reasons []*reason
	at := map[string]*reason{}
	type one struct {
		in   *[]string
		says string
	}
	seen := map[one]bool{}
	add := func(to *[]string, s string) {
		if s != "" && !seen[one{to, s}] {
			seen[one{to, s}] = true
			*to = append(*to, s)
		}
	}
	for _, g := range gaps {
		r := at[g.Reason]
		if r == nil {
			r = &reason{says: g.Reason}
			at[g.Reason] = r
			reasons = append(reasons, r)
		}
		add(&r.regions, g.Region)
		switch {
		case g.Resource != "":
			add(&r.what, short(string(g.Resource)))
		case len(g.Types) == 0:
			add(&r.what, g.Service)
		default:
			for _, t := range g.Types {
				add(&r.what, strings.TrimPrefix(t, "AWS::"))
			}
		}
	}
	for i, r := range reasons {
		if i == maxGaps {
			fmt.Fprintf(w, "  and %s (--format json)\n", term.Count(len(reasons)-maxGaps, "more reason", "more reasons"))
			return
		}
		line := strings.Join(r.what, ", ")
		if n := len(r.what) - 3; n > 1 {
			line = fmt.Sprintf("%s and %d more", strings.Join(r.what[:3], ", "), n)
		}
		line += ": " + r.says
		switch n := len(r.regions); {
		case n == 1 && r.regions[0] != "*": // "*" is every Region but those that were looked at
			line += " in " + r.regions[0]
		case n > 1:
			line += fmt.Sprintf(" in %d Regions", n)
		}
		for j, part := range term.Wrap(term.Clean(line), w.Width-4) {
			lead := "  "
			if j > 0 {
				lead = "    "
			}
			fmt.Fprintln(w, lead+part)
		}
	}
}

// relations is what a resource leads to, in one cell.
func relations(r *Row) string {
	var out []string
	for _, x := range r.Related {
		if x.To {
			out = append(out, x.Kind+" "+string(x.ARN))
		}
	}
	return strings.Join(out, "; ")
}

// CSV writes one line a resource, with a header.
func CSV(w io.Writer, l *List) error {
	c := csv.NewWriter(w)
	c.Write([]string{"arn", "type", "name", "region", "account", "unit", "owner", "class", "tags", "monthly", "currency", "source", "unknown", "managed", "change", "related", "period", "before"})
	for _, r := range l.Resources {
		monthly := ""
		if r.Cost.Monthly != nil {
			monthly = fmt.Sprintf("%.2f", *r.Cost.Monthly)
		}
		before := ""
		if r.Cost.Before != nil {
			before = fmt.Sprintf("%.2f", *r.Cost.Before)
		}
		c.Write([]string{string(r.ARN), r.Type, r.Name, r.Region, r.Account, word(r.Unit), word(r.Owner), word(r.Class), tags(r),
			monthly, r.Cost.Currency, r.Cost.Source, strings.Join(r.Unknown, " "), strings.TrimSuffix(r.Managed.By+":"+r.Managed.In, ":"), r.Change, relations(&r), r.Cost.Period, before})
	}
	for _, g := range l.Gone {
		c.Write([]string{string(g.ARN), g.Type, g.Name, "", "", "", "", "", "", "", "", "", "", "", "gone", "", "", ""})
	}
	c.Flush()
	return c.Error()
}
