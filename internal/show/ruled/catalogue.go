package ruled

import (
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/show/term"
)

// ListJSON is `rules ls --format json`.
type ListJSON struct {
	Footing int           `json:"footing"`
	Rules   []ListingJSON `json:"rules"`
}

// ListingJSON is one rule of the catalogue.
type ListingJSON struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Why      string   `json:"why"`
	Severity string   `json:"severity"`
	Risk     int      `json:"risk"` // of a failure where the account itself tells none
	Refs     []string `json:"refs"`
	Tier     int      `json:"tier"`
	Types    []string `json:"types"`
	Fix      string   `json:"fix"`
}

// ListValue shapes the catalogue for JSON.
func ListValue(rules []check.Rule) ListJSON {
	out := ListJSON{Footing: 1, Rules: []ListingJSON{}}
	for i := range rules {
		r := &rules[i]
		out.Rules = append(out.Rules, ListingJSON{r.ID, r.Title, r.Why, check.Severity(r.Weight()), r.Weight(), append([]string{}, r.Refs...), r.Tier, append([]string{}, r.Types()...), r.Fix})
	}
	return out
}

// Chosen are the rules that have every word in their id, family, title, references, severity or types.
func Chosen(rules []check.Rule, words []string) []check.Rule {
	return slices.DeleteFunc(slices.Clone(rules), func(r check.Rule) bool {
		family, _ := check.Family(r.ID)
		text := strings.ToLower(strings.Join(slices.Concat([]string{r.ID, family, r.Title, check.Severity(r.Weight()), tier(&r)}, r.Refs, r.Types()), "\n"))
		return slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, strings.ToLower(w)) })
	})
}

// ListText is the catalogue, a line a rule, under the names of the families.
func ListText(w *term.Screen, rules []check.Rule, explain, fewer string) error {
	var rows [][]string
	last, advice := "", 0
	for i := range rules {
		r := &rules[i]
		if family, _ := check.Family(r.ID); family != last {
			rows, last = append(rows, nil, []string{"", strings.ToUpper(family)}), family
		}
		advice += r.Tier - 1
		rows = append(rows, []string{r.ID, r.Title, cmp.Or(tier(r), check.Severity(r.Weight()))})
	}
	if err := term.Table(w, []term.Column{{Head: "RULE"}, {Head: "TITLE", Least: 30}, {Head: "SEVERITY"}}, rows); err != nil {
		return err
	}
	count := term.Count(len(rules), "rule", "rules")
	if advice > 0 {
		count += fmt.Sprintf(", %d of them advice, which no gate counts", advice)
	}
	_, err := fmt.Fprintf(w, "\n %s\n More    %s\n Fewer   %s\n", count, explain, fewer)
	return err
}

func tier(r *check.Rule) string {
	if r.Tier > 1 {
		return "advice"
	}
	return ""
}

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
	label := "Looks at"
	for _, says := range looksAt(r) {
		for i, line := range term.Wrap(says, w.Width-12) {
			if i > 0 {
				line = "  " + line
			}
			fmt.Fprintln(w, " "+term.Pad(label, 9)+line)
			label = ""
		}
	}
	if r.Guard != "" {
		fmt.Fprintf(w, "\n%s\n", strings.TrimRight(r.Guard, "\n"))
	}
	for _, o := range []check.Outcome{check.Pass, check.Fail} {
		if text := template(r, o); text != "" {
			fmt.Fprintf(w, "\n%s\n%s\n", w.Bold("A template that "+outcomeVerb(o)), strings.TrimRight(text, "\n"))
		}
	}
	fmt.Fprintln(w)
	for _, s := range r.Sources {
		fmt.Fprintln(w, s)
	}
	return nil
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

// looksAt are the types that a rule looks at: of a rule in Guard with their properties.
func looksAt(r *check.Rule) (out []string) {
	if r.Guard == "" && len(r.Needs) > 0 {
		return []string{strings.Join(r.Needs, ", ")}
	}
	for _, typ := range r.Types() {
		out = append(out, typ+": "+strings.Join(looks(r, typ), ", "))
	}
	return out
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
	if r.Guard == "" && len(r.Needs) > 0 {
		fmt.Fprintf(&b, "| looks at | `%s` |\n", strings.Join(r.Needs, "`, `"))
	}
	if r.Guard != "" {
		for _, typ := range r.Types() {
			fmt.Fprintf(&b, "| `%s` | looks at `%s` |\n", typ, strings.Join(looks(r, typ), "`, `"))
		}
		fmt.Fprintf(&b, "| Terraform | `%s` |\n", strings.Join(r.Terraform, "`, `"))
		fmt.Fprintf(&b, "\n```\n%s```\n", r.Guard)
	}
	for _, o := range []check.Outcome{check.Pass, check.Fail} {
		if text := template(r, o); text != "" {
			fmt.Fprintf(&b, "\nA template that %s:\n\n```yaml\n%s```\n", outcomeVerb(o), text)
		}
	}
	b.WriteString("\nSources:\n\n")
	for _, s := range r.Sources {
		fmt.Fprintf(&b, "- <%s>\n", s)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func cell(s string) string { return strings.NewReplacer("|", "\\|", "\n", " ", "<", "&lt;").Replace(s) }

// ListMarkdown is the list of the pages.
func ListMarkdown(w io.Writer, rules []check.Rule) error {
	var b strings.Builder
	last := ""
	for i := range rules {
		r := &rules[i]
		if family, _ := check.Family(r.ID); family != last {
			if last != "" {
				b.WriteString("\n")
			}
			fmt.Fprintf(&b, "## %s\n\n| rule | | severity | |\n|---|---|---|---|\n", family)
			last = family
		}
		fmt.Fprintf(&b, "| [%s](%s.md) | %s | %s | %s |\n", r.ID, strings.ToLower(r.ID), cell(r.Title), check.Severity(r.Weight()), tier(r))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Find is a rule by its id, however that is typed.
func Find(rules []check.Rule, id string) (*check.Rule, bool) {
	plain := func(s string) string { return strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(s)) }
	i := slices.IndexFunc(rules, func(r check.Rule) bool { return plain(r.ID) == plain(id) })
	if i < 0 {
		return nil, false
	}
	return &rules[i], true
}
