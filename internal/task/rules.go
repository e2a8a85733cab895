package task

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/guard"
	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/show/ruled"
)

var (
	ruleExt = []string{".guard", ".ruleset"}
	docExt  = []string{".yaml", ".yml", ".json", ".jsn", ".template"}
)

// CheckRules judges documents by Guard rules. Rules, inputs and documents are files and folders. What cannot be read is told by warn, the rest
// goes on, and the error at the end is about the first of it.
func CheckRules(rules, inputs, documents []string, now time.Time, warn func(error)) (*ruled.Checked, error) {
	var unread error
	lost := func(err error) {
		if unread != nil {
			warn(err)
			return
		}
		unread = err
	}
	files, err := ruleFiles(rules, lost)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, unread
	}
	params, err := parameters(inputs)
	if err != nil {
		return nil, err
	}
	paths, err := filesOf(documents, docExt, "a template in YAML or JSON")
	if err != nil {
		return nil, err
	}
	out := &ruled.Checked{Rules: len(files)}
	for _, path := range paths {
		doc, err := document(path)
		if err == nil && params != nil {
			if doc, err = guard.Merge(params, doc); err != nil {
				err = fault.Input("name each key in one of them only", "%s: %w", path, err)
			}
		}
		if err != nil {
			lost(err)
			continue
		}
		out.Documents++
		for _, f := range files {
			for _, r := range f.rules.Evaluate(doc, guard.Options{Now: now}) {
				out.Results = append(out.Results, ruled.Result{Rule: f.stem + "/" + r.Rule, File: f.path, Document: filepath.ToSlash(path), Result: r})
			}
		}
	}
	if out.Documents == 0 {
		return nil, unread
	}
	return out, unread
}

// TestRules runs the rule tests of a rule file, or of all rule files in a folder.
func TestRules(path string, now time.Time, warn func(error)) (*ruled.Tested, error) {
	var unread error
	lost := func(err error) {
		if unread != nil {
			warn(err)
			return
		}
		unread = err
	}
	files, err := ruleFiles([]string{path}, lost)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, unread
	}
	root := path
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		root = filepath.Dir(path)
	}
	tests, err := testFiles(root)
	if err != nil {
		return nil, err
	}
	out := &ruled.Tested{}
	for _, test := range tests {
		f := owner(files, test)
		if f == nil {
			if root == path {
				out.Warnings = append(out.Warnings, test+" belongs to no rule file: its name begins with the name of none")
			}
			continue
		}
		src, err := readSmall(test)
		if err != nil {
			lost(err)
			continue
		}
		cases, err := guard.LoadCases(test, src)
		if err != nil {
			lost(asFault(err))
			continue
		}
		var unknown []string
		for i, c := range cases {
			out.Cases = append(out.Cases, ruled.Case{Number: i + 1, Name: c.Name, File: filepath.ToSlash(test), Line: c.At.Line, Rules: f.path,
				Checks: f.rules.Test(c, guard.Options{Now: now})})
			for _, e := range c.Expect {
				if _, ok := f.rules.Rule(e.Rule); !ok {
					unknown = append(unknown, e.Rule)
				}
			}
		}
		if unknown != nil {
			out.Unknown(filepath.ToSlash(test), unknown, f.path)
		}
	}
	out.Files = len(files)
	return out, unread
}

type ruleFile struct {
	path, stem string
	rules      *guard.Rules
}

func ruleFiles(paths []string, lost func(error)) ([]ruleFile, error) {
	found, err := filesOf(paths, ruleExt, "a rule file, *.guard")
	if err != nil {
		return nil, err
	}
	var out []ruleFile
	for _, path := range found {
		src, err := readSmall(path)
		if err != nil {
			lost(err)
			continue
		}
		rules, err := guard.Parse(filepath.ToSlash(path), src)
		if err != nil {
			lost(asFault(err))
			continue
		}
		out = append(out, ruleFile{filepath.ToSlash(path), stem(path), rules})
	}
	return out, nil
}

