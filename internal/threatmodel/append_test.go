package threatmodel

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestAppend shows where items go.
func TestAppend(t *testing.T) {
	one := []string{"{id: b, outside: true}"}
	for name, c := range map[string]struct {
		section, src, want string
		items              []string
	}{
		"block":              {"actors", "footing: 1\nactors:   # who\n  - {id: a, outside: true} # x\n\n# more\nthreats:\n", "footing: 1\nactors:   # who\n  - {id: a, outside: true} # x\n  - {id: b, outside: true}\n\n# more\nthreats:\n", one},
		"several lines":      {"actors", "actors:\n- id: a\n  outside: true\n", "actors:\n- id: a\n  outside: true\n- id: b\n  outside: true\n\n  kind: human\n", []string{"id: b\noutside: true\n\nkind: human\n"}},
		"deep":               {"actors", "actors:\n     - id: a\n       outside: true\nthreats:\n", "actors:\n     - id: a\n       outside: true\n     - {id: b, outside: true}\nthreats:\n", one},
		"no end of line":     {"actors", "actors:\n  - {id: a, outside: true}", "actors:\n  - {id: a, outside: true}\n  - {id: b, outside: true}\n", one},
		"CRLF":               {"actors", "footing: 1\r\nactors:\r\n  - {id: a, outside: true}\r\n", "footing: 1\r\nactors:\r\n  - {id: a, outside: true}\r\n  - id: b\r\n    outside: true\r\n", []string{"id: b\noutside: true"}},
		"empty":              {"actors", "actors: # none yet\n  # - {id: x}\nthreats:\n", "actors: # none yet\n  - {id: b, outside: true}\n  # - {id: x}\nthreats:\n", one},
		"empty brackets":     {"actors", "actors: [] # [sic]\n", "actors: [{id: b, outside: true}] # [sic]\n", one},
		"brackets":           {"actors", "actors: [{id: a, outside: true}]\nthreats: []\n", "actors: [{id: a, outside: true}, {id: b, outside: true}]\nthreats: []\n", []string{"id: b\noutside: true"}},
		"comma at the end":   {"regions", "regions: [\n  eu-west-1, # one\n]\n", "regions: [\n  eu-west-1, # one\nus-east-1]\n", []string{"us-east-1"}},
		"new section":        {"actors", "footing: 1\n# r\nresources:\n  - {id: r, bind: {arn: x}}\n\n# t\nthreats:\n", "footing: 1\n# r\nresources:\n  - {id: r, bind: {arn: x}}\n\nactors:\n  - {id: b, outside: true}\n\n# t\nthreats:\n", one},
		"new section at end": {"actors", "footing: 1\n# that is all", "footing: 1\n\nactors:\n  - {id: b, outside: true}\n# that is all", one},
		"first section":      {"actors", "# c\nthreats:\n", "# c\nactors:\n  - {id: b, outside: true}\n\nthreats:\n", one},
		"nothing":            {"actors", "", "actors:\n  - {id: b, outside: true}\n", one},
		"comments":           {"actors", "# nothing yet", "# nothing yet\nactors:\n  - {id: b, outside: true}\n", one},
		"mark":               {"actors", "\ufefffooting: 1\n", "\ufefffooting: 1\n\nactors:\n  - {id: b, outside: true}\n", one},
		"text at the end": {"overrides", "overrides:\n  - target: {resource: a}\n    likelihood: 2\n    by: b\n    date: 2026-11-02\n    until: 2026-12-01\n    reason: |+\n      one\n      # not a comment\n\nwaivers:\n",
			"overrides:\n  - target: {resource: a}\n    likelihood: 2\n    by: b\n    date: 2026-11-02\n    until: 2026-12-01\n    reason: |+\n      one\n      # not a comment\n\n  - {target: {resource: b}, likelihood: 2, by: b, date: 2026-11-02, until: 2026-12-01, reason: r}\nwaivers:\n",
			[]string{"{target: {resource: b}, likelihood: 2, by: b, date: 2026-11-02, until: 2026-12-01, reason: r}"}},
		"odd words in brackets": {"resources", "resources: []\n", "resources: [{id: b, bind: {tag: {v: [\"a: b\", \"on\", 2, \"x\\ny\\n\"]}}}]\n", []string{"id: b\nbind:\n  tag:\n    v:\n      - 'a: b'\n      - \"on\"\n      - 2\n      - |\n        x\n        y"}},
	} {
		got, err := Append("f.yaml", []byte(c.src), c.section, c.items)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, got, c.want)
		}
	}
	for name, c := range map[string]struct{ section, src, item, says string }{
		"no list":        {"policy", "", "x", `"policy" is no list`},
		"no section":     {"actor", "", "x", `"actor" is no list`},
		"broken":         {"actors", "actors: x\n", "id: b", "f.yaml:1:9: actors is not a list"},
		"null":           {"actors", "actors: ~\n", "{id: b, outside: true}", "nothing can be added to actors"},
		"braces":         {"actors", "{footing: 1}\n", "{id: b, outside: true}", "nothing can be added to actors"},
		"same id":        {"actors", "actors: [{id: b, outside: true}]\n", "{id: b, outside: true}", `two actors are called "b"`},
		"no item":        {"actors", "", "# nothing", "the new item says nothing"},
		"not YAML":       {"actors", "", "[", "the new item:1:1:"},
		"another list":   {"actors", "", "id: b\noutside: true\nthreats: []", `unknown key "threats" in an actor`},
		"end of the doc": {"actors", "footing: 1\n...\n", "{id: b, outside: true}", ""},
	} {
		if out, err := Append("f.yaml", []byte(c.src), c.section, []string{c.item}); err == nil && c.says != "" || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// inserted checks that one text was put into another, and nothing else was changed.
func inserted(t *testing.T, before, after []byte) {
	t.Helper()
	n := 0
	for n < len(before) && n < len(after) && before[n] == after[n] {
		n++
	}
	if len(after) <= len(before) || !bytes.HasSuffix(after, before[n:]) {
		t.Fatalf("more was changed than added\n%s\n──\n%s", before, after)
	}
}

// anItem is a new item of a section that refers to nothing.
func anItem(section string, n int) string {
	said := fmt.Sprintf("reason: \"r %d: # not a comment\"\nby: b\ndate: 2026-11-02\nuntil: 2026-12-01", n)
	switch section {
	case "regions":
		return fmt.Sprintf("eu-west-%d", 10+n)
	case "alerts":
		return fmt.Sprintf("{email: a%d@b}", n)
	case "units":
		return fmt.Sprintf("name: new-%d\nbind: [{vpc: v}]", n)
	case "actors":
		return fmt.Sprintf("id: new-%d # new\noutside: true", n)
	case "entry_points":
		return fmt.Sprintf("id: new-%d", n)
	case "use_cases":
		return fmt.Sprintf("{id: new-%d, actor: internet}", n)
	case "threats":
		return fmt.Sprintf("id: new-%d\ntarget: {resource: a}", n)
	case "mitigations":
		return fmt.Sprintf("id: new-%d\nsay: |\n  One\n\n  Two", n)
	case "objectives":
		return fmt.Sprintf("id: new-%d\nmust: nobody may read account", n)
	case "overrides":
		return fmt.Sprintf("target: {resource: new-%d}\nlikelihood: 2\n%s", n, said)
	case "waivers":
		return fmt.Sprintf("target: {resource: new-%d}\nmax_risk: 5\n%s", n, said)
	case "exceptions":
		return "from: a/b\nto: b/c\n" + said
	case "attestations":
		return fmt.Sprintf("rule: new-%d\n%s", n, said)
	}
	return fmt.Sprintf("id: new-%d\nbind: {arn: x}", n)
}

// TestAppendKeepsEverything: whatever sections a file has, with whatever comments and ends of lines, what is added is read, and every other byte stays.
func TestAppendKeepsEverything(t *testing.T) {
	src, err := os.ReadFile("testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	// The lines of each section, and what stands between them.
	var parts [][]string
	for _, l := range strings.Split(strings.TrimSpace(string(src)), "\n") {
		if l != "" && l[0] != ' ' && l[0] != '#' {
			parts = append(parts, nil)
		}
		if l != "" && len(parts) > 0 {
			parts[len(parts)-1] = append(parts[len(parts)-1], l)
		}
	}
	if len(parts) != len(Sections()) {
		t.Fatalf("%d sections", len(parts))
	}
	rng := rand.New(rand.NewPCG(6, 6))
	done := 0
	for range 200 {
		// What refers to another section goes with it, so sections are left out from the end.
		file := "# footing\n"
		from := rng.IntN(len(parts) + 1)
		for i, p := range parts {
			if i >= from && i > 0 && rng.IntN(2) == 0 && i > slices.Index(Sections(), "objectives") {
				continue
			}
			file += strings.Join(p, "\n") + "\n" + []string{"", "\n", "# between\n", "\n  # deep\n\n# " + "]" + "\n", "   \n"}[rng.IntN(5)]
		}
		if rng.IntN(3) == 0 {
			file = strings.ReplaceAll(file, "\n", "\r\n")
		}
		if rng.IntN(3) == 0 {
			file = strings.TrimRight(file, "\r\n ")
		}
		before := []byte(file)
		section := lists()[rng.IntN(len(lists()))]
		items := make([]string, 1+rng.IntN(3))
		for i := range items {
			items[i] = anItem(section, i)
		}
		after, err := Append("f.yaml", before, section, items)
		if err != nil {
			t.Fatalf("%s: %v\n%s", section, err, file)
		}
		inserted(t, before, after)
		if _, err := Parse("f.yaml", after); err != nil {
			t.Fatalf("%s: %v\n%s", section, err, after)
		}
		if bytes.Contains(before, []byte("\r\n")) && bytes.Count(after, []byte("\n")) != bytes.Count(after, []byte("\r\n")) {
			t.Fatalf("ends of lines are mixed\n%q", after)
		}
		done++
	}
	t.Logf("%d files", done)
}

// FuzzAppend: an edit is refused, or it adds and changes nothing; what comes out is read.
func FuzzAppend(f *testing.F) {
	f.Add([]byte(sample), uint8(3), "id: b\noutside: true")
	f.Add([]byte("actors: [] # ]\r\nthreats: [\r\n]"), uint8(6), "{id: b, target: {resource: x}}")
	f.Add([]byte("mitigations:\n- id: a\n  say: |+\n    x\n   # y\n\n\n"), uint8(10), "id: b\nsay: >-\n  x\n\n  # y")
	f.Add([]byte("regions: ['eu-west-1'\n]#x"), uint8(0), "us-east-1")
	f.Fuzz(func(t *testing.T, src []byte, which uint8, item string) {
		section := lists()[int(which)%len(lists())]
		out, err := Append("f.yaml", src, section, []string{item})
		if err != nil {
			return
		}
		inserted(t, src, out)
		before, err := Parse("f.yaml", src)
		if err != nil {
			t.Fatalf("a file that cannot be read was added to: %v", err)
		}
		after, err := Parse("f.yaml", out)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if section == "actors" && len(after.Actors) != len(before.Actors)+1 {
			t.Fatalf("%d actors, then %d", len(before.Actors), len(after.Actors))
		}
	})
}
