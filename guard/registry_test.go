package guard_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/footing-dev/footing/guard"
)

// FOOTING_GUARD_REGISTRY names a copy of github.com/aws-cloudformation/aws-guard-rules-registry, which is not part of this repository.
func TestRegistry(t *testing.T) {
	dir := os.Getenv("FOOTING_GUARD_REGISTRY")
	if dir == "" {
		t.Skip("FOOTING_GUARD_REGISTRY names no copy of the rules registry")
	}
	passed, failed, expected, absent := 0, 0, 0, 0
	stems := map[string]map[string]string{} // folder, stem: rule file
	var tests []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		in := filepath.Dir(path)
		if stem, ok := strings.CutSuffix(filepath.Base(path), ".guard"); ok {
			if stems[in] == nil {
				stems[in] = map[string]string{}
			}
			stems[in][stem] = path
		} else if filepath.Base(in) == "tests" {
			tests = append(tests, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range tests {
		best := ""
		beside := stems[filepath.Dir(filepath.Dir(file))]
		for stem := range beside {
			if strings.HasPrefix(filepath.Base(file), stem) && len(stem) > len(best) {
				best = stem
			}
		}
		if best == "" {
			t.Logf("%s belongs to no rule file", file)
			continue
		}
		rules := readRules(t, beside[best])
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		cases, err := guard.LoadCases(file, src)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		for _, c := range cases {
			ok := true
			for _, check := range rules.Test(c, guard.Options{}) {
				expected++
				switch {
				case check.Got == nil:
					absent++
				case !check.OK:
					ok = false
					t.Errorf("%s:%s: %s: %s: want %s, got %v", file, c.At, c.Name, check.Rule, check.Status, check.Got)
				}
			}
			if ok {
				passed++
			} else {
				failed++
			}
		}
	}
	t.Logf("%d passed, %d failed; %d test files, %d expectations, %d of rules that do not exist", passed, failed, len(tests), expected, absent)
}

func readRules(t *testing.T, path string) *guard.Rules {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := guard.Parse(path, src)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}
