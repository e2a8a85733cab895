package assess

import (
	"slices"
	"time"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/objective"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Case is what verdicts may look at. file is what the model was read from.
func (a *Assessment) Case(file string) check.Case {
	return check.Case{Snapshot: a.Snapshot, Model: a.Model, Network: a.Network, Access: a.Access, Sheet: &a.Sheet, File: file, Now: a.now(), Without: a.Table}
}

func (a *Assessment) now() time.Time {
	if a.Now.IsZero() {
		return a.Snapshot.Taken
	}
	return a.Now
}

// inForce tells whether the objective of a threshold holds for a row, which puts its action in force there. Objectives are judged when the first
// row asks; nil where no threshold has one.
func (a *Assessment) inForce() func(id string, r *risk.Row) bool {
	if !slices.ContainsFunc(a.Model.Thresholds, func(t threatmodel.Threshold) bool { return t.Objective != "" }) {
		return nil
	}
	var judge *objective.Judge
	return func(id string, r *risk.Row) bool {
		i := slices.IndexFunc(a.Model.Objectives, func(o threatmodel.Objective) bool { return o.ID == id })
		if i < 0 {
			return false
		}
		if judge == nil {
			judge = objective.New(a.Case(""))
		}
		return judge.Holds(&a.Model.Objectives[i], r) == check.Pass
	}
}
