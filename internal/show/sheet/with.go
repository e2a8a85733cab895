package sheet

import (
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Supposed is a what-if: the account as it is, and as if mitigations had had their effect.
type Supposed struct {
	Before, After *assess.Assessment
	Mitigations   []threatmodel.Mitigation
	Touched       []int // by mitigation: how many ways and steps its effects meet
}

// move is one row before and after.
type move struct{ before, after *risk.Row }

func (m move) risks() bool {
	return m.before.Risk() != m.after.Risk() || m.before.Low() != m.after.Low()
}

// moves lists the rows that change, those whose risk changes most first; then by the sheet.
func (s *Supposed) moves(wanted func(*risk.Row) bool) []move {
	type cell struct {
		key snapshot.Key
		c   access.Capability
	}
	after := map[cell]*risk.Row{}
	for i := range s.After.Sheet.Rows {
		r := &s.After.Sheet.Rows[i]
		after[cell{r.Key, r.Access}] = r
	}
	var out []move
	for i := range s.Before.Sheet.Rows {
		r := &s.Before.Sheet.Rows[i]
		m := move{r, after[cell{r.Key, r.Access}]}
		if m.after != nil && r.Within == "" && wanted(r) && (m.risks() || r.Beside.Points != m.after.Beside.Points || r.Beside.LowPoints != m.after.Beside.LowPoints) {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b move) int {
		x, y := a.after.Risk()-a.before.Risk(), b.after.Risk()-b.before.Risk()
		return max(y, -y) - max(x, -x)
	})
	return out
}

// mostMoves is how many rows that change fit a screen.
const mostMoves = 14

// With prints what changes, before → after.
func With(w *term.Screen, p Page, s *Supposed, wanted func(*risk.Row) bool, all bool) error {
	p.head(w)
	for i, m := range s.Mitigations {
		fmt.Fprintln(w, term.Fit(fmt.Sprintf("With %s  %s%s", m.ID, term.Clean(m.Say), standsAt(m)), w.Width))
		if s.Touched[i] == 0 {
			fmt.Fprintln(w, term.Fit("     it meets nothing here: "+meetsNothing(m), w.Width))
		}
	}
	moves := s.moves(wanted)
	if len(moves) == 0 {
		fmt.Fprintln(w, "\nNothing changes."+why(s))
		return nil
	}
	more := 0
	if !all && len(moves) > mostMoves {
		more, moves = len(moves)-mostMoves, moves[:mostMoves]
	}
	fmt.Fprintf(w, "\n   %-25s  %-16s   %s\n", "", "before, points", "after")
	for _, m := range moves {
		r := m.before
		line := fmt.Sprintf("   %-25s  %-16s → %s", term.Fit(r.ID+":"+verbOfAccess(r.Access), 25), withPoints(m.before), withPoints(m.after))
		if !m.risks() {
			line += ", the same risk"
		}
		fmt.Fprintln(w, term.Fit(line, w.Width))
	}
	if more > 0 {
		fmt.Fprintf(w, "   %d more change (--all)\n", more)
	}
	top := moves[0].before
	fmt.Fprintf(w, "\n Why    %s\n", p.Command("risk "+top.ID+":"+verbOfAccess(top.Access)))
	return nil
}

// withPoints is a risk with its points.
func withPoints(r *risk.Row) string {
	return fmt.Sprintf("%s, %d", figure(r), r.Beside.Points)
}

func standsAt(m threatmodel.Mitigation) string {
	says := ""
	if m.Status != "" {
		says = " (" + m.Status
		if m.Due != "" {
			says += ", due " + m.Due
		}
		says += ")"
	}
	return says
}

// why says why nothing changes.
func why(s *Supposed) string {
	for _, n := range s.Touched {
		if n > 0 {
			return " Other ways hold each number."
		}
	}
	return " Perhaps it is done already, or its ways are named otherwise."
}

// meetsNothing says what a mitigation looked for.
func meetsNothing(m threatmodel.Mitigation) string {
	var out []string
	for _, x := range m.Effects {
		switch {
		case len(x.Steps) > 0:
			out = append(out, "no step "+strings.Join(x.Steps, ", "))
		case x.Fact != "":
			out = append(out, "no way"+where(x.Where)+" has the fact "+x.Fact)
		case x.Guard != "":
			out = append(out, "no way"+where(x.Where)+" is without "+x.Guard)
		default:
			out = append(out, "there is no way"+where(x.Where))
		}
	}
	if len(out) == 0 {
		return "it states no effect"
	}
	return strings.Join(out, "; ")
}

func where(x threatmodel.Where) string {
	says := ""
	for _, part := range []struct {
		before string
		words  threatmodel.Words
	}{{" by ", x.Entry}, {" of ", x.Principal}, {" to ", x.Resource}} {
		if len(part.words) > 0 {
			says += part.before + strings.Join(part.words, " or ")
		}
	}
	return says
}
