package decide

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
)

// Row is the outcome of one principal's request in every column: Allow, Conditional, Unknown, else Deny.
type Row struct {
	Allow, Conditional, Unknown Set
	Seen                        Set   // of Unknown: not denied on what was read
	Lacks                       []Set // of Conditional, for each Lack of the engine: denied to whoever lacks it; nil for none
}

func newRow(n int) Row {
	words := (n + 63) / 64
	room := make(Set, 4*words)
	return Row{Allow: room[:words:words], Conditional: room[words : 2*words : 2*words], Unknown: room[2*words : 3*words : 3*words], Seen: room[3*words:]}
}

// says is what the policies of one layer say in every column.
type says struct {
	allow, deny truths
}

// scratch is what is filled anew for every row.
type scratch struct {
	identity, boundary says
	scp, rcp           []says
	side               [ways]truths
	outcomes           [worst + 1]Row
	parts              []part
	some               Set
}

func newSays(n int) says { return says{newTruths(n), newTruths(n)} }

func (s says) clear() {
	s.allow.clear()
	s.deny.clear()
}

func newScratch(q *question) *scratch {
	w := &scratch{identity: newSays(q.n), boundary: newSays(q.n), some: newSet(q.n)}
	for range q.e.scp {
		w.scp = append(w.scp, newSays(q.n))
	}
	for range q.e.rcp {
		w.rcp = append(w.rcp, newSays(q.n))
	}
	for i := range w.side {
		w.side[i] = newTruths(q.n)
	}
	for i := range w.outcomes {
		w.outcomes[i] = newRow(q.n)
	}
	return w
}

// row decides for one actor, and tells what may have made a difference.
func (q *question) row(a *actor, out Row) reads {
	w := q.work
	what := q.side.reads
	if !a.root {
		what |= q.layer(a.identity, a, false, w.identity)
		if q.allowsNothing(a) && (what&readsTags == 0 || q.noOptIn) {
			clearRow(out)
			return what
		}
		if a.bound {
			what |= q.layer(a.boundary, a, false, w.boundary)
		}
	}
	if q.underSCP(a) {
		for i, level := range q.e.scp {
			what |= q.layer(level, a, false, w.scp[i])
		}
	}
	if !a.linked {
		for i, level := range q.e.rcp {
			what |= q.layer(level, a, true, w.rcp[i])
		}
	}
	for way := range w.side {
		if a.root {
			w.side[way].clear()
		} else {
			w.side[way].copy(q.side.everybody[way])
		}
	}
	for _, m := range q.side.of(a) {
		w.side[m.way].set(int(m.column), m.truth)
	}
	for i := range q.side.crowds {
		m := &q.side.crowds[i]
		switch {
		case m.actors.must.Has(int(a.number)):
			w.side[m.way].set(int(m.column), iam.True)
		case m.actors.may.Has(int(a.number)):
			w.side[m.way].set(int(m.column), iam.Open)
		}
	}
	q.decide(a, seen)
	if q.doubtless(a) {
		copyRow(out, w.outcomes[seen])
	} else {
		q.decide(a, best)
		q.decide(a, worst)
		q.resolve(a, out)
	}
	return what
}

// allowsNothing tells whether nothing allows an actor anything in any column: what limits him need not be asked.
func (q *question) allowsNothing(a *actor) bool {
	return q.givesNothing && !a.identityDoubt && len(q.side.of(a)) == 0 && q.work.identity.allow.may.empty()
}

func clearRow(r Row) {
	for _, s := range []Set{r.Allow, r.Conditional, r.Unknown, r.Seen} {
		clear(s)
	}
}

func copyRow(to, from Row) {
	copy(to.Allow, from.Allow)
	copy(to.Conditional, from.Conditional)
	copy(to.Unknown, from.Unknown)
	copy(to.Seen, from.Seen)
}

func (q *question) underSCP(a *actor) bool { return !q.e.t.management && !a.linked }

// layer joins what the policies of one layer say.
func (q *question) layer(policies []*compiled, a *actor, named bool, out says) (what reads) {
	out.clear()
	for _, c := range policies {
		if c.services&q.bit == 0 {
			continue
		}
		if s, ok := q.rows[c]; ok && !named {
			what |= s.reads
			if s.something {
				out.allow.or(s.allow)
				out.deny.or(s.deny)
			}
			continue
		}
		if c.shared > 1 && !named && q.impersonal(c) {
			s := &whole{says: newSays(q.n)}
			s.reads, s.something = q.policy(c, a, named, s.says)
			q.rows[c] = s
			what |= s.reads
			out.allow.or(s.allow)
			out.deny.or(s.deny)
			continue
		}
		more, _ := q.policy(c, a, named, out)
		what |= more
	}
	return what
}

