package draft

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// useCases guesses what is meant: administrators administer, a build that does so does it on purpose, what runs uses what its role
// reaches. What one unit has of another is not taken as meant, nor what a key does that somebody once made.
func (m *maker) useCases() []Item {
	var out []Item
	add := func(id string, fs fields) {
		id = m.id(ofCases, id, "use")
		out = append(out, item(id, append(fields{{"id", id}}, fs...), ""))
	}
	if m.accountID() != "" {
		for i := range m.actor {
			if w := &m.actor[i]; m.means(w) && len(w.subjects) == 0 {
				add("administer", fields{{"actor", w.id}, {"needs", fields{{m.accountID(), "admin"}}}})
			}
		}
	}
	for i := range m.runs {
		p := &m.runs[i]
		w := m.actorOf(p)
		if w == nil || !p.fresh {
			continue
		}
		fs := fields{{"actor", w.id}}
		if d := m.doorTo(p); d != "" && p.ci { // what runs here comes in by no door
			fs = append(fs, field{"through", d})
		}
		if p.ci && m.means(w) {
			add("build-the-account", append(fs, field{"needs", fields{{m.accountID(), "admin"}}}))
			continue
		}
		if needs := m.needs(p); len(needs) > 0 {
			add(map[bool]string{true: "release-by-", false: "run-"}[p.ci]+p.id, append(fs, field{"needs", needs}))
		}
	}
	return out
}

// accountID is the id under which the file has the account.
func (m *maker) accountID() string {
	for _, n := range m.named {
		if n.rank == theAccount {
			return n.id
		}
	}
	return ""
}

// means tells whether an actor administers the account by plain policies: all of a group, not only some of it.
func (m *maker) means(w *who) bool {
	return len(w.keys) > 0 && w.id != "root" && m.accountID() != "" && !m.wide(w) && !slices.ContainsFunc(w.keys, func(k snapshot.Key) bool { return !m.administers(k) })
}

// wide tells whether an actor is any repository of an organisation, or any token of a provider: nobody whom somebody meant.
func (m *maker) wide(w *who) bool {
	return slices.ContainsFunc(m.entry, func(e *access.Entry) bool {
		_, subject, _ := strings.Cut(e.ID, "#")
		return strings.HasPrefix(e.Kind, "oidc") && e.Crowd() && slices.Contains(w.subjects, cmp.Or(subject, "*"))
	})
}

// actorOf is the actor that runs a component.
func (m *maker) actorOf(p *part) *who {
	for i := range m.actor {
		if w := &m.actor[i]; w.kind == "machine" && w.stranger == "" && p.role != "" && slices.Contains(w.keys, p.role) {
			return w
		}
	}
	return nil
}

func (m *maker) doorTo(p *part) string {
	for _, d := range m.doors {
		if slices.Contains(d.leads, p.id) {
			return d.id
		}
	}
	return ""
}

// needs is what a component uses inside its own unit.
func (m *maker) needs(p *part) fields {
	home := ""
	for _, k := range append(slices.Clone(p.members), p.role) {
		if r, ok := m.s.Get(k); ok && home == "" {
			home = m.unitOf(r)
		}
	}
	var out fields
	for _, n := range m.named {
		if len(p.uses[n.id]) == 0 || n.r == nil {
			continue
		}
		if there := m.unitOf(n.r); there != home && (m.tries(home) || m.tries(there)) {
			continue
		}
		var words []string
		for _, c := range p.uses[n.id] {
			words = append(words, strings.ToLower(c.String()))
		}
		out = append(out, field{n.id, oneOrMore(words)})
	}
	return out
}

// tries tells whether a unit is one where things are tried out.
func (m *maker) tries(unit string) bool {
	return slices.ContainsFunc(m.places, func(u place) bool { return u.dev && u.name == unit })
}

// aim is an objective that is proposed.
type aim struct {
	must   string
	broken []string // who would break it, in short
	today  string   // what it gives where it holds
}

