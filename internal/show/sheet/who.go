package sheet

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/risk"
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
	Ways       int             `json:"ways"`             // how many ways there are that differ in what they ask for
	Others     []PathJSON      `json:"others,omitempty"` // the other ways, with --paths
}

// UnseenJSON is something that was not read and on which answers depend.
type UnseenJSON struct {
	About string `json:"about"`
	Says  string `json:"says"`
}

// Who shapes answers for printing, with one way each or all of them.
func Who(a *assess.Assessment, q QuestionJSON, key snapshot.Key, answers []access.Answer, all bool) WhoJSON {
	out := WhoJSON{Footing: 1, Question: q, Answers: []AnswerJSON{}, Unknown: unreadOf(a), key: key, answers: answers}
	for _, x := range answers {
		p := pathJSON(x.Path)
		answer := AnswerJSON{Principal: x.Principal, Action: x.Action, Decision: p.Decision, Direct: x.Direct, Path: p, Conditions: p.Conditions, Ways: 1 + len(x.Others)}
		if all {
			for _, o := range x.Others {
				answer.Others = append(answer.Others, pathJSON(o.Told()))
			}
		}
		out.Answers = append(out.Answers, answer)
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
	least, unseen := "", unseenPrincipals(a)
	if unseen != "" {
		least = "at least "
	}
	fmt.Fprintf(w, "who can %s %s: %s%d (%d directly, %d over steps)\n", what, target, least, len(r.answers), direct, len(r.answers)-direct)
	if unseen != "" {
		fmt.Fprintln(w, w.Yellow("? ")+unseen+" were not read: there may be others")
	}
	fmt.Fprintln(w)
	if len(r.answers) == 0 {
		fmt.Fprintln(w, "  Nobody, by what was read.")
	}
	width := 8
	for _, x := range r.answers {
		width = min(max(width, term.Width(n.of(x.Principal))), 26)
	}
	for _, x := range r.answers {
		name := term.Pad(term.Fit(n.of(x.Principal), width), width)
		fmt.Fprintln(w, term.Fit(fmt.Sprintf("  %s  %s", name, how(n, x)), w.Width))
		under := func(s string) {
			if s != "" {
				fmt.Fprintln(w, w.Dim(term.Fit(fmt.Sprintf("  %*s  %s", width, "", s), w.Width)))
			}
		}
		under(wayIn(n, x))
		under(ifs(x))
		if !paths {
			continue
		}
		p.because(w, n, x.Path, true)
		for _, o := range x.Others {
			other := access.Answer{Principal: x.Principal, Action: x.Action, Direct: len(o.Steps) == 0, Path: o.Told()}
			under("or " + how(n, other))
			under(ifs(other))
			p.because(w, n, other.Path, true)
		}
	}
	if len(r.Unknown) > 0 {
		fmt.Fprintf(w, "\n? %s; what depends on it is marked unknown\n", term.Count(len(r.Unknown), "thing was not read", "things were not read"))
	}
	next := "risk"
	if id, ok := n.ids[string(r.key)]; ok || r.key == a.Access.Account {
		next = "risk " + cmp.Or(id, risk.AccountID)
	}
	fmt.Fprintf(w, "\n Why   %s\n", p.Command(next))
	if len(r.answers) > 0 {
		fmt.Fprintf(w, " Back  %s\n", p.Command("reach "+n.word(r.answers[0].Principal)))
	}
	return nil
}

// unseenPrincipals names the kinds of principals that could not be listed; "" when all were.
func unseenPrincipals(a *assess.Assessment) string {
	var out []string
	if a.Snapshot.Has("AWS::IAM::User", "") == snapshot.Unknown {
		out = append(out, "users")
	}
	if a.Snapshot.Has("AWS::IAM::Role", "") == snapshot.Unknown {
		out = append(out, "roles")
	}
	return strings.Join(out, " and ")
}

// wayIn is the entry point in a few words.
func wayIn(n *namer, x access.Answer) string {
	switch e := x.Path.Entry; {
	case e == nil:
		return "nobody was found who can become it"
	case n.of(x.Principal) == e.Says:
		return ""
	default:
		return "comes in as: " + e.Says
	}
}

// how says over what, and by which policy.
func how(n *namer, x access.Answer) string {
	if !x.Direct {
		return strings.Join(n.over(x.Path), " ▸ ")
	}
	says := "directly"
	if d := n.does(x.Path.By); d != "" && x.Action == "" {
		says = d
	}
	if len(x.Path.Because) > 0 {
		policy := x.Path.Because[0].Policy
		says += ", by " + policy[strings.LastIndex(policy, "/")+1:]
	}
	return says
}

func ifs(x access.Answer) string {
	var out []string
	for _, c := range x.Path.Conditions {
		out = append(out, Condition(c))
	}
	says := strings.Join(out, "; ")
	if says != "" {
		says = "only " + says
	}
	if decision(x.Path.Outcome) == "unknown" {
		says = strings.TrimSuffix("unknown, since not all was read; "+says, "; ")
	}
	return says
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
