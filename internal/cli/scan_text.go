package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/footing-dev/footing/internal/show/inventory"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/task"
)

// scanText is what a scan saw: its own first line, its id, and every gap.
func scanText(w *term.Screen, s *task.Summary) error {
	parts := []string{strings.TrimSpace(term.Clean(s.Name) + " " + s.Account), term.Count(s.Resources, "resource", "resources")}
	if s.Calls > 0 {
		parts = append(parts, term.Count(s.Calls, "call", "calls"))
	}
	parts = append(parts, fmt.Sprintf("%.3g s", s.Seconds))
	fmt.Fprintf(w, "%s\nkept as %s\n", w.Bold(strings.Join(parts, " · ")), s.Snapshot)
	if r := s.Resumed; r != nil {
		fmt.Fprintf(w, "%d of %d parts are from the interrupted scan that began at %s\n", r.Parts, r.Of, r.Since.UTC().Format("15:04"))
	}
	costText(w, s)
	fmt.Fprintln(w)
	if len(s.Gaps) > 0 {
		fmt.Fprintf(w, "%s not seen: %s\n", w.Yellow("?"), term.Count(len(s.Gaps), "call gave no answer", "calls gave no answer"))
		inventory.WriteGaps(w, s.Gaps)
		fmt.Fprintln(w)
	}
	return nil
}

// costText is what was read of costs, with all that was left out.
func costText(w *term.Screen, s *task.Summary) {
	say := func(text string) {
		indent := text[:len(text)-len(strings.TrimLeft(text, " "))]
		for _, part := range term.Wrap(term.Clean(text), w.Width-len(indent)) {
			fmt.Fprintln(w, indent+part)
		}
	}
	if b := s.Bill; b != nil {
		say(fmt.Sprintf("bill of %s: %s in %s", strings.Join(b.Months, ", "), term.Count(b.Rows, "row", "rows"), term.Count(b.Files, "file", "files")))
		if b.Others > 0 {
			say(fmt.Sprintf("  %s of other accounts left out", term.Count(b.Others, "row", "rows")))
		}
		if b.Pooled > 0 {
			say(fmt.Sprintf("  %s of resources that are not kept apart: there are too many", term.Count(b.Pooled, "row", "rows")))
		}
		if b.Malformed > 0 {
			fmt.Fprintf(w, "%s %s in no sum\n", w.Yellow("?"), term.Count(b.Malformed, "row could not be read and is", "rows could not be read and are"))
			for _, m := range b.Mistakes {
				say("  " + m)
			}
		}
	}
	if c := s.Cost; c != nil {
		switch {
		case c.Reason != "":
			fmt.Fprintf(w, "%s not seen: ", w.Yellow("?"))
			say(c.Reason)
		case c.Since != "":
			say("costs of " + strings.Join(c.Months, ", ") + " as Cost Explorer told them at " + c.Since + " (--fresh asks again)")
		default:
			say(fmt.Sprintf("costs of %s by Cost Explorer", strings.Join(c.Months, ", ")))
		}
		if c.Calls > 0 {
			say(fmt.Sprintf("  it was asked %s, which costs %.2f USD", term.Count(c.Calls, "time", "times"), c.Dollars))
		}
		for _, n := range c.Notes {
			say("  " + n)
		}
	}
}

// overview is the block that a scan and the demo end with.
func (a *app) overview(w *term.Screen, v *view) error {
	as, err := v.Desk.Assess(v.Snap)
	if err != nil {
		return err
	}
	return sheet.Overview(w, a.page(v, as))
}

func writesBytes(b []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	}
}