// objectives proposes three.
func (m *maker) objectives() []aim {
	var out []aim
	names := m.names()
	add := func(must string, broken []string, today string) {
		if _, slip := threatmodel.ParseSentence(must, names); slip == nil { // else something is called like a word of the sentence
			out = append(out, aim{must, broken, today})
		}
	}
	account := m.accountID()
	if account == "" {
		return nil
	}
	ways := m.ways[rowName(m.a.Access.Account, access.Read)]
	mfa := func() {
		var without []string
		for _, s := range ways {
			if name := m.short(s); !withMFA(s) && !slices.Contains(without, name) {
				without = append(without, name)
			}
		}
		add(fmt.Sprintf("administering %s requires mfa", account), without, "so today")
	}
	n := countable(ways)
	if n > 0 {
		add(fmt.Sprintf("at most %d may administer %s", n, account), nil, "as today; lower it in time")
	} else if !m.data(add) {
		mfa()
	}
	m.only(ways, account, add)
	if !m.isolation(add) && n > 0 {
		mfa()
	}
	return out
}

// aimed writes the objectives. What does not hold today, by those who judge it, stands there as a comment: on the first day nothing fails that
// nobody asked for. Without results all are written as they are.
func (m *maker) aimed(aims []aim, results []check.Result) []Item {
	var out []Item
	for i, a := range aims {
		id := fmt.Sprintf("CO-%d", i+1)
		it := item(id, fields{{"id", id}, {"must", a.must}}, note("%s", a.today))
		if len(results) == len(aims) && results[i].Outcome != check.Pass {
			says := "not to be told today: not all was read"
			switch {
			case results[i].Outcome == check.Fail && len(a.broken) > 0:
				says = "not so today: " + few(a.broken)
			case results[i].Outcome == check.Fail:
				says = "not so today: " + cut(results[i].Says, 50)
			}
			it.Lines, it.Comment = commented(it), m.ask("%s", says)
		}
		out = append(out, it)
	}
	return out
}

// names are what the sentence of an objective may speak of.
func (m *maker) names() threatmodel.Names {
	n := threatmodel.Names{Actors: sortedKeys(m.space(ofActors)), Units: sortedKeys(m.space(ofUnits))}
	for _, x := range m.named {
		n.Resources = append(n.Resources, x.id)
	}
	return n
}

func withMFA(s risk.Scored) bool {
	return s.Guards&access.GuardMFA != 0 || slices.Contains([]string{access.PasswordMFA, access.RootMFA, access.SSO}, s.Entry.Kind)
}

// alone are kinds of ways in that one person or machine has; how many share another, no scan tells.
var alone = []string{access.PasswordNoMFA, access.PasswordMFA, access.AccessKey, access.RootNoMFA, access.RootMFA, access.RootKey, access.ExposedHost, access.WebHost, access.PrivateHost}

// countable is how many people and machines have some ways; 0 when that cannot be said.
func countable(ways []risk.Scored) int {
	var all []string
	for _, s := range ways {
		if !s.Seen || s.Entry.Unknown || !slices.Contains(alone, s.Entry.Kind) {
			return 0
		}
		if !slices.Contains(all, s.Entry.Actor) {
			all = append(all, s.Entry.Actor)
		}
	}
	return len(all)
}

type adding = func(must string, broken []string, today string)

// only says who may administer the account.
func (m *maker) only(ways []risk.Scored, account string, add adding) {
	var meant, others []string
	for i := range m.actor {
		if w := &m.actor[i]; m.means(w) || w.id == "root" {
			meant = append(meant, w.id)
		}
	}
	for _, s := range ways {
		if w := m.actorBy(s); w == nil || !slices.Contains(meant, w.id) {
			if name := m.short(s); !slices.Contains(others, name) {
				others = append(others, name)
			}
		}
	}
	if len(meant) > 0 {
		add(fmt.Sprintf("only %s may administer %s", list(meant), account), others, "so today")
	}
}

