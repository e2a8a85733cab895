package draft

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// threats writes one for each access at or above the lowest threshold; one for both where the same way is the worst of both.
func (m *maker) threats() []Item {
	var out []Item
	for _, n := range m.named {
		read, write := m.row(n, access.Read), m.row(n, access.Write)
		both := read != nil && write != nil && read.Beside.Worst != nil && write.Beside.Worst != nil && read.Beside.Worst.ID == write.Beside.Worst.ID
		switch {
		case both:
			out = m.threat(out, n, "", read)
		default:
			out = m.threat(out, n, "read", read)
			out = m.threat(out, n, "write", write)
		}
	}
	return out
}

// row is one row of the sheet, when it asks for something.
func (m *maker) row(n named, c access.Capability) *risk.Row {
	for i := range m.a.Sheet.Rows {
		if r := &m.a.Sheet.Rows[i]; r.Key == n.key && r.Access == c && r.Risk() >= m.lowest() && r.Beside.Worst != nil {
			return r
		}
	}
	return nil
}

func (m *maker) threat(out []Item, n named, access string, r *risk.Row) []Item {
	if r == nil || slices.ContainsFunc(m.known.Threats, func(t threatmodel.Threat) bool {
		return t.Target.ID == n.id && (t.Target.Access == "" || t.Target.Access == access)
	}) {
		return out
	}
	if access == "" && slices.ContainsFunc(m.known.Threats, func(t threatmodel.Threat) bool { return t.Target.ID == n.id }) {
		return m.threat(m.threat(out, n, "read", r), n, "write", r)
	}
	ways := m.ways[rowName(n.key, r.Access)]
	if len(ways) == 0 {
		return out
	}
	worst := ways[0]
	id := m.id(ofThreats, strings.TrimSuffix("T-"+n.id+"-"+access, "-"), "")
	target := fields{{"resource", n.id}}
	if access != "" {
		target = append(target, field{"access", access})
	}
	fs := fields{{"id", id}, {"target", target}, {"stride", stride(n, r.Type, access)}}
	if cures := m.cures(n, access); len(cures) > 0 {
		fs = append(fs, field{"mitigations", cures})
	}
	fs = append(fs, field{"grammar", fields{{"source", source(worst)}, {"action", harm(n, r.Type, access)}}})
	comment := ""
	if worst.Entry.Unknown || !worst.Seen {
		comment = note("by what was not read")
	}
	return append(out, item(id, fs, comment))
}

// stride names the kinds of threat (Spoofing, Tampering, Repudiation, Information disclosure, Denial of service, Elevation of privilege)
// of an access to a type.
func stride(n named, typ, access string) []string {
	if n.rank == theAccount {
		return map[string][]string{"": {"S", "E"}, "read": {"I", "E"}, "write": {"T", "D", "E"}}[access]
	}
	read, write := []string{"I"}, []string{"T", "D"}
	switch kindOf(typ) {
	case "secret", "key", "parameter":
		read = []string{"S", "I"} // whoever has it is taken for somebody else
	case "function", "repository", "image":
		write = []string{"T", "E"} // what is put in runs with another role
	case "trail":
		write = []string{"T", "R"}
	}
	switch access {
	case "read":
		return read
	case "write":
		return write
	}
	return append(slices.Clone(read), write...)
}

// source says who does it, by the kind of the way in.
func source(s risk.Scored) string {
	e := s.Entry
	name, _, _ := strings.Cut(strings.TrimPrefix(e.Says, "key of "), ",")
	name = strings.TrimSuffix(name, " was not read") // what runs as a role, perhaps
	switch e.Kind {
	case access.AccessKey:
		return "a thief of " + name + "'s key"
	case access.PasswordNoMFA, access.RootNoMFA:
		return "whoever learns the password of " + name
	case access.PasswordMFA, access.RootMFA:
		return name + ", or whoever takes over the session"
	case access.SSO:
		return e.Says + ", or whoever takes over a session"
	case access.ExposedHost:
		return "whoever gets into " + name
	case access.WebHost, access.PrivateHost, access.Pod:
		return "whoever breaks into " + name
	case access.OIDCNoSubject, access.OIDCOrg, access.OIDCRepo, access.OIDCPinned:
		return "whoever can push to " + e.Says
	}
	return e.Says
}

// harm says what is done.
func harm(n named, typ, access string) string {
	if n.rank == theAccount {
		return "take over the account"
	}
	read, write := "read it", "change or delete it"
	switch kind := kindOf(typ); kind {
	case "bucket":
		read, write = "read its files", "change or delete its files"
	case "dbinstance", "dbcluster", "table":
		read, write = "copy its data", "change or delete its data"
	case "secret", "parameter":
		read, write = "read its value", "replace its value"
	case "function":
		read, write = "read its code", "replace its code"
	case "repository", "image":
		read, write = "pull it", "replace what runs from it"
	case "key":
		read, write = "decrypt with it", "disable or delete it"
	case "queue", "topic":
		read, write = "read its messages", "send through it"
	case "dbsnapshot", "dbclustersnapshot", "snapshot", "volume":
		read, write = "copy it", "delete it"
	}
	switch access {
	case "read":
		return read
	case "write":
		return write
	}
	return read + ", " + write
}
