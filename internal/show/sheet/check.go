package sheet

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/show/junit"
	"github.com/footing-dev/footing/internal/show/term"
)

// Checked is what was checked, and from which risk on a failure counts.
type Checked struct {
	Page
	Results []check.Result // of objectives
	Rules   []check.Result // of rules: of each the results of its things, in a row
	Strict  bool           // what is unknown counts too
}

// CheckJSON is `check --format json`.
type CheckJSON struct {
	Footing  int            `json:"footing"`
	Account  string         `json:"account"`
	Snapshot string         `json:"snapshot"`
	Gate     int            `json:"gate"`
	Results  []ResultJSON   `json:"results"`
	Summary  map[string]int `json:"summary"`
}

// ResultJSON is one verdict.
type ResultJSON struct {
	Kind        string         `json:"kind"` // objective or rule
	Rule        string         `json:"rule"`
	Title       string         `json:"title"`
	Outcome     string         `json:"outcome"`
	Target      string         `json:"target"` // the key of what the worst evidence is about; "" for no single thing
	Says        string         `json:"says"`
	Severity    string         `json:"severity"`
	Risk        int            `json:"risk"`
	Gates       bool           `json:"gates"` // it fails, and the gate counts it
	Evidence    []EvidenceJSON `json:"evidence"`
	Refs        []string       `json:"refs"`
	Location    LocationJSON   `json:"location"`
	Fingerprint string         `json:"fingerprint"` // the same after another run, and after files were reformatted
	Waiver      *WaivedJSON    `json:"waiver,omitempty"`
	Attested    *WaivedJSON    `json:"attested,omitempty"` // it passes on somebody's word
	Advice      bool           `json:"advice,omitempty"`   // no gate counts it
	With        string         `json:"with,omitempty"`     // the rule under which it is told, since both are one decision
	Calls       []CallJSON     `json:"calls,omitempty"`    // what was asked of AWS for it; of rules
}

// CallJSON is one API operation, how often it was asked, and what came of that.
type CallJSON struct {
	Call    string `json:"call"`
	Outcome string `json:"outcome"`
	Times   int    `json:"times"`
}

// EvidenceJSON is one fact that a verdict stands on.
type EvidenceJSON struct {
	About   string    `json:"about"` // a key; "" for the account as a whole
	Access  string    `json:"access,omitempty"`
	Outcome string    `json:"outcome"`
	Says    string    `json:"says"`
	Risk    int       `json:"risk,omitempty"`
	Who     []string  `json:"who,omitempty"` // people and machines who break it, or may
	Path    *PathJSON `json:"path,omitempty"`
}

// LocationJSON is where a rule was stated.
type LocationJSON struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// WaivedJSON is who accepts a failure, why, and until when.
type WaivedJSON struct {
	Reason string `json:"reason"`
	By     string `json:"by"`
	Until  string `json:"until"`
}

// outcomes in the order in which they are counted.
var outcomes = []check.Outcome{check.Pass, check.Fail, check.Unknown, check.Manual, check.NotApplicable, check.Waived}

// Check shapes verdicts for printing.
func Check(c Checked) CheckJSON {
	out := CheckJSON{Footing: 1, Account: c.Assessment.Snapshot.Account, Snapshot: c.Assessment.Snapshot.ID, Gate: c.Gate, Results: []ResultJSON{}, Summary: map[string]int{}}
	stated, ruled := check.Summary(c.Results), check.Summary(c.Rules)
	for _, o := range outcomes {
		out.Summary[o.String()] = stated[o] + ruled[o]
	}
	for i := range c.Results {
		out.Results = append(out.Results, resultJSON("objective", &c.Results[i], c.Gate))
	}
	for i := range c.Rules {
		out.Results = append(out.Results, resultJSON("rule", &c.Rules[i], c.Gate))
	}
	return out
}

