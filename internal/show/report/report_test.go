package report_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/footing-dev/footing/demo"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/show/report"
	"github.com/footing-dev/footing/internal/show/sheet"
)

func sample(t *testing.T) *report.Report {
	t.Helper()
	s, err := demo.Open()
	if err != nil {
		t.Fatal(err)
	}
	a, err := assess.Of(assess.Input{Snapshot: s.Snapshot, Model: s.Model})
	if err != nil {
		t.Fatal(err)
	}
	return report.Of(sheet.Page{Assessment: a, Now: time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC), Gate: sheet.Gate, Command: func(v string) string { return "footing " + v }, Program: "footing"})
}

func TestDump(t *testing.T) {
	r := sample(t)
	r.Model = nil
	r.Command = nil
	for _, x := range []any{r.Counts, r.Lines, r.Ways, r.Steps, r.Left, r.After, r.Highest, r.Unseen, r.Admins, r.Fences, r.Bells, r.Owners, r.Review} {
		b, _ := json.Marshal(x)
		t.Log(string(b))
	}
}
