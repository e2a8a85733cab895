package cli

import (
	"bytes"
	"context"
	"io"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/snapshot"
)

// TestInterrupted: Ctrl-C ends a scan with a line and a hint, keeps no snapshot of it, and leaves what was there.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var out, errs bytes.Buffer
	a := &app{program: "footing", stdout: &out, stderr: &errs, now: time.Now, getenv: func(string) string { return "" }}
	a.parts.Live.Scan = func(ctx context.Context, _ read.Options) (*snapshot.Snapshot, error) {
		cancel()
		<-ctx.Done()
		return &snapshot.Snapshot{Account: "111122223333"}, nil // a reader that gives what it has
	}
	store := t.TempDir() + "/store.db"
	if status := a.run(ctx, []string{"scan", "--store", store}); status != stopped {
		t.Errorf("status %d, want %d", status, stopped)
	}
	if want := "footing: stopped; what was kept before is untouched\n  hint: nothing of it was finished; scan again\n"; errs.String() != want || out.Len() > 0 {
		t.Errorf("stdout %q\nstderr %q", out.String(), errs.String())
	}
	out.Reset()
	if status := a.run(t.Context(), []string{"snapshot", "ls", "--store", store}); status != 0 || !strings.HasPrefix(out.String(), "No snapshot yet.") {
		t.Errorf("status %d: %s", status, out.String())
	}
}

// TestInterruptedInput: a program that waits for its input can be stopped.
func TestInterruptedInput(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	waiting, writer := io.Pipe()
	defer writer.Close()
	var out, errs bytes.Buffer
	a := &app{program: "footing", stdin: &input{ctx: ctx, from: waiting}, stdout: &out, stderr: &errs, now: time.Now, getenv: func(string) string { return "" }}
	time.AfterFunc(50*time.Millisecond, cancel)
	if status := a.run(ctx, []string{"policy", "eval"}); status != stopped {
		t.Errorf("status %d: %s", status, errs.String())
	}
}

func TestTyped(t *testing.T) {
	of := func(path, version, sum string) *debug.BuildInfo {
		return &debug.BuildInfo{Path: path, Main: debug.Module{Path: module, Version: version, Sum: sum}}
	}
	dev := of(module, "(devel)", "")
	cache := "/home/ana/.cache/go-build/0f/0f3a1c5e7b9d2f4a6c8e0f3a1c5e7b9d2f4a6c8e0f3a1c5e7b9d2f4a6c8e0f3a-d/footing"
	for _, c := range []struct {
		arg0, exe string
		info      *debug.BuildInfo
		want      string
	}{
		{"/var/folders/go-build123/b001/exe/footing", "/var/folders/go-build123/b001/exe/footing", dev, "go run ."},
		{cache, cache, of(module+"/demo/try", "(devel)", ""), "go run ./demo/try"},
		{cache, cache, of(module, "v1.2.3", "h1:x"), "go run " + module + "@v1.2.3"},
		{cache, cache, nil, "footing"},
		{"footing", "/usr/local/bin/footing", dev, "footing"},
		{"/usr/local/bin/footing", "/usr/local/bin/footing", dev, "footing"},
		{"./footing", "/home/ana/footing/footing", dev, "./footing"},
	} {
		if got := typed(c.arg0, c.exe, c.info); got != c.want {
			t.Errorf("typed(%q, %q) = %q, want %q", c.arg0, c.exe, got, c.want)
		}
	}
}

// TestErrorsAreRetyped: a hint can be pasted, however the program was started.
func TestErrorsAreRetyped(t *testing.T) {
	var errs bytes.Buffer
	a := &app{program: "go run .", stderr: &errs}
	status := a.fail(fault.Blind("try \"footing scan\"\n    4 | x\x1b[31m", "nothing \"footing list\" knows\nof"))
	want := "footing: nothing \"go run . list\" knows of\n  hint: try \"go run . scan\"\n      4 | x·[31m\n"
	if status != fault.Unseen || errs.String() != want {
		t.Errorf("status %d\n%q\nwant\n%q", status, errs.String(), want)
	}
}

// TestVerbsTeach: every verb teaches: a long text, and examples that begin with the program.
func TestVerbsTeach(t *testing.T) {
	a := &app{program: "footing", now: time.Now, stdout: io.Discard, stderr: io.Discard, getenv: func(string) string { return "" }}
	for _, c := range a.root().Commands() {
		if c.Hidden || c.Name() == "completion" {
			continue
		}
		leaves := c.Commands()
		if len(leaves) == 0 {
			leaves = append(leaves, c)
		}
		for _, leaf := range leaves {
			if leaf.Long == "" || leaf.Short == "" || !strings.Contains(leaf.Example, "footing ") {
				t.Errorf("%s: no long text, or no example", leaf.CommandPath())
			}
		}
	}
}
