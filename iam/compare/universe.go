package compare

import (
	"slices"
	"strings"
	"sync"

	"github.com/footing-dev/footing/catalog"
	"github.com/footing-dev/footing/iam"
)

// universe is every action of the catalogue by number, with the resources that it applies to.
type universe struct {
	catalog  *catalog.Catalog
	actions  []string // "s3:GetObject", in the order of the catalogue
	applies  []int32  // which of the places an action applies to
	places   []*place
	services []span
	owned    []ownedBy
	sts      set // the actions of sts
	all      set
	free     int // sts:GetCallerIdentity
}

type span struct {
	prefix   string
	from, to int
	names    []string // without prefix
}

// ownedBy is a kind of resource that AWS owns, and the actions that nobody may take on it, whatever policies say.
type ownedBy struct {
	pattern, sample string
	actions         set
}

// denies says whether the evaluator denies everybody an action on such a resource.
func (o *ownedBy) denies(action string) bool {
	r := iam.Request{Principal: someUser, Action: action, Resource: o.sample}
	return iam.NewProbe(&r, false).Traits().OwnedByAWS
}

// place is where an action applies: patterns of ARNs, and * for actions that name no resource.
type place struct {
	forms []*pattern
	star  bool
}

// anywhere is the place of an action that the catalogue does not know.
var anywhere = sync.OnceValue(func() *place {
	return &place{forms: []*pattern{form("arn:*:*:*:*:*", nil, true)}, star: true}
})

var loadUniverse = sync.OnceValues(newUniverse)

func newUniverse() (*universe, error) {
	c, err := catalog.Load()
	if err != nil {
		return nil, err
	}
	u := &universe{catalog: c, free: -1}
	known := map[string]int32{}
	for _, s := range c.Services() {
		sp := span{prefix: s.Prefix, from: len(u.actions)}
		for i := range s.Actions {
			a := &s.Actions[i]
			key, star := s.Prefix, true
			for _, t := range a.Targets {
				key += "\n" + t.Type
				star = star && !t.Required
			}
			if star {
				key += "\n*"
			}
			n, ok := known[key]
			if !ok {
				n = int32(len(u.places))
				known[key] = n
				u.places = append(u.places, newPlace(&s, a, star))
			}
			u.actions = append(u.actions, a.String())
			u.applies = append(u.applies, n)
			sp.names = append(sp.names, a.Name)
		}
		sp.to = len(u.actions)
		u.services = append(u.services, sp)
	}
	u.all = u.none()
	for i, a := range u.actions {
		u.all.add(i)
		if strings.EqualFold(a, "sts:GetCallerIdentity") {
			u.free = i
		}
	}
	u.all = u.all.trim()
	u.sts = u.matching("sts:*")
	u.ownedByAWS()
	return u, nil
}

// ownedByAWS asks the evaluator what it takes from everybody.
func (u *universe) ownedByAWS() {
	for _, o := range [...]struct {
		owned   ownedBy
		actions string
	}{
		{ownedBy{pattern: "arn:*:iam:*:aws:policy/*", sample: "arn:aws:iam::aws:policy/x"}, "iam:*"},
		{ownedBy{pattern: "arn:*:iam:*:*:role/aws-reserved/*", sample: "arn:aws:iam::111122223333:role/aws-reserved/x"}, "iam:*"},
		{ownedBy{pattern: "arn:*:iam:*:*:role/aws-service-role/*", sample: "arn:aws:iam::111122223333:role/aws-service-role/x"}, "iam:*"},
		{ownedBy{pattern: "arn:*:kms:*:*:alias/aws/*", sample: "arn:aws:kms:us-east-1:111122223333:alias/aws/x"}, "kms:*"},
	} {
		out := u.none()
		u.matching(o.actions).each(func(i int) {
			if o.owned.denies(u.actions[i]) {
				out.add(i)
			}
		})
		o.owned.actions = out.trim()
		u.owned = append(u.owned, o.owned)
	}
}

func newPlace(s *catalog.Service, a *catalog.Action, star bool) *place {
	p := &place{star: star}
	seen := map[string]bool{}
	for _, t := range a.Targets {
		i := slices.IndexFunc(s.ResourceTypes, func(r catalog.ResourceType) bool { return r.Name == t.Type })
		if i < 0 || seen[s.ResourceTypes[i].ARN] {
			continue
		}
		arn := s.ResourceTypes[i].ARN
		seen[arn] = true
		p.forms = append(p.forms, form(arn, s.ResourceTypes, false))
	}
	if len(p.forms) == 0 && len(a.Targets) > 0 { // a type that has no ARN in the data
		return anywhere()
	}
	return p
}

