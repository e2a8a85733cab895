// Package assess puts one account's whole judgement together.
package assess

import (
	"fmt"
	"slices"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Input is all that a judgement depends on.
type Input struct {
	Snapshot *snapshot.Snapshot // sealed
	Model    *threatmodel.Model // nil: the defaults
	Cut      []string           // path steps to leave out: a what-if
}

// Assessment is one account, judged.
type Assessment struct {
	Input
	Decisions *decide.Table
	Network   *network.Reach
	Access    *access.Table
	Sheet     risk.Sheet
	routes    []access.Route
}

// Access judges who reaches what, without the sheet: enough for who and reach.
func Access(in Input) (*Assessment, error) {
	if in.Model == nil {
		in.Model = threatmodel.Default()
	}
	routes, err := access.Routes()
	if err != nil {
		return nil, fmt.Errorf("reading the table of routes: %w", err)
	}
	a := &Assessment{Input: in, Decisions: decide.Compile(in.Snapshot), Network: network.Compile(in.Snapshot), routes: routes}
	a.table()
	return a, nil
}

func (a *Assessment) table() {
	a.Access = access.Compile(a.Snapshot, a.Decisions, a.Network, a.routes, access.Options{Trusted: a.Model.Trusted, Cut: a.Cut})
}

// Without judges the same account as if more path steps were not there. Policies are not read again for that, nor what the network
// lets through.
func (a *Assessment) Without(cuts ...string) *Assessment {
	b := *a
	b.Cut = append(slices.Clip(a.Cut), cuts...)
	b.table()
	b.Sheet = risk.Assess(b.Snapshot, b.Access, b.Model)
	return &b
}

// Of judges a snapshot whole.
func Of(in Input) (*Assessment, error) {
	a, err := Access(in)
	if err != nil {
		return nil, err
	}
	a.Sheet = risk.Assess(a.Snapshot, a.Access, a.Model)
	return a, nil
}
