package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/show/inventory"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Of tells an assessment.
func Of(p sheet.Page, b Beside) *Report {
	a := p.Assessment
	s, m := a.Snapshot, a.Model
	r := &Report{
		Name: cmp.Or(m.Name, s.Name), Account: s.Account, Snapshot: s.ID, Taken: s.Taken.UTC(), Now: p.Now.UTC(), Resources: len(s.Resources), Regions: len(s.Regions),
		Table: a.Sheet.Table, Gate: p.Gate, Lowest: p.Lowest(), Gaps: len(s.Gaps()), Model: m, Command: p.Command, Program: p.Program, Promises: b.Promises, Review: b.Review, Assessment: a,
	}
	things := sheet.Things(a, p.Gate)
	var shown []sheet.Thing
	for _, t := range things {
		switch t.Standing {
		case sheet.ToFix:
			r.Counts.Fix++
		case sheet.ToWatch:
			r.Counts.Watch++
		case sheet.Unseen:
			r.Counts.Unseen++
		case sheet.Settled:
			r.Counts.Settled++
		default:
			r.Counts.OutOfMind++
			continue
		}
		shown = append(shown, t)
		r.Highest = max(r.Highest, t.Read.Low(), t.Write.Low())
	}
	r.owners(shown)
	w := sheet.Words(a)
	told := map[string]bool{}
	for _, t := range shown {
		switch {
		case t.Standing == sheet.Unseen && len(r.Unseen) < first:
			r.Unseen = append(r.Unseen, r.unseen(w, t))
		case (t.Standing == sheet.ToFix || t.Standing == sheet.ToWatch) && len(r.Ways) < first:
			a.Sheet.Tell(t.Top)
			if len(t.Top.Beside.Paths) > 0 {
				r.Ways = append(r.Ways, way(a, w, t.Top, t.Top.Beside.Paths[0].Path))
			}
		}
		if len(told) < first {
			told[t.Read.ID] = true
		}
	}
	r.Lines = r.lines(func(x *risk.Row) bool { return told[x.ID] })
	r.steps()
	r.admins(w)
	r.Fences, r.Bells = fences(s), bells(s)
	for _, x := range m.Alerts {
		r.Alerts = append(r.Alerts, x.Kind+" "+x.To)
	}
	return r
}

// Sheets names the sheets, the main one first.
func Sheets() []string {
	var out []string
	for _, s := range sheet.Sheets {
		out = append(out, s.Word)
	}
	return out
}

// Sheet is every line of one of Sheets, also what is out of mind.
func (r *Report) Sheet(word string) []Line {
	kind := sheet.KindOf(word)
	if kind == risk.Resource {
		return r.lines(nil)
	}
	a, w := r.Assessment, sheet.Words(r.Assessment)
	rows := a.Sheet.Grouped(kind) // they are told
	var out []Line
	for _, t := range sheet.Pairs(a, rows, r.Gate) {
		l := r.line(w, t, [2]told{r.tell(w, t.Read), r.tell(w, t.Write)})
		l.ID, l.ARN = w.Group(t.Read), string(t.Read.Self)
		out = append(out, l)
	}
	return out
}

// lines tells wanted rows of the main sheet (nil: all), as the screen orders them; what another line tells comes last.
func (r *Report) lines(wanted func(*risk.Row) bool) []Line {
	a, w := r.Assessment, sheet.Words(r.Assessment)
	things, place := map[string]sheet.Thing{}, map[string]int{}
	for i, t := range sheet.Things(a, r.Gate) {
		things[t.Read.ID], place[t.Read.ID] = t, i
	}
	all := map[int]told{}
	a.Sheet.Each(wanted, func(i int, x *risk.Row) { all[i] = r.tell(w, x) })
	var out []Line
	for i := 0; i+1 < len(a.Sheet.Rows); i += 2 {
		read, yes := all[i]
		if !yes {
			continue
		}
		t, ok := things[a.Sheet.Rows[i].ID]
		if !ok { // another line tells its story
			t = sheet.Thing{Read: &a.Sheet.Rows[i], Write: &a.Sheet.Rows[i+1], Top: &a.Sheet.Rows[i]}
			if t.Write.Risk() > t.Read.Risk() {
				t.Top = t.Write
			}
		}
		out = append(out, r.line(w, t, [2]told{read, all[i+1]}))
	}
	at := func(l Line) int {
		if i, ok := place[l.ID]; ok {
			return i
		}
		return len(place)
	}
	slices.SortStableFunc(out, func(x, y Line) int { return at(x) - at(y) })
	return out
}

// told is what a line keeps of a row's paths.
type told struct {
	worst      string
	who        int
	mitigation string
}

