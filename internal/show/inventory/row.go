package inventory

import (
	"strings"

	"github.com/footing-dev/footing/internal/judge/cost"
	"github.com/footing-dev/footing/internal/judge/relation"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// viewer puts rows together.
type viewer struct {
	s     *snapshot.Snapshot
	m     *threatmodel.Model
	graph *relation.Graph
	table *cost.Table
}

func newViewer(s *snapshot.Snapshot, m *threatmodel.Model) *viewer {
	return &viewer{s, m, relation.Of(s), cost.Of(s)}
}

func (v *viewer) row(r *snapshot.Resource) Row {
	out := Row{ARN: r.Key, Type: r.Type, Name: nameOf(r), Region: r.Region, Account: r.Account, Tags: r.Tags, Origin: r.Origin, Unknown: r.Unknown,
		Unit: said(v.unit(r)), Owner: said(v.m.Owner(r)), Class: said(v.m.Class(r)), Cost: costOf(v.table.Figure(r)),
		Managed: v.managed(r), Related: v.related(r.Key), properties: r.Properties}
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
	f := &threatmodel.Facts{Unit: v.unit(r), Owner: v.m.Owner(r), Class: v.m.Class(r), Managed: v.managed(r).By}
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

// Managed tells what made a resource and keeps it as it is: By is a tool, "nobody", or "unknown" where its tags were not read.
type Managed struct {
	By string `json:"by"`
	In string `json:"in,omitempty"` // the stack
}

const (
	nobody  = "nobody"
	unknown = "unknown"
)

// tools are what people's tags call them.
var tools = []string{"terraform", "opentofu", "pulumi", "cdk", "cloudformation", "crossplane", "ansible", "serverless"}

// managed finds the stack of a resource, by AWS's own tag or because a stack lists it, else a tool that one of its tags names.
// "Automatic tagging", https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
func (v *viewer) managed(r *snapshot.Resource) Managed {
	if stack := r.Tags["aws:cloudformation:stack-name"]; stack != "" {
		return Managed{"cloudformation", stack}
	}
	for _, x := range v.graph.To(r.Key) {
		if stack, ok := v.s.Get(x.From); ok && stack.Type == "AWS::CloudFormation::Stack" {
			return Managed{"cloudformation", nameOf(stack)}
		}
	}
	for k, value := range r.Tags {
		key := strings.NewReplacer("-", "", "_", "", ":", "", " ", "").Replace(strings.ToLower(k))
		value = strings.ToLower(value)
		for _, tool := range tools {
			names := key == "managedby" || key == "provisionedby" || key == "provisioner" || key == "createdby" || key == "iac"
			if names && strings.Contains(value, tool) || key == tool && value != "false" && value != "no" {
				return Managed{By: tool}
			}
		}
	}
	if r.IsUnknown("Tags") {
		return Managed{By: unknown}
	}
	return Managed{By: nobody}
}

// unmanaged tells whether somebody made a resource by hand, as far as one can see. What AWS makes by itself is no one's to manage.
func (r *Row) unmanaged() bool {
	if OfAWS(r.ARN) || strings.Contains(string(r.ARN), ":role/aws-service-role/") || strings.Contains(string(r.ARN), ":role/aws-reserved/") {
		return false
	}
	switch r.Type {
	case "AWS::Account", "AWS::IAM::CredentialReport", "AWS::IAM::AccountSummary":
		return false
	}
	return r.Managed.By == nobody || r.Managed.By == unknown
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
	was := newViewer(asked.Before, v.m)
	for _, k := range d.Gone {
		r, ok := asked.Before.Get(k)
		if ok && threatmodel.All(asked.Selectors, r, func() *threatmodel.Facts { return was.facts(r) }) {
			l.Gone = append(l.Gone, Gone{k, r.Type, nameOf(r)})
		}
	}
	return out
}
