package access

import (
	"maps"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/snapshot"
)

// asker asks the needs of routes for all actors at once, on a list of resources of one type.
type asker struct {
	t     *Table
	on    []*snapshot.Resource
	found map[string]answer  // answers of needs that several routes have
	asked map[string]*layout // what several needs are asked of
}

// answer is whom a need was asked of, and what they were told.
type answer struct {
	of   decide.Set
	rows rows
}

// rows gives the answers of one actor, a column a resource. The result is to be read, and valid until the next call.
type rows func(actor int) *cells

func (t *Table) newAsker(on []*snapshot.Resource) *asker {
	return &asker{t: t, on: on, found: map[string]answer{}, asked: map[string]*layout{}}
}

// id tells needs apart.
func (n *Need) id() string {
	id := n.Action + "\x00" + n.On
	for _, k := range slices.Sorted(maps.Keys(n.With)) {
		id += "\x00" + k + "\x00" + n.With[k]
	}
	return id
}

// need answers one need of a route, for some actors at least.
func (a *asker) need(n Need, of decide.Set) rows {
	known := a.found[n.id()]
	if known.rows == nil || !within(of, known.of) {
		of = slices.Clone(of)
		for i, w := range known.of {
			of[i] |= w
		}
		known = answer{of, a.ask(n, of.Has)}
		a.found[n.id()] = known
	}
	return known.rows
}

// within tells whether all of a set are in another.
func within(s, of decide.Set) bool {
	for i, w := range s {
		if w&^of[i] != 0 {
			return false
		}
	}
	return true
}

// asking is what a need fixes of the request.
func asking(n Need) decide.Asking {
	as := decide.Asking{Action: n.Action, Context: map[string][]string{}}
	for _, k := range slices.Sorted(maps.Keys(n.With)) {
		if v := n.With[k]; v == "" {
			as.Absent = append(as.Absent, k)
		} else {
			as.Context[k] = []string{v}
		}
	}
	return as
}

func (a *asker) ask(n Need, asked func(actor int) bool) rows {
	as := asking(n)
	on := n.On
	if asksBoundary(n.Action) {
		on += "\x00bounded"
	}
	switch n.On {
	case "":
		return a.one(as, on, asked, func(r *snapshot.Resource) about { return about{Column: boundary(n, r, decide.Column{On: r.Key})} })
	case "object":
		return a.object(as, asked)
	case "key":
		return a.one(as, on, asked, a.key)
	case "role":
		return a.one(as, on, asked, func(r *snapshot.Resource) about {
			role, ok := a.t.relations.roleOf(r)
			if !ok {
				return about{fixed: &cell{outcome: iam.Deny}}
			}
			return about{Column: boundary(n, r, decide.Column{On: role})}
		})
	case "any":
		return a.one(as, on, asked, func(r *snapshot.Resource) about {
			return about{Column: boundary(n, r, decide.Column{Resource: "*"})}
		})
	case "attached":
		return a.bestOf(as, n, asked, func(r *snapshot.Resource) ([]decide.Column, cell) {
			arns, state := r.Strings("ManagedPolicyArns")
			least := cell{outcome: iam.Deny}
			if state == snapshot.Unknown {
				least.outcome = iam.Unknown
			}
			return named(slices.DeleteFunc(arns, ownedByAWS)), least
		})
	case "path":
		return a.bestOf(as, n, asked, func(r *snapshot.Resource) ([]decide.Column, cell) {
			return named(parameterPaths(r)), cell{outcome: iam.Deny}
		})
	case "code":
		return a.bestOf(as, n, asked, func(r *snapshot.Resource) ([]decide.Column, cell) { return a.t.code(r), cell{outcome: iam.Deny} })
	}
	return a.chosen(as, n, asked)
}

// plain asks an action on the resources themselves, or on some object or part of theirs, and of nothing beside.
func (a *asker) plain(n Need, asked func(int) bool) rows {
	as := asking(n)
	switch n.On {
	case "object":
		return a.object(as, asked)
	case "any":
		return a.one(as, "any", asked, func(*snapshot.Resource) about { return about{Column: decide.Column{Resource: "*"}} })
	case "":
	default:
		return a.chosen(as, n, asked)
	}
	return a.one(as, "plain", asked, func(r *snapshot.Resource) about { return about{Column: decide.Column{On: r.Key}} })
}

