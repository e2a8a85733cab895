package assess

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Delta is what differs between two assessments of one account. Every list has a stable order.
type Delta struct {
	Risks      []RiskChange // every row of either, also the unchanged ones: see compareStandings for the order
	Ways       Ways
	Stated     []StatedChange
	Resources  snapshot.Diff
	Principals Principals
	Unseen     []Blinded // what was seen before and is not now
	Objectives []ObjectiveChange
	// Whole is false when one side was only its numbers: then Ways, Principals, Unseen and all of Resources but what is gone were not compared.
	Whole bool
}

// Verdicts on a row.
const (
	Raises    = "raises"    // its full risk rose, or what the sheet shows; or neither changed, and more of it is known, or its action is no longer in force
	Lowers    = "lowers"    // neither rose, and one fell
	Resolves  = "resolves"  // neither rose, and its action is in force now, or what the sheet shows fell below every threshold
	Unchanged = "unchanged" // also a row whose resource could not be seen again: nothing unseen is better
)

// RiskChange is one row, before and after.
type RiskChange struct {
	ID            string
	Key           snapshot.Key
	Access        access.Capability
	Before, After Numbers // zero where there was no such row
	Aged          Numbers // how much of the difference is time alone: keys that grew older
	StateBefore   string  // open, in-force, accepted; "" where there was no such row
	StateAfter    string
	Verdict       string
	New           bool // no such row before
	Gone          bool // no such row any more, and it was looked for
	Unseen        bool // it was there, and could not be looked for: After repeats Before
}

// Verdict is what was found of one objective.
type Verdict struct {
	ID      string `json:"id"`
	Say     string `json:"say"`
	Outcome string `json:"outcome"` // pass, fail, unknown, waived, manual, not-applicable
}

// ObjectiveChange is an objective that holds more, or less, than before.
type ObjectiveChange struct {
	ID, Say       string
	Before, After string // outcomes; "" where nobody stated it
	Broken        bool   // less
}

// Principals are the users and roles of one side only.
type Principals struct {
	New, Gone []snapshot.Key
}

// Blinded is a call that answered, or was not needed, and left something unseen since.
type Blinded struct {
	Service, Region, Call string
	Resource              snapshot.Key
	Reason                string
}

// Between tells two assessments of one account apart.
func Between(before, after *Assessment) Delta {
	return Since(before.Record(), before, after)
}

// Since compares with numbers and statements that were kept. What they were made from may be at hand too, judged by what is stated now; where
// it is not, before is nil, and of everything else only what is gone or cannot be seen again is told.
func Since(then Record, before, after *Assessment) Delta {
	d := Delta{Whole: before != nil}
	if d.Whole {
		d.Resources = snapshot.Between(before.Snapshot, after.Snapshot)
		d.Principals = principals(before.Snapshot, after.Snapshot, d.Resources)
		d.Unseen = blinded(before.Snapshot, after.Snapshot)
	} else {
		d.Resources = then.missing(after)
	}
	unseen := map[snapshot.Key]bool{}
	for _, k := range d.Resources.Unseen {
		unseen[k] = true
	}
	if d.Whole {
		d.Ways = ways(before, after, unseen)
	}
	d.Risks = after.changes(then, unseen, blind(after.Snapshot) && (before == nil || !blind(before.Snapshot)))
	d.Stated = restated(then.Stated, after.Statements())
	for i := range d.Stated {
		d.Stated[i].Weakens = d.Stated[i].Weakens || d.Stated[i].lessens(d.Risks)
	}
	return d
}

// ImpactAlone tells that a number fell because the thing counts for less, while nobody's access to it is less: somebody lowered its class or its impact.
func (c *RiskChange) ImpactAlone() bool {
	b, a := c.Before, c.After
	return !c.New && !c.Gone && !c.Unseen && a.Impact > 0 && a.Impact < b.Impact && (a.Full < b.Full || a.Shown < b.Shown) &&
		a.Full/a.Impact >= b.Full/b.Impact && a.Shown/a.Impact >= b.Shown/b.Impact
}

