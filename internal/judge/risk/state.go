package risk

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// States of a row.
const (
	Open     = "open"     // its action is still to be taken
	InForce  = "in-force" // the objective that its action drives holds for it
	Accepted = "accepted" // somebody accepted it, until a day or until it grows
)

// Standings of an override.
const (
	Stale   = "stale"   // the evidence got worse, or tells nothing: the higher of it and of what is computed counts
	Expired = "expired" // its day is over: what is computed counts
)

// longestOverride is how long somebody's word for a likelihood stands at most.
const longestOverride = 180 * 24 * time.Hour

// Overridden is somebody's word for a likelihood. What was computed is Computed of the row, whether or not the word stands.
type Overridden struct {
	threatmodel.Override
	Standing string // InForce, Stale or Expired
	Why      string // why it does not stand
}

// overrule puts an override that stands in the place of the computed levels; points, and with them the arithmetic, stay as computed. The
// ways through the account are no business of a row's override: the account's row tells them. One that is stale lowers nothing any more; what
// it raised stays up at the worst end, since worse evidence makes nothing less likely.
func (r *Row) overrule() {
	o := r.Override
	switch {
	case o == nil:
	case o.Standing == InForce:
		r.Beside.Level, r.Beside.LowLevel, r.Full.Level, r.Full.LowLevel = o.Likelihood, o.Likelihood, o.Likelihood, o.Likelihood
	case o.Standing == Stale && o.Likelihood <= 5:
		r.Beside.Level, r.Full.Level = max(r.Beside.Level, o.Likelihood), max(r.Full.Level, o.Likelihood)
	}
}

// Computed is a likelihood as the ways alone make it.
func (l *Likelihood) Computed() int { return Level(l.Points) }

// Stale tells whether an override of a row does not stand because the evidence got worse: the gate fails on that.
func (r *Row) Stale() bool { return r.Override != nil && r.Override.Standing == Stale }

// Evidence is a digest of what makes a row's likelihood beside the account: its points, how many ways in there are, the points of all of
// them together, which those are with which points, and who or what they begin with. Where a way in leads along is not in it: of two as good
// the other is told when one is closed.
func (s *Sheet) Evidence(r *Row) string {
	s.Tell(r)
	var ways, from []string
	total := 0
	for i := range r.Beside.Paths {
		p := &r.Beside.Paths[i]
		ways = append(ways, fmt.Sprintf("%s %s %d", p.Entry.Kind, p.Entry.ID, p.High))
		from = append(from, begins(p.Entry))
		total += p.High
	}
	slices.Sort(ways)
	slices.Sort(from)
	h := sha256.Sum256([]byte(strings.Join(ways, "\n")))
	out := fmt.Sprintf("%dp-%dw-%dt-%s", r.Beside.Points, len(ways), total, hex.EncodeToString(h[:6]))
	if from = slices.Compact(from); len(from) > 0 && len(from) <= mostBegun {
		out += "-" + strings.Join(from, "")
	}
	return out
}

// mostBegun is how many beginnings an evidence names, each by begunSize letters. Of more it only says how many there are.
const mostBegun, begunSize = 32, 4

// begins names with whom or what a way begins, however easy that is today.
func begins(e *access.Entry) string {
	h := sha256.Sum256([]byte(e.ID))
	return hex.EncodeToString(h[:])[:begunSize]
}

// evidence is one that was read.
type evidence struct {
	points, ways, total int
	hash, begun         string
}

func readEvidence(s string) (e evidence, ok bool) {
	n, err := fmt.Sscanf(s, "%dp-%dw-%dt-%s", &e.points, &e.ways, &e.total, &e.hash)
	e.hash, e.begun, _ = strings.Cut(e.hash, "-")
	return e, n == 4 && err == nil
}

// other tells whether ways begin with what none began with before, as far as both say.
func (e *evidence) other(now evidence) bool {
	if e.begun == "" && e.ways > 0 || now.begun == "" {
		return false
	}
	known := map[string]bool{}
	for b := range slices.Chunk([]byte(e.begun), begunSize) {
		known[string(b)] = true
	}
	for b := range slices.Chunk([]byte(now.begun), begunSize) {
		if !known[string(b)] {
			return true
		}
	}
	return false
}

// worse says how evidence got worse; "" when it did not. Fewer points are no worse, nor are as many by fewer ways, nor as many ways with
// fewer points together, unless they begin with what the word was not about: a way that is closed or guarded never makes an override stale.
func worse(old, now string) string {
	was, known := readEvidence(old)
	is, ok := readEvidence(now)
	same := is.points == was.points && is.ways == was.ways
	switch {
	case old == "":
		return "it says no evidence"
	case !known || !ok:
		return "its evidence is none that this program printed"
	case is.points > was.points:
		return fmt.Sprintf("it was decided on %d points, and there are %d now", was.points, is.points)
	case is.points == was.points && is.ways > was.ways:
		return fmt.Sprintf("it was decided on %s, and there are %d now", plural(was.ways, "way", "ways"), is.ways)
	case same && is.total > was.total:
		return "a way weighs more than when it was decided"
	case same && is.total == was.total && is.hash != was.hash, was.other(is):
		return "there are other ways than those that it was decided on"
	}
	return ""
}

// is tells whether a target means a row.
func (a *assessor) is(t threatmodel.Target, r *Row) bool {
	c, ok := access.ParseCapability(t.Access)
	return t.ID != "" && (t.Access == "" || ok && c == r.Access) && slices.Contains(a.called(r.Key), t.ID)
}

