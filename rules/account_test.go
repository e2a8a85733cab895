package rules_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/read/files"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
	"github.com/footing-dev/footing/rules"
)

var answer = flag.Bool("answer", false, "rewrite what the account examples of rules in Go come to: read what it wrote")

// eachAccount runs a test for every rule in Go.
func eachAccount(t *testing.T, test func(*testing.T, check.Rule)) {
	for _, r := range rules.All() {
		if r.Judge != nil {
			t.Run(r.ID, func(t *testing.T) { test(t, r) })
		}
	}
}

// Files of an account example that may be left out.
var usual = map[string]string{
	"account.json":   `{"account": "111122223333", "taken": "2026-11-22T09:00:00Z", "complete": true}`,
	"gaad.json":      `{"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}`,
	"resources.json": `[]`,
}

// account judges an account example: the files of a folder as scan --from reads them, perhaps footing.yaml, and want. It is looked at when the
// snapshot was taken, or on the day in the file now; the last review was signed on the day in the file reviewed.
func account(t *testing.T, name string, a *txtar.Archive) *assess.Assessment {
	t.Helper()
	as, err := assess.Of(read(t, name, a))
	if err != nil {
		t.Fatal(err)
	}
	return as
}

// read is what an account example is judged by.
func read(t *testing.T, name string, a *txtar.Archive) assess.Input {
	t.Helper()
	folder := fstest.MapFS{}
	for f, text := range usual {
		folder[f] = &fstest.MapFile{Data: []byte(text)}
	}
	in := assess.Input{}
	for _, f := range a.Files {
		switch f.Name {
		case "want":
		case "footing.yaml":
			m, err := threatmodel.Parse(f.Name, f.Data)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			in.Model, in.File = m, f.Name
		case "now", "reviewed":
			day, err := time.Parse(time.DateOnly, strings.TrimSpace(string(f.Data)))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if f.Name == "now" {
				in.Now = day
			} else {
				in.Reviewed = day
			}
		default:
			folder[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	s, err := files.ReadFolder(folder, name)
	if err != nil {
		t.Fatal(err)
	}
	in.Snapshot = s
	return in
}

// told writes results, a line each.
func told(results []check.Result) string {
	var b strings.Builder
	for i := range results {
		x := &results[i]
		fmt.Fprintf(&b, "%s %d %s: %s\n", x.Outcome, x.Risk, x.Target, x.Says)
	}
	return b.String()
}

// Every example comes to the outcome in its name, and says what stands in it. There is one of each kind: pass or manual, fail (unless only people
// can tell), unknown.
func TestAccountExamples(t *testing.T) {
	eachAccount(t, func(t *testing.T, r check.Rule) {
		list, err := fs.Glob(r.Examples, "examples/*.account.txtar")
		if err != nil {
			t.Fatal(err)
		}
		seen := map[check.Outcome]int{}
		for _, f := range list {
			text, err := fs.ReadFile(r.Examples, f)
			if err != nil {
				t.Fatal(err)
			}
			name := strings.TrimSuffix(filepath.Base(f), ".account.txtar")
			a := txtar.Parse(text)
			as := account(t, f, a)
			results := check.Run([]check.Rule{r}, as.Case())
			if len(results) == 0 {
				t.Fatalf("%s: no result", f)
			}
			got := check.NotApplicable
			for i := range results {
				x := &results[i]
				got = got.And(x.Outcome)
				if x.Says == "" || strings.HasSuffix(x.Says, ".") || x.Rule != r.ID {
					t.Errorf("%s: %+v", f, x)
				}
			}
			seen[got]++
			if name != got.String() && !strings.HasPrefix(name, got.String()+"-") {
				t.Errorf("%s is %s:\n%s", f, got, told(results))
			}
			var want []byte
			at := -1
			for i, x := range a.Files {
				if x.Name == "want" {
					want, at = x.Data, i
				}
			}
			have := []byte(told(results))
			if bytes.Equal(want, have) {
				continue
			}
			if !*answer {
				t.Errorf("%s: is\n%swant\n%sgo test ./rules -answer rewrites it", f, have, want)
				continue
			}
			if at < 0 {
				a.Files = append(a.Files, txtar.File{Name: "want", Data: have})
			} else {
				a.Files[at].Data = have
			}
			if err := os.WriteFile(filepath.Join(folder(r.ID), f), txtar.Format(a), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if seen[check.Pass]+seen[check.Manual] == 0 || seen[check.Fail]+seen[check.Manual] == 0 || seen[check.Unknown]+seen[check.Manual] == 0 && !r.Stated {
			t.Errorf("examples are wanted that pass, that fail and that are unknown, or manual ones: %v", seen)
		}
	})
}

// Where nothing could be read nothing is said: every rule is unknown or manual, and none that needs something to be listed holds or does not apply.
func TestNothingRead(t *testing.T) {
	for name, s := range map[string]*snapshot.Snapshot{
		"nobody asked": {Account: "111122223333", Partition: "aws", Taken: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)},
		"all denied":   denied(),
	} {
		s.Seal()
		as, err := assess.Of(assess.Input{Snapshot: s})
		if err != nil {
			t.Fatal(err)
		}
		read := slices.DeleteFunc(rules.All(), func(r check.Rule) bool { return r.Stated })
		for _, x := range check.Run(read, as.Case()) {
			if x.Outcome != check.Unknown && x.Outcome != check.Manual {
				t.Errorf("%s: %s is %s: %s", name, x.Rule, x.Outcome, x.Says)
			}
		}
	}
}

// denied is an account of which every call of every rule was denied.
func denied() *snapshot.Snapshot {
	s := &snapshot.Snapshot{Account: "111122223333", Partition: "aws", Taken: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	for _, r := range rules.All() {
		s.Coverage = append(s.Coverage, snapshot.Coverage{Service: "x", Call: "x:List" + r.ID, Types: r.Types(), Outcome: snapshot.Denied, Reason: "AccessDenied"})
	}
	return s
}
