package task

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/bill"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/store"
)

// BillRead says how the reading of an export went.
type BillRead struct {
	From   string   `json:"from"`
	Months []string `json:"months"`
	bill.Report
}

// CostRead says what Cost Explorer told, and what that cost.
type CostRead struct {
	Months []string `json:"months"`
	Since  string   `json:"since,omitempty"` // when the answers came that were in the store; nothing was asked then
	Reason string   `json:"reason,omitempty"`
	read.Asked
}

// money is what a scan was told to read of costs. All that can be wrong with it is found before the account is read.
type money struct {
	desk    *Desk
	options ScanOptions
	files   []bill.File
}

// freshCosts is how long answers that cost money are good.
const freshCosts = 24 * time.Hour

// muchBill is from how many bytes on somebody is asked before a bill is fetched.
const muchBill = 512 << 20

func (d *Desk) money(ctx context.Context, o ScanOptions) (*money, error) {
	m := &money{desk: d, options: o}
	switch {
	case o.Cost && o.From != "":
		return nil, fault.Input("give a bill as a file with --bill PATH", "--from reads files: --cost asks Cost Explorer, which is live")
	case o.Cost && d.Live.Costs == nil:
		return nil, d.noLive()
	}
	if strings.HasPrefix(o.Bill, "s3://") {
		if err := m.far(ctx); err != nil {
			return nil, err
		}
	} else if o.Bill != "" {
		var err error
		if m.files, err = bill.Files(o.Bill); err != nil {
			return nil, err
		}
	}
	if len(m.files) > 0 {
		if err := bill.Check(m.files); err != nil {
			return nil, err
		}
	}
	if o.Cost && !o.Yes {
		return m, m.ask(fmt.Sprintf("Cost Explorer takes %.2f USD a question. It is asked %d, or more where answers have several pages: at most %d, %.2f USD; none when it was asked within a day.",
			read.DollarsACall, read.CostCalls, read.MostCostCalls, read.DollarsACall*read.MostCostCalls))
	}
	return m, nil
}

// ask asks a person. Without one, --yes says it.
func (m *money) ask(says string) error {
	if m.options.May == nil {
		return fault.Input("add --yes to agree", "%s", says)
	}
	if !m.options.May(says) {
		return fault.Input("leave the flag out, or answer y", "not agreed: nothing was read")
	}
	return nil
}

// far finds the files of an export in S3: those of its last three months.
func (m *money) far(ctx context.Context) error {
	if m.desk.Live.Objects == nil {
		return m.desk.noLive()
	}
	list, err := m.desk.Live.Objects(ctx, m.options.Bill)
	if err != nil {
		return err
	}
	bucket, _, _ := strings.Cut(strings.TrimPrefix(m.options.Bill, "s3://"), "/")
	var all []bill.File
	for _, o := range list {
		if !bill.OfExport(o.Key) {
			continue
		}
		all = append(all, bill.Unpack(bill.File{Name: path.Join(bucket, o.Key), Size: o.Size, Modified: o.Modified,
			Open: func() (io.ReadCloser, error) { return o.Open(ctx) }}))
	}
	if m.files, err = bill.Choose(m.options.Bill, bill.Latest(all, 3)); err != nil {
		return err
	}
	size := int64(0)
	for _, f := range m.files {
		size += f.Size
	}
	if size > muchBill && !m.options.Yes {
		return m.ask(fmt.Sprintf("The bill in %s has %s and %d MB to be fetched.", m.options.Bill, term.Count(len(m.files), "file", "files"), size>>20))
	}
	return nil
}

