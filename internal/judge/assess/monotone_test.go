package assess

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/risk"
)

// comparison counts what was compared: a case is one row before and after one change.
type comparison struct {
	*testing.T
	cases, moved, held map[string]int // by kind of change: rows, rows that differ, objectives that differ
}

func (c *comparison) fail(seed uint64, what, f string, args ...any) {
	c.Helper()
	c.Error(named(seed, what+": "+f, args...))
}

// Closing never raises and opening never lowers; what is unread never lowers a worst end nor raises what was seen; what is meant changes no
// number; and the delta says what the numbers say. FOOTING_CASES runs until so many rows were compared.
func TestMonotone(t *testing.T) {
	want := 6_000
	if v := os.Getenv("FOOTING_CASES"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil {
			t.Fatal(err)
		}
		want = n
	}
	c := &comparison{t, map[string]int{}, map[string]int{}, map[string]int{}}
	seed := uint64(0)
	for n := 0; n < want; seed++ {
		n += c.account(seed)
	}
	t.Logf("%d accounts; rows compared %v, of which differ %v; objectives that differ %v", seed, c.cases, c.moved, c.held)
	for _, kind := range []string{"less", "unread"} {
		if c.moved[kind] < c.cases[kind]/50 || c.held[kind] < c.cases[kind]/500 {
			t.Errorf("%s: hardly anything made a difference: the accounts say too little", kind)
		}
	}
}

// account draws one, changes it in several ways, and returns how many rows were compared.
func (c *comparison) account(seed uint64) int {
	g, resources := draw(seed)
	w := g.world(c.T, resources)
	a := w.judged(c.T)
	judged := outcomes(a)
	d := Between(a, a)
	if d.Counts()[Unchanged] != len(a.Sheet.Rows) || len(d.Ways.Opened)+len(d.Ways.Closed)+len(d.Ways.Moved)+len(d.Stated)+len(d.Unseen) != 0 || !d.Resources.Empty() {
		c.fail(seed, "nothing", "it differs from itself: %+v", d)
	}
	n := 0
	for range 5 {
		b, what, plain := w.copied(), "", false
		for what == "" {
			what, plain = g.lessen(b)
		}
		n += c.less(seed, what, plain, a, b.judged(c.T), judged)
	}
	for range 4 {
		b := w.copied()
		what, gives := g.hide(b)
		n += c.unread(seed, what, gives, a, b.judged(c.T), judged)
	}
	b := w.copied()
	what := g.restate(b)
	return n + c.same(seed, what, a, b.judged(c.T))
}

func outcomes(a *Assessment) map[string]check.Result {
	out := map[string]check.Result{}
	for _, r := range a.Objectives() {
		out[r.Rule] = r
	}
	return out
}

// rowNumbers are all numbers of a row's likelihood.
type rowNumbers struct{ points, low, level, lowLevel int }

func numbersOf(l *risk.Likelihood) rowNumbers {
	return rowNumbers{l.Points, l.LowPoints, l.Level, l.LowLevel}
}

// above tells whether one of some numbers is more than its peer.
func (n rowNumbers) above(o rowNumbers, levels bool) bool {
	return n.points > o.points || n.low > o.low || levels && (n.level > o.level || n.lowLevel > o.lowLevel)
}

