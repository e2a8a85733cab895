package report

import (
	"strconv"
	"testing"
)

// TestFewer: a long way keeps its ends, what is cut with its two sides, and its order, and says once that something is left out.
func TestFewer(t *testing.T) {
	for n := 2; n <= 14; n++ {
		for cut := 0; cut < n-1; cut++ {
			w := Way{Cut: cut}
			for i := range n {
				w.Boxes = append(w.Boxes, Box{Name: strconv.Itoa(i)})
			}
			f := w.fewer(mostBoxes)
			if len(f.Boxes) != min(n, mostBoxes) || f.Boxes[0] != w.Boxes[0] || f.Boxes[len(f.Boxes)-1] != w.Boxes[n-1] ||
				f.Boxes[f.Cut] != w.Boxes[cut] || f.Boxes[f.Cut+1] != w.Boxes[cut+1] {
				t.Errorf("%d boxes, cut at %d: %+v", n, cut, f)
			}
			dots, last := 0, -1
			for _, b := range f.Boxes {
				if b.Sort == "more" {
					dots++
					continue
				}
				i, _ := strconv.Atoi(b.Name)
				if i <= last {
					t.Errorf("%d boxes, cut at %d: out of order: %+v", n, cut, f.Boxes)
				}
				last = i
			}
			if want := map[bool]int{true: 1, false: 0}[n > mostBoxes]; dots != want {
				t.Errorf("%d boxes, cut at %d: %d times dots", n, cut, dots)
			}
		}
	}
}
