// Package inventory shows what an account has: rows for scripts, a table for people, and always what could not be seen.
package inventory

import (
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/duty"
	"github.com/footing-dev/footing/internal/judge/relation"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// List is the inventory of one snapshot, as `list --format json` prints it.
type List struct {
	Footing   int       `json:"footing"`
	Snapshot  string    `json:"snapshot"`
	Account   string    `json:"account"`
	Name      string    `json:"name"`
	Taken     time.Time `json:"taken"`
	All       int       `json:"all"`             // resources in the snapshot, also those that were not chosen
	Since     string    `json:"since,omitempty"` // the snapshot that was compared with
	Resources []Row     `json:"resources"`
	Gone      []Gone    `json:"gone,omitempty"`   // since then
	Gaps      []Gap     `json:"gaps"`             // what could have been among Resources, and was not seen
	Duties    *Sum      `json:"duties,omitempty"` // of Resources, when they are asked for
	Costs     *Costs    `json:"costs"`            // of Resources, summed up; null when nothing is known of any

	sum    duty.Sum
	table  *duty.Table
	looked []string // the types that were asked for, were read and are not there
	nobody bool     // a type was asked for that no call lists and no resource has
}

// Row is one resource. What nobody said is null, never a guess.
type Row struct {
	ARN     snapshot.Key      `json:"arn"`
	Type    string            `json:"type"`
	Name    string            `json:"name"`
	Region  string            `json:"region"` // "" for a global resource
	Account string            `json:"account"`
	Unit    *string           `json:"unit"`
	Owner   *string           `json:"owner"`
	Class   *string           `json:"class"`
	Tags    map[string]string `json:"tags"`
	Cost    Cost              `json:"cost"`
	Duties  *Duties           `json:"duties"`
	Origin  snapshot.Origin   `json:"origin"`
	Unknown []string          `json:"unknown"` // properties that could not be read
	Managed relation.Managed  `json:"managed"`
	Change  string            `json:"change,omitempty"` // "new" or "changed" since the snapshot that was compared with
	Related []Related         `json:"related"`          // what it leads to, and what leads to it

	properties map[string]any
}

// Gone is a resource that was there before, and is not any more where somebody looked.
type Gone struct {
	ARN  snapshot.Key `json:"arn"`
	Type string       `json:"type"`
	Name string       `json:"name"`
}

// Related is one relation of a resource. "To" says that it leads from the resource to the other.
type Related struct {
	Kind string       `json:"kind"`
	To   bool         `json:"to"`
	ARN  snapshot.Key `json:"arn"`
	Name string       `json:"name"`
	Type string       `json:"type"`
}

// Asked is what of a snapshot is wanted.
type Asked struct {
	Selectors []threatmodel.Selector
	Before    *snapshot.Snapshot // to compare with; nil for none
	New       bool               // only what was not there before
	Changed   bool               // only what changed
	Gone      bool               // only what is gone
	Unmanaged bool               // only what no stack or tool is known to manage
	Cost      bool               // what things cost comes first
	Duties    bool               // whose duty what is
	Evidence  *duty.Evidence     // what rules say of duties; nil: nothing
}

// narrowed tells whether not everything is wanted.
func (a *Asked) narrowed() bool {
	return len(a.Selectors) > 0 || a.New || a.Changed || a.Gone || a.Unmanaged
}

// Gap is a call that left something unseen.
type Gap struct {
	Service  string       `json:"service"`
	Region   string       `json:"region"`
	Call     string       `json:"call"`
	Outcome  string       `json:"outcome"`
	Reason   string       `json:"reason"`
	Resource snapshot.Key `json:"resource,omitempty"` // the one resource that the call was about
	Types    []string     `json:"types"`
}

// Of lists the resources that are asked for, in ARN order, and the gaps that could have hidden more of them.
func Of(s *snapshot.Snapshot, m *threatmodel.Model, asked Asked) *List {
	sel := asked.Selectors
	l := &List{Footing: 1, Snapshot: s.ID, Account: s.Account, Name: s.Name, Taken: s.Taken, All: len(s.Resources),
		Resources: []Row{}, Gaps: []Gap{}}
	chosen := map[snapshot.Key]bool{}
	v := newViewer(s, m, asked.Evidence)
	l.table = v.duties
	var things []*snapshot.Resource
	changes := v.compare(l, asked)
	for i := range s.Resources {
		r := &s.Resources[i]
		change := changes[r.Key]
		if asked.Gone || (asked.New || asked.Changed) && !(asked.New && change == "new" || asked.Changed && change == "changed") {
			continue
		}
		if !threatmodel.All(sel, r, func() *threatmodel.Facts { return v.facts(r) }) {
			continue
		}
		row := v.row(r)
		if asked.Unmanaged && !row.Managed.Unmanaged(r) {
			continue
		}
		row.Change = change
		chosen[r.Key] = true
		l.Resources = append(l.Resources, row)
		things = append(things, r)
	}
	if asked.Duties {
		l.sumDuties(things, asked.Evidence)
	}
	l.costs(v, asked)
	for _, g := range Gaps(s) {
		if g.Resource != "" && chosen[g.Resource] || g.Resource == "" && couldHide(g, sel) {
			l.Gaps = append(l.Gaps, g)
		}
	}
	if !allTypes(sel, "") { // a type was asked for
		exists := slices.ContainsFunc(s.Resources, func(r snapshot.Resource) bool { return allTypes(sel, r.Type) })
		if !exists {
			l.looked = looked(s, sel)
			l.nobody = len(l.looked) == 0
		}
	}
	return l
}

// Gaps lists every call of a snapshot that left something unseen, with one sentence each.
func Gaps(s *snapshot.Snapshot) []Gap {
	out := []Gap{}
	for _, c := range s.Gaps() {
		g := Gap{Service: c.Service, Region: c.Region, Call: c.Call, Outcome: c.Outcome, Reason: c.Reason, Resource: c.Resource, Types: c.Types}
		if g.Reason == "" {
			g.Reason = c.Call + " was " + c.Outcome
		}
		if g.Types == nil {
			g.Types = []string{}
		}
		out = append(out, g)
	}
	return out
}

func said(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// short is the last part of an ARN, for what nobody gave a name.
func short(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	last := parts[len(parts)-1]
	return last[strings.LastIndexByte(last, '/')+1:]
}

func couldHide(g Gap, sel []threatmodel.Selector) bool {
	if len(g.Types) == 0 {
		return len(sel) == 0
	}
	return slices.ContainsFunc(g.Types, func(t string) bool { return allTypes(sel, t) })
}

func allTypes(sel []threatmodel.Selector, typ string) bool {
	for _, s := range sel {
		if !s.MatchType(typ) {
			return false
		}
	}
	return true
}

// looked lists the chosen types of which the snapshot says for sure that there are none.
func looked(s *snapshot.Snapshot, sel []threatmodel.Selector) []string {
	var out []string
	for _, c := range s.Coverage {
		for _, t := range c.Types {
			if allTypes(sel, t) && !slices.Contains(out, t) && s.Has(t, "") == snapshot.Absent {
				out = append(out, t)
			}
		}
	}
	slices.Sort(out)
	return out
}
