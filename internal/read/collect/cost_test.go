package collect

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/bill"
	"github.com/footing-dev/footing/internal/read/collect/mototest"
	"github.com/footing-dev/footing/internal/read/collect/service"
	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/snapshot"
)

var costDay = time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC)

// group writes one group of an answer of Cost Explorer.
func group(amount string, keys ...string) string {
	b, _ := json.Marshal(keys)
	return fmt.Sprintf(`{"Keys":%s,"Metrics":{"AmortizedCost":{"Amount":"%s","Unit":"USD"}}}`, b, amount)
}

// period is one period of an answer.
func period(start string, groups ...string) string {
	return fmt.Sprintf(`{"TimePeriod":{"Start":"%s","End":"x"},"Groups":[%s]}`, start, strings.Join(groups, ","))
}

func results(token string, periods ...string) string {
	next := ""
	if token != "" {
		next = fmt.Sprintf(`,"NextPageToken":"%s"`, token)
	}
	return `{"ResultsByTime":[` + strings.Join(periods, ",") + `]` + next + `}`
}

// explorer is a Cost Explorer that remembers what it was asked.
func explorer(t *testing.T, asked *[]string, sample func(http.ResponseWriter, request)) {
	const ec2 = "Amazon Elastic Compute Cloud - Compute"
	fake(t, func(w http.ResponseWriter, q request) {
		*asked = append(*asked, q.operation+" "+q.body)
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		switch {
		case q.operation == "GetCostAndUsageWithResources":
			sample(w, q)
		case strings.Contains(q.body, "RECORD_TYPE\",\"Type\":\"DIMENSION"):
			fmt.Fprint(w, results("", period("2026-10-01", group("100.5", "Usage"), group("-3.25", "Credit"), group("19", "Tax"))))
		case strings.Contains(q.body, "page2"):
			fmt.Fprint(w, results("", period("2026-10-01", group("9", "AWS Lambda", "Request")), period("2026-11-01", group("40", ec2, "EUW1-BoxUsage:t3.micro"))))
		default:
			fmt.Fprint(w, results("page2", period("2026-09-01", group("50", ec2, "EU-BoxUsage:t3.micro")),
				period("2026-10-01", group("60", ec2, "EU-BoxUsage:t3.micro"), group("0", "AWS Glue", "USE1-x"), group("2", "AmazonX", "XYZ9-Thing"))))
		}
	})
}

