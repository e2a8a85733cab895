package draft

import (
	"cmp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
)

const (
	mostComponents = 10 // of a draft
	fewMembers     = 3  // of a component stand in its bind; more are chosen by their role
)

// part is a component.
type part struct {
	id      string
	name    string
	members []snapshot.Key // what runs
	role    snapshot.Key   // what it runs as; "" when unknown
	kind    string
	ci      bool // a role that a build takes on from outside
	faces   bool // the internet reaches it
	uses    map[string][]access.Capability
	fresh   bool
}

// computing lists the types that are components by themselves.
var computing = []string{
	"AWS::ECS::Service", "AWS::Lambda::Function", "AWS::EC2::Instance", "AWS::AppRunner::Service", "AWS::CodePipeline::Pipeline",
	"AWS::CodeBuild::Project", "AWS::StepFunctions::StateMachine", "AWS::Glue::Job", "AWS::EKS::Cluster", "AWS::ElasticBeanstalk::Environment",
}

// find gathers what runs. Instances of one group, and those with one role and one name, are one component.
func (m *maker) find() {
	at := map[string]int{}
	add := func(group string, p part) {
		if i, ok := at[group]; ok {
			m.runs[i].members = append(m.runs[i].members, p.members...)
			return
		}
		at[group] = len(m.runs)
		m.runs = append(m.runs, p)
	}
	for _, typ := range computing {
		for _, r := range m.s.OfType(typ) {
			p := part{name: cmp.Or(r.Name, string(r.Key)), members: []snapshot.Key{r.Key}, role: m.roleOf(r), kind: kindOf(typ)}
			group := string(r.Key)
			if typ == "AWS::EC2::Instance" {
				if r.Text("State") == "terminated" {
					continue
				}
				if asg := r.Tags["aws:autoscaling:groupName"]; asg != "" {
					p.name, group = asg, "group "+asg
				} else if r.Tags["Name"] != "" {
					group = "instances " + r.Tags["Name"] + string(p.role)
				}
			}
			add(group, p)
		}
	}
	for _, role := range m.s.OfType("AWS::IAM::Role") {
		if len(m.subjects(role)) > 0 {
			add(string(role.Key), part{name: role.Name, role: role.Key, kind: "pipeline", ci: true})
		}
	}
	for i := range m.runs {
		p := &m.runs[i]
		p.uses = map[string][]access.Capability{}
		p.faces = slices.ContainsFunc(m.entry, func(e *access.Entry) bool {
			return (e.Kind == access.WebHost || e.Kind == access.ExposedHost) && !e.Unknown && slices.Contains(p.members, snapshot.Key(e.Actor))
		})
	}
}

// roleOf is what something runs as: its own role, or the role of what it runs.
func (m *maker) roleOf(r *snapshot.Resource) snapshot.Key {
	k := r.Key
	for range 3 {
		next := snapshot.Key("")
		for _, x := range m.graph.From(k) {
			to, ok := m.s.Get(x.To)
			switch {
			case !ok:
			case x.Kind == "has role" && to.Type == "AWS::IAM::Role":
				if from, _ := m.s.Get(k); from.Type != "AWS::ECS::TaskDefinition" || from.Text("TaskRoleArn") == string(to.Key) {
					return to.Key
				}
			case x.Kind == "has" && to.Type == "AWS::IAM::InstanceProfile", x.Kind == "runs" && to.Type == "AWS::ECS::TaskDefinition":
				next = to.Key
			}
		}
		if next == "" {
			return ""
		}
		k = next
	}
	return ""
}

// look works out the ways to the named resources, and what each component uses by them.
func (m *maker) look() {
	m.find()
	m.a.Sheet.Each(func(r *risk.Row) bool {
		return slices.ContainsFunc(m.named, func(n named) bool { return n.key == r.Key })
	}, func(_ int, r *risk.Row) {
		m.ways[rowName(r.Key, r.Access)] = r.Beside.Paths
	})
	for _, n := range m.named {
		for _, c := range []access.Capability{access.Read, access.Write} {
			ways := m.ways[rowName(n.key, c)]
			if slices.ContainsFunc(ways, func(s risk.Scored) bool { return s.Entry.Kind == access.Public && s.Seen && len(s.Steps) == 0 }) {
				continue // what everybody has says nothing of who uses it
			}
			for _, s := range ways {
				for i := range m.runs {
					if p := &m.runs[i]; plainly(s) && m.through(p, s) && !slices.Contains(p.uses[n.id], c) {
						p.uses[n.id] = append(p.uses[n.id], c)
					}
				}
			}
		}
	}
}

func rowName(k snapshot.Key, c access.Capability) string { return c.String() + " " + string(k) }

// plainly tells that a way is an ordinary use: it was seen, and changes nothing on its way.
func plainly(s risk.Scored) bool { return s.Seen && !s.Entry.Unknown && s.Traces() == 0 }

// through tells whether a way begins in a component.
func (m *maker) through(p *part, s risk.Scored) bool {
	if p.ci {
		return s.Principal == string(p.role) && strings.HasPrefix(s.Entry.Kind, "oidc")
	}
	return slices.Contains(p.members, snapshot.Key(s.Entry.Actor))
}

// used lists what a component uses, in the order of the file.
func (m *maker) used(p *part) []string {
	var out []string
	for _, n := range m.named {
		if len(p.uses[n.id]) > 0 {
			out = append(out, n.id)
		}
	}
	return out
}

// components names what faces the internet, what uses something that is named, then the rest.
func (m *maker) components() []Item {
	slices.SortStableFunc(m.runs, func(a, b part) int {
		weight := func(p *part) int {
			n := 0
			if p.faces {
				n += 4
			}
			if len(p.uses) > 0 {
				n += 2
			}
			if p.ci {
				n++
			}
			return -n
		}
		return cmp.Or(weight(&a)-weight(&b), strings.Compare(a.name, b.name))
	})
	m.runs = m.runs[:min(len(m.runs), mostComponents)]
	var out []Item
	for i := range m.runs {
		p := &m.runs[i]
		if p.id = m.componentOf(p); p.id != "" {
			continue
		}
		p.fresh, p.id = true, m.id(ofThings, p.name, p.kind)
		fs := fields{{"id", p.id}, {"bind", fields{{"arn", oneOrMore(m.bound(p))}}}}
		if uses := m.used(p); len(uses) > 0 {
			fs = append(fs, field{"uses", uses})
		}
		out = append(out, item(p.id, fs, ""))
	}
	return out
}

// bound is what chooses a component: what runs, and its role. Of a group the instances come and go.
func (m *maker) bound(p *part) []string {
	var out []string
	for _, k := range p.members {
		if e := m.ending(k); !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	if len(out) > fewMembers && p.role != "" {
		out = nil
	}
	if p.role != "" && !slices.Contains(out, m.ending(p.role)) {
		out = append(out, m.ending(p.role))
	}
	return out
}

// componentOf is the id of a component that the file states and that binds some of it.
func (m *maker) componentOf(p *part) string {
	keys := p.members
	if len(keys) == 0 || len(keys) > fewMembers {
		keys = append(slices.Clone(keys), p.role)
	}
	for _, c := range m.known.Components {
		for _, k := range keys {
			if r, ok := m.s.Get(k); ok && c.Bind.Match(r) {
				return c.ID
			}
		}
	}
	return ""
}
