// Package ruled shows what CloudFormation Guard rules say of documents, and what became of their own tests.
package ruled

import (
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/guard"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/show/term"
)

// Checked is what rules say of documents.
type Checked struct {
	Rules, Documents int // files
	Results          []Result
	Strict           bool // a rule that could not be judged counts too
}

// Result is what one rule says of one document.
type Result struct {
	Rule     string // FILE/RULE
	File     string // of the rule
	Document string
	guard.Result
}

// Outcome is the result in the words of all checks.
func (r *Result) Outcome() check.Outcome {
	switch r.Status {
	case guard.Pass:
		return check.Pass
	case guard.Fail:
		return check.Fail
	case guard.Skip:
		return check.NotApplicable
	}
	return check.Unknown
}

// Count is how many results have an outcome.
func (c *Checked) Count(o check.Outcome) int {
	n := 0
	for i := range c.Results {
		if c.Results[i].Outcome() == o {
			n++
		}
	}
	return n
}

// Says is the result in one sentence.
func (r *Result) Says() string {
	switch r.Status {
	case guard.Pass:
		return "holds"
	case guard.Skip:
		return "does not apply"
	case guard.Fail:
		f := r.Failures[0]
		told := says(f)
		if n := len(r.Failures) - 1; n > 0 {
			told += fmt.Sprintf(", and %d more", n)
		}
		return told
	}
	return "cannot be judged: " + r.Err.Error()
}

// where is the place in the document that a person should look at first; line 0 where there is none.
func (r *Result) where() (line, column int) {
	for _, f := range r.Failures {
		if f.Where.Line > 0 {
			return f.Where.Line, f.Where.Column
		}
	}
	return 0, 0
}

// message is the first of the rule's own words.
func (r *Result) message() string {
	for _, f := range r.Failures {
		if f.Message != "" {
			return f.Message
		}
	}
	return ""
}

// shownFailures is how many failures of one rule the screen lists.
const shownFailures = 3

const underSign = 13

// CheckText is the screen: the rules that fail, with the property and the line on which each does.
func CheckText(w *term.Screen, c *Checked) error {
	fmt.Fprintf(w, "%s · %s · %s\n", w.Bold("Guard rules"), term.Count(c.Rules, "rule file", "rule files"), term.Count(c.Documents, "document", "documents"))
	told := false
	for _, want := range []guard.Status{guard.Fail, guard.Unjudged} {
		for i := range c.Results {
			if r := &c.Results[i]; r.Status == want {
				if !told {
					fmt.Fprintln(w)
				}
				told = true
				r.text(w)
			}
		}
	}
	var parts []string
	for _, o := range []struct {
		outcome   check.Outcome
		one, many string
	}{{check.Fail, "fails", "fail"}, {check.Unknown, "could not be judged", "could not be judged"}, {check.Pass, "holds", "hold"}, {check.NotApplicable, "does not apply", "do not apply"}} {
		if n := c.Count(o.outcome); n > 0 {
			parts = append(parts, term.Count(n, o.one, o.many))
		}
	}
	if len(parts) == 0 {
		parts = []string{"no rule was found"}
	}
	_, err := fmt.Fprintf(w, "\n %s.\n", strings.Join(parts, ", "))
	return err
}

func (r *Result) text(w *term.Screen) {
	mark := w.Red(" ✗ " + term.Pad("fails", underSign-4))
	if r.Status == guard.Unjudged {
		mark = w.Yellow(" ? " + term.Pad("unknown", underSign-4))
	}
	width := w.Width - underSign
	fmt.Fprintln(w, mark+" "+w.Bold(term.Fit(term.Clean(r.Rule), width)))
	under := func(s string, lines int) {
		all := term.Wrap(term.Clean(s), width)
		if len(all) > lines {
			all = all[:lines]
			all[lines-1] = term.Fit(all[lines-1]+" …", width)
		}
		for _, line := range all {
			fmt.Fprintln(w, strings.Repeat(" ", underSign)+line)
		}
	}
	if r.Status == guard.Unjudged {
		under("on "+r.Document+": "+r.Err.Error(), 2)
		return
	}
	if m := r.message(); m != "" {
		under(m, 2)
	}
	for i, f := range r.Failures {
		if i == shownFailures {
			under(fmt.Sprintf("and %d more: --format json lists them", len(r.Failures)-i), 1)
			break
		}
		at := r.Document
		if f.Where.Line > 0 {
			at += ":" + f.Where.String()
		}
		under(at+" "+brief(f), 2)
	}
}

