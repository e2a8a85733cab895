package cost

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/snapshot"
)

type props = map[string]any

var taken = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func arn(service, rest string) snapshot.Key {
	return snapshot.Key("arn:aws:" + service + ":eu-west-1:111122223333:" + rest)
}

func account(bills ...snapshot.Bill) *snapshot.Snapshot {
	const r = "eu-west-1"
	s := &snapshot.Snapshot{Account: "111122223333", Taken: taken, Bills: bills}
	s.Resources = []snapshot.Resource{
		{Key: arn("ec2", "instance/i-1"), Type: "AWS::EC2::Instance", Region: r, Properties: props{"InstanceType": "t3.micro", "State": "running"}},
		{Key: arn("ec2", "instance/i-2"), Type: "AWS::EC2::Instance", Region: r, Properties: props{"InstanceType": "m5.large", "State": "running"}},
		{Key: arn("ec2", "instance/i-3"), Type: "AWS::EC2::Instance", Region: r, Properties: props{"InstanceType": "m5.large", "State": "stopped"}},
		{Key: "arn:aws:ec2:eu-west-1::snapshot/snap-1", Type: "AWS::EC2::Snapshot", Region: r},
		{Key: arn("ec2", "volume/vol-1"), Type: "AWS::EC2::Volume", Region: r, Properties: props{"VolumeType": "gp3", "Size": 100}},
		{Key: "arn:aws:s3:::orders", Type: "AWS::S3::Bucket", Region: r, Name: "orders"},
		{Key: arn("rds", "db:main"), Type: "AWS::RDS::DBInstance", Region: r, Properties: props{"DbiResourceId": "db-ABC", "Engine": "mysql", "DBInstanceClass": "db.t3.micro", "MultiAZ": true}},
		{Key: arn("lambda", "function:resize"), Type: "AWS::Lambda::Function", Region: r},
		{Key: arn("logs", "log-group:/app:*"), Type: "AWS::Logs::LogGroup", Region: r},
		{Key: arn("dynamodb", "table/a"), Type: "AWS::DynamoDB::Table", Region: r},
		{Key: "arn:aws:dynamodb:us-east-1:111122223333:table/b", Type: "AWS::DynamoDB::Table", Region: "us-east-1"},
		{Key: "arn:aws:iam::111122223333:role/app", Type: "AWS::IAM::Role"},
	}
	for _, t := range []string{"AWS::EC2::Instance", "AWS::DynamoDB::Table"} {
		s.Coverage = append(s.Coverage, snapshot.Coverage{Service: "x", Call: "x:List" + t, Region: r, Types: []string{t}, Outcome: snapshot.OK})
	}
	s.Seal()
	return s
}

func of(month, origin string, lines ...snapshot.CostLine) snapshot.Bill {
	b := snapshot.Bill{Account: "111122223333", Month: month, Origin: origin, From: origin, Read: taken, Lines: lines}
	for i := range b.Lines {
		if b.Lines[i].Currency == "" {
			b.Lines[i].Currency = "USD"
		}
		if b.Lines[i].Kind == "" {
			b.Lines[i].Kind = snapshot.ChargeUsage
		}
	}
	return b
}

type line = snapshot.CostLine

