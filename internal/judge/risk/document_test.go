package risk

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestDocumentedPoints keeps docs/risk.md and the table the same.
func TestDocumentedPoints(t *testing.T) {
	src, err := os.ReadFile("../../../docs/risk.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(src)
	rows := 0
	for line := range strings.Lines(doc) {
		if strings.HasPrefix(line, "| `") {
			rows++
		}
	}
	if rows != len(base) {
		t.Errorf("docs/risk.md lists %d entry points, the table has %d", rows, len(base))
	}
	for kind, points := range base {
		found := false
		for line := range strings.Lines(doc) {
			found = found || strings.HasPrefix(line, "| `"+kind+"`") && strings.HasSuffix(strings.TrimSpace(line), fmt.Sprintf("| %d |", points))
		}
		if !found {
			t.Errorf("docs/risk.md does not say that %s is %d points", kind, points)
		}
	}
	if !strings.Contains(doc, "it is "+TableVersion+".") {
		t.Errorf("docs/risk.md does not name version %s", TableVersion)
	}
}