func resultJSON(kind string, r *check.Result, gate int) ResultJSON {
	out := ResultJSON{Kind: kind, Rule: r.Rule, Title: r.Title, Outcome: r.Outcome.String(), Target: string(r.Target), Says: r.Says, Severity: r.Severity, Risk: r.Risk,
		Gates: r.Gates(gate), Evidence: []EvidenceJSON{}, Refs: slices.Clone(r.Refs), Location: LocationJSON(r.Location), Fingerprint: r.Fingerprint}
	if out.Refs == nil {
		out.Refs = []string{}
	}
	if w := r.Waiver; w != nil {
		out.Waiver = &WaivedJSON{w.Reason, w.By, w.Until}
	}
	if a := r.Attested; a != nil {
		out.Attested = &WaivedJSON{a.Reason, a.By, a.Until}
	}
	out.Advice, out.With = r.Advice, r.With
	for _, x := range r.Calls {
		out.Calls = append(out.Calls, CallJSON{x.Operation, x.Outcome, x.Times})
	}
	for _, e := range r.Evidence {
		x := EvidenceJSON{About: string(e.Key), Outcome: e.Outcome.String(), Says: e.Says, Risk: e.Risk, Who: e.Who}
		if e.Key != "" && e.Access != access.None {
			x.Access = strings.ToLower(e.Access.String())
		}
		if e.Path != nil {
			p := pathJSON(*e.Path)
			x.Path = &p
		}
		out.Evidence = append(out.Evidence, x)
	}
	return out
}

// signs are what a verdict is in one column, and in one word.
var signs = map[check.Outcome][2]string{
	check.Pass: {"✓", "holds"}, check.Fail: {"✗", "broken"}, check.Unknown: {"?", "unknown"}, check.Waived: {"~", "waived"},
	check.Manual: {"!", "by hand"}, check.NotApplicable: {"–", "nothing"},
}

// CheckText is the screen: objectives that do not hold, then the most important rules, each with what is the matter; the rest is counted.
func CheckText(w *term.Screen, c Checked) error {
	s, n := c.Assessment.Snapshot, names(c.Assessment)
	all := grouped(c.Rules, c.Gate)
	head := fmt.Sprintf("%s · scanned %s · %s", w.Bold(strings.TrimSpace(term.Clean(s.Name)+" "+s.Account)), term.Age(s.Taken, c.Now),
		term.Count(len(c.Results), "objective", "objectives"))
	if len(all) > 0 {
		head += " · " + term.Count(len(all), "rule", "rules")
	}
	fmt.Fprintln(w, head)
	if len(c.Results)+len(all) == 0 {
		return c.nothing(w)
	}
	fmt.Fprintln(w)
	sum := c.sum(w, all)
	room := checkLines - len(sum)
	if len(c.Results) == 0 {
		room -= linesOfNothing
	}
	told := c.rules(w, n, own(all), min(room, room-min(len(c.shown()), fewObjectives)))
	c.objectives(w, n, room-len(told))
	for _, line := range append(told, sum...) {
		fmt.Fprintln(w, line)
	}
	if len(c.Results) == 0 {
		fmt.Fprint(w, `
 Nobody stated an objective in footing.yaml, so that nothing is asserted of who
 may do what. An objective is a sentence, such as:
    must: only admins and root may administer account
`)
	}
	return nil
}

// inOrder puts what fails first, then what is unknown; of each the highest risk first.
func inOrder(results []check.Result) []check.Result {
	order := []check.Outcome{check.Fail, check.Unknown, check.Manual, check.Waived, check.Pass, check.NotApplicable}
	out := slices.Clone(results)
	slices.SortStableFunc(out, func(a, b check.Result) int {
		if a.Outcome == b.Outcome && a.Outcome == check.Pass {
			return 0
		}
		return cmp.Or(slices.Index(order, a.Outcome)-slices.Index(order, b.Outcome), b.Risk-a.Risk)
	})
	return out
}

const (
	underSign      = 13 // where what belongs to a verdict begins
	checkLines     = 22 // of 24: two above what is told
	fewObjectives  = 4  // have a line each before rules are told whole
	linesOfNothing = 4  // say that nobody stated an objective
)

// shown are the objectives that have a line: where there are rules to tell as well, those that hold are only counted.
func (c Checked) shown() []check.Result {
	out := inOrder(c.Results)
	if len(c.Rules) == 0 {
		return out
	}
	return slices.DeleteFunc(out, func(r check.Result) bool { return r.Outcome == check.Pass || r.Outcome == check.NotApplicable })
}

