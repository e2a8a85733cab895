package task

import (
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/objective"
)

// Check judges the objectives that people stated.
func (d *Desk) Check(a *assess.Assessment) []check.Result {
	return objective.New(d.Case(a)).All()
}

// Case is what a verdict may look at.
func (d *Desk) Case(a *assess.Assessment) check.Case {
	return check.Case{Snapshot: a.Snapshot, Model: a.Model, Network: a.Network, Access: a.Access, Sheet: &a.Sheet, File: d.file(), Now: d.Now(),
		Without: a.Table}
}

// file is the footing.yaml that is used, as messages call it; "" for none.
func (d *Desk) file() string {
	if sample := d.sample != nil && d.Model == d.sample.Model; d.stated == "" && !sample {
		return ""
	}
	return d.modelName(d.stated)
}
