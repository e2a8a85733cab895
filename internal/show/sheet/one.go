package sheet

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

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
	p.Assessment.Sheet.Tell(r)
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
		switch {
		case i == 0 && spoken(r):
			label = fmt.Sprintf("Computed %d", r.Beside.Computed())
		case i == 0:
			label = fmt.Sprintf("Likelihood %d", r.Beside.Level)
		}
		t.Says = p.who(n, r, t)
		p.term(w, label, t, i > 0)
	}
	fmt.Fprintf(w, "%s─────\n", strings.Repeat(" ", sumColumn+1))
	fmt.Fprintf(w, "%-15s%s%6d\n", "", term.Pad(levelSays(r.Beside), sumColumn-15), r.Beside.Points)
	if low := risk.Level(r.Beside.LowPoints); low != r.Beside.Computed() {
		fmt.Fprintf(w, "%-15s%s%6d\n", "", term.Pad(fmt.Sprintf("on what was seen alone: likelihood %d", low), sumColumn-15), r.Beside.LowPoints)
	}
	p.words(w, r)
	p.ways(w, n, r, arns)
	p.besides(w, r)
}

// words prints what somebody said of the row: another likelihood, that it is accepted, or which objective has it in force.
func (p Page) words(w *term.Screen, r *risk.Row) {
	say := func(label, format string, args ...any) {
		fmt.Fprintln(w, term.Fit(fmt.Sprintf("%-15s", label)+term.Clean(fmt.Sprintf(format, args...)), w.Width))
	}
	if o := r.Override; o != nil {
		say(fmt.Sprintf("Override %d", o.Likelihood), "%s", o.Reason)
		switch o.Standing {
		case risk.InForce:
			say("", "by %s on %s, until %s", o.By, o.Date, o.Until)
		case risk.Stale:
			say("", "stale, so the higher of it and what is computed counts:")
			say("", "%s", o.Why)
			fmt.Fprintf(w, "%-15slook again: %s\n", "", p.Command("risk "+r.ID+":"+verbOfAccess(r.Access)+" --evidence")) // whole, to be pasted
		default:
			say("", "%s: what is computed counts", o.Why)
		}
	}
	if v := r.Waiver; v != nil {
		say("Accepted", "%s", v.Reason)
		say("", "by %s on %s, until %s, up to %d", v.By, v.Date, v.Until, v.MaxRisk)
	}
	if t, ok := p.Assessment.Model.Threshold(r.Risk()); ok && r.State == risk.InForce {
		say("In force", "objective %s holds for it", t.Objective)
	}
}

// Evidence prints the lines of footing.yaml with which somebody overrides the likelihood of a row.
func Evidence(w *term.Screen, p Page, key snapshot.Key, only access.Capability) error {
	fmt.Fprintln(w, "# Put this under overrides: in footing.yaml, with another likelihood and why. It")
	fmt.Fprintln(w, "# stands until its day (at most 180 days), or until the evidence gets worse.")
	for i := range p.Assessment.Sheet.Rows {
		r := &p.Assessment.Sheet.Rows[i]
		if r.Key != key || only != access.None && r.Access != only {
			continue
		}
		evidence := p.Assessment.Sheet.Evidence(r)
		fmt.Fprintf(w, "  - target: {resource: %s, access: %s}\n", quoted(r.ID), verbOfAccess(r.Access))
		fmt.Fprintf(w, "    likelihood: %d    # as computed: %s by %s\n", r.Beside.Computed(), term.Count(r.Beside.Points, "point", "points"), term.Count(len(r.Beside.Paths), "way", "ways"))
		fmt.Fprintln(w, `    reason: ""       # what does the scan not see?`)
		fmt.Fprintln(w, `    by: ""`)
		fmt.Fprintf(w, "    date: %s\n    until: %s\n    evidence: %s\n", p.Now.Format(time.DateOnly), p.Now.AddDate(0, 0, 180).Format(time.DateOnly), evidence)
	}
	return nil
}

// quoted is a word as YAML takes it in a flow mapping.
func quoted(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-") == "" && strings.IndexAny(s, "0123456789./-") != 0 {
		return s
	}
	b, err := json.Marshal(s) // YAML takes JSON's strings
	if err != nil {
		return `""`
	}
	return string(b)
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
	level := l.Computed()
	if level == 1 {
		return fmt.Sprintf("less than %d is 1, %s", risk.LevelFrom(2), risk.LevelWords[1])
	}
	return fmt.Sprintf("%d or more is %d, %s", risk.LevelFrom(level), level, risk.LevelWords[level])
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

// act is the action that the row's number asks for, or where the row stands once that is done or accepted.
func (p Page) act(r *risk.Row) string {
	if r.State != risk.Open {
		return strings.ReplaceAll(r.State, "-", " ")
	}
	if t, ok := p.Assessment.Model.Threshold(r.Risk()); ok {
		return strings.ReplaceAll(t.Action, "-", " ")
	}
	return "out of mind"
}

// mostWays is how many ways are written out before they are counted.
const mostWays = 6

func (p Page) ways(w *term.Screen, n *namer, r *risk.Row, arns bool) {
	fmt.Fprintln(w)
	if r.Asset {
		fmt.Fprintf(w, "How     it stands outside AWS: somebody who knows it says how likely it is.\n")
		return
	}
	if len(r.Beside.Paths) == 0 {
		fmt.Fprintf(w, "How     nobody reaches it beside whoever takes over the account.\n")
		return
	}
	stated := p.Assessment.Sheet.Stated(r)
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
		fmt.Fprintf(w, "%-8s%s%6d\n", label, term.Pad(term.Fit(n.trail(s.Path)+p.meant(s, stated && arns), sumColumn-10), sumColumn-8), s.High)
		if i == 0 || arns {
			p.because(w, n, s.Path, arns)
		}
	}
	if stated {
		switch excess := r.Beside.Excess(); {
		case excess == 0:
			fmt.Fprintf(w, "Excess  none: each of these ways is meant\n")
		case excess == len(r.Beside.Paths):
			fmt.Fprintf(w, "Excess  nobody needs any of these ways: cut them first\n")
		default:
			fmt.Fprintf(w, "Excess  nobody needs %d of these %d ways: cut those first (--arns names them)\n", excess, len(r.Beside.Paths))
		}
	}
}

// meant says for which use case a way is meant; where some is stated, that nobody needs the others.
func (p Page) meant(s risk.Scored, excess bool) string {
	switch {
	case s.Meant != "":
		return ", meant for " + s.Meant
	case excess:
		return ", nobody needs this"
	}
	return ""
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
	if r.Asset {
		fmt.Fprintf(w, "\nSay     %s\n", p.Command("risk "+r.ID+":"+verbOfAccess(r.Access)+" --evidence"))
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
