package sheet

import (
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Gate is the number from which on a risk is acted upon when nobody says otherwise.
const Gate = 15

// thing is one resource with both of its rows.
type thing struct {
	read, write *risk.Row
}

func (t thing) id() string { return t.read.ID }

// top is the row that decides the place of the resource on the sheet.
func (t thing) top() *risk.Row {
	if t.write.Risk() > t.read.Risk() || t.write.Risk() == t.read.Risk() && t.write.Low() > t.read.Low() {
		return t.write
	}
	return t.read
}

// standing is where a resource stands on the sheet.
type standing uint8

const (
	outOfMind standing = iota
	toWatch
	unseen
	toFix
)

// things groups the sheet by resource, in its order. Resources whose story another row tells are left out.
func things(s *risk.Sheet) []thing {
	var out []thing
	for i := 0; i+1 < len(s.Rows); i += 2 {
		if s.Rows[i].Within == "" {
			out = append(out, thing{&s.Rows[i], &s.Rows[i+1]})
		}
	}
	return out
}

// stand: what is known to reach the gate is to fix; what may reach the lowest threshold and was not seen is a row of its own.
func stand(a *assess.Assessment, t thing, gate int) standing {
	lowest := gate
	for _, th := range a.Model.Thresholds {
		lowest = min(lowest, th.At)
	}
	st := outOfMind
	for _, r := range []*risk.Row{t.read, t.write} {
		switch {
		case r.Low() >= gate:
			return toFix
		case r.Risk() >= lowest && r.Low() != r.Risk():
			st = unseen
		case r.Risk() >= lowest && st != unseen:
			st = toWatch
		}
	}
	return st
}

// sorted puts what is to fix and what was not seen by its number, as the sheet has it, and cuts off what is out of mind.
func shown(a *assess.Assessment, gate int, all bool) (rows []thing, hidden int) {
	for _, t := range things(&a.Sheet) {
		if !all && stand(a, t, gate) == outOfMind {
			hidden++
			continue
		}
		rows = append(rows, t)
	}
	return rows, hidden
}

// counts says how many resources stand where.
func counts(a *assess.Assessment, gate int) map[standing]int {
	out := map[standing]int{}
	for _, t := range things(&a.Sheet) {
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
