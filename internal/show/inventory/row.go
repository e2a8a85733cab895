package inventory

import (
	"github.com/footing-dev/footing/internal/judge/cost"
	"github.com/footing-dev/footing/internal/judge/duty"
	"github.com/footing-dev/footing/internal/judge/relation"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// viewer puts rows together.
type viewer struct {
	s     *snapshot.Snapshot
	m     *threatmodel.Model
	graph *relation.Graph

	costs    *cost.Table
	duties   *duty.Table
	evidence *duty.Evidence
}

func newViewer(s *snapshot.Snapshot, m *threatmodel.Model, e *duty.Evidence) *viewer {
	return &viewer{s, m, relation.Of(s), cost.Of(s), duty.Tables(), e}
}

func (v *viewer) row(r *snapshot.Resource) Row {
	out := Row{ARN: r.Key, Type: r.Type, Name: nameOf(r), Region: r.Region, Account: r.Account, Tags: r.Tags, Origin: r.Origin, Unknown: r.Unknown,
		Unit: said(v.unit(r)), Owner: said(v.m.Owner(r)), Class: said(v.m.Class(r)), Cost: costOf(v.costs.Figure(r)),
		Duties: v.dutiesOf(r), Managed: v.graph.Managed(v.s, r), Related: v.related(r.Key), properties: r.Properties}
	if out.Tags == nil {
		out.Tags = map[string]string{}
	}
	if out.Unknown == nil {
		out.Unknown = []string{}
	}
	return out
}

func nameOf(r *snapshot.Resource) string {
	if r.Name != "" {
		return r.Name
	}
	return short(string(r.Key))
}

// facts are what selectors ask that stands in no property.
func (v *viewer) facts(r *snapshot.Resource) *threatmodel.Facts {
	f := &threatmodel.Facts{Unit: v.unit(r), Owner: v.m.Owner(r), Class: v.m.Class(r), Managed: v.graph.Managed(v.s, r).By}
	for _, x := range v.related(r.Key) {
		f.Near = append(f.Near, x.Name, string(x.ARN))
	}
	return f
}

func (v *viewer) unit(r *snapshot.Resource) string { return v.m.Unit(r, v.vpc(r)) }

// vpc is the network that a resource stands in: as it says itself, or as its subnet does.
func (v *viewer) vpc(r *snapshot.Resource) string {
	if id := r.Text("VpcId"); id != "" {
		return id
	}
	for _, x := range v.graph.From(r.Key) {
		if to, ok := v.s.Get(x.To); ok && x.Kind == "in" && to.Text("VpcId") != "" {
			return to.Text("VpcId")
		}
	}
	return ""
}

// related is one hop each way.
func (v *viewer) related(k snapshot.Key) []Related {
	out := []Related{}
	add := func(kind string, other snapshot.Key, to bool) {
		if r, ok := v.s.Get(other); ok {
			out = append(out, Related{kind, to, other, nameOf(r), r.Type})
		}
	}
	for _, x := range v.graph.From(k) {
		add(x.Kind, x.To, true)
	}
	for _, x := range v.graph.To(k) {
		add(relation.Back(x.Kind), x.From, false)
	}
	return out
}

// compare tells what is new or changed since an earlier snapshot, and lists what is gone.
func (v *viewer) compare(l *List, asked Asked) map[snapshot.Key]string {
	out := map[snapshot.Key]string{}
	if asked.Before == nil {
		return out
	}
	d := snapshot.Between(asked.Before, v.s)
	for _, k := range d.Added {
		out[k] = "new"
	}
	for _, c := range d.Changed {
		out[c.Key] = "changed"
	}
	l.Since, l.Gone = asked.Before.ID, []Gone{}
	if l.Since == "" {
		l.Since = asked.Before.From
	}
	was := newViewer(asked.Before, v.m, nil)
	for _, k := range d.Gone {
		r, ok := asked.Before.Get(k)
		if ok && threatmodel.All(asked.Selectors, r, func() *threatmodel.Facts { return was.facts(r) }) {
			l.Gone = append(l.Gone, Gone{k, r.Type, nameOf(r)})
		}
	}
	return out
}
