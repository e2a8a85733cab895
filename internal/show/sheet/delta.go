package sheet

import (
	"fmt"
	"strings"

	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
)

// DeltaJSON is what differs, in every output that compares two pictures.
type DeltaJSON struct {
	// Whole is false when of the earlier picture only its numbers were at hand: then only risks and stated are compared.
	Whole      bool             `json:"whole"`
	Counts     map[string]int   `json:"counts"` // of risks, by verdict
	Risks      []RiskChangeJSON `json:"risks"`
	Paths      WaysJSON         `json:"paths"`
	Stated     []StatedJSON     `json:"stated"`
	Resources  snapshot.Diff    `json:"resources"`
	Principals PrincipalsJSON   `json:"principals"`
	Unseen     []BlindedJSON    `json:"unseen"`
	Objectives ObjectivesJSON   `json:"objectives"`
}

// RiskChangeJSON is one row: before and after are the full risk at its worst end, 0 where there was none.
type RiskChangeJSON struct {
	ID            string     `json:"id"`
	ARN           string     `json:"arn"`
	Access        string     `json:"access"`
	Before        int        `json:"before"`
	After         int        `json:"after"`
	Verdict       string     `json:"verdict"`
	Aged          int        `json:"aged"` // how much of the difference is time alone
	BesideAccount BeforeJSON `json:"beside_account"`
	Low           BeforeJSON `json:"low"` // on what was seen alone
	Impact        BeforeJSON `json:"impact"`
	State         StatesJSON `json:"state"`
	New           bool       `json:"new"`
	Gone          bool       `json:"gone"`
	Unseen        bool       `json:"unseen"`
	ImpactAlone   bool       `json:"impact_alone"` // it fell since it counts for less, and nobody's access is less
}

// BeforeJSON is a number and what it became.
type BeforeJSON struct {
	Before int `json:"before"`
	After  int `json:"after"`
	Aged   int `json:"aged"`
}

// StatesJSON is where a row stood and stands; null where there was no such row.
type StatesJSON struct {
	Before *string `json:"before"`
	After  *string `json:"after"`
}

// WaysJSON are the ways that opened, closed, or are told in the place of others.
type WaysJSON struct {
	Opened []OpenedJSON `json:"opened"`
	Closed []OpenedJSON `json:"closed"`
	Moved  []MovedJSON  `json:"moved"`
}

// OpenedJSON is a path to a row, with its points.
type OpenedJSON struct {
	PathJSON
	Row    string `json:"row"`
	Access string `json:"access"`
	Points int    `json:"points"`
}

// MovedJSON is a way that is told in the place of another of the same points.
type MovedJSON struct {
	Before OpenedJSON `json:"before"`
	After  OpenedJSON `json:"after"`
}

// StatedJSON is a statement of people that changed; null where it was not made.
type StatedJSON struct {
	Kind    string  `json:"kind"`
	About   string  `json:"about"`
	Before  *string `json:"before"`
	After   *string `json:"after"`
	Weakens bool    `json:"weakens"`
}

// PrincipalsJSON are users and roles of one side only.
type PrincipalsJSON struct {
	Added []snapshot.Key `json:"added"`
	Gone  []snapshot.Key `json:"gone"`
}

// BlindedJSON is a call that left something unseen since.
type BlindedJSON struct {
	Service  string `json:"service"`
	Region   string `json:"region"`
	Call     string `json:"call"`
	Resource string `json:"resource,omitempty"`
	Reason   string `json:"reason"`
}

// ObjectivesJSON are the objectives that hold on one side only.
type ObjectivesJSON struct {
	Broken []ObjectiveJSON `json:"broken"`
	Mended []ObjectiveJSON `json:"mended"`
}

// ObjectiveJSON is one of them.
type ObjectiveJSON struct {
	ID     string  `json:"id"`
	Say    string  `json:"say"`
	Before *string `json:"before"` // outcome; null where nobody stated it
	After  *string `json:"after"`
}

