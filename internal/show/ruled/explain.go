package ruled

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/footing-dev/footing/catalog/listing"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/show/term"
)

// ExplainText is one rule: why, what is looked at, what to do, and how it is judged.
func ExplainText(w *term.Screen, r *check.Rule) error {
	fmt.Fprintf(w, "%s  %s\n", w.Bold(r.ID), w.Bold(r.Title))
	for _, line := range term.Wrap(strings.Join(r.Refs, " · "), w.Width) {
		fmt.Fprintln(w, strings.TrimSuffix(line, " ·"))
	}
	fmt.Fprintln(w)
	for _, s := range []struct{ label, text string }{{"Why", r.Why}, {"Fix", r.Fix}, {"Weight", weight(r)}} {
		for i, line := range term.Wrap(s.text, w.Width-10) {
			if i > 0 {
				s.label = ""
			}
			fmt.Fprintln(w, " "+term.Pad(s.label, 9)+line)
		}
	}
	fmt.Fprintln(w)
	looksAt(w, r)
	if r.Guard != "" {
		fmt.Fprintf(w, "\n%s\n", strings.TrimRight(r.Guard, "\n"))
	}
	for _, o := range []check.Outcome{check.Pass, check.Fail} {
		if text := template(r, o); text != "" {
			fmt.Fprintf(w, "\n%s\n%s\n", w.Bold("A template that "+outcomeVerb(o)), strings.TrimRight(text, "\n"))
		}
	}
	examples(w, r)
	fmt.Fprintln(w)
	for _, s := range r.Sources {
		fmt.Fprintln(w, s)
	}
	return nil
}

// looksAt says what a rule looks at: the properties that Guard is shown, or the things on which a rule in Go rests and whose word it wants.
func looksAt(w *term.Screen, r *check.Rule) {
	lines := asked(r)
	for _, typ := range r.Types() {
		if list := looks(r, typ); len(list) > 0 {
			lines = append(lines, typ+": "+strings.Join(list, ", "))
		}
	}
	label := "Looks at"
	for _, text := range lines {
		row(w, label, text)
		label = ""
	}
	if s := word(r); s != "" {
		row(w, "Word", s)
	}
}

// row is a label and a text beside it.
func row(w *term.Screen, label, text string) {
	for i, line := range term.Wrap(text, w.Width-12) {
		if i > 0 {
			label, line = "", "  "+line
		}
		fmt.Fprintln(w, " "+term.Pad(label, 9)+line)
	}
}

// examples are the accounts by which a rule in Go is tried, and what each comes to.
func examples(w *term.Screen, r *check.Rule) {
	list := accounts(r)
	if len(list) > 0 {
		fmt.Fprintf(w, "\n%s\n", w.Bold("Examples"))
	}
	for _, e := range list {
		fmt.Fprintln(w, " "+e.name)
		for _, line := range e.want {
			for i, part := range term.Wrap(line, w.Width-5) {
				fmt.Fprintln(w, strings.Repeat(" ", 3+2*min(i, 1))+part)
			}
		}
	}
}

func outcomeVerb(o check.Outcome) string {
	return map[check.Outcome]string{check.Pass: "passes", check.Fail: "fails"}[o]
}

// weight is what a failure weighs, in words.
func weight(r *check.Rule) string {
	s := fmt.Sprintf("%s: read %d, write %d, likelihood %d", check.Severity(r.Weight()), r.Read, r.Write, r.Likelihood)
	if r.Tier > 1 {
		s += "; advice, which no gate counts"
	}
	return s
}

// looks are the properties of a type that a rule looks at.
func looks(r *check.Rule, typ string) (out []string) {
	for _, l := range r.Looks {
		if l.Type != typ {
			continue
		}
		name := l.Path
		if l.Files {
			name += " (in files only)"
		}
		out = append(out, name)
	}
	return out
}

// asked says on which things a rule in Go rests, by the call that lists them: "users, groups and roles (iam:GetAccountAuthorizationDetails)".
func asked(r *check.Rule) []string {
	things := map[string][]string{}
	var order []string
	for _, typ := range r.Needs {
		calls := strings.Join(listing.Calls(typ), ", ")
		if things[calls] == nil {
			order = append(order, calls)
		}
		if name := listing.Things(typ); !slices.Contains(things[calls], name) {
			things[calls] = append(things[calls], name)
		}
	}
	out := make([]string, len(order))
	for i, calls := range order {
		list := things[calls]
		out[i] = strings.Join(list, ", ")
		if n := len(list) - 1; n > 0 {
			out[i] = strings.Join(list[:n], ", ") + " and " + list[n]
		}
		if calls != "" {
			out[i] += " (" + calls + ")"
		}
	}
	return out
}

