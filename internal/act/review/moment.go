package review

import (
	"slices"
	"time"

	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Moment is one stored snapshot in numbers.
type Moment struct {
	Snapshot string    `json:"snapshot"`
	Taken    time.Time `json:"taken"`
	Highest  int       `json:"highest"`     // risk on the sheet, worst end
	Known    int       `json:"known"`       // the highest on what was seen alone
	ToFix    int       `json:"to_fix"`      // resources
	Unseen   int       `json:"unseen_rows"` // resources that may have to be fixed, by what was not seen
	Rows     []Row     `json:"rows"`
	// Ways is how many ways each mitigation touches, by its id, as if it were not in place.
	Ways map[string]int `json:"ways"`
	Gaps []string       `json:"gaps"` // calls that left something unseen, sorted: see GapName
	// Regions are those that were looked at, sorted. What no scan looked at is no gap of it.
	Regions []string `json:"regions"`
}

// GapName names one call with its place.
func GapName(c snapshot.Coverage) string {
	s := c.Call
	if c.Region != "" {
		s += " " + c.Region
	}
	if c.Resource != "" {
		s += " " + string(c.Resource)
	}
	return s
}

// Where a mitigation stands, by what scans saw. What people say of it is another thing.
const (
	NoEffect  = "without-effect" // no scan ever had a way that it touches
	Projected = "projected"      // the ways are there still
	Proven    = "proven"         // an earlier scan had them, and the last has none, and looked at least where that one did
	Regressed = "regressed"      // they were gone, and are back
	Unproven  = "unseen"         // no way is left, and the last scan could not see all that the earlier one saw
)

// Followed is one mitigation over the scans.
type Followed struct {
	ID, Say, Status string // what people say
	State           string
	Ways            int       // in the last scan
	Since           time.Time // the scan that first showed this state
}

// Follow tells where each mitigation stands. Moments are the oldest first.
func Follow(m *threatmodel.Model, moments []Moment) []Followed {
	out := []Followed{}
	for _, t := range m.Mitigations {
		f := Followed{ID: t.ID, Say: t.Say, Status: t.Status, State: NoEffect}
		for i := range moments {
			state := stateAt(moments[:i+1], t.ID)
			if state != f.State || i == 0 {
				f.State, f.Since = state, moments[i].Taken
			}
			f.Ways = moments[i].Ways[t.ID]
		}
		out = append(out, f)
	}
	return out
}

// stateAt is the state by the moments up to one.
func stateAt(moments []Moment, id string) string {
	var had *Moment // the last that had ways
	state, proven := NoEffect, false
	for i := range moments {
		m := &moments[i]
		switch {
		case m.Ways[id] > 0 && proven:
			state, had = Regressed, m
		case m.Ways[id] > 0:
			state, had = Projected, m
		case state == NoEffect:
		case m.sawAsMuch(had):
			state, proven = Proven, true
		default:
			state = Unproven
		}
	}
	return state
}

// sawAsMuch tells that a scan has no gap that an earlier one had not, and looked at every Region at which that one looked.
func (m *Moment) sawAsMuch(earlier *Moment) bool {
	return within(m.Gaps, earlier.Gaps) && within(earlier.Regions, m.Regions)
}

// within tells whether everything of a list stands in another, which is sorted.
func within(list, all []string) bool {
	return !slices.ContainsFunc(list, func(s string) bool { _, ok := slices.BinarySearch(all, s); return !ok })
}
