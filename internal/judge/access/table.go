package access

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/snapshot"
)

// node is a principal, or one capability on one resource.
type node struct {
	id  string // ARN or name of a principal; key of a resource
	cap Capability
}

func (n node) isPrincipal() bool { return n.cap == None }

// edge leads from a node to the next; it is kept with the node that it leads to.
type edge struct {
	from, to node
	by       string
	because  []iam.Ref
	open     []iam.Condition
	outcome  iam.Outcome
	seen     bool // Unknown, but allowed on what was read
	direct   bool // the plain use of a capability: no step
	trace    bool
	guards   Guard
	prefix   string
	why      func() (verdict, string) // because, open and prefix, where they are worked out only when a path is told
}

// explain works out the reasons of an edge.
func (e *edge) explain() {
	if e.why == nil {
		return
	}
	v, prefix := e.why()
	e.because, e.open, e.prefix, e.why = v.because, v.open, prefix, nil
}

// certain orders edges and paths by how sure it is that they are there.
type certain uint8

const (
	unseen      certain = iota // unknown
	seen                       // unknown, but there on what was read
	conditional                // there under conditions
	allowed
)

func (e *edge) certain() certain { return cell{outcome: e.outcome, seen: e.seen}.certain() }

// Table holds every edge and entry point of one snapshot; paths are derived from it on demand. It remembers what it worked out, also
// where a method looks as if it only read: it is not safe for concurrent use.
type Table struct {
	Account snapshot.Key // the row "account"

	snap          *snapshot.Snapshot
	decisions     *decide.Table
	relations     *relations
	routes        []Route
	byType        map[string][]*Route // routes on a type of resource
	into          map[node][]*edge
	room          []edge // see newEdge
	entries       map[node][]*entryAt
	administering map[int]cell     // how surely actors do so, where that was read
	admins        map[string]Guard // principals whose own policies make them administrator, and what guards that
	kinds         map[string]string
	cut           map[string]bool                  // what a what-if leaves out; true once it was met
	trusted       map[string]string                // account id → name
	ownPolicy     []guarded                        // see guarded
	serviceNames  map[snapshot.Key][]string        // by role, see mayHold
	services      map[string]bool                  // which some role names; "*" for any, see possible
	trusting      map[[2]string]snapshot.State     // role and service, see trustsService
	selves        map[string]map[snapshot.Key]bool // by principal, see isSelf
	loose         map[string]bool                  // services of which something runs whose role was not read
	outright      map[node]bool                    // who administers the account outright
	limited       map[string]bool                  // whether changed selves end at less than the account, see limits

	engine        *decide.Engine
	actors        []string       // of the engine
	queries       []decide.Query // by actor
	nodes         []node         // by actor
	actorOf       map[node]int
	changedSelves []decide.Query // in the order in which they were met

	held     *holdings                  // of the type that was loaded
	ones     map[snapshot.Key]*holdings // of single resources
	single   map[node][]*edge
	intoFrom map[node]*Entry // see wayInto
	exposed  map[snapshot.Key]bool
	closed   *closure  // see Reaching
	front    *frontage // see Doors
}

// entryAt is an entry point at a node, with what the way in asks.
type entryAt struct {
	*Entry
	because []iam.Ref
	open    []iam.Condition
	guards  Guard
}

// Options are what people state that changes the table.
type Options struct {
	Trusted map[string]string // account id → name: accounts that somebody named
	Cut     []string          // path steps (route, principal, "from>to") to leave out: a what-if
}

