package inventory

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/relation"
	"github.com/footing-dev/footing/internal/show/term"
)

// page is one resource: what it is, what it leads to, and what leads to it.
func (l *List) page(w *term.Screen, r *Row, run func(verb string) string) {
	region := r.Region
	if region == "" {
		region = "global"
	}
	fmt.Fprintf(w, "%s · %s · %s\n  %s\n", w.Bold(term.Clean(r.Name)), strings.TrimPrefix(r.Type, "AWS::"), region, term.Clean(string(r.ARN)))
	var stated []string
	for _, s := range l.stated() {
		stated = append(stated, strings.ToLower(s.head)+" "+term.Clean(word(s.of(r))))
	}
	if len(stated) > 0 {
		fmt.Fprintf(w, "  %s\n", strings.Join(stated, " · "))
	}
	fmt.Fprintln(w)
	lines(w, "Is", flat("", r.properties))
	if t := tags(*r); t != "" {
		lines(w, "Tags", []string{t})
	}
	lines(w, "Leads to", related(r, true))
	lines(w, "Led to by", related(r, false))
	lines(w, "Costs", []string{r.Cost.says()})
	lines(w, "Made by", []string{madeBy(r.Managed)})
	lines(w, "Duties", dutyLines(r.Duties))
	if len(r.Unknown) > 0 {
		lines(w, "Not read", r.Unknown)
	}
	l.unseen(w)
	fmt.Fprintf(w, "Next   %s\n", run("who read "+quoted(r)))
}

// quoted is how the resource is named on a command line.
func quoted(r *Row) string {
	if strings.ContainsAny(r.Name, " \t'\"$*?") || r.Name == "" {
		return string(r.ARN)
	}
	return r.Name
}

func madeBy(m relation.Managed) string {
	switch {
	case m.In != "":
		return m.By + ", stack " + m.In
	case m.By == relation.Nobody:
		return "hand, as far as its tags tell"
	case m.By == relation.Untold:
		return "somebody: its tags were not read"
	}
	return m.By
}

// mostLines is how much of one kind a page shows; JSON has all.
const mostLines = 14

// lines writes a list behind a word.
func lines(w *term.Screen, head string, list []string) {
	for i, x := range list {
		if i == mostLines {
			fmt.Fprintf(w, "%-10s and %d more (--format json)\n", "", len(list)-mostLines)
			break
		}
		for _, part := range term.Wrap(term.Clean(x), w.Width-11) {
			fmt.Fprintf(w, "%-10s %s\n", head, part)
			head = ""
		}
	}
	if len(list) > 0 {
		fmt.Fprintln(w)
	}
}

// related tells relations in one direction, one kind a line.
func related(r *Row, to bool) []string {
	var kinds []string
	by := map[string][]string{}
	for _, x := range r.Related {
		if x.To == to {
			if by[x.Kind] == nil {
				kinds = append(kinds, x.Kind)
			}
			by[x.Kind] = append(by[x.Kind], x.Name)
		}
	}
	var out []string
	for _, k := range kinds {
		names := by[k]
		line := k + " " + strings.Join(names, ", ")
		if len(names) > 6 {
			line = fmt.Sprintf("%s %s and %d more", k, strings.Join(names[:6], ", "), len(names)-6)
		}
		out = append(out, line)
	}
	return out
}

// flat writes properties out, one a line, without policies: those are for who and policy.
func flat(path string, v any) []string {
	switch v := v.(type) {
	case map[string]any:
		var out []string
		for _, k := range slices.Sorted(maps.Keys(v)) {
			if strings.Contains(k, "Document") || k == "KeyPolicy" || k == "Policies" || k == "Content" {
				continue
			}
			out = append(out, flat(strings.TrimPrefix(path+"."+k, "."), v[k])...)
		}
		return out
	case []any:
		var texts []string
		for _, x := range v {
			switch x.(type) {
			case map[string]any, []any:
				return []string{fmt.Sprintf("%s: %d", path, len(v))}
			}
			texts = append(texts, fmt.Sprint(x))
		}
		if len(texts) == 0 {
			return nil
		}
		return []string{path + ": " + strings.Join(texts, ", ")}
	case nil:
		return nil
	case string, bool:
		return []string{fmt.Sprintf("%s: %v", path, v)}
	}
	text := fmt.Sprint(v)
	if len(text) > 200 { // a document of another kind
		return nil
	}
	return []string{path + ": " + text}
}
