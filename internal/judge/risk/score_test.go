package risk

import (
	"math/rand/v2"
	"testing"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/snapshot"
)

func randomPath(r *rand.Rand) access.Path {
	kinds := make([]string, 0, len(base))
	kinds = append(kinds, []string{access.Public, access.RootKey, access.AccessKey, access.PasswordMFA, access.SSO, access.RootMFA, access.ServiceBound, access.WebHost}...)
	e := &access.Entry{Kind: kinds[r.IntN(len(kinds))], ID: string(rune('a' + r.IntN(26))), Unknown: r.IntN(6) == 0}
	e.Actor = e.ID
	for _, f := range []string{access.KeyOver90, access.KeyOver365, access.KeyNoMFA, access.IMDSv1, access.KnownExploited} {
		if r.IntN(4) == 0 {
			e.Facts = append(e.Facts, access.Fact{Name: f, State: []snapshot.State{snapshot.Known, snapshot.Unknown}[r.IntN(2)]})
		}
	}
	p := access.Path{Entry: e, Guards: access.Guard(r.IntN(8)), Seen: r.IntN(4) > 0}
	for range r.IntN(5) {
		p.Steps = append(p.Steps, access.Step{Trace: r.IntN(2) == 0})
	}
	return p
}

// A path's points never rise with a guard or a step, nor fall with a fact; what is not read never lowers the worst end.
func TestScoreIsMonotone(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		p := randomPath(r)
		s := Score(p)
		if s.Low > s.High || s.High < 0 || s.High > 100 || s.Low < 0 {
			t.Fatalf("%d..%d", s.Low, s.High)
		}
		worse := func(what string, q access.Path, less bool) {
			o := Score(q)
			if less && (o.High > s.High || o.Low > s.Low) || !less && (o.High < s.High || o.Low < s.Low) {
				t.Fatalf("%s: from %d..%d to %d..%d", what, s.Low, s.High, o.Low, o.High)
			}
		}
		q := p
		q.Guards |= access.Guard(1 << r.IntN(3))
		worse("a guard more", q, true)
		q = p
		q.Steps = append(append([]access.Step{}, p.Steps...), access.Step{Trace: true})
		worse("a step more", q, true)
		q = p
		e := *p.Entry
		e.Facts = append(append([]access.Fact{}, e.Facts...), access.Fact{Name: access.LikelyExploited, State: snapshot.Known})
		q.Entry = &e
		worse("a fact more", q, false)
		q = p
		q.Seen = false
		if o := Score(q); o.High != s.High || o.Low > s.Low {
			t.Fatalf("unread: from %d..%d to %d..%d", s.Low, s.High, o.Low, o.High)
		}
	}
}

// More paths never lower a likelihood, and the levels go up with the points.
func TestLikelihoodIsMonotone(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 300 {
		var paths []Scored
		old := likelihood(nil)
		for range 40 {
			paths = append(paths, Score(randomPath(r)))
			l := likelihood(paths)
			if l.Points < old.Points || l.LowPoints < old.LowPoints || l.Level < old.Level || l.LowPoints > l.Points {
				t.Fatalf("%d paths: from %d..%d to %d..%d", len(paths), old.LowPoints, old.Points, l.LowPoints, l.Points)
			}
			old = l
		}
	}
	for p := range 115 {
		if Level(p+1) < Level(p) {
			t.Errorf("level falls at %d", p+1)
		}
	}
	for level := 2; level <= 5; level++ {
		if from := LevelFrom(level); Level(from) != level || Level(from-1) != level-1 {
			t.Errorf("level %d does not begin at %d", level, from)
		}
	}
}

// Of two ages of a key only the larger counts, in whichever order they are told; MFA counts once; a chain of steps takes no more than its share.
func TestPointsCountOnce(t *testing.T) {
	known := func(names ...string) (out []access.Fact) {
		for _, n := range names {
			out = append(out, access.Fact{Name: n, State: snapshot.Known})
		}
		return out
	}
	for name, c := range map[string]struct {
		entry  access.Entry
		guards access.Guard
		traces int
		want   int
	}{
		"two ages":              {entry: access.Entry{Kind: access.AccessKey, Facts: known(access.KeyOver90, access.KeyOver365)}, want: 65},
		"two ages, turned":      {entry: access.Entry{Kind: access.AccessKey, Facts: known(access.KeyOver365, access.KeyOver90)}, want: 65},
		"MFA twice":             {entry: access.Entry{Kind: access.PasswordMFA}, guards: access.GuardMFA, want: 30},
		"MFA and a network":     {entry: access.Entry{Kind: access.PasswordMFA}, guards: access.GuardMFA | access.GuardNetwork, want: 10},
		"two steps":             {entry: access.Entry{Kind: access.AccessKey}, traces: 2, want: 45},
		"ten steps":             {entry: access.Entry{Kind: access.AccessKey}, traces: 10, want: 40},
		"all three guards":      {entry: access.Entry{Kind: access.AccessKey}, guards: 7, want: 0},
		"never more than all":   {entry: access.Entry{Kind: access.Public, Facts: known(access.KnownExploited)}, want: 100},
		"what is no fact of it": {entry: access.Entry{Kind: access.AccessKey, Facts: known("harmless")}, want: 55},
	} {
		if high, low := points(&c.entry, c.guards, c.traces, true); high != c.want || low != c.want {
			t.Errorf("%s: %d…%d points, want %d", name, low, high, c.want)
		}
	}
}