// says is a failure with the property that it is about.
func says(f guard.Failure) string {
	if f.Path == "" {
		if f.Where.Line == 0 {
			return f.Clause + ": " + f.Says
		}
		return "the document " + f.Says
	}
	return f.Path + " " + f.Says
}

// brief is a failure for a narrow screen: the resource, and the way to the property below its properties.
func brief(f guard.Failure) string {
	path, ok := strings.CutPrefix(f.Path, "/Resources/")
	if !ok {
		return says(f)
	}
	return strings.TrimSuffix(strings.Replace(path, "/Properties/", " ", 1), "/Properties") + " " + f.Says
}

// Case is one case of a rule test file.
type Case struct {
	Number int
	Name   string
	File   string
	Line   int
	Rules  string // the rule file
	Checks []guard.Check
}

// OK says that everything came as expected. What is expected of a rule that does not exist is warned of, and is no failure.
func (c *Case) OK() bool {
	return !slices.ContainsFunc(c.Checks, func(k guard.Check) bool { return !k.OK && k.Got != nil })
}

// Tested is what became of rule tests.
type Tested struct {
	Files    int // rule files
	Cases    []Case
	Warnings []string
}

// Unknown warns of expectations that name rules which the rule file does not have.
func (t *Tested) Unknown(file string, names []string, rules string) {
	slices.Sort(names)
	names = slices.Compact(names)
	what := "rule " + names[0]
	if len(names) > 1 {
		what = fmt.Sprintf("%d rules (%s)", len(names), strings.Join(names, ", "))
	}
	t.Warnings = append(t.Warnings, fmt.Sprintf("%s expects something of %s, which %s does not have", file, what, rules))
}

// Counts are the cases that passed and failed.
func (t *Tested) Counts() (passed, failed int) {
	for i := range t.Cases {
		if t.Cases[i].OK() {
			passed++
		} else {
			failed++
		}
	}
	return passed, failed
}

// TestText lists the cases that failed, and why, and ends with "N passed, M failed".
func TestText(w *term.Screen, t *Tested) error {
	for i := range t.Cases {
		c := &t.Cases[i]
		if c.OK() {
			continue
		}
		name := c.Name
		if name == "" {
			name = fmt.Sprintf("case %d", c.Number)
		}
		fmt.Fprintf(w, "%s %s\n", w.Red("✗"), w.Bold(term.Fit(term.Clean(name), w.Width-2)))
		fmt.Fprintf(w, "  %s:%d\n", c.File, c.Line)
		for _, k := range c.Checks {
			if k.OK || k.Got == nil {
				continue
			}
			for _, got := range k.Got {
				if got.Status == k.Status {
					continue
				}
				for j, line := range term.Wrap(term.Clean(fmt.Sprintf("%s: expected %s, got %s%s", k.Rule, k.Status, got.Status, because(got))), w.Width-4) {
					fmt.Fprintln(w, strings.Repeat(" ", 2+2*min(j, 1))+line)
				}
			}
		}
	}
	passed, failed := t.Counts()
	_, err := fmt.Fprintf(w, "%d passed, %d failed\n", passed, failed)
	return err
}

func because(r guard.Result) string {
	switch {
	case r.Err != nil:
		return ": " + r.Err.Error()
	case len(r.Failures) > 0:
		return ": " + says(r.Failures[0])
	}
	return ""
}
