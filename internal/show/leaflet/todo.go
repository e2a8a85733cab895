package leaflet

import (
	"fmt"
	"strings"

	"github.com/footing-dev/footing/internal/show/draw"
	"github.com/footing-dev/footing/internal/show/report"
)

var inWords = [...]string{"Nothing to do", "One step", "Two steps", "Three steps", "Four steps", "Five steps", "Six steps"}

// todo is page 2: the steps.
func (p *page) todo() {
	r := p.r
	steps := r.Steps[:min(len(r.Steps), len(inWords)-1)]
	title := inWords[len(steps)]
	if len(steps) > 0 {
		title += " to a firm footing"
		if r.Left > 0 {
			title = strings.Replace(title, "firm ", "firmer ", 1)
		}
	} else if r.Counts.Fix > 0 {
		title = "What holds it up"
	} else if r.Gaps > 0 && r.Counts.Unseen > 0 {
		title = "See first"
	}
	p.head(2, title)
	if len(steps) == 0 {
		p.none()
	} else {
		p.put("<ol class=\"steps n%d\">\n", len(steps))
		for i, s := range steps {
			p.step(i+1, s, len(steps))
		}
		p.put("</ol>\n")
		p.then()
	}
	p.unseen()
	if len(steps) > 0 {
		p.foot("Every number was judged: the whole account again, without the ways marked x and those of the steps before.")
	} else {
		p.foot(fmt.Sprintf("To act on: a known risk of %d or more.", r.Gate))
	}
}

// step is one panel. The fewer there are, the larger.
func (p *page) step(n int, s report.Step, of int) {
	p.put(`<li><p class="n">%d</p>`, n)
	w, h := 86.0, 22.0
	switch {
	case of < 4:
		w, h = 176, 34
	case of == 5 && n == 5: // as wide as two
		w = 176
	}
	p.put(`<div class="scene">`)
	p.svg("scene", scene(s, w, h))
	p.put("</div>")
	p.put(`<div class="do">`)
	p.sign("hand")
	p.put("<p>")
	if s.Mitigation != "" {
		p.put("<b>%s</b> ", report.Short(s.Mitigation, longest))
	}
	for i, x := range s.Says {
		if i == 2 {
			p.put(" And %s.", count(len(s.Says)-i, "more way", "more ways"))
			break
		}
		p.put("%s ", clip(x, 110))
	}
	if s.Due != "" || s.Owner != "" {
		p.put(" %s", clip(strings.TrimSpace(s.Owner+" "+s.Due), 40))
	}
	p.put(`</p></div><p class="change"><b>%s</b> `, report.Short(s.ID, longest))
	if len(s.Also) > 0 {
		p.put("<span>and %s</span>", also(s.Also))
	}
	p.put("</p>")
	p.svg("bar", bar(s.Before, s.After, w))
	p.put("</li>\n")
}

func also(c []report.Change) string {
	first := fmt.Sprintf("%s %d → %d", report.Short(c[0].ID, longest), c[0].Before, c[0].After)
	if len(c) > 1 {
		first += fmt.Sprintf(", %d more", len(c)-1)
	}
	return first
}

// then says what the steps leave.
func (p *page) then() {
	r := p.r
	p.put(`<div class="then"><p class="hand">`)
	p.sign("hand")
	p.put(` by hand.&ensp;<b>Then</b> scan again, <code>%s scan</code>; the next leaflet shows what is left.</p><p class="highest">highest known <b>%d ▸ %d</b></p>`, r.Program, r.Highest, r.After)
	if r.Left > 0 {
		p.put(`<p class="left">%s at %d or more: <code>%s risk</code> says which ways hold them up.</p>`, count(r.Left, "thing stays", "things stay"), r.Gate, r.Program)
	}
	p.put("</div>\n")
}

// none says why there is no step.
func (p *page) none() {
	r := p.r
	p.put(`<div class="calm">`)
	switch {
	case r.Counts.Fix > 0:
		d := draw.New(60, 60, "a hand", "a hand")
		glyph(d, "hand", 30, 30, 56)
		p.svg("house", d)
		p.put(`<p class="big">%s to fix, and no single cut that we tried lowers it.</p><p>Several ways hold it up together, or people meant them. <code>%s risk</code> lists every way.</p>`, count(r.Counts.Fix, "thing", "things"), r.Program)
	case r.Gaps > 0 && r.Counts.Unseen > 0:
		d := draw.New(60, 60, "not seen", "a hatched field with a question mark")
		d.Rect(draw.White, 0.8, 4, 4, 52, 52)
		d.Hatch(4, 4, 52, 52)
		d.Dot(draw.White, 0.8, 30, 30, 16)
		d.Words(30, 40, 28, draw.Middle, draw.Black, true, "?")
		p.svg("house", d)
		p.put(`<p class="big">Nothing that was seen is to fix.</p><p>What was not seen may be, so it is not called safe.</p>`)
	default:
		d := draw.New(60, 60, "a house on its footing", "a house that stands on a thick line")
		glyph(d, "account", 30, 30, 58)
		p.svg("house", d)
		p.put(`<p class="big">Nothing to fix, of what was seen.</p><p>Scan again when something changes: <code>%s scan</code>.</p>`, r.Program)
	}
	p.put("</div>\n")
}

// mostUnseen is how many of them have a place beside a number of steps.
func mostUnseen(steps int) int { return map[bool]int{true: 1, false: 3}[steps > 4] }

// unseen lists what could be a risk, and what would let us see it.
func (p *page) unseen() {
	r := p.r
	if r.Gaps == 0 && len(r.Unseen) == 0 {
		return
	}
	most := mostUnseen(len(r.Steps))
	p.put(`<ul class="dark">`)
	row := func() {
		d := draw.New(10, 10, "not seen", "a hatched field with a question mark")
		d.Rect(draw.White, 0.4, 0.3, 0.3, 9.4, 9.4)
		d.Hatch(0.3, 0.3, 9.4, 9.4)
		d.Dot(draw.White, 0, 5, 5, 3.3)
		d.Words(5, 7.2, 6.4, draw.Middle, draw.Black, true, "?")
		p.put("<li>")
		p.svg("dark", d)
	}
	for i, u := range r.Unseen {
		if i == most {
			break
		}
		row()
		p.put(`<p><b>%s</b> could be %d; on what was seen, %d: %s`, report.Short(u.ID, longest), u.High, u.Low, stop(clip(u.Why, 48)))
		if u.Call != "" {
			p.put(` Let the scan call <code>%s</code>.`, u.Call)
		}
		p.put("</p></li>\n")
	}
	known := len(r.Unseen) > 0 && r.Unseen[0].Call != ""
	if more := r.Counts.Unseen - most; more > 0 || !known {
		row()
		says := count(r.Gaps, "call gave no answer", "calls gave no answer")
		if more > 0 {
			says = count(more, "more thing like that", "more things like that") + "; " + says
		}
		p.put("<p>%s <code>%s scan --print-policy</code> prints what a scan must be allowed to read.</p></li>\n", stop(says), r.Program)
	}
	p.put("</ul>\n")
}

// stop ends a sentence.
func stop(s string) string {
	if strings.HasSuffix(s, "…") || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}
