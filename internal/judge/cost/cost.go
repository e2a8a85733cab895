// Package cost says what each resource costs a month, where that figure comes from, and what no resource can be made to answer for.
package cost

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Sources of a figure, the better first. Unknown is never 0.
const (
	Billed    = "billed"    // the bill names the resource
	Allocated = "allocated" // the bill names its service, and nothing else there can be meant
	Estimated = "estimated" // the price table of this program, at list prices
	Unknown   = "unknown"
)

// Figure is what a resource costs a month.
type Figure struct {
	Monthly  float64  // not rounded: of many small figures the cents would get lost in a sum
	Currency string   // "" when unknown
	Source   string   // Billed, Allocated, Estimated, Unknown
	Period   string   // the month of the bill, or the day of the price table
	From     string   // where it was learnt, in words
	Before   *float64 // the month before, by the same reading; nil when that is not known
}

// Amount is money in one currency: currencies are never added up.
type Amount struct {
	Currency string  `json:"currency"`
	Amount   float64 `json:"amount"`
}

// Rest is a part of the bill that no resource of the snapshot answers for.
type Rest struct {
	Service  string  `json:"service"`
	Why      string  `json:"why"`
	Amount   float64 `json:"amount"`
	Currency string  `json:"currency"`
}

// Why a charge has no resource.
const (
	NamesNone   = "the bill names no resource"
	MayBePooled = "the bill names no resource, or more of them than are kept apart"
	NotHere     = "what it names is not in the snapshot"
	Several     = "what it names may be several resources"
	NotOne      = "not only one resource can be meant"
	UnusedRest  = "reserved or committed, and not used"
)

// Apart is what a bill has beside charges: credits, refunds, taxes.
type Apart struct {
	Kind string `json:"kind"`
	Amount
}

// Table is the costs of one snapshot.
type Table struct {
	Bill   *snapshot.Bill // that the figures are of; nil: none was read
	Before *snapshot.Bill // of the month before, read from the same kind of place; nil: none
	Totals []Amount       // of the bill: usage, fees, commitments; sorted by currency
	Was    []Amount       // of the month before
	Rest   []Rest         // what of Totals no resource answers for, the largest first
	Apart  []Apart

	snap    *snapshot.Snapshot
	figures map[snapshot.Key][]Figure // by currency, the main one first
}

// tooOld is how many months an export may lie behind another source to be preferred to it.
const tooOld = 3

// Of works the figures of a sealed snapshot out, from the bills that lie beside it.
func Of(s *snapshot.Snapshot) *Table {
	t := &Table{snap: s, figures: map[snapshot.Key][]Figure{}, Totals: []Amount{}, Rest: []Rest{}, Apart: []Apart{}}
	t.Bill = choose(s.Bills, s.Taken)
	if t.Bill == nil {
		return t
	}
	month := t.Bill.Begin().AddDate(0, -1, 0).Format("2006-01")
	for i := range s.Bills {
		if b := &s.Bills[i]; b.Month == month && b.Origin == t.Bill.Origin && b.Whole() {
			t.Before = b
		}
	}
	names := namesOf(s)
	now := divide(t.Bill, s, names)
	t.Totals, t.Rest, t.Apart = now.totals(), now.rests(), now.aparts()
	var was *division
	if t.Before != nil {
		was = divide(t.Before, s, names)
		t.Was = was.totals()
	}
	for k, by := range now.of {
		for _, at := range slices.SortedFunc(maps.Keys(by), now.order) {
			f := Figure{Monthly: by[at].amount, Currency: at, Source: by[at].source, Period: t.Bill.Month, From: t.Bill.From}
			if was != nil {
				if w, ok := was.of[k][at]; ok {
					f.Before = &w.amount
				}
			}
			t.figures[k] = append(t.figures[k], f)
		}
	}
	return t
}

// choose is the bill that figures are taken of: the last whole month, of an export before Cost Explorer; else the last month there is.
func choose(bills []snapshot.Bill, at time.Time) *snapshot.Bill {
	var best *snapshot.Bill
	rank := func(b *snapshot.Bill) (r int) {
		begin := b.Begin()
		r = begin.Year()*12 + int(begin.Month())
		if b.Origin == snapshot.FromExport {
			r += tooOld
		}
		if !b.Whole() {
			r -= 1 << 20
		}
		return r
	}
	for i := range bills {
		b := &bills[i]
		if !b.Begin().IsZero() && !b.Begin().After(at) && (best == nil || rank(b) >= rank(best)) {
			best = b
		}
	}
	return best
}

// cents keeps what a sum means: more digits would claim more than is known.
func cents(x float64) float64 { return math.Round(x*100) / 100 }

// Figure is the best that is known of a resource.
func (t *Table) Figure(r *snapshot.Resource) Figure { return t.Figures(r)[0] }

// Figures are those of a resource in each currency, never none.
func (t *Table) Figures(r *snapshot.Resource) []Figure {
	if f := t.figures[r.Key]; len(f) > 0 {
		return f
	}
	if f, ok := estimate(r); ok {
		return []Figure{f}
	}
	return []Figure{{Source: Unknown}}
}

// Share is which part of the bill a resource is, 0..1. It is told of billed and allocated figures alone: an estimate is no part of a bill. What is
// taken off elsewhere can make a thing more than the whole.
func (t *Table) Share(k snapshot.Key) (share float64, f Figure, ok bool) {
	for _, f := range t.figures[k] {
		for _, total := range t.Totals {
			if total.Currency == f.Currency && total.Amount > 0 && f.Monthly > 0 {
				return min(math.Round(f.Monthly/total.Amount*1e6)/1e6, 1), f, true
			}
		}
	}
	return 0, Figure{}, false
}