// missing lists the resources that have rows in a record, and are not there any more.
func (r Record) missing(after *Assessment) snapshot.Diff {
	then := &snapshot.Snapshot{Account: after.Snapshot.Account}
	for i := range r.Rows {
		if row := &r.Rows[i]; strings.HasPrefix(string(row.Key), "arn:") && row.Key != after.Access.Account { // others are stated, and never were resources
			arn, _ := iam.SplitARN(string(row.Key))
			then.Resources = append(then.Resources, snapshot.Resource{Key: row.Key, Type: row.Type, Region: arn.Region})
		}
	}
	then.Seal()
	d := snapshot.Between(then, after.Snapshot)
	d.Added, d.Changed = []snapshot.Key{}, []snapshot.Changed{}
	return d
}

// changes compares rows with those of an earlier moment, and says what of each difference is time alone.
func (a *Assessment) changes(then Record, unseen map[snapshot.Key]bool, blinded bool) []RiskChange {
	lowest := 25
	for _, t := range a.Model.Thresholds {
		lowest = min(lowest, t.At)
	}
	out := compareStandings(then.Rows, a.Standings(), unseen, lowest, blinded)
	if then.Taken.Equal(a.Snapshot.Taken) || !slices.ContainsFunc(out, func(c RiskChange) bool { return c.Before != c.After && !c.New }) {
		return out
	}
	// Ages are counted from the moment of a snapshot: judged as if it were taken earlier, the same account shows what is change alone.
	young := map[cellKey]Numbers{}
	for _, s := range a.at(then.Taken).Standings() {
		young[s.cell()] = s.Numbers
	}
	for i := range out {
		if c := &out[i]; !c.New && !c.Gone && !c.Unseen {
			c.Aged = c.After.minus(young[cellKey{c.Key, c.Access}])
		}
	}
	return out
}

// at judges the same account as if it were taken at another moment: ages are counted from there. What people stated ends when it did.
func (a *Assessment) at(taken time.Time) *Assessment {
	b, s := *a, *a.Snapshot
	s.Taken = taken
	b.Snapshot = &s
	b.table()
	b.sheet()
	return &b
}

// compareStandings puts two sheets side by side: what rises first, then what falls, then what is resolved, then the rest; within each the
// highest first, then by key.
func compareStandings(before, after []Standing, unseen map[snapshot.Key]bool, lowest int, blinded bool) []RiskChange {
	then := make(map[cellKey]*Standing, len(before))
	for i := range before {
		then[before[i].cell()] = &before[i]
	}
	out := make([]RiskChange, 0, len(after))
	for i := range after {
		s := &after[i]
		c := RiskChange{ID: s.ID, Key: s.Key, Access: s.Access, After: s.Numbers, StateAfter: s.State}
		if old, ok := then[s.cell()]; ok {
			c.Before, c.StateBefore = old.Numbers, old.State
			delete(then, s.cell())
		} else {
			c.New = true
		}
		out = append(out, c)
	}
	for i := range before {
		s := &before[i]
		if then[s.cell()] != s {
			continue // it is there still, or stands in the list twice
		}
		c := RiskChange{ID: s.ID, Key: s.Key, Access: s.Access, Before: s.Numbers, StateBefore: s.State}
		if c.Unseen = unseen[s.Key]; c.Unseen {
			c.After, c.StateAfter = c.Before, c.StateBefore
		} else {
			c.Gone = true
		}
		out = append(out, c)
	}
	for i := range out {
		out[i].Verdict = verdict(&out[i], lowest, blinded)
	}
	slices.SortStableFunc(out, func(a, b RiskChange) int {
		return cmp.Or(
			cmp.Compare(slices.Index(verdicts, a.Verdict), slices.Index(verdicts, b.Verdict)),
			cmp.Compare(b.most(), a.most()),
			strings.Compare(string(a.Key), string(b.Key)),
			cmp.Compare(a.Access, b.Access))
	})
	return out
}

// verdicts in the order in which they are told.
var verdicts = []string{Raises, Lowers, Resolves, Unchanged}

// blind tells whether there may be users or roles that were not listed. Their ways to everything are told in the account's row, as unread.
func blind(s *snapshot.Snapshot) bool {
	return slices.ContainsFunc([]string{"AWS::IAM::User", "AWS::IAM::Role"}, func(typ string) bool {
		return s.Has(typ, "") == snapshot.Unknown || slices.ContainsFunc(s.Gaps(), func(c snapshot.Coverage) bool { return c.Resource == "" && slices.Contains(c.Types, typ) })
	})
}