// objectives tells them on so many lines: each on one, then as much of each as there is room for. Without rules there is room for all of each.
func (c Checked) objectives(w *term.Screen, n *namer, room int) {
	list := c.shown()
	blocks := make([][]string, len(list))
	for i := range list {
		blocks[i] = c.result(w, n, &list[i])
	}
	if len(c.Rules) == 0 {
		for _, b := range blocks {
			fmt.Fprintln(w, strings.Join(b, "\n"))
		}
		return
	}
	lines := make([]int, len(list))
	cut := len(list) > room // one line says what was left out
	if cut {
		room--
	}
	for level := 1; room > 0 && level <= 4; level++ {
		for i := range blocks {
			if room > 0 && len(blocks[i]) >= level && (level == 1 || lines[i] == level-1) {
				lines[i]++
				room--
			}
		}
	}
	var rest []string
	for i, b := range blocks {
		if lines[i] == 0 {
			rest = append(rest, list[i].Rule)
			continue
		}
		fmt.Fprintln(w, strings.Join(b[:lines[i]], "\n"))
	}
	if cut {
		fmt.Fprintln(w, strings.Repeat(" ", underSign)+term.Fit("also "+strings.Join(rest, ", "), w.Width-underSign))
	}
}

// result is one objective, a line each: what it is, by which way, what is said of it, where there is more.
func (c Checked) result(w *term.Screen, n *namer, r *check.Result) []string {
	sign := signs[r.Outcome]
	mark := fmt.Sprintf(" %s %s", sign[0], term.Pad(sign[1], underSign-4))
	if paint := map[check.Outcome]func(string) string{check.Fail: w.Red, check.Unknown: w.Yellow, check.Pass: w.Green}[r.Outcome]; paint != nil {
		mark = paint(mark)
	}
	number := ""
	if r.Outcome == check.Fail || r.Outcome == check.Unknown || r.Outcome == check.Waived {
		number = fmt.Sprintf("risk %2d", r.Risk)
	}
	width := w.Width - underSign
	title := strings.TrimSuffix(term.Clean(r.Title), ".")
	if r.Rule != "" && title != r.Rule {
		title = r.Rule + ": " + title
	}
	out := []string{strings.TrimRight(mark+w.Bold(term.Pad(term.Fit(title, width-9), width-8))+number, " ")}
	under := func(label, s string, lines int) {
		for i, line := range wrapped(term.Clean(s), width, lines) {
			if i > 0 {
				label = ""
			}
			out = append(out, strings.TrimRight("   "+term.Pad(label, underSign-3)+line, " "))
		}
	}
	brief := len(c.Rules) > 0
	bad := (r.Outcome == check.Fail || r.Outcome == check.Unknown) && len(r.Evidence) > 0 && r.Evidence[0].Outcome == r.Outcome
	worst := func() {
		if bad && r.Evidence[0].Path != nil {
			under("worst", term.Fit(n.trail(*r.Evidence[0].Path), width), 1)
		}
	}
	if brief {
		worst()
	}
	switch {
	case brief || r.Outcome == check.Pass || r.Outcome == check.NotApplicable:
		under("", r.Says, 1)
	default:
		under("", r.Says, 2)
	}
	if r.Waiver != nil {
		under("", fmt.Sprintf("accepted until %s by %s: %s", r.Waiver.Until, r.Waiver.By, r.Waiver.Reason), 2)
	}
	if !brief {
		worst()
	}
	if bad {
		under("more", c.more(n, r.Evidence[0]), 2)
	}
	return out
}

// wrapped breaks a text into at most so many lines.
func wrapped(s string, width, lines int) []string {
	out := term.Wrap(s, width)
	if len(out) > lines {
		out = out[:lines]
		out[lines-1] = term.Fit(out[lines-1]+" …", width)
		if !strings.HasSuffix(out[lines-1], "…") {
			out[lines-1] += "…"
		}
	}
	return out
}

