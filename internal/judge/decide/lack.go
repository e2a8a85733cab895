package decide

import (
	"slices"
	"strconv"
)

// lacking finds out which Conditional answers are denials to whoever lacks something. What was found not to be needed is taken to be
// missing when the next is tried: of two things of which either will do, the one that stands first in the list is needed. That is MFA, which
// costs him nothing who signed in with it.
func (q *question) lacking(a *actor, what reads, r *Row, off *question) {
	if r.Conditional.empty() {
		return
	}
	r.Lacks = make([]Set, len(q.e.lacks))
	for i := range r.Lacks {
		r.Lacks[i] = newSet(q.n)
	}
	l := lacking{questions: []*question{q}, a: a, what: what, needed: r.Lacks, without: make([]int, len(q.e.lacks)), row: newRow(q.n)}
	if off != nil {
		l.questions = append(l.questions, off)
	}
	l.try(slices.Clone(r.Conditional), len(l.without)-1)
}

// lacking is one search for what an actor needs.
type lacking struct {
	questions []*question // with tags, and without where they are an opt-in: either way will do
	a         *actor
	what      reads
	needed    []Set
	without   []int // which requests of the earlier lacks are made, from 1; 0 for none
	row       Row
}

// try tries the lacks from number down, for some columns.
func (l *lacking) try(cells Set, number int) {
	if number < 0 || cells.empty() {
		return
	}
	if l.what&(1<<number) == 0 {
		l.try(cells, number-1)
		return
	}
	for i := range l.questions[0].e.lacks[number].Requests {
		l.without[number] = i + 1
		passed := newSet(l.questions[0].n)
		for _, q := range l.questions {
			q.variant(l.without).row(l.a, l.row)
			for w := range passed {
				passed[w] |= cells[w] & (l.row.Allow[w] | l.row.Conditional[w] | l.row.Unknown[w])
			}
		}
		for w := range cells {
			cells[w] &^= passed[w]
		}
		l.try(passed, number-1)
	}
	l.without[number] = 0
	l.needed[number].or(cells)
	l.try(cells, number-1)
}

// variant is the question as somebody asks it who lacks things.
func (q *question) variant(without []int) *question {
	id := make([]byte, 0, 8)
	for _, w := range without {
		id = strconv.AppendInt(id, int64(w), 10)
	}
	if v, ok := q.variants[string(id)]; ok {
		return v
	}
	v := *q
	v.base = q
	v.Asking = q.e.without(q.Asking, without)
	v.asked, v.groups, v.likenesses, v.actorKeys = nil, map[string][][]int{}, map[string]*likeness{}, map[string][]actorKey{}
	v.rows, v.probes, v.own = map[*compiled]*whole{}, nil, nil
	if q.side.reads&^readsTags != 0 {
		v.side = v.resourceSide()
		v.findGiving()
	}
	q.variants[string(id)] = &v
	return &v
}

// without adds to a question what somebody sends who lacks things.
func (e *Engine) without(as Asking, without []int) Asking {
	has := map[string][]string{}
	absent := slices.Clone(as.Absent)
	for i, n := range without {
		if n == 0 {
			continue
		}
		absent = append(absent, e.lacks[i].Keys...)
		for k, values := range e.lacks[i].Requests[n-1] {
			has[k] = values
		}
	}
	return Asking{Action: as.Action, Context: merge(as.Context, has), Absent: absent}
}
