package leaflet

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/footing-dev/footing/internal/show/draw"
	"github.com/footing-dev/footing/internal/show/report"
	"github.com/footing-dev/footing/internal/show/term"
)

const (
	mostLines  = 10 // in the matrix and its key
	mostStrips = 4
)

// glance is page 1: the account at a glance.
func (p *page) glance() {
	r := p.r
	name := cmp.Or(r.Name, spaced(r.Account))
	p.put(`<section class="page" aria-labelledby="page1">
<header><p class="account">AWS account %s · %s · %s</p><h1 id="page1" class="name">%s</h1><p class="no">1 / 3</p></header>
`, spaced(r.Account), count(r.Resources, "resource", "resources"), age(r), report.Short(name, 40))
	p.counts()
	if len(r.Lines) == 0 {
		p.calm()
	} else {
		p.sheet()
	}
	if len(r.Ways) == 0 && len(r.Lines) > 0 {
		p.put(`<div class="calm"><p class="big">Nothing that was seen is to act on.</p><p>What was not seen may be: page 2.</p></div>`)
	}
	p.foot(fmt.Sprintf("Risk is impact × likelihood, 25 at most. Act at %d. Likelihood table %s.", r.Gate, r.Table))
}

func (p *page) counts() {
	c := p.r.Counts
	p.put(`<ul class="counts">`)
	for _, x := range []struct {
		n     int
		what  string
		class string
	}{{c.Fix, "to fix", "fix"}, {c.Watch, "to watch", ""}, {c.Unseen, "we could not see", "unseen"}, {c.Settled, "settled", "settled"}, {c.OutOfMind, "out of mind", ""}} {
		if x.class == "settled" && x.n == 0 {
			continue
		}
		p.put(`<li class="%s"><p><b>%d</b> `, x.class, x.n)
		if x.class == "unseen" && x.n > 0 {
			d := draw.New(12, 12, "not seen", "a hatched field with a question mark")
			d.Rect(draw.White, 0.4, 0.4, 0.4, 11.2, 11.2)
			d.Hatch(0.4, 0.4, 11.2, 11.2)
			d.Dot(draw.White, 0, 6, 6, 4)
			d.Words(6, 8.6, 7.5, draw.Middle, draw.Black, true, "?")
			p.svg("unseen", d)
		}
		p.put("</p><span>%s</span></li>", x.what)
	}
	p.put("</ul>\n")
}

// sheet is the matrix with its key, and the worst ways.
func (p *page) sheet() {
	r := p.r
	lines := r.Lines[:min(len(r.Lines), mostLines)]
	p.put(`<div class="map"><div class="matrix">`)
	p.svg("matrix", matrix(r, lines))
	p.put(`</div><div class="beside"><table class="key"><thead><tr><td></td><th scope="col">what</th><th scope="col">read</th><th scope="col">write</th></tr></thead><tbody>`)
	for i, l := range lines {
		settled := ""
		if l.Standing == "settled" {
			settled = " (settled)"
		}
		p.put(`<tr class="%s"><td class="letter">%s</td><th scope="row">%s%s</th><td>%s</td><td>%s</td></tr>`,
			l.Standing, letters[i:i+1], report.Short(l.ID, longest), settled, figure(l.Read), figure(l.Write))
	}
	p.put("</tbody></table>")
	p.put(`<table class="act"><tbody>`)
	for i, t := range r.Model.Thresholds {
		if i == 4 {
			break
		}
		within := t.Within
		if d, ok := strings.CutSuffix(within, "d"); ok && d != "" {
			within = "in " + d + " days"
		}
		p.put(`<tr><th scope="row">%d</th><td><b>%s</b> %s</td><td>%s</td></tr>`, t.At, strings.ReplaceAll(report.Short(t.Action, 16), "-", " "), clip(t.Say, 34), within)
	}
	p.put("</tbody></table></div></div>\n")
	more := ""
	if n := r.Counts.Shown() - len(lines); n > 0 {
		more = fmt.Sprintf(" %d more: %s risk.", n, r.Program)
	}
	p.put(`<p class="legend">`)
	for _, x := range []struct {
		m    mark
		says string
	}{{mark{letter: "A"}, "read"}, {mark{letter: "A", write: true}, "write"}, {mark{letter: "A", worst: true}, "not seen, at worst"}, {mark{letter: "A", low: true}, "what was seen of it"}} {
		d := draw.New(5.6, 5.6, x.says, "a dot of the matrix")
		dot(d, x.m, 2.8, 2.8, 2.5)
		p.svg("dot", d)
		p.put(" %s &emsp;", x.says)
	}
	d := draw.New(8, 5.6, "act", "a thick line")
	d.Line(1.3, draw.Point{X: 0, Y: 2.8}, draw.Point{X: 8, Y: 2.8})
	p.svg("line", d)
	p.put(" act beyond it: %d and more.%s</p>\n", r.Gate, more)
	p.ways()
}

// ways draws the worst ones, one a line of the key.
func (p *page) ways() {
	r := p.r
	if len(r.Ways) == 0 {
		return
	}
	p.put("<div class=\"title\"><h2>The worst ways in</h2><p class=\"legend\">")
	d := draw.New(5, 5, "cut", "a cross")
	d.Cross(2.5, 2.5, 3.4)
	p.svg("cut", d)
	p.put(" where to cut: page 2</p></div>\n<ol class=\"ways\">\n")
	n := 0
	for i, l := range r.Lines {
		if n == mostStrips {
			break
		}
		for _, w := range r.Ways {
			if w.ID != l.ID || n == mostStrips {
				continue
			}
			n++
			letter := "·"
			if i < mostLines {
				letter = letters[i : i+1]
			}
			p.put(`<li><p class="way"><span class="letter">%s</span> <b>%d</b> %s</p>`, letter, w.Risk, w.Access)
			p.svg("way", strip(w, 168, 16.5))
			if k := keys(w); len(k) > 0 {
				p.put(`<p class="dots">`)
				for j, x := range k {
					p.put("<b>%s</b> %s &ensp;", string(rune('a'+j)), clip(x, 110))
				}
				p.put("</p>")
			}
			p.put("</li>\n")
		}
	}
	p.put("</ol>\n")
}

// calm is what page 1 shows when nothing is to do, or nothing was seen.
func (p *page) calm() {
	r := p.r
	p.put(`<div class="calm">`)
	d := draw.New(60, 60, "a house on its footing", "a house that stands on a thick line")
	glyph(d, "account", 30, 30, 58)
	p.svg("house", d)
	if r.Gaps > 0 {
		p.put("<p class=\"big\">Nothing to act on, of what we could see.</p><p>%s. What was not seen is not called safe: page 2.</p>", count(r.Gaps, "call gave no answer", "calls gave no answer"))
	} else {
		p.put("<p class=\"big\">Nothing to act on.</p><p>Everything that was looked for was seen; %s below %d.</p>", count(r.Counts.OutOfMind, "thing stays", "things stay"), r.Lowest)
	}
	p.put("</div>\n")
}

// spaced writes an account's number in groups, as people read it.
func spaced(s string) string {
	if len(s) != 12 {
		return s
	}
	return s[:4] + " " + s[4:8] + " " + s[8:]
}

// age says how old the picture is on the day of printing.
func age(r *report.Report) string {
	days := term.Days(r.Taken, r.Now)
	says := "scanned " + r.Taken.Format(day)
	if days > 0 {
		says += ", " + count(days, "day", "days") + " ago"
	}
	return says
}
