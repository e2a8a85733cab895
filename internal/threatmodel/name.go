package threatmodel

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// What footing.yaml gives names to, and who refers to them.

// goodName is what people may call something: no comma or quote, which sentences use, and no colon, which "uploads:read" uses.
var goodName = regexp.MustCompile(`^[^\s:,"'](?:[^:,"'\x00-\x1f]{0,98}[^\s:,"'])?$`)

// sections is where a kind of thing is stated.
var sections = map[string]string{
	"resource": "resources", "component": "components", "unit": "units", "person": "people", "actor": "actors", "entry point": "entry_points",
	"use case": "use_cases", "threat": "threats", "mitigation": "mitigations", "objective": "objectives",
}

// id reads the name of a new thing of some kind. Resources and components share their names: both are referred to in one place.
func (s *source) id(p *string, kind string) func(entry) error {
	return func(e entry) error {
		id, err := s.text(e.value, e.key)
		if err != nil {
			return err
		}
		if !goodName.MatchString(id) {
			return s.mistake(e.value, "a short name of letters, digits and dashes, such as customer-uploads", "%q cannot be the %s of a %s", id, e.key, kind)
		}
		others := []string{kind}
		switch kind {
		case "resource":
			others = []string{"resource", "component"}
		case "component":
			others = []string{"component", "resource"}
		}
		for _, other := range others {
			at, taken := s.named[other][id]
			switch {
			case !taken, at == 0 && kind == "resource": // people may state the account as the resource that it is
			case at == 0:
				return s.mistake(e.value, "give it another", "%q is the account itself, and a %s cannot be called that", id, kind)
			case other == kind:
				return s.mistake(e.value, fmt.Sprintf("give each its own; the other one stands in line %d", at), "two %s are called %q", strings.ReplaceAll(sections[kind], "_", " "), id)
			default:
				return s.mistake(e.value, fmt.Sprintf("give each its own; the other one stands in line %d", at), "a %s and a %s are called %q", other, kind, id)
			}
		}
		if s.named[kind] == nil {
			s.named[kind] = map[string]int{}
		}
		s.named[kind][id] = line(e.value)
		*p = id
		return nil
	}
}

// refer reads a reference to something that is stated somewhere in the file.
func (s *source) refer(p *string, what string, kinds ...string) func(entry) error {
	return into(p, s.reference(what, kinds...))
}

func (s *source) refers(p *[]string, what string, kinds ...string) func(entry) error {
	return func(e entry) error {
		if l, ok := e.value.(*ast.SequenceNode); ok && len(l.Values) == 0 {
			return nil // "may_reach: []" says that there is nothing
		}
		ids, err := s.words(e.value, e.key, s.reference(what, kinds...))
		*p = ids
		return err
	}
}

func (s *source) reference(what string, kinds ...string) func(ast.Node, string) (string, error) {
	return func(n ast.Node, key string) (string, error) {
		id, err := s.text(n, key)
		if err == nil {
			s.known(n, what, id, kinds...)
		}
		return id, err
	}
}

// known checks at the end, when all names are known, that one of these kinds of things has the name.
func (s *source) known(n ast.Node, what, id string, kinds ...string) {
	s.later = append(s.later, func() error {
		var all []string
		for _, k := range kinds {
			if _, ok := s.named[k][id]; ok {
				return nil
			}
			all = append(all, slices.Sorted(maps.Keys(s.named[k]))...)
		}
		hint := fmt.Sprintf("state it under %s", sections[kinds[0]])
		if near := Nearest(id, all); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		} else if len(all) > 0 {
			hint = suggest(id, all, hint+", or write one of")
		}
		return s.mistake(n, hint, "%s cannot be %q: no %s is called that", what, id, strings.Join(kinds, " or "))
	})
}

// link is one thing that leads to another, in a way that must not lead back.
type link struct {
	how, from, to string
	at            ast.Node
}

// circles finds links that lead back to where they began.
func (s *source) circles() error {
	for _, how := range []string{"lies within", "uses"} {
		out := map[string][]link{}
		for _, l := range s.links {
			if l.how == how {
				out[l.from] = append(out[l.from], l)
			}
		}
		done := map[string]bool{}
		for _, l := range s.links {
			if l.how != how {
				continue
			}
			if err := s.circle(l.from, out, done); err != nil {
				return err
			}
		}
	}
	return nil
}

// circle walks from one thing, by a stack of its own: a chain may be as long as the file.
func (s *source) circle(from string, out map[string][]link, done map[string]bool) error {
	type step struct {
		at   string
		next int
	}
	stack, open := []step{{at: from}}, map[string]bool{from: true}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if done[top.at] || top.next == len(out[top.at]) {
			done[top.at], open[top.at] = true, false
			stack = stack[:len(stack)-1]
			continue
		}
		l := out[top.at][top.next]
		top.next++
		if !open[l.to] {
			open[l.to] = true
			stack = append(stack, step{at: l.to})
			continue
		}
		var way []string
		for _, st := range stack[slices.IndexFunc(stack, func(st step) bool { return st.at == l.to }):] {
			way = append(way, st.at)
		}
		if len(way) > 6 {
			way = append(way[:6], "…")
		}
		return s.mistake(l.at, "take one of these steps away", "%q %s itself: %s", l.to, l.how, strings.Join(append(way, l.to), " → "))
	}
	return nil
}
