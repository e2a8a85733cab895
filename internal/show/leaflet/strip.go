package leaflet

import (
	"fmt"
	"strings"

	"github.com/footing-dev/footing/internal/show/draw"
	"github.com/footing-dev/footing/internal/show/report"
	"github.com/footing-dev/footing/internal/show/term"
)

// tells is a way in words, for those who do not see it.
func tells(w report.Way) string {
	var out []string
	for i, b := range w.Boxes {
		name := strings.TrimSpace(b.Kind + " " + b.Name)
		if i == w.Cut {
			name += " (cut here)"
		}
		out = append(out, name)
	}
	return term.Clean(strings.Join(out, ", then "))
}

// keys are what the lettered dots on arrows stand for.
func keys(w report.Way) []string {
	var out []string
	for _, b := range w.Boxes {
		if b.By != "" {
			out = append(out, b.By)
		}
	}
	return out
}

// strip draws a way from left to right: the way in without a frame, then a frame a thing. The dots on arrows have letters from a on.
func strip(w report.Way, width, height float64) *draw.Drawing {
	d := draw.New(width, height, "The way to "+term.Clean(w.ID), tells(w))
	n := float64(len(w.Boxes))
	gap := 15.0
	if n > 4 {
		gap = 10
	}
	box := min((width-gap*(n-1))/n, 52)
	gap = (width - box*n) / (n - 1) // what it ends at stands on the right
	mid := height / 2
	letter := 'a'
	for i, b := range w.Boxes {
		x := float64(i) * (box + gap)
		if i > 0 {
			from := x - gap + 1
			d.Arrow(0.6, from, mid, x-0.6)
			if b.By != "" {
				at := x - gap/2 - 0.8
				if w.Cut == i-1 {
					at = from + 2.2
				}
				d.Dot(draw.White, 0.35, at, mid, 1.9)
				d.Words(at, mid+0.95, 2.8, draw.Middle, draw.Black, true, string(letter))
				letter++
			}
			if w.Cut == i-1 {
				d.Cross(x-gap/2-0.4, mid, min(gap*0.3, 4.4))
			}
		}
		frame := 0.0
		if i > 0 {
			frame = 0.5
			if i == len(w.Boxes)-1 {
				frame = 1
			}
			d.Rect(draw.White, frame, x+frame/2, frame/2, box-frame, height-frame)
		}
		inBox(d, b, x, box, height, i == 0)
	}
	return d
}

func inBox(d *draw.Drawing, b report.Box, x, box, height float64, open bool) {
	if box < 34 { // the sign above the name
		const size, letters = 6.5, 2.9
		glyph(d, b.Sort, x+box/2, 1+size/2, size)
		if b.Sort != "more" {
			for i, l := range draw.Wrap(term.Clean(b.Name), letters, box-1.6, true, 2) {
				d.Words(x+box/2, size+1.2+letters*(1+1.1*float64(i)), letters, draw.Middle, draw.Black, true, l)
			}
		}
		return
	}
	size := min(height-4, 12)
	text := x + size + 3.5
	room := box - size - 5
	if open {
		text, room = x+size+1.5, box-size-1.5
		glyph(d, b.Sort, x+size/2, height/2, size)
	} else {
		glyph(d, b.Sort, x+2+size/2, height/2, size)
	}
	if b.Sort == "more" {
		return
	}
	letters := 3.8
	if box < 46 {
		letters = 3.3
	}
	name := draw.Wrap(term.Clean(b.Name), letters, room, true, 3)
	lines := len(name)
	if b.Kind != "" && lines < 3 {
		lines++
	}
	y := height/2 - float64(lines)*(letters+0.5)/2 + letters
	if lines > len(name) {
		d.Words(text, y-0.3, 2.7, draw.Left, draw.Black, false, b.Kind)
		y += letters + 0.3
	}
	for _, l := range name {
		d.Words(text, y, letters, draw.Left, draw.Black, true, l)
		y += letters + 0.5
	}
}

// scene draws what one step cuts: a row a way, big signs with their names below.
func scene(s report.Step, width, height float64) *draw.Drawing {
	var desc []string
	for _, w := range s.Ways {
		desc = append(desc, tells(w))
	}
	d := draw.New(width, height, strings.Join(s.Says, " "), strings.Join(desc, "; "))
	if len(s.Ways) == 1 {
		scenic(d, short(s.Ways[0], 4))
	} else {
		converge(d, s.Ways)
	}
	return d
}

