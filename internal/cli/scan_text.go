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
	fmt.Fprintln(w)
	if len(s.Gaps) > 0 {
		fmt.Fprintf(w, "%s not seen: %s\n", w.Yellow("?"), term.Count(len(s.Gaps), "call gave no answer", "calls gave no answer"))
		inventory.WriteGaps(w, s.Gaps)
		fmt.Fprintln(w)
	}
	return nil
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