func (s *Sheet) warn(line int, format string, args ...any) {
	s.Warnings = append(s.Warnings, Warning{line, fmt.Sprintf(format, args...)})
}

// override gives rows the overrides that are about them. The first that stands counts, else the first.
func (s *Sheet) override() {
	a := s.assessor
	for i := range a.model.Overrides {
		o := &a.model.Overrides[i]
		met := false
		for n := range s.Rows {
			r := &s.Rows[n]
			if !a.is(o.Target, r) {
				continue
			}
			met = true
			x := s.judged(o, r)
			if r.Override == nil || r.Override.Standing != InForce && x.Standing == InForce {
				r.Override = x
			}
		}
		switch {
		case o.Over(a.now):
			s.warn(o.Line, "the override of %s ended on %s: what is computed counts", o.Target, o.Until)
		case !met:
			s.warn(o.Line, "the override of %s is about no risk (any more)", o.Target)
		}
	}
	for i := range s.Rows {
		s.Rows[i].overrule()
	}
}

// judged tells whether an override stands.
func (s *Sheet) judged(o *threatmodel.Override, r *Row) *Overridden {
	x := &Overridden{Override: *o, Standing: InForce}
	until, _ := time.Parse(time.DateOnly, o.Until)
	switch said, err := time.Parse(time.DateOnly, o.Date); {
	case o.Ahead(s.assessor.now):
		x.Standing, x.Why = Stale, "it is dated "+o.Date+", which is still to come"
	case o.Over(s.assessor.now):
		x.Standing, x.Why = Expired, "it ended on "+o.Until
	case o.Reason == "" || o.By == "" || err != nil || until.Sub(said) > longestOverride || o.Likelihood < 1 || o.Likelihood > 5:
		x.Standing, x.Why = Stale, "it lacks a reason, an author, a date, or an end within 180 days"
	default:
		row := *r // the row keeps its numbers alone
		if x.Why = worse(o.Evidence, s.Evidence(&row)); x.Why != "" {
			x.Standing = Stale
		}
	}
	return x
}

// Settle says where every row stands. holds tells whether an objective holds for a row; nil: none does. It may be called again, when
// objectives were judged.
func (s *Sheet) Settle(holds func(objective string, r *Row) bool) {
	a := s.assessor
	s.Warnings = slices.DeleteFunc(s.Warnings, func(w Warning) bool { return strings.HasPrefix(w.Says, "the waiver ") })
	for i := range s.Rows {
		r := &s.Rows[i]
		r.State, r.Waiver = Open, nil
		if t, ok := a.model.Threshold(r.Risk()); ok && t.Objective != "" && holds != nil && holds(t.Objective, r) {
			r.State = InForce
		}
	}
	for i := range a.model.Waivers {
		w := &a.model.Waivers[i]
		if w.Objective != "" || w.Rule != "" {
			continue // no risk
		}
		about, what := w.Target, "of "+w.Target.String()
		if w.Threat != "" {
			what = "of threat " + w.Threat
			n := slices.IndexFunc(a.model.Threats, func(t threatmodel.Threat) bool { return t.ID == w.Threat })
			if n >= 0 {
				about = a.model.Threats[n].Target
			}
		}
		met, ended, ahead := false, w.Over(a.now), w.Ahead(a.now)
		for n := range s.Rows {
			r := &s.Rows[n]
			if !a.is(about, r) {
				continue
			}
			met = true
			switch {
			case ended, ahead:
			case r.Risk() > w.MaxRisk:
				s.warn(w.Line, "the waiver %s has ended: %s is %d, and it was accepted up to %d", what, name(r), r.Risk(), w.MaxRisk)
			case r.Waiver == nil:
				r.State, r.Waiver = Accepted, w
			}
		}
		switch {
		case ended:
			s.warn(w.Line, "the waiver %s ended on %s: it accepts nothing any more", what, w.Until)
		case !met:
			s.warn(w.Line, "the waiver %s is about no risk (any more)", what)
		}
	}
	slices.SortStableFunc(s.Warnings, func(x, y Warning) int { return cmp.Compare(x.Line, y.Line) })
}

func name(r *Row) string { return r.ID + ":" + strings.ToLower(r.Access.String()) }

// Threatened lists the threats that people state of a row; of an actor or an entry point also those by or through it.
func (s *Sheet) Threatened(r *Row) []threatmodel.Threat {
	var out []threatmodel.Threat
	for _, t := range s.assessor.model.Threats {
		if s.assessor.is(t.Target, r) || r.Kind == Actor && slices.Contains(t.By, r.ID) || r.Kind == EntryPoint && slices.Contains(t.Through, r.ID) {
			out = append(out, t)
		}
	}
	return out
}

// Review is the day on which somebody looks at a row again: when what accepts or overrides it ends, else when its action is due after the
// snapshot; "" when nobody said.
func (s *Sheet) Review(r *Row) string {
	switch {
	case r.Waiver != nil:
		return r.Waiver.Until
	case r.Override != nil && r.Override.Standing == InForce:
		return r.Override.Until
	}
	days := s.assessor.model.Review.Days
	if t, ok := s.assessor.model.Threshold(r.Risk()); ok {
		if n := 0; t.Within != "" {
			if _, err := fmt.Sscanf(t.Within, "%dd", &n); err == nil {
				days = n
			}
		}
	}
	if days == 0 {
		return ""
	}
	return s.assessor.snap.Taken.AddDate(0, 0, days).Format(time.DateOnly)
}
