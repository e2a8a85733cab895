// Package assess puts one account's whole judgement together.
package assess

import (
	"fmt"
	"slices"
	"time"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/cost"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/judge/objective"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Input is all that a judgement depends on.
type Input struct {
	Snapshot *snapshot.Snapshot // sealed
	Model    *threatmodel.Model // nil: the defaults
	Cut      []string           // path steps to leave out: a what-if
	With     []string           // ids of mitigations whose effect is supposed: a what-if
	Now      time.Time          // when overrides and waivers are looked at; zero: when the snapshot was taken
	File     string             // where Model was read from, for messages; "" for nowhere
	Reviewed time.Time          // when somebody signed a review of the account last; zero: nobody did
}

// Assessment is one account, judged.
type Assessment struct {
	Input
	Decisions *decide.Table
	Network   *network.Reach
	Access    *access.Table
	Sheet     risk.Sheet
	Costs     *cost.Table
	routes    []access.Route
}

// Access judges who reaches what, without the sheet: enough for who and reach.
func Access(in Input) (*Assessment, error) {
	if in.Model == nil {
		in.Model = threatmodel.Default()
	}
	if in.Now.IsZero() {
		in.Now = in.Snapshot.Taken
	}
	routes, err := access.Routes()
	if err != nil {
		return nil, fmt.Errorf("reading the table of routes: %w", err)
	}
	a := &Assessment{Input: in, Decisions: decide.Compile(in.Snapshot), Network: network.Compile(in.Snapshot), Costs: cost.Of(in.Snapshot), routes: routes}
	a.table()
	a.Model = labelled(a)
	return a, nil
}

func (a *Assessment) table() {
	a.Access = access.Compile(a.Snapshot, a.Decisions, a.Network, a.routes, access.Options{Trusted: a.Model.Trusted, Cut: slices.Concat(a.Cut, steps(a.supposed()))})
}

func (a *Assessment) sheet() {
	a.rows()
	a.settle()
}

func (a *Assessment) rows() {
	a.Sheet = risk.Assess(a.Snapshot, a.Access, a.Model, risk.Options{With: a.supposed(), Now: a.Now, Costs: a.Costs})
}

// settle puts actions in force where the objectives that thresholds name hold. What mitigations are supposed to do to ways is not yet seen by
// objectives: there only path steps that they close count.
func (a *Assessment) settle() {
	if !slices.ContainsFunc(a.Model.Thresholds, func(t threatmodel.Threshold) bool { return t.Objective != "" }) {
		return
	}
	j := objective.New(a.Case())
	a.Sheet.Settle(func(id string, r *risk.Row) bool {
		i := slices.IndexFunc(a.Model.Objectives, func(o threatmodel.Objective) bool { return o.ID == id })
		return i >= 0 && j.Holds(&a.Model.Objectives[i], r) == check.Pass
	})
}

// Case is what a verdict may look at.
func (a *Assessment) Case() check.Case {
	return check.Case{Snapshot: a.Snapshot, Model: a.Model, Network: a.Network, Access: a.Access, Sheet: &a.Sheet, File: a.File, Now: a.Now, Reviewed: a.Reviewed, Without: a.Table}
}

// Objectives judges every objective that people stated, in their order.
func (a *Assessment) Objectives() []check.Result { return objective.New(a.Case()).All() }

// supposed are the mitigations of a what-if, in the order of the file.
func (a *Assessment) supposed() []threatmodel.Mitigation {
	var out []threatmodel.Mitigation
	for _, m := range a.Model.Mitigations {
		if slices.Contains(a.With, m.ID) {
			out = append(out, m)
		}
	}
	return out
}

// steps lists the path steps that mitigations close.
func steps(ms []threatmodel.Mitigation) []string {
	var out []string
	for _, m := range ms {
		for _, x := range m.Effects {
			out = append(out, x.Steps...)
		}
	}
	return out
}

// Without judges the same account as if more path steps were not there. Policies are not read again for that, nor what the network
// lets through.
func (a *Assessment) Without(cuts ...string) *Assessment {
	b := *a
	b.Cut = append(slices.Clip(a.Cut), cuts...)
	b.table()
	b.sheet()
	return &b
}

// Supposing judges the same account as if some mitigations had had their effect, beside those that are supposed already.
func (a *Assessment) Supposing(ids ...string) *Assessment {
	b := *a
	b.With = append(slices.Clip(a.With), ids...)
	if len(steps(b.supposed())) > len(steps(a.supposed())) {
		b.table()
	}
	b.sheet()
	return &b
}

// Touched counts, for each mitigation, the ways and path steps of this account that its effects would change: 0 is a mitigation that meets
// nothing, which of one that is in place means that it holds.
func (a *Assessment) Touched(ms []threatmodel.Mitigation) []int {
	out := a.Sheet.Touched(ms)
	for i, m := range ms {
		if cut := steps(ms[i : i+1]); len(cut) > 0 {
			b, model := *a, *a.Model
			model.Mitigations = []threatmodel.Mitigation{m}
			b.Model, b.With = &model, []string{m.ID}
			b.table()
			b.rows() // a step that only a row meets is met here
			missed := b.Access.Missed()
			out[i] += len(slices.DeleteFunc(cut, func(s string) bool { return slices.Contains(missed, s) }))
		}
	}
	return out
}

// Of judges a snapshot whole.
func Of(in Input) (*Assessment, error) {
	a, err := Access(in)
	if err != nil {
		return nil, err
	}
	a.sheet()
	return a, nil
}