func figure(t *testing.T, table *Table, s *snapshot.Snapshot, k snapshot.Key) string {
	t.Helper()
	r, ok := s.Get(k)
	if !ok {
		t.Fatalf("no %s", k)
	}
	var out []string
	for _, f := range table.Figures(r) {
		text := f.Source
		if f.Source != Unknown {
			text += fmt.Sprintf(" %.2f %s", f.Monthly, f.Currency)
		}
		if f.Before != nil {
			text += fmt.Sprintf(" was %.2f", *f.Before)
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

func TestBilled(t *testing.T) {
	s := account(
		of("2026-09", snapshot.FromExport, line{Service: "EC2", Resource: "i-1", Amount: 4}),
		of("2026-10", snapshot.FromExport,
			line{Service: "EC2", Resource: "i-1", Amount: 5},
			line{Service: "EC2", Resource: "i-1", Amount: -0.5},
			line{Service: "EC2", Resource: "i-1", Amount: -3, Kind: snapshot.ChargeCredit},
			line{Service: "EC2", Resource: string(arn("ec2", "instance/i-2")), Amount: 70},
			line{Service: "EC2", Resource: string(arn("ec2", "snapshot/snap-1")), Amount: 2},
			line{Service: "EC2", Resource: "i-gone", Amount: 1},
			line{Service: "S3", Resource: "orders", Amount: 3},
			line{Service: "RDS", Resource: string(arn("rds", "db:db-ABC")), Amount: 15},
			line{Service: "RDS", Resource: "db-ABC", Amount: 5},
			line{Service: "Lambda", Resource: string(arn("lambda", "function:resize:7")), Amount: 0.3},
			line{Service: "Logs", Resource: string(arn("logs", "log-group:/app")), Amount: 0.2},
			line{Service: "Support", Amount: 29, Kind: snapshot.ChargeFee},
			line{Service: "EC2", Resource: "arn:ri", Amount: 6, Kind: snapshot.ChargeCommitment},
			line{Service: "EC2", Amount: 9, Kind: snapshot.ChargeTax},
		),
		of("2026-11", snapshot.FromExport, line{Service: "EC2", Resource: "i-1", Amount: 900}))
	table := Of(s)
	for k, want := range map[snapshot.Key]string{
		arn("ec2", "instance/i-1"):               "billed 4.50 USD was 4.00", // the credit makes nothing cheaper, and a month that goes on is none
		arn("ec2", "instance/i-2"):               "billed 70.00 USD",
		"arn:aws:ec2:eu-west-1::snapshot/snap-1": "billed 2.00 USD",
		"arn:aws:s3:::orders":                    "billed 3.00 USD",
		arn("rds", "db:main"):                    "billed 20.00 USD",
		arn("lambda", "function:resize"):         "billed 0.30 USD",
		arn("logs", "log-group:/app:*"):          "billed 0.20 USD",
		arn("ec2", "instance/i-3"):               "unknown", // stopped, and not in the bill
		arn("ec2", "volume/vol-1"):               "estimated 8.00 USD",
		arn("dynamodb", "table/a"):               "unknown",
		"arn:aws:iam::111122223333:role/app":     "estimated 0.00 USD",
	} {
		if got := figure(t, table, s, k); got != want {
			t.Errorf("%s is %s, want %s", k, got, want)
		}
	}
	if fmt.Sprint(table.Totals, table.Was) != "[{USD 136}] [{USD 4}]" {
		t.Errorf("totals %v, before %v", table.Totals, table.Was)
	}
	if got := fmt.Sprint(table.Rest); got != "[{Support the bill names no resource 29 USD} {EC2 reserved or committed, and not used 6 USD} {EC2 what it names is not in the snapshot 1 USD}]" {
		t.Errorf("left over: %s", got)
	}
	if got := fmt.Sprint(table.Apart); got != "[{credit {USD -3}} {tax {USD 9}}]" {
		t.Errorf("apart: %s", got)
	}
	if share, f, ok := table.Share(arn("ec2", "instance/i-2")); !ok || share < 0.51 || share > 0.52 || f.Period != "2026-10" {
		t.Errorf("share %v of %v, %v", share, f, ok)
	}
	if _, _, ok := table.Share(arn("ec2", "volume/vol-1")); ok {
		t.Error("an estimate is a share of a bill")
	}
}

// Two things with the name that a bill uses: neither is charged.
func TestAmbiguousName(t *testing.T) {
	s := account(of("2026-10", snapshot.FromExport, line{Service: "RDS", Resource: "db-ABC", Amount: 20}))
	s.Resources = append(s.Resources, snapshot.Resource{Key: arn("rds", "db:other"), Type: "AWS::RDS::DBInstance", Region: "eu-west-1", Properties: props{"DbiResourceId": "db-ABC"}})
	s.Seal()
	table := Of(s)
	if got := fmt.Sprint(table.Rest); got != "[{RDS what it names may be several resources 20 USD}]" {
		t.Errorf("left over: %s", got)
	}
}

func TestTwoCurrencies(t *testing.T) {
	s := account(of("2026-10", snapshot.FromExport,
		line{Service: "EC2", Resource: "i-1", Amount: 5}, line{Service: "EC2", Resource: "i-1", Amount: 7, Currency: "EUR"},
		line{Service: "EC2", Resource: "i-2", Amount: 9}))
	table := Of(s)
	if got := figure(t, table, s, arn("ec2", "instance/i-1")); got != "billed 5.00 USD; billed 7.00 EUR" {
		t.Errorf("it is %s", got)
	}
	if fmt.Sprint(table.Totals) != "[{EUR 7} {USD 14}]" {
		t.Errorf("totals %v", table.Totals)
	}
	one, _ := s.Get(arn("ec2", "instance/i-1"))
	two, _ := s.Get(arn("ec2", "instance/i-2"))
	sums := table.Sums([]*snapshot.Resource{one, two}, func(*snapshot.Resource) string { return "x" })
	if len(sums) != 2 || sums[0].Monthly != 14 || sums[0].Currency != "USD" || sums[1].Monthly != 7 || sums[1].Currency != "EUR" {
		t.Errorf("sums %+v", sums)
	}
}

// Cost Explorer names no resource: what it tells is somebody's only where nobody else can be meant.
func TestAllocated(t *testing.T) {
	const ec2, dynamo = "Amazon Elastic Compute Cloud - Compute", "Amazon DynamoDB"
	lines := []line{
		{Service: ec2, Region: "eu-west-1", Usage: "EU-BoxUsage:t3.micro", Amount: 7},
		{Service: ec2, Region: "eu-west-1", Usage: "EU-BoxUsage:m5.large", Amount: 70}, // i-2 or i-3
		{Service: ec2, Region: "eu-west-1", Usage: "EU-DataTransfer-Out-Bytes", Amount: 3},
		{Service: dynamo, Region: "eu-west-1", Usage: "EU-TimedStorage-ByteHrs", Amount: 2},
		{Service: dynamo, Region: "us-east-1", Usage: "TimedStorage-ByteHrs", Amount: 5}, // one table, and nobody listed all of them there
		{Service: "Amazon Relational Database Service", Region: "eu-west-1", Usage: "EU-InstanceUsage:db.t3.micro", Amount: 30},
	}
	s := account(of("2026-10", snapshot.FromCostExplorer, lines...))
	table := Of(s)
	for k, want := range map[snapshot.Key]string{
		arn("ec2", "instance/i-1"):                        "allocated 7.00 USD",
		arn("ec2", "instance/i-2"):                        "estimated 70.08 USD",
		arn("dynamodb", "table/a"):                        "allocated 2.00 USD",
		"arn:aws:dynamodb:us-east-1:111122223333:table/b": "unknown",
		arn("rds", "db:main"):                             "estimated 24.82 USD",
	} {
		if got := figure(t, table, s, k); got != want {
			t.Errorf("%s is %s, want %s", k, got, want)
		}
	}
	left := 0.0
	for _, r := range table.Rest {
		left += r.Amount
		if r.Why != NotOne {
			t.Errorf("left over because %s", r.Why)
		}
	}
	if left != 108 {
		t.Errorf("%v is left over", left)
	}
	// Where single resources were sampled, the month divides as the sample did, and what the sample cannot name stays over.
	b := of("2026-10", snapshot.FromCostExplorer, lines...)
	b.Sampled = []line{{Service: ec2, Resource: "i-1", Amount: 1, Currency: "USD"}, {Service: ec2, Resource: "i-2", Amount: 6, Currency: "USD"}, {Service: ec2, Amount: 1, Currency: "USD"}}
	s = account(b)
	table = Of(s)
	if got := figure(t, table, s, arn("ec2", "instance/i-1")) + ", " + figure(t, table, s, arn("ec2", "instance/i-2")); got != "allocated 10.00 USD, allocated 60.00 USD" {
		t.Errorf("sampled: %s", got)
	}
	// An export of the same month is better.
	s = account(b, of("2026-10", snapshot.FromExport, line{Service: "EC2", Resource: "i-1", Amount: 6.5}))
	if got := figure(t, Of(s), s, arn("ec2", "instance/i-1")); got != "billed 6.50 USD" {
		t.Errorf("with an export: %s", got)
	}
}

func TestChoose(t *testing.T) {
	x := func(month, origin string) snapshot.Bill { return of(month, origin) }
	for _, c := range []struct {
		bills []snapshot.Bill
		want  string
	}{
		{nil, ""},
		{[]snapshot.Bill{x("2026-11", snapshot.FromExport)}, "2026-11 export"}, // better than nothing
		{[]snapshot.Bill{x("2026-09", snapshot.FromExport), x("2026-10", snapshot.FromExport), x("2026-11", snapshot.FromExport)}, "2026-10 export"},
		{[]snapshot.Bill{x("2026-10", snapshot.FromExport), x("2026-10", snapshot.FromCostExplorer)}, "2026-10 export"},
		{[]snapshot.Bill{x("2026-09", snapshot.FromExport), x("2026-10", snapshot.FromCostExplorer)}, "2026-09 export"},
		{[]snapshot.Bill{x("2026-03", snapshot.FromExport), x("2026-10", snapshot.FromCostExplorer)}, "2026-10 cost-explorer"},
		{[]snapshot.Bill{x("2027-01", snapshot.FromExport)}, ""}, // after the snapshot
	} {
		got := ""
		if b := choose(c.bills, taken); b != nil {
			got = b.Month + " " + b.Origin
		}
		if got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestBudgets(t *testing.T) {
	s := account(of("2026-10", snapshot.FromExport, line{Service: "EC2", Amount: 80}, line{Service: "EC2", Amount: 20, Kind: snapshot.ChargeTax}, line{Service: "EC2", Amount: 5, Currency: "EUR"}))
	unit := "USD"
	budget := func(name, kind, per string, filters any) snapshot.Resource {
		b := props{"BudgetName": name, "BudgetType": kind, "TimeUnit": per, "BudgetLimit": props{"Amount": "200.0", "Unit": unit}}
		if filters != nil {
			b["CostFilters"] = filters
		}
		return snapshot.Resource{Key: snapshot.Key("arn:aws:budgets::1:budget/" + name), Type: "AWS::Budgets::Budget", Name: name, Properties: props{"Budget": b}}
	}
	s.Resources = append(s.Resources, budget("all", "COST", "MONTHLY", nil), budget("part", "COST", "MONTHLY", props{"Service": []any{"x"}}), budget("hours", "USAGE", "MONTHLY", nil), budget("year", "COST", "ANNUALLY", nil))
	unit = "GBP"
	s.Resources = append(s.Resources, budget("pounds", "COST", "MONTHLY", nil))
	s.Seal()
	var got []string
	for _, b := range Of(s).Budgets() {
		text := b.Name + " " + b.Why
		if b.Spent != nil {
			text += fmt.Sprintf("%.0f of %.0f", *b.Spent, b.Limit)
		}
		got = append(got, text)
	}
	if strings.Join(got, "; ") != "all 100 of 200; part it is about a part of the bill; pounds the bill has nothing in GBP; year it is not a month's" {
		t.Errorf("%q", got)
	}
}

// Nothing gets lost and nothing is invented: what resources have, what is left over and the sum of the bill agree, whatever the bill says.
func TestAddsUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	s := account()
	names := []string{"", "i-1", "i-2", "i-gone", "orders", "db-ABC", string(arn("dynamodb", "table/a"))}
	services := []string{"Amazon DynamoDB", "Amazon Elastic Compute Cloud - Compute", "X"}
	for range 300 {
		origin := snapshot.FromExport
		if rng.IntN(2) == 0 {
			origin = snapshot.FromCostExplorer
		}
		b := of("2026-10", origin)
		for range rng.IntN(40) {
			l := line{Service: services[rng.IntN(3)], Region: "eu-west-1", Usage: []string{"EU-BoxUsage:t3.micro", "EU-Other"}[rng.IntN(2)], Amount: float64(rng.IntN(10000)-500) / 100, Currency: "USD", Kind: snapshot.ChargeUsage}
			if origin == snapshot.FromExport {
				l.Resource = names[rng.IntN(len(names))]
			}
			if rng.IntN(6) == 0 {
				l.Kind = snapshot.ChargeCommitment
			}
			b.Lines = append(b.Lines, l)
		}
		for range rng.IntN(4) {
			b.Sampled = append(b.Sampled, line{Service: services[rng.IntN(3)], Resource: names[rng.IntN(len(names))], Amount: float64(rng.IntN(50)), Currency: "USD"})
		}
		d := divide(&b, s, namesOf(s))
		sum := 0.0
		for _, by := range d.of {
			sum += by["USD"].amount
		}
		for _, x := range d.rest {
			sum += x
		}
		if diff := sum - d.total["USD"]; diff > 1e-6 || diff < -1e-6 {
			t.Fatalf("parts %v, whole %v", sum, d.total["USD"])
		}
	}
}

func TestTables(t *testing.T) {
	rows := func(text string) (n int) {
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, "#") {
				n++
			}
		}
		return n
	}
	if n := rows(pricesText); n != len(prices()) || n < 100 {
		t.Errorf("%d rows of prices, %d are read", n, len(prices()))
	}
	for k, p := range prices() {
		if p.dollars <= 0 || p.per != "hour" && p.per != "month" && p.per != "GB-month" || !strings.HasPrefix(k, "AWS::") {
			t.Errorf("%s: %+v", k, p)
		}
	}
	if !strings.Contains(pricesText, PricesAt) {
		t.Error("the table of prices says another day than the program")
	}
	if n := rows(meantText); n != len(meant()) || n < 10 {
		t.Errorf("%d rows of meanings, %d are read", n, len(meant()))
	}
}

func TestEstimates(t *testing.T) {
	one := func(typ string, p props, unknown ...string) snapshot.Resource {
		return snapshot.Resource{Key: "k", Type: typ, Account: "1", Properties: p, Unknown: unknown}
	}
	for name, c := range map[string]struct {
		r    snapshot.Resource
		want float64 // -1: unknown
	}{
		"stopped":              {one("AWS::EC2::Instance", props{"InstanceType": "t3.micro", "State": "stopped"}), -1},
		"state not read":       {one("AWS::EC2::Instance", props{"InstanceType": "t3.micro"}, "State"), -1},
		"Linux":                {one("AWS::EC2::Instance", props{"InstanceType": "t3.micro", "State": "running", "PlatformDetails": "Linux/UNIX"}), 7.59},
		"Windows":              {one("AWS::EC2::Instance", props{"InstanceType": "t3.micro", "State": "running", "PlatformDetails": "Windows"}), -1},
		"system not read":      {one("AWS::EC2::Instance", props{"InstanceType": "t3.micro", "State": "running"}, "PlatformDetails"), -1},
		"spot":                 {one("AWS::EC2::Instance", props{"InstanceType": "t3.micro", "State": "running", "InstanceLifecycle": "spot"}), -1},
		"no such type":         {one("AWS::EC2::Instance", props{"InstanceType": "zz.large", "State": "running"}), -1},
		"size not read":        {one("AWS::EC2::Volume", props{"VolumeType": "gp3"}, "Size"), -1},
		"two zones":            {one("AWS::RDS::DBInstance", props{"Engine": "postgres", "DBInstanceClass": "db.t4g.medium", "MultiAZ": true}), 94.9},
		"zones not read":       {one("AWS::RDS::DBInstance", props{"Engine": "postgres", "DBInstanceClass": "db.t4g.medium"}, "MultiAZ"), -1},
		"engine without price": {one("AWS::RDS::DBInstance", props{"Engine": "oracle-ee", "DBInstanceClass": "db.t3.micro"}), -1},
		"endpoint, two zones":  {one("AWS::EC2::VPCEndpoint", props{"VpcEndpointType": "Interface", "SubnetIds": []any{"a", "b"}}), 14.6},
		"gateway endpoint":     {one("AWS::EC2::VPCEndpoint", props{"VpcEndpointType": "Gateway"}), -1},
		"own key":              {one("AWS::KMS::Key", props{"KeyManager": "CUSTOMER", "KeyState": "Enabled"}), 1},
		"AWS's key":            {one("AWS::KMS::Key", props{"KeyManager": "AWS", "KeyState": "Enabled"}), 0},
		"key being deleted":    {one("AWS::KMS::Key", props{"KeyManager": "CUSTOMER", "KeyState": "PendingDeletion"}), -1},
		"bucket":               {one("AWS::S3::Bucket", nil), -1},
		"role":                 {one("AWS::IAM::Role", nil), 0},
	} {
		f, ok := estimate(&c.r)
		if !ok && c.want >= 0 || ok && f.Monthly != c.want {
			t.Errorf("%s: %v %v, want %v", name, f, ok, c.want)
		}
	}
}

// Of many small figures the cents do not get lost: what things are charged, and what is left over, is the bill.
func TestSmallFiguresAddUp(t *testing.T) {
	var lines []line
	for i := range 1000 {
		lines = append(lines, line{Service: "S3", Resource: fmt.Sprint("arn:aws:s3:::b", i), Amount: 0.004})
	}
	s := account(of("2026-10", snapshot.FromExport, lines...))
	var all []*snapshot.Resource
	for i := range 1000 {
		s.Resources = append(s.Resources, snapshot.Resource{Key: snapshot.Key(fmt.Sprint("arn:aws:s3:::b", i)), Type: "AWS::S3::Bucket"})
	}
	s.Seal()
	for i := range s.Resources {
		all = append(all, &s.Resources[i])
	}
	table := Of(s)
	sum := 0.0
	for _, x := range table.Sums(all, func(r *snapshot.Resource) string { return r.Type }) {
		sum += x.Billed
	}
	if sum != 4 || table.Totals[0].Amount != 4 {
		t.Errorf("the parts are %v, the whole is %v", sum, table.Totals)
	}
}

// A sample divides what is of its Region and its money, and nothing else.
func TestSampledByRegion(t *testing.T) {
	const dynamo = "Amazon DynamoDB"
	b := of("2026-10", snapshot.FromCostExplorer, line{Service: dynamo, Region: "eu-west-1", Amount: 10}, line{Service: dynamo, Region: "us-east-1", Amount: 4},
		line{Service: dynamo, Region: "eu-west-1", Amount: 8, Currency: "EUR"}, line{Service: dynamo, Region: "ap-south-1", Amount: 2})
	b.Sampled = []line{{Service: dynamo, Resource: string(arn("dynamodb", "table/a")), Amount: 1, Currency: "USD"},
		{Service: dynamo, Resource: "arn:aws:dynamodb:us-east-1:111122223333:table/b", Amount: 6, Currency: "USD"}, {Service: dynamo, Resource: "arn:aws:dynamodb:us-east-1:111122223333:table/gone", Amount: 2, Currency: "USD"}}
	s := account(b)
	table := Of(s)
	if got := figure(t, table, s, arn("dynamodb", "table/a")); got != "allocated 10.00 USD; allocated 8.00 EUR" { // the euros: the only table there
		t.Errorf("a: %s", got)
	}
	if got := figure(t, table, s, "arn:aws:dynamodb:us-east-1:111122223333:table/b"); got != "allocated 3.00 USD" {
		t.Errorf("b: %s", got)
	}
	if got := fmt.Sprint(table.Rest); got != "[{Amazon DynamoDB not only one resource can be meant 2 USD} {Amazon DynamoDB what it names is not in the snapshot 1 USD}]" {
		t.Errorf("left over: %s", got)
	}
}

// A fifth is a fifth in cents too, and nothing is more than all of it.
func TestShare(t *testing.T) {
	for _, c := range []struct{ thing, rest, want float64 }{{0.6, 2.4, 0.2}, {20, 80, 0.2}, {19.99, 80.01, 0.1999}, {100, -20, 1}, {5, -5, 0}, {-5, 25, 0}} {
		s := account(of("2026-10", snapshot.FromExport, line{Service: "EC2", Resource: "i-1", Amount: c.thing}, line{Service: "EDP", Amount: c.rest}))
		if got, _, _ := Of(s).Share(arn("ec2", "instance/i-1")); got != c.want {
			t.Errorf("%v of %v: %v, want %v", c.thing, c.thing+c.rest, got, c.want)
		}
	}
}

// Grown is said only of two whole months that were learnt in the same way.
func TestCompare(t *testing.T) {
	x := func(month, origin string, amount float64) snapshot.Bill {
		return of(month, origin, line{Service: "EC2", Resource: "i-1", Amount: amount})
	}
	part := x("2026-08", snapshot.FromExport, 3)
	part.Through = time.Date(2026, 8, 12, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		was  snapshot.Bill
		want string
	}{
		"another month":      {x("2026-07", snapshot.FromExport, 4), "billed 5.00 USD was 4.00"},
		"the same month":     {x("2026-10", snapshot.FromExport, 4), "billed 5.00 USD"},
		"half a month":       {part, "billed 5.00 USD"},
		"learnt another way": {x("2026-07", snapshot.FromCostExplorer, 4), "billed 5.00 USD"},
	} {
		s := account(x("2026-10", snapshot.FromExport, 5), x("2026-09", snapshot.FromExport, 1))
		table := Of(s)
		table.Compare(Of(account(c.was)))
		if got := figure(t, table, s, arn("ec2", "instance/i-1")); got != c.want || (table.Before != nil) != strings.Contains(c.want, "was") {
			t.Errorf("%s: %s, %v", name, got, table.Before)
		}
	}
	// Without --since it is the month before, and no other where that one is missing.
	s := account(x("2026-10", snapshot.FromExport, 5), x("2026-08", snapshot.FromExport, 1))
	if got := figure(t, Of(s), s, arn("ec2", "instance/i-1")); got != "billed 5.00 USD" {
		t.Errorf("a month is missing: %s", got)
	}
}

// A cluster whose version may be in paid support says that it costs more then.
func TestClusterInExtendedSupport(t *testing.T) {
	for support, more := range map[string]bool{"STANDARD": false, "EXTENDED": true, "": true} {
		f, ok := estimate(&snapshot.Resource{Type: "AWS::EKS::Cluster", Properties: props{"UpgradePolicy": props{"SupportType": support}}})
		if !ok || f.Monthly != 73 || strings.Contains(f.From, "six times as much") != more {
			t.Errorf("%q: %+v", support, f)
		}
	}
}
