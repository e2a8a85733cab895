package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Cell is one combination that is not denied, by the principal's own permissions.
type Cell struct {
	Principal string
	Action    string
	Resource  snapshot.Key
	Outcome   iam.Outcome
}

// DirectActions lists the actions of the plain uses, with the types they apply to.
func (t *Table) DirectActions() map[string][]string {
	out := map[string][]string{}
	for _, r := range t.routes {
		if !r.Direct {
			continue
		}
		for _, n := range r.Needs {
			if (n.On == "" || n.On == "object" || n.within()) && !slices.Contains(out[n.Action], r.On) {
				out[n.Action] = append(out[n.Action], r.On)
			}
		}
	}
	return out
}

// All decides actions for every principal and every resource that they apply to; without any, those of the plain uses.
// An action that no route knows is asked of the resources of its service. Stable order: principal, action, resource.
func (t *Table) All(actions []string) []Cell {
	types := t.DirectActions()
	if len(actions) == 0 {
		for a := range types {
			actions = append(actions, a)
		}
	}
	slices.Sort(actions)
	byType := map[string][]*snapshot.Resource{}
	for i := range t.snap.Resources {
		r := &t.snap.Resources[i]
		byType[r.Type] = append(byType[r.Type], r)
	}
	var out []Cell
	for _, action := range slices.Compact(actions) {
		on := typesOf(types, action)
		for typ, resources := range byType {
			if on != nil && !slices.Contains(on, typ) || !ofService(action, typ) {
				continue
			}
			out = t.everybodys(out, action, resources)
			for _, r := range resources {
				out = t.outsiders(out, action, r)
			}
		}
	}
	slices.SortFunc(out, func(a, b Cell) int {
		return cmp.Or(strings.Compare(a.Principal, b.Principal), strings.Compare(a.Action, b.Action), strings.Compare(string(a.Resource), string(b.Resource)))
	})
	return out
}

// plainly asks an action of the account's own principals on resources of one type, of some object or part of theirs where it is about those,
// or where there is no resource on "*".
func (t *Table) plainly(action string, on ...*snapshot.Resource) rows {
	n := Need{Action: action, On: "any"}
	if on[0] != nil {
		n.On = t.plainOn(action, on[0].Type)
	}
	return t.newAsker(on).plain(n, func(actor int) bool { return !t.isChanged(actor) })
}

// plainOn is what a plain use of an action is about, on things of a type: the thing itself, or some object or part of it.
func (t *Table) plainOn(action, typ string) string {
	if typ == "AWS::S3::Bucket" && ObjectAction(action) {
		return "object"
	}
	for _, rt := range t.byType[typ] {
		for i := range rt.Needs {
			if n := &rt.Needs[i]; n.within() && strings.EqualFold(n.Action, action) {
				return n.On
			}
		}
	}
	return ""
}

// everybodys adds the cells of the account's own principals.
func (t *Table) everybodys(out []Cell, action string, on []*snapshot.Resource) []Cell {
	row := t.plainly(action, on...)
	for actor, p := range t.actors {
		if strings.Contains(p, ":group/") || t.isChanged(actor) {
			continue
		}
		c := row(actor)
		c.each(func(col int) { out = append(out, Cell{p, action, on[col].Key, c.at(col).outcome}) })
	}
	return out
}

// outsiders adds the cells of whoever a resource's policy means outside the account.
func (t *Table) outsiders(out []Cell, action string, r *snapshot.Resource) []Cell {
	anonymous := iam.Deny
	for _, p := range t.strangers(r) {
		v, _ := t.one(action, r, p)
		switch {
		case v.outcome == iam.Deny:
			continue
		case p == decide.Anonymous:
			anonymous = v.outcome
		case p == decide.Stranger && certainty(anonymous) >= certainty(v.outcome):
			continue // whoever needs no account needs no stranger's
		case p == decide.Stranger:
			p = AnyAccount
		}
		out = append(out, Cell{p, action, r.Key, v.outcome})
	}
	return out
}

// typesOf finds the types of an action; the case of its name does not matter.
func typesOf(types map[string][]string, action string) []string {
	for a, on := range types {
		if strings.EqualFold(a, action) {
			return on
		}
	}
	return nil
}

// ofService tells whether a type belongs to the service of an action.
func ofService(action, typ string) bool {
	service, _, _ := strings.Cut(strings.ToLower(action), ":")
	_, name, _ := strings.Cut(typ, "::")
	name, _, _ = strings.Cut(strings.ToLower(name), "::")
	switch service {
	case "logs":
		return name == "logs"
	case "ebs":
		return name == "ec2"
	case "sts":
		return typ == "AWS::IAM::Role"
	case "elasticfilesystem":
		return name == "efs"
	case "es":
		return name == "opensearchservice" || name == "elasticsearch"
	}
	return service == name
}

// About tells whether some route gives READ, WRITE or ADMIN of a type.
func (t *Table) About(typ string) bool {
	return slices.ContainsFunc(t.routes, func(r Route) bool { return r.On == typ && r.capability() != None })
}

// Knows tells whether some route names an action. Case does not matter.
func (t *Table) Knows(action string) bool {
	for _, r := range t.routes {
		for _, n := range r.Needs {
			if strings.EqualFold(n.Action, action) {
				return true
			}
		}
	}
	return false
}
