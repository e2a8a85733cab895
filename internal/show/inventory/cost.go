package inventory

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/cost"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Cost is what a resource costs a month. Unknown is never 0.
type Cost struct {
	Monthly  *float64 `json:"monthly"`
	Currency string   `json:"currency"`
	Source   string   `json:"source"`           // billed, allocated, estimated, unknown
	Period   string   `json:"period,omitempty"` // the month of the bill, or the day of the price table
	From     string   `json:"from,omitempty"`   // where it was learnt
	Before   *float64 `json:"before,omitempty"` // the month before
}

func costOf(f cost.Figure) Cost {
	c := Cost{Currency: cmp.Or(f.Currency, "USD"), Source: f.Source, Period: f.Period, From: f.From}
	if f.Source != cost.Unknown {
		c.Monthly = cents(f.Monthly)
	}
	if f.Before != nil {
		c.Before = cents(*f.Before)
	}
	return c
}

// cents rounds what is shown of one resource: sums add up what is exact.
func cents(x float64) *float64 {
	x = math.Round(x*100) / 100
	return &x
}

// says is a figure in words, with all that it rests on.
func (c Cost) says() string {
	if c.Monthly == nil {
		return "unknown, which is not 0"
	}
	text := fmt.Sprintf("%s a month, %s (%s, %s)", money(*c.Monthly, c.Currency), c.Source, c.Period, c.From)
	if c.Before != nil {
		text += ", " + money(*c.Before, c.Currency) + " the month before"
	}
	return text
}

// Costs are sums over the chosen resources, and what of the bill they leave over.
type Costs struct {
	Month   string        `json:"month"` // of the bill; "" when there is none, and all figures are estimates
	Whole   bool          `json:"whole"` // all of the month is in it
	Through *time.Time    `json:"through"`
	From    string        `json:"from"`
	Basis   string        `json:"basis"`
	Read    *time.Time    `json:"read"`
	Totals  []cost.Amount `json:"totals"` // of the whole bill, in each currency
	Before  *Before       `json:"before"` // null when nothing earlier is known
	By      By            `json:"by"`     // of the chosen resources
	Unknown int           `json:"unknown"`
	Rest    []cost.Rest   `json:"unallocated"` // of the whole bill
	Apart   []cost.Apart  `json:"apart"`       // likewise: credits, refunds, taxes
	Budgets []cost.Budget `json:"budgets"`

	small int // resources that are charged less than half a cent each: Sums have them
}

// Before is the bill that is compared with.
type Before struct {
	Month  string        `json:"month"`
	Totals []cost.Amount `json:"totals"`
}

// By are sums of the chosen resources by what is stated of them.
type By struct {
	Unit    []cost.Sum `json:"unit"`
	Owner   []cost.Sum `json:"owner"`
	Service []cost.Sum `json:"service"`
	Class   []cost.Sum `json:"class"`
}

// costs sums the rows up.
func (l *List) costs(v *viewer, asked Asked) {
	t := v.costs
	if asked.Before != nil && asked.Before.Bills != nil {
		t.Compare(cost.Of(asked.Before))
	}
	var chosen []*snapshot.Resource
	rows := map[snapshot.Key]*Row{}
	c := &Costs{Totals: t.Totals, Rest: t.Rest, Apart: t.Apart, Budgets: t.Budgets()}
	for i := range l.Resources {
		row := &l.Resources[i]
		r, _ := v.s.Get(row.ARN)
		f := t.Figure(r)
		row.Cost = costOf(f)
		if f.Monthly != 0 && *row.Cost.Monthly == 0 {
			c.small++
		}
		chosen, rows[row.ARN] = append(chosen, r), row
		if row.Cost.Monthly == nil {
			c.Unknown++
		}
	}
	if t.Bill == nil && c.Unknown == len(l.Resources) {
		return
	}
	stated := func(of func(*Row) *string) []cost.Sum {
		return t.Sums(chosen, func(r *snapshot.Resource) string { return word(of(rows[r.Key])) })
	}
	c.By = By{
		Unit:    stated(func(r *Row) *string { return r.Unit }),
		Owner:   stated(func(r *Row) *string { return r.Owner }),
		Service: t.Sums(chosen, serviceOf),
		Class:   stated(func(r *Row) *string { return r.Class }),
	}
	if b := t.Bill; b != nil {
		c.Month, c.Whole, c.From, c.Basis, c.Read = b.Month, b.Whole(), b.From, b.Basis, &b.Read
		if !b.Through.IsZero() {
			c.Through = &b.Through
		}
	}
	if t.Before != nil {
		c.Before = &Before{t.Before.Month, t.Was}
	}
	l.Costs = c
}

// serviceOf is the service of a resource, as its type names it.
func serviceOf(r *snapshot.Resource) string {
	service, _, _ := strings.Cut(strings.TrimPrefix(r.Type, "AWS::"), "::")
	return service
}

