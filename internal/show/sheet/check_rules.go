package sheet

import (
	"cmp"
	"fmt"
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
	stated    bool
	gates     bool
	risk      int            // of the worst thing that has the outcome
	told      []check.Result // those that have the outcome and are not told under another rule, the worst first
	unknown   int            // things of which it is unknown
	with      []string       // where nothing is told: the rules under which it is
	also      []string       // rules that are told under this one
}

// grouped joins results by rule: first what fails, then what is unknown; of each what a gate counts and the highest risk first, then by family.
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
		return cmp.Or(slices.Index(order, a.outcome)-slices.Index(order, b.outcome), flag(b.gates)-flag(a.gates), flag(a.advice)-flag(b.advice), b.risk-a.risk, check.Compare(a.id, b.id))
	})
	for i := range out {
		for _, id := range out[i].with {
			if k := slices.IndexFunc(out, func(g group) bool { return g.id == id }); k >= 0 {
				out[k].also = append(out[k].also, out[i].id)
			}
		}
	}
	return out
}

// own are the groups of which something is told: the others are told under one of these, since it is the same decision.
func own(groups []group) []group {
	return slices.DeleteFunc(slices.Clone(groups), func(g group) bool { return len(g.told) == 0 })
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

func groupOf(results []check.Result, gate int) group {
	g := group{id: results[0].Rule, title: results[0].Title, outcome: check.NotApplicable, advice: results[0].Advice, stated: results[0].Stated}
	for i := range results {
		g.outcome = g.outcome.And(results[i].Outcome)
	}
	for i := range results {
		r := &results[i]
		g.gates = g.gates || r.Gates(gate)
		if r.Outcome == check.Unknown {
			g.unknown++
		}
		switch {
		case r.Outcome != g.outcome:
		case r.With != "":
			if !slices.Contains(g.with, r.With) {
				g.with = append(g.with, r.With)
			}
		default:
			g.told, g.risk = append(g.told, *r), max(g.risk, r.Risk)
		}
	}
	if len(g.told) > 0 {
		g.with = nil
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
	screenThings   = 1
	markdownThings = 10
)

// says is what is the matter with the first things, and how many more there are.
func (g *group) says(n *namer, most int) string {
	if g.outcome == check.Pass || g.outcome == check.NotApplicable || len(g.told) == 0 {
		return ""
	}
	parts := make([]string, min(len(g.told), most))
	for i := range parts {
		parts[i] = n.thing(&g.told[i])
	}
	what := strings.Join(parts, "; ")
	if more := len(g.told) - len(parts); more > 0 {
		what += fmt.Sprintf(" (and %d more)", more)
	}
	if g.outcome == check.Fail && g.unknown > 0 {
		what += fmt.Sprintf("; %d unknown", g.unknown)
	}
	return what
}

// thing is what is the matter with one thing, which it names.
func (n *namer) thing(r *check.Result) string {
	if r.Target == "" || r.Target == n.a.Access.Account {
		return r.Says
	}
	if name := n.of(string(r.Target)); !strings.Contains(r.Says, name) {
		return name + ": " + r.Says
	}
	return r.Says
}

// beside names the rules that fail for the same reason.
func (g *group) beside() string {
	if len(g.also) == 0 {
		return ""
	}
	return " (so " + strings.Join(g.also, ", ") + ")"
}

const mostRules = 5 // told whole on the screen

// rules tells of rules on about so many lines: the most important that fail with what is the matter, as far as there is room, then the ids of the
// rest and the command that tells all; those that are unknown, and why; those that a person has to answer; nothing of those that hold.
func (c Checked) rules(w *term.Screen, n *namer, groups []group, room int) (out []string) {
	by := map[check.Outcome][]group{}
	for _, g := range groups {
		by[g.outcome] = append(by[g.outcome], g)
	}
	fails, unknown, manual := by[check.Fail], by[check.Unknown], by[check.Manual]
	room -= flag(len(unknown) > 0) + flag(len(manual) > 0)
	width := w.Width - underSign
	mark := func(o check.Outcome, word string) string {
		s := fmt.Sprintf(" %s %s", signs[o][0], term.Pad(word, underSign-4))
		if paint := map[check.Outcome]func(string) string{check.Fail: w.Red, check.Unknown: w.Yellow}[o]; paint != nil {
			s = paint(s)
		}
		return s
	}
	whole := max(1, min(len(fails), mostRules, (room-1)/2))
	for i, g := range fails[:min(whole, len(fails))] {
		out = append(out, mark(check.Fail, ruleWords[check.Fail])+w.Bold(term.Pad(term.Fit(fails[i].id+": "+g.title, width-9), width-8))+g.weighs(),
			strings.Repeat(" ", underSign)+term.Fit(term.Clean(g.says(n, screenThings)), width))
	}
	switch command := c.Command("check --explain"); {
	case len(fails) > whole:
		out = append(out, mark(check.Fail, "also")+rest(fails[whole:], width-len(command)-2)+": "+command)
	case len(fails) > 0:
		out = append(out, "   "+term.Pad("more", underSign-3)+command)
	}
	if len(unknown) > 0 {
		says := unknown[0].id + ": " + unknown[0].says(n, screenThings)
		if len(unknown) > 1 {
			why := whyUnknown(unknown)
			says = rest(unknown, width-2-term.Width(why)) + ": " + why
		}
		out = append(out, mark(check.Unknown, ruleWords[check.Unknown])+term.Fit(term.Clean(says), width))
	}
	if len(manual) > 0 {
		out = append(out, mark(check.Manual, ruleWords[check.Manual])+rest(manual, width))
	}
	return out
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
		says := idsOf(groups[:n])
		if n < len(groups) {
			says += fmt.Sprintf(" and %d more", len(groups)-n)
		}
		if len(says) <= width {
			return says
		}
	}
	return fmt.Sprintf("%d more", len(groups))
}

// whyUnknown names the calls that left most rules unknown.
func whyUnknown(groups []group) string {
	count := map[string]int{}
	for _, g := range groups {
		for _, call := range g.told[0].Calls {
			if call.Outcome != snapshot.OK && call.Outcome != snapshot.NotEnabled {
				count[call.Operation+" "+strings.ReplaceAll(call.Outcome, "-", " ")]++
			}
		}
	}
	calls := slices.SortedFunc(maps.Keys(count), func(a, b string) int { return cmp.Or(count[b]-count[a], strings.Compare(a, b)) })
	switch {
	case len(calls) == 0:
		return "not all was read"
	case len(calls) > 2:
		return fmt.Sprintf("%s and %d more", calls[0], len(calls)-1)
	}
	return strings.Join(calls, ", ")
}

// idsOf lists rules by their ids.
func idsOf(groups []group) string {
	ids := make([]string, len(groups))
	for i := range groups {
		ids[i] = groups[i].id
	}
	return strings.Join(ids, ", ")
}

// sum counts the verdicts, and says what the gate makes of them: an empty line, then the sentences.
func (c Checked) sum(w *term.Screen, groups []group) []string {
	var says, gates []string
	fails := false
	if len(c.Results) > 0 {
		counted := check.Summary(c.Results)
		fails = counted[check.Fail] > 0
		said := verdicts(counted, map[check.Outcome]string{check.Fail: "broken|broken"})
		if len(groups) > 0 {
			said = "Objectives: " + said
		}
		says = append(says, said+".")
	}
	if len(groups) > 0 {
		says = append(says, "Rules: "+counted(groups)+".")
		fails = fails || slices.ContainsFunc(groups, func(g group) bool { return g.outcome == check.Fail && !g.advice })
	}
	stated, ruled := c.Broken()
	if stated > 0 && len(groups) == 0 {
		gates = []string{term.Count(stated, "of them", "of them")}
	} else if stated > 0 {
		gates = []string{term.Count(stated, "objective", "objectives")}
	}
	if ruled > 0 {
		gates = append(gates, term.Count(ruled, "rule", "rules"))
	}
	switch {
	case len(gates) > 0:
		says = append(says, fmt.Sprintf("The gate at %d counts %s.", c.Gate, strings.Join(gates, " and ")))
	case fails:
		says = append(says, fmt.Sprintf("None reaches the gate at %d.", c.Gate))
	}
	out := []string{""}
	for _, line := range term.Wrap(strings.Join(says, " "), w.Width-1) {
		out = append(out, " "+line)
	}
	return out
}

// counted tells how many rules there are of each outcome. What is told under another rule, and advice, are counted beside those that fail.
func counted(groups []group) string {
	n := map[check.Outcome]int{}
	same, advice, until := 0, 0, ""
	for i := range groups {
		g := &groups[i]
		switch {
		case g.outcome == check.Fail && len(g.told) == 0:
			same++
		case g.outcome == check.Fail && g.advice:
			advice++
		default:
			n[g.outcome]++
		}
		for _, r := range g.told {
			if r.Waiver != nil && (until == "" || r.Waiver.Until < until) {
				until = r.Waiver.Until
			}
		}
	}
	words := map[check.Outcome]string{check.Fail: "fails|fail"}
	var beside []string
	if same > 0 {
		beside = append(beside, fmt.Sprintf("%d for the same reasons", same))
	}
	if advice > 0 {
		beside = append(beside, fmt.Sprintf("%d as advice", advice))
	}
	if more := strings.Join(beside, ", "); more != "" && n[check.Fail] > 0 {
		words[check.Fail] = "fails (and " + more + ")|fail (and " + more + ")"
	} else if more != "" {
		n[check.Fail], words[check.Fail] = advice, "fails as advice|fail as advice"
	}
	if until != "" {
		words[check.Waived] = "waived until " + until + "|waived, the first until " + until
	}
	return verdicts(n, words)
}

// verdicts tells how many there are of each outcome, in some words of their own: one, then many.
func verdicts(counted map[check.Outcome]int, words map[check.Outcome]string) string {
	usual := map[check.Outcome]string{check.Pass: "holds|hold", check.Unknown: "unknown|unknown", check.Waived: "waived|waived",
		check.Manual: "by hand|by hand", check.NotApplicable: "about nothing here|about nothing here"}
	var parts []string
	for _, o := range outcomes {
		if n := counted[o]; n > 0 {
			one, many, _ := strings.Cut(cmp.Or(words[o], usual[o]), "|")
			parts = append(parts, term.Count(n, one, many))
		}
	}
	return strings.Join(parts, ", ")
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

// Seen counts what could be judged of what a gate counts, and what could not: objectives, and rules about the account. What people state is always seen.
func (c Checked) Seen() (judged, unknown [2]int) {
	for i := range c.Results {
		judged[0] += flag(c.Results[i].Outcome.Judged())
		unknown[0] += flag(c.Results[i].Outcome == check.Unknown)
	}
	for _, g := range grouped(c.Rules, c.Gate) {
		if !g.advice && !g.stated {
			judged[1] += flag(g.outcome.Judged())
			unknown[1] += flag(g.unknown > 0)
		}
	}
	return judged, unknown
}
