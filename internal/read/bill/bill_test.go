package bill

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/snapshot"
)

var now = time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)

// inline is a file of text.
func inline(name, body string) File {
	return File{Name: name, Size: int64(len(body)), Open: func() (io.ReadCloser, error) { return plain(io.NopCloser(strings.NewReader(body))) }}
}

func lines(b snapshot.Bill) string {
	var out []string
	for _, l := range b.Lines {
		out = append(out, fmt.Sprintf("%s %s %s %s %.6g %s", l.Service, l.Region, l.Resource, l.Kind, l.Amount, l.Currency))
	}
	return strings.Join(out, "\n")
}

func read(t *testing.T, account string, files ...File) ([]snapshot.Bill, *Report) {
	t.Helper()
	bills, rep, err := Read(context.Background(), files, Options{Account: account, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return bills, rep
}

const focusHead = "ServiceName,RegionId,x_Other,ResourceId,ChargeCategory,ChargeClass,CommitmentDiscountStatus,SubAccountId,BillingPeriodStart,ChargePeriodStart,ChargePeriodEnd,BilledCost,EffectiveCost,BillingCurrency\n"

func focusRow(service, region, resource, category, class, status, account, day, billed, effective, currency string) string {
	d, _ := time.Parse(time.DateOnly, day)
	return strings.Join([]string{service, region, `"a, ""b"""`, resource, category, class, status, account, day[:7] + "-01T00:00:00Z", day + "T00:00:00Z",
		d.AddDate(0, 0, 1).Format(time.DateOnly) + "T00:00:00Z", billed, effective, currency}, ",") + "\n"
}

func TestFocus(t *testing.T) {
	const me, ec2 = "111122223333", "Amazon Elastic Compute Cloud"
	body := "\xef\xbb\xbf" + focusHead +
		focusRow(ec2, "eu-west-1", "i-1", "Usage", "", "", me, "2026-10-01", "0", "1.5", "USD") + // covered: billed nothing, costs its share
		focusRow(ec2, "eu-west-1", "i-1", "Usage", "", "Used", me, "2026-10-31", "0", "2.25", "USD") +
		focusRow(ec2, "eu-west-1", "i-1", "Usage", "", "Unused", me, "2026-10-02", "0", "0.5", "USD") +
		focusRow(ec2, "eu-west-1", "arn:ri", "Purchase", "", "", me, "2026-10-01", "900", "0", "USD") +
		focusRow(ec2, "eu-west-1", "i-1", "Usage", "Correction", "", me, "2026-10-03", "-1", "-1", "USD") +
		focusRow(ec2, "eu-west-1", "i-1", "Credit", "", "", me, "2026-10-03", "-3", "-3", "USD") +
		focusRow(ec2, "", "", "Tax", "", "", me, "2026-10-03", "0.4", "0.4", "USD") +
		focusRow(ec2, "", "", "Adjustment", "", "", me, "2026-10-03", "0.01", "0.01", "USD") +
		focusRow("AWS Support", "global", "", "Purchase", "", "", me, "2026-10-03", "29", "29", "USD") +
		focusRow(ec2, "eu-west-1", "i-9", "Usage", "", "", "999988887777", "2026-10-03", "7", "7", "USD") +
		focusRow(ec2, "eu-west-1", "i-1", "Usage", "", "", me, "2026-11-01", "1", "1", "USD") +
		focusRow(ec2, "eu-west-1", "i-1", "Usage", "", "", me, "2026-11-01", "8", "8", "EUR")
	bills, rep := read(t, me, inline("in/acme.csv", body))
	if len(bills) != 2 || rep.Rows != 12 || rep.Malformed != 0 || rep.Others != 1 {
		t.Fatalf("%d bills, %+v", len(bills), rep)
	}
	want := `AWS Support   fee 29 USD
Amazon Elastic Compute Cloud   refund 0.01 USD
Amazon Elastic Compute Cloud   tax 0.4 USD
Amazon Elastic Compute Cloud eu-west-1 i-1 commitment 0.5 USD
Amazon Elastic Compute Cloud eu-west-1 i-1 credit -3 USD
Amazon Elastic Compute Cloud eu-west-1 i-1 refund -1 USD
Amazon Elastic Compute Cloud eu-west-1 i-1 usage 3.75 USD`
	if got := lines(bills[0]); got != want {
		t.Errorf("October is\n%s\nwant\n%s", got, want)
	}
	if got := lines(bills[1]); got != "Amazon Elastic Compute Cloud eu-west-1 i-1 usage 8 EUR\nAmazon Elastic Compute Cloud eu-west-1 i-1 usage 1 USD" {
		t.Errorf("two currencies were added up: %s", got)
	}
	if !bills[0].Whole() || bills[1].Whole() {
		t.Errorf("October goes through %s, November through %s", bills[0].Through, bills[1].Through)
	}
	if bills[0].From != "FOCUS export acme.csv" || bills[0].Basis != "EffectiveCost" || bills[0].Account != me {
		t.Errorf("it says %q by %q of %q", bills[0].From, bills[0].Basis, bills[0].Account)
	}
}

// The columns of CUR in both of its spellings, in another order each.
func TestCUR(t *testing.T) {
	row := func(kind, resource, unblended, sp, total, used, ri, unused, fee, arn string) string {
		return strings.Join([]string{"2026-10-01T00:00:00.000Z", kind, resource, "AmazonEC2", unblended, "USD", sp, total, used, ri, unused, fee, arn}, ",") + "\n"
	}
	rows := row("Usage", "i-1", "1", "", "", "", "", "", "", "") +
		row("SavingsPlanCoveredUsage", "i-2", "10", "6", "", "", "", "", "", "") +
		row("SavingsPlanNegation", "", "-10", "", "", "", "", "", "", "") +
		row("SavingsPlanRecurringFee", "", "8", "", "8", "6.5", "", "", "", "") +
		row("DiscountedUsage", "i-3", "0", "", "", "", "2", "", "", "arn:ri") +
		row("RIFee", "", "5", "", "", "", "", "0.5", "0.25", "arn:ri") +
		row("Fee", "", "120", "", "", "", "", "", "", "arn:ri") +
		row("Fee", "", "12", "", "", "", "", "", "", "") +
		row("EdpDiscount", "i-1", "-0.1", "", "", "", "", "", "", "") +
		row("Credit", "i-1", "-1", "", "", "", "", "", "", "") +
		row("Refund", "", "-2", "", "", "", "", "", "", "") +
		row("Tax", "", "3", "", "", "", "", "", "", "")
	want := `AmazonEC2   commitment 2.25 USD
AmazonEC2   fee 12 USD
AmazonEC2   refund -2 USD
AmazonEC2   tax 3 USD
AmazonEC2  i-1 credit -1 USD
AmazonEC2  i-1 usage 0.9 USD
AmazonEC2  i-2 usage 6 USD
AmazonEC2  i-3 usage 2 USD`
	for _, head := range []string{
		"bill_billing_period_start_date,line_item_line_item_type,line_item_resource_id,line_item_product_code,line_item_unblended_cost,line_item_currency_code," +
			"savings_plan_savings_plan_effective_cost,savings_plan_total_commitment_to_date,savings_plan_used_commitment,reservation_effective_cost," +
			"reservation_unused_amortized_upfront_fee_for_billing_period,reservation_unused_recurring_fee,reservation_reservation_a_r_n\n",
		"bill/BillingPeriodStartDate,lineItem/LineItemType,lineItem/ResourceId,lineItem/ProductCode,lineItem/UnblendedCost,lineItem/CurrencyCode," +
			"savingsPlan/SavingsPlanEffectiveCost,savingsPlan/TotalCommitmentToDate,savingsPlan/UsedCommitment,reservation/EffectiveCost," +
			"reservation/UnusedAmortizedUpfrontFeeForBillingPeriod,reservation/UnusedRecurringFee,reservation/ReservationARN\n",
	} {
		bills, _ := read(t, "", inline("x.csv", head+rows))
		if got := lines(bills[0]); got != want {
			t.Errorf("%.40s…\n%s\nwant\n%s", head, got, want)
		}
	}
	// Without the columns of commitments nothing is spread, and it says so.
	bills, _ := read(t, "", inline("x.csv", "bill_billing_period_start_date,line_item_line_item_type,line_item_product_code,line_item_unblended_cost,line_item_currency_code\n"+
		"2026-10-01,SavingsPlanCoveredUsage,AmazonEC2,10,USD\n2026-10-01,SavingsPlanNegation,AmazonEC2,-10,USD\n2026-10-01,SavingsPlanRecurringFee,AmazonEC2,8,USD\n"))
	if got := lines(bills[0]); got != "AmazonEC2   commitment -2 USD\nAmazonEC2   usage 10 USD" || bills[0].Basis != "line_item_unblended_cost; no column names the account" {
		t.Errorf("%s by %s", got, bills[0].Basis)
	}
}

func TestMalformedRowsAreCounted(t *testing.T) {
	good := focusRow("S", "eu-west-1", "b", "Usage", "", "", "1", "2026-10-01", "1", "1", "USD")
	body := focusHead + good +
		"too,few\n" +
		focusRow("S", "eu-west-1", "b", "Usage", "", "", "1", "2026-10-01", "1", "1,5", "USD") +
		focusRow("S", "eu-west-1", "b", "Usage", "", "", "1", "2026-13-01", "1", "1", "USD") +
		focusRow("S", "eu-west-1", "b", "Usage", "", "", "1", "2026-10-01", "1", "NaN", "USD") +
		focusRow("S", "eu-west-1", "b", "Usage", "", "", "1", "2026-10-01", "1", "1e300", "USD") +
		`"never closed,` + good + good
	bills, rep := read(t, "", inline("x.csv", body))
	if rep.Rows != 8 || rep.Malformed != 6 || len(rep.Mistakes) != 5 {
		t.Fatalf("%+v", rep)
	}
	if got := lines(bills[0]); got != "S eu-west-1 b usage 2 USD" {
		t.Errorf("the good rows give %s", got)
	}
	if rep.Mistakes[0] != "x.csv:3: it has 2 of 14 fields" || !strings.HasPrefix(rep.Mistakes[3], "x.csv:6: ") {
		t.Errorf("%q", rep.Mistakes)
	}
}

// What a stray quote leads to costs its own line alone: the rows that it seems to join are read.
func TestStrayQuotes(t *testing.T) {
	row := func(service string) string {
		return focusRow(service, "", "b", "Usage", "", "", "1", "2026-10-01", "1", "1", "USD")
	}
	good := row("S")
	for name, body := range map[string]string{
		"two, apart":          row(`a"b`) + good + good + good + row(`c"d`) + good,
		"one":                 good + row(`a"b`) + good + good + good,
		"behind a closed one": good + row(`"a"b`) + good + good + good,
		"over two lines":      good + "\"a\nb\"c," + good + good + good + good,
	} {
		bills, rep := read(t, "", inline("x.csv", focusHead+body))
		if rep.Rows-rep.Malformed != 4 || lines(bills[0]) != "S  b usage 4 USD" {
			t.Errorf("%s: %+v, %s", name, rep, lines(bills[0]))
		}
	}
}

// What a row lacks is not 0, is in no other money, and of no month that has not been.
func TestRowsThatMakeNoSense(t *testing.T) {
	good := focusRow("S", "", "b", "Usage", "", "", "1", "2026-10-01", "1", "1", "USD")
	for name, c := range map[string][2]string{
		"no amount":     {strings.Replace(good, ",1,USD", ",,USD", 1), "it has no amount"},
		"no currency":   {strings.Replace(good, "USD", "", 1), `"" is no currency`},
		"three digits":  {strings.Replace(good, "USD", "123", 1), `"123" is no currency`},
		"small letters": {strings.Replace(good, "USD", "usd", 1), `"usd" is no currency`},
		"to come":       {strings.ReplaceAll(good, "2026-10-01", "2027-10-01"), "2027-10 is no month that can have been charged yet"},
		"before AWS":    {strings.ReplaceAll(good, "2026-10-01", "0000-10-01"), "0000-10 is no month that can have been charged yet"},
	} {
		bills, rep := read(t, "", inline("x.csv", focusHead+good+c[0]))
		if rep.Malformed != 1 || rep.Mistakes[0] != "x.csv:3: "+c[1] || len(bills) != 1 || lines(bills[0]) != "S  b usage 1 USD" {
			t.Errorf("%s: %+v", name, rep)
		}
	}
	// Of commitments the amount is another column, and has to be there as well.
	head := "bill_billing_period_start_date,line_item_line_item_type,line_item_product_code,line_item_unblended_cost,line_item_currency_code," +
		"savings_plan_savings_plan_effective_cost,savings_plan_total_commitment_to_date,savings_plan_used_commitment\n"
	_, rep := read(t, "", inline("x.csv", head+"2026-10-01,SavingsPlanCoveredUsage,S,1,USD,,,\n2026-10-01,Usage,S,1,USD,,,\n"))
	if rep.Malformed != 1 {
		t.Errorf("covered without an amount: %+v", rep)
	}
}

// A charge of no account below the one that pays is that one's.
func TestPayer(t *testing.T) {
	head := "BillingCurrency,BillingPeriodStart,ChargeCategory,ServiceName,SubAccountId,BillingAccountId,EffectiveCost\n"
	body := head + "USD,2026-10-01,Usage,S,1,9,1\nUSD,2026-10-01,Purchase,S,,9,20\nUSD,2026-10-01,Usage,S,,1,4\n"
	bills, rep := read(t, "1", inline("x.csv", body))
	if rep.Others != 1 || lines(bills[0]) != "S   usage 5 USD" {
		t.Errorf("%+v, %s", rep, lines(bills[0]))
	}
}

// Where charges end is told by days, however a moment is written.
func TestThrough(t *testing.T) {
	for end, want := range map[string]string{"2026-10-05T00:00:00Z": "2026-10-05", "2026-10-05 00:00:00": "2026-10-05", "2026-10-05": "2026-10-05", "2026-10-05T01:00:00.000Z": "2026-10-06"} {
		body := "BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ServiceName,EffectiveCost\nUSD,2026-10-01,2026-10-04," + end + ",Usage,S,1\n"
		bills, _ := read(t, "", inline("x.csv", body))
		if got := bills[0].Through.Format(time.DateOnly); got != want {
			t.Errorf("%s: %s, want %s", end, got, want)
		}
	}
}

// Blank lines without end are left when nobody waits any more.
func TestBlankLinesEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	endless := File{Name: "x.csv", Open: func() (io.ReadCloser, error) { return io.NopCloser(&blank{cancel: cancel}), nil }}
	if _, _, err := Read(ctx, []File{endless}, Options{Now: now}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// blank is a header, then blank lines; somebody gives up after a megabyte of them.
type blank struct {
	read   int
	cancel func()
}

func (b *blank) Read(p []byte) (int, error) {
	if b.read == 0 {
		b.read = copy(p, focusHead)
		return b.read, nil
	}
	if b.read += len(p); b.read > 1<<20 {
		b.cancel()
	}
	for i := range p {
		p[i] = '\n'
	}
	return len(p), nil
}

// However many services somebody invents, memory has a bound.
func TestBoundedServices(t *testing.T) {
	r := &reducer{options: Options{Most: 1, Now: now}, at: map[string]int{}, words: map[string]string{}, report: &Report{}, months: []month{{}}}
	r.layout = &layout{region: -1, resource: -1}
	for i := range mostPooled + 10 {
		r.add(0, [][]byte{fmt.Append(nil, i)}, "usage", []byte("USD"), 1)
	}
	if len(r.lines) != mostPooled+1 {
		t.Errorf("%d lines", len(r.lines))
	}
}

func TestErrorsAreOneSentence(t *testing.T) {
	cur := "bill_billing_period_start_date,line_item_line_item_type,line_item_product_code,line_item_unblended_cost,line_item_currency_code\n"
	row := focusRow("S", "", "", "Usage", "", "", "1", "2026-10-01", "1", "1", "USD")
	for name, c := range map[string]struct {
		files   []File
		account string
		says    string
	}{
		"empty":             {[]File{inline("x.csv", "")}, "", "x.csv is empty"},
		"header only":       {[]File{inline("x.csv", focusHead)}, "", "the bill holds no row"},
		"something else":    {[]File{inline("x.csv", "a,b\n1,2\n")}, "", "neither the columns of FOCUS"},
		"a column missing":  {[]File{inline("x.csv", "BillingCurrency,EffectiveCost\n")}, "", "no column BillingPeriodStart or ChargePeriodStart, nor ServiceName or x_ServiceCode, nor ChargeCategory"},
		"a column twice":    {[]File{inline("x.csv", "EffectiveCost,"+focusHead)}, "", "the column EffectiveCost is there twice"},
		"both forms":        {[]File{inline("x.csv", strings.TrimSpace(focusHead)+","+cur)}, "", "of FOCUS and of CUR"},
		"two forms":         {[]File{inline("a.csv", focusHead+row), inline("b.csv", cur+"2026-10-01,Usage,S,1,USD\n")}, "", "cannot be added up"},
		"two versions":      {[]File{inline("v1/a.csv", focusHead+row), inline("v2/a.csv", focusHead+row)}, "", "may be two versions of one bill"},
		"all malformed":     {[]File{inline("x.csv", focusHead+"1\n2\n")}, "", "no row of the bill can be read: x.csv:2: it has 1 of 14 fields"},
		"somebody else's":   {[]File{inline("x.csv", focusHead+row)}, "111122223333", "nothing in the bill is of the account 111122223333; it is of 1"},
		"whose is not said": {[]File{inline("x.csv", focusHead+row+strings.Replace(row, ",1,2026", ",2,2026", 1))}, "", "of several accounts, 1 and 2"},
		"parquet":           {[]File{inline("x.parquet", "PAR1....")}, "", "it is Parquet"},
		"the same twice":    {[]File{inline("x.csv", focusHead+row), inline("x (1).csv", focusHead+row)}, "", "x (1).csv holds the same as x.csv: each row would count twice"},
		"UTF-16":            {[]File{inline("x.csv", "\xff\xfeB\x00i\x00")}, "", "x.csv is UTF-16"},
		"broken gzip":       {[]File{inline("x.csv.gz", "\x1f\x8bno")}, "", "x.csv.gz cannot be read"},
	} {
		_, _, err := Read(context.Background(), c.files, Options{Account: c.account, Now: now})
		var f *fault.Error
		if !errors.As(err, &f) || f.Status != fault.Usage || f.Hinted == "" || !strings.Contains(f.Sentence, c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBoundedLines(t *testing.T) {
	var b strings.Builder
	b.WriteString(focusHead)
	for i := range 100 {
		b.WriteString(focusRow("S", "eu-west-1", fmt.Sprint("i-", i), "Usage", "", "", "1", "2026-10-01", "1", "1", "USD"))
	}
	bills, rep, err := Read(context.Background(), []File{inline("x.csv", b.String())}, Options{Now: now, Most: 10})
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, l := range bills[0].Lines {
		sum += l.Amount
	}
	if len(bills[0].Lines) != 11 || sum != 100 || rep.Pooled != 90 || bills[0].Pooled != 90 {
		t.Errorf("%d lines, sum %v, %d pooled", len(bills[0].Lines), sum, rep.Pooled)
	}
}

func TestFilesFoldersArchives(t *testing.T) {
	row := focusRow("S", "", "b", "Usage", "", "", "1", "2026-10-01", "1", "1", "USD")
	dir := t.TempDir()
	write := func(name string, b []byte) {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	gz := func(s string) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		io.WriteString(w, s)
		w.Close()
		return b.Bytes()
	}
	var z bytes.Buffer
	w := zip.NewWriter(&z)
	for name, body := range map[string]string{"bill-1.csv": focusHead + row, "bill-2.csv.gz": string(gz(focusHead + strings.Replace(row, ",b,", ",c,", 1))), "readme.txt": "x"} {
		f, _ := w.Create(name)
		io.WriteString(f, body)
	}
	w.Close()
	write("a.zip", z.Bytes())
	write("plain/x.csv", []byte(focusHead+row))
	write("plain/notes.md", nil)
	// Two versions of one month, as an export that keeps them has: the manifest above tells which counts.
	const data, meta = "export/acme/data/BILLING_PERIOD=2026-10/", "export/acme/metadata/BILLING_PERIOD=2026-10/"
	write(data+"20261101T0000-old/acme-00001.csv.gz", gz(focusHead+row+row))
	write(data+"20261102T0000-new/acme-00001.csv.gz", gz(focusHead+row+row+row))
	write(meta+"20261101T0000-old/acme-Manifest.json", []byte(`{"dataFiles":["s3://b/p/acme/data/BILLING_PERIOD=2026-10/20261101T0000-old/acme-00001.csv.gz"]}`))
	write(meta+"20261102T0000-new/acme-Manifest.json", []byte(`{"dataFiles":["s3://b/p/acme/data/BILLING_PERIOD=2026-10/20261102T0000-new/acme-00001.csv.gz"]}`))
	moment := now
	for _, v := range []string{"20261101T0000-old", "20261102T0000-new"} {
		moment = moment.Add(time.Hour)
		if err := os.Chtimes(filepath.Join(dir, meta+v+"/acme-Manifest.json"), moment, moment); err != nil {
			t.Fatal(err)
		}
	}
	// A link to a folder is that folder when it is asked for, and a link to a file is that file.
	for link, to := range map[string]string{"link": "plain", "linked/y.csv": "../plain/x.csv"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, link)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	write("lacking/BILLING_PERIOD=2026-10/v/a-1.csv", []byte(focusHead+row))
	write("lacking/BILLING_PERIOD=2026-10/v/a-Manifest.json", []byte(`{"dataFiles":["s3://b/BILLING_PERIOD=2026-10/v/a-1.csv","s3://b/BILLING_PERIOD=2026-10/v/a-2.csv"]}`))
	if _, err := Files(filepath.Join(dir, "lacking")); err == nil || !strings.Contains(err.Error(), "a-Manifest.json lists a-2.csv, which is not there") {
		t.Errorf("half an export: %v", err)
	}
	if err := os.Symlink("../plain", filepath.Join(dir, "linked", "more")); err != nil {
		t.Fatal(err)
	}
	if _, err := Files(filepath.Join(dir, "linked")); err == nil || !strings.Contains(err.Error(), "more leads to another folder") {
		t.Errorf("a folder that a link leads to: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, "linked", "more")); err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]int{"link": 1, "linked": 1, "a.zip": 2, "plain": 1, "plain/x.csv": 1, "export": 3} {
		files, err := Files(filepath.Join(dir, at))
		if err != nil {
			t.Fatal(err)
		}
		_, rep := read(t, "1", files...)
		if rep.Rows != want {
			t.Errorf("%s: %d rows, want %d", at, rep.Rows, want)
		}
	}
	for _, at := range []string{"nowhere", "plain/none"} {
		if _, err := Files(filepath.Join(dir, at)); err == nil {
			t.Errorf("%s is read", at)
		}
	}
}

// FuzzCSV compares with the standard library wherever it accepts a whole file.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\"a\"\"b\",c\r\n\n,\n", "\"a\nb\",c", "a\"b,c\n", "\"a\"b\n", "\"", ",,,\n\"\"\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		std := csv.NewReader(strings.NewReader(body))
		std.FieldsPerRecord = -1
		want, err := std.ReadAll()
		s := newScanner(&dribble{body})
		var got [][]string
		broken := false
		for {
			row, e := s.next()
			if errors.Is(e, io.EOF) {
				break
			}
			if e != nil {
				broken = true
				continue
			}
			var r []string
			for _, x := range row {
				r = append(r, string(x))
			}
			got = append(got, r)
		}
		if err != nil || strings.Contains(body, "\r") { // what it makes of \r inside of fields is its own
			return
		}
		if broken || fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
			t.Errorf("%q is %q, want %q", body, got, want)
		}
	})
}

// dribble gives a few bytes at a time.
type dribble struct{ rest string }

func (d *dribble) Read(p []byte) (int, error) {
	if d.rest == "" {
		return 0, io.EOF
	}
	n := copy(p, d.rest[:min(3, len(d.rest))])
	d.rest = d.rest[n:]
	return n, nil
}

func FuzzRead(f *testing.F) {
	f.Add(focusHead+focusRow("S", "", "b", "Usage", "", "", "1", "2026-10-01", "1", "1", "USD"), "1")
	f.Add("bill/BillingPeriodStartDate,lineItem/LineItemType,lineItem/ProductCode,lineItem/UnblendedCost,lineItem/CurrencyCode\n2026-10-01,Usage,S,1,USD\n", "")
	f.Fuzz(func(t *testing.T, body, account string) {
		bills, rep, err := Read(context.Background(), []File{inline("x.csv", body)}, Options{Account: account, Now: now})
		if err != nil {
			var said *fault.Error
			if !errors.As(err, &said) || strings.Contains(said.Sentence, "\n") && !strings.Contains(body, "\n") {
				t.Errorf("%v", err)
			}
			return
		}
		if rep.Malformed > rep.Rows || len(bills) == 0 {
			t.Errorf("%+v, %d bills", rep, len(bills))
		}
	})
}

// rows makes a bill of n rows like an hourly export's, 5,000 resources.
type rows struct {
	n, i int
	rest []byte
}

func (r *rows) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		if r.i > r.n {
			return 0, io.EOF
		}
		if r.i == 0 {
			r.rest = []byte(strings.TrimSpace(focusHead) + ",Tags,SkuId,ChargeDescription,ListCost,PricingUnit,PublisherName,x_UsageType\n")
		} else {
			day := r.i%31 + 1
			r.rest = fmt.Appendf(r.rest[:0], "Amazon Elastic Compute Cloud,eu-west-1,\"x, y\",arn:aws:ec2:eu-west-1:111122223333:instance/i-%017x,Usage,,,111122223333,2026-10-01T00:00:00Z,2026-10-%02dT00:00:00Z,2026-10-%02dT01:00:00Z,0.0104000000,0.0104000000,USD,\"{\"\"team\"\": \"\"web\"\", \"\"env\"\": \"\"prod\"\"}\",ABCDEFGHIJ234567,\"$0.0104 per On Demand Linux t3.micro Instance Hour\",0.0104000000,Hours,Amazon Web Services,EUW1-BoxUsage:t3.micro\n", r.i%5000, day, day)
		}
		r.i++
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func BenchmarkMillionRows(b *testing.B) {
	for b.Loop() {
		f := File{Name: "x.csv", Open: func() (io.ReadCloser, error) { return io.NopCloser(&rows{n: 1_000_000}), nil }}
		bills, rep, err := Read(context.Background(), []File{f}, Options{Account: "111122223333", Now: now})
		if err != nil || rep.Rows != 1_000_000 || rep.Malformed != 0 || len(bills[0].Lines) != 5000 {
			b.Fatal(err, rep)
		}
	}
}

// FuzzManifest: whatever a manifest says, what is kept is among what was there, and a mistake is one sentence.
func FuzzManifest(f *testing.F) {
	f.Add(`{"dataFiles":["s3://b/BILLING_PERIOD=2026-10/v1/a-1.csv"]}`, "e/BILLING_PERIOD=2026-10/v1/a-1.csv")
	f.Add(`{"reportKeys":["p/20261001-20261101/id/r-1.csv.gz"]}`, "p/20261001-20261101/id/r-1.csv.gz")
	f.Add(`{"dataFiles":[1]}`, "x.csv")
	f.Fuzz(func(t *testing.T, body, name string) {
		all := []File{inline("e/BILLING_PERIOD=2026-10/v1/a-Manifest.json", body), inline("p/20261001-20261101/r-Manifest.json", body), inline(name, "")}
		kept, err := Choose("e", all)
		var said *fault.Error
		if err != nil && (!errors.As(err, &said) || said.Hinted == "") {
			t.Errorf("%v", err)
		}
		for _, k := range kept {
			if k.Name != name {
				t.Errorf("%q is kept", k.Name)
			}
		}
	})
}
