package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/read/collect/mototest"
)

// program is the built binary with a store of its own.
type program struct {
	t           *testing.T
	path, store string
}

func build(t *testing.T) program {
	t.Helper()
	p := program{t: t, path: filepath.Join(t.TempDir(), "footing"), store: filepath.Join(t.TempDir(), "store.db")}
	if out, err := exec.Command("go", "build", "-o", p.path, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return p
}

// run returns the standard output, the standard error and the exit status.
func (p program) run(args ...string) (stdout, stderr string, status int) {
	p.t.Helper()
	var out, errs bytes.Buffer
	c := exec.Command(p.path, append([]string{"--store", p.store}, args...)...)
	c.Stdout, c.Stderr, c.Dir = &out, &errs, p.t.TempDir()
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	return out.String(), errs.String(), c.ProcessState.ExitCode()
}

// arns lists the chosen resources of a snapshot.
func (p program) arns(args ...string) []string {
	p.t.Helper()
	stdout, stderr, status := p.run(append([]string{"list", "--format", "json", "--"}, args...)...)
	var list struct{ Resources []struct{ ARN string } }
	if err := json.Unmarshal([]byte(stdout), &list); status != 0 || err != nil {
		p.t.Fatalf("list %v: status %d, %v\n%s", args, status, err, stderr)
	}
	var out []string
	for _, r := range list.Resources {
		out = append(out, r.ARN)
	}
	return out
}

// TestLiveScanFromTheOutside goes the way of a new user, on a fake account: scan, scan again, and the same account from the file
// that the AWS command line writes.
func TestLiveScanFromTheOutside(t *testing.T) {
	fake := mototest.Start(t)
	fake.Seed(t)
	fake.Use(t)
	t.Setenv("AWS_MAX_ATTEMPTS", "1") // what the fake does not know it does not know the second time either
	p := build(t)
	stdout, stderr, status := p.run("scan", "--region", mototest.Region, "--format", "json", "-q")
	var sum struct {
		Footing, Resources, Calls int
		Snapshot, Account         string
	}
	if err := json.Unmarshal([]byte(stdout), &sum); err != nil || status != 0 {
		t.Fatalf("status %d, %v\n%s", status, err, stderr)
	}
	if sum.Footing != 1 || sum.Account != "123456789012" || sum.Resources < 50 || sum.Calls > 320 || !strings.HasPrefix(stdout, "{\n  \"footing\": 1,") {
		t.Errorf("%s", stdout)
	}
	t.Logf("%d resources in %d calls", sum.Resources, sum.Calls)

	// Unchanged account: another id, and nothing differs.
	if _, stderr, status = p.run("scan", "--region", mototest.Region, "-q"); status != 0 {
		t.Fatalf("second scan: status %d\n%s", status, stderr)
	}
	stdout, _, _ = p.run("snapshot", "diff", "--format", "json")
	var diff struct {
		Before, After       string
		Added, Gone, Unseen []string
		Changed             []any
	}
	if err := json.Unmarshal([]byte(stdout), &diff); err != nil || diff.Before != sum.Snapshot || diff.After == diff.Before ||
		len(diff.Added)+len(diff.Gone)+len(diff.Changed)+len(diff.Unseen) > 0 {
		t.Errorf("%v: %s", err, stdout)
	}

	// The same principals from the command line's own output.
	live := p.arns("type:iam::*", "-type:*report", "-type:*summary", "-type:*passwordpolicy", "-type:*provider", "-type:*device", "-type:*certificate")
	gaad := filepath.Join(t.TempDir(), "gaad.json")
	if err := os.WriteFile(gaad, fake.CLI(t, "iam", "get-account-authorization-details", "--output", "json"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, stderr, status = p.run("scan", "--from", gaad, "-q"); status != 0 {
		t.Fatalf("scan --from: status %d\n%s", status, stderr)
	}
	fromFile := p.arns("type:iam::*")
	if len(live) < 10 || !slices.Equal(live, fromFile) {
		t.Errorf("live %d, from the file %d:\n%v\n%v", len(live), len(fromFile), live, fromFile)
	}
}
