package threatmodel

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// bind reads a choice. Units are chosen by what a resource is and where it stands, not by what is judged of it.
func (s *source) bind(p *Bind) func(entry) error {
	return func(e entry) error { return s.choice(e.value, p, true) }
}

func (s *source) choice(n ast.Node, p *Bind, judged bool) error {
	p.Line = line(n)
	fields := []field{
		may("arn", s.intoWords(&p.ARN)), may("type", s.intoWords(&p.Type)), may("tag", into(&p.Tag, s.tags)),
		may("vpc", s.intoWords(&p.VPC)), may("iam_path", s.paths(&p.Path)), may("k8s", s.k8s(&p.K8s)),
	}
	if judged {
		fields = append(fields, may("oidc", s.intoWords(&p.OIDC)), may("unit", into(&p.Unit, func(n ast.Node, what string) (Words, error) { return s.words(n, what, s.reference(what, "unit")) })),
			may("capability", s.capability(&p.Capability)), may("exposure", s.intoOneOf(&p.Exposure, "internet")))
	}
	if err := s.record(n, "bind", "", fields...); err != nil {
		return err
	}
	if p.Empty() {
		return s.mistake(n, "for instance bind: {type: AWS::S3::Bucket, tag: {service: orders}}", "this bind is empty and would choose nothing")
	}
	if len(p.OIDC) > 0 && len(p.ARN)+len(p.Type)+len(p.Tag)+len(p.VPC)+len(p.Path)+len(p.Unit)+len(p.Capability)+len(p.Exposure)+len(p.K8s.Cluster) > 0 {
		return s.mistake(n, "take oidc alone, or make two of it", "oidc stands with other keys in one bind, and nothing is a federated identity and a resource at once")
	}
	return nil
}

