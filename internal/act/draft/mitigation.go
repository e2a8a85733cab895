package draft

import (
	"cmp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// mostFixes is how many mitigations a draft proposes, the worst ways first.
const mostFixes = 10

// fix is a mitigation: what it does to which ways.
type fix struct {
	id     string
	say    string
	effect threatmodel.Effect
	worth  int // the highest risk that rests on one of its ways
	rows   []string
}

// mitigations proposes one for each way that would keep a risk at or above the lowest threshold, where something simple helps.
func (m *maker) mitigations() []Item {
	for _, n := range m.named {
		for _, c := range []access.Capability{access.Read, access.Write} {
			r := m.row(n, c)
			if r == nil {
				continue
			}
			for _, s := range m.ways[rowName(n.key, c)] {
				worth := r.Impact.Level * risk.Level(s.High)
				f, ok := m.fix(n, c, s)
				if ok && worth >= m.lowest() {
					m.gather(f, worth, rowName(n.key, c))
				}
				if s.Entry.Kind == access.Public && len(s.Steps) == 0 {
					break // what is open to everybody is no safer without anybody else
				}
			}
		}
	}
	slices.SortStableFunc(m.fixes, func(a, b fix) int { return cmp.Or(b.worth-a.worth, strings.Compare(a.id, b.id)) })
	m.fixes = m.fixes[:min(len(m.fixes), mostFixes)]
	var out []Item
	for i := range m.fixes {
		f := &m.fixes[i]
		if id := m.fixOf(f); id != "" {
			f.id = id
			continue
		}
		f.id = m.id(ofFixes, f.id, "M")
		out = append(out, item(f.id, fields{{"id", f.id}, {"say", f.say}, {"effect", effect(f.effect)}}, ""))
	}
	return out
}

func (m *maker) gather(f fix, worth int, row string) {
	for i := range m.fixes {
		o := &m.fixes[i]
		if same(o.effect, f.effect) {
			if o.worth = max(o.worth, worth); !slices.Contains(o.rows, row) {
				o.rows = append(o.rows, row)
			}
			return
		}
	}
	f.worth, f.rows = worth, []string{row}
	m.fixes = append(m.fixes, f)
}

// cures lists the mitigations of one access to a resource, or of both.
func (m *maker) cures(n named, c string) []string {
	var out []string
	for _, f := range m.fixes {
		if c != "write" && slices.Contains(f.rows, rowName(n.key, access.Read)) || c != "read" && slices.Contains(f.rows, rowName(n.key, access.Write)) {
			out = append(out, f.id)
		}
	}
	return out
}

// fix is what helps against one way; ok is false where nothing simple does.
func (m *maker) fix(n named, c access.Capability, s risk.Scored) (f fix, ok bool) {
	e := s.Entry
	if e.Unknown || !s.Seen {
		return f, false // first look at it
	}
	// As the ways of a user, a role or a host are chosen whatever account this is.
	who := strings.TrimPrefix(m.ending(snapshot.Key(s.Principal)), "*:")
	name := m.name(snapshot.Key(s.Principal))
	where := threatmodel.Where{Entry: threatmodel.Words{e.Kind}, Principal: threatmodel.Words{who}}
	if slices.ContainsFunc(e.Facts, func(f access.Fact) bool { return f.Name == access.IMDSv1 && f.State == snapshot.Known }) {
		return fix{id: "M-imdsv2-" + name, say: "Ask for metadata tokens (IMDSv2) where role " + name + " runs.",
			effect: threatmodel.Effect{Fact: access.IMDSv1, Where: threatmodel.Where{Principal: where.Principal}}}, true
	}
	switch e.Kind {
	case access.PasswordNoMFA:
		return fix{id: "M-mfa-" + name, say: "Give " + name + " an MFA device, and ask for it.", effect: threatmodel.Effect{Replace: access.PasswordMFA, Where: where}}, true
	case access.RootNoMFA:
		where.Principal = nil
		return fix{id: "M-mfa-root", say: "Give root an MFA device.", effect: threatmodel.Effect{Replace: access.RootMFA, Where: where}}, true
	case access.RootKey:
		where.Principal = nil
		return fix{id: "M-key-of-root", say: "Delete root's access key.", effect: threatmodel.Effect{Close: true, Where: where}}, true
	case access.AccessKey:
		return fix{id: "M-key-of-" + name, say: "Delete the key of " + name + "; let it sign in by a role instead.", effect: threatmodel.Effect{Close: true, Where: where}}, true
	case access.OIDCNoSubject, access.OIDCOrg, access.OIDCRepo:
		return fix{id: "M-pin-" + name, say: "Let only one branch or environment take on role " + name + ".", effect: threatmodel.Effect{Replace: access.OIDCPinned, Where: where}}, true
	case access.ExposedHost:
		kind, say := access.PrivateHost, "Close the administration port of "+m.name(snapshot.Key(e.ID))+" to the internet."
		if m.servesMore(snapshot.Key(e.ID)) {
			kind = access.WebHost
		}
		return fix{id: "M-close-" + m.name(snapshot.Key(e.ID)), say: say, effect: threatmodel.Effect{Replace: kind, Where: where}}, true
	case access.Public, access.AnyPrincipal:
		if n.r == nil || c == access.Read && isWebsite(n.r) {
			return f, false // that is what it is for
		}
		say := "Take " + n.id + " from the public."
		if len(s.Steps) > 0 {
			say = "Share " + m.name(snapshot.Key(s.Steps[0].From)) + " with nobody; whoever had it keeps a copy."
		}
		return fix{id: "M-private-" + n.id, say: say, effect: threatmodel.Effect{Close: true,
			Where: threatmodel.Where{Entry: threatmodel.Words{access.Public, access.AnyPrincipal}, Resource: threatmodel.Words{n.id}}}}, true
	case access.UnknownAccount, access.Partner:
		if a := foreign(e); a != "" {
			where.Principal = threatmodel.Words{strings.TrimPrefix(s.Principal, s.Principal[:strings.Index(s.Principal, a)])}
			say := "Ask account " + a + " for an external id."
			if e.Kind == access.UnknownAccount {
				say = "Find out who " + a + " is; ask for an external id, or shut it out."
			}
			return fix{id: "M-account-" + a, say: say, effect: threatmodel.Effect{Replace: access.PartnerExtID, Where: where}}, true
		}
	}
	return f, false
}

// servesMore tells whether the internet reaches other ports of a host than those that administer it.
func (m *maker) servesMore(k snapshot.Key) bool {
	r, ok := m.s.Get(k)
	if !ok || r.Type != "AWS::EC2::Instance" {
		return true // not known to serve nothing
	}
	for _, h := range m.a.Network.Hosts(r) {
		w := m.a.Network.FromInternet(h)
		for _, p := range w.Ports {
			if w.State == snapshot.Unknown || p.Has(80) || p.Has(443) || p.Has(8080) || p.Has(8443) {
				return true
			}
		}
	}
	return false
}

// same tells whether two effects are the same.
func same(a, b threatmodel.Effect) bool {
	return a.Close == b.Close && a.Guard == b.Guard && a.Fact == b.Fact && a.Replace == b.Replace && slices.Equal(a.Steps, b.Steps) &&
		slices.Equal(a.Where.Entry, b.Where.Entry) && slices.Equal(a.Where.Principal, b.Where.Principal) && slices.Equal(a.Where.Resource, b.Where.Resource)
}

// fixOf is the id of a mitigation of the file that does the same.
func (m *maker) fixOf(f *fix) string {
	for _, o := range m.known.Mitigations {
		if slices.ContainsFunc(o.Effects, func(e threatmodel.Effect) bool { return same(e, f.effect) }) {
			return o.ID
		}
	}
	return ""
}

// effect writes one the way the file has it.
func effect(e threatmodel.Effect) fields {
	where := func(entry bool) fields {
		var out fields
		if entry && len(e.Where.Entry) > 0 {
			out = append(out, field{"entry", oneOrMore(e.Where.Entry)})
		}
		if len(e.Where.Principal) > 0 {
			out = append(out, field{"principal", oneOrMore(e.Where.Principal)})
		}
		if len(e.Where.Resource) > 0 {
			out = append(out, field{"resource", oneOrMore(e.Where.Resource)})
		}
		return out
	}
	var out fields
	switch {
	case e.Close:
		return fields{{"close", where(true)}}
	case e.Fact != "":
		out = fields{{"drop_fact", e.Fact}}
	default:
		out = fields{{"replace", fields{{"from", e.Where.Entry[0]}, {"to", e.Replace}}}}
		e.Where.Entry = nil
	}
	if w := where(true); len(w) > 0 {
		out = append(out, field{"where", w})
	}
	return out
}
