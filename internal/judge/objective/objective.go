// Package objective judges control objectives: sentences about who may do what, over the path table, with the ways that break them.
package objective

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/isolation"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Judge judges the objectives of one case, and remembers what several of them ask.
type Judge struct {
	check.Case
	units   *isolation.Units
	rows    map[snapshot.Key]map[access.Capability]*risk.Row
	types   map[string]bool
	admins  []string      // ids of actors who are meant to administer the account
	account []access.Path // the ways to the whole account
	walls   map[string][]isolation.Breach
	dark    []string // see shadows
	lit     bool     // dark was worked out
	actors  map[actorOf]snapshot.State
	whose   map[who]taker
}

// who is as whom one comes in, and how.
type who struct {
	entry     *access.Entry
	principal string
}

// actorOf asks whether that is one of some actors.
type actorOf struct {
	who
	actors string
}

// New prepares a case.
func New(c check.Case) *Judge {
	j := &Judge{Case: c, units: isolation.Of(c.Snapshot, c.Model), rows: map[snapshot.Key]map[access.Capability]*risk.Row{}, types: map[string]bool{},
		walls: map[string][]isolation.Breach{}, actors: map[actorOf]snapshot.State{}, whose: map[who]taker{}}
	for i := range c.Sheet.Rows {
		r := &c.Sheet.Rows[i]
		if j.rows[r.Key] == nil {
			j.rows[r.Key] = map[access.Capability]*risk.Row{}
		}
		j.rows[r.Key][r.Access] = r
	}
	j.admins = j.administrators()
	j.account = c.Access.Paths(c.Access.Account, access.Admin, true)
	return j
}

// All judges every objective that people stated, in their order.
func (j *Judge) All() []check.Result {
	var out []check.Result
	for i := range j.Model.Objectives {
		out = append(out, j.Hold(&j.Model.Objectives[i]))
	}
	return out
}

// Hold judges one objective: all of its sentences must hold.
func (j *Judge) Hold(o *threatmodel.Objective) check.Result {
	r := check.Result{Rule: o.ID, Title: title(o), Outcome: check.NotApplicable, Refs: o.Refs, Fingerprint: check.Fingerprint(o.ID),
		Location: check.Location{File: j.File, Line: o.Line}}
	var says []string
	top := 0
	for i := range o.Must {
		v := j.judge(&o.Must[i], "")
		if i == 0 {
			r.Outcome = v.outcome
		} else {
			r.Outcome = r.Outcome.And(v.outcome)
		}
		r.Evidence = append(r.Evidence, v.evidence...)
		r.Always = r.Always || v.always && v.outcome == check.Fail
		top = max(top, v.risk)
		if v.says != "" {
			says = append(says, v.says)
		}
	}
	j.sum(&r, says, top)
	j.waive(o, &r)
	return r
}

func title(o *threatmodel.Objective) string {
	if o.Say != "" {
		return o.Say
	}
	var must []string
	for _, a := range o.Must {
		must = append(must, a.Text)
	}
	return strings.Join(must, "; ")
}

// sum puts the worst evidence first and says the verdict in one sentence.
func (j *Judge) sum(r *check.Result, says []string, top int) {
	rank := func(e check.Evidence) int {
		return slices.Index([]check.Outcome{check.Fail, check.Unknown, check.Pass, check.NotApplicable}, e.Outcome)
	}
	slices.SortStableFunc(r.Evidence, func(a, b check.Evidence) int {
		return cmp.Or(rank(a)-rank(b), b.Risk-a.Risk)
	})
	var broken []check.Evidence
	for _, e := range r.Evidence {
		if e.Outcome == r.Outcome && (r.Outcome == check.Fail || r.Outcome == check.Unknown) {
			broken = append(broken, e)
			r.Risk = max(r.Risk, e.Risk)
		}
	}
	r.Says = strings.Join(says, "; ")
	if len(broken) > 0 {
		r.Target, r.Says = broken[0].Key, broken[0].Says
		if n := len(broken) - 1; n > 0 {
			r.Says += fmt.Sprintf(" (and %d more)", n)
		}
	}
	if len(broken) == 0 || r.Risk == 0 {
		r.Risk = max(top, 1)
	}
	r.Severity = check.Severity(r.Risk)
}