// more is the command that tells more of a piece of evidence.
func (c Checked) more(n *namer, e check.Evidence) string {
	switch {
	case e.Outcome == check.Unknown && e.Key == "":
		return c.Program + " scan --print-policy"
	case e.Key == c.Assessment.Access.Account:
		return c.Command("who admin")
	case e.Access == access.None:
		return c.Command("list " + n.word(string(e.Key)))
	case e.Access == access.Admin:
		return c.Command("who admin " + n.word(string(e.Key)))
	}
	if id, ok := n.ids[string(e.Key)]; ok {
		return c.Command("risk " + id + ":" + verbOfAccess(e.Access))
	}
	return c.Command("who " + verbOfAccess(e.Access) + " " + n.word(string(e.Key)))
}

// nothing says that nobody stated an objective, and how one is written.
func (c Checked) nothing(w *term.Screen) error {
	fmt.Fprint(w, `
Nothing is asserted of who may do what: nobody stated an objective in
footing.yaml. An objective is a sentence, such as:

  objectives:
    - id: admins
      say: Only the two of us, and root, administer the account.
      must: only admins and root may administer account
    - id: data
      say: Nobody but the api reads what is restricted.
      must: only api may read class restricted

`)
	fmt.Fprintf(w, " See   %s\n", c.Command("risk"))
	return nil
}

// CheckCSV is a line a verdict.
func CheckCSV(w io.Writer, j CheckJSON) error {
	out := csv.NewWriter(w)
	lines := [][]string{{"rule", "outcome", "risk", "severity", "target", "title", "says", "file", "line", "fingerprint"}}
	for _, r := range j.Results {
		lines = append(lines, []string{r.Rule, r.Outcome, strconv.Itoa(r.Risk), r.Severity, r.Target, r.Title, r.Says, r.Location.File, strconv.Itoa(r.Location.Line), r.Fingerprint})
	}
	return out.WriteAll(lines)
}

// CheckMarkdown is a table, and the worst way of each verdict that is not clean.
func CheckMarkdown(w io.Writer, c Checked) error {
	n := names(c.Assessment)
	cell := strings.NewReplacer("|", "\\|", "\n", " ", "<", "&lt;").Replace
	var b strings.Builder
	fmt.Fprintf(&b, "| | objective or rule | risk | |\n|---|---|---|---|\n")
	for _, r := range inOrder(c.Results) {
		says := cell(r.Says)
		for _, e := range r.Evidence {
			if e.Path != nil && e.Outcome == r.Outcome {
				says += "<br>" + cell(n.trail(*e.Path))
				break
			}
		}
		fmt.Fprintf(&b, "| %s %s | **%s** %s | %d | %s |\n", signs[r.Outcome][0], signs[r.Outcome][1], cell(r.Rule), cell(r.Title), r.Risk, says)
	}
	for _, g := range own(grouped(c.Rules, c.Gate)) {
		fmt.Fprintf(&b, "| %s %s | **%s** %s | %s | %s |\n", signs[g.outcome][0], ruleWords[g.outcome], g.id, cell(g.title), g.number(), cell(g.says(n, markdownThings)+g.beside()))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// CheckJUnit writes what the gate counts as failures, with --strict the unknown as errors, and the rest that is not clean as skipped.
func CheckJUnit(w io.Writer, c Checked) error {
	n := names(c.Assessment)
	all := slices.Concat(c.Results, c.Rules)
	var cases []junit.Case
	for i := range all {
		r := &all[i]
		x := junit.Case{Class: "footing." + c.Assessment.Snapshot.Account, Name: r.Rule + ": " + r.Title, File: r.Location.File, Line: r.Location.Line}
		word := signs[r.Outcome][1]
		if i >= len(c.Results) {
			word = ruleWords[r.Outcome]
			if r.Target != "" {
				x.Name += ": " + n.word(string(r.Target))
			}
		}
		says := &junit.Says{Message: word + ": " + r.Says}
		for _, e := range r.Evidence {
			if e.Path != nil {
				says.Text += n.trail(*e.Path) + "\n"
			}
		}
		switch {
		case r.Outcome == check.Pass:
		case r.Gates(c.Gate):
			x.Failure = says
		case r.Outcome == check.Unknown && c.Strict && !r.Advice:
			x.Error = says
		default:
			x.Skipped = says
		}
		cases = append(cases, x)
	}
	return junit.Write(w, "footing check", cases)
}
