package objective

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// way is one way in and what it asks, as far as an assertion wants to know.
type way struct {
	entry     *access.Entry
	principal string // as whom it comes in
	guards    access.Guard
	seen      bool
	account   bool // over administration of the whole account
}

// certain tells whether everything of a way was read. What runs in the account surely holds its role, even where it was not read who
// reaches it.
func (j *Judge) certain(w way) bool {
	if !w.seen || !w.entry.Unknown {
		return w.seen
	}
	switch w.entry.Kind {
	case access.ExposedHost, access.WebHost, access.PrivateHost:
		_, there := j.Snapshot.Get(snapshot.Key(w.entry.Actor))
		return there
	}
	return false
}

// is tells whether who takes a way is one of some actors; Unknown where what would say so was not read. One is who one comes in as: a
// person, a host, an identity of a provider, or the role that such a one holds from the outset. Whoever becomes an actor on the way does
// not become one of those who may.
func (j *Judge) is(w way, actors []string) snapshot.State {
	id := actorOf{who{w.entry, w.principal}, strings.Join(actors, "\x00")}
	st, known := j.actors[id]
	if !known {
		st = j.oneOf(w, actors)
		j.actors[id] = st
	}
	return st
}

func (j *Judge) oneOf(w way, actors []string) snapshot.State {
	best := snapshot.Absent
	for i := range j.Model.Actors {
		a := &j.Model.Actors[i]
		if !slices.Contains(actors, a.ID) {
			continue
		}
		switch j.acts(w, a) {
		case snapshot.Known:
			return snapshot.Known
		case snapshot.Unknown:
			best = snapshot.Unknown
		}
	}
	return best
}

func (j *Judge) acts(w way, a *threatmodel.Actor) snapshot.State {
	if len(a.Bind.OIDC) > 0 {
		return j.federated(w, a.Bind)
	}
	if a.Anybody() {
		return snapshot.Known // what anybody may, everybody may
	}
	if w.entry.Crowd() {
		return snapshot.Absent
	}
	return either(j.bound(a.Bind, w.entry.Actor), j.bound(a.Bind, w.principal))
}

// either: what is known of one of two is known.
func either(a, b snapshot.State) snapshot.State {
	switch {
	case a == snapshot.Known || b == snapshot.Known:
		return snapshot.Known
	case a == snapshot.Unknown || b == snapshot.Unknown:
		return snapshot.Unknown
	}
	return snapshot.Absent
}

// bound tells whether a selector chooses somebody.
func (j *Judge) bound(b threatmodel.Bind, who string) snapshot.State {
	if r, ok := j.Snapshot.Get(snapshot.Key(who)); ok {
		return j.chosen(b, r)
	}
	named := b.Names(who, j.Snapshot.Account)
	if b.ARN = nil; named && b.Empty() {
		return snapshot.Known
	}
	return snapshot.Absent // what is asked for besides is of this account's things only
}

// chosen tells whether a selector chooses a resource, with what was not read as what it is.
func (j *Judge) chosen(b threatmodel.Bind, r *snapshot.Resource) snapshot.State {
	return b.Choose(r, j.Model.Ask)
}

// federated tells whether every identity that a way lets in is one that an actor is bound to.
func (j *Judge) federated(w way, b threatmodel.Bind) snapshot.State {
	provider, subjects, ok := strings.Cut(w.entry.ID, "#")
	if !ok || subjects == "" {
		return snapshot.Absent
	}
	for subject := range strings.SplitSeq(subjects, "|") {
		if !b.MatchOIDC(subject) {
			return snapshot.Absent
		}
	}
	if b.OIDC = nil; b.Empty() {
		return snapshot.Known
	}
	return either(j.bound(b, provider), j.bound(b, w.principal))
}

// taker is who takes a way, and how many stand behind it.
type taker struct {
	name  string // of a person or machine: several principals of one person are that one
	crowd bool   // anybody
	group bool   // people or machines of whom no scan tells how many there are
}

const person = "person/"

func (j *Judge) taker(w way) taker {
	id := who{w.entry, w.principal}
	t, known := j.whose[id]
	if !known {
		t = j.takes(w)
		j.whose[id] = t
	}
	return t
}

func (j *Judge) takes(w way) taker {
	e := w.entry
	for i := range j.Model.People {
		p := &j.Model.People[i]
		if e.Personal() && either(j.bound(p.Bind, e.Actor), j.bound(p.Bind, w.principal)) == snapshot.Known {
			return taker{name: person + p.ID}
		}
	}
	t := taker{name: e.Actor}
	switch {
	case strings.HasPrefix(e.Actor, "unread "): // principals that were not listed
		t.group = true
	case e.Kind == access.Public || e.Kind == access.AnyPrincipal || e.Kind == access.OIDCNoSubject || e.Actor == access.AnyAccount:
		t.crowd = true
	case e.Kind == access.SSO || e.Kind == access.OIDCOrg || strings.HasPrefix(e.ID, "cognito-identity."):
		t.group = true
	}
	return t
}

// administrators are the actors who are meant to administer the whole account: a use case says so, or the objective that says who only may.
// Whoever administers the account may give himself whatever there is: no sentence about a single thing can keep him from it.
func (j *Judge) administrators() []string {
	var out []string
	for _, u := range j.Model.UseCases {
		for id, needs := range u.Needs {
			if j.isAccount(id) && slices.ContainsFunc(needs, func(n string) bool { c, _ := access.ParseCapability(n); return c == access.Admin }) {
				out = append(out, u.Actor)
			}
		}
	}
	for _, o := range j.Model.Objectives {
		for _, a := range o.Must {
			about := len(a.Targets) > 0 && !slices.ContainsFunc(a.Targets, func(id string) bool { return !j.isAccount(id) })
			if a.Kind == threatmodel.Only && about && slices.Contains(a.Access, "admin") {
				out = append(out, a.Actors...)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
