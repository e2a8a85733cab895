package compare

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/footing-dev/footing/iam"
)

// atom is one part of a statement that speaks of one thing: of the resource, or of one condition key. Equal atoms are one.
type atom struct {
	id       int
	key      string // lower case; empty for the resource
	spelled  string // the key as written
	op       iam.Operator
	values   []string
	patterns []*pattern // of texts and resources: one of them matches
	open     []template // values whose variables are not filled in yet
	vars     bool       // patterns hold fillers
	text     string     // what makes atoms equal
}

// literal of a statement: an atom holds, or does not.
type lit struct {
	a    *atom
	want bool
}

// statement matches a request when its action and its principal do and all literals hold.
type statement struct {
	source  *iam.Statement
	deny    bool
	actions set
	lits    []lit
	open    bool // some atom has variables
	never   bool
}

// policy is a policy taken apart.
type policy struct {
	source     *iam.Policy
	statements []statement
	named      bool // it says who is meant: a policy of a resource
	allows     set
	strange    []string // actions that the catalogue does not have
	why        string   // it cannot be taken apart
}

// compile takes a policy apart. The result is kept.
func (s *Solver) compile(p *iam.Policy) *policy {
	if c, ok := s.policies[p]; ok {
		return c
	}
	if len(s.policies) >= maxKept {
		clear(s.policies)
		clear(s.atoms)
	}
	c := &policy{source: p, statements: make([]statement, len(p.Statements))}
	s.policies[p] = c
	if len(p.Unparsed) > 0 {
		c.why = "a statement was not understood"
		return c
	}
	allows := s.u.none()
	work := budget{left: s.o.Steps}
	for i := range p.Statements {
		if !work.take(patternWork(&p.Statements[i])) {
			c.why = fmt.Sprintf("it has patterns of actions for more than %d steps", s.o.Steps)
			return c
		}
		if why := s.statement(c, &c.statements[i], &p.Statements[i]); why != "" {
			c.why = fmt.Sprintf("statement %d: %s", i, why)
			return c
		}
		if st := &c.statements[i]; !st.deny && !st.never {
			for j, w := range st.actions.words {
				allows.words[st.actions.from+j] |= w
			}
		}
	}
	if s.u.free >= 0 { // what no policy can forbid is no access that a policy gives
		allows.words[s.u.free/64] &^= 1 << (s.u.free % 64)
	}
	c.allows = allows.trim()
	return c
}

func (s *Solver) statement(c *policy, st *statement, source *iam.Statement) (why string) {
	st.source, st.deny = source, source.Effect == iam.EffectDeny
	for _, list := range [...][]string{source.Actions, source.NotActions, source.Resources, source.NotResources} {
		if tooLong(list) {
			return "a text is longer than AWS allows"
		}
	}
	for i := range source.Conditions {
		if tooLong(source.Conditions[i].Values) {
			return "a text is longer than AWS allows"
		}
	}
	c.named = c.named || source.Principals != nil || source.NotPrincipal != nil
	st.actions = s.actions(source, &c.strange)
	variables := c.source.Version == "2012-10-17"
	if list := source.Resources; list != nil {
		a := s.resource(list, variables)
		if !hasStars(a.patterns) {
			st.lits = append(st.lits, lit{a, true})
		}
	} else if list := source.NotResources; list != nil {
		a := s.resource(list, variables)
		st.never = hasStars(a.patterns) && len(a.open) == 0
		st.lits = append(st.lits, lit{a, false})
	}
	for i := range source.Conditions {
		a, ok := s.condition(&source.Conditions[i], variables)
		if !ok {
			return fmt.Sprintf("unknown operator %q", source.Conditions[i].Operator)
		}
		if l := (lit{a, true}); !slices.Contains(st.lits, l) {
			st.lits = append(st.lits, l)
		}
	}
	for _, l := range st.lits {
		st.open = st.open || len(l.a.open) > 0
	}
	return ""
}

// tooLong is true of texts that no policy can hold: the largest of all have 20,480 characters.
func tooLong(list []string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return len(s) > 20_480 })
}

// patternWork is how many steps it takes to see which actions a statement speaks of. A pattern that leaves the service open is held against
// every action.
func patternWork(st *iam.Statement) int {
	n := 1
	for _, list := range [...][]string{st.Actions, st.NotActions} {
		for _, a := range list {
			n += 8
			if service, _, _ := strings.Cut(a, ":"); a != "*" && strings.ContainsAny(service, "*?") {
				n += 20_000
			}
		}
	}
	return n
}

func (s *Solver) actions(st *iam.Statement, strange *[]string) set {
	list := st.Actions
	if list == nil {
		list = st.NotActions
	}
	for _, a := range list {
		if !strings.ContainsAny(a, "*?") && !s.u.known(a) {
			*strange = append(*strange, a)
		}
	}
	if st.Actions != nil {
		return s.u.matching(st.Actions...)
	}
	out := s.u.none()
	copy(out.words, s.u.all.words)
	not := s.u.matching(st.NotActions...)
	for i, w := range not.words {
		out.words[not.from+i] &^= w
	}
	return out.trim()
}

// intern gives the atom of a text, which make makes when it is new.
func (s *Solver) intern(text string, make func(*atom)) *atom {
	if a, ok := s.atoms[text]; ok {
		return a
	}
	s.made++
	a := &atom{id: s.made, text: text}
	make(a)
	s.atoms[text] = a
	return a
}

