package risk

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// lens is how the ways of the table are looked at: several principals that are one human being count once, and in a what-if
// mitigations have had their effect. Both the sums and the told paths look through it, so that they agree.
type lens struct {
	snap    *snapshot.Snapshot
	model   *threatmodel.Model // for its people
	effects []threatmodel.Effect
	memo    map[through]*sight
}

// through is one way in, as one principal.
type through struct {
	entry     *access.Entry
	principal string
}

// sight is what a lens shows of one way in.
type sight struct {
	entry *access.Entry            // as whoever it counts for
	hits  []int                    // effects that choose it, if they choose the target
	after map[string]*access.Entry // by the effects that changed it: the same entry each time
}

func newLens(s *snapshot.Snapshot, m *threatmodel.Model, effects []threatmodel.Effect) *lens {
	return &lens{snap: s, model: m, effects: effects, memo: map[through]*sight{}}
}

// see gives a way in and the guards of a way as they are through the lens; false when the way is no more. target is what the thing that
// it leads to is called.
func (l *lens) see(e *access.Entry, principal string, g access.Guard, target []string) (*access.Entry, access.Guard, bool) {
	if len(l.model.People) == 0 && len(l.effects) == 0 {
		return e, g, true
	}
	s := l.sight(e, principal)
	var changes []byte
	for _, i := range s.hits {
		switch x := &l.effects[i]; {
		case !chosen(x.Where.Resource, target):
		case x.Close:
			return nil, 0, false
		case x.Guard != "":
			g |= guardNamed(x.Guard)
		default:
			changes = append(changes, byte(i), byte(i>>8))
		}
	}
	if len(changes) == 0 {
		return s.entry, g, true
	}
	after, ok := s.after[string(changes)]
	if !ok {
		after = s.entry
		for i := 0; i < len(changes); i += 2 {
			after = changed(after, &l.effects[int(changes[i])|int(changes[i+1])<<8])
		}
		if s.after == nil {
			s.after = map[string]*access.Entry{}
		}
		s.after[string(changes)] = after
	}
	return after, g, true
}

func (l *lens) sight(e *access.Entry, principal string) *sight {
	at := through{e, principal}
	s, ok := l.memo[at]
	if !ok {
		s = &sight{entry: e}
		if p := l.person(e, principal); p != "" {
			one := *e
			one.Actor, s.entry = p, &one
		}
		for i := range l.effects {
			if enters(&l.effects[i], e, principal, l.snap.Account) {
				s.hits = append(s.hits, i)
			}
		}
		l.memo[at] = s
	}
	return s
}

// enters tells whether an effect chooses a way in, and means something for it. What every way in would have to be named for, closing and
// replacing, chooses none where nothing is named.
func enters(x *threatmodel.Effect, e *access.Entry, principal, home string) bool {
	w := &x.Where
	if len(w.Entry) > 0 && !slices.ContainsFunc(w.Entry, func(k string) bool { return threatmodel.Glob(k, e.Kind) }) || len(w.Principal) > 0 && !slices.ContainsFunc(w.Principal, func(p string) bool {
		return slices.ContainsFunc([]string{principal, e.ID, e.Actor}, func(id string) bool { return ends(p, id, home) })
	}) {
		return false
	}
	named := len(w.Entry)+len(w.Principal)+len(w.Resource) > 0
	switch {
	case x.Close:
		return named
	case x.Guard != "":
		return guardNamed(x.Guard) != 0
	case x.Fact != "":
		return slices.ContainsFunc(e.Facts, func(f access.Fact) bool { return f.Name == x.Fact })
	case x.Replace != "":
		_, known := base[x.Replace] // what is in no table is not safe: it replaces nothing
		return named && known && x.Replace != e.Kind
	}
	return false
}

// chosen tells whether one of some names is among alternatives; none choose all.
func chosen(words threatmodel.Words, names []string) bool {
	return len(words) == 0 || slices.ContainsFunc(words, func(w string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return threatmodel.Glob(w, n) })
	})
}

