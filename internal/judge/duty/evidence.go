package duty

import (
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// proof is what a rule that holds shows of a layer: all of it, or a part.
type proof struct {
	layer, rule string
	all         bool
	services    []string // globs of rows for whose things it counts; none: those of the types that the rule looks at
}

func (t *Table) proof(f []string) error {
	p := proof{f[0], f[1], f[2] == "all", strings.Fields(f[3])}
	if !p.all && f[2] != "part" {
		return fmt.Errorf("%q is neither all nor part", f[2])
	}
	if !slices.ContainsFunc(t.Layers, func(l Layer) bool { return l.ID == p.layer }) {
		return fmt.Errorf("%s is no layer", p.layer)
	}
	for _, g := range p.services {
		if !slices.ContainsFunc(t.Services, func(s Service) bool { return threatmodel.Glob(g, s.ID) }) {
			return fmt.Errorf("%s is no row", g)
		}
	}
	t.proofs = append(t.proofs, p)
	return nil
}

// Evidence is what rules say of the duties of resources.
type Evidence struct{ rules []evident }

// evident is what one rule says, and what that shows.
type evident struct {
	id     string
	proofs []proof
	types  []string
	of     map[snapshot.Key]check.Outcome
	rest   check.Outcome // of things of its types that it does not name: a rule in Go says once that all the rest holds
	all    check.Outcome // of things of other types: it holds for them where it fails for nothing
}

// Evidenced brings the results of rules to the table; account is the key of what is about the account as a whole.
func (t *Table) Evidenced(rules []check.Rule, results []check.Result, account snapshot.Key) *Evidence {
	e := &Evidence{}
	byRule := map[string][]check.Result{}
	for _, r := range results {
		byRule[r.Rule] = append(byRule[r.Rule], r)
	}
	for i := range rules {
		r := &rules[i]
		x := evident{id: r.ID, types: r.Types(), of: map[snapshot.Key]check.Outcome{}, rest: check.NotApplicable, all: check.NotApplicable}
		for _, p := range t.proofs {
			if p.rule == r.ID {
				x.proofs = append(x.proofs, p)
			}
		}
		if x.proofs == nil {
			continue
		}
		for _, res := range byRule[r.ID] {
			x.all = x.all.And(res.Outcome)
			if res.Target == "" || res.Target == account || res.Outcome == check.Pass && r.Judge != nil {
				x.rest = x.rest.And(res.Outcome)
			}
			if was, ok := x.of[res.Target]; ok {
				res.Outcome = was.And(res.Outcome)
			}
			x.of[res.Target] = res.Outcome
		}
		e.rules = append(e.rules, x)
	}
	return e
}

// Duty is one layer of one resource.
type Duty struct {
	Layer Layer
	Whose Whose
	By    []string // rules that hold and show that it is done
	Part  []string // rules that hold and show a part of it
	Not   []string // rules that fail, or of which it is not known
}

// Shown is how much of a duty rules show to be done.
type Shown uint8

const (
	Nothing Shown = iota // no rule shows anything, or one says that it is not done, or not known to be
	InPart
	Whole
)

// Shown tells how much of it is shown.
func (d *Duty) Shown() Shown {
	switch {
	case len(d.Not) > 0:
		return Nothing
	case len(d.By) > 0:
		return Whole
	case len(d.Part) > 0:
		return InPart
	}
	return Nothing
}

// Duties lists the layers of a resource's row that apply, with what rules say of those that are not AWS's alone. A nil Evidence says nothing.
func (t *Table) Duties(s *Service, r *snapshot.Resource, e *Evidence) []Duty {
	var out []Duty
	for i, l := range t.Layers {
		d := Duty{Layer: l, Whose: Whose(s.Layers[i])}
		if d.Whose == None {
			continue
		}
		if e != nil && d.Whose != AWS {
			for i := range e.rules {
				e.rules[i].tell(&d, s, r)
			}
		}
		out = append(out, d)
	}
	return out
}

// tell notes what a rule says of a duty of a resource: what it says of that resource, else of the rest.
func (x *evident) tell(d *Duty, s *Service, r *snapshot.Resource) {
	its := slices.Contains(x.types, r.Type)
	for _, p := range x.proofs {
		if p.layer != d.Layer.ID || !its && len(p.services) == 0 ||
			len(p.services) > 0 && !slices.ContainsFunc(p.services, func(g string) bool { return threatmodel.Glob(g, s.ID) }) {
			continue
		}
		says, named := x.of[r.Key]
		switch {
		case named:
		case its:
			says = x.rest
		default:
			says = x.all
		}
		switch {
		case says == check.NotApplicable:
		case says != check.Pass:
			d.Not = append(d.Not, x.id)
		case p.all:
			d.By = append(d.By, x.id)
		default:
			d.Part = append(d.Part, x.id)
		}
		return
	}
}