// Compile builds the table of a sealed snapshot. The routes are sorted by id, as Routes gives them.
func Compile(s *snapshot.Snapshot, d *decide.Table, n *network.Reach, routes []Route, o Options) *Table {
	t := &Table{
		Account: AccountKey(s), snap: s, decisions: d, relations: relate(s), routes: routes, byType: map[string][]*Route{},
		into: map[node][]*edge{}, entries: map[node][]*entryAt{}, admins: map[string]Guard{}, administering: map[int]cell{}, kinds: map[string]string{}, cut: map[string]bool{},
		outright: map[node]bool{}, limited: map[string]bool{}, trusted: o.Trusted, loose: map[string]bool{},
		ones: map[snapshot.Key]*holdings{}, single: map[node][]*edge{}, exposed: map[snapshot.Key]bool{}, trusting: map[[2]string]snapshot.State{}, selves: map[string]map[snapshot.Key]bool{},
	}
	for i := range routes {
		t.byType[routes[i].On] = append(t.byType[routes[i].On], &routes[i])
	}
	policies := false
	for _, c := range o.Cut {
		t.cut[c] = false
		policy, _, _ := strings.Cut(c, "#")
		policies = policies || d.HasPolicy(policy)
	}
	if policies { // what else allows the same still does
		t.decisions = d.Without(func(policy string, statement int) bool {
			all, one := t.isCut(policy), t.isCut(StatementName(iam.Ref{Policy: policy, Statement: statement}))
			return all || one
		})
	}
	t.guarded() // once, before anybody asks
	t.findServices()
	t.become()
	t.shared()
	for _, c := range t.relations.contents() {
		e := &edge{from: node{string(c.from), c.fromCap}, to: node{string(c.to), c.toCap}, by: c.by, outcome: iam.Allow}
		if c.unread {
			e.outcome = iam.Unknown
		}
		t.add(e)
	}
	t.people()
	t.root()
	t.trusts(n)
	t.blind()
	if len(t.cut) > 0 {
		t.exposeAll() // a what-if tells what it met
	}
	for _, list := range t.entries {
		slices.SortStableFunc(list, func(a, b *entryAt) int { return strings.Compare(a.Kind+"\x00"+a.ID, b.Kind+"\x00"+b.ID) })
	}
	for _, list := range t.into {
		if !slices.IsSortedFunc(list, compareEdges) {
			slices.SortStableFunc(list, compareEdges)
		}
	}
	return t
}

// Entries lists every way in, in stable order.
func (t *Table) Entries() []*Entry {
	t.exposeAll()
	var out []*Entry
	for _, list := range t.entries {
		for _, e := range list {
			out = append(out, e.Entry)
		}
	}
	name := func(e *Entry) string { return e.Kind + "\x00" + e.ID + "\x00" + strconv.FormatBool(e.Unknown) }
	slices.SortFunc(out, func(a, b *Entry) int { return strings.Compare(name(a), name(b)) })
	return slices.CompactFunc(out, func(a, b *Entry) bool { return name(a) == name(b) })
}

// Says is what one does to take a route, in a few words; "" for a route that is not in the table.
func (t *Table) Says(route string) string {
	i, ok := slices.BinarySearchFunc(t.routes, route, func(r Route, id string) int { return strings.Compare(r.ID, id) })
	if !ok {
		return ""
	}
	return t.routes[i].Says
}

func compareEdges(a, b *edge) int {
	return cmp.Or(compareNodes(a.from, b.from), strings.Compare(a.by, b.by))
}

func compareNodes(a, b node) int {
	return cmp.Or(strings.Compare(a.id, b.id), cmp.Compare(a.cap, b.cap))
}

// AccountKey is the key of the account itself, whether or not a resource stands for it.
func AccountKey(s *snapshot.Snapshot) snapshot.Key {
	return snapshot.Key("arn:" + cmp.Or(s.Partition, "aws") + ":account::" + s.Account + ":account")
}

// arn begins an ARN of the account's own partition.
func (t *Table) arn() string { return "arn:" + cmp.Or(t.snap.Partition, "aws") + ":" }

// here moves an ARN of the routes, which are written for the partition aws, to the account's own.
func (t *Table) here(arn string) string {
	if rest, ok := strings.CutPrefix(arn, "arn:aws:"); ok {
		return t.arn() + rest
	}
	return arn
}

// newEdge makes room for an edge: there are tens of thousands.
func (t *Table) newEdge() *edge {
	if len(t.room) == 0 {
		t.room = make([]edge, 128)
	}
	e := &t.room[0]
	t.room = t.room[1:]
	return e
}

func (t *Table) add(e *edge) {
	if !t.left(e) {
		return
	}
	t.into[e.to] = append(t.into[e.to], e)
	if e.direct && e.outcome == iam.Allow && !e.trace && e.to == (node{string(t.Account), Admin}) {
		t.outright[e.from] = true
	}
}