// ends tells whether a word is an ARN or the end of one: "user/ci" of "arn:aws:iam::111122223333:user/ci". A stranger is meant only where his
// account is named.
func ends(word, arn, home string) bool {
	if account := threatmodel.AccountOf(arn); account != "" && account != home && !strings.Contains(word, account) {
		return word == "*"
	}
	return threatmodel.Glob(word, arn) || threatmodel.Glob("*:"+word, arn) || threatmodel.Glob("*/"+word, arn)
}

func guardNamed(name string) access.Guard {
	switch strings.TrimSuffix(name, "-condition") {
	case "mfa":
		return access.GuardMFA
	case "network":
		return access.GuardNetwork
	case "organization":
		return access.GuardOrganization
	}
	return 0
}

// ofKeys are facts about access keys: what replaces a key has none of them.
var ofKeys = []string{access.KeyOver90, access.KeyOver365, access.KeyNoMFA}

// changed is a way in after an effect that changes it.
func changed(e *access.Entry, x *threatmodel.Effect) *access.Entry {
	after := *e
	gone := []string{x.Fact}
	if x.Replace != "" {
		after.Kind = x.Replace
		after.Says = KindWords[x.Replace] + " instead of " + e.Says
		if gone = nil; x.Replace != access.AccessKey && x.Replace != access.RootKey {
			gone = ofKeys
		}
	}
	after.Facts = slices.DeleteFunc(slices.Clone(e.Facts), func(f access.Fact) bool { return slices.Contains(gone, f.Name) })
	return &after
}

// KindWords says what kinds of entry points are.
var KindWords = map[string]string{
	access.Public: "anyone", access.AnyPrincipal: "anyone with an AWS account", access.OIDCNoSubject: "any identity of a provider", access.RootKey: "a key of root",
	access.UnknownAccount: "an account that nobody named", access.ExposedHost: "a host with an open administration port", access.RootNoMFA: "root without MFA",
	access.PasswordNoMFA: "a password without MFA", access.AccessKey: "an access key", access.OIDCOrg: "any repository of an organisation",
	access.Partner: "a partner without external id", access.WebHost: "a host that faces the internet", access.OIDCRepo: "any branch of a repository",
	access.PartnerExtID: "a partner with external id", access.Service: "an AWS service", access.PasswordMFA: "a password with MFA", access.SSO: "single sign-on",
	access.OIDCPinned: "one branch or environment", access.PrivateHost: "a host inside", access.Pod: "a pod", access.RootMFA: "root with MFA",
	access.ServiceBound: "an AWS service, for this account",
}

// personMark begins the actor that a human being with several principals is.
const personMark = "person:"

// person is whom a way in counts for, by what people state; "" when nobody says.
func (l *lens) person(e *access.Entry, principal string) string {
	if !e.Personal() {
		return ""
	}
	for _, p := range l.model.People {
		if chooses(l.snap, l.model, p.Bind, e.Actor) || chooses(l.snap, l.model, p.Bind, principal) {
			return personMark + p.ID
		}
	}
	return ""
}

// Called is the name of an actor that is a person, by what people state; "" of every other.
func (s *Sheet) Called(actor string) string {
	id, ok := strings.CutPrefix(actor, personMark)
	if !ok {
		return ""
	}
	for _, p := range s.assessor.model.People {
		if p.ID == id && p.Name != "" {
			return p.Name
		}
	}
	return id
}

// chooses tells whether a bind chooses a principal or resource: as it is in the snapshot, by its ARN alone where it is not there, or by
// the subjects with which somebody signs in, all of them. What it only may choose it does not: nobody is called meant, or somebody else,
// by what was not read.
func chooses(s *snapshot.Snapshot, m *threatmodel.Model, b threatmodel.Bind, id string) bool {
	if _, subjects, ok := strings.Cut(id, "#"); ok && len(b.OIDC) > 0 {
		return !slices.ContainsFunc(strings.Split(subjects, "|"), func(sub string) bool { return !b.MatchOIDC(sub) })
	}
	if r, ok := s.Get(snapshot.Key(id)); ok {
		return b.Choose(r, m.Ask) == snapshot.Known
	}
	if len(b.ARN) > 0 && !b.Names(id, s.Account) {
		return false
	}
	return b.Choose(&snapshot.Resource{Key: snapshot.Key(id)}, m.Ask) == snapshot.Known
}
