package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/show/inventory"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
)

// WhoJSON is `who --format json`.
type WhoJSON struct {
	Footing  int          `json:"footing"`
	Question QuestionJSON `json:"question"`
	Answers  []AnswerJSON `json:"answers"`
	Unknown  []UnseenJSON `json:"unknown"`

	key     snapshot.Key
	answers []access.Answer
}

// QuestionJSON repeats what was asked.
type QuestionJSON struct {
	Capability string `json:"capability,omitempty"`
	Action     string `json:"action,omitempty"`
	Resource   string `json:"resource"`
}

// AnswerJSON is one principal.
type AnswerJSON struct {
	Principal  string          `json:"principal"`
	Action     string          `json:"action,omitempty"`
	Decision   string          `json:"decision"`
	Direct     bool            `json:"direct"`
	Path       PathJSON        `json:"path"`
	Conditions []ConditionJSON `json:"conditions"`
}

// UnseenJSON is something that was not read and on which answers depend.
type UnseenJSON struct {
	About string `json:"about"`
	Says  string `json:"says"`
}

// Who shapes answers for printing.
func Who(a *assess.Assessment, q QuestionJSON, key snapshot.Key, answers []access.Answer) WhoJSON {
	out := WhoJSON{Footing: 1, Question: q, Answers: []AnswerJSON{}, Unknown: unreadOf(a), key: key, answers: answers}
	for _, x := range answers {
		p := pathJSON(x.Path)
		out.Answers = append(out.Answers, AnswerJSON{x.Principal, x.Action, p.Decision, x.Direct, p, p.Conditions})
	}
	return out
}

// unreadOf lists what was not read: gaps, and policies that were not understood.
func unreadOf(a *assess.Assessment) []UnseenJSON {
	out := []UnseenJSON{}
	for _, g := range inventory.Gaps(a.Snapshot) {
		about := string(g.Resource)
		if about == "" {
			about = strings.Join(g.Types, " ")
		}
		out = append(out, UnseenJSON{about, g.Reason})
	}
	for _, t := range a.Decisions.Troubles {
		out = append(out, UnseenJSON{string(t.About), t.Policy + ": " + t.Says})
	}
	return out
}

// WhoText is the screen: who, how they come in, over what, under which conditions.
func WhoText(w *term.Screen, p Page, r WhoJSON, paths bool) error {
	a, n := p.Assessment, names(p.Assessment)
	s := a.Snapshot
	fmt.Fprintf(w, "%s · scanned %s\n\n", w.Bold(strings.TrimSpace(term.Clean(s.Name)+" "+s.Account)), term.Age(s.Taken, p.Now))
	what := r.Question.Action
	if what == "" {
		what = strings.ToUpper(r.Question.Capability)
		if what == "ADMIN" {
			what = "ADMINISTER"
		}
	}
	target := n.of(string(r.key))
	if r.key == "" {
		target = "any resource"
	}
	direct := 0
	for _, x := range r.answers {
		if x.Direct {
			direct++
		}
	}
	fmt.Fprintf(w, "who can %s %s: %d (%d directly, %d over steps)\n\n", what, target, len(r.answers), direct, len(r.answers)-direct)
	if len(r.answers) == 0 {
		fmt.Fprintln(w, "  Nobody, by what was read.")
	}
	var cells [][]string
	for _, x := range r.answers {
		cells = append(cells, []string{n.of(x.Principal), wayIn(x.Path), how(n, x), ifs(x)})
	}
	if len(cells) > 0 {
		if err := term.Table(w, []term.Column{{Head: "WHO", Least: 12}, {Head: "COMES IN AS", Least: 12}, {Head: "HOW", Least: 16}, {Head: "IF", Least: 8}}, cells); err != nil {
			return err
		}
	}
	if paths {
		p.written(w, n, r.answers)
	}
	if len(r.Unknown) > 0 {
		fmt.Fprintf(w, "\n? %s; what depends on it is marked unknown\n", term.Count(len(r.Unknown), "thing was not read", "things were not read"))
	}
	next := "risk"
	if id, ok := n.ids[string(r.key)]; ok {
		next = "risk " + id
	}
	fmt.Fprintf(w, "\n Why   %s\n Back  %s\n", p.Command(next), p.Command("reach PRINCIPAL"))
	return nil
}

// wayIn is the entry point in a few words, without the principal's own name.
func wayIn(p access.Path) string {
	if p.Entry == nil {
		return "nobody found"
	}
	return p.Entry.Says
}

func how(n *namer, x access.Answer) string {
	if x.Direct {
		if len(x.Path.Because) > 0 {
			b := x.Path.Because[len(x.Path.Because)-1]
			return "directly: " + b.Policy[strings.LastIndex(b.Policy, "/")+1:]
		}
		return "directly"
	}
	return strings.Join(n.over(x.Path), " ▸ ")
}

func ifs(x access.Answer) string {
	var out []string
	if decision(x.Path.Outcome) == "unknown" {
		out = append(out, "unknown: not all was read")
	}
	for _, c := range x.Path.Conditions {
		out = append(out, Condition(c))
	}
	return strings.Join(out, "; ")
}

// written prints every path with the statements behind each step.
func (p Page) written(w *term.Screen, n *namer, answers []access.Answer) {
	for _, x := range answers {
		fmt.Fprintf(w, "\n%s\n", w.Bold(n.of(x.Principal)))
		fmt.Fprintf(w, "        %s\n", n.trail(x.Path))
		p.because(w, n, x.Path, true)
	}
}

// Cell is one line of the whole matrix.
type Cell struct {
	Principal string `json:"principal"`
	Action    string `json:"action"`
	Resource  string `json:"resource"`
	Decision  string `json:"decision"`
}

// MatrixJSON is `who --all --format json`.
type MatrixJSON struct {
	Footing int          `json:"footing"`
	Cells   []Cell       `json:"cells"`
	Unknown []UnseenJSON `json:"unknown"`
}

// Matrix shapes the whole matrix for printing.
func Matrix(a *assess.Assessment, cells []access.Cell) MatrixJSON {
	out := MatrixJSON{Footing: 1, Cells: make([]Cell, 0, len(cells)), Unknown: unreadOf(a)}
	for _, c := range cells {
		out.Cells = append(out.Cells, Cell{c.Principal, c.Action, string(c.Resource), decision(c.Outcome)})
	}
	return out
}

// MatrixCSV writes one line a cell that is not denied.
func MatrixCSV(w io.Writer, m MatrixJSON) error {
	c := csv.NewWriter(w)
	if err := c.Write([]string{"principal", "action", "resource", "decision"}); err != nil {
		return err
	}
	for _, x := range m.Cells {
		if err := c.Write([]string{x.Principal, x.Action, x.Resource, x.Decision}); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// WhoCSV is the answers as a table.
func WhoCSV(w io.Writer, r WhoJSON) error {
	m := MatrixJSON{}
	for _, x := range r.Answers {
		act := x.Action
		if act == "" {
			act = r.Question.Capability
		}
		m.Cells = append(m.Cells, Cell{x.Principal, act, x.Path.Resource, x.Decision})
	}
	return MatrixCSV(w, m)
}
