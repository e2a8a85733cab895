package guard_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/footing-dev/footing/guard"
)

var record = flag.Bool("record", false, "write what cfn-guard answers into testdata/cases; FOOTING_CFN_GUARD names the program")

// A corpus is the cases of one topic: NAME.guard, the document NAME.yaml (or doc.yaml for all), and NAME.want: what cfn-guard 3.2.1 answers,
// one rule a line. NAME.input.yaml holds parameters (-i), NAME.ours what we answer where that differs on purpose; its first line says why.
type corpus struct {
	path    string
	archive *txtar.Archive
	files   map[string][]byte
	names   []string
}

func corpora(t testing.TB) []corpus {
	t.Helper()
	paths, err := filepath.Glob("testdata/cases/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no corpus found", err)
	}
	var out []corpus
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		c := corpus{path: path, archive: a, files: map[string][]byte{}}
		for _, f := range a.Files {
			c.files[f.Name] = f.Data
			if name, ok := strings.CutSuffix(f.Name, ".guard"); ok {
				c.names = append(c.names, name)
			}
		}
		out = append(out, c)
	}
	return out
}

func (c corpus) doc(name string) (string, []byte) {
	if d, ok := c.files[name+".yaml"]; ok {
		return name + ".yaml", d
	}
	return "doc.yaml", c.files["doc.yaml"]
}

var moment = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func (c corpus) ours(name string) string {
	rules, err := guard.Parse(name+".guard", c.files[name+".guard"])
	if err != nil {
		return "unreadable\n"
	}
	file, src := c.doc(name)
	doc, err := guard.Load(file, src)
	if err != nil {
		return "unreadable\n"
	}
	if in := c.files[name+".input.yaml"]; in != nil {
		params, err := guard.Load("input", in)
		if err == nil {
			doc, err = guard.Merge(params, doc)
		}
		if err != nil {
			return "unreadable\n"
		}
	}
	// Of rules with one name, the one that applies is told, as in the report of cfn-guard.
	status := map[string]guard.Status{}
	for _, r := range rules.Evaluate(doc, guard.Options{Now: moment}) {
		if have, ok := status[r.Rule]; !ok || have == guard.Skip {
			status[r.Rule] = r.Status
		}
	}
	var b strings.Builder
	if len(status) == 0 {
		return "no rules\n"
	}
	for _, n := range once(rules.Names()) {
		fmt.Fprintf(&b, "%s %s\n", n, status[n])
	}
	return b.String()
}

