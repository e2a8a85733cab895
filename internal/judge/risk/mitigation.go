package risk

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// effects are those of some mitigations on ways, in order. Path steps that are closed are none: they are cut from the table.
func effects(ms []threatmodel.Mitigation) []threatmodel.Effect {
	var out []threatmodel.Effect
	for _, m := range ms {
		for _, x := range m.Effects {
			if len(x.Steps) == 0 {
				out = append(out, x)
			}
		}
	}
	return out
}

// Touched counts, for each mitigation, the ways of this sheet (one an entry point and row) that its effects on ways would change: 0 is an
// effect that meets nothing. Path steps that it closes are not counted here.
func (s *Sheet) Touched(ms []threatmodel.Mitigation) []int {
	out := make([]int, len(ms))
	var of []int // by effect: its mitigation
	for i := range ms {
		for range effects(ms[i : i+1]) {
			of = append(of, i)
		}
	}
	if len(of) == 0 {
		return out
	}
	a := s.assessor
	look := newLens(a.snap, &threatmodel.Model{}, effects(ms))
	type touch struct {
		mitigation int
		entry      *access.Entry
	}
	last, row := map[touch]int{}, 0
	meet := func(e *access.Entry, principal string, g access.Guard, target []string) {
		for _, i := range look.sight(e, principal).hits {
			x := &look.effects[i]
			if !chosen(x.Where.Resource, target) || x.Guard != "" && g&guardNamed(x.Guard) != 0 {
				continue
			}
			if at := (touch{of[i], e}); last[at] != row {
				last[at] = row
				out[of[i]]++
			}
		}
	}
	row++
	for _, p := range a.table.Paths(a.table.Account, access.Admin, true) {
		meet(p.Entry, p.Principal, p.Guards, a.called(a.table.Account))
	}
	loaded := ""
	for _, r := range byTypeThenKey(a.snap) {
		if r.Type != loaded {
			a.table.Load(r.Type)
			loaded = r.Type
		}
		target := a.called(r.Key)
		for _, c := range []access.Capability{access.Read, access.Write} {
			row++
			a.table.Reaching(r.Key, c, func(e *access.Entry, h access.How) { meet(e, h.Principal, h.Guards, target) })
		}
	}
	a.table.Load("")
	return out
}

// Mitigations lists the ids of those that touch a row: named by a threat to it, or with an effect on one of its ways.
func (s *Sheet) Mitigations(r *Row) []string {
	a := s.assessor
	if len(a.model.Mitigations) == 0 {
		return nil
	}
	if a.touching == nil {
		a.touching = newLens(a.snap, &threatmodel.Model{}, effects(a.model.Mitigations))
	}
	s.Tell(r)
	target, met := a.called(r.Key), make([]bool, len(a.touching.effects))
	for i := range r.Beside.Paths {
		p := &r.Beside.Paths[i]
		for _, n := range a.touching.sight(p.Entry, p.Principal).hits {
			x := &a.touching.effects[n]
			met[n] = met[n] || chosen(x.Where.Resource, target) && p.Guards&guardNamed(x.Guard) == 0
		}
	}
	var out []string
	threats, n := s.Threatened(r), 0
	for i := range a.model.Mitigations {
		m := &a.model.Mitigations[i]
		touches := slices.ContainsFunc(threats, func(t threatmodel.Threat) bool { return slices.Contains(t.Mitigations, m.ID) })
		for _, x := range m.Effects {
			if len(x.Steps) == 0 {
				touches = touches || met[n]
				n++
			} else {
				touches = touches || slices.ContainsFunc(r.Beside.Paths, func(p Scored) bool { return cuts(x.Steps, &p.Path) })
			}
		}
		if touches {
			out = append(out, m.ID)
		}
	}
	return out
}

// cuts tells whether one of some steps, as "who --without" takes them, is on a path.
func cuts(steps []string, p *access.Path) bool {
	on := func(name string) bool { return slices.Contains(steps, name) }
	if on(p.By) || on(p.Principal) || on(p.Entry.ID) || on(p.Entry.Kind) || on(p.Principal+">"+string(p.Resource)) {
		return true
	}
	for _, st := range p.Steps {
		if on(st.By) || on(st.From) || on(st.From+">"+st.To) {
			return true
		}
	}
	if !slices.ContainsFunc(steps, func(s string) bool { return strings.Contains(s, "/") || strings.Contains(s, "#") }) {
		return false // no policy is named: the statements need not be worked out
	}
	told := p.Told()
	refs := slices.Clone(told.Because)
	for _, st := range told.Steps {
		refs = append(refs, st.Because...)
	}
	for _, r := range refs {
		if on(r.Policy) || on(access.StatementName(r)) {
			return true
		}
	}
	return false
}
