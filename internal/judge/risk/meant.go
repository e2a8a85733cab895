package risk

import (
	"slices"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// called lists what people may call a thing that has rows: its id on the sheet, the id under which footing.yaml binds it, its key.
func (a *assessor) called(k snapshot.Key) []string {
	if names, ok := a.names[k]; ok {
		return names
	}
	names := []string{a.ids[k], string(k)}
	r, ok := a.snap.Get(k)
	if k == a.table.Account {
		names[0] = AccountID
		if !ok {
			r, ok = &snapshot.Resource{Key: k, Type: "AWS::Account", Account: a.snap.Account}, true
		}
	}
	if ok {
		if st := a.model.Of(r); st != nil && st.ID != "" && st.ID != names[0] {
			names = append(names, st.ID)
		}
	}
	a.names[k] = names
	return names
}

// needing lists the use cases that need an access to a thing. Who is meant to administer it is meant to read and write it.
func (a *assessor) needing(k snapshot.Key, c access.Capability) []*threatmodel.UseCase {
	var out []*threatmodel.UseCase
	for i := range a.model.UseCases {
		u := &a.model.UseCases[i]
		if slices.ContainsFunc(a.called(k), func(name string) bool {
			return slices.ContainsFunc(u.Needs[name], func(n string) bool {
				want, _ := access.ParseCapability(n)
				return want == c || want == access.Admin
			})
		}) {
			out = append(out, u)
		}
	}
	return out
}

// meant is the use case for which somebody stated a way; "" for none.
func (a *assessor) meant(e *access.Entry, principal string, needing []*threatmodel.UseCase) string {
	for _, u := range needing {
		if a.serves(u, e, principal) {
			return u.ID
		}
	}
	return ""
}

// service is one way in beside one use case.
type service struct {
	use *threatmodel.UseCase
	through
}

// serves tells whether whoever enters is the actor of a use case, or one of the components on its path. Nobody is his role in a crowd; what is
// meant for anybody is meant for everybody.
func (a *assessor) serves(u *threatmodel.UseCase, e *access.Entry, principal string) bool {
	at := service{u, through{e, principal}}
	if yes, ok := a.served[at]; ok {
		return yes
	}
	is := func(b threatmodel.Bind) bool {
		return chooses(a.snap, a.model, b, principal) || chooses(a.snap, a.model, b, e.ID)
	}
	yes := slices.ContainsFunc(a.model.Actors, func(x threatmodel.Actor) bool {
		return x.ID == u.Actor && (x.Anybody() || (len(x.Bind.OIDC) > 0 || !e.Crowd()) && is(x.Bind))
	}) ||
		slices.ContainsFunc(a.model.Components, func(c threatmodel.Component) bool { return slices.Contains(u.Path, c.ID) && is(c.Bind) })
	a.served[at] = yes
	return yes
}

// Excess is how many ways nobody stated. It is known once a row is told.
func (l *Likelihood) Excess() int {
	n := 0
	for i := range l.Paths {
		if l.Paths[i].Meant == "" {
			n++
		}
	}
	return n
}

// Stated tells whether some use case needs an access to a thing: only then "nobody needs it" means something.
func (s *Sheet) Stated(r *Row) bool { return len(s.assessor.needing(r.Key, r.Access)) > 0 }