// less compares an account with the same where less is allowed. Turned around it is an account where more is.
func (c *comparison) less(seed uint64, what string, plain bool, before, after *Assessment, was map[string]check.Result) int {
	then, now := rows(before), rows(after)
	if len(then) != len(now) {
		c.fail(seed, what, "%d rows, before %d", len(now), len(then))
	}
	settled := administrators(before) == administrators(after) && what != "cut: administrator"
	for k, o := range then {
		n := now[k]
		full, beside := numbersOf(&n.Full), numbersOf(&n.Beside)
		levels := !overruled(o, n)
		switch {
		case full.above(numbersOf(&o.Full), levels):
			c.fail(seed, what, "%s %s rises from %+v to %+v", o.ID, o.Access, numbersOf(&o.Full), full)
		case beside.above(numbersOf(&o.Full), levels), settled && beside.above(numbersOf(&o.Beside), levels):
			c.fail(seed, what, "%s %s rises beside the account from %+v to %+v", o.ID, o.Access, numbersOf(&o.Beside), beside)
		case plain && (n.Full.Ways > o.Full.Ways || settled && n.Beside.Ways > o.Beside.Ways):
			c.fail(seed, what, "%s %s: from %d ways to %d", o.ID, o.Access, o.Full.Ways, n.Full.Ways)
		case n.Impact.Level != o.Impact.Level || n.Impact.Low != o.Impact.Low:
			c.fail(seed, what, "%s %s: impact from %d…%d to %d…%d", o.ID, o.Access, o.Impact.Low, o.Impact.Level, n.Impact.Low, n.Impact.Level)
		}
		if o.Override != nil && (n.Override == nil || plain && settled && o.Override.Standing == risk.InForce && n.Override.Standing != risk.InForce || (o.Override.Standing == risk.Expired) != (n.Override.Standing == risk.Expired)) {
			c.fail(seed, what, "%s %s: the override was %s, is %+v", o.ID, o.Access, o.Override.Standing, n.Override)
		}
		if levels && settled && o.State == risk.Accepted && n.State != risk.Accepted {
			c.fail(seed, what, "%s %s is no longer accepted", o.ID, o.Access)
		}
		c.count("less", full != numbersOf(&o.Full) || beside != numbersOf(&o.Beside))
	}
	for id, r := range outcomes(after) {
		if o := was[id]; good[r.Outcome] < good[o.Outcome] {
			c.fail(seed, what, "%s was %s (%s), is %s: %s", id, o.Outcome, o.Says, r.Outcome, r.Says)
		} else if r.Outcome != o.Outcome {
			c.held["less"]++
		}
	}
	there, back := Between(before, after), Between(after, before)
	c.agrees(seed, what, there, false, then, now)
	c.agrees(seed, what+", turned around", back, false, now, then)
	if settled && plain && len(there.Ways.Opened)+len(back.Ways.Closed) > 0 {
		c.fail(seed, what, "opens %+v", there.Ways.Opened)
	}
	return len(then)
}

// good orders outcomes of objectives by how good they are.
var good = map[check.Outcome]int{check.Fail: 0, check.Waived: 0, check.Unknown: 1, check.NotApplicable: 2, check.Pass: 2}

// overUnlisted are types whose rows do not tell what was not listed at all: what a key, a secret or a copy opens, and the ways to a database over
// its secrets and copies. The path table has the ways over what is in the snapshot (ARCHITECTURE.md).
var overUnlisted = []string{"AWS::KMS::Key", "AWS::SecretsManager::Secret", "AWS::RDS::DBInstance", "AWS::RDS::DBSnapshot"}

// unread compares an account with the same of which less was read.
func (c *comparison) unread(seed uint64, what string, gives bool, before, after *Assessment, was map[string]check.Result) int {
	then, now := rows(before), rows(after)
	d := Between(before, after)
	c.agrees(seed, what, d, blind(after.Snapshot), then, now)
	whole, wholeNow := then[cell{before.Access.Account, access.Read}], now[cell{before.Access.Account, access.Read}]
	settled := administrators(before) == administrators(after) && numbersOf(&whole.Full) == numbersOf(&wholeNow.Full) && whole.Full.Ways == wholeNow.Full.Ways
	for k, o := range then {
		change := changeOf(c.T, d, k.key, k.access)
		n, ok := now[k]
		if o.Override != nil && ok && n.Override == nil || strings.HasPrefix(what, "no AWS::") && ok && slices.Contains(overUnlisted, o.Type) {
			c.count("unlisted", true)
			continue
		}
		if change.Verdict == Lowers || change.Verdict == Resolves && o.State != risk.InForce {
			c.fail(seed, what, "%s %s: %+v", o.ID, o.Access, change)
		}
		if !ok {
			if !change.Unseen || change.Verdict != Unchanged {
				c.fail(seed, what, "%s %s is gone: %+v", o.ID, o.Access, change)
			}
			c.count("unread", true)
			continue
		}
		// Where anybody may, how many could beside him is not told: five points above the highest level.
		was, full, beside := numbersOf(&o.Full), numbersOf(&n.Full), numbersOf(&n.Beside)
		levels := !overruled(o, n)
		switch {
		case full.points < min(was.points, 95) || levels && full.level < was.level || n.Impact.Level < o.Impact.Level:
			c.fail(seed, what, "%s %s falls from %+v ×%d to %+v ×%d", o.ID, o.Access, was, o.Impact.Level, full, n.Impact.Level)
		case full.low > full.points || n.Impact.Low > n.Impact.Level || gives && (full.low > was.low || levels && full.lowLevel > was.lowLevel || n.Impact.Low > o.Impact.Low):
			c.fail(seed, what, "%s %s: what was seen rises from %+v ×%d to %+v ×%d", o.ID, o.Access, was, o.Impact.Low, full, n.Impact.Low)
		case settled && (beside.points < min(o.Beside.Points, 95) || gives && beside.low > o.Beside.LowPoints):
			c.fail(seed, what, "%s %s beside the account: from %+v to %+v", o.ID, o.Access, numbersOf(&o.Beside), beside)
		}
		c.count("unread", full != was || beside != numbersOf(&o.Beside) || n.Impact.Level != o.Impact.Level || n.Impact.Low != o.Impact.Low)
	}
	for id, r := range outcomes(after) {
		if o := was[id]; o.Outcome != check.Pass && o.Outcome != check.NotApplicable && good[r.Outcome] == good[check.Pass] {
			c.fail(seed, what, "%s was %s (%s), is %s: %s", id, o.Outcome, o.Says, r.Outcome, r.Says)
		} else if r.Outcome != o.Outcome {
			c.held["unread"]++
		}
	}
	return len(then)
}