// Delta writes a difference for scripts: every row, also the unchanged ones.
func Delta(d *assess.Delta) DeltaJSON {
	out := DeltaJSON{Whole: d.Whole, Counts: map[string]int{assess.Raises: 0, assess.Lowers: 0, assess.Resolves: 0, assess.Unchanged: 0},
		Risks: make([]RiskChangeJSON, 0, len(d.Risks)), Stated: []StatedJSON{}, Resources: d.Resources, Unseen: []BlindedJSON{},
		Paths:      WaysJSON{waysJSON(d.Ways.Opened), waysJSON(d.Ways.Closed), []MovedJSON{}},
		Principals: PrincipalsJSON{append([]snapshot.Key{}, d.Principals.New...), append([]snapshot.Key{}, d.Principals.Gone...)},
		Objectives: ObjectivesJSON{[]ObjectiveJSON{}, []ObjectiveJSON{}}}
	for verdict, n := range d.Counts() {
		out.Counts[verdict] = n
	}
	for i := range d.Risks {
		c := &d.Risks[i]
		out.Risks = append(out.Risks, RiskChangeJSON{ID: c.ID, ARN: string(c.Key), Access: verbOfAccess(c.Access), Before: c.Before.Full, After: c.After.Full,
			Verdict: c.Verdict, Aged: c.Aged.Full, BesideAccount: BeforeJSON{c.Before.Shown, c.After.Shown, c.Aged.Shown},
			Low: BeforeJSON{c.Before.FullLow, c.After.FullLow, c.Aged.FullLow}, Impact: BeforeJSON{c.Before.Impact, c.After.Impact, 0},
			State: StatesJSON{said(c.StateBefore), said(c.StateAfter)}, New: c.New, Gone: c.Gone, Unseen: c.Unseen, ImpactAlone: c.ImpactAlone()})
	}
	for _, m := range d.Ways.Moved {
		out.Paths.Moved = append(out.Paths.Moved, MovedJSON{openedJSON(m.Before), openedJSON(m.After)})
	}
	for _, s := range d.Stated {
		out.Stated = append(out.Stated, StatedJSON{s.Kind, s.About, said(s.Before), said(s.After), s.Weakens})
	}
	for _, b := range d.Unseen {
		out.Unseen = append(out.Unseen, BlindedJSON{b.Service, b.Region, b.Call, string(b.Resource), b.Reason})
	}
	for _, o := range d.Objectives {
		list := &out.Objectives.Mended
		if o.Broken {
			list = &out.Objectives.Broken
		}
		*list = append(*list, ObjectiveJSON{o.ID, o.Say, said(o.Before), said(o.After)})
	}
	return out
}

