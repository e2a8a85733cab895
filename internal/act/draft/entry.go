package draft

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

const (
	mostDoors  = 12
	fewKeys    = 3 // are listed one by one
	mostLeads  = 4
	mostFronts = 3
)

// door is an entry point with a name.
type door struct {
	id    string
	kinds []string // of ways in that it is; nil for all of what it binds
	arns  []string
	leads []string // components; without any, the named resources that its ways lead to
	takes func(*access.Entry) bool
}

// entryPoints names the ways in: each stands there once, whatever guards it today.
func (m *maker) entryPoints() []Item {
	add := func(d door) {
		if slices.ContainsFunc(m.entry, func(e *access.Entry) bool { return !e.Unknown && d.takes(e) }) && len(m.doors) < mostDoors {
			m.doors = append(m.doors, d)
		}
	}
	kinds := func(id string, kinds ...string) {
		add(door{id: id, kinds: kinds, takes: func(e *access.Entry) bool { return slices.Contains(kinds, e.Kind) }})
	}
	for i := range m.runs {
		if p := &m.runs[i]; p.faces {
			add(m.facing(p))
		}
	}
	kinds("anyone", access.Public, access.AnyPrincipal)
	kinds("sign-in", access.PasswordNoMFA, access.PasswordMFA)
	kinds("single-sign-on", access.SSO)
	kinds("root", access.RootNoMFA, access.RootMFA, access.RootKey)
	keyed := m.keyed()
	for _, u := range keyed {
		arn := m.ending(u)
		add(door{id: "key-of-" + m.name(u), kinds: []string{access.AccessKey}, arns: []string{arn}, takes: func(e *access.Entry) bool {
			return e.Kind == access.AccessKey && threatmodel.Glob(arn, e.ID)
		}})
	}
	if len(keyed) == 0 {
		kinds("access-keys", access.AccessKey)
	}
	for _, e := range m.entry {
		provider, _, _ := strings.Cut(e.ID, "#")
		var id string
		switch {
		case strings.HasPrefix(e.Kind, "oidc") && strings.Contains(provider, ":oidc-provider/"):
			_, host, _ := strings.Cut(provider, ":oidc-provider/")
			if _, ok := m.s.Get(snapshot.Key(provider)); !ok {
				if !slices.ContainsFunc(m.doors, func(d door) bool { return d.takes(e) }) {
					kinds("builds", access.OIDCNoSubject, access.OIDCOrg, access.OIDCRepo, access.OIDCPinned)
				}
				continue
			}
			id = hostName(host)
		case foreign(e) != "":
			id = "from-account-" + foreign(e)
		default:
			continue
		}
		arn := m.ending(snapshot.Key(provider))
		if slices.ContainsFunc(m.doors, func(d door) bool { return slices.Contains(d.arns, arn) }) {
			continue
		}
		d := door{id: id, arns: []string{arn}, takes: func(e *access.Entry) bool { from, _, _ := strings.Cut(e.ID, "#"); return threatmodel.Glob(arn, from) }}
		for i := range m.runs {
			if p := &m.runs[i]; p.ci && foreign(e) == "" && m.byProvider(p, provider) {
				d.leads = append(d.leads, p.id)
			}
		}
		add(d)
	}
	var out []Item
	for i := range m.doors {
		d := &m.doors[i]
		if stated := m.doorOf(d); stated != "" {
			d.id = stated
			continue
		}
		d.id = m.id(ofDoors, d.id, "entry")
		out = append(out, m.doorItem(d))
	}
	return out
}

// hosts are where people keep source or build it.
var hosts = []string{"github", "gitlab", "bitbucket", "circleci", "buildkite", "terraform"}

// hostName is a provider as people call it.
func hostName(host string) string {
	host, _, _ = strings.Cut(host, "/")
	for _, known := range hosts {
		if strings.Contains(host, known) {
			return known
		}
	}
	return host
}

