package assess

import (
	"slices"
	"testing"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// A wildcard in the place of an account means this account: no stranger is taken for one of ours, on no sheet.
func TestNoStrangerIsOneOfOurs(t *testing.T) {
	const theirs = "arn:aws:iam::444455556666:root"
	bind := func(s ...string) threatmodel.Bind { return threatmodel.Bind{ARN: s} }
	for name, c := range map[string]struct {
		bind  threatmodel.Bind
		meant bool
	}{
		"our root":       {bind("*:root"), false},
		"any root":       {bind(access.AnyAccount), false},
		"everybody here": {bind("*"), false},
		"by its number":  {bind(theirs), true},
	} {
		m := threatmodel.Default()
		m.Actors = []threatmodel.Actor{{ID: "x", Bind: c.bind}}
		m.People = []threatmodel.Person{{ID: "ines", Bind: c.bind}}
		m.UseCases = []threatmodel.UseCase{{ID: "look", Actor: "x", Needs: map[string][]string{"logs": {"read"}}}}
		r, a := rowOf(t, with(root(object{"MfaActive": true}), bucket(), reader(trust("AWS", theirs))), m, "2026-06-01")
		i := slices.IndexFunc(r.Beside.Paths, func(p risk.Scored) bool { return p.Entry.ID == theirs })
		if i < 0 {
			t.Fatalf("%s: the other account has no way", name)
		}
		if got := r.Beside.Paths[i].Meant != ""; got != c.meant {
			t.Errorf("%s: meant %v", name, got)
		}
		if got := r.Beside.Paths[i].Entry.Actor != theirs; got != c.meant {
			t.Errorf("%s: counts for %s", name, r.Beside.Paths[i].Entry.Actor)
		}
		for _, x := range a.Sheet.Grouped(risk.Actor) {
			if x.ID == "x" && x.Access == access.Read && (x.Target == "logs") != c.meant {
				t.Errorf("%s: the actor's worst is %q", name, x.Target)
			}
		}
	}
}

// Who may be anybody is nobody by his role, and what is meant for anybody is meant for everybody.
func TestMeantForAnybody(t *testing.T) {
	github := "arn:aws:iam::" + ours + ":oidc-provider/token.actions.githubusercontent.com"
	org := trust("Federated", github, object{"StringLike": object{"token.actions.githubusercontent.com:sub": "repo:acme/*"}})
	for name, c := range map[string]struct {
		actor threatmodel.Actor
		meant bool
	}{
		"the role":         {threatmodel.Actor{ID: "x", Bind: threatmodel.Bind{ARN: words{arn("role", "app")}}}, false},
		"its subject":      {threatmodel.Actor{ID: "x", Bind: threatmodel.Bind{OIDC: words{"repo:acme/*"}}}, true},
		"a ? is no *":      {threatmodel.Actor{ID: "x", Bind: threatmodel.Bind{OIDC: words{"repo:acme/?"}}}, false},
		"anybody":          {threatmodel.Actor{ID: "x", Kind: "anonymous"}, true},
		"nobody was bound": {threatmodel.Actor{ID: "x", Kind: "human"}, false},
	} {
		m := threatmodel.Default()
		m.Actors = []threatmodel.Actor{c.actor}
		m.UseCases = []threatmodel.UseCase{{ID: "look", Actor: "x", Needs: map[string][]string{"logs": {"read"}}}}
		r, _ := rowOf(t, with(root(object{"MfaActive": true}), bucket(), reader(org)), m, "2026-06-01")
		i := slices.IndexFunc(r.Beside.Paths, func(p risk.Scored) bool { return p.Entry.Kind == access.OIDCOrg })
		if i < 0 {
			t.Fatalf("%s: no way from the organisation: %v", name, r.Beside.Paths)
		}
		if got := r.Beside.Paths[i].Meant != ""; got != c.meant {
			t.Errorf("%s: meant %v", name, got)
		}
	}
}
