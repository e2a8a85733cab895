package task

import (
	"github.com/footing-dev/footing/internal/show/report"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Report judges a snapshot whole, and tells it as every printer shows it.
func (d *Desk) Report(s *snapshot.Snapshot) (*report.Report, error) {
	a, err := d.Assess(s)
	if err != nil {
		return nil, err
	}
	return report.Of(sheet.Page{Assessment: a, Now: d.Now(), Gate: sheet.Gate, Command: d.Command, Program: d.Program}), nil
}
