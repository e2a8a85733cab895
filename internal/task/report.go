package task

import (
	"github.com/footing-dev/footing/internal/show/report"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Report judges a snapshot whole, with its objectives, and tells it as every printer shows it.
func (d *Desk) Report(s *snapshot.Snapshot) (*report.Report, error) {
	a, err := d.Assess(s)
	if err != nil {
		return nil, err
	}
	schedule, err := d.Schedule(s.Account)
	if err != nil {
		return nil, err
	}
	beside := report.Beside{Review: report.Review{Days: schedule.Days}}
	if last := schedule.Last; last != nil {
		beside.Review.Last, beside.Review.By = last.At, last.By
		beside.Review.Next, _ = schedule.Due()
	}
	for _, v := range a.Objectives() {
		beside.Promises = append(beside.Promises, report.Promise{ID: v.Rule, Title: v.Title, Outcome: v.Outcome.String(), Says: v.Says})
	}
	return report.Of(sheet.Page{Assessment: a, Now: d.Now(), Gate: sheet.Gate, Command: d.Command, Program: d.Program}, beside), nil
}
