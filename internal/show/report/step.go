package report

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/snapshot"
)

const (
	mostSteps = 6  // panels on a page
	mostCuts  = 3  // ways that one step closes
	mostTries = 14 // the account judged again: a second and a half each on ten thousand resources
)

// steps finds what to do: the highest known risk that falls when some of its worst ways are not there, then the highest of what is left.
// Every number is judged, and none is predicted. A way that people meant, or that was only not read, is not cut.
func (r *Report) steps() {
	now := r.assessment
	stuck, keep := map[string]bool{}, meant(now, r.Gate)
	for tries := 0; tries < mostTries && len(r.Steps) < mostSteps; {
		row := next(now, r.Gate, stuck)
		if row == nil {
			break
		}
		stuck[name(row)] = true
		for _, cuts := range holding(now, row, keep) {
			tries++
			var names []string
			for _, c := range cuts {
				names = append(names, c.name)
			}
			then := now.Without(names...)
			if after := sheet.RowOf(then, row.Key, row.Access); after != nil && after.Risk() < row.Risk() {
				r.Steps = append(r.Steps, told(now, then, row, after.Risk(), cuts))
				now = then
				clear(stuck) // what was held by several may be held by one now
				break
			}
		}
	}
	for _, t := range sheet.Things(now, r.Gate) {
		r.After = max(r.After, t.Read.Low(), t.Write.Low())
		if t.Standing == sheet.ToFix {
			r.Left++
		}
	}
}

func name(r *risk.Row) string { return r.ID + ":" + r.Access.String() }

// meant finds what ways that people meant go through: who opens a database by its secret needs the secret.
func meant(a *assess.Assessment, gate int) map[[2]string]bool {
	out := map[[2]string]bool{}
	for _, t := range sheet.Things(a, gate) {
		if t.Standing != sheet.ToFix {
			continue
		}
		for _, row := range []*risk.Row{t.Read, t.Write} {
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
		for _, row := range []*risk.Row{t.Top(), t.Read, t.Write} {
			if row.ID == risk.AccountID && row != t.Top() {
				continue // the same ways twice
			}
			if t.Standing == sheet.ToFix && row.Low() >= gate && !stuck[name(row)] {
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
func holding(a *assess.Assessment, row *risk.Row, keep map[[2]string]bool) [][]cut {
	a.Sheet.Tell(row)
	w := sheet.Words(a)
	var out [][]cut
	var cuts []cut
	for i, p := range row.Beside.Paths {
		if p.Meant != "" || keep[[2]string{p.Entry.ID, string(row.Key)}] || !p.Seen || p.Entry.Unknown || i == mostCuts {
			break
		}
		cuts = append(cuts, cutOf(a, w, row, p.Path))
		if i+1 == len(row.Beside.Paths) || row.Beside.Paths[i+1].High < risk.LevelFrom(row.Beside.Level) {
			out = append(out, slices.Clone(cuts))
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

// told is a step with what else falls by it.
func told(before, after *assess.Assessment, row *risk.Row, risk int, cuts []cut) Step {
	s := Step{ID: row.ID, Access: strings.ToLower(row.Access.String()), Before: row.Risk(), After: risk, Also: []Change{}}
	for _, c := range cuts {
		s.Says, s.Ways, s.Cuts = append(s.Says, c.says), append(s.Ways, c.way), append(s.Cuts, c.name)
	}
	was := map[snapshot.Key]int{}
	for _, t := range sheet.Things(before, 1) {
		was[t.Read.Key] = t.Top().Risk()
	}
	for _, t := range sheet.Things(after, 1) {
		if n := t.Top().Risk(); n < was[t.Read.Key] && t.Read.Key != row.Key {
			s.Also = append(s.Also, Change{t.Read.ID, was[t.Read.Key], n})
		}
	}
	slices.SortStableFunc(s.Also, func(a, b Change) int { return (b.Before - b.After) - (a.Before - a.After) })
	return s
}
