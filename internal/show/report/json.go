package report

import (
	"time"

	"github.com/footing-dev/footing/internal/show/inventory"
	"github.com/footing-dev/footing/internal/show/sheet"
)

// JSON is `report --format json`: what `risk --format json` has, and all that the leaflet shows beside it.
type JSON struct {
	sheet.RiskJSON
	Name       string                     `json:"name"`
	Taken      time.Time                  `json:"taken"`
	Resources  int                        `json:"resources"`
	Regions    int                        `json:"regions"`
	Counts     Counts                     `json:"counts"`
	Lines      []LineJSON                 `json:"lines"`
	Steps      []Step                     `json:"steps"`
	Highest    int                        `json:"highest"`     // the highest known risk
	After      int                        `json:"after_steps"` // and after the steps
	Left       int                        `json:"left"`        // still to fix after them
	Unseen     []Unseen                   `json:"unseen"`
	Unanswered []inventory.Gap            `json:"unanswered"` // the calls that gaps counts
	Admins     []Admin                    `json:"admins"`
	MoreAdmins string                     `json:"more_admins"` // kinds of principals that could not be listed; "" when all were
	Fences     []Setting                  `json:"fences"`
	Detection  []Setting                  `json:"detection"`
	Objectives []Promise                  `json:"objectives"`
	Alerts     []string                   `json:"alerts"`
	Review     Review                     `json:"review"`
	Sheets     map[string][]sheet.RowJSON `json:"sheets"` // the other sheets, by their names
}

// LineJSON is what the sheet says beside the rows of the same id.
type LineJSON struct {
	ID       string `json:"id"`
	Class    string `json:"class"`
	Standing string `json:"standing"`
}

// Document is the report for scripts.
func Document(r *Report) JSON {
	out := JSON{
		RiskJSON: sheet.JSON(r.Assessment, r.Gate, nil),
		Name:     r.Name, Taken: r.Taken, Resources: r.Resources, Regions: r.Regions, Counts: r.Counts, Lines: []LineJSON{},
		Steps: list(r.Steps), Highest: r.Highest, After: r.After, Left: r.Left, Unseen: list(r.Unseen), Unanswered: inventory.Gaps(r.Assessment.Snapshot),
		Admins: list(r.Admins), MoreAdmins: r.Hidden, Fences: list(r.Fences), Detection: list(r.Bells), Objectives: list(r.Promises), Alerts: list(r.Alerts),
		Review: r.Review, Sheets: map[string][]sheet.RowJSON{},
	}
	for _, t := range sheet.Things(r.Assessment, r.Gate) {
		l := LineJSON{ID: t.Read.ID, Standing: t.Standing}
		if res, ok := r.Assessment.Snapshot.Get(t.Read.Key); ok {
			l.Class = r.Model.Class(res)
		}
		out.Lines = append(out.Lines, l)
	}
	for _, name := range Sheets()[1:] {
		out.Sheets[name] = sheet.GroupsJSON(r.Assessment, r.Gate, r.Assessment.Sheet.Grouped(sheet.KindOf(name))).Rows
	}
	return out
}

// list is never null in JSON.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}
