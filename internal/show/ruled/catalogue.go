package ruled

import (
	"cmp"
	"fmt"
	"io"
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
