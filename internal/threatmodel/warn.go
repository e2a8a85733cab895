package threatmodel

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Warning is something in footing.yaml that has no effect, or none any more.
type Warning struct {
	Line int
	Says string
}

// over tells whether a day has passed: what is said until it holds through it, by UTC. What has no end that can be read has none that can be trusted.
func over(until string, now time.Time) bool {
	t, err := time.Parse(time.DateOnly, until)
	return err != nil || !now.Before(t.AddDate(0, 0, 1))
}

// Over tells whether an override holds no longer.
func (o *Override) Over(now time.Time) bool { return over(o.Until, now) }

// Over tells whether a waiver holds no longer. It also ends when the risk grows beyond MaxRisk, which its judge sees.
func (w *Waiver) Over(now time.Time) bool { return over(w.Until, now) }

// Over tells whether an exception holds no longer.
func (x *Exception) Over(now time.Time) bool { return over(x.Until, now) }

// Over tells whether an attestation holds no longer.
func (a *Attestation) Over(now time.Time) bool { return over(a.Until, now) }

// Ahead tells that a word is dated on a day that has begun nowhere on earth: it counts for nothing yet, or its end could be put off by dating
// it ahead.
func (s *Said) Ahead(now time.Time) bool {
	t, err := time.Parse(time.DateOnly, s.Date)
	return err == nil && t.After(now.Add(14*time.Hour))
}

// Older tells that a word was given more than so many days ago. What has no day that can be read is as old as can be.
func (s *Said) Older(days int, now time.Time) bool {
	t, err := time.Parse(time.DateOnly, s.Date)
	return err != nil || now.After(t.AddDate(0, 0, days+1))
}

// Warnings tells what of the model has no effect on a sealed snapshot: a bind that chooses nothing, a row that is not there, and what has ended.
// Where the snapshot did not look, nothing is said.
func (m *Model) Warnings(s *snapshot.Snapshot, now time.Time) []Warning {
	w := &warner{m: m, s: s}
	for _, r := range m.Resources {
		w.bind(fmt.Sprintf("the resource %q", r.ID), r.Bind)
	}
	for _, c := range m.Components {
		w.bind(fmt.Sprintf("the component %q", c.ID), c.Bind)
	}
	for _, a := range m.Actors {
		w.bind(fmt.Sprintf("the actor %q", a.ID), a.Bind)
	}
	for _, p := range m.People {
		w.bind(fmt.Sprintf("the person %q", p.ID), p.Bind)
	}
	for _, p := range m.EntryPoints {
		w.bind(fmt.Sprintf("the entry point %q", p.ID), p.Bind)
	}
	for _, u := range m.Units {
		for _, b := range u.Bind {
			w.bind(fmt.Sprintf("the unit %q", u.Name), b)
		}
	}
	for _, t := range m.Threats {
		w.row(t.Line, fmt.Sprintf("the threat %q", t.ID), t.Target.ID)
	}
	for i := range m.Overrides {
		o := &m.Overrides[i]
		what := "the override of " + o.Target.String()
		if w.ahead(&o.Said, what, now) {
			continue
		}
		if o.Over(now) {
			w.ended(o.Line, what, o.Until, "the computed likelihood counts again")
			continue
		}
		w.row(o.Line, what, o.Target.ID)
	}
	for i := range m.Waivers {
		x := &m.Waivers[i]
		what := "the waiver of " + cmp.Or(x.Rule, x.Threat, x.Objective, x.Target.String())
		if w.ahead(&x.Said, what, now) {
			continue
		}
		if x.Over(now) {
			w.ended(x.Line, what, x.Until, "nothing is accepted by it any more")
			continue
		}
		w.row(x.Line, what, x.Target.ID)
	}
	for i := range m.Exceptions {
		x := &m.Exceptions[i]
		what := fmt.Sprintf("the exception from %s to %s", x.From, x.To)
		if w.ahead(&x.Said, what, now) {
			continue
		}
		if x.Over(now) {
			w.ended(x.Line, what, x.Until, "that way breaks the isolation again")
			continue
		}
		for _, end := range []string{x.From, x.To} {
			if !w.reached(end) {
				w.tell(x.Line, "%s: no unit is called %q, and no ARN of the snapshot ends so", what, end)
			}
		}
	}
	for i := range m.Attestations {
		a := &m.Attestations[i]
		if w.ahead(&a.Said, "the attestation of "+a.Rule, now) {
			continue
		}
		if a.Over(now) {
			w.ended(a.Line, "the attestation of "+a.Rule, a.Until, "what it vouched for is open again")
		}
	}
	slices.SortStableFunc(w.out, func(a, b Warning) int { return cmp.Compare(a.Line, b.Line) })
	return w.out
}

type warner struct {
	m     *Model
	s     *snapshot.Snapshot
	names map[string]bool // how rows may be called
	out   []Warning
}

func (w *warner) tell(line int, format string, args ...any) {
	w.out = append(w.out, Warning{line, fmt.Sprintf(format, args...)})
}

