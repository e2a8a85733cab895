package assess

import (
	"cmp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Ways are the ways that differ, the one that is told for each entry point and row: the worst.
type Ways struct {
	Opened []Way // from where there was none, or worse than all that there were
	Closed []Way // from where there is none any more, or all that are left are better
	// Moved are those where another way of the same points is told: whether the other one is gone, or only hidden behind it, is not said.
	Moved []MovedWay
}

// Way is one told way to a row.
type Way struct {
	ID     string // access.Path.ID
	Row    string
	Access access.Capability
	risk.Scored
}

// MovedWay is a way that is told in the place of another.
type MovedWay struct{ Before, After Way }

// ways tells the rows that differ, and no others: one whose points, number of ways and worst entry point are the same counts as the same.
// Of the account, whose two rows have the same ways, it tells one. Ways through it belong to its own row alone.
func ways(before, after *Assessment, unseen map[snapshot.Key]bool) Ways {
	old, now := outlines(before), outlines(after)
	differs := func(r *risk.Row) bool {
		c := cellKey{r.Key, r.Access}
		x, ok := old[c]
		y, still := now[c]
		if ok && !still && unseen[r.Key] {
			return false
		}
		return ok != still || x != y
	}
	out := Ways{Opened: []Way{}, Closed: []Way{}, Moved: []MovedWay{}}
	then := tellWays(before, differs)
	for c, list := range tellWays(after, differs) {
		out.compare(then[c], list)
		delete(then, c)
	}
	for _, list := range then {
		out.compare(list, nil)
	}
	slices.SortFunc(out.Opened, compareWays)
	slices.SortFunc(out.Closed, compareWays)
	slices.SortFunc(out.Moved, func(a, b MovedWay) int { return compareWays(a.After, b.After) })
	return out
}

// outline is what the sheet knows of a row's ways without telling them.
type outline struct {
	points, low, ways int
	kind, worst       string
}

func outlines(a *Assessment) map[cellKey]outline {
	out := make(map[cellKey]outline, len(a.Sheet.Rows))
	for i := range a.Sheet.Rows {
		r := &a.Sheet.Rows[i]
		o := outline{points: r.Beside.Points, low: r.Beside.LowPoints, ways: r.Beside.Ways}
		if w := r.Beside.Worst; w != nil {
			o.kind, o.worst = w.Kind, w.ID
		}
		out[cellKey{r.Key, r.Access}] = o
	}
	return out
}

// tellWays tells the ways of some rows by their entry point.
func tellWays(a *Assessment, wanted func(*risk.Row) bool) map[cellKey]map[string]Way {
	out := map[cellKey]map[string]Way{}
	a.Sheet.Each(func(r *risk.Row) bool { return wanted(r) && !(r.ID == risk.AccountID && r.Access == access.Write) }, func(_ int, r *risk.Row) {
		list := make(map[string]Way, len(r.Beside.Paths))
		for _, p := range r.Beside.Paths {
			list[p.Entry.Kind+"\x00"+p.Entry.ID] = Way{p.ID(), r.ID, r.Access, p}
		}
		out[cellKey{r.Key, r.Access}] = list
	})
	return out
}

// compare takes in one row. Of one entry point only the worst way is told, so that a way which is not told any more is gone for sure only
// where what is told is better.
func (w *Ways) compare(before, after map[string]Way) {
	for from, new := range after {
		switch old, ok := before[from]; {
		case !ok || new.ID != old.ID && new.High > old.High:
			w.Opened = append(w.Opened, new)
		case new.ID != old.ID && new.High < old.High:
			w.Closed = append(w.Closed, old)
		case new.ID != old.ID:
			w.Moved = append(w.Moved, MovedWay{old, new})
		}
	}
	for from, old := range before {
		if _, ok := after[from]; !ok {
			w.Closed = append(w.Closed, old)
		}
	}
}

func compareWays(a, b Way) int {
	return cmp.Or(cmp.Compare(b.High, a.High), strings.Compare(string(a.Resource), string(b.Resource)), cmp.Compare(a.Access, b.Access),
		strings.Compare(a.Entry.Kind, b.Entry.Kind), strings.Compare(a.Entry.ID, b.Entry.ID))
}