func (r *Report) tell(w sheet.Teller, x *risk.Row) told {
	t := told{who: len(x.Beside.Actors), mitigation: r.mitigation(x)}
	if len(x.Beside.Paths) > 0 {
		t.worst = w.Trail(x.Beside.Paths[0].Path)
	}
	return t
}

func (r *Report) line(w sheet.Teller, t sheet.Thing, paths [2]told) Line {
	a, top, at := r.Assessment, t.Top, paths[0]
	if top == t.Write {
		at = paths[1]
	}
	l := Line{
		Kind: top.Kind, ID: top.ID, ARN: string(top.Key), Type: top.Type, Owner: top.Owner, Standing: t.Standing, State: top.State,
		Read: figure(t.Read, paths[0]), Write: figure(t.Write, paths[1]), Action: sheet.Action(a, top.Risk()), Worst: at.worst, Paths: top.Beside.Ways,
		Mitigation: at.mitigation, Review: a.Sheet.Review(top), ToldBy: top.Within, Target: top.Target,
	}
	if res, ok := a.Snapshot.Get(top.Key); ok && top.Kind == risk.Resource {
		l.Class = r.Model.Class(res)
	}
	if unread := w.Unread(top); top.Unknown() && unread != "" {
		l.Worst = unread
	}
	return l
}

func figure(x *risk.Row, t told) Figure {
	return Figure{x.Impact.Level, x.Beside.Level, x.Impact.Low, x.Beside.LowLevel, t.who}
}

// mitigation lists what people stated that touches a row.
func (r *Report) mitigation(x *risk.Row) string {
	var out []string
	touching := r.Assessment.Sheet.Mitigations(x)
	for _, m := range r.Model.Mitigations {
		if slices.Contains(touching, m.ID) {
			out = append(out, m.ID+" ("+m.Status+")")
		}
	}
	return strings.Join(out, "; ")
}

func (r *Report) unseen(w sheet.Teller, t sheet.Thing) Unseen {
	top := t.Top
	u := Unseen{ID: top.ID, Low: top.Low(), High: top.Risk(), Why: w.Reason(t)}
	for _, g := range inventory.Gaps(r.Assessment.Snapshot) {
		if g.Resource == top.Key {
			u.Call = g.Call
			break
		}
	}
	return u
}

// admins lists who can administer the account: those who were meant first, then the rest by the way in.
func (r *Report) admins(w sheet.Teller) {
	a := r.Assessment
	meant := map[string]string{}
	for i := range a.Sheet.Rows {
		if x := &a.Sheet.Rows[i]; x.ID == risk.AccountID {
			a.Sheet.Tell(x)
			for _, p := range x.Beside.Paths {
				if p.Meant != "" {
					meant[p.Principal] = p.Meant
				}
			}
		}
	}
	for _, x := range a.Access.Who(a.Access.Account, access.Admin) {
		does, as := w.Way(x)
		one := Admin{Name: w.Name(x.Principal), As: strings.TrimPrefix(as, "comes in as: "), Does: does, Direct: x.Direct, Meant: meant[x.Principal], Sure: x.Path.Outcome > 0 && x.Path.Seen}
		if x.Path.Entry != nil {
			one.Sort = x.Path.Entry.Kind
			one.Sure = one.Sure && !x.Path.Entry.Unknown
		}
		r.Admins = append(r.Admins, one)
	}
	slices.SortStableFunc(r.Admins, func(a, b Admin) int {
		rank := func(x Admin) int {
			switch {
			case x.Meant != "":
				return 0
			case x.Direct:
				return 1
			}
			return 2
		}
		return cmp.Or(rank(a)-rank(b), strings.Compare(a.Name, b.Name))
	})
	var hidden []string
	for _, k := range [][2]string{{"AWS::IAM::User", "users"}, {"AWS::IAM::Role", "roles"}} {
		if a.Snapshot.Has(k[0], "") == snapshot.Unknown {
			hidden = append(hidden, k[1])
		}
	}
	r.Hidden = strings.Join(hidden, " and ")
}

// owners groups what is not out of mind by who answers for it, nobody first.
func (r *Report) owners(shown []sheet.Thing) {
	at := map[string]int{}
	for _, t := range shown {
		i, ok := at[t.Top.Owner]
		if !ok {
			i = len(r.Owners)
			at[t.Top.Owner] = i
			r.Owners = append(r.Owners, Owner{Name: t.Top.Owner})
		}
		r.Owners[i].IDs = append(r.Owners[i].IDs, t.Top.ID)
	}
	slices.SortStableFunc(r.Owners, func(a, b Owner) int {
		if (a.Name == "") != (b.Name == "") {
			return map[bool]int{true: -1, false: 1}[a.Name == ""]
		}
		return cmp.Or(len(b.IDs)-len(a.IDs), strings.Compare(a.Name, b.Name))
	})
}
