package leaflet

import (
	"fmt"
	"strings"

	"github.com/footing-dev/footing/internal/show/draw"
	"github.com/footing-dev/footing/internal/show/report"
)

// letters are the names of the lines on the first page.
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// mark is a dot in a field of the matrix.
type mark struct {
	letter string
	write  bool
	worst  bool // of what was not seen
	low    bool // what was seen of it
}

// matrix draws impact against likelihood, with the line beyond which one acts, as a staircase. White dots are READ, black ones WRITE,
// hatched ones the worst of what was not seen.
func matrix(r *report.Report, lines []report.Line) *draw.Drawing {
	const left, top, w, h = 13.0, 3.0, 18.4, 14.4
	d := draw.New(left+5*w+2, top+5*h+12, "Impact against likelihood", inMatrix(r, lines))
	var cells [6][6][]mark
	for i, l := range lines {
		for j, f := range []report.Figure{l.Read, l.Write} {
			m := mark{letter: letters[i : i+1], write: j == 1}
			if f.Unknown() {
				low := m
				low.low = true
				cells[f.LowImpact][f.LowLikelihood] = append(cells[f.LowImpact][f.LowLikelihood], low)
				m.worst = true
			}
			cells[f.Impact][f.Likelihood] = append(cells[f.Impact][f.Likelihood], m)
		}
	}
	at := func(impact, likelihood int) (x, y float64) {
		return left + float64(likelihood-1)*w, top + float64(5-impact)*h
	}
	for impact := 1; impact <= 5; impact++ {
		for l := 1; l <= 5; l++ {
			x, y := at(impact, l)
			ink := draw.White
			if impact*l >= r.Gate {
				ink = draw.Pale
			}
			d.Rect(ink, 0.2, x, y, w, h)
			ink = draw.Grey
			d.Words(x+w-1, y+h-1, 2.6, draw.Right, ink, false, fmt.Sprint(impact*l))
		}
	}
	stairs(d, r.Gate, at, w, h)
	for impact := 1; impact <= 5; impact++ {
		_, y := at(impact, 1)
		d.Words(left-2, y+h/2+1.6, 4.6, draw.Right, draw.Black, true, fmt.Sprint(impact))
		for l := 1; l <= 5; l++ {
			x, y := at(impact, l)
			dots(d, cells[impact][l], x, y, w, h)
		}
	}
	for l := 1; l <= 5; l++ {
		x, _ := at(1, l)
		d.Words(x+w/2, top+5*h+5, 4.6, draw.Middle, draw.Black, true, fmt.Sprint(l))
	}
	d.Words(left+5*w, top+5*h+10, 3.4, draw.Right, draw.Black, false, "likelihood: 1 should not happen … 5 ongoing")
	d.Words(left-2, top+5*h+5, 3.4, draw.Right, draw.Black, false, "impact")
	return d
}

// stairs is the thick line: each field at or beyond the gate whose neighbour on the left or below is not.
func stairs(d *draw.Drawing, gate int, at func(int, int) (float64, float64), w, h float64) {
	const thick = 1.3
	for impact := 1; impact <= 5; impact++ {
		for l := 1; l <= 5; l++ {
			if impact*l < gate {
				continue
			}
			x, y := at(impact, l)
			if l > 1 && impact*(l-1) < gate {
				d.Line(thick, draw.Point{X: x, Y: y - thick/2}, draw.Point{X: x, Y: y + h + thick/2})
			}
			if impact > 1 && (impact-1)*l < gate {
				d.Line(thick, draw.Point{X: x - thick/2, Y: y + h}, draw.Point{X: x + w + thick/2, Y: y + h})
			}
		}
	}
}

// dots puts the marks of one field: six fit, of more the rest are counted.
func dots(d *draw.Drawing, marks []mark, x, y, w, h float64) {
	const r, across, most = 2.5, 3, 6
	rest := 0
	if len(marks) > most {
		rest = len(marks) - most + 1
		marks = marks[:most-1]
	}
	spot := func(i int) (float64, float64) {
		return x + 3.6 + float64(i%across)*5.5, y + 3.7 + float64(i/across)*5.6
	}
	for i, m := range marks {
		cx, cy := spot(i)
		dot(d, m, cx, cy, r)
	}
	if rest > 0 {
		cx, cy := spot(most - 1)
		d.Words(cx, cy+1.2, 3.2, draw.Middle, draw.Black, true, fmt.Sprintf("+%d", rest))
	}
	_, _ = w, h
}

func dot(d *draw.Drawing, m mark, x, y, r float64) {
	fill, ink := draw.White, draw.Black
	if m.write {
		fill, ink = draw.Black, draw.White
	}
	switch {
	case m.worst:
		d.Rect(draw.White, 0.4, x-r, y-r, 2*r, 2*r)
		d.Hatch(x-r, y-r, 2*r, 2*r)
		d.Dot(fill, 0.4, x, y, r*0.78)
	case m.low:
		d.Dot(draw.White, 0, x, y, r)
		d.Arc(0.35, x, y, r, r, 20, 160)
		d.Arc(0.35, x, y, r, r, 200, 340)
		ink = draw.Black
	default:
		d.Dot(fill, 0.4, x, y, r)
	}
	d.Words(x, y+1.15, 3.2, draw.Middle, ink, true, m.letter)
}

// inMatrix says in words what the matrix shows.
func inMatrix(r *report.Report, lines []report.Line) string {
	var out []string
	for i, l := range lines {
		out = append(out, fmt.Sprintf("%s is %s: read %s, write %s", letters[i:i+1], clean(l.ID), figure(l.Read), figure(l.Write)))
	}
	return fmt.Sprintf("Act at %d or more. %s.", r.Gate, strings.Join(out, "; "))
}

func figure(f report.Figure) string {
	if f.Unknown() {
		return fmt.Sprintf("%d…%d ?", f.Low(), f.Risk())
	}
	return fmt.Sprint(f.Risk())
}