// form makes a pattern of an ARN with gaps. A gap is never empty. Before the fifth colon it holds none. In the last part it holds no slash where
// one stands behind it, and at the end none where a longer form of the same service goes on with one: the name of a bucket has no slash, since
// then it is an object. A colon it may hold: functions are called by their name and a version, log groups with all that is in them.
func form(arn string, types []catalog.ResourceType, empty bool) *pattern {
	arn = strings.TrimSuffix(arn, "\n")
	var out []token
	colons := 0
	for i := 0; i < len(arn); {
		n := gap(arn[i:])
		if n == 0 {
			if arn[i] == ':' {
				colons++
			}
			out = append(out, token{kind: fixed, r: rune(arn[i])})
			i++
			continue
		}
		var bar bars
		rest := arn[i+n:]
		switch {
		case colons < 5:
			bar = barColon
		case rest != "":
			bar = slashAt(rest)
		default:
			for _, t := range types {
				if more, ok := strings.CutPrefix(t.ARN, arn); ok {
					bar |= slashAt(more)
				}
			}
		}
		if !empty || colons == 5 {
			out = append(out, token{kind: one, bar: bar})
		}
		out = append(out, token{kind: many, bar: bar})
		i += n
	}
	return newPattern(out)
}

func slashAt(rest string) bars {
	if strings.HasPrefix(rest, "/") {
		return barSlash
	}
	return 0
}

// gap is the length of the gap that a pattern of the catalogue begins with.
func gap(s string) int {
	switch {
	case strings.HasPrefix(s, "*"):
		return 1
	case strings.HasPrefix(s, "${"):
		return strings.IndexByte(s, '}') + 1
	case strings.HasPrefix(s, "<"):
		return strings.IndexByte(s, '>') + 1
	}
	return 0
}

// set is a set of numbered actions, without the empty words before and after.
type set struct {
	from  int
	words []uint64
}

func (u *universe) none() set { return set{words: make([]uint64, (len(u.actions)+63)/64)} }

func (s *set) add(i int) { s.words[i/64-s.from] |= 1 << (i % 64) }

func (s set) has(i int) bool {
	w := i/64 - s.from
	return w >= 0 && w < len(s.words) && s.words[w]&(1<<(i%64)) != 0
}

func (s set) empty() bool { return len(s.words) == 0 }

func (s set) trim() set {
	for len(s.words) > 0 && s.words[0] == 0 {
		s.words, s.from = s.words[1:], s.from+1
	}
	for len(s.words) > 0 && s.words[len(s.words)-1] == 0 {
		s.words = s.words[:len(s.words)-1]
	}
	return s
}

// split cuts a set in what is in another and what is not.
func (s set) split(by set, a *arena) (in, out set) {
	from, to := max(s.from, by.from), min(s.from+len(s.words), by.from+len(by.words))
	if from >= to {
		return set{}, s
	}
	hit := false
	for i := from; i < to; i++ {
		if s.words[i-s.from]&by.words[i-by.from] != 0 {
			hit = true
			break
		}
	}
	if !hit {
		return set{}, s
	}
	in = set{from, a.words(to - from)}
	out = set{s.from, a.words(len(s.words))}
	copy(out.words, s.words)
	for i := from; i < to; i++ {
		both := s.words[i-s.from] & by.words[i-by.from]
		in.words[i-from] = both
		out.words[i-s.from] &^= both
	}
	return in.trim(), out.trim()
}

func (s set) each(f func(int)) {
	for i, w := range s.words {
		for b := 0; w != 0; b++ {
			if w&1 != 0 {
				f((s.from+i)*64 + b)
			}
			w >>= 1
		}
	}
}

// arena hands out words that live as long as one comparison.
type arena struct{ free []uint64 }

func (a *arena) words(n int) []uint64 {
	if len(a.free) < n {
		a.free = make([]uint64, max(n, 4096))
	}
	out := a.free[:n:n]
	a.free = a.free[n:]
	return out
}

// matching are the actions that a pattern matches.
func (u *universe) matching(patterns ...string) set {
	out := u.none()
	for _, p := range patterns {
		u.mark(&out, p)
	}
	return out.trim()
}

func (u *universe) mark(out *set, pattern string) {
	if pattern == "*" {
		copy(out.words, u.all.words)
		return
	}
	head, name, ok := strings.Cut(pattern, ":")
	if !ok || strings.ContainsAny(head, "*?") {
		for i, a := range u.actions {
			if iam.MatchAction(pattern, a) {
				out.add(i)
			}
		}
		return
	}
	i, found := slices.BinarySearchFunc(u.services, head, func(s span, h string) int { return catalog.CompareFold(s.prefix, h) })
	if !found {
		return
	}
	s := u.services[i]
	prefix := name
	if cut := strings.IndexAny(name, "*?"); cut >= 0 {
		prefix = name[:cut]
	}
	from, _ := slices.BinarySearchFunc(s.names, prefix, catalog.CompareFold)
	for j := from; j < len(s.names); j++ {
		n := s.names[j]
		if len(n) < len(prefix) || !strings.EqualFold(n[:len(prefix)], prefix) {
			break
		}
		if iam.MatchAction(pattern, u.actions[s.from+j]) {
			out.add(s.from + j)
		}
	}
}

// known says whether the catalogue has an action.
func (u *universe) known(action string) bool {
	_, ok := u.catalog.Action(action)
	return ok
}
