package decide

import (
	"github.com/footing-dev/footing/iam"
)

// Matrix is the outcome of one action for every actor of an engine in every column.
type Matrix struct {
	rows []Row
	cs   *Columns
}

// Matrix decides one action for some of the actors, or with nil for every one, in every column. The rows of the others deny.
func (e *Engine) Matrix(as Asking, cs *Columns, asked func(actor int) bool) *Matrix {
	m := &Matrix{rows: make([]Row, len(e.actors)), cs: cs}
	if len(cs.list) == 0 {
		return m
	}
	q := e.question(as, cs, false)
	var off *question // as if attribute-based access control were off where it is an opt-in
	other := newRow(q.n)
	words := len(newSet(q.n))
	room := make([]uint64, 4*words*len(e.actors))
	take := func() Set {
		s := room[:words:words]
		room = room[words:]
		return s
	}
	for i, a := range e.actors {
		m.rows[i] = Row{Allow: take(), Conditional: take(), Unknown: take(), Seen: take()}
		if asked != nil && !asked(i) {
			continue
		}
		what := q.row(a, m.rows[i])
		untagged := what&readsTags != 0 && !q.rules.optIn.empty()
		if untagged {
			if off == nil {
				off = e.question(as, cs, true)
			}
			off.row(a, other)
			m.rows[i].either(other, q.rules.optIn)
		}
		switch what &^= readsTags; {
		case what != 0 && untagged:
			q.lacking(a, what, &m.rows[i], off)
		case what != 0:
			q.lacking(a, what, &m.rows[i], nil)
		}
	}
	return m
}

// either joins the answers with and without a setting that is not read, in the columns where it matters, as the function of the same
// name does for one.
func (r Row) either(o Row, where Set) {
	for i, mask := range where {
		deny := ^(r.Allow[i] | r.Conditional[i] | r.Unknown[i])
		same := r.Allow[i]&o.Allow[i] | r.Conditional[i]&o.Conditional[i] | r.Unknown[i]&o.Unknown[i] | deny&^(o.Allow[i]|o.Conditional[i]|o.Unknown[i])
		differ := mask &^ same
		unknown := differ & (r.Unknown[i] | o.Unknown[i])
		r.Seen[i] |= o.Seen[i] & differ
		r.Allow[i] &^= differ
		r.Unknown[i] = r.Unknown[i]&^differ | unknown
		r.Conditional[i] = r.Conditional[i]&^differ | differ&^unknown
	}
}

// At is the outcome for an actor in the column that was given as the number col. It allocates nothing.
func (m *Matrix) At(actor, col int) (o iam.Outcome, seen bool) {
	return m.rows[actor].At(m.cs.place[col])
}

// Denied tells whether an actor is denied in every column.
func (m *Matrix) Denied(actor int) bool {
	r := &m.rows[actor]
	return r.Allow.empty() && r.Conditional.empty() && r.Unknown.empty()
}

// Row is the outcomes of one actor. Its columns stand in the order of their ARNs: see Place.
func (m *Matrix) Row(actor int) Row { return m.rows[actor] }

// Place says where in a row the column stands that was given as the number col.
func (m *Matrix) Place(col int) int { return m.cs.place[col] }