// whole is what one policy says to every actor alike.
type whole struct {
	says
	reads     reads
	something bool
}

// impersonal tells whether a policy says the same to every actor.
func (q *question) impersonal(c *compiled) bool {
	for i := range c.statements {
		if st := &c.statements[i]; st.matches(q.Action, q.bit) && !q.sameForAll(st) {
			return false
		}
	}
	return true
}

// policy adds what one policy says, and tells what that depends on, and whether it is anything.
func (q *question) policy(c *compiled, a *actor, isNamed bool, out says) (what reads, something bool) {
	for i := range c.statements {
		st := &c.statements[i]
		if !st.matches(q.Action, q.bit) {
			continue
		}
		what |= st.reads // also of what does not match: with other tags, or less of something, it may
		limit := iam.True
		if isNamed {
			limit = q.means(st, a)
		}
		parts := q.work.parts[:0]
		for _, cond := range st.conditions {
			p := q.ask(cond, a)
			if p.columns == nil {
				limit = min(limit, p.value)
				continue
			}
			parts = append(parts, p)
		}
		q.work.parts = parts
		if limit == iam.False {
			continue
		}
		something = true
		to := out.allow
		if st.Effect == iam.EffectDeny {
			to = out.deny
		}
		q.statement(st, a, limit, parts, to)
	}
	return what, something
}

// means tells whether a statement with a Principal means an actor.
func (q *question) means(st *clause, a *actor) iam.Truth {
	q.e.name(st)
	n := st.everybody
	if i, ok := slices.BinarySearchFunc(st.named, a.number, func(n named, a int32) int { return int(n.actor - a) }); ok {
		n = st.named[i].Naming
	} else if a.root {
		return iam.False
	}
	switch {
	case n.Name || n.Role || n.Account:
		return iam.True
	case n.Session:
		return iam.Open
	}
	return iam.False
}

// statement adds the columns in which a statement matches; limit is what holds of it in all of them.
func (q *question) statement(st *clause, a *actor, limit iam.Truth, parts []part, to truths) {
	add := func(s Set, truth iam.Truth) {
		if s == nil {
			return
		}
		truth = min(truth, limit)
		if len(parts) == 0 {
			to.may.or(s)
			if truth == iam.True {
				to.must.or(s)
			}
			return
		}
		for i, w := range s {
			must, may := w, w
			for _, p := range parts {
				must &= p.columns.must[i]
				may &= p.columns.may[i]
			}
			to.may[i] |= may
			if truth == iam.True {
				to.must[i] |= must
			}
		}
	}
	switch {
	case st.variables:
		x := q.filled(st, a)
		add(x.may, iam.Open)
		add(x.must, iam.True)
	case st.Resources != nil:
		for _, p := range st.Resources {
			add(q.cs.match(p), iam.True)
		}
	case st.NotResources != nil:
		s := q.work.some
		s.fill(0, q.n)
		for _, p := range st.NotResources {
			for i, w := range q.cs.match(p) {
				s[i] &^= w
			}
		}
		add(s, iam.True)
	default:
		q.work.some.fill(0, q.n)
		add(q.work.some, iam.True)
	}
}

// filled judges a Resource or NotResource that holds policy variables.
func (q *question) filled(st *clause, a *actor) truths {
	x := newTruths(q.n)
	list := st.Resources
	if list == nil {
		list = st.NotResources
	}
	ofColumn := false
	for _, p := range list {
		eachVariable(p, func(k string) { ofColumn = ofColumn || q.cs.ofColumn(strings.ToLower(k)) })
	}
	if ofColumn {
		for col := range q.n {
			x.set(col, q.probe(a, col).Resource(st.Statement, st.version))
		}
		return x
	}
	p := q.probe(a, 0)
	if st.Resources != nil {
		for _, pattern := range list {
			text, open, void := p.Expand(pattern)
			if void {
				continue
			}
			s := q.cs.match(text)
			x.may.or(s)
			if !open {
				x.must.or(s)
			}
		}
		return x
	}
	x.all()
	for _, pattern := range list {
		text, open, void := p.Expand(pattern)
		if void {
			x.clear()
			return x
		}
		if open { // whatever does not match may still turn out void
			clear(x.must)
		}
		for i, w := range q.cs.match(text) {
			x.must[i] &^= w
			if !open {
				x.may[i] &^= w
			}
		}
	}
	return x
}
