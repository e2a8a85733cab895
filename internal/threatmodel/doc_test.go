package threatmodel

import (
	"os"
	"strings"
	"testing"
)

// examples are the blocks of YAML of docs/footing-yaml.md.
func examples(t *testing.T) []string {
	t.Helper()
	page, err := os.ReadFile("../../docs/footing-yaml.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, part := range strings.Split(string(page), "```yaml\n")[1:] {
		example, _, _ := strings.Cut(part, "```")
		out = append(out, example)
	}
	return out
}

// TestDocumentedExample: what docs/footing-yaml.md shows is what is read, the first example alone and all of them as one file.
func TestDocumentedExample(t *testing.T) {
	all := examples(t)
	m, err := Parse("footing.yaml", []byte(all[0]))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Thresholds) != 3 || len(m.Resources) != 2 || len(m.Actors) != 2 || len(m.UseCases) != 1 || m.Trusted["444455556666"] != "partner" {
		t.Errorf("%+v", m)
	}
	whole := strings.Join(all, "\n")
	if _, err := Parse("footing.yaml", []byte(whole)); err != nil {
		t.Fatal(err)
	}
	if err := compiled(t).Validate(loose(t, []byte(whole))); err != nil {
		t.Error(err)
	}
	for _, s := range Sections() {
		if !strings.Contains("\n"+whole, "\n"+s+":") {
			t.Errorf("the page has no example of %s", s)
		}
	}
}

// TestDocumentedSentences: so are the sentences, and the words that its tables name.
func TestDocumentedSentences(t *testing.T) {
	page, err := os.ReadFile("../../docs/footing-yaml.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Forms() {
		if !strings.Contains(string(page), "| `"+f+"` |") {
			t.Errorf("the page does not show %q", f)
		}
	}
	if !strings.Contains(string(page), EditorLine(SchemaAddress)) {
		t.Error("the page does not show the line for editors")
	}
	demo, err := os.ReadFile("../../demo/footing.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled(t).Validate(loose(t, demo)); err != nil {
		t.Errorf("demo/footing.yaml: %v", err)
	}
}