func (s *Solver) resource(list []string, variables bool) *atom {
	list = slices.Clone(list)
	slices.Sort(list)
	list = slices.Compact(list)
	text := fmt.Sprintf("%t\n%s", variables, strings.Join(list, "\n"))
	return s.intern(text, func(a *atom) {
		for _, v := range list {
			if variables {
				if t := readTemplate(v, true, raw); t != nil {
					a.open = append(a.open, *t)
					continue
				}
			}
			a.patterns = append(a.patterns, resourcePatterns(raw(v))...)
		}
	})
}

func (s *Solver) condition(c *iam.Condition, variables bool) (*atom, bool) {
	op, ok := iam.ParseOperator(c.Operator)
	if !ok {
		return nil, false
	}
	values := slices.Clone(c.Values)
	slices.Sort(values)
	values = slices.Compact(values)
	variables = variables && op.Variables && strings.Contains(strings.Join(values, "\n"), "${")
	var b strings.Builder
	fmt.Fprintf(&b, "%t\n%s\n%s", variables, strings.ToLower(c.Operator), strings.ToLower(c.Key))
	for _, v := range values {
		fmt.Fprintf(&b, "\n%d %s", len(v), v)
	}
	return s.intern(b.String(), func(a *atom) {
		a.op, a.key, a.spelled, a.values = op, strings.ToLower(c.Key), c.Key, values
		for _, v := range values {
			if variables {
				if t := readTemplate(v, false, reading(op.Kind)); t != nil {
					a.open = append(a.open, *t)
					continue
				}
			}
			if p := valuePattern(op.Kind, reading(op.Kind)(v)); p != nil {
				a.patterns = append(a.patterns, p)
			}
		}
	}), true
}

// reading says how the values of an operator are read: with wildcards or without.
func reading(k iam.Kind) func(string) []token {
	if k == iam.KindLike || k == iam.KindARN {
		return raw
	}
	return func(s string) []token { return literal(s, fixed) }
}

// valuePattern makes a pattern of the value of an operator on texts. It is nil where nothing matches, and for other operators.
func valuePattern(k iam.Kind, tokens []token) *pattern {
	switch k {
	case iam.KindString, iam.KindLike:
		return newPattern(tokens)
	case iam.KindStringFold:
		for i := range tokens {
			if tokens[i].kind == fixed {
				tokens[i].kind = folded
			}
		}
		return newPattern(tokens)
	case iam.KindARN:
		return arnPattern(tokens)
	case iam.KindBool:
		p := newPattern(tokens)
		if !strings.EqualFold(p.text, "true") && !strings.EqualFold(p.text, "false") {
			return nil
		}
		return valuePattern(iam.KindStringFold, tokens)
	}
	return nil
}

// fill gives the literals of a statement for some values of the variables. It is nil, false when the statement matches nothing.
func (s *Solver) fill(st *statement, f filling) ([]lit, bool) {
	if st.never {
		return nil, false
	}
	if !st.open {
		return st.lits, true
	}
	var out []lit
	for _, l := range st.lits {
		if len(l.a.open) == 0 {
			out = append(out, l)
			continue
		}
		a, void := s.filled(l.a, f)
		if void && l.a.key == "" && !l.want {
			return nil, false // a NotResource with a variable without a value voids the statement
		}
		if l.a.key == "" && hasStars(a.patterns) {
			if !l.want {
				return nil, false
			}
			continue
		}
		if m := (lit{a, l.want}); !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out, true
}

func (s *Solver) filled(a *atom, f filling) (out *atom, void bool) {
	var b strings.Builder
	b.WriteString(a.text)
	var keys []string
	for i := range a.open {
		keys = append(keys, a.open[i].keys()...)
	}
	sort.Strings(keys)
	for _, k := range slices.Compact(keys) {
		v := f[k]
		fmt.Fprintf(&b, "\n${%s}=%d %t %d %s", k, v.state, v.known, v.id, v.value)
	}
	for i := range a.open {
		if _, v := a.open[i].fill(f); v {
			void = true
		}
	}
	return s.intern(b.String(), func(n *atom) {
		n.key, n.spelled, n.op, n.values = a.key, a.spelled, a.op, a.values
		n.patterns = slices.Clone(a.patterns)
		for i := range a.open {
			tokens, none := a.open[i].fill(f)
			if none {
				continue
			}
			tokens = s.opaque(a, &a.open[i], tokens)
			if a.key == "" {
				n.patterns = append(n.patterns, resourcePatterns(tokens)...)
			} else if p := valuePattern(a.op.Kind, tokens); p != nil {
				n.patterns = append(n.patterns, p)
			}
		}
		for _, p := range n.patterns {
			n.vars = n.vars || p.vars
		}
	}), void
}

// opaque replaces a pattern as a whole where the unknown value of a variable could hold a colon that counts.
func (s *Solver) opaque(a *atom, t *template, tokens []token) []token {
	if a.key != "" && a.op.Kind != iam.KindARN || a.key == "" && t.head != nil {
		return tokens
	}
	colons := 0
	for _, tok := range tokens {
		if isColon(tok) {
			colons++
		}
		if tok.kind == filler && colons < 5 {
			s.made++
			return []token{{kind: filler, r: rune(s.made) + firstOpaque}}
		}
	}
	return tokens
}

const firstOpaque = 1 << 16
