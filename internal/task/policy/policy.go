// Package policy is the work behind `footing policy`: it decides a stream of requests against the policies that they bring along, and
// compares policies.
package policy

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/fault"
)

// maxLine bounds the memory that one line may take.
const maxLine = 64 << 20

// Answer is one line of output.
type Answer struct {
	ID       json.RawMessage `json:"id"`
	Decision string          `json:"decision"` // allow, deny, conditional or unknown
	Explicit bool            `json:"explicit"`
	Because  []iam.Ref       `json:"because"`
	Residual []iam.Condition `json:"residual"`
	Void     []iam.Ref       `json:"void,omitempty"` // Denies that fail open for want of a variable's value
	Errors   []Problem       `json:"errors"`
	Warnings []string        `json:"warnings,omitempty"` // they change nothing
}

// Notice says what is odd about an action, "" when nothing is. It is asked once for most actions, and again when they are many.
type Notice func(action string) string

// refusal is the answer to a line that is no request.
type refusal struct {
	ID     json.RawMessage `json:"id"`
	Errors []Problem       `json:"errors"`
}

// Problem says what is wrong with a policy, or with the line when Layer is empty.
type Problem struct {
	Layer    string `json:"layer"`
	Policy   string `json:"policy"`
	Position string `json:"position"`
	Says     string `json:"says"`
}

// Eval reads one request a line from in and writes one answer a line to out, in order, each as soon as it is known. Blank lines are
// passed over. Name is what errors call the input. A line that is no request is answered with its errors and does not stop the
// others; the error at the end, with exit status 2, counts them.
func Eval(ctx context.Context, in io.Reader, out io.Writer, name string, notice Notice) error {
	d := newDecoder(notice)
	t, err := stream(ctx, in, out, name, "deciding the requests", d.answer)
	if err != nil || t.bad == 0 {
		return err
	}
	return fault.Input("each line is one JSON object with at least principal, action and resource",
		"%d of %d lines of %s are no requests, first line %d: %s", t.bad, t.lines, name, t.firstBad, t.firstSays)
}

// tally is what a stream was like.
type tally struct {
	lines, bad, firstBad int
	firstSays            string
}

// stream answers the lines of in one by one, each as soon as it is known. Answer also says what is wrong with a line; doing is for the
// error when it is interrupted.
func stream(ctx context.Context, in io.Reader, out io.Writer, name, doing string, answer func(line []byte, tooLong bool) (any, string)) (t tally, err error) {
	r := bufio.NewReaderSize(in, 1<<16)
	w := bufio.NewWriterSize(out, 1<<16)
	for number := 1; ; number++ {
		if err := ctx.Err(); err != nil {
			_ = w.Flush()
			return t, fault.IO("run it again to get the remaining answers", "%s of %s was interrupted: %w", doing, name, err)
		}
		line, tooLong, readErr := readLine(r)
		if tooLong || len(bytes.TrimSpace(line)) > 0 {
			t.lines++
			result, says := answer(line, tooLong)
			if says != "" {
				if t.bad++; t.bad == 1 {
					t.firstBad, t.firstSays = number, says
				}
			}
			if err := writeLine(w, result, hasLine(r)); err != nil {
				return t, fault.IO("check the disk, or whether the reader went away", "cannot write the answers to %s: %w", name, err)
			}
		}
		if readErr != nil {
			if err := w.Flush(); err != nil {
				return t, fault.IO("check the disk, or whether the reader went away", "cannot write the answers to %s: %w", name, err)
			}
			if !errors.Is(readErr, io.EOF) {
				return t, fault.IO("check that it is a readable file", "cannot read %s: %w", name, readErr)
			}
			return t, nil
		}
	}
}

// readLine reads up to the next newline. A line beyond the limit is skipped to its end and reported.
func readLine(r *bufio.Reader) (line []byte, tooLong bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if !tooLong {
			line = append(line, part...)
			if len(line) > maxLine {
				line, tooLong = nil, true
			}
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, tooLong, err
		}
	}
}

// hasLine says whether another whole line is at hand already; if not, the next read may wait and the answers so far must be out.
func hasLine(r *bufio.Reader) bool {
	ahead, _ := r.Peek(r.Buffered())
	return bytes.IndexByte(ahead, '\n') >= 0
}

func writeLine(w *bufio.Writer, answer any, more bool) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	if err := e.Encode(answer); err != nil {
		return err
	}
	if more {
		return nil
	}
	return w.Flush()
}

// refuse is the answer to a line that cannot be taken.
func refuse(id json.RawMessage, says string) (answer any, _ string) {
	if id == nil {
		id = json.RawMessage("null")
	}
	return refusal{ID: id, Errors: []Problem{{Says: says}}}, says
}

// unreadable says why a line is none that can be looked into; "" where it can.
func unreadable(line []byte, tooLong bool) string {
	switch {
	case tooLong:
		return "the line is longer than 64 MB"
	case !utf8.Valid(line):
		return "the line is not UTF-8"
	}
	return ""
}

// answer decides one line. Says is not empty when the line is no request.
func (d *decoder) answer(line []byte, tooLong bool) (answer any, says string) {
	if says := unreadable(line, tooLong); says != "" {
		return refuse(nil, says)
	}
	q, err := d.decode(line)
	if err != nil {
		return refuse(q.id, err.Error())
	}
	a := Answer{ID: q.id, Decision: "unknown", Because: []iam.Ref{}, Residual: []iam.Condition{}, Errors: []Problem{}}
	if says := d.odd(q.request.Action); says != "" {
		a.Warnings = []string{says}
	}
	if len(q.problems) > 0 {
		a.Errors = q.problems
		return a, ""
	}
	result := iam.Evaluate(&q.request, &q.layers)
	a.Decision, a.Explicit = Word(result.Outcome), result.Explicit
	a.Because = append(a.Because, result.Because...)
	a.Void = result.Void
	for _, c := range result.Residual {
		if c.Values == nil {
			c.Values = []string{}
		}
		a.Residual = append(a.Residual, c)
	}
	return a, ""
}

// Word is an outcome as the JSON contract spells it.
func Word(o iam.Outcome) string {
	switch o {
	case iam.Allow:
		return "allow"
	case iam.Deny:
		return "deny"
	case iam.Conditional:
		return "conditional"
	}
	return "unknown"
}
