package sheet

import (
	"fmt"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
)

// One prints the arithmetic and the paths behind one resource: both accesses, or the one that is asked.
func One(w *term.Screen, p Page, key snapshot.Key, only access.Capability, arns bool) error {
	n := names(p.Assessment)
	first := true
	for i := range p.Assessment.Sheet.Rows {
		r := &p.Assessment.Sheet.Rows[i]
		if r.Key != key || only != access.None && r.Access != only {
			continue
		}
		if !first {
			fmt.Fprintf(w, "\n%s\n\n", strings.Repeat("─", min(w.Width, 72)))
		}
		first = false
		p.one(w, n, r, arns)
	}
	return nil
}

const sumColumn = 68 // where the points of the arithmetic stand

func (p Page) one(w *term.Screen, n *namer, r *risk.Row, arns bool) {
	title := fmt.Sprintf("%s · %s · %d = impact %d × likelihood %d", r.ID, r.Access, r.Risk(), r.Impact.Level, r.Beside.Level)
	if r.Unknown() {
		title = fmt.Sprintf("%s · %s · %d…%d ?", r.ID, r.Access, r.Low(), r.Risk())
	}
	fmt.Fprintf(w, "%s%s\n\n", term.Pad(title, 70), w.Bold(p.act(r)))
	for i, t := range r.Impact.Terms {
		label := ""
		if i == 0 {
			label = fmt.Sprintf("Impact %d", r.Impact.Level)
		}
		p.term(w, label, t, i > 0)
	}
	if r.Impact.Low != r.Impact.Level {
		fmt.Fprintf(w, "%-15son what was seen alone: impact %d\n", "", r.Impact.Low)
	}
	for i, t := range r.Beside.Terms {
		label := ""
		if i == 0 {
			label = fmt.Sprintf("Likelihood %d", r.Beside.Level)
		}
		t.Says = p.who(n, r, t)
		p.term(w, label, t, i > 0)
	}
	fmt.Fprintf(w, "%s─────\n", strings.Repeat(" ", sumColumn+1))
	fmt.Fprintf(w, "%-15s%s%6d\n", "", term.Pad(levelSays(r.Beside), sumColumn-15), r.Beside.Points)
	if r.Beside.Unknown() {
		fmt.Fprintf(w, "%-15s%s%6d\n", "", term.Pad(fmt.Sprintf("on what was seen alone: likelihood %d", r.Beside.LowLevel), sumColumn-15), r.Beside.LowPoints)
	}
	p.ways(w, n, r, arns)
	p.besides(w, r)
}

// who spells the breadth term out: the first few names.
func (p Page) who(n *namer, r *risk.Row, t risk.Term) string {
	if !strings.HasSuffix(t.Says, " who could") {
		return t.Says
	}
	var who []string
	for _, a := range r.Beside.Actors {
		who = append(who, n.of(a))
	}
	text := t.Says + ": " + strings.Join(who, ", ")
	return term.Fit(text, sumColumn-17)
}

func levelSays(l risk.Likelihood) string {
	if l.Level == 1 {
		return fmt.Sprintf("less than %d is 1, %s", risk.LevelFrom(2), risk.LevelWords[1])
	}
	return fmt.Sprintf("%d or more is %d, %s", risk.LevelFrom(l.Level), l.Level, risk.LevelWords[l.Level])
}

func (p Page) term(w *term.Screen, label string, t risk.Term, signed bool) {
	points := fmt.Sprintf("%6d", t.Points)
	if signed {
		sign := "+"
		if t.Points < 0 {
			sign = "−"
		}
		points = fmt.Sprintf("%s%5d", sign, max(t.Points, -t.Points))
	}
	fmt.Fprintf(w, "%-15s%s%s\n", label, term.Pad(term.Fit(term.Clean(t.Says), sumColumn-17), sumColumn-15), points)
}

// act is the action that the row's number asks for.
func (p Page) act(r *risk.Row) string {
	if t, ok := p.Assessment.Model.Threshold(r.Risk()); ok {
		return strings.ReplaceAll(t.Action, "-", " ")
	}
	return "out of mind"
}

// mostWays is how many ways are written out before they are counted.
const mostWays = 6

func (p Page) ways(w *term.Screen, n *namer, r *risk.Row, arns bool) {
	fmt.Fprintln(w)
	if len(r.Beside.Paths) == 0 {
		fmt.Fprintf(w, "How     nobody reaches it beside whoever takes over the account.\n")
		return
	}
	for i, s := range r.Beside.Paths {
		if i == mostWays && !arns {
			fmt.Fprintf(w, "        and %s\n", term.Count(len(r.Beside.Paths)-i, "more way", "more ways"))
			break
		}
		label := ""
		switch {
		case i == 0:
			label = "How"
		case s.Meant != "":
			label = "Meant"
		case i == 1:
			label = "Next"
		}
		fmt.Fprintf(w, "%-8s%s%6d\n", label, term.Pad(term.Fit(n.trail(s.Path)+p.meant(s), sumColumn-10), sumColumn-8), s.High)
		if i == 0 || arns {
			p.because(w, n, s.Path, arns)
		}
	}
}

func (p Page) meant(s risk.Scored) string {
	if s.Meant == "" {
		return ""
	}
	return ", meant for " + s.Meant
}

// because names the statements behind a path, and what is still open.
func (p Page) because(w *term.Screen, n *namer, path access.Path, arns bool) {
	path = path.Told()
	line := func(s string) { fmt.Fprintf(w, "        %s\n", w.Dim(term.Fit(s, w.Width-8))) }
	if arns {
		line(path.Principal)
		for _, s := range path.Steps {
			line(s.By + " → " + s.To)
		}
		line(string(path.Resource))
	}
	for _, s := range path.Steps {
		for _, r := range s.Because {
			line(statement(n.does(s.By), r))
		}
	}
	for _, r := range path.Because {
		line(statement(n.does(path.By), r))
	}
	for _, c := range path.Conditions {
		line("only " + Condition(c))
	}
	if path.Prefix != "" {
		line("objects " + path.Prefix)
	}
}

// statement names what allows a step: a statement of a policy, or a setting.
func statement(does string, r iam.Ref) string {
	switch r.Layer {
	case "sharing", "acl":
		return does
	case iam.LayerGrant:
		return fmt.Sprintf("%s: grant %d", does, r.Statement)
	}
	return fmt.Sprintf("%s: %s, statement %d", does, r.Policy[strings.LastIndex(r.Policy, "/")+1:], r.Statement)
}

// besides tells what the account's own row adds.
func (p Page) besides(w *term.Screen, r *risk.Row) {
	if r.ID == risk.AccountID {
		fmt.Fprintf(w, "\nWho     %s\n", p.Command("who admin"))
		return
	}
	for i := range p.Assessment.Sheet.Rows {
		if a := &p.Assessment.Sheet.Rows[i]; a.ID == risk.AccountID {
			fmt.Fprintf(w, "%-8s%s%s\n", "Beside", term.Pad("whoever takes over the account has it too", sumColumn-10), fmt.Sprintf("account %d", a.Risk()))
			break
		}
	}
	fmt.Fprintf(w, "\nWho     %s\n", p.Command("who "+verbOfAccess(r.Access)+" "+r.ID))
}
