package leaflet

import (
	"fmt"
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
			if f.Unknown() {
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
		d := draw.New(6, 6, s.State, "a square: full is on, half is partly on, empty is off, hatched was not seen")
		d.Rect(draw.White, 0.5, 0.5, 0.5, 5, 5)
		switch s.State {
		case report.On:
			d.Rect(draw.Black, 0.5, 0.5, 0.5, 5, 5)
		case report.Partly:
			d.Area(draw.Black, 0.5, draw.Point{X: 0.5, Y: 5.5}, draw.Point{X: 5.5, Y: 5.5}, draw.Point{X: 5.5, Y: 0.5})
		case report.Unknown:
			d.Hatch(0.5, 0.5, 5, 5)
		}
		p.put("<li>")
		p.svg("set", d)
		state := s.State
		if s.State == report.Unknown {
			state = "?"
		}
		p.put("<p><span class=\"state\">%s</span><b>%s</b> <span>%s</span></p></li>\n", strings.TrimSpace(state+" "+s.Where), s.Name, s.Does)
	}
	p.put("</ul>\n")
}

func (p *page) promises() {
	r := p.r
	if len(r.Promises) == 0 {
		p.put("<p class=\"missing\">No control objective is stated yet: what must be so, in your words, goes into footing.yaml.</p>\n")
		return
	}
	p.put("<ul class=\"promises\">")
	for i, o := range r.Promises {
		if i == mostPromises {
			p.put("<li>%d more in footing.yaml</li>", len(r.Promises)-i)
			break
		}
		state := o.State
		if state == "" {
			state = "stated"
		}
		p.put("<li><b>%s</b> %s <span class=\"state\">%s</span></li>\n", report.Short(o.ID, 16), clip(o.Says, 84), state)
	}
	p.put("</ul>\n")
}

func (p *page) alerts() {
	if len(p.r.Alerts) == 0 {
		p.put("<p class=\"missing\">Nobody is stated who hears the bells.</p>\n")
		return
	}
	p.put("<p>Heard by %s.</p>\n", clip(strings.Join(p.r.Alerts, ", "), 60))
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
	switch {
	case r.Review.Days == 0:
		p.put("not stated</b><span>say in footing.yaml how often: review: {every: 90d}</span>")
	case r.Review.Late > 0:
		p.put("%s</b><span>%s late</span>", r.Review.Next.Format(day), count(r.Review.Late, "day", "days"))
	default:
		p.put("%s</b><span>every %d days</span>", r.Review.Next.Format(day), r.Review.Days)
	}
	p.put(`</li><li><span>out of mind</span><b>%d</b><span>below %d: <code>%s risk --all</code></span></li>`, r.Counts.OutOfMind, r.Lowest, r.Program)
	p.put(`<li><span>not answered</span><b>%d</b><span>%s</span></li></ul>`, r.Gaps, map[bool]string{true: "calls of the scan: page 2", false: "every call gave an answer"}[r.Gaps > 0])
}
