package draw

import (
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"
)

// inks are far enough apart for a copier, and for eyes: text is black on white, or white on black.
var inks = [...]string{None: "none", White: "#fff", Pale: "#e6e6e6", Grey: "#595959", Black: "#000"}

// SVG prints a drawing as an element of an HTML page. The id must be its own on the page. With a width of "" it is as wide as what holds it.
func SVG(w io.Writer, d *Drawing, id string) error {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" role="img" aria-labelledby="%s-t %s-d" font-family="Helvetica,Arial,'Liberation Sans','DejaVu Sans',sans-serif">`, num(d.W), num(d.H), id, id)
	fmt.Fprintf(&b, `<title id="%s-t">%s</title><desc id="%s-d">%s</desc>`, id, html.EscapeString(d.Title), id, html.EscapeString(d.Desc))
	for i := range d.Marks {
		d.Marks[i].svg(&b)
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func (m *Mark) svg(b *strings.Builder) {
	switch {
	case m.Text != "":
		fmt.Fprintf(b, `<text x="%s" y="%s" font-size="%s"`, num(m.Points[0].X), num(m.Points[0].Y), num(m.Size))
		if m.Align != Left {
			fmt.Fprintf(b, ` text-anchor="%s"`, [...]string{Middle: "middle", Right: "end"}[m.Align])
		}
		if m.Bold {
			b.WriteString(` font-weight="700"`)
		}
		if m.Fill != Black {
			fmt.Fprintf(b, ` fill="%s"`, inks[m.Fill])
		}
		fmt.Fprintf(b, `>%s</text>`, html.EscapeString(m.Text))
	case m.R > 0:
		fmt.Fprintf(b, `<circle cx="%s" cy="%s" r="%s"%s/>`, num(m.Points[0].X), num(m.Points[0].Y), num(m.R), m.paint())
	default:
		b.WriteString(`<path d="`)
		for i, p := range m.Points {
			fmt.Fprintf(b, "%s%s %s", map[bool]string{true: "M", false: "L"}[i == 0], num(p.X), num(p.Y))
		}
		if m.Closed {
			b.WriteString("Z")
		}
		fmt.Fprintf(b, `"%s/>`, m.paint())
	}
}

func (m *Mark) paint() string {
	s := fmt.Sprintf(` fill="%s"`, inks[m.Fill])
	if m.Width > 0 {
		s += fmt.Sprintf(` stroke="%s" stroke-width="%s"`, inks[m.Stroke], num(m.Width))
		if len(m.Points) > 2 {
			s += ` stroke-linejoin="round"`
		}
	}
	if m.Dashed {
		s += fmt.Sprintf(` stroke-dasharray="%s"`, num(m.Width*3))
	}
	return s
}

// num is a length with at most two digits after the point: a hundredth of a millimetre.
func num(f float64) string {
	s := strconv.FormatFloat(f, 'f', 2, 64)
	if s = strings.TrimRight(strings.TrimRight(s, "0"), "."); s == "-0" {
		return "0"
	}
	return s
}
