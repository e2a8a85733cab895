package threatmodel

import (
	"slices"

	"github.com/goccy/go-yaml/ast"
)

func (s *source) actors(n ast.Node, m *Model) error {
	items, err := s.list(n, "actors")
	if err != nil {
		return err
	}
	for _, item := range items {
		es, err := s.entries(item, "an actor", "id", "kind", "bind", "outside")
		if err != nil {
			return err
		}
		var a Actor
		for _, e := range es {
			switch e.key {
			case "id":
				a.ID, err = s.text(e.value, "id")
			case "kind":
				a.Kind, err = s.oneOf(e.value, "kind", "human", "machine", "anonymous")
			case "bind":
				a.Bind, err = s.bind(e.value)
			case "outside":
				var word string
				word, err = s.oneOf(e.value, "outside", "true", "false")
				a.Outside = word == "true"
			}
			if err != nil {
				return err
			}
		}
		if a.ID == "" || a.Bind.Empty() && !a.Outside {
			return s.mistake(item, `for instance {id: ci, kind: machine, bind: {oidc: "repo:acme/web:environment:prod"}}`,
				"an actor needs an id, and a bind unless it stands outside")
		}
		if slices.ContainsFunc(m.Actors, func(o Actor) bool { return o.ID == a.ID }) {
			return s.mistake(item, "give each its own id", "two actors are called %q", a.ID)
		}
		m.Actors = append(m.Actors, a)
	}
	return nil
}

func (s *source) useCases(n ast.Node, m *Model) error {
	items, err := s.list(n, "use_cases")
	if err != nil {
		return err
	}
	var actors, resources []string
	for _, a := range m.Actors {
		actors = append(actors, a.ID)
	}
	for _, r := range m.Resources {
		resources = append(resources, r.ID)
	}
	for _, item := range items {
		es, err := s.entries(item, "a use case", "id", "actor", "through", "path", "needs")
		if err != nil {
			return err
		}
		u := UseCase{Needs: map[string][]string{}}
		for _, e := range es {
			switch e.key {
			case "id":
				u.ID, err = s.text(e.value, "id")
			case "actor":
				u.Actor, err = s.oneOf(e.value, "the actor of a use case", actors...)
			case "needs":
				err = s.needs(e.value, resources, u.Needs)
			}
			if err != nil {
				return err
			}
		}
		if u.ID == "" || u.Actor == "" {
			return s.mistake(item, "for instance {id: upload, actor: customer, needs: {uploads: [read, write]}}", "a use case needs id and actor")
		}
		m.UseCases = append(m.UseCases, u)
	}
	return nil
}

func (s *source) needs(n ast.Node, resources []string, out map[string][]string) error {
	es, err := s.entries(n, "needs", resources...)
	if err != nil {
		return err
	}
	for _, e := range es {
		if len(resources) == 0 {
			return s.mistake(e.at, "state it under resources", "the use case needs %q, and no resource is called that", e.key)
		}
		ws, err := s.words(e.value, "needs")
		if err != nil {
			return err
		}
		for _, w := range ws {
			if !slices.Contains([]string{"read", "write", "admin"}, w) {
				return s.mistake(e.value, "write read, write or admin", "%q is no access that a use case can need", w)
			}
		}
		out[e.key] = ws
	}
	return nil
}
