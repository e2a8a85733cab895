package task

import (
	"strings"

	"github.com/footing-dev/footing/catalog/practice"
	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/evidence"
)

// Framework finds the table that a name means: sec, ssb, cis, or an edition such as cis-5.0.
func Framework(name string) (practice.Table, error) {
	t, ok := practice.Load(name)
	if !ok {
		return t, fault.Input("write one of "+strings.Join(practice.Names(), ", "), "there is no table of %q", name)
	}
	return t, nil
}

// Practices judges an account by such a table, with what its objectives and its rules came to.
func (d *Desk) Practices(t practice.Table, a *assess.Assessment, objectives, rules []check.Result) ([]evidence.Group, error) {
	schedule, err := d.Schedule(a.Snapshot.Account)
	if err != nil {
		return nil, err
	}
	in := evidence.Input{Case: a.Case(), Objectives: objectives, Rules: rules}
	if last := schedule.Last; last != nil {
		in.Review = evidence.Review{Last: last.At, By: last.By, Overdue: schedule.Overdue(d.Now())}
		in.Review.Due, _ = schedule.Due()
	}
	return evidence.Judge(t, in), nil
}
