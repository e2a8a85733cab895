package risk

import (
	"cmp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Kinds of rows. Those beside Resource are groups of the same ways.
const (
	Resource   = "resource"
	Component  = "component"
	UseCase    = "use-case"
	Actor      = "actor"
	EntryPoint = "entry-point"
)

// Grouped is another sheet of the same ways: a READ and a WRITE row for each component, use case, actor or entry point. A group has the
// ways that go through it. Its row shows the target for which these ways make the highest risk: impact of that target × likelihood by the
// group's ways alone. The ways through the account stand at the target "account" and nowhere else, so Full and Beside are the same.
// Stated groups without a way have rows without a target.
func (s *Sheet) Grouped(kind string) []Row {
	g := &grouping{sheet: s, a: s.assessor, kind: kind, at: map[string]int{}}
	g.state()
	s.Each(nil, g.add)
	return g.rows()
}

// grouping sorts ways into groups.
type grouping struct {
	sheet  *Sheet
	a      *assessor
	kind   string
	groups []*group
	at     map[string]int   // by id of a group
	of     map[string][]int // of components: by key of what a way may go through
	whose  map[through][]int
}

// group is one of them, with the best so far.
type group struct {
	id, name, owner string
	key             snapshot.Key // of the one thing that it is; "" for most
	best            [2]Row       // READ, WRITE
	rank            [2][4]int
}

func (g *grouping) put(id, name, owner string, key snapshot.Key) int {
	if i, ok := g.at[id]; ok {
		return i
	}
	i := len(g.groups)
	g.at[id] = i
	g.groups = append(g.groups, &group{id: id, name: name, owner: owner, key: key})
	return i
}

// state begins with the groups that footing.yaml names.
func (g *grouping) state() {
	m := g.a.model
	g.whose, g.of = map[through][]int{}, map[string][]int{}
	switch g.kind {
	case Component:
		for i := range m.Components {
			c := &m.Components[i]
			parts := g.a.bound(c.Bind)
			n := g.put(c.ID, c.ID, cmp.Or(c.Owner, m.DefaultOwner), only(parts))
			for _, k := range slices.Concat(parts, g.a.used(c)) {
				g.through(string(k), n)
				if r, ok := g.a.snap.Get(k); ok {
					if role, ok := g.a.table.RunsAs(r); ok {
						g.through(string(role), n)
					}
				}
			}
		}
	case UseCase:
		for _, u := range m.UseCases {
			g.put(u.ID, u.ID, m.DefaultOwner, "")
		}
	case Actor:
		for _, x := range m.Actors {
			g.put(x.ID, x.ID, m.DefaultOwner, only(g.a.bound(x.Bind)))
		}
	case EntryPoint:
		for _, e := range m.EntryPoints {
			g.put(e.ID, e.ID, m.DefaultOwner, only(g.a.bound(e.Bind)))
		}
	}
}

func (g *grouping) through(key string, n int) {
	if !slices.Contains(g.of[key], n) {
		g.of[key] = append(g.of[key], n)
	}
}

// bound lists what a bind chooses.
func (a *assessor) bound(b threatmodel.Bind) []snapshot.Key {
	var out []snapshot.Key
	if b.Empty() {
		return nil
	}
	for i := range a.snap.Resources {
		if r := &a.snap.Resources[i]; b.Choose(r, a.model.Ask) == snapshot.Known {
			out = append(out, r.Key)
		}
	}
	return out
}

func only(keys []snapshot.Key) snapshot.Key {
	if len(keys) == 1 {
		return keys[0]
	}
	return ""
}

// used lists the resources that a component uses, those of components that it uses among them.
func (a *assessor) used(c *threatmodel.Component) []snapshot.Key {
	var out []snapshot.Key
	met := map[string]bool{c.ID: true}
	for queue := slices.Clone(c.Uses); len(queue) > 0; queue = queue[1:] {
		id := queue[0]
		if met[id] {
			continue
		}
		met[id] = true
		for i := range a.model.Resources {
			if st := &a.model.Resources[i]; st.ID == id {
				out = append(out, a.bound(st.Bind)...)
			}
		}
		for i := range a.model.Components {
			if o := &a.model.Components[i]; o.ID == id {
				out = append(out, a.bound(o.Bind)...)
				queue = append(queue, o.Uses...)
			}
		}
	}
	return out
}

// groupsOf lists the groups that a way goes through.
func (g *grouping) groupsOf(p *Scored) []int {
	if g.kind == UseCase {
		if i, ok := g.at[p.Meant]; ok && p.Meant != "" {
			return []int{i}
		}
		return nil
	}
	if g.kind == Component {
		var out []int
		pass := func(id string) {
			for _, n := range g.of[id] {
				if !slices.Contains(out, n) {
					out = append(out, n)
				}
			}
		}
		pass(p.Entry.ID)
		pass(p.Principal)
		for i := range p.Steps {
			pass(p.Steps[i].From)
			if p.Steps[i].To != string(p.Resource) { // what it is about is not on the way
				pass(p.Steps[i].To)
			}
		}
		return out
	}
	at := through{p.Entry, p.Principal}
	out, ok := g.whose[at]
	if !ok {
		if g.kind == Actor {
			out = g.actors(p)
		} else {
			out = g.entries(p)
		}
		g.whose[at] = out
	}
	return out
}

// actors are those whose bind chooses who enters; everybody else stands for himself.
func (g *grouping) actors(p *Scored) []int {
	var out []int
	for _, x := range g.a.model.Actors {
		anybody := x.Anybody() && (p.Entry.Kind == access.Public || p.Entry.Kind == access.AnyPrincipal)
		if anybody || chooses(g.a.snap, g.a.model, x.Bind, p.Entry.ID) || chooses(g.a.snap, g.a.model, x.Bind, p.Principal) {
			out = append(out, g.at[x.ID])
		}
	}
	if len(out) > 0 {
		return out
	}
	who, id := p.Entry.Actor, p.Entry.Actor
	if person, ok := strings.CutPrefix(who, personMark); ok && !slices.ContainsFunc(g.a.model.Actors, func(x threatmodel.Actor) bool { return x.ID == person }) {
		id = person
	}
	return []int{g.put(id, g.sheet.Called(who), g.a.model.DefaultOwner, g.a.there(who))}
}

// there is the key of what an id means in the snapshot.
func (a *assessor) there(id string) snapshot.Key {
	if r, ok := a.snap.Get(snapshot.Key(id)); ok {
		return r.Key
	}
	return ""
}

// entries are the stated entry points that a way comes in by; every other way in stands for itself, by kind and id.
func (g *grouping) entries(p *Scored) []int {
	var out []int
	for i := range g.a.model.EntryPoints {
		if e := &g.a.model.EntryPoints[i]; g.a.enteredBy(e, p) {
			out = append(out, g.at[e.ID])
		}
	}
	if len(out) > 0 {
		return out
	}
	return []int{g.put(p.Entry.Kind+" "+p.Entry.ID, p.Entry.Says, g.a.model.DefaultOwner, g.a.there(p.Entry.ID))}
}

// enteredBy tells whether a way comes in by a stated entry point: it is of its kind, and its bind chooses what is entered, whose provider
// of identities it is, or what stands before a component that it leads to.
func (a *assessor) enteredBy(e *threatmodel.EntryPoint, p *Scored) bool {
	if len(e.Kind) == 0 && e.Bind.Empty() || !chosen(e.Kind, []string{p.Entry.Kind}) {
		return false
	}
	provider, _, _ := strings.Cut(p.Entry.ID, "#")
	if e.Bind.Empty() || chooses(a.snap, a.model, e.Bind, p.Entry.ID) || chooses(a.snap, a.model, e.Bind, provider) || chooses(a.snap, a.model, e.Bind, p.Principal) {
		return true
	}
	return len(a.bound(e.Bind)) > 0 && slices.ContainsFunc(a.model.Components, func(c threatmodel.Component) bool {
		return slices.Contains(e.LeadsTo, c.ID) && facing[p.Entry.Kind] && chooses(a.snap, a.model, c.Bind, p.Entry.ID)
	})
}

// facing are the ways in that something may stand before.
var facing = map[string]bool{access.WebHost: true, access.ExposedHost: true}

// add weighs the ways of one told row in every group that has some of them.
func (g *grouping) add(_ int, r *Row) {
	if r.Within != "" || len(r.Beside.Paths) == 0 {
		return
	}
	mine := map[int][]Scored{}
	for i := range r.Beside.Paths {
		for _, n := range g.groupsOf(&r.Beside.Paths[i]) {
			mine[n] = append(mine[n], r.Beside.Paths[i])
		}
	}
	settled := 0
	if _, counts := g.a.model.Threshold(r.Risk()); r.State == Open && counts {
		settled = 1 // what is still to be done goes first
	}
	side := 0
	if r.Access == access.Write {
		side = 1
	}
	for n, ways := range mine {
		old, best := &g.groups[n].best[side], &g.groups[n].rank[side]
		if most := [4]int{settled, r.Risk(), r.Low(), r.Beside.Points}; slices.Compare(most[:], best[:]) < 0 {
			continue // all ways together make less
		}
		l := likelihood(ways)
		if o := r.Override; o != nil && o.Standing == InForce { // a part is no more than the whole
			l.Level, l.LowLevel = min(l.Level, o.Likelihood), min(l.LowLevel, o.Likelihood)
		}
		row := *r
		row.Kind, row.ID, row.Name, row.Target = g.kind, g.groups[n].id, g.groups[n].name, r.ID
		row.Full, row.Beside = l, l
		rank := [4]int{settled, row.Risk(), row.Low(), l.Points}
		if c := slices.Compare(rank[:], best[:]); old.ID == "" || c > 0 || c == 0 && before(&row, old) {
			*old, *best = row, rank
		}
	}
}

// before is the order of equal rows: the account first, since it holds the others.
func before(a, b *Row) bool {
	if x := a.Target == AccountID; x != (b.Target == AccountID) {
		return x
	}
	return a.Key < b.Key
}

// rows are the groups' rows, the highest first.
func (g *grouping) rows() []Row {
	var out []Row
	targets := map[snapshot.Key][2]snapshot.Key{}
	for _, x := range g.groups {
		place := snapshot.Key(x.id) // READ and WRITE stay together, whatever their targets
		targets[place] = [2]snapshot.Key{x.best[0].Key, x.best[1].Key}
		for side, c := range []access.Capability{access.Read, access.Write} {
			r := x.best[side]
			if r.ID == "" {
				none := likelihood(nil)
				r = Row{Kind: g.kind, ID: x.id, Name: x.name, Access: c, Full: none, Beside: none, State: Open, Impact: Impact{Terms: []Term{{"no way goes through it", 0}}}}
			}
			r.Self, r.Owner, r.Key = x.key, x.owner, place
			out = append(out, r)
		}
	}
	sortRows(out)
	for i := range out {
		side := 0
		if out[i].Access == access.Write {
			side = 1
		}
		out[i].Key = targets[out[i].Key][side]
	}
	return out
}
