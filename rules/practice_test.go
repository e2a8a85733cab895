package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/catalog/practice"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/rules"
)

// items are those of every table, each once.
func items() []practice.Item {
	var out []practice.Item
	for _, name := range practice.Names() {
		table, _ := practice.Load(name)
		for _, g := range table.Groups {
			for _, i := range g.Items {
				if !slices.ContainsFunc(out, func(o practice.Item) bool { return o.Framework == i.Framework && o.Slug == i.Slug }) {
					out = append(out, i)
				}
			}
		}
	}
	return out
}

// A rule refers to items that there are, and to none that its table calls not covered.
func TestReferences(t *testing.T) {
	all := items()
	for _, r := range rules.All() {
		for _, ref := range r.Refs {
			at := slices.IndexFunc(all, func(i practice.Item) bool { return slices.Contains(i.Refs(), ref) })
			switch {
			case at < 0:
				t.Errorf("%s refers to %s, which no table has", r.ID, ref)
			case all[at].Sees == practice.None:
				t.Errorf("%s refers to %s, which catalog/practice calls not covered: it is covered now, or it is not this rule that covers it", r.ID, ref)
			}
		}
	}
}

// Whatever a table says to be seen has rules that bear on it, and every rule that a table names is there.
func TestPracticesHaveRules(t *testing.T) {
	var missing []string
	for _, i := range items() {
		bears := false
		for _, r := range rules.All() {
			bears = bears || slices.Contains(i.Rules, r.ID) || slices.ContainsFunc(r.Refs, func(ref string) bool { return slices.Contains(i.Refs(), ref) })
		}
		if !bears && i.Sees >= practice.Part {
			t.Errorf("%s %s (%s) is said to be seen, and no rule bears on it", i.Framework, i.Slug, strings.Join(i.Refs(), ", "))
		}
		for _, id := range i.Rules {
			if !slices.ContainsFunc(rules.All(), func(r check.Rule) bool { return r.ID == id }) && !slices.Contains(missing, id) {
				missing = append(missing, id)
			}
		}
	}
	if slices.Sort(missing); len(missing) > 0 {
		t.Errorf("catalog/practice names rules that are not there: %s", strings.Join(missing, " "))
	}
}
