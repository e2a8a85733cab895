package access

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/snapshot"
)

// kinds of entry points from the widest to the narrowest, for the choice of one to show.
var kindOrder = []string{Public, AnyPrincipal, OIDCNoSubject, RootKey, UnknownAccount, ExposedHost, RootNoMFA, PasswordNoMFA, AccessKey,
	OIDCOrg, Partner, WebHost, OIDCRepo, PartnerExtID, Service, PasswordMFA, SSO, OIDCPinned, PrivateHost, Pod, RootMFA, ServiceBound}

// Answer is one principal that has, or may have, what was asked.
type Answer struct {
	Principal string
	Action    string // when an action was asked
	Direct    bool
	Path      Path
	Others    []Path // longer ways that ask for less, or are surer: not told yet, see Path.Told
}

// Who lists every principal that has a capability, directly or over steps, in stable order. Through administration of the account
// everything is reached; those ways are marked in the path.
func (t *Table) Who(k snapshot.Key, c Capability) []Answer {
	return t.answers(t.backward(t.targetNode(k, c), whole), k, c, "")
}

// WhoAction lists every principal that is allowed one action on a resource ("" for actions without one), directly or as a principal
// that it can become.
func (t *Table) WhoAction(action string, k snapshot.Key) []Answer {
	to := node{string(k) + "\x00" + action, Read}
	t.into[to] = nil
	entries := map[node][]*entryAt{} // as they were: who comes in for this one action alone is no way into the account
	defer func() {
		delete(t.into, to)
		delete(t.single, to)
		for n, list := range entries {
			if t.entries[n] = list; list == nil {
				delete(t.entries, n)
			}
		}
	}()
	r, _ := t.snap.Get(k)
	row := t.plainly(action, r)
	for actor, p := range t.actors {
		if x := row(actor).at(0); x.outcome != iam.Deny && !strings.Contains(p, ":group/") && !t.isChanged(actor) {
			t.add(&edge{from: t.nodes[actor], to: to, by: action, direct: true, outcome: x.outcome, seen: x.seen, guards: x.guards,
				why: func() (verdict, string) { return t.one(action, r, p) }})
		}
	}
	var strangers []string
	if r != nil {
		strangers = t.strangers(r)
	}
	for _, p := range strangers {
		v, prefix := t.one(action, r, p)
		if v.outcome == iam.Deny {
			continue
		}
		e := &Entry{ID: p, Actor: p}
		e.Kind, e.Says = t.stranger(p, v.open)
		name := p
		if p == decide.Stranger {
			name = AnyAccount
		}
		at := node{name + viaKind(e.Kind), None}
		t.kinds[at.id] = name
		if _, kept := entries[at]; !kept {
			entries[at] = t.entries[at]
		}
		t.once(at, e)
		stranger := &edge{from: at, to: to, by: action, direct: true, prefix: prefix}
		v.onto(stranger)
		t.add(stranger)
	}
	return t.answers(t.backward(to, own), k, Read, action)
}

// rootARN is the root user of the account.
func (t *Table) rootARN() string { return t.arn() + "iam::" + t.snap.Account + ":root" }

func (t *Table) ours(p string) bool {
	arn, ok := iam.SplitARN(p)
	return ok && arn.Account == t.snap.Account
}

// one decides a single action, of some object or part where the action is about those.
func (t *Table) one(action string, r *snapshot.Resource, p string) (verdict, string) {
	v := verdict{outcome: iam.Allow, seen: true}
	if r == nil {
		return v.and(t.explain(decide.Query{Principal: p, Action: action, Resource: "*"})), ""
	}
	if t.rejected(r, action, p) {
		return v.and(iam.Decision{Outcome: iam.Deny, Seen: iam.Deny}), ""
	}
	if on := t.plainOn(action, r.Type); on != "" {
		d, key := t.need(Need{Action: action, On: on}, r, decide.Query{Principal: p})
		if v = v.and(d); on != "object" && !t.ours(p) {
			v = v.and(t.beyond(r, action, p))
		}
		return v, key
	}
	return v.and(t.explain(decide.Query{Principal: p, Action: action, On: r.Key})), ""
}

// ObjectAction tells whether an S3 action is about objects and not about buckets
// (Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3").
func ObjectAction(action string) bool {
	name := strings.ToLower(strings.TrimPrefix(strings.ToLower(action), "s3:"))
	switch name {
	case "abortmultipartupload", "listmultipartuploadparts", "bypassgovernanceretention", "restoreobject", "initiatereplication":
		return true
	case "getbucketobjectlockconfiguration", "putbucketobjectlockconfiguration":
		return false
	}
	if strings.HasSuffix(name, "objectlambda") || strings.Contains(name, "forobjectlambda") || strings.Contains(name, "storagelens") {
		return false
	}
	return strings.HasPrefix(name, "getobject") || strings.HasPrefix(name, "putobject") || strings.HasPrefix(name, "deleteobject") ||
		strings.HasPrefix(name, "replicate") || name == "objectowneroverridetobucketowner" || strings.HasPrefix(name, "updateobject")
}