// sourceHosts lists where the source of builds lives, with the organisation where that is known.
func (m *maker) sourceHosts() []string {
	var out []string
	for _, e := range m.entry {
		provider, subject, _ := strings.Cut(e.ID, "#")
		_, host, ok := strings.Cut(provider, ":oidc-provider/")
		if !ok || !strings.HasPrefix(e.Kind, "oidc") || !slices.Contains(hosts, hostName(host)) {
			continue
		}
		name := hostName(host)
		if _, rest, ok := strings.Cut(subject, ":"); ok {
			if org, _, ok := strings.Cut(rest, "/"); ok && !strings.ContainsAny(org, "*?|") {
				name += " (" + org + ")"
			}
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for _, from := range []struct{ typ, property string }{
		{"AWS::CodeBuild::Project", "Source.Type"}, {"AWS::CodeConnections::Connection", "ProviderType"}, {"AWS::CodeStarConnections::Connection", "ProviderType"},
	} {
		for _, r := range m.s.OfType(from.typ) {
			kind := hostName(strings.ToLower(r.Text(from.property)))
			if slices.Contains(hosts, kind) && !slices.ContainsFunc(out, func(o string) bool { return strings.HasPrefix(o, kind) }) {
				out = append(out, kind)
			}
		}
	}
	return out
}

// byProvider tells whether a provider's tokens lead to a component's role.
func (m *maker) byProvider(p *part, provider string) bool {
	role, ok := m.s.Get(p.role)
	return ok && m.trusts(role, provider, "")
}

// keyed lists users with keys, when they are few.
func (m *maker) keyed() []snapshot.Key {
	var out []snapshot.Key
	for _, e := range m.entry {
		if k := userKey(e); e.Kind == access.AccessKey && !e.Unknown && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	if len(out) > fewKeys {
		return nil
	}
	return out
}

// facing is the way from the internet to a component, with what stands before it.
func (m *maker) facing(p *part) door {
	d := door{id: "to-" + p.id, arns: m.fronts(p), leads: []string{p.id}}
	if len(p.members) > fewMembers && p.role != "" {
		d.arns = append(d.arns, m.ending(p.role))
	} else {
		for _, k := range p.members {
			d.arns = append(d.arns, m.ending(k))
		}
	}
	members := p.members
	d.takes = func(e *access.Entry) bool { return slices.Contains(members, snapshot.Key(e.Actor)) }
	return d
}

// fronts are load balancers, APIs and distributions before a component.
func (m *maker) fronts(p *part) []string {
	var out []string
	met := map[snapshot.Key]bool{}
	ring := p.members
	for range 4 {
		var next []snapshot.Key
		for _, k := range ring {
			near := m.graph.To(k)
			for _, x := range m.graph.From(k) {
				x.From = x.To
				near = append(slices.Clip(near), x)
			}
			for _, x := range near {
				r, ok := m.s.Get(x.From)
				if !ok || met[r.Key] || !strings.HasPrefix(r.Type, "AWS::ElasticLoadBalancing") && !strings.HasPrefix(r.Type, "AWS::ApiGateway") && r.Type != "AWS::CloudFront::Distribution" {
					continue
				}
				met[r.Key] = true
				switch kindOf(r.Type) {
				case "loadbalancer", "restapi", "api", "distribution":
					out = append(out, m.ending(r.Key))
				default:
					next = append(next, r.Key)
				}
			}
		}
		ring = next
	}
	slices.Sort(out)
	return out[:min(len(out), mostFronts)]
}

// doorOf is the id of an entry point that the file states for all ways of a door.
func (m *maker) doorOf(d *door) string {
	id := ""
	for _, e := range m.entry {
		if !d.takes(e) {
			continue
		}
		found := ""
		for _, x := range m.known.EntryPoints {
			from, _, _ := strings.Cut(e.ID, "#")
			r, ok := m.s.Get(snapshot.Key(from))
			bound := x.Bind.Empty() || ok && x.Bind.Match(r) || slices.ContainsFunc(x.Bind.ARN, func(p string) bool { return threatmodel.Glob(p, from) || threatmodel.Glob(p, e.ID) })
			if bound && (len(x.Kind) == 0 || slices.Contains(x.Kind, e.Kind)) {
				found = x.ID
			}
		}
		if found == "" {
			return ""
		}
		id = found
	}
	return id
}

func (m *maker) doorItem(d *door) Item {
	fs := fields{{"id", d.id}}
	if len(d.kinds) > 0 {
		fs = append(fs, field{"kind", oneOrMore(d.kinds)})
	}
	if len(d.arns) > 0 {
		fs = append(fs, field{"bind", fields{{"arn", oneOrMore(d.arns)}}})
	}
	leads := d.leads
	if len(leads) == 0 {
		leads = m.leads(d)
	}
	if len(leads) > 0 {
		fs = append(fs, field{"leads_to", leads})
	}
	return item(d.id, fs, "")
}

// leads lists the named resources that the ways of a door lead to, the account alone when it is among them.
func (m *maker) leads(d *door) []string {
	var out []string
	for _, n := range m.named {
		for _, c := range []access.Capability{access.Read, access.Write} {
			if c == access.Read && m.readByAnyone(n.key) && !slices.Contains(d.kinds, access.Public) {
				continue
			}
			if !slices.Contains(out, n.id) && slices.ContainsFunc(m.ways[rowName(n.key, c)], func(s risk.Scored) bool { return s.Seen && d.takes(s.Entry) }) {
				if n.rank == theAccount {
					return []string{n.id}
				}
				out = append(out, n.id)
			}
		}
	}
	return out[:min(len(out), mostLeads)]
}