// converge draws what is cut from one thing, which stands large on the right.
func converge(d *draw.Drawing, ways []report.Way) {
	row := d.H / float64(len(ways))
	sign, target := min(row-1.5, 12), min(d.H*0.55, 18)
	const under = 26.0 // what the name of the thing may take
	right := d.W - under/2
	left := d.W * 0.56
	size := min(max(row*0.28, 3.2), 5)
	for i, w := range ways {
		from := w.Boxes[w.Cut]
		y := row * (float64(i) + 0.5)
		glyph(d, from.Sort, 11+sign/2, y, sign)
		lines := draw.Wrap(term.Clean(strings.TrimSpace(from.Kind+" "+from.Name)), size, left-sign-15, false, 2)
		for j, l := range lines {
			d.Words(sign+13, y+size*(0.35-0.54*float64(len(lines)-1)+1.08*float64(j)), size, draw.Left, draw.Black, false, l)
		}
		to := d.W - under - 1
		d.Arrow(0.6, left, y, to)
		d.Cross((left+to)/2-1, y, min(4.4, row*0.45))
	}
	last := ways[0].Boxes[len(ways[0].Boxes)-1]
	top := (d.H - target - 7) / 2
	glyph(d, last.Sort, right, top+target/2, target)
	for i, l := range draw.Wrap(term.Clean(last.Name), 3.2, under, true, 2) {
		d.Words(right, top+target+3.6+3.4*float64(i), 3.2, draw.Middle, draw.Black, true, l)
	}
}

// short leaves out the middle of a way, and never what is cut.
func short(w report.Way, most int) report.Way {
	if len(w.Boxes) <= most {
		return w
	}
	boxes := []report.Box{w.Boxes[0]}
	out := w
	out.Cut = 0
	if w.Cut > 0 {
		boxes = append(boxes, w.Boxes[w.Cut])
		out.Cut = 1
	}
	boxes = append(boxes, w.Boxes[w.Cut+1])
	if last := len(w.Boxes) - 1; w.Cut+1 < last {
		boxes = append(boxes, w.Boxes[last])
	}
	out.Boxes = boxes
	return out
}

func scenic(d *draw.Drawing, w report.Way) {
	n := len(w.Boxes)
	place := d.W / float64(n)
	letters := min(max(d.H*0.13, 2.9), 4.4)
	sign := min(d.H-2.3*letters-1, place*0.42, 22)
	mid := 0.5 + sign/2
	for i, b := range w.Boxes {
		x := place * (float64(i) + 0.5)
		if i > 0 {
			from, to := x-place+sign/2+1.5, x-sign/2-1.5
			d.Arrow(0.6, from, mid, to)
			if w.Cut == i-1 {
				d.Cross((from+to)/2-1, mid, min(sign*0.4, (to-from)*0.5))
			}
		}
		glyph(d, b.Sort, x, mid, sign)
		name := b.Name
		if i > 0 && b.Kind != "" {
			name = b.Kind + " " + b.Name
		}
		for j, l := range draw.Wrap(term.Clean(name), letters, place-1.5, i == n-1, 2) {
			d.Words(x, mid+sign/2+letters*(1.05+1.08*float64(j)), letters, draw.Middle, draw.Black, i == n-1, l)
		}
	}
}

// bar is a number before and after, as its length: black is what stays, the outlined rest goes.
func bar(before, after int, width float64) *draw.Drawing {
	const height = 9
	d := draw.New(width, height, fmt.Sprintf("risk %d, then %d", before, after), fmt.Sprintf("a bar of %d of 25, of which %d remain", before, after))
	long := width - 31
	unit := long / 25
	d.Rect(draw.White, 0.3, 0.2, 2, long, 5)
	d.Rect(draw.Pale, 0.3, 0.2, 2, unit*float64(before), 5)
	d.Rect(draw.Black, 0.3, 0.2, 2, unit*float64(after), 5)
	d.Words(width-18.5, 7.3, 8, draw.Right, draw.Black, false, fmt.Sprint(before))
	d.Area(draw.Black, 0, draw.Point{X: width - 16.5, Y: 2.2}, draw.Point{X: width - 12.5, Y: 4.5}, draw.Point{X: width - 16.5, Y: 6.8})
	d.Words(width-0.5, 7.3, 8, draw.Right, draw.Black, true, fmt.Sprint(after))
	return d
}