func once(names []string) []string {
	var out []string
	for _, n := range names {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// TestCorpus holds us to what the Rust program answers.
func TestCorpus(t *testing.T) {
	rules := 0
	for _, c := range corpora(t) {
		for _, name := range c.names {
			want, ok := c.files[name+".want"]
			if !ok {
				t.Errorf("%s: %s has no recorded answer", c.path, name)
				continue
			}
			rules += bytes.Count(want, []byte("\n"))
			if own, ok := c.files[name+".ours"]; ok {
				reason, answer, _ := strings.Cut(string(own), "\n")
				if !strings.HasPrefix(reason, "# ") {
					t.Errorf("%s: %s differs from cfn-guard and does not say why", c.path, name)
				}
				if answer == string(want) {
					t.Errorf("%s: %s claims to differ from cfn-guard and does not", c.path, name)
				}
				want = []byte(answer)
			}
			if got := c.ours(name); got != string(want) {
				t.Errorf("%s: %s:\n%s", c.path, name, differing(string(want), got))
			}
		}
	}
	if rules < 150 {
		t.Errorf("only %d rules were judged", rules)
	}
	t.Logf("%d rules", rules)
}

func differing(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	if len(w) != len(g) {
		return "want\n" + want + "got\n" + got
	}
	var b strings.Builder
	for i := range w {
		if w[i] != g[i] {
			fmt.Fprintf(&b, "\twant %s, got %s\n", w[i], g[i])
		}
	}
	return b.String()
}

// TestOracle asks the Rust program again: make guard-oracle.
func TestOracle(t *testing.T) {
	program := os.Getenv("FOOTING_CFN_GUARD")
	if program == "" {
		t.Skip("FOOTING_CFN_GUARD names no cfn-guard 3.2.1")
	}
	for _, c := range corpora(t) {
		changed := false
		for _, name := range c.names {
			got := c.theirs(t, program, name)
			if *record {
				changed = c.set(name+".want", got) || changed
			} else if want := string(c.files[name+".want"]); got != want {
				t.Errorf("%s: %s: cfn-guard no longer answers as recorded:\n%s", c.path, name, differing(want, got))
			}
		}
		if changed {
			if err := os.WriteFile(c.path, txtar.Format(c.archive), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (c *corpus) set(file, text string) bool {
	if string(c.files[file]) == text {
		return false
	}
	for i := range c.archive.Files {
		if c.archive.Files[i].Name == file {
			c.archive.Files[i].Data = []byte(text)
			return true
		}
	}
	at := slices.IndexFunc(c.archive.Files, func(f txtar.File) bool { return f.Name == strings.TrimSuffix(file, ".want")+".guard" })
	c.archive.Files = slices.Insert(c.archive.Files, at+1, txtar.File{Name: file, Data: []byte(text)})
	return true
}

// theirs is what cfn-guard says: its rules in the order of the file, "unreadable" where it refuses the rules or the document, "aborted" where it
// gives up without an answer.
func (c corpus) theirs(t *testing.T, program, name string) string {
	t.Helper()
	dir := t.TempDir()
	write := func(file string, data []byte) string {
		p := filepath.Join(dir, file)
		if err := os.WriteFile(p, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return p
	}
	_, doc := c.doc(name)
	args := []string{"validate", "--structured", "-o", "json", "--show-summary", "none",
		"-r", write("rules.guard", c.files[name+".guard"]), "-d", write("doc.yaml", doc)}
	if in := c.files[name+".input.yaml"]; in != nil {
		args = append(args, "-i", write("input.yaml", in))
	}
	cmd := exec.Command(program, args...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	var reports []struct {
		NotCompliant  []struct{ Rule struct{ Name string } } `json:"not_compliant"`
		NotApplicable []string                               `json:"not_applicable"`
		Compliant     []string                               `json:"compliant"`
	}
	for _, says := range []string{"Parsing error", "while parsing data file", "Unable to parse", "not compatible for merges", "already exists in map", "InvalidKeyType", "non string"} {
		if strings.Contains(said.String(), says) {
			return "unreadable\n"
		}
	}
	if strings.Contains(said.String(), "panicked at") && strings.Contains(said.String(), "unreachable code") {
		return c.theirTest(t, program, dir, name) // the report of a clause whose left side is a literal
	}
	if jsonErr := json.Unmarshal(out.Bytes(), &reports); jsonErr != nil || len(reports) != 1 && err != nil {
		t.Logf("%s: %s: %v: %.300s", c.path, name, err, said.String())
		return "aborted\n"
	}
	status := map[string]string{}
	plain := func(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }
	if len(reports) == 0 {
		return "no rules\n"
	}
	for _, s := range reports[0].NotApplicable {
		status[plain(s)] = "SKIP"
	}
	for _, s := range reports[0].Compliant {
		status[plain(s)] = "PASS"
	}
	for _, r := range reports[0].NotCompliant {
		status[plain(r.Rule.Name)] = "FAIL"
	}
	var b strings.Builder
	if len(status) == 0 {
		return "no rules\n"
	}
	for _, n := range c.rulesOf(t, name) {
		s := status[n]
		if s == "" {
			s = "missing"
		}
		fmt.Fprintf(&b, "%s %s\n", n, s)
	}
	return b.String()
}

func (c corpus) rulesOf(t *testing.T, name string) []string {
	t.Helper()
	rules, err := guard.Parse(name, c.files[name+".guard"])
	if err != nil {
		t.Fatalf("%s: %s: cfn-guard reads this and we do not: %v", c.path, name, err)
	}
	return once(rules.Names())
}

// theirTest asks cfn-guard test, which reads documents a little otherwise and does not stumble over its own report.
func (c corpus) theirTest(t *testing.T, program, dir, name string) string {
	t.Helper()
	_, doc := c.doc(name)
	var b strings.Builder
	b.WriteString("- input:\n    " + strings.ReplaceAll(string(doc), "\n", "\n    ") + "\n  expectations:\n    rules:\n")
	for _, n := range c.rulesOf(t, name) {
		fmt.Fprintf(&b, "      %s: PASS\n", n)
	}
	file := filepath.Join(dir, "test.yaml")
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "test", "-r", filepath.Join(dir, "rules.guard"), "-t", file, "-o", "json").Output()
	var report struct {
		TestCases []struct {
			Passed []struct{ Name string } `json:"passed_rules"`
			Failed []struct {
				Name      string
				Evaluated []string
			} `json:"failed_rules"`
		} `json:"test_cases"`
	}
	if jsonErr := json.Unmarshal(out, &report); jsonErr != nil || len(report.TestCases) != 1 {
		t.Logf("%s: %s: %v: %.300s", c.path, name, err, out)
		return "aborted\n"
	}
	status := map[string]string{}
	for _, r := range report.TestCases[0].Passed {
		status[r.Name] = "PASS"
	}
	for _, r := range report.TestCases[0].Failed {
		status[r.Name] = r.Evaluated[0]
	}
	b.Reset()
	for _, n := range c.rulesOf(t, name) {
		fmt.Fprintf(&b, "%s %s\n", n, status[n])
	}
	return b.String()
}
