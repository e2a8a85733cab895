// Package cli is the command line: flags, then task, then a printer.
package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/heap"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/task"
)

// Parts are what stands outside internal/: the live reader and the sample account. Without Live.Scan the program reads files only.
type Parts struct {
	Live    read.Live
	Sample  func() (*task.Sample, error)
	Rules   []check.Rule // that check judges by
	Program string       // how the program is typed; "" finds it out
}

// app is the program: its streams, its surroundings, and the flags that every verb has.
type app struct {
	parts          Parts
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	now            func() time.Time
	program        string

	store, colour string
	quiet         bool
}

// stopped is the exit status after Ctrl-C, as shells have it: 128 + SIGINT.
const stopped = 130

// Main runs the program and returns its exit status.
func Main(ctx context.Context, args []string, p Parts) (status int) {
	heap.CollectLate(heap.Command)
	a := &app{parts: p, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, now: time.Now, program: p.Program}
	if a.program == "" {
		exe, _ := os.Executable()
		info, _ := debug.ReadBuildInfo()
		a.program = typed(os.Args[0], exe, info)
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	a.stdin = &input{ctx: ctx, from: os.Stdin}
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	defer func() {
		if crash := recover(); crash != nil {
			if a.getenv("FOOTING_DEBUG") != "" {
				panic(crash)
			}
			status = a.fail(fault.IO("it is a bug: run it again with FOOTING_DEBUG=1 and report what it prints", "the program tripped over itself: %v", crash))
		}
	}()
	return a.run(ctx, args)
}

func (a *app) run(ctx context.Context, args []string) int {
	root := a.root()
	root.SetArgs(args)
	if err := root.ExecuteContext(ctx); err != nil {
		return a.fail(err)
	}
	return 0
}

// say writes one line about what was done to the standard error, unless -q.
func (a *app) say(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintf(a.stderr, format+"\n", args...)
	}
}

// screen describes a stream, for text.
func (a *app) screen(w io.Writer) *term.Screen { return term.On(w, a.colour, a.getenv) }
