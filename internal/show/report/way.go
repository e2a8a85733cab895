package report

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/snapshot"
)

// mostBoxes is how many boxes a strip has at most.
const mostBoxes = 6

// way draws a path as boxes. The x stands at the edge that cut would leave out.
func way(a *assess.Assessment, w sheet.Teller, row *risk.Row, p access.Path) Way {
	out := Way{ID: row.ID, Access: strings.ToLower(row.Access.String()), Risk: row.Risk()}
	out.Boxes = append(out.Boxes, Box{Sort: p.Entry.Kind, Name: p.Entry.Says})
	box := func(id, by string) {
		kind, name := w.Kind(id)
		out.Boxes = append(out.Boxes, Box{Sort: sort(a, id), Kind: kind, Name: name, By: by})
	}
	switch p.Entry.Kind {
	case access.OIDCNoSubject, access.OIDCOrg, access.OIDCRepo, access.OIDCPinned, access.SSO: // they come in as a role
		if p.Principal != p.Entry.ID && p.Principal != string(p.Resource) {
			box(p.Principal, "")
		}
	}
	by := ""
	for _, s := range p.Steps {
		switch s.By {
		case "snapshot-of", "secret-opens", "access-point-of":
			box(s.From, by)
			by = ""
		case "administers-account":
			box(s.To, by)
			by = ""
		default:
			if s.By != "assume-role" {
				by = w.Does(s.By)
			}
			if s.To != string(p.Resource) {
				box(s.To, by)
				by = ""
			}
		}
		if s.Trace && out.Cut == 0 {
			out.Cut = len(out.Boxes) - 2 // the arrow into the box that was just drawn
			if s.To == string(p.Resource) {
				out.Cut = len(out.Boxes) - 1
			}
		}
	}
	last := Box{Sort: sort(a, string(row.Key)), Name: row.ID, By: by}
	out.Boxes = append(out.Boxes, last)
	out.Cut = min(max(out.Cut, 0), len(out.Boxes)-2)
	return out.fewer(mostBoxes)
}

// fewer leaves out what one can do without, and says so with a box of its own: neither the ends nor what is cut.
func (w Way) fewer(most int) Way {
	if len(w.Boxes) <= most {
		return w
	}
	w.Boxes = slices.Clone(w.Boxes)
	gone := len(w.Boxes) / 2
	for len(w.Boxes) >= most { // one more, for the dots
		nearest := -1
		for i := 1; i < len(w.Boxes)-1; i++ {
			if i != w.Cut && i != w.Cut+1 && (nearest < 0 || max(i-gone, gone-i) < max(nearest-gone, gone-nearest)) {
				nearest = i
			}
		}
		w.Boxes = slices.Delete(w.Boxes, nearest, nearest+1)
		if gone = nearest; gone < w.Cut {
			w.Cut--
		}
	}
	w.Boxes = slices.Insert(w.Boxes, gone, Box{Sort: "more", Name: "…"})
	if gone <= w.Cut {
		w.Cut++
	}
	return w
}

// sort is how a thing is drawn: the end of its type.
func sort(a *assess.Assessment, id string) string {
	if id == string(a.Access.Account) {
		return "account"
	}
	if r, ok := a.Snapshot.Get(snapshot.Key(id)); ok {
		return strings.ToLower(r.Type[strings.LastIndex(r.Type, ":")+1:])
	}
	if strings.Contains(id, ":role/") {
		return "role"
	}
	return ""
}