// read reads what was asked for, keeps it, and says how it went.
func (m *money) read(ctx context.Context, db *store.DB, s *snapshot.Snapshot, sum *Summary) error {
	if len(m.files) > 0 {
		bills, report, err := bill.Read(ctx, m.files, bill.Options{Account: s.Account, Now: m.desk.Now()})
		if err != nil {
			return err
		}
		if err := keepBills(ctx, db, bills); err != nil {
			return err
		}
		sum.Bill = &BillRead{From: m.options.Bill, Months: monthsOf(bills), Report: *report}
	}
	if !m.options.Cost {
		return nil
	}
	if !m.options.Fresh {
		last, err := billsOf(ctx, db, snapshot.FromCostExplorer, s.Account, m.desk.Now())
		if err != nil {
			return err
		}
		for _, b := range last {
			if age := m.desk.Now().Sub(b.Read); age >= 0 && age < freshCosts {
				sum.Cost = &CostRead{Months: monthsOf(last), Since: b.Read.Format(time.RFC3339), Asked: read.Asked{Notes: []string{}}}
				return nil
			}
		}
	}
	bills, asked, err := m.desk.Live.Costs(ctx, read.Costs{Account: s.Account, Now: m.desk.Now, Tell: m.desk.Tell})
	sum.Cost = &CostRead{Months: monthsOf(bills), Asked: *asked}
	if err != nil {
		if ctx.Err() != nil {
			return err
		}
		sum.Cost.Reason = err.Error() // a gap like any other: the account was read
		return nil
	}
	return keepBills(ctx, db, bills)
}

func monthsOf(bills []snapshot.Bill) []string {
	out := []string{}
	for _, b := range bills {
		out = append(out, b.Month)
	}
	return out
}

// keepBills keeps a record a month, under what it was read from: a later reading of the same month replaces it.
func keepBills(ctx context.Context, db *store.DB, bills []snapshot.Bill) error {
	for i := range bills {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if err := json.NewEncoder(z).Encode(&bills[i]); err != nil {
			return fault.IO("", "the bill of %s cannot be written: %w", bills[i].Month, err)
		}
		if err := z.Close(); err != nil {
			return fault.IO("", "the bill of %s cannot be written: %w", bills[i].Month, err)
		}
		if err := db.Put(ctx, store.Record{Kind: "bill:" + bills[i].Origin, Key: bills[i].Account, At: bills[i].Begin(), Body: b.Bytes()}); err != nil {
			return err
		}
	}
	return nil
}

// lastBills is how many months lie beside a snapshot: what figures are taken of, the month before, and the one under way.
const lastBills = 3

// billsOf are the last bills of an account until a moment, the oldest first.
func billsOf(ctx context.Context, db *store.DB, origin, account string, until time.Time) ([]snapshot.Bill, error) {
	records, err := db.Last(ctx, "bill:"+origin, account, until, lastBills)
	if err != nil {
		return nil, err
	}
	out := make([]snapshot.Bill, len(records))
	for i, r := range records {
		z, err := gzip.NewReader(bytes.NewReader(r.Body))
		if err == nil {
			err = json.NewDecoder(z).Decode(&out[len(records)-1-i])
		}
		if err != nil {
			return nil, fault.IO("read the bill again with --bill PATH", "the bill of %s in the store is damaged: %w", r.At.Format("2006-01"), err)
		}
	}
	return out, nil
}

// bills are those that lie beside a snapshot of an account.
func (d *Desk) bills(ctx context.Context, account, from string, taken time.Time) ([]snapshot.Bill, error) {
	if from == store.Sample {
		if d.Sample == nil {
			return nil, nil
		}
		demo, err := d.theSample()
		if err != nil {
			return nil, err
		}
		return demo.Snapshot.Bills, nil
	}
	if d.db == nil { // a snapshot in a file needs no store, and makes none
		at, err := d.StorePath()
		if err == nil {
			_, err = os.Stat(at)
		}
		if err != nil {
			return nil, nil //nolint:nilerr // no store, so no bills in it
		}
	}
	db, err := d.Store(ctx)
	if err != nil {
		return nil, err
	}
	var out []snapshot.Bill
	for _, origin := range []string{snapshot.FromExport, snapshot.FromCostExplorer} {
		more, err := billsOf(ctx, db, origin, account, taken)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// lay puts the bills beside a snapshot.
func (d *Desk) lay(ctx context.Context, s *snapshot.Snapshot) (err error) {
	s.Bills, err = d.bills(ctx, s.Account, s.From, s.Taken)
	return err
}

// billsName tells bills from others: numbers that rest on them hold for these alone. No bill has no name.
func billsName(bills []snapshot.Bill) string {
	if len(bills) == 0 {
		return ""
	}
	h := sha256.New()
	for i := range bills {
		fmt.Fprintf(h, "%s %s %s %d\n", bills[i].Origin, bills[i].Month, bills[i].Read.UTC().Format(time.RFC3339), len(bills[i].Lines))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
