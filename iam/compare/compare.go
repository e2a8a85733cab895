package compare

import (
	"fmt"

	"github.com/footing-dev/footing/iam"
)

// Verdict of a check. The zero value is Unknown.
type Verdict uint8

// The verdicts.
const (
	Unknown Verdict = iota // it was not decided: see Result.Why
	Holds                  // no request breaks it
	Broken                 // the witnesses do
)

// Witness is a request that breaks a check. Condition keys that Context does not hold are missing from it.
type Witness struct {
	Principal string              `json:"principal"`
	Action    string              `json:"action"`
	Resource  string              `json:"resource"`
	Context   map[string][]string `json:"context"`
}

// Result of a check.
type Result struct {
	Verdict   Verdict
	Witnesses []Witness // of Broken: at least one
	Why       string    // of Unknown: what stood in the way
}

// Options of a comparison.
type Options struct {
	// Open asks for every action that could exist, also such as AWS has not made yet. Otherwise there are the actions of package catalog
	// and those that a policy spells out.
	Open bool
	// Witnesses is how many to look for; 0 means one.
	Witnesses int
	// Steps bounds the work of one check; 0 means DefaultSteps. A check that needs more is Unknown.
	Steps int
}

// DefaultSteps is less than a second of work.
const DefaultSteps = 2_000_000

// NoNewAccess says whether every request that the new policy allows is allowed by the old one.
func NoNewAccess(old, new *iam.Policy, o Options) Result { return NewSolver(o).NoNewAccess(old, new) }

// Access is what NotGranted asks for.
type Access struct {
	Actions   []string // patterns, as in a policy
	Resources []string // patterns; none means any resource
}

// NotGranted says whether a policy allows none of the accesses to anybody.
func NotGranted(p *iam.Policy, accesses []Access, o Options) Result {
	return NewSolver(o).NotGranted(p, accesses)
}

// NotPublic says whether a policy of a resource allows nothing to strangers.
func NotPublic(p *iam.Policy, o Options) Result { return NewSolver(o).NotPublic(p) }

// Solver remembers what it took apart, for programs that compare many policies. It knows policies by their address, so they must not be changed
// in between. It is for one goroutine at a time.
type Solver struct {
	o        Options
	u        *universe
	fails    error
	policies map[*iam.Policy]*policy
	atoms    map[string]*atom
	facts    map[string]keyFact
	made     int // atoms so far
	nothing  *iam.Policy
}

// maxKept bounds what a solver remembers.
const maxKept = 4096

// mostAtoms bounds what comparisons with policy variables leave behind.
const mostAtoms = 100_000

// NewSolver makes a solver.
func NewSolver(o Options) *Solver {
	if o.Witnesses <= 0 {
		o.Witnesses = 1
	}
	if o.Steps <= 0 {
		o.Steps = DefaultSteps
	}
	s := &Solver{o: o, policies: map[*iam.Policy]*policy{}, atoms: map[string]*atom{}, facts: map[string]keyFact{}, nothing: &iam.Policy{Version: "2012-10-17"}}
	s.u, s.fails = loadUniverse()
	return s
}

// NoNewAccess is [NoNewAccess].
func (s *Solver) NoNewAccess(old, new *iam.Policy) Result {
	return s.check(question{old: old, new: new})
}

// NotGranted is [NotGranted].
func (s *Solver) NotGranted(p *iam.Policy, accesses []Access) Result {
	out := Result{Verdict: Holds}
	for i := range accesses {
		r := s.check(question{old: s.nothing, new: p, only: &accesses[i]})
		out.add(r, s.o.Witnesses)
	}
	return out
}

func (r *Result) add(more Result, most int) {
	if r.Why == "" {
		r.Why = more.Why
	}
	for _, w := range more.Witnesses {
		if len(r.Witnesses) < most {
			r.Witnesses = append(r.Witnesses, w)
		}
	}
	switch {
	case more.Verdict == Broken:
		r.Verdict, r.Why = Broken, ""
	case more.Verdict == Unknown && r.Verdict == Holds:
		r.Verdict = Unknown
	}
	if r.Verdict == Broken {
		r.Why = ""
	}
}

// NotPublic is [NotPublic].
func (s *Solver) NotPublic(p *iam.Policy) Result {
	return s.check(question{old: s.nothing, new: p, public: true})
}

// question is what the checks come down to: does new allow a request, within bounds, that old does not allow?
type question struct {
	old, new *iam.Policy
	only     *Access
	public   bool // only strangers ask
}

func (s *Solver) check(q question) Result {
	if s.fails != nil {
		return Result{Why: s.fails.Error()}
	}
	if q.old == nil || q.new == nil {
		return Result{Why: "there is no policy"}
	}
	if len(s.atoms) > mostAtoms {
		clear(s.policies)
		clear(s.atoms)
	}
	old, new := s.compile(q.old), s.compile(q.new)
	switch {
	case new.why != "":
		return Result{Why: "the new policy: " + new.why}
	case old.why != "":
		return Result{Why: "the old policy: " + old.why}
	case old.named != new.named && len(q.old.Statements) > 0 && len(q.new.Statements) > 0:
		return Result{Why: "one policy says in Principal who is meant and the other does not"}
	case q.public && !new.named:
		return Result{Why: "the policy says nowhere in Principal who is meant"}
	}
	c := newComparison(s, q, old, new)
	c.run()
	switch {
	case len(c.found) > 0:
		return Result{Verdict: Broken, Witnesses: c.found}
	case c.b.spent():
		return Result{Why: fmt.Sprintf("not decided within %d steps", s.o.Steps)}
	case c.why != "":
		return Result{Why: c.why}
	}
	return Result{Verdict: Holds}
}
