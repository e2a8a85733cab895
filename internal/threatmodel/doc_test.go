package threatmodel

import (
	"os"
	"strings"
	"testing"
)

// TestDocumentedExample: what docs/footing-yaml.md shows is what is read.
func TestDocumentedExample(t *testing.T) {
	page, err := os.ReadFile("../../docs/footing-yaml.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```yaml\n")
	example, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("no example")
	}
	m, err := Parse("footing.yaml", []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Thresholds) != 3 || len(m.Resources) != 2 || len(m.Actors) != 2 || len(m.UseCases) != 1 || m.Trusted["444455556666"] != "partner" {
		t.Errorf("%+v", m)
	}
}
