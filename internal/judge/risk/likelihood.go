package risk

import (
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Term is one line of the arithmetic.
type Term struct {
	Says   string
	Points int
}

// Scored is a path with its points: High counts every unread fact as its worst, Low only what was seen.
type Scored struct {
	access.Path
	High, Low int
	Terms     []Term // of High; they sum to it
	Meant     string // the use case that this path was stated for; "" when nobody said so
}

// Likelihood is the worst path and how many could take one.
type Likelihood struct {
	Points, Level       int           // worst end
	LowPoints, LowLevel int           // on what was seen alone
	Ways                int           // how many entry points have a path
	Worst               *access.Entry // where the worst path begins; nil for none

	// What follows is there after Sheet.Tell.
	Terms  []Term
	Paths  []Scored // one an entry point, the worst first
	Actors []string // who counts for breadth, stable order
}

// Unknown tells whether something unread makes a difference.
func (l Likelihood) Unknown() bool { return l.Level != l.LowLevel }

// Score gives a path its points: base + facts − guards − steps that leave a trace, within 0..100.
func Score(p access.Path) Scored {
	s := Scored{Path: p}
	if p.Entry == nil {
		return s
	}
	e := p.Entry
	s.Terms = append(s.Terms, Term{says(p), base[e.Kind]})
	eachFact(e, func(f access.Fact, points int) { s.Terms = append(s.Terms, Term{f.Says, points}) })
	for i, name := range []string{"MFA is asked for", "only from a network", "only from an organisation"} {
		if counts(e, p.Guards, access.Guard(1<<i)) {
			s.Terms = append(s.Terms, Term{name, -guardPoints})
		}
	}
	if n := p.Traces(); n > 0 {
		s.Terms = append(s.Terms, Term{plural(n, "step that leaves a trace", "steps that leave a trace"), -forTraces(n)})
	}
	sum := 0
	for _, t := range s.Terms {
		sum += t.Points
	}
	s.High, s.Low = points(e, p.Guards, p.Traces(), p.Seen)
	if s.High != sum {
		s.Terms = append(s.Terms, Term{"between 0 and 100", s.High - sum})
	}
	return s
}

// points is the sum of the terms alone: at worst, and on what was seen.
func points(e *access.Entry, guards access.Guard, traces int, seen bool) (high, low int) {
	high = base[e.Kind]
	low = high
	eachFact(e, func(f access.Fact, points int) {
		high += points
		if f.State == snapshot.Known {
			low += points
		}
	})
	away := forTraces(traces)
	for g := access.GuardMFA; g <= access.GuardOrganization; g <<= 1 {
		if counts(e, guards, g) {
			away += guardPoints
		}
	}
	high, low = min(max(high-away, 0), 100), min(max(low-away, 0), 100)
	if !seen || e.Unknown {
		low = 0
	}
	return high, low
}

// eachFact calls f for every fact that counts: of two ages only the larger does.
func eachFact(e *access.Entry, f func(access.Fact, int)) {
	age := 0
	for _, fact := range e.Facts {
		points := facts[fact.Name]
		if fact.Name == access.KeyOver90 || fact.Name == access.KeyOver365 {
			if points <= age {
				continue
			}
			points, age = points-age, points
		}
		f(fact, points)
	}
}

// counts tells whether one of some guards takes points from a way in.
func counts(e *access.Entry, guards, g access.Guard) bool {
	return guards&g != 0 && !(g == access.GuardMFA && withMFA[e.Kind])
}

func forTraces(n int) int { return min(n*tracePoints, tracesAtAll) }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// says names the entry, and what of the path was not read.
func says(p access.Path) string {
	if !p.Seen && !p.Entry.Unknown {
		return p.Entry.Says + ", by what could not be read"
	}
	return p.Entry.Says
}

// likelihood is the maximum over paths plus breadth, at both ends.
func likelihood(paths []Scored) Likelihood {
	l := Likelihood{Paths: worstOfEach(paths)}
	l.Ways = len(l.Paths)
	if l.Ways > 0 {
		l.Worst = l.Paths[0].Entry
	}
	var worst *Scored
	who, seen := map[string]bool{}, map[string]bool{}
	for i := range l.Paths {
		p := &l.Paths[i]
		if worst == nil {
			worst = p
		}
		l.LowPoints = max(l.LowPoints, p.Low)
		if p.High >= breadthFrom {
			who[p.Entry.Actor] = true
		}
		if p.Low >= breadthFrom {
			seen[p.Entry.Actor] = true
		}
	}
	for _, p := range paths { // another way of the same entry point may be surer, if lower
		l.LowPoints = max(l.LowPoints, p.Low)
		if p.Low >= breadthFrom {
			seen[p.Entry.Actor] = true
		}
	}
	for a := range who {
		l.Actors = append(l.Actors, a)
	}
	slices.Sort(l.Actors)
	if worst != nil {
		l.Points = worst.High
		l.Terms = append(l.Terms, worst.Terms...)
	} else {
		l.Terms = []Term{{"nobody, by what was read", 0}}
	}
	if b := breadth(len(who)); b > 0 {
		l.Points += b
		l.Terms = append(l.Terms, Term{fmt.Sprintf("%d who could", len(who)), b})
	}
	l.LowPoints += breadth(len(seen))
	l.Level, l.LowLevel = Level(l.Points), Level(l.LowPoints)
	return l
}

// worstOfEach keeps one path an entry point, and sorts by points, then by name.
func worstOfEach(paths []Scored) []Scored {
	best := map[string]int{}
	var out []Scored
	for _, p := range paths {
		id := p.Entry.Kind + "\x00" + p.Entry.ID
		i, ok := best[id]
		if !ok {
			best[id] = len(out)
			out = append(out, p)
			continue
		}
		if p.High > out[i].High || p.High == out[i].High && (p.Low > out[i].Low || p.Low == out[i].Low && len(p.Steps) < len(out[i].Steps)) {
			out[i] = p
		}
	}
	slices.SortStableFunc(out, func(a, b Scored) int {
		if a.High != b.High {
			return b.High - a.High
		}
		if a.Low != b.Low {
			return b.Low - a.Low
		}
		return strings.Compare(a.Entry.Kind+"\x00"+a.Entry.ID, b.Entry.Kind+"\x00"+b.Entry.ID)
	})
	return out
}

// Without is the likelihood without one of its ways, once it is told.
func (l *Likelihood) Without(way int) Likelihood {
	return likelihood(slices.Delete(slices.Clone(l.Paths), way, way+1))
}