// word says whether somebody's word can answer a rule, and for how long it counts; "" where none can.
func word(r *check.Rule) string {
	asks := slices.ContainsFunc(accounts(r), func(e example) bool {
		return slices.ContainsFunc(e.want, func(line string) bool {
			return strings.HasPrefix(e.name, "manual") || strings.HasPrefix(line, "manual: ") || strings.Contains(line, " said so on ")
		})
	})
	switch {
	case !asks:
		return ""
	case r.Days > 0:
		return fmt.Sprintf("where no scan can tell, an attestation answers, for %d days at most", r.Days)
	}
	return "where no scan can tell, an attestation answers until the day that it names"
}

// example is an account example of a rule in Go: its name, which begins with what it comes to, and what each result says; before it another outcome.
type example struct {
	name string
	want []string
}

func accounts(r *check.Rule) []example {
	if r.Examples == nil {
		return nil
	}
	const suffix = ".account.txtar"
	list, _ := fs.Glob(r.Examples, "examples/*"+suffix)
	var out []example
	for _, f := range list {
		text, err := fs.ReadFile(r.Examples, f)
		if err != nil {
			continue
		}
		_, want, _ := strings.Cut("\n"+string(text), "\n-- want --\n")
		e := example{name: strings.TrimSuffix(path.Base(f), suffix)}
		want, _, _ = strings.Cut(want, "\n-- ") // whatever file stands behind it
		for line := range strings.Lines(want) {
			head, says, _ := strings.Cut(strings.TrimSpace(line), ": ")
			if outcome, _, _ := strings.Cut(head, " "); !strings.HasPrefix(e.name, outcome) {
				says = outcome + ": " + says
			}
			e.want = append(e.want, says)
		}
		out = append(out, e)
	}
	return out
}

// template is the first example template of an outcome; "" where there is none.
func template(r *check.Rule, o check.Outcome) string {
	if r.Examples == nil {
		return ""
	}
	text, err := fs.ReadFile(r.Examples, path.Join("examples", o.String()+".template.yaml"))
	if err != nil {
		return ""
	}
	return string(text)
}

// ExplainMarkdown is one rule as a page; docs/rules has them all.
func ExplainMarkdown(w io.Writer, r *check.Rule) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s · %s\n\n%s\n\n**Fix.** %s\n\n| | |\n|---|---|\n", r.ID, r.Title, r.Why, cell(r.Fix))
	fmt.Fprintf(&b, "| weight | %s |\n| references | %s |\n", weight(r), strings.Join(r.Refs, ", "))
	if len(r.With) > 0 {
		fmt.Fprintf(&b, "| told with | %s, where both fail on one thing |\n", strings.Join(r.With, ", "))
	}
	for _, typ := range r.Types() {
		if list := looks(r, typ); len(list) > 0 {
			fmt.Fprintf(&b, "| `%s` | looks at `%s` |\n", typ, strings.Join(list, "`, `"))
		}
	}
	if list := asked(r); len(list) > 0 {
		fmt.Fprintf(&b, "| rests on | %s |\n", strings.Join(list, "; "))
	}
	if s := word(r); s != "" {
		fmt.Fprintf(&b, "| somebody's word | %s |\n", s)
	}
	if len(r.Terraform) > 0 {
		fmt.Fprintf(&b, "| Terraform | `%s` |\n", strings.Join(r.Terraform, "`, `"))
	}
	if r.Guard != "" {
		fmt.Fprintf(&b, "\n```\n%s```\n", r.Guard)
	}
	for _, o := range []check.Outcome{check.Pass, check.Fail} {
		if text := template(r, o); text != "" {
			fmt.Fprintf(&b, "\nA template that %s:\n\n```yaml\n%s```\n", outcomeVerb(o), text)
		}
	}
	for i, e := range accounts(r) {
		if i == 0 {
			b.WriteString("\n| example | comes to |\n|---|---|\n")
		}
		for _, line := range e.want {
			fmt.Fprintf(&b, "| %s | %s |\n", e.name, cell(line))
			e.name = ""
		}
	}
	b.WriteString("\nSources:\n\n")
	for _, s := range r.Sources {
		fmt.Fprintf(&b, "- <%s>\n", s)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
