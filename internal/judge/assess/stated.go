package assess

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Statement is one thing that people say and that a judgement depends on.
type Statement struct {
	Kind  string `json:"kind"`
	About string `json:"about"`
	Says  string `json:"says"`
}

// Kinds of statements.
const (
	SaysClass       = "class"       // of a row, by footing.yaml or a tag: about its id
	SaysClassTags   = "class-tags"  // which tags tell a class, where footing.yaml says it: about class_tags
	SaysImpact      = "impact"      // an owner's own number: about ID:read, ID:write
	SaysTrust       = "trust"       // about an account
	SaysThreshold   = "threshold"   // about its number
	SaysObjective   = "objective"   // about its id
	SaysMitigation  = "mitigation"  // about its id: its status and its effect
	SaysOverride    = "override"    // about ID:read, ID:write
	SaysWaiver      = "waiver"      // about ID:read, a threat, an objective or a rule
	SaysException   = "exception"   // about FROM → TO
	SaysAttestation = "attestation" // about a rule
)

// StatedChange is a statement that was made, taken back or changed since.
type StatedChange struct {
	Kind, About   string
	Before, After string // "" where it was not said
	// Weakens tells that less is asked for, or that something counts for less, because somebody says so.
	Weakens bool
}

// Statements are what people state, in order of kind and subject.
func (a *Assessment) Statements() []Statement {
	m := a.Model
	var out []Statement
	say := func(kind, about, format string, args ...any) {
		out = append(out, Statement{kind, about, fmt.Sprintf(format, args...)})
	}
	for i := range a.Sheet.Rows {
		row := &a.Sheet.Rows[i]
		s, class := a.said(row)
		if class != "" && row.Access == access.Read {
			say(SaysClass, row.ID, "%s", class)
		}
		if s == nil || s.Impact.Reason == "" {
			continue
		}
		n := s.Impact.Read
		if row.Access == access.Write {
			n = s.Impact.Write
		}
		if n > 0 {
			say(SaysImpact, row.ID+":"+strings.ToLower(row.Access.String()), "%d, by %s on %s: %s", n, s.Impact.By, s.Impact.Date, s.Impact.Reason)
		}
	}
	if tags := m.ClassTags; !slices.Equal(tags, threatmodel.Default().ClassTags) {
		say(SaysClassTags, "class_tags", "%s", strings.Join(tags, ", "))
	}
	for id, name := range m.Trusted {
		if why, ok := m.TrustedSaid[id]; ok {
			name += fmt.Sprintf(", by %s on %s: %s", why.By, why.Date, why.Reason)
		}
		say(SaysTrust, id, "%s", name)
	}
	for _, t := range m.Thresholds {
		say(SaysThreshold, strconv.Itoa(t.At), "%s", cmp.Or(strings.TrimSpace(t.Action+" "+t.Objective), "-"))
	}
	for _, o := range m.Objectives {
		var must []string
		for _, s := range o.Must {
			must = append(must, s.Text)
		}
		say(SaysObjective, o.ID, "%s", strings.Join(must, "; "))
	}
	for _, t := range m.Mitigations {
		effects, err := json.Marshal(t.Effects)
		if err != nil {
			effects = []byte(err.Error()) // nothing in it can fail to be written
		}
		say(SaysMitigation, t.ID, "%s: %s", t.Status, effects)
	}
	for _, o := range m.Overrides {
		say(SaysOverride, o.Target.String(), "likelihood %d until %s, by %s: %s", o.Likelihood, o.Until, o.By, o.Reason)
	}
	for _, w := range m.Waivers {
		limit := ""
		if w.MaxRisk > 0 {
			limit = fmt.Sprintf(" up to %d", w.MaxRisk)
		}
		say(SaysWaiver, w.About(), "until %s%s, by %s: %s", w.Until, limit, w.By, w.Reason)
	}
	for _, e := range m.Exceptions {
		say(SaysException, e.About(), "until %s, by %s: %s", e.Until, e.By, e.Reason)
	}
	for _, t := range m.Attestations {
		say(SaysAttestation, t.Rule, "until %s, by %s: %s", t.Until, t.By, t.Reason)
	}
	slices.SortFunc(out, compareStatements)
	return slices.Compact(out)
}

// said is what people state about the resource of a row, and its class.
func (a *Assessment) said(row *risk.Row) (*threatmodel.Resource, string) {
	if row.Asset {
		for i := range a.Model.Resources {
			if s := &a.Model.Resources[i]; s.ID == row.ID && s.Asset != "" {
				return s, s.Class
			}
		}
	}
	if r, ok := a.Snapshot.Get(row.Key); ok {
		return a.Model.Of(r), a.Model.Class(r)
	}
	return nil, ""
}

func compareStatements(a, b Statement) int {
	return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.About, b.About), strings.Compare(a.Says, b.Says))
}

// restated tells two sorted lists of statements apart. Of several about the same thing those that differ are told one by one.
func restated(before, after []Statement) []StatedChange {
	out := []StatedChange{}
	for len(before)+len(after) > 0 {
		var b, a []Statement
		switch {
		case len(after) == 0 || len(before) > 0 && subject(before[0], after[0]) < 0:
			b, before = about(before)
		case len(before) == 0 || subject(before[0], after[0]) > 0:
			a, after = about(after)
		default:
			b, before = about(before)
			a, after = about(after)
		}
		b, a = only(b, a), only(a, b)
		for i := range max(len(b), len(a)) {
			var c StatedChange
			if i < len(b) {
				c.Kind, c.About, c.Before = b[i].Kind, b[i].About, b[i].Says
			}
			if i < len(a) {
				c.Kind, c.About, c.After = a[i].Kind, a[i].About, a[i].Says
			}
			c.Weakens = c.weakens()
			out = append(out, c)
		}
	}
	return out
}

// subject orders statements by what they are about.
func subject(a, b Statement) int {
	return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.About, b.About))
}

// about cuts off the statements about what the first is about.
func about(list []Statement) (first, rest []Statement) {
	n := 1
	for n < len(list) && subject(list[0], list[n]) == 0 {
		n++
	}
	return list[:n], list[n:]
}

// only are the statements that the other list has not.
func only(list, other []Statement) []Statement {
	var out []Statement
	for _, s := range list {
		if !slices.Contains(other, s) {
			out = append(out, s)
		}
	}
	return out
}

// weakens: less of a class or an impact; a line, an objective that is gone or says something else; somebody who is trusted, something
// that is accepted, or a mitigation that claims something else.
func (c *StatedChange) weakens() bool {
	switch c.Kind {
	case SaysClass:
		return slices.Index(threatmodel.Classes(), c.After) < slices.Index(threatmodel.Classes(), c.Before)
	case SaysImpact: // the first of it is the number; without one the computed one counts, whatever that is
		return c.After == "" || c.Before != "" && c.After[0] < c.Before[0]
	case SaysThreshold, SaysObjective:
		return c.Before != ""
	case SaysMitigation, SaysClassTags:
		return false // it lowers nothing before a scan sees it; classes that change by it are told themselves
	}
	return c.After != ""
}

// lessens tells whether a class or an impact that nobody stated before makes a thing count for less than what was computed.
func (c *StatedChange) lessens(rows []RiskChange) bool {
	return c.Before == "" && (c.Kind == SaysClass || c.Kind == SaysImpact) && slices.ContainsFunc(rows, func(r RiskChange) bool {
		return !r.New && r.After.Impact < r.Before.Impact && (c.About == r.ID || c.About == r.ID+":"+strings.ToLower(r.Access.String()))
	})
}
