package practice

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/footing-dev/footing/catalog/practice"
	"github.com/footing-dev/footing/internal/judge/evidence"
	"github.com/footing-dev/footing/internal/show/sheet"
)

// JSON is `check --by … --format json`: all that a check prints, and by.
type JSON struct {
	sheet.CheckJSON
	By ByJSON `json:"by"`
}

// ByJSON is one framework.
type ByJSON struct {
	Name    string         `json:"name"` // cis-5.0
	Title   string         `json:"title"`
	Edition string         `json:"edition"`
	Summary map[string]int `json:"summary"` // items by state; there is no score
	Groups  []GroupJSON    `json:"groups"`
	Pillars []PillarJSON   `json:"pillars,omitempty"` // of the Well-Architected Framework: what is said of each, and what not
}

// GroupJSON is a question, or a section.
type GroupJSON struct {
	ID       string         `json:"id"`
	Name     string         `json:"name"`
	Question string         `json:"question,omitempty"`
	Area     string         `json:"area,omitempty"`
	Summary  map[string]int `json:"summary"`
	Items    []ItemJSON     `json:"items"`
}

// ItemJSON is one practice, control or recommendation.
type ItemJSON struct {
	ID       string            `json:"id"`
	Slug     string            `json:"slug"` // the same in every edition
	IDs      map[string]string `json:"ids"`  // by edition
	Title    string            `json:"title"`
	State    string            `json:"state"`
	Says     string            `json:"says"`
	Sees     string            `json:"sees"` // how much of it can be shown at all
	Note     string            `json:"note"` // what of it is seen
	Risk     int               `json:"risk,omitempty"`
	Rules    []RuleJSON        `json:"rules"`
	Stated   []StatedJSON      `json:"stated"`
	Attested *AttestedJSON     `json:"attested,omitempty"`
	Missing  []string          `json:"missing"` // rules that were not asked
}

// RuleJSON is what one rule says of all its things; results has more.
type RuleJSON struct {
	Rule    string `json:"rule"`
	Outcome string `json:"outcome"`
}

// StatedJSON is what footing.yaml or a signed review shows.
type StatedJSON struct {
	Outcome string `json:"outcome"`
	Says    string `json:"says"`
}

// AttestedJSON is somebody's word.
type AttestedJSON struct {
	Reason string `json:"reason"`
	By     string `json:"by"`
	Date   string `json:"date"`
	Until  string `json:"until"`
}

// PillarJSON is one of the six pillars.
type PillarJSON struct {
	Name string `json:"name"`
	Says string `json:"says"`
	Not  string `json:"not"`
}

// Document shapes a view for scripts.
func Document(v View) JSON {
	by := ByJSON{Name: v.Table.Name, Title: v.Table.Title, Edition: v.Table.Edition, Summary: summary(v.count()), Groups: []GroupJSON{}}
	for i := range v.Groups {
		g := &v.Groups[i]
		out := GroupJSON{ID: g.ID, Name: g.Name, Question: g.Question, Area: g.Area, Summary: summary(g.Count()), Items: []ItemJSON{}}
		for n := range g.Findings {
			out.Items = append(out.Items, item(&g.Findings[n]))
		}
		by.Groups = append(by.Groups, out)
	}
	if v.wellArchitected() {
		for _, p := range practice.Pillars() {
			by.Pillars = append(by.Pillars, PillarJSON(p))
		}
	}
	return JSON{sheet.Check(v.Checked), by}
}

func (v *View) wellArchitected() bool { return strings.HasPrefix(v.Table.Name, "sec-") }

func summary(counts map[evidence.State]int) map[string]int {
	out := map[string]int{}
	for _, s := range evidence.States() {
		out[s.String()] = counts[s]
	}
	return out
}

func item(f *evidence.Finding) ItemJSON {
	out := ItemJSON{ID: f.ID, Slug: f.Slug, IDs: f.IDs, Title: f.Title, State: f.State.String(), Says: f.Says, Sees: f.Sees.String(), Note: f.Item.Says, Risk: f.Worst,
		Rules: []RuleJSON{}, Stated: []StatedJSON{}, Missing: append([]string{}, f.Missing...)}
	for _, r := range byRule(f) {
		out.Rules = append(out.Rules, RuleJSON{r.id, r.outcome.String()})
	}
	for _, s := range f.Stated {
		out.Stated = append(out.Stated, StatedJSON{s.Outcome.String(), s.Says})
	}
	if a := f.Attested; a != nil {
		out.Attested = &AttestedJSON{a.Reason, a.By, a.Date, a.Until}
	}
	return out
}

// CSV is a line an item.
func CSV(w io.Writer, v View) error {
	lines := [][]string{{"table", "group", "id", "slug", "title", "state", "sees", "risk", "rules", "says"}}
	for i := range v.Groups {
		g := &v.Groups[i]
		for n := range g.Findings {
			f := &g.Findings[n]
			var rules []string
			for _, r := range byRule(f) {
				rules = append(rules, r.id+" "+r.outcome.String())
			}
			lines = append(lines, []string{v.Table.Name, g.ID, f.ID, f.Slug, f.Title, f.State.String(), f.Sees.String(), strconv.Itoa(f.Worst), strings.Join(rules, "; "), f.Says})
		}
	}
	return csv.NewWriter(w).WriteAll(lines)
}

var cell = strings.NewReplacer("|", "\\|", "\n", " ", "<", "&lt;").Replace

// Markdown is a table a group; of the Well-Architected Framework the six pillars below.
func Markdown(w io.Writer, v View) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s, %s\n\n", v.Table.Title, v.Table.Edition)
	var counts []string
	for _, s := range evidence.States() {
		if n := v.count()[s]; n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, words[s]))
		}
	}
	fmt.Fprintf(&b, "%s. *Sees* is how much of an item a scan and footing.yaml can show at all.\n", strings.Join(counts, ", "))
	area := ""
	for i := range v.Groups {
		g := &v.Groups[i]
		if g.Area != area {
			area = g.Area
			fmt.Fprintf(&b, "\n## %s\n", area)
		}
		title := g.Name
		if g.Question != "" {
			title = g.Question
		}
		fmt.Fprintf(&b, "\n**%s** %s\n\n| | state | sees | |\n|---|---|---|---|\n", g.ID, title)
		for n := range g.Findings {
			f := &g.Findings[n]
			says := cell(f.Says)
			if note := f.Item.Says; note != "" && note != f.Says {
				says += "<br>" + cell(note)
			}
			fmt.Fprintf(&b, "| **%s** %s | %s | %s | %s |\n", f.ID, cell(f.Title), words[f.State], f.Sees, says)
		}
	}
	if v.wellArchitected() {
		b.WriteString("\n## The six pillars\n\n| pillar | said here | not said here |\n|---|---|---|\n")
		for _, p := range practice.Pillars() {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", p.Name, p.Says, p.Not)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
