package access

import (
	"os"
	"strings"
	"testing"
)

// Every path of the public catalogues is a route of ours, or it is said why it is none.
func TestCatalogues(t *testing.T) {
	src, err := os.ReadFile("routes/catalogue.tsv")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{"assume-role": true} // a step that is in no file: see assume
	for _, r := range allRoutes(t) {
		known[r.ID] = true
	}
	listed, seen := map[string]int{}, map[string]bool{}
	for line := range strings.Lines(string(src)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := append(strings.Split(strings.TrimSuffix(line, "\n"), "\t"), "")
		if len(f) < 4 || f[1] == "" || seen[f[0]+" "+f[1]] {
			t.Fatalf("%q is no row, or there twice", line)
		}
		seen[f[0]+" "+f[1]] = true
		listed[f[0]]++
		if f[2] == "-" {
			if f[3] == "" || f[0] == "pathfinding.cloud" {
				t.Errorf("%s of %s is no route, and should be, or it is not said why", f[1], f[0])
			}
			continue
		}
		for id := range strings.SplitSeq(f[2], " ") {
			if !known[id] {
				t.Errorf("%s of %s: there is no route %q", f[1], f[0], id)
			}
		}
	}
	for name, n := range map[string]int{"pathfinding.cloud": 103, "aws_escalate": 22, "PMapper": 10, "stratus-red-team": 44} {
		if listed[name] != n {
			t.Errorf("%s lists %d, and %d are here", name, n, listed[name])
		}
	}
}
