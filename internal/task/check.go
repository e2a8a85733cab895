package task

import (
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/objective"
)

// Check judges the objectives that people stated.
func (d *Desk) Check(a *assess.Assessment) []check.Result {
	return objective.New(a.Case(d.file())).All()
}

// file is the footing.yaml that is used, as messages call it; "" for none.
func (d *Desk) file() string {
	if sample := d.sample != nil && d.Model == d.sample.Model; d.stated == "" && !sample {
		return ""
	}
	return d.modelName(d.stated)
}
