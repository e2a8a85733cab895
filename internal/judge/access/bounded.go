package access

import (
	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/snapshot"
)

// limits tells whether a route that edits somebody's permissions ends at less than the whole account, and as whom its gains are to
// be asked: who writes his own policies gets what his permissions boundary allows, and who drops his boundary gets what his policies
// allow (IAM User Guide, "Permissions boundaries for IAM entities").
func (t *Table) limits(rt *Route, r *snapshot.Resource, p string) (decide.Query, bool) {
	as := decide.Query{Principal: p, Edited: true}
	switch {
	case rt.Becomes == "unbounded":
		as.Edited, as.Unbound = false, true
		if !rt.Self {
			as.Principal = string(r.Key) // another's boundary
		}
	case rt.Gives != "account" || t.condition("bounded", r) == snapshot.Known && rt.dropsBoundary():
		return as, false
	case !rt.Self && (r.Type == "AWS::IAM::Role" || r.Type == "AWS::IAM::User"):
		as.Principal = string(r.Key)
	}
	if who, ok := t.snap.Get(snapshot.Key(as.Principal)); ok && !as.Unbound {
		if _, state := who.Property("PermissionsBoundary"); state == snapshot.Absent {
			return as, false
		}
	}
	return as, t.administers(as).outcome == iam.Deny
}

func (rt *Route) dropsBoundary() bool {
	for _, w := range rt.When {
		if w == "bounded" {
			return true
		}
	}
	return false
}

// changed is the node of a principal whose permissions somebody changed, and is no way into the account by itself. Its edges are all
// that it may then, each thing once.
func (t *Table) changed(as decide.Query) node {
	id := as.Principal + "\x00edited"
	if as.Unbound {
		id = as.Principal + "\x00unbound"
	}
	at := node{id, Admin} // not None: nobody signs in as it, and no list of principals names it
	if t.edited[id] {
		return at
	}
	t.edited[id], t.kinds[id] = true, as.Principal
	sure := map[node]bool{}
	gain := func(e *edge, v verdict) {
		if v.outcome == iam.Deny || sure[e.to] || e.to.id == as.Principal {
			return
		}
		sure[e.to] = v.outcome == iam.Allow
		e.from = at
		v.onto(e)
		t.add(e)
	}
	for i := range t.routes {
		rt := &t.routes[i]
		if rt.Self {
			continue
		}
		for _, r := range t.snap.OfType(rt.On) {
			state := t.holds(rt, r)
			to, ok := t.target(rt, r)
			if state == snapshot.Absent || !ok || sure[to] {
				continue
			}
			v, prefix := t.needsAs(rt, r, as)
			if state == snapshot.Unknown {
				v.outcome, v.seen = worse(v.outcome, iam.Unknown), false
			}
			gain(&edge{to: to, by: rt.ID, direct: rt.Direct, trace: rt.Trace, prefix: prefix}, v)
		}
	}
	for _, role := range t.snap.OfType("AWS::IAM::Role") {
		q := as
		q.Action, q.On = "sts:AssumeRole", role.Key
		if t.namesPrincipals(role) {
			gain(&edge{to: node{string(role.Key), None}, by: "assume-role"}, verdict{outcome: iam.Allow, seen: true}.and(t.explain(q)))
		}
	}
	return at
}
