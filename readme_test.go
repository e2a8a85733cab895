package main_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the transcript of README.md with what the program prints now")

// transcript is the one block of README.md that shows a screen.
var transcript = regexp.MustCompile("(?s)```\n\\$ go run \\. demo\n.*?```\n")

// TestREADME: what the README shows is what the program prints, but for the seconds.
func TestREADME(t *testing.T) {
	page, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := transcript.FindString(string(page))
	if shown == "" {
		t.Fatal("README.md shows no transcript of the demo")
	}
	screen, err := tryIt(t)("demo")
	if err != nil {
		t.Fatal(err)
	}
	screen = regexp.MustCompile(`\d+\.\d s`).ReplaceAllString(screen, "0.2 s")
	// Built, the program is called footing; run from a checkout, go run . (as long, and one letter more).
	screen = regexp.MustCompile(`(?m)^  footing (.*?)(?: {3,}|$)`).ReplaceAllStringFunc(screen, func(line string) string {
		command := strings.TrimRight(line, " ")
		padded := strings.Replace(command, "  footing ", "  go run . ", 1)
		return padded + strings.Repeat(" ", max(len(line)-len(padded), 0))
	})
	want := "```\n$ go run . demo\n" + screen + "```\n"
	if shown == want {
		return
	}
	if !*update {
		t.Fatalf("README.md shows another screen than the program prints; go test . -run README -update\n%s", want)
	}
	if err := os.WriteFile("README.md", []byte(strings.Replace(string(page), shown, want, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// tryIt builds demo/try and returns what runs it, with an empty store.
func tryIt(t *testing.T) func(args ...string) (string, error) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "try")
	if out, err := exec.Command("go", "build", "-o", program, "./demo/try").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	data := t.TempDir()
	return func(args ...string) (string, error) {
		cmd := exec.Command(program, args...)
		cmd.Env = append(os.Environ(), "XDG_DATA_HOME="+data, "FOOTING_STORE=", "NO_COLOR=1")
		out, err := cmd.Output()
		return string(out), err
	}
}