func stem(path string) string {
	return strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
}

// filesOf are the files that are named, and those in named folders that have one of the extensions.
func filesOf(paths, extensions []string, what string) ([]string, error) {
	var out []string
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, fault.Input("give "+what+", or a folder", "there is no file %s", path)
		case err != nil:
			return nil, unreadable(path, err)
		case !info.IsDir():
			out = append(out, path)
			continue
		}
		in, err := walk(path, func(name string) bool { return slices.Contains(extensions, strings.ToLower(filepath.Ext(name))) })
		if err != nil {
			return nil, err
		}
		if len(in) == 0 {
			return nil, fault.Input("give "+what+", or a folder that holds some", "the folder %s holds no %s", path, strings.Join(extensions, ", "))
		}
		out = append(out, in...)
	}
	return out, nil
}

func walk(dir string, want func(name string) bool) ([]string, error) {
	var out []string
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return unreadable(p, err)
		}
		if name := d.Name(); d.IsDir() && p != dir && strings.HasPrefix(name, ".") {
			return fs.SkipDir
		}
		if !d.IsDir() && want(d.Name()) {
			out = append(out, p)
		}
		return nil
	})
	return out, err
}

func unreadable(path string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return fault.Input("make it readable, or give another one", "%s cannot be read: %w", path, err)
}

// testFiles are what may hold tests: everything in a folder "tests", and elsewhere what is called so.
func testFiles(root string) ([]string, error) {
	in, err := walk(root, func(name string) bool { return slices.Contains(docExt[:4], strings.ToLower(filepath.Ext(name))) })
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(in, func(p string) bool {
		s := strings.ToLower(stem(p))
		return filepath.Base(filepath.Dir(p)) != "tests" && !strings.HasSuffix(s, "_tests") && !strings.HasSuffix(s, "-tests") && !strings.HasSuffix(s, "_test")
	}), nil
}

// owner is the rule file that tests are for: beside them or above their folder "tests", with the longest stem that their name begins with.
func owner(files []ruleFile, test string) *ruleFile {
	dir, name := filepath.Dir(test), filepath.Base(test)
	var best *ruleFile
	for i := range files {
		f := &files[i]
		at := filepath.Dir(filepath.FromSlash(f.path))
		if at != dir && (filepath.Base(dir) != "tests" || at != filepath.Dir(dir)) {
			continue
		}
		if strings.HasPrefix(name, f.stem) && (best == nil || len(f.stem) > len(best.stem)) {
			best = f
		}
	}
	return best
}

const maxRuleBytes = 64 << 20

func readSmall(path string) ([]byte, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > maxRuleBytes {
		return nil, fault.Input("give a smaller one", "%s is larger than %d MB", path, maxRuleBytes>>20)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	return b, nil
}

func document(path string) (*guard.Value, error) {
	src, err := readSmall(path)
	if err != nil {
		return nil, err
	}
	doc, err := guard.Load(filepath.ToSlash(path), src)
	if err != nil {
		return nil, asFault(err)
	}
	return doc, nil
}

// parameters are the input files, one laid over the other; nil if there are none.
func parameters(inputs []string) (*guard.Value, error) {
	paths, err := filesOf(inputs, docExt, "a file of parameters in YAML or JSON")
	if err != nil {
		return nil, err
	}
	var out *guard.Value
	for _, path := range paths {
		doc, err := document(path)
		if err != nil {
			return nil, err
		}
		if out == nil {
			out = doc
		} else if out, err = guard.Merge(out, doc); err != nil {
			return nil, fault.Input("name each key in one of them only", "%s: %w", path, err)
		}
	}
	return out, nil
}

// asFault gives an error of the guard room the shape that the command line prints.
func asFault(err error) error {
	var e *guard.Error
	if errors.As(err, &e) {
		return fault.Input(e.Hinted, "%w", err)
	}
	return err
}
