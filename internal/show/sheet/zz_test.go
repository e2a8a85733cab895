package sheet_test

import (
	"fmt"
	"testing"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/objective"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

func TestZZ(t *testing.T) {
	p := sample(t, snapshot.Change{})
	a := p.Assessment
	m := *a.Model
	m.Actors = append(m.Actors, threatmodel.Actor{ID: "root", Bind: threatmodel.Bind{ARN: threatmodel.Words{"arn:aws:iam::111122223333:root"}}},
		threatmodel.Actor{ID: "operators", Bind: threatmodel.Bind{ARN: threatmodel.Words{"arn:aws:iam::111122223333:user/hugo", "arn:aws:iam::111122223333:user/jana"}}})
	as := func(kind string, access, targets, actors []string) threatmodel.Assertion {
		return threatmodel.Assertion{Kind: kind, Access: access, Targets: targets, Actors: actors, Text: kind}
	}
	r, w, ad := []string{"read"}, []string{"write"}, []string{"admin"}
	m.Units = []threatmodel.Unit{{Name: "dev", Bind: []threatmodel.UnitBind{{Bind: threatmodel.Bind{Tag: map[string]threatmodel.Words{"env": {"dev"}}}}}},
		{Name: "prod", Bind: []threatmodel.UnitBind{{VPC: threatmodel.Words{"vpc-063f6133af31969ea"}}, {Bind: threatmodel.Bind{Tag: map[string]threatmodel.Words{"service": {"trips"}}}}}}}
	m.Objectives = []threatmodel.Objective{
		{ID: "admins", Say: "Only ines, otto and terraform administer the account.", Must: []threatmodel.Assertion{as("only", ad, []string{"account"}, []string{"admins", "terraform", "root"})}, Line: 40},
		{ID: "trips", Say: "Only the api reads trips-db.", Must: []threatmodel.Assertion{as("only", r, []string{"trips-db"}, []string{"api"})}},
		{ID: "backups", Say: "Nobody but the operators writes the backups.", Must: []threatmodel.Assertion{as("only", w, []string{"cold-backups"}, []string{"operators"})}},
		{ID: "alerts", Say: "Nobody writes the alerts.", Must: []threatmodel.Assertion{as("nobody", w, []string{"type:topic"}, nil)}},
		{ID: "mfa", Say: "MFA", Must: []threatmodel.Assertion{{Kind: "requires", Access: ad, Targets: []string{"account"}, Guards: []string{"mfa"}}}},
		{ID: "few", Must: []threatmodel.Assertion{{Kind: "at-most", Access: ad, Targets: []string{"account"}, AtMost: 3, Text: "at most 3 may administer account"}}},
		{ID: "high", Must: []threatmodel.Assertion{{Kind: "only", Access: w, Targets: []string{"anything"}, Actors: []string{"api"}, RiskAtLeast: 15, Text: "when risk is 15 or more, only api may write anything"}}},
		{ID: "any", Must: []threatmodel.Assertion{{Kind: "nobody", Access: ad, Targets: []string{"anything"}, Text: "nobody may administer anything"}}},
		{ID: "apart", Must: []threatmodel.Assertion{{Kind: "isolated", From: []string{"dev"}, To: []string{"prod"}, Text: "dev is isolated from prod"}}},
	}
	a.Model = &m
	res := objective.New(check.Case{Snapshot: a.Snapshot, Model: &m, Network: a.Network, Access: a.Access, Sheet: &a.Sheet, File: "footing.yaml", Now: p.Now, Without: a.Table}).All()
	c := sheet.Checked{Page: p, Results: res}
	c.Gate = 15
	fmt.Println(screen(t, func(w *term.Screen) error { return sheet.CheckText(w, c) }))
	for _, r := range res {
		fmt.Println(r.Rule, r.Outcome, r.Risk, len(r.Evidence), r.Always)
		for i, e := range r.Evidence {
			if i < 12 {
				fmt.Println("   ", e.Outcome, e.Risk, e.Says, e.Path != nil)
			}
		}
	}
}