// data says who may have the first thing at risk that something running here is meant to use.
func (m *maker) data(add adding) bool {
	for _, n := range m.named {
		var meant []string
		for i := range m.runs {
			if w := m.actorOf(&m.runs[i]); w != nil && slices.ContainsFunc(m.needs(&m.runs[i]), func(f field) bool { return f.key == n.id }) {
				meant = append(meant, w.id)
			}
		}
		if len(meant) == 0 || n.r == nil {
			continue
		}
		var others []string
		for _, c := range []access.Capability{access.Read, access.Write} {
			for _, s := range m.ways[rowName(n.key, c)] {
				if w := m.actorBy(s); (w == nil || !slices.Contains(meant, w.id)) && !slices.Contains(others, m.short(s)) {
					others = append(others, m.short(s))
				}
			}
		}
		add(fmt.Sprintf("only %s may read or write %s", list(meant), n.id), others, "so today")
		return true
	}
	return false
}

// isolation keeps where things are tried out from the rest.
func (m *maker) isolation(add adding) bool {
	var from, to string
	for _, u := range m.places {
		if u.dev && from == "" {
			from = u.name
		}
		if !u.dev && (to == "" || u.name == "prod") {
			to = u.name
		}
	}
	if from == "" || to == "" {
		return false
	}
	var broken []string
	for _, n := range m.named {
		for _, c := range []access.Capability{access.Read, access.Write} {
			for _, s := range m.ways[rowName(n.key, c)] {
				r, ok := m.s.Get(snapshot.Key(s.Entry.Actor))
				if !ok || !s.Seen || n.r == nil || c == access.Read && m.readByAnyone(n.key) || m.unitOf(r) != from || m.unitOf(n.r) != to {
					continue
				}
				if says := fmt.Sprintf("%s has %s", m.name(r.Key), n.id); !slices.Contains(broken, says) {
					broken = append(broken, says)
				}
			}
		}
	}
	add(fmt.Sprintf("%s is isolated from %s", from, to), broken, "so today")
	return true
}

// actorBy is the actor that a way belongs to.
func (m *maker) actorBy(s risk.Scored) *who {
	e := s.Entry
	for i := range m.actor {
		w := &m.actor[i]
		switch {
		case w.kind == "anonymous":
			if e.Kind == access.Public || e.Kind == access.AnyPrincipal || e.Kind == access.WebHost || e.Kind == access.ExposedHost {
				return w
			}
		case w.stranger != "":
			if w.stranger == e.ID {
				return w
			}
		case slices.ContainsFunc(w.keys, func(k snapshot.Key) bool {
			return string(k) == e.ID || string(k) == e.Actor || string(k) == s.Principal
		}), w.subject(e):
			return w
		}
	}
	return nil
}

// subject tells whether every subject of a way in is one of an actor's: "repo:acme/*" has those of "repo:acme/web:*" too.
func (w *who) subject(e *access.Entry) bool {
	_, subjects, ok := strings.Cut(e.ID, "#")
	return ok && len(w.subjects) > 0 && !slices.ContainsFunc(strings.Split(subjects, "|"), func(s string) bool {
		return !slices.ContainsFunc(w.subjects, func(p string) bool { return threatmodel.Glob(p, s) })
	})
}

// list writes names the way one says them.
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// few names the first ones, as many as fit behind a line, and counts the others.
func few(names []string) string {
	out := names[0]
	for i, n := range names[1:] {
		if runes(out)+runes(n) > 24 {
			return out + fmt.Sprintf(", %d more", len(names)-1-i)
		}
		out += ", " + n
	}
	return out
}

// short is who takes a way, in a word: the role or user, or where it begins.
func (m *maker) short(s risk.Scored) string {
	if r, ok := m.s.Get(snapshot.Key(s.Principal)); ok && r.Name != "" {
		return r.Name
	}
	return s.Entry.Says
}
