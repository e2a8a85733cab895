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

func (r *Route) dropsBoundary() bool {
	for _, w := range r.When {
		if w == "bounded" {
			return true
		}
	}
	return false
}

// within adds what somebody gains who gets a principal's permissions changed: all that it may then, in one step.
func (t *Table) within(by *Route, p string, as decide.Query, v verdict) {
	gain := func(to node, d verdict, prefix string) {
		if d.outcome == iam.Deny || to.isPrincipal() && to.id == p || t.already(node{p, None}, to) {
			return
		}
		both := verdict{outcome: worse(v.outcome, d.outcome), seen: v.seen && d.seen, because: v.because, open: v.open}
		for _, c := range d.open {
			both = both.and(iam.Decision{Outcome: iam.Allow, Residual: []iam.Condition{c}})
		}
		e := &edge{from: node{p, None}, to: to, by: by.ID, trace: by.Trace, prefix: prefix}
		both.onto(e)
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
			if state == snapshot.Absent || !ok {
				continue
			}
			d, prefix := t.needsAs(rt, r, as)
			if state == snapshot.Unknown {
				d.outcome, d.seen = worse(d.outcome, iam.Unknown), false
			}
			gain(to, d, prefix)
		}
	}
	for _, role := range t.snap.OfType("AWS::IAM::Role") {
		q := as
		q.Action, q.On = "sts:AssumeRole", role.Key
		if t.namesPrincipals(role) {
			gain(node{string(role.Key), None}, verdict{outcome: iam.Allow, seen: true}.and(t.decisions.Explain(q)), "")
		}
	}
}
