package decide

import (
	"slices"

	"github.com/footing-dev/footing/iam"
)

// Ways in which a resource's side allows somebody, and denies.
const (
	byName = iota
	byRole
	byAccount
	grantName
	grantRole
	denies
	ways
)

// resourceSide is what the policies and grants of the columns' resources say: to everybody but the root user in one place, and to
// single actors beside.
type resourceSide struct {
	everybody [ways]truths
	single    [][]mark // by actor; nil for nobody
	crowds    []crowd
	reads     reads
}

// mark is what one statement says to one actor in one column.
type mark struct {
	column int32
	way    uint8
	truth  iam.Truth
}

// crowd is what one statement says in one column to each of the many actors that it means alike.
type crowd struct {
	column int32
	way    uint8
	actors truths // by actor
}

func (q *question) resourceSide() resourceSide {
	s := resourceSide{}
	for way := range s.everybody {
		s.everybody[way] = newTruths(q.n)
	}
	for col := range q.cs.list {
		res := q.cs.list[col].res
		if res == nil {
			continue
		}
		if !q.rules.unheard.Has(col) {
			for _, p := range res.policy {
				c := q.e.compile(p)
				if c.services&q.bit == 0 {
					continue
				}
				for i := range c.statements {
					if st := &c.statements[i]; st.matches(q.Action, q.bit) {
						q.sideStatement(&s, st, col)
					}
				}
			}
		}
		if len(res.grants) > 0 && q.rules.delegated.Has(col) {
			q.sideGrants(&s, res.grants, col)
		}
	}
	return s
}

func (q *question) sideStatement(s *resourceSide, st *clause, col int) {
	if !st.variables && !resourceMatches(st, q.cs.list[col].arn) {
		return
	}
	q.e.name(st)
	s.reads |= st.reads
	for _, n := range st.named {
		a := q.e.actors[n.actor]
		q.sideMark(s, st, a, n.Naming, q.holds(st, a, col), col)
	}
	if st.everybody == (iam.Naming{}) {
		return
	}
	if q.sameForAll(st) {
		eachMark(st, st.everybody, q.holds(st, q.e.neutral(), col), func(way uint8, truth iam.Truth) { s.everybody[way].set(col, truth) })
		return
	}
	holds := q.crowd(st, col)
	if holds.may.empty() {
		return
	}
	eachMark(st, st.everybody, iam.True, func(way uint8, _ iam.Truth) { // everybody is named surely, so that its truth is the statement's
		s.crowds = append(s.crowds, crowd{int32(col), way, holds})
	})
}

// crowd judges, in one column, a statement for every actor that it does not name.
func (q *question) crowd(st *clause, col int) truths {
	all := newTruths(len(q.e.actors))
	all.fill(len(q.e.actors))
	for _, n := range st.named {
		all.must.remove(int(n.actor))
		all.may.remove(int(n.actor))
	}
	for _, c := range st.conditions {
		if q.about(c).actor == nil {
			switch q.ask(c, q.e.neutral()).at(col) {
			case iam.False:
				clear(all.may)
				fallthrough
			case iam.Open:
				clear(all.must)
			}
		} else {
			all.and(q.actorsAt(c, col))
		}
		if all.may.empty() {
			clear(all.must)
			return all
		}
	}
	if st.variables {
		some := newTruths(len(q.e.actors))
		all.may.Each(func(i int) { some.set(i, q.probe(q.e.actors[i], col).Resource(st.Statement, st.version)) })
		all.and(some)
	}
	return all
}

// resourceMatches judges Resource or NotResource without variables.
func resourceMatches(st *clause, arn string) bool {
	switch {
	case st.Resources != nil:
		return anyMatches(st.Resources, arn)
	case st.NotResources != nil:
		return !anyMatches(st.NotResources, arn)
	}
	return true
}

func anyMatches(patterns []string, arn string) bool {
	for _, p := range patterns {
		if iam.MatchARN(p, arn) {
			return true
		}
	}
	return false
}

// sameForAll tells whether a statement says the same to every actor.
func (q *question) sameForAll(st *clause) bool {
	if st.variables {
		return false
	}
	for _, c := range st.conditions {
		if q.about(c).actor != nil {
			return false
		}
	}
	return true
}

// holds judges the Resource, if it has variables, and the conditions of a statement for one actor in one column.
func (q *question) holds(st *clause, a *actor, col int) iam.Truth {
	all := iam.True
	if st.variables {
		all = q.probe(a, col).Resource(st.Statement, st.version)
	}
	for _, c := range st.conditions {
		if all == iam.False {
			break
		}
		all = min(all, q.ask(c, a).at(col))
	}
	return all
}

func (q *question) sideMark(s *resourceSide, st *clause, a *actor, n iam.Naming, truth iam.Truth, col int) {
	eachMark(st, n, truth, func(way uint8, truth iam.Truth) {
		q.mark(s, a.number, mark{int32(col), way, truth})
	})
}

func (q *question) mark(s *resourceSide, actor int32, m mark) {
	if s.single == nil {
		s.single = make([][]mark, len(q.e.actors))
	}
	s.single[actor] = append(s.single[actor], m)
}

// of is what single statements say to an actor.
func (s *resourceSide) of(a *actor) []mark {
	if s.single == nil {
		return nil
	}
	return s.single[a.number]
}

// eachMark tells in which ways a statement that names somebody counts, and how surely.
func eachMark(st *clause, n iam.Naming, truth iam.Truth, f func(way uint8, truth iam.Truth)) {
	sure := n.Name || n.Role || n.Account
	switch {
	case truth == iam.False:
		return
	case st.Effect == iam.EffectDeny && sure:
		f(denies, truth)
		return
	case st.Effect == iam.EffectDeny:
		f(denies, iam.Open)
		return
	}
	if n.Name {
		f(byName, truth)
	} else if n.Session {
		f(byName, iam.Open)
	}
	if n.Role {
		f(byRole, truth)
	}
	if n.Account {
		f(byAccount, truth)
	}
}

// sideGrants adds what the grants of a key allow.
func (q *question) sideGrants(s *resourceSide, grants []iam.Grant, col int) {
	var grantees []string
	for _, g := range grants {
		if len(g.Grantee) == 12 { // the number of an account
			grantees = append(grantees, "arn:aws:iam::"+g.Grantee+":root")
		}
		grantees = append(grantees, g.Grantee)
	}
	who := q.e.candidates(grantees)
	if q.rules.cross.Has(col) && slices.ContainsFunc(grantees, q.e.ownRoot) {
		who = who[:0]
		for _, a := range q.e.actors {
			who = append(who, a.number)
		}
	}
	for _, n := range who {
		name, role, account := q.probe(q.e.actors[n], col).Grants(grants)
		if q.rules.cross.Has(col) {
			name = max(name, role, account) // from another account each is as good
		}
		for _, m := range [...]mark{{int32(col), grantName, name}, {int32(col), grantRole, role}} {
			if m.truth != iam.False {
				q.mark(s, n, m)
			}
		}
	}
}

// set gives one column a value, unless it has a higher one.
func (x truths) set(col int, t iam.Truth) {
	switch t {
	case iam.True:
		x.must.add(col)
		x.may.add(col)
	case iam.Open:
		x.may.add(col)
	}
}