// boundary adds the permissions boundary of the user or role that a request is about.
func boundary(n Need, r *snapshot.Resource, c decide.Column) decide.Column {
	q := decide.Query{Action: n.Action, Context: map[string][]string{}}
	boundaryKey(&q, r)
	c.Context, c.Absent = q.Context, q.Absent
	return c
}

// key is the customer's key of a resource.
func (a *asker) key(r *snapshot.Resource) about {
	k, state := a.t.relations.keyOf(r)
	switch state {
	case snapshot.Absent:
		return about{fixed: &cell{outcome: iam.Allow}}
	case snapshot.Unknown:
		return about{fixed: &cell{outcome: iam.Unknown, seen: true}}
	}
	c := decide.Column{On: k}
	if service := serviceOf(r.Type); service != "" {
		c.Context = map[string][]string{"kms:ViaService": {service + "." + region(r, k) + ".amazonaws.com"}}
	}
	return about{Column: c}
}

// about is what a need is asked of for one resource, or its answer where there is nothing to ask.
type about struct {
	decide.Column
	fixed *cell
}

func (c *about) id() string {
	id := string(c.On) + "\x00" + c.Resource
	for _, k := range []string{"kms:ViaService", "iam:PermissionsBoundary"} {
		id += "\x00" + strings.Join(c.Context[k], ",")
	}
	return id + "\x00" + strings.Join(c.Absent, ",")
}

// columns interns the columns of requests.
type columns struct {
	list   []decide.Column
	number map[string]int
}

func (c *columns) add(t about) int {
	if c.number == nil {
		c.number = map[string]int{}
	}
	id := t.id()
	n, ok := c.number[id]
	if !ok {
		n = len(c.list)
		c.number[id] = n
		c.list = append(c.list, t.Column)
	}
	return n
}

// layout is what a need is asked of, and which resources each answer is for.
type layout struct {
	*decide.Columns
	onto  [][]int // column → resources
	fixed *cells
}

// one asks of one thing for each resource. What is asked of is the same for all needs with the same name for it.
func (a *asker) one(as decide.Asking, name string, asked func(int) bool, of func(*snapshot.Resource) about) rows {
	on := a.asked[name]
	if on == nil {
		on = a.layout(of)
		a.asked[name] = on
	}
	return a.spread(a.t.engine.Matrix(as, on.Columns, asked), on.onto, on.fixed)
}

func (a *asker) layout(of func(*snapshot.Resource) about) *layout {
	var cols columns
	l := &layout{fixed: newCells(len(a.on))}
	for i, r := range a.on {
		t := of(r)
		if t.fixed != nil {
			l.fixed.put(i, *t.fixed)
			continue
		}
		n := cols.add(t)
		if n == len(l.onto) {
			l.onto = append(l.onto, nil)
		}
		l.onto[n] = append(l.onto[n], i)
	}
	l.Columns = a.t.decisions.Columns(cols.list)
	return l
}

func (a *asker) object(as decide.Asking, asked func(int) bool) rows {
	keys := make([]snapshot.Key, len(a.on))
	onto := make([][]int, len(a.on))
	for i, r := range a.on {
		keys[i], onto[i] = r.Key, []int{i}
	}
	return a.spread(a.t.engine.SomeObject(as, keys, asked), onto, newCells(len(a.on)))
}

// spread lays the columns of a matrix onto the resources that they answer for.
func (a *asker) spread(m *decide.Matrix, onto [][]int, fixed *cells) rows {
	by := make([][]int, len(onto)) // place in a row → resources
	straight := len(onto) == len(a.on)
	for col, list := range onto {
		by[m.Place(col)] = list
		straight = straight && len(list) == 1 && m.Place(col) == list[0]
	}
	out := newCells(len(a.on))
	unguarded := newCells(len(a.on)).guards // for rows that need nothing
	return func(actor int) *cells {
		row := m.Row(actor)
		if row.Allow == nil || m.Denied(actor) { // nothing was asked, or not of this actor, or in vain
			return fixed
		}
		if straight {
			as := &cells{allow: row.Allow, conditional: row.Conditional, unknown: row.Unknown, seen: row.Seen, guards: unguarded}
			for g := range row.Lacks {
				as.guards[g] = row.Lacks[g]
			}
			return as
		}
		copyCells(out, fixed)
		lay := func(to []uint64, from decide.Set) {
			from.Each(func(place int) {
				for _, i := range by[place] {
					to[i>>6] |= 1 << (i & 63)
				}
			})
		}
		lay(out.allow, row.Allow)
		lay(out.conditional, row.Conditional)
		lay(out.unknown, row.Unknown)
		lay(out.seen, row.Seen)
		for g := range row.Lacks {
			lay(out.guards[g], row.Lacks[g])
		}
		return out
	}
}