// answers turns a search into one answer a principal: the surest, then the shortest way.
func (t *Table) answers(s *search, k snapshot.Key, c Capability, action string) []Answer {
	var out []Answer
	for _, n := range s.order {
		if !n.isPrincipal() || strings.Contains(n.id, ":group/") || strings.HasPrefix(n.id, "unread ") {
			continue
		}
		var ways []Path
		best := 0
		for i, l := range s.found[n] {
			p := t.path(l.edges(true), l.sure, k, c)
			if p.Principal == "" {
				p.Principal = t.principalName(n.id)
			}
			p.Entry = t.wayInto(n)
			ways = append(ways, p)
			if certainty(p.Outcome) > certainty(ways[best].Outcome) {
				best = i
			}
		}
		p := ways[best].Told()
		out = append(out, Answer{Principal: p.Principal, Action: action, Direct: len(p.Steps) == 0, Path: p, Others: slices.Delete(ways, best, best+1)})
	}
	slices.SortStableFunc(out, func(a, b Answer) int { return strings.Compare(a.Principal, b.Principal) })
	out = slices.CompactFunc(out, func(a, b Answer) bool { return a.Principal == b.Principal })
	anonymous := slices.IndexFunc(out, func(a Answer) bool { return a.Principal == decide.Anonymous })
	if anonymous < 0 {
		return out
	}
	sure := certainty(out[anonymous].Path.Outcome)
	return slices.DeleteFunc(out, func(a Answer) bool { // whoever needs no account needs no stranger's
		return a.Principal == AnyAccount && certainty(a.Path.Outcome) <= sure
	})
}

func certainty(o iam.Outcome) int {
	return [...]int{iam.Unknown: 1, iam.Deny: 0, iam.Conditional: 2, iam.Allow: 3}[o]
}

// surest is the shortest of the ways that are surest; nil of none.
func surest(ls []*label) *label {
	var best *label
	for _, l := range ls {
		if best == nil || l.sure > best.sure {
			best = l
		}
	}
	return best
}

// Reached is one capability that something reaches.
type Reached struct {
	Resource   snapshot.Key
	Capability Capability
	Path       Path
}

// Nodes finds what a word of the command line means as a starting point: a principal's ARN or name, a host, a function,
// an account id, "public". Several nodes stand for one stranger in several ways.
func (t *Table) Nodes(word string) []string {
	t.exposeAll()
	var out []string
	seen := func(id string) {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	match := func(id string) bool {
		return id == word || last(last(id, "/"), ":") == word
	}
	for _, p := range t.decisions.Principals() {
		if match(string(p)) {
			seen(string(p))
		}
	}
	for n, list := range t.entries {
		name := t.principalName(n.id)
		if arn, ok := iam.SplitARN(name); ok && arn.Account != t.snap.Account && t.trusted[arn.Account] == word {
			seen(n.id)
		}
		if name == word || strings.Contains(name, ":"+word+":") {
			seen(n.id)
		}
		for _, e := range list {
			if match(e.ID) || match(e.Actor) || e.Kind == word {
				seen(n.id)
			}
			if r, ok := t.snap.Get(snapshot.Key(e.Actor)); ok && (r.Name == word || string(r.Key) == word) {
				seen(n.id)
			}
		}
	}
	slices.Sort(out)
	return out
}

// Reach lists what can be reached from nodes, on the given resources; what leads through administration of the account is there too,
// and marked. The account comes first, then by key.
func (t *Table) Reach(from []string, on []snapshot.Key) []Reached {
	best := map[node]Path{}
	for _, id := range from {
		s := t.forward(node{id, None})
		account := surest(s.found[node{string(t.Account), Admin}])
		for _, k := range append([]snapshot.Key{t.Account}, on...) {
			for _, c := range []Capability{Read, Write, Admin} {
				n := node{string(k), c}
				if k == t.Account && c != Admin {
					continue
				}
				l := surest(s.found[n])
				if account != nil && (l == nil || l.sure < account.sure) {
					l = account.extend(n, &edge{from: account.at, to: n, by: "administers-account", outcome: iam.Allow})
				}
				if l == nil {
					continue
				}
				p := t.path(l.edges(false), l.sure, k, c)
				p.Entry = t.wayInto(node{id, None})
				if old, ok := best[n]; !ok || certainty(p.Outcome) > certainty(old.Outcome) {
					best[n] = p
				}
			}
		}
	}
	var out []Reached
	for n, p := range best {
		out = append(out, Reached{snapshot.Key(n.id), n.cap, p.Told()})
	}
	slices.SortFunc(out, func(a, b Reached) int {
		if x := a.Resource == t.Account; x != (b.Resource == t.Account) {
			if x {
				return -1
			}
			return 1
		}
		if c := strings.Compare(string(a.Resource), string(b.Resource)); c != 0 {
			return c
		}
		return int(a.Capability) - int(b.Capability)
	})
	return out
}
