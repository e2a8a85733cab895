package leaflet

import (
	"fmt"
	"html"
	"strconv"
	"strings"

	"github.com/footing-dev/footing/internal/show/report"
	"github.com/footing-dev/footing/internal/show/term"
)

// page is the leaflet as it is written.
type page struct {
	b     strings.Builder
	r     *report.Report
	drawn map[string]int
}

// raw is HTML of our own.
type raw string

// put writes a form; every text that goes into it is escaped, whoever wrote it, and loses what would move the reader's eyes.
func (p *page) put(form string, args ...any) {
	for i, a := range args {
		switch a := a.(type) {
		case raw:
			args[i] = string(a)
		case int:
		case string:
			args[i] = html.EscapeString(clean(a))
		default:
			args[i] = html.EscapeString(clean(fmt.Sprint(a)))
		}
	}
	fmt.Fprintf(&p.b, form, args...)
}

func clean(s string) string { return term.Clean(s) }

func number(n int) string { return strconv.Itoa(n) }

// head begins a page.
func (p *page) head(n int, title string) {
	p.put(`<section class="page" aria-labelledby="page%d">
<header><p class="account">%s %s</p><h1 id="page%d">%s</h1><p class="no">%d / 3</p></header>
`, n, report.Short(p.r.Name, 48), spaced(p.r.Account), n, title, n)
}

func (p *page) foot(text string) {
	p.put("<footer><p>%s</p><p>footing · picture of %s</p></footer>\n</section>\n", text, p.r.Taken.Format("2006-01-02 15:04 UTC"))
}

// clip ends a sentence that is too long, and cuts long names in it in their middle.
func clip(s string, most int) string {
	words := strings.Split(s, " ")
	for i, w := range words {
		words[i] = report.Short(w, longest)
	}
	return term.Fit(strings.Join(words, " "), most)
}

// longest is how much of a name stands in a sentence or a table.
const longest = 24

// count writes a number with its noun.
func count(n int, one, many string) string { return term.Count(n, one, many) }
