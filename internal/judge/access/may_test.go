package access

import (
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
)

// WhoMay says of every user and role of drawn accounts what the plain evaluator says, and Administrators names those whom Who names without a step.
func TestDrawnMay(t *testing.T) {
	met, admins := 0, 0
	actions := newSample(t).table().DirectActions()
	for seed := range drawnAccounts(t, 30) {
		d, a := newDrawn(seed, 9), newSample(t)
		d.account(a)
		s := a.snapshot()
		table := compiled(s, Options{})
		for i := range s.Resources {
			r := &s.Resources[i]
			for action, types := range actions {
				if !slices.Contains(types, r.Type) || ObjectAction(action) && strings.HasPrefix(action, "s3:") {
					continue
				}
				got := map[string]iam.Outcome{}
				for _, h := range table.WhoMay(Need{Action: action}, r) {
					got[h.Principal] = h.Outcome
				}
				for _, p := range table.decisions.Principals() {
					if strings.Contains(string(p), ":group/") {
						continue
					}
					q := decide.Query{Principal: string(p), Action: action, On: r.Key, Context: map[string][]string{}}
					boundaryKey(&q, r)
					want := table.explain(q).Outcome
					if have, ok := got[string(p)]; ok && have != want || !ok && want != iam.Deny {
						t.Errorf("seed %d: %s for %s on %s is %v (%v), want %v", seed, action, p, r.Key, have, ok, want)
					}
					if want != iam.Deny {
						met++
					}
				}
			}
		}
		var named, want []string
		for _, h := range table.Administrators() {
			named = append(named, h.Principal)
		}
		for _, w := range table.Who(table.Account, Admin) {
			for _, p := range append([]Path{w.Path}, w.Others...) {
				if len(p.Steps) == 0 && p.By != "unread" && (p.By == "administrator" || p.By == "root-user") {
					want = append(want, w.Principal)
				}
			}
		}
		admins += len(named) - 1
		slices.Sort(want)
		if want = slices.Compact(want); !slices.Equal(named, want) {
			t.Errorf("seed %d: %q, and Who names %q", seed, named, want)
		}
	}
	t.Logf("%d cells, %d administrators", met, admins)
	if met < 200 || admins < 5 {
		t.Error("the accounts say too little")
	}
}

// A name that the caller may choose is one that his policies allow, and what a request carries is asked for.
func TestMayChoose(t *testing.T) {
	a := newSample(t)
	limit := "arn:aws:iam::" + ours + ":policy/limit"
	a.user("narrow", permit("iam:CreateRole", "arn:aws:iam::"+ours+":role/app-*"))
	a.user("bound", permit("iam:CreateRole", "*", object{"Condition": object{"StringEquals": object{"iam:PermissionsBoundary": limit}}}))
	a.user("other", permit("iam:CreateUser", "*"))
	table := compiled(a.snapshot(), Options{})
	who := func(boundary string) (out []string) {
		for _, h := range table.WhoMay(Need{Action: "iam:CreateRole", On: "arn:aws:iam::{account}:role/{any}", With: map[string]string{"iam:PermissionsBoundary": boundary}}, nil) {
			out = append(out, last(last(h.Principal, "/"), ":"))
		}
		return out
	}
	if got := who(""); !slices.Equal(got, []string{"root", "narrow"}) {
		t.Errorf("without a boundary %q", got)
	}
	if got := who(limit); !slices.Equal(got, []string{"root", "bound", "narrow"}) {
		t.Errorf("with it %q", got)
	}
}
