package objective

import (
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

// breaches are worked out once a sentence, however many rows ask of it.
func (j *Judge) breaches(a *threatmodel.Assertion) []isolation.Breach {
	id := strings.Join(a.From, " ") + "\x00" + strings.Join(a.To, " ")
	found, ok := j.walls[id]
	if !ok {
		found = isolation.Between(isolation.Input{Units: j.units, Access: j.Access, Network: j.Network, Now: j.Now, Without: j.Without}, a.From, a.To)
		j.walls[id] = found
	}
	return found
}

// stands tells whether a type is of what units hold beside resources with content: who acts, what runs, what has an address.
func stands(typ string) bool {
	switch typ {
	case "AWS::IAM::User", "AWS::IAM::Role", "AWS::EC2::Instance", "AWS::EC2::NetworkInterface", "AWS::Lambda::Function", "AWS::ECS::Service", "AWS::ECS::TaskDefinition":
		return true
	}
	return false
}

// unplaced counts what could be of a unit and is of none, as far as one can see.
func (j *Judge) unplaced() int {
	n := 0
	for i := range j.Snapshot.Resources {
		r := &j.Snapshot.Resources[i]
		if (j.about(r.Type) || stands(r.Type)) && j.units.Unit(r.Key) == "" && r.Type != "AWS::Account" {
			n++
		}
	}
	return n
}

// group is what one thing gets at, in one way and equally certain: one piece of evidence.
type group struct {
	isolation.Breach
	to    []snapshot.Key // sorted
	does  []string
	risk  int // the highest of what it gets at; 0 where the sheet has no row of it
	worst isolation.Breach
}

// grouped puts breaches together by who makes them, in their order. With one, only what gets at that.
func (j *Judge) grouped(breaches []isolation.Breach, one snapshot.Key) []group {
	var out []group
	at := map[string]int{}
	for _, b := range breaches {
		if one != "" && b.To != one && !b.Account {
			continue
		}
		does := verb(b.Capability)
		kind := "reach"
		switch {
		case b.Account:
			kind = "account"
		case len(b.Traffic) > 0:
			does, kind = "connect to", "network"
		case b.Capability == access.None:
			does, kind = "become", "become"
		}
		id := fmt.Sprint(b.From, "\x00", kind, b.Certain)
		i, ok := at[id]
		if !ok {
			i = len(out)
			at[id] = i
			out = append(out, group{Breach: b, worst: b})
		}
		g := &out[i]
		risk := 0
		for _, r := range j.rows[b.To] {
			risk = max(risk, r.FullRisk())
		}
		if risk > g.risk {
			g.risk, g.worst = risk, b
		}
		if !slices.Contains(g.does, does) {
			g.does = append(g.does, does)
		}
		g.to = append(g.to, b.To)
	}
	for i := range out {
		slices.Sort(out[i].to)
		out[i].to = slices.Compact(out[i].to)
	}
	return out
}

// walled is the highest risk of what is to be kept apart.
func (j *Judge) walled(a *threatmodel.Assertion) int {
	n := 0
	for k, rows := range j.rows {
		if j.units.In(k, a.To...) == snapshot.Known {
			for _, r := range rows {
				n = max(n, r.FullRisk())
			}
		}
	}
	return n
}

// breach says in one sentence what somebody gets at.
func (j *Judge) breach(g group, a *threatmodel.Assertion) string {
	may := "can "
	if !g.Certain {
		may = "may, by what was not read, "
	}
	says := j.name(g.From) + " " + may
	if g.Account {
		return says + "take over the account, and " + list(a.To, "and", most) + " with it"
	}
	says += list(g.does, "or", most) + " "
	if len(g.to) > most {
		says += count(len(g.to), "thing", "things") + ": "
	}
	var names []string
	for _, k := range g.to {
		names = append(names, string(k))
	}
	says += list(j.names(names), "and", most)
	if n := len(g.worst.Traffic); n > 0 && len(g.to) == 1 {
		var what []string
		for _, t := range g.worst.Traffic {
			what = append(what, t.String())
		}
		says += ": " + list(what, "and", most)
	}
	return says
}

// from is a way of a breach: one that begins where it does, else one on which what it begins with is passed.
func (j *Judge) from(b isolation.Breach) *access.Path {
	paths := j.account
	if !b.Account {
		paths = j.Access.Paths(b.To, b.Capability, true)
	}
	var best *access.Path
	for i := range paths {
		p := &paths[i]
		if (p.Principal == b.From || p.Entry.Actor == b.From) && (best == nil || risk.Score(*p).High > risk.Score(*best).High) {
			best = p
		}
	}
	if best != nil {
		p := best.Told()
		return &p
	}
	for _, who := range j.Access.Who(b.To, b.Capability) { // whom nobody was found to become
		if who.Principal == b.From {
			return &who.Path
		}
	}
	return nil
}

// apart judges that one unit does not get at another.
func (j *Judge) apart(a *threatmodel.Assertion, one snapshot.Key) verdict {
	if one != "" && j.units.In(one, a.To...) == snapshot.Absent {
		return verdict{outcome: check.NotApplicable}
	}
	v := verdict{outcome: check.Pass, about: true, always: true, risk: j.walled(a)}
	for _, unit := range slices.Concat(a.From, a.To) {
		if !j.units.Stated(unit) {
			v.outcome, v.says = check.NotApplicable, "nothing in this snapshot is of the unit "+unit
		}
	}
	n := 0
	for _, g := range j.grouped(j.breaches(a), one) {
		e := check.Evidence{Key: g.worst.To, Access: g.worst.Capability, Outcome: check.Unknown, Says: j.breach(g, a), Risk: g.risk, Who: []string{g.From}}
		if g.Certain {
			e.Outcome = check.Fail
		}
		if one == "" && n < told && len(g.Traffic) == 0 {
			e.Path = j.from(g.worst)
			n++
		}
		v.outcome = v.outcome.And(e.Outcome)
		v.evidence = append(v.evidence, e)
	}
	if v.outcome == check.Pass {
		types := map[string]bool{}
		for k := range j.rows {
			if j.units.In(k, a.To...) != snapshot.Absent {
				types[j.typeOf(k)] = true
			}
		}
		j.shade(&v, types)
	}
	if one != "" {
		return v
	}
	for _, says := range j.gaps(func(typ string) bool { return j.about(typ) || stands(typ) }) {
		v.outcome = v.outcome.And(check.Unknown)
		v.evidence = append(v.evidence, check.Evidence{Outcome: check.Unknown, Says: "there may be more of either: " + says})
	}
	if v.outcome == check.Pass {
		v.says = "nothing of " + list(a.From, "and", 4) + " gets at " + list(a.To, "and", 4)
	}
	if n := j.unplaced(); n > 0 {
		says := count(n, "thing has", "things have") + " no unit"
		v.evidence = append(v.evidence, check.Evidence{Outcome: check.NotApplicable, Says: says})
		if v.outcome == check.Pass {
			v.says += "; " + says
		}
	}
	return v
}
