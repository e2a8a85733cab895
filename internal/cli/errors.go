package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/task"
)

// fail prints an error as one sentence with a hint, and returns the exit status that it asks for.
func (a *app) fail(err error) int {
	if task.Stopped(err) {
		fmt.Fprintln(a.stderr, "footing: stopped; what was kept before is untouched")
		a.hint(err)
		return stopped
	}
	says := strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", " ")
	fmt.Fprintf(a.stderr, "footing: %s\n", term.Clean(a.retyped(says)))
	a.hint(err)
	var coded interface{ ExitCode() int }
	if errors.As(err, &coded) {
		return coded.ExitCode()
	}
	return fault.Failed
}

func (a *app) hint(err error) {
	var hinted interface{ Hint() string }
	if !errors.As(err, &hinted) || hinted.Hint() == "" {
		return
	}
	for i, line := range strings.Split(a.retyped(hinted.Hint()), "\n") {
		lead := "  hint: "
		if i > 0 || strings.Contains(line, " | ") { // a line of the file, with its caret
			lead = "  "
		}
		fmt.Fprintf(a.stderr, "%s%s\n", lead, term.Clean(line))
	}
}

// retyped writes commands that a message quotes the way the program was started.
func (a *app) retyped(s string) string { return strings.ReplaceAll(s, `"footing `, `"`+a.program+" ") }

// typed writes one command the way the program was started.
func (a *app) typed(command string) string {
	if rest, ok := strings.CutPrefix(command, "footing"); ok {
		return a.program + rest
	}
	return command
}
