// Package fault is the one shape of an error that a person reads: a sentence that names the thing, a hint, and an exit status.
package fault

import "fmt"

// Exit statuses of the program; the contract that scripts rely on.
const (
	Failed   = 1 // an error: I/O, network, a bug
	Usage    = 2 // a usage error or unreadable input
	Findings = 3 // findings at or above the gate
	Unseen   = 4 // could not see enough to say
)

// Error is a sentence with a hint and an exit status. Find it with errors.As.
type Error struct {
	Status   int
	Sentence string
	Hinted   string // what to do next; may be empty
	Cause    error  // may be nil; not printed unless Sentence says it
}

func (e *Error) Error() string { return e.Sentence }

// Hint says what to do next.
func (e *Error) Hint() string { return e.Hinted }

// ExitCode is the status the program ends with.
func (e *Error) ExitCode() int { return e.Status }

func (e *Error) Unwrap() error { return e.Cause }

// Input is unreadable input or wrong usage (exit 2).
func Input(hint, format string, args ...any) *Error { return newError(Usage, hint, format, args) }

// IO is a failure that is not the input's fault (exit 1).
func IO(hint, format string, args ...any) *Error { return newError(Failed, hint, format, args) }

// Blind says that too little could be seen (exit 4).
func Blind(hint, format string, args ...any) *Error { return newError(Unseen, hint, format, args) }

func newError(status int, hint, format string, args []any) *Error {
	err := fmt.Errorf(format, args...)
	e := &Error{Status: status, Sentence: err.Error(), Hinted: hint}
	if u, ok := err.(interface{ Unwrap() error }); ok {
		e.Cause = u.Unwrap()
	}
	return e
}
