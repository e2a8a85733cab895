package iam

// term is a part of a decision: its truth, the statements that make it so, and what it waits for when open.
type term struct {
	t        tri
	because  []Ref
	residual []Condition
}

var always = term{t: yes}

// and needs all its terms.
func and(terms ...term) term {
	out := term{t: yes}
	for _, x := range terms {
		if x.t == no {
			return term{}
		}
		out.t = min(out.t, x.t)
		out.because = append(out.because, x.because...)
		out.residual = append(out.residual, x.residual...)
	}
	return out
}

// or needs one of its terms. Terms that hold hide those that are open.
func or(terms ...term) term {
	out := term{}
	for _, x := range terms {
		out.t = max(out.t, x.t)
	}
	if out.t == no {
		return out
	}
	for _, x := range terms {
		if x.t == out.t {
			out.because = append(out.because, x.because...)
			out.residual = append(out.residual, x.residual...)
		}
	}
	return out
}

// add joins one more statement in, as or does.
func (x *term) add(t tri, ref Ref, residual []Condition) {
	switch {
	case t == no || t < x.t:
		return
	case t > x.t:
		*x = term{t: t}
	}
	x.because = append(x.because, ref)
	x.residual = append(x.residual, residual...)
}

// negate marks residuals of a Deny: the request is allowed only while they do not hold.
func negate(conditions []Condition) []Condition {
	out := make([]Condition, len(conditions))
	for i, c := range conditions {
		c.Negated = !c.Negated
		out[i] = c
	}
	return out
}

// unique drops repetitions and keeps the order.
func unique[T any](items []T, equal func(a, b *T) bool) []T {
	var out []T
next:
	for i := range items {
		for j := range out {
			if equal(&items[i], &out[j]) {
				continue next
			}
		}
		out = append(out, items[i])
	}
	return out
}

func sameRef(a, b *Ref) bool { return *a == *b }

func sameCondition(a, b *Condition) bool {
	if a.Operator != b.Operator || a.Key != b.Key || a.Negated != b.Negated || len(a.Values) != len(b.Values) {
		return false
	}
	for i := range a.Values {
		if a.Values[i] != b.Values[i] {
			return false
		}
	}
	return true
}
