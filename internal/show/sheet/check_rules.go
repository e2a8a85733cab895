package sheet

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
)

// group is what one rule says of all its things.
type group struct {
	id, title string
	outcome   check.Outcome
	advice    bool
	gates     bool
	risk      int            // of the worst thing that has the outcome
	told      []check.Result // those that have the outcome, the worst first
	unknown   int            // things of which it is unknown
}

// grouped joins results by rule: first what fails, then what is unknown; of each what a gate counts and the highest risk first.
func grouped(results []check.Result, gate int) []group {
	var out []group
	for from := 0; from < len(results); {
		to := from + 1
		for to < len(results) && results[to].Rule == results[from].Rule {
			to++
		}
		out = append(out, groupOf(results[from:to], gate))
		from = to
	}
	order := []check.Outcome{check.Fail, check.Unknown, check.Manual, check.Waived, check.Pass, check.NotApplicable}
	slices.SortStableFunc(out, func(a, b group) int {
		return cmp.Or(slices.Index(order, a.outcome)-slices.Index(order, b.outcome), flag(a.advice)-flag(b.advice), b.risk-a.risk)
	})
	return out
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

func groupOf(results []check.Result, gate int) group {
	g := group{id: results[0].Rule, title: results[0].Title, outcome: check.NotApplicable, advice: results[0].Advice}
	for i := range results {
		g.outcome = g.outcome.And(results[i].Outcome)
	}
	for i := range results {
		r := &results[i]
		g.gates = g.gates || r.Gates(gate)
		if r.Outcome == check.Unknown {
			g.unknown++
		}
		if r.Outcome == g.outcome {
			g.told, g.risk = append(g.told, *r), max(g.risk, r.Risk)
		}
	}
	slices.SortStableFunc(g.told, func(a, b check.Result) int { return b.Risk - a.Risk })
	return g
}

// ruleWords are the words for what a rule says.
var ruleWords = map[check.Outcome]string{check.Pass: "holds", check.Fail: "fails", check.Unknown: "unknown", check.Waived: "waived", check.Manual: "by hand", check.NotApplicable: "nothing"}

// number is the risk where something is wrong; advice has none.
func (g *group) number() string {
	switch {
	case g.outcome != check.Fail && g.outcome != check.Unknown && g.outcome != check.Waived:
		return ""
	case g.advice:
		return "advice"
	}
	return strconv.Itoa(g.risk)
}

const (
	screenThings   = 2
	markdownThings = 10
)

// says names the things, and what is the matter with the first.
func (g *group) says(n *namer, most int) string {
	if g.outcome == check.Pass || g.outcome == check.NotApplicable {
		return ""
	}
	var names []string
	for _, r := range g.told {
		if r.Target != "" {
			names = append(names, n.word(string(r.Target)))
		}
	}
	what := g.told[0].Says
	if len(names) > 0 {
		more := ""
		if len(names) > most {
			more = fmt.Sprintf(" and %d more", len(names)-most)
			names = names[:most]
		}
		what = strings.Join(names, ", ") + more + ": " + what
	}
	if g.outcome == check.Fail && g.unknown > 0 {
		what += fmt.Sprintf("; %d unknown", g.unknown)
	}
	return what
}

const (
	checkLines   = 19 // of 24: two above what is told, three below it
	fewRuleLines = 5
	mostRules    = 5 // told whole on the screen

	linesBesideNothing = 7 // where the screen also tells how an objective is written
)

// rules tells of rules on so many lines: the most important that fail with their things, as far as there is room, then the ids of the rest; those that
// are unknown, and why; those that a person has to answer; nothing of those that hold.
func (c Checked) rules(w *term.Screen, n *namer, groups []group, lines int) {
	by := map[check.Outcome][]group{}
	for _, g := range groups {
		by[g.outcome] = append(by[g.outcome], g)
	}
	fails, unknown, manual, waived := by[check.Fail], by[check.Unknown], by[check.Manual], by[check.Waived]
	lines -= flag(len(unknown) > 0) + flag(len(waived) > 0) + flag(len(manual) > 0)
	width := w.Width - underSign
	mark := func(o check.Outcome, paint func(string) string) string {
		return paint(fmt.Sprintf(" %s %s", signs[o][0], term.Pad(ruleWords[o], underSign-4)))
	}
	plain := func(s string) string { return s }
	for i, g := range fails {
		need := 2 + flag(i == 0) + flag(i+1 < len(fails)) // the line of the rest too
		if i > 0 && (lines < need || i == mostRules) {
			fmt.Fprintln(w, mark(check.Fail, w.Red)+term.Fit(rest(fails[i:], width), width))
			break
		}
		fmt.Fprintln(w, mark(check.Fail, w.Red)+w.Bold(term.Pad(term.Fit(g.id+": "+g.title, width-9), width-8))+g.weighs())
		fmt.Fprintln(w, strings.Repeat(" ", underSign)+term.Fit(term.Clean(g.says(n, screenThings)), width))
		if lines -= 2; i == 0 {
			fmt.Fprintln(w, "   "+term.Pad("more", underSign-3)+c.Command("check --explain"))
			lines--
		}
	}
	if len(unknown) > 0 {
		says := unknown[0].id + ": " + unknown[0].says(n, screenThings)
		if len(unknown) > 1 {
			says = fmt.Sprintf("%d rules: %s", len(unknown), whyUnknown(unknown))
		}
		fmt.Fprintln(w, mark(check.Unknown, w.Yellow)+term.Fit(term.Clean(says), width))
	}
	if len(manual) > 0 {
		fmt.Fprintln(w, mark(check.Manual, plain)+term.Fit(idsOf(manual, false), width))
	}
	if len(waived) > 0 {
		fmt.Fprintln(w, mark(check.Waived, plain)+term.Fit(idsOf(waived, true), width))
	}
}

// weighs is a number with its word.
func (g *group) weighs() string {
	if g.advice {
		return "advice"
	}
	return "risk " + term.PadLeft(g.number(), 2)
}

// rest names as many rules as there is room for, and counts the others.
func rest(groups []group, width int) string {
	for n := len(groups); n > 0; n-- {
		says := "also " + idsOf(groups[:n], false)
		if n < len(groups) {
			says += fmt.Sprintf(" and %d more", len(groups)-n)
		}
		if len(says) <= width {
			return says
		}
	}
	return fmt.Sprintf("and %d more", len(groups))
}

// whyUnknown names the calls that left most rules unknown.
func whyUnknown(groups []group) string {
	count := map[string]int{}
	for _, g := range groups {
		for _, call := range g.told[0].Calls {
			if call.Outcome != snapshot.OK && call.Outcome != snapshot.NotEnabled {
				count[call.Operation+" "+call.Outcome]++
			}
		}
	}
	calls := slices.SortedFunc(maps.Keys(count), func(a, b string) int { return cmp.Or(count[b]-count[a], strings.Compare(a, b)) })
	switch {
	case len(calls) == 0:
		return "not all was read"
	case len(calls) > 2:
		return strings.Join(calls[:2], ", ") + fmt.Sprintf(" and %d more", len(calls)-2)
	}
	return strings.Join(calls, ", ")
}

// idsOf lists rules by their ids, and until when each is waived for all of its things.
func idsOf(groups []group, waived bool) string {
	ids := make([]string, len(groups))
	for i, g := range groups {
		ids[i] = g.id
		if waived {
			first := g.told[0].Waiver.Until
			for _, r := range g.told {
				first = min(first, r.Waiver.Until)
			}
			ids[i] += " until " + first
		}
	}
	return strings.Join(ids, ", ")
}

// counter counts lines.
type counter struct {
	w io.Writer
	n int
}

func (c *counter) Write(p []byte) (int, error) {
	c.n += bytes.Count(p, []byte("\n"))
	return c.w.Write(p)
}

// sum counts the verdicts, and says what the gate makes of them.
func (c Checked) sum(w *term.Screen, groups []group) {
	var parts, gates []string
	fails := 0
	count := func(counted map[check.Outcome]int, words map[check.Outcome]string) string {
		var parts []string
		for _, o := range outcomes {
			if n := counted[o]; n > 0 {
				one, many, _ := strings.Cut(words[o], "|")
				parts = append(parts, term.Count(n, one, many))
			}
		}
		fails += counted[check.Fail]
		return strings.Join(parts, ", ")
	}
	if len(c.Results) > 0 {
		said := count(check.Summary(c.Results), map[check.Outcome]string{check.Pass: "holds|hold", check.Fail: "is broken|are broken", check.Unknown: "is unknown|are unknown",
			check.Waived: "is waived|are waived", check.Manual: "is for a person to say|are for a person to say", check.NotApplicable: "is about nothing here|are about nothing here"})
		if len(groups) > 0 {
			said = "Objectives: " + said
		}
		parts = append(parts, said)
	}
	if len(groups) > 0 {
		counted := map[check.Outcome]int{}
		for _, g := range groups {
			counted[g.outcome]++
		}
		parts = append(parts, "Rules: "+count(counted, map[check.Outcome]string{check.Pass: "holds|hold", check.Fail: "fails|fail", check.Unknown: "is unknown|are unknown",
			check.Waived: "is waived|are waived", check.Manual: "is for a person to say|are for a person to say", check.NotApplicable: "is about nothing here|are about nothing here"}))
	}
	gate := ""
	stated, ruled := c.Broken()
	switch {
	case len(groups) == 0 && stated > 0:
		gate = fmt.Sprintf(" The gate at %d counts %s.", c.Gate, term.Count(stated, "of them", "of them"))
	case stated+ruled > 0:
		if stated > 0 {
			gates = append(gates, term.Count(stated, "objective", "objectives"))
		}
		if ruled > 0 {
			gates = append(gates, term.Count(ruled, "rule", "rules"))
		}
		gate = fmt.Sprintf(" The gate at %d counts %s.", c.Gate, strings.Join(gates, " and "))
	case fails > 0:
		gate = fmt.Sprintf(" None reaches the gate at %d.", c.Gate)
	}
	parts[len(parts)-1] += "." + gate
	fmt.Fprintln(w)
	for i, p := range parts {
		if i+1 < len(parts) {
			p += "."
		}
		for _, line := range term.Wrap(p, w.Width-1) {
			fmt.Fprintln(w, " "+line)
		}
	}
}

// Broken counts the objectives and the rules that the gate counts.
func (c Checked) Broken() (objectives, rules int) {
	for i := range c.Results {
		objectives += flag(c.Results[i].Gates(c.Gate))
	}
	for _, g := range grouped(c.Rules, c.Gate) {
		rules += flag(g.gates)
	}
	return objectives, rules
}

// Seen counts what could be judged of what a gate counts, and what could not: objectives, and rules.
func (c Checked) Seen() (judged, unknown [2]int) {
	for i := range c.Results {
		judged[0] += flag(c.Results[i].Outcome.Judged())
		unknown[0] += flag(c.Results[i].Outcome == check.Unknown)
	}
	for _, g := range grouped(c.Rules, c.Gate) {
		if !g.advice {
			judged[1] += flag(g.outcome.Judged())
			unknown[1] += flag(g.unknown > 0)
		}
	}
	return judged, unknown
}
