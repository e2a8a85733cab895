package draw

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"unicode/utf8"
)

func svg(t *testing.T, d *Drawing) string {
	t.Helper()
	var b strings.Builder
	if err := SVG(&b, d, "x"); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSVG(t *testing.T) {
	d := New(20, 10.5, "a <title>", "& more")
	d.Line(0.6, Point{0, 1}, Point{1.0 / 3, 2})
	d.Rect(Pale, 0, 1, 2, 3, 4)
	d.Dot(None, 0.25, 5, 5, 2)
	d.Words(1, 2, 3.3, Middle, White, true, "</text><script>")
	d.Words(1, 2, 3, Left, Black, false, "")
	d.Dashes(0.5, Point{0, 0}, Point{-0.001, 9})
	want := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10.5" role="img" aria-labelledby="x-t x-d" font-family="Helvetica,Arial,'Liberation Sans','DejaVu Sans',sans-serif">` +
		`<title id="x-t">a &lt;title&gt;</title><desc id="x-d">&amp; more</desc>` +
		`<path d="M0 1L0.33 2" fill="none" stroke="#000" stroke-width="0.6"/>` +
		`<path d="M1 2L4 2L4 6L1 6Z" fill="#e6e6e6"/>` +
		`<circle cx="5" cy="5" r="2" fill="none" stroke="#000" stroke-width="0.25"/>` +
		`<text x="1" y="2" font-size="3.3" text-anchor="middle" font-weight="700" fill="#fff">&lt;/text&gt;&lt;script&gt;</text>` +
		`<path d="M0 0L0 9" fill="none" stroke="#000" stroke-width="0.5" stroke-dasharray="1.5"/>` +
		"</svg>\n"
	if got := svg(t, d); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestHatchStaysInside: slanted lines never leave their rectangle, and none is empty.
func TestHatchStaysInside(t *testing.T) {
	for _, r := range [][2]float64{{5, 5}, {20, 3}, {3, 20}, {0.5, 0.5}} {
		d := New(50, 50, "", "")
		d.Hatch(7, 9, r[0], r[1])
		for _, m := range d.Marks {
			if m.Points[0] == m.Points[1] {
				t.Errorf("%v: a line without length", r)
			}
			for _, p := range m.Points {
				if p.X < 7-1e-9 || p.X > 7+r[0]+1e-9 || p.Y < 9-1e-9 || p.Y > 9+r[1]+1e-9 {
					t.Errorf("%v: %v is outside", r, p)
				}
			}
		}
	}
}

func TestWidth(t *testing.T) {
	// Helvetica's own figures: "Wide" is 944 + 222 + 556 + 556.
	if got := Width("Wide", 10, false); math.Abs(got-22.78*spare) > 1e-9 {
		t.Errorf("Wide is %v wide", got)
	}
	for _, pair := range [][2]string{{"iii", "mmm"}, {"a", "@"}, {"a", "漢"}, {"~", "W"}, {"e\u0301", "ee"}} {
		if Width(pair[0], 5, false) >= Width(pair[1], 5, false) {
			t.Errorf("%s is not narrower than %s", pair[0], pair[1])
		}
	}
}

// FuzzWrap: whatever the name, each line fits, and there are no more than asked for.
func FuzzWrap(f *testing.F) {
	for _, s := range []string{"", "key of ci-old, 412 days old", "arn:aws:iam::111122223333:role/a/b", strings.Repeat("漢", 90), "a  b", "\x00<&>\"'", strings.Repeat("-", 70), "e\u0301"} {
		f.Add(s, 30.0, 2)
	}
	f.Fuzz(func(t *testing.T, s string, room float64, most int) {
		room, most = math.Abs(math.Mod(room, 200)), 1+int(math.Abs(float64(most%5)))
		if math.IsNaN(room) || len(s) > 2000 {
			return
		}
		room = max(room, Width("…", 4, true))
		lines := Wrap(s, 4, room, true, most)
		if len(lines) > most {
			t.Fatalf("%q: %d lines", s, len(lines))
		}
		for _, l := range lines {
			if Width(l, 4, true) > room {
				t.Errorf("%q is wider than %v", l, room)
			}
			if utf8.ValidString(s) && !utf8.ValidString(l) {
				t.Errorf("%q is half a character", l)
			}
		}
		d := New(10, 10, s, s)
		for _, l := range lines {
			d.Words(0, 0, 4, Left, Black, true, l)
		}
		if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == utf8.RuneError || r == '\ufffe' || r == '\uffff' }) {
			return // not XML's; whoever draws names cleans them first
		}
		x := xml.NewDecoder(strings.NewReader(svg(t, d)))
		for {
			if _, err := x.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestFitKeepsBothEnds: long names are told apart by their ends.
func TestFitKeepsBothEnds(t *testing.T) {
	got := Fit("production-customer-uploads-eu-west-1", 4, 40, false)
	if !strings.HasPrefix(got, "prod") || !strings.HasSuffix(got, "-1") || !strings.Contains(got, "…") {
		t.Error(got)
	}
	if Fit("short", 4, 40, false) != "short" {
		t.Error("a short name is cut")
	}
}
