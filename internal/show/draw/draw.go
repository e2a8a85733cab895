// Package draw is a small canvas in millimetres: lines, areas, dots and words in black and grey. A drawing is a list of marks; SVG prints it,
// and so can whatever else knows what to do with a mark.
package draw

import "math"

// Drawing is what stands on one piece of paper, in the order in which it was drawn. The origin is at the top left.
type Drawing struct {
	W, H  float64 // millimetres
	Title string  // for those who do not see it
	Desc  string
	Marks []Mark
}

// Point is a place, in millimetres.
type Point struct{ X, Y float64 }

// Ink is a grey that a copier keeps apart from the next.
type Ink uint8

// Inks.
const (
	None Ink = iota
	White
	Pale
	Grey
	Black
)

// Align is where the point of a text is in it.
type Align uint8

// Alignments.
const (
	Left Align = iota
	Middle
	Right
)

// Mark is one thing that a printer prints: words where Text is not empty, a dot where R is more than 0, else a line through Points.
type Mark struct {
	Points []Point
	Closed bool
	R      float64 // of a dot around the only point
	Fill   Ink
	Stroke Ink
	Width  float64 // of the stroke
	Dashed bool

	Text  string
	Size  float64 // height of the letters' square; the point is on the base line
	Align Align
	Bold  bool
}

// New is an empty drawing.
func New(w, h float64, title, desc string) *Drawing {
	return &Drawing{W: w, H: h, Title: title, Desc: desc}
}

func (d *Drawing) put(m Mark) { d.Marks = append(d.Marks, m) }

// Line goes through points.
func (d *Drawing) Line(width float64, points ...Point) {
	d.put(Mark{Points: points, Stroke: Black, Width: width})
}

// Dashes is a line that may not be there.
func (d *Drawing) Dashes(width float64, points ...Point) {
	d.put(Mark{Points: points, Stroke: Black, Width: width, Dashed: true})
}

// Area is a closed shape; a width of 0 leaves its edge out.
func (d *Drawing) Area(fill Ink, width float64, points ...Point) {
	d.put(Mark{Points: points, Closed: true, Fill: fill, Stroke: Black, Width: width})
}

// Rect is a rectangle from its top left corner.
func (d *Drawing) Rect(fill Ink, width, x, y, w, h float64) {
	d.Area(fill, width, Point{x, y}, Point{x + w, y}, Point{x + w, y + h}, Point{x, y + h})
}

// Dot is a circle around a point.
func (d *Drawing) Dot(fill Ink, width, x, y, r float64) {
	d.put(Mark{Points: []Point{{x, y}}, R: r, Fill: fill, Stroke: Black, Width: width})
}

// Words are one line of text.
func (d *Drawing) Words(x, y, size float64, align Align, ink Ink, bold bool, text string) {
	if text != "" {
		d.put(Mark{Points: []Point{{x, y}}, Size: size, Align: align, Fill: ink, Bold: bold, Text: text})
	}
}

// Hatch fills a rectangle with slanted lines: what was not seen.
func (d *Drawing) Hatch(x, y, w, h float64) {
	const gap = 1.4
	for c := gap; c < w+h; c += gap { // the lines x' + y' = c
		from, to := Point{math.Min(c, w), math.Max(c-w, 0)}, Point{math.Max(c-h, 0), math.Min(c, h)}
		d.Line(0.25, Point{x + from.X, y + from.Y}, Point{x + to.X, y + to.Y})
	}
}

// Arc goes around a point from an angle to another, in degrees, clockwise from the right. A radius of its own each way makes it an ellipse's.
func (d *Drawing) Arc(width, x, y, rx, ry, from, to float64) {
	const steps = 24
	points := make([]Point, 0, steps+1)
	for i := 0; i <= steps; i++ {
		a := (from + (to-from)*float64(i)/steps) * math.Pi / 180
		points = append(points, Point{x + rx*math.Cos(a), y + ry*math.Sin(a)})
	}
	d.Line(width, points...)
}

// Arrow points from left to right.
func (d *Drawing) Arrow(width, x, y, to float64) {
	head := width * 4
	d.Line(width, Point{x, y}, Point{to - head, y})
	d.Area(Black, 0, Point{to, y}, Point{to - head*1.4, y - head*0.8}, Point{to - head*1.4, y + head*0.8})
}

// Cross is where something is cut.
func (d *Drawing) Cross(x, y, size float64) {
	h := size / 2
	for _, w := range []struct {
		ink   Ink
		width float64
	}{{White, size * 0.5}, {Black, size * 0.22}} { // white below, so that it stands apart from what it crosses
		d.put(Mark{Points: []Point{{x - h, y - h}, {x + h, y + h}}, Stroke: w.ink, Width: w.width})
		d.put(Mark{Points: []Point{{x - h, y + h}, {x + h, y - h}}, Stroke: w.ink, Width: w.width})
	}
}
