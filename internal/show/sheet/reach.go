package sheet

import (
	"fmt"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/show/term"
)

// ReachJSON is `reach --format json`.
type ReachJSON struct {
	Footing int           `json:"footing"`
	From    []string      `json:"from"`
	Reaches []ReachedJSON `json:"reaches"`
	Unknown []UnseenJSON  `json:"unknown"`

	reached []access.Reached
}

// ReachedJSON is one capability that is reached.
type ReachedJSON struct {
	Resource   string   `json:"resource"`
	Capability string   `json:"capability"`
	Decision   string   `json:"decision"`
	Path       PathJSON `json:"path"`
}

// Reach shapes what was reached for printing.
func Reach(a *assess.Assessment, from []string, reached []access.Reached) ReachJSON {
	out := ReachJSON{Footing: 1, From: []string{}, Reaches: []ReachedJSON{}, Unknown: unreadOf(a), reached: reached}
	for _, f := range from {
		name, _, _ := strings.Cut(f, "\x00")
		out.From = append(out.From, name)
	}
	for _, r := range reached {
		p := pathJSON(r.Path)
		out.Reaches = append(out.Reaches, ReachedJSON{string(r.Resource), p.Capability, p.Decision, p})
	}
	return out
}

// ReachText is the blast radius on a screen: one line a resource.
func ReachText(w *term.Screen, p Page, word string, r ReachJSON) error {
	a, n := p.Assessment, names(p.Assessment)
	s := a.Snapshot
	fmt.Fprintf(w, "%s · scanned %s\n\n", w.Bold(strings.TrimSpace(term.Clean(s.Name)+" "+s.Account)), term.Age(s.Taken, p.Now))
	type line struct {
		caps []string
		path access.Path
	}
	lines, order := map[string]*line{}, []string{}
	takeover := false
	for _, x := range r.reached {
		if x.Resource == a.Access.Account {
			takeover = true
		} else if x.Path.ViaAccount {
			continue
		}
		l := lines[string(x.Resource)]
		if l == nil {
			l = &line{path: x.Path}
			lines[string(x.Resource)] = l
			order = append(order, string(x.Resource))
		}
		l.caps = append(l.caps, x.Capability.String())
	}
	fmt.Fprintf(w, "%s reaches %s\n\n", word, term.Count(len(order), "thing", "things"))
	if len(order) == 0 {
		fmt.Fprintln(w, "  Nothing, by what was read.")
	}
	if takeover {
		fmt.Fprint(w, "  It can take over the account, and through it everything")
		if n := countVia(r.reached); n > 0 {
			fmt.Fprintf(w, "; %s not listed here", term.Count(n, "thing that it has only so is", "things that it has only so are"))
		}
		fmt.Fprint(w, ".\n\n")
	}
	var cells [][]string
	for _, k := range order {
		cells = append(cells, []string{n.of(k), strings.Join(lines[k].caps, " "), orDirect(strings.Join(n.over(lines[k].path), " ▸ ")), ifs(access.Answer{Path: lines[k].path})})
	}
	if len(cells) > 0 {
		if err := term.Table(w, []term.Column{{Head: "WHAT", Least: 12}, {Head: "CAN", Least: 5}, {Head: "HOW", Least: 12}, {Head: "IF", Least: 8}}, cells); err != nil {
			return err
		}
	}
	if len(r.Unknown) > 0 {
		fmt.Fprintf(w, "\n? %s: there may be more\n", term.Count(len(r.Unknown), "thing was not read", "things were not read"))
	}
	back := "who admin"
	for _, k := range order {
		if k != string(a.Access.Account) {
			back = "who " + strings.ToLower(lines[k].caps[0]) + " " + n.word(k)
			break
		}
	}
	fmt.Fprintf(w, "\n Back  %s\n", p.Command(back))
	return nil
}

func orDirect(s string) string {
	if s == "" {
		return "directly"
	}
	return s
}

func countVia(all []access.Reached) int {
	seen := map[string]bool{}
	for _, r := range all {
		if r.Path.ViaAccount {
			seen[string(r.Resource)] = true
		}
	}
	return len(seen)
}
