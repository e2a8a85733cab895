package snapshot

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Kinds of charges. Credits, refunds and taxes are kept apart from what a thing costs: a credit makes nothing cheaper to run.
const (
	ChargeUsage      = "usage"      // what was used, commitments spread over what they covered, and discounts on it
	ChargeFee        = "fee"        // bought, or recurring: support, domains, a subscription
	ChargeCommitment = "commitment" // the unused rest of reservations and savings plans
	ChargeCredit     = "credit"
	ChargeRefund     = "refund" // and corrections of earlier months
	ChargeTax        = "tax"
)

// CostLine is what one resource, or one service in a Region, was charged in the month of its bill.
type CostLine struct {
	Service  string  `json:"service"`            // as the source names it: "AmazonEC2", "Amazon Relational Database Service"
	Region   string  `json:"region,omitempty"`   // empty: global, or not told
	Resource string  `json:"resource,omitempty"` // an ARN or a bare id, as the source has it; empty: the source names none
	Usage    string  `json:"usage,omitempty"`    // the usage type, where the source tells costs by it
	Kind     string  `json:"kind"`
	Amount   float64 `json:"amount"`
	Currency string  `json:"currency"`
}

// Where a bill was learnt.
const (
	FromExport       = "export"        // a FOCUS or CUR export
	FromCostExplorer = "cost-explorer" // AWS Cost Explorer, by service and usage type
)

// Bill is one month of one account, reduced to what this program asks of it. Costs are no properties of resources: a new bill changes none.
type Bill struct {
	Account string     `json:"account"`
	Month   string     `json:"month"`            // "2026-10"
	Through time.Time  `json:"through,omitzero"` // until when charges are in it; zero when that is not told
	Origin  string     `json:"origin"`           // FromExport, FromCostExplorer
	From    string     `json:"from"`             // in words: "FOCUS export acme.csv"
	Basis   string     `json:"basis"`            // which amounts: "EffectiveCost"
	Read    time.Time  `json:"read"`             // when it was read
	Lines   []CostLine `json:"lines"`
	// Sampled are the costs of single resources over the last days, which Cost Explorer knows where somebody opted in. They are no part of
	// the sum: they say how the lines of their service divide.
	Sampled []CostLine `json:"sampled,omitempty"`
	Pooled  int        `json:"pooled,omitempty"` // rows beyond the bound, whose charges have no resource here
}

// MonthOf is the month of a moment, as bills name it.
func MonthOf(t time.Time) string { return t.UTC().Format("2006-01") }

// Begin is the first moment of the bill's month, zero when the month is none.
func (b *Bill) Begin() time.Time {
	t, err := time.Parse("2006-01", b.Month)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Whole tells whether all of the month is in the bill, as far as one can tell.
func (b *Bill) Whole() bool {
	end := b.Begin().AddDate(0, 1, 0)
	if !b.Through.IsZero() {
		return !b.Through.Before(end)
	}
	return !b.Read.Before(end)
}

// Seal sorts the lines, so that the same bill has the same bytes.
func (b *Bill) Seal() {
	order := func(x, y CostLine) int {
		return cmp.Or(strings.Compare(x.Service, y.Service), strings.Compare(x.Region, y.Region), strings.Compare(x.Resource, y.Resource),
			strings.Compare(x.Usage, y.Usage), strings.Compare(x.Kind, y.Kind), strings.Compare(x.Currency, y.Currency), cmp.Compare(x.Amount, y.Amount))
	}
	slices.SortFunc(b.Lines, order)
	slices.SortFunc(b.Sampled, order)
}
