package decide

import (
	"slices"

	"github.com/footing-dev/footing/iam"
)

// Asking is one action, with what is known of the request beside.
type Asking struct {
	Action  string
	Context map[string][]string
	Absent  []string
}

// question is one action on some columns, with all that was found out for it.
type question struct {
	Asking
	e        *Engine
	cs       *Columns
	n        int
	bit      uint64 // of the action's service
	untagged bool   // tags do not count where they are an opt-in

	asked      []*asked // by number of the condition
	groups     map[string][][]int
	likenesses map[string]*likeness
	actorKeys  map[string][]actorKey
	rows       map[*compiled]*whole
	probes     []*iam.Probe // of the neutral actor, by column
	own        []*iam.Probe // of actors in column 0

	rules    rules
	anyDoubt bool // on the resource's side of some column
	noOptIn  bool // no column's tags are an opt-in
	side     resourceSide

	givesNothing bool     // the resource's side allows nobody anything but for single actors
	work         *scratch // shared with the variants

	variants map[string]*question // of whoever lacks things
	base     *question            // of which this is a variant; nil for none
}

// rules are the special rules that hold in columns.
type rules struct {
	always       bool // the action is allowed to everybody
	cross        Set  // the resource is another account's
	owned        Set  // it belongs to AWS
	delegated    Set  // role trust and KMS keys
	rcp          Set  // RCPs bind it
	rootCannot   Set  // a root user can never do it
	rootRepairs  Set  // Denies of the resource's policy do not bind the root user
	optIn        Set  // tags count only where attribute-based access control is on, and there are some
	grantsUnread Set
	policyDoubt  Set            // the resource's policy was not read or understood, and has a say
	doubt        Set            // something on the resource's side was not read, whether or not it has a say
	blocked      [worst + 1]Set // Block Public Access takes away what the policy grants
	unheard      Set            // the resource's policy has no say
	open         Set            // without a policy of the resource everybody may
}

// How what was not read is taken.
const (
	seen  = iota // as if it did not exist
	best         // it allows everything and denies nothing
	worst        // it denies everything
)

func (e *Engine) question(as Asking, cs *Columns, untagged bool) *question {
	q := &question{
		Asking: as, e: e, cs: cs, n: len(cs.list), untagged: untagged, bit: serviceBit(service(as.Action)),
		groups: map[string][][]int{}, likenesses: map[string]*likeness{}, actorKeys: map[string][]actorKey{},
		rows: map[*compiled]*whole{}, variants: map[string]*question{},
	}
	q.work = newScratch(q)
	q.findRules()
	q.anyDoubt = !q.rules.doubt.empty()
	q.noOptIn = q.rules.optIn.empty()
	q.side = q.resourceSide()
	q.findGiving()
	return q
}

// findGiving sets givesNothing. What is given to the account needs policies of the caller's own.
func (q *question) findGiving() {
	q.givesNothing = !q.rules.always && q.rules.open.empty() && q.rules.policyDoubt.empty() && q.rules.grantsUnread.empty()
	for way, all := range q.side.everybody {
		q.givesNothing = q.givesNothing && (way == denies || way == byAccount || all.may.empty())
	}
	for i := range q.side.crowds {
		way := q.side.crowds[i].way
		q.givesNothing = q.givesNothing && (way == denies || way == byAccount)
	}
}

func service(action string) string {
	for i := range len(action) {
		if action[i] == ':' {
			return action[:i]
		}
	}
	return action
}

// probe asks parts of one request: the same that Table.Explain would decide.
func (q *question) probe(a *actor, col int) *iam.Probe {
	kept, n, of := &q.own, int(a.number), len(q.e.actors)
	switch {
	case a.root:
		kept, n, of = &q.probes, col, len(q.cs.list)
	case col != 0:
		return iam.NewProbe(q.request(a, col), a.bound)
	}
	if *kept == nil {
		*kept = make([]*iam.Probe, of)
	}
	if (*kept)[n] == nil {
		(*kept)[n] = iam.NewProbe(q.request(a, col), a.bound)
	}
	return (*kept)[n]
}

func (q *question) request(a *actor, col int) *iam.Request {
	c := &q.cs.list[col]
	r := &iam.Request{
		Principal: a.text, Action: q.Action, Resource: c.arn, ResourceAccount: q.e.t.Account, ManagementAccount: q.e.t.management,
		Context: merge(merge(a.context, c.Context), q.Context), Absent: slices.Concat(a.absent, c.Absent, q.Absent),
	}
	if c.res == nil {
		return r
	}
	if c.res.account != "" {
		r.ResourceAccount = c.res.account
	}
	if c.Resource == "" || c.Resource == string(c.On) {
		r.ResourceTags = c.res.tags
	}
	if q.untagged && c.res.tagsOptIn && len(c.res.tags) > 0 {
		r.ResourceTags = map[string]string{}
	}
	return r
}

// findRules asks which special rules hold in every column.
func (q *question) findRules() {
	of := iam.RuleGroup(q.Action)
	if known, ok := q.cs.rules[of]; ok {
		q.rules = known
		return
	}
	defer func() { q.cs.rules[of] = q.rules }()
	ru := &q.rules
	for _, s := range []*Set{&ru.cross, &ru.owned, &ru.delegated, &ru.rcp, &ru.rootCannot, &ru.rootRepairs, &ru.optIn, &ru.grantsUnread,
		&ru.policyDoubt, &ru.doubt, &ru.unheard, &ru.open, &ru.blocked[seen], &ru.blocked[best], &ru.blocked[worst]} {
		*s = newSet(q.n)
	}
	for col := range q.cs.list {
		mark := func(s Set, holds bool) {
			if holds {
				s.add(col)
			}
		}
		p := q.probe(q.e.neutral(), col)
		tr := p.Traits()
		ru.always = tr.AlwaysAllowed
		mark(ru.cross, !tr.SameAccount)
		mark(ru.owned, tr.OwnedByAWS)
		mark(ru.delegated, tr.Delegated)
		mark(ru.rcp, tr.UnderRCP)
		mark(ru.rootCannot, tr.RootCannot)
		mark(ru.rootRepairs, tr.OwnerMayRepair)
		mark(ru.unheard, !tr.ReadsResourcePolicy)
		res := q.cs.list[col].res
		if res == nil {
			mark(ru.open, p.OpenByDefault(nil))
			continue
		}
		mark(ru.open, p.OpenByDefault(res.policy))
		doubt := len(res.policy) > 0 && unparsed(res.policy) || slices.Contains(res.unread, iam.LayerResource)
		mark(ru.optIn, res.tagsOptIn && len(res.tags) > 0)
		mark(ru.policyDoubt, doubt && tr.ReadsResourcePolicy)
		mark(ru.grantsUnread, tr.Delegated && slices.Contains(res.unread, iam.LayerGrant))
		mark(ru.doubt, doubt || len(res.unread) > 0)
		if !tr.SameAccount {
			s, b, w := p.PublicAccessBlocked(&iam.Layers{Resource: res.policy, PublicAccess: res.public, Unread: res.unread})
			mark(ru.blocked[seen], s)
			mark(ru.blocked[best], b)
			mark(ru.blocked[worst], w)
		}
	}
}
