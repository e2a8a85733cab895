package compare

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
)

// comparison is one check at work.
type comparison struct {
	s        *Solver
	q        question
	old, new *policy
	b        *budget
	theories map[theoryKey]theoryAnswer
	key      []byte
	bounds   []bound
	only     []lit // what is asked for alone
	found    []Witness
	why      string
	world    *world
	worldsOf map[string]worldList
	manyOf   map[string]bool
	closedOf map[*world][]*world
}

func newComparison(s *Solver, q question, old, new *policy) *comparison {
	return &comparison{s: s, q: q, old: old, new: new, b: &budget{left: s.o.Steps}, theories: map[theoryKey]theoryAnswer{}, closedOf: map[*world][]*world{}, worldsOf: map[string]worldList{}, manyOf: map[string]bool{}}
}

// class is actions that no statement tells apart.
type class struct {
	actions set
	strange string // instead: one that the catalogue does not have
	in      []bool // statement after statement, of the old and then of the new policy
}

func (c *comparison) run() {
	names := []string{someUser}
	if c.new.named {
		names = everybody(c.old, c.new)
		if c.q.public {
			p := &people{has: map[string]bool{}}
			for i := range c.q.new.Statements {
				p.read(c.q.new.Statements[i].Principals)
				p.read(c.q.new.Statements[i].NotPrincipal)
			}
			names = strangers(p)
		}
	}
	var callers []caller
	if c.new.named {
		var vague bool
		if callers, vague = c.s.callers(names, c.old, c.new); vague {
			c.why = "whether a policy means a federated user named in it cannot be told"
		}
	} else {
		means := make([]bool, len(c.old.statements)+len(c.new.statements))
		for i := range means {
			means[i] = true
		}
		callers = []caller{{name: someUser, means: means}}
	}
	c.setBounds()
	classes := c.classes()
	for i := range classes {
		c.class(&classes[i], callers)
	}
	if c.s.o.Open {
		for _, k := range c.unheard() {
			c.class(&k, callers)
		}
	}
}

// bound leaves out requests that are not asked for: those that the evaluator decides whatever policies say, and in a check for public access
// those of whom a policy knows.
type bound struct {
	lits  []lit
	owned *ownedBy // holds for what it denies, services excepted
	trust bool     // holds for all actions but those of sts
}

func (b *bound) limits(u *universe, action string, number int, who *caller) bool {
	switch {
	case b.owned != nil && who.service:
		return false
	case b.owned != nil && number >= 0:
		return b.owned.actions.has(number)
	case b.owned != nil:
		return b.owned.denies(action)
	case b.trust:
		return len(action) < 4 || !strings.EqualFold(action[:4], "sts:")
	}
	return true
}

func (c *comparison) setBounds() {
	resource := func(pattern string) []lit { return []lit{{c.s.resource([]string{pattern}, false), true}} }
	for i := range c.s.u.owned {
		o := &c.s.u.owned[i]
		c.bounds = append(c.bounds, bound{lits: resource(o.pattern), owned: o})
	}
	if c.new.named {
		c.bounds = append(c.bounds, bound{lits: resource("arn:*:iam:*:*:role/*"), trust: true})
	}
	if c.q.public {
		for _, l := range c.s.familiar(c.q.new) {
			c.bounds = append(c.bounds, bound{lits: []lit{l}})
		}
	}
	if c.q.only != nil && len(c.q.only.Resources) > 0 {
		if a := c.s.resource(c.q.only.Resources, false); !hasStars(a.patterns) {
			c.only = []lit{{a, true}}
		}
	}
}

// classes cuts what the new policy allows into sets of actions that no statement tells apart. What the old policy allows on everything and
// under no condition is left out.
func (c *comparison) classes() []class {
	a := &arena{}
	asked := c.new.allows
	if c.q.only != nil {
		asked, _ = asked.split(c.s.u.matching(c.q.only.Actions...), a)
	}
	if !c.old.named {
		free := c.s.u.none()
		for i := range c.old.statements {
			if st := &c.old.statements[i]; !st.deny && !st.never && len(st.lits) == 0 {
				for j, w := range st.actions.words {
					free.words[st.actions.from+j] |= w
				}
			}
		}
		for i := range c.old.statements {
			if st := &c.old.statements[i]; st.deny && !st.never {
				for j, w := range st.actions.words {
					free.words[st.actions.from+j] &^= w
				}
			}
		}
		_, asked = asked.split(free.trim(), a)
	}
	n := len(c.old.statements) + len(c.new.statements)
	var out []class
	if !asked.empty() {
		out = append(out, class{actions: asked, in: make([]bool, n)})
	}
	at := 0
	for _, p := range [...]*policy{c.old, c.new} {
		for i := range p.statements {
			st := &p.statements[i]
			for j := len(out) - 1; j >= 0 && !st.never; j-- {
				c.b.take(1 + len(out[j].actions.words)/16)
				in, rest := out[j].actions.split(st.actions, a)
				switch {
				case in.empty():
				case rest.empty():
					out[j].in[at] = true
				default:
					out[j].actions = rest
					more := class{actions: in, in: slices.Clone(out[j].in)}
					more.in[at] = true
					out = append(out, more)
				}
			}
			at++
			if c.b.spent() {
				return nil
			}
		}
	}
	out = append(out, c.strange()...)
	// Where the old policy says little, the answer is near.
	weight := func(k *class) (n int) {
		for i := range c.old.statements {
			if k.in[i] {
				n++
			}
		}
		return n
	}
	slices.SortStableFunc(out, func(a, b class) int { return weight(&a) - weight(&b) })
	return out
}