// same compares an account with the same of which people say something else that weighs nothing.
func (c *comparison) same(seed uint64, what string, before, after *Assessment) int {
	then, now := rows(before), rows(after)
	d := Between(before, after)
	c.agrees(seed, what, d, blind(after.Snapshot), then, now)
	for k, o := range then {
		n := now[k]
		if numbersOf(&n.Full) != numbersOf(&o.Full) || numbersOf(&n.Beside) != numbersOf(&o.Beside) || n.Impact.Level != o.Impact.Level || n.Impact.Low != o.Impact.Low || n.Full.Ways != o.Full.Ways || n.Beside.Ways != o.Beside.Ways {
			c.fail(seed, what, "%s %s changes from %+v to %+v", o.ID, o.Access, numbersOf(&o.Full), numbersOf(&n.Full))
		}
		c.count("same", false)
	}
	if len(d.Ways.Opened)+len(d.Ways.Closed)+len(d.Ways.Moved)+len(d.Unseen) > 0 || !d.Resources.Empty() {
		c.fail(seed, what, "ways or resources differ: %+v", d)
	}
	return len(then)
}

func (c *comparison) count(kind string, moved bool) {
	c.cases[kind]++
	if moved {
		c.moved[kind]++
	}
}

// agrees tells whether a delta says of every row what the numbers of the two sheets say.
func (c *comparison) agrees(seed uint64, what string, d Delta, unseen bool, then, now map[cell]risk.Row) {
	c.Helper()
	met := map[cell]bool{}
	for _, x := range d.Risks {
		k := cell{x.Key, x.Access}
		o, was := then[k]
		n, is := now[k]
		if met[k] || x.New == was || (x.Gone || x.Unseen) == is {
			c.fail(seed, what, "%s %s is told twice, or wrongly as new or gone: %+v", x.ID, x.Access, x)
		}
		met[k] = true
		b, a := Numbers{}, Numbers{}
		if was {
			b = Numbers{o.FullRisk(), o.FullLow(), o.Risk(), o.Low(), o.Impact.Level}
		}
		if is {
			a = Numbers{n.FullRisk(), n.FullLow(), n.Risk(), n.Low(), n.Impact.Level}
		} else if x.Unseen {
			a, n.State = b, o.State
		}
		if x.Before != b || x.After != a || x.Aged != (Numbers{}) || x.StateBefore != o.State || x.StateAfter != n.State {
			c.fail(seed, what, "%s %s: told %+v, on the sheets %+v %s and %+v %s", x.ID, x.Access, x, b, o.State, a, n.State)
		}
		rose, fell := a.Full > b.Full || a.Shown > b.Shown, a.Full < b.Full || a.Shown < b.Shown
		surer := a.FullLow > b.FullLow || a.ShownLow > b.ShownLow
		entered, left := was && o.State != risk.InForce && n.State == risk.InForce, is && o.State == risk.InForce && n.State != risk.InForce
		ok := map[string]bool{Raises: rose || !fell && !entered && (surer || left), Lowers: !rose && fell && !entered, Resolves: !rose && (entered || fell && b.Shown >= 10 && a.Shown < 10),
			Unchanged: !rose && (!fell || unseen && a.Full == b.Full) && !surer && !entered && !left}
		if !ok[x.Verdict] {
			c.fail(seed, what, "%s %s %s: %+v", x.Verdict, x.ID, x.Access, x)
		}
	}
	if len(met) != len(then)+len(now)-both(then, now) || !slices.IsSortedFunc(d.Risks, func(a, b RiskChange) int {
		return slices.Index(verdicts, a.Verdict) - slices.Index(verdicts, b.Verdict)
	}) {
		c.fail(seed, what, "%d rows told, in the order %v", len(met), d.Counts())
	}
}

func both(a, b map[cell]risk.Row) int {
	n := 0
	for k := range a {
		if _, ok := b[k]; ok {
			n++
		}
	}
	return n
}
