package decide

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// SomeObject decides an object action for some object of every bucket, as Table.SomeObject does for one actor and one bucket. A column
// of the result is a bucket; asked is as for Matrix.
func (e *Engine) SomeObject(as Asking, buckets []snapshot.Key, asked func(actor int) bool) *Matrix {
	ordinary := make([]Column, len(buckets))
	for i, b := range buckets {
		ordinary[i] = Column{On: b, Resource: string(b) + "/" + anyKey}
	}
	m := e.Matrix(as, e.t.Columns(ordinary), asked)
	x := extraKeys{asked: asked, e: e, as: as, buckets: buckets, number: map[string]int{}}
	x.ofBuckets()
	x.ofActors(m)
	if len(x.columns) == 0 {
		return m
	}
	cs := e.t.Columns(x.columns)
	more := e.Matrix(as, cs, func(actor int) bool { return x.isAsked(actor) && len(x.shared)+len(x.single[actor]) > 0 })
	for actor := range e.actors {
		if !x.isAsked(actor) {
			continue
		}
		for _, keys := range [...][]extraKey{x.shared, x.single[actor]} {
			for _, k := range keys {
				m.raise(actor, k.bucket, *more.rows[actor], more.cs.place[k.column])
			}
		}
	}
	return m
}

// extraKeys are keys of buckets that patterns tell apart from any other.
type extraKeys struct {
	e       *Engine
	as      Asking
	buckets []snapshot.Key
	columns []Column
	number  map[string]int // of a column by its ARN
	shared  []extraKey     // for every actor
	single  [][]extraKey   // by actor
	asked   func(actor int) bool
}

func (x *extraKeys) isAsked(actor int) bool { return x.asked == nil || x.asked(actor) }

type extraKey struct{ bucket, column int }

func (x *extraKeys) add(bucket int, key string) extraKey {
	arn := string(x.buckets[bucket]) + "/" + key
	n, ok := x.number[arn]
	if !ok {
		n = len(x.columns)
		x.number[arn] = n
		x.columns = append(x.columns, Column{On: x.buckets[bucket], Resource: arn})
	}
	return extraKey{bucket, n}
}

// ofBuckets adds the keys that buckets' own policies name, whoever asks.
func (x *extraKeys) ofBuckets() {
	for i, b := range x.buckets {
		r := x.e.t.resources[b]
		if r == nil || len(r.keyPatterns) == 0 || personal(r.keyPatterns) {
			continue
		}
		for _, k := range x.e.t.exampleKeys(Query{On: b, Context: x.as.Context}, nil)[1:] {
			x.shared = append(x.shared, x.add(i, k))
		}
	}
}

// personal tells whether patterns depend on who asks.
func personal(patterns []objectPattern) bool {
	return slices.ContainsFunc(patterns, func(o objectPattern) bool { return strings.Contains(o.key, "${") })
}

// ofActors adds the keys that the actors' own policies name, where any other object is not allowed already.
func (x *extraKeys) ofActors(m *Matrix) {
	x.single = make([][]extraKey, len(x.e.actors))
	name := func(i int) string {
		return strings.TrimPrefix(string(x.buckets[i]), bucketPrefix(string(x.buckets[i])))
	}
	matching := map[string][]int{} // bucket pattern → buckets
	var forEverybody []int
	for i, b := range x.buckets {
		if r := x.e.t.resources[b]; r != nil && personal(r.keyPatterns) {
			forEverybody = append(forEverybody, i)
		}
	}
	for n, a := range x.e.actors {
		if !x.isAsked(n) {
			continue
		}
		var own []objectPattern
		if p := x.e.t.principals[snapshot.Key(a.key)]; p != nil {
			own = p.keyPatterns
		}
		on := slices.Clone(forEverybody)
		for _, o := range own {
			found, ok := matching[o.bucket]
			if !ok {
				for i := range x.buckets {
					if iam.Match(o.bucket, name(i)) {
						found = append(found, i)
					}
				}
				matching[o.bucket] = found
			}
			on = append(on, found...)
		}
		slices.Sort(on)
		for _, i := range slices.Compact(on) {
			if o, _ := m.At(n, i); o == iam.Allow {
				continue
			}
			for _, k := range x.e.t.exampleKeys(Query{Principal: a.key, On: x.buckets[i], Context: x.as.Context}, own)[1:] {
				x.single[n] = append(x.single[n], x.add(i, k))
			}
		}
	}
}

// raise puts a better answer in the place of a worse one. What is needed for each of two ways is needed for both.
func (m *Matrix) raise(actor, col int, from Row, at int) {
	r, to := m.rows[actor], m.cs.place[col]
	o, seen := from.At(at)
	if o == iam.Deny {
		return
	}
	if r == m.none { // not everybody's any more
		own := newRow(len(m.cs.list))
		r, m.rows[actor] = &own, &own
	}
	old, oldSeen := r.At(to)
	for i := range max(len(r.Lacks), len(from.Lacks)) {
		needed := (old == iam.Deny || r.Lacks != nil && r.Lacks[i].Has(to)) && from.Lacks != nil && from.Lacks[i].Has(at)
		r.need(i, to, needed, max(len(r.Lacks), len(from.Lacks)), len(m.cs.list))
	}
	if rank(o, seen) <= rank(old, oldSeen) {
		return
	}
	for _, s := range []Set{r.Allow, r.Conditional, r.Unknown, r.Seen} {
		s.remove(to)
	}
	switch o {
	case iam.Allow:
		r.Allow.add(to)
	case iam.Conditional:
		r.Conditional.add(to)
	case iam.Unknown:
		r.Unknown.add(to)
		if seen {
			r.Seen.add(to)
		}
	}
}

// need sets whether a column needs something; lacks is how many things there are.
func (r *Row) need(number, col int, needed bool, lacks, n int) {
	if r.Lacks == nil {
		if !needed {
			return
		}
		for range lacks {
			r.Lacks = append(r.Lacks, newSet(n))
		}
	}
	r.Lacks[number].remove(col)
	if needed {
		r.Lacks[number].add(col)
	}
}