// verdict on one row. Where users or roles are out of sight that were seen before, fewer ways beside the account are not fewer ways.
func verdict(c *RiskChange, lowest int, blinded bool) string {
	b, a := c.Before, c.After
	switch {
	case a.Full > b.Full || a.Shown > b.Shown:
		return Raises
	case c.StateBefore != risk.InForce && c.StateAfter == risk.InForce && !c.New:
		return Resolves
	case a.Full < b.Full || a.Shown < b.Shown && !blinded:
		if b.Shown >= lowest && a.Shown < lowest {
			return Resolves
		}
		return Lowers
	case a.FullLow > b.FullLow || a.ShownLow > b.ShownLow, c.StateBefore == risk.InForce && c.StateAfter != risk.InForce && !c.Gone:
		return Raises
	}
	return Unchanged // also where only what is known of it fell: that was not seen again
}

// most is the number by which a change is ranked: the higher end of what the sheet shows, then of the full risk.
func (c *RiskChange) most() int {
	return 100*max(c.Before.Shown, c.After.Shown) + max(c.Before.Full, c.After.Full)
}

// worse orders outcomes of objectives: what fails and somebody accepts is no better than what needs somebody's word, and what is unknown is
// not safe.
var worse = map[string]int{"pass": 0, "not-applicable": 0, "manual": 1, "waived": 1, "unknown": 2, "fail": 3}

// Rejudged tells two lists of verdicts apart, in the order of the later one. One that is no longer stated is told with what people state.
func Rejudged(before, after []Verdict) []ObjectiveChange {
	then := map[string]string{}
	for _, v := range before {
		then[v.ID] = v.Outcome
	}
	out := []ObjectiveChange{}
	for _, v := range after {
		if b, a := worse[then[v.ID]], worse[v.Outcome]; a != b {
			out = append(out, ObjectiveChange{v.ID, v.Say, then[v.ID], v.Outcome, a > b})
		}
	}
	return out
}

// Counts says how many rows have each verdict.
func (d *Delta) Counts() map[string]int {
	out := map[string]int{}
	for i := range d.Risks {
		out[d.Risks[i].Verdict]++
	}
	return out
}

// principals are the users and roles among what is new or gone.
func principals(before, after *snapshot.Snapshot, d snapshot.Diff) Principals {
	pick := func(s *snapshot.Snapshot, keys []snapshot.Key) []snapshot.Key {
		out := []snapshot.Key{}
		for _, k := range keys {
			if r, ok := s.Get(k); ok && (r.Type == "AWS::IAM::User" || r.Type == "AWS::IAM::Role") {
				out = append(out, k)
			}
		}
		return out
	}
	return Principals{New: pick(after, d.Added), Gone: pick(before, d.Gone)}
}

// blinded lists gaps that were none before, and calls that listed something before and were not made.
func blinded(before, after *snapshot.Snapshot) []Blinded {
	type call struct {
		service, region, call string
		resource              snapshot.Key
	}
	of := func(c snapshot.Coverage) call { return call{c.Service, c.Region, c.Call, c.Resource} }
	gaps, asked := map[call]bool{}, map[call]bool{}
	for _, c := range before.Gaps() {
		gaps[of(c)] = true
	}
	out := []Blinded{}
	for _, c := range after.Coverage {
		asked[of(c)] = true
		if c.Gap() && !gaps[of(c)] {
			out = append(out, Blinded{c.Service, c.Region, c.Call, c.Resource, cmp.Or(c.Reason, c.Outcome)})
		}
	}
	for _, c := range before.Coverage {
		lost := func(typ string) bool { return after.Has(typ, c.Region) == snapshot.Unknown }
		if c.Outcome == snapshot.OK && !asked[of(c)] && slices.ContainsFunc(c.Types, lost) {
			out = append(out, Blinded{c.Service, c.Region, c.Call, c.Resource, "not asked any more"})
		}
	}
	slices.SortStableFunc(out, func(a, b Blinded) int {
		return cmp.Or(strings.Compare(a.Service, b.Service), strings.Compare(a.Region, b.Region), strings.Compare(a.Call, b.Call), strings.Compare(string(a.Resource), string(b.Resource)))
	})
	return slices.Compact(out)
}
