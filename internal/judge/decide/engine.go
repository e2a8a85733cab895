package decide

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
)

// Engine decides whole rows of requests: one principal, one action, every column. It asks each part of each policy once, with the
// primitives of the reference evaluator, and puts the answers together as sets; Table.Explain is what it must agree with, and gives
// the reasons. An Engine is not safe for concurrent use; several may share a Table.
type Engine struct {
	t          *Table
	actors     []*actor
	index      map[string][]int32 // actors by the text that a policy names
	roles      map[string][]int32
	policies   map[*iam.Policy]*compiled
	conditions map[string]*condition
	actorKeys  map[string]bool // lower-case condition keys that some actor fixes
	scp, rcp   [][]*compiled
	scpDoubt   []bool // levels of which a statement was not understood
	rcpDoubt   []bool
	scpUnread  bool
	rcpUnread  bool
	root       int // number of the root user
	lacks      []Lack
	lackKeys   map[string]reads

	attached  []*compiled    // policies that actors have, as their own or as boundary
	givers    []giver        // see Prospects; nil before the first question
	giving    [64][]int32    // givers by the bit of a service
	prospects map[string]Set // by action
}

// Lack is something that a caller may not have: multi-factor authentication, an address of the company's network.
type Lack struct {
	Keys     []string              // the condition keys that tell
	Requests []map[string][]string // what whoever lacks it may send of them; the others are missing
}

// reads is what a statement, or an answer, depends on beside the fixed facts of an account: a bit for each Lack, and one for tags of
// resources.
type reads uint8

const readsTags reads = 1 << 7

func (e *Engine) reads(key string) reads {
	if strings.Contains(key, resourceTag) {
		return readsTags | e.lackKeys[key]
	}
	return e.lackKeys[key]
}

// actor is a principal as questions ask for it.
type actor struct {
	number             int32
	key                string // as the caller of the room names it
	text               string // as a policy sees it
	identity, boundary []*compiled
	bound              bool
	identityDoubt      bool // some of the policies was not read or understood
	boundaryDoubt      bool
	root, linked       bool // the root user; a service-linked role
	context            map[string][]string
	absent             []string
}

// NewEngine compiles the policies of a table. Its actors are the table's principals, in their order, then the root user. Rows tell for
// each of the lacks (seven at most) whether a Conditional answer is a denial to whoever has that lack.
func (t *Table) NewEngine(lacks ...Lack) *Engine {
	e := &Engine{
		t: t, index: map[string][]int32{}, roles: map[string][]int32{}, policies: map[*iam.Policy]*compiled{},
		conditions: map[string]*condition{}, actorKeys: map[string]bool{}, lacks: lacks, lackKeys: map[string]reads{},
		prospects: map[string]Set{},
	}
	for i, l := range lacks {
		for _, k := range l.Keys {
			e.lackKeys[strings.ToLower(k)] |= 1 << i
		}
	}
	for _, k := range t.Principals() {
		p := t.principals[k]
		e.add(&actor{
			key: string(k), text: member(string(k)), context: merge(t.ownAccount, p.context), absent: p.absent, bound: p.boundary != nil,
			identity: e.compileAll(p.identity), boundary: e.compileAll(p.boundary),
			identityDoubt: slices.Contains(p.unread, iam.LayerIdentity) || unparsed(p.identity),
			boundaryDoubt: slices.Contains(p.unread, iam.LayerBoundary) || unparsed(p.boundary),
		})
	}
	e.root = e.add(&actor{key: t.Root(), text: t.Root(), root: true, context: t.ownAccount})
	e.scpUnread, e.rcpUnread = slices.Contains(t.unreadOrg, iam.LayerSCP), slices.Contains(t.unreadOrg, iam.LayerRCP)
	for _, level := range t.scp {
		e.scp, e.scpDoubt = append(e.scp, e.compileAll(level)), append(e.scpDoubt, unparsed(level))
	}
	for _, level := range t.rcp {
		e.rcp, e.rcpDoubt = append(e.rcp, e.compileAll(level)), append(e.rcpDoubt, unparsed(level))
	}
	return e
}

