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
	out.Advice = r.Advice
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

// CheckText is the screen: a verdict a line, the broken first, each with the worst way and the command that tells more.
func CheckText(w *term.Screen, c Checked) error {
	s, n := c.Assessment.Snapshot, names(c.Assessment)
	groups := grouped(c.Rules, c.Gate)
	head := fmt.Sprintf("%s · scanned %s · %s", w.Bold(strings.TrimSpace(term.Clean(s.Name)+" "+s.Account)), term.Age(s.Taken, c.Now),
		term.Count(len(c.Results), "objective", "objectives"))
	if len(groups) > 0 {
		head += " · " + term.Count(len(groups), "rule", "rules")
	}
	fmt.Fprintln(w, head)
	if len(c.Results)+len(groups) == 0 {
		return c.nothing(w)
	}
	fmt.Fprintln(w)
	lines := &counter{w: w.Writer}
	w.Writer = lines
	ordered := inOrder(c.Results)
	for i := range ordered {
		c.result(w, n, &ordered[i], i == 0)
	}
	w.Writer = lines.w
	room := max(checkLines-lines.n, fewRuleLines)
	if len(c.Results) == 0 {
		room = linesBesideNothing
	}
	c.rules(w, n, groups, room)
	c.sum(w, groups)
	if len(c.Results) == 0 {
		return c.nothing(w)
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

const underSign = 13 // where what belongs to a verdict begins

// result is one objective. Where there are rules to tell as well, it is short, and only the first says where there is more.
func (c Checked) result(w *term.Screen, n *namer, r *check.Result, first bool) {
	sign := signs[r.Outcome]
	paint := map[check.Outcome]func(string) string{check.Fail: w.Red, check.Unknown: w.Yellow, check.Pass: w.Green}[r.Outcome]
	mark := fmt.Sprintf(" %s %s", sign[0], term.Pad(sign[1], underSign-4))
	if paint != nil {
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
	fmt.Fprintln(w, strings.TrimRight(mark+w.Bold(term.Pad(term.Fit(title, width-9), width-8))+number, " "))
	under := func(label, s string, lines int) {
		for i, line := range wrapped(term.Clean(s), width, lines) {
			if i > 0 {
				label = ""
			}
			fmt.Fprintln(w, strings.TrimRight("   "+term.Pad(label, underSign-3)+line, " "))
		}
	}
	brief := len(c.Rules) > 0
	lines := 2
	if brief || r.Outcome == check.Pass || r.Outcome == check.NotApplicable {
		lines = 1
	}
	if !brief || r.Outcome != check.Pass && r.Outcome != check.NotApplicable {
		under("", r.Says, lines)
	}
	if r.Waiver != nil {
		under("", fmt.Sprintf("accepted until %s by %s: %s", r.Waiver.Until, r.Waiver.By, r.Waiver.Reason), 2)
	}
	if r.Outcome != check.Fail && r.Outcome != check.Unknown {
		return
	}
	if len(r.Evidence) == 0 || r.Evidence[0].Outcome != r.Outcome {
		return
	}
	worst := r.Evidence[0]
	if worst.Path != nil {
		under("worst", term.Fit(n.trail(*worst.Path), width), 1)
	}
	if first || !brief {
		under("more", c.more(n, worst), 2)
	}
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
	for _, g := range grouped(c.Rules, c.Gate) {
		fmt.Fprintf(&b, "| %s %s | **%s** %s | %s | %s |\n", signs[g.outcome][0], ruleWords[g.outcome], g.id, cell(g.title), g.number(), cell(g.says(n, markdownThings)))
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
