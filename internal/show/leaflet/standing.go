package leaflet

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/show/draw"
	"github.com/footing-dev/footing/internal/show/report"
)

const (
	mostAdmins   = 6
	mostPromises = 3
	mostOwners   = 4
	mostReached  = 5
)

// standing is page 3: who may do what, what holds, what rings, who answers.
func (p *page) standing() {
	p.head(3, "Who may, and what holds")
	p.put(`<div class="two"><div>`)
	p.admins()
	p.reached()
	p.put("</div><div>\n")
	p.settings("Guardrails", p.r.Fences)
	p.promises()
	p.settings("Bells", p.r.Bells)
	p.alerts()
	p.put("</div></div>\n")
	p.owners()
	p.put("<div class=\"spring\"></div>\n")
	p.next()
	p.foot("Administrators reach everything: the other numbers show who remains beside them.")
}

func (p *page) admins() {
	r := p.r
	least, meant := "", 0
	if r.Hidden != "" {
		least = "≥ "
	}
	for _, a := range r.Admins {
		if a.Meant != "" {
			meant++
		}
	}
	p.put(`<h2>Who can take over the account <b class="figure">%s%d</b></h2><ul class="who">`, least, len(r.Admins))
	for i, a := range r.Admins {
		if i == mostAdmins {
			p.put(`<li class="more">%d more: <code>%s who admin</code></li>`, len(r.Admins)-i, r.Program)
			break
		}
		p.put("<li>")
		p.sign(a.Sort)
		p.put("<p><b>%s</b>", report.Short(a.Name, longest))
		if a.Meant != "" {
			p.put(` <span class="meant">meant</span>`)
		}
		if !a.Sure {
			p.put(` <span class="meant">?</span>`)
		}
		how := a.Does
		if as := strings.TrimPrefix(a.As, a.Name+", "); as != "" && as != a.Name {
			how = as + ": " + how
		}
		p.put("<br><span>%s</span></p></li>\n", clip(how, 72))
	}
	p.put("</ul>\n")
	switch {
	case len(r.Admins) == 0 && r.Hidden == "":
		p.put("<p>Nobody, by what was read.</p>")
	case r.Hidden != "":
		p.put("<p>? The %s were not read: there may be others.</p>", r.Hidden)
	case meant == 0:
		p.put("<p>Nobody said who is meant to: say it in footing.yaml.</p>")
	}
}

// reached counts who reads and writes what is not out of mind, beside the administrators.
func (p *page) reached() {
	r := p.r
	lines := []report.Line{}
	for _, l := range r.Lines {
		if l.Type != "AWS::Account" && len(lines) < mostReached {
			lines = append(lines, l)
		}
	}
	if len(lines) == 0 {
		return
	}
	p.put(`<h2>Who reaches what matters, beside them</h2><table class="reach"><thead><tr><td></td><th scope="col">read</th><th scope="col">write</th></tr></thead><tbody>`)
	for _, l := range lines {
		who := func(f report.Figure) string {
			switch {
			case f.Unknown() && f.Who == 0: // nothing of it is read: nobody is not what that means
				return "?"
			case f.Unknown():
				return fmt.Sprintf("≤ %d ?", f.Who)
			}
			return fmt.Sprint(f.Who)
		}
		p.put(`<tr><th scope="row">%s</th><td>%s</td><td>%s</td></tr>`, report.Short(l.ID, longest), who(l.Read), who(l.Write))
	}
	p.put("</tbody></table>\n")
}

// settings list what is on and what is off: a full, an empty, a half and a hatched square.
func (p *page) settings(title string, list []report.Setting) {
	on := 0
	for _, s := range list {
		if s.State == report.On {
			on++
		}
	}
	p.put(`<h2>%s <b class="figure">%d of %d</b></h2><ul class="set">`, title, on, len(list))
	for _, s := range list {
		p.put("<li>")
		p.square(s.State, s.State)
		state := s.State
		if s.State == report.Unknown {
			state = "?"
		}
		p.put("<p><span class=\"state\">%s</span><b>%s</b> <span>%s</span></p></li>\n", strings.TrimSpace(state+" "+s.Where), s.Name, s.Does)
	}
	p.put("</ul>\n")
}

