package catalog_test

import (
	"os/exec"
	"strings"
	"testing"
)

// TestPublicPackagesStandAlone: whoever imports iam or catalog gets the standard library with it, and nothing else.
func TestPublicPackagesStandAlone(t *testing.T) {
	for _, pkg := range []string{"iam", "catalog"} {
		full := "github.com/footing-dev/footing/" + pkg
		out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", full).Output()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Fields(string(out)); len(got) != 1 || got[0] != full {
			t.Errorf("%s brings %v", pkg, got)
		}
	}
}
