package check

import (
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/threatmodel"
)

func TestZeroIsUnknown(t *testing.T) {
	var r Result
	if r.Outcome != Unknown || r.Outcome.String() != "unknown" || r.Outcome.Judged() || r.Gates(1) {
		t.Errorf("nobody judged it, and it is %s", r.Outcome)
	}
}

// The worst of two parts decides, whichever comes first; what does not apply says nothing.
func TestAnd(t *testing.T) {
	worst := []Outcome{Fail, Unknown, Manual, Waived, Pass, NotApplicable}
	for i, a := range worst {
		for k, b := range worst {
			if got := a.And(b); got != worst[min(i, k)] {
				t.Errorf("%s and %s are %s", a, b, got)
			}
		}
	}
}

func TestGates(t *testing.T) {
	for _, c := range []struct {
		r    Result
		at   int
		want bool
	}{
		{Result{Outcome: Fail, Risk: 15}, 15, true}, {Result{Outcome: Fail, Risk: 14}, 15, false}, {Result{Outcome: Fail, Risk: 1, Always: true}, 25, true},
		{Result{Outcome: Waived, Risk: 25, Always: true}, 1, false}, {Result{Outcome: Unknown, Risk: 25, Always: true}, 1, false}, {Result{Outcome: Pass, Risk: 25}, 1, false},
	} {
		if got := c.r.Gates(c.at); got != c.want {
			t.Errorf("%+v at %d: %v", c.r, c.at, got)
		}
	}
}

func TestInForce(t *testing.T) {
	noon := time.Date(2026, 6, 1, 23, 59, 0, 0, time.FixedZone("", -3600)) // the day after, in UTC
	for _, c := range []struct {
		w    threatmodel.Waiver
		risk int
		want bool
	}{
		{threatmodel.Waiver{Until: "2026-06-02"}, 25, true}, {threatmodel.Waiver{Until: "2026-06-01"}, 25, false}, {threatmodel.Waiver{}, 25, false},
		{threatmodel.Waiver{Said: threatmodel.Said{Date: "2026-06-02"}, Until: "2026-06-03"}, 25, true}, // a day that has begun somewhere
		{threatmodel.Waiver{Said: threatmodel.Said{Date: "2026-06-03"}, Until: "2026-06-03"}, 25, false},
		{threatmodel.Waiver{Until: "2026-06-02", MaxRisk: 12}, 12, true}, {threatmodel.Waiver{Until: "2026-06-02", MaxRisk: 12}, 13, false},
	} {
		if got, why := InForce(&c.w, noon, c.risk); got != c.want || got == (why != "") {
			t.Errorf("%+v at risk %d: %v, %q", c.w, c.risk, got, why)
		}
	}
}

func TestSeverity(t *testing.T) {
	for risk, want := range map[int]string{25: "critical", 20: "critical", 16: "high", 15: "high", 12: "medium", 10: "medium", 9: "low", 1: "low"} {
		if got := Severity(risk); got != want {
			t.Errorf("%d is %s", risk, got)
		}
	}
}

func TestFingerprintKeepsPartsApart(t *testing.T) {
	seen := map[string][]string{}
	for _, parts := range [][]string{{"a", "b"}, {"ab"}, {"a", "", "b"}, {"a"}, {"a", ""}, {"b", "a"}} {
		f := Fingerprint(parts[0], parts[1:]...)
		if seen[f] != nil || f != Fingerprint(parts[0], parts[1:]...) {
			t.Errorf("%q and %q", parts, seen[f])
		}
		seen[f] = parts
	}
}
