package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

const (
	mostSteps = 6  // panels on a page
	mostCuts  = 3  // ways that one step closes
	mostTries = 10 // the whole account judged again: four seconds each on ten thousand resources
	mostLooks = 60 // at one row alone
)

// steps finds what to do: the highest known risk that falls by what people stated against it, else when some of its worst ways are not there,
// then the highest of what is left. Every number is judged, and none is predicted. A way that people meant, or that was only not read, is
// not cut.
func (r *Report) steps() {
	now := r.Assessment
	stuck, keep := map[string]bool{}, meant(now, r.Gate)
	tries, looks := 0, 0
	for looks < mostLooks && tries < mostTries && len(r.Steps) < mostSteps {
		row := next(now, r.Gate, stuck)
		if row == nil {
			break
		}
		looks++
		stuck[name(row)] = true
		for _, c := range append(planned(now, row), holding(now, row, keep)...) {
			if looks++; !c.mayLower(now, row) {
				continue
			}
			tries++
			then := c.judge(now)
			if after := sheet.RowOf(then, row.Key, row.Access); after != nil && after.Risk() < row.Risk() {
				r.Steps = append(r.Steps, stepOf(now, then, row, after.Risk(), c))
				now = then
				clear(stuck) // what was held by several may be held by one now
				break
			}
		}
	}
	for _, t := range sheet.Things(now, r.Gate) {
		if t.Standing == sheet.Settled {
			continue
		}
		r.After = max(r.After, t.Read.Low(), t.Write.Low())
		if t.Standing == sheet.ToFix {
			r.Left++
		}
	}
}

// choice is what one step may be: a mitigation that people stated, or some ways that are cut.
type choice struct {
	mitigation *threatmodel.Mitigation
	cuts       []cut
}

func (c choice) judge(a *assess.Assessment) *assess.Assessment {
	if c.mitigation != nil {
		return a.Supposing(c.mitigation.ID)
	}
	return a.Without(c.names()...)
}

func (c choice) names() []string {
	var out []string
	for _, x := range c.cuts {
		out = append(out, x.name)
	}
	return out
}

// mayLower looks at one row alone, before the whole account is judged.
func (c choice) mayLower(a *assess.Assessment, row *risk.Row) bool {
	return c.mitigation != nil || a.Sheet.On(a.Table(c.names()...), row).Level < row.Beside.Level
}

// planned lists what people stated that touches a row, and have not done yet.
func planned(a *assess.Assessment, row *risk.Row) []choice {
	var out []choice
	touching := a.Sheet.Mitigations(row)
	for i := range a.Model.Mitigations {
		m := &a.Model.Mitigations[i]
		if m.Status != "in-place" && len(m.Effects) > 0 && slices.Contains(touching, m.ID) && !slices.Contains(a.With, m.ID) {
			out = append(out, choice{mitigation: m})
		}
	}
	return out
}

func name(r *risk.Row) string { return r.ID + ":" + strings.ToLower(r.Access.String()) }

// meant finds what ways that people meant go through: who opens a database by its secret needs the secret.
func meant(a *assess.Assessment, gate int) map[[2]string]bool {
	out := map[[2]string]bool{}
	for _, t := range sheet.Things(a, gate) {
		if t.Standing != sheet.ToFix {
			continue
		}
		for _, row := range []*risk.Row{t.Read, t.Write} {
			if !a.Sheet.Stated(row) {
				continue
			}
			a.Sheet.Tell(row)
			for _, p := range row.Beside.Paths {
				if p.Meant == "" {
					continue
				}
				for _, s := range p.Steps {
					out[[2]string{p.Entry.ID, s.From}], out[[2]string{p.Entry.ID, s.To}] = true, true
				}
			}
		}
	}
	return out
}

// next is the first row of the sheet that is to fix and was not tried.
func next(a *assess.Assessment, gate int, stuck map[string]bool) *risk.Row {
	for _, t := range sheet.Things(a, gate) {
		for _, row := range []*risk.Row{t.Top, t.Read, t.Write} {
			if row.ID == risk.AccountID && row != t.Top {
				continue // the same ways twice
			}
			if t.Standing == sheet.ToFix && row.State == risk.Open && row.Low() >= gate && !stuck[name(row)] {
				return row
			}
		}
	}
	return nil
}

// cut is a way that is left out.
type cut struct {
	name string // as a what-if takes it
	way  Way
	says string
}

