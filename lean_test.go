package main_test

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Code that calls methods by names known only at run time makes the linker keep every exported method of every type that is used:
// all operations of the AWS SDK, and a binary three times as large. text/template is the usual way in (cobra's Set…Template, html/template).
// "Deadcode elimination", the -dumpdep flag of https://pkg.go.dev/cmd/link.
func TestLeanBinary(t *testing.T) {
	const mark = "<ReflectMethod>"
	link := exec.Command("go", "build", "-ldflags=-dumpdep", "-o", filepath.Join(t.TempDir(), "footing"), ".")
	out, err := link.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%.2000s", err, out)
	}
	uses, bad := map[string][]string{}, ""
	for line := range strings.SplitSeq(string(out), "\n") {
		from, to, ok := strings.Cut(line, " -> ")
		if !ok {
			continue
		}
		for _, end := range []string{from, to} {
			if strings.Contains(end, mark) && bad == "" {
				bad = symbol(end)
			}
		}
		uses[symbol(from)] = append(uses[symbol(from)], symbol(to))
	}
	if len(uses["main.main"]) == 0 {
		t.Fatal("the linker does not tell what main uses: does this test still read its words?")
	}
	if bad != "" {
		t.Errorf("the linker keeps every method, because of the last of these:\n%s", strings.Join(way(uses, "main.main", bad), "\n"))
	}
}

// Since the autumn of 2026 packages of the AWS SDK come with a schema of each of their shapes, all of which a process builds at its start,
// used or not: with every service that footing reads 22 MB and 40 ms before it does anything. go.mod keeps to releases from before that,
// but for the few below, of which a newer one is needed or whose like the SDK's own configuration brings.
func TestNoSchemas(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	few := []string{"cloudwatch", "identitystore", "rolesanywhere", "signin", "sso", "ssooidc"}
	services := 0
	for line := range strings.Lines(string(out)) {
		name, ok := strings.CutPrefix(strings.TrimSpace(line), "github.com/aws/aws-sdk-go-v2/service/")
		if !ok {
			continue
		}
		services++
		if name, ok = strings.CutSuffix(name, "/schemas"); ok && !slices.Contains(few, name) {
			t.Errorf("%s builds its schemas at every start: is an older release enough?", name)
		}
	}
	if services == 0 {
		t.Error("no client of the AWS SDK is used: does this test still read its words?")
	}
}

// symbol is a name without the linker's remarks on it.
func symbol(s string) string {
	s, _, _ = strings.Cut(s, " <")
	return s
}

// way is a shortest chain of uses from one symbol to another.
func way(uses map[string][]string, from, to string) []string {
	by := map[string]string{from: ""}
	for next := []string{from}; len(next) > 0; next = next[1:] {
		for _, u := range uses[next[0]] {
			if _, seen := by[u]; !seen {
				by[u] = next[0]
				next = append(next, u)
			}
		}
	}
	var out []string
	for at := to; at != ""; at = by[at] {
		out = append(out, at)
	}
	slices.Reverse(out)
	return out
}
