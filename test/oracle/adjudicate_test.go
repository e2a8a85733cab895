package oracle_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// ruling is one entry of adjudication.yaml: who is right where the peer and we differ, and which page of AWS says so.
type ruling struct {
	ID    string `yaml:"id"`    // the class
	Right string `yaml:"right"` // ours, theirs, neither, or either where AWS does not say
	Ours  string `yaml:"ours"`
	Peer  string `yaml:"peer"`
	Says  string `yaml:"says"` // what AWS documents, in our words
	See   string `yaml:"see"`
}

// adjudicated reads the table and holds it against the classes: each has an entry, and each entry a class.
func adjudicated(t *testing.T) []class {
	t.Helper()
	text, err := os.ReadFile("adjudication.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var rulings []ruling
	if err := yaml.UnmarshalWithOptions(text, &rulings, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, r := range rulings {
		if seen[r.ID] {
			t.Errorf("%s stands in the table twice", r.ID)
		}
		seen[r.ID] = true
		if !slices.Contains([]string{"ours", "neither", "either"}, r.Right) {
			t.Errorf("%s: right is %q; where the peer is right, the evaluator is mended and the class goes away", r.ID, r.Right)
		}
		if r.Ours == "" || r.Peer == "" || r.Says == "" || !strings.HasPrefix(r.See, "https://docs.aws.amazon.com/") {
			t.Errorf("%s: an entry says what we do, what the peer does, what AWS documents and where", r.ID)
		}
		if !slices.ContainsFunc(all, func(c class) bool { return c.id == r.ID }) {
			t.Errorf("%s: no such class", r.ID)
		}
	}
	for _, c := range all {
		if !seen[c.id] {
			t.Errorf("%s: a class without an entry", c.id)
		}
	}
	return all
}

// TestAdjudication needs no peer: the table is whole.
func TestAdjudication(t *testing.T) { adjudicated(t) }

// used fails on entries that match nothing, which would cover the next mistake.
func (c *tally) used(t *testing.T, classes []class) {
	t.Helper()
	for _, k := range classes {
		if c.classes[k.id] == 0 {
			t.Errorf("%s: this entry of adjudication.yaml matches nothing any more", k.id)
		}
	}
}
