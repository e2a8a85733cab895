// Package leaflet prints an account on three pages, like the manual of a bed: big pictures, few words. One HTML file that asks for nothing else.
package leaflet

import (
	_ "embed" // the style
	"io"

	"github.com/footing-dev/footing/internal/show/draw"
	"github.com/footing-dev/footing/internal/show/report"
)

//go:embed leaflet.css
var style string

// HTML prints the leaflet. It is a function of the report alone: two runs are the same bytes.
func HTML(w io.Writer, r *report.Report) error {
	p := &page{r: r, drawn: map[string]int{}}
	p.put(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>%s · %s</title>
<style>
%s</style>
</head>
<body>
`, r.Title(), r.Taken.Format(day), raw(style))
	p.glance()
	p.todo()
	p.standing()
	p.put("</body>\n</html>\n")
	_, err := io.WriteString(w, p.b.String())
	return err
}

const day = "2 January 2006"

// svg puts a drawing on the page.
func (p *page) svg(kind string, d *draw.Drawing) {
	p.drawn[kind]++
	_ = draw.SVG(&p.b, d, kind+number(p.drawn[kind])) // a strings.Builder takes everything
}

// sign is a small picture beside words that say the same.
func (p *page) sign(sort string) {
	d := draw.New(10, 10, says(sort), "a sign")
	glyph(d, sort, 5, 5, 9)
	p.svg("sign", d)
}
