package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/read/files"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/test/bench/account"
)

func made(t *testing.T, s account.Spec) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := account.Write(dir, s); err != nil {
		t.Fatal(err)
	}
	return dir
}

func contents(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var specs = map[string]account.Spec{
	"plain": {Principals: 40, Resources: 150, Seed: 3},
	"dense": {Principals: 40, Resources: 150, Seed: 3, Dense: true},
	"equal": {Principals: 40, Resources: 150, Seed: 3, Equal: true},
}

// TestSameSpecSameAccount: figures of two runs are comparable only when the accounts are the same.
func TestSameSpecSameAccount(t *testing.T) {
	seen := map[string]string{}
	for name, s := range specs {
		a, b := made(t, s), made(t, s)
		for _, file := range []string{"gaad.json", "resources.json"} {
			x := contents(t, filepath.Join(a, file))
			if !bytes.Equal(x, contents(t, filepath.Join(b, file))) {
				t.Errorf("%s: %s differs from run to run", name, file)
			}
			if file == "gaad.json" {
				if other, twice := seen[string(x)]; twice {
					t.Errorf("%s and %s are the same account", name, other)
				}
				seen[string(x)] = name
			}
		}
	}
}

// TestWorkersWriteTheSame: the matrix is byte-identical with any number of workers, and from run to run.
func TestWorkersWriteTheSame(t *testing.T) {
	for name, s := range specs {
		dir := made(t, s)
		var first []byte
		for _, workers := range []int{1, 2, 2, 6} {
			out := filepath.Join(t.TempDir(), "matrix")
			if _, err := matrix(dir, out, workers); err != nil {
				t.Fatal(err)
			}
			b := contents(t, out)
			if first == nil {
				first = b
			}
			if !bytes.Equal(b, first) {
				t.Errorf("%s: %d workers write something else", name, workers)
			}
		}
	}
}

// TestMatrixIsTheReference reads the written file as its comment describes it, and asks the reference evaluator for cells of it.
func TestMatrixIsTheReference(t *testing.T) {
	outcomes := [...]iam.Outcome{iam.Deny, iam.Conditional, iam.Unknown, iam.Allow}
	for name, s := range specs {
		dir := made(t, s)
		out := filepath.Join(t.TempDir(), "matrix")
		if _, err := matrix(dir, out, 2); err != nil {
			t.Fatal(err)
		}
		snap, err := files.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		table := decide.Compile(snap)
		f := readMatrix(t, contents(t, out))
		met := map[iam.Outcome]int{}
		for _, b := range f.blocks {
			for p, principal := range f.principals {
				for r, resource := range b.resources {
					got := outcomes[b.cell(p, r)]
					met[got]++
					if (p+r)%3 != 0 {
						continue
					}
					q := decide.Query{Principal: principal, Action: b.action, On: snapshot.Key(resource)}
					want := table.Explain(q)
					if b.action == "s3:GetObject" || b.action == "s3:PutObject" {
						want, _ = table.SomeObject(q)
					}
					if got != want.Outcome {
						t.Errorf("%s: %s %s %s: the file says %v, the reference %v", name, principal, b.action, resource, got, want.Outcome)
					}
				}
			}
		}
		if met[iam.Allow] == 0 || met[iam.Conditional] == 0 || met[iam.Deny] == 0 {
			t.Errorf("%s: an account that tells nothing: %v", name, met)
		}
	}
}