func (s *source) tags(n ast.Node, what string) (map[string]Words, error) {
	es, err := s.entries(n, what)
	if err != nil {
		return nil, err
	}
	if len(es) == 0 {
		return nil, s.mistake(n, "for instance tag: {env: prod}", "%s names no tag", what)
	}
	out := make(map[string]Words, len(es))
	for _, t := range es {
		if t.value == nil {
			return nil, s.mistake(t.at, `for any value write "*"`, "the tag %q has no value", t.key)
		}
		if out[t.key], err = s.words(t.value, "the value of a tag", s.word); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// paths of IAM begin with a slash (IAM User Guide, "IAM identifiers").
func (s *source) paths(p *Words) func(entry) error {
	return into(p, func(n ast.Node, what string) (Words, error) {
		return s.words(n, what, func(n ast.Node, what string) (string, error) {
			t, err := s.text(n, what)
			if err == nil && !strings.HasPrefix(t, "/") {
				err = s.mistake(n, "for instance /prod/", "%s begins with a slash, and %q does not", what, t)
			}
			return t, err
		})
	})
}

func (s *source) k8s(p *K8s) func(entry) error {
	return func(e entry) error {
		return s.record(e.value, "k8s", "k8s: {cluster: main, namespaces: [prod]}", must("cluster", s.intoWords(&p.Cluster)), may("namespaces", s.intoWords(&p.Namespaces)))
	}
}

// capability is admin, of the account, or an access to a resource: "read:uploads".
func (s *source) capability(p *Words) func(entry) error {
	return into(p, func(n ast.Node, what string) (Words, error) {
		return s.words(n, what, func(n ast.Node, what string) (string, error) {
			t, err := s.text(n, what)
			if err != nil || t == "admin" {
				return t, err
			}
			access, id, ok := strings.Cut(t, ":")
			if !ok || !slices.Contains(accesses(), access) {
				return "", s.mistake(n, suggest(access, accesses(), "write admin, or for instance read:uploads; the words are"), "%s cannot be %q", what, t)
			}
			s.known(n, "the capability is of something that", id, "resource")
			return t, nil
		})
	})
}

func accesses() []string { return []string{"read", "write", "admin"} }

func (s *source) unit(n ast.Node, m *Model) error {
	u := Unit{Line: line(n)}
	err := s.record(n, "a unit", "{name: prod, bind: [{tag: {env: prod}}]}",
		must("name", s.id(&u.Name, "unit")),
		may("parent", func(e entry) error {
			// "root" is what an organisation calls its top.
			if t, err := s.text(e.value, e.key); err != nil || t == "root" {
				return err
			}
			return s.refer(&u.Parent, "the parent of a unit", "unit")(e)
		}),
		must("bind", func(e entry) error {
			items, err := s.list(e.value, "the bind of a unit")
			if err != nil {
				return err
			}
			for _, item := range items {
				var b Bind
				if err := s.choice(item, &b, false); err != nil {
					return err
				}
				u.Bind = append(u.Bind, b)
			}
			if len(items) == 0 {
				return s.mistake(e.value, "for instance bind: [{tag: {env: prod}}]", "the bind of a unit is an empty list")
			}
			return nil
		}),
		may("may_reach", s.refers(&u.MayReach, "may_reach", "unit")))
	if err != nil {
		return err
	}
	if u.Name == "root" {
		return s.mistake(n, "give it another name", `"root" is what lies above all units, and no unit can be called that`)
	}
	if u.Parent != "" {
		s.links = append(s.links, link{"lies within", u.Name, u.Parent, n})
	}
	m.Units = append(m.Units, u)
	return nil
}

func (s *source) resource(n ast.Node, m *Model) error {
	r := Resource{Line: line(n)}
	const like = "{id: orders, bind: {type: AWS::DynamoDB::Table, tag: {service: orders}}}"
	err := s.record(n, "a resource", like,
		may("id", s.id(&r.ID, "resource")), may("bind", s.bind(&r.Bind)), may("asset", s.intoText(&r.Asset)), may("owner", s.intoText(&r.Owner)),
		may("class", s.intoOneOf(&r.Class, Classes()...)), may("impact", s.impact(&r.Impact)))
	switch {
	case err != nil:
		return err
	case r.ID == "" || r.Bind.Empty() && r.Asset == "":
		return s.mistake(n, "for instance "+like, `a resource needs id and bind; one that stands outside AWS has asset: "domain registrar" in the place of bind`)
	case !r.Bind.Empty() && r.Asset != "":
		return s.mistake(n, "take one of the two away", "the resource %q has a bind and an asset: it stands in AWS or outside", r.ID)
	}
	m.Resources = append(m.Resources, r)
	return nil
}

func (s *source) impact(p *Impact) func(entry) error {
	return func(e entry) error {
		const like = `{read: 5, reason: "contains passports", by: ana@acme.example, date: 2026-11-02}`
		var said Said
		err := s.record(e.value, "an impact that people state", like,
			append([]field{may("read", s.intoNumber(&p.Read, 1, 5)), may("write", s.intoNumber(&p.Write, 1, 5))}, s.saying(&said)...)...)
		if err == nil && p.Read+p.Write == 0 {
			err = s.mistake(e.at, "for instance "+like, "this impact says neither read nor write")
		}
		p.Reason, p.By, p.Date = said.Reason, said.By, said.Date
		return err
	}
}

func (s *source) component(n ast.Node, m *Model) error {
	c := Component{Line: line(n)}
	err := s.record(n, "a component", "{id: api, bind: {type: AWS::ECS::Service, tag: {service: api}}, uses: [orders]}",
		must("id", s.id(&c.ID, "component")), must("bind", s.bind(&c.Bind)), may("owner", s.intoText(&c.Owner)),
		may("uses", s.refers(&c.Uses, "uses", "resource", "component")))
	if err != nil {
		return err
	}
	for _, to := range c.Uses {
		s.links = append(s.links, link{"uses", c.ID, to, n})
	}
	m.Components = append(m.Components, c)
	return nil
}

func (s *source) person(n ast.Node, m *Model) error {
	p := Person{Line: line(n)}
	err := s.record(n, "a person", `{id: ines, name: Ines, bind: {arn: ["arn:aws:iam::111122223333:user/ines"]}}`,
		must("id", s.id(&p.ID, "person")), may("name", s.intoText(&p.Name)), must("bind", s.bind(&p.Bind)))
	m.People = append(m.People, p)
	return err
}

func (s *source) actor(n ast.Node, m *Model) error {
	a := Actor{Line: line(n)}
	err := s.record(n, "an actor", "", may("id", s.id(&a.ID, "actor")), may("kind", s.intoOneOf(&a.Kind, "human", "machine", "anonymous")),
		may("bind", s.bind(&a.Bind)), may("outside", into(&a.Outside, s.flag)))
	if err == nil && (a.ID == "" || a.Bind.Empty() && !a.Outside) {
		err = s.mistake(n, `for instance {id: ci, kind: machine, bind: {oidc: "repo:acme/web:environment:prod"}}`,
			"an actor needs an id, and a bind unless it stands outside")
	}
	m.Actors = append(m.Actors, a)
	return err
}

func (s *source) entryPoint(n ast.Node, m *Model) error {
	p := EntryPoint{Line: line(n)}
	err := s.record(n, "an entry point", "{id: public-api, kind: web-host, leads_to: [api]}",
		must("id", s.id(&p.ID, "entry point")), may("kind", s.kinds(&p.Kind, EntryKinds())), may("bind", s.bind(&p.Bind)),
		may("leads_to", s.refers(&p.LeadsTo, "leads_to", "resource", "component")))
	m.EntryPoints = append(m.EntryPoints, p)
	return err
}

func (s *source) useCase(n ast.Node, m *Model) error {
	u := UseCase{Needs: map[string][]string{}, Line: line(n)}
	err := s.record(n, "a use case", "{id: upload, actor: customer, needs: {uploads: [read, write]}}",
		must("id", s.id(&u.ID, "use case")), must("actor", s.refer(&u.Actor, "the actor of a use case", "actor")),
		may("through", s.refer(&u.Through, "through", "entry point")), may("path", s.refers(&u.Path, "path", "resource", "component")),
		may("needs", func(e entry) error { return s.needs(e, u.Needs) }))
	m.UseCases = append(m.UseCases, u)
	return err
}

func (s *source) needs(e entry, out map[string][]string) error {
	es, err := s.entries(e.value, "needs")
	if err != nil {
		return err
	}
	for _, e := range es {
		s.known(e.at, "needs", e.key, "resource")
		if e.value == nil {
			return s.mistake(e.at, "for instance {uploads: [read, write]}", "the use case does not say which access to %q it needs", e.key)
		}
		if out[e.key], err = s.words(e.value, "an access that a use case needs", func(n ast.Node, what string) (string, error) {
			return s.oneOf(n, what, accesses()...)
		}); err != nil {
			return err
		}
	}
	return nil
}
