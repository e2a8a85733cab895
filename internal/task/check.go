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
	return check.Case{Snapshot: a.Snapshot, Model: a.Model, Network: a.Network, Access: a.Access, Sheet: &a.Sheet, File: d.modelName(), Now: d.Now(),
		Without: a.Table}
}

// modelName is the footing.yaml that is used, as people would write it; "" for none.
func (d *Desk) modelName() string {
	switch {
	case d.ModelAt != "":
		return d.ModelAt
	case d.stated != "":
		return d.short(d.stated)
	case d.sample != nil && d.Model == d.sample.Model:
		return "footing.yaml of the sample"
	}
	return ""
}
