package inventory

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Ask is what was asked, where, and with what answer. Calls about single resources are there only when they gave none.
type Ask struct {
	Service  string       `json:"service"`
	Region   string       `json:"region"` // "" for a global service
	Call     string       `json:"call"`
	Types    []string     `json:"types"` // that the call lists completely
	Resource snapshot.Key `json:"resource,omitempty"`
	Outcome  string       `json:"outcome"` // ok, denied, not-enabled, throttled, truncated, failed, not-asked
	Reason   string       `json:"reason,omitempty"`
}

// Asks lists the coverage of a snapshot, in its order.
func Asks(s *snapshot.Snapshot) []Ask {
	out := []Ask{}
	for _, c := range s.Coverage {
		types := c.Types
		if types == nil {
			types = []string{}
		}
		out = append(out, Ask{c.Service, c.Region, c.Call, types, c.Resource, c.Outcome, c.Reason})
	}
	return out
}

// CoverageText writes one line for a call and an answer, with the Regions in which it was given.
func CoverageText(w *term.Screen, all []Ask) error {
	type line struct {
		call, outcome string
		types         []string
		regions       []string
		about         int
	}
	var lines []*line
	for _, a := range all {
		i := slices.IndexFunc(lines, func(l *line) bool {
			return l.call == a.Call && l.outcome == a.Outcome && (l.about > 0) == (a.Resource != "")
		})
		if i < 0 {
			i = len(lines)
			lines = append(lines, &line{call: a.Call, outcome: a.Outcome})
		}
		l := lines[i]
		if a.Resource != "" {
			l.about++
		}
		for _, t := range a.Types {
			if t = strings.TrimPrefix(t, "AWS::"); !slices.Contains(l.types, t) {
				l.types = append(l.types, t)
			}
		}
		if !slices.Contains(l.regions, a.Region) {
			l.regions = append(l.regions, a.Region)
		}
	}
	var rows [][]string
	for _, l := range lines {
		where := l.regions[0]
		switch {
		case len(l.regions) > 1:
			where = fmt.Sprintf("%d Regions", len(l.regions))
		case where == "":
			where = "global"
		}
		what := strings.Join(l.types, ", ")
		if l.about > 0 {
			what = term.Count(l.about, "resource", "resources")
		}
		rows = append(rows, []string{l.call, l.outcome, where, what})
	}
	return term.Table(w, []term.Column{{Head: "CALL", Least: 30}, {Head: "ANSWER"}, {Head: "WHERE"}, {Head: "OF", Least: 12}}, rows)
}

// CoverageCSV writes one line a call, with a header.
func CoverageCSV(w io.Writer, all []Ask) error {
	c := csv.NewWriter(w)
	c.Write([]string{"service", "region", "call", "outcome", "reason", "resource", "types"})
	for _, a := range all {
		c.Write([]string{a.Service, a.Region, a.Call, a.Outcome, a.Reason, string(a.Resource), strings.Join(a.Types, " ")})
	}
	c.Flush()
	return c.Error()
}