func said(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func waysJSON(list []assess.Way) []OpenedJSON {
	out := make([]OpenedJSON, 0, len(list))
	for _, w := range list {
		out = append(out, openedJSON(w))
	}
	return out
}

func openedJSON(w assess.Way) OpenedJSON {
	return OpenedJSON{pathJSON(w.Told()), w.Row, verbOfAccess(w.Access), w.High}
}

// marks of the verdicts, for people.
var marks = map[string]string{assess.Raises: "▲", assess.Lowers: "▼", assess.Resolves: "✓"}

// riskLines are the rows that changed, a line each, most lines in all. What stays below the lowest threshold at both ends is counted.
func (p Page) riskLines(d *assess.Delta, most int) []string {
	n := names(p.Assessment)
	at := map[string]*risk.Row{}
	for i := range p.Assessment.Sheet.Rows {
		r := &p.Assessment.Sheet.Rows[i]
		at[string(r.Key)+verbOfAccess(r.Access)] = r
	}
	var told []*assess.RiskChange
	alike := map[*assess.RiskChange]bool{} // READ and WRITE with the same numbers are one line
	below := 0
	for i := range d.Risks {
		c := &d.Risks[i]
		switch {
		case c.Verdict == assess.Unchanged:
		case !p.matters(c):
			below++
		case len(told) > 0 && same(told[len(told)-1], c):
			alike[told[len(told)-1]] = true
		default:
			told = append(told, c)
		}
	}
	more := 0
	if room := max(most-1, 1); len(told) > most || below > 0 && len(told) > room {
		told, more = told[:room], len(told)-room
	}
	lines := make([]string, 0, len(told)+1)
	for _, c := range told {
		name := c.ID
		if !alike[c] {
			name += ":" + verbOfAccess(c.Access)
		}
		line := fmt.Sprintf(" %s %s  %s  %s", marks[c.Verdict], term.Pad(term.Fit(term.Clean(name), 26), 26), change(c), p.cause(n, c, at[string(c.Key)+verbOfAccess(c.Access)]))
		lines = append(lines, strings.TrimRight(line, " "))
	}
	var rest []string
	if more > 0 {
		rest = append(rest, fmt.Sprintf("%d more", more))
	}
	if below > 0 {
		rest = append(rest, fmt.Sprintf("%d that stay below %d", below, p.lowest()))
	}
	if len(rest) > 0 {
		lines = append(lines, "   and "+strings.Join(rest, ", ")+" (--format json)")
	}
	return lines
}

// same tells that two changes are those of one thing, with the same numbers.
func same(a, b *assess.RiskChange) bool {
	return a.Key == b.Key && a.Verdict == b.Verdict && a.Before == b.Before && a.After == b.After && a.Aged == b.Aged
}

// matters tells that a change reaches a threshold at one end at least. What is new, or gone, and had only the ways through the account is
// told by the account.
func (p Page) matters(c *assess.RiskChange) bool {
	n := max(c.Before.Shown, c.After.Shown)
	if !c.New && !c.Gone && c.Before.Shown == c.After.Shown {
		n = max(c.Before.Full, c.After.Full)
	}
	return n >= p.lowest()
}

// change is "16 → 20", or what a row was or is.
func change(c *assess.RiskChange) string {
	before, after := c.Before.Shown, c.After.Shown
	if before == after && c.Before.Full != c.After.Full {
		before, after = c.Before.Full, c.After.Full
	}
	switch {
	case c.New:
		return fmt.Sprintf("new  → %2d", after)
	case c.Gone:
		return fmt.Sprintf("%2d → gone", before)
	}
	return fmt.Sprintf("%2d → %2d  ", before, after)
}

// cause says where a difference comes from, in a few words; r is the row as it is now, nil when there is none.
func (p Page) cause(n *namer, c *assess.RiskChange, r *risk.Row) string {
	switch {
	case c.Gone:
		return "it was looked for"
	case r == nil:
		return ""
	case c.Before.Shown == c.After.Shown && c.Before.Full != c.After.Full:
		return "through the account"
	case c.StateAfter == risk.InForce && c.StateBefore != risk.InForce:
		return "its action is in force"
	case c.StateBefore == risk.InForce && c.StateAfter != risk.InForce:
		return "its action is no longer in force"
	case c.Before.Shown == c.After.Shown && c.Before.Full == c.After.Full:
		return "the same at worst, and more of it is known"
	}
	way := "nobody, by what was read"
	if p.Assessment.Sheet.Tell(r); len(r.Beside.Paths) > 0 {
		way = n.trail(r.Beside.Paths[0].Path)
	}
	switch {
	case c.Aged.Shown != 0 && c.Aged.Shown == c.After.Shown-c.Before.Shown:
		return "only older: " + way
	case c.Aged.Shown != 0:
		return "partly older: " + way
	case c.ImpactAlone():
		return fmt.Sprintf("impact %d → %d, access as it was", c.Before.Impact, c.After.Impact)
	case !c.New && c.Before.Impact != c.After.Impact:
		return fmt.Sprintf("impact %d → %d", c.Before.Impact, c.After.Impact)
	}
	return way
}