func (e *Engine) add(a *actor) int {
	a.number = int32(len(e.actors))
	a.linked = strings.Contains(a.text, ":role/aws-service-role/")
	e.actors = append(e.actors, a)
	for _, c := range a.identity {
		c.owners = append(c.owners, a.number)
	}
	for _, c := range a.boundary {
		c.bounds = append(c.bounds, a.number)
	}
	clear(e.prospects)
	e.index[a.text] = append(e.index[a.text], a.number)
	if before, name, ok := strings.Cut(a.text, ":role/"); ok && strings.HasSuffix(before, ":"+e.t.Account) {
		name = name[strings.LastIndexByte(name, '/')+1:]
		e.roles[name] = append(e.roles[name], a.number)
	}
	for k := range a.context {
		e.actorKeys[strings.ToLower(k)] = true
	}
	for _, k := range a.absent {
		e.actorKeys[strings.ToLower(k)] = true
	}
	return int(a.number)
}

// Edited adds an actor: a principal as if its own policies allowed everything, since somebody may write them; its boundary still
// limits. Its number is the result.
func (e *Engine) Edited(principal string) int {
	a := e.like(principal)
	a.identity, a.identityDoubt = e.compileAll(e.t.everything), false
	return e.add(a)
}

// Unbound adds an actor: a principal as if it had no permissions boundary. Its number is the result.
func (e *Engine) Unbound(principal string) int {
	a := e.like(principal)
	a.boundary, a.bound, a.boundaryDoubt = nil, false, false
	return e.add(a)
}

// like copies an actor.
func (e *Engine) like(principal string) *actor {
	a := *e.actors[e.Actor(principal)]
	return &a
}

// Actor is the number of a principal of the account, -1 when there is none.
func (e *Engine) Actor(principal string) int {
	if all := e.index[member(principal)]; len(all) > 0 {
		return int(all[0])
	}
	return -1
}

// Root is the number of the root user.
func (e *Engine) Root() int { return e.root }

// neutral is an actor to which no rule for single principals applies.
func (e *Engine) neutral() *actor { return e.actors[e.root] }

// Root is the ARN of the account's root user.
func (t *Table) Root() string {
	partition := "aws"
	if t.snap.Partition != "" {
		partition = t.snap.Partition
	}
	return "arn:" + partition + ":iam::" + t.Account + ":root"
}

// Actors lists whom rows are about: the table's principals in order, then the root user, then whoever was added.
func (e *Engine) Actors() []string {
	out := make([]string, len(e.actors))
	for i, a := range e.actors {
		out[i] = a.key
	}
	return out
}

func unparsed(policies []*iam.Policy) bool {
	return slices.ContainsFunc(policies, func(p *iam.Policy) bool { return len(p.Unparsed) > 0 })
}

// compiled is a policy, its statements ready to be asked.
type compiled struct {
	statements []clause
	services   uint64  // of any statement
	shared     int     // how many lists it is in
	owners     []int32 // actors of whose own it is one
	bounds     []int32 // actors of whose permissions boundary it is one
}

type clause struct {
	*iam.Statement
	version    string
	services   uint64 // a bit for each service that the actions may name, see serviceBit
	variables  bool   // Resources or NotResources hold policy variables
	conditions []*condition
	reads      reads
	actors     int        // how many there were when the two below were filled in
	everybody  iam.Naming // how it means whoever is not in named, but for the root user
	named      []named    // ascending
}

// named is an actor that a statement of a resource's policy means, and how.
type named struct {
	actor int32
	iam.Naming
}

const anyService = ^uint64(0)

