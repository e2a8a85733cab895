package guard

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Error is something wrong with a rule file, a document or a test file: where, what, and what to do about it.
type Error struct {
	File     string
	At       Position // of the first thing that is wrong; may be nowhere
	Sentence string
	Hinted   string // may be empty
}

func (e *Error) Error() string {
	if e.At.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Sentence)
	}
	return fmt.Sprintf("%s:%s: %s", e.File, e.At, e.Sentence)
}

// Hint says what to do next.
func (e *Error) Hint() string { return e.Hinted }

// evalError is why a rule could not be judged.
type evalError struct {
	// unanswerable: the clause asks what its value cannot answer (empty of a number, parse_int of a word). An assertion with such a clause
	// fails; a condition hands the error on, until the rule that it guards fails. Every other error is one of the rules.
	unanswerable bool
	at           Position // in the rule file
	says         string
}

func (e *evalError) Error() string { return e.says }

func cannot(format string, args ...any) error {
	return &evalError{says: fmt.Sprintf(format, args...)}
}

func unanswerable(format string, args ...any) error {
	return &evalError{unanswerable: true, says: fmt.Sprintf(format, args...)}
}

func isUnanswerable(err error) bool {
	var e *evalError
	return errors.As(err, &e) && e.unanswerable
}

// placed gives an error the place of the clause in which it arose, if it has none yet.
func placed(err error, at Position) error {
	var e *evalError
	if errors.As(err, &e) && e.at.Line == 0 {
		e.at = at
	}
	return err
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