func (w *warner) ended(line int, what, until, effect string) {
	w.tell(line, "%s ended on %s: %s", what, until, effect)
}

func (w *warner) ahead(said *Said, what string, now time.Time) bool {
	if !said.Ahead(now) {
		return false
	}
	w.tell(said.Line, "%s is dated %s, which is still to come: it counts for nothing yet", what, said.Date)
	return true
}

// bind warns of a choice that chooses nothing for certain, where the snapshot looked for all that it could choose.
func (w *warner) bind(what string, b Bind) {
	if len(b.VPC) > 0 && w.s.Has("AWS::EC2::VPC", "") != snapshot.Unknown && !slices.ContainsFunc(w.s.OfType("AWS::EC2::VPC"), func(r *snapshot.Resource) bool {
		_, id, _ := strings.Cut(string(r.Key), ":vpc/")
		return b.VPC.match(id)
	}) {
		w.tell(b.Line, "the bind of %s chooses nothing: this snapshot has no network %s", what, strings.Join(b.VPC, " or "))
		return
	}
	if b.Empty() || len(b.OIDC) > 0 || w.elsewhere(b) || !w.looked(b) {
		return // a federated identity is no resource, nor is root; and what was not looked for may be there
	}
	for i := range w.s.Resources {
		if b.Choose(&w.s.Resources[i], w.m.Ask) != snapshot.Absent {
			return
		}
	}
	w.tell(b.Line, "the bind of %s chooses nothing in this snapshot", what)
}

// elsewhere tells whether a bind speaks of principals that no snapshot of this account lists: its root, and those of other accounts.
func (w *warner) elsewhere(b Bind) bool {
	return slices.ContainsFunc(b.ARN, func(arn string) bool {
		parts := strings.SplitN(arn, ":", 6)
		return strings.HasSuffix(arn, ":root") || len(parts) == 6 && accountID.MatchString(parts[4]) && parts[4] != w.s.Account
	})
}

// looked tells whether the snapshot has everything that a bind could choose: calls listed it, and all of them were ok.
func (w *warner) looked(b Bind) bool {
	types, service := b.Type.fold(), ""
	if len(types) == 0 && len(b.ARN) == 1 {
		service, types = w.typesOf(b.ARN[0])
	}
	some := false
	for _, c := range w.s.Coverage {
		switch {
		case c.Resource != "":
			continue // about one resource that is known
		case len(types) > 0:
			if !slices.ContainsFunc(c.Types, func(t string) bool { return types.match(strings.ToLower(t)) }) {
				continue
			}
		case service != "" && c.Service != service:
			continue
		}
		if c.Gap() {
			return false
		}
		some = true
	}
	return some
}

// typesOf is the service of an ARN, and as a pattern the type that it names, as in "…:iam::111122223333:user/ana", if the snapshot has one that is
// called so. Both are empty when the ARN leaves them open.
func (w *warner) typesOf(arn string) (service string, types Words) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || strings.ContainsAny(parts[2], "*?") {
		return "", nil
	}
	service = parts[2]
	kind := parts[5]
	if end := strings.IndexAny(kind, "/:"); end > 0 {
		kind = kind[:end]
	}
	pattern := Words{strings.ToLower("aws::" + service + "::" + kind)}
	for _, c := range w.s.Coverage {
		if !strings.ContainsAny(kind, "*?") && slices.ContainsFunc(c.Types, func(t string) bool { return pattern.match(strings.ToLower(t)) }) {
			return service, pattern
		}
	}
	return service, nil
}

// row warns of a target that no row of the snapshot is called.
func (w *warner) row(line int, what, id string) {
	if id == "" || id == theAccount || slices.ContainsFunc(w.m.Resources, func(r Resource) bool { return r.ID == id }) {
		return
	}
	if w.names == nil {
		w.names = map[string]bool{}
		for i := range w.s.Resources {
			r := &w.s.Resources[i]
			w.names[r.Name], w.names[string(r.Key)] = true, true
		}
	}
	// Of several with one name, each is called kind/name, or kind/name@region.
	rest := id
	if _, after, ok := strings.Cut(id, "/"); ok {
		rest = after
	}
	bare := rest
	if at := strings.LastIndex(rest, "@"); at > 0 {
		bare = rest[:at]
	}
	if w.names[id] || w.names[rest] || w.names[bare] || len(w.s.Gaps()) > 0 {
		return
	}
	w.tell(line, "%s: nothing in this snapshot is called %q", what, id)
}

// reached tells whether one end of an exception is there, or may be.
func (w *warner) reached(end string) bool {
	if len(w.s.Gaps()) > 0 || slices.ContainsFunc(w.m.Units, func(u Unit) bool { return u.Name == end }) {
		return true
	}
	for i := range w.s.Resources {
		if strings.HasSuffix(string(w.s.Resources[i].Key), end) {
			return true
		}
	}
	return false
}