// money writes an amount: 1,204.50 USD.
func money(x float64, currency string) string {
	whole := math.Round(math.Abs(x) * 100)
	sign := ""
	if x < 0 && whole > 0 {
		sign = "-"
	}
	return fmt.Sprintf("%s%s.%02d %s", sign, term.Number(int(whole)/100), int(whole)%100, currency)
}

// grew tells how an amount changed, in words that are short enough for a cell.
func grew(now float64, before *float64) string {
	switch {
	case before == nil:
		return ""
	case *before < 0.01:
		return "new"
	}
	change := (now - *before) / *before * 100
	switch {
	case math.Abs(change) < 0.5:
		return "same"
	case change > 999:
		return "more than ten times"
	}
	return fmt.Sprintf("%+.0f %%", change)
}

// How much of one kind the screen shows; JSON and CSV have all.
const (
	mostDear = 20
	mostSums = 8
)

// costText is what things cost, the dearest first, then sums, then what is left over.
func (l *List) costText(w *term.Screen, run func(verb string) string) error {
	c := l.Costs
	if c == nil {
		fmt.Fprintf(w, "No cost is known, which does not mean that there is none: no bill was read, and nothing here is in the table of prices.\n\n")
		l.costNext(w, run)
		return nil
	}
	l.costHead(w)
	if err := l.dearest(w); err != nil {
		return err
	}
	for _, g := range []struct {
		head string
		sums []cost.Sum
	}{{"BY UNIT", c.By.Unit}, {"BY OWNER", c.By.Owner}, {"BY SERVICE", c.By.Service}, {"BY CLASS", c.By.Class}} {
		sums := slices.DeleteFunc(slices.Clone(g.sums), func(s cost.Sum) bool { return s.Monthly == 0 && s.Unknown == 0 }) // what AWS takes nothing for
		if !slices.ContainsFunc(sums, func(s cost.Sum) bool { return s.Name != "none" }) {
			continue // nobody states any
		}
		if err := sumTable(w, g.head, sums); err != nil {
			return err
		}
	}
	if err := l.left(w); err != nil {
		return err
	}
	l.costNext(w, run)
	return nil
}

// costHead says of what, and of when, the figures are.
func (l *List) costHead(w *term.Screen) {
	c := l.Costs
	if c.Month == "" {
		say(w, "No bill was read. "+estimates(l))
		fmt.Fprintln(w)
		return
	}
	line := fmt.Sprintf("The bill of %s", c.Month)
	switch {
	case c.Whole:
	case c.Through != nil:
		line += " until " + c.Through.AddDate(0, 0, -1).Format(time.DateOnly)
	default:
		line += ", so far"
	}
	var totals []string
	for _, t := range c.Totals {
		text := money(t.Amount, t.Currency)
		if c.Before != nil {
			for _, b := range c.Before.Totals {
				if g := grew(t.Amount, &b.Amount); b.Currency == t.Currency && c.Whole {
					text += fmt.Sprintf(" (%s: %s, %s)", c.Before.Month, money(b.Amount, b.Currency), g)
				}
			}
		}
		totals = append(totals, text)
	}
	line += ": " + cmp.Or(strings.Join(totals, " and "), "no charges") + fmt.Sprintf(". %s, %s, read %s.", c.From, c.Basis, c.Read.UTC().Format(time.DateOnly))
	say(w, line)
	if c.Before != nil && c.Whole {
		if now, was := days(c.Month), days(c.Before.Month); now != was {
			say(w, fmt.Sprintf("%s has %d days and %s has %d: what is charged by the hour changes by %+.0f %% through that alone.", c.Month, now, c.Before.Month, was, float64(now-was)/float64(was)*100))
		}
	}
	fmt.Fprintln(w)
}

func say(w *term.Screen, text string) {
	for _, part := range term.Wrap(term.Clean(text), w.Width) {
		fmt.Fprintln(w, part)
	}
}

// days is how many a month has, "2026-10".
func days(month string) int {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return 0
	}
	return t.AddDate(0, 1, -1).Day()
}

// estimates says what the figures are where there is no bill.
func estimates(l *List) string {
	for _, r := range l.Resources {
		if r.Cost.Source == cost.Estimated && *r.Cost.Monthly != 0 {
			return "What follows are " + cost.PricesFrom + ": what a thing costs by being used is not in them."
		}
	}
	return "Nothing here has a list price for being there alone: what things cost by being used is not known."
}