// strange are the actions that are spelled out and not in the catalogue.
func (c *comparison) strange() []class {
	var names []string
	for _, list := range [...][]string{c.old.strange, c.new.strange} {
		for _, a := range list {
			if !slices.ContainsFunc(names, func(b string) bool { return strings.EqualFold(a, b) }) {
				names = append(names, a)
			}
		}
	}
	if c.q.only != nil {
		for _, a := range c.q.only.Actions {
			if !strings.ContainsAny(a, "*?") && !c.s.u.known(a) && !slices.Contains(names, a) {
				names = append(names, a)
			}
		}
	}
	var out []class
	for _, a := range names {
		if c.q.only != nil && !slices.ContainsFunc(c.q.only.Actions, func(p string) bool { return iam.MatchAction(p, a) }) {
			continue
		}
		k := class{strange: a}
		allowed := false
		for n, p := range [...]*policy{c.old, c.new} {
			for i := range p.statements {
				c.b.take(4)
				in := p.source.Statements[i].SpeaksOf(a)
				k.in = append(k.in, in)
				allowed = allowed || in && n == 1 && !p.statements[i].deny
			}
		}
		if allowed {
			out = append(out, k)
		}
	}
	return out
}

// class looks for a request with one of the actions of a class.
func (c *comparison) class(k *class, callers []caller) {
	worlds, ok := c.worlds(k.in)
	if !ok {
		c.doubt("the policies have too many policy variables")
	}
	for _, w := range worlds {
		for j := range callers {
			if len(c.found) >= c.s.o.Witnesses || c.b.spent() {
				return
			}
			c.enter(w)
			c.classOf(k, &callers[j])
		}
	}
}

// classOf looks for a request of one caller.
func (c *comparison) classOf(k *class, who *caller) {
	ask, ok := c.ask(k.in, who)
	if !ok {
		return
	}
	if k.strange != "" {
		c.try(ask, k.in, k.strange, -1, anywhere(), who)
		return
	}
	// The actions of a class differ in the resources that they apply to. First all at once.
	if c.b.take(1); k.actions.count() > 1 && c.quick(ask) == impossible {
		return
	}
	type where struct {
		place  int32
		bounds uint64
	}
	seen := map[where]bool{}
	k.actions.each(func(i int) {
		at := where{place: c.s.u.applies[i]}
		for j := range c.bounds {
			if c.bounds[j].limits(c.s.u, c.s.u.actions[i], i, who) {
				at.bounds |= 1 << min(j, 63)
			}
		}
		if seen[at] || len(c.found) >= c.s.o.Witnesses || c.b.spent() {
			return
		}
		seen[at] = true
		c.try(ask, k.in, c.s.u.actions[i], i, c.s.u.places[at.place], who)
	})
}

func (s set) count() (n int) {
	s.each(func(int) { n++ })
	return n
}

// asked is a class of requests: a statement of the new policy allows, no Deny of it speaks against it, and either no statement of the old
// policy allows or one of its Denies holds.
type asked struct {
	newAllow, newDeny, oldAllow, oldDeny [][]lit
}

func (c *comparison) ask(in []bool, who *caller) (asked, bool) {
	var q asked
	at := 0
	for n, p := range [...]*policy{c.old, c.new} { // which may be one and the same
		isNew := n == 1
		for i := range p.statements {
			st := &p.statements[i]
			if !in[at] || !who.means[at] {
				at++
				continue
			}
			at++
			lits, ok := c.s.fill(st, c.world.f)
			if !ok {
				continue
			}
			switch {
			case isNew && st.deny:
				if len(lits) == 0 {
					return q, false
				}
				q.newDeny = append(q.newDeny, lits)
			case isNew:
				q.newAllow = append(q.newAllow, lits)
			case st.deny:
				q.oldDeny = append(q.oldDeny, lits)
			default:
				q.oldAllow = append(q.oldAllow, lits)
			}
		}
	}
	return q, len(q.newAllow) > 0
}

// quick asks whether there is a request at all, on whatever resource.
func (c *comparison) quick(q asked) answer {
	result := impossible
	c.each(q, nil, anywhere(), func(p *problem, ok answer) bool {
		result = max(result, ok)
		return ok == possible
	})
	return result
}

// try looks for a request with one action.
func (c *comparison) try(q asked, in []bool, action string, number int, at *place, who *caller) {
	var bounds [][]lit
	for i := range c.bounds {
		if c.bounds[i].limits(c.s.u, action, number, who) {
			bounds = append(bounds, c.bounds[i].lits)
		}
	}
	c.each(q, bounds, at, func(p *problem, ok answer) bool {
		switch ok {
		case possible:
			if c.world.open() {
				return c.refine(action, number, at, who, in)
			}
			return c.candidate(p, action, who)
		case unsure:
			c.doubt("what a condition key may be was not decided")
		}
		return false
	})
}

func (c *comparison) doubt(why string) {
	if c.why == "" {
		c.why = why
	}
}

// each solves the cases one after the other, until enough is true of one.
func (c *comparison) each(q asked, bounds [][]lit, at *place, enough func(*problem, answer) bool) {
	clauses := append(slices.Clone(bounds), q.newDeny...)
	silent := !slices.ContainsFunc(q.oldAllow, func(l []lit) bool { return len(l) == 0 })
	for _, allow := range q.newAllow {
		facts := append(slices.Clone(allow), c.only...)
		if silent {
			if p, ok := c.solve(at, facts, append(slices.Clone(clauses), q.oldAllow...)); ok != impossible && enough(p, ok) {
				return
			}
		}
		for _, deny := range q.oldDeny {
			if p, ok := c.solve(at, append(slices.Clone(facts), deny...), clauses); ok != impossible && enough(p, ok) {
				return
			}
		}
	}
}
