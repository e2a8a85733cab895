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

// Explain is `check --explain`: the most important rules that do not hold, each with its things, why it matters, what to do and what was asked of AWS.
// Rules are in catalogue order; of each its own words are printed.
func Explain(w *term.Screen, c Checked, rules []check.Rule) error {
	s, n := c.Assessment.Snapshot, names(c.Assessment)
	groups := slices.DeleteFunc(own(grouped(c.Rules, c.Gate)), func(g group) bool { return g.outcome == check.Pass || g.outcome == check.NotApplicable })
	fmt.Fprintf(w, "%s · scanned %s · %s\n", w.Bold(strings.TrimSpace(term.Clean(s.Name)+" "+s.Account)), term.Age(s.Taken, c.Now),
		term.Count(len(groups), "rule does not hold, or is not known to", "rules do not hold, or are not known to"))
	for i, g := range groups {
		if i == mostExplained {
			fmt.Fprintf(w, "\n and %d more: %s\n", len(groups)-i, c.Command("check --format json"))
			break
		}
		at := slices.IndexFunc(rules, func(r check.Rule) bool { return r.ID == g.id })
		c.explain(w, n, &g, &rules[at])
	}
	if len(groups) == 0 {
		fmt.Fprintln(w, "\n Every rule holds, or is about nothing here.")
	}
	return nil
}

// mostThings is how many things of one rule are named.
const mostThings = 4

func (c Checked) explain(w *term.Screen, n *namer, g *group, r *check.Rule) {
	fmt.Fprintln(w)
	number := ""
	if g.outcome != check.Manual {
		number = g.weighs()
	}
	width := w.Width - underSign
	mark := fmt.Sprintf(" %s %s", signs[g.outcome][0], term.Pad(ruleWords[g.outcome], underSign-4))
	switch g.outcome {
	case check.Fail:
		mark = w.Red(mark)
	case check.Unknown:
		mark = w.Yellow(mark)
	}
	fmt.Fprintln(w, strings.TrimRight(mark+w.Bold(term.Pad(term.Fit(g.id+": "+g.title, width-9), width-8))+number, " "))
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
	}
	if g.outcome == check.Fail && g.unknown > 0 {
		under("", term.Count(g.unknown, "thing is", "things are")+" unknown", 1)
	}
	if len(g.also) > 0 {
		under("so too", strings.Join(g.also, ", "), 1)
	}
	switch g.outcome {
	case check.Fail:
		under("why", r.Why, 4)
		under("do", r.Fix, 6)
	case check.Manual:
		under("say so", "in footing.yaml, when it is so:", 1)
		under("", fmt.Sprintf(`attestations: [{rule: %s, reason: "…", by: you@…, date: %s, until: %s}]`, r.ID, c.Now.UTC().Format(time.DateOnly), c.Now.UTC().AddDate(0, 0, daysOf(r)).Format(time.DateOnly)), 3)
	case check.Waived:
		x := g.told[0].Waiver
		under("", fmt.Sprintf("accepted until %s by %s: %s", x.Until, x.By, x.Reason), 2)
	}
	under("asked", asked(g.told[0].Calls), 3)
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
