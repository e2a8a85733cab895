package ruled

import (
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
		out.Rules = append(out.Rules, ListingJSON{r.ID, r.Title, r.Why, check.Severity(r.Weight()), r.Weight(), r.Refs, r.Tier, r.Types(), r.Fix})
	}
	return out
}

// ListText is the catalogue, a line a rule.
func ListText(w *term.Screen, rules []check.Rule, explain string) error {
	rows := make([][]string, len(rules))
	for i := range rules {
		r := &rules[i]
		rows[i] = []string{r.ID, r.Title, check.Severity(r.Weight()), tier(r)}
	}
	if err := term.Table(w, []term.Column{{Head: "RULE"}, {Head: "TITLE"}, {Head: "SEVERITY"}, {Head: ""}}, rows); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n %s. More of one: %s\n", term.Count(len(rules), "rule", "rules"), explain)
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
	b.WriteString("| rule | | severity | |\n|---|---|---|---|\n")
	for i := range rules {
		r := &rules[i]
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
