// Package main_test keeps the plan of the house: the rooms, who may import whom, and what no room may do.
package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/footing-dev/footing/"

// A room may import itself and the rooms that it names. internal/fault is open to all but the three public rooms.
var rooms = []struct{ dir, may string }{
	{"catalog", ""},
	{"catalog/gen", "catalog"},
	{"catalog/practice", ""},
	{"catalog/listing", ""},
	{"iam", ""},
	{"iam/compare", "catalog iam"},
	{"guard", ""},
	{"internal/fault", ""},
	{"internal/heap", ""},
	{"internal/snapshot", "catalog"},
	{"docs/schema", ""},
	{"internal/threatmodel", "docs/schema internal/snapshot"},
	{"internal/store", "internal/snapshot"},
	{"internal/read", "internal/snapshot"},
	{"internal/read/shape", "catalog internal/snapshot"},
	{"internal/read/files", "catalog internal/read/shape internal/snapshot"},
	{"internal/read/bill", "internal/snapshot"},
	{"internal/read/collect", "catalog internal/read internal/read/shape internal/snapshot"},
	{"internal/judge/network", "internal/snapshot"},
	{"internal/judge/relation", "internal/snapshot"},
	{"internal/judge/decide", "catalog iam internal/snapshot"},
	{"internal/judge/access", "catalog iam internal/judge/decide internal/judge/network internal/snapshot internal/threatmodel"},
	{"internal/judge/cost", "internal/snapshot"},
	{"internal/judge/risk", "catalog internal/judge/access internal/judge/cost internal/snapshot internal/threatmodel"},
	{"internal/judge/isolation", "internal/judge/access internal/judge/network internal/judge/relation internal/snapshot internal/threatmodel"},
	{"internal/judge/check", "catalog/listing guard internal/judge/access internal/judge/network internal/judge/risk internal/snapshot internal/threatmodel"},
	{"internal/judge/objective", "internal/judge/access internal/judge/check internal/judge/decide internal/judge/isolation internal/judge/risk internal/snapshot internal/threatmodel"},
	{"internal/judge/assess", "catalog iam internal/judge/access internal/judge/check internal/judge/cost internal/judge/decide internal/judge/isolation internal/judge/network internal/judge/objective internal/judge/risk internal/snapshot internal/threatmodel"},
	{"internal/judge/evidence", "catalog/practice internal/judge/access internal/judge/check internal/snapshot internal/threatmodel"},
	{"internal/act/draft", "iam internal/judge internal/snapshot internal/threatmodel"},
	{"internal/act/review", "internal/judge internal/snapshot internal/threatmodel"},
	{"internal/show/term", ""},
	{"internal/show/inventory", "internal/show/term internal/judge/assess internal/judge/cost internal/judge/duty internal/judge/relation internal/snapshot internal/threatmodel"},
	{"internal/show/draw", "internal/show/term"},
	{"internal/show/report", "internal/show internal/show/inventory internal/show/term internal/judge internal/snapshot internal/threatmodel"},
	{"internal/show/leaflet", "internal/judge/access internal/show/draw internal/show/report internal/show/term"},
	{"internal/show/practice", "catalog/practice internal/judge internal/show internal/show/term internal/threatmodel"},
	{"internal/show", "catalog/listing guard iam internal/act internal/show/term internal/show/inventory internal/judge internal/snapshot internal/threatmodel"},
	// Not internal/read/collect: main hands a read.Live in, so that a build without the AWS SDK exists.
	{"internal/task", "catalog guard iam internal/act internal/judge internal/read internal/read/bill internal/read/files internal/show internal/snapshot internal/store internal/threatmodel"},
	{"internal/cli", "catalog iam/compare internal/act internal/heap internal/judge internal/read internal/show internal/snapshot internal/task internal/threatmodel"},
	{"demo", "internal/read/bill internal/read/files internal/snapshot internal/store internal/task internal/threatmodel"},
	{"demo/try", "demo internal/cli rules"},
	{"internal/judge/fact", "catalog iam internal/judge/access internal/judge/check internal/judge/decide internal/judge/isolation internal/judge/network internal/judge/objective internal/judge/relation internal/judge/risk internal/snapshot internal/threatmodel"},
	{"internal/judge/detection", "iam internal/judge/check internal/judge/decide internal/judge/fact internal/snapshot internal/threatmodel"},
	{"internal/judge/duty", "internal/judge/check internal/snapshot internal/threatmodel"},
	{"rules", "catalog guard iam internal/judge internal/snapshot internal/threatmodel"},
	{"rules/gen", "internal/judge"},
	{".", "demo internal/cli internal/read/collect rules"},
}