// serviceBit is one of 64 for a service; services may share one.
func serviceBit(service string) uint64 {
	h := uint32(2166136261)
	for i := 0; i < len(service); i++ {
		c := service[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		h = (h ^ uint32(c)) * 16777619
	}
	return 1 << (h >> 26)
}

// servicesOf is the services that a statement may speak of.
func servicesOf(st *iam.Statement) uint64 {
	if st.NotActions != nil {
		return anyService
	}
	var out uint64
	for _, a := range st.Actions {
		service, _, ok := strings.Cut(a, ":")
		if !ok || strings.ContainsAny(service, "*?") {
			return anyService
		}
		out |= serviceBit(service)
	}
	return out
}

func (e *Engine) compileAll(policies []*iam.Policy) []*compiled {
	out := make([]*compiled, 0, len(policies))
	for _, p := range policies {
		c := e.compile(p)
		if c.shared == 0 {
			e.attached = append(e.attached, c)
		}
		c.shared++
		out = append(out, c)
	}
	return out
}

func (e *Engine) compile(p *iam.Policy) *compiled {
	if c, ok := e.policies[p]; ok {
		return c
	}
	c := &compiled{statements: make([]clause, len(p.Statements))}
	for i := range p.Statements {
		c.statements[i] = e.statement(&p.Statements[i], p.Version)
		c.services |= c.statements[i].services
	}
	e.policies[p] = c
	return c
}

func (e *Engine) statement(st *iam.Statement, version string) clause {
	s := clause{Statement: st, version: version, services: servicesOf(st)}
	for _, list := range [][]string{st.Resources, st.NotResources} {
		for _, r := range list {
			if version == version2012 && strings.Contains(r, "${") {
				s.variables = true
				eachVariable(r, func(key string) { s.reads |= e.reads(strings.ToLower(key)) })
			}
		}
	}
	for i := range st.Conditions {
		c := e.condition(&st.Conditions[i], version)
		s.conditions = append(s.conditions, c)
		s.reads |= c.reads
	}
	return s
}

// matches tells whether a statement speaks of an action.
func (s *clause) matches(action string, bit uint64) bool {
	return s.services&bit != 0 && s.SpeaksOf(action)
}

// name finds out which actors a statement of a resource's policy means. What is asked, and of what, does not matter to that.
func (e *Engine) name(s *clause) {
	if s.actors == len(e.actors) {
		return
	}
	s.actors, s.named = len(e.actors), nil
	ask := func(a *actor) {
		r := iam.Request{Principal: a.text, Action: "any:Any", Resource: "*"}
		if n := iam.NewProbe(&r, a.bound).Principal(s.Statement); n != (iam.Naming{}) {
			s.named = append(s.named, named{a.number, n})
		}
	}
	p := s.Principals
	if p == nil || s.NotPrincipal != nil {
		for _, a := range e.actors {
			ask(a)
		}
		return
	}
	who := e.candidates(p.AWS)
	switch {
	case p.Any:
		s.everybody = iam.Naming{Name: true} // a role that is named besides gains nothing
		who = []int32{e.neutral().number}
	case slices.ContainsFunc(p.AWS, e.ownRoot):
		s.everybody = iam.Naming{Account: true}
	}
	for _, n := range who {
		ask(e.actors[n])
	}
}

func (e *Engine) ownRoot(arn string) bool {
	a, ok := iam.SplitARN(arn)
	return ok && a.Account == e.t.Account && a.Resource == "root"
}

// candidates are the actors that ARNs of a Principal element may mean one by one, ascending.
func (e *Engine) candidates(arns []string) []int32 {
	var who []int32
	for _, arn := range arns {
		if n, ok := e.index[arn]; ok {
			who = append(who, n...)
		}
		if e.ownRoot(arn) {
			who = append(who, e.neutral().number)
		}
		a, ok := iam.SplitARN(arn)
		if !ok || a.Account != e.t.Account {
			continue
		}
		if rest, ok := strings.CutPrefix(a.Resource, "assumed-role/"); ok {
			role, _, _ := strings.Cut(rest, "/")
			who = append(who, e.roles[role]...)
		}
	}
	slices.Sort(who)
	return slices.Compact(who)
}
