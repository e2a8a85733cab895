package task

import (
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/snapshot"
)

// A person is asked before money is spent, and what she says counts.
func TestAsk(t *testing.T) {
	for name, c := range map[string]struct {
		may  func(string) bool
		says string // of the error; "" for none
	}{
		"agreed":  {func(string) bool { return true }, ""},
		"refused": {func(string) bool { return false }, "not agreed: nothing was read"},
		"nobody":  {nil, "question"},
	} {
		m := &money{options: ScanOptions{May: c.may}}
		err := m.ask("question")
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Bills are kept a month and origin; a later reading takes the place of the earlier one, and a snapshot sees those until it was taken.
func TestBillsInTheStore(t *testing.T) {
	d := desk(t, Setup{})
	db, err := d.Store(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	bill := func(month, origin string, amount float64) snapshot.Bill {
		return snapshot.Bill{Account: "111122223333", Month: month, Origin: origin, From: "x", Read: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC),
			Lines: []snapshot.CostLine{{Service: "S", Kind: snapshot.ChargeUsage, Amount: amount, Currency: "USD"}}}
	}
	for _, l := range [][]snapshot.Bill{
		{bill("2026-07", snapshot.FromExport, 1), bill("2026-08", snapshot.FromExport, 2), bill("2026-09", snapshot.FromExport, 3), bill("2026-10", snapshot.FromExport, 4), bill("2026-12", snapshot.FromExport, 9)},
		{bill("2026-10", snapshot.FromExport, 5), bill("2026-10", snapshot.FromCostExplorer, 6)},
	} {
		if err := keepBills(t.Context(), db, l); err != nil {
			t.Fatal(err)
		}
	}
	s := &snapshot.Snapshot{Account: "111122223333", Taken: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}
	if err := d.lay(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, b := range s.Bills {
		got += b.Month + " " + b.Origin + " " + string(rune('0'+int(b.Lines[0].Amount))) + "; "
	}
	if got != "2026-08 export 2; 2026-09 export 3; 2026-10 export 5; 2026-10 cost-explorer 6; " {
		t.Errorf("beside it lie %s", got)
	}
	other := &snapshot.Snapshot{Account: "999988887777", Taken: s.Taken}
	if err := d.lay(t.Context(), other); err != nil || len(other.Bills) != 0 {
		t.Errorf("another account has %d bills, %v", len(other.Bills), err)
	}
	if billsName(s.Bills) == billsName(s.Bills[:2]) || billsName(nil) != "" {
		t.Error("bills are not told apart")
	}
}