// No judgement without reproducibility: these rooms have no clock, no network, no files, no dice.
var (
	pure     = []string{"catalog", "iam", "guard", "internal/snapshot", "internal/judge", "internal/act", "rules", "internal/read/shape"}
	impure   = []string{"net", "os", "database/sql", "math/rand", "io/ioutil", "syscall", "runtime/debug"}
	workshop = []string{"catalog/gen", "rules/gen"} // programs for whoever works on the code: they may do what they like
	parsers  = []string{"net/netip", "net/url"}     // they read names and numbers, and reach nothing
	clock    = []string{"Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer", "NewTicker", "AfterFunc"}
	ownersOf = []struct{ imports, rooms string }{ // who may use a third-party package
		{"github.com/aws/", "internal/read/collect"},
		{"modernc.org/sqlite", "internal/store"},
		{"database/sql", "internal/store"},
		{"github.com/spf13/", "internal/cli"},
		{"github.com/goccy/go-yaml", "internal/threatmodel internal/judge/access"},
		{"go.yaml.in/yaml/", "guard"},
		{"github.com/go-json-experiment/", "internal/snapshot internal/read/shape"},
		{"golang.org/x/term", "internal/show/term"},
		{"golang.org/x/text", "internal/show/term"},
	}
	// rooms that only main may use.
	behindMain = "internal/read/collect"
	badNames   = []string{"utils", "util", "common", "types", "models", "core", "helpers", "helper", "misc", "shared", "base"}
)

const maxLines = 600

// source is one parsed file of the program.
type source struct {
	path, dir string
	test      bool
	file      *ast.File
	lines     int
}