// dearest are the resources that have a figure, the dearest first.
func (l *List) dearest(w *term.Screen) error {
	var priced []*Row
	for i := range l.Resources {
		if m := l.Resources[i].Cost.Monthly; m != nil && *m != 0 { // what AWS takes nothing for is no row
			priced = append(priced, &l.Resources[i])
		}
	}
	slices.SortStableFunc(priced, func(a, b *Row) int { return cmp.Compare(*b.Cost.Monthly, *a.Cost.Monthly) })
	var rows [][]string
	for _, r := range priced[:min(len(priced), mostDear)] {
		rows = append(rows, []string{r.Name, strings.TrimPrefix(r.Type, "AWS::"), cmp.Or(r.Region, "global"), money(*r.Cost.Monthly, r.Cost.Currency),
			grew(*r.Cost.Monthly, r.Cost.Before), r.Cost.Source})
	}
	if len(rows) > 0 {
		columns := []term.Column{{Head: "NAME", Least: 16}, {Head: "TYPE", Least: 18}, {Head: "REGION"}, {Head: "A MONTH", Right: true}, {Head: "GREW BY", Right: true}, {Head: "AS"}}
		if err := term.Table(w, columns, rows); err != nil {
			return err
		}
	}
	if n := len(priced) - mostDear; n > 0 {
		fmt.Fprintf(w, "and %d more (--format csv)\n", n)
	}
	if n := l.Costs.small; n > 0 {
		fmt.Fprintf(w, "%s less than a cent, and in the sums\n", term.Count(n, "resource is charged", "resources are charged"))
	}
	if n := l.Costs.Unknown; n > 0 {
		fmt.Fprintf(w, "%s %s without a figure: unknown, not 0\n", w.Yellow("?"), term.Count(n, "resource", "resources"))
	}
	fmt.Fprintln(w)
	return nil
}

func sumTable(w *term.Screen, head string, sums []cost.Sum) error {
	var rows [][]string
	for _, s := range sums[:min(len(sums), mostSums)] {
		if s.Resources == 0 || s.Monthly == 0 && s.Unknown > 0 {
			rows = append(rows, []string{s.Name, "?", "", "", term.Number(s.Unknown)})
			continue
		}
		var as []string
		for _, x := range []struct {
			amount float64
			word   string
		}{{s.Billed, cost.Billed}, {s.Allocated, cost.Allocated}, {s.Estimated, cost.Estimated}} {
			if x.amount != 0 {
				as = append(as, x.word)
			}
		}
		rows = append(rows, []string{s.Name, money(s.Monthly, s.Currency), grew(s.Billed+s.Allocated, s.Before), strings.Join(as, ", "), term.Number(s.Unknown)})
	}
	if n := len(sums) - mostSums; n > 0 {
		rows = append(rows, []string{fmt.Sprintf("and %d more (--format json)", n)})
	}
	err := term.Table(w, []term.Column{{Head: head, Least: 14}, {Head: "A MONTH", Right: true}, {Head: "GREW BY", Right: true}, {Head: "AS", Least: 10}, {Head: "UNKNOWN", Right: true}}, rows)
	fmt.Fprintln(w)
	return err
}

// left is what no resource answers for, what is beside the charges, and the budgets.
func (l *List) left(w *term.Screen) error {
	c := l.Costs
	if len(l.Resources) < l.All && len(c.Rest)+len(c.Apart) > 0 {
		fmt.Fprint(w, "Of the whole bill, whatever was chosen:\n\n")
	}
	if len(c.Rest) > 0 {
		var rows [][]string
		for _, r := range c.Rest[:min(len(c.Rest), mostSums)] {
			rows = append(rows, []string{r.Service, money(r.Amount, r.Currency), r.Why})
		}
		if n := len(c.Rest) - mostSums; n > 0 {
			rows = append(rows, []string{fmt.Sprintf("and %d more (--format json)", n)})
		}
		if err := term.Table(w, []term.Column{{Head: "NOT ALLOCATED", Least: 20}, {Head: "A MONTH", Right: true}, {Head: "BECAUSE", Least: 20}}, rows); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	if len(c.Apart) > 0 {
		var parts []string
		for _, a := range c.Apart {
			parts = append(parts, a.Kind+" "+money(a.Amount.Amount, a.Currency))
		}
		fmt.Fprintf(w, "Beside it, in no sum: %s\n", strings.Join(parts, ", "))
	}
	for _, b := range c.Budgets {
		line := fmt.Sprintf("Budget %s, %s %s: ", term.Clean(b.Name), money(b.Limit, b.Currency), strings.ToLower(b.Per))
		if b.Spent == nil {
			line += "not compared, " + b.Why
		} else {
			line += fmt.Sprintf("%s charged in %s, credits and taxes included", money(*b.Spent, b.Currency), c.Month)
			if b.Limit > 0 {
				line += fmt.Sprintf(", %.0f %%", *b.Spent/b.Limit*100)
			}
		}
		say(w, line)
	}
	if len(c.Apart)+len(c.Budgets) > 0 {
		fmt.Fprintln(w)
	}
	return nil
}

// costNext says how more is learnt.
func (l *List) costNext(w *term.Screen, run func(verb string) string) {
	if l.Costs != nil && l.Costs.Month != "" {
		fmt.Fprintf(w, "Next   %s\n", run("risk"))
		return
	}
	program, _, _ := strings.Cut(run("list"), " list")
	fmt.Fprintf(w, "Next   %s scan --bill PATH   an export of the bill: FOCUS or CUR, as CSV\n       %s scan --cost        asks Cost Explorer, 0.01 USD a question\n", program, program)
}
