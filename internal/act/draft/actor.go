package draft

import (
	"cmp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// who is an actor.
type who struct {
	id       string
	kind     string
	keys     []snapshot.Key // principals of the account
	subjects []string       // of a federated identity
	stranger string         // ARN of a principal of another account
}

const (
	mostActors = 16
	fewPeople  = 3 // without a group are listed one by one
)

// subjects lists what a role's trust policy asks of the subject of an OIDC token; "*" when it asks nothing. nil for roles that no provider
// of builds leads to.
func (m *maker) subjects(role *snapshot.Resource) []string {
	var out []string
	for _, e := range m.entry {
		provider, subject, narrowed := strings.Cut(e.ID, "#")
		if !strings.HasPrefix(e.Kind, "oidc") || !strings.Contains(provider, ":oidc-provider/") || !m.trusts(role, provider, subject) {
			continue
		}
		if !narrowed {
			subject = "*"
		}
		for s := range strings.SplitSeq(subject, "|") {
			if strings.TrimSpace(s) != "" && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	slices.Sort(out)
	return out
}

// trusts tells whether a statement of a role's trust policy is the way in of a provider and a subject.
func (m *maker) trusts(role *snapshot.Resource, provider, subject string) bool {
	ps, _ := m.a.Decisions.Policies(role.Key)
	for _, p := range ps {
		for i := range p.Statements {
			st := &p.Statements[i]
			if st.Effect != iam.EffectAllow || st.Principals == nil || !slices.Contains(st.Principals.Federated, provider) {
				continue
			}
			if subject == "" {
				return true
			}
			for _, c := range st.Conditions {
				if strings.HasSuffix(strings.ToLower(c.Key), ":sub") && strings.Join(c.Values, "|") == subject {
					return true
				}
			}
		}
	}
	return false
}

// userKey is the user that a way in belongs to.
func userKey(e *access.Entry) snapshot.Key {
	if e == nil {
		return ""
	}
	return snapshot.Key(e.ID)
}

// human tells who signs in by a password; keyed who only has a key. Who has neither is nobody's way in.
func (m *maker) human(u *snapshot.Resource) (human, keyed bool) {
	for _, e := range m.entry {
		if userKey(e) == u.Key {
			human = human || e.Kind == access.PasswordMFA || e.Kind == access.PasswordNoMFA || e.Unknown
			keyed = keyed || e.Kind == access.AccessKey
		}
	}
	return human, keyed
}

// actors names people by their groups and permission sets, builds by the subject of their tokens, and what runs by its role.
func (m *maker) actors() []Item {
	m.root()
	m.users()
	m.signOn()
	for i := range m.runs {
		p := &m.runs[i]
		if role, ok := m.s.Get(p.role); ok && p.ci {
			m.actor = append(m.actor, who{id: p.name, kind: "machine", keys: []snapshot.Key{p.role}, subjects: m.subjects(role)})
		} else if len(m.needs(p)) > 0 && p.role != "" {
			m.actor = append(m.actor, who{id: p.name, kind: "machine", keys: []snapshot.Key{p.role}})
		}
	}
	outside := false
	for _, e := range m.entry {
		account := foreign(e)
		if outside = outside || e.Kind == access.Public || e.Kind == access.WebHost || e.Kind == access.ExposedHost; account == "" {
			continue
		}
		if !slices.ContainsFunc(m.actor, func(w who) bool { return w.stranger == e.ID }) {
			m.actor = append(m.actor, who{id: cmp.Or(m.a.Model.Trusted[account], "account-"+account), kind: "machine", stranger: e.ID})
		}
	}
	m.actor = m.actor[:min(len(m.actor), mostActors)]
	if outside {
		m.actor = append(m.actor, who{id: "internet", kind: "anonymous"})
	}
	var out []Item
	for i := range m.actor {
		if it, fresh := m.actorItem(&m.actor[i]); fresh {
			out = append(out, it)
		}
	}
	return out
}

func (m *maker) root() {
	for _, e := range m.entry {
		if strings.HasPrefix(e.Kind, "root-") {
			m.actor = append(m.actor, who{id: "root", kind: "human", keys: []snapshot.Key{userKey(e)}})
			return
		}
	}
}

// users are people by their groups. A group that holds everybody tells nothing.
func (m *maker) users() {
	var people, machines, alone []snapshot.Key
	groups := map[snapshot.Key][]snapshot.Key{}
	for _, u := range m.s.OfType("AWS::IAM::User") {
		human, keyed := m.human(u)
		switch {
		case human:
			people = append(people, u.Key)
			for _, x := range m.graph.From(u.Key) {
				if g, ok := m.s.Get(x.To); ok && g.Type == "AWS::IAM::Group" {
					groups[g.Key] = append(groups[g.Key], u.Key)
				}
			}
		case keyed:
			machines = append(machines, u.Key)
		}
	}
	var names []snapshot.Key
	for g, members := range groups {
		if len(members) < len(people) || len(groups) == 1 {
			names = append(names, g)
		}
	}
	slices.SortFunc(names, func(a, b snapshot.Key) int { // administrators first, then the larger
		admins := func(g snapshot.Key) int {
			return len(slices.DeleteFunc(slices.Clone(groups[g]), func(k snapshot.Key) bool { return !m.administers(k) }))
		}
		return cmp.Or(admins(b)-admins(a), len(groups[b])-len(groups[a]), strings.Compare(string(a), string(b)))
	})
	for _, g := range names {
		m.actor = append(m.actor, who{id: m.name(g), kind: "human", keys: groups[g]})
	}
	for _, k := range people {
		if !slices.ContainsFunc(names, func(g snapshot.Key) bool { return slices.Contains(groups[g], k) }) {
			alone = append(alone, k)
		}
	}
	m.oneByOne(alone, "human", "people")
	m.oneByOne(machines, "machine", "keys")
}

// oneByOne names each, or all of them together when there are many.
func (m *maker) oneByOne(keys []snapshot.Key, kind, all string) {
	if len(keys) > fewPeople {
		m.actor = append(m.actor, who{id: all, kind: kind, keys: keys})
		return
	}
	for _, k := range keys {
		m.actor = append(m.actor, who{id: m.name(k), kind: kind, keys: []snapshot.Key{k}})
	}
}

func (m *maker) name(k snapshot.Key) string {
	if r, ok := m.s.Get(k); ok && r.Name != "" {
		return r.Name
	}
	return string(k)[strings.LastIndexAny(string(k), ":/")+1:]
}

// signOn are people by permission set, and by roles that a directory leads to.
func (m *maker) signOn() {
	for _, role := range m.s.OfType("AWS::IAM::Role") {
		ps, _ := m.a.Decisions.Policies(role.Key)
		saml := false
		for _, p := range ps {
			for i := range p.Statements {
				st := &p.Statements[i]
				saml = saml || st.Effect == iam.EffectAllow && st.Principals != nil && slices.ContainsFunc(st.Principals.Federated, func(f string) bool { return strings.Contains(f, ":saml-provider/") })
			}
		}
		if !saml {
			continue
		}
		name := role.Name
		if set, ok := strings.CutPrefix(name, "AWSReservedSSO_"); ok {
			name = set[:max(strings.LastIndex(set, "_"), 0)]
		}
		m.actor = append(m.actor, who{id: cmp.Or(name, role.Name), kind: "human", keys: []snapshot.Key{role.Key}})
	}
}

// administers tells whether somebody administers the account without a step.
func (m *maker) administers(k snapshot.Key) bool {
	return slices.ContainsFunc(m.ways[rowName(m.a.Access.Account, access.Read)], func(s risk.Scored) bool {
		return s.Seen && len(s.Steps) == 0 && (s.Principal == string(k) || s.Entry.Actor == string(k))
	})
}

// actorItem writes an actor, unless the file has him. Of those whom the file has in part, the others are written.
func (m *maker) actorItem(w *who) (Item, bool) {
	bound := func(k snapshot.Key) string {
		for _, a := range m.known.Actors {
			r, ok := m.s.Get(k)
			if ok && a.Bind.Match(r) || !ok && slices.ContainsFunc(a.Bind.ARN, func(p string) bool { return threatmodel.Glob(p, string(k)) }) {
				return a.ID
			}
		}
		return ""
	}
	same := func(match func(threatmodel.Actor) bool) string {
		for _, a := range m.known.Actors {
			if match(a) {
				return a.ID
			}
		}
		return ""
	}
	found := ""
	switch {
	case w.kind == "anonymous":
		found = same(func(a threatmodel.Actor) bool { return a.Kind == "anonymous" })
	case w.stranger != "":
		found = bound(snapshot.Key(w.stranger))
	case len(w.subjects) > 0:
		found = same(func(a threatmodel.Actor) bool {
			return slices.ContainsFunc(w.subjects, func(s string) bool { return a.Bind.MatchOIDC(s) }) || bound(w.keys[0]) == a.ID
		})
	default:
		var fresh []snapshot.Key
		for _, k := range w.keys {
			if id := bound(k); id == "" {
				fresh = append(fresh, k)
			} else {
				found = id
			}
		}
		if len(fresh) > 0 {
			w.keys, found = fresh, ""
		}
	}
	if found != "" {
		w.id = found
		return Item{}, false
	}
	w.id = m.id(ofActors, w.id, w.kind)
	fs, comment := fields{{"id", w.id}, {"kind", w.kind}}, ""
	var arns []string
	for _, k := range w.keys {
		arns = append(arns, m.ending(k))
	}
	switch {
	case w.kind == "anonymous":
		fs = append(fs, field{"outside", verbatim("true")})
	case w.stranger != "":
		fs = append(fs, field{"bind", fields{{"arn", w.stranger}}}, field{"outside", verbatim("true")})
	case len(w.subjects) > 0:
		fs = append(fs, field{"bind", fields{{"oidc", oneOrMore(w.subjects)}}})
		comment = note("what role %s lets in", m.name(w.keys[0]))
		if m.wide(w) {
			comment += ": too many to be meant"
		}
	default:
		fs = append(fs, field{"bind", fields{{"arn", oneOrMore(arns)}}})
	}
	return item(w.id, fs, comment), true
}

// people finds those who are there twice: users with one mail address. Counting them once lowers a risk, so only people say it.
func (m *maker) people() []Item {
	by := map[string][]*snapshot.Resource{}
	for _, u := range m.s.OfType("AWS::IAM::User") {
		if mail := strings.ToLower(strings.TrimSpace(u.Tags["email"])); strings.Contains(mail, "@") {
			by[mail] = append(by[mail], u)
		}
	}
	var out []Item
	for _, mail := range sortedKeys(by) {
		if len(by[mail]) < 2 {
			continue
		}
		var arns []string
		for _, u := range by[mail] {
			arns = append(arns, m.ending(u.Key))
		}
		fs := fields{{"id", m.id(ofPeople, by[mail][0].Name, "person")}, {"bind", fields{{"arn", arns}}}}
		it := item("", fs, note("one person? all have the mail address %s", mail))
		it.Lines = commented(it)
		out = append(out, it)
	}
	return out
}

// commented is an item that people may uncomment.
func commented(i Item) []string {
	lines := make([]string, len(i.Lines))
	for n, l := range i.Lines {
		lines[n] = "# " + map[bool]string{true: "- ", false: "  "}[n == 0] + l
	}
	return lines
}
