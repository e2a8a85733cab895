package iam

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Print writes a policy as indented JSON in the order in which AWS documents the elements; single values stand without a list. Parse
// reads it back to the same policy, except for Name. A policy that has Unparsed statements, or two conditions with the same operator
// and key in one statement, cannot be written down and is an error.
func Print(p *Policy) ([]byte, error) {
	compact, err := p.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, compact, "", "  "); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// MarshalJSON is Print on one line.
func (p *Policy) MarshalJSON() ([]byte, error) {
	if len(p.Unparsed) > 0 {
		return nil, fmt.Errorf("policy %q has statements that were not understood", p.Name)
	}
	w := &writer{}
	w.open('{')
	version := p.Version
	if version == "" {
		version = version2008
	}
	w.member("Version", version)
	if p.ID != "" {
		w.member("Id", p.ID)
	}
	w.name("Statement")
	w.open('[')
	for i := range p.Statements {
		w.comma()
		if err := w.statement(&p.Statements[i]); err != nil {
			return nil, fmt.Errorf("policy %q, statement %d: %w", p.Name, i, err)
		}
	}
	w.close(']')
	w.close('}')
	return w.b.Bytes(), nil
}

// writer emits JSON in an order of its own, which encoding/json gives to structs only.
type writer struct {
	b     bytes.Buffer
	fresh bool // nothing stands behind the last bracket
}

func (w *writer) open(c byte)  { w.b.WriteByte(c); w.fresh = true }
func (w *writer) close(c byte) { w.b.WriteByte(c); w.fresh = false }

func (w *writer) comma() {
	if !w.fresh {
		w.b.WriteByte(',')
	}
	w.fresh = false
}

func (w *writer) name(s string) {
	w.comma()
	w.text(s)
	w.b.WriteByte(':')
}

func (w *writer) text(s string) {
	e := json.NewEncoder(&w.b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string into a buffer cannot fail
	w.b.Truncate(w.b.Len() - 1)
}

func (w *writer) member(name, value string) {
	w.name(name)
	w.text(value)
}

// list writes one value bare and several as a list.
func (w *writer) list(name string, values []string) {
	w.name(name)
	if len(values) == 1 {
		w.text(values[0])
		return
	}
	w.open('[')
	for _, v := range values {
		w.comma()
		w.text(v)
	}
	w.close(']')
}

func (w *writer) statement(st *Statement) error {
	w.open('{')
	if st.Sid != "" {
		w.member("Sid", st.Sid)
	}
	effect := "Deny"
	if st.Effect == EffectAllow {
		effect = "Allow"
	}
	w.member("Effect", effect)
	w.principals("Principal", st.Principals)
	w.principals("NotPrincipal", st.NotPrincipal)
	for _, l := range []struct {
		name   string
		values []string
	}{{"Action", st.Actions}, {"NotAction", st.NotActions}, {"Resource", st.Resources}, {"NotResource", st.NotResources}} {
		if l.values != nil {
			w.list(l.name, l.values)
		}
	}
	err := w.conditions(st.Conditions)
	w.close('}')
	return err
}

func (w *writer) principals(name string, p *Principals) {
	if p == nil {
		return
	}
	if p.onlyAny() {
		w.member(name, "*")
		return
	}
	w.name(name)
	w.open('{')
	aws := p.AWS
	if p.Any {
		aws = append([]string{"*"}, aws...)
	}
	for _, l := range []struct {
		name   string
		values []string
	}{{"AWS", aws}, {"Service", p.Service}, {"Federated", p.Federated}, {"CanonicalUser", p.Canonical}} {
		if len(l.values) > 0 {
			w.list(l.name, l.values)
		}
	}
	w.close('}')
}

// conditions groups by operator, in the order in which the operators first occur.
func (w *writer) conditions(all []Condition) error {
	if len(all) == 0 {
		return nil
	}
	type slot struct{ operator, key string }
	seen := map[slot]bool{}
	var operators []string
	for _, c := range all {
		s := slot{c.Operator, c.Key}
		if seen[s] {
			return fmt.Errorf("two conditions %s on %s", c.Operator, c.Key)
		}
		seen[s] = true
		if !contains(operators, c.Operator) {
			operators = append(operators, c.Operator)
		}
	}
	w.name("Condition")
	w.open('{')
	for _, operator := range operators {
		w.name(operator)
		w.open('{')
		for _, c := range all {
			if c.Operator == operator {
				w.list(c.Key, c.Values)
			}
		}
		w.close('}')
	}
	w.close('}')
	return nil
}
