package threatmodel

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// saying are the keys that make somebody's word count.
func (s *source) saying(p *Said) []field {
	return []field{must("reason", s.intoText(&p.Reason)), must("by", s.intoText(&p.By)), must("date", s.intoDay(&p.Date))}
}

// longest is how many days an override may hold.
const longest = 180

// ends checks that what is said ends after it began, and not too late. most is in days; 0 for no bound.
func (s *source) ends(n ast.Node, what string, said Said, until string, most int) error {
	from, to := dayOf(said.Date), dayOf(until)
	switch {
	case to.Before(from):
		return s.mistake(n, "", "%s ends on %s, before it was said (%s)", what, until, said.Date)
	case most > 0 && to.After(from.AddDate(0, 0, most)):
		return s.mistake(n, fmt.Sprintf("the last day that it may have is %s", from.AddDate(0, 0, most).Format(time.DateOnly)),
			"%s may hold for %d days, and this one holds longer", what, most)
	}
	return nil
}

// dayOf is the midnight at which a day begins. The reader has checked it.
func dayOf(s string) time.Time {
	t, _ := time.Parse(time.DateOnly, s)
	return t
}

// until reads an end, and keeps where it stands.
func (s *source) until(p *string, at *ast.Node) field {
	return must("until", func(e entry) error { *at = e.value; return s.intoDay(p)(e) })
}

func (s *source) override(n ast.Node, m *Model) error {
	o := Override{Said: Said{Line: line(n)}}
	var end ast.Node
	err := s.record(n, "an override", `{target: {resource: orders, access: read}, likelihood: 2, reason: "…", by: ana@acme.example, date: 2026-11-02, until: 2027-03-01}`,
		append([]field{
			must("target", func(e entry) error {
				err := s.record(e.value, "the target of an override", "", s.target(&o.Target)...)
				if err == nil && o.Target.ID == "" {
					err = s.mistake(e.at, "for instance target: {resource: orders, access: read}", "the target of an override needs a resource")
				}
				return err
			}),
			must("likelihood", s.intoNumber(&o.Likelihood, 1, 5)), s.until(&o.Until, &end), may("evidence", s.intoText(&o.Evidence)),
		}, s.saying(&o.Said)...)...)
	if err != nil {
		return err
	}
	for _, other := range m.Overrides {
		if other.Target.ID == o.Target.ID && (other.Target.Access == o.Target.Access || other.Target.Access == "" || o.Target.Access == "") {
			return s.mistake(n, fmt.Sprintf("keep one; the other stands in line %d", other.Line), "two overrides are about %s", o.Target)
		}
	}
	m.Overrides = append(m.Overrides, o)
	return s.ends(end, "an override", o.Said, o.Until, longest)
}

// String is a target as the command line takes it: uploads:read, or uploads for both accesses.
func (t Target) String() string { return strings.TrimSuffix(t.ID+":"+t.Access, ":") }

func (s *source) waiver(n ast.Node, m *Model) error {
	w := Waiver{Said: Said{Line: line(n)}}
	var end ast.Node
	err := s.record(n, "a waiver", `{target: {resource: orders, access: read}, reason: "…", by: ana@acme.example, date: 2026-11-02, until: 2027-03-01, max_risk: 15}`,
		append([]field{
			must("target", func(e entry) error { return s.waived(e, &w) }), s.until(&w.Until, &end), may("max_risk", s.intoNumber(&w.MaxRisk, 1, 25)),
		}, s.saying(&w.Said)...)...)
	if err != nil {
		return err
	}
	switch {
	case w.MaxRisk == 0 && w.Objective == "" && w.Rule == "":
		return s.mistake(n, "for instance max_risk: 15", "a waiver of a risk needs max_risk: it ends by itself when the risk is more")
	case w.MaxRisk > 0 && w.Rule != "":
		return s.mistake(n, "take max_risk away", "a waiver of a rule is about no risk, and has a max_risk")
	}
	m.Waivers = append(m.Waivers, w)
	return s.ends(end, "this waiver", w.Said, w.Until, 0)
}

// waived reads what a waiver is about: a risk, a threat, an objective, or a rule (of one resource, or of all).
func (s *source) waived(e entry, w *Waiver) error {
	err := s.record(e.value, "the target of a waiver", "", append(s.target(&w.Target), may("threat", s.refer(&w.Threat, "the threat of a waiver", "threat")),
		may("objective", s.refer(&w.Objective, "the objective of a waiver", "objective")), may("rule", s.intoText(&w.Rule)))...)
	if err != nil {
		return err
	}
	given := 0
	for _, word := range []string{w.Threat, w.Objective, w.Rule} {
		if word != "" {
			given++
		}
	}
	risk := w.Target.ID != "" || w.Target.Access != ""
	if given > 1 || given == 0 && w.Target.ID == "" || given == 1 && risk && (w.Rule == "" || w.Target.Access != "") || given == 1 && w.Rule != "" && w.Target.ID == "" {
		return s.mistake(e.at, "write {resource, access}, {threat}, {objective}, or {rule, resource}", "a waiver is about one thing: a risk, a threat, an objective, or a rule of a resource")
	}
	return nil
}

// iamAction is service:Name, with wildcards in the name.
var iamAction = regexp.MustCompile(`^[a-z0-9-]+:[A-Za-z0-9*?]+$`)

func (s *source) exception(n ast.Node, m *Model) error {
	x := Exception{Said: Said{Line: line(n)}}
	var end ast.Node
	err := s.record(n, "an exception", `{from: role/dev/ci, to: prod, action: "ecr:BatchGetImage", reason: "promotes images", by: ana@acme.example, date: 2026-11-02, until: 2027-03-01}`,
		append([]field{
			must("from", s.intoText(&x.From)), must("to", s.intoText(&x.To)),
			may("action", func(e entry) error {
				t, err := s.text(e.value, e.key)
				if err == nil && !iamAction.MatchString(t) {
					err = s.mistake(e.value, "for instance ecr:BatchGetImage", "%q is no action of IAM", t)
				}
				x.Action = t
				return err
			}),
			s.until(&x.Until, &end),
		}, s.saying(&x.Said)...)...)
	if err != nil {
		return err
	}
	m.Exceptions = append(m.Exceptions, x)
	return s.ends(end, "this exception", x.Said, x.Until, 0)
}

func (s *source) attestation(n ast.Node, m *Model) error {
	a := Attestation{Said: Said{Line: line(n)}}
	var end ast.Node
	err := s.record(n, "an attestation", `{rule: SEC01-BP01, reason: "two people hold the root password, in a safe", by: ana@acme.example, date: 2026-11-02, until: 2027-11-01}`,
		append([]field{must("rule", s.intoText(&a.Rule)), s.until(&a.Until, &end)}, s.saying(&a.Said)...)...)
	if err != nil {
		return err
	}
	for _, other := range m.Attestations {
		if other.Rule == a.Rule {
			return s.mistake(n, fmt.Sprintf("keep one; the other stands in line %d", other.Line), "two attestations are about %s", a.Rule)
		}
	}
	m.Attestations = append(m.Attestations, a)
	return s.ends(end, "this attestation", a.Said, a.Until, 0)
}
