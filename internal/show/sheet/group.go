package sheet

import (
	"slices"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Gate is the number from which on a risk is acted upon when nobody says otherwise.
const Gate = 15

// thing is one resource, or one group of another sheet, with both of its rows.
type thing struct {
	read, write *risk.Row
	top         *risk.Row // what decides its place: what is still to be done, else the higher one
}

func (t thing) id() string { return t.read.ID }

// standing is where a resource stands on the sheet.
type standing uint8

const (
	outOfMind standing = iota
	settled            // only by what is accepted, or whose action is in force
	toWatch
	unseen
	toFix
)

// things groups the sheet by resource, in its order. Resources whose story another row tells are left out.
func things(a *assess.Assessment) []thing { return pairs(a, a.Sheet.Rows) }

// pairs joins the two rows of each thing.
func pairs(a *assess.Assessment, rows []risk.Row) []thing {
	var out []thing
	for i := 0; i+1 < len(rows); i += 2 {
		r, w := &rows[i], &rows[i+1]
		if r.Within != "" {
			continue
		}
		t := thing{r, w, r}
		due := func(x *risk.Row) bool {
			_, counts := a.Model.Threshold(x.Risk())
			return counts && x.State == risk.Open
		}
		if higher := w.Risk() > r.Risk() || w.Risk() == r.Risk() && w.Low() > r.Low(); due(w) && !due(r) || higher && due(w) == due(r) {
			t.top = w
		}
		out = append(out, t)
	}
	return out
}

// stand: what is known to reach the gate is to fix; what may reach the lowest threshold and was not seen is a row of its own. What is
// accepted, or whose action is in force, is settled.
func stand(a *assess.Assessment, t thing, gate int) standing {
	lowest := gate
	for _, th := range a.Model.Thresholds {
		lowest = min(lowest, th.At)
	}
	st := outOfMind
	for _, r := range []*risk.Row{t.read, t.write} {
		switch {
		case r.State != risk.Open:
			if r.Risk() >= lowest {
				st = max(st, settled)
			}
		case r.Low() >= gate:
			return toFix
		case r.Risk() >= lowest && r.Low() != r.Risk():
			st = unseen
		case r.Risk() >= lowest:
			st = max(st, toWatch)
		}
	}
	return st
}

// shown lists what is not out of mind as the sheet has it: what is at or above the gate and not settled, then the rest. Above, what stands
// outside AWS comes last: it may be anything, and what was seen comes first.
func shown(a *assess.Assessment, all []thing, gate int, hide bool) (rows []thing, hidden int) {
	var outside, below []thing
	for _, t := range all {
		switch st := stand(a, t, gate); {
		case hide && st == outOfMind:
			hidden++
		case above(st, t, gate) && t.top.Asset:
			outside = append(outside, t)
		case above(st, t, gate):
			rows = append(rows, t)
		default:
			below = append(below, t)
		}
	}
	return slices.Concat(rows, outside, below), hidden
}

// above tells whether a thing stands above the line of the gate.
func above(st standing, t thing, gate int) bool { return st > settled && t.top.Risk() >= gate }

// counts says how many resources stand where.
func counts(a *assess.Assessment, gate int) map[standing]int {
	out := map[standing]int{}
	for _, t := range things(a) {
		out[stand(a, t, gate)]++
	}
	return out
}

// Find looks a row up by id, name or ARN.
func Find(a *assess.Assessment, id string) (snapshot.Key, bool) {
	for i := range a.Sheet.Rows {
		if r := &a.Sheet.Rows[i]; r.ID == id || string(r.Key) == id {
			return r.Key, true
		}
	}
	return "", false
}

// IDs lists the ids of all rows, for completion and for "did you mean".
func IDs(a *assess.Assessment) []string {
	var out []string
	for i := 0; i < len(a.Sheet.Rows); i += 2 {
		out = append(out, a.Sheet.Rows[i].ID)
	}
	return out
}

func verbOfAccess(c access.Capability) string {
	if c == access.Write {
		return "write"
	}
	return "read"
}
