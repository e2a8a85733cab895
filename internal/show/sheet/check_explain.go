package sheet

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/show/term"
)

// mostExplained is how many rules are explained; the rest is counted.
const mostExplained = 25

// Explain is `check --explain`: the most important rules that do not hold, each with its things, why it matters, what to do and what was asked of AWS; or
// the rules that are named, whatever they say. Rules are in catalogue order; of each its own words are printed.
func Explain(w *term.Screen, c Checked, rules []check.Rule, ids ...string) error {
	s, n := c.Assessment.Snapshot, names(c.Assessment)
	all := grouped(c.Rules, c.Gate)
	groups := slices.DeleteFunc(own(all), func(g group) bool { return g.outcome == check.Pass || g.outcome == check.NotApplicable })
	says := term.Count(len(groups), "rule does not hold, or may not", "rules do not hold, or may not")
	if len(ids) > 0 {
		groups = slices.DeleteFunc(all, func(g group) bool { return !slices.Contains(ids, g.id) })
		says = term.Count(len(groups), "rule", "rules")
	}
	fmt.Fprintf(w, "%s · scanned %s · %s\n", w.Bold(strings.TrimSpace(term.Clean(s.Name)+" "+s.Account)), term.Age(s.Taken, c.Now), says)
	for i := range groups {
		if i == mostExplained && len(ids) == 0 {
			fmt.Fprintf(w, "\n and %d more, which %s explains one by one\n\n", len(groups)-i, c.Command("check --explain ID"))
			for _, part := range parts(groups[i:]) {
				fmt.Fprintln(w, part)
			}
			break
		}
		at := slices.IndexFunc(rules, func(r check.Rule) bool { return r.ID == groups[i].id })
		c.explain(w, n, &groups[i], &rules[at])
	}
	if len(groups) == 0 {
		fmt.Fprintln(w, "\n Every rule holds, or is about nothing here.")
	}
	return nil
}

// parts counts the rules that are not explained, a line an outcome.
func parts(groups []group) (out []string) {
	for _, o := range []check.Outcome{check.Fail, check.Unknown, check.Manual, check.Waived} {
		n := 0
		for i := range groups {
			n += flag(groups[i].outcome == o)
		}
		if n > 0 {
			out = append(out, fmt.Sprintf(" %s %s%d", signs[o][0], term.Pad(ruleWords[o], underSign-3), n))
		}
	}
	return out
}

// mostThings is how many things of one rule are named.
const mostThings = 4

func (c Checked) explain(w *term.Screen, n *namer, g *group, r *check.Rule) {
	if len(g.told) == 0 { // all of it is told under others, and was asked for by itself
		g.told = slices.DeleteFunc(slices.Clone(c.Rules), func(r check.Result) bool { return r.Rule != g.id || r.Outcome != g.outcome })
		for i := range g.told {
			g.risk = max(g.risk, g.told[i].Risk)
		}
	}
	g.head(w)
	width := w.Width - underSign
	under := func(label, text string, most int) {
		for i, line := range wrapped(term.Clean(text), width, most) {
			if i > 0 {
				label = ""
			}
			fmt.Fprintln(w, strings.TrimRight("   "+term.Pad(label, underSign-3)+line, " "))
		}
	}
	for i := range g.told {
		if i == mostThings {
			under("", fmt.Sprintf("and %d more", len(g.told)-i), 1)
			break
		}
		under("", n.thing(&g.told[i]), 3)
		if x := g.told[i].Waiver; x != nil {
			under("", fmt.Sprintf("· accepted until %s by %s: %s", x.Until, x.By, x.Reason), 2)
		}
		for _, e := range n.shown(&g.told[i]) {
			under("", "· "+e, 2)
		}
	}
	if g.outcome == check.Fail && g.unknown > 0 {
		under("", term.Count(g.unknown, "thing is", "things are")+" unknown", 1)
	}
	if len(g.also) > 0 {
		under("so too", strings.Join(g.also, ", "), 1)
	}
	if len(g.with) > 0 {
		slices.Sort(g.with)
		under("told", "with "+strings.Join(g.with, ", ")+", for the same reasons", 1)
	}
	switch g.outcome {
	case check.Fail:
		under("why", r.Why, 4)
		under("do", r.Fix, 6)
	case check.Manual:
		under("say so", "in footing.yaml, when it is so:", 1)
		under("", fmt.Sprintf(`attestations: [{rule: %s, reason: "…", by: you@…, date: %s, until: %s}]`, r.ID, c.Now.UTC().Format(time.DateOnly), c.Now.UTC().AddDate(0, 0, daysOf(r)).Format(time.DateOnly)), 3)
	}
	under("asked", asked(g.told[0].Calls), 3)
}

// mostShown is how much evidence is worth a line each: of more, what the verdict says is enough.
const mostShown = 12

// shown is the evidence of a verdict that joins several things, each with its name.
func (n *namer) shown(r *check.Result) (out []string) {
	for _, e := range r.Evidence {
		if e.Outcome != r.Outcome {
			continue
		}
		says := e.Says
		if e.Key != "" && !strings.Contains(says, n.of(string(e.Key))) {
			says = n.of(string(e.Key)) + ": " + says
		}
		out = append(out, says)
	}
	if len(out) < 2 || len(out) > mostShown {
		return nil
	}
	if len(out) > mostThings {
		out = append(out[:mostThings], fmt.Sprintf("and %d more", len(out)-mostThings))
	}
	return out
}

// head is what a rule says of itself, whole, with what a failure weighs.
func (g *group) head(w *term.Screen) {
	mark, number := fmt.Sprintf(" %s %s", signs[g.outcome][0], term.Pad(ruleWords[g.outcome], underSign-4)), ""
	switch g.outcome {
	case check.Fail:
		mark = w.Red(mark)
	case check.Unknown:
		mark = w.Yellow(mark)
	}
	if g.number() != "" {
		number = g.weighs()
	}
	width := w.Width - underSign
	fmt.Fprintln(w)
	for i, line := range term.Wrap(g.id+": "+g.title, width-9) {
		if i > 0 {
			mark, number = strings.Repeat(" ", underSign), ""
		}
		fmt.Fprintln(w, strings.TrimRight(mark+w.Bold(term.Pad(line, width-8))+number, " "))
	}
}

// daysOf is how long a word may count.
func daysOf(r *check.Rule) int {
	if r.Days > 0 {
		return r.Days
	}
	return 365
}

// asked tells the calls of a rule, and what came of those that gave no answer.
func asked(calls []check.Call) string {
	var out []string
	for _, x := range calls {
		says := x.Operation
		if x.Outcome != "ok" {
			says += " (" + x.Outcome + ")"
		}
		if x.Times > 1 {
			says += fmt.Sprintf(" ×%d", x.Times)
		}
		out = append(out, says)
	}
	return strings.Join(out, ", ")
}
