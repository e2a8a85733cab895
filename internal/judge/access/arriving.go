package access

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Arriving calls f for every principal that reaches a capability of a resource, and for every entry point at it: the shortest way for each
// set of guards and certainty. e is nil once a way, for the principal itself, whoever becomes it or nobody does. With None it tells who
// becomes a principal, itself among them. What leads through administration of the whole account is left out, as in Reaching.
func (t *Table) Arriving(k snapshot.Key, c Capability, f func(principal string, e *Entry, h How)) {
	if t.closed == nil {
		t.closed = t.newClosure()
	}
	to := node{string(k), c}
	ways := t.closed.links
	if c == None {
		ways = t.closed.upstream
	}
	for _, l := range ways(to) {
		n := t.closed.nodes[l.from]
		if !n.isPrincipal() || strings.Contains(n.id, ":group/") {
			continue
		}
		how := How{Guards: l.guards, Traces: int(l.traces), Hops: int(l.hops), Seen: l.sure > unseen}
		principal := t.principalName(n.id)
		f(principal, nil, how)
		for _, at := range t.entries[n] {
			with := how
			with.Guards |= at.guards
			f(principal, at.Entry, with)
		}
	}
}

// Taking lists the path steps that need an action, as Options.Cut takes them.
func (t *Table) Taking(action string) []string {
	var out []string
	if strings.EqualFold(action, "sts:AssumeRole") {
		out = append(out, "assume-role")
	}
	for _, r := range t.routes {
		if slices.ContainsFunc(r.Needs, func(n Need) bool { return strings.EqualFold(n.Action, action) }) {
			out = append(out, r.ID)
		}
	}
	return out
}
