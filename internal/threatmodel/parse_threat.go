package threatmodel

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// EntryKinds are the kinds of entry points of the path table, from the widest open to the narrowest.
func EntryKinds() []string {
	return []string{"public", "any-principal", "oidc-no-subject", "root-key", "unknown-account", "exposed-host", "root-no-mfa", "password-no-mfa", "access-key",
		"oidc-org", "partner", "web-host", "oidc-repo", "partner-external-id", "service", "password-mfa", "sso", "oidc-pinned", "private-host", "pod",
		"root-mfa", "service-bound"}
}

// EntryFacts are the facts of the path table that make an entry point easier.
func EntryFacts() []string {
	return []string{"key-over-90-days", "key-over-365-days", "key-without-mfa", "imdsv1", "known-exploited", "high-epss"}
}

// Guards are the conditions that an attacker cannot choose to meet.
func Guards() []string { return []string{"mfa", "network", "organization"} }

// kinds reads words of which each is, or as a pattern chooses, one of those known.
func (s *source) kinds(p *Words, known []string) func(entry) error {
	return into(p, func(n ast.Node, what string) (Words, error) {
		return s.words(n, what, func(n ast.Node, what string) (string, error) {
			t, err := s.text(n, what)
			if err == nil && !slices.ContainsFunc(known, func(k string) bool { return Glob(t, k) }) {
				err = s.mistake(n, suggest(t, known, "write one of"), "%s cannot be %q", what, t)
			}
			return t, err
		})
	})
}

// target is one access to one row. A row that nobody stated has an id too, so that every word is taken here; Warnings tells of one that the
// snapshot does not have.
func (s *source) target(p *Target) []field {
	return []field{may("resource", s.intoText(&p.ID)), may("access", s.intoOneOf(&p.Access, "read", "write"))}
}

func (s *source) threat(n ast.Node, m *Model) error {
	t := Threat{Line: line(n)}
	err := s.record(n, "a threat", "{id: T-uploads-write, target: {resource: uploads, access: write}, stride: [T, D]}",
		must("id", s.id(&t.ID, "threat")),
		must("target", func(e entry) error {
			err := s.record(e.value, "the target of a threat", "", s.target(&t.Target)...)
			if err == nil && t.Target.ID == "" {
				err = s.mistake(e.at, "for instance target: {resource: uploads, access: write}", "the target of a threat needs a resource")
			}
			return err
		}),
		may("stride", into((*Words)(&t.STRIDE), func(n ast.Node, what string) (Words, error) {
			return s.words(n, what, func(n ast.Node, what string) (string, error) { return s.oneOf(n, what, "S", "T", "R", "I", "D", "E") })
		})),
		may("by", s.refers(&t.By, "by", "actor")), may("through", s.refers(&t.Through, "through", "entry point")),
		may("grammar", func(e entry) error {
			return s.record(e.value, "grammar", "", may("source", s.intoText(&t.Source)), may("action", s.intoText(&t.Action)),
				may("impact", s.intoText(&t.Impact)), may("goal", s.intoText(&t.Goal)))
		}),
		may("mitigations", s.refers(&t.Mitigations, "mitigations", "mitigation")))
	m.Threats = append(m.Threats, t)
	return err
}

func (s *source) mitigation(n ast.Node, m *Model) error {
	t := Mitigation{Status: "proposed", Line: line(n)}
	err := s.record(n, "a mitigation", `{id: M-imdsv2, say: "Require IMDSv2 on web hosts", effect: {drop_fact: imdsv1, where: {entry: web-host}}}`,
		must("id", s.id(&t.ID, "mitigation")), must("say", s.intoText(&t.Say)), may("status", s.intoOneOf(&t.Status, "proposed", "planned", "in-place")),
		may("change", s.intoText(&t.Change)), may("owner", s.intoText(&t.Owner)), may("due", s.intoDay(&t.Due)),
		may("effect", func(e entry) error {
			list, several := e.value.(*ast.SequenceNode)
			switch {
			case !several:
				return s.effect(e.value, &t)
			case len(list.Values) == 0:
				return s.mistake(e.value, "leave the key out while nobody knows it", "effect is an empty list")
			}
			return s.each(func(n ast.Node) error { return s.effect(n, &t) })(e)
		}))
	m.Mitigations = append(m.Mitigations, t)
	return err
}