// holding lists the choices of ways without which a row may fall, the smallest first: all that alone have the points of its level, and
// then one more at a time, since many together may hold it too. A way that must stay ends the list.
func holding(a *assess.Assessment, row *risk.Row, keep map[[2]string]bool) []choice {
	a.Sheet.Tell(row)
	w := sheet.Words(a)
	var out []choice
	var cuts []cut
	for i, p := range row.Beside.Paths {
		if p.Meant != "" || keep[[2]string{p.Entry.ID, string(row.Key)}] || !p.Seen || p.Entry.Unknown || i == mostCuts {
			break
		}
		cuts = append(cuts, cutOf(a, w, row, p.Path))
		if i+1 == len(row.Beside.Paths) || row.Beside.Paths[i+1].High < risk.LevelFrom(row.Beside.Level) {
			out = append(out, choice{cuts: slices.Clone(cuts)})
		}
	}
	return out
}

// cutOf says where a way is cut, and how that is done by hand.
func cutOf(a *assess.Assessment, w sheet.Teller, row *risk.Row, p access.Path) cut {
	c := cut{way: way(a, w, row, p)}
	edge := func(from, to string) string { return from + ">" + to }
	first := string(p.Resource)
	if len(p.Steps) > 0 {
		if first = p.Steps[0].From; first == p.Principal {
			first = p.Steps[0].To
		}
	}
	for _, s := range p.Steps {
		if s.Trace {
			c.name, c.says = edge(s.From, s.To), "Take this from "+w.Name(s.From)+": "+strings.TrimSuffix(w.Does(s.By), ".")+"."
			return c
		}
	}
	kind, target := w.Kind(first)
	target = strings.TrimSpace(kind + " " + target)
	who := w.Name(p.Entry.ID)
	c.name = p.Entry.ID
	switch p.Entry.Kind {
	case access.Public:
		c.name, c.says = edge(p.Principal, first), "Make "+target+" private."
	case access.AnyPrincipal:
		c.name, c.says = edge(p.Principal, first), "Stop sharing "+target+" with every AWS account."
	case access.OIDCNoSubject, access.OIDCOrg, access.OIDCRepo:
		c.says = "Let only one branch sign in as " + w.Name(p.Principal) + ", not " + p.Entry.Says + "."
	case access.RootKey:
		c.says = "Delete the access keys of root."
	case access.RootNoMFA:
		c.says = "Give root MFA, and keep it for emergencies."
	case access.ExposedHost:
		c.says = "Close " + who + " to the internet."
	case access.AccessKey:
		if alone(row, p.Entry) {
			c.says = "Delete the key of " + who + "."
			return c
		}
		fallthrough
	default:
		if first == string(a.Access.Account) { // who administers finds a hundred ways back: all that he comes in by goes
			c.says = "Take administration from " + w.Name(p.Principal) + "."
			break
		}
		c.name, c.says = edge(p.Principal, first), "Take "+target+" from "+w.Name(p.Principal)+"."
	}
	return c
}

// alone tells that a key is the only way in of its user: then leaving the user out is leaving the key out.
func alone(row *risk.Row, e *access.Entry) bool {
	n := 0
	for _, p := range row.Beside.Paths {
		if p.Entry.ID == e.ID {
			n++
		}
	}
	return n == 1
}

// stepOf is a step with what else falls by it.
func stepOf(before, after *assess.Assessment, row *risk.Row, risk int, c choice) Step {
	s := Step{ID: row.ID, Access: strings.ToLower(row.Access.String()), Before: row.Risk(), After: risk, Cuts: []string{}, Also: []Change{}}
	if m := c.mitigation; m != nil {
		s.Says, s.Mitigation, s.Owner, s.Due = []string{cmp.Or(m.Say, m.ID)}, m.ID, m.Owner, m.Due
		s.Ways = []Way{way(before, sheet.Words(before), row, row.Beside.Paths[0].Path)}
	}
	for _, x := range c.cuts {
		s.Says, s.Ways, s.Cuts = append(s.Says, x.says), append(s.Ways, x.way), append(s.Cuts, x.name)
	}
	was := map[snapshot.Key]int{}
	for _, t := range sheet.Things(before, 1) {
		was[t.Read.Key] = max(t.Read.Risk(), t.Write.Risk())
	}
	for _, t := range sheet.Things(after, 1) {
		if n := max(t.Read.Risk(), t.Write.Risk()); n < was[t.Read.Key] && t.Read.Key != row.Key {
			s.Also = append(s.Also, Change{t.Read.ID, was[t.Read.Key], n})
		}
	}
	slices.SortStableFunc(s.Also, func(a, b Change) int { return (b.Before - b.After) - (a.Before - a.After) })
	return s
}