func sources(t *testing.T) (*token.FileSet, []source) {
	t.Helper()
	fset := token.NewFileSet()
	var out []source
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && p != "." && (strings.HasPrefix(name, ".") || name == "testdata" || p == "test") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(p, ".go") {
			return nil
		}
		f, err := parser.ParseFile(fset, p, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		p = filepath.ToSlash(p)
		out = append(out, source{p, path.Dir(p), strings.HasSuffix(p, "_test.go"), f, fset.File(f.Pos()).LineCount()})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 20 {
		t.Fatalf("only %d files found: this test looks in the wrong place", len(out))
	}
	return fset, out
}

// roomOf is the innermost room that a folder lies in.
func roomOf(dir string) (room, may string) {
	for _, r := range rooms {
		if (dir == r.dir || r.dir != "." && strings.HasPrefix(dir, r.dir+"/")) && len(r.dir) > len(room) {
			room, may = r.dir, r.may
		}
	}
	return room, may
}

func within(dir string, rooms ...string) bool {
	return slices.ContainsFunc(rooms, func(r string) bool { return dir == r || strings.HasPrefix(dir, r+"/") })
}

func TestPlan(t *testing.T) {
	_, all := sources(t)
	for _, s := range all {
		if s.test {
			continue
		}
		room, may := roomOf(s.dir)
		if room == "" {
			t.Errorf("%s: a room outside the plan", s.path)
			continue
		}
		for _, spec := range s.file.Imports {
			imp := strings.Trim(spec.Path.Value, `"`)
			if ours, ok := strings.CutPrefix(imp+"/", module); ok {
				checkArrow(t, s, room, may, strings.TrimSuffix(ours, "/"))
				continue
			}
			if within(s.dir, pure...) && !within(s.dir, workshop...) && within(imp, impure...) && !slices.Contains(parsers, imp) {
				t.Errorf("%s: %s is pure and must not use %s", s.path, room, imp)
			}
			for _, o := range ownersOf {
				if strings.HasPrefix(imp, o.imports) && !within(s.dir, strings.Fields(o.rooms)...) {
					t.Errorf("%s: only %s may use %s", s.path, o.rooms, imp)
				}
			}
		}
	}
}

func checkArrow(t *testing.T, s source, room, may, to string) {
	t.Helper()
	target, _ := roomOf(to)
	switch {
	case target == room:
	case target == "internal/fault" && (strings.HasPrefix(room, "internal/") || strings.HasPrefix(room, "demo")):
	case target == behindMain && room != ".":
		t.Errorf("%s: only main may use %s", s.path, to)
	case !slices.ContainsFunc(strings.Fields(may), func(m string) bool { return target == m || strings.HasPrefix(target, m+"/") }):
		t.Errorf("%s: %s must not use %s", s.path, room, to)
	}
}

// TestPureRoomsHaveNoClock: ages are counted from the snapshot, so that two runs are identical.
func TestPureRoomsHaveNoClock(t *testing.T) {
	fset, all := sources(t)
	for _, s := range all {
		if s.test || !within(s.dir, pure...) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "time" && slices.Contains(clock, sel.Sel.Name) {
					t.Errorf("%s: %s is pure and must not ask time.%s", fset.Position(n.Pos()), s.dir, sel.Sel.Name)
				}
			}
			return true
		})
	}
}

// TestNothingHappensByImport: no init, so that reading main tells what the program does.
func TestNothingHappensByImport(t *testing.T) {
	fset, all := sources(t)
	for _, s := range all {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: func init", fset.Position(f.Pos()))
			}
		}
		for _, spec := range s.file.Imports {
			if spec.Name != nil && spec.Name.Name == "_" && strings.Trim(spec.Path.Value, `"`) != "embed" {
				t.Errorf("%s: imports %s for its side effects", s.path, spec.Path.Value)
			}
		}
	}
}

func TestFilesAndNames(t *testing.T) {
	_, all := sources(t)
	said := map[string]string{}
	for _, s := range all {
		if s.lines > maxLines {
			t.Errorf("%s: %d lines; look for the second idea in it", s.path, s.lines)
		}
		if name := s.file.Name.Name; slices.Contains(badNames, name) || slices.Contains(badNames, path.Base(s.dir)) {
			t.Errorf("%s: the package %s does not say what it is for", s.path, name)
		}
		if _, ok := said[s.dir]; !ok && !s.test {
			said[s.dir] = ""
		}
		if !s.test && s.file.Doc != nil {
			said[s.dir] += s.file.Doc.Text()
		}
	}
	for dir, text := range said {
		if !strings.HasPrefix(text, "Package ") && !strings.HasPrefix(text, "Command ") {
			t.Errorf("%s: no package comment that says what it is for", dir)
		}
	}
}

// TestPlanNamesRoomsOnce: an arrow to a room that does not exist would allow nothing and look as if it did.
func TestPlanNamesRoomsOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range rooms {
		if seen[r.dir] {
			t.Errorf("%s stands in the plan twice", r.dir)
		}
		seen[r.dir] = true
	}
	for _, r := range rooms {
		for m := range strings.FieldsSeq(r.may) {
			if room, _ := roomOf(m); room == "" && m != "internal/judge" && m != "internal/show" && m != "internal/act" {
				t.Errorf("%s may use %s, which is no room", r.dir, m)
			}
		}
	}
}
