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
	id := changedNode(as).id
	limited, asked := t.limited[id]
	if !asked {
		limited = t.administers(as).outcome == iam.Deny
		t.limited[id] = limited
	}
	return as, limited
}

func (rt *Route) dropsBoundary() bool {
	for _, w := range rt.When {
		if w == "bounded" {
			return true
		}
	}
	return false
}

// changed is the node of a principal whose permissions somebody changed, and who is no way into the account by itself. Its edges are
// all that it may then: see become.
func (t *Table) changed(as decide.Query) node {
	at := changedNode(as)
	if t.kinds[at.id] == "" {
		t.kinds[at.id] = as.Principal
		t.changedSelves = append(t.changedSelves, as)
	}
	return at
}

// changedNode is not the principal's own: nobody signs in as it, and no list of principals names it.
func changedNode(as decide.Query) node {
	if as.Unbound {
		return node{as.Principal + "\x00unbound", Admin}
	}
	return node{as.Principal + "\x00edited", Admin}
}