// Sum is what a group of resources costs a month, in one currency.
type Sum struct {
	Name      string   `json:"name"`
	Monthly   float64  `json:"monthly"`
	Currency  string   `json:"currency"`
	Billed    float64  `json:"billed"`
	Allocated float64  `json:"allocated"`
	Estimated float64  `json:"estimated"`
	Resources int      `json:"resources"` // that have a figure
	Unknown   int      `json:"unknown"`   // that have none, and are in no sum
	Before    *float64 `json:"before"`    // of what is billed or allocated, the month before; null when that is not known
}

// Sums adds figures up by what group tells of a resource, the largest first. What group says "" of is called "none".
func (t *Table) Sums(resources []*snapshot.Resource, group func(*snapshot.Resource) string) []Sum {
	type id struct{ name, currency string }
	sums := map[id]*Sum{}
	unknown := map[string]int{}
	for _, r := range resources {
		name := cmp.Or(group(r), "none")
		for _, f := range t.Figures(r) {
			if f.Source == Unknown {
				unknown[name]++
				continue
			}
			at := id{name, f.Currency}
			if sums[at] == nil {
				sums[at] = &Sum{Name: name, Currency: f.Currency}
			}
			sums[at].add(f)
		}
	}
	for name, n := range unknown {
		found := false
		for at, s := range sums {
			if at.name == name {
				s.Unknown, found = n, true
			}
		}
		if !found {
			sums[id{name, ""}] = &Sum{Name: name, Unknown: n}
		}
	}
	out := make([]Sum, 0, len(sums))
	for _, s := range sums {
		out = append(out, s.rounded())
	}
	slices.SortFunc(out, func(a, b Sum) int {
		return cmp.Or(cmp.Compare(b.Monthly, a.Monthly), strings.Compare(a.Name, b.Name), strings.Compare(a.Currency, b.Currency))
	})
	return out
}

func (s *Sum) add(f Figure) {
	s.Monthly += f.Monthly
	s.Resources++
	switch f.Source {
	case Billed:
		s.Billed += f.Monthly
	case Allocated:
		s.Allocated += f.Monthly
	case Estimated:
		s.Estimated += f.Monthly
	}
	if f.Before != nil {
		before := *f.Before
		if s.Before != nil {
			before += *s.Before
		}
		s.Before = &before
	}
}

func (s *Sum) rounded() Sum {
	out := *s
	out.Monthly, out.Billed, out.Allocated, out.Estimated = cents(s.Monthly), cents(s.Billed), cents(s.Allocated), cents(s.Estimated)
	if s.Before != nil {
		before := cents(*s.Before)
		out.Before = &before
	}
	return out
}

// Budget is a budget beside what it is about.
type Budget struct {
	Name     string   `json:"name"`
	Limit    float64  `json:"limit"`
	Currency string   `json:"currency"`
	Per      string   `json:"per"`           // "MONTHLY", …
	Spent    *float64 `json:"spent"`         // of the bill's month, everything included; null when that cannot be told
	Why      string   `json:"why,omitempty"` // why not
}

// Budgets sets the account's budgets beside the bill.
func (t *Table) Budgets() []Budget {
	out := []Budget{}
	for _, r := range t.snap.OfType("AWS::Budgets::Budget") {
		if r.Text("Budget.BudgetType") != "COST" {
			continue
		}
		b := Budget{Name: cmp.Or(r.Name, r.Text("Budget.BudgetName")), Per: r.Text("Budget.TimeUnit"), Currency: r.Text("Budget.BudgetLimit.Unit")}
		limit, set := amountOf(r, "Budget.BudgetLimit.Amount")
		b.Limit = limit
		filters, _ := r.Property("Budget.CostFilters")
		switch {
		case !set:
			b.Why = "its limit moves by itself, or was not read"
		case b.Per != "MONTHLY":
			b.Why = "it is not a month's"
		case filters != nil:
			b.Why = "it is about a part of the bill"
		case t.Bill == nil:
			b.Why = "no bill was read"
		case !slices.ContainsFunc(t.Bill.Lines, func(l snapshot.CostLine) bool { return l.Currency == b.Currency }):
			b.Why = "the bill has nothing in " + cmp.Or(b.Currency, "its currency")
		default:
			spent := 0.0
			for _, l := range t.Bill.Lines {
				if l.Currency == b.Currency {
					spent += l.Amount
				}
			}
			spent = cents(spent)
			b.Spent = &spent
		}
		out = append(out, b)
	}
	return out
}

// Compare sets figures beside those of an earlier snapshot, in place of the month before. Nothing is said to have grown where both are of the same month,
// where one of the months is not whole, or where they were learnt in two ways: an export and Cost Explorer find different resources for one charge.
func (t *Table) Compare(was *Table) {
	t.Before, t.Was = nil, nil
	like := t.Bill != nil && was.Bill != nil && t.Bill.Month != was.Bill.Month && t.Bill.Origin == was.Bill.Origin && t.Bill.Whole() && was.Bill.Whole()
	for k, figures := range t.figures {
		for i := range figures {
			figures[i].Before = nil
			if !like {
				continue
			}
			for _, f := range was.figures[k] {
				if f.Currency == figures[i].Currency {
					amount := f.Monthly
					figures[i].Before = &amount
				}
			}
		}
	}
	if like {
		t.Before, t.Was = was.Bill, was.Totals
	}
}