// effect reads one of the four things that a mitigation can do to ways.
func (s *source) effect(n ast.Node, t *Mitigation) error {
	var e Effect
	var did []string
	var where ast.Node
	one := func(read func(entry) error) func(entry) error {
		return func(at entry) error { did = append(did, at.key); return read(at) }
	}
	err := s.record(n, "an effect", "",
		may("close", one(func(at entry) error { return s.closes(at, &e) })),
		may("drop_fact", one(s.intoOneOf(&e.Fact, EntryFacts()...))),
		may("add_guard", one(s.intoOneOf(&e.Guard, Guards()...))),
		may("replace", one(func(at entry) error {
			return s.record(at.value, "replace", "replace: {from: oidc-org, to: oidc-pinned}",
				must("from", s.kinds(&e.Where.Entry, EntryKinds())), must("to", s.intoOneOf(&e.Replace, EntryKinds()...)))
		})),
		may("where", func(at entry) error { where = at.value; return nil }))
	switch {
	case err != nil:
		return err
	case len(did) != 1:
		return s.mistake(n, "make a list of them: effect: [{…}, {…}]", "an effect is one of close, drop_fact, add_guard and replace, and this one has %d of them", len(did))
	case where != nil && did[0] == "close":
		return s.mistake(where, "for instance close: {entry: access-key, principal: user/ci}", "what is closed stands in close itself, and this effect has a where beside it")
	case where != nil:
		err = s.where(where, "where", &e.Where, e.Replace != "")
	}
	t.Effects = append(t.Effects, e)
	return err
}

func (s *source) where(n ast.Node, what string, w *Where, replaces bool) error {
	fields := []field{may("entry", s.kinds(&w.Entry, EntryKinds())), may("principal", s.intoWords(&w.Principal)), may("resource", s.intoWords(&w.Resource))}
	if replaces {
		fields = fields[1:] // "from" has said it
	}
	return s.record(n, what, "", fields...)
}

// closes reads which ways are no more, or which steps.
func (s *source) closes(at entry, e *Effect) error {
	const like = `for instance close: {entry: access-key, principal: "user/ci"}`
	err := s.record(at.value, "close", "", may("entry", s.kinds(&e.Where.Entry, EntryKinds())), may("principal", s.intoWords(&e.Where.Principal)),
		may("resource", s.intoWords(&e.Where.Resource)), may("step", s.intoWords((*Words)(&e.Steps))))
	ways := len(e.Where.Entry)+len(e.Where.Principal)+len(e.Where.Resource) > 0
	switch {
	case err != nil:
		return err
	case ways && len(e.Steps) > 0:
		return s.mistake(at.at, "make a list of two effects", "this closes steps and ways at once")
	case !ways && len(e.Steps) == 0:
		return s.mistake(at.at, like, "this closes nothing: it says neither which ways nor which steps")
	}
	e.Close = ways
	return nil
}

func (s *source) objective(n ast.Node, m *Model) error {
	o := Objective{Line: line(n)}
	err := s.record(n, "an objective", `{id: CO-1, say: "Only admins administer the account.", must: only admins may administer account}`,
		must("id", s.id(&o.ID, "objective")), may("say", s.intoText(&o.Say)),
		must("must", func(e entry) error {
			var at []ast.Node
			texts, err := s.words(e.value, e.key, func(n ast.Node, what string) (string, error) { at = append(at, n); return s.text(n, what) })
			if err != nil {
				return err
			}
			k := len(m.Objectives)
			s.later = append(s.later, func() error { // a sentence speaks of what may stand below it
				for i, text := range texts {
					a, err := s.sentence(text, at[i])
					if err != nil {
						return err
					}
					m.Objectives[k].Must = append(m.Objectives[k].Must, a)
				}
				return nil
			})
			return nil
		}),
		may("refs", s.intoWords((*Words)(&o.Refs))))
	m.Objectives = append(m.Objectives, o)
	return err
}

// sentence reads one sentence of an objective, and shows the word that is not understood where it stands in the file.
func (s *source) sentence(text string, n ast.Node) (Assertion, error) {
	a, slip := ParseSentence(text, s.names())
	a.Line = line(n)
	if slip == nil {
		return a, nil
	}
	at, column := s.locate(n, strings.Fields(text), slip.word)
	return a, s.here(at, column, slip.hint, slip.says)
}

// locate finds a word of a text in the lines of the file: the words stand there in the same order, however the text is quoted or folded.
func (s *source) locate(n ast.Node, words []string, word int) (line, column int) {
	t := position(n)
	if t == nil || t.Position == nil {
		return 0, 1
	}
	from := t.Position.Line
	line, column = from, t.Position.Column
	if from < 1 || from > len(s.lines) {
		return line, column
	}
	rest := []rune(s.lines[from-1])
	behind := min(max(column-1, 0), len(rest))
	rest = rest[behind:]
	for i := 0; i <= min(word, len(words)-1); i++ {
		for {
			if at := strings.Index(string(rest), words[i]); at >= 0 {
				at = len([]rune(string(rest)[:at]))
				line, column = from, behind+at+1
				size := len([]rune(words[i]))
				behind, rest = behind+at+size, rest[at+size:]
				break
			}
			if from >= len(s.lines) || from > t.Position.Line+200 {
				return t.Position.Line, t.Position.Column
			}
			from++
			behind, rest = 0, []rune(s.lines[from-1])
		}
	}
	if word >= len(words) {
		column = behind + 1 // just after the last word: the sentence ends too early
	}
	return line, column
}