// promises are the objectives, with the square that settings have: the broken ones first.
func (p *page) promises() {
	r := p.r
	if len(r.Promises) == 0 {
		p.put("<p class=\"missing\">No control objective is stated yet: what must be so, in your words, goes into footing.yaml.</p>\n")
		return
	}
	list := slices.Clone(r.Promises)
	rank := map[string]int{"fail": 0, "unknown": 1}
	slices.SortStableFunc(list, func(a, b report.Promise) int {
		x, y := 2, 2
		if n, ok := rank[a.Outcome]; ok {
			x = n
		}
		if n, ok := rank[b.Outcome]; ok {
			y = n
		}
		return x - y
	})
	holds := 0
	for _, o := range list {
		if o.Outcome == "pass" {
			holds++
		}
	}
	p.put(`<h2>Objectives <b class="figure">%d of %d hold</b></h2><ul class="set">`, holds, len(list))
	for i, o := range list {
		if i == mostPromises {
			p.put("<li>%d more: <code>%s check</code></li>", len(list)-i, r.Program)
			break
		}
		p.put("<li>")
		state := map[string]string{"pass": "holds", "fail": "broken", "unknown": "?", "waived": "accepted"}[o.Outcome]
		p.square(map[string]string{"pass": report.On, "unknown": report.Unknown, "waived": report.Partly}[o.Outcome], state)
		p.put("<p><span class=\"state\">%s</span>%s</p></li>\n", state, clip(cmp.Or(o.Title, o.ID), 64))
	}
	p.put("</ul>\n")
}

func (p *page) alerts() {
	if len(p.r.Alerts) == 0 {
		p.put("<p class=\"missing\">Nobody is stated who hears the bells.</p>\n")
		return
	}
	p.put("<p>Heard by %s.</p>\n", clip(strings.Join(p.r.Alerts, ", "), 50))
}

// square is full for on, half for partly, hatched for what was not seen, else empty.
func (p *page) square(state, says string) {
	d := draw.New(6, 6, says, "a square: full is on, half is partly on, empty is off, hatched was not seen")
	d.Rect(draw.White, 0.5, 0.5, 0.5, 5, 5)
	switch state {
	case report.On:
		d.Rect(draw.Black, 0.5, 0.5, 0.5, 5, 5)
	case report.Partly:
		d.Area(draw.Black, 0.5, draw.Point{X: 0.5, Y: 5.5}, draw.Point{X: 5.5, Y: 5.5}, draw.Point{X: 5.5, Y: 0.5})
	case report.Unknown:
		d.Hatch(0.5, 0.5, 5, 5)
	}
	p.svg("set", d)
}

func (p *page) owners() {
	r := p.r
	if len(r.Owners) == 0 {
		return
	}
	p.put("<h2>Who answers for it</h2><table class=\"owners\"><tbody>\n")
	for i, o := range r.Owners {
		if i == mostOwners {
			p.put("<tr><th scope=\"row\">%s</th><td></td></tr>\n", count(len(r.Owners)-i, "more owner", "more owners"))
			break
		}
		name := o.Name
		class := ""
		if name == "" {
			name, class = "nobody", "nobody"
		}
		ids := o.IDs
		more := ""
		if len(ids) > 3 {
			more = fmt.Sprintf(" and %d more", len(ids)-3)
			ids = ids[:3]
		}
		var names []string
		for _, id := range ids {
			names = append(names, report.Short(id, longest))
		}
		p.put("<tr class=\"%s\"><th scope=\"row\">%s</th><td>%s%s</td></tr>\n", class, report.Short(name, 30), strings.Join(names, ", "), more)
	}
	p.put("</tbody></table>\n")
}

func (p *page) next() {
	r := p.r
	p.put(`<ul class="next"><li><span>next review</span><b>`)
	switch late := r.Review.Late(r.Now); {
	case r.Review.Next.IsZero():
		p.put("now</b><span>nobody signed one yet: <code>%s review --sign</code></span>", r.Program)
	case late > 0:
		p.put("%s</b><span>%s late; the last was signed by %s</span>", r.Review.Next.Format(day), count(late, "day", "days"), report.Short(r.Review.By, 30))
	default:
		p.put("%s</b><span>every %d days; the last was signed by %s</span>", r.Review.Next.Format(day), r.Review.Days, report.Short(r.Review.By, 30))
	}
	p.put(`</li><li><span>out of mind</span><b>%d</b><span>below %d: <code>%s risk --all</code></span></li>`, r.Counts.OutOfMind, r.Lowest, r.Program)
	p.put(`<li><span>not answered</span><b>%d</b><span>%s</span></li></ul>`, r.Gaps, map[bool]string{true: "calls of the scan: page 2", false: "every call gave an answer"}[r.Gaps > 0])
}
