package decide

import (
	"github.com/footing-dev/footing/iam"
)

// Matrix is the outcome of one action for every actor of an engine in every column.
type Matrix struct {
	rows []*Row
	none *Row // shared by all who are denied everywhere
	cs   *Columns
}

// Matrix decides one action for some of the actors, or with nil for every one, in every column. The rows of the others deny.
func (e *Engine) Matrix(as Asking, cs *Columns, asked func(actor int) bool) *Matrix {
	none := newRow(len(cs.list))
	m := &Matrix{rows: make([]*Row, len(e.actors)), none: &none, cs: cs}
	var q, off *question // off: as if attribute-based access control were off where it is an opt-in
	var row, other Row
	for i, a := range e.actors {
		m.rows[i] = m.none
		if len(cs.list) == 0 || asked != nil && !asked(i) {
			continue
		}
		if q == nil {
			q, row = e.question(as, cs, false), newRow(len(cs.list))
		}
		what := q.row(a, row)
		untagged := what&readsTags != 0 && !q.noOptIn
		if untagged {
			if off == nil {
				off, other = e.question(as, cs, true), newRow(q.n)
			}
			off.row(a, other)
			row.either(other, q.rules.optIn)
		}
		if row.denies() {
			continue
		}
		switch what &^= readsTags; {
		case what != 0 && untagged:
			q.lacking(a, what, &row, off)
		case what != 0:
			q.lacking(a, what, &row, nil)
		}
		kept := row
		m.rows[i], row = &kept, newRow(q.n)
	}
	return m
}

func (r Row) denies() bool { return r.Allow.empty() && r.Conditional.empty() && r.Unknown.empty() }

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
func (m *Matrix) Denied(actor int) bool { return m.rows[actor].denies() }

// Row is the outcomes of one actor. Its columns stand in the order of their ARNs: see Place.
func (m *Matrix) Row(actor int) Row { return *m.rows[actor] }

// Place says where in a row the column stands that was given as the number col.
func (m *Matrix) Place(col int) int { return m.cs.place[col] }
