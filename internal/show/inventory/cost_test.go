package inventory

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// costScreen is `list --cost` of two buckets, a volume and bills.
func costScreen(t *testing.T, asked Asked, bills ...snapshot.Bill) string {
	t.Helper()
	s := &snapshot.Snapshot{Account: "111122223333", Taken: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Bills: bills, Resources: []snapshot.Resource{
		{Key: "arn:aws:s3:::a", Type: "AWS::S3::Bucket", Name: "a"}, {Key: "arn:aws:s3:::b", Type: "AWS::S3::Bucket", Name: "b"},
		{Key: "arn:aws:iam::111122223333:role/r", Type: "AWS::IAM::Role", Name: "r"}}}
	s.Seal()
	l := Of(s, threatmodel.Default(), asked)
	var b bytes.Buffer
	if err := Text(term.Paper(&b), l, s.Taken, asked, func(v string) string { return "footing " + v }); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(b.String(), "\n") {
		if term.Width(line) > 80 {
			t.Errorf("%d wide: %s", term.Width(line), line)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func charged(month, resource string, amount float64) snapshot.Bill {
	return snapshot.Bill{Account: "111122223333", Month: month, Origin: snapshot.FromExport, From: "FOCUS export x.csv", Basis: "EffectiveCost", Read: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC),
		Lines: []snapshot.CostLine{{Service: "S3", Resource: resource, Kind: snapshot.ChargeUsage, Amount: amount, Currency: "USD"}, {Service: "Support", Kind: snapshot.ChargeFee, Amount: 7, Currency: "USD"}}}
}

func TestCostScreen(t *testing.T) {
	buckets, err := threatmodel.ParseSelectors([]string{"type:bucket"})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		asked     Asked
		bills     []snapshot.Bill
		says, not string
	}{
		"no bill, nothing priced": {Asked{}, nil, "No bill was read. Nothing here has a list price for being there alone: what things cost by being used is not known.", "What follows"},
		"months of one length":    {Asked{}, []snapshot.Bill{charged("2026-07", "a", 4), charged("2026-08", "a", 5)}, "The bill of 2026-08: 12.00 USD (2026-07: 11.00 USD, +9 %)", "through that alone"},
		"March after February":    {Asked{}, []snapshot.Bill{charged("2026-02", "a", 4), charged("2026-03", "a", 5)}, "2026-03 has 31 days and 2026-02 has 28: what is charged by the hour changes by +11 % through that alone.", ""},
		"less than a cent":        {Asked{}, []snapshot.Bill{charged("2026-10", "a", 0.004)}, "1 resource is charged less than a cent, and in the sums ? 1 resource without a figure", ""},
		"everything":              {Asked{}, []snapshot.Bill{charged("2026-10", "a", 4)}, "NOT ALLOCATED A MONTH BECAUSE Support 7.00 USD", "Of the whole bill"},
		"some of it":              {Asked{Selectors: buckets}, []snapshot.Bill{charged("2026-10", "a", 4)}, "Of the whole bill, whatever was chosen: NOT ALLOCATED", ""},
		"duties too":              {Asked{Duties: true}, []snapshot.Bill{charged("2026-10", "a", 4)}, "In 2 services", ""},
	} {
		c.asked.Cost = true
		got := costScreen(t, c.asked, c.bills...)
		if !strings.Contains(got, c.says) || c.not != "" && strings.Contains(got, c.not) {
			t.Errorf("%s:\n%s", name, got)
		}
	}
}