func TestCostExplorer(t *testing.T) {
	var asked []string
	explorer(t, &asked, func(w http.ResponseWriter, q request) {
		fmt.Fprint(w, results("", period("2026-11-20", group("1.5", "AmazonX", "i-1"), group("1", "AmazonX", "NoResourceId")), period("2026-11-21", group("2", "AmazonX", "i-1"))))
	})
	bills, told, err := costs(t.Context(), read.Costs{Account: "111122223333", Now: func() time.Time { return costDay }}, wire.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range bills {
		for _, l := range b.Lines {
			got = append(got, fmt.Sprintf("%s %s %s %s %s %v %s", b.Month, l.Service, l.Region, l.Usage, l.Kind, l.Amount, l.Currency))
		}
		for _, l := range b.Sampled {
			got = append(got, fmt.Sprintf("%s sampled %s %q %v", b.Month, l.Service, l.Resource, l.Amount))
		}
	}
	want := `2026-09 Amazon Elastic Compute Cloud - Compute eu-west-1 EU-BoxUsage:t3.micro usage 50 USD
2026-10    credit -3.25 USD
2026-10    tax 19 USD
2026-10 AWS Lambda us-east-1 Request usage 9 USD
2026-10 Amazon Elastic Compute Cloud - Compute eu-west-1 EU-BoxUsage:t3.micro usage 60 USD
2026-10 AmazonX  XYZ9-Thing usage 2 USD
2026-10 sampled AmazonX "" 1
2026-10 sampled AmazonX "i-1" 3.5
2026-11 Amazon Elastic Compute Cloud - Compute eu-west-1 EUW1-BoxUsage:t3.micro usage 40 USD`
	if strings.Join(got, "\n") != want {
		t.Errorf("it told\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	if told.Calls != 4 || told.Dollars != 0.04 || len(asked) != 4 || len(told.Notes) != 0 {
		t.Errorf("%+v, %d requests", told, len(asked))
	}
	if bills[1].Origin != snapshot.FromCostExplorer || !bills[1].Whole() || bills[2].Whole() {
		t.Errorf("%+v", bills)
	}
	for i, part := range []string{`"LINKED_ACCOUNT"`, `"111122223333"`, `"Start":"2026-09-01"`, `"End":"2026-11-26"`, `"Not":{"Dimensions":{"Key":"RECORD_TYPE","Values":["Credit","Refund","Tax"]}}`} {
		if !strings.Contains(asked[0], part) {
			t.Errorf("%d: the question has no %s: %s", i, part, asked[0])
		}
	}
	if !strings.Contains(asked[3], `"Start":"2026-11-13"`) {
		t.Errorf("more than the days that it knows: %s", asked[3])
	}
}

// What is not switched on is an answer; what is denied is told, with what was paid.
// What is charged was paid for and is known: it does not get lost when the resources have more pages than may be paid for, or cannot be understood.
func TestSampleIsNoCondition(t *testing.T) {
	for says, answer := range map[string]string{"more pages than may be paid for": results("again", period("2026-11-20", group("1.5", "AmazonX", "i-1"))), "without AmortizedCost": results("", period("2026-11-20", group("much", "AmazonX", "i-1")))} {
		var asked []string
		explorer(t, &asked, func(w http.ResponseWriter, q request) { fmt.Fprint(w, answer) })
		bills, told, err := costs(t.Context(), read.Costs{Account: "111122223333", Now: func() time.Time { return costDay }}, wire.Settings{})
		if err != nil || len(bills) != 3 || len(told.Notes) != 1 || !strings.Contains(told.Notes[0], says) || told.Calls > read.MostCostCalls {
			t.Errorf("%v: %d bills, %+v", err, len(bills), told)
		}
		for _, b := range bills {
			if len(b.Sampled) > 0 {
				t.Errorf("half a sample divides %s", b.Month)
			}
		}
	}
}

func TestCostExplorerRefuses(t *testing.T) {
	var asked []string
	explorer(t, &asked, func(w http.ResponseWriter, q request) {
		w.WriteHeader(400)
		fmt.Fprint(w, `{"__type":"DataUnavailableException","Message":"no"}`)
	})
	now := func() time.Time { return costDay }
	bills, told, err := costs(t.Context(), read.Costs{Account: "111122223333", Now: now}, wire.Settings{})
	if err != nil || len(bills) != 3 || len(told.Notes) != 1 || !strings.Contains(told.Notes[0], "not switched on") {
		t.Errorf("%v, %d bills, %+v", err, len(bills), told)
	}
	for name, answer := range map[string]func(http.ResponseWriter, request){
		"denied":      func(w http.ResponseWriter, q request) { refuse(w, q, 400, "AccessDeniedException") },
		"no document": func(w http.ResponseWriter, _ request) { fmt.Fprint(w, `{}`) },
		"no amount": func(w http.ResponseWriter, _ request) {
			fmt.Fprint(w, results("", period("2026-10-01", group("n/a", "A", "B"))))
		},
		"no end": func(w http.ResponseWriter, _ request) { fmt.Fprint(w, results("again", period("2026-10-01"))) },
	} {
		n := 0
		fake(t, func(w http.ResponseWriter, q request) {
			n++
			w.Header().Set("Content-Type", "application/x-amz-json-1.1")
			answer(w, q)
		})
		bills, told, err := costs(t.Context(), read.Costs{Account: "111122223333", Now: now}, wire.Settings{Once: true})
		var f *fault.Error
		if !errors.As(err, &f) || f.Hinted == "" || bills != nil || told.Calls != n || n > read.MostCostCalls {
			t.Errorf("%s: %v after %d requests, %d counted", name, err, n, told.Calls)
		}
	}
}

// A scan by itself asks nothing that costs money, and its policy does not grant it; with --cost and --bill it does.
func TestCostIsOptional(t *testing.T) {
	for _, s := range service.All() {
		if s.Name == service.CostExplorer().Name || s.Name == service.BillBucket().Name {
			t.Errorf("%s is read by every scan", s.Name)
		}
	}
	plain, err := Policy(read.Extra{})
	if err != nil || bytes.Contains(plain.Whole, []byte(`"ce:`)) || bytes.Contains(plain.Whole, []byte("s3:GetObject\"")) {
		t.Errorf("%v, or the policy of a scan grants it", err)
	}
	more, err := Policy(read.Extra{Cost: true, Bill: "s3://acme-bills/exports/"})
	for _, part := range []string{"ce:GetCostAndUsage", "ce:GetCostAndUsageWithResources", "arn:aws:s3:::acme-bills/exports/*", "s3:GetObject"} {
		if err != nil || !bytes.Contains(more.Whole, []byte(part)) {
			t.Errorf("%v, or the policy does not grant %s", err, part)
		}
	}
	for _, bad := range []string{"s3://", "s3:///x", "http://x", "s3://a*"} {
		if _, err := Policy(read.Extra{Bill: bad}); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

// An export that lies in S3, two versions of October among it, is found, chosen and read.
func TestBillInS3(t *testing.T) {
	server := mototest.Start(t)
	server.Use(t)
	dir := t.TempDir()
	put := func(key string, body []byte) {
		file := filepath.Join(dir, strings.ReplaceAll(key, "/", "_"))
		if err := os.WriteFile(file, body, 0o600); err != nil {
			t.Fatal(err)
		}
		server.CLI(t, "s3api", "put-object", "--bucket", "acme-bills", "--key", key, "--body", file)
	}
	csv := func(amount string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		fmt.Fprintf(z, "BillingPeriodStart,ServiceName,ResourceId,ChargeCategory,EffectiveCost,BillingCurrency,SubAccountId\n2026-10-01T00:00:00Z,S3,orders,Usage,%s,USD,111122223333\n", amount)
		z.Close()
		return b.Bytes()
	}
	server.CLI(t, "s3api", "create-bucket", "--bucket", "acme-bills", "--create-bucket-configuration", "LocationConstraint="+mototest.Region)
	const data = "exports/acme/data/BILLING_PERIOD=2026-10/"
	put(data+"v1/acme-00001.csv.gz", csv("1"))
	put(data+"v2/acme-00001.csv.gz", csv("2.5"))
	put("exports/acme/metadata/BILLING_PERIOD=2026-10/acme-Manifest.json", []byte(`{"dataFiles":["s3://acme-bills/`+data+`v2/acme-00001.csv.gz"]}`))
	put("exports/acme/readme.txt", []byte("x"))
	list, err := objects(t.Context(), "s3://acme-bills/exports/")
	if err != nil || len(list) != 4 {
		t.Fatalf("%d objects: %v", len(list), err)
	}
	var all []bill.File
	for _, o := range list {
		if bill.OfExport(o.Key) {
			all = append(all, bill.Unpack(bill.File{Name: o.Key, Size: o.Size, Modified: o.Modified, Open: func() (io.ReadCloser, error) { return o.Open(t.Context()) }}))
		}
	}
	files, err := bill.Choose("s3://acme-bills/exports/", all)
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %d files", err, len(files))
	}
	bills, _, err := bill.Read(context.Background(), files, bill.Options{Account: "111122223333", Now: costDay})
	if err != nil || len(bills) != 1 || bills[0].Lines[0].Amount != 2.5 {
		t.Errorf("%v, %+v", err, bills)
	}
	var f *fault.Error
	if _, err := objects(t.Context(), "s3://nobodys-bills/x"); !errors.As(err, &f) || f.Hinted == "" {
		t.Errorf("a bucket that does not exist: %v", err)
	}
}
