package bill

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/snapshot"
)

// layout tells where in a row the things stand that a bill is reduced to; -1: nowhere.
type layout struct {
	columns int
	form    string // "FOCUS", "CUR"
	basis   string // the amounts that are used, in words

	cost, currency, month, start, end, service, region, resource, account, payer, kind int

	// FOCUS
	class, status int
	// CUR, for commitments spread over what they covered
	spCost, spTotal, spUsed              int
	riCost, riUnused, riUnusedFee, riARN int
	spread                               struct{ plans, reservations bool }
}

// focus are the columns of the FinOps Open Cost and Usage Specification, versions 1.x: https://focus.finops.org/focus-specification/
// cur are those of the Cost and Usage Report 2.0 ("Cost and Usage Report (CUR) 2.0",
// https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html); the older report's "lineItem/UnblendedCost" is read as
// "line_item_unblended_cost".
const (
	focusMark = "billingcurrency"
	curMark   = "line_item_unblended_cost"
)

// layoutOf reads a header.
func layoutOf(header [][]byte) (*layout, error) {
	at := map[string]int{}
	twice := map[string]bool{}
	for i, h := range header {
		name := columnName(string(bytes.TrimPrefix(h, []byte("\xef\xbb\xbf"))))
		if _, seen := at[name]; seen {
			twice[name] = true
		}
		at[name] = i
	}
	_, isFocus := at[focusMark]
	_, isCUR := at[curMark]
	c := columns{at: at, twice: twice}
	var l *layout
	switch {
	case isFocus && isCUR:
		return nil, fault.Input("export one of the two", "it has the columns of FOCUS and of CUR, so it is not clear which amount counts")
	case isFocus:
		l = c.focus()
	case isCUR:
		l = c.cur()
	default:
		return nil, fault.Input("export FOCUS 1.x, or the Cost and Usage Report with resource ids, as CSV; the header line has to be there",
			"its first line has neither the columns of FOCUS (BillingCurrency, EffectiveCost …) nor of CUR (line_item_unblended_cost …)")
	}
	l.columns = len(header)
	if l.account < 0 {
		l.basis += "; no column names the account"
	}
	if len(c.ambiguous) > 0 {
		return nil, fault.Input("leave one of each out", "the column %s is there twice", strings.Join(c.ambiguous, " and "))
	}
	if len(c.missing) > 0 {
		return nil, fault.Input("export it with that column", "it looks like %s, and has no column %s", l.form, strings.Join(c.missing, ", nor "))
	}
	return l, nil
}

// columns finds columns by name, and notes what is missing.
type columns struct {
	at                 map[string]int
	twice              map[string]bool
	missing, ambiguous []string
}

// may is the first of some columns that is there, -1 for none.
func (c *columns) may(names ...string) int {
	for _, n := range names {
		key := columnName(n)
		if i, ok := c.at[key]; ok {
			if c.twice[key] && !slices.Contains(c.ambiguous, n) {
				c.ambiguous = append(c.ambiguous, n)
			}
			return i
		}
	}
	return -1
}

func (c *columns) must(names ...string) int {
	i := c.may(names...)
	if i < 0 {
		c.missing = append(c.missing, strings.Join(names, " or "))
	}
	return i
}

func (c *columns) focus() *layout {
	l := &layout{form: "FOCUS", basis: "EffectiveCost"}
	if l.cost = c.may("EffectiveCost"); l.cost < 0 {
		l.cost, l.basis = c.must("EffectiveCost", "BilledCost"), "BilledCost"
	}
	l.currency = c.must("BillingCurrency")
	l.month = c.must("BillingPeriodStart", "ChargePeriodStart")
	l.start, l.end = c.may("ChargePeriodStart"), c.may("ChargePeriodEnd")
	l.service = c.must("ServiceName", "x_ServiceCode")
	l.region = c.may("RegionId", "Region", "RegionName")
	l.resource, l.account, l.payer = c.may("ResourceId"), c.may("SubAccountId"), c.may("BillingAccountId")
	l.kind, l.class, l.status = c.must("ChargeCategory"), c.may("ChargeClass"), c.may("CommitmentDiscountStatus")
	return l
}

func (c *columns) cur() *layout {
	l := &layout{form: "CUR", basis: "line_item_unblended_cost"}
	l.cost = c.must("line_item_unblended_cost")
	l.currency = c.must("line_item_currency_code")
	l.month = c.must("bill_billing_period_start_date", "line_item_usage_start_date")
	l.start, l.end = c.may("line_item_usage_start_date"), c.may("line_item_usage_end_date")
	l.service = c.must("line_item_product_code")
	l.region = c.may("product_region_code", "product_region")
	l.resource, l.account, l.payer = c.may("line_item_resource_id"), c.may("line_item_usage_account_id"), c.may("bill_payer_account_id")
	l.kind = c.must("line_item_line_item_type")
	l.spCost = c.may("savings_plan_savings_plan_effective_cost")
	l.spTotal, l.spUsed = c.may("savings_plan_total_commitment_to_date"), c.may("savings_plan_used_commitment")
	l.riCost = c.may("reservation_effective_cost")
	l.riUnused, l.riUnusedFee = c.may("reservation_unused_amortized_upfront_fee_for_billing_period"), c.may("reservation_unused_recurring_fee")
	l.riARN = c.may("reservation_reservation_a_r_n", "reservation_reservation_arn")
	l.spread.plans = l.spCost >= 0 && l.spTotal >= 0 && l.spUsed >= 0
	l.spread.reservations = l.riCost >= 0 && l.riUnused >= 0 && l.riUnusedFee >= 0 && l.riARN >= 0
	switch {
	case l.spread.plans && l.spread.reservations:
		l.basis += ", savings plans and reservations spread over what they covered"
	case l.spread.plans:
		l.basis += ", savings plans spread over what they covered"
	case l.spread.reservations:
		l.basis += ", reservations spread over what they covered"
	}
	return l
}

