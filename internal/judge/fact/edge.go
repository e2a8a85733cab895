package fact

import (
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Edge is one thing whose end takes somebody's administration away, tried on the table of paths.
type Edge struct {
	Cut  string       // as "who admin --without" takes it; "" where it is an assignment of Identity Center
	Key  snapshot.Key // what one would change
	Says string
}

// mostTries is how many what-ifs the edges of one account may cost. Each is a table of paths of its own, which takes the longer the more principals there are.
const (
	mostTries  = 16
	fewTries   = 2
	principals = 2000 // of all tries together
)

func tries(c check.Case) int {
	n := len(c.Snapshot.OfType("AWS::IAM::User")) + len(c.Snapshot.OfType("AWS::IAM::Role"))
	return min(mostTries, max(fewTries, principals/max(n, 1)))
}

// Edge finds the one thing to cut for an administrator, where the way begins and the narrowest first: that a role is assumed, a statement, a policy. It is nil where no single one
// is enough, or where that was not tried, because so many others were: see Uncut.
func (x *Administration) Edge(a *Administrator) *Edge {
	var gone []string // whom it must leave without administration
	for i := range a.Holds {
		if p := a.Holds[i].Principal; !slices.Contains(gone, p) {
			gone = append(gone, p)
		}
	}
	if e, only := x.assignment(a); only {
		return e
	}
	return x.edge(&a.Holds[0].Path, gone)
}

// assignment is the one through which somebody of the directory holds all that he holds. only tells that he holds nothing otherwise.
func (x *Administration) assignment(a *Administrator) (e *Edge, only bool) {
	var keys []snapshot.Key
	for i := range a.Holds {
		if len(a.Holds[i].Assignments) == 0 {
			return nil, false
		}
		for _, k := range a.Holds[i].Assignments {
			if !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	if len(keys) != 1 {
		return nil, false
	}
	r, ok := x.c.Snapshot.Get(keys[0])
	if !ok {
		return nil, false
	}
	who := a.Name
	if r.Text("PrincipalType") == "GROUP" {
		who = "the group " + r.Text("PrincipalId")
		if g := x.directory("AWS::IdentityStore::Group", "GroupId", r.Text("PrincipalId")); g != nil {
			who = "the group " + g.Name
		}
	}
	set := Name(x.c, snapshot.Key(r.Text("PermissionSetArn")))
	return &Edge{Key: keys[0], Says: "the assignment of " + who + " to the permission set " + set}, true
}

// Without is who still administers the account after a cut, by principal; nil where no more cuts are tried.
func (x *Administration) without(cut string) map[string]bool {
	if still, tried := x.whatIf[cut]; tried {
		return still
	}
	if len(x.whatIf) >= x.tries {
		return nil
	}
	still := map[string]bool{}
	for _, a := range x.c.Without(cut).Who(x.c.Access.Account, access.Admin) {
		still[a.Principal] = true
	}
	x.whatIf[cut] = still
	return still
}

// Cut finds the one thing to cut for a principal of a path, as Edge does.
func (x *Administration) Cut(p *access.Path, principal string) *Edge {
	return x.edge(p, []string{principal})
}

// Uncut says why there is no edge to tell.
func (x *Administration) Uncut() string {
	if len(x.whatIf) < x.tries {
		return "no single cut is enough"
	}
	return "what to cut was not tried, since there are so many"
}

func (x *Administration) edge(p *access.Path, gone []string) *Edge {
	for _, e := range x.candidates(p) {
		if still := x.without(e.Cut); still != nil && !slices.ContainsFunc(gone, func(who string) bool { return still[who] }) {
			return &e
		}
	}
	return nil
}

// candidates are the edges of a path that one may cut, from where it begins: that a role is assumed, and what allows a step. Of a detour the step itself is no
// edge, since several statements may allow it.
func (x *Administration) candidates(p *access.Path) (out []Edge) {
	add := func(e Edge) {
		if !slices.ContainsFunc(out, func(o Edge) bool { return o.Cut == e.Cut }) {
			out = append(out, e)
		}
	}
	holder := p.Principal
	for _, s := range p.Steps {
		from := snapshot.Key(s.From)
		if s.By == "assume-role" {
			add(Edge{Cut: s.From + ">" + s.To, Key: from, Says: "that " + Name(x.c, from) + " may assume the role " + Name(x.c, snapshot.Key(s.To))})
		}
		for _, r := range s.Because {
			for _, e := range x.allowing(s.From, r) {
				add(e)
			}
		}
		holder = s.To
	}
	for _, r := range p.Because {
		for _, e := range x.allowing(holder, r) {
			add(e)
		}
	}
	return out
}

// allowing are the ways to take back what a statement allows somebody: the statement, or its policy. A policy of AWS's own is not edited but detached,
// and an inline policy is meant by its name alone, so that neither is one thing where he has it more than once.
func (x *Administration) allowing(who string, r iam.Ref) []Edge {
	if r.Layer != iam.LayerIdentity {
		return nil
	}
	from := x.carriers(who, r.Policy)
	if len(from) == 0 {
		return nil
	}
	m, managed := x.c.Snapshot.Get(snapshot.Key(r.Policy))
	name := r.Policy
	key := from[0]
	if managed {
		name = m.Name
		key = m.Key
	}
	has := ", which " + Name(x.c, snapshot.Key(who)) + " has"
	if r, ok := x.c.Snapshot.Get(snapshot.Key(who)); ok && permissionSet(r) != "" {
		has = " of the permission set " + permissionSet(r)
	}
	if via := from[0]; string(via) != who {
		has += " through the group " + Name(x.c, via)
	}
	awsOwn := strings.Contains(r.Policy, ":iam::aws:policy/")
	if (awsOwn || !managed) && len(from) > 1 {
		return nil
	}
	whole := Edge{Cut: r.Policy, Key: key, Says: "the policy " + name + has}
	if awsOwn {
		whole.Key = from[0]
		return []Edge{whole}
	}
	return []Edge{{Cut: access.StatementName(r), Key: key, Says: fmt.Sprintf("statement %d of the policy %s%s", r.Statement, name, has)}, whole}
}

// carriers are those that carry a policy of somebody: himself, and his groups.
func (x *Administration) carriers(who, policy string) (out []snapshot.Key) {
	r, ok := x.c.Snapshot.Get(snapshot.Key(who))
	if !ok {
		return nil
	}
	list := append([]*snapshot.Resource{r}, GroupsOf(x.c, r)...)
	for _, h := range list {
		arns, _ := h.Strings("ManagedPolicyArns")
		inline, _ := h.Maps("Policies")
		if slices.Contains(arns, policy) || slices.ContainsFunc(inline, func(m map[string]any) bool { return m["PolicyName"] == policy }) {
			out = append(out, h.Key)
		}
	}
	return out
}