// left tells whether a what-if leaves an edge.
func (t *Table) left(e *edge) bool {
	if e.why == nil {
		e.guards |= guardOf(e.open)
	}
	if len(t.cut) == 0 {
		return true
	}
	step := t.principalName(e.from.id) + ">" + t.principalName(e.to.id) // as a path shows it
	if t.isCut(e.by) || t.isCut(step) || e.from.isPrincipal() && t.isCut(e.from.id) {
		return false
	}
	for _, r := range e.because { // of access control lists and sharing; policies are gone already, see Compile
		if t.isCut(r.Policy) || t.isCut(StatementName(r)) {
			return false
		}
	}
	return true
}

// isCut tells whether a what-if leaves something out, and remembers that it was there to be left out.
func (t *Table) isCut(name string) bool {
	_, cut := t.cut[name]
	if cut {
		t.cut[name] = true
	}
	return cut
}

// Missed lists the cuts of a what-if that met nothing: their answer is the same as without them.
func (t *Table) Missed() []string {
	var out []string
	for name, met := range t.cut {
		if !met {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// StatementName is how people name one statement on the command line: "policy#3".
func StatementName(r iam.Ref) string { return r.Policy + "#" + strconv.Itoa(r.Statement) }

func (t *Table) enter(at node, e *entryAt) {
	if t.isCut(e.Kind) || t.isCut(e.ID) || t.isCut(at.id) {
		return
	}
	e.guards = guardOf(e.open)
	t.entries[at] = append(t.entries[at], e)
}

// administers asks whether a principal is allowed, unconditionally or not, what only an administrator is.
// Kinds of action stand for all: identity, data, compute, secrets.
func (t *Table) administers(as decide.Query) verdict {
	all := verdict{outcome: iam.Allow, seen: true}
	for _, pr := range t.adminProbes() {
		as.Action, as.Resource = pr.action, pr.resource
		if all = all.and(t.explain(as)); all.outcome == iam.Deny {
			break
		}
	}
	return all
}

type adminProbe struct{ action, resource string }

func (t *Table) adminProbes() []adminProbe {
	a := t.decisions.Account
	return []adminProbe{
		{"iam:CreateUser", t.arn() + "iam::" + a + ":user/any"},
		{"iam:AttachRolePolicy", t.arn() + "iam::" + a + ":role/any"},
		{"iam:CreatePolicyVersion", t.arn() + "iam::" + a + ":policy/any"},
		{"s3:GetObject", t.arn() + "s3:::any-bucket/any"},
		{"ec2:RunInstances", t.arn() + "ec2:us-east-1:" + a + ":instance/i-any"},
		{"secretsmanager:GetSecretValue", t.arn() + "secretsmanager:us-east-1:" + a + ":secret:any-000000"},
		{"dynamodb:DeleteTable", t.arn() + "dynamodb:us-east-1:" + a + ":table/any"},
	}
}

// verdict joins the decisions that a route needs.
type verdict struct {
	outcome iam.Outcome
	seen    bool
	because []iam.Ref
	open    []iam.Condition
}

// and adds one more need: all must be allowed.
func (v verdict) and(d iam.Decision) verdict {
	seen := d.Outcome != iam.Unknown || d.Seen == iam.Allow || d.Seen == iam.Conditional
	out := verdict{outcome: worse(v.outcome, d.Outcome), seen: v.seen && seen, because: v.because, open: v.open}
	for _, r := range d.Because {
		if !slices.Contains(out.because, r) {
			out.because = append(slices.Clip(out.because), r)
		}
	}
	for _, c := range d.Residual {
		if !slices.ContainsFunc(out.open, func(o iam.Condition) bool { return sameCondition(o, c) }) {
			out.open = append(slices.Clip(out.open), c)
		}
	}
	return out
}

// worse: denied, then unknown, then conditional, then allowed.
func worse(a, b iam.Outcome) iam.Outcome {
	order := [...]int{iam.Unknown: 1, iam.Deny: 0, iam.Conditional: 2, iam.Allow: 3}
	if order[b] < order[a] {
		return b
	}
	return a
}

func sameCondition(a, b iam.Condition) bool {
	return a.Key == b.Key && a.Operator == b.Operator && a.Negated == b.Negated && slices.Equal(a.Values, b.Values)
}

func (v verdict) onto(e *edge) {
	e.outcome, e.because, e.open = v.outcome, v.because, v.open
	e.seen = v.outcome == iam.Unknown && v.seen
}