// waive turns a failure that somebody accepts into that, until the day; see check.InForce.
func (j *Judge) waive(o *threatmodel.Objective, r *check.Result) {
	if r.Outcome != check.Fail {
		return
	}
	for i := range j.Model.Waivers {
		w := &j.Model.Waivers[i]
		if w.Objective != o.ID {
			continue
		}
		on, why := check.InForce(w, j.Now, r.Risk)
		if on {
			r.Outcome, r.Waiver = check.Waived, w
			return
		}
		r.Says += "; " + why
	}
}

// Holds tells whether an objective holds for one row of the sheet, so that an action that refers to it is in force there. An objective that
// says nothing about the row's resource, or only about the other access to it, puts nothing in force: it is NotApplicable.
func (j *Judge) Holds(o *threatmodel.Objective, row *risk.Row) check.Outcome {
	out := check.NotApplicable
	other := map[access.Capability]string{access.Read: "write", access.Write: "read"}[row.Access]
	for i := range o.Must {
		a := &o.Must[i]
		if len(a.Access) == 1 && a.Access[0] == other {
			continue
		}
		v := j.judge(a, row.Key)
		if v.outcome == check.NotApplicable || !v.about {
			continue
		}
		if out == check.NotApplicable {
			out = v.outcome
		} else {
			out = out.And(v.outcome)
		}
	}
	return out
}

// verdict is what one sentence came to.
type verdict struct {
	outcome  check.Outcome
	says     string // where nothing breaks it
	evidence []check.Evidence
	risk     int  // the highest of what it is about
	always   bool // it gates whatever the risk
	about    bool // it is about the one thing that was asked of
}

// judge judges one sentence; of it, with only, what is about one thing.
func (j *Judge) judge(a *threatmodel.Assertion, one snapshot.Key) verdict {
	switch a.Kind {
	case threatmodel.Isolated:
		return j.apart(a, one)
	case threatmodel.Only, threatmodel.Nobody, threatmodel.Requires, threatmodel.AtMost:
		return j.over(a, one)
	}
	return verdict{outcome: check.Unknown, says: fmt.Sprintf("%q is no sentence that can be judged", a.Text)}
}

// over judges a sentence about accesses to things.
func (j *Judge) over(a *threatmodel.Assertion, one snapshot.Key) verdict {
	s := j.scope(a, one)
	v := verdict{outcome: check.Pass, about: len(s.targets) > 0}
	for _, word := range s.missing {
		v.evidence = append(v.evidence, check.Evidence{Outcome: check.NotApplicable, Says: "nothing in this snapshot is " + targetWord(word)})
	}
	j.load(s.targets, func(t target) {
		if t.row != nil && t.state == snapshot.Known {
			v.risk = max(v.risk, t.row.FullRisk())
		}
		f := j.find(a, t)
		if f.outcome == check.Pass {
			return
		}
		v.always = v.always || f.outcome == check.Fail && (t.row == nil || a.Kind == threatmodel.AtMost)
		e := check.Evidence{Key: t.key, Access: t.access, Outcome: f.outcome, Says: j.sentence(a, t, f), Who: slices.Sorted(slices.Values(slices.Concat(f.beside, f.account)))}
		if t.row != nil {
			e.Risk = t.row.FullRisk()
		}
		v.outcome = v.outcome.And(f.outcome)
		v.evidence = append(v.evidence, e)
	})
	if v.outcome == check.Pass && len(s.targets) > 0 {
		types := map[string]bool{}
		for _, t := range s.targets {
			types[j.typeOf(t.key)] = true
		}
		j.shade(&v, types)
	}
	if one == "" {
		for _, says := range s.unseen {
			v.outcome = v.outcome.And(check.Unknown)
			v.evidence = append(v.evidence, check.Evidence{Outcome: check.Unknown, Says: "there may be more that it is about: " + says})
		}
		j.tell(a, &v)
	}
	switch {
	case v.outcome != check.Pass:
	case !s.chosen:
		v.outcome, v.says = check.NotApplicable, "nothing in this snapshot is "+list(targetWords(a), "or", 4)
	case len(s.targets) == 0:
		v.says = fmt.Sprintf("nothing that it is about has a risk of %d or more", a.RiskAtLeast)
	default:
		v.says = j.holds(a, s)
	}
	return v
}

