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
	passed, failed, expected := 0, 0, 0
	tested := map[string]bool{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".guard") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rules, err := guard.Parse(path, src)
		if err != nil {
			t.Errorf("%v", err)
			return nil
		}
		stem := strings.TrimSuffix(filepath.Base(path), ".guard")
		files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "tests", stem+"*"))
		if err != nil {
			return err
		}
		for _, file := range files {
			if tested[file] {
				continue
			}
			tested[file] = true
			src, err := os.ReadFile(file)
			if err != nil {
				return err
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
					if !check.OK && check.Got != nil {
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
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d passed, %d failed; %d test files, %d expectations", passed, failed, len(tested), expected)
}