// columnName makes one name of the forms that a column has: "lineItem/UnblendedCost" is "line_item_unblended_cost"; FOCUS names are compared
// without their case.
func columnName(s string) string {
	s = strings.TrimSpace(s)
	group, field, legacy := strings.Cut(s, "/")
	if !legacy {
		return strings.ToLower(s)
	}
	return snake(group) + "_" + strings.TrimPrefix(snake(field), "_")
}

func snake(s string) string {
	var b strings.Builder
	for i, r := range s {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// field is a cell of a row; nil where there is no such column.
func field(row [][]byte, i int) []byte {
	if i < 0 {
		return nil
	}
	return row[i]
}

// charge is what a row charges, and what for. Savings plans and reservations as AWS's own query library spreads them:
// covered usage at its effective cost, of the fees only what covered nothing.
// "Amortized cost", https://docs.aws.amazon.com/cur/latest/userguide/savings-plans-columns.html and …/reservation-columns.html
func (l *layout) charge(row [][]byte) (amount float64, kind string, err error) {
	if l.form == "FOCUS" {
		amount, err = given(row[l.cost])
		return amount, l.focusKind(row), err
	}
	switch kind := string(row[l.kind]); {
	case kind == "SavingsPlanCoveredUsage" && l.spread.plans:
		amount, err = given(row[l.spCost])
		return amount, snapshot.ChargeUsage, err
	case kind == "SavingsPlanNegation" && l.spread.plans, kind == "SavingsPlanUpfrontFee" && l.spread.plans:
		return 0, snapshot.ChargeCommitment, nil
	case kind == "SavingsPlanRecurringFee" && l.spread.plans:
		amount, err = less(row[l.spTotal], row[l.spUsed])
		return amount, snapshot.ChargeCommitment, err
	case kind == "DiscountedUsage" && l.spread.reservations:
		amount, err = given(row[l.riCost])
		return amount, snapshot.ChargeUsage, err
	case kind == "RIFee" && l.spread.reservations:
		var fee float64
		if amount, err = number(row[l.riUnused]); err == nil {
			fee, err = number(row[l.riUnusedFee])
		}
		return amount + fee, snapshot.ChargeCommitment, err
	case kind == "Fee" && l.spread.reservations && len(row[l.riARN]) > 0: // paid at once, and spread over the hours that it covers
		return 0, snapshot.ChargeCommitment, nil
	default:
		amount, err = given(row[l.cost])
		return amount, curKind(kind), err
	}
}

func less(a, b []byte) (float64, error) {
	x, err := number(a)
	if err != nil {
		return 0, err
	}
	y, err := number(b)
	return x - y, err
}

func curKind(kind string) string {
	switch kind {
	case "Fee":
		return snapshot.ChargeFee
	case "RIFee", "SavingsPlanRecurringFee", "SavingsPlanUpfrontFee", "SavingsPlanNegation":
		return snapshot.ChargeCommitment
	case "Credit":
		return snapshot.ChargeCredit
	case "Refund":
		return snapshot.ChargeRefund
	case "Tax":
		return snapshot.ChargeTax
	}
	return snapshot.ChargeUsage // Usage, DiscountedUsage, SavingsPlanCoveredUsage, and discounts, which stand beside what they reduce
}

// focusKind: https://focus.finops.org/focus-specification/v1-2/, "Charge Category", "Charge Class", "Commitment Discount Status".
func (l *layout) focusKind(row [][]byte) string {
	if string(field(row, l.class)) == "Correction" {
		return snapshot.ChargeRefund
	}
	switch string(row[l.kind]) {
	case "Purchase":
		return snapshot.ChargeFee
	case "Tax":
		return snapshot.ChargeTax
	case "Credit":
		return snapshot.ChargeCredit
	case "Adjustment":
		return snapshot.ChargeRefund
	}
	if string(field(row, l.status)) == "Unused" {
		return snapshot.ChargeCommitment
	}
	return snapshot.ChargeUsage
}

// most is beyond any bill, so that a column that slipped is noticed.
const most = 1e12

// given reads an amount that every row has: one that is missing is not 0.
func given(b []byte) (float64, error) {
	if len(b) == 0 {
		return 0, errors.New("it has no amount")
	}
	return number(b)
}

// number reads an amount: decimal, with a point. What is empty is 0, as exports leave a column empty that does not apply.
func number(b []byte) (float64, error) {
	if len(b) == 0 {
		return 0, nil
	}
	for _, c := range b {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, fmt.Errorf("%.40q is no amount", b)
		}
	}
	n, err := strconv.ParseFloat(string(b), 64)
	if err != nil || n > most || n < -most {
		return 0, fmt.Errorf("%.40q is no amount", b)
	}
	return n, nil
}
