package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/show/inventory"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Of tells an assessment.
func Of(p sheet.Page) *Report {
	a := p.Assessment
	s, m := a.Snapshot, a.Model
	r := &Report{
		Name: cmp.Or(m.Name, s.Name), Account: s.Account, Snapshot: s.ID, Taken: s.Taken.UTC(), Now: p.Now.UTC(), Resources: len(s.Resources), Regions: len(s.Regions),
		Table: a.Sheet.Table, Gate: p.Gate, Lowest: p.Lowest(), Gaps: len(s.Gaps()), Model: m, Command: p.Command, Program: p.Program, assessment: a,
	}
	r.review()
	shown := map[snapshot.Key]bool{}
	things := sheet.Things(a, p.Gate)
	for _, t := range things {
		switch t.Standing {
		case sheet.ToFix:
			r.Counts.Fix++
		case sheet.ToWatch:
			r.Counts.Watch++
		case sheet.Unseen:
			r.Counts.Unseen++
		default:
			r.Counts.OutOfMind++
		}
		shown[t.Read.Key] = t.Standing != sheet.OutOfMind
		r.Highest = max(r.Highest, t.Read.Low(), t.Write.Low())
	}
	r.Lines = r.lines(func(x *risk.Row) bool { return shown[x.Key] && x.Within == "" })
	w := sheet.Words(a)
	for _, t := range things {
		if !shown[t.Read.Key] {
			continue
		}
		if t.Standing == sheet.Unseen {
			r.Unseen = append(r.Unseen, r.unseen(w, t))
			continue
		}
		top := t.Top()
		a.Sheet.Tell(top)
		if len(top.Beside.Paths) > 0 {
			r.Ways = append(r.Ways, way(a, w, top, top.Beside.Paths[0].Path))
		}
	}
	r.steps()
	r.admins(w)
	r.Fences, r.Bells = fences(s), bells(s)
	for _, o := range m.Objectives {
		r.Promises = append(r.Promises, Promise{ID: o.ID, Says: o.Say})
	}
	r.owners()
	for _, x := range m.Alerts {
		r.Alerts = append(r.Alerts, x.Kind+" "+x.To)
	}
	return r
}

// review counts from the picture: a review that somebody signed is not known here yet.
func (r *Report) review() {
	days := r.Model.Review.Days
	if days == 0 {
		return
	}
	next := r.Taken.Truncate(24*time.Hour).AddDate(0, 0, days)
	r.Review = Review{Days: days, Next: next, Late: max(0, int(r.Now.Truncate(24*time.Hour).Sub(next).Hours()/24))}
}

// Sheets names the sheets, the main one first.
func Sheets() []string { return []string{"resources"} }

// Sheet is every line of one of Sheets, also what is out of mind.
func (r *Report) Sheet(string) []Line { return r.lines(nil) }

// lines tells wanted rows (nil: all), in the order of the sheet.
func (r *Report) lines(wanted func(*risk.Row) bool) []Line {
	a := r.assessment
	w := sheet.Words(a)
	standing := map[snapshot.Key]string{}
	for _, t := range sheet.Things(a, r.Gate) {
		standing[t.Read.Key] = t.Standing
	}
	told := map[int]*risk.Row{}
	a.Sheet.Each(wanted, func(i int, x *risk.Row) {
		told[i] = &risk.Row{Beside: risk.Likelihood{Actors: x.Beside.Actors}}
		if len(x.Beside.Paths) > 0 {
			told[i].Name = w.Trail(x.Beside.Paths[0].Path)
		}
	})
	var out []Line
	for i := 0; i+1 < len(a.Sheet.Rows); i += 2 {
		if told[i] == nil || told[i+1] == nil {
			continue
		}
		read, write := &a.Sheet.Rows[i], &a.Sheet.Rows[i+1]
		l := Line{
			Kind: "resource", ID: read.ID, ARN: string(read.Key), Type: read.Type, Standing: standing[read.Key], State: "open",
			Read: figure(read, told[i]), Write: figure(write, told[i+1]), ToldBy: read.Within, Mitigation: r.mitigation(read.ID), Worst: told[i].Name, Paths: read.Beside.Ways,
		}
		if res, ok := a.Snapshot.Get(read.Key); ok {
			l.Owner, l.Class = r.Model.Owner(res), r.Model.Class(res)
		}
		l.Owner = cmp.Or(l.Owner, r.Model.DefaultOwner)
		top := sheet.Thing{Read: read, Write: write}.Top()
		if top == write {
			l.Worst, l.Paths = told[i+1].Name, write.Beside.Ways
		}
		if unread := w.Unread(top); top.Unknown() && unread != "" {
			l.Worst = unread
		}
		l.Action = sheet.Action(a, top.Risk())
		if !r.Review.Next.IsZero() {
			l.Review = r.Review.Next.Format(time.DateOnly)
		}
		out = append(out, l)
	}
	return out
}

func figure(x, told *risk.Row) Figure {
	return Figure{x.Impact.Level, x.Beside.Level, x.Impact.Low, x.Beside.LowLevel, len(told.Beside.Actors)}
}

// mitigation lists what people stated against the threats to one thing.
func (r *Report) mitigation(id string) string {
	var out []string
	for _, t := range r.Model.Threats {
		if t.Target.ID != id {
			continue
		}
		for _, m := range r.Model.Mitigations {
			says := m.ID + " (" + m.Status + ")"
			if slices.Contains(t.Mitigations, m.ID) && !slices.Contains(out, says) {
				out = append(out, says)
			}
		}
	}
	return strings.Join(out, "; ")
}

func (r *Report) unseen(w sheet.Teller, t sheet.Thing) Unseen {
	top := t.Top()
	u := Unseen{ID: top.ID, Low: top.Low(), High: top.Risk(), Why: w.Reason(t)}
	for _, g := range inventory.Gaps(r.assessment.Snapshot) {
		if g.Resource == top.Key {
			u.Call = g.Call
			break
		}
	}
	return u
}

// admins lists who can administer the account: those who were meant first, then the rest by the way in.
func (r *Report) admins(w sheet.Teller) {
	a := r.assessment
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
func (r *Report) owners() {
	at := map[string]int{}
	for _, l := range r.Lines {
		i, ok := at[l.Owner]
		if !ok {
			i = len(r.Owners)
			at[l.Owner] = i
			r.Owners = append(r.Owners, Owner{Name: l.Owner})
		}
		r.Owners[i].IDs = append(r.Owners[i].IDs, l.ID)
	}
	slices.SortStableFunc(r.Owners, func(a, b Owner) int {
		if (a.Name == "") != (b.Name == "") {
			return map[bool]int{true: -1, false: 1}[a.Name == ""]
		}
		return cmp.Or(len(b.IDs)-len(a.IDs), strings.Compare(a.Name, b.Name))
	})
}

// stated tells whether people said anything against a threat to a line.
func stated(m *threatmodel.Model, id, access string) bool {
	return slices.ContainsFunc(m.Threats, func(t threatmodel.Threat) bool {
		return t.Target.ID == id && (t.Target.Access == "" || t.Target.Access == access)
	})
}