func copyCells(to, from *cells) {
	copy(to.allow, from.allow)
	copy(to.conditional, from.conditional)
	copy(to.unknown, from.unknown)
	copy(to.seen, from.seen)
	for g := range to.guards {
		copy(to.guards[g], from.guards[g])
	}
}

// named are things whose own policies have no say.
func named(arns []string) []decide.Column {
	out := make([]decide.Column, len(arns))
	for i, arn := range arns {
		out[i].Resource = arn
	}
	return out
}

// bestOf asks of several things for each resource, of which one is enough.
func (a *asker) bestOf(as decide.Asking, n Need, asked func(int) bool, of func(*snapshot.Resource) ([]decide.Column, cell)) rows {
	var cols columns
	least := make([]cell, len(a.on))
	lists := make([][]int, len(a.on))
	for i, r := range a.on {
		var list []decide.Column
		list, least[i] = of(r)
		for _, c := range list {
			lists[i] = append(lists[i], cols.add(about{Column: boundary(n, r, c)}))
		}
	}
	m := a.t.engine.Matrix(as, a.t.decisions.Columns(cols.list), asked)
	out := newCells(len(a.on))
	return func(actor int) *cells {
		out.reset()
		for i, list := range lists {
			best := cell{outcome: iam.Deny}
			for _, col := range list {
				best = best.best(cellOf(m, actor, col))
			}
			if best.outcome == iam.Deny {
				best = least[i]
			}
			out.put(i, best)
		}
		return out
	}
}

// chosen asks of things whose names the caller may choose; see Table.chosen.
func (a *asker) chosen(as decide.Asking, n Need, asked func(int) bool) rows {
	var cols columns
	var templates columns
	of := make([]int, len(a.on)) // resource → template
	common, known := fillsAlike(n.On) && !asksBoundary(n.Action), map[string]int{}
	for i, r := range a.on {
		where := ""
		if common {
			where = ownRegion(r)
			if at, ok := known[where]; ok {
				of[i] = at
				continue
			}
		}
		c := decide.Column{On: r.Key, Resource: a.t.partsOf(&n, r)}
		if !n.within() {
			c = decide.Column{Resource: a.t.here(fill(n.On, r, a.t.snap.Account))}
		}
		of[i] = templates.add(about{Column: boundary(n, r, c)})
		known[where] = of[i]
	}
	everybodys := make([][]int, len(templates.list))
	for i, c := range templates.list {
		if n.within() {
			continue // parts has what is everybody's
		}
		free := c
		free.Resource = ordinary(c.Resource)
		everybodys[i] = append(everybodys[i], cols.add(about{Column: free}))
		for _, k := range a.t.letsIn(c.Resource, n.Action) {
			own := c
			own.On, own.Resource = k, ""
			everybodys[i] = append(everybodys[i], cols.add(about{Column: own}))
		}
	}
	own := make([][][]int, len(a.t.actors))
	for actor, p := range a.t.actors {
		if !asked(actor) {
			continue
		}
		allowed := a.t.allowedNames(p, n.Action)
		if len(allowed) == 0 && !n.within() {
			continue
		}
		own[actor] = make([][]int, len(templates.list))
		for i, c := range templates.list {
			names := examplesOf(c.Resource, allowed, p)
			if n.within() {
				names = a.t.parts(c.Resource, c.On, n.Action, p, allowed)
			}
			for _, name := range names {
				chosen := c
				chosen.Resource = name
				own[actor][i] = append(own[actor][i], cols.add(about{Column: chosen}))
			}
		}
	}
	m := a.t.engine.Matrix(as, a.t.decisions.Columns(cols.list), asked)
	out := newCells(len(a.on))
	byTemplate := make([]cell, len(templates.list))
	return func(actor int) *cells {
		if m.Denied(actor) {
			out.reset()
			return out
		}
		for i := range byTemplate {
			best := cell{outcome: iam.Deny}
			for _, col := range everybodys[i] {
				best = best.best(cellOf(m, actor, col))
			}
			if own[actor] != nil {
				for _, col := range own[actor][i] {
					best = best.best(cellOf(m, actor, col))
				}
			}
			byTemplate[i] = best
		}
		out.reset()
		for i, template := range of {
			out.put(i, byTemplate[template])
		}
		return out
	}
}
