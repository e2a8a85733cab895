package review

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Every is the number of days between reviews where nobody says otherwise.
const Every = 90

// Review is everything that a look at the account now has to tell.
type Review struct {
	Assessment *assess.Assessment
	Now        time.Time
	Schedule
	Objectives  []assess.Verdict
	Delta       *assess.Delta // since the last signed one; nil when there is none
	Endings     []Ending
	Mitigations []Followed
	Signed      *Signed // by this very run; nil when it only looked
}

// Schedule is when reviews are due.
type Schedule struct {
	Last *Signed // nil when none was signed yet
	Days int     // from one to the next
}

// On is the schedule of an account.
func On(m *threatmodel.Model, all []Signed, account string) Schedule {
	return Schedule{Last(all, account), cmp.Or(m.Review.Days, Every)}
}

// Due is the day on which the next review is due; false when nobody signed one yet, so that it is due now.
func (s Schedule) Due() (time.Time, bool) {
	if s.Last == nil {
		return time.Time{}, false
	}
	return day(s.Last.At).AddDate(0, 0, s.Days), true
}

// Overdue tells that the day has passed. A review that was never signed is due, and not overdue: nobody promised one.
func (s Schedule) Overdue(now time.Time) bool {
	due, ok := s.Due()
	return ok && day(now).After(due)
}

// day is the midnight before, UTC.
func day(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// Ending is something that people accepted until a day.
type Ending struct {
	Kind   string // override, waiver, exception, attestation
	About  string
	By     string
	Reason string
	Until  time.Time // the last day on which it holds
	Ended  bool      // that day has passed
	Line   int       // of footing.yaml
}

// Endings lists what has run out, and what will before another so many days have passed; the first to end comes first.
func Endings(m *threatmodel.Model, now time.Time, days int) []Ending {
	out := []Ending{}
	today := day(now)
	add := func(kind, about, until string, s threatmodel.Said) {
		t, err := time.Parse(time.DateOnly, until)
		if err != nil || t.After(today.AddDate(0, 0, days)) {
			return // without a day it does not end; the reader of footing.yaml asks for one where there must be one
		}
		out = append(out, Ending{kind, about, s.By, s.Reason, t, t.Before(today), s.Line})
	}
	for _, o := range m.Overrides {
		add(assess.SaysOverride, o.Target.String(), o.Until, o.Said)
	}
	for _, w := range m.Waivers {
		add(assess.SaysWaiver, w.About(), w.Until, w.Said)
	}
	for _, e := range m.Exceptions {
		add(assess.SaysException, e.About(), e.Until, e.Said)
	}
	for _, a := range m.Attestations {
		add(assess.SaysAttestation, a.Rule, a.Until, a.Said)
	}
	slices.SortStableFunc(out, func(a, b Ending) int {
		return cmp.Or(a.Until.Compare(b.Until), strings.Compare(a.Kind, b.Kind), strings.Compare(a.About, b.About))
	})
	return out
}