// shade makes unknown what holds as far as one can see, where ways may lead over what was not seen.
func (j *Judge) shade(v *verdict, types map[string]bool) {
	for _, says := range j.shadows(types) {
		v.outcome = v.outcome.And(check.Unknown)
		v.evidence = append(v.evidence, check.Evidence{Outcome: check.Unknown, Says: "a way may lead over what was not seen: " + says})
	}
}

// few is how many targets are asked faster one by one than by type.
const few = 20

// load calls f with every target, whose order is by type.
func (j *Judge) load(targets []target, f func(target)) {
	loaded := ""
	for _, t := range targets {
		if typ := j.typeOf(t.key); len(targets) > few && typ != loaded && typ != "" {
			j.Access.Load(typ)
			loaded = typ
		}
		f(t)
	}
	if loaded != "" {
		j.Access.Load("")
	}
}

// ways calls f with every way to an access, also those over administration of the whole account.
func (j *Judge) ways(t target, f func(way)) {
	if t.key != j.Access.Account {
		j.Access.Reaching(t.key, t.access, func(e *access.Entry, h access.How) {
			f(way{entry: e, principal: h.Principal, guards: h.Guards, seen: h.Seen})
		})
	}
	for i := range j.account {
		f(j.way(&j.account[i], true))
	}
}

func (j *Judge) way(p *access.Path, account bool) way {
	return way{entry: p.Entry, principal: p.Principal, guards: p.Guards, seen: p.Seen, account: account}
}

// told is how many of the targets that break a sentence have their worst way told.
const told = 10

// tell works out the worst way of the worst evidence.
func (j *Judge) tell(a *threatmodel.Assertion, v *verdict) {
	slices.SortStableFunc(v.evidence, func(x, y check.Evidence) int {
		return cmp.Or(cmp.Compare(x.Outcome, y.Outcome)*-1, y.Risk-x.Risk)
	})
	n := 0
	for _, outcome := range []check.Outcome{check.Fail, check.Unknown} {
		for i := range v.evidence {
			if e := &v.evidence[i]; e.Outcome == outcome && e.Key != "" && n < told {
				e.Path = j.worst(a, target{key: e.Key, access: e.Access}, e.Outcome == check.Fail)
				n++
			}
		}
	}
}

// worst is the way with the most points of those that break a sentence: of those that are certain, or else of those that are not, where
// there are some.
func (j *Judge) worst(a *threatmodel.Assertion, t target, sure bool) *access.Path {
	var best *access.Path
	points, fits := 0, false
	try := func(p *access.Path, account bool) {
		w := j.way(p, account)
		is := j.breaks(a, t, w)
		if is == snapshot.Absent {
			return
		}
		certain := is == snapshot.Known && j.certain(w)
		if n := risk.Score(*p).High; best == nil || certain == sure && !fits || (certain == sure) == fits && n > points {
			best, points, fits = p, n, certain == sure
		}
	}
	if t.key != j.Access.Account {
		paths := j.Access.Paths(t.key, t.access, true)
		for i := range paths {
			try(&paths[i], false)
		}
	}
	for i := range j.account {
		try(&j.account[i], true)
	}
	if best == nil {
		return nil
	}
	p := best.Told()
	return &p
}
